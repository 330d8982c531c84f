"""Every chart of the site: which rows and figures it shows, in which layout. One function each.

A chart function takes a `Desk` and answers with a `Plot`, or None where the dataset has nothing for it. Amounts are
told by `numerals.format_told` alone, so a picture, its table and a sentence cannot disagree. Words stand in
`content/<language>/charts.yaml`; a chart names the keys that it needs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from builder.desk import CHARTS, Desk, Moment, Plot, Record, chart
from builder.diagnostics import Diagnostic, nearest, problem
from builder.drawing import NARROW, WIDE, Draw, Job, Sheet, draw_alone, sheets_key, text_width
from builder.layouts import (
    Amount,
    Field,
    Items,
    Ladder,
    Leaf,
    Tally,
    lay_field,
    lay_heading,
    lay_headline,
    lay_key,
    lay_ladder,
    lay_tallies,
    lay_tree,
)
from builder.memo import remembered
from builder.model import UNIT_OF_CATEGORY, Dataset, Drawing, Figure, Interval, Location, Passage, Row
from builder.numerals import format_date
from builder.raster import find_missing
from builder.timelines import Dated, Lane, Story, lay_said, lay_scale, lay_stairs, lay_story
from builder.tongues import Tongue
from builder.views import compose_view, list_months

__all__ = ["CHARTS", "check_chart_words", "draw_charts", "plan_charts"]


# --- all of them ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """A chart, laid out and not yet drawn."""

    key: str
    """Under which its pictures are remembered: a hash of its ink."""
    title: str
    plot: Plot
    desk: Desk
    job: Job


@remembered(most=32)
def plan_charts(
    dataset: Dataset,
    figures: Mapping[str, Figure],
    tongue: Tongue,
    words: Mapping[str, Mapping[str, Passage]],
) -> tuple[Planned, ...]:
    """Every chart that the dataset has rows for and the language has words for, laid out."""
    planned = []
    for chart_id, entry in CHARTS.items():
        if chart_id not in words:
            continue
        desk = Desk(dataset, figures, tongue, words[chart_id])
        plot = entry.make(desk)
        if plot is None:
            continue
        title, alt = desk.words["title"].plain, desk.words["alt"].plain
        sheets = _lay_sheets(plot, title)
        planned.append(Planned(sheets_key(chart_id, alt, sheets), title, plot, desk, Job(chart_id, alt, sheets)))
    return tuple(planned)


def draw_charts(
    plans: Mapping[str, Sequence[Planned]], memory: Mapping[str, bytes], draw: Draw = draw_alone
) -> tuple[dict[str, dict[str, Drawing]], dict[str, bytes]]:
    """The charts of each language drawn, and what to remember.

    What draws is imported only when a picture is not in `memory`, and is handed all that it has to draw at once.
    """
    by_key = {plan.key: plan for planned in plans.values() for plan in planned}
    new = {key: plan.job for key, plan in by_key.items() if key not in memory}
    remembered = {key: memory[key] for key in by_key if key not in new}
    for key, made in zip(new, draw(list(new.values()))(), strict=True):
        remembered[key] = json.dumps(made, sort_keys=True).encode()
    read = {key: json.loads(remembered[key]) for key in by_key}
    drawings = {
        code: {plan.job.chart: _read_drawing(plan, read[plan.key]) for plan in planned}
        for code, planned in plans.items()
    }
    return drawings, remembered


def check_chart_words(words: Mapping[str, Mapping[str, Passage]]) -> list[Diagnostic]:
    """Charts that do not exist, and words that a chart needs and does not have, for one language."""
    problems = []
    for chart_id, texts in words.items():
        place = next((passage.text for passage in texts.values()), None)
        location = Location(place.path, place.line, place.column) if place else Location("content")
        if chart_id not in CHARTS:
            hint = nearest(chart_id, CHARTS, "Charts are functions of the builder; the reference lists them.")
            problems.append(problem("C003", location, key=chart_id, hint=hint))
            continue
        entry = CHARTS[chart_id]
        for key in ("title", "alt", "caption", "how", "table", *entry.words):
            if key not in texts:
                problems.append(problem("C004", location, key=key, hint=f"a line of {chart_id}, as in English."))
        columns = len(texts["table"].plain.split("|")) if "table" in texts else entry.columns
        if columns != entry.columns:
            message = f"The table of {chart_id} has {entry.columns} columns; {columns} are named."
            problems.append(problem("C005", location, message=message, hint="Split their names by |."))
    return problems


def check_letters(code: str, planned: Iterable[Planned]) -> list[Diagnostic]:
    """Letters of charts that none of the own fonts holds: their PNGs would show boxes."""
    problems = []
    for plan in planned:
        rows = (row for sheet in plan.job.sheets.values() for layer in sheet.layers.values() for row in layer.rows)
        missing = find_missing("".join(str(row.get("text", "")) for row in rows))
        if missing:
            place = plan.desk.words["title"].text
            what = f"The chart {plan.job.chart} in {code}"
            problems.append(
                problem("T010", Location(place.path, place.line, place.column), what=what, letters=" ".join(missing))
            )
    return problems


def _lay_sheets(plot: Plot, title: str) -> dict[str, Sheet]:
    sheets = {"wide": Sheet(WIDE), "narrow": Sheet(NARROW)}
    lay_headline(sheets["wide"], title)
    for sheet in sheets.values():
        plot.draw(sheet)
    return sheets


def _read_drawing(plan: Planned, made: Mapping[str, str]) -> Drawing:
    svg = f'<div class="chart-wide">{made["wide"]}</div><div class="chart-narrow">{made["narrow"]}</div>'
    header = tuple(cell.strip() for cell in plan.desk.word("table").split("|"))
    return Drawing(
        id=plan.job.chart,
        title=plan.title,
        language=plan.desk.words["title"].language,
        svg=svg,
        standalone=made["standalone"],
        spec=made["spec"],
        view=_compose_view(plan),
        header=header,
        rows=tuple(plan.plot.rows),
        figures=tuple(dict.fromkeys(plan.plot.figures)),
        records=tuple(dict.fromkeys(plan.plot.records)),
    )


def _compose_view(plan: Planned) -> str:
    """The interactive view of a dated chart; empty for the others."""
    moments = plan.plot.moments
    if not moments:
        return ""
    first, last = _years_of(moment.day for moment in moments if moment.day >= _EARLIEST)
    return compose_view(moments, plan.desk.name_months(list_months(first, last)), first, last)


_EARLIEST = "2022-01-01"
"""The year of the invasion: what lies before it stands at the edge of a view."""


# --- shared by several ------------------------------------------------------------------------


def _ends(interval: Interval, scale: int = 1) -> tuple[float, float | None]:
    low = float((interval.low or Fraction(0)) * scale)
    return low, None if interval.high is None else float(interval.high * scale)


def _amount(desk: Desk, row: Row, name: str, detail: str, noun: bool = False, colour: str = "1") -> Amount:
    scale = 100 if row.values.get("unit") == "share" else 1
    value = row.values["value"]
    low, high = _ends(value.interval, scale)
    return Amount(name, detail, desk.told(row, noun=noun), low, high, colour)


def _scale(desk: Desk, amounts: Iterable[Amount], unit: str) -> tuple[float, tuple[tuple[float, str], ...]]:
    """The end of a scale from zero, and at most four round numbers on it."""
    top = max((amount.high or amount.low or 0 for amount in amounts), default=0) or 1
    step = next(
        step
        for power in range(-1, 13)
        for step in (1 * 10**power, 2 * 10**power, 5 * 10**power)
        if top / step <= 3.6 and step >= 1
    )
    ticks = tuple((float(step * n), desk.tick(step * n, unit)) for n in range(int(top // step) + 1))
    return top, ticks


def _figure_amount(desk: Desk, figure: Figure, name: str, detail: str, colour: str = "1") -> Amount:
    low, high = _ends(figure.interval)
    return Amount(name, detail, desk.figure_told(figure), low, high, colour)


def _headed(words: str) -> str:
    """Words as they begin a line."""
    return words[:1].upper() + words[1:]


def _record(row: Row) -> Record:
    return row.table, row.id


def _figure_records(figures: Iterable[Figure]) -> Iterator[Record]:
    for figure in figures:
        for row in figure.selection.rows:
            yield figure.selection.table, row


def _figure_sources(desk: Desk, figure: Figure) -> str:
    rows = desk.pick(figure.selection.table, *figure.selection.rows)
    return desk.listed(dict.fromkeys(desk.source(each) for row in rows for each in row.values["sources"]))


# --- the charts -------------------------------------------------------------------------------


@chart("documented", 3, "documented", "total", "more", "field")
def documented(desk: Desk) -> Plot | None:
    """The labelled drones: documented one by one, known only in total, and an open end."""
    wanted = ("labelled_drones", "documented_labelled_drones", "undocumented_labelled_drones")
    if any(desk.figures.get(each) is None or desk.figures[each].told is None for each in wanted):
        return None
    whole, known, rest = (desk.figures[each] for each in wanted)
    count = int(known.interval.low or 0)
    items = (
        Items(count, desk.figure_told(known), desk.word("documented"), "1", True),
        Items(int(whole.interval.low or 0) - count, desk.figure_told(rest), desk.word("total"), "1", False),
    )
    more = desk.word("more") if whole.interval.high is None else ""

    def draw(sheet: Sheet) -> None:
        wide = sheet.width >= WIDE
        heading = desk.figure_told(whole, noun=True)
        lay_field(
            sheet, Field(heading, desk.word("field"), items, more), "drones", 34 if wide else 29.4, 20 if wide else 10
        )

    rows = [
        (desk.word(word), desk.figure_told(figure), _figure_sources(desk, figure) or _figure_sources(desk, whole))
        for word, figure in (("field", whole), ("documented", known), ("total", rest))
    ]
    return Plot(draw, rows, list(_figure_records((whole, known))), list(wanted))


_GOODS = {
    "drone": ("labelled_drones", "labelled_drones_value"),
    "counter_drone": ("labelled_counter_drones", "labelled_counter_drones_value"),
    "computer": ("labelled_computers", "labelled_computers_value"),
}


@chart("labelled-goods", 5, "units", "values", "drone", "counter_drone", "computer", "more", "undated")
def labelled_goods(desk: Desk) -> Plot | None:
    """The three kinds of goods that are reported to carry the label: how many, and of what value."""
    goods = {
        kind: (desk.figures[units], desk.figures[value])
        for kind, (units, value) in _GOODS.items()
        if units in desk.figures and value in desk.figures and desk.figures[units].told and desk.figures[value].told
    }
    if not goods:
        return None
    periods = {
        kind: desk.period(row)
        for kind, (units, _) in goods.items()
        for row in desk.pick(units.selection.table, *units.selection.rows[:1])
    }
    amounts = tuple(
        _figure_amount(desk, value, _headed(desk.word(kind)), periods[kind], "1") for kind, (_, value) in goods.items()
    )
    tallies = [
        Tally(
            _headed(desk.word(kind)),
            periods[kind],
            desk.figure_told(units),
            int(units.interval.low or 0),
            desk.word("more") if units.interval.high is None else "",
        )
        for kind, (units, _) in goods.items()
    ]
    top, ticks = _scale(desk, amounts, "USD")

    def draw(sheet: Sheet) -> None:
        sheet.height = sheet.text("heading", 0, sheet.height, desk.word("units"), 14, True) + 10
        lay_tallies(sheet, tallies, *((18, 20) if sheet.width >= WIDE else (19.5, 15)))
        sheet.height += 8
        lay_ladder(sheet, Ladder(desk.word("values"), "", amounts, top, ticks), "value")

    rows = [
        (desk.word(kind), desk.figure_told(units), desk.figure_told(value), periods[kind], _figure_sources(desk, units))
        for kind, (units, value) in goods.items()
    ]
    both = [figure for pair in goods.values() for figure in pair]
    return Plot(draw, rows, list(_figure_records(both)), [figure.id for figure in both])


@chart("competing-totals", 5, "scale", "repeats")
def competing_totals(desk: Desk) -> Plot | None:
    """Every reported total, in dollars, of drones that went from China to Russia: side by side, each with its scope."""
    found = desk.rows("totals", category=("drone", "drones_and_parts"), origin="CN", destination="RU", unit="USD")
    if not found:
        return None
    found.sort(key=lambda row: (row.values["date_from"] or "", row.values["date_to"] or "", row.id))

    def detail(row: Row) -> str:
        root = desk.source(row.values["sources"][0])
        repeats = desk.word("repeats", name=root) if root != desk.reporter(row) else ""
        return "\n".join(part for part in (desk.period(row), desk.own(row, "scope"), repeats) if part)

    amounts = [_amount(desk, row, desk.reporter(row), detail(row)) for row in found]
    top, ticks = _scale(desk, amounts, "USD")

    def draw(sheet: Sheet) -> None:
        lay_ladder(sheet, Ladder("", desk.word("scale"), tuple(amounts), top, ticks), "total")

    rows = [
        (desk.reporter(row), desk.told(row), desk.period(row), desk.own(row, "scope"), desk.own(row, "basis"))
        for row in found
    ]
    return Plot(draw, rows, [_record(row) for row in found])


@chart("components-2025", 4, "missing", "fibre_optic", "battery")
def components_2025(desk: Desk) -> Plot | None:
    """Monthly points of components in 2025, each month by itself; months between that were not published stay visible."""
    found = [
        row
        for row in desk.rows("totals", category=("fibre_optic", "battery"), destination="RU", unit=("km", "USD"))
        if (row.values.get("date_from") or "")[:7] == (row.values.get("date_to") or "")[:7] >= "2025-01"
    ]
    if not found:
        return None
    groups: dict[str, list[Row]] = {}
    for row in sorted(found, key=lambda row: row.values["date_from"]):
        groups.setdefault(row.values["category"], []).append(row)
    rows: list[tuple[str, ...]] = []
    ladders: dict[str, Ladder] = {}
    for category, points in groups.items():
        known = {row.values["date_from"][:7]: row for row in points}
        amounts = []
        for month in _months(min(known), max(known)):
            name = format_date(f"{month}-01", "month", desk.language)
            point = known.get(month)
            told = desk.told(point) if point else desk.word("missing")
            amounts.append(_amount(desk, point, name, "") if point else Amount(name, "", told, None, None))
            rows.append((desk.word(category), name, told, desk.sources(point) if point else ""))
        top, ticks = _scale(desk, amounts, points[0].values["unit"])
        ladders[category] = Ladder(desk.word(category), desk.own(points[0], "basis"), tuple(amounts), top, ticks)

    def draw(sheet: Sheet) -> None:
        for category, ladder in ladders.items():
            lay_ladder(sheet, ladder, category)
            sheet.height += 12

    return Plot(draw, rows, [_record(row) for row in found])


def _months(first: str, last: str) -> Iterator[str]:
    year, month = map(int, first.split("-"))
    while f"{year}-{month:02}" <= last:
        yield f"{year}-{month:02}"
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


@chart("russia-ukraine", 5, "value", "ratio", "divided", "undecided", "units", "RU", "UA")
def russia_ukraine(desk: Desk) -> Plot | None:
    """What is known of drones from China to each side: open ends give no ratio."""
    direct = desk.pick("totals", "nyt-145m-h1-2023-russia", "nyt-200k-h1-2023-ukraine")
    counted = desk.pick(
        "totals", "nikkei-gacc-30000", "gacc-ukraine-530-janfeb2022", "gacc-ukraine-zero-2022", "gacc-ukraine-5-2023"
    )
    if len(direct) < 2:
        return None

    def name(row: Row) -> str:
        return desk.term("country", row.values["destination"])

    def colour(row: Row) -> str:
        return "1" if row.values["destination"] == "RU" else "3"

    def shown(rows: list[Row]) -> list[Amount]:
        return [
            _amount(desk, row, name(row), f"{desk.period(row)}\n{desk.own(row, 'basis')}", colour=colour(row))
            for row in rows
        ]

    ratio = desk.figures.get("russia_to_ukraine_ratio")
    values, units = shown(direct), shown(counted)
    first = Ladder(desk.word("value"), "", tuple(values), *_scale(desk, values, "USD"))
    second = Ladder(desk.word("units"), "", tuple(units), *_scale(desk, units, "drone"))
    told = (desk.figure_told(ratio) if ratio else "") or desk.word("undecided")
    quotient = Ladder("", "", (Amount(desk.word("ratio"), desk.word("divided"), told, None, None),), 1, ())

    def draw(sheet: Sheet) -> None:
        lay_ladder(sheet, first, "value")
        lay_ladder(sheet, quotient, "ratio")
        if units:
            sheet.height += 12
            lay_ladder(sheet, second, "units")

    rows = [
        (name(row), desk.told(row), desk.period(row), desk.own(row, "scope"), desk.own(row, "basis"))
        for row in (*direct, *counted)
    ]
    rows.append((desk.word("ratio"), told, "", desk.word("divided"), ""))
    drawn = [_record(row) for row in (*direct, *counted)]
    return Plot(draw, rows, drawn, [ratio.id] if ratio else [])


@chart("one-record", 4)
def one_record(desk: Desk) -> Plot | None:
    """One analysis of customs data and all who repeat its total: a family tree of sources."""
    found = desk.pick("totals", "nyt-12m", "odni-12m")
    if not found:
        return None
    told = {source: desk.told(row) for row in found for source in row.values["sources"]}
    parents: dict[str, str] = {}
    unread = list(told)
    while unread:
        source = unread.pop(0)
        row = desk.dataset.row("sources", source)
        parents[source] = (row.values.get("reports_on") or "") if row else ""
        if parents[source] and parents[source] not in parents:
            unread.append(parents[source])
    leaves: list[Leaf] = []
    rows: list[tuple[str, ...]] = []

    def hang(source: str, depth: int) -> None:
        row = desk.dataset.row("sources", source)
        publisher = str(row.values.get("publisher") or source) if row else source
        published = row.values.get("published") if row else None
        when = format_date(published, "day", desk.language) if published else ""
        children = [each for each, parent in parents.items() if parent == source]
        detail = desk.listed((told.get(source, ""), when))
        leaves.append(Leaf(publisher, detail, depth, "1" if depth < 2 else "3"))
        parent_row = desk.dataset.row("sources", parents[source]) if parents[source] else None
        rows.append(
            (publisher, told.get(source, ""), when, str(parent_row.values.get("publisher")) if parent_row else "")
        )
        for child in children:
            hang(child, depth + 1)

    leaves.append(Leaf(desk.own(found[0], "basis"), "", 0))
    for source in [each for each, parent in parents.items() if not parent]:
        hang(source, 1)

    def draw(sheet: Sheet) -> None:
        lay_tree(sheet, leaves)

    return Plot(draw, rows, [*(_record(row) for row in found), *(("sources", each) for each in parents)])


@chart("dependence", 5, "scale", "until", "undated")
def dependence(desk: Desk) -> Plot | None:
    """Reported shares of Chinese origin, each with what it is a share of: never to be compared as if alike."""
    found = desk.rows("totals", category="share", origin="CN")
    if not found:
        return None
    amounts = tuple(
        _amount(
            desk,
            row,
            desk.own(row, "measure"),
            f"{desk.own(row, 'scope')}\n{desk.listed((desk.reporter(row), desk.period(row)))}",
            colour="3" if row.values["destination"] == "UA" else "1",
        )
        for row in found
    )
    ticks = tuple((float(n), desk.tick(n, "%")) for n in (0, 25, 50, 75, 100))

    def draw(sheet: Sheet) -> None:
        lay_ladder(sheet, Ladder("", desk.word("scale"), amounts, 100, ticks, bars=False), "share")

    rows = [
        (desk.own(row, "measure"), desk.told(row), desk.period(row), desk.own(row, "scope"), desk.own(row, "basis"))
        for row in found
    ]
    return Plot(draw, rows, [_record(row) for row in found])


# --- charts of dates --------------------------------------------------------------------------

_SIDES = ("china", "company", "russia", "west", "ukraine", "press")
"""Who speaks, from the top down."""


def _said(desk: Desk, row: Row, colour: str) -> Dated:
    """A statement as a dated mark."""
    when, who, words = desk.day(row), desk.own(row, "speaker"), desk.own(row, "gist")
    return Dated(
        day=row.values["date"],
        last=row.values["date"],
        when=when,
        words=words,
        colour=colour,
        sure=row.values["precision"] == "day",
        shape="x" if row.values["denial"] == "yes" else "circle",
        label=_label(desk, row),
        who=who,
        told=desk.explained(f"{when} · {who}", words),
    )


def _happened(desk: Desk, row: Row, colour: str, shape: str = "circle") -> Dated:
    """An event as a dated mark; of a control, the day from which it is in force too."""
    values = row.values
    when, words, label = desk.day(row), desk.own(row, "what"), _label(desk, row)
    force = values.get("date_to") or "" if values["kind"] == "control" else ""
    if force and label and "in_force" in desk.words:
        label = desk.listed((label, desk.word("in_force", day=format_date(force, "day", desk.language))))
    return Dated(
        day=values["date"],
        last=values["date"],
        when=when,
        words=words,
        colour=colour,
        sure=values["precision"] == "day",
        shape=shape,
        label=label,
        force=force,
        told=desk.explained(when, words),
    )


def _label(desk: Desk, row: Row) -> str:
    """The callout that the chart's words put on a row: `label-<id>`."""
    words = desk.words.get(f"label-{row.id}")
    return words.plain if words else ""


