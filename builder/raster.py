"""PNG pictures, drawn with the site's own fonts: the only room that knows resvg.

No font of the machine is asked, so every machine draws the same bytes. The fonts lie in `fonts/` beside this module,
because they are part of what draws: the widths by which texts are laid out are read from the same files. `fonts/make.py`
makes them. A letter that none of them holds would be drawn as a box: `find_missing` names it beforehand.
"""

from __future__ import annotations

import hashlib
import re
import struct
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Literal

FOLDER = Path(__file__).parent / "fonts"

SANS, SERIF, HAN = "Declared Sans", "Declared Serif", "Declared Han"
"""The families. Those of the charts, whose letters are as wide, stand for the first one."""

FILES = {
    "sans": "sans-regular.ttf",
    "bold": "sans-bold.ttf",
    "serif": "serif-regular.ttf",
    "han": "han-regular.otf",
}
Style = Literal["sans", "bold", "serif"]
"""How a text is set. Chinese has one font: in bold, its strokes are thickened."""


@cache
def draws_with() -> str:
    """What the bytes of a picture hang on besides its SVG: the version of resvg, and the fonts."""
    fonts = hashlib.sha256(b"".join((FOLDER / name).read_bytes() for name in FILES.values())).hexdigest()
    return f"resvg-py {version('resvg-py')}, fonts {fonts[:16]}"


def draw_png(svg: str, zoom: float = 1) -> bytes:
    """The picture, `zoom` pixels for each of the SVG's. Raises `ValueError` where it is no SVG."""
    import resvg_py

    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            zoom=zoom,
            skip_system_fonts=True,
            font_files=[str(FOLDER / name) for name in FILES.values()],
            font_family=SANS,
            sans_serif_family=SANS,
            serif_family=SERIF,
        )
    )


# --- what the fonts hold ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Font:
    """A font's letters with their widths."""

    em: int
    """Units to the size of the letters."""
    widths: Mapping[int, int]
    """By code point, in those units."""


@cache
def read_font(name: str) -> Font:
    """One of `FILES`, read from its tables `cmap`, `hmtx`, `hhea` and `head`."""
    raw = (FOLDER / FILES[name]).read_bytes()
    tables = {}
    for i in range(struct.unpack_from(">H", raw, 4)[0]):
        tag, _, offset, _ = struct.unpack_from(">4sLLL", raw, 12 + 16 * i)
        tables[tag.decode()] = offset
    em = struct.unpack_from(">H", raw, tables["head"] + 18)[0]
    measured = struct.unpack_from(">H", raw, tables["hhea"] + 34)[0]
    pairs = struct.unpack_from(f">{2 * measured}H", raw, tables["hmtx"])
    widths = pairs[::2]
    letters = _read_letters(raw, tables["cmap"])
    return Font(em, {code: widths[min(glyph, measured - 1)] for code, glyph in letters})


def _read_letters(raw: bytes, cmap: int) -> Iterator[tuple[int, int]]:
    """Each code point with its glyph: `make.py` leaves one table, of format 4."""
    table = cmap + struct.unpack_from(">L", raw, cmap + 8)[0]
    kind, _, _, doubled = struct.unpack_from(">4H", raw, table)
    if kind != 4:
        raise ValueError(f"a cmap of format {kind}")
    count = doubled // 2
    ends = struct.unpack_from(f">{count}H", raw, table + 14)
    starts, deltas, ranges = (struct.unpack_from(f">{count}H", raw, table + 16 + doubled * (i + 1)) for i in range(3))
    for i in range(count):
        for code in range(starts[i], min(ends[i], 0xFFFE) + 1):
            glyph = code
            if ranges[i]:
                place = table + 16 + 3 * doubled + 2 * i + ranges[i] + 2 * (code - starts[i])
                glyph = struct.unpack_from(">H", raw, place)[0]
                if not glyph:
                    continue
            if glyph := (glyph + deltas[i]) & 0xFFFF:
                yield code, glyph


@lru_cache(maxsize=65536)
def font_of(letter: str, style: Style) -> str:
    """Which font draws it: that of the style, else the one that holds it; empty where none does."""
    order = (style, "han", "sans", "serif")
    return next((name for name in order if ord(letter) in read_font(name).widths), "")


def find_missing(text: str) -> str:
    """The letters, each once, that would be drawn as boxes. What has no shape of its own is not one."""
    shown = (letter for letter in dict.fromkeys(unicodedata.normalize("NFC", text)) if letter.isprintable())
    return "".join(letter for letter in shown if not font_of(letter, "sans"))


# --- setting a text -------------------------------------------------------------------------------


