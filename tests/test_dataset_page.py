"""The pages of the dataset: every row has an address, every file its checksum, every column its meaning."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT, report
from selectolax.lexbor import LexborHTMLParser
from small_site import METHOD, build_from, change, past_build, small_build, small_site
from test_consistency import loose_numbers, unmarked_text

from builder.content import read_content
from builder.datapackage import read_dataset
from builder.downloads import CHECKSUMS, list_downloads
from builder.listings import EMPTY
from builder.prose import outline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from selectolax.lexbor import LexborNode

TABLES = [resource["name"] for resource in json.loads((ROOT / "data" / "datapackage.json").read_bytes())["resources"]]
PAGE = "en/data/index.html"


def page_of(files: Mapping[str, bytes], path: str) -> LexborHTMLParser:
    return LexborHTMLParser(files[path].decode())


def table_page(files: Mapping[str, bytes], table: str, language: str = "en") -> LexborHTMLParser:
    return page_of(files, f"{language}/data/{table}/index.html")


def rows_of(files: Mapping[str, bytes], table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[f"data/{table}.csv"].decode())))


def text_of(node: LexborNode | None) -> str:
    assert node
    return " ".join(node.text().split())


def cell_at(page: LexborHTMLParser, row: str, column: str) -> LexborNode:
    names = [header.attributes["data-column"] for header in page.css("#table_rows thead th")]
    line = next(line for line in page.css("#table_rows tbody tr") if line.attributes["id"] == row)
    return line.css("th, td")[names.index(column)]


# --- rows -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES)
def test_every_row_of_the_file_stands_on_the_page_under_its_own_anchor(site: Mapping[str, bytes], table: str) -> None:
    lines = table_page(site, table).css("#table_rows tbody tr")
    assert [line.attributes["id"] for line in lines] == [row["id"] for row in rows_of(site, table)]


@pytest.mark.parametrize("table", TABLES)
def test_the_id_of_a_row_leads_to_its_page_or_else_to_itself(site: Mapping[str, bytes], table: str) -> None:
    folders = {"sources": "sources", "entities": "companies", "conflicts": "", "ledger": ""}
    folder = folders.get(table, "records")
    for line in table_page(site, table).css("#table_rows tbody tr"):
        link = line.css_first("th a")
        assert link
        row = line.attributes["id"]
        assert link.attributes["href"] == (f"../../{folder}/{row}/index.html" if folder else f"#{row}")


def test_a_removed_row_leads_to_what_stands_in_its_place() -> None:
    link = table_page(past_build().files, "removals").css_first("#example-trading-7 th a")
    assert link
    assert link.attributes["href"] == "../../companies/example-trading-7/index.html"


def test_the_ledger_leads_to_the_rows_that_it_names(site: Mapping[str, bytes]) -> None:
    cell = cell_at(table_page(site, "ledger"), "nikkei-value-103k", "row")
    links = [(text_of(link), link.attributes["href"]) for link in cell.css("a")]
    assert links == [
        ("nikkei-labelled-drones", "../../records/nikkei-labelled-drones/index.html"),
        ("labelled-drones-value", "../conflicts/index.html#labelled-drones-value"),
    ]


@pytest.mark.parametrize("table", TABLES)
def test_a_column_is_left_out_only_where_no_row_fills_it_and_then_it_is_named(
    site: Mapping[str, bytes], table: str
) -> None:
    page, rows = table_page(site, table), rows_of(site, table)
    shown = {header.attributes["data-column"] or "" for header in page.css("#table_rows thead th")}
    named = {(link.attributes["href"] or "").removeprefix("#column_") for link in page.css(".note a[href^='#column_']")}
    parts = re.compile(r"(.+)_(bound|said|low|high)")
    for column in rows[0] if rows else ():
        match = parts.fullmatch(column)
        if match and match[1] in rows[0]:
            continue  # shown with its amount
        filled = any(row[column] for row in rows)
        assert (column in shown, column in named) == (filled, not filled), column
    if not rows:
        assert {"id", "table", "date", "why"} == shown


# --- what a program sorts by ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        ("ex-group", "units", "37 drone"),  # at least 37
        ("ex-group", "value", "102500 USD"),  # about 103,000
        ("ex-line", "value", "28292 USD"),
        ("ex-seized", "label", ""),  # not reported
        ("ex-undated", "outcome", ""),  # unknown
        ("ex-seized", "outcome", None),
        ("ex-seized", "value", None),  # empty, and marked so
    ],
)
def test_a_cell_says_what_its_words_do_not(row: str, column: str, value: str | None) -> None:
    cell = cell_at(table_page(small_build().files, "shipments"), row, column)
    assert cell.attributes.get("data-sort", None) == value


def test_a_share_is_sorted_by_the_lower_end_that_the_editor_gave() -> None:
    assert cell_at(table_page(small_build().files, "totals"), "ex-share", "value").attributes["data-sort"] == "0.4 %"


def options_of(page: LexborHTMLParser) -> dict[str, list[tuple[str, str]]]:
    return {
        str(select.attributes["name"]): [
            (option.attributes["value"] or "", text_of(option)) for option in select.css("option")
        ]
        for select in page.css("#table_tools select")
    }


def test_a_column_of_few_words_can_be_chosen_by_those_that_occur() -> None:
    found = options_of(table_page(small_build().files, "shipments"))
    assert found["outcome"] == [
        ("", "any"),
        ("cleared", "Released into the country"),
        ("seized", "Held by the authorities, so not delivered"),
        ("unknown", "Not known"),
    ]
    assert found["dispatch"] == [("", "any"), ("CN", "China"), ("KZ", "Kazakhstan")]
    assert "destination" not in found, "every row has the same"
    assert "model" not in found


def test_an_empty_cell_can_be_chosen_too() -> None:
    files = change(small_site(), "data/shipments.csv", "2023-03-05,2023-03-05,CN,KZ", "2023-03-05,2023-03-05,,KZ")
    found = options_of(table_page(build_from(files).files, "shipments"))
    assert found["origin"] == [("", "any"), ("CN", "China"), (EMPTY, "not stated by the source")]


@pytest.mark.parametrize("table", TABLES)
def test_a_choice_is_told_as_its_cells_are(site: Mapping[str, bytes], table: str) -> None:
    """In each language: the script finds the rows by the word that they show."""
    for language in sorted({path.split("/")[0] for path in site if path.endswith(f"/data/{table}/index.html")}):
        page = table_page(site, table, language)
        names = [header.attributes["data-column"] for header in page.css("#table_rows thead th")]
        lines = [line.css("th, td") for line in page.css("#table_rows tbody tr")]
        for limit in page.css("#table_rows td > .limit"):
            limit.decompose()
        for column, options in options_of(page).items():
            assert column not in ("q", "sort"), "the address of a view means something else by it"
            assert len({word for _, word in options}) == len(options), f"{language}: two of {options} read the same"
            words = [text_of(cells[names.index(column)]) for cells in lines]
            assert words == [dict(options)[row[column] or EMPTY] for row in rows_of(site, table)], language


@pytest.mark.parametrize("path", [PAGE, *(f"en/data/{table}/index.html" for table in TABLES)])
def test_every_number_of_these_pages_says_where_it_comes_from(site: Mapping[str, bytes], path: str) -> None:
    report((path, loose) for text in unmarked_text(page_of(site, path)) for loose in loose_numbers(text))


# --- files ------------------------------------------------------------------------------------------


def test_every_file_is_listed_with_its_rows_size_and_checksum(site: Mapping[str, bytes]) -> None:
    lines = page_of(site, PAGE).css("table.files tbody tr")
    listed = set()
    for line in lines:
        link = line.css_first("th a")
        assert link
        path = (link.attributes["href"] or "").removeprefix("../../")
        raw = site[path]
        listed.add(path)
        _, rows, size, checksum = line.css("td")
        short, whole = checksum.css("code")
        assert text_of(whole) == hashlib.sha256(raw).hexdigest()
        assert text_of(short) == f"{text_of(whole)[:12]}…"
        assert text_of(size) == f"{len(raw):,}"
        wanted = str(len(rows_of(site, path[5:-4]))) if path.endswith(".csv") else "–"
        assert text_of(rows) == wanted
    assert listed == {path for path in site if path.startswith("data/")} - {CHECKSUMS}


def test_the_checksums_are_those_of_the_published_files(site: Mapping[str, bytes]) -> None:
    lines = [line.split("  ") for line in site[CHECKSUMS].decode().splitlines()]
    assert {f"data/{name}": known for known, name in lines} == {
        path: hashlib.sha256(raw).hexdigest()
        for path, raw in site.items()
        if path.startswith("data/") and path != CHECKSUMS
    }


def test_a_file_that_changed_has_another_checksum() -> None:
    files = change(small_site(), "data/shipments.csv", "An invented group.", "An invented set.")
    before, after = read_dataset(small_site())[0], read_dataset(files)[0]
    assert before
    assert after
    changed = {old.path for old, new in zip(list_downloads(before), list_downloads(after), strict=True) if old != new}
    assert changed == {"data/shipments.csv", "data/datapackage.json"}


# --- the data dictionary ----------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES)
def test_the_dictionary_has_every_column_and_counts_its_cells(site: Mapping[str, bytes], table: str) -> None:
    rows = rows_of(site, table)
    entries = table_page(site, table).css("dl.dictionary > div")
    header = next(csv.reader(io.StringIO(site[f"data/{table}.csv"].decode())))
    assert [entry.attributes["id"] for entry in entries] == [f"column_{name}" for name in header]
    for name, entry in zip(header, entries, strict=True):
        filled = sum(bool(row[name]) for row in rows)
        assert f"Filled in: {filled} of {len(rows)}." in text_of(entry)


def meaning(column: str, table: str = "shipments") -> str:
    return text_of(table_page(small_build().files, table).css_first(f"#column_{column}"))


def test_the_dictionary_says_what_the_package_says() -> None:
    assert "Whole number, unit: item. Filled in: 4 of 4. An empty cell means: not stated by the source." in meaning(
        "units"
    )
    assert "Text, never empty, different in every row, written as" in meaning("id")
    assert "List split by ;, never empty. Filled in: 4 of 4. Holds ids of the table Sources." in meaning("sources")
    assert "Allowed: cleared Released into the country; seized Held by" in meaning("outcome")
    assert "Allowed: exact exactly; at_least at least; more_than more than; about about;" in meaning("units_bound")
    assert "Date. Filled in: 3 of 4. An empty cell means: not stated by the source." in meaning("date_from")


def test_a_column_of_ids_leads_to_their_table() -> None:
    link = table_page(small_build().files, "shipments").css_first("#column_exporter a")
    assert link
    assert (text_of(link), link.attributes["href"]) == ("Companies and bodies", "../entities/index.html")


# --- how to cite, and the way on the page -----------------------------------------------------------


def test_a_row_is_cited_with_version_day_and_its_own_source() -> None:
    files = change(small_site(), "site/site.yaml", "url: https://example.org/check", 'url: ""')
    page = page_of(build_from(files).files, PAGE)
    whole, row = (text_of(node) for node in page.css(".cite"))
    assert whole.startswith("Example Press: Declared: what was said and what was declared")
    assert whole.endswith(", version 1.0.0, 23 November 2026, Creative Commons Attribution 4.0.")
    assert row == (
        "Example Press, dataset version 1.0.0, 23 November 2026, table “Declarations and groups”, row ex-group, "
        "after Example Paper, …/data/shipments/#ex-group."
    )
    link = page.css(".cite a")[-1]
    assert link.attributes["href"] == "shipments/index.html#ex-group"


def test_a_site_with_an_address_cites_it() -> None:
    whole, row = (text_of(node) for node in page_of(small_build().files, PAGE).css(".cite"))
    assert whole.endswith("https://example.org/check/en/data/.")
    assert row.endswith("https://example.org/check/en/data/shipments/#ex-group.")


def test_the_package_may_name_no_licence_and_no_version() -> None:
    package = json.loads(small_site()["data/datapackage.json"])
    del package["licenses"], package["version"]
    made = build_from({**small_site(), "data/datapackage.json": json.dumps(package).encode()})
    page = page_of(made.files, PAGE)
    assert "version" not in text_of(page.css_first(".cite"))


def test_the_way_on_the_page_leads_to_every_part(site: Mapping[str, bytes]) -> None:
    page = page_of(site, PAGE)
    links = [(link.attributes["href"] or "", text_of(link)) for link in page.css("nav.contents a")]
    assert [(f"#{heading.attributes['id']}", text_of(heading)) for heading in page.css("h2[id]")] == links
    assert {"What is missing, and why", "How to cite it", "Licence"} <= {text for _, text in links}
    assert text_of(page.css_first("main > *")) == "The dataset"
    assert "contents" in (page.css("main > *")[1].attributes["class"] or ""), "found at once"


def test_an_outline_names_headings_as_they_are_drawn() -> None:
    text = "## Again\n\n### Again\n\n## Again\n\n## Ещё *раз*, 再来\n"
    files = small_site()
    files[METHOD] += f"\n{text}".encode()
    page = read_content(files)[0].pages["en"]["method"]
    drawn = page_of(build_from(files).files, "en/method/index.html")
    assert outline(page.passages["body"]) == tuple(
        (heading.attributes["id"], text_of(heading)) for heading in drawn.css(".prose h2")
    )
    assert [name for name, _ in outline(page.passages["body"])][-3:] == ["again", "again-3", "ещё-раз-再来"]


# --- without a script -------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES)
def test_a_table_page_loads_one_script_of_our_own(site: Mapping[str, bytes], table: str) -> None:
    scripts = table_page(site, table).css("script[src]")
    assert [script.attributes["src"] for script in scripts] == ["../../../assets/table.js"]
    assert "defer" in scripts[0].attributes


def test_a_table_without_rows_has_nothing_to_sort(site: Mapping[str, bytes]) -> None:
    page = table_page(site, "removals")
    assert page.css_first("#table_tools") is None
    assert page.css_first("#part-cite") is None
