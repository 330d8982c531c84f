"""Authors' Markdown: parsed once into a `Passage`, and made HTML when its page is drawn.

CommonMark with tables and footnotes, raw HTML off. A few rules of markdown-it are wrapped, so that every link, picture
and code span tells where it stands: numbers are then looked for in what is left of the author's own characters.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any
from urllib.parse import unquote

from builder import documents, numerals, slips
from builder.diagnostics import Diagnostic, problem
from builder.model import Binding, Language, Location, Loose, Passage, Text

OUR_SCHEMES = slips.SCHEMES
NUMBERS = ("figure", "total", "exempt")
"""Those whose words are a number."""
WEB_SCHEMES = ("https", "http", "mailto")
DEEPEST = 8
"""Levels of quotation or list; markdown-it drops text in silence beyond 20."""
MOST_BRACKETS = 2000
"""Opening brackets of one passage; more make markdown-it slow beyond use."""

_QUOTED = re.compile(r"“[^”]*”|‘[^’]*’(?!\w)|«[^»]*»|„[^“”]*[“”]|「[^」]*」|『[^』]*』|\"[^\"]*\"")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]")
_ENTITY = re.compile(r"&(?:#x?[0-9a-fA-F]+|\w+);")
_MARKS = re.compile(r"[*_~`\\]")
"""Marks of emphasis and the like, which do not part a number from what follows it."""
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--")
_EMPTY_TEXTS = {"", "here", "click here", "link", "this", "this link", "read more", "more"}


@dataclass(frozen=True, slots=True)
class Link:
    """What a binding becomes on a page."""

    href: str
    """Empty: then it is no link but a span."""
    attributes: tuple[tuple[str, str], ...] = ()
    block: str = ""
    """HTML put in place of a chart."""


Resolve = Callable[[str, str, str, str], Link]
"""Scheme, target, text and title to a link."""

Tongues = Callable[[str], Iterable[tuple[str, str]]]
"""A text to its pieces, each with the attributes of the element that it needs; empty where it needs none."""


@dataclass
class _Seen:
    """Spans of one inline text that markdown-it recognised, filled in while it parses."""

    links: list[tuple[int, int, Any]] = field(default_factory=list)
    images: list[tuple[int, int, Any]] = field(default_factory=list)
    codes: list[tuple[int, int]] = field(default_factory=list)


@functools.cache
def _engine() -> Any:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin

    md = MarkdownIt("js-default", {"html": False, "linkify": False, "typographer": False})
    md.use(footnote_plugin)
    md.disable("footnote_inline")
    md.validateLink = lambda url: True  # type: ignore[method-assign]  # refused with a diagnostic, never in silence
    for rule in ("link", "autolink", "image", "backticks"):
        _wrap(md, rule)
    md.core.ruler.at("inline", _inline_rule)
    for name, draw in (("link_open", _draw_link), ("link_close", _draw_close), ("image", _draw_image)):
        md.add_render_rule(name, draw)
    md.add_render_rule("heading_open", _draw_heading)
    md.add_render_rule("text", _draw_text)
    for name, draw in (("table_open", _draw_table), ("th_open", _draw_cell), ("td_open", _draw_cell)):
        md.add_render_rule(name, draw)
    md.add_render_rule("table_close", lambda *_: "</table>\n</section>\n")
    return md


def _wrap(md: Any, name: str) -> None:
    """Makes an inline rule note where its result begins and ends."""
    ruler = md.inline.ruler
    original = next(rule.fn for rule in ruler.__rules__ if rule.name == name)

    def wrapped(state: Any, silent: bool) -> bool:
        start, count, outer = state.pos, len(state.tokens), state.env["seen"]
        if name == "image":
            state.env["seen"] = _Seen()  # the words for a picture are parsed as a text of their own
        matched = bool(original(state, silent))
        inner, state.env["seen"] = state.env["seen"], outer
        if matched and not silent:
            if name == "backticks":
                outer.codes.append((start, state.pos))
            else:
                wanted = "image" if name == "image" else "link_open"
                token = next(t for t in state.tokens[count:] if t.type == wanted)
                if name == "image":
                    token.meta = {**token.meta, "seen": inner}
                    outer.images.append((start, state.pos, token))
                else:
                    outer.links.append((start, state.pos, token))
        return matched

    ruler.at(name, wrapped)


def _inline_rule(state: Any) -> None:
    for i, token in enumerate(state.tokens):
        if token.type != "inline":
            continue
        state.env["seen"] = seen = _Seen()
        token.children = token.children or []
        state.md.inline.parse(token.content, state.md, state.env, token.children)
        token.meta = {**token.meta, "seen": seen}
        drawn = [child for child in token.children if child.type != "text" or child.content.strip()]
        alone = len(drawn) == 1 and drawn[0].type == "image" and _split_address(drawn[0], "src")[0] == "chart"
        if alone and not state.inlineMode:
            state.tokens[i - 1].hidden = state.tokens[i + 1].hidden = True


# --- parsing -----------------------------------------------------------------------------------


def parse_passage(role: str, text: Text, language: Language, block: bool) -> tuple[Passage, list[Diagnostic]]:
    """An author's text with its bindings, its loose numbers, and what is wrong with its Markdown."""
    brackets = text.value.count("[")
    if brackets > MOST_BRACKETS:
        place = Location(text.path, text.line, text.column)
        return _empty(role, text, language, block), [problem("C025", place, count=brackets)]
    md = _engine()
    tokens = md.parse(text.value, {}) if block else md.parseInline(text.value, {})
    problems: list[Diagnostic] = []
    reader = _InlineReader(language, block)
    cells = _Cells(text)
    quotes = depth = 0
    row = ""
    for at, token in enumerate(tokens):
        if token.type in ("blockquote_open", "bullet_list_open", "ordered_list_open"):
            depth += 1
            quotes += token.type == "blockquote_open"
            if token.attrGet("start") and not quotes:  # "37. drones" is a list that begins at 37
                reader.loose.append(Loose(str(token.attrGet("start")), _line(text, token)))
        elif token.type in ("blockquote_close", "bullet_list_close", "ordered_list_close"):
            depth -= 1
            quotes -= token.type == "blockquote_close"
        elif token.type in ("tr_open", "tr_close"):
            row = _row_of(tokens[at:]) if token.type == "tr_open" else ""
        elif token.type == "heading_open" and token.tag == "h1":
            problems.append(problem("C023", _line(text, token)))
        elif token.type == "inline":
            slice_, shift = cells.slice_of(token) if block else (text, 0)
            reader.read(token, slice_, quotes > 0, shift, row)
        if depth > DEEPEST:
            problems.append(problem("C011", _line(text, token), depth=depth))
            break
    passage = Passage(
        role,
        text,
        language.code,
        block,
        tuple(reader.bindings),
        tuple(reader.charts),
        tuple(reader.loose),
        tokens,
        _plain(tokens),
    )
    return passage, problems + reader.problems


