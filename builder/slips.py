"""What a tired hand writes for what it meant: slips known by their looks, each with the text that would mend it.

Nothing here is ever mended in silence. A slip that is recognised is told better, and what is suggested can be copied.
"""

from __future__ import annotations

import difflib
import re
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

SCHEMES = ("figure", "total", "record", "source", "claim", "chart", "page", "exempt")
"""What the address of a link of ours begins with."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip in one text."""

    start: int
    """Of the first wrong character, counted from 0."""
    end: int
    why: str
    """The rest of a sentence that says what is wrong."""
    cure: str

    @property
    def is_quote(self) -> bool:
        """True where the slip reaches beyond its own line."""
        return "quote that is opened" in self.why or "closing quote" in self.why


# --- characters --------------------------------------------------------------------------------

_PLAIN_NAMES = {
    **dict.fromkeys("“”„‟«»", "a typographic quotation mark"),
    **dict.fromkeys("‘’‚", "a typographic apostrophe"),
    "–": "an en dash, not a hyphen",
    "—": "an em dash, not a hyphen",
    "−": "a minus sign, not a hyphen",
    "‑": "a hyphen that does not break, not a plain one",
    "\u00a0": "a space that does not break",
    "\u202f": "a narrow space that does not break",
    "：": "a colon of a Chinese keyboard",
}


def name_odd(text: str, meant: str) -> str:
    """A sentence that names the first character of `text` which looks like another; empty where `meant` has it too."""
    odd = next((ch for ch in text if not ch.isascii() and ch not in meant), "")
    if not odd:
        return ""
    return f' In it, "{odd}" is {_PLAIN_NAMES.get(odd) or f"the character {unicodedata.name(odd, repr(odd))}"}.'


# --- dates and numbers -------------------------------------------------------------------------

_DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y")
_DAYS_IN_WORDS = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y年%m月%d日")
_DASHES = str.maketrans("–—−‑", "----")


def suggest_day(text: str) -> str:
    """A cure with the day that a text means, where it can mean one only; else how days are written."""
    plain, found = text.strip().translate(_DASHES), set()
    for form in (*_DAYS, *_DAYS_IN_WORDS):
        try:
            found.add(date(*time.strptime(plain, form)[:3]).isoformat())
        except ValueError:
            continue
    if len(found) == 1:
        return f'Write "{found.pop()}".' + name_odd(text, "年月日")
    if found:
        return f"It may be {' or '.join(sorted(found))}: write the one that is meant."
    return "Write it as year-month-day, a day that exists: 2023-04-19."


_UNKNOWN = ("?", "-", "–", "—", "n/a", "na", "none", "unknown", "null", "tbc", "…")


def suggest_number(text: str) -> str:
    """A cure with the bare number that a text means, where it can mean one only; else how numbers are written."""
    if text.strip().lower() in _UNKNOWN:
        return "Leave it empty: what is not known is empty, never a word or a sign."
    if text.startswith("#"):
        return "This is an error of the spreadsheet: mend its formula, or type the number."
    bare = re.sub(r"^(?:US|HK)?[$€£¥₽]\s?|[\s%]*(?:%|[^\W\d_]{3,})$|\s", "", text)
    if re.fullmatch(r"\d{1,3}([,'’]\d{3})+", bare) or re.fullmatch(r"\d{1,3}(\.\d{3}){2,}", bare):
        bare = re.sub(r"\D", "", bare)
    elif re.fullmatch(r"\d+,\d{1,2}", bare):
        bare = bare.replace(",", ".")
    elif found := re.fullmatch(r"(\d)(?:[.,](\d+))?E\+?(\d{1,2})", bare, re.IGNORECASE):
        decimals, power = found[2] or "", int(found[3])
        bare = found[1] + decimals + "0" * (power - len(decimals)) if power >= len(decimals) else ""
    if re.fullmatch(r"\d+(\.\d+)?", bare, re.ASCII):
        return f'Write "{bare}": digits alone.'
    return "Write digits alone, with a point for decimals: 12000000 or 0.5. Signs, units and words have columns of their own."


# --- YAML --------------------------------------------------------------------------------------

_HEAD = re.compile(r"\s*(?:- +)*(?:[\w.-]+ *:[ \t]+)?")
_OPENINGS = {"[": "]", "{": "}"}


