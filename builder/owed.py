"""What a change of a published site owes its readers: an entry of history, the page as it stood, an address that stays.

A page is compared with what it printed before, word for word: its numbers, its verdict, what the verdict rests on. Each
due is one diagnostic, with the draft that would pay it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from builder.archive import freeze, scrub
from builder.changes import UNKNOWN, Difference, NumberMoved, RowMoved, VerdictMoved
from builder.charts import Planned
from builder.diagnostics import Diagnostic, problem
from builder.diff import claims_of, find_unread, label_of, tell_figure
from builder.lineage import Node
from builder.model import RECORDS, Change, Claim, Location, Site, StandingPage, Use
from builder.study import Study

Owner = Claim | StandingPage
ADDRESSED = (*RECORDS, "sources", "entities")
"""Tables whose rows have an address."""
_FREE = ("body", "right", "then", "later")
"""Roles whose text may be written anew as long as no number in it moves."""
_BOUND = ("figure", "total")


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that is owed."""

    found: Diagnostic
    path: str = ""
    """Of the file that an entry would be drafted in."""
    entry: Mapping[str, str] = field(default_factory=dict)
    """Fields of the drafted entry but its date and its reason, as YAML; empty where none can be drafted."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Files to be written as they are."""
    keep: Callable[[str], Mapping[str, bytes]] | None = None
    """The page as it stood, to be kept under the day of the drafted entry."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A number on a page that is not what it was."""

    id: str
    """Of its figure, total or row; empty for an exempt one."""
    label: str
    before: str
    after: str
    moved: bool
    """True when the number itself moved, so that an entry must give both."""


@dataclass(frozen=True, slots=True, eq=False)
class _Sides:
    """What is compared."""

    before: Study
    after: Study
    found: Difference
    old: Site | None
    new: Site | None
    said: tuple[Mapping[Node, tuple[Use, ...]], Mapping[Node, tuple[Use, ...]]]
    """The uses of each side, by owner."""
    numbers: Mapping[tuple[str, str], NumberMoved]
    """The numbers that moved, by scheme and id."""
    loose: frozenset[tuple[str, str]]
    """Table and id of the rows that moved and explain none of them."""

    def studies(self) -> tuple[Study, Study]:
        return self.before, self.after


def check_owed(
    before: Study, after: Study, found: Difference, old: Site | None = None, new: Site | None = None
) -> tuple[Due, ...]:
    """What a published site may not do without; `old` and `new` are the files of the two sides, where they build."""
    numbers = {(number.scheme, number.id): number for number in found.numbers}
    counted = {cause for number in found.numbers for cause in number.causes}
    loose = frozenset((row.table, row.id) for row in found.rows if row.kind != "added" and row not in counted)
    sides = _Sides(before, after, found, old, new, (_by_owner(before), _by_owner(after)), numbers, loose)
    out: list[Due] = []
    for owner, was, now in _published(before, after):
        out += _owed_entries(was, now)
        out += _owed_numbers(sides, owner, was, now)
    for verdict in found.verdicts:
        out += _owed_verdict(sides, verdict)
    out += _owed_claims(before, after)
    out += _owed_addresses(sides)
    out += _owed_copies(sides)
    unique = {(due.found, due.path): due for due in out}
    return tuple(sorted(unique.values(), key=lambda due: due.found))


def _by_owner(known: Study) -> dict[Node, tuple[Use, ...]]:
    found: dict[Node, list[Use]] = {}
    for use in known.uses:
        found.setdefault((use.kind, use.name), []).append(use)
    return {owner: tuple(uses) for owner, uses in found.items()}


def _published(before: Study, after: Study) -> Iterator[tuple[Node, Owner, Owner]]:
    """Claims and pages that readers could see before and can see now, in the language that holds their history."""
    old, new = claims_of(before), claims_of(after)
    for slug in old.keys() & new.keys():
        if old[slug].front.public and new[slug].front.public:
            yield ("claim", slug), old[slug], new[slug]
    pages, now = before.content.pages.get(before.first, {}), after.content.pages.get(after.first, {})
    for slug in pages.keys() & now.keys():
        yield ("page", slug), pages[slug], now[slug]


