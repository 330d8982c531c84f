"""What axe cannot see: the keyboard, room for larger text, scripts and directions, forced colours, paper.

`tests/web/barriers.js` holds the detectors. Every kind of page of the real site, in every language, and the sites of
`extremes` are visited once (`barriers`); each test then tells all findings of its own sort. At the end each detector
is held to a page that is broken on purpose.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Literal

import pytest
from conftest import ROOT, missing, one_of_each_kind, pages_of, report, served
from extremes import empty_build, extreme_build
from selectolax.lexbor import LexborHTMLParser
from test_browser import AXE, DESK, FLAGS, PHONE, TAGS, in_tabs, new_tab

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from playwright.async_api import Browser
    from test_browser import Finding, Tab

BARRIERS = ROOT / "tests" / "web" / "barriers.js"
Sort = Literal["outline", "tables", "charts", "links", "languages", "directions", "room", "motion", "colours", "keyboard"]

ASK = "names => names.flatMap(name => window.barriers[name]().map(problem => [name, problem]))"
DRESS = """css => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = css ? [sheet] : [];
}"""
DOUBLE = "() => `:root { font-size: ${2 * parseFloat(getComputedStyle(document.documentElement).fontSize)}px !important }`"
SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
p { margin-bottom: 2em !important }"""
"""What WCAG 1.4.12 lets a reader ask for."""
ROOM = ["wide", "cut", "overlaps"]
HALF = {"width": 640, "height": 800}
"""A desk's window enlarged to 200 %."""
LONG_WALK = 150
"""Stops of the keyboard; a longer page is walked to here, and the rest of its links is of the same kind."""


async def gather(tab: Tab, sort: str, names: list[str], note: str = "") -> None:
    for name, problem in await tab.page.evaluate(ASK, names):
        tab.findings.append(_finding(tab.at, sort or name, note + problem))


def _finding(page: str, sort: str, problem: str) -> Finding:
    from test_browser import Finding

    return Finding(page, sort, problem)  # type: ignore[arg-type]  # the sorts of this module


async def look(tab: Tab, page: str) -> None:
    """Everything that is found on one page."""
    await tab.page.set_viewport_size(DESK)
    await tab.page.emulate_media(reduced_motion="reduce", forced_colors="none", color_scheme="light")
    await tab.open(page)
    await gather(tab, "", ["outline", "tables", "charts", "links", "languages", "directions"])
    await gather(tab, "motion", ["motion"])
    await gather(tab, "keyboard", ["order"])
    await walk(tab)
    for size in (DESK, PHONE):
        await tab.page.set_viewport_size(size)
        await gather(tab, "room", ROOM, f"{size['width']} px: ")
        await tab.page.evaluate(DRESS, SPACED)
        await gather(tab, "room", ROOM, f"{size['width']} px, spaced: ")
        await tab.page.evaluate(DRESS, "")
    for size in (DESK, HALF):
        await tab.page.set_viewport_size(size)
        await tab.page.evaluate(DRESS, await tab.page.evaluate(DOUBLE))
        await gather(tab, "room", ROOM, f"{size['width']} px, text doubled: ")
        await tab.page.evaluate(DRESS, "")
    for scheme in ("light", "dark"):
        await tab.page.emulate_media(forced_colors="active", color_scheme=scheme)  # type: ignore[arg-type]
        await gather(tab, "colours", ["shapes"], f"forced {scheme}: ")
    await tab.page.emulate_media(forced_colors="none", color_scheme="light")


async def walk(tab: Tab, note: str = "") -> None:
    """Go through the page with the Tab key."""
    stops = await tab.page.evaluate("() => window.barriers.listen()")
    for _ in range(min(stops, LONG_WALK)):
        await tab.page.keyboard.press("Tab")
    if stops <= LONG_WALK:
        await gather(tab, "keyboard", ["walked"], note)
    else:
        for _, problem in await tab.page.evaluate(ASK, ["walked"]):
            if not problem.startswith("no key reaches it"):
                tab.findings.append(_finding(tab.at, "keyboard", note + problem))


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
    kinds = [page for page in one_of_each_kind(files) if page != "404.html"]  # it is addressed from the root of its site
    yield from kinds
    for page in pages_of(files):
        if page not in kinds and ("/claims/" in page or re.search(r"/(ex-arabic|ex-hebrew|ex-long|ex-trillions)", page)):
            yield page


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


def test_nothing_moves_for_a_reader_who_asked_for_stillness(barriers: list[Finding]) -> None:
    report(of(barriers, "motion"))


def test_badges_and_charts_are_seen_in_forced_colours(barriers: list[Finding]) -> None:
    report(of(barriers, "colours"))


def test_the_keyboard_reaches_everything_once_in_order_and_is_seen(barriers: list[Finding]) -> None:
    report(of(barriers, "keyboard"))