def _dated_rows(desk: Desk, rows: Iterable[Row]) -> list[tuple[str, ...]]:
    """Table rows for statements and events: when, who, what, source."""
    return [
        (
            desk.day(row),
            desk.own(row, "speaker") if row.table == "statements" else desk.own(row, "actor"),
            desk.own(row, "gist") if row.table == "statements" else desk.own(row, "what"),
            desk.sources(row),
        )
        for row in rows
    ]


def _by_date(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row.values.get("date") or row.values.get("date_from") or "", row.id))


def _years(rows: Iterable[Row]) -> tuple[str, str]:
    """First day of the first year and of the year after the last."""
    return _years_of(row.values.get("date") or row.values.get("date_from") or "" for row in rows)


def _years_of(days: Iterable[str]) -> tuple[str, str]:
    known = [day for day in days if day]
    return f"{min(known)[:4]}-01-01", f"{int(max(known)[:4]) + 1}-01-01"


def _moment(lane: str, row: Row, dated: Dated) -> Moment:
    """A dated mark as an entry of the interactive view, with the row that it shows."""
    return Moment(
        _headed(lane),
        _record(row),
        dated.day,
        dated.last,
        dated.head,
        dated.words,
        dated.colour,
        dated.shape,
        dated.sure,
    )


def _consignment(desk: Desk, row: Row) -> str:
    """What a row of shipments is, in words: how many, what, and what is said of it."""
    category = row.values["category"]
    unit = UNIT_OF_CATEGORY.get(category, "")
    units = desk.told(row, "units", unit, noun=True) or desk.told(row, "declarations", "shipment", noun=True)
    if unit and row.values.get("units"):  # the number brings its noun, in the form that it asks for
        parts = [units]
    else:
        goods = desk.term("category", category)
        parts = [desk.explained(goods, units) if units else goods]
    if f"from_{row.values.get('dispatch')}" in desk.words:
        parts.append(desk.word(f"from_{row.values['dispatch']}"))
    if row.values.get("label") == "war_use":
        parts.append(desk.word("war_use"))
    if row.values.get("part_of"):
        parts.append(desk.word("part"))
    if row.values.get("outcome") == "seized":
        parts.append(desk.word("seized"))
    return desk.listed(parts)


