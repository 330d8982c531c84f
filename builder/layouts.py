"""How each kind of picture is laid out: ladders of amounts, fields of items, timelines, stairs of dates, a family tree.

A layout is told in plain strings and numbers, knows nothing of drones, and draws the same on a wide and a narrow
sheet. What is not known stays visible: an open end dissolves and carries an arrow, a missing point is a dashed box,
an uncertain date a hollow marker. Only bars start at zero, and no line ever joins two totals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from builder.drawing import Axis, Sheet, text_width, wrap

WIDE, NARROW = 680, 340
_GUTTER = 262
"""Where the plot begins on a wide sheet; the words stand left of it."""
_STRIP = 224
"""Width of the time scale of stairs on a wide sheet; the words stand right of it."""


@dataclass(frozen=True, slots=True)
class Amount:
    """One number with its words."""

    name: str
    detail: str
    """Scope, period and reporter."""
    told: str
    low: float | None
    """None: not published."""
    high: float | None
    """None: no upper end. Equal to `low` when exact."""
    colour: str = "1"


@dataclass(frozen=True, slots=True)
class Ladder:
    """Amounts of one unit under each other."""

    heading: str
    note: str
    amounts: tuple[Amount, ...]
    top: float
    """The scale's end."""
    ticks: tuple[tuple[float, str], ...]
    bars: bool = True
    """False draws points on a track, for shares."""


@dataclass(frozen=True, slots=True)
class Items:
    """Some of the items of a field, alike."""

    count: int
    told: str
    words: str
    colour: str
    known: bool
    """False draws them dashed: known only in total."""


@dataclass(frozen=True, slots=True)
class Field:
    """Every item as a square."""

    heading: str
    detail: str
    items: tuple[Items, ...]
    more: str
    """Words for what may come on top, or empty when the number is exact."""


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


@dataclass(frozen=True, slots=True)
class Leaf:
    """Who repeats something, with what is said."""

    name: str
    detail: str
    depth: int
    colour: str = "1"


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


def lay_headline(sheet: Sheet, title: str) -> None:
    """The finding, on a sheet that travels without its page."""
    sheet.height = sheet.text("headline", 0, 0, wrap(title, sheet.width, 19, True), 19, True) + 14


def lay_key(sheet: Sheet, entries: Sequence[tuple[str, str, bool, str]]) -> None:
    """What the markers mean: shape, colour, whether hollow, words. In lines, no box."""
    x, y = 0.0, sheet.height
    for index, (shape, colour, hollow, words) in enumerate(entries):
        wide = 20 + text_width(words, 12)
        if x and x + wide > sheet.width:
            x, y = 0.0, y + 20
        sheet.dot(f"key-{index}", x + 6.0, y + 8, colour, radius=5, hollow=hollow, shape=shape, tip=words)
        sheet.text("key-words", x + 17, y + 2, words, 12, colour="muted")
        x += wide + 18
    sheet.height = y + 30


# --- ladders ----------------------------------------------------------------------------------


def lay_ladder(sheet: Sheet, ladder: Ladder, name: str) -> None:
    """Amounts of one unit, each with its words, on one scale from zero."""
    wide = sheet.width >= WIDE
    left = _gutter(ladder) if wide else 0.0
    axis = Axis("number", 0, ladder.top, left, sheet.width - 44)
    y = sheet.height
    if ladder.heading:
        y = sheet.text("heading", 0, y, wrap(ladder.heading, sheet.width, 14, True), 14, True) + 1
    if ladder.note:
        y = sheet.text("note", 0, y, wrap(ladder.note, sheet.width, 12), 12, colour="muted")
    y += 10
    for amount in ladder.amounts:
        column = left - 22 if wide else sheet.width
        lines = wrap(amount.name, column, 13, True)
        details = [line for part in amount.detail.split("\n") for line in wrap(part, column, 12)]
        end = sheet.text("name", 0, y, lines, 13, True)
        end = sheet.text("detail", 0, end + 1, details, 12, colour="muted")
        at = y if wide else end + 3
        if amount.low is not None:
            for value, _ in ladder.ticks:
                sheet.line(f"{name}-grid", value, value, at + 18, at + 41, "grid", axis)
        _lay_amount(sheet, ladder, amount, axis, at, name)
        y = max(end, at + 42) + 14
    for value, words in ladder.ticks:
        at = axis.place(value)
        align = "left" if value == 0 else "right" if at > axis.right - 20 and not wide else "center"
        sheet.text(f"ticks-{align}", at, y - 8, words, 11, colour="muted", align=align)
    sheet.height = y + (18 if ladder.ticks else 4)


