"""Computes every declared figure: its interval, and the exact rows that it stands on.

What a selection counts: a row dated inside `between` counts fully; one that only overlaps it, or is undated, counts
from nothing up to its upper end. A row already counted in a selected group adds nothing. Rows of different reporters
may overlap, so their sum needs a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from builder import intervals
from builder.diagnostics import Diagnostic, problem
from builder.memo import remembered
from builder.model import Amount, Dataset, Figure, FigureDefinition, Interval, Row, Selection

_DATES = {"events": ("date", "date_to"), "statements": ("date", "date"), "sources": ("published", "published")}
_ORDERED = ("first", "last")


Frames = dict[str, Any]
"""Each table as a DataFrame, made once."""


@remembered(most=4)
def compute_figures(dataset: Dataset) -> tuple[dict[str, Figure], list[Diagnostic]]:
    """Every figure that can be computed, by id, and what is wrong with the others."""
    figures: dict[str, Figure] = {}
    problems: list[Diagnostic] = []
    waiting = list(dataset.figures.values())
    frames: Frames = {}
    while waiting:
        ready = [d for d in waiting if all(part in figures for part in d.parts)]
        if not ready:
            problems += _unreachable(waiting, dataset)
            break
        for definition in ready:
            figure, found = _compute(definition, dataset, figures, frames)
            problems += found
            if figure:
                figures[definition.id] = figure
        broken = {d.id for d in ready} - figures.keys()
        waiting = [d for d in waiting if d not in ready and not broken.intersection(d.parts)]
    return {name: figures[name] for name in dataset.figures if name in figures}, problems


def _unreachable(waiting: list[FigureDefinition], dataset: Dataset) -> list[Diagnostic]:
    ids = {d.id for d in waiting}
    return [
        problem("D021", d.location, len(d.id), id=d.id, why="builds on itself", hint="Take it out of its own parts.")
        for d in waiting
        if ids.intersection(d.parts) and all(part in dataset.figures for part in d.parts)
    ]


def _compute(
    definition: FigureDefinition, dataset: Dataset, figures: Mapping[str, Figure], frames: Frames
) -> tuple[Figure | None, list[Diagnostic]]:
    if definition.parts:
        return _compute_from_parts(definition, figures)
    matching = _matching(definition, dataset, frames)
    rows = [row for row in matching if dataset.stands(row)]
    selection = _select(definition, rows)
    if not rows:  # unknown, never zero: absence of rows is no evidence
        empty = Figure(definition.id, definition, intervals.NOTHING, None, "", selection, (), ())
        return empty, [] if definition.intended else [_empty_problem(definition, matching)]
    problems = _mixed(definition, rows)
    if definition.measure == "value" and len(rows) != 1:
        why = f"takes the value of one row, but selects {len(rows)}"
        hint = "Select it by its id: where: {id: …}."
        problems.append(problem("D021", definition.location, len(definition.id), id=definition.id, why=why, hint=hint))
    if problems:
        return None, problems
    counted = {row.id: row for row in rows}
    sources = _sources_of(rows)
    reporters = tuple(dict.fromkeys(dataset.root(source) for source in sources))
    if is_dated(definition):
        return _dated(definition, selection, counted, sources, reporters), []
    interval, centre, found = _measure(definition, selection, counted, dataset)
    if found:
        return None, found
    told = intervals.tell(interval, definition.unit, centre)
    return Figure(definition.id, definition, interval, told, "", selection, sources, reporters), []


def _empty_problem(definition: FigureDefinition, withdrawn: list[Row]) -> Diagnostic:
    place, name = definition.location, definition.id
    if withdrawn:
        return problem("D034", place, len(name), id=name, rows=", ".join(row.id for row in withdrawn))
    return problem("D022", place, len(name), id=name)


def is_dated(definition: FigureDefinition) -> bool:
    """True when the figure is a day and no number."""
    return definition.measure in _ORDERED or definition.column.startswith("date")


def measure_rows(definition: FigureDefinition, rows: list[Row], dataset: Dataset) -> Interval:
    """What the figure's measure would give over just these of its rows: nothing is known from none."""
    if not rows or is_dated(definition):
        return intervals.NOTHING
    by_id = {row.id: row for row in rows}
    return _measure(definition, _select(definition, rows), by_id, dataset)[0]


def combine(definition: FigureDefinition, first: Interval, second: Interval) -> Interval:
    """The ratio or the difference of two intervals."""
    return (intervals.divide if definition.measure == "ratio" else intervals.subtract)(first, second)