def _line_of(known: Study, path: str, start: str) -> Location:
    lines = known.sources.get(path, b"").decode("utf-8", "replace").split("\n")
    return Location(path, next((at for at, line in enumerate(lines, 1) if line.startswith(start)), 1))


# --- entries -----------------------------------------------------------------------------------------


def _new_entries(was: Owner, now: Owner) -> tuple[Change, ...]:
    return tuple(change for change in now.front.history if change not in was.front.history)


def _ranks(history: Iterable[Change]) -> dict[Change, int]:
    """Each entry's place among those of its day and kind: readers' links hang on it."""
    count: dict[tuple[str, str], int] = {}
    ranks = {}
    for change in history:
        ranks[change] = count[change.date, change.kind] = count.get((change.date, change.kind), 0) + 1
    return ranks


def _owed_entries(was: Owner, now: Owner) -> Iterator[Due]:
    """Entries are never edited, taken away or moved: a wrong one is corrected by a new one."""
    old, new = _ranks(was.front.history), _ranks(now.front.history)
    for change, rank in old.items():
        if new.get(change) != rank:
            told = problem("H004", Location(now.path), date=change.date, kind=change.kind, before=change.before)
            yield Due(told)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _tells(change: Change, printed: Printed, was: Owner) -> bool:
    """True when an entry says that the number moved: by its id, with both numbers, and not as if of long ago."""
    latest = max((entry.date for entry in was.front.history), default="")
    if change.date < max(latest, was.front.published) or change.kind not in ("correction", "data", "verdict"):
        return False
    if not printed.id:
        return True
    told = ((printed.before, change.before), (printed.after, change.now)) if printed.moved else ()
    both = all(not number or number == UNKNOWN or _plain(number) in _plain(words) for number, words in told)
    return printed.id in change.figures and both


# --- numbers -----------------------------------------------------------------------------------------


def _owed_numbers(sides: _Sides, owner: Node, was: Owner, now: Owner) -> Iterator[Due]:
    entries = _new_entries(was, now)
    owed = [one for one in _printed(sides, owner) if not any(_tells(change, one, was) for change in entries)]
    if not owed:
        return
    told = [f"{one.id or 'exempt'} ({one.before or 'nothing'} → {one.after or 'nothing'})" for one in owed]
    found = problem("H001", _line_of(sides.after, now.path, "history:"), numbers=", ".join(told))
    entry = {
        "kind": "data",
        "figures": f"[{', '.join(dict.fromkeys(one.id for one in owed if one.id))}]",
        "before": _quoted("; ".join(f"{one.label}: {one.before or 'nothing'}" for one in owed)),
        "now": _quoted("; ".join(f"{one.label}: {one.after or 'nothing'}" for one in owed)),
    }
    yield Due(found, now.path, entry)


def _printed(sides: _Sides, owner: Node) -> tuple[Printed, ...]:
    """Every number that the page prints otherwise than before, each once."""
    found: dict[str, Printed] = {}
    for one in (*_moved_numbers(sides, owner), *_exchanged(sides, owner), *_drawn(sides, owner)):
        found.setdefault(one.id or f"{one.before} → {one.after}", one)
    return tuple(found.values())


def _words(sides: _Sides, owner: Node, side: int) -> dict[str, set[str]]:
    """How a page prints each figure and total: in its author's words, and in the builder's as a key figure."""
    known = sides.studies()[side]
    words: dict[str, set[str]] = {}
    for use in sides.said[side].get(owner, ()):
        if use.scheme in _BOUND and use.text:
            words.setdefault(use.target, set()).add(_plain(use.text))
        elif use.role.startswith("key_figures."):
            words.setdefault(use.target, set()).add(_plain(tell_figure(known, known.figures.get(use.target))))
    return words


