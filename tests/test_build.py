"""The whole way from files to files: whatever the files are, it ends with a site or with what is wrong."""

from __future__ import annotations

import random
from functools import cache
from typing import TYPE_CHECKING

import pytest
from small_site import CLAIM, build_from, change, small_build, small_site

from builder.build import build

if TYPE_CHECKING:
    from collections.abc import Mapping

    from builder.build import Build

SEED = 20231101
AUTHORED = sorted(
    path for path in small_site() if not path.startswith(("site/templates", "site/styles", "site/assets"))
)
ALIKE = {f"content/en/pages/{name}.md" for name in ("corrections", "data", "method", "ratings")}
"""Pages that differ from others by a word."""
LOOKS = ["site/templates/claim.html"]


def ends_well(files: Mapping[str, bytes]) -> Build:
    """A build that ends: with a whole site and at most warnings, or with errors and nothing."""
    made = build_from(files)
    assert made.problems or made.files
    assert bool(made.files) is not made.broken
    return made


# --- whatever the files are --------------------------------------------------------------------


def corruptions(path: str) -> list[bytes]:
    """The file cut, halved, doubled, with bytes flipped, taken out and put in: the same each time."""
    raw = small_site()[path]
    chance = random.Random(f"{SEED} {path}")
    at, flip, gap = (chance.randrange(1, len(raw)) for _ in range(3))
    odd = chance.choice([b"\0", b'"', b"\t", b"[", b"{", b":", b"\n---\n", b"\xe2\x80\xae"])
    return [
        *(b"", raw[: len(raw) // 2], raw[len(raw) // 2 :], raw + raw, chance.randbytes(300), raw + b"\xff", raw[:at]),
        raw[:flip] + bytes([raw[flip] ^ 1 << chance.randrange(7)]) + raw[flip + 1 :],
        raw[:gap] + odd + raw[gap:],
    ]


@pytest.mark.parametrize("path", [*(path for path in AUTHORED if path not in ALIKE), *LOOKS])
def test_a_spoilt_file_never_ends_in_a_traceback(path: str) -> None:
    for raw in corruptions(path):
        ends_well({**small_site(), path: raw})


@pytest.mark.parametrize("path", AUTHORED)
def test_a_file_that_is_not_there_never_ends_in_a_traceback(path: str) -> None:
    files = small_site()
    del files[path]
    ends_well(files)


@pytest.mark.parametrize("folder", ["data/", "content/", "site/", ""])
def test_a_folder_that_is_not_there_never_ends_in_a_traceback(folder: str) -> None:
    assert ends_well({path: raw for path, raw in small_site().items() if not path.startswith(folder)}).broken


ODD = [
    "", "x", "[]", "{}", "[x]", "{x: y}", "37", "1e999999999", "'{x}'", "'[37](figure:labelled_drones)'",
    "'![](chart:documented)'", "'# x'", "'[](figure:x)'", "'[37]()'", "'https://[x'", "'&#51;'",
]  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize(
    ("path", "find"),
    [
        (CLAIM, "{sought: no}"),
        (CLAIM, "No drones went there."),
        ("data/figures.yaml", "[labelled_drones, documented_labelled_drones]"),
        ("site/site.yaml", "en\n\nratings"),
    ],
)
def test_an_odd_value_never_ends_in_a_traceback(path: str, find: str, odd: str) -> None:
    ends_well(change(small_site(), path, find, odd + find.partition("en")[2] if "ratings" in find else odd))


# --- what a build is ---------------------------------------------------------------------------


@cache
def afresh() -> Build:
    return build(small_site())


def test_equal_files_give_equal_bytes_with_memory_and_without() -> None:
    again = build(small_site(), small_build().memory)
    assert dict(again.files) == dict(afresh().files) == dict(small_build().files)
    assert again.problems == afresh().problems
    assert again.coverage == afresh().coverage


def test_the_order_of_the_files_does_not_matter() -> None:
    turned = dict(reversed(list(small_site().items())))
    assert dict(build_from(turned).files) == dict(small_build().files)


def test_a_changed_file_is_never_taken_from_memory() -> None:
    files = change(small_site(), "content/en/pages/about.md", "An invented page, so", "Another invented page, so")
    made = build_from(files)
    assert b"Another invented page" in made.files["en/about/index.html"]
    assert dict(made.files) == dict(build(files).files)


def test_other_versions_are_another_build() -> None:
    made = build(small_site(), small_build().memory, {"builder": "another"})
    assert b"another" in made.files["manifest.json"]


def test_memory_that_is_none_of_ours_changes_nothing() -> None:
    assert dict(build(small_site(), {"x": b"y"}).files) == dict(small_build().files)


def test_the_files_are_in_order_and_inside() -> None:
    paths = list(small_build().files)
    assert paths == sorted(paths)
    assert not [path for path in paths if path.startswith("/") or ".." in path.split("/")]
    assert {"index.html", "404.html", "manifest.json", "assets/style.css", "data/datapackage.json"} <= set(paths)


def test_with_an_error_nothing_is_made() -> None:
    made = build_from(change(small_site(), CLAIM, "rating: contradicted", "rating: x"))
    assert made.broken
    assert made.files == {}


def test_words_are_not_held_to_broken_data() -> None:
    made = build_from(change(small_site(), "data/shipments.csv", ",37,at_least,", ",many,at_least,"))
    assert [found.code for found in made.problems] == ["D007"]


def test_mistakes_of_all_kinds_are_told_at_once() -> None:
    files = change(small_site(), CLAIM, "rating: contradicted", "rating: x")
    files = change(files, CLAIM, "- Who used the drones.", "- Who used the 12 drones.")
    files = change(files, "data/figures.yaml", "  unit: USD", "  unit: GBP")
    files["content/en/pages/broken.md"] = b"---\n"
    assert sorted(found.code for found in build_from(files).problems) == ["B001", "C008", "D024", "V004"]


def test_each_step_is_told() -> None:
    steps: list[str] = []
    build({**small_site(), "content/en/pages/method.md": b"---\ntitle: x\ndescription: x\n---\n"}, {}, {}, steps.append)
    assert steps[0] == "reading"
    assert len(steps) > 4


def test_a_draft_is_checked_and_not_published() -> None:
    files = small_site()
    files["content/en/claims/example-draft.md"] = files[CLAIM].replace(b"status: published", b"status: draft")
    made = build_from(files)
    assert made.problems == ()
    assert not [path for path in made.files if "example-draft" in path]
    assert build_from(change(files, "content/en/claims/example-draft.md", "rating: contra", "rating: kontra")).broken


def test_digits_never_follow_data_that_must_be_mended_first() -> None:
    files = change(small_site(), "data/shipments.csv", ",37,at_least", ",36,at_least")
    assert build_from(files).edits
    made = build_from(change(files, "data/conflicts.csv", "ex-report", "ey-report", True))
    assert {"D010", "B003"} == {found.code for found in made.problems}
    assert made.edits == ()


def test_words_for_a_chart_where_it_is_placed_are_its_name_there() -> None:
    path = "content/en/claims/example-denial.md"
    placed = "![Squares & [at least 37](figure:labelled_drones)](chart:documented)"
    made = build_from(change(small_site(), path, "![](chart:documented)", placed))
    assert not made.broken
    page = made.files["en/claims/example-denial/index.html"].decode()
    assert page.count('aria-label="Squares &amp; at least 37"') == 2  # wide and narrow
    assert "Squares" not in made.files["en/charts/documented/index.html"].decode()
