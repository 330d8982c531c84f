"""How dates are laid out: what was said above a time scale, what happened in lanes below it, stairs of dates.

A mark stands at its date; a period is a bar over the whole of it, never spread over its months; an uncertain date is a
hollow marker; something earlier than the scale is an arrow at its edge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from builder.drawing import WIDE, Axis, Sheet, text_width, wrap

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

    @property
    def head(self) -> str:
        """Date and name."""
        return " · ".join(part for part in (self.when, self.who) if part)

    @property
    def tip(self) -> str:
        """All of it in one line."""
        return f"{self.head}: {self.words}"


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of a timeline below the axis."""

    name: str
    marks: tuple[Dated, ...]


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


def _lay_years(sheet: Sheet, axis: Axis, y: float, bottom: float, top: float) -> None:
    first, last = int(axis.low[:4]), int(axis.high[:4])
    for year in range(first, last + 1):
        day = f"{year}-01-01"
        if axis.place(day) > axis.right - 4:
            continue
        sheet.line(f"years-{axis.right:.0f}", day, day, top, bottom, "grid", axis)
        sheet.text("year", axis.place(day) + 4, y, str(year), 11.5, True, "muted")


def lay_swarm(sheet: Sheet, said: Sequence[Dated], words: str, first: str, last: str, radius: float) -> Axis:
    """What was said, as markers stacked above the axis; those with a label carry it on a line."""
    axis = Axis("time", first, last, 0, sheet.width - 8)
    pitch = radius * 2 + 1.2
    placed = _stack(said, axis, pitch)
    y = sheet.text("side", 0, sheet.height, wrap(words, sheet.width, 13, True), 13, True) + 8
    labelled = [(one, level) for one, level in placed if one.label]
    if sheet.width < WIDE:  # no room for lines: the dates must do
        for one, _ in labelled:
            y = sheet.text("callout", 0, y, wrap(one.label, sheet.width, 12), 12) + 4
        labelled, y = [], y + 6
    noted, levels = _place_callouts(sheet, axis, labelled)
    step = max((len(lines) for *_, lines, _, _ in noted), default=0) * 15.6 + 8
    base = y + step * levels + (max((level for _, level in placed), default=0) + 1) * pitch + 10
    for one, level, lines, left, row in noted:
        at = y + (levels - 1 - row) * step
        sheet.line("callout-line", one.day, one.day, at + 2, base - 4 - (level + 1) * pitch, "muted", axis)
        sheet.text("callout", left, at, lines, 12)
    for one, level in placed:
        layer = f"said-{one.colour}-{one.shape}{'' if one.sure else '-about'}"
        at = base - 5 - radius - level * pitch
        sheet.dot(layer, one.day, at, one.colour, axis, radius, not one.sure, one.shape, one.tip)
    sheet.line("axis", axis.left, axis.right, base, base, "ink", thick=1.4)
    sheet.height = base
    return axis


def _stack(said: Sequence[Dated], axis: Axis, pitch: float) -> list[tuple[Dated, int]]:
    """Each mark with the lowest level on which it covers no other."""
    placed: list[tuple[Dated, int]] = []
    for one in sorted(said, key=lambda one: one.day):
        x = axis.place(one.day)
        near = {level for other, level in placed if x - axis.place(other.day) < pitch}
        placed.append((one, next(level for level in range(len(placed) + 1) if level not in near)))
    return placed


def _place_callouts(
    sheet: Sheet, axis: Axis, labelled: Sequence[tuple[Dated, int]]
) -> tuple[list[tuple[Dated, int, list[str], float, int]], int]:
    """From the right to the left, so that no line runs through the words of another."""
    floor, noted = [sheet.width + 60.0], []
    for one, level in reversed(labelled):
        x = axis.place(one.day)
        room = sheet.width - x - 4
        flipped = room < 100
        lines = wrap(one.label, min(178, x - 8 if flipped else room), 12)
        width = max(text_width(line, 12) for line in lines)
        left = x - width - 5 if flipped else x + 5
        row = next((row for row, taken in enumerate(floor) if left + width + 10 < taken), len(floor))
        floor = [*floor, 0.0][: max(len(floor), row + 1)]
        floor[row] = left
        noted.append((one, level, lines, left, row))
    return noted, (max((row for *_, row in noted), default=-1) + 1)


