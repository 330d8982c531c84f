"""What axe cannot see: the keyboard, room for larger text, scripts and directions, forced colours, paper.

`tests/web/barriers.js` holds the detectors. Every kind of page of the real site, in every language, and the sites of
`extremes` are visited once (`barriers`); each test then tells all findings of its own sort. At the end each detector
is held to a page that is broken on purpose.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any, cast

import pytest
from conftest import FLAGS, ROOT, missing, one_of_each_kind, pages_of, report, served
from extremes import empty_build, extreme_build
from playwright.sync_api import sync_playwright
from selectolax.lexbor import LexborHTMLParser
from test_browser import DESK, PHONE, Finding, in_tabs, new_tab

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from playwright.async_api import Browser
    from playwright.sync_api import Page
    from test_browser import Tab

BARRIERS = ROOT / "tests" / "web" / "barriers.js"
"""The detectors."""

ASK = "names => names.flatMap(name => window.barriers[name]().map(problem => [name, problem]))"
DRESS = """css => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = css ? [sheet] : [];
}"""
DOUBLE = (
    "() => `:root { font-size: ${2 * parseFloat(getComputedStyle(document.documentElement).fontSize)}px !important }`"
)
SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
p { margin-bottom: 2em !important }"""
"""What WCAG 1.4.12 lets a reader ask for."""
ROOM = ["wide", "cut", "overlaps"]
FIRST = ("en/", "index", "404")
"""The pages of the first language, and those of none: they are looked at in every way. The others are made of the same
parts, so only their own words are: with `DECLARED_EVERY_PAGE=1` all are looked at alike."""
HALF = {"width": 640, "height": 800}
"""A desk's window enlarged to 200 %."""
LONG_WALK = 120
"""Stops of the keyboard; a longer page is walked to here, and what follows on it is of the same kind."""


def _finding(page: str, sort: str, problem: str) -> Finding:
    return Finding(page, cast("Any", sort), problem)  # the sorts of this module


async def gather(tab: Tab, sort: str, names: list[str], note: str = "") -> None:
    """Ask detectors, and note what they say as findings of one sort, or each of its own name."""
    for name, problem in await tab.page.evaluate(ASK, names):
        tab.findings.append(_finding(tab.at, sort or name, note + problem))


async def look(tab: Tab, page: str) -> None:
    """Everything that is found on one page."""
    whole = page.startswith(FIRST) or os.environ.get("DECLARED_EVERY_PAGE") == "1"
    await tab.page.set_viewport_size(DESK if whole else PHONE)
    await tab.page.emulate_media(reduced_motion="reduce", forced_colors="none", color_scheme="light")
    await tab.open(page)
    await gather(tab, "", ["outline", "tables", "charts", "links", "languages", "directions"])
    if whole:
        await gather(tab, "motion", ["motion"])
        await gather(tab, "keyboard", ["order"])
        await walk(tab)
    for size in (DESK, PHONE) if whole else (PHONE,):
        await tab.page.set_viewport_size(size)
        await gather(tab, "room", ROOM, f"{size['width']} px: ")
        await gather(tab, "targets", ["targets"], f"{size['width']} px: ")
        await tab.page.evaluate(DRESS, SPACED)
        await gather(tab, "room", ROOM, f"{size['width']} px, spaced: ")
        await tab.page.evaluate(DRESS, "")
    for size in (DESK, HALF) if whole else (HALF,):
        await tab.page.set_viewport_size(size)
        await tab.page.evaluate(DRESS, await tab.page.evaluate(DOUBLE))
        await gather(tab, "room", ROOM, f"{size['width']} px, text doubled: ")
        await tab.page.evaluate(DRESS, "")
    for scheme in ("light", "dark") if whole else ():
        await tab.page.emulate_media(forced_colors="active", color_scheme=cast("Any", scheme))
        await gather(tab, "colours", ["shapes"], f"forced {scheme}: ")
    await tab.page.emulate_media(forced_colors="none", color_scheme="light")