def _compute_from_parts(
    definition: FigureDefinition, figures: Mapping[str, Figure]
) -> tuple[Figure | None, list[Diagnostic]]:
    first, second = (figures[part] for part in definition.parts)
    a, b = first.definition.unit, second.definition.unit
    if a != b:
        found = problem(
            "D024",
            definition.location,
            len(definition.id),
            id=definition.id,
            what="units",
            found=f"{a or 'none'} and {b or 'none'}",
        )
        return None, [found]
    interval = combine(definition, first.interval, second.interval)
    told = intervals.tell(interval, definition.unit)
    sources = tuple(dict.fromkeys(first.sources + second.sources))
    reporters = tuple(dict.fromkeys(first.reporters + second.reporters))
    return Figure(definition.id, definition, interval, told, "", Selection(""), sources, reporters), []


# --- selecting ---------------------------------------------------------------------------------


def _matching(definition: FigureDefinition, dataset: Dataset, frames: Frames) -> list[Row]:
    """The rows that the figure's `where` lets through and whose period is not wholly outside."""
    table = dataset.tables[definition.of]
    frame = frames[definition.of] = frames[definition.of] if definition.of in frames else table.frame()
    for column, wanted in definition.where:
        fits = [_matches(value, wanted) for value in frame[column]]
        frame = frame.loc[fits]
    rows = [table.rows[str(row_id)] for row_id in frame.index]
    return [row for row in rows if _position(row, definition) != "outside"]


def _matches(value: Any, wanted: tuple[str, ...]) -> bool:
    if isinstance(value, tuple):
        return any(item in wanted for item in value)
    return value in wanted if value is not None else "" in wanted


def _period(row: Row) -> tuple[str, str]:
    start, end = _DATES.get(row.table, ("date_from", "date_to"))
    first = row.values.get(start) or ""
    return first, row.values.get(end) or (first if start == "date" else "")


def _position(row: Row, definition: FigureDefinition) -> str:
    """`inside`, `overlaps`, `undated` or `outside` the figure's period."""
    if definition.between is None:
        return "inside"
    start, end = definition.between
    first, last = _period(row)
    if (first and first > end) or (last and last < start):
        return "outside"
    if not first or not last:
        return "undated"
    return "inside" if start <= first and last <= end else "overlaps"


def _select(definition: FigureDefinition, rows: list[Row]) -> Selection:
    chosen = {row.id: row for row in rows}
    full, partial, inside = [], [], []
    for row in rows:
        group = row.values.get("part_of")
        position = _position(row, definition)
        if group in chosen and _position(chosen[group], definition) == "inside":
            inside.append((row.id, group))
        elif position == "inside":
            full.append(row.id)
        else:
            partial.append((row.id, position))
    return Selection(definition.of, tuple(full), tuple(partial), tuple(inside))


def _mixed(definition: FigureDefinition, rows: list[Row]) -> list[Diagnostic]:
    """Units and currencies never mix."""
    if definition.measure in ("count", "count_distinct", "first", "last"):
        return []
    kinds = {"value": "currency", "units": "category"} if definition.of == "shipments" else {"value": "unit"}
    kind = kinds.get(definition.column)
    if kind is None:
        return []
    found = sorted({str(row.values[kind]) for row in rows if row.values.get(definition.column) is not None})
    wanted = "%" if found == ["share"] else found[0] if found else ""
    declared = kind != "category" and definition.unit not in (wanted, *found[:1])
    if len(found) > 1 or (found and declared):
        both = found if len(found) > 1 else [found[0], f"declared {definition.unit or 'none'}"]
        what = {"currency": "currencies", "category": "goods"}.get(kind, "units")
        return [
            problem(
                "D024", definition.location, len(definition.id), id=definition.id, what=what, found=" and ".join(both)
            )
        ]
    return []


def _sources_of(rows: list[Row]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(source for row in rows for source in row.values.get("sources") or ()))


# --- measuring ---------------------------------------------------------------------------------


def _amount(row: Row, column: str) -> Amount | None:
    value = row.values[column]
    if isinstance(value, Fraction):
        return Amount(value, "exact", "", intervals.exact(value))
    return value if isinstance(value, Amount) else None


def _interval(row: Row, column: str) -> Interval:
    amount = _amount(row, column)
    return amount.interval if amount else intervals.NOTHING


def _measure(
    definition: FigureDefinition, selection: Selection, rows: Mapping[str, Row], dataset: Dataset
) -> tuple[Interval, Fraction | None, list[Diagnostic]]:
    column = definition.column
    counted = [rows[row_id] for row_id in selection.full]
    possible = [rows[row_id] for row_id, _ in selection.partial]
    if definition.measure in ("count", "count_distinct"):
        return _count(definition, counted, possible)
    if definition.measure in ("min", "max", "value"):
        return _extreme(definition, counted, possible)
    everything = counted + possible
    found = _reporters_apart(definition, everything, dataset)
    if found:
        return intervals.NOTHING, None, found
    parts = _parts(counted, possible, column)
    if definition.overlapping and len(everything) > 1:
        return intervals.floor_of(parts), None, []
    total = intervals.exact(0)
    for part in parts:
        total = intervals.add(total, part)
    if _floor_only(definition, everything, dataset):
        return Interval(total.low, None, total.low_open), None, []
    return total, _centre(counted, possible, column), []


