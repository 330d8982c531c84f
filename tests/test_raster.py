"""Pictures from the site's own fonts: the same bytes everywhere, no letter without a shape, texts no wider than measured."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT

from builder import raster
from builder.raster import FILES, Style, draw_png, find_missing, shorten, split_by_font, text_width, wrap, wrap_evenly

if TYPE_CHECKING:
    from pathlib import Path

FAMILIES = {"sans": "sans-serif", "bold": "sans-serif", "serif": "serif", "han": "Declared Han"}
CHINESE = (
    "美国持续向乌输送武器装备,不但不反思其所作所为,反而和少数西方媒体一起,毫无根据地散布有关中国无人机出口的虚假信息。"
)


def text_svg(text: str, style: str, view: str = "0 0 400 60", size: int = 40) -> str:
    bold = ' font-weight="700"' if style == "bold" else ""
    words = text.replace("&", "&amp;").replace("<", "&lt;")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{view.split()[2]}" height="{view.split()[3]}" viewBox="{view}">'
        f'<text y="45" font-size="{size}"{bold} font-family="{FAMILIES[style]}" xml:space="preserve">{words}</text></svg>'
    )


def is_blank(text: str, style: str, view: str) -> bool:
    """True when nothing of the text is seen in the view."""
    return draw_png(text_svg(text, style, view)) == draw_png(text_svg("", style, view))


# --- the same everywhere ----------------------------------------------------------------------------


def test_the_same_bytes_in_a_process_that_finds_no_font_of_the_machine(tmp_path: Path) -> None:
    svg = text_svg("at least 37 ґ 中国", "bold").replace("sans-serif", "Liberation Sans, DejaVu Sans, sans-serif")
    code = "import sys, hashlib; from builder import raster; print(hashlib.sha256(raster.draw_png(sys.argv[1])).hexdigest())"
    empty = {
        "FONTCONFIG_PATH": str(tmp_path),
        "FONTCONFIG_FILE": str(tmp_path / "none"),
        "XDG_DATA_HOME": str(tmp_path),
    }
    run = [sys.executable, "-c", code, svg]
    made = {
        subprocess.run(run, cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout.strip()
        for env in (dict(os.environ), {**empty, "HOME": str(tmp_path), "TZ": "Pacific/Kiritimati", "LANG": "C"})
    }
    assert made == {hashlib.sha256(draw_png(svg)).hexdigest()}


def test_a_font_of_the_machine_is_never_used() -> None:
    there = text_svg("Words", "sans").replace("sans-serif", "DejaVu Sans, Noto Sans, sans-serif")
    assert draw_png(there) == draw_png(text_svg("Words", "sans"))


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\S"):
        draw_png("<p>no picture</p>")


def test_zoom_is_pixels_for_each() -> None:
    assert [int.from_bytes(draw_png(text_svg("", "sans"), zoom)[16:20], "big") for zoom in (1, 1.5)] == [400, 600]


# --- what the fonts hold ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("at least 37 – “$12 million”", ""),
        ("не менее 37, ґ є і ї Ґ Є І Ї ё № ₴ ₽", ""),
        ("至少37架无人机，“原文”——……《》、", ""),
        ("é as two e\u0301, a \u200bzero width, a\nbreak, \u00a0", ""),
        ("snow ☃ and ☃", "☃"),
        ("\u0633\u0644\u0627\u0645 37", "\u0633\u0644\u0627\u0645"),
    ],
)
def test_letters_that_no_font_holds_are_named_once(text: str, missing: str) -> None:
    assert find_missing(text) == missing


def test_the_fonts_hold_all_that_authors_wrote() -> None:
    words = "".join(path.read_text("utf-8") for path in sorted((ROOT / "content").rglob("*")) if path.is_file())
    assert find_missing(words) == ""


@pytest.mark.parametrize("name", FILES)
def test_each_letter_that_a_font_holds_has_a_shape_of_its_own(name: str) -> None:
    letters = [
        chr(code) for code in raster.read_font(name).widths if chr(code).isprintable() and not chr(code).isspace()
    ]
    box, other, empty = (draw_png(text_svg(letter, name, "-60 0 160 60")) for letter in "☃ꙮ ")
    assert box == other, "what no font holds is drawn as a box"
    some = letters[:: 1 if len(letters) < 1000 else 16]
    assert [one for one in some if draw_png(text_svg(one, name, "-60 0 160 60")) in (box, empty)] == []


def test_the_widths_are_those_of_the_drawing() -> None:
    samples: list[tuple[str, Style]] = [
        ("Mostly contradicted", "bold"),
        ("at least 37 (the importer's own entry)", "sans"),
        ("В основном опровергнуто, ґєії", "bold"),
        ("AVAVAV Ty To fi ffl", "serif"),
    ]
    for text, style in samples:
        width = text_width(text, 40, style)
        assert is_blank(text, style, f"{width + 1} 0 300 60"), text
        assert not is_blank(text, style, f"{0.9 * width} 0 300 60"), text


def test_chinese_is_set_in_its_own_font_with_its_own_marks() -> None:
    assert split_by_font("“中国”——37 drones", "bold") == [("han", "“中国”——"), ("bold", "37 drones")]
    assert split_by_font("37 “drones” — 2", "bold") == [("bold", "37 “drones” — 2")]
    assert text_width("中国", 40, "serif") == 80


# --- lines ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 100, []),
        ("one two", 1000, ["one two"]),
        ("one two", 50, ["one", "two"]),
        ("unbreakable", 5, ["unbreakable"]),
        ("worth $12 million then", 190, ["worth", "$12 million", "then"]),
        ("since 16 April", 150, ["since", "16 April"]),
        ("他说，“是”，后来", 130, ["他说，", "“是”，", "后来"]),
    ],
)
def test_wrap(text: str, width: float, lines: list[str]) -> None:
    assert wrap(text, width, 40, "sans") == lines


@pytest.mark.parametrize("text", [CHINESE, "One two three four five six seven eight nine ten eleven", "word"])
def test_even_lines_are_no_more_and_no_wider(text: str) -> None:
    lines, even = wrap(text, 500, 40, "sans"), wrap_evenly(text, 500, 40, "sans")
    assert len(lines) == len(even)
    assert "".join(lines).replace(" ", "") == "".join(even).replace(" ", "")
    assert max(text_width(line, 40, "sans") for line in even) <= 500


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        ("Short enough.", 20, "Short enough."),
        ("A first clause, and more words", 20, "A first clause…"),
        ("An early, and then many words that go on", 30, "An early, and then many words…"),
        ("unbreakableword", 6, "unbre…"),
        ("美国持续向乌输送武器，不但不反思", 12, "美国持续向乌输送武器…"),
    ],
)
def test_what_is_too_long_is_cut_where_it_reads_well(text: str, most: int, short: str) -> None:
    assert shorten(text, lambda some: len(some) <= most) == short