async def walk(tab: Tab) -> None:
    """Go through the page with the Tab key."""
    stops = await tab.page.evaluate("() => window.barriers.listen()")
    for _ in range(min(stops, LONG_WALK)):
        await tab.page.keyboard.down("Tab")
    await tab.page.keyboard.up("Tab")
    for _, problem in await tab.page.evaluate(ASK, ["walked"]):
        if stops <= LONG_WALK or not problem.startswith("no key reaches it"):
            tab.findings.append(_finding(tab.at, "keyboard", problem))


def visit(chromium: str, files: Mapping[str, bytes], pages: Iterable[str]) -> list[Finding]:
    """What is found on some pages of a site."""
    with served(files) as home:

        async def work(browser: Browser, queue: list[str]) -> list[Finding]:
            tab = await new_tab(browser, home)
            await tab.page.add_init_script(path=BARRIERS)
            while queue:
                await look(tab, queue.pop())
            return tab.findings

        return in_tabs(chromium, work, pages)


@pytest.fixture(scope="module")
def barriers(site: Mapping[str, bytes], chromium: str) -> list[Finding]:
    """All that is found on the real site and at the edges."""
    found = visit(chromium, site, one_of_each_kind(site))
    for edge, built in {"too much": extreme_build(), "nothing": empty_build()}.items():
        assert not [problem for problem in built.problems if problem.severity == "error"], built.problems
        for one in visit(chromium, built.files, at_the_edge(built.files)):
            found.append(_finding(f"{edge}: {one.page}", one.check, one.problem))
    return found


def at_the_edge(files: Mapping[str, bytes]) -> Iterator[str]:
    """One page of each kind, all claims, and whatever shows words of many scripts."""
    kinds = [
        page for page in one_of_each_kind(files) if page != "404.html"
    ]  # it is addressed from the root of its site
    yield from kinds
    for page in pages_of(files):
        if page not in kinds and (
            "/claims/" in page or re.search(r"/(ex-arabic|ex-hebrew|ex-long|ex-trillions)", page)
        ):
            yield page


def test_axe_finds_no_barrier_at_the_edges(chromium: str, web: Path) -> None:
    """Narrow and wide, light and dark."""
    looks = [(PHONE, "light"), (PHONE, "dark"), (DESK, "light"), (DESK, "dark")]
    found = []
    for edge, built in {"too much": extreme_build(), "nothing": empty_build()}.items():
        with served(built.files) as home:

            async def work(browser: Browser, queue: list[str], home: str = home) -> list[Finding]:
                tab = await new_tab(browser, home, web / "axe-core" / "axe.min.js")
                while queue:
                    await tab.open(queue.pop())
                    for size, scheme in looks:
                        await tab.page.set_viewport_size(size)
                        await tab.page.emulate_media(color_scheme=cast("Any", scheme))
                        await tab.axe(f"{scheme} {size['width']}: ")
                return tab.findings

            findings = in_tabs(chromium, work, at_the_edge(built.files))
        found += [(f"{edge}: {one.page}", one.problem) for one in findings if one.check == "axe"]
    report(found)


def of(findings: Iterable[Finding], *sorts: str) -> list[tuple[str, str]]:
    return [(finding.page, finding.problem) for finding in findings if finding.check in sorts]


def test_every_page_opens_at_the_edges_too(barriers: list[Finding]) -> None:
    report(of(barriers, "opens", "stays"))


def test_headings_are_an_outline(barriers: list[Finding]) -> None:
    report(of(barriers, "outline"))


def test_tables_say_what_they_are_and_which_cells_are_headings(barriers: list[Finding]) -> None:
    report(of(barriers, "tables"))


def test_every_chart_has_a_name_and_its_table_follows(barriers: list[Finding]) -> None:
    report(of(barriers, "charts"))


def test_links_say_by_themselves_where_they_lead(barriers: list[Finding]) -> None:
    report(of(barriers, "links"))


def test_words_of_another_script_stand_under_their_language(barriers: list[Finding]) -> None:
    report(of(barriers, "languages"))


def test_words_from_right_to_left_do_not_mix_with_those_around_them(barriers: list[Finding]) -> None:
    report(of(barriers, "directions"))


