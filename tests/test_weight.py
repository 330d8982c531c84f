"""What a page weighs on the way to a phone, and that nothing on it jumps while it comes."""

from __future__ import annotations

import gzip
import re
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING, Any, cast

import pytest
from conftest import FROZEN, kind_of, one_of_each_kind, report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.sync_api import Browser

CLAIM = 40_000
"""Bytes of a claim's page with its charts, its stylesheet and the scripts that it loads by itself, packed by gzip."""
ANY = 200_000
"""Bytes of any page: the tables of the dataset are long."""
JUMPS = """() => new Promise(done => {
    let sum = 0;
    const seen = new PerformanceObserver(list => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
    });
    seen.observe({type: 'layout-shift', buffered: true});
    requestAnimationFrame(() => setTimeout(() => { seen.disconnect(); done(sum); }, 150));
})"""


def weight(site: Mapping[str, bytes], path: str) -> int:
    """Bytes of a page and of all that it loads by itself before anybody does anything, but pictures and fonts."""
    text = site[path].decode()
    loaded = re.findall(r'<link rel="stylesheet" href="([^"]*)"|<script\b[^>]* src="([^"]*)"', text)
    files = {path, *(normpath(join(dirname(path), style or script)) for style, script in loaded)}
    return sum(len(gzip.compress(site[file], 6)) for file in files)


def test_a_claim_is_light_enough_for_a_slow_phone(site: Mapping[str, bytes]) -> None:
    weights = {
        path: weight(site, path)
        for path in site
        if re.fullmatch(r"[\w-]+/claims/[^/]+/index\.html", path) and not FROZEN.fullmatch(path)
    }
    assert weights
    report((path, f"{bytes_} bytes, and {CLAIM} are enough") for path, bytes_ in weights.items() if bytes_ > CLAIM)


def test_no_page_is_heavier_than_a_picture(site: Mapping[str, bytes]) -> None:
    heaviest = {path: weight(site, path) for path in one_of_each_kind(site)}
    report((path, f"{bytes_} bytes, and {ANY} are enough") for path, bytes_ in heaviest.items() if bytes_ > ANY)


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_jumps_while_a_page_comes(
    width: int, site: Mapping[str, bytes], address: str, browser: Browser
) -> None:
    kinds = {kind_of(path).partition("/")[2]: path for path in one_of_each_kind(site)}
    page = browser.new_page(viewport=cast("Any", {"width": width, "height": 700}))
    found = []
    for path in kinds.values():
        page.goto(address + path)
        columns = 0.02 if "/data/" in path else 0.0  # a long table finds its columns while its rows come
        if (jumped := page.evaluate(JUMPS)) > columns:
            found.append((path, f"its parts jump by {jumped:.4f}"))
    page.close()
    report(found)


def test_a_jump_would_be_seen(browser: Browser) -> None:
    page = browser.new_page()
    page.goto(
        "data:text/html,<!doctype html><p id=a>y<p>x x x x<script>setTimeout(() => { a.style.height = '300px' }, 300)</script>"
    )
    page.wait_for_timeout(800)
    assert page.evaluate(JUMPS) > 0
    page.close()
