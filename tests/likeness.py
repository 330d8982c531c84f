"""How alike two pictures are: blind to another anti-aliasing, not to layout, digits or colours.

Two measures, and each finds what the other cannot. Pixel by pixel, a difference is forgiven where it is a small part of
the contrast that both pictures have around it: an edge drawn softer or harder passes, an edge that stands elsewhere does
not. Over squares, the mean colour must be the same: softer edges leave it as it is, another colour of a text or of a
surface does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]
    """Rows of pixels of red, green and blue."""
    Mask = NDArray[np.bool_]

PALETTE = 8
"""By how much a stored colour may differ from the drawn one, of 255, where it is no surface's."""
MOST = 256
"""Colours of a palette."""
SLIGHT = PALETTE + 4
"""A difference of a pixel, of 255, that nobody sees."""
SOFTNESS = 0.36
"""The part of the contrast around a pixel by which it may differ besides; an edge that moves by half a pixel changes 0.5."""
SQUARE = 24
"""Pixels of the side of a square whose mean colour is compared: about a line of text."""
TINT = 2
"""A difference of a mean colour, of 255, that may come from softer edges at the rim of the square."""
NOTHING = (255, 0, 255)
"""The colour of what one of two pictures of different sizes does not have."""
TOLD = 6
"""Regions that are told in words; the rest are counted."""


# --- pictures and bytes -----------------------------------------------------------------------------


def read_picture(png: bytes, reduced: float = 1) -> Picture:
    """The pixels of a PNG, on white where it is transparent, each the mean of a square of `reduced` pixels a side."""
    image = Image.open(BytesIO(png)).convert("RGBA")
    image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    size = (round(image.width / reduced), round(image.height / reduced))
    return np.array(image if reduced == 1 else image.resize(size, Image.Resampling.BOX))


def write_picture(picture: Picture) -> bytes:
    """A PNG with every pixel as it is."""
    return _png(Image.fromarray(picture))


