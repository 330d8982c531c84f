"""Typical slips of a tired hand: each is told once, at the very characters, with a cure that mends it.

`tests/slips/*.yaml` holds them as rows. A row changes the small site, as `change.yaml` of a broken site does: `in` is the
claim unless it says otherwise, and `said` is a paragraph put before the claim's first heading. `told` lists what is said
then: rule, place, the characters above the caret, and a piece of the message or cure. An empty list means that the slip is
forgiven.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from conftest import ROOT
from small_site import CLAIM, apply_changes, build_from, change, small_site, text_at

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from builder.build import Build
    from builder.diagnostics import Diagnostic

FIRST = "## What was said\n"


def read_rows(path: Path) -> list[tuple[str, dict[str, Any]]]:
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [(f"{path.stem}: {name}", row) for name, row in rows.items()]


ROWS = dict(row for path in sorted((ROOT / "tests" / "slips").glob("*.yaml")) for row in read_rows(path))


@cache
def built(name: str) -> tuple[Mapping[str, bytes], Build]:
    row = {key: value for key, value in ROWS[name].items() if key != "told"}
    if "said" in row:
        files = change(small_site(), CLAIM, FIRST, f"{row['said']}\n\n{FIRST}")
    else:
        files = apply_changes(small_site(), row.get("changes") or [row if "file" in row else {"in": CLAIM, **row}])
    return files, build_from(files)


def mark_of(found: Diagnostic, files: Mapping[str, bytes]) -> str:
    try:
        return text_at(found, files)
    except (UnicodeDecodeError, KeyError):
        return ""


def place_of(found: Diagnostic) -> str:
    place = found.location
    return f"{PurePosixPath(place.path).name}:{place.line}:{place.column}"


@pytest.mark.parametrize("name", ROWS)
def test_a_slip_is_told_at_its_place_with_its_cure(name: str) -> None:
    files, made = built(name)
    told = [[found.code, place_of(found), mark_of(found, files)] for found in made.problems]
    assert told == [row[:3] for row in ROWS[name]["told"]]
    for found, (*_, says) in zip(made.problems, ROWS[name]["told"], strict=True):
        assert says in f"{found.message} {found.cure}"


def test_a_slip_is_told_once() -> None:
    often = {name: len(row["told"]) for name, row in ROWS.items() if len(row["told"]) > 1}
    assert set(often) == ALLOWED


ALLOWED = {
    "data: a figure indented",
    "data: a number with a thousands dot",
    "front: a hash in a text, and below it no colon",
}
"""The first leaves two figures in one, each with its fields; the second is a number, and other than the texts tell; the third
has two slips."""


_WHOLE = "Put the whole text in double quotes: "
_COPIED = re.compile(rf'Write ("[^"]+"), with the quotes|(?:Write|Did you mean) "([^"]+)"|Write: (.+)|{_WHOLE}(.+)')
SUGGESTED = [name for name, row in ROWS.items() if any(_COPIED.match(told[3]) for told in row["told"][:1])]
LEFT = {
    "front: a value with a thousands comma": ["V001"],
    "front: a value that begins with a link": ["B004"],
    "prose: a title in curly quotes": ["B003"],
    "prose: a misspelt chart": ["S004"] * 3,
    "data: a number with a thousands dot": ["B003"],
}
"""What is wrong besides the slip, and told once it is mended."""


def mend(found: Diagnostic, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files with what the cure suggests, copied over what is marked, or over the whole field."""
    copied = _COPIED.match(found.cure)
    assert copied
    lines = files[found.location.path].decode().split("\n")
    at, start = found.location.line - 1, found.location.column - 1
    end = start + found.length
    if copied[4]:
        start, end = len(re.split(r"[^\s-]", lines[at])[0]), len(lines[at])
    lines[at] = lines[at][:start] + next(filter(None, copied.groups())) + lines[at][end:]
    return {**files, found.location.path: "\n".join(lines).encode()}


@pytest.mark.parametrize("name", SUGGESTED)
def test_what_is_suggested_mends_when_it_is_copied(name: str) -> None:
    files, made = built(name)
    mended = mend(made.problems[0], files)
    left = [found.code for found in build_from(mended).problems]
    assert left == LEFT.get(name, [])
