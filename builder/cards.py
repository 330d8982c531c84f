"""Share cards: one picture for each public claim and language, laid out to the pixel.

A card says what a reader needs who sees nothing else: who said what and when, the verdict as a word with its shape, the
first number that it rests on with its limit, and to which day the data go. How it looks stands in `card.svg`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from builder import numerals, raster
from builder.diagnostics import Diagnostic, problem
from builder.model import Claim, Figure, Location, Page, Row
from builder.raster import Style
from builder.shelf import Shelf, data_date, words_of

WIDTH, HEIGHT = 1200, 630
"""The size for which every service that shows links has room."""
MARGIN = 56
LEGIBLE = 44
"""Pixels of the smallest letters of a verdict or number: 11 where the card is shown 300 wide."""

_RIGHT = WIDTH - MARGIN
_INNER = _RIGHT - MARGIN
_WORDS_BOTTOM = 398
_BOXES = (413, 574)
"""Top and bottom of the lower boxes."""
_WIDEST = 660
"""Where a verdict must end."""
_LARGE = (56, 52, 48, LEGIBLE)
_SHAPE = 60
_GAP = 20


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text in its place."""

    role: str
    """What it says, for the template to colour: `who`, `words`, `verdict`, `number`, …"""
    x: float
    y: float
    """Of the line on which the letters stand."""
    size: float
    bold: bool
    runs: tuple[tuple[str, str], ...]
    """Pieces with the font that draws each: a name of `raster.FILES`."""
    width: float

    @property
    def text(self) -> str:
        """What a reader sees."""
        return "".join(run for _, run in self.runs)


@dataclass(frozen=True, slots=True)
class Card:
    """A share card, laid out."""

    path: str
    language: str
    title: str
    rating: str
    shape: str
    """Of the rating; empty where no rating is shown."""
    lines: tuple[Line, ...]
    divider: float
    """Where the line between the two lower boxes stands; 0 where there is one box."""
    location: Location
    """Of the words that it shows."""

    @property
    def missing(self) -> str:
        """Letters that no own font holds: the card must not be drawn."""
        return raster.find_missing("".join(line.text for line in self.lines))


def lay_card(shelf: Shelf, claim: Claim, labelled: bool) -> Card:
    """The card of a claim. `labelled`: its first key figure counts by the label of war use, whose limit must stand beside it."""
    withdrawn = claim.front.status == "withdrawn"
    rating = shelf.theme.ratings[claim.front.rating]
    word = shelf.word("card.withdrawn") if withdrawn else shelf.tongue.choose(rating.words)[0]
    shown = _deciding(shelf, claim) if not withdrawn else None
    verdict, end = _lay_verdict(shelf, word, "" if withdrawn else rating.shape)
    right: list[Line] = []
    if shown:
        right = _lay_number(shelf, *shown, labelled, end + 2 * _GAP)
    elif not withdrawn:
        right = _lay_meaning(shelf.tongue.choose(rating.means)[0], end + 2 * _GAP)
    lines = (*_lay_head(shelf), *_lay_said(shelf, claim), *verdict, *right, *_lay_foot(shelf))
    place = claim.passages["claim.says"].text
    return Card(
        path=f"{shelf.language.code}/claims/{claim.slug}/card.png",
        language=shelf.language.code,
        title=claim.passages["title"].plain,
        rating=rating.id,
        shape="" if withdrawn else rating.shape,
        lines=lines,
        divider=end + _GAP if right else 0,
        location=Location(place.path, place.line, place.column),
    )


def check_cards(pages: Iterable[Page]) -> Iterator[Diagnostic]:
    """Cards that cannot be drawn, because their letters are in none of the own fonts."""
    for page in pages:
        card = page.values.get("share_card")
        if card is not None and card.missing:
            what = f"The share card of this claim in {card.language}"
            yield problem("T010", card.location, what=what, letters=" ".join(card.missing))


# --- what it says ---------------------------------------------------------------------------------


def _deciding(shelf: Shelf, claim: Claim) -> tuple[Figure, str] | None:
    """The first key figure with its number as it is told everywhere; None where the claim has none."""
    for name in claim.front.key_figures[:1]:
        figure = shelf.figures.get(name)
        if figure and figure.day:
            return figure, numerals.format_date(figure.day, "day", shelf.language)
        if figure and figure.told:
            return figure, numerals.format_told(figure.told, shelf.language)
    return None


def _quotation(row: Row | None, shelf: Shelf) -> str:
    """The very words, where they were said in the language of the page; else nothing."""
    if row is None or row.cells["kind"] != "quotation":
        return ""
    spoken, own = (code.partition("-")[0] for code in (row.cells["language"], shelf.language.code))
    return row.cells["original"] if spoken == own else ""


# --- where it stands --------------------------------------------------------------------------------


def _line(role: str, text: str, x: float, y: float, size: float, style: Style) -> Line:
    return Line(
        role,
        round(x, 1),
        round(y, 1),
        size,
        style == "bold",
        tuple(raster.split_by_font(text, style)),
        raster.text_width(text, size, style),
    )


def _from_right(role: str, text: str, right: float, y: float, size: float, style: Style) -> Line:
    return _line(role, text, right - raster.text_width(text, size, style), y, size, style)


