"""The reference is made from the code, and what it says of numbers and links is what the code does."""

from __future__ import annotations

import re

import pytest
from conftest import ROOT
from small_site import build_from, change, english, small_site
from test_schemas import SCHEMAS

from builder import disk, reference
from builder.content import read_content
from builder.datapackage import read_dataset
from builder.diagnostics import RULES
from builder.numerals import GRAMMAR, find_numbers, parse_told
from builder.prose import OUR_SCHEMES, WEB_SCHEMES

TEXT = reference.format_reference()[reference.PATH].decode()


def test_the_reference_in_the_repository_is_the_one_that_is_made() -> None:
    assert (ROOT / "builder" / reference.PATH).read_text(encoding="utf-8") == TEXT, "make it anew: declared guide"


def test_it_tells_every_rule_once() -> None:
    assert sorted(re.findall(r"^#### ([A-Z]\d{3})$", TEXT, re.MULTILINE)) == sorted(RULES)


@pytest.mark.parametrize("name", SCHEMAS)
def test_it_tells_every_field(name: str) -> None:
    section = TEXT.partition(f"## {SCHEMAS[name]['title']}\n")[2].partition("\n## ")[0]
    top = SCHEMAS[name].get("properties") or SCHEMAS[name]["additionalProperties"]["properties"]
    told = re.findall(r"^\| `([a-z_]+)`", section, re.MULTILINE)
    assert told == list(top)


def test_a_table_has_as_many_cells_in_each_row() -> None:
    for table in re.findall(r"(?:^\|.*\n)+", TEXT, re.MULTILINE):
        rows = [re.sub(r"\\\|", "", row).count("|") for row in table.strip().split("\n")]
        assert len(set(rows)) == 1, table


def test_it_tells_every_scheme() -> None:
    assert reference.SCHEMES.keys() == {*OUR_SCHEMES, *WEB_SCHEMES}


@pytest.mark.parametrize("scheme", OUR_SCHEMES)
def test_a_link_that_it_shows_leads_somewhere(scheme: str) -> None:
    """What is shown can be copied: its id stands in the real data and content."""
    sources = disk.read_sources(ROOT)
    content, _ = read_content(sources)
    dataset, _ = read_dataset(sources)
    assert dataset is not None
    tables = dataset.tables
    known = {
        "figure": set(dataset.figures),
        "total": set(tables["totals"].rows),
        "record": {row for name in ("shipments", "totals", "statements", "events") for row in tables[name].rows},
        "source": set(tables["sources"].rows),
        "claim": set(content.claims["en"]),
        "page": set(content.pages["en"]),
        "chart": set(content.chart_words["en"]),
    }
    written = reference.SCHEMES[scheme][0]
    found = re.fullmatch(rf"!?\[[^\]]*\]\({scheme}:([^)]*)\)", written)
    assert found, written
    assert scheme == "exempt" or found[1] in known[scheme]


@pytest.mark.parametrize(("text", "meant"), reference.TELLINGS)
def test_a_number_is_read_as_it_says(text: str, meant: str) -> None:
    (told,) = parse_told(text, english())
    bounds = {
        "exact": "exactly", "at_least": "or more", "more_than": "above", "about": "rounded", "at_most": "or less",
        "less_than": "below", "range": "range",
    }  # fmt: skip
    assert bounds[told.bound] in meant
    digits = re.sub(r"\D", "", meant)
    assert not digits or digits in str(told.low.numerator) or digits == "82"


@pytest.mark.parametrize("kind", GRAMMAR)
def test_what_it_says_is_no_number_is_none(kind: str) -> None:
    examples = GRAMMAR[kind].partition(": ")[2] if kind == "name" else GRAMMAR[kind].partition(": ")[0]
    for example in re.split(r" · |, ", examples):
        assert find_numbers(example, english()) == [], example


@pytest.mark.parametrize(
    ("put", "codes"),
    [
        ("Of 12 drones ", ["B001"]),
        ('"Of 12 drones" ', []),
        ("`Of 12 drones` ", []),
        ('Of [12](exempt: "a reason") drones ', []),
        ("[a small part](figure:share_documented) of which ", ["B005"]),
        ('[a small part](figure:share_documented "at most 8.2%") of which ', []),
        ("[at least 30](figure:labelled_drones) of which ", []),
        ("[at least 40](figure:labelled_drones) of which ", ["B003"]),
        ("[the table](#what-was-said) of which ", []),
    ],
)
def test_what_it_says_of_texts_holds(put: str, codes: list[str]) -> None:
    find = "outside these tests has ever read."
    files = change(small_site(), "content/en/claims/example-denial.md", find, f"{find} {put}is told.")
    assert [found.code for found in build_from(files).problems] == codes