_LANES = {"controls": ("control",), "measures": ("listing", "sanction", "ruling"), "else": ()}
"""Kinds of events with a lane of their own; the others share the last one."""
_MARKERS = {"shipments": "square", "controls": "triangle-down", "measures": "diamond", "else": "triangle-up"}
"""What the events of each lane look like."""
_FOCUS = "mofcom-2023-04-19-false-information"
"""The denial that the timeline's title names."""


@chart(
    "timeline",
    4,
    *("above", "denial", "other", "unsure", *_SIDES, "shipments", *_LANES, "in_force"),
    *("drone_parts", "war_use", "part", "seized", "about", "undated"),
)
def timeline(desk: Desk) -> Plot | None:
    """What was said above the axis, what was declared and what happened below it."""
    said = _by_date(desk.rows("statements"))
    if not said:
        return None
    goods = _by_date(row for row in desk.rows("shipments", destination="RU") if row.values["date_from"])
    events = _by_date(desk.rows("events"))
    first = _years(said)[0]
    ends = [
        row.values.get("date") or row.values["date_to"] or row.values["date_from"] for row in (*said, *goods, *events)
    ]
    last = f"{int(max(ends)[:4]) + 1}-01-01"
    marks = {row.id: _said(desk, row, "2" if row.values["denial"] == "yes" else "3") for row in said}
    labelled = [row for row in goods if row.values.get("label") == "war_use"]
    consigned = {row.id: _consigned(desk, row) for row in (*labelled, *(row for row in goods if row not in labelled))}
    lanes = [Lane(desk.word("shipments"), tuple(consigned.values()))]
    moments = [_moment(desk.word(row.values["side"]), row, marks[row.id]) for row in _by_side(said)]
    moments += [_moment(desk.word("shipments"), row, consigned[row.id]) for row in goods]
    own = {kind for kinds in _LANES.values() for kind in kinds}
    for lane, kinds in _LANES.items():
        found = [row for row in events if (row.values["kind"] in kinds if kinds else row.values["kind"] not in own)]
        if found:
            shown = [_happened(desk, row, "1", _MARKERS[lane]) for row in found]
            moments += [_moment(desk.word(lane), row, mark) for row, mark in zip(found, shown, strict=True)]
            lanes.append(Lane(desk.word(lane), tuple(shown)))
    story = Story(
        heading=desk.word("above"),
        said=_sides(desk, said, marks),
        happened=tuple(lanes),
        first=first,
        last=last,
        period=next((consigned[row.id] for row in labelled if not row.values.get("part_of")), None),
        focus=marks.get(_FOCUS),
        months=desk.months(),
    )
    key = [
        ("x", "2", False, desk.word("denial")),
        ("circle", "3", False, desk.word("other")),
        ("circle", "3", True, desk.word("unsure")),
    ]
    markers = [(shape, "1", False, desk.word(lane)) for lane, shape in _MARKERS.items()]

    def draw(sheet: Sheet) -> None:
        lay_key(sheet, key if sheet.width >= WIDE else [*key, *markers])  # wide, each lane has its name
        lay_story(sheet, story)

    rows = _dated_rows(desk, said)
    rows += [(desk.period(row), desk.reporter(row), _consignment(desk, row), desk.sources(row)) for row in goods]
    rows += _dated_rows(desk, events)
    return Plot(draw, rows, [_record(row) for row in (*said, *goods, *events)], moments=moments)


