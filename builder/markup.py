"""Our own HTML, read strictly and written back byte for byte: what is not as tidy as our pages cannot be read at all.

Every `<` begins a tag, every value stands in double quotes, every element is closed: so a browser cannot see
another page in the text than this module does.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeGuard

_DOCTYPE = "<!DOCTYPE html>"
_TAG = re.compile(r'<(/?)([A-Za-z][\w-]*)((?:\s+[A-Za-z_:][\w:.-]*(?:="[^"<]*")?)*)\s*(/?)>', re.ASCII)
_ATTRIBUTE = re.compile(r'\s+([A-Za-z_:][\w:.-]*)(?:="([^"<]*)")?', re.ASCII)
VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
"""Elements that are never closed."""
_SHAPES = frozenset(("circle", "ellipse", "g", "line", "path", "polygon", "polyline", "rect", "stop", "text", "tspan"))
"""Elements of pictures, which may close themselves; of any other a browser would not see the slash."""


class UntidyError(Exception):
    """The text is not HTML as this house writes it."""

    def __init__(self, offset: int, why: str) -> None:
        super().__init__(why)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Tag:
    """A start or end tag."""

    raw: str
    name: str
    closing: bool
    empty: bool
    """True where it closes itself or is never closed."""
    offset: int

    @property
    def attributes(self) -> dict[str, str]:
        """Its values, as a browser reads them; empty for an attribute without one."""
        found = _ATTRIBUTE.finditer(self.raw)
        return {name.lower(): html.unescape(value or "") for name, value in (match.groups() for match in found)}

    def without(self, *names: str) -> Tag:
        """The tag without some attributes."""
        raw = _ATTRIBUTE.sub(lambda match: "" if match[1].lower() in names else match[0], self.raw)
        return Tag(raw, self.name, self.closing, self.empty, self.offset)

    def with_values(self, change: Callable[[str, str], str]) -> Tag:
        """The tag with other values; one that stays the same stays as it is written."""

        def rewrite(match: re.Match[str]) -> str:
            if match[2] is None:
                return match[0]
            old = html.unescape(match[2])
            new = change(match[1].lower(), old)
            put = html.escape(new, quote=False).replace('"', "&quot;")
            return match[0] if new == old else f'{match[0][: -len(match[2]) - 2]}"{put}"'

        return Tag(_ATTRIBUTE.sub(rewrite, self.raw), self.name, self.closing, self.empty, self.offset)


Piece = Tag | str
"""A tag, or the text between two; the first may be the DOCTYPE."""


def read_pieces(text: str) -> tuple[Piece, ...]:
    """The page as tags and texts. Raises UntidyError where it is not HTML as this house writes it."""
    at = len(_DOCTYPE) if text.startswith(_DOCTYPE) else 0
    pieces: list[Piece] = [text[:at]] if at else []
    while at < len(text):
        piece = _read_tag(text, at) if text[at] == "<" else _read_text(text, at)
        pieces.append(piece)
        at += len(piece.raw if isinstance(piece, Tag) else piece)
    _check_nesting(pieces)
    return tuple(pieces)


def _read_text(text: str, start: int) -> str:
    end = text.find("<", start)
    return text[start : end if end >= 0 else len(text)]


def _read_tag(text: str, start: int) -> Tag:
    match = _TAG.match(text, start)
    if match is None:
        raise UntidyError(start, "a tag that is not written as ours are")
    names = [found[1].lower() for found in _ATTRIBUTE.finditer(match[3])]
    if len(names) != len(set(names)):
        raise UntidyError(start, "an attribute twice")
    name, slash = match[2], bool(match[4])
    if slash and name not in VOID | _SHAPES:
        raise UntidyError(start, f"<{name}/>")
    return Tag(match[0], name, bool(match[1]), slash or name in VOID, start)


def _check_nesting(pieces: Iterable[Piece]) -> None:
    opened: list[Tag] = []
    for tag in tags_of(pieces):
        if tag.closing and (not opened or opened.pop().name != tag.name):
            raise UntidyError(tag.offset, f"</{tag.name}> where nothing opened it")
        if not tag.closing and not tag.empty:
            opened.append(tag)
    if opened:
        raise UntidyError(opened[-1].offset, f"<{opened[-1].name}> that is never closed")


def tags_of(pieces: Iterable[Piece]) -> Iterator[Tag]:
    """The tags alone."""
    return (piece for piece in pieces if isinstance(piece, Tag))


def is_text(piece: Piece) -> TypeGuard[str]:
    """True for what a reader sees."""
    return isinstance(piece, str) and piece != _DOCTYPE


def write_pieces(pieces: Iterable[Piece]) -> str:
    """The page as text: what was read and not changed comes out byte for byte."""
    return "".join(piece if isinstance(piece, str) else piece.raw for piece in pieces)