def _gutter(ladder: Ladder) -> float:
    if any(amount.detail for amount in ladder.amounts):
        return _GUTTER
    return min(_GUTTER, max(text_width(amount.name, 13, True) for amount in ladder.amounts) + 26)


def _lay_amount(sheet: Sheet, ladder: Ladder, amount: Amount, axis: Axis, y: float, name: str) -> None:
    tip = f"{amount.name}: {amount.told}"
    if amount.low is None:
        sheet.bar(f"{name}-missing", axis.left, axis.right, y + 4, y + 30, "3", tip=tip, opacity=0.06, dashed=True)
        sheet.text("missing", axis.left + 10, y + 10, amount.told, 12, colour="muted")
        return
    sheet.text("told", axis.left, y, amount.told, 14, True)
    top, bottom = y + 22, y + 37
    style = f"{name}-{amount.colour}"
    end = amount.low if amount.high is None else amount.high
    if not ladder.bars:
        sheet.line(f"{name}-track", 0, ladder.top, top + 7, top + 7, "grid", axis, thick=3)
    if amount.low == 0 and amount.high:  # somewhere below its end
        sheet.bar(f"{style}-below", 0, amount.high, top, bottom, amount.colour, axis, tip, 0.12, dashed=True)
        return
    if ladder.bars:
        sheet.bar(style, 0, amount.low, top, bottom, amount.colour, axis, tip)
    else:
        sheet.dot(style, amount.low, top + 7, amount.colour, axis, radius=7, tip=tip)
    if amount.high is None:
        _lay_open_end(sheet, axis.place(amount.low) + (0 if ladder.bars else 10), top, bottom, amount.colour, tip)
    elif axis.place(end) - axis.place(amount.low) >= 2:
        sheet.bar(f"{style}-room", amount.low, end, top, bottom, amount.colour, axis, tip, 0.35)


def _lay_open_end(sheet: Sheet, x: float, top: float, bottom: float, colour: str, tip: str) -> None:
    for step, opacity in enumerate((0.55, 0.35, 0.18)):
        sheet.bar(f"open-{colour}-{step}", x + 2 + step * 8, x + 8 + step * 8, top, bottom, colour, tip=tip, opacity=opacity)
    sheet.dot(f"open-{colour}", x + 32, (top + bottom) / 2, colour, radius=5, shape="triangle-right", tip=tip)


# --- fields of items --------------------------------------------------------------------------


