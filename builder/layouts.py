"""How amounts are laid out: ladders on one scale, fields of items, a family tree of sources; and what every chart has.

A layout is told in plain strings and numbers, knows nothing of drones, and draws on a wide and a narrow sheet. What is
not known stays visible: an open end dissolves and carries an arrow, a missing point is a dashed box. Only bars start
at zero, and no line ever joins two totals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from builder.drawing import WIDE, Axis, Sheet, text_width, wrap

_GUTTER = 262
"""Where the plot begins on a wide sheet; the words stand left of it."""


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
class Tally:
    """So many of one thing."""

    name: str
    detail: str
    told: str
    count: int
    more: str
    """Words for what may come on top, or empty when the number is exact."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """Who repeats something, with what is said."""

    name: str
    detail: str
    depth: int
    colour: str = "1"


def lay_headline(sheet: Sheet, title: str) -> None:
    """The finding, on a sheet that travels without its page."""
    sheet.head = sheet.height = round(sheet.text("headline", 0, 0, wrap(title, sheet.width, 19, True), 19, True) + 14)


def lay_heading(sheet: Sheet, words: str) -> None:
    """A heading inside a picture."""
    sheet.height = sheet.text("side", 0, sheet.height, wrap(words, sheet.width, 13, True), 13, True) + 8


def lay_key(sheet: Sheet, entries: Sequence[tuple[str, str, bool, str]]) -> None:
    """What the markers mean: shape, colour, whether hollow, words. In lines, no box."""
    x, y, lines = 0.0, sheet.height, [""]
    for shape, colour, hollow, words in entries:
        if x and x + 17 + text_width(words, 12) > sheet.width:
            x, y = 0.0, y + 4 + 16 * len(lines)
        lines = wrap(words, sheet.width - 17, 12)
        layer = f"key-{shape}-{colour}{'-about' if hollow else ''}"
        sheet.dot(layer, x + 6.0, y + 8, colour, radius=5, hollow=hollow, shape=shape, tip=words)
        sheet.text("key-words", x + 17, y + 2, lines, 12, colour="muted")
        x += 35 + max(text_width(line, 12) for line in lines)
    sheet.height = y + 14 + 16 * len(lines)


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
    y += 8
    for value, words in ladder.ticks:
        at = axis.place(value)
        align = "left" if value == 0 else "right" if at > axis.right - 20 and not wide else "center"
        sheet.text(f"ticks-{align}", at, y, words, 12, colour="muted", align=align)
    y += 26 if ladder.ticks else 2
    for amount in ladder.amounts:
        column = left - 22 if wide else sheet.width
        lines = wrap(amount.name, column, 13, True)
        details = [line for part in amount.detail.split("\n") for line in wrap(part, column, 12)]
        end = sheet.text("name", 0, y, lines, 13, True)
        end = sheet.text("detail", 0, end + 1, details, 12, colour="muted")
        at = y if wide else end + 3
        if amount.low is not None:
            for value, _ in ladder.ticks:
                layer, colour = ("zero", "muted") if value == 0 else ("grid", "grid")
                sheet.line(f"{name}-{layer}", value, value, at + 19, at + 40, colour, axis)
        y = max(end, _lay_amount(sheet, ladder, amount, axis, at, name)) + 16
    sheet.height = y + 4


def _gutter(ladder: Ladder) -> float:
    if any(amount.detail for amount in ladder.amounts):
        return _GUTTER
    return min(_GUTTER, max(text_width(amount.name, 13, True) for amount in ladder.amounts) + 26)


def _lay_amount(sheet: Sheet, ladder: Ladder, amount: Amount, axis: Axis, y: float, name: str) -> float:
    """One amount at its place; returns where it ends."""
    tip = f"{amount.name} · {amount.told}"
    if amount.low is None:
        lines = wrap(amount.told, axis.right - axis.left - 20, 12)
        bottom = y + 14 + 16 * len(lines)
        sheet.bar(f"{name}-missing", axis.left, axis.right, y + 4, bottom, "3", tip=tip, opacity=0.06, dashed=True)
        sheet.text("missing", axis.left + 10, y + 10, lines, 12, colour="muted")
        return bottom
    sheet.text("told", axis.left, y, amount.told, 14, True)
    top, bottom, below = y + 22, y + 37, y + 40
    style = f"{name}-{amount.colour}"
    end = amount.low if amount.high is None else amount.high
    if not ladder.bars:
        sheet.line(f"{name}-track", 0, ladder.top, top + 7, top + 7, "grid", axis, thick=3)
    if amount.low == 0 and amount.high:  # somewhere below its end
        sheet.bar(f"{style}-below", 0, amount.high, top, bottom, amount.colour, axis, tip, 0.12, dashed=True)
        return below
    if ladder.bars:
        sheet.bar(style, 0, amount.low, top, bottom, amount.colour, axis, tip)
    else:
        shape = "circle" if amount.colour == "1" else "diamond"
        sheet.dot(style, amount.low, top + 7, amount.colour, axis, radius=7, shape=shape, tip=tip)
    if amount.high is None:
        _lay_open_end(sheet, axis.place(amount.low) + (0 if ladder.bars else 10), top, bottom, amount.colour, tip)
    elif axis.place(end) - axis.place(amount.low) >= 2:
        sheet.bar(f"{style}-room", amount.low, end, top, bottom, amount.colour, axis, tip, 0.35)
    return below


def _lay_open_end(sheet: Sheet, x: float, top: float, bottom: float, colour: str, tip: str) -> None:
    for step, opacity in enumerate((0.55, 0.35, 0.18)):
        sheet.bar(
            f"open-{colour}-{step}", x + 2 + step * 8, x + 8 + step * 8, top, bottom, colour, tip=tip, opacity=opacity
        )
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
            tip = f"{items.told} · {items.words}"
            opacity = 1.0 if items.known else 0.16
            sheet.bar(
                layer,
                x,
                x + size,
                row,
                row + size,
                items.colour,
                tip=tip,
                opacity=opacity,
                dashed=not items.known,
                radius=2,
            )
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


def lay_tallies(sheet: Sheet, tallies: Sequence[Tally], pitch: float, across: int) -> None:
    """Numbers of things, a square for each one, under each other as the bars of a ladder are."""
    wide = sheet.width >= WIDE
    left = float(_GUTTER) if wide else 0.0
    column = left - 22 if wide else sheet.width
    y = sheet.height
    for tally in tallies:
        end = sheet.text("name", 0, y, wrap(tally.name, column, 13, True), 13, True)
        end = sheet.text("detail", 0, end + 1, wrap(tally.detail, column, 12), 12, colour="muted")
        at = y if wide else end + 3
        sheet.text("told", left, at, tally.told, 14, True)
        size, at = pitch * 0.8, at + 21
        for place in range(tally.count):
            x, row = left + (place % across) * pitch + 1, at + (place // across) * pitch
            sheet.bar("items", x, x + size, row, row + size, "1", tip=f"{tally.told} · {tally.name}", radius=2)
        if tally.more:
            x, row = left + (tally.count % across) * pitch - 2, at + (tally.count // across) * pitch
            _lay_open_end(sheet, x, row, row + size, "1", tally.more)
            fits = x + 42 + text_width(tally.more, 12) <= sheet.width
            beside = (x + 42, row - 1) if fits else (left, row + pitch)
            at += 0 if fits else 16
            sheet.text("part", *beside, tally.more, 12, colour="muted")
        rows = (tally.count + bool(tally.more) - 1) // across + 1
        y = max(end, at + rows * pitch) + 12
    sheet.height = y


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
    sheet.to_back("branch")
    sheet.height = y + 4
