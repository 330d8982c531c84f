"""What the comparison of pictures finds and what it forgives, tried on drawings whose difference is known.

Each is drawn at four pixels for one, and reduced: by the mean of each square, as a reference, or softer. References of
wide pages are at half their size, so each is tried at both.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

import likeness
import numpy as np
import pytest
from likeness import Change, Region, compare, pack, read_picture, write_picture, write_report
from PIL import Image

from builder.raster import draw_png

if TYPE_CHECKING:
    from pathlib import Path

    from likeness import Picture

FINE = 4
"""Pixels that are drawn for each of a page."""
SOFTER = {"hamming": Image.Resampling.HAMMING, "bilinear": Image.Resampling.BILINEAR}


def drawing(
    box: tuple[int, int] = (40, 150),
    outline: tuple[int, int] = (160, 150),
    words: tuple[int, int] = (40, 60),
    number: str = "37",
    fill: str = "#1a5fb4",
    ink: str = "#222222",
    paper: str = "#ffffff",
) -> str:
    """A page with two lines of words, a number in them, a filled box and an outlined one."""
    x, y = words
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="360" height="240" viewBox="0 0 360 240">'
        f'<rect width="360" height="240" fill="{paper}"/><g font-family="sans-serif" font-size="16" fill="{ink}">'
        f'<text x="{x}" y="{y}">At least {number} drones were declared</text>'
        f'<text x="{x}" y="{y + 24}">Не менее, 中国, as the records show</text></g>'
        f'<rect x="{box[0]}" y="{box[1]}" width="80" height="40" fill="{fill}"/>'
        f'<rect x="{outline[0] + 0.5}" y="{outline[1] + 0.5}" width="79" height="39" fill="none" stroke="#888"/>'
        f'<path d="M260 150l60 40" stroke="#c01c28" stroke-width="2"/></svg>'
    )


@cache
def fine(svg: str) -> Image.Image:
    """The drawing with all its pixels."""
    return Image.open(BytesIO(draw_png(svg, FINE))).convert("RGB")


@cache
def picture(svg: str, reduced: int, how: Image.Resampling = Image.Resampling.BOX) -> Picture:
    """The drawing at full size, reduced so from what is drawn finely; or at half of it, as `read_picture` makes it."""
    drawn = fine(svg)
    return np.array(drawn.resize((drawn.width // FINE, drawn.height // FINE), how).reduce(reduced))


sizes = pytest.mark.parametrize("reduced", [1, 2], ids=["full", "half"])


@sizes
def test_the_same_drawing_is_the_same(reduced: int) -> None:
    assert compare(picture(drawing(), reduced), picture(drawing(), reduced)) == ()


@sizes
@pytest.mark.parametrize("how", SOFTER.values(), ids=SOFTER)
@pytest.mark.parametrize("drawn", [drawing(), drawing(ink="#eeeeee", paper="#181818")], ids=["light", "dark"])
def test_another_anti_aliasing_is_forgiven(reduced: int, how: Image.Resampling, drawn: str) -> None:
    was, now = picture(drawn, reduced), picture(drawn, reduced, how)
    assert not np.array_equal(was, now)
    assert compare(was, now) == ()
    assert compare(read_picture(pack(was)), now) == ()


CHANGED = {
    "a filled box, moved right": drawing(box=(41, 150)),
    "a filled box, moved down": drawing(box=(40, 151)),
    "an outlined box, moved left": drawing(outline=(159, 150)),
    "an outlined box, moved up": drawing(outline=(160, 149)),
    "words, moved right": drawing(words=(41, 60)),
    "words, moved down": drawing(words=(40, 61)),
    "a digit": drawing(number="36"),
    "a digit like it": drawing(number="87"),
    "digits that change places": drawing(number="73"),
    "a full stop": drawing(number="3.7"),
    "a surface, a little lighter": drawing(fill="#1f64b9"),
    "a surface of another hue": drawing(fill="#1a5fc4"),
    "the colour of words": drawing(ink="#004400"),
    "the colour of words, a little": drawing(ink="#3a3a3a"),
    "the paper": drawing(paper="#fbfbfb"),
    "a line that is gone": drawing().replace('stroke="#888"', ""),
}


@sizes
@pytest.mark.parametrize("changed", CHANGED.values(), ids=CHANGED)
def test_a_change_is_found(reduced: int, changed: str) -> None:
    was, now = picture(drawing(), reduced), picture(changed, reduced)
    assert compare(was, now)
    assert compare(read_picture(pack(was)), now)


@sizes
@pytest.mark.parametrize("changed", [name for name in CHANGED if "moved" in name or "digit" in name])
def test_a_change_is_found_under_another_anti_aliasing(reduced: int, changed: str) -> None:
    assert compare(picture(drawing(), reduced), picture(CHANGED[changed], reduced, SOFTER["bilinear"]))


@pytest.mark.parametrize("measure", ["SLIGHT", "TINT"])
def test_each_measure_finds_what_the_other_does_not(measure: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(likeness, measure, 1000)
    was = picture(drawing(), 1)
    lost = {name for name, changed in CHANGED.items() if not compare(was, picture(changed, 1))}
    assert lost


def test_a_change_is_found_where_it_is() -> None:
    left, right = compare(picture(drawing(), 1), picture(drawing(box=(41, 150)), 1))
    assert (left, right) == (Region(40, 150, 41, 190), Region(120, 150, 121, 190))
    assert right.told(2) == "240,300–242,380"


def test_changes_far_apart_are_regions_of_their_own() -> None:
    regions = compare(picture(drawing(), 1), picture(drawing(number="36", fill="#c01c28"), 1))
    assert len(regions) == 2
    assert regions[0].lower < 80
    assert regions[1] == Region(40, 150, 120, 190)


def test_a_picture_that_grew_differs_where_it_did() -> None:
    was = picture(drawing(), 1)
    now = np.pad(was, ((0, 20), (0, 0), (0, 0)), constant_values=255)
    assert compare(was, now) == (Region(0, 240, 360, 260),)
    assert "it is 360×260 px, not 360×240" in Change("x", was, now, compare(was, now)).told()


# --- few colours ------------------------------------------------------------------------------------


def test_a_packed_picture_has_every_surface_as_it_was_and_is_smaller() -> None:
    was = picture(drawing(fill="#fdfdfd", paper="#fcfcfc"), 1)
    packed = pack(was)
    again = read_picture(packed)
    assert Image.open(BytesIO(packed)).mode == "P"
    assert len(packed) < len(write_picture(was)) / 2
    assert np.abs(was.astype(int) - again).max() <= likeness.PALETTE
    assert (again[200, 20].tolist(), again[170, 80].tolist()) == ([252] * 3, [253] * 3)


def test_a_picture_of_too_many_colours_is_kept_whole() -> None:
    ramp = np.arange(240 * 240) % 65536
    many = np.stack([ramp // 256, ramp % 256, ramp * 7 % 256], axis=1).reshape(240, 240, 3).astype(np.uint8)
    assert Image.open(BytesIO(pack(many))).mode == "RGB"
    assert compare(many, read_picture(pack(many))) == ()


def test_what_is_transparent_lies_on_white() -> None:
    clear = Image.new("RGBA", (4, 4), (0, 0, 0, 0))
    written = BytesIO()
    clear.save(written, "PNG")
    assert read_picture(written.getvalue(), 2).tolist() == [[[255] * 3] * 2] * 2


# --- telling ----------------------------------------------------------------------------------------


def test_the_report_shows_a_change_and_says_where_it_is(tmp_path: Path) -> None:
    was, now = picture(drawing(), 2), picture(drawing(number="36"), 2)
    change = Change("en/index.html at 360 px, light", was, now, compare(was, now), 2)
    page = write_report(tmp_path, [change, replace(change, name="a <b> page")])
    text = page.read_text(encoding="utf-8")
    assert "en/index.html at 360 px, light: 1 region differs: " in text
    assert "a &lt;b&gt; page" in text
    region = change.regions[0]
    assert region.told(2) in text
    marked = read_picture((tmp_path / "0-2.png").read_bytes())
    red = np.argwhere((marked == (220, 0, 0)).all(axis=2))
    assert red.min(axis=0).tolist() == [region.top, region.left]
    assert (red.max(axis=0) + 1).tolist() == [region.lower, region.right]
    assert [read_picture((tmp_path / name).read_bytes()).shape for name in ("1-0.png", "1-1.png")] == [was.shape] * 2
