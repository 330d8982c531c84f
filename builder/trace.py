"""What one thing stands on, and what leans on it, told for a terminal or a program."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from builder.diagnostics import nearest
from builder.lineage import WORDS, Node, Tie
from builder.model import RECORDS, Location
from builder.numerals import format_told
from builder.study import Study

KINDS = ("claim", "figure", "record", "source", "chart", "page", "company")
_VERDICTS = ("premise", "judgement")


class UnknownError(Exception):
    """Nothing has that name, or several things have; the message says which and what to write."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a trace."""

    kind: str
    """Of what stands at the other end of the tie; `sentence` or `verdict` where words or a premise lean."""
    id: str
    """Of a sentence or verdict: of its claim, page or chart."""
    how: str
    """As in a tie."""
    to: str
    """`kind:id` of what it is tied to: that leans on it, or is leant on by it."""
    told: str
    """The number, name or sentence."""
    place: str
    """`path:line:column`, or empty."""


@dataclass(frozen=True, slots=True)
class Trace:
    """A thing, what it stands on and what leans on it."""

    kind: str
    id: str
    told: str
    place: str
    stands_on: tuple[Step, ...]
    leaning: tuple[Step, ...]


def trace(known: Study, name: str) -> Trace:
    """The trace of `figure:labelled_drones`, or of `labelled_drones` where only one thing has the name.

    Raises UnknownError.
    """
    node = find_node(known, name)
    ground, leaning = known.lineage.ground(node), known.lineage.leaning(node)
    return Trace(
        *node,
        told=_told(known, node),
        place=_place(known, node),
        stands_on=tuple(dict.fromkeys(step for tie in ground for step in _steps_down(known, tie))),
        leaning=tuple(dict.fromkeys(_step_up(known, tie) for tie in leaning)),
    )


def find_node(known: Study, name: str) -> Node:
    """The node that a person means. Raises UnknownError."""
    kind, colon, bare = name.partition(":")
    nodes = {*known.lineage.nodes, *(("claim", slug) for slug in known.content.claims.get(known.first, {}))}
    if colon and kind in KINDS:
        found = sorted(node for node in nodes if node == (kind, bare))
    else:
        bare, found = name, sorted(node for node in nodes if node[1] == name)
    if len(found) == 1:
        return found[0]
    if found:
        choices = " or ".join(":".join(node) for node in found)
        raise UnknownError(f'Several things are called "{bare}": write {choices}.')
    names = [node[1] for node in nodes if not colon or node[0] == kind]
    hint = nearest(bare, names, f"Give the id of a {', '.join(KINDS[:-1])} or {KINDS[-1]}.")
    raise UnknownError(f'Nothing here is called "{name}". {hint}')


# --- telling a node ------------------------------------------------------------------------------


def _told(known: Study, node: Node) -> str:
    kind, name = node
    if kind == "figure":
        return _figure_told(known, name)
    if kind == "claim":
        claim = known.content.claims.get(known.first, {}).get(name)
        return f"{claim.passages['title'].plain} ({claim.front.rating}, {claim.front.status})" if claim else ""
    if kind == "page":
        page = known.content.pages.get(known.first, {}).get(name)
        return page.passages["title"].plain if page else ""
    if kind == "chart":
        return next((plan.title for plan in known.plans.get(known.first, ()) if plan.job.chart == name), "")
    return _row_told(known, node)


def _figure_told(known: Study, name: str) -> str:
    figure = known.figures.get(name)
    if figure is None:
        return "cannot be computed"
    if figure.told is None:
        return figure.day or "says nothing: its limits are open"
    return format_told(figure.told, known.content.languages[known.first], noun=True)


