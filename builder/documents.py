"""Files of an author as trees that remember their places, and trees as the nouns that they describe.

YAML is read from its events: every scalar is text until our own types say otherwise (`NO` stays NO, `1.10` stays
1.10), a key written twice is a problem, and anchors and tags are refused. pydantic holds a tree to a dataclass.
"""

from __future__ import annotations

import dataclasses
import functools
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar, get_args, get_type_hints

import yaml

from builder import slips
from builder.diagnostics import Diagnostic, closest, nearest, problem
from builder.model import Location, Text

T = TypeVar("T")

SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
"""What may become an address: small letters, digits and single hyphens."""
WEB_ADDRESS = r"https?://[^\s/?#@\\\[\]\"<>%]+([/?#][^\s\\\"<>]*)?"
"""What a reader may be led to: nobody's name before an @, no brackets, no blanks."""
README = "/README.md"
"""Ending of a file that tells about its folder: it may lie anywhere and is never published."""
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
LARGEST = 128 * 1024
"""Bytes of one text file; what is larger is refused, since Markdown can grow fiftyfold on its way to HTML."""
DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Node:
    """A YAML value with its place: `value` is a Text, a tuple of nodes, or a dict of key → node."""

    value: Any
    location: Location
    keys: Mapping[str, Location] = dataclasses.field(default_factory=dict)
    """Where each key of a mapping stands."""


_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
"""What a file of that encoding begins with."""


def decode(path: str, raw: bytes) -> tuple[str | None, list[Diagnostic]]:
    """The text of a file with LF line endings, or None when it cannot be read, and what is wrong with it."""
    problems = []
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        byte = f"0x{raw[error.start]:02x}"
        why = f"byte {byte} cannot be read" if raw[:2] not in _UTF_16 else "it was saved as UTF-16"
        return None, [problem("D002", Location(path, line, column), why=why)]
    if text.startswith("\ufeff"):
        problems.append(problem("D003", Location(path)))
        text = text[1:]
    if "\r" in text:
        line = text[: text.index("\r")].count("\n") + 1
        problems.append(problem("D016", Location(path, line)))
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\0") > len(text) // 3:
        return None, [*problems, problem("D002", Location(path), why="it was saved as UTF-16")]
    if "\0" in text:
        before_nul = text[: text.index("\0")]
        place = Location(path, before_nul.count("\n") + 1, len(before_nul) - before_nul.rfind("\n"))
        return None, [*problems, problem("D017", place, path=path)]
    for offset, name in find_invisible(text):
        place = Location(path, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))
        problems.append(problem("D030", place, name=name))
    return text, problems


def find_invisible(text: str) -> list[tuple[int, str]]:
    """The first place of each character that cannot be seen and changes how a text reads, with its name."""
    found: dict[str, int] = {}
    for match in _INVISIBLE.finditer(text):
        found.setdefault(match.group(), match.start())
    return [(at, f"U+{ord(ch):04X} {unicodedata.name(ch, '')}".strip()) for ch, at in found.items()]


def split_front_matter(path: str, text: str) -> tuple[str | None, str, int, list[Diagnostic]]:
    """Front matter, body and the line on which the body begins."""
    if not text.startswith("---\n"):
        return None, text, 1, [_without_front(path, text)]
    end = text.find("\n---\n", 3)
    if end < 0:
        if not text.endswith("\n---"):
            return None, text, 1, [_not_closed(path, text)]
        end = len(text) - 4
    front, body = text[4 : end + 1], text[end + 5 :]
    return front, body, front.count("\n") + 3, []


_FENCE = "Make this line three hyphens and nothing else: ---"


def _without_front(path: str, text: str) -> Diagnostic:
    lines = text.split("\n")
    at = next((at for at, line in enumerate(lines) if line.strip()), 0)
    if at and lines[at] == "---":
        return problem("C007", Location(path), hint="Take out what stands above the three hyphens, an empty line too.")
    if slips.is_fence_slip(lines[at]):
        return problem("C007", Location(path, at + 1), len(lines[at]), hint=_FENCE)
    hint = "Begin it with a line of three hyphens, the fields, and three hyphens again."
    return problem("C007", Location(path), hint=hint)


