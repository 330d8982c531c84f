"""Sorting and choosing rows, in a real browser: by mouse and keyboard, from a server and from disk, with and without a script."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from conftest import served
from playwright.sync_api import expect
from small_site import small_build
from test_browser import AXE, DESK, PHONE, TAGS, TOO_WIDE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    Open = Callable[..., Page]

FILE_ORDER = ["ex-group", "ex-line", "ex-undated", "ex-seized"]
BIG_TABLES = ("shipments", "totals", "statements", "sources", "ledger")


@pytest.fixture(scope="module")
def home() -> Iterator[str]:
    """The small site, below a path."""
    with served(small_build().files) as address:
        yield address


@contextmanager
def tab(browser: Browser, **settings: Any) -> Iterator[Page]:
    """A page in which nothing may go wrong."""
    context = browser.new_context(locale="en-GB", reduced_motion="reduce", **{"viewport": DESK, **settings})
    context.set_default_timeout(20_000)
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    context.close()
    assert wrong == []


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with tab(browser) as page:
        yield page


def table_at(home: str, table: str = "shipments", fragment: str = "") -> str:
    return f"{home}en/data/{table}/index.html{fragment}"


def shown(page: Page) -> list[str]:
    """The ids of the rows that a reader sees, from top to bottom."""
    found = page.eval_on_selector_all(
        "#table_rows tbody tr", "rows => rows.filter(row => row.offsetHeight).map(row => row.id)"
    )
    return [str(row) for row in found]


def sort_by(page: Page, column: str, times: int = 1) -> None:
    for _ in range(times):
        page.click(f"th[data-column='{column}'] button")


# --- sorting ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "rising", "falling"),
    [
        # amounts by their lower end, each unit by itself
        ("value", "ex-line ex-undated ex-group ex-seized", "ex-group ex-undated ex-line ex-seized"),
        ("units", "ex-seized ex-undated ex-line ex-group", "ex-undated ex-seized ex-group ex-line"),
        # days
        ("date_from", "ex-group ex-line ex-seized ex-undated", "ex-seized ex-line ex-group ex-undated"),
        # words; equal ones in the order of the file
        ("category", "ex-undated ex-seized ex-group ex-line", "ex-group ex-line ex-undated ex-seized"),
        ("id", "ex-group ex-line ex-seized ex-undated", "ex-undated ex-seized ex-line ex-group"),
        # words for what is not known
        ("outcome", "ex-seized ex-group ex-line ex-undated", "ex-group ex-line ex-seized ex-undated"),
        ("label", "ex-group ex-line ex-undated ex-seized", "ex-undated ex-group ex-line ex-seized"),
        # links
        ("exporter", "ex-line ex-group ex-undated ex-seized", "ex-line ex-group ex-undated ex-seized"),
    ],
)
def test_a_heading_sorts_and_what_is_not_known_stands_last(
    page: Page, home: str, column: str, rising: str, falling: str
) -> None:
    page.goto(table_at(home))
    assert shown(page) == FILE_ORDER
    sort_by(page, column)
    assert shown(page) == rising.split()
    assert page.get_attribute(f"th[data-column='{column}']", "aria-sort") == "ascending"
    sort_by(page, column)
    assert shown(page) == falling.split()
    assert page.get_attribute(f"th[data-column='{column}']", "aria-sort") == "descending"


def test_days_months_and_years_are_sorted_together(page: Page, home: str) -> None:
    page.goto(table_at(home, "sources"))
    sort_by(page, "published")
    assert shown(page) == ["ex-other", "ex-statement", "ex-report", "ex-copy"]


def test_one_heading_at_a_time_says_how_the_table_is_sorted(page: Page, home: str) -> None:
    page.goto(table_at(home))
    sort_by(page, "value")
    sort_by(page, "units")
    assert page.eval_on_selector_all("[aria-sort]", "all => all.map(one => one.dataset.column)") == ["units"]
    expect(page.locator("#table_tools [role=status]")).to_have_text(
        "Rows shown: 4 of 4. Sorted by “Units”, in ascending order."
    )


# --- choosing ---------------------------------------------------------------------------------------


def test_words_choose_rows_whatever_their_case_and_accents(page: Page, home: str) -> None:
    page.goto(table_at(home))
    page.fill("#filter_q", "TRADING quötéd")
    expect(page.locator("#table_shown")).to_have_text("1")
    assert shown(page) == ["ex-line"]
    page.fill("#filter_q", "zebra")
    expect(page.locator("#table_shown")).to_have_text("0")
    assert shown(page) == []
    page.fill("#filter_q", "  ")
    expect(page.locator("#table_shown")).to_have_text("4")


def test_a_list_chooses_rows_by_their_word_without_its_limit(page: Page, home: str) -> None:
    page.goto(table_at(home))
    assert "importer's own entry" in page.inner_text("#ex-group")
    page.select_option("#filter_label", "war_use")
    assert shown(page) == ["ex-group", "ex-line"]
    page.select_option("#filter_record", "declaration")
    assert shown(page) == ["ex-line"]
    expect(page.locator("#table_tools [role=status]")).to_have_text("Rows shown: 1 of 4.")


def test_resetting_shows_every_row_in_the_order_of_the_file(page: Page, home: str) -> None:
    page.goto(table_at(home, fragment="#q=invented&outcome=cleared&sort=-id"))
    assert shown(page) == ["ex-line", "ex-group"]
    page.click("#filter_reset")
    assert shown(page) == FILE_ORDER
    expect(page.locator("#table_tools [role=status]")).to_have_text("Rows shown: 4 of 4.")
    assert page.input_value("#filter_q") == ""
    assert page.input_value("#filter_outcome") == ""
    assert page.query_selector("[aria-sort]") is None
    assert page.url == table_at(home)


# --- the address of a view --------------------------------------------------------------------------


def test_a_view_has_an_address_that_shows_it_again(browser: Browser, page: Page, home: str) -> None:
    page.goto(table_at(home))
    page.fill("#filter_q", "an invented")
    page.select_option("#filter_outcome", "cleared")
    sort_by(page, "units", 2)
    page.wait_for_url(table_at(home, fragment="#q=an+invented&outcome=cleared&sort=-units"))
    before = shown(page)
    with tab(browser) as other:
        other.goto(page.url)
        assert shown(other) == before == ["ex-group", "ex-line"]
        assert other.input_value("#filter_q") == "an invented"
        assert other.get_attribute("th[data-column=units]", "aria-sort") == "descending"


def test_looking_around_fills_no_history(page: Page, home: str) -> None:
    page.goto(table_at(home))
    length = page.evaluate("history.length")
    sort_by(page, "units", 3)
    page.select_option("#filter_outcome", "cleared")
    assert page.evaluate("history.length") == length


@pytest.mark.parametrize(
    "fragment", ["#sort=nothing", "#outcome=%22%3E%3Cb%3E", "#sort=__proto__&q=", "#=", "#nobody", "#%", "#%E0=1"]
)
def test_an_address_that_means_nothing_shows_everything(page: Page, home: str, fragment: str) -> None:
    page.goto(table_at(home, fragment=fragment))
    assert shown(page) == FILE_ORDER


def test_words_in_an_address_are_words(page: Page, home: str) -> None:
    page.goto(table_at(home, fragment="#q=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E"))
    assert page.input_value("#filter_q") == "<img src=x onerror=alert(1)>"
    assert shown(page) == []


def test_the_anchor_of_a_row_leads_to_it_even_where_it_was_not_shown(page: Page, home: str) -> None:
    page.goto(table_at(home, fragment="#ex-seized"))
    assert shown(page) == FILE_ORDER
    page.select_option("#filter_outcome", "cleared")
    assert "ex-seized" not in shown(page)
    page.evaluate("location.hash = '#ex-seized'")
    expect(page.locator("#ex-seized")).to_be_visible()
    assert page.url == table_at(home, fragment="#ex-seized")
    expect(page.locator("#ex-seized")).to_be_in_viewport()


def test_an_anchor_is_clear_of_the_headings_that_stay(browser: Browser, address: str) -> None:
    for size in (PHONE, DESK):
        with tab(browser, viewport=size) as page:
            page.goto(table_at(address, "sources", "#imsilkroad"))
            row = page.locator("#imsilkroad th").bounding_box()
            head = page.locator("#table_rows thead").bounding_box()
            assert row
            assert head
            assert row["y"] >= head["y"] + head["height"] - 1
            assert row["y"] < size["height"]


def test_going_back_shows_the_view_that_was(page: Page, home: str) -> None:
    page.goto(table_at(home, fragment="#outcome=seized"))
    page.evaluate("location.hash = '#outcome=unknown'")
    expect(page.locator("#ex-seized")).to_be_hidden()
    assert shown(page) == ["ex-undated"]
    page.go_back()
    expect(page.locator("#ex-seized")).to_be_visible()
    assert shown(page) == ["ex-seized"]


# --- for everybody ----------------------------------------------------------------------------------


def test_the_keyboard_does_it_all(page: Page, home: str) -> None:
    page.goto(table_at(home))
    page.focus("#filter_q")
    page.keyboard.type("invented")
    expect(page.locator("#table_shown")).to_have_text("2")
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.closest('th')?.dataset.column ?? document.activeElement.id")
        )
        if reached[-1] == "value":
            break
    order = ["filter_record", "filter_outcome", "filter_reset", "id", "units", "value"]
    assert [name for name in reached if name in order] == order
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('th').dataset.column") == "value", "focus stays"
    assert shown(page) == ["ex-line", "ex-group"]
    page.keyboard.press("Space")
    assert shown(page) == ["ex-group", "ex-line"]


def test_focus_can_be_seen(page: Page, home: str) -> None:
    page.goto(table_at(home))
    for place in ("#filter_q", "#filter_outcome", "#filter_reset", "th[data-column=id] button"):
        page.focus(place)
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        width = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
        assert width >= 2, place


def test_the_number_of_rows_and_the_order_are_announced_politely(page: Page, home: str) -> None:
    page.goto(table_at(home))
    snapshot = page.locator("#table_tools").aria_snapshot()
    assert "search" in snapshot
    assert "Sort and choose rows" in snapshot
    assert 'searchbox "Words in the row"' in snapshot
    assert 'combobox "Outcome"' in snapshot
    assert "status" in snapshot
    page.evaluate(
        """() => { window.said = [];
        const region = document.querySelector('#table_tools [role=status]');
        new MutationObserver(() => said.push(region.textContent.trim())).observe(region, {subtree: true, childList: true, characterData: true}); }"""
    )
    page.locator("#filter_q").press_sequentially("invented", delay=10)
    expect(page.locator("#table_shown")).to_have_text("2")
    assert page.evaluate("said.map(text => text.slice(0, 19))") == ["Rows shown: 2 of 4."], (
        "one for a word, not for each letter"
    )


def test_a_heading_is_named_by_its_words_alone(page: Page, home: str) -> None:
    page.goto(table_at(home))
    sort_by(page, "value")
    assert page.get_by_role("button", name="Value", exact=True).count() == 1
    assert (
        page.locator("#table_rows thead").aria_snapshot().count("button")
        == page.locator("#table_rows th button").count()
    )


def test_it_works_from_disk(browser: Browser, tmp_path: Path) -> None:
    for path, raw in small_build().files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(raw)
    home = tmp_path.as_uri() + "/"
    with tab(browser) as page:
        page.goto(table_at(home))
        sort_by(page, "value", 2)
        page.select_option("#filter_outcome", "cleared")
        assert shown(page) == ["ex-group", "ex-line"]
        assert page.url == table_at(home, fragment="#outcome=cleared&sort=-value")
        page.reload()
        assert shown(page) == ["ex-group", "ex-line"]
        page.click("#filter_reset")
        assert page.url == table_at(home)


def test_without_a_script_every_row_stands_there_and_no_control(browser: Browser, home: str) -> None:
    with tab(browser, java_script_enabled=False) as page:
        page.goto(table_at(home, fragment="#outcome=seized"))
        assert page.locator("#table_rows tbody tr:visible").count() == len(FILE_ORDER)
        for role in ("button", "combobox", "searchbox", "status"):
            assert page.get_by_role(role).count() == 0, role  # type: ignore[arg-type]
        page.goto(table_at(home, fragment="#ex-seized"))
        expect(page.locator("#ex-seized")).to_be_in_viewport()


def test_the_script_asks_for_nothing_and_keeps_nothing(browser: Browser, home: str) -> None:
    with tab(browser) as page:
        asked: list[str] = []
        page.goto(table_at(home), wait_until="networkidle")
        page.on("request", lambda request: asked.append(request.url))
        sort_by(page, "value", 2)
        page.select_option("#filter_outcome", "cleared")
        page.fill("#filter_q", "invented")
        page.wait_for_url("**#*q=*")
        assert [url for url in asked if not url.endswith("/icon.svg")] == []  # which the browser itself looks up again
        assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_sorted_and_chosen_table_fits_and_has_no_barrier(
    browser: Browser, site: Mapping[str, bytes], address: str, web: Path, scheme: str
) -> None:
    found = []
    for size in (PHONE, DESK):
        with tab(browser, viewport=size, color_scheme=scheme) as page:
            page.context.add_init_script(path=web / "axe-core" / "axe.min.js")
            for table in BIG_TABLES:
                assert f"en/data/{table}/index.html" in site
                page.goto(table_at(address, table, "#sort=-id&q=a"))
                assert page.get_attribute("th[data-column=id]", "aria-sort") == "descending"
                found += [(table, size["width"], problem) for problem in page.evaluate(AXE, TAGS)]
                if wide := page.evaluate(TOO_WIDE):
                    found.append((table, size["width"], wide))
    assert found == []


def test_on_a_phone_a_column_fits_beside_the_name_of_its_row(browser: Browser, address: str) -> None:
    for width in (320, 360):
        with tab(browser, viewport={"width": width, "height": 640}) as page:
            page.goto(table_at(address, "totals"))
            wide = page.evaluate(
                """() => { const frame = document.querySelector('.frame'); frame.scrollLeft = 600;
                const name = document.querySelector('#table_rows tbody th').getBoundingClientRect();
                const room = frame.getBoundingClientRect().right - name.right;
                return [Math.round(name.left - frame.getBoundingClientRect().left),
                    [...document.querySelectorAll('#table_rows tbody td')].filter(cell => cell.offsetWidth > room + 1).length]; }"""
            )
            assert wide == [1, 0]


def test_nothing_moves_when_the_script_is_there(browser: Browser, address: str) -> None:
    for size in (PHONE, DESK):
        with tab(browser, viewport=size) as page:
            page.context.add_init_script(
                "new PerformanceObserver(list => { window.moved = (window.moved ?? 0) + list.getEntries()"
                ".reduce((sum, entry) => sum + entry.value, 0) }).observe({type: 'layout-shift', buffered: true})"
            )
            page.route(
                "**/table.js", lambda route: (page.wait_for_timeout(300), route.continue_())
            )  # after the first paint
            page.goto(table_at(address, "statements"), wait_until="networkidle")
            assert page.locator("#table_tools").is_visible()
            assert page.evaluate("window.moved ?? 0") < 0.001
