"""The search in a real browser: nothing before it is used, found in four languages, from disk, by keyboard, and by nobody else."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from conftest import served
from small_site import small_build
from test_browser import AXE, DESK, PHONE, TAGS, TOO_WIDE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from playwright.sync_api import Browser, Page

PAGE = "en/search/index.html"
LOADED = ("minisearch.js", "stemmers.js", "index.js")
BOX, STATE = "input[type=search]", "[role=status]"


@contextmanager
def opened(browser: Browser, address: str, before: str = "", ignore: str = "", **settings: Any) -> Iterator[Page]:
    """A page with nothing kept from before; an error in it fails the test. `before` runs ahead of its scripts."""
    context = browser.new_context(viewport=DESK, service_workers="block", locale="en-GB", timezone_id="UTC", **settings)  # type: ignore[arg-type]
    context.set_default_timeout(20_000)
    if before:
        context.add_init_script(before)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(address)
    yield page
    context.close()
    assert [error for error in errors if not (ignore and ignore in error)] == []


@contextmanager
def invented(
    browser: Browser, small: str, documents: Sequence[Mapping[str, Any]], language: str = "en", before: str = ""
) -> Iterator[Page]:
    """The search of the small site with another index, as a page of another language."""
    html = small_build().files[PAGE].decode().replace('<html lang="en"', f'<html lang="{language}"')
    index = f"self.searchIndex = {json.dumps(documents, ensure_ascii=False)};"
    with opened(browser, "about:blank", before) as page:
        page.route(small, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        page.route(
            "**/search/index.js", lambda route: route.fulfill(body=index, content_type="text/javascript; charset=utf-8")
        )
        page.goto(small)
        yield page


def text(number: int, title: str, *texts: str, **more: Any) -> dict[str, Any]:
    """A document of the index."""
    found = {"kind": "pages", "address": f"about/index.html?{number}", "title": [title], **more}
    return found | ({"texts": [[one] for one in texts]} if texts else {})


def search(page: Page, sought: str) -> list[str]:
    """The titles that are found."""
    page.fill(BOX, "")
    page.fill(BOX, sought)
    page.wait_for_function("() => /Results: [\\d,]+/.test(document.querySelector('[role=status]').textContent)")
    return page.locator(".result-title").all_inner_texts()


@pytest.fixture(scope="module")
def small(browser: Browser) -> Iterator[str]:
    with served(small_build().files) as home:
        yield home + PAGE


# --- before and while it is used -----------------------------------------------------------------


def test_nothing_is_loaded_before_somebody_searches(browser: Browser, address: str) -> None:
    with opened(browser, "about:blank") as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address + PAGE)
        page.wait_for_load_state("networkidle")
        assert not [url for url in asked if url.endswith(LOADED)]
        page.focus(BOX)
        page.wait_for_function("() => self.MiniSearch && self.searchIndex && self.stemmers")
        assert sorted(url.rpartition("/")[2] for url in asked if url.endswith(LOADED)) == sorted(LOADED)
        search(page, "drones")
        assert [url for url in asked if not url.startswith(address)] == []


def test_the_search_keeps_nothing(browser: Browser, address: str) -> None:
    with opened(browser, address + PAGE) as page:
        assert search(page, "drones")
        kept = page.evaluate(
            "async () => [document.cookie, localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,"
            " (await caches.keys()).length]"
        )
        assert kept == ["", 0, 0, 0, 0]


def test_a_claim_of_the_real_site_comes_first(browser: Browser, address: str) -> None:
    with opened(browser, address + PAGE) as page:
        search(page, "drones")
        first = page.locator(".result").first
        assert first.get_attribute("data-kind") == "claims"
        assert first.locator(".badge[data-rating] .badge-word").inner_text()
        assert first.locator("mark").first.inner_text().lower() == "drones"
        search(page, "无人机")
        assert page.locator(".result-text[lang^=zh] mark").first.inner_text() == "无人机"


def test_it_works_from_disk(browser: Browser, site_folder: Path) -> None:
    with opened(browser, (site_folder / PAGE).as_uri()) as page:
        assert search(page, "drones")
        assert page.url.endswith("#q=drones")
        page.locator(".result-title a").first.click()
        page.wait_for_url(re.compile(r"file:.*/en/claims/[\w-]+/index\.html"))
        page.go_back()
        page.wait_for_selector(".result")
        assert page.input_value(BOX) == "drones"


def test_without_javascript_the_page_says_so(browser: Browser, small: str) -> None:
    with opened(browser, small, java_script_enabled=False) as page:
        assert page.locator("noscript p").is_visible()
        assert page.locator("form, input, button").count() == 0
        page.click(".ways a >> nth=0")
        assert page.url.endswith("/en/claims/index.html")


def test_an_index_that_cannot_be_loaded_is_told_and_tried_again(browser: Browser, small: str) -> None:
    with opened(browser, small, ignore="ERR_BLOCKED_BY_CLIENT") as page:
        page.route("**/search/index.js", lambda route: route.abort("blockedbyclient"))
        page.fill(BOX, "drones")
        page.wait_for_function("() => document.querySelector('[role=status]').textContent.includes('could not')")
        page.unroute("**/search/index.js")
        assert search(page, "drone")


# --- what is found -------------------------------------------------------------------------------

RUSSIAN = ("Вымышленный отчёт о дронах", "Ввезено несколько дронов по двум декларациям.")
UKRAINIAN = ("Вигаданий звіт про дрони", "Ввезено кілька дронів за двома деклараціями.")
CHINESE = ("虚构的报告", "虚构的商务部发言人表示,无人机的出口管制符合国际惯例,不用于特别军事行动。")


@pytest.mark.parametrize(
    ("language", "document", "sought"),
    [
        (
            "ru",
            RUSSIAN,
            "дрон, дрона, дронов, дронами, ДРОНЫ, декларация, декларации, отчет, вымышленные отчёты, деклара",
        ),
        ("uk", UKRAINIAN, "дрон, дрони, дронів, дронами, декларація, декларації, деклараціями, звіту"),
        ("zh-Hans", CHINESE, "无人机, 商务部, 特别军事行动, 出口管制, 发言人 无人机, 特别军"),
        ("en", RUSSIAN, "дрона, декларация"),
        ("en", UKRAINIAN, "дронів, декларація"),
        ("en", CHINESE, "无人机, 商务部"),
    ],
    ids=["ru", "uk", "zh", "ru in en", "uk in en", "zh in en"],
)
def test_words_are_found_in_their_other_forms(
    browser: Browser, small: str, language: str, document: tuple[str, str], sought: str
) -> None:
    other = text(2, "Something else", "这是别的内容。 Нечто иное. Щось інше.")
    with invented(browser, small, [text(1, *document), other], language) as page:
        for words in sought.split(", "):
            assert search(page, words) == [document[0]], words
            assert page.locator("mark").count(), words


def test_chinese_is_found_where_the_browser_knows_no_words(browser: Browser, small: str) -> None:
    documents = [text(1, *CHINESE), text(2, "别的报告", "人机界面。特别的行动。")]
    with invented(browser, small, documents, "zh-Hans", "delete Intl.Segmenter") as page:
        for sought in ("无人机", "商务部", "特别军事行动"):
            assert search(page, sought) == [CHINESE[0]]
            assert page.locator(".result-text mark").all_inner_texts() == [sought], "pairs that overlap are one mark"


def test_chinese_is_marked_as_it_was_sought(browser: Browser, small: str) -> None:
    document = text(1, "虚构的机制", "虚构的机器翻译。", "虚构的无人机能提起机器。")
    with invented(browser, small, [document], "zh-Hans") as page:
        assert search(page, "无人机") == ["虚构的机制"]
        assert page.locator(".result-text mark").all_inner_texts() == ["无人机"]
        assert search(page, "无人机 机器")
        assert page.locator(".result-text mark").all_inner_texts() == ["无人机", "机器"]


def test_what_is_found(browser: Browser, small: str) -> None:
    texts = {"A": "37 drones", "B": "370 drones", "C": "invented 38", "D": "An example company", "E": "Zürich"}
    documents = [text(number, title, words) for number, (title, words) in enumerate(texts.items())]
    documents.append(text(8, "G", "at least 140\u00a0000"))
    documents.append(text(9, "F", names=["Example Speaker"]))
    wanted = {
        "37": "A",  # a number is never nearly another
        "3": "",
        "370": "B",
        "invented 38": "C",
        "140000": "G",
        "140 000": "G",
        "140,000": "G",
        "140": "",
        "companies": "D",
        "compani": "D",
        "compny": "D",
        "zürich": "E",
        "ZURICH": "E",
        "company zurich": "DE",  # no page has both
        "Speaker": "F",
        "nothing of the kind zzzz": "",
        "?!": "",
    }
    with invented(browser, small, documents) as page:
        assert {sought: "".join(sorted(search(page, sought))) for sought in wanted} == wanted


def test_claims_come_before_sources_that_say_the_same(browser: Browser, small: str) -> None:
    documents = [
        text(number, "An invented word", kind=kind) for number, kind in enumerate(("sources", "figures", "claims"))
    ]
    with invented(browser, small, documents) as page:
        search(page, "invented")
        kinds = page.locator(".result").evaluate_all("found => found.map(one => one.dataset.kind)")
        assert kinds == ["claims", "figures", "sources"]


def test_a_result_says_what_it_is(browser: Browser, small: str) -> None:
    document = {
        **text(1, "A title", "A summary. " * 40 + "The invented word. " + "More. " * 60, kind="claims"),
        "title": ["Ein Titel", "de"],
        "date": ["2023-04-19", "19 April 2023"],
        "rating": "contradicted",
        "told": "at least 37 drones",
        "notes": ["labelled", "withdrawn"],
    }
    with invented(browser, small, [document]) as page:
        search(page, "word")
        found = page.locator(".result")
        assert found.locator("h3").get_attribute("lang") == "de"
        about = " ".join(found.locator(".result-about").inner_text().split())
        assert about == "Claim Contradicted at least 37 drones 19 April 2023 (the importer's own entry) Withdrawn"
        assert found.locator("time").get_attribute("datetime") == "2023-04-19"
        shown = found.locator(".result-text").inner_text()
        assert shown.startswith("… ")
        assert shown.endswith(" …")
        assert "The invented word." in shown
        assert len(shown) < 240
        assert found.locator("mark").all_inner_texts() == ["word"]


def test_words_of_the_data_are_never_markup(browser: Browser, small: str) -> None:
    for hostile in ("<img src=x onerror=alert()>", "</script><script>alert()</script>", '"><b>x'):
        document = text(1, f"Invented {hostile}", f"Invented {hostile}", told=hostile, date=["2023", hostile])
        with invented(browser, small, [document]) as page:
            assert search(page, "invented") == [f"Invented {hostile}"]
            search(page, hostile)
            assert page.locator("main img, main script, main b").count() == 0


# --- how it is used ------------------------------------------------------------------------------


def test_by_keyboard_alone(browser: Browser, small: str) -> None:
    with opened(browser, small) as page:
        for _ in range(30):
            page.keyboard.press("Tab")
            if page.evaluate("() => document.activeElement.type") == "search":
                break
        page.keyboard.type("invented drones")
        page.wait_for_selector(".result")
        page.keyboard.press("Enter")
        assert page.url.endswith("#q=invented%20drones"), "sending the form leads nowhere"
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        title = page.locator(".result-title a").first
        assert title.evaluate("link => link === document.activeElement"), (
            "from the box over its button to the first result"
        )
        leads = title.evaluate("link => link.href")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Escape")
        assert page.input_value(BOX) == ""
        assert page.locator(".result, .search-found").count() == 0
        assert page.inner_text(STATE) == ""
        assert "#" not in page.url
        page.keyboard.type("invented drones")
        page.wait_for_selector(".result")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url(leads)


def test_results_have_an_address(browser: Browser, small: str) -> None:
    with opened(browser, f"{small}#q=invented+drones") as page:
        page.wait_for_selector(".result")
        assert page.input_value(BOX) == "invented drones"
        page.evaluate("location.hash = '#q=zzzz'")
        page.wait_for_function("() => document.querySelector('[role=status]').textContent.startsWith('Results: 0')")
        page.evaluate("location.hash = '#main'")
        assert page.input_value(BOX) == "zzzz", "another anchor is no search"
    with opened(browser, f"{small}?q=invented") as page:
        page.wait_for_selector(".result")
        assert page.input_value(BOX) == "invented"


def test_how_many_are_found_is_told_and_counted(browser: Browser, small: str) -> None:
    documents = [text(number, f"Invented page {number}") for number in range(45)]
    with invented(browser, small, documents) as page:
        assert len(search(page, "invented")) == 20
        assert page.inner_text(STATE) == "Results: 45"
        assert page.inner_text(f"{STATE} [data-count]") == "45"
        assert page.get_attribute(STATE, "role") == "status", "which is announced politely"
        page.click(".search-found button")
        assert page.locator(".result").count() == 40
        assert page.evaluate("() => document.activeElement === document.querySelectorAll('.result a')[20]")
        page.click(".search-found button")
        assert page.locator(".result").count() == 45
        assert not page.locator(".search-found button").is_visible()


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (PHONE, "dark"), (DESK, "light"), (DESK, "dark")])
def test_results_fit_and_have_no_barrier(
    browser: Browser, address: str, web: Path, size: dict[str, int], scheme: Any
) -> None:
    axe = (web / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    with opened(browser, address + PAGE, axe) as page:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=scheme)
        for sought in ("drones", "无人机", "label", "zzzz"):
            search(page, sought)
            assert page.evaluate(TOO_WIDE) is None
            assert page.evaluate(AXE, TAGS) == []