def _not_closed(path: str, text: str) -> Diagnostic:
    for at, line in enumerate(text.split("\n")):
        if at and slips.is_fence_slip(line):
            return problem("C008", Location(path, at + 1), len(line), hint=_FENCE)
    return problem("C008", Location(path), 3, hint="End it with a line of three hyphens.")


_QUOTE_ALL = "Put the whole text in double quotes, from its first line to its last."
_MEND = "Mend the line; most often a quote, a colon or the indentation is missing."


def unreadable(place: Location, why: str, length: int = 1, hint: str = _MEND) -> Diagnostic:
    """Why a file, or what begins at a place of it, cannot be read as YAML."""
    return problem("C001", place, length, why=why, hint=hint)


class _Reader:
    """Builds a tree from YAML's events."""

    def __init__(self, path: str, text: str, first_line: int) -> None:
        self.path = path
        self.text = text
        self.first_line = first_line
        self.problems: list[Diagnostic] = []
        self.events = yaml.parse(text, Loader=getattr(yaml, "CLoader", yaml.Loader))

    def place(self, mark: Any) -> Location:
        return Location(self.path, mark.line + self.first_line, mark.column + 1)

    def read(self) -> Node | None:
        root = None
        try:
            for event in self.events:
                if isinstance(event, yaml.events.NodeEvent):
                    if root is not None:
                        why = "a second document begins here, after three hyphens"
                        self.problems.append(unreadable(self.place(event.start_mark), why))
                        break
                    root = self.node(event, 0)
            return root
        except yaml.MarkedYAMLError as error:
            if self.cut_short(error):
                self.problems[-1] = replace(self.problems[-1], cure=_QUOTE_ALL)
            else:
                self.problems.append(self.explain(error))
        except yaml.reader.ReaderError:
            found = yaml.reader.Reader.NON_PRINTABLE.search(self.text)
            before = self.text[: found.start() if found else 0]
            where = Location(self.path, before.count("\n") + self.first_line, len(before) - before.rfind("\n"))
            self.problems.append(unreadable(where, "a character that cannot stand in YAML"))
        return None

    def check_comment(self, start: Any, end: Any) -> None:
        """Words after a # are lost, and nobody meant that where only one space stands before it: notes have two."""
        begin, stop = self.text.rfind("\n", 0, end.index) + 1, self.text.find("\n", end.index)
        line = self.text[begin : stop if stop >= 0 else len(self.text)]
        if line[end.column :].startswith(" #"):
            where = replace(self.place(end), column=end.column + 2)
            lost = line[where.column - 1 :].rstrip()
            hint = slips.suggest_quotes(line) if start.line == end.line else _QUOTE_ALL
            self.problems.append(problem("C061", where, len(lost), text=lost, hint=hint))

    def cut_short(self, error: yaml.MarkedYAMLError) -> bool:
        """True where a text that a comment cut goes on in the next line: the comment is the one slip, and is told."""
        last = self.problems[-1] if self.problems else None
        if not last or last.code != "C061" or not error.problem_mark:
            return False
        at = last.location.line - self.first_line
        line = self.text.split("\n")[at]
        deeper = error.problem_mark.column > len(line) - len(line.lstrip(" "))
        return bool(error.problem_mark.line == at + 1 and deeper)

    def explain(self, error: yaml.MarkedYAMLError) -> Diagnostic:
        """The slip that most likely made the text unreadable: where YAML's own complaint stands, or where it began."""
        lines = self.text.split("\n")
        begun = str(error.context or "").removeprefix("while ").startswith(_BEGUN)
        marks = [mark for mark in (error.context_mark if begun else None, error.problem_mark) if mark]
        if not marks:
            return unreadable(Location(self.path, self.first_line), _plain_yaml_error(error))
        if error.problem == _TOO_DEEP:
            return unreadable(self.place(error.problem_mark), _TOO_DEEP, hint="Nest less.")
        for at in dict.fromkeys(mark.line for mark in marks if mark.line < len(lines)):
            if slip := slips.find_yaml_slip(lines[at]):
                return self.told(at, slip)
        last = marks[-1].line
        for at in range(min(last, len(lines)) - 1, -1, -1):
            slip = slips.find_yaml_slip(lines[at])
            if slip and slip.is_quote and not any(line.rstrip().endswith(("'", '"')) for line in lines[at + 1 : last]):
                return self.told(at, slip)
        return unreadable(self.place_within(marks[0], lines), _plain_yaml_error(error))

    def place_within(self, mark: Any, lines: list[str]) -> Location:
        """A place that exists: at its end YAML counts a line more than there is."""
        if mark.line < len(lines) and mark.column <= len(lines[mark.line]):
            return self.place(mark)
        last = max(at for at, line in enumerate(lines) if line.strip() or not at)
        return Location(self.path, last + self.first_line, len(lines[last]) + 1)

    def told(self, at: int, slip: slips.Slip) -> Diagnostic:
        where = Location(self.path, at + self.first_line, slip.start + 1)
        return unreadable(where, slip.why, slip.end - slip.start, slip.cure)

    def node(self, event: Any, depth: int) -> Node:
        where = self.place(event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            self.problems.append(problem("C006", where, what="aliases"))
            return Node(Text("", self.path, where.line, where.column, ""), where)
        if event.anchor:
            self.problems.append(problem("C006", where, what="anchors"))
        if event.tag and event.tag != "!":
            self.problems.append(problem("C006", where, what="tags"))
        if depth > DEEPEST:
            raise yaml.MarkedYAMLError(None, None, _TOO_DEEP, event.start_mark)
        if isinstance(event, yaml.ScalarEvent):
            raw = self.text[event.start_mark.index : event.end_mark.index]  # type: ignore[union-attr]
            if "\\" in raw:  # only there can it be written as a code
                self.problems += [
                    problem("D030", where, len(raw), name=name) for _, name in find_invisible(event.value)
                ]
            if not event.style and " " in event.value:
                self.check_comment(event.start_mark, event.end_mark)
            inside = replace(where, column=where.column + 1) if event.value and event.style in ("'", '"') else where
            return Node(Text(event.value, self.path, where.line, where.column, raw), inside)
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(following := next(self.events), yaml.SequenceEndEvent):
                items.append(self.node(following, depth + 1))
            return Node(tuple(items), where)
        return self.mapping(where, depth)

    def mapping(self, where: Location, depth: int) -> Node:
        found: dict[str, Node] = {}
        keys: dict[str, Location] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.node(event, depth + 1)
            value = self.node(next(self.events), depth + 1)
            if not isinstance(key.value, Text):
                self.problems.append(unreadable(key.location, "a key must be a word"))
                continue
            name = key.value.value
            if name in found:
                self.problems.append(problem("C002", key.location, len(name), key=name))
                continue
            found[name] = value
            keys[name] = key.location
        return Node(found, where, keys)


_TOO_DEEP = "too many levels"
_BEGUN = ("scanning a simple key", "scanning a quoted", "parsing a flow")
"""What YAML was at when it failed, where the slip lies at the beginning of that."""
_YAML_WORDS = {
    "mapping values are not allowed": "the line is indented further than the field above, which has its text already",
    "could not find expected ':'": "a colon is missing after a field's name",
    "did not find expected key": "the indentation changes here, or a quote is not closed",
    "found character that cannot start any token": "a tab, or a character that must stand in quotes",
    "did not find expected node content": "a value is missing here, or a list before it is not closed",
    "found unexpected end of stream": "a quote is opened and never closed",
    "did not find expected ',' or ']'": "a list in square brackets is not closed, or a comma is missing",
    "did not find expected ',' or '}'": "a list in curly brackets is not closed, or a comma is missing",
    "did not find expected '-' indicator": "a list item must begin with a hyphen at the same indentation",
}


def _plain_yaml_error(error: yaml.MarkedYAMLError) -> str:
    said = str(error.problem or "")
    return next((words for key, words in _YAML_WORDS.items() if key in said), said or "it cannot be read")


def read_yaml(path: str, raw: bytes) -> tuple[Node | None, list[Diagnostic]]:
    """A YAML file as a tree, and what is wrong with it."""
    text, problems = decode(path, raw)
    if text is None:
        return None, problems
    tree, more = read_yaml_text(path, text)
    return tree, problems + more


def read_yaml_text(path: str, text: str, first_line: int = 1) -> tuple[Node | None, list[Diagnostic]]:
    """A piece of YAML that begins on `first_line` of its file."""
    if len(text.encode()) > LARGEST:
        return None, [problem("C010", Location(path, first_line), size=len(text) // 1024)]
    reader = _Reader(path, text, first_line)
    tree = reader.read()
    return tree, reader.problems


def plain(node: Node | None) -> Any:
    """The tree as str, list and dict."""
    if node is None:
        return None
    if isinstance(node.value, Text):
        return node.value.value
    if isinstance(node.value, tuple):
        return [plain(item) for item in node.value]
    return {key: plain(item) for key, item in node.value.items()}


def items(node: Node) -> tuple[Node, ...]:
    """The items of a list; none of anything else."""
    return node.value if isinstance(node.value, tuple) else ()


def walk(node: Node, role: str = "") -> list[tuple[str, Node]]:
    """Every node with its role: `because.0.needs`."""
    out = [(role, node)]
    if isinstance(node.value, tuple):
        pairs: list[tuple[str, Node]] = [(str(i), item) for i, item in enumerate(node.value)]
    elif isinstance(node.value, dict):
        pairs = list(node.value.items())
    else:
        return out
    for key, item in pairs:
        out += walk(item, f"{role}.{key}" if role else key)
    return out


def _step(node: Node, key: object) -> Node | None:
    if isinstance(node.value, dict):
        return node.value.get(str(key))
    if isinstance(node.value, tuple) and isinstance(key, int) and key < len(node.value):
        return node.value[key]  # type: ignore[no-any-return]
    return None


@functools.cache
def _adapter(kind: Any, with_words: bool = False) -> Any:
    import pydantic  # a fifth of a second: only when something is read

    @functools.cache
    def strict(noun: Any) -> Any:
        for hint in get_type_hints(noun).values():
            for inner in _dataclasses_in(hint):
                strict(inner)
        noun.__pydantic_config__ = {"extra": "forbid", "use_attribute_docstrings": with_words}
        return noun

    for noun in _dataclasses_in(kind):
        strict(noun)
    return pydantic.TypeAdapter(kind)


def _dataclasses_in(hint: Any) -> list[Any]:
    if dataclasses.is_dataclass(hint):
        return [hint]
    return [found for inner in get_args(hint) for found in _dataclasses_in(inner)]


def json_schema(kind: Any) -> dict[str, Any]:
    """The JSON Schema of a noun that authors write; what stands under each field is its description."""
    return _adapter(kind, with_words=True).json_schema()  # type: ignore[no-any-return]


def read_as(tree: Node, kind: type[T]) -> tuple[T | None, dict[str, Location], list[Diagnostic]]:
    """The tree as a `kind` (a dataclass or a mapping of them), the place of each field by role, and what is wrong."""
    import pydantic

    places = {role: node.location for role, node in walk(tree)}
    try:
        return _adapter(kind).validate_python(plain(tree)), places, []  # type: ignore[arg-type]
    except pydantic.ValidationError as error:
        return None, places, _as_problems(tree, kind, error.errors())


def _as_problems(tree: Node, kind: Any, errors: list[Any]) -> list[Diagnostic]:
    """pydantic's complaints in our words. Where a value may be one of several nouns, only the likeliest is meant."""
    resolved = []
    for found in errors:
        node, rest, member, fields = tree, list(found["loc"]), "", _all_fields(kind)
        path: list[object] = []
        while rest:
            key = rest[0]
            following = _step(node, key)
            if following is None and isinstance(node.value, Text):
                rest = []  # the name of a type that a text may have
                break
            if following is None:
                if len(rest) > 1 or (key not in fields and str(key)[:1].isupper()):
                    member = str(rest.pop(0))  # the name of a noun in a union
                    continue
                break
            node = following
            path.append(rest.pop(0))
        resolved.append((path, member, node, rest[0] if rest else None, found))
    best: dict[tuple[object, ...], dict[str, int]] = {}
    for path, member, _, _, found in resolved:
        if member:
            at = tuple(path[:2])
            weight = 1 if found["type"] != "missing" else 2
            best.setdefault(at, {})[member] = best.get(at, {}).get(member, 0) + weight
    likely = [
        each
        for each in resolved
        if not each[1] or min(best[tuple(each[0][:2])], key=best[tuple(each[0][:2])].__getitem__) == each[1]
    ]
    missing = {(*path, last) for path, _, _, last, found in likely if found["type"] == "missing"}
    meant: dict[tuple[object, ...], str] = {}
    for path, _, _, _, found in likely:  # a field that is misspelt is not missing too
        here = [str(each[-1]) for each in missing if each[:-1] == tuple(path[:-1])]
        if found["type"] in _UNKNOWN and (name := closest(str(path[-1]), here)):
            meant[tuple(path)] = name
            missing.discard((*path[:-1], name))
    out: list[Diagnostic] = []
    for path, _, node, last, found in likely:
        if found["type"] == "missing" and (*path, last) not in missing:
            continue
        made = _in_words(tree, kind, path, node, last, found, meant.get(tuple(path), ""))
        told = made in out or any((other.code, other.location) == ("C005", made.location) for other in out)
        if not told:
            out.append(made)
    return out


_UNKNOWN = ("extra_forbidden", "unexpected_keyword_argument")


def _fields(kind: Any) -> set[str]:
    return {f.name for noun in _dataclasses_in(kind) for f in dataclasses.fields(noun)}


def _all_fields(kind: Any) -> set[str]:
    out = _fields(kind)
    for noun in _dataclasses_in(kind):
        for hint in get_type_hints(noun).values():
            if _dataclasses_in(hint):
                out |= _all_fields(hint)
    return out


def _in_words(
    tree: Node, kind: Any, path: list[object], node: Node, last: object, found: Any, meant: str
) -> Diagnostic:
    name = str(last if last is not None else path[-1] if path else "")
    if found["type"] == "missing":
        return problem("C004", node.location, key=name, hint=f"{name}: …")
    if found["type"] in _UNKNOWN:
        parent = tree
        for key in path[:-1]:
            parent = _step(parent, key) or parent
        where = parent.keys.get(name, node.location)
        known = [meant] if meant else _all_fields(kind) - {name}
        hint = nearest(name, known, "Take it out; the reference lists the fields.")
        return problem("C003", where, len(name), key=name, hint=hint)
    if found["type"] in ("literal_error", "enum"):
        choices = re.findall(r"'([^']*)'", found["ctx"]["expected"])
        value = str(found["input"])
        hint = nearest(value, choices, "It is one of: " + ", ".join(choices) + ".")
        if (meant := _OPERATORS.get(value.strip("“”„«»‘’"), "")) in choices:
            quoted = isinstance(node.value, Text) and node.value.raw[:1] in ("'", '"')
            hint = f'Write "{meant}"{"." if quoted else ", with the quotes."}'
        message = f'{name} is "{value}", which is none of {", ".join(choices)}.'
        return problem("C005", node.location, len(value), message=message, hint=hint)
    wanted = {
        "string_type": "a text",
        "tuple_type": "a list",
        "list_type": "a list",
        "dict_type": "a list of fields",
        "dataclass_type": "a list of fields",
        "int_parsing": "a whole number",
        "bool_parsing": "true or false",
    }.get(found["type"], found["msg"])
    got = "a list" if isinstance(node.value, tuple) else "fields" if isinstance(node.value, dict) else "a text"
    text = node.value.value if isinstance(node.value, Text) else ""
    length = len(text.partition("\n")[0]) if text else 1
    in_list = last is None and bool(path) and isinstance(path[-1], int)
    hint = "Look at a neighbouring file that works."
    if wanted == "a list":
        hint = slips.suggest_list(name, text) if text else "Begin each item with a hyphen and a space: - …"
    elif wanted == "a text" and isinstance(node.value, tuple) and len(node.value) == 1:
        hint = f"Take the list mark out: {'-' if in_list else name + ':'} {plain(node.value[0])}"
    elif wanted == "a text" and in_list and isinstance(node.value, dict) and len(node.value) == 1:
        text = ": ".join(
            (*node.value, str(plain(*node.value.values())))
        )  # a colon inside of it makes a field of its words
        length, hint = len(text), slips.suggest_quotes(f"- {text}")
    elif wanted == "a list of fields":
        fields = next(
            (_fields(noun) for noun in _nouns(kind) if noun.__name__ == found.get("ctx", {}).get("class_name")), ()
        )
        hint = f"Write each on a line of its own: {', '.join(sorted(fields))}." if fields else hint
    elif wanted == "a whole number":
        hint = "Write digits: 7."
    subject = f"An item of {path[-2]}" if in_list and len(path) > 1 else name or "This"
    message = f"{subject} must be {wanted}, but is {got}."
    return problem("C005", node.location, length, message=message, hint=hint)


_OPERATORS = {
    **dict.fromkeys((">=", "=>", "≥", "at least", "> ="), ">="),
    **dict.fromkeys(("<=", "=<", "≤", "at most", "< ="), "<="),
    **dict.fromkeys((">", "more than", "＞"), ">"),
    **dict.fromkeys(("<", "less than", "＜"), "<"),
    **dict.fromkeys(("==", "=", "is", "exactly"), "=="),
}
"""What people write for an operator."""


def _nouns(kind: Any) -> list[Any]:
    """The dataclasses in a noun, and in those in turn."""
    inner = [each for noun in _dataclasses_in(kind) for hint in get_type_hints(noun).values() for each in _nouns(hint)]
    return [*_dataclasses_in(kind), *inner]


def place_in(text: Text, offset: int) -> Location:
    """Where the character `offset` of `text.value` stands in the file.

    The value is laid along the raw slice: equal characters match, any white space matches any white space, and what
    only the raw slice has (quotes, indentation, list marks) is passed over. Lines that stand whole in the slice are
    found as such, so that a list mark that looks like the text does not mislead.
    """
    value, raw = text.value, text.raw
    begin = value.rfind("\n", 0, offset) + 1
    end = value.find("\n", begin)
    line = value[begin : end if end >= 0 else len(value)]
    cursor = 0
    for earlier in value[:begin].split("\n")[:-1]:
        at = raw.find(earlier, cursor)
        if at < 0:
            break
        cursor = raw.find("\n", at + len(earlier))
        cursor = len(raw) if cursor < 0 else cursor + 1
    else:
        line_end = raw.find("\n", cursor)
        window = raw[cursor : line_end if line_end >= 0 else len(raw)]
        at = window.rfind(line)
        if at >= 0:
            return _location(text, cursor + at + offset - begin)
    return _location(text, _lay(value, raw, offset))


_ESCAPES = {"x": 4, "u": 6, "U": 10}
"""How long a code of YAML's double quotes is, where it is longer than a backslash and a letter."""


def _lay(value: str, raw: str, offset: int) -> int:
    i = j = 0
    if raw[:1] in ("|", ">"):
        j = raw.find("\n") + 1
    while i < offset and j < len(raw):
        if raw[0] == '"' and raw[j] == "\\" and raw[j + 1] != "\n":
            i, j = i + 1, j + _ESCAPES.get(raw[j + 1], 2)
        elif value[i].isspace():
            while i < len(value) and value[i].isspace():
                i += 1
            while j < len(raw) and raw[j].isspace():
                j += 1
        elif value[i] == raw[j]:
            i += 1
            j += 1
        else:
            j += 1
    while j < len(raw) and i < len(value) and raw[j] != value[i]:
        j += 1
    return j


def _location(text: Text, index: int) -> Location:
    before = text.raw[:index]
    lines = before.count("\n")
    column = (text.column if not lines else 1) + len(before) - (before.rfind("\n") + 1)
    return Location(text.path, text.line + lines, column)
