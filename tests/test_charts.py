"""The charts: drawn from the real data, told in the same strings as the pages, fit to be inlined."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from typing import TYPE_CHECKING

import altair
import pytest
from conftest import ROOT

from builder import raster
from builder.charts import CHARTS, check_chart_words, draw_charts, plan_charts
from builder.content import read_content
from builder.datapackage import read_dataset
from builder.drawing import (
    COLOURS,
    NARROW,
    SMALLEST,
    WIDE,
    Helper,
    Job,
    Plate,
    Sheet,
    draw_alone,
    draw_plates,
    make_plate,
    render,
    sheets_key,
    text_width,
    wrap,
    wrap_evenly,
)
from builder.figures import compute_figures
from builder.intervals import tell_amount
from builder.numerals import format_told
from builder.timelines import Dated, Lane, Story, lay_said, lay_story
from builder.tongues import tongue_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_regressions.file_regression import FileRegressionFixture

    from builder.model import Content, Dataset, Drawing, Figure, Passage

IDS = tuple(CHARTS)


@pytest.fixture(scope="module")
def inputs() -> tuple[Dataset, Mapping[str, Figure], Content]:
    """The real data and the real words."""
    files = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for folder in ("data", "content")
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    }
    dataset, _ = read_dataset(files)
    assert dataset
    return dataset, compute_figures(dataset)[0], read_content(files)[0]


def draw(
    inputs: tuple[Dataset, Mapping[str, Figure], Content], memory: Mapping[str, bytes], **words: Mapping[str, Passage]
) -> tuple[Mapping[str, Drawing], Mapping[str, bytes]]:
    """Every chart in English; `words` replace those of a chart."""
    dataset, figures, content = inputs
    planned = plan_charts(dataset, figures, tongue_of(content, "en", "en"), {**content.chart_words["en"], **words})
    drawings, remembered = draw_charts({"en": planned}, memory)
    return drawings["en"], remembered


@pytest.fixture(scope="module")
def drawn(
    inputs: tuple[Dataset, Mapping[str, Figure], Content],
) -> tuple[Mapping[str, Drawing], Mapping[str, bytes]]:
    """Every chart, drawn once for all tests."""
    return draw(inputs, {})


@pytest.fixture(scope="module")
def drawings(drawn: tuple[Mapping[str, Drawing], Mapping[str, bytes]]) -> Mapping[str, Drawing]:
    """Every chart by its id."""
    return drawn[0]


def texts(svg: str) -> str:
    """All that a reader sees in a picture, lines joined; no-break spaces as spaces."""
    return " ".join("".join(found) for found in re.findall(r"<text[^>]*>(.*?)</text>", svg)).replace("\xa0", " ")


def test_every_chart_of_the_registry_is_drawn(drawings: Mapping[str, Drawing]) -> None:
    assert tuple(drawings) == IDS


def test_words_are_complete(inputs: tuple[Dataset, Mapping[str, Figure], Content]) -> None:
    for code, words in inputs[2].chart_words.items():
        assert check_chart_words(words) == [], code


def test_missing_words_are_told(inputs: tuple[Dataset, Mapping[str, Figure], Content]) -> None:
    entry = inputs[2].chart_words["en"]["documented"]
    without = {key: passage for key, passage in entry.items() if key != "more"}
    columns = {**entry, "table": replace(entry["table"], plain="One | Two")}
    assert [found.code for found in check_chart_words({"documented": without})] == ["C004"]
    assert [found.code for found in check_chart_words({"documented": columns})] == ["C005"]
    assert [found.code for found in check_chart_words({"dokumented": entry})] == ["C003"]


@pytest.mark.parametrize("chart_id", IDS)
def test_spec(chart_id: str, drawings: Mapping[str, Drawing], file_regression: FileRegressionFixture) -> None:
    file_regression.check(drawings[chart_id].spec, extension=".json")


@pytest.mark.parametrize("chart_id", IDS)
def test_the_spec_is_vega_lite(chart_id: str, drawings: Mapping[str, Drawing]) -> None:
    spec = json.loads(drawings[chart_id].spec)
    assert altair.LayerChart.from_dict(spec, validate=True).to_dict()["layer"]


@pytest.mark.parametrize("chart_id", IDS)
def test_every_layer_has_a_name(chart_id: str, drawings: Mapping[str, Drawing]) -> None:
    names = [layer.get("name", "") for layer in json.loads(drawings[chart_id].spec)["layer"]]
    assert all(name.startswith(f"{chart_id}-") for name in names)
    assert len(names) == len(set(names))


@pytest.mark.parametrize("chart_id", IDS)
def test_inline_svg_is_fit_for_a_page(chart_id: str, drawings: Mapping[str, Drawing]) -> None:
    svg = drawings[chart_id].svg
    pictures = re.findall(r"<svg.*?</svg>", svg, re.DOTALL)
    assert [svg.count(f'class="chart-{width}"') for width in ("wide", "narrow")] == [1, 1]
    assert len(pictures) == 2
    for picture in pictures:
        root = ElementTree.fromstring(picture)
        assert root.get("role") == "img"
        assert root.get("aria-label")
        inner = [element for element in root.iter() if element is not root]
        assert not [e for e in inner for key in e.attrib if key == "role" or key.startswith("aria")]
        assert not re.search(r"style=|<script|<style|href|\son\w+=", picture)
        sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)px"', picture)]
        assert min(sizes) >= SMALLEST
    colours = set(re.findall(r'(?:fill|stroke)="(#\w+)"', svg))
    assert not colours, f"not through a variable: {colours}"
    assert set(re.findall(r"--chart-(\w+)", svg)) <= set(COLOURS)


def test_ids_are_unique_on_a_page_with_all_charts(drawings: Mapping[str, Drawing]) -> None:
    ids = re.findall(r'\sid="([^"]+)"', "".join(drawing.svg for drawing in drawings.values()))
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("chart_id", IDS)
def test_downloads_carry_the_finding(chart_id: str, drawings: Mapping[str, Drawing]) -> None:
    drawing = drawings[chart_id]
    assert "var(" not in drawing.standalone
    assert drawing.title.split()[0] in texts(drawing.standalone)
    png = draw_plates({"chart.png": Plate(drawing.standalone, 1.5)}, {})()[0]["chart.png"]
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert png.endswith(b"IEND\xaeB`\x82")


@pytest.mark.parametrize("chart_id", IDS)
def test_the_table_says_where_each_row_is_from(chart_id: str, drawings: Mapping[str, Drawing]) -> None:
    drawing = drawings[chart_id]
    assert drawing.rows
    assert {len(row) for row in drawing.rows} == {len(drawing.header)} == {CHARTS[chart_id].columns}
    assert drawing.records


@pytest.mark.parametrize("chart_id", IDS)
def test_amounts_are_told_as_on_the_pages(
    chart_id: str, drawings: Mapping[str, Drawing], inputs: tuple[Dataset, Mapping[str, Figure], Content]
) -> None:
    dataset, figures, content = inputs
    language, drawing = content.languages["en"], drawings[chart_id]
    table = " ".join(cell for row in drawing.rows for cell in row).replace("\xa0", " ")
    told = [figures[name].told for name in drawing.figures]
    for name, row_id in drawing.records:
        row = dataset.row(name, row_id)
        assert row, f"{name}/{row_id} is not in the data"
        if name == "totals":
            told.append(tell_amount(row.values["value"], row.values["unit"]))
    for each in filter(None, told):
        words = format_told(each, language).replace("\xa0", " ")
        assert words in table
        assert words in texts(drawing.svg)


def test_no_line_joins_two_totals_and_bars_start_at_zero(drawings: Mapping[str, Drawing]) -> None:
    for drawing in drawings.values():
        for layer in json.loads(drawing.spec)["layer"]:
            kind, x = layer["mark"]["type"], layer["encoding"]["x"]
            assert kind in ("rect", "rule", "text", "point")
            if kind == "rect" and x["type"] == "quantitative" and x.get("scale"):
                assert x["scale"]["domain"][0] == 0
                assert x["scale"].get("type", "linear") == "linear"
            if kind == "rule":
                assert all(row["x"] == row["x2"] or row["y"] == row["y2"] for row in layer["data"]["values"])


def test_an_open_end_and_a_gap_can_be_seen(drawings: Mapping[str, Drawing]) -> None:
    assert "documented_open_1" in drawings["documented"].svg
    assert 'class="components-2025_fibre_optic_missing"'.replace("-", "_") in drawings["components-2025"].svg.replace(
        "-", "_"
    )
    assert any("no ratio" in cell for row in drawings["russia-ukraine"].rows for cell in row)


def test_memory_gives_the_same_and_is_used(
    inputs: tuple[Dataset, Mapping[str, Figure], Content],
    drawn: tuple[Mapping[str, Drawing], Mapping[str, bytes]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawings, memory = drawn
    monkeypatch.setitem(sys.modules, "altair", None)
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    assert draw(inputs, memory) == (drawings, memory)


def test_other_words_are_another_picture(
    inputs: tuple[Dataset, Mapping[str, Figure], Content], drawn: tuple[Mapping[str, Drawing], Mapping[str, bytes]]
) -> None:
    drawings, memory = drawn
    entry = inputs[2].chart_words["en"]["one-record"]
    changed, kept = draw(inputs, memory, **{"one-record": {**entry, "title": replace(entry["title"], plain="Other")}})
    assert changed["one-record"].title == "Other"
    assert changed["one-record"].standalone != drawings["one-record"].standalone
    assert len(set(kept) - set(memory)) == 1


def test_without_rows_there_is_no_chart(inputs: tuple[Dataset, Mapping[str, Figure], Content]) -> None:
    dataset, _, content = inputs
    empty = replace(dataset, tables={name: replace(table, rows={}) for name, table in dataset.tables.items()})
    assert plan_charts(empty, {}, tongue_of(content, "en", "en"), content.chart_words["en"]) == ()
    assert draw_charts({"en": ()}, {}) == ({"en": {}}, {})


@pytest.mark.parametrize("fails", [False, True])
def test_a_second_process_draws_the_same_even_when_it_fails(fails: bool) -> None:
    sheets = []
    for words in ("at least 37", "about $103,000", "3", "at most 8.2%"):
        sheet = Sheet(680)
        sheet.height = sheet.text("words", 0, 0, words) + 10
        sheets.append(sheet)
    jobs: list[Job | Plate] = [
        Job(f"chart-{i}", "alt", {"wide": sheet, "narrow": sheet}) for i, sheet in enumerate(sheets)
    ]
    plates = [Plate(str(made["standalone"])) for made in draw_alone(jobs)()]
    with Helper() as helper:
        if fails:
            helper.process.kill()
            helper.process.wait()
        begun = helper.draw(plates)
        assert helper.draw(jobs)() == draw_alone(jobs)()
        assert begun() == draw_alone(plates)()


def test_the_same_bytes_in_another_process_and_time_zone(drawings: Mapping[str, Drawing]) -> None:
    code = (
        "from builder.drawing import *\n"
        "sheet = Sheet(680); sheet.text('words', 0, 0, 'at least 37 \u2192')\n"
        "sheet.dot('dot', '2023-04-19', 30.0, '1', Axis('time', '2022-01-01', '2026-01-01', 0, 600)); sheet.height = 60\n"
        "import hashlib; made = render('x', 'alt', {'wide': sheet})\n"
        "print(hashlib.sha256(repr(sorted(made.items())).encode()).hexdigest())"
    )
    zones = ("UTC", "Pacific/Kiritimati", "America/New_York")
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env={"TZ": zone}, capture_output=True, text=True, check=True
        ).stdout
        for zone in zones
    ]
    assert len(set(runs)) == 1


def test_another_picture_than_was_asked_for_is_a_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    vl_convert = pytest.importorskip("vl_convert")
    sheet = Sheet(100, 40)
    sheet.text("words", 0, 0, "text")
    real = vl_convert.vegalite_to_svg
    others = (
        lambda *_, **__: "<svg>another</svg>",
        lambda *given, **named: real(*given, **named).replace(">0</text>", ">1</text>"),
        lambda *given, **named: real(*given, **named).replace(">0</text>", "></text>"),
    )
    for other in others:
        monkeypatch.setattr(vl_convert, "vegalite_to_svg", other)
        with pytest.raises(RuntimeError, match="something else"):
            render("asked", "alt", {"wide": sheet})


def test_words_are_put_into_a_picture_as_they_are() -> None:
    sheet = Sheet(100, 40)
    for words in ("7", "0", "<b> & 1", "十 \\1"):
        sheet.height = sheet.text("words", 0, sheet.height, words)
    found = ElementTree.fromstring(str(render("words", "alt", {"wide": sheet})["wide"])).iter()
    assert [element.text for element in found if element.tag.endswith("text")] == ["7", "0", "<b> & 1", "十 \\1"]


def test_bold_han_is_thickened_in_a_png_and_nothing_else() -> None:
    sheet = Sheet(300, 60)
    sheet.head = 0
    sheet.text("bold", 0, 0, "至少37架 & 1", 14, True)
    sheet.text("plain", 0, 20, "至少37架", 14)
    sheet.text("latin", 0, 40, "at least 37", 14, True)
    alone = str(render("han", "alt", {"wide": sheet})["standalone"])
    plate = make_plate(alone)
    assert re.findall(r"<tspan([^>]*)>([^<]*)</tspan>", plate.svg) == [
        (' stroke="#1b2026" stroke-width="0.49"', "至少"),
        ("", "37"),
        (' stroke="#1b2026" stroke-width="0.49"', "架"),
        ("", " &amp; 1"),
    ]
    assert "tspan" not in alone
    assert raster.draw_png(plate.svg) != raster.draw_png(alone)


def test_key_depends_on_every_mark() -> None:
    one, other = Sheet(100, 40), Sheet(100, 40)
    one.text("words", 0, 0, "at least 37")
    other.text("words", 0, 0, "37")
    assert sheets_key("x", "alt", {"wide": one}) != sheets_key("x", "alt", {"wide": other})


def test_marks_of_one_day_do_not_cover_each_other() -> None:
    sheet = Sheet(680)
    said = [Dated("2023-04-19", "2023-04-19", "19 April 2023", str(n), "2") for n in range(4)]
    lay_said(sheet, [Lane("Example side", tuple(said))], "Said", "2022-01-01", "2026-01-01", 90)
    heights = [row["y"] for row in sheet.layers["said-2-circle"].rows]
    assert len(set(heights)) == 4


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 100, []),
        ("one two", 1000, ["one two"]),
        ("one two", 30, ["one", "two"]),
        ("unbreakable", 5, ["unbreakable"]),
    ],
)
def test_wrap(text: str, width: float, lines: list[str]) -> None:
    assert wrap(text, width, 12) == lines


def test_no_text_runs_out_of_its_picture(drawings: Mapping[str, Drawing]) -> None:
    for chart_id, drawing in drawings.items():
        for picture in re.findall(r"<svg.*?</svg>", drawing.svg, re.DOTALL):
            width = float(re.search(r'viewBox="0 [\d.]+ ([\d.]+)', picture)[1])  # type: ignore[index]
            for anchor, x, size, weight, words in re.findall(
                r'<text text-anchor="(\w+)" transform="translate\(([\d.-]+),[^"]*" font-size="([\d.]+)px" font-weight="(\d+)"[^>]*>([^<]*)<',
                picture,
            ):
                wide = text_width(words, float(size), weight == "700") * 0.95
                right = float(x) + {"start": wide, "middle": wide / 2, "end": 0}[anchor]
                assert right <= width + 3, f"{chart_id}: {words}"


def a_day(day: str, words: str, **rest: str) -> Dated:
    return Dated(day, rest.pop("last", day), day, words, rest.pop("colour", "1"), **rest)  # type: ignore[arg-type]


def test_a_narrow_timeline_is_a_calendar_in_which_nothing_covers_anything() -> None:
    said = tuple(a_day(f"2022-02-{n:02}", f"Example {n}", colour="2") for n in range(1, 9))
    period = a_day("2022-01-10", "Example goods", last="2022-03-31", label="Example goods, all winter")
    focus = a_day("2022-02-09", "Example denial", colour="2", shape="x", label="A denial in the same winter")
    before = a_day("2021-05-01", "Something earlier")
    months = {f"{month:02}": f"M{month}" for month in range(1, 13)}
    happened = (Lane("Goods", (period,)), Lane("Events", (before, a_day("2022-02-03", "An event", label="An event"))))
    story = Story(
        "Said", (Lane("Side", (*said, focus)),), happened, "2022-01-01", "2024-01-01", period, focus, months=months
    )
    sheet = Sheet(NARROW)
    lay_story(sheet, story)
    dots = [(row["x"], row["y"]) for layer in sheet.layers.values() if layer.mark == "dot" for row in layer.rows]
    assert len(dots) == len(set(dots)) == 11
    (band,) = sheet.layers["period"].rows
    at = {row["text"]: row["y"] for row in sheet.layers["month"].rows}
    denial = sheet.layers["callout-focus"].rows[0]
    assert at["M1"] < at["M2"]
    assert "M3" not in at, "a month in which nothing begins has no name"
    assert band["y"] < denial["y"] < band["y2"]
    assert next(iter(sheet.layers)) == "period"
    assert any(name.endswith("earlier") for name in sheet.layers)


def test_on_a_wide_timeline_the_denial_leads_down_to_the_period() -> None:
    period = a_day("2022-12-01", "Example goods", last="2023-04-30", label="Example goods")
    focus = a_day("2023-04-19", "Example denial", colour="2", shape="x", label="A denial")
    story = Story(
        "Said", (Lane("Side", (focus,)),), (Lane("Goods", (period,)),), "2022-01-01", "2024-01-01", period, focus
    )
    sheet = Sheet(WIDE)
    lay_story(sheet, story)
    (line,), (band,) = sheet.layers["focus"].rows, sheet.layers["period"].rows
    (bar,) = sheet.layers["mark-1-circle-span"].rows
    assert line["x"] == line["x2"] == "2023-04-19"
    assert (band["x"], band["x2"]) == ("2022-12-01", "2023-04-30")
    assert line["y2"] == band["y2"] == bar["y2"]


def test_no_line_of_a_callout_runs_through_the_words_of_another() -> None:
    days = ("2022-03-20", "2023-04-19", "2023-07-01", "2023-10-16", "2024-11-18", "2025-10-20")
    said = tuple(a_day(day, day, label=f"{day}: what somebody said at some length of it") for day in days)
    sheet = Sheet(WIDE)
    axis, _ = lay_said(sheet, [Lane("Side", said)], "Said", "2022-01-01", "2026-01-01", 100)
    words = [
        (row["x"], row["x"] + text_width(row["text"], 12) / 1.08, row["y"]) for row in sheet.layers["callout"].rows
    ]
    for line in sheet.layers["callout-line"].rows:
        at = axis.place(line["x"])
        crossed = [left for left, right, y in words if left < at < right and line["y"] < y < line["y2"]]
        assert not crossed, line


@pytest.mark.parametrize("chart_id", IDS)
def test_markers_of_two_colours_have_two_shapes(chart_id: str, drawings: Mapping[str, Drawing]) -> None:
    """Nothing is told by colour alone. Arrows are the ends of bars, and the tree's words stand beside its knots."""
    colours: dict[tuple[str, int], set[str]] = {}
    for layer in json.loads(drawings[chart_id].spec)["layer"]:
        mark = layer["mark"]
        if mark["type"] == "point" and mark["shape"] != "triangle-right" and chart_id != "one-record":
            colour = mark["stroke"] if mark["fill"] == COLOURS["bg"] else mark["fill"]
            colours.setdefault((mark["shape"], mark.get("angle", 0)), set()).add(colour)
    shared = {shape: found for shape, found in colours.items() if len(found) > 1}
    allowed = {"circle": {COLOURS["3"], COLOURS["2"]}}  # a hollow circle in the key of stairs stands for every shape
    assert not {shape: found for (shape, _), found in shared.items() if found != allowed.get(shape)}