def _row_of(tokens: Sequence[Any]) -> str:
    """The cells of the table row with which the tokens begin, in one line."""
    end = next(at for at, token in enumerate(tokens) if token.type == "tr_close")
    return ": ".join(_plain([token]) for token in tokens[:end] if token.type == "inline")


def _empty(role: str, text: Text, language: Language, block: bool) -> Passage:
    return Passage(role, text, language.code, block, (), (), (), [], "")


def _line(text: Text, token: Any) -> Location:
    line = token.map[0] if token.map else 0
    return Location(text.path, text.line + line, 1 if line else text.column)


class _Cells:
    """Gives each inline token its slice of the source, and where in the slice it begins.

    A body stands in its file as it is, so a token's lines are known; the cells of one table row share a line, so they
    go in order. A text from YAML is folded, so its tokens are found in its value.
    """

    def __init__(self, text: Text) -> None:
        self.text = text
        self.lines = text.raw.split("\n") if text.raw == text.value else []
        self.row = -1
        self.cursor = 0

    def slice_of(self, token: Any) -> tuple[Text, int]:
        if not self.lines:
            found = self.text.value.find(token.content, self.cursor)
            self.cursor = max(found, 0)
            return self.text, self.cursor
        first, last = token.map or (0, 1)
        line = self.lines[first] if first < len(self.lines) else ""
        place, column = self.text.line + first, 1 if first else self.text.column
        if last - first == 1 and "|" in line:
            if self.row != first:
                self.row, self.cursor = first, 0
            start = max(line.find(token.content, self.cursor), self.cursor)
            self.cursor = start + len(token.content)
            return Text(token.content, self.text.path, place, column + start, line[start : self.cursor]), 0
        return Text(token.content, self.text.path, place, column, "\n".join(self.lines[first:last])), 0