def lay_field(sheet: Sheet, shown: Field, name: str, pitch: float, across: int) -> None:
    """Every item as a square, those known one by one solid, the others dashed; then what each part is."""
    y = sheet.height
    if shown.heading:
        y = sheet.text("heading", 0, y, wrap(shown.heading, sheet.width, 14, True), 14, True) + 1
    if shown.detail:
        y = sheet.text("note", 0, y, wrap(shown.detail, sheet.width, 12), 12, colour="muted")
    y += 8
    size, place = pitch * 0.8, 0
    for items in shown.items:
        for _ in range(items.count):
            x, row = (place % across) * pitch + 1, y + (place // across) * pitch
            layer = f"{name}-{items.colour}{'' if items.known else '-total'}"
            tip = f"{items.told} {items.words}"
            opacity = 1.0 if items.known else 0.16
            sheet.bar(layer, x, x + size, row, row + size, items.colour, tip=tip, opacity=opacity, dashed=not items.known, radius=2)
            place += 1
    if shown.more:
        x, row = (place % across) * pitch + 1, y + (place // across) * pitch
        _lay_open_end(sheet, x - 3, row, row + size, shown.items[-1].colour, shown.more)
        place += 1
    y += ((place - 1) // across + 1) * pitch + 6
    for items in shown.items:
        if not items.told:
            continue
        layer = f"{name}-key-{items.colour}{'' if items.known else '-total'}"
        opacity = 1.0 if items.known else 0.16
        sheet.bar(layer, 1.0, 13.0, y + 3, y + 15, items.colour, opacity=opacity, dashed=not items.known, radius=2)
        sheet.text("told", 22, y, items.told, 14, True)
        shift = 22 + text_width(items.told, 14, True) + 7
        lines = wrap(items.words, sheet.width - shift, 13)
        y = sheet.text("part", shift, y + 1, lines, 13) + 5
    if shown.more:
        sheet.dot(f"{name}-key-more", 7.0, y + 9, shown.items[-1].colour, radius=5, shape="triangle-right")
        y = sheet.text("part", 22, y + 1, wrap(shown.more, sheet.width - 22, 13), 13) + 5
    sheet.height = y + 14


# --- timelines --------------------------------------------------------------------------------


def _lay_years(sheet: Sheet, axis: Axis, y: float, bottom: float, top: float) -> None:
    first, last = int(axis.low[:4]), int(axis.high[:4])
    for year in range(first, last + 1):
        day = f"{year}-01-01"
        if axis.place(day) > axis.right - 4:
            continue
        sheet.line("years", day, day, top, bottom, "grid", axis)
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
    _to_back(sheet, "years")
    sheet.height = y + 8


def _lay_lane(sheet: Sheet, lane: Lane, axis: Axis, y: float) -> float:
    y = sheet.text("lane", 0, y, lane.name, 12, True) + 6
    taken, placed = _Levels(), []
    for mark in lane.marks:
        start = axis.place(max(mark.day, axis.low))
        end = max(start, axis.place(mark.last)) if mark.last > mark.day else start
        right, left = sheet.width - end - 12, start - 12
        lines = wrap(mark.label, min(250, right if right >= min(left, 130) else left) - 2, 12)
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
    _to_back(sheet, "years")
    sheet.height = y + 4


def _lay_rail(sheet: Sheet, steps: Sequence[Dated]) -> None:
    y = top = sheet.height
    for step in steps:
        layer = f"rail-{step.colour}-{step.shape}{'' if step.sure else '-about'}"
        shape = "square" if step.last > step.day else step.shape
        sheet.dot(f"{layer}-{shape}", 7.0, y + 8, step.colour, radius=5, hollow=not step.sure, shape=shape, tip=step.tip)
        after = sheet.text("when", 22, y, wrap(step.head, sheet.width - 22, 12, True), 12, True, "muted")
        y = sheet.text("words", 22, after, wrap(step.words, sheet.width - 22, 12.5), 12.5) + 9
    sheet.line("rail", 7.0, 7.0, top + 8, y - 12, "grid", thick=2)
    _to_back(sheet, "rail")
    sheet.height = y + 4


def _to_back(sheet: Sheet, name: str) -> None:
    if name in sheet.layers:
        sheet.layers = {name: sheet.layers.pop(name)} | sheet.layers


# --- a family tree ----------------------------------------------------------------------------


def lay_tree(sheet: Sheet, leaves: Sequence[Leaf]) -> None:
    """Who repeats whom: each leaf hangs from the nearest one above it that stands further left."""
    indent = 34 if sheet.width >= WIDE else 22
    y = sheet.height
    open_at: dict[int, float] = {}
    for leaf in leaves:
        x = leaf.depth * indent + 6.0
        middle = y + 9
        if leaf.depth:
            trunk = (leaf.depth - 1) * indent + 6.0
            sheet.line("branch", trunk, trunk, open_at[leaf.depth - 1], middle, "3", thick=1.4)
            sheet.line("branch", trunk, x, middle, middle, "3", thick=1.4)
        room = sheet.width - x - 16
        sheet.dot(f"leaf-{leaf.colour}", x, middle, leaf.colour, radius=6, tip=leaf.name)
        after = sheet.text("name", x + 15, y, wrap(leaf.name, room, 13, True), 13, True)
        if leaf.detail:
            after = sheet.text("detail", x + 15, after, wrap(leaf.detail, room, 12), 12, colour="muted")
        open_at[leaf.depth] = middle
        y = after + 9
    _to_back(sheet, "branch")
    sheet.height = y + 4
