"""Which pages there are: planned from the real data and content, and from single made-up rows."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from conftest import ROOT
from small_site import build_from, change, past_build, small_build, small_site, without_row

from builder.content import read_content
from builder.datapackage import read_dataset
from builder.figures import compute_figures
from builder.lineage import make_lineage
from builder.model import RECORDS, Drawing, Interval
from builder.pages import PAGE_TYPES, members_of, plan_pages, span_of
from builder.render import make_environment, render_pages
from builder.shelf import Shelf, cells_of, columns_of, fill_shelf, name_row
from builder.theme import read_theme
from builder.translations import fill_translations
from builder.verdicts import compute_verdicts

if TYPE_CHECKING:
    from builder.model import Page

CHART = Drawing(
    id="timeline",
    title="Example",
    language="en",
    svg="<svg></svg>",
    standalone="",
    spec="{}",
    header=("a",),
    rows=(("1",),),
    figures=("labelled_drones",),
    records=(("shipments", "nikkei-2023-02-01"),),
)


@pytest.fixture(scope="module")
def known() -> tuple[Any, ...]:
    """What pages are planned from, with one chart instead of all."""
    folders = ("data", "content", "site")
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    files = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in paths}
    dataset, theme = read_dataset(files)[0], read_theme(files)[0]
    content = fill_translations(read_content(files)[0], "en")[0]
    assert dataset is not None
    assert theme is not None
    figures = compute_figures(dataset)[0]
    verdicts = compute_verdicts(content.claims["en"], figures, dataset, theme)[0]
    lineage = make_lineage(dataset, figures, (), {})
    drawings = {code: {"timeline": CHART} for code in content.languages}
    return dataset, content, theme, figures, verdicts, drawings, dict.fromkeys(content.languages, lineage)


@pytest.fixture(scope="module")
def shelf(known: tuple[Any, ...]) -> Shelf:
    *ground, drawings, lineages = known
    return fill_shelf("en", *ground, drawings["en"], lineages)


@pytest.fixture(scope="module")
def pages(known: tuple[Any, ...]) -> tuple[Page, ...]:
    return plan_pages(*known)


@pytest.fixture(scope="module")
def by_about(pages: tuple[Page, ...]) -> dict[tuple[str, str], Page]:
    return {page.values["about"]: page for page in pages if page.language == "en"}


# --- the whole plan ---------------------------------------------------------------------------------


def test_the_table_of_page_types_has_each_once() -> None:
    names = [kind.name for kind in PAGE_TYPES]
    assert len(names) == len(set(names))


def test_no_two_pages_share_an_address_or_a_matter(pages: tuple[Page, ...]) -> None:
    assert len({page.path.lower() for page in pages}) == len(pages)
    assert len({(page.language, page.values["about"]) for page in pages}) == len(pages)


def test_each_row_that_may_be_linked_has_a_page(shelf: Shelf, by_about: dict[tuple[str, str], Page]) -> None:
    schemes = {**dict.fromkeys(RECORDS, "record"), "sources": "source", "entities": "company"}
    wanted = [(scheme, row.id) for table, scheme in schemes.items() for row in shelf.rows(table)]
    assert [key for key in wanted if key not in by_about] == []


@pytest.mark.parametrize(
    ("about", "address"),
    [
        (("front", ""), ""),
        (("missing", ""), "404.html"),
        (("home", ""), "en/"),
        (("page", "claims"), "en/claims/"),
        (("claim", "dji-no-direct-sales"), "en/claims/dji-no-direct-sales/"),
        (("page", "figures"), "en/figures/"),
        (("figure", "labelled_drones"), "en/figures/labelled_drones/"),
        (("record", "nikkei-2023-02-01"), "en/records/nikkei-2023-02-01/"),
        (("page", "sources"), "en/sources/"),
        (("source", "nikkei-2023"), "en/sources/nikkei-2023/"),
        (("company", "dji"), "en/companies/dji/"),
        (("page", "charts"), "en/charts/"),
        (("chart", "timeline"), "en/charts/timeline/"),
        (("page", "timeline"), "en/timeline/"),
        (("page", "data"), "en/data/"),
        (("table", "shipments"), "en/data/shipments/"),
        (("page", "method"), "en/method/"),
        (("page", "ratings"), "en/ratings/"),
        (("page", "corrections"), "en/corrections/"),
        (("page", "about"), "en/about/"),
    ],
)
def test_addresses_are_for_ever(by_about: dict[tuple[str, str], Page], about: tuple[str, str], address: str) -> None:
    assert by_about[about].address == address


def test_a_company_known_only_from_records_is_not_offered_to_search_engines(
    shelf: Shelf, by_about: dict[tuple[str, str], Page]
) -> None:
    for row in shelf.rows("entities"):
        assert by_about["company", row.id].values["noindex"] == (row.cells["public_role"] == "no")


@pytest.mark.parametrize(
    ("status", "public"),
    [("published", True), ("withdrawn", True), ("draft", False), ("in_review", False), ("embargoed", False)],
)
def test_only_what_is_published_or_withdrawn_has_a_page(known: tuple[Any, ...], status: str, public: bool) -> None:
    dataset, content, *others = known
    claims = content.claims["en"]
    claim = claims["dji-no-direct-sales"]
    changed = replace(claim, front=replace(claim.front, status=status))
    content = replace(content, claims={**content.claims, "en": {**claims, claim.slug: changed}})
    abouts = {(page.language, *page.values["about"]) for page in plan_pages(dataset, content, *others)}
    assert all(((code, "claim", claim.slug) in abouts) is public for code in content.languages)


def test_claims_stand_in_the_order_in_which_they_were_made(shelf: Shelf, by_about: dict[tuple[str, str], Page]) -> None:
    cards = by_about["page", "claims"].values["claims"]
    dates = [card["said"].cells["date"] for card in cards]
    assert dates == sorted(dates)
    assert len(cards) == len(shelf.claims)


def test_the_key_figures_of_the_home_page_are_the_first_that_its_text_binds(
    by_about: dict[tuple[str, str], Page], shelf: Shelf
) -> None:
    bound = [one.target for one in shelf.standing["index"].passages["body"].bindings if one.scheme == "figure"]
    key_figures = by_about["home", ""].values["key_figures"]
    assert [key["figure"].id for key in key_figures] == list(dict.fromkeys(bound))[:3]


def test_all_templates_compile(known: tuple[Any, ...]) -> None:
    environment = make_environment(known[2])
    for name in known[2].templates:
        environment.get_template(name)


def test_every_page_is_drawn_and_no_word_is_missing(known: tuple[Any, ...], pages: tuple[Page, ...]) -> None:
    _, content, theme, figures, _, drawings, _ = known
    files, problems = render_pages(pages, theme, content, figures, drawings)
    assert problems == ()
    assert set(files) == {page.path for page in pages}


# --- rows -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "row", "name"),
    [
        ("shipments", "nikkei-2023-02-01", "Declaration: Drones declared for the war, China to Russia"),
        ("entities", "dji", "DJI"),
    ],
)
def test_a_row_has_a_name(shelf: Shelf, table: str, row: str, name: str) -> None:
    assert name_row(shelf, shelf.dataset.tables[table].rows[row]) == name


def test_every_field_of_a_row_is_shown_and_an_empty_one_says_what_that_means(shelf: Shelf) -> None:
    for table in shelf.dataset.tables.values():
        for row in table.rows.values():
            cells = cells_of(shelf, row)
            assert [cell.name for cell in cells] == [column.name for column in columns_of(table)]
            for cell in cells:
                assert (cell.kind == "missing") == (row.cells[cell.name] == "")
                assert cell.kind != "missing" or cell.value


@pytest.mark.parametrize(
    ("column", "kind", "detail"),
    [
        ("id", "code", ""),
        ("record", "word", ""),
        ("part_of", "links", ""),
        ("date_from", "date", "day"),
        ("origin", "country", ""),
        ("model", "missing", "en"),
        ("units", "number", ""),
        ("label_text", "verbatim", "de"),
        ("note", "text", "en"),
    ],
)
def test_what_kind_of_thing_a_field_is(shelf: Shelf, column: str, kind: str, detail: str) -> None:
    row = shelf.dataset.tables["shipments"].rows["nikkei-2023-02-01"]
    (cell,) = [cell for cell in cells_of(shelf, row) if cell.name == column]
    assert (cell.kind, cell.detail) == (kind, detail)


def test_a_figure_tells_which_part_each_row_has_in_it(shelf: Shelf) -> None:
    parts = {
        member.row.id: (member.part, member.reason) for member in members_of(shelf, shelf.figures["labelled_drones"])
    }
    assert parts["nikkei-labelled-drones"] == ("full", "")
    assert parts["nikkei-2023-02-01"] == ("inside", "nikkei-labelled-drones")


# --- intervals in words -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("interval", "unit", "key", "low", "high"),
    [
        (Interval(Fraction(3), Fraction(3)), "drone", "interval.exact", Fraction(3), Fraction(3)),
        (Interval(Fraction(37), None), "drone", "interval.from", Fraction(37), None),
        (Interval(Fraction(1200000), None, low_open=True), "USD", "interval.over", Fraction(1200000), None),
        (Interval(Fraction(2), Fraction(5)), "drone", "interval.between", Fraction(2), Fraction(5)),
        (Interval(Fraction(0), Fraction(5)), "drone", "interval.up_to", Fraction(0), Fraction(5)),
        (Interval(None, Fraction(5)), "drone", "interval.up_to", None, Fraction(5)),
        (Interval(Fraction(0), Fraction(3, 37), low_open=True), "%", "interval.above_nothing", 0, Fraction(82, 10)),
        (Interval(Fraction(0), None, low_open=True), "times", "interval.unknown", None, None),
        (Interval(None, None), "drone", "interval.unknown", None, None),
    ],
)
def test_an_interval_in_words(
    interval: Interval, unit: str, key: str, low: Fraction | None, high: Fraction | None
) -> None:
    span = span_of(interval, unit)
    assert span.key == key
    assert (span.low and span.low.low, span.high and span.high.low) == (low, high)


# --- what was removed -------------------------------------------------------------------------------

TOMBSTONE = "en/companies/example-trading-7/index.html"


def test_a_tombstone_stands_where_a_removed_row_stood_and_does_not_say_what_it_was() -> None:
    page = past_build().files[TOMBSTONE].decode()
    assert '<meta name="robots" content="noindex">' in page
    assert 'rel="canonical"' not in page
    assert '<time datetime="2026-11-27">27 November 2026</time>' in page
    assert "Somebody asked for it." in page
    assert "example-trading" not in page.lower().replace("_", "-")
    assert TOMBSTONE in small_build().files  # the page of the row itself


def test_nothing_but_the_table_of_removals_leads_to_a_tombstone() -> None:
    leading = [path for path, raw in past_build().files.items() if b"companies/example-trading-7/" in raw]
    assert leading == ["en/data/removals/index.html", "manifest.json"]


@pytest.mark.parametrize(
    ("table", "row", "folder"),
    [
        ("events", "ex-order", "records"),
        ("sources", "ex-spare", "sources"),
        ("entities", "example-imports-3", "companies"),
    ],
)
def test_each_kind_of_row_leaves_its_tombstone(table: str, row: str, folder: str) -> None:
    files = small_site()
    files["data/sources.csv"] += b"ex-spare,mirror,Example Spare,,,2024,https://example.com/x,,,en,primary,,,,,,\n"
    files = change(files, "data/shipments.csv", "example-imports-3", "")
    made = build_from(without_row(files, table, row))
    assert made.problems == ()
    assert "Somebody asked for it." in made.files[f"en/{folder}/{row}/index.html"].decode()
    assert f"en/{folder}/{row}/" not in made.files["sitemap.xml"].decode()