class _InlineReader:
    """Collects what one passage binds, places and leaves loose."""

    def __init__(self, language: Language, block: bool) -> None:
        self.language = language
        self.block = block
        self.bindings: list[Binding] = []
        self.charts: list[Binding] = []
        self.loose: list[Loose] = []
        self.problems: list[Diagnostic] = []

    def read(self, token: Any, text: Text, quoted: bool, shift: int = 0, row: str = "") -> None:
        """An inline token; its content begins `shift` characters into `text`. In a table, `row` is its whole row."""
        seen, content = token.meta["seen"], token.content
        masked = list(content)
        sentence_of = _sentences(token.children) if seen.links else {}

        def place(offset: int) -> Location:
            return documents.place_in(text, min(shift + offset, len(text.value)))

        for start, end, opening in seen.links:
            binding = _as_binding(content[start:end], opening, "href", start, place)
            binding = replace(binding, sentence=row or sentence_of[id(opening)])
            refused = _check_link(binding, named=content[start] == "[")
            self.problems += refused
            if binding.scheme in ("figure", "total"):
                shown = _plain_link(token.children, opening)
                if shown != " ".join(binding.text.split()):
                    self.problems.append(
                        problem("C027", place(start), end - start, text=binding.text, shown=shown.replace("\ufffd", ""))
                    )
                before, after = (_MARKS.sub("", part) for part in (content[:start], content[end:]))
                rest = numerals.find_rest(before, after, self.language)
                binding = replace(binding, rest=rest)
            self.bindings.append(binding)
            # one slip is told once: the number in a link that is refused, or held to its figure, is not loose too
            held = refused or binding.scheme in NUMBERS or content[start] != "["
            words = slice(0, 0) if held else slice(start + 1, start + 1 + len(binding.text))
            along = re.match(rf"\W?{re.escape(binding.rest)}", content[end:]) if binding.rest else None
            masked[start:end] = " " * (end - start)
            if along and not binding.rest[0].isdigit():
                masked[end : end + along.end()] = " " * along.end()
            masked[words] = content[words]
        for start, end, image in seen.images:
            binding = _as_binding(content[start + 1 : end], image, "src", start + 1, place)
            if binding.scheme == "chart" and self.block:
                self.charts.append(binding)
            else:
                what = "picture" if self.block else "picture in a single line"
                self.problems.append(_refuse(binding, what, "Only charts of the site are shown: ![](chart:its-name)."))
            self.read(image, text, quoted, shift + start + 2)
            masked[start:end] = " " * (end - start)
        for start, end in seen.codes:
            masked[start:end] = " " * (end - start)
        left = _FOOTNOTE.sub(_blank, "".join(masked))
        for found in _ENTITY.finditer(left):
            meant, where, length = html.unescape(found.group()), place(found.start()), len(found.group())
            if any(ch.isnumeric() for ch in meant):
                self.problems.append(problem("C019", where, length, text=found.group()))
            self.problems += [problem("D030", where, length, name=name) for _, name in documents.find_invisible(meant)]
        opened: set[str] = set()
        for found in _TAG.finditer(left):
            name = found.group().strip("</>").partition(" ")[0].lower()
            if not (found.group().startswith("</") and name in opened):  # what is opened and closed is told once
                hint = slips.suggest_markdown(found.group())
                self.problems.append(problem("C012", place(found.start()), len(found.group()), hint=hint))
            opened.add(name)
        for near in slips.find_near_markdown(left, self.block):
            said, how = content[near.start : near.end], {"what": near.what, "why": near.why, "mended": near.mended}
            self.problems.append(problem("C060", place(near.start), near.end - near.start, text=said, **how))
            left = left[: near.start] + " " * (near.end - near.start) + left[near.end :]
        if quoted:
            return
        left = _ENTITY.sub(_blank, _QUOTED.sub(_blank, left))
        for start, end in numerals.find_numbers(left, self.language):
            self.loose.append(Loose(content[start:end].strip(), place(start)))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _as_binding(slice_: str, token: Any, attribute: str, start: int, place: Callable[[int], Location]) -> Binding:
    scheme, target = _split_address(token, attribute)
    split = slice_.rfind("](")
    words = slice_[1:split] if split > 0 else slice_[1 : max(slice_.find("]"), 1)]
    target_at = start + split + 2 + len(scheme) + 1 if split > 0 else start
    title = str(token.attrGet("title") or "")
    return Binding(scheme, target, words, title, place(start + 1), place(target_at))