def _by_side(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: _SIDES.index(row.values["side"]))


def _sides(desk: Desk, rows: Sequence[Row], marks: Mapping[str, Dated]) -> tuple[Lane, ...]:
    """Statements by who made them, in lanes."""
    sides = [(side, [marks[row.id] for row in rows if row.values["side"] == side]) for side in _SIDES]
    return tuple(Lane(_headed(desk.word(side)), tuple(found)) for side, found in sides if found)


def _consigned(desk: Desk, row: Row) -> Dated:
    """A row of shipments as a span over its whole period."""
    words, when = _consignment(desk, row), desk.period(row)
    first, last = row.values["date_from"], row.values["date_to"] or row.values["date_from"]
    told = desk.explained(when, words)
    return Dated(first, last, when, words, "1", True, _MARKERS["shipments"], told, told=told)


@chart("controls", 4, "control", "said", "effect", "unsure", "about")
def controls(desk: Desk) -> Plot | None:
    """China's drone export controls, what its ministry said of them, and what others said of their effect."""
    events = desk.rows("events", kind="control")
    spoken = desk.rows("statements", entity="mofcom")
    effect = desk.pick(
        "statements", "dji-2023-07-31-controls", "ru-2023-09-18-minpromtorg", "kremlin-2024-08-30-peskov"
    )
    if not events:
        return None
    colours = {"events": "1"} | {row.id: "3" for row in effect}
    return _staircase(desk, [*events, *spoken, *effect], colours, "control", "said", "effect")


