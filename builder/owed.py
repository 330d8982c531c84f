"""What a change of a published site owes its readers: an entry of history, the page as it stood, an address that stays."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from builder.archive import freeze, scrub
from builder.diagnostics import Diagnostic, problem
from builder.diff import UNKNOWN, Difference, NumberMoved, RowMoved, claims_of, tell_figure
from builder.lineage import RECORDS, Node
from builder.model import Change, Claim, Location, Site, StandingPage
from builder.study import Study

Owner = Claim | StandingPage
ADDRESSED = (*RECORDS, "sources", "entities")
"""Tables whose rows have an address."""
_SHOWN = ("figure", "total")


def check_owed(before: Study, after: Study, found: Difference) -> tuple[Diagnostic, ...]:
    """What a published site may not do without: history, frozen copies, addresses that stay."""
    out: list[Diagnostic] = []
    for owner, was, now in _published(before, after):
        out += _check_entries(was, now)
        if numbers := unnamed(owner, was, now, before, after, found):
            out.append(_number_problem(numbers, now.path, after))
    out += _check_verdicts(before, after)
    out += _check_addresses(after, found.rows)
    out += [problem("H007", Location(path), path=path) for path in _scrubbed(before, after, found.rows)]
    return tuple(sorted(set(out)))


def unnamed(
    owner: Node, was: Owner, now: Owner, before: Study, after: Study, found: Difference
) -> tuple[NumberMoved, ...]:
    """The numbers that moved on a page and that no new entry of its history names."""
    named = {figure for change in _new_entries(was, now) for figure in change.figures}
    return tuple(number for number in _published_numbers(owner, before, after, found) if number.id not in named)


def _number_problem(numbers: tuple[NumberMoved, ...], path: str, after: Study) -> Diagnostic:
    place = Location(path, _line_of(after, path, "history:"))
    told = [f"{number.id} ({number.before or UNKNOWN} → {number.after or UNKNOWN})" for number in numbers]
    return problem("H001", place, numbers=", ".join(told), them="it" if len(numbers) == 1 else "them")


def _published(before: Study, after: Study) -> Iterator[tuple[Node, Owner, Owner]]:
    """Claims and pages that readers could see before and can see now."""
    old, new = claims_of(before), claims_of(after)
    for slug in old.keys() & new.keys():
        if old[slug].front.public and new[slug].front.public:
            yield ("claim", slug), old[slug], new[slug]
    pages, now = before.content.pages.get(before.first, {}), after.content.pages.get(after.first, {})
    for slug in pages.keys() & now.keys():
        yield ("page", slug), pages[slug], now[slug]


def _new_entries(was: Owner, now: Owner) -> tuple[Change, ...]:
    return tuple(change for change in now.front.history if change not in was.front.history)


def _check_entries(was: Owner, now: Owner) -> Iterator[Diagnostic]:
    """Entries are never edited or taken away: a wrong one is corrected by a new one."""
    for change in was.front.history:
        if change not in now.front.history:
            yield problem("H004", Location(now.path, 1), date=change.date, kind=change.kind, before=change.before)


def _published_numbers(owner: Node, before: Study, after: Study, found: Difference) -> Iterator[NumberMoved]:
    """The moved numbers whose printed words on a page are not what they were, or are false now."""
    moved = {(number.scheme, number.id): number for number in found.numbers}
    spoken = [one for one in found.sentences if one.owner == ":".join(owner) and one.state == "false"]
    false = {lean for one in spoken for lean in one.leans_on}
    for number in dict.fromkeys(_numbers_on(before, owner, moved)):
        shown = [_words_on(study, owner, number) for study in (before, after)]
        if shown[0] != shown[1] or f"{number.scheme}:{number.id}" in false:
            yield number


def _numbers_on(known: Study, owner: Node, moved: Mapping[tuple[str, str], NumberMoved]) -> Iterator[NumberMoved]:
    for tie in known.lineage.below.get(owner, ()):
        scheme = "total" if tie.how == "total" else tie.used[0]
        if (scheme, tie.used[1]) in moved:
            yield moved[scheme, tie.used[1]]
        if tie.used[0] == "chart":
            drawn = known.lineage.below.get(tie.used, ())
            yield from (moved[each.used] for each in drawn if each.used in moved)


def _words_on(known: Study, owner: Node, number: NumberMoved) -> set[str]:
    """How a page prints a number: the author's words, and the builder's where it stands as a key figure or in a chart."""
    words = set()
    for tie in known.lineage.below.get(owner, ()):
        if tie.used[1] == number.id and tie.how in _SHOWN and tie.use and tie.use.sentence:
            words.add(tie.use.text)
        elif tie.used == ("figure", number.id) or tie.used[0] == "chart":
            words.add(tell_figure(known, known.figures.get(number.id)))
    return words


def _line_of(known: Study, path: str, start: str) -> int:
    lines = known.sources.get(path, b"").decode("utf-8", "replace").split("\n")
    return next((at for at, line in enumerate(lines, 1) if line.startswith(start)), 1)


def _check_verdicts(before: Study, after: Study) -> Iterator[Diagnostic]:
    """A verdict that changed is told, and its old page kept; a claim that was published never vanishes."""
    new = claims_of(after)
    for slug, was in claims_of(before).items():
        now = new.get(slug)
        if not was.front.public:
            continue
        if now is None or not now.front.public:
            path = was.path if now is None else now.path
            yield problem("H005", Location(path, _line_of(after, path, "status:")), slug=slug)
            continue
        if was.front.rating != now.front.rating:
            line = _line_of(after, now.path, "rating:")
            entries = [change for change in _new_entries(was, now) if change.kind == "verdict"]
            if not entries:
                yield problem("H002", Location(now.path, line), before=was.front.rating, after=now.front.rating)
            elif not _frozen(after, slug, entries[-1].date):
                yield problem("H003", Location(now.path, line), day=entries[-1].date)


def _frozen(known: Study, slug: str, day: str) -> bool:
    return f"content/archive/{known.first}/claims/{slug}/{day}.html" in known.sources


def _check_addresses(after: Study, rows: Iterable[RowMoved]) -> Iterator[Diagnostic]:
    """Addresses are for ever: what is gone without a line in `removals.csv` would leave a dead one."""
    removals = after.dataset.tables.get("removals") if after.dataset else None
    for row in rows:
        if row.kind == "removed" and row.table in ADDRESSED and (removals is None or row.id not in removals.rows):
            yield problem("H006", Location(f"data/{row.table}.csv"), id=row.id, table=row.table)


# --- drafts ------------------------------------------------------------------------------------------


def draft_history(
    before: Study, after: Study, found: Difference, day: str = "", old: Site | None = None
) -> dict[str, bytes]:
    """What HEAD owes, as files: a draft of each entry, without its reason, which only a person knows; frozen copies.

    `day` is the date of the entries; without one that is left to the person too, and a page whose verdict changed is kept
    once the entry has its date. `old` are BASE's files. A history that is no plain list is left alone.
    """
    drafted = _scrubbed(before, after, found.rows)
    for owner, was, now in _published(before, after):
        entries = list(_drafts(owner, was, now, before, after, found))
        raw = after.sources[now.path]
        for entry in entries:
            raw = insert_entry(raw, entry, day) or raw
        if raw != after.sources[now.path]:
            drafted[now.path] = raw
        if isinstance(was, Claim) and isinstance(now, Claim) and was.front.rating != now.front.rating:
            told = [change.date for change in _new_entries(was, now) if change.kind == "verdict"]
            drafted |= _frozen_copies(owner[1], (told or [day])[-1], before, old or {})
    return drafted


def _frozen_copies(slug: str, day: str, before: Study, old: Site) -> dict[str, bytes]:
    """BASE's page of a claim, in each language, as inputs of HEAD."""
    pages = [f"{code}/claims/{slug}/index.html" for code in before.content.languages]
    copies = [freeze(old, page, day) for page in pages if day and page in old]
    return {path: raw for copy in copies for path, raw in copy.items()}


