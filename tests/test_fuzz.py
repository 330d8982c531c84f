"""Whatever becomes of an author's file, the build tells it: no exception, and every problem has a place that exists."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from small_site import CLAIM, build_from, small_build, small_site

from builder import diagnostics

if TYPE_CHECKING:
    from builder.diagnostics import Diagnostic

MINE = (
    CLAIM,
    "content/en/pages/index.md",
    "content/en/figures.yaml",
    "content/en/charts.yaml",
    "content/en/words.yaml",
    "data/figures.yaml",
    "data/shipments.csv",
    "data/totals.csv",
    "data/statements.csv",
    "data/sources.csv",
    "data/datapackage.json",
    "site/site.yaml",
)
"""What a journalist edits."""
ODD = [
    *(bytes([code]) for code in (0, 7, 9, 10, 13, 27, 127, 0x80, 0xC3, 0xFF)),
    *(text.encode() for text in ("\u00a0", "\u00ad", "\u200b", "\u202e", "\u2028", "\ufeff", "“", "”", "’", "–", "—", "…", "ﬁ")),
    *(text.encode() for text in ('"', "'", "[", "]", "(", ")", "{", "}", ":", ": ", "- ", "#", "|", ">", "*", "&", "%", "\\", ",", ";", "---\n", "1,5", "\t", "<b>", "0", "9" * 40)),
]  # fmt: skip


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, bytes]:
    """One of the files after one to three slips of the hand."""
    path = draw(st.sampled_from(MINE))
    raw = small_site()[path]
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, max(0, len(raw) - 1)))
        kind = draw(
            st.sampled_from(("cut", "insert", "delete", "swap", "line twice", "line gone", "overwrite", "empty"))
        )
        start, end = raw.rfind(b"\n", 0, at) + 1, raw.find(b"\n", at) + 1 or len(raw)
        if kind == "cut":
            raw = raw[:at]
        elif kind == "insert":
            raw = raw[:at] + draw(st.sampled_from(ODD)) + raw[at:]
        elif kind == "delete":
            raw = raw[:at] + raw[at + draw(st.integers(1, 12)) :]
        elif kind == "swap":
            raw = raw[:at] + raw[at : at + 2][::-1] + raw[at + 2 :]
        elif kind == "line twice":
            raw = raw[:end] + raw[start:end] + raw[end:]
        elif kind == "line gone":
            raw = raw[:start] + raw[end:]
        elif kind == "overwrite":
            raw = raw[:at] + draw(st.sampled_from(ODD)) + raw[at + 1 :]
        else:  # the value of a field, or all cells of a row
            colon = raw.find(b":", start, end)
            raw = raw[: colon + 1] + raw[end - 1 :] if colon >= 0 else raw[:start] + b",\n" + raw[end:]
    return path, raw


def has_place(found: Diagnostic, files: dict[str, bytes]) -> bool:
    """True where an editor can jump to the place: within its file, or at the beginning of one that is missing."""
    place = found.location
    if place.path not in files:
        return (place.line, place.column) == (1, 1)
    text = files[place.path].decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.removeprefix("\ufeff").split("\n")
    return 1 <= place.line <= len(lines) and 1 <= place.column <= len(lines[place.line - 1]) + 1


@settings(
    max_examples=300,
    deadline=timedelta(seconds=5),
    derandomize=True,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
@given(edits())
def test_no_slip_of_the_hand_makes_the_builder_fail(edit: tuple[str, bytes]) -> None:
    files = small_site()
    files[edit[0]] = edit[1]
    made = build_from(files)
    for found in made.problems:
        assert has_place(found, files), found
        assert diagnostics.format_text(found, files)
        assert found.message.strip(), found
        assert found.cure.strip(), found


@pytest.mark.parametrize("path", MINE)
def test_a_file_cut_anywhere_is_told_or_whole(path: str) -> None:
    raw = small_site()[path]
    for part in range(1, 12):
        files = {**small_site(), path: raw[: len(raw) * part // 12]}
        made = build_from(files)
        assert all(has_place(found, files) for found in made.problems)


def test_the_small_site_is_what_is_edited() -> None:
    assert set(MINE) <= set(small_site())
    assert not small_build().broken