def _row_told(known: Study, node: Node) -> str:
    assert known.dataset is not None
    for table in _tables_of(node[0]):
        if row := known.dataset.row(table, node[1]):
            cells = row.cells
            words = [cells.get(name, "") for name in ("publisher", "title", "measure", "gist", "what", "name")]
            told = (
                ": ".join(word for word in words if word) or f"{cells.get('record', '')} of {cells.get('category', '')}"
            )
            return told + (
                "" if known.dataset.stands(row) and row.id not in known.dataset.withdrawn else " (withdrawn)"
            )
    return ""


def _tables_of(kind: str) -> Iterable[str]:
    return {"record": RECORDS, "source": ("sources",), "company": ("entities",)}.get(kind, ())


def _place(known: Study, node: Node) -> str:
    kind, name = node
    if kind in ("claim", "page"):
        texts = known.content.claims if kind == "claim" else known.content.pages
        found = texts.get(known.first, {}).get(name)
        return f"{found.path}:1:1" if found else ""
    if known.dataset is None:
        return ""
    if kind == "figure" and name in known.dataset.figures:
        return _shown(known.dataset.figures[name].location)
    for table in _tables_of(kind):
        if known.dataset.row(table, name):
            return _shown(known.dataset.tables[table].place(name))
    return ""


def _shown(place: Location) -> str:
    return f"{place.path}:{place.line}:{place.column}"


# --- telling a tie -------------------------------------------------------------------------------


def _steps_down(known: Study, tie: Tie) -> Iterator[Step]:
    """What is leant on; and the sentence or premise by which a claim leans on it."""
    if tie.use and tie.use.sentence and tie.user[0] in WORDS:
        yield _step_up(known, tie)
    yield Step(*tie.used, tie.how, ":".join(tie.user), _told(known, tie.used), _place(known, tie.used))


def _step_up(known: Study, tie: Tie) -> Step:
    to = ":".join(tie.used)
    if tie.use is None:
        return Step(*tie.user, tie.how, to, _told(known, tie.user), _place(known, tie.user))
    place = _shown(tie.use.location)
    if tie.how in _VERDICTS:
        return Step("verdict", tie.user[1], tie.how, to, _verdict_told(known, tie), place)
    return Step("sentence", tie.user[1], tie.how, to, tie.use.sentence or f"named in {tie.use.role}", place)


def _verdict_told(known: Study, tie: Tie) -> str:
    assert tie.use is not None
    verdict = known.verdicts.get(tie.user[1])
    index = int(tie.use.role.split(".")[1])
    outcome = next((result.outcome for result in verdict.premises if result.index == index), "") if verdict else ""
    return ", ".join(part for part in (verdict.rating if verdict else "", tie.use.sentence, outcome) if part)


# --- formats -------------------------------------------------------------------------------------

_ORDER = ("verdict", "figure", "chart", "sentence", "record", "source", "company", "claim", "page")


def format_text(found: Trace) -> str:
    """For a terminal: the thing, then both ways, by kind."""
    lines = [f"{found.kind}:{found.id}" + (f": {found.told}" if found.told else "")]
    lines += [f"  {found.place}"] if found.place else []
    for title, steps in (("Stands on", found.stands_on), ("What leans on it", found.leaning)):
        lines += ["", f"{title}:" if steps else f"{title}: nothing."]
        for kind in _ORDER:
            lines += _lines_of(kind, steps)
    return "\n".join(lines)


def _lines_of(kind: str, steps: Iterable[Step]) -> list[str]:
    by_id: dict[tuple[str, str, str], list[str]] = {}
    for step in steps:
        if step.kind == kind:
            by_id.setdefault((step.id, step.told, step.place), []).append(f"{step.how} {step.to}")
    lines = []
    for (name, told, place), ties in by_id.items():
        lines.append(f"  {kind:9} {name}" + (f": {told}" if told else ""))
        lines.append(f"            {', '.join(ties)}" + (f"  {place}" if place else ""))
    return lines


def format_json(found: Trace) -> str:
    """The same for a program."""
    return json.dumps(asdict(found), ensure_ascii=False, indent=2)