def _scrubbed(before: Study, after: Study, rows: Iterable[RowMoved]) -> dict[str, bytes]:
    """The frozen copies that still name what was removed, without its names."""
    names = [name for row in rows if row.kind == "removed" for name in _names_of(before, after, row)]
    out = {}
    for page in after.content.frozen if names else ():
        tombstone = after.content.languages[page.language].words.get("removed.words", "")
        if (raw := scrub(page.raw, names, tombstone)) != page.raw:
            out[page.path] = raw
    return out


def _names_of(before: Study, after: Study, row: RowMoved) -> Iterator[str]:
    """What a company or body was called, where its row was removed for good."""
    if row.table != "entities" or not after.dataset or not after.dataset.row("removals", row.id):
        return
    was = before.dataset.row("entities", row.id) if before.dataset else None
    yield from (was.cells[column] for column in ("name", "name_original") if was and was.cells[column])


def _drafts(
    owner: Node, was: Owner, now: Owner, before: Study, after: Study, found: Difference
) -> Iterator[dict[str, str]]:
    if numbers := unnamed(owner, was, now, before, after, found):
        yield {
            "kind": "data",
            "figures": f"[{', '.join(number.id for number in numbers)}]",
            "before": _quoted("; ".join(f"{number.label}: {number.before or UNKNOWN}" for number in numbers)),
            "now": _quoted("; ".join(f"{number.label}: {number.after or UNKNOWN}" for number in numbers)),
        }
    judged = any(change.kind == "verdict" for change in _new_entries(was, now))
    if isinstance(was, Claim) and isinstance(now, Claim) and was.front.rating != now.front.rating and not judged:
        told = [_quoted(_rating_word(study, claim)) for study, claim in ((before, was), (after, now))]
        yield {"kind": "verdict", "before": told[0], "now": told[1]}


def _rating_word(known: Study, claim: Claim) -> str:
    rating = known.theme.ratings.get(claim.front.rating) if known.theme else None
    return rating.words.get(known.first, rating.id) if rating else claim.front.rating


def _quoted(text: str) -> str:
    """As a double-quoted scalar of YAML, which JSON's strings are."""
    return json.dumps(text, ensure_ascii=False)


def insert_entry(raw: bytes, entry: Mapping[str, str], day: str) -> bytes | None:
    """The file with the entry put first into its history; None where that is not a plain list of YAML."""
    end = "\r\n" if b"\r\n" in raw else "\n"
    lines = raw.decode("utf-8").split(end)
    close = next((at for at, line in enumerate(lines) if at and line.rstrip() == "---"), None)
    if close is None:
        return None
    at = next((at for at, line in enumerate(lines[:close]) if line.startswith("history:")), None)
    indent = "  "
    if at is None:
        at = close
        lines.insert(at, "history:")
    elif re.fullmatch(r"history:\s*(\[\s*\])?\s*", lines[at]):
        lines[at] = "history:"
        following = re.match(r"( *)- ", lines[at + 1])
        indent = following[1] if following else indent
    else:
        return None
    fields = {"date": day, **entry, "why": ""}
    written = [f"{indent}{'  ' if i else '- '}{key}: {value}".rstrip() for i, (key, value) in enumerate(fields.items())]
    lines[at + 1 : at + 1] = written
    return end.join(lines).encode()
