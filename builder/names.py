"""Finds a name however it is written: in capitals, with codes for its letters, broken by tags, lines or hyphens.

Used where a name must be gone for good, so it would rather find too much than too little.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

_CHARACTER = re.compile(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[0-9A-Za-z]+);?|.", re.DOTALL)
"""One character of HTML, or its code."""
_TAG = "\0"
"""Stands for the tag between two texts."""
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u11ff\u1780-\u17ff\u3040-\u318f\u3400-\u9fff\ua960-\ua97f\U00020000-\U0003ffff]"
)
"""Letters of scripts that part words with no space, or let endings grow onto them."""
_SHORT = 6
"""Letters of a name below which its words must stand apart even in an address."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A text as it is compared: each character with the slice of the text that it was read from."""

    text: str
    slices: tuple[tuple[int, int, int], ...]
    """Which of the texts, and from where to where."""


def _fold(text: str) -> str:
    """Letters without their case and form; all that parts words is a space; what cannot be seen is nothing."""
    out = []
    for ch in unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()):
        kind = unicodedata.category(ch)
        if ch.isalnum() or kind[0] == "M":
            out.append(ch)
        elif kind != "Cf":
            out.append(" ")
    return "".join(out)


def _read(texts: Sequence[str]) -> _Read:
    letters: list[str] = []
    slices: list[tuple[int, int, int]] = []
    for i, text in enumerate(texts):
        for match in _CHARACTER.finditer(text):
            folded = _fold(html.unescape(match[0]))
            letters.append(folded)
            slices += [(i, *match.span())] * len(folded)
        letters.append(_TAG)
        slices.append((i, len(text), len(text)))
    return _Read("".join(letters), tuple(slices))


def _pattern(name: str, gap: str) -> str:
    """A regular expression for a name among folded letters; whole words, where its script has them."""
    folded = _fold(name).strip()
    start = "" if _UNSPACED.match(folded[0]) else r"(?<!\w)"
    end = "" if _UNSPACED.match(folded[-1]) else r"(?!\w)"
    return start + gap.join("\0*".join(map(re.escape, word)) for word in folded.split()) + end


class Names:
    """Some names, ready to be looked for; the longest is found first."""

    def __init__(self, names: Iterable[str]) -> None:
        known = sorted({name for name in names if _fold(name).strip()}, key=lambda name: (-len(name), name))
        joined = [name for name in known if len(_fold(name).replace(" ", "")) >= _SHORT]
        self._in_text = re.compile("|".join(_pattern(name, "[ \0]+") for name in known) or r"(?!)")
        self._in_address = re.compile("|".join(_pattern(name, "[ \0]*") for name in joined) or r"(?!)")

    def cut(self, texts: Sequence[str], instead: str) -> list[str]:
        """Texts of HTML, which follow one another, with `instead` for each name; one may begin in one text and end in another."""
        read = _read(texts)
        edits: list[list[tuple[int, int, str]]] = [[] for _ in texts]
        for match in self._in_text.finditer(read.text):
            slices = read.slices[slice(*match.span())]
            for i in dict.fromkeys(text for text, _, _ in slices):
                mine = [(start, end) for text, start, end in slices if text == i]
                put = html.escape(instead) if i == slices[0][0] else ""
                edits[i].append((mine[0][0], mine[-1][1], put))
        return [_edit(text, found) for text, found in zip(texts, edits, strict=True)]

    def cut_value(self, value: str, instead: str) -> str:
        """A text that is no HTML, such as the value of an attribute, with `instead` for each name."""
        return html.unescape(self.cut([html.escape(value)], instead)[0])

    def stand_in(self, address: str) -> bool:
        """True when a name can be read in an address or an id, where words may be joined."""
        folded = _fold(unquote(address))
        return bool(self._in_text.search(folded) or self._in_address.search(folded))


def _edit(text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    for start, end, put in sorted(edits, reverse=True):
        text = text[:start] + put + text[end:]
    return text