def _moved_numbers(sides: _Sides, owner: Node) -> Iterator[Printed]:
    """Numbers that moved and are printed otherwise, or are false now."""
    old, new = _words(sides, owner, 0), _words(sides, owner, 1)
    spoken = [one for one in sides.found.sentences if one.owner == ":".join(owner) and one.state == "false"]
    false = {lean for one in spoken for lean in one.leans_on}
    for number in sides.found.numbers:
        if number.id in old and (old[number.id] != new.get(number.id) or f"{number.scheme}:{number.id}" in false):
            yield Printed(number.id, number.label, number.before, number.after, True)


def _exchanged(sides: _Sides, owner: Node) -> Iterator[Printed]:
    """One number put in the place of another, in a text whose every number counts; an exempt number, anywhere."""
    old, new = (_by_role(uses.get(owner, ())) for uses in sides.said)
    for role in old.keys() & new.keys():
        free = role.partition(":")[2] in _FREE
        lost, gained = old[role] - new[role], new[role] - old[role]
        if not lost or not gained:
            continue
        for target in dict.fromkeys(target for target, _ in (*lost, *gained)):
            if free and target:
                continue
            was, now = (", ".join(text for name, text in counter if name == target) for counter in (lost, gained))
            label = label_of(sides.after, sides.before, target) if target else "An exempt number"
            yield Printed(target, label, was, now, False)


def _by_role(uses: Iterable[Use]) -> dict[str, Counter[tuple[str, str]]]:
    """By language and role: the figure or total of each printed number, and its words."""
    found: dict[str, Counter[tuple[str, str]]] = {}
    for use in uses:
        if use.scheme in (*_BOUND, "exempt") and use.text:
            target = use.target if use.scheme in _BOUND else ""
            found.setdefault(f"{use.language}:{use.role}", Counter())[target, _plain(use.text)] += 1
    return found


def _drawn(sides: _Sides, owner: Node) -> Iterator[Printed]:
    """What moved in a chart that stands on the page before and after: figures, and rows drawn as they are."""
    charts = [{use.target for use in uses.get(owner, ()) if use.scheme == "chart"} for uses in sides.said]
    for chart in sorted(charts[0] & charts[1]):
        old, new = (_plan_of(known, chart) for known in sides.studies())
        if old is None or (new is not None and old.plot.rows == new.plot.rows):
            continue
        for name in old.plot.figures:
            if number := sides.numbers.get(("figure", name)):
                yield Printed(name, number.label, number.before, number.after, True)
        for table, row in old.plot.records:
            number = sides.numbers.get(("total", row))
            if number and table == "totals":
                yield Printed(row, number.label, number.before, number.after, True)
            elif (table, row) in sides.loose and table != "totals":
                yield Printed(row, f"A row of the chart {chart}", "as it was", "as it is", False)


def _plan_of(known: Study, chart: str) -> Planned | None:
    return next((plan for plan in known.plans.get(known.first, ()) if plan.job.chart == chart), None)


# --- verdicts ----------------------------------------------------------------------------------------


def _owed_verdict(sides: _Sides, verdict: VerdictMoved) -> Iterator[Due]:
    """A verdict that changed, or rests on something else, is told; the old page is kept."""
    was, now = (claims_of(known).get(verdict.slug) for known in sides.studies())
    if was is None or now is None or not (was.front.public and now.front.public):
        return
    place = _line_of(sides.after, now.path, "rating:")
    entries = _new_entries(was, now)
    told = [change for change in entries if change.kind == "verdict"]
    if verdict.before != verdict.after and not told:
        entry = {"kind": "verdict", "before": _quoted(verdict.before), "now": _quoted(verdict.after)}
        found = problem("H002", place, before=verdict.before, after=verdict.after)
        judged = was.front.rating != now.front.rating
        yield Due(found, now.path, entry, {}, partial(_copies_of, sides, verdict.slug) if judged else None)
    grounds = [ground for ground in verdict.grounds if ground.told]
    if grounds and not entries:
        what = ", ".join(dict.fromkeys(ground.what for ground in grounds))
        entry = {
            "kind": "correction",
            "before": _quoted("; ".join(f"{ground.what}: {ground.before or 'nothing'}" for ground in grounds)),
            "now": _quoted("; ".join(f"{ground.what}: {ground.after or 'nothing'}" for ground in grounds)),
        }
        yield Due(problem("H008", place, what=what), now.path, entry)
    if was.front.rating != now.front.rating and told and told[-1].date:
        yield from _owed_copy(sides, verdict.slug, told[-1].date, place)