@chart("dji-dates", 4, "said", "event", "record", "unsure", "about", "until", "undated", "seized")
def dji_dates(desk: Desk) -> Plot | None:
    """What DJI said and when, beside dated measures and records that name its products."""
    said = desk.rows("statements", entity="dji")
    events = [row for row in desk.rows("events") if "DJI" in row.values["what"] and row.values["actor"] != "DJI"]
    records = [
        *desk.rows("shipments", maker="dji"),
        *(row for row in desk.rows("totals") if "DJI" in row.values["measure"] and row.values["unit"] != "USD"),
    ]
    if not said:
        return None
    return _staircase(desk, [*said, *events, *records], {"events": "3"}, "record", "said", "event")


_STEPS = {"1": "square", "2": "circle", "3": "diamond"}
"""The marker of each colour on stairs: nothing is told by colour alone."""


def _staircase(desk: Desk, found: list[Row], colours: Mapping[str, str], *key: str) -> Plot:
    found.sort(key=lambda row: (_start(row), row.id))
    dated = [row for row in found if row.table in ("statements", "events")]
    steps, rows = [], []
    for row in found:
        if row.table in ("statements", "events"):
            colour = colours.get(row.id, colours.get(row.table, "2"))
            step = _said(desk, row, colour) if row.table == "statements" else _happened(desk, row, colour)
            steps.append(replace(step, shape=_STEPS[colour]))
            rows += _dated_rows(desk, [row])
        else:
            steps.append(_recorded(desk, row))
            rows.append((steps[-1].when, desk.reporter(row), steps[-1].words, desk.sources(row)))
    first, last = _years(dated)
    entries = [
        (shape, colour, False, desk.word(word)) for (colour, shape), word in zip(_STEPS.items(), key, strict=True)
    ]
    entries.append(("circle", "3", True, desk.word("unsure")))

    def draw(sheet: Sheet) -> None:
        lay_key(sheet, entries)
        lay_stairs(sheet, steps, first, last)

    words = dict(zip(_STEPS, key, strict=True))
    moments = [
        _moment(desk.word(words[step.colour]), row, step)
        for colour in _STEPS
        for row, step in zip(found, steps, strict=True)
        if step.colour == colour and step.day
    ]
    return Plot(draw, rows, [_record(row) for row in found], moments=moments)