def test_wrap_keeps_a_number_with_what_it_counts_and_a_date_whole() -> None:
    assert wrap("known are 37 drones", 90, 12) == ["known are", "37 drones"]
    assert wrap("截至2024年9月1日生效", 60, 12)[1] == "2024年9月1日"


def test_lines_are_about_as_long_as_each_other() -> None:
    text = "one two three four five six"
    assert wrap(text, 130, 12) != wrap_evenly(text, 130, 12)
    even = [text_width(line, 12) for line in wrap_evenly(text, 130, 12)]
    assert len(even) == len(wrap(text, 130, 12))
    assert max(even) - min(even) < 40


# --- colours ----------------------------------------------------------------------------------

SEEN_BY = {
    "most": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
}
"""Machado, Oliveira and Fernandes 2009, severity 1, on linear light."""
_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
_WHITE = (0.9505, 1.0, 1.089)

Triple = tuple[float, float, float]


def times(matrix: tuple[Triple, ...], vector: Triple) -> Triple:
    first, second, third = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return first, second, third


def light_of(colour: str, eyes: str = "most") -> Triple:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    first, second, third = (min(max(part, 0.0), 1.0) for part in times(SEEN_BY[eyes], (red, green, blue)))
    return first, second, third


def difference(one: str, other: str, eyes: str) -> float:
    """Of two colours, in CIE 1976: what is below 10 is hard to tell apart in small marks."""

    def lab(colour: str) -> Triple:
        scaled = (value / white for value, white in zip(times(_XYZ, light_of(colour, eyes)), _WHITE, strict=True))
        x, y, z = (value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116 for value in scaled)
        return 116 * y - 16, 500 * (x - y), 200 * (y - z)

    return sum((a - b) ** 2 for a, b in zip(lab(one), lab(other), strict=True)) ** 0.5