def test_nothing_is_cut_or_lies_over_another_text(barriers: list[Finding]) -> None:
    """On a narrow phone and on a desk; with the spacing that a reader may ask for; with text of twice the size."""
    report(of(barriers, "room"))


def test_what_is_pressed_is_large_enough_or_stands_apart(barriers: list[Finding]) -> None:
    report(of(barriers, "targets"))


def test_nothing_moves_for_a_reader_who_asked_for_stillness(barriers: list[Finding]) -> None:
    report(of(barriers, "motion"))


def test_badges_and_charts_are_seen_in_forced_colours(barriers: list[Finding]) -> None:
    report(of(barriers, "colours"))


def test_the_keyboard_reaches_everything_once_in_order_and_is_seen(barriers: list[Finding]) -> None:
    report(of(barriers, "keyboard"))


# --- one page at a time -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page(chromium: str) -> Iterator[Page]:
    """A page of a browser on a desk, with the detectors in it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        context = browser.new_context(viewport=cast("Any", DESK), reduced_motion="reduce", service_workers="block")
        context.add_init_script(path=BARRIERS)
        yield context.new_page()
        browser.close()


def homes(site: Mapping[str, bytes]) -> list[str]:
    """The first page of each language."""
    return sorted(path for path in site if re.fullmatch(r"[\w-]+/index\.html", path))


def test_the_first_stop_leads_past_the_masthead(site: Mapping[str, bytes], address: str, page: Page) -> None:
    for home in homes(site):
        page.goto(address + home)
        page.keyboard.press("Tab")
        skip = page.locator(":focus")
        box = skip.bounding_box()
        assert skip.get_attribute("href") == "#main", home
        assert box, home
        assert box["x"] >= 0, home
        assert box["width"] > 40, home
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("() => !!document.activeElement.closest('main')"), home


def test_a_listener_is_told_of_a_chart_once_and_of_its_table(
    site: Mapping[str, bytes], address: str, page: Page
) -> None:
    """What a screen reader is given: one image with its words, then the numbers as a table."""
    for chart in (path for path in site if re.fullmatch(r"[\w-]+/charts/documented/index\.html", path)):
        page.goto(address + chart)
        told = page.locator("figure.chart-block").aria_snapshot()
        words = page.locator("svg.chart:visible").get_attribute("aria-label") or ""
        assert len(words) > 60, chart
        assert len(re.findall(r"^ *- '?img", told, re.MULTILINE)) == 1, told
        assert words.split(".")[0] in told
        assert re.search(r"- '?table \"", told), told
        assert told.index("img") < told.index("table")


def test_the_ring_around_what_has_the_focus_is_seen_in_forced_colours(
    site: Mapping[str, bytes], address: str, page: Page
) -> None:
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(forced_colors="active", color_scheme=cast("Any", scheme))
        for home in homes(site):
            page.goto(address + home)
            page.evaluate("() => window.barriers.listen()")
            for _ in range(20):
                page.keyboard.press("Tab")
            rings = page.evaluate("() => window.__seen.flatMap(([, problems]) => problems)")
            found += [(home, f"forced {scheme}: {problem}") for problem in rings]
    page.emulate_media(forced_colors="none", color_scheme="light")
    report(found)


# --- paper ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pdftotext() -> str:
    """Reads a PDF as somebody would who copies its words."""
    found = shutil.which("pdftotext")
    if not found:
        missing("pdftotext", "sudo apt-get install poppler-utils")
    return str(found)


def printed(page: Page, url: str, pdf: Path, pdftotext: str) -> str:
    """The words of a page on paper."""
    page.goto(url)
    page.pdf(path=pdf, format="A4", tagged=True, outline=True)
    done = subprocess.run([pdftotext, "-enc", "UTF-8", pdf, "-"], capture_output=True, check=True)
    return done.stdout.decode()


def test_on_paper_names_stay_in_their_scripts_and_navigation_goes(
    site: Mapping[str, bytes], address: str, page: Page, pdftotext: str, tmp_path: Path
) -> None:
    seen: dict[str, int] = {}
    for path in paper_pages(site):
        tree = LexborHTMLParser(site[path].decode())
        text = "".join(printed(page, address + path, tmp_path / "page.pdf", pdftotext).split())
        raw = (tmp_path / "page.pdf").read_bytes()
        assert b"/StructTreeRoot" in raw, f"{path}: no tags for those who listen"
        for node in tree.css("main [lang]"):
            code, words = (node.attributes["lang"] or "").partition("-")[0], node.text(deep=False)
            if code in ("zh", "ru", "uk") and words.strip() and not node.css("svg"):
                assert "".join(words.split()) in text, f"{path}: lost on paper: {words}"
                seen[code] = seen.get(code, 0) + 1
        page.emulate_media(media="print")
        shown = page.evaluate(
            "() => [...document.querySelectorAll('.skip, nav')].filter(node => node.checkVisibility()).length"
        )
        page.emulate_media(media="null")  # as it was: paper for what is printed
        assert shown == 0, f"{path}: what leads on is printed"
        for link in tree.css(".source-links a[href^='http']"):
            href = (link.attributes["href"] or "").replace("-", "")  # a hyphen at the end of a line is not read as one
            assert href in text.replace("-", ""), f"{path}: no address on paper: {link.html}"
    assert seen.get("zh", 0) > 3, seen
    assert seen.get("ru", 0) > 0, seen


def paper_pages(site: Mapping[str, bytes]) -> Iterator[str]:
    """In each language: the page of a claim that quotes Chinese, of one that quotes Russian, and of a record."""
    for home in homes(site):
        folder = home.removesuffix("index.html")
        for pattern, script in (("claims", "zh"), ("claims", "ru"), ("records", "zh")):
            places = sorted(path for path in site if re.fullmatch(rf"{folder}{pattern}/[^/]+/index\.html", path))
            yield next(path for path in places if f'lang="{script}"'.encode() in site[path])


# --- the detectors bite -----------------------------------------------------------------------------

LONG = "word" * 40
BROKEN = [
    ("outline", "<main><h1>x</h1><h3>y</h3></main>", "a heading jumps from 1 to 3: y"),
    ("outline", "<main><h2>y</h2></main>", "0 headings of the first rank"),
    ("outline", "<h1>x</h1><main></main>", "the heading of the first rank stands outside <main>"),
    ("tables", "<table><caption>c</caption><tr><th>a</th><td>b</td></tr></table>", "a heading without scope: a in c"),
    ("tables", '<table><tr><th scope="row">a</th><td>b</td></tr></table>', "a table without a caption: ab"),
    (
        "charts",
        '<figure><svg role="img"><path d="M0 0"/></svg><table></table></figure>',
        "a drawing without a name: <svg>",
    ),
    (
        "charts",
        '<figure><svg role="img" aria-label="x"><path d="M0 0"/></svg></figure>',
        "no table follows the drawing x",
    ),
    ("charts", '<svg aria-label="x"><path d="M0 0"/></svg>', "a drawing that is no image: <svg>"),
    ("links", '<a href="#x">Here</a>', "a link that says nothing by itself: here"),
    ("links", '<a href="#x"><i></i></a>', "a link without words: #x"),
    ("links", '<ul><li><a href="#x">a</a></li><li><a href="#y">a</a></li></ul>', "two links of one list are called a"),
    ("languages", "<p>he said 你好</p>", 'words in another script stand under lang="en": he said 你好'),
    ("languages", '<p lang="zh">дрон</p>', 'words in another script stand under lang="zh": дрон'),
    ("languages", '<img alt="дрон">', 'words in another script stand under lang="en": дрон'),
    ("directions", "<p>he said سلام (7)</p>", "words from right to left mix with those around them"),
    ("wide", f"<p>{LONG}</p>", "the page is"),
    ("cut", f'<p style="width: 5em; overflow: hidden">{LONG}</p>', "cut at the side: <p>"),
    ("cut", '<p style="height: 1em; width: 3em; overflow: hidden">one two three four</p>', "cut below: <p>"),
    ("cut", f'<p style="width: 5em; overflow: auto">{LONG}</p>', "scrolls sideways, and no key reaches it: <p>"),
    ("overlaps", '<p>one</p><p style="margin-top: -2em">two</p>', "lies over another text"),
    ("overlaps", '<p style="margin-left: -3em">one two three four</p>', "runs out of the page at the left"),
    (
        "targets",
        '<div><a href="#x">x</a></div><div><a href="#y">y</a></div>',
        "px, and close to another: <a> x",
    ),
    ("motion", '<p style="transition: color 1s">x</p>', "<p> x moves when it changes"),
    (
        "motion",
        '<style>@keyframes k { to { color: red } }</style><p style="animation: k 9s">x</p>',
        "something moves: k",
    ),
    ("motion", "<style>html { scroll-behavior: smooth }</style>", "scrolls smoothly"),
    (
        "shapes",
        '<svg width="9" height="9"><path fill="#fefefe" d="M0 0h9v9z"/></svg>',
        "nothing of a drawing can be seen",
    ),
    ("shapes", '<svg><text y="9" fill="#ccc">x</text></svg>', "a text of a drawing cannot be read"),
    ("order", '<a href="#x" tabindex="3">x</a>', "a place of its own in the order of the keyboard: <a> x"),
    (
        "order",
        '<p style="display: flex; flex-direction: row-reverse">x</p>',
        "drawn in another order than it is read: <p> x",
    ),
]


@pytest.mark.parametrize(("detector", "body", "problem"), BROKEN)
def test_each_detector_bites(detector: str, body: str, problem: str, page: Page) -> None:
    page.goto("about:blank")
    page.set_content(f'<!doctype html><html lang="en"><body style="margin: 9px">{body}</body></html>')
    page.evaluate(BARRIERS.read_text(encoding="utf-8"))
    found = page.evaluate(f"() => window.barriers.{detector}()")
    assert any(one.startswith(problem) or problem in one for one in found), found


@pytest.mark.parametrize("detector", sorted({detector for detector, _, _ in BROKEN}))
def test_no_detector_bites_a_page_that_is_well(detector: str, page: Page) -> None:
    table = '<table><caption>c</caption><tr><th scope="row">a</th><td>b</td></tr></table>'
    drawing = (
        '<svg role="img" aria-label="d"><path fill="#000" d="M0 0h9v9z"/><text y="20" font-size="12">t</text></svg>'
    )
    page.goto("about:blank")
    page.set_content(
        f"""<!doctype html><html lang="en"><body><main><h1>x</h1><h2>y</h2><p>he said <q lang="zh">你好</q>
        <span lang="ar" dir="rtl">سلام (7)</span></p><figure>{drawing}{table}</figure>
        <ul style="line-height: 2"><li><a href="#x">a</a></li><li><a href="#y">b</a></li></ul></main></body></html>"""
    )
    page.evaluate(BARRIERS.read_text(encoding="utf-8"))
    assert page.evaluate(f"() => window.barriers.{detector}()") == []


WALKS = [
    ("<style>a:focus { outline: none }</style><a href='#x'>x</a>", "no ring around what has the focus"),
    ("<style>a:focus { outline: 3px solid #eee }</style><a href='#x'>x</a>", "cannot be seen"),
    (
        "<style>a:focus { outline: 3px solid }</style><a href='#x' style='position: fixed; left: -99em'>x</a>",
        "out of view",
    ),
    (
        "<style>a:focus { outline: 3px solid }</style><a href='#x'>x</a>"
        "<div style='position: fixed; inset: 0; background: #fff'></div>",
        "is hidden behind something",
    ),
    (
        "<style>a:focus { outline: 3px solid }</style><a href='#x' id='x'>x</a><a href='#y'>y</a>"
        "<script>x.onfocus = () => x.nextSibling.remove()</script>",
        "no key reaches it",
    ),
]


@pytest.mark.parametrize(("body", "problem"), WALKS)
def test_the_walk_bites(body: str, problem: str, page: Page) -> None:
    page.goto("about:blank")
    page.set_content(f'<!doctype html><html lang="en"><body>{body}</body></html>')
    page.evaluate(BARRIERS.read_text(encoding="utf-8"))
    for _ in range(page.evaluate("() => window.barriers.listen()")):
        page.keyboard.press("Tab")
    found = page.evaluate("() => window.barriers.walked()")
    assert any(problem in one for one in found), found