def _parts(counted: list[Row], possible: list[Row], column: str) -> list[Interval]:
    """What each row adds. Rows inside a group that only perhaps counts raise its floor and never its upper end."""
    perhaps = {row.id for row in possible}
    parts = [_interval(row, column) for row in counted if row.values.get("part_of") not in perhaps]
    floors = dict.fromkeys(perhaps, intervals.exact(0))
    for part in counted:
        if (group := part.values.get("part_of")) in perhaps:
            floors[group] = intervals.add(floors[group], intervals.floor_of([_interval(part, column)]))
    for row in possible:
        if row.values.get("part_of") not in perhaps:
            parts.append(intervals.between(floors[row.id], intervals.possibly(_interval(row, column))))
    return parts


def _centre(counted: list[Row], possible: list[Row], column: str) -> Fraction | None:
    """The sum of the numbers as reported, where the only doubt is their rounding."""
    amounts = [_amount(row, column) for row in counted]
    if possible or not amounts or any(a is None or a.bound not in ("exact", "about") for a in amounts):
        return None
    if all(a is not None and a.bound == "exact" for a in amounts):
        return None
    if any(
        a is not None and a.interval.low is not None and a.interval.low + (a.interval.high or 0) != 2 * a.value
        for a in amounts
    ):
        return None  # the editor's own limits
    return sum((a.value for a in amounts if a is not None), Fraction(0))


def _floor_only(definition: FigureDefinition, rows: list[Row], dataset: Dataset) -> bool:
    """True when parts of a group are selected without it, so that the rest of the group may belong too.

    A figure that asks for `record: declaration` counts what is documented row by row: there the group is left out on
    purpose, and the sum is exact.
    """
    if any(column == "record" for column, _ in definition.where):
        return False
    chosen = {row.id for row in rows}
    return any(group not in chosen for row in rows if (group := row.values.get("part_of")))


def _reporters_apart(definition: FigureDefinition, rows: list[Row], dataset: Dataset) -> list[Diagnostic]:
    if len(rows) < 2 or definition.disjoint or definition.overlapping:
        return []
    reporters = [{dataset.root(source) for source in row.values.get("sources") or ()} for row in rows]
    shared = set.intersection(*reporters)
    if shared:
        return []
    names = ", ".join(sorted(set.union(*reporters)))
    return [problem("D023", definition.location, len(definition.id), id=definition.id, reporters=names)]


def _count(
    definition: FigureDefinition, counted: list[Row], possible: list[Row]
) -> tuple[Interval, Fraction | None, list[Diagnostic]]:
    if definition.measure == "count":
        low, high = len(counted), len(counted) + len(possible)
    else:
        known = {row.cells[definition.column] for row in counted} - {""}
        named = [row.cells[definition.column] for row in counted + possible]
        low, high = len(known), len({*known, *named} - {""}) + named.count("")
    return Interval(Fraction(low), Fraction(high)), None, []


def _extreme(
    definition: FigureDefinition, counted: list[Row], possible: list[Row]
) -> tuple[Interval, Fraction | None, list[Diagnostic]]:
    amounts = [a for row in counted if (a := _amount(row, definition.column)) is not None]
    if not amounts:
        return intervals.NOTHING, None, []
    parts = [a.interval for a in amounts]
    pick: Any = max if definition.measure == "max" else min
    lows = [(part.low or Fraction(0), part.low_open) for part in parts]
    highs = [part.high for part in parts]
    low, low_open = pick(lows)
    unsure = bool(possible) or len(amounts) < len(counted)
    if definition.measure == "max":
        high = None if any(h is None for h in highs) or unsure else max(h for h in highs if h is not None)
    else:
        high = min((h for h in highs if h is not None), default=None)
        if unsure:
            low, low_open = Fraction(0), False
    reached = all if definition.measure == "max" else any
    high_open = high is not None and reached(part.high_open for part in parts if part.high == high)
    centre = _centre(counted, possible, definition.column) if len(amounts) == 1 else None
    return Interval(low, high, low_open, high_open), centre, []


def _dated(
    definition: FigureDefinition,
    selection: Selection,
    rows: Mapping[str, Row],
    sources: tuple[str, ...],
    reporters: tuple[str, ...],
) -> Figure:
    days = sorted(
        str(rows[row_id].values[definition.column])
        for row_id in selection.rows
        if rows[row_id].values[definition.column]
    )
    day = (days[0] if definition.measure in ("first", "min") else days[-1]) if days else ""
    return Figure(definition.id, definition, intervals.NOTHING, None, day, selection, sources, reporters)