def _owed_copy(sides: _Sides, slug: str, day: str, place: Location) -> Iterator[Due]:
    """The page as it stood, where it is not kept."""
    if f"content/archive/{sides.after.first}/claims/{slug}/{day}.html" not in sides.after.sources:
        yield Due(problem("H003", place, day=day), files=_copies_of(sides, slug, day))


def _copies_of(sides: _Sides, slug: str, day: str) -> dict[str, bytes]:
    """BASE's page of a claim, in each language, as inputs of HEAD and without what was removed since."""
    old = sides.old or {}
    pages = [f"{code}/claims/{slug}/index.html" for code in sides.before.content.languages]
    copies = [freeze(old, page, day) for page in pages if page in old]
    return {path: _scrub(sides, path, raw) for copy in copies for path, raw in copy.items()}


def _owed_claims(before: Study, after: Study) -> Iterator[Due]:
    """A claim that was published never vanishes, in any language."""
    unread = find_unread(after)
    for code, claims in before.content.claims.items():
        for slug, was in claims.items():
            now = after.content.claims.get(code, {}).get(slug)
            seen = now is not None and now.front.public
            if was.front.public and not seen and was.path not in unread:
                yield Due(problem("H005", _line_of(after, was.path, "status:"), slug=slug))


# --- addresses and frozen copies ---------------------------------------------------------------------


def _owed_addresses(sides: _Sides) -> Iterator[Due]:
    """Addresses are for ever. Where one side does not build, only the rows can be looked at."""
    if sides.old is not None and sides.new is not None:
        hidden = tuple(f"/claims/{slug}/" for slug in claims_of(sides.before))  # of which the claim itself is told
        for page in sides.old:
            if page.endswith(".html") and page not in sides.new and not any(part in page for part in hidden):
                yield Due(problem("H006", Location(page), page=page))
        return
    dataset = sides.after.dataset
    for row in sides.found.rows:
        if row.kind != "removed" or row.table not in ADDRESSED or dataset is None or dataset.row("removals", row.id):
            continue
        if row.table not in RECORDS or not any(dataset.row(table, row.id) for table in RECORDS):
            yield Due(problem("H006", Location(f"data/{row.table}.csv"), page=f"The row {row.id} of {row.table}"))


def _owed_copies(sides: _Sides) -> Iterator[Due]:
    """A frozen copy is the page as it stood, and stays so, but for names that were removed."""
    ours = "content/archive/"
    for path, raw in sides.before.sources.items():
        if not path.startswith(ours):
            continue
        now, wanted = sides.after.sources.get(path), _scrub(sides, path, raw)
        if now == wanted:
            continue
        if now == raw:
            yield Due(problem("H007", Location(path), path=path), files={path: wanted})
        else:
            why = "is gone" if now is None else "is not what was published"
            yield Due(problem("H009", Location(path), path=path, why=why), files={path: wanted})
    for path, raw in sides.after.sources.items():
        if path.startswith(ours) and path.endswith(".html") and path not in sides.before.sources:
            yield from _check_new_copy(sides, path, raw)