def is_wide(letter: str) -> bool:
    """True for Han, and for the marks that are set with it."""
    return unicodedata.east_asian_width(letter) in "WF"


def split_by_font(text: str, style: Style) -> list[tuple[str, str]]:
    """The text in runs, each with the font that draws it. Marks beside Han are set as Chinese sets them."""
    runs: list[tuple[str, str]] = []
    for piece in _MARKS.finditer(text):
        around = text[max(piece.start() - 1, 0) : piece.start()] + text[piece.end() : piece.end() + 1]
        beside = piece[1] and any(map(is_wide, around))
        for letter in piece[0]:
            font = "han" if beside else font_of(letter, style) or style
            if runs and runs[-1][0] == font:
                runs[-1] = (font, runs[-1][1] + letter)
            else:
                runs.append((font, letter))
    return runs


_MARKS = re.compile(r"([“”‘’—…·]+)|[^“”‘’—…·]+")
"""Marks of two widths, narrow among Latin letters and wide among Han; and what stands between them."""


@lru_cache(maxsize=65536)
def text_width(text: str, size: float, style: Style) -> float:
    """In pixels, without the kerning, which mostly makes it less."""
    total = 0.0
    for name, run in split_by_font(unicodedata.normalize("NFC", text), style):
        font = read_font(name)
        total += sum(font.widths.get(ord(letter), font.em if letter.isprintable() else 0) for letter in run) / font.em
    return total * size


_NEVER_FIRST = "，。、；：？！”’）》」』】…—,.;:?!)]}»%％"
_NEVER_LAST = "“‘（《「『【([{«"


@lru_cache(maxsize=4096)
def split_words(text: str) -> tuple[tuple[str, str], ...]:
    """What a line may not be broken within, each with the space before it: words, and single Han with their marks."""
    found: list[tuple[str, str]] = []
    for word in re.findall(r"[^ \t\n]+", text):
        space, piece = " " if found else "", ""
        for letter in word:
            joined = letter in _NEVER_FIRST or (piece and piece[-1] in _NEVER_LAST)
            if piece and not joined and (is_wide(letter) or is_wide(piece[-1])):
                found.append((space, piece))
                space, piece = "", ""
            piece += letter
        found.append((space, piece))
    return tuple(found)


@lru_cache(maxsize=4096)
def _bind_numbers(text: str) -> tuple[tuple[str, str], ...]:
    """The words, a number and what it counts being one: `$12 million`, `16 April`."""
    bound: list[tuple[str, str]] = []
    for space, piece in split_words(text):
        if bound and bound[-1][1][-1].isdigit() and len(bound[-1][1] + piece) < 20:
            before, number = bound.pop()
            bound.append((before, number + space + piece))
        else:
            bound.append((space, piece))
    return tuple(bound)


def wrap(text: str, width: float, size: float, style: Style) -> list[str]:
    """The text in lines no wider than `width` pixels; a single longer word stands alone."""
    lines: list[str] = []
    used = 0.0
    for space, piece in _bind_numbers(text):
        more = text_width(space, size, style) + text_width(piece, size, style)
        if lines and used + more <= width:
            lines[-1] += space + piece
            used += more
        else:
            lines.append(piece)
            used = more
    return lines


def wrap_evenly(text: str, width: float, size: float, style: Style) -> list[str]:
    """The text in as few lines as `wrap` needs, and these about as long as one another."""
    lines = wrap(text, width, size, style)
    for part in range(19, 9, -1):
        narrower = wrap(text, width * part / 20, size, style)
        if len(narrower) > len(lines) or any(text_width(line, size, style) > width for line in narrower):
            break
        lines = narrower
    return lines


def shorten(text: str, fits: Callable[[str], bool]) -> str:
    """The text where it fits; else its beginning with an ellipsis, to the end of a clause where one ends late enough, or of a word.

    Of a first word that does not fit by itself, as much as does.
    """
    if fits(text):
        return text
    pieces = _bind_numbers(text)
    ends = ["".join(space + piece for space, piece in pieces[:n]) for n in range(1, len(pieces))]
    fitting = [end for end in ends if fits(_with_ellipsis(end))]
    if not fitting:
        return next((some for n in range(len(text) - 1, 0, -1) if fits(some := text[:n] + "…")), "…")
    clauses = [end for end in fitting if end[-1] in _CLAUSE_ENDS and len(end) >= 0.6 * len(fitting[-1])]
    return _with_ellipsis(clauses[-1] if clauses else fitting[-1])


_CLAUSE_ENDS = "，。；：？！,.;:?!"


def _with_ellipsis(text: str) -> str:
    return text.rstrip(" .,;:–—-，。；：、") + "…"