def contrast(one: str, other: str) -> float:
    low, high = sorted(times(_XYZ, light_of(colour))[1] for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def palettes() -> dict[str, dict[str, str]]:
    """The charts' own colours, and those of the theme by day and by night."""
    style = (ROOT / "site" / "styles" / "base.css").read_text(encoding="utf-8")
    day, _, night = style.partition("prefers-color-scheme: dark")
    read = {
        name: dict(re.findall(r"--chart-(\w+): (#\w{6});", text)) for name, text in (("day", day), ("night", night))
    }
    return {"own": COLOURS, **read}


@pytest.mark.parametrize("eyes", SEEN_BY)
def test_colours_can_be_told_apart_by_every_eye(eyes: str) -> None:
    for name, colours in palettes().items():
        for one, other in (("1", "2"), ("1", "3"), ("2", "3")):
            assert difference(colours[one], colours[other], eyes) > 20, f"{name}: {one} and {other}"


def test_red_and_green_of_one_lightness_cannot_be_told_apart_by_every_eye() -> None:
    assert difference("#a86f00", "#7f8a00", "most") > 20
    assert difference("#a86f00", "#7f8a00", "deuteranopia") < 20


def test_marks_and_words_stand_out_from_their_ground() -> None:
    for name, colours in palettes().items():
        for mark in "123":
            assert contrast(colours[mark], colours["bg"]) >= 4.5, f"{name}: {mark}"
        for words in ("ink", "muted"):
            assert contrast(colours[words], colours["bg"]) >= 4.5, f"{name}: {words}"
