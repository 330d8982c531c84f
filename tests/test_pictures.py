"""The charts as a reader sees them: measured in a real browser, on every width, in every language.

Sizes on paper are not sizes on a phone: a picture shrinks with its page, and a reader's fonts are not ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from conftest import report

from builder.drawing import Sheet, render

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from playwright.sync_api import Browser, Page

LEAST = 11
"""Pixels of the smallest words, as displayed."""
WIDTHS = (320, 360, 768, 1280)
MEASURE = r"""() => {
    const shown = [...document.querySelectorAll('svg.chart')].filter(svg => svg.getClientRects().length);
    return shown.map(svg => {
        const frame = svg.getBoundingClientRect(), scale = frame.width / svg.viewBox.baseVal.width;
        const place = element => {
            const box = element.getBoundingClientRect();
            return [box.left - frame.left, box.top - frame.top, box.right - frame.left, box.bottom - frame.top];
        };
        const ground = /grid|zero|years|lanes|period|rail|leader|track|branch|callout_line|focus/; // what words may lie on
        const kind = element => element.closest('[class]').getAttribute('class');
        return {
            chart: svg.closest('figure').id,
            width: frame.width,
            height: frame.height,
            page: document.documentElement.clientWidth,
            texts: [...svg.querySelectorAll('text')].map(text => ({
                words: text.textContent, box: place(text), size: parseFloat(getComputedStyle(text).fontSize) * scale,
            })),
            marks: [...svg.querySelectorAll('path[d], rect, line')].filter(mark => !mark.closest('defs'))
                .map(mark => ({kind: kind(mark), box: place(mark)}))
                .filter(mark => !ground.test(mark.kind) && mark.box[2] > mark.box[0]),
        };
    });
}"""


def overlap(one: list[float], other: list[float], room: float = 1.5) -> bool:
    """True when two boxes cover each other by more than the empty rim of a line of words."""
    return all(
        min(one[side + 2], other[side + 2]) - max(one[side], other[side]) > (room if side == 0 else 2 * room)
        for side in (0, 1)
    )


def find_faults(picture: Mapping[str, Any]) -> Iterator[str]:
    """What a reader could not read in one picture."""
    texts = picture["texts"]
    if picture["width"] > picture["page"]:
        yield "wider than the page"
    for at, text in enumerate(texts):
        left, top, right, bottom = text["box"]
        if text["size"] < LEAST - 0.02:
            yield f"“{text['words']}” is {text['size']:.1f} px"
        if left < -1 or top < -1 or right > picture["width"] + 1 or bottom > picture["height"] + 1:
            yield f"“{text['words']}” leaves the picture"
        for other in texts[at + 1 :]:
            if overlap(text["box"], other["box"]):
                yield f"“{text['words']}” and “{other['words']}” cover each other"
        for mark in picture["marks"]:
            if mark["kind"].endswith("missing") and overlap(text["box"], mark["box"]):
                if left < mark["box"][0] or right > mark["box"][2] or bottom > mark["box"][3]:
                    yield f"“{text['words']}” leaves its box"
            elif overlap(text["box"], mark["box"]):
                yield f"“{text['words']}” lies on {mark['kind']}"


def open_at(browser: Browser, width: int, **how: Any) -> Page:
    return browser.new_page(viewport={"width": width, "height": 900}, **how)


@pytest.mark.parametrize("width", WIDTHS)
def test_every_chart_can_be_read(browser: Browser, site: Mapping[str, bytes], address: str, width: int) -> None:
    page, found = open_at(browser, width), []
    pages = [path for path in site if path.endswith("/charts/index.html")]
    assert pages
    for path in pages:
        page.goto(address + path)
        pictures = page.evaluate(MEASURE)
        assert len(pictures) == len(
            [other for other in site if other.startswith(path[:-10]) and other.endswith(".png")]
        )
        for picture in pictures:
            assert picture["texts"], picture["chart"]
            found += [(f"{path} {picture['chart']}", fault) for fault in find_faults(picture)]
    page.close()
    report(found)


BROKEN = {
    "is 10.0 px": lambda sheet: sheet.text("small", 0, 20, "Example words", 10),
    "leaves the picture": lambda sheet: sheet.text("far", 250, 20, "Example words of some length"),
    "cover each other": lambda sheet: [sheet.text(name, 8, 20, f"Example {name}", 12) for name in ("one", "two")],
    "leaves its box": lambda sheet: [
        sheet.bar("none-missing", 0.0, 60.0, 10, 40, "3", dashed=True),
        sheet.text("words", 8, 16, "not given in what we saw", 12),
    ],
    "lies on": lambda sheet: [sheet.text("words", 8, 20, "Example", 12), sheet.dot("dot", 20.0, 26, "1")],
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_sheet_is_found(browser: Browser, fault: str) -> None:
    sheet = Sheet(296, 60)
    BROKEN[fault](sheet)  # type: ignore[no-untyped-call]
    page = open_at(browser, 320)
    svg = str(render("broken", "A broken sheet", {"narrow": sheet})["narrow"])
    page.set_content(f'<body style="margin: 12px"><figure id="chart-broken" style="margin: 0">{svg}</figure>')
    faults = [found for picture in page.evaluate(MEASURE) for found in find_faults(picture)]
    page.close()
    assert faults
    assert all(fault in found for found in faults)


def test_a_sheet_that_shrinks_is_found(browser: Browser) -> None:
    sheet = Sheet(680, 60)
    sheet.text("words", 0, 0, "Example words", 12)
    page = open_at(browser, 320)
    svg = str(render("wide", "A wide sheet on a phone", {"narrow": sheet})["narrow"])
    style = "<style>svg { width: 100%; height: auto }</style>"
    page.set_content(f'{style}<figure id="chart-wide" style="margin: 0">{svg}</figure>')
    (picture,) = page.evaluate(MEASURE)
    page.close()
    assert any("px" in fault for fault in find_faults(picture))
