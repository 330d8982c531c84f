"""Every page, opened in a real browser: the promises made to the public, checked where they are kept.

All pages are visited once (`visits`), then each test reads its own kind of finding and shows all of them at once.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import unquote, urldefrag

import pytest
from conftest import FLAGS, FROZEN, one_of_each_kind, pages_of, pages_to_visit, report, served
from playwright.async_api import async_playwright
from selectolax.lexbor import LexborHTMLParser
from small_site import past_build

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping
    from pathlib import Path

    from playwright.async_api import Browser, Page

PHONE = {"width": 320, "height": 640}
"""The width that WCAG 1.4.10 asks for: 1280 pixels enlarged to 400 %."""
DESK = {"width": 1280, "height": 800}
AXE = """async tags => (await axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']}))
    .violations.map(found => `${found.id} (${found.impact}) at ${found.nodes.slice(0, 3).map(node => node.target).join(', ')}`
        + (found.nodes.length > 3 ? ` and ${found.nodes.length - 3} more` : ''))"""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TOO_WIDE = """() => {
    const root = document.documentElement, wide = root.scrollWidth;
    if (wide <= root.clientWidth) return null;
    const last = [...document.body.querySelectorAll('*')].filter(part => part.getBoundingClientRect().right > root.clientWidth + 1);
    return `${wide} px wide: ` + last.slice(0, 3).map(part => part.tagName.toLowerCase() + '.' + part.className).join(', ');
}"""
SCRIPTED = "[data-script], noscript"
"""What a script makes or shows, and what stands there without one."""
WITHOUT_SCRIPTED = "what => document.querySelectorAll(what).forEach(part => part.remove())"
TEXT = "() => document.title + '\\n' + document.body.innerText.replace(/\\s+/g, ' ').trim()"
TABS = 2
"""One for each core of a small machine: axe keeps a whole core busy."""

Check = Literal["opens", "stays", "fits", "axe", "script"]


@dataclass(frozen=True)
class Finding:
    page: str
    check: Check
    problem: str


class Tab:
    """One page of a browser with everything that goes wrong in it."""

    def __init__(self, page: Page, home: str) -> None:
        self.page, self.home = page, home
        self.at = ""
        self.findings: list[Finding] = []
        page.on("console", lambda message: message.type == "error" and self.add("opens", f"console: {message.text}"))
        page.on("pageerror", lambda error: self.add("opens", f"script: {error}"))
        page.on("response", lambda answer: answer.status >= 400 and self.add("opens", f"{answer.status} {answer.url}"))
        page.on("requestfailed", lambda request: self.fail(request.failure or "", request.url))
        page.on("request", lambda request: self.is_home(request.url) or self.add("stays", request.url))

    def is_home(self, url: str) -> bool:
        return url.startswith((self.home, "data:", "blob:"))

    def add(self, check: Check, problem: str) -> None:
        self.findings.append(Finding(self.at, check, problem))

    def fail(self, failure: str, url: str) -> None:
        if failure != "net::ERR_ABORTED":  # the tab went on to the next page before the icon had come
            self.add("opens", f"{failure} {url}")

    async def open(self, page: str) -> None:
        self.at = page
        await self.page.goto(self.home + page, wait_until="load")

    async def axe(self, note: str = "") -> None:
        for barrier in await self.page.evaluate(AXE, TAGS):
            self.add("axe", note + barrier)


def in_tabs(
    chromium: str, work: Callable[[Browser, list[str]], Awaitable[list[Finding]]], pages: Iterable[str]
) -> list[Finding]:
    """Share the pages out between tabs of one browser, and gather what they find."""
    queue = sorted(pages, reverse=True)

    async def all_tabs() -> list[Finding]:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            found = await asyncio.gather(*(work(browser, queue) for _ in range(TABS)))
            await browser.close()
        return sorted(
            (finding for part in found for finding in part), key=lambda finding: (finding.page, finding.check)
        )

    return asyncio.run(all_tabs())


async def new_tab(browser: Browser, home: str, axe: Path | None = None, **settings: Any) -> Tab:
    context = await browser.new_context(service_workers="block", locale="en-GB", timezone_id="UTC", **settings)
    context.set_default_timeout(60_000)
    if axe:
        await context.add_init_script(path=axe)
    return Tab(await context.new_page(), home)


@pytest.fixture(scope="module")
def visits(site: Mapping[str, bytes], address: str, chromium: str, web: Path) -> list[Finding]:
    """Pages of every language, on a narrow phone, with and without JavaScript, looked at by axe."""

    async def work(browser: Browser, queue: list[str]) -> list[Finding]:
        tab = await new_tab(browser, address, web / "axe-core" / "axe.min.js", viewport=PHONE)
        plain = await new_tab(browser, address, viewport=PHONE, java_script_enabled=False)
        while queue:
            page = queue.pop()
            await tab.open(page)
            if wide := await tab.page.evaluate(TOO_WIDE):
                tab.add("fits", wide)
            await tab.axe()
            if b"<script" in site[page]:  # a page without one is the same without JavaScript
                await plain.open(page)
                with_script, without = [await the_same(one.page) for one in (tab, plain)]
                if with_script != without:
                    tab.add("script", first_difference(with_script, without))
        return tab.findings + plain.findings

    return in_tabs(chromium, work, pages_to_visit(site))


async def the_same(page: Page) -> str:
    """What must be on the page with and without JavaScript."""
    await page.evaluate(WITHOUT_SCRIPTED, SCRIPTED)
    return str(await page.evaluate(TEXT))


def first_difference(one: str, other: str) -> str:
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return f"with JavaScript: …{one[max(0, at - 20) : at + 40]}…, without: …{other[max(0, at - 20) : at + 40]}…"


def found(findings: Iterable[Finding], check: Check) -> list[tuple[str, str]]:
    return [(finding.page, finding.problem) for finding in findings if finding.check == check]


def test_no_page_has_an_error_in_the_console_or_a_request_that_fails(visits: list[Finding]) -> None:
    report(found(visits, "opens"))


def test_no_page_asks_anybody_else_for_anything(visits: list[Finding]) -> None:
    report(found(visits, "stays"))


def test_no_page_scrolls_sideways_on_a_narrow_phone(visits: list[Finding]) -> None:
    report(found(visits, "fits"))


def test_axe_finds_no_barrier_on_any_page(visits: list[Finding]) -> None:
    report(found(visits, "axe"))


def test_every_page_says_the_same_without_javascript(visits: list[Finding]) -> None:
    report(found(visits, "script"))


def test_what_only_a_script_can_work_is_hidden_without_one(site: Mapping[str, bytes]) -> None:
    """In the bytes of the page; and a control outside such a part would be dead."""
    problems = []
    for page in pages_of(site):
        tree = LexborHTMLParser(site[page].decode())
        for part in tree.css("[data-script]"):
            if "hidden" not in part.attributes:
                problems.append((page, f"<{part.tag}> is marked data-script and not hidden"))
            part.decompose()
        problems += [(page, f"a dead <{part.tag}>") for part in tree.css("button, input, select")]
    report(problems)


def test_axe_finds_no_barrier_in_the_dark_or_on_a_desk(
    site: Mapping[str, bytes], address: str, chromium: str, web: Path
) -> None:
    looks = {"dark phone": (PHONE, "dark"), "light desk": (DESK, "light"), "dark desk": (DESK, "dark")}

    async def work(browser: Browser, queue: list[str]) -> list[Finding]:
        tab = await new_tab(browser, address, web / "axe-core" / "axe.min.js")
        while queue:
            page = queue.pop()
            await tab.open(page)
            for look, (size, scheme) in looks.items():
                await tab.page.set_viewport_size(size)
                await tab.page.emulate_media(color_scheme=scheme)
                await tab.axe(f"{look}: ")
        return tab.findings

    report(found(in_tabs(chromium, work, one_of_each_kind(site)), "axe"))


def test_a_site_with_a_past_opens_fits_and_has_no_barrier(chromium: str, web: Path) -> None:
    """Histories, a frozen page with its own stylesheet, a tombstone: light and dark, narrow and wide."""
    files = past_build().files
    kinds = [path for path in pages_of(files) if FROZEN.fullmatch(path) or b'class="history"' in files[path]]
    kinds += ["en/companies/example-trading-7/index.html", "en/data/removals/index.html"]
    looks = [(PHONE, "light"), (PHONE, "dark"), (DESK, "light"), (DESK, "dark")]
    with served(files) as home:

        async def work(browser: Browser, queue: list[str]) -> list[Finding]:
            tab = await new_tab(browser, home, web / "axe-core" / "axe.min.js")
            while queue:
                await tab.open(queue.pop())
                for size, scheme in looks:
                    await tab.page.set_viewport_size(size)
                    await tab.page.emulate_media(color_scheme=scheme)
                    if wide := await tab.page.evaluate(TOO_WIDE):
                        tab.add("fits", wide)
                    await tab.axe(f"{scheme} {size['width']}: ")
            return tab.findings

        findings = in_tabs(chromium, work, kinds)
    report((finding.page, finding.problem) for finding in findings)


def test_pages_work_from_disk(site: Mapping[str, bytes], site_folder: Path, chromium: str) -> None:
    home = site_folder.as_uri() + "/"

    async def work(browser: Browser, queue: list[str]) -> list[Finding]:
        tab = await new_tab(browser, home, viewport=PHONE)
        while queue:
            await tab.open(queue.pop())
            for url in await tab.page.evaluate(
                "() => [...document.querySelectorAll('a[href]')].map(link => link.href)"
            ):
                path = unquote(urldefrag(url).url).removeprefix(unquote(home))
                if url.startswith("file:") and path not in site:
                    tab.add("opens", f"a link that leads to no file: {path}")
        return tab.findings

    findings = in_tabs(chromium, work, one_of_each_kind(site))
    report(found(findings, "opens"))
    report(found(findings, "stays"))


def test_no_address_differs_from_another_in_letter_case_alone(site: Mapping[str, bytes]) -> None:
    lower = [str(PurePosixPath(path)).lower() for path in site]
    assert len(set(lower)) == len(lower), "some disks cannot hold both"
