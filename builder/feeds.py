"""What other programs follow: the feeds of checks, corrections and data, and what a search engine may look at.

Every date is earned from the content or the dataset; nothing here moves by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from builder.history import Entry
from builder.model import Claim, Page
from builder.shelf import Mention, Shelf, data_date

KINDS = {"corrections": ("correction", "verdict"), "data": ("data",)}
"""The feeds made of history entries, and the kinds of entries in each."""


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a feed."""

    scheme: str
    """With `id`, the page that it leads to."""
    id: str
    fragment: str
    title: str
    summary: str
    published: str
    """ISO date, or empty."""
    updated: str
    """ISO date."""
    term: str
    """What kind of entry it is: a rating, `withdrawn`, or `correction`, `verdict`, `data`."""
    label: str
    """The word for it."""
    language: str
    """Of its title."""


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed of one language."""

    name: str
    about: Mention
    """The page that tells readers the same."""
    updated: str
    """ISO date: that of the newest entry, or of the dataset while there is none."""
    entries: tuple[Item, ...]


def feeds_of(shelf: Shelf, entries: Iterable[Entry]) -> Iterator[Feed]:
    """The feeds of a language; none while the site has no address, or nothing to date an empty one by."""
    if not shelf.theme.url:
        return
    log = tuple(entries)
    items = {"checks": tuple(_checks(shelf))}
    items |= {
        name: tuple(_changed(shelf, entry) for entry in log if entry.change.kind in kinds)
        for name, kinds in KINDS.items()
    }
    for name, found in items.items():
        page = "claims" if name == "checks" else "corrections"
        updated = max((item.updated for item in found), default=_day(data_date(shelf)))
        if updated:
            yield Feed(name, Mention("page", page, shelf.word(f"title.{page}")), updated, found)


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _checks(shelf: Shelf) -> Iterator[Item]:
    """The public claims, those whose meaning moved last first; a withdrawn one that never had a date stays out."""
    dated = [claim for claim in shelf.claims.values() if claim.front.changed]
    for claim in sorted(dated, key=lambda claim: (claim.front.changed, claim.slug), reverse=True):
        yield _check(shelf, claim)


def _check(shelf: Shelf, claim: Claim) -> Item:
    front = claim.front
    withdrawn = front.status == "withdrawn"
    rating, _ = shelf.tongue.choose(shelf.theme.ratings[front.rating].words)
    label, summary = (shelf.word("card.withdrawn") if withdrawn else rating), claim.passages["summary"].plain
    return Item(
        scheme="claim",
        id=claim.slug,
        fragment="",
        title=claim.passages["title"].plain,
        summary=shelf.word("withdrawn") if withdrawn else shelf.word("feed.check", rating=rating, summary=summary),
        published=front.published,
        updated=front.changed,
        term=front.status if withdrawn else front.rating,
        label=label,
        language=claim.language,
    )


def _changed(shelf: Shelf, entry: Entry) -> Item:
    kind = shelf.word(f"change.{entry.change.kind}")
    return Item(
        scheme="page",
        id="corrections",
        fragment=entry.anchor,
        title=shelf.word("feed.entry", kind=kind, page=entry.page.text),
        summary=shelf.word("feed.change", before=entry.before, now=entry.now, why=entry.why),
        published=entry.change.date,
        updated=entry.change.date,
        term=entry.change.kind,
        label=kind,
        language=entry.page.language,
    )


@dataclass(frozen=True, slots=True)
class Indexed:
    """A page that search engines may show."""

    address: str
    modified: str
    """ISO date: the day on which its meaning last moved; empty where none is earned."""
    alternates: tuple[tuple[str, str], ...]
    """Language and address of the same page in every language that has it, this one included; empty where only one has."""


def indexable(pages: Iterable[Page]) -> tuple[Indexed, ...]:
    """Every page that search engines may show, by its address."""
    kept = [page for page in pages if page.path.endswith(".html") and not page.values["noindex"]]
    likes: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for page in kept:
        likes.setdefault(page.values["about"], []).append((page.language, page.address))
    return tuple(
        Indexed(page.address, page.values["modified"], tuple(found) if len(found) > 1 else ())
        for page in sorted(kept, key=lambda page: page.address)
        for found in (likes[page.values["about"]],)
    )