def _split_address(token: Any, attribute: str) -> tuple[str, str]:
    """Scheme and target of a link: an id of ours without percent codes, an address of the web as it was written."""
    address = str(token.attrGet(attribute) or "")
    scheme, colon, target = address.partition(":")
    if not colon or not re.fullmatch(r"[a-zA-Z][a-zA-Z0-9+.-]*", scheme):
        return "", unquote(address)
    scheme = scheme.lower()
    return scheme, unquote(target) if scheme in OUR_SCHEMES else target


def _plain_link(children: Sequence[Any], opening: Any) -> str:
    """The words of a link as they are shown; pictures and marks of emphasis stay to be seen, so that they differ."""
    begin = next(i for i, child in enumerate(children) if child is opening) + 1
    end = next(i for i in range(begin, len(children)) if children[i].type == "link_close")
    return " ".join("".join(_plain_child(child) or "\ufffd" for child in children[begin:end]).split())


_SENTENCE_END = re.compile(r"(?<![.\s]\w)[.!?…][\"”’»)\]]*\s+(?=[\"“‘«„(\[]*[\dA-ZА-ЯЁІЇЄҐ])|[。！？][”’」』）]*")
"""Where a sentence ends: at its mark, unless that follows a single letter, as in initials."""


def _sentences(children: Sequence[Any]) -> dict[int, str]:
    """The sentence in which each link stands, by the identity of its opening token."""
    pieces, starts, length = [], {}, 0
    for child in children:
        if child.type == "link_open":
            starts[id(child)] = length
        piece = str(child.content) if child.type == "image" else _plain_child(child)
        pieces.append(piece)
        length += len(piece)
    text = "".join(pieces)
    ends = [*(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
    found = {}
    for opening, at in starts.items():
        end = next(end for end in ends if end > at or end == len(text))
        begin = max((before for before in ends if before <= at and before < end), default=0)
        found[opening] = " ".join(text[begin:end].split())
    return found


_LINKS_MAY = "It begins with " + ", ".join(f"{scheme}:" for scheme in OUR_SCHEMES + WEB_SCHEMES[:-1]) + " or mailto:."


_IN_FULL = "Write it in full, as a browser shows it, and without anybody's name before an @."


def _refuse(binding: Binding, what: str, hint: str = "") -> Diagnostic:
    """An address that leads nowhere: the caret stands under the whole of it."""
    address = f"{binding.scheme}:{binding.target}" if binding.scheme else binding.target
    place = binding.target_location
    shift = len(binding.scheme) + 1
    place = Location(place.path, place.line, max(1, place.column - shift))
    web = binding.scheme in ("https", "http")
    hint = hint or slips.suggest_address(address, OUR_SCHEMES + WEB_SCHEMES) or (_IN_FULL if web else _LINKS_MAY)
    return problem("C020", place, len(address), address=address, what=what, hint=hint)


def _check_link(binding: Binding, named: bool) -> list[Diagnostic]:
    """What is wrong with a link by itself; `named` is false where it is shown as its address."""
    out = []
    if binding.scheme not in OUR_SCHEMES + WEB_SCHEMES and not (not binding.scheme and binding.target[:1] == "#"):
        return [_refuse(binding, "link")]
    if binding.scheme in ("https", "http") and not re.fullmatch(documents.WEB_ADDRESS, f"https:{binding.target}"):
        return [_refuse(binding, "link")]
    if " ".join(binding.text.lower().split()) in _EMPTY_TEXTS and named and binding.scheme not in NUMBERS:
        out.append(problem("C024", binding.location, len(binding.text), text=binding.text))
    return out


def _plain(tokens: Sequence[Any]) -> str:
    pieces = []
    for token in tokens:
        if token.type == "inline":
            pieces.append("".join(_plain_child(child) for child in token.children))
        elif token.type in ("code_block", "fence"):
            pieces.append(token.content)
    return " ".join(" ".join(pieces).split())


def split_passage(passage: Passage) -> tuple[str, ...]:
    """Its headings, paragraphs, entries and cells in turn, without any markup."""
    return tuple(filter(None, (_plain([token]) for token in passage.tokens)))


def _plain_child(child: Any) -> str:
    if child.type in ("text", "code_inline"):
        return str(child.content)
    return " " if child.type in ("softbreak", "hardbreak") else ""


# --- drawing -----------------------------------------------------------------------------------


def render_passage(passage: Passage, resolve: Resolve, tongues: Tongues | None = None) -> str:
    """The passage as HTML; `resolve` gives each link its address and its marks, `tongues` cuts words of other scripts out."""
    env: dict[str, Any] = {"resolve": resolve, "tongues": tongues, "closing": [], "headings": {}}
    return str(_engine().renderer.render(passage.tokens, _engine().options, env)).strip()


def _tag(name: str, link: Link) -> str:
    pairs = ((("href", link.href),) if link.href else ()) + link.attributes
    return f"<{name}" + "".join(f' {key}="{html.escape(value)}"' for key, value in pairs) + ">"


def _draw_text(self: Any, tokens: Sequence[Any], i: int, options: Any, env: Any) -> str:
    words = str(tokens[i].content)
    if words.isascii() or not env["tongues"]:
        return _escape(words)
    pieces = ((_escape(piece), marks) for piece, marks in env["tongues"](words))
    return "".join(f"<span{marks}>{piece}</span>" if marks else piece for piece, marks in pieces)


def _escape(text: str) -> str:
    from markdown_it.common.utils import escapeHtml

    return str(escapeHtml(text))


def _draw_link(self: Any, tokens: Sequence[Any], i: int, options: Any, env: Any) -> str:
    words = []
    for token in tokens[i + 1 :]:
        if token.type == "link_close":
            break
        words.append(_plain_child(token))
    scheme, target = _split_address(tokens[i], "href")
    link = env["resolve"](scheme, target, "".join(words), str(tokens[i].attrGet("title") or ""))
    name = "a" if link.href else "span"
    env["closing"].append(name)
    return _tag(name, link)


def _draw_close(self: Any, tokens: Sequence[Any], i: int, options: Any, env: Any) -> str:
    return f"</{env['closing'].pop()}>"


def _draw_image(self: Any, tokens: Sequence[Any], i: int, options: Any, env: Any) -> str:
    scheme, target = _split_address(tokens[i], "src")
    return str(env["resolve"](scheme, target, _plain([_Inline(tokens[i].children or [])]), "").block)


@dataclass
class _Inline:
    children: Sequence[Any]
    type: str = "inline"


def _draw_heading(self: Any, tokens: Sequence[Any], i: int, options: Any, env: Any) -> str:
    return f'<{tokens[i].tag} id="{_name_heading(_plain([tokens[i + 1]]), env["headings"])}">'


def _name_heading(text: str, used: dict[str, int]) -> str:
    """The id of a heading, from its words; `used` counts those of the page so far."""
    slug = re.sub(r"\W+", "-", text.lower()).strip("-") or "section"
    used[slug] = used.get(slug, 0) + 1
    return f"{slug}-{used[slug]}" if used[slug] > 1 else slug


def outline(passage: Passage) -> tuple[tuple[str, str], ...]:
    """The headings of the second level: the id that each is drawn with, and its words."""
    used: dict[str, int] = {}
    found = []
    for opening, inline in pairwise(passage.tokens):
        if opening.type == "heading_open":
            text = _plain([inline])
            found.append((opening.tag, _name_heading(text, used), text))
    return tuple((name, text) for tag, name, text in found if tag == "h2")


def _draw_table(self: Any, tokens: Sequence[Any], i: int, options: Any, env: Any) -> str:
    """In a frame, which scrolls where the table is wider than the page; it is called by the table's columns."""
    end = next(at for at in range(i, len(tokens)) if tokens[at].type == "tr_close")
    columns = (_plain([token]) for token in tokens[i:end] if token.type == "inline")
    name = html.escape("; ".join(filter(None, columns)))
    return f'<section class="frame" tabindex="0" aria-label="{name}">\n<table>\n'


def _draw_cell(self: Any, tokens: Sequence[Any], i: int, options: Any, env: Any) -> str:
    """Markdown's alignment is a style attribute, which the page's policy forbids: only the one that numbers need is kept."""
    scope = ' scope="col"' if tokens[i].tag == "th" else ""
    right = ' class="right"' if "right" in str(tokens[i].attrGet("style") or "") else ""
    return f"<{tokens[i].tag}{scope}{right}>"