@dataclass(frozen=True, slots=True)
class _Frame:
    """Room for a text, and how it is set in it."""

    role: str
    width: float
    height: float
    sizes: tuple[int, ...]
    """Tried from the largest; at the last one a text that is still too long is shortened."""
    style: Style
    leading: float

    def most(self, size: int) -> int:
        """How many lines have room."""
        return max(1, int(self.height / (size * self.leading)))

    def holds(self, text: str, size: int) -> bool:
        """True when the text fits in this size."""
        lines = raster.wrap(text, self.width, size, self.style)
        return len(lines) <= self.most(size) and all(self._measure(line, size) <= self.width for line in lines)

    def _measure(self, line: str, size: int) -> float:
        return raster.text_width(line, size, self.style)

    def fit(self, text: str, around: str = "{words}") -> tuple[int, list[str]]:
        """The size and the lines. What stands `around` the text is never cut."""

        def whole(words: str) -> str:
            return numerals.fill_gaps(around, words=words)

        size = next((size for size in self.sizes if self.holds(whole(text), size)), self.sizes[-1])
        short = raster.shorten(text, lambda words: self.holds(whole(words), size))
        return size, raster.wrap_evenly(whole(short), self.width, size, self.style)

    def lay(self, lines: Iterable[str], x: float, y: float, size: int) -> list[Line]:
        """The lines, the first one standing at `y`."""
        return [
            _line(self.role, text, x, y + i * size * self.leading, size, self.style) for i, text in enumerate(lines)
        ]


def _lay_head(shelf: Shelf) -> Iterator[Line]:
    yield _line("site", shelf.theme.name, MARGIN + 58, 52, 38, "bold")
    if not shelf.theme.published:
        yield _from_right("unpublished", shelf.word("unpublished.name"), _RIGHT - 16, 49, 26, "bold")


def _lay_said(shelf: Shelf, claim: Claim) -> Iterator[Line]:
    """Speaker and date, then the words: a quotation in quotation marks, or our paraphrase, which says that it is one."""
    row = shelf.dataset.row("statements", claim.front.claim.statement)
    top = 96
    if row is not None:
        day = shelf.tongue.date(row.cells["date"], row.cells["precision"])
        left = _INNER - raster.text_width(day, 28, "sans") - 24
        _, (who,) = _Frame("who", left, 34, (28,), "bold", 1.2).fit(shelf.own(row, "speaker")[0])
        speaker = _line("who", who, MARGIN, top + 32, 28, "bold")
        yield speaker
        yield _line("when", day, MARGIN + speaker.width + 24, top + 32, 28, "sans")
        top += 44
    quoted = _quotation(row, shelf)
    if not quoted:
        yield _line("told", shelf.word("said.paraphrase"), MARGIN, top + 28, 26, "sans")
        top += 36
    room = _Frame("words", _INNER, _WORDS_BOTTOM - top - 14, tuple(range(64, 32, -2)), "serif", 1.22)
    words = quoted or claim.passages["claim.says"].plain
    size, lines = room.fit(words, shelf.word("card.quoted") if quoted else "{words}")
    first = top + 14 + (room.height - len(lines) * size * 1.22) / 2 + size * 0.95
    yield from room.lay(lines, MARGIN, first, size)


def _lay_verdict(shelf: Shelf, word: str, shape: str) -> tuple[list[Line], float]:
    """The rating beside its shape, and where its box ends."""
    name = _line("label", shelf.word("verdict.title"), MARGIN, _BOXES[0] + 36, 24, "sans")
    left = MARGIN + (_SHAPE + _GAP if shape else 0)
    room = _Frame("verdict", _WIDEST - left, 107, _LARGE, "bold", 1.1)
    size, lines = room.fit(word)
    words = room.lay(lines, left, 530 if len(lines) == 1 else 504, size)
    return [name, *words], max(line.x + line.width for line in (name, *words)) + _GAP


def _lay_number(shelf: Shelf, figure: Figure, told: str, labelled: bool, left: float) -> list[Line]:
    """The number over what it counts; what a label of war use cannot show stands under it and is never cut."""
    width = _RIGHT - left
    number = _Frame("number", width, 93, _LARGE, "bold", 1.05)
    size, lines = number.fit(told)
    taken = len(lines) * size * 1.05
    label = _Frame("label", width, _BOXES[1] - _BOXES[0] - 10 - taken, (24,), "sans", 1.2)
    words = words_of(shelf.content.figure_words, shelf, figure.id)
    limit = f" {shelf.word('limit.label')}" if labelled else ""
    _, under = label.fit(words["label"].plain if "label" in words else figure.id, f"{{words}}{limit}")
    y = (_BOXES[0] + _BOXES[1] - taken - len(under) * 24 * 1.2) / 2 + size * 0.83
    below = y + taken - size * 1.05 + 24 * 1.5
    return [*number.lay(lines, left, y, size), *label.lay(under, left, below, 24)]


def _lay_meaning(means: str, left: float) -> list[Line]:
    """What the rating says, where no number stands beside it."""
    room = _Frame("means", _RIGHT - left, 146, (28, 26, 24), "sans", 1.25)
    size, lines = room.fit(means)
    middle = (_BOXES[0] + _BOXES[1]) / 2
    return room.lay(lines, left, middle + size * 0.35 - (len(lines) - 1) * size * 1.25 / 2, size)


def _lay_foot(shelf: Shelf) -> Iterator[Line]:
    if day := data_date(shelf):
        told = shelf.word("verdict.data", date=numerals.format_date(day, "day", shelf.language))
        yield _line("foot", told, MARGIN, 612, 24, "sans")
    if shelf.theme.url:
        _, (address,) = _Frame("foot", 560, 30, (24,), "sans", 1.2).fit(shelf.theme.url.partition("://")[2])
        yield _from_right("foot", address, _RIGHT, 612, 24, "sans")