def _start(row: Row) -> str:
    values = row.values
    return values.get("date") or values.get("date_from") or values.get("date_to") or ""


def _recorded(desk: Desk, row: Row) -> Dated:
    values, who = row.values, ""
    if row.table == "shipments":
        words = _consignment(desk, row)
        if named := " ".join(filter(None, (_maker(desk, row), values.get("model")))):
            words = desk.explained(named, words)
    else:
        words, who = desk.explained(desk.own(row, "measure"), desk.told(row)), desk.reporter(row)
    start, when = _start(row), desk.period(row)
    known = bool(values.get("date_from"))
    told = desk.explained(" · ".join(filter(None, (when, who))), words)
    return Dated(start, values["date_to"] or start, when, words, "1", known, _STEPS["1"], who=who, told=told)


def _maker(desk: Desk, row: Row) -> str:
    found = desk.dataset.row("entities", row.values.get("maker") or "")
    return str(found.values.get("name") or "") if found else ""


@chart("weapons-statements", 4, "above", "below", "china", "russia", "west", "ukraine", "unsure", "about")
def weapons_statements(desk: Desk) -> Plot | None:
    """Denials of weapons above the axis; below it, what Western and Ukrainian officials said on the same question."""
    denials = _by_date(desk.rows("statements", about="weapons", denial="yes", side=("china", "russia")))
    others = _by_date(desk.rows("statements", about="weapons", side=("west", "ukraine")))
    if not denials or not others:
        return None
    first, last = _years(denials)
    marks = {row.id: replace(_said(desk, row, "2"), label="") for row in denials}
    shapes = {"west": "triangle-up", "ukraine": "triangle-down"}
    below = [replace(_said(desk, row, "3"), shape=shapes[row.values["side"]]) for row in others]
    key = [(shape, "3", False, desk.word(side)) for side, shape in shapes.items()]
    key.append(("triangle-up", "3", True, desk.word("unsure")))

    def draw(sheet: Sheet) -> None:
        wide = sheet.width >= WIDE
        lanes = _sides(desk, denials, marks)
        gutter = max(text_width(lane.name, 12, True) for lane in lanes) + 14 if wide else 0.0
        lay_key(sheet, key)
        axis, _ = lay_said(sheet, lanes, desk.word("above"), first, last, gutter)
        lay_scale(sheet, axis)
        lay_heading(sheet, desk.word("below"))
        lay_stairs(sheet, below, first, last)

    dated = marks | {row.id: mark for row, mark in zip(others, below, strict=True)}
    drawn = [*denials, *others]
    moments = [_moment(desk.word(row.values["side"]), row, dated[row.id]) for row in _by_side(drawn)]
    return Plot(draw, _dated_rows(desk, drawn), [_record(row) for row in drawn], moments=moments)