def _quoted(value: str) -> str:
    """The value as YAML's double quotes hold it."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _split_field(line: str) -> tuple[int, str]:
    """Where the value of a field or of an item begins in its line, and the value."""
    head = _HEAD.match(line)
    start = head.end() if head else 0
    return start, line[start:].rstrip()


def suggest_quotes(line: str) -> str:
    """A cure for a line whose value must stand in quotes."""
    start, value = _split_field(line)
    field = line[:start].strip(" -")
    return f"Put the whole text in double quotes: {field} {_quoted(value)}".replace(":  ", ": ")


def find_yaml_slip(line: str) -> Slip | None:
    """What is most likely wrong with a line of YAML that cannot be read; None where it looks right."""
    if tabs := re.match(r" *(\t+)", line):
        return Slip(tabs.start(1), tabs.end(1), "a tab stands where the line is indented", "Indent with spaces alone.")
    start, value = _split_field(line)
    if not value or value.startswith("#"):
        return None
    whole = suggest_quotes(line)
    if slip := _find_in_value(value, whole):
        return Slip(start + slip.start, start + slip.end, slip.why, slip.cure)
    return None if line[:start].strip() else _find_in_key(line)


def _find_in_key(line: str) -> Slip | None:
    """A line that should begin with the name of a field and a colon."""
    start = len(line) - len(line.lstrip())
    found = re.match(r"\s*([\w-]+)(\s*[:：=]\s*|\s+)(?=\S)(.*)", line)
    if not found or re.fullmatch(r":\s+", found[2]):
        return None
    why = "a colon and a space are missing after the name of the field"
    if ":" in found[2]:
        why = "a space is missing after the colon"
    elif "：" in found[2]:
        why = f'"：" is {_PLAIN_NAMES["："]}'
    elif "=" in found[2]:
        why = "a field has a colon, and no equals sign"
    meant = f'write "{found[1]}: {found[3].rstrip()}"' if found[3].count(" ") < 5 else "write a colon after its name"
    return Slip(start, len(line.rstrip()), why, f"If this is a field, {meant}; if it goes on from above, indent it.")


def _find_in_value(value: str, whole: str) -> Slip | None:
    first = value[0]
    if first in "\"'":
        inside = r'"(?:[^"\\]|\\.)*"' if first == '"' else r"'(?:[^']|'')*'"
        closed = re.match(inside, value)
        if not closed:
            return Slip(0, 1, "the quote that is opened here is not closed", f"Close it on the same line with {first}.")
        rest = value[closed.end() :]
        if rest.strip() and not re.match(r"\s+#|\s*[,:\]}]", rest):
            why = "the text goes on after its closing quote"
            if first == "'" and rest[0].isalnum():
                return Slip(
                    closed.end() - 1,
                    closed.end(),
                    f"{why}: here an apostrophe closes it",
                    "Double the apostrophe, or use double quotes around the whole.",
                )
            return Slip(closed.end(), len(value), why, whole)
        return None
    if first in _OPENINGS:
        end = value.rfind(_OPENINGS[first])
        if re.match(r"\[[^\]]*\]\(", value):
            return Slip(0, 1, 'a text that begins with "[" must stand in quotes', whole)
        if end < 0:
            what = "list in square brackets" if first == "[" else "list in curly brackets"
            return Slip(0, len(value), f"the {what} is not closed", f'Close it with "{_OPENINGS[first]}".')
        return None
    if first in "%@`*&!" or (first in ">|" and not re.match(r"[>|][+-]?\d?(\s|$)", value)):
        return Slip(0, 1, f'a text that begins with "{first}" must stand in quotes', whole)
    if found := re.search(r":(?=\s)", value):
        return Slip(found.start(), found.end(), "a colon followed by a space stands inside a text", whole)
    return None


def is_fence_slip(line: str) -> bool:
    """True for a line that was meant as three hyphens."""
    return bool(re.fullmatch(r"\s*[-–—−‑]+\s*|```\s*ya?ml\s*", line)) and line != "---"


def name_list_mark(text: str) -> str:
    """A cure for a list that is read as one text, because its mark is no hyphen and a space; empty where it has none."""
    found = re.match(r"[–—−•·●▪*]|-(?=\S)", text)
    if not found:
        return ""
    if found.group() == "-":
        return "Write a space after the hyphen of each item: - …"
    what = _PLAIN_NAMES.get(found.group(), "a bullet, not a hyphen")
    return f'"{found.group()}" is {what}: begin each item with a hyphen and a space: - …'


def suggest_list(name: str, text: str) -> str:
    """A cure for a text where a list should be."""
    if mark := name_list_mark(text):
        return mark
    if re.fullmatch(r"[\w-]+([,;]? +[\w-]+){0,9}", text) and ("," in text or ";" in text or " " not in text):
        return f"Write {name}: [{re.sub('[,;]? +', ', ', text)}]"
    return "Write each item on a line of its own, after a hyphen and a space: - …"


# --- CSV ---------------------------------------------------------------------------------------


def find_csv_slip(line: str) -> Slip | None:
    """The first quote of a row that is not closed, or after which its cell goes on."""
    at = 0
    while at < len(line):
        if line[at] == '"':
            closed = re.compile(r'"(?:[^"]|"")*"').match(line, at)
            if not closed:
                return Slip(
                    at,
                    at + 1,
                    "A quote is opened here and never closed.",
                    "Close the cell with a double quote; a quote inside of it is doubled.",
                )
            at = closed.end()
            if at < len(line) and line[at] != ",":
                end = line.find(",", at) if "," in line[at:] else len(line)
                return Slip(
                    at,
                    end,
                    "The cell goes on after its closing quote.",
                    'Put the whole cell in quotes, and double each quote inside of it: "a ""word"" of it".',
                )
        at = line.find(",", at) + 1 or len(line)
    return None


# --- Markdown ----------------------------------------------------------------------------------

_OURS = "|".join(SCHEMES)
_ADDRESS = rf"(?:(?:{_OURS})\s?:|https?://)"
_WORDS = r"[^\[\]()（）\n]{1,200}"


def _mend_address(found: re.Match[str]) -> str:
    words, scheme, rest = found["words"], *re.split(r"(?<=:)", found["address"].strip(), maxsplit=1)
    scheme = scheme.replace(" ", "")
    if scheme.startswith("http"):
        return f"[{words}]({scheme}{rest.strip().replace(' ', '%20')})"
    target, _, reason = rest.strip().partition(" ") if scheme != "exempt:" else ("", "", rest)
    reason = reason.strip(" \"'“”„«»‘’")
    return f"[{words}]({scheme}{target}" + (f' "{reason}")' if reason else ")")


_LINKS: tuple[tuple[re.Pattern[str], str, str | Callable[[re.Match[str]], str]], ...] = (
    (
        re.compile(rf"(?<!\\)\[(?P<words>{_WORDS})\]\s+\((?P<address>{_ADDRESS}[^)\n]{{0,300}})\)"),
        "a space stands between ] and (",
        r"[\g<words>](\g<address>)",
    ),
    (
        re.compile(rf"(?<!\\)\[(?P<words>{_WORDS})\]\((?P<address>{_ADDRESS}[^)\n]{{0,300}})\)"),
        "its address has a space or quotes that are not straight",
        _mend_address,
    ),
    (
        re.compile(rf"(?<!\\)\[(?P<words>{_WORDS})\((?P<address>{_ADDRESS}[^)\s]{{0,300}})\)"),
        "its words are not closed with ]",
        r"[\g<words>](\g<address>)",
    ),
    (
        re.compile(
            rf"(?<![\[\\\w])(?P<words>(?:[\w-]{{1,30}} ){{0,2}}[^\s\[\]()]{{1,30}})\]\((?P<address>{_ADDRESS}[^)\s]{{0,300}})\)"
        ),
        "its words are not opened with [",
        r"[\g<words>](\g<address>)",
    ),
    (
        re.compile(rf"(?<!\\)\[(?P<words>{_WORDS})\]\((?P<address>{_ADDRESS}[^)\s]{{0,300}})"),
        "its address is not closed with )",
        r"[\g<words>](\g<address>)",
    ),
    (
        re.compile(rf"\((?P<words>{_WORDS})\)\[(?P<address>{_ADDRESS}[^\]\s]{{0,300}})\]"),
        "its brackets are turned round",
        r"[\g<words>](\g<address>)",
    ),
    (
        re.compile(rf"［(?P<words>[^］\n]{{1,200}})］（(?P<address>(?:{_OURS})[:：][^）\s]{{0,300}})）"),
        "its brackets are those of a Chinese keyboard",
        lambda found: f"[{found['words']}]({found['address'].replace('：', ':')})",
    ),
    (
        re.compile(
            rf"(?P<words>(?:[\w-]{{1,30}} ){{0,2}}[^\s\[\]()]{{0,20}}\d[^\s\[\]()]{{0,20}}) \(?(?P<address>(?:{_OURS}):[a-z0-9][\w-]*)\)?"
        ),
        "it stands in no brackets",
        r"[\g<words>](\g<address>)",
    ),
    (
        re.compile(rf"(?<![\w/:.-])(?P<address>(?:{_OURS}):[a-z0-9][\w-]*)"),
        "it stands in no brackets",
        r"[words](\g<address>)",
    ),
)
"""Links that are none: how each looks, what is wrong, and how it would be right. The first that fits is told."""

_BLOCKS = (
    (re.compile(r"^(?P<mark>#{2,6})(?P<words>[^\W\d_].*)$", re.MULTILINE), "a heading", r"\g<mark> \g<words>"),
    (re.compile(r"^[•●▪·] ?(?P<words>\S.*)$", re.MULTILINE), "an item of a list", r"- \g<words>"),
    (re.compile(r"\A– (?P<words>\S.*)$", re.MULTILINE), "an item of a list", r"- \g<words>"),
)
_WHY = {"a heading": "a space is missing after its marks", "an item of a list": "its mark is no hyphen"}


@dataclass(frozen=True, slots=True)
class NearMarkdown:
    """A piece of text that Markdown does not read as what it was meant for."""

    start: int
    end: int
    what: str
    """`a link`."""
    why: str
    mended: str


def find_near_markdown(text: str, block: bool) -> Iterator[NearMarkdown]:
    """What was meant as a link, or in a block as a heading or list, and is read as plain words."""
    taken: list[tuple[int, int]] = []
    if ":" in text or "：" in text:
        for pattern, why, mended in _LINKS:
            for found in pattern.finditer(text):
                if not any(found.start() < end and start < found.end() for start, end in taken):
                    taken.append(found.span())
                    right = found.expand(mended) if isinstance(mended, str) else mended(found)
                    yield NearMarkdown(*found.span(), "a link", why, right)
    for pattern, what, mended in _BLOCKS if block else ():
        for found in pattern.finditer(text):
            yield NearMarkdown(*found.span(), what, _WHY[what], found.expand(mended))


_INSTEAD = {
    **dict.fromkeys(("b", "strong"), "Write **bold** words between two asterisks."),
    **dict.fromkeys(("i", "em"), "Write *slanted* words between single asterisks."),
    "br": "Begin a new paragraph after an empty line.",
    "p": "Begin a new paragraph after an empty line.",
    "a": "Write a link: [words](https://example.org).",
    "li": "Begin each item with a hyphen and a space.",
    "!--": "Take it out: readers would see it. Notes stand behind a # in the front matter.",
}


def suggest_markdown(tag: str) -> str:
    """What to write instead of a tag of HTML."""
    name = re.match(r"</?(!--|\w+)", tag)
    return _INSTEAD.get(name[1].lower() if name else "", "Write it in Markdown.")


def suggest_address(address: str, schemes: Iterable[str] = SCHEMES) -> str:
    """A cure for an address that no link may have; empty where nothing is like it."""
    plain = unicodedata.normalize("NFKC", address).strip()
    scheme, colon, target = plain.partition(":")
    if not plain:
        return "Write the address between ( and )."
    if re.match(r"(www\.|[\w-]+(\.[\w-]+)*\.(com|org|net|info|gov|cn|ru|ua|eu|uk)\b)", plain):
        return f'Write "https://{plain}".'
    if re.match(r"h?t*ps?:?/+\w", plain, re.IGNORECASE):
        better = re.sub(r"^[htps]+:?/+", "https://", plain)
        return f'Write "{better}".' if better != plain else ""
    if colon and (near := difflib.get_close_matches(scheme.strip().lower(), tuple(schemes), 1, 0.6)):
        return f'Write "{near[0]}:{target.strip()}".' + name_odd(address, "")
    if not colon and re.fullmatch(r"[a-z0-9_-]+", plain):
        return f'Say what it is: "figure:{plain}" for a figure, "source:{plain}" for a source, and so on.'
    return ""