def pack(picture: Picture) -> bytes:
    """A PNG with few colours, which `compare` holds to be the same picture."""
    for error in (PALETTE, PALETTE // 2, PALETTE // 4):
        image = _with_palette(picture, error)
        if image and not compare(picture, read_picture(packed := _png(image))):
            return packed
    return write_picture(picture)


def _png(image: Image.Image, **options: Any) -> bytes:
    written = BytesIO()
    image.save(written, "PNG", optimize=True, **options)
    return written.getvalue()


def _with_palette(picture: Picture, error: int) -> Image.Image | None:
    """The picture in few colours; None where those do not fit into a palette.

    The colour of every surface is kept, then the most frequent ones. Any other becomes the nearest of those kept, unless
    that is off by more than `error` in red, green or blue.
    """
    codes = picture.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
    surfaces = set(codes[_contrast(picture).max(axis=2) == 0].tolist())
    found, where, counts = np.unique(codes, return_inverse=True, return_counts=True)
    colours = np.stack([found >> 16, found >> 8 & 255, found & 255], axis=1).astype(np.int16)
    kept: list[int] = []
    for at in sorted(range(len(found)), key=lambda at: (found[at] not in surfaces, -counts[at], found[at])):
        if found[at] in surfaces or not kept or np.abs(colours[kept] - colours[at]).max(axis=1).min() > error:
            kept.append(at)
            if len(kept) > MOST:
                return None
    nearest = np.abs(colours[:, None] - colours[kept][None]).max(axis=2).argmin(axis=1)
    indices = nearest[where].reshape(codes.shape)
    image = Image.fromarray(indices.astype(np.uint8))
    image.putpalette(colours[kept].astype(np.uint8).tobytes())
    return image


# --- comparing --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Region:
    """A part of a picture that changed: pixels from its left and top edge, the right and lower end not in it."""

    left: int
    top: int
    right: int
    lower: int

    def told(self, scale: int = 1) -> str:
        """`40,120-320,180`, in pixels of the page where the picture shows it reduced by `scale`."""
        left, top, right, lower = (scale * at for at in (self.left, self.top, self.right, self.lower))
        return f"{left},{top}–{right},{lower}"


def find_changes(was: Picture, now: Picture) -> Mask:
    """The pixels that changed. The pictures have one size."""
    if np.array_equal(was, now):
        return np.zeros(was.shape[:2], bool)
    difference = now.astype(np.int16) - was
    allowed = SLIGHT + SOFTNESS * np.minimum(_contrast(was), _contrast(now))
    elsewhere = (np.abs(difference) > allowed).any(axis=2)
    tinted = (np.abs(_mean_of_squares(difference)) > TINT).any(axis=2)
    height, width = elsewhere.shape
    otherwise = tinted.repeat(SQUARE, axis=0)[:height].repeat(SQUARE, axis=1)[:, :width] & difference.any(axis=2)
    return np.asarray(elsewhere | otherwise)


def compare(was: Picture, now: Picture) -> tuple[Region, ...]:
    """The regions that changed, from the top; where one picture is larger, what the other has not is one of them."""
    return find_regions(find_changes(*_on_one_size(was, now)))


def _contrast(picture: Picture) -> NDArray[np.int16]:
    """Of each pixel and colour, how far the nine pixels around it lie apart."""
    height, width = picture.shape[:2]
    padded = np.pad(picture.astype(np.int16), ((1, 1), (1, 1), (0, 0)), mode="edge")
    rows = [padded[at : at + height] for at in range(3)]
    low, high = np.minimum.reduce(rows), np.maximum.reduce(rows)
    lows, highs = ([part[:, at : at + width] for at in range(3)] for part in (low, high))
    return np.asarray(np.maximum.reduce(highs) - np.minimum.reduce(lows))


def _mean_of_squares(difference: NDArray[np.int16]) -> NDArray[np.float64]:
    """The mean of each square; one that the picture's end cuts counts as a whole one, the rest of it unchanged."""
    height, width, colours = difference.shape
    padded = np.pad(difference, ((0, -height % SQUARE), (0, -width % SQUARE), (0, 0)))
    down, across = padded.shape[0] // SQUARE, padded.shape[1] // SQUARE
    return np.asarray(padded.reshape(down, SQUARE, across, SQUARE, colours).mean(axis=(1, 3)))


def _on_one_size(*pictures: Picture) -> list[Picture]:
    height, width = (max(picture.shape[axis] for picture in pictures) for axis in (0, 1))
    same = []
    for picture in pictures:
        whole = np.full((height, width, 3), NOTHING, np.uint8)
        whole[: picture.shape[0], : picture.shape[1]] = picture
        same.append(whole)
    return same


def find_regions(changes: Mask) -> tuple[Region, ...]:
    """The changed pixels, gathered: those belong together whose squares touch."""
    ys, xs = np.nonzero(changes)
    squares: dict[tuple[int, int], list[int]] = {}
    for at, square in enumerate(zip((ys // SQUARE).tolist(), (xs // SQUARE).tolist(), strict=True)):
        squares.setdefault(square, []).append(at)
    regions = []
    while squares:
        waiting, gathered = [next(iter(squares))], []
        while waiting:
            down, across = waiting.pop()
            gathered += squares.pop((down, across), [])
            around = ((down + y, across + x) for y in (-1, 0, 1) for x in (-1, 0, 1))
            waiting += [square for square in around if square in squares]
        regions.append(
            Region(
                *(int(ends[gathered].min()) for ends in (xs, ys)), *(int(ends[gathered].max()) + 1 for ends in (xs, ys))
            )
        )
    return tuple(sorted(regions, key=lambda region: (region.top, region.left)))


# --- telling ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """A picture that is not what it was."""

    name: str
    """What it shows, in words: `en/index.html at 360 px, light`."""
    was: Picture
    now: Picture
    regions: tuple[Region, ...]
    scale: int = 1
    """Pixels of what it shows to one of the picture."""

    def told(self) -> str:
        """The change in one line."""
        count = len(self.regions)
        boxes = ", ".join(region.told(self.scale) for region in self.regions[:TOLD])
        more = f" and {count - TOLD} more" if count > TOLD else ""
        sizes = [f"{self.scale * one.shape[1]}×{self.scale * one.shape[0]}" for one in (self.was, self.now)]
        size = f", and it is {sizes[1]} px, not {sizes[0]}" if sizes[0] != sizes[1] else ""
        return f"{self.name}: {count} region{' differs' if count == 1 else 's differ'}: {boxes}{more}{size}"


def mark(was: Picture, now: Picture) -> Picture:
    """What is now, pale, with the changed pixels in red and a frame around each region."""
    was, now = _on_one_size(was, now)
    changes = find_changes(was, now)
    pale = (255 - (255 - now.mean(axis=2)) / 4).astype(np.uint8)
    marked = np.stack([pale] * 3, axis=2)
    marked[changes] = (220, 0, 0)
    height, width = changes.shape
    for region in find_regions(changes):
        left, top = max(region.left - 3, 0), max(region.top - 3, 0)
        right, lower = min(region.right + 2, width - 1), min(region.lower + 2, height - 1)
        marked[top : lower + 1, [left, right]] = marked[[top, lower], left : right + 1] = (255, 90, 0)
    return marked


PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Looks that changed</title>
<style>body {{ font: 16px sans-serif; margin: 1rem }} section {{ border-top: 1px solid; padding: 1rem 0 }}
div {{ display: flex; gap: 1rem; align-items: flex-start }} figure {{ margin: 0; flex: 1 1 0; min-width: 0 }}
img {{ max-width: 100%; border: 1px solid #999 }}</style>
<h1>{count} changed</h1>
{sections}
"""


def write_report(folder: Path, changes: Iterable[Change]) -> Path:
    """Write a page that shows each change as it was, as it is, and what differs; return where it lies."""
    sections = []
    for at, change in enumerate(changes):
        pictures = {"as it was": change.was, "now": change.now, "what differs": mark(change.was, change.now)}
        figures = []
        for number, (title, picture) in enumerate(pictures.items()):
            name = f"{at}-{number}.png"
            (folder / name).write_bytes(write_picture(picture))
            figures.append(
                f'<figure><figcaption>{title}</figcaption><a href="{name}"><img src="{name}" alt=""></a></figure>'
            )
        sections.append(f"<section><p>{escape(change.told())}</p><div>{''.join(figures)}</div></section>")
    page = folder / "looks.html"
    page.write_text(PAGE.format(count=len(sections), sections="\n".join(sections)), encoding="utf-8")
    return page
