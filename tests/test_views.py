"""The interactive view of a dated chart: what it is made of, and how it behaves in a browser under the page's policy."""

from __future__ import annotations

import json
import posixpath
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from selectolax.lexbor import LexborHTMLParser

from builder.desk import Moment
from builder.views import compose_view, list_months

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from playwright.sync_api import Browser, Page


def moment(day: str, **rest: Any) -> Moment:
    given = {"lane": "Example side", "record": ("statements", f"example-{day}"), "last": day, "head": day}
    return Moment(**{**given, "day": day, "words": "Example", "colour": "2", "shape": "x", "sure": True, **rest})


def composed(*moments: Moment) -> dict[str, Any]:
    made = compose_view(moments, {"2022-01": "January 2022"}, "2022-01-01", "2026-01-01")
    view: dict[str, Any] = json.loads(made)
    return view


def values(view: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    (found,) = (data["values"] for data in view["spec"]["data"] if data["name"] == name)
    return list(found)


# --- what it is made of -----------------------------------------------------------------------


def test_entries_stand_in_the_order_of_time_and_lead_to_their_records() -> None:
    view = composed(moment("2023-04-19"), moment("2022-03-14", record=("sources", "example")))
    assert [entry["when"] for entry in view["entries"]] == ["2022-03-14", "2023-04-19"]
    assert [mark["n"] for mark in values(view, "marks")] == [0, 1]
    assert [entry["address"] for entry in view["entries"]] == [
        "../../sources/example/index.html",
        "../../records/example-2023-04-19/index.html",
    ]


def test_marks_of_one_day_stand_over_each_other_and_lanes_under_each_other() -> None:
    view = composed(*(moment("2023-04-19", words=str(n)) for n in range(3)), moment("2023-04-19", lane="Another"))
    places = [(mark["lane"], mark["y"]) for mark in values(view, "marks")]
    assert len(set(places)) == 4
    assert max(y for lane, y in places if lane == "Example side") < min(y for lane, y in places if lane == "Another")


def test_a_period_is_a_bar_to_the_end_of_its_last_day() -> None:
    view = composed(moment("2022-12-01", last="2023-04-30"))
    (span,) = values(view, "spans")
    assert (span["end"] - span["day"]) / 86_400_000 == 151
    assert not values(view, "marks")


def test_what_is_earlier_stands_at_the_edge_and_what_is_not_sure_is_hollow() -> None:
    earlier, unsure = values(composed(moment("2020-12-18"), moment("2023-01-01", sure=False)), "marks")
    assert (earlier["shape"], earlier["day"]) == ("triangle-left", 1_640_995_200_000)
    assert (unsure["shape"], unsure["turned"], unsure["fill"]) == ("cross", 45, "#ffffff")


def test_months_between_two_days() -> None:
    assert list_months("2022-11-05", "2023-02-01") == ["2022-11", "2022-12", "2023-01", "2023-02"]


def views_of(site: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    return {
        path: json.loads(raw.decode().removeprefix("self.chartView = ").removesuffix(";\n"))
        for path, raw in site.items()
        if path.endswith("/chart.vega.js")
    }


def test_every_entry_stands_in_the_table_of_its_chart_and_leads_to_a_page(site: Mapping[str, bytes]) -> None:
    views = views_of(site)
    assert {path.split("/")[2] for path in views} == {"timeline", "controls", "dji-dates", "weapons-statements"}
    for path, view in views.items():
        folder = posixpath.dirname(path)
        page = LexborHTMLParser(site[f"{folder}/index.html"].decode())
        cells = {" ".join(cell.text().split()) for cell in page.css("figure td, figure th")}
        for entry in view["entries"]:
            assert posixpath.normpath(f"{folder}/{entry['address']}") in site, entry
            assert " ".join(entry["words"].split()) in cells, f"{path}: {entry['words']}"
        assert len(view["entries"]) == len(page.css("figure tbody tr"))


# --- in a browser -----------------------------------------------------------------------------

WATCH = """document.addEventListener('securitypolicyviolation',
    event => console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample))"""


def visit(browser: Browser, address: str, **how: Any) -> tuple[Page, list[str], list[str]]:
    """The page, with what it asks for and what goes wrong in it from then on."""
    page = browser.new_page(**{"viewport": {"width": 1000, "height": 900}, **how})
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.extend([message.text] if message.type in ("error", "warning") else []))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.add_init_script(WATCH)
    page.goto(address)
    return page, asked, wrong


def marks(page: Page) -> int:
    return (
        page.locator("#view_plot .mark-symbol path[d]").count()
        + page.locator("#view_plot .mark-rect.span path[d]").count()
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_view_opens_by_keyboard_under_the_policy(
    browser: Browser, site: Mapping[str, bytes], address: str, scheme: str
) -> None:
    views = views_of(site)
    for path in sorted(views):
        home = f"{address}{posixpath.dirname(path)}/index.html"
        page, asked, wrong = visit(browser, home, color_scheme=scheme, reduced_motion="reduce")
        assert not [url for url in asked if "vega" in url]
        page.locator("#view_open").focus()
        page.keyboard.press("Enter")
        page.locator("#view_plot svg").wait_for()
        expect(page.locator("#view_next")).to_be_focused()
        assert marks(page) == len(views[path]["entries"])
        page.keyboard.press("Enter")
        first = views[path]["entries"][0]
        told = page.locator("#view_chosen")
        assert " ".join(first["words"].split()) in " ".join(told.inner_text().split())
        assert told.locator("a").get_attribute("href") == first["address"]
        page.locator("#view_closer").press("Enter")
        ink = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--chart-ink').trim()")
        assert page.locator(f"#view_plot text[fill='{ink}']").count() == len(views[path]["lanes"])
        assert all(url.startswith(address) for url in asked), asked
        assert not wrong
        page.close()


def test_the_view_opens_from_disk(browser: Browser, site_folder: Path) -> None:
    page, asked, wrong = visit(browser, (site_folder / "en/charts/timeline/index.html").as_uri())
    page.locator("#view_open").click()
    page.locator("#view_plot svg").wait_for()
    assert marks(page) > 100
    assert all(url.startswith("file:") for url in asked)
    assert not wrong
    page.close()


def test_a_stretch_is_shown_and_one_lane_singled_out(browser: Browser, address: str) -> None:
    page, _, wrong = visit(browser, f"{address}en/charts/timeline/index.html")
    page.locator("#view_open").click()
    page.locator("#view_plot svg").wait_for()
    axis = page.locator("#view_plot .role-axis-label text")
    assert axis.first.inner_html() == "2022"
    for _ in range(3):
        page.locator("#view_closer").click()
    expect(axis.first).to_have_text(re.compile("[a-z]"))
    shown = axis.all_text_contents()
    page.locator("#view_earlier").click()
    expect(axis).not_to_have_text(shown)
    page.locator("#view_whole").click()
    expect(axis.filter(has_text=re.compile("^2022$"))).to_have_count(1)
    page.locator("#view_only").select_option("Press")
    expect(page.locator("#view_plot .mark-symbol path[opacity='1']")).to_have_count(2)
    page.locator("#view_next").click()
    assert "·" in page.locator("#view_chosen strong").inner_text()
    assert not wrong
    page.close()


def test_the_picture_is_dragged_in_time(browser: Browser, address: str) -> None:
    page, _, wrong = visit(browser, f"{address}en/charts/timeline/index.html", reduced_motion="reduce")
    page.locator("#view_open").click()
    page.locator("#view_plot svg").wait_for()
    page.locator("#view_closer").click()
    page.evaluate("document.getElementById('view_plot').scrollIntoView()")
    labels = page.locator("#view_plot .role-axis-label text")
    place = labels.last.bounding_box()
    box = page.locator("#view_plot svg").bounding_box()
    assert place
    assert box
    page.mouse.move(box["x"] + 400, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 350, box["y"] + 60, steps=4)
    page.mouse.up()
    page.wait_for_timeout(100)
    moved = labels.last.bounding_box()
    assert moved
    assert moved != place
    assert not wrong
    page.close()


def test_it_fits_a_phone(browser: Browser, address: str) -> None:
    page, _, wrong = visit(browser, f"{address}ru/charts/dji-dates/index.html", viewport={"width": 320, "height": 640})
    page.locator("#view_open").click()
    page.locator("#view_plot svg").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert not wrong
    page.close()


def test_a_library_that_does_not_come_is_told(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.route("**/vega.js", lambda route: route.abort())
    page.goto(f"{address}en/charts/timeline/index.html")
    page.locator("#view_open").click()
    page.locator("#view_failed").wait_for(state="visible")
    assert not page.locator("#view_body").is_visible()
    page.close()


def test_the_policy_holds_vega_to_its_interpreter(browser: Browser, address: str, site: Mapping[str, bytes]) -> None:
    """Without it, the same view asks for what the policy forbids: so the test above can fail."""
    script = site["assets/chart.js"].decode().replace("{ ast: true }", "{}")
    page = browser.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text))
    page.add_init_script(WATCH)
    page.route("**/assets/chart.js", lambda route: route.fulfill(body=script, content_type="text/javascript"))
    page.goto(f"{address}en/charts/timeline/index.html")
    page.locator("#view_open").click()
    page.locator("#view_failed").wait_for(state="attached")
    page.wait_for_timeout(1000)
    page.close()
    assert any("eval" in found for found in wrong)


def test_without_a_script_there_is_no_view(browser: Browser, address: str) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{address}en/charts/timeline/index.html")
    assert not page.locator("#view").is_visible()
    page.close()
