"""How dates are laid out: what was said in lanes above a time scale, what happened in lanes below it, stairs of dates.

A mark stands at its date; a period is a bar over the whole of it, never spread over its months; an uncertain date is a
hollow marker; something earlier than the scale is an arrow at its edge. A phone gets a calendar: a row for each month.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from builder.drawing import SMALLEST, WIDE, Axis, Sheet, text_width, wrap, wrap_evenly

_STRIP = 224
"""Width of the time scale of stairs on a wide sheet; the words stand right of it."""


@dataclass(frozen=True, slots=True)
class Dated:
    """Something with a date."""

    day: str
    """ISO date; empty when none is known."""
    last: str
    """ISO date of the end of a period; equal to `day` for a point."""
    when: str
    """The date in words."""
    words: str
    colour: str
    sure: bool = True
    """False draws it hollow: the day is not certain."""
    shape: str = "circle"
    label: str = ""
    """Words for a callout in a timeline."""
    who: str = ""
    """Stands beside the date."""
    force: str = ""
    """ISO date from which it is in force, where that is another day than `day`."""
    told: str = ""
    """All of it in one line."""

    @property
    def head(self) -> str:
        """Date and name."""
        return " · ".join(part for part in (self.when, self.who) if part)

    @property
    def tip(self) -> str:
        """What is told of it where it is pointed at."""
        return self.told or f"{self.head}: {self.words}"


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of a timeline: of whoever spoke above the axis, of one kind of event below it."""

    name: str
    marks: tuple[Dated, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """A whole timeline."""

    heading: str
    """Over what was said."""
    said: tuple[Lane, ...]
    happened: tuple[Lane, ...]
    first: str
    """ISO date of the beginning of its years; `last` is that of their end."""
    last: str
    period: Dated | None = None
    """Among what happened: the period on which the eye is led."""
    focus: Dated | None = None
    """Among what was said: the statement on which the eye is led."""
    months: Mapping[str, str] = field(default_factory=dict)
    """Short names of months by number, `01`."""


@dataclass(slots=True)
class _Levels:
    """Keeps labels from covering one another: the first level on which a stretch is free."""

    ends: list[float] = field(default_factory=list)

    def take(self, left: float, right: float) -> int:
        for level, end in enumerate(self.ends):
            if left >= end:
                self.ends[level] = right
                return level
        self.ends.append(right)
        return len(self.ends) - 1


# --- timelines --------------------------------------------------------------------------------

_RADIUS = 5
_PITCH = 11.2
"""From the middle of one marker to that of the next."""
_LEADING = 15.6
"""From one line of words to the next."""


def lay_story(sheet: Sheet, story: Story) -> None:
    """A timeline: lanes along a time scale where there is room for them, else a calendar."""
    if sheet.width < WIDE:
        _lay_calendar(sheet, story)
        return
    gutter = _gutter(story)
    axis, top = lay_said(sheet, story.said, story.heading, story.first, story.last, gutter, story.focus)
    places = _lay_happened(sheet, story, axis, gutter)
    if story.period:
        end = places[story.period] + 5
        if story.focus:
            sheet.line("focus", story.focus.day, story.focus.day, top, end, story.focus.colour, axis, thick=1.6)
            sheet.to_back("focus")
        start = max(story.period.day, axis.low)
        sheet.bar("period", start, story.period.last, top, end, story.period.colour, axis, opacity=0.1)
        sheet.to_back("period")


def _gutter(story: Story) -> float:
    names = [text_width(lane.name, SMALLEST, True) for lane in story.said]
    words = [text_width(word, SMALLEST, True) for lane in story.happened for word in wrap(lane.name, 0, SMALLEST)]
    return min(170.0, max([*names, *words]) + 14)


def _lay_years(sheet: Sheet, axis: Axis, y: float, bottom: float, top: float) -> None:
    first, last = int(axis.low[:4]), int(axis.high[:4])
    for year in range(first, last + 1):
        day = f"{year}-01-01"
        if axis.place(day) > axis.right - 4:
            continue
        sheet.line(f"years-{axis.right:.0f}", day, day, top, bottom, "grid", axis)
        sheet.text("year", axis.place(day) + 4, y, str(year), SMALLEST, True, "muted")


def lay_said(
    sheet: Sheet,
    lanes: Sequence[Lane],
    words: str,
    first: str,
    last: str,
    gutter: float = 0,
    focus: Dated | None = None,
) -> tuple[Axis, float]:
    """What was said, a lane for each side, its markers stacked; those with a label carry it on a line.

    Names stand left of the scale, or above their lane where there is no gutter. Returns the scale, and where the lanes begin.
    """
    axis = Axis("time", first, last, gutter, sheet.width - 8)
    y = sheet.text("side", 0, sheet.height, wrap(words, sheet.width, 13, True), 13, True) + 6
    callouts, heights = _place_callouts(sheet, axis, [one for lane in lanes for one in lane.marks if one.label], focus)
    top = base = y + sum(heights)
    places: dict[Dated, float] = {}
    for index, lane in enumerate(lanes):
        if index:
            sheet.line("lanes", 0.0, sheet.width - 8.0, base, base, "grid")
        stack = _stack(lane.marks, axis, _PITCH)
        high = (max((level for _, level in stack), default=0) + 1) * _PITCH + 6
        if gutter:
            high = max(high, _LEADING + 4)
            sheet.text("lane", 0, base + high - _LEADING - 2, lane.name, SMALLEST, True)
        else:
            base = sheet.text("lane", 0, base + 2, lane.name, SMALLEST, True)
        base += high
        for one, level in stack:
            places[one] = at = base - 4 - _RADIUS - level * _PITCH
            layer = f"said-{one.colour}-{one.shape}{'' if one.sure else '-about'}"
            sheet.dot(layer, one.day, at, one.colour, axis, _RADIUS, not one.sure, one.shape, one.tip)
    for callout in callouts:
        one, at = callout.of, top - sum(heights[: callout.row + 1])
        sheet.line("callout-line", one.day, one.day, at + 2, places[one] - _RADIUS - 1.5, "muted", axis)
        name = "callout-focus" if one is focus else "callout"
        sheet.text(name, callout.left, at, callout.lines, SMALLEST, bold=one is focus)
    sheet.line("axis", axis.left, axis.right, base, base, "ink", thick=1.4)
    for name in ("callout-line", "lanes"):
        sheet.to_back(name)
    sheet.height = base
    return axis, top


def _stack(said: Sequence[Dated], axis: Axis, pitch: float) -> list[tuple[Dated, int]]:
    """Each mark with the lowest level on which it covers no other."""
    placed: list[tuple[Dated, int]] = []
    for one in sorted(said, key=lambda one: one.day):
        x = axis.place(one.day)
        near = {level for other, level in placed if x - axis.place(other.day) < pitch}
        placed.append((one, next(level for level in range(len(placed) + 1) if level not in near)))
    return placed


@dataclass(frozen=True, slots=True)
class _Callout:
    """Words beside the line that leads down to their mark."""

    of: Dated
    lines: list[str]
    left: float
    row: int
    """From the lowest up."""


_TIGHT = 64
"""Pixels: the narrowest measure for the words of a callout."""


def _place_callouts(
    sheet: Sheet, axis: Axis, labelled: Sequence[Dated], focus: Dated | None
) -> tuple[list[_Callout], list[float]]:
    """Each callout, and the heights of the rows, so that no line runs through the words of another.

    Words stand right of their line, set in a narrower measure where that saves a row. Those too near to the right edge
    stand left of it, above all others.
    """
    edge, floor, placed, flipped = sheet.width + 6.0, [sheet.width + 6.0], [], []
    for one in sorted(labelled, key=lambda one: one.day, reverse=True):
        x, bold = axis.place(one.day), one is focus
        if edge - x - 15 < _TIGHT:
            flipped.append(one)
            edge = x
            continue
        free = min(*floor, edge) - x - 15
        room = edge - x - 15 if free < 110 else free
        lines = wrap_evenly(one.label, min(190 if bold else 178, room), SMALLEST, bold)
        end = x + 15 + max(text_width(line, SMALLEST, bold) for line in lines)
        row = next((row for row in range(len(floor)) if end <= min(floor[row:])), len(floor))
        floor = [*floor, 0.0][: max(len(floor), row + 1)]
        floor[row] = x + 5
        placed.append(_Callout(one, lines, x + 5, row))
    lowest = max((callout.row for callout in placed), default=-1) + 1
    ends: list[float] = []
    for one in reversed(flipped):
        x = axis.place(one.day)
        lines = wrap_evenly(one.label, min(178, x - 8), SMALLEST, one is focus)
        left = x - 5 - max(text_width(line, SMALLEST, one is focus) for line in lines)
        row = next((row for row in range(len(ends)) if left >= max(ends[row:])), len(ends))
        ends = [*ends, 0.0][: max(len(ends), row + 1)]
        ends[row] = x + 10
        placed.append(_Callout(one, lines, left, lowest + row))
    count = max((callout.row for callout in placed), default=-1) + 1
    heights = [max(len(one.lines) for one in placed if one.row == row) * _LEADING + 8 for row in range(count)]
    return placed, heights


def lay_scale(sheet: Sheet, axis: Axis) -> None:
    """The years of an axis that is already drawn."""
    base = sheet.height
    _lay_years(sheet, axis, base + 6, base + 22, base)
    sheet.height = base + 34


def _lay_happened(sheet: Sheet, story: Story, axis: Axis, gutter: float) -> dict[Dated, float]:
    """What happened, in lanes below an axis that is already drawn. Returns the height of each mark."""
    base = sheet.height
    places: dict[Dated, float] = {}
    y = base + 30
    for index, lane in enumerate(story.happened):
        if index:
            sheet.line("lanes", 0.0, sheet.width - 8.0, y - 8, y - 8, "grid")
        y = _lay_lane(sheet, lane, axis, y, gutter, places)
    _lay_years(sheet, axis, base + 6, y - 8, base)
    sheet.to_back(f"years-{axis.right:.0f}")
    sheet.height = y
    return places


def _lay_lane(sheet: Sheet, lane: Lane, axis: Axis, y: float, gutter: float, places: dict[Dated, float]) -> float:
    names = wrap(lane.name, gutter - 10, SMALLEST, True)
    end_of_name = sheet.text("lane", 0, y, names, SMALLEST, True)
    taken, placed = _Levels(), []
    for mark in lane.marks:
        start = axis.place(max(mark.day, axis.low))
        end = max(start, axis.place(max(mark.last, mark.force)))
        right, left = sheet.width - end - 12, start - axis.left - 12
        flipped = right < min(left, 150)
        lines = wrap_evenly(mark.label, min(310, left if flipped else right) - 2, SMALLEST)
        width = max((text_width(line, SMALLEST) for line in lines), default=0)
        at = start - 10 if flipped else end + 10
        stretch = (at - width, end + 6) if flipped else (start - 6, at + width if lines else end + 6)
        placed.append((mark, lines, at, "right" if flipped else "left", taken.take(stretch[0], stretch[1] + 6)))
    for level in range(len(taken.ends)):
        row = [entry for entry in placed if entry[4] == level]
        for mark, lines, at, align, _ in row:
            places[mark] = y + 8
            _lay_mark(sheet, mark, axis, y + 8)
            sheet.text(f"mark-label-{align}", at, y + 0.5, lines, SMALLEST, align=align)
        y += max(14.0, max(len(lines) for _, lines, *_ in row) * _LEADING) + 4
    return max(y, end_of_name) + 12


def _lay_mark(sheet: Sheet, mark: Dated, axis: Axis, y: float) -> None:
    tip = mark.tip
    layer = f"mark-{mark.colour}-{mark.shape}{'' if mark.sure else '-about'}"
    if mark.force:  # announced on one day, in force from another
        sheet.line("force", mark.day, mark.force, y, y, mark.colour, axis, thick=1.6)
        sheet.line("force-from", mark.force, mark.force, y - 5, y + 5, mark.colour, axis, thick=1.6)
    if mark.day < axis.low:
        sheet.dot(f"{layer}-earlier", axis.left + 6.0, y, mark.colour, radius=5, shape="triangle-left", tip=tip)
    elif mark.last > mark.day and axis.place(mark.last) - axis.place(mark.day) < 7:
        sheet.dot(f"{layer}-short", mark.day, y, mark.colour, axis, 5, not mark.sure, "square", tip)
    elif mark.last > mark.day:
        sheet.bar(f"{layer}-span", mark.day, mark.last, y - 5, y + 5, mark.colour, axis, tip, radius=2)
    else:
        sheet.dot(layer, mark.day, y, mark.colour, axis, 5, not mark.sure, mark.shape, tip)


# --- a calendar -------------------------------------------------------------------------------

_DOTS = 5
"""Markers beside one another, left of the line of time."""
_DOT = 9.8
"""From the middle of one of them to that of the next."""
_EMPTY = 8.0
"""Height of a month in which nothing stands."""


@dataclass(slots=True)
class _Month:
    """A row of the calendar."""

    said: list[Dated] = field(default_factory=list)
    told: list[Dated] = field(default_factory=list)
    """With words."""
    marks: list[Dated] = field(default_factory=list)
    """Without."""


def _lay_calendar(sheet: Sheet, story: Story) -> None:
    """A row for each month, from the top down, as high as its words ask for."""
    y = sheet.text("side", 0, sheet.height, wrap(story.heading, sheet.width, 13, True), 13, True) + 4
    rows, columns = _fill_months(story), _columns(story)
    rail = max(text_width(name, SMALLEST) for name in story.months.values()) + _DOTS * _DOT + 7
    left = rail + 6 + 8 * (max(columns.values(), default=-1) + 1) + 4
    ends: dict[str, tuple[float, float]] = {}
    top = y
    for month, row in sorted(rows.items()):
        if month.endswith("-01"):
            sheet.line("years", 0.0, float(sheet.width), y, y, "grid")
            y = sheet.text("year", 0, y + 4, month[:4], SMALLEST, True, "muted") + 2
        after = _lay_month(sheet, story, month, row, y, rail, left)
        ends[month] = (y, after)
        y = after
    sheet.line("rail", rail, rail, top, y, "ink", thick=1.4)
    for mark, column in columns.items():
        start, end = _height_of(mark.day, ends), _height_of(mark.last, ends)
        x = rail + 6 + 8 * column
        name = f"span-{mark.colour}{'' if mark.sure else '-about'}"
        sheet.bar(name, x, x + 6, start, max(end, start + 6), mark.colour, tip=mark.tip, radius=2)
    if story.period:
        high, low = ends[max(story.period.day[:7], min(ends))][0], ends[story.period.last[:7]][1]
        sheet.bar("period", 0.0, float(sheet.width), high, low, story.period.colour, opacity=0.1)
    for name in ("rail", "years", "period"):
        sheet.to_back(name)
    sheet.height = y + 4


def _fill_months(story: Story) -> dict[str, _Month]:
    years = range(int(story.first[:4]), int(story.last[:4]))
    rows = {f"{year}-{month:02}": _Month() for year in years for month in range(1, 13)}
    earliest = min(rows)
    for lane in story.said:
        for one in lane.marks:
            rows[one.day[:7]].said.append(one)
            if one.label:
                rows[one.day[:7]].told.append(one)
    for lane in story.happened:
        for one in lane.marks:
            row = rows[max(one.day[:7], earliest)]
            (row.told if one.label else row.marks).append(one)
    return rows


def _columns(story: Story) -> dict[Dated, int]:
    """Of each period: its place beside the others that run at the same time."""
    ends: list[str] = []
    columns = {}
    spans = [one for lane in story.happened for one in lane.marks if one.last > one.day >= story.first]
    for span in sorted(spans, key=lambda one: (one.day, one.last)):
        column = next((column for column, end in enumerate(ends) if end < span.day), len(ends))
        ends[column : column + 1] = [span.last]
        columns[span] = column
    return columns


def _height_of(day: str, ends: Mapping[str, tuple[float, float]]) -> float:
    top, bottom = ends[min(day[:7], max(ends))]
    return top + (bottom - top) * (int(day[8:10]) - 1) / 30


def _lay_month(sheet: Sheet, story: Story, month: str, row: _Month, y: float, rail: float, left: float) -> float:
    """One row, what was said left of the line of time and what happened right of it; returns where the next begins."""
    if not (row.said or row.told or row.marks):
        return y + _EMPTY
    sheet.text("month", 0, y, story.months[month[5:7]], SMALLEST, colour="muted")
    said = sorted(row.said, key=lambda one: (not one.label, one.day))  # what has words stands next to them
    for place, one in enumerate(said):
        x, at = rail - 7 - (place % _DOTS) * _DOT, y + 8 + (place // _DOTS) * _PITCH
        layer = f"said-{one.colour}-{one.shape}{'' if one.sure else '-about'}"
        sheet.dot(layer, x, at, one.colour, None, 4.4, not one.sure, one.shape, one.tip)
    low = y + _LEADING + ((len(said) - 1) // _DOTS) * _PITCH
    at = y
    for one in sorted(row.told, key=lambda one: (one not in row.said, one.day)):
        bold = one is story.focus
        if one in row.said:
            name, colour, thick = ("focus", one.colour, 1.6) if bold else ("callout-line", "muted", 1.0)
            sheet.line(name, rail - 1, left + 10, at + 8, at + 8, colour, thick=thick)
        elif one.last == one.day:
            layer = f"mark-{one.colour}-{one.shape}{'' if one.sure else '-about'}"
            sheet.dot(layer, left + 5, at + 8, one.colour, None, _RADIUS, not one.sure, one.shape, one.tip)
        lines = wrap(one.label, sheet.width - left - 14, SMALLEST, bold)
        at = sheet.text("callout-focus" if bold else "callout", left + 14, at, lines, SMALLEST, bold) + 3
    for place, one in enumerate(row.marks):
        layer = f"mark-{one.colour}-{one.shape}{'' if one.sure else '-about'}"
        earlier = one.day < story.first
        shape = "triangle-up" if earlier else one.shape
        layer += "-earlier" if earlier else ""
        x = left + 5 + place * _PITCH
        sheet.dot(layer, x, at + 8, one.colour, None, _RADIUS, not one.sure, shape, one.tip)
    return max(low, at + (_LEADING if row.marks else 0))


# --- stairs of dates --------------------------------------------------------------------------


def lay_stairs(sheet: Sheet, steps: Sequence[Dated], first: str, last: str) -> None:
    """Dated things one under the other: on a wide sheet at their place on a time scale, on a narrow one along a rail."""
    if sheet.width >= WIDE:
        _lay_wide_stairs(sheet, steps, first, last)
    else:
        _lay_rail(sheet, steps)


def _lay_wide_stairs(sheet: Sheet, steps: Sequence[Dated], first: str, last: str) -> None:
    axis = Axis("time", first, last, 0, _STRIP)
    left, top = _STRIP + 26.0, sheet.height
    y, told = top + 24, ""
    for step in steps:
        _lay_mark(sheet, step, axis, y + 8)
        place = axis.place(max(step.last, step.force, axis.low))
        sheet.line("leader", place + 9, left - 6, y + 8, y + 8, "grid")
        after, told = _lay_head(sheet, step, told, left, y)
        y = sheet.text("words", left, after, wrap(step.words, sheet.width - left, 13), 13) + 11
    _lay_years(sheet, axis, top, y - 4, top)
    sheet.to_back(f"years-{axis.right:.0f}")
    sheet.height = y + 4


def _lay_head(sheet: Sheet, step: Dated, told: str, left: float, y: float) -> tuple[float, str]:
    """Date and name, unless the step before had the same; returns where the words begin, and what was told."""
    if step.head == told:
        return y, told
    return sheet.text("when", left, y, wrap(step.head, sheet.width - left, 12, True), 12, True, "muted"), step.head


def _lay_rail(sheet: Sheet, steps: Sequence[Dated]) -> None:
    y = top = sheet.height
    told = ""
    for step in steps:
        layer = f"rail-{step.colour}-{step.shape}{'' if step.sure else '-about'}"
        shape = "square" if step.last > step.day else step.shape
        sheet.dot(
            f"{layer}-{shape}", 7.0, y + 8, step.colour, radius=5, hollow=not step.sure, shape=shape, tip=step.tip
        )
        after, told = _lay_head(sheet, step, told, 22, y)
        y = sheet.text("words", 22, after, wrap(step.words, sheet.width - 22, 12), 12) + 9
    sheet.line("rail", 7.0, 7.0, top + 8, y - 12, "grid", thick=2)
    sheet.to_back("rail")
    sheet.height = y + 4