def _check_new_copy(sides: _Sides, path: str, raw: bytes) -> Iterator[Due]:
    """A copy that comes with the change is held to BASE's page."""
    _, _, _, _, slug, name = path.split("/") if path.count("/") == 5 else [""] * 6
    if sides.old is None or not slug:
        return
    made = _copies_of(sides, slug, name.removesuffix(".html"))
    if path in made and raw != made[path]:
        why = "is not the page as it stood"
        yield Due(problem("H009", Location(path), path=path, why=why), files={path: made[path]})


def _scrub(sides: _Sides, path: str, raw: bytes) -> bytes:
    """A frozen page without the names of what was removed by this change."""
    names = [name for row in sides.found.rows if row.kind == "removed" for name in _names_of(sides, row)]
    if not names or not path.endswith(".html"):
        return raw
    language = sides.after.content.languages.get(path.split("/")[2])
    return scrub(raw, names, language.words.get("removed.words", "") if language else "")


_NAMES = {
    "entities": ("name", "name_original"),
    "statements": ("speaker", "speaker_original"),
    "sources": ("author",),
}
"""Columns that name a person or a company, by table."""


def _names_of(sides: _Sides, row: RowMoved) -> Iterator[str]:
    """What was named by a row that was removed for good, and is named by no other."""
    before, after = sides.before.dataset, sides.after.dataset
    was = before.row(row.table, row.id) if before else None
    if was is None or after is None or not after.row("removals", row.id):
        return
    for column in _NAMES.get(row.table, ()):
        name = was.cells.get(column, "")
        others = after.tables[row.table].rows.values() if row.table in after.tables else ()
        if name and not any(other.cells.get(column) == name for other in others):
            yield name


# --- drafts ------------------------------------------------------------------------------------------


def draft_history(dues: Iterable[Due], after: Study, day: str = "") -> tuple[dict[str, bytes], tuple[Due, ...]]:
    """The files of HEAD with what is owed, as far as it can be drafted: entries without their reasons, frozen copies.

    `day` is the date of the entries; without one it is left to the person, like the reason. Also the dues for which
    nothing can be drafted.
    """
    drafted: dict[str, bytes] = {}
    left = []
    for due in dues:
        drafted |= due.files
        raw = drafted.get(due.path, after.sources.get(due.path, b""))
        made = insert_entry(raw, due.entry, day) if due.entry else None
        if made:
            drafted[due.path] = made
            drafted |= due.keep(day) if due.keep and day else {}
        elif not due.files:
            left.append(due)
    return drafted, tuple(left)


def _quoted(text: str) -> str:
    """As a double-quoted scalar of YAML, which JSON's strings are."""
    return json.dumps(text, ensure_ascii=False)


def insert_entry(raw: bytes, entry: Mapping[str, str], day: str) -> bytes | None:
    """The file with the entry put last into its history; None where that is not a plain list of YAML.

    Last, because an entry's place among those of its day and kind is part of its address.
    """
    end = "\r\n" if b"\r\n" in raw else "\n"
    lines = raw.decode("utf-8").split(end)
    close = next((at for at, line in enumerate(lines) if at and line.rstrip() == "---"), None)
    if close is None:
        return None
    at = next((at for at, line in enumerate(lines[:close]) if line.startswith("history:")), None)
    if at is None:
        at = close
        lines.insert(at, "history:")
        close += 1
    elif not re.fullmatch(r"history:\s*(\[\s*\])?\s*(#.*)?", lines[at]):
        return None
    lines[at] = re.sub(r"\[\s*\]\s*", "", lines[at]).rstrip()
    last = next((i for i in range(at + 1, close) if re.match(r"[^\s#-]", lines[i])), close)
    first = next((match[1] for line in lines[at + 1 : last] if (match := re.match(r"( *)- ", line))), "  ")
    fields = {"date": day, **entry, "why": ""}
    written = [f"{first}{'  ' if i else '- '}{key}: {value}".rstrip() for i, (key, value) in enumerate(fields.items())]
    lines[last:last] = written
    return end.join(lines).encode()