def lay_lanes(sheet: Sheet, lanes: Sequence[Lane], axis: Axis) -> None:
    """What happened, in lanes below an axis that is already drawn."""
    base = sheet.height
    y = base + 34
    for lane in lanes:
        y = _lay_lane(sheet, lane, axis, y)
    _lay_years(sheet, axis, base + 6, y, base)
    sheet.to_back(f"years-{axis.right:.0f}")
    sheet.height = y + 8


def _lay_lane(sheet: Sheet, lane: Lane, axis: Axis, y: float) -> float:
    y = sheet.text("lane", 0, y, lane.name, 12, True) + 6
    taken, placed = _Levels(), []
    for mark in lane.marks:
        start = axis.place(max(mark.day, axis.low))
        end = max(start, axis.place(mark.last)) if mark.last > mark.day else start
        right, left = sheet.width - end - 12, start - 12
        lines = wrap(mark.label, min(310, right if right >= min(left, 130) else left) - 2, 12)
        width = max((text_width(line, 12) for line in lines), default=0)
        at = end + 11 if right >= min(left, 130) else start - 11 - width
        stretch = (min(start - 6, at), max(end + 6, at + width)) if lines else (start - 6, end + 6)
        placed.append((mark, lines, at, taken.take(stretch[0], stretch[1] + 6)))
    for level in range(len(taken.ends)):
        row = [entry for entry in placed if entry[3] == level]
        for mark, lines, at, _ in row:
            _lay_mark(sheet, mark, axis, y + 7)
            sheet.text("mark-label", at, y + 0.5, lines, 12)
        y += max(13.0, max(len(lines) for _, lines, *_ in row) * 15.6) + 4
    return y + 12


def _lay_mark(sheet: Sheet, mark: Dated, axis: Axis, y: float) -> None:
    tip = mark.tip
    layer = f"mark-{mark.colour}-{mark.shape}{'' if mark.sure else '-about'}"
    if mark.day < axis.low:
        sheet.dot(f"{layer}-earlier", axis.left + 5.0, y, mark.colour, radius=5, shape="triangle-left", tip=tip)
    elif mark.last > mark.day and axis.place(mark.last) - axis.place(mark.day) < 7:
        sheet.dot(f"{layer}-short", mark.day, y, mark.colour, axis, 5, not mark.sure, "square", tip)
    elif mark.last > mark.day:
        sheet.bar(f"{layer}-span", mark.day, mark.last, y - 5, y + 5, mark.colour, axis, tip, radius=2)
    else:
        sheet.dot(layer, mark.day, y, mark.colour, axis, 5, not mark.sure, mark.shape, tip)


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
    y = top + 24
    for step in steps:
        _lay_mark(sheet, step, axis, y + 8)
        after = sheet.text("when", left, y, wrap(step.head, sheet.width - left, 12, True), 12, True, "muted")
        y = sheet.text("words", left, after, wrap(step.words, sheet.width - left, 13), 13) + 11
    _lay_years(sheet, axis, top, y - 4, top)
    sheet.to_back(f"years-{axis.right:.0f}")
    sheet.height = y + 4


def _lay_rail(sheet: Sheet, steps: Sequence[Dated]) -> None:
    y = top = sheet.height
    for step in steps:
        layer = f"rail-{step.colour}-{step.shape}{'' if step.sure else '-about'}"
        shape = "square" if step.last > step.day else step.shape
        sheet.dot(
            f"{layer}-{shape}", 7.0, y + 8, step.colour, radius=5, hollow=not step.sure, shape=shape, tip=step.tip
        )
        after = sheet.text("when", 22, y, wrap(step.head, sheet.width - 22, 12, True), 12, True, "muted")
        y = sheet.text("words", 22, after, wrap(step.words, sheet.width - 22, 12.5), 12.5) + 9
    sheet.line("rail", 7.0, 7.0, top + 8, y - 12, "grid", thick=2)
    sheet.to_back("rail")
    sheet.height = y + 4
