"""Files as trees with places: what is refused, what stays text, where each character stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from builder import documents
from builder.documents import Node, plain, read_as, read_yaml, split_front_matter, walk
from builder.model import Location, Text

if TYPE_CHECKING:
    from builder.diagnostics import Diagnostic


def read(text: str) -> tuple[Any, list[str]]:
    """The tree as plain values, and `line:column code` of what is wrong."""
    tree, problems = read_yaml("a.yaml", text.encode())
    return plain(tree), told(problems)


def told(problems: list[Diagnostic]) -> list[str]:
    return [f"{found.location.line}:{found.location.column} {found.code}" for found in problems]


# --- bytes to text -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "text", "problems"),
    [
        (b"a: 1\n", "a: 1\n", []),
        (b"", "", []),
        (b"\xef\xbb\xbfa: 1", "a: 1", ["1:1 D003"]),
        (b"a: 1\r\nb: 2\r\n", "a: 1\nb: 2\n", ["1:1 D016"]),
        (b"a: 1\nb: 2\rc: 3", "a: 1\nb: 2\nc: 3", ["2:1 D016"]),
        (b"a\xe9", None, ["1:2 D002"]),
        ("無人機\nне\n".encode() + b"\xff", None, ["3:1 D002"]),
        ("無人機 ".encode() + b"\x80", None, ["1:5 D002"]),
        (b"ab\nc\0d", None, ["2:2 D017"]),
        (b"\xf0\x9f\x98", None, ["1:1 D002"]),
        ("a\u202eb".encode(), "a\u202eb", ["1:2 D030"]),
    ],
)
def test_bytes_become_text(raw: bytes, text: str | None, problems: list[str]) -> None:
    found, trouble = documents.decode("a.md", raw)
    assert found == text
    assert told(trouble) == problems


@pytest.mark.parametrize(
    ("text", "front", "body", "line", "problems"),
    [
        ("---\na: 1\n---\nBody.\n", "a: 1\n", "Body.\n", 4, []),
        ("---\na: 1\nb: 2\n---\n\nBody.\n", "a: 1\nb: 2\n", "\nBody.\n", 5, []),
        ("---\na: 1\n---", "a: 1\n", "", 4, []),
        ("---\n---\nBody.", "", "Body.", 3, []),
        ("---\n---", "", "", 3, []),
        ("---\na: 1\n---\nA\n---\nB\n", "a: 1\n", "A\n---\nB\n", 4, []),
        ("Body.\n", None, "Body.\n", 1, ["1:1 C007"]),
        ("", None, "", 1, ["1:1 C007"]),
        ("----\na: 1\n----\n", None, "----\na: 1\n----\n", 1, ["1:1 C007"]),
        ("---\na: 1\n", None, "---\na: 1\n", 1, ["1:1 C008"]),
        ("---\na: 1\n --- \n", None, "---\na: 1\n --- \n", 1, ["3:1 C008"]),
    ],
)
def test_front_matter_is_split_from_the_body(text: str, front: Any, body: str, line: int, problems: list[str]) -> None:
    *parts, trouble = split_front_matter("a.md", text)
    assert tuple(parts) == (front, body, line)
    assert told(trouble) == problems


# --- YAML --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: NO\nb: 1.10\nc: 0x1F\nd: 2023-04-19\ne: ~\nf: on", {"a": "NO", "b": "1.10", "c": "0x1F", "d": "2023-04-19", "e": "~", "f": "on"}),
        ("a:\nb: ''", {"a": "", "b": ""}),
        ("a: >-\n  one\n  two\n", {"a": "one two"}),
        ("a: |\n  one\n  two\n", {"a": "one\ntwo\n"}),
        ("a: [x, 'y z', \"z\"]", {"a": ["x", "y z", "z"]}),
        ("a: {b: {c: d}}", {"a": {"b": {"c": "d"}}}),
        ("- a\n- b: c\n", ["a", {"b": "c"}]),
        ("# a comment\n", None),
        ("", None),
        ("word", "word"),
        ("a: 12:30:45", {"a": "12:30:45"}),
        ("<<: {a: b}", {"<<": {"a": "b"}}),
    ],
)  # fmt: skip
def test_every_scalar_stays_text(text: str, value: Any) -> None:
    assert read(text) == (value, [])


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("a: 1\na: 2\n", ["2:1 C002"]),
        ("x:\n  a: 1\n  b: 2\n  a: 3\n", ["4:3 C002"]),
        ("a: &x 1\nb: *x\n", ["1:4 C006", "2:4 C006"]),
        ("a: !!int 1\n", ["1:4 C006"]),
        ("a: !x {b: c}\n", ["1:4 C006"]),
        ("a: b: c\n", ["1:5 C001"]),
        ("a:\n\tb: c\n", ["2:1 C001"]),
        ("a: 'open\n", ["1:4 C001"]),
        ('a: "open\n', ["1:4 C001"]),
        ("a: [1, 2\nb: 3\n", ["1:4 C001"]),
        ("a: 1\n b: 2\n", ["2:3 C001"]),
        ("a: @x\n", ["1:4 C001"]),
        ("a: 1\n---\nb: 2\n", ["3:1 C001"]),
        ("{a: 1} b\n", ["1:8 C001"]),
        ("[a]: b\n", ["1:1 C001"]),
        ("? {a: b}\n: c\n", ["1:3 C001"]),
        ("a: " + "[" * 60 + "\n", ["1:24 C001"]),
        ("無: \x07\n", ["1:4 D030", "1:4 C001"]),
        ("a: 'x\u2028y'\n", ["1:6 D030"]),
        ("x" * (128 * 1024 + 1), ["1:1 C010"]),
    ],
)
def test_what_yaml_must_not_hold(text: str, problems: list[str]) -> None:
    assert read(text)[1] == problems


def test_a_deep_document_is_refused_and_ends() -> None:
    _, problems = read("a: " + "{b: " * 5000)
    assert [problem.split()[1] for problem in problems] == ["C001"]


def test_many_aliases_do_not_grow() -> None:
    lines = ["a0: &a0 x"] + [f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 40)]
    value, problems = read("\n".join(lines))
    assert value["a39"] == ["", ""]
    assert len(problems) == 40 + 2 * 39


def test_every_node_knows_its_place_and_role() -> None:
    tree, _ = read_yaml("a.yaml", "無:\n  - é: 1\n    b: [x, y]\n".encode())
    assert tree
    places = {role: (node.location.line, node.location.column) for role, node in walk(tree)}
    assert places == {
        "": (1, 1),
        "無": (2, 3),
        "無.0": (2, 5),
        "無.0.é": (2, 8),
        "無.0.b": (3, 8),
        "無.0.b.0": (3, 9),
        "無.0.b.1": (3, 12),
    }
    assert tree.keys["無"] == Location("a.yaml", 1, 1)


# --- trees to nouns ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wheel:
    size: int


@dataclass(frozen=True, slots=True)
class Sail:
    colour: str
    material: str


@dataclass(frozen=True, slots=True)
class Vehicle:
    name: str
    parts: tuple[Wheel | Sail, ...] = ()


def as_vehicle(text: str) -> tuple[Vehicle | None, list[str]]:
    tree, problems = read_yaml("a.yaml", text.encode())
    assert isinstance(tree, Node)
    assert not problems
    made, _, found = read_as(tree, Vehicle)
    return made, [f"{told([each])[0]}: {each.message} {each.cure}" for each in found]


def test_a_tree_becomes_a_noun() -> None:
    made, problems = as_vehicle("name: 1.10\nparts:\n  - size: 3\n  - {colour: red, material: cloth}\n")
    assert problems == []
    assert made == Vehicle("1.10", (Wheel(3), Sail("red", "cloth")))


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("{}", ['1:1 C004: "name" is missing. Add it: name: …']),
        ("name: [x]", ["1:7 C005: name must be a text, but is a list. Take the list mark out: name: x"]),
        ("name: x\nnane: y", ['2:1 C003: "nane" is not a field here. Did you mean "name"?']),
        (
            "name: x\nparts: wheel",
            ["2:8 C005: parts must be a list, but is a text. Write parts: [wheel]"],
        ),
        # where an item may be one of two nouns, only the likelier is meant
        ("name: x\nparts:\n  - colour: red", ['3:5 C004: "material" is missing. Add it: material: …']),
        ("name: x\nparts:\n  - {size: 3, sze: 4}", ['3:15 C003: "sze" is not a field here. Did you mean "size"?']),
        (
            "name: x\nparts:\n  - size: big",
            ["3:11 C005: size must be a whole number, but is a text. Write digits: 7."],
        ),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_in_plain_words(text: str, problems: list[str]) -> None:
    assert as_vehicle(text) == (None, problems)


# --- characters of a text ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "yaml",
    [
        "a: saw HERE there",
        "a: 'saw ''x'' HERE there'",
        'a: "saw \\"x\\" HERE there"',
        'a: "saw \\u0048 HERE there"',
        "a: >-\n  saw much\n  and HERE there\n",
        "a: >\n  saw much\n\n  and\n  HERE there\n",
        "a: |\n  saw much\n  and HERE there\n",
        "a: |-\n    - saw\n    - HERE\n",
        "a: saw much\n  and HERE there",
        "a: 'saw much\n\n  and HERE there'",
        "a: [x, saw HERE there]",
        "a: {b: saw HERE there}",
        "無人機: 無人機 HERE",
        "a: >-\n  saw 😀 much\n  and HERE there\n",
        "a: >-\n  H HE HER\n  HERE there\n",
        "a:\n  - x\n  - >-\n    saw\n    HERE there\n",
    ],
)
def test_a_character_of_a_value_is_found_in_the_file(yaml: str) -> None:
    tree, problems = read_yaml("a.yaml", yaml.encode())
    assert tree
    assert not problems
    text = next(node.value for _, node in walk(tree) if isinstance(node.value, Text) and "HERE" in node.value.value)
    place = documents.place_in(text, text.value.index("HERE"))
    assert yaml.split("\n")[place.line - 1][place.column - 1 :].startswith("HERE")


def test_a_place_beyond_the_text_is_its_end() -> None:
    assert documents.place_in(Text("ab", "a.md", 3, 5, "ab"), 2) == Location("a.md", 3, 7)
    assert documents.place_in(Text("", "a.md", 3, 5, ""), 0) == Location("a.md", 3, 5)
