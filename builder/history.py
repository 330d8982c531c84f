"""What changed on the pages, entry by entry: each page's own, those that name a figure, and the log of all. Only what is public."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from builder.memo import remembered
from builder.model import RECORDS, Change, Passage
from builder.shelf import Mention, Shelf, mention_claim, mention_figure, mention_row, mention_user


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a page's history, ready to be shown: its words are frozen, without any link."""

    change: Change
    page: Mention
    """The claim or standing page whose history it is."""
    anchor: str
    """Its id wherever it is shown, for ever: feeds point at it."""
    language: str
    """Of its words: they are frozen in the language in which they were written."""
    before: str
    now: str
    why: str
    moved: tuple[Mention, ...]
    """The figures, totals and records whose number moved."""


@remembered(most=8)
def entries_of(shelf: Shelf) -> tuple[Entry, ...]:
    """Every entry of every public claim and standing page, newest first; of one day, what stands lower in its file."""
    found = [entry for claim in shelf.claims.values() for entry in _entries_of_claim(shelf, claim.slug)]
    found += [entry for slug in shelf.standing for entry in _entries_of_page(shelf, slug)]
    numbered = sorted(enumerate(found), key=lambda pair: (pair[1].change.date, pair[0]), reverse=True)
    return tuple(entry for _, entry in numbered)


def entries_by(entries: Iterable[Entry], page: Mention | None) -> tuple[Entry, ...]:
    """The entries of one page."""
    return tuple(entry for entry in entries if entry.page == page)


def entries_on(entries: Iterable[Entry], name: str) -> tuple[Entry, ...]:
    """The entries that name a figure, total or record."""
    return tuple(entry for entry in entries if name in entry.change.figures)


def _entries_of_claim(shelf: Shelf, slug: str) -> Iterator[Entry]:
    claim = shelf.claims[slug]
    return _make(shelf, mention_claim(claim), f"claim-{slug}", claim.front.history, claim.passages)


def _entries_of_page(shelf: Shelf, slug: str) -> Iterator[Entry]:
    page, mention = shelf.standing[slug], mention_user(shelf, ("page", slug))
    if mention:
        yield from _make(shelf, mention, f"page-{slug}", page.front.history, page.passages)


def _make(
    shelf: Shelf, page: Mention, name: str, history: Iterable[Change], passages: Mapping[str, Passage]
) -> Iterator[Entry]:
    counts: dict[str, int] = {}
    for i, change in enumerate(history):
        stem = f"{name}-{change.date}-{change.kind}"
        counts[stem] = counts.get(stem, 0) + 1
        before, now, why = (passages[f"history.{i}.{key}"].plain for key in ("before", "now", "why"))
        language = passages[f"history.{i}.why"].language
        yield Entry(change, page, f"{stem}-{counts[stem]}", language, before, now, why, tuple(_moved(shelf, change)))


def _moved(shelf: Shelf, change: Change) -> Iterator[Mention]:
    for name in change.figures:
        if name in shelf.figures:
            yield mention_figure(shelf, name)
        else:
            yield from (mention_row(shelf, table, name) for table in RECORDS if shelf.dataset.row(table, name))
