"""What machines take away: tables, figures with their rows, and the list of all files."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from typing import Any

import pytest
from small_site import change, small_build, small_site

from builder.datapackage import read_dataset
from builder.downloads import CHECKSUMS
from builder.exports import LIMIT, make_manifest


def read_json(path: str) -> Any:
    return json.loads(small_build().files[path])


def read_csv(path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(small_build().files[path].decode())))


def test_the_tables_are_published_byte_for_byte() -> None:
    files = small_build().files
    for path, raw in small_site().items():
        if path.startswith("data/") and path.endswith((".csv", ".yaml")):
            assert files[path] == raw


def test_the_package_says_size_and_hash_of_each_table() -> None:
    for resource in read_json("data/datapackage.json")["resources"]:
        raw = small_build().files[f"data/{resource['path']}"]
        assert resource["bytes"] == len(raw)
        assert resource["hash"] == f"sha256:{hashlib.sha256(raw).hexdigest()}"


def test_the_published_package_is_read_by_the_builder() -> None:
    files = {path: raw for path, raw in small_build().files.items() if path.startswith("data/") and path != CHECKSUMS}
    dataset, problems = read_dataset(files)
    assert dataset
    assert problems == []


@pytest.mark.parametrize(
    ("name", "told", "interval", "rows", "labelled"),
    [
        ("labelled_drones", "at least 37", (37, None, False), ["ex-group"], True),
        ("documented_labelled_drones", "3", (3, 3, False), ["ex-line"], True),
        ("share_documented", "at most 8.2%", (0, 0.08108108108108109, True), [], True),
        ("labelled_value", "about $103,000", (102500, 103500, False), ["ex-group"], True),
        ("first_declaration", None, (0, None, False), ["ex-line", "ex-undated", "ex-seized"], False),
    ],
)
def test_a_figure_says_what_it_stands_on(name: str, told: Any, interval: Any, rows: list[str], labelled: bool) -> None:
    described = read_json(f"en/figures/{name}/figure.json")
    limits = described["interval"]
    assert described["told"] == told
    assert (limits["low"], limits["high"], limits["low_excluded"]) == interval
    assert described["rows"]["full"] == rows
    assert described.get("limit") == (LIMIT if labelled else None)


def test_a_figure_tells_its_day() -> None:
    assert read_json("en/figures/first_declaration/figure.json")["day"] == "2023-02-01"


def test_the_rows_behind_a_figure_say_how_they_count() -> None:
    rows = read_csv("en/figures/labelled_drones/rows.csv")
    assert [(row["id"], row["counted"], row["limit"]) for row in rows] == [
        ("ex-group", "fully", LIMIT),
        ("ex-line", "in ex-group", LIMIT),
    ]
    parts = read_csv("en/figures/share_documented/rows.csv")
    assert [row["figure"] for row in parts] == ["documented_labelled_drones", "labelled_drones"]


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "+1", "-x", "\t=1"])
def test_a_cell_that_a_spreadsheet_would_run_is_refused(cell: str) -> None:
    written = f'"{cell}"' if "\t" in cell else cell
    files = change(small_site(), "data/shipments.csv", "An invented group.", written)
    _, problems = read_dataset(files)
    assert problems


def test_the_manifest_lists_what_went_in_and_came_out() -> None:
    raw = make_manifest({"data/a.csv": b"x"}, {"b": b"2", "a": b"1"}, {"z": "2", "y": "1"})
    manifest = json.loads(raw)
    assert list(manifest["made_with"]) == ["y", "z"]
    assert list(manifest["outputs"]) == ["a", "b"]
    assert manifest["inputs"]["data/a.csv"] == hashlib.sha256(b"x").hexdigest()
