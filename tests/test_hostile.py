"""What an attacker or a slip could put into data, texts and settings: refused with a place, or harmless on every page."""

from __future__ import annotations

import csv
import io
import json
import time
from typing import TYPE_CHECKING

import pytest
from small_site import CLAIM, build_from, change, small_site

if TYPE_CHECKING:
    from collections.abc import Mapping

LAST = "## What was said\n"


def said(text: str) -> dict[str, bytes]:
    """The small site with one more paragraph in its claim."""
    return change(small_site(), CLAIM, LAST, f"{text}\n\n{LAST}")


def package(**changes: object) -> dict[str, bytes]:
    """The small site with other fields of its first resource."""
    made = json.loads(small_site()["data/datapackage.json"])
    made["resources"][0] |= changes
    return {**small_site(), "data/datapackage.json": json.dumps(made).encode()}


def codes(files: Mapping[str, bytes]) -> set[str]:
    return {found.code for found in build_from(files).problems if found.severity == "error"}


def test_a_withdrawn_claim_keeps_its_address() -> None:
    made = build_from(change(small_site(), CLAIM, "status: published", "status: withdrawn"))
    assert "en/claims/example-denial/index.html" in made.files


@pytest.mark.parametrize("text", ["<script>alert()</script>", '"><img src=x onerror=alert()>', "</title><script>"])
def test_words_of_the_data_are_never_markup(text: str) -> None:
    rows = list(csv.reader(io.StringIO(small_site()["data/sources.csv"].decode())))
    rows[1][rows[0].index("publisher")] = text
    rows[1][rows[0].index("title")] = text
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    made = build_from({**small_site(), "data/sources.csv": out.getvalue().encode()})
    assert made.files
    pages = [path for path, raw in made.files.items() if path.endswith((".html", ".svg")) and text.encode() in raw]
    assert pages == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[x](javascript:alert)", "C020"),
        ("[x](data:text/html,x)", "C020"),
        ("[x](javascript&#58;alert)", "C020"),
        ("[x](https:example.org)", "C020"),
        ("[x](https://[abc)", "C020"),
        ("[x](page:../../x)", "B002"),
        ("![](chart:nope)", "B002"),
        ("![x](https://example.org/x.png)", "C020"),
        ("<script>alert()</script>", "C012"),
        ('[3](figure:labelled_drones "37")', "B003"),
        ('[about a third](figure:share_documented "8.2%")', "B003"),
        ("[at least 37&#X30;](figure:labelled_drones)", "C027"),
        ("[at least 37\\%](figure:labelled_drones)", "C027"),
        ("[at least 37](figure:labelled_drones) **million**", "B012"),
        ("[500 drones](record:ex-line)", "B001"),
        ("[500 drones](https://example.org/500)", "B001"),
        ("37. drones", "B001"),
        ("a &#x202e; b", "D030"),
        ("[" * 100_000, "C025"),
    ],
)
def test_a_text_that_would_mislead_is_refused(text: str, code: str) -> None:
    assert code in codes(said(text))


def test_an_address_is_shown_as_it_was_written() -> None:
    made = build_from(said("[words](https://example.org/a%26b?q=1%2B1%20c)"))
    assert b'href="https://example.org/a%26b?q=1%2B1%20c"' in made.files["en/claims/example-denial/index.html"]


@pytest.mark.parametrize(
    "unit", ["1", "1,", "“", "a", "A-1-", "two ", "*a _b ", "[a](", "1 or ", "[x](figure:", "figure:a "]
)
def test_a_long_text_is_read_in_a_bearable_time(unit: str) -> None:
    started = time.process_time()
    build_from(said(unit * (60_000 // len(unit))))
    assert time.process_time() - started < 30


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "../content/en/words.yaml", "a/b.csv", ["a"], 5])
def test_a_table_lies_in_data_itself(path: object) -> None:
    assert codes(package(path=path)) == {"D020"}


@pytest.mark.parametrize("name", ["../../x", "", "A", "a/b", 5, None])
def test_the_name_of_a_table_is_fit_for_an_address(name: object) -> None:
    assert codes(package(name=name)) == {"D020"}


@pytest.mark.parametrize("row_id", ["../../x", "a/b", "A", "a b", "ä"])
def test_an_id_is_fit_for_an_address_whatever_the_package_says(row_id: str) -> None:
    made = json.loads(small_site()["data/datapackage.json"])
    for resource in made["resources"]:
        resource["schema"]["fields"][0]["constraints"].pop("pattern", None)
    files = {**small_site(), "data/datapackage.json": json.dumps(made).encode()}
    assert "D007" in codes(change(files, "data/shipments.csv", "\nex-seized,", f"\n{row_id},"))


@pytest.mark.parametrize(
    "url", ["javascript:alert()", "//example.org", "https://", "https://a b", "https://x/?q", "https://["]
)
def test_the_address_of_the_site_is_one(url: str) -> None:
    assert "T007" in codes(change(small_site(), "site/site.yaml", "url: https://example.org/check", f'url: "{url}"'))


@pytest.mark.parametrize(
    "text", ["{{ 1 / 0 }}", "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}", "{{ nope }}", "{% if %}"]
)
def test_a_template_that_fails_is_told_with_its_place(text: str) -> None:
    made = build_from({**small_site(), "site/templates/missing.html": text.encode()})
    assert [(found.code, found.location.path) for found in made.problems if found.severity == "error"] == [
        ("T002", "site/templates/missing.html")
    ]


def test_an_undeclared_table_is_not_published() -> None:
    made = build_from({**small_site(), "data/delivery.csv": b"id\nsecret\n", "data/README.md": b"notes of ours"})
    assert {found.code for found in made.problems} == {"D032"}
    without = build_from({**small_site(), "data/README.md": b"notes of ours"})
    assert "data/README.md" not in without.files
