"""Makes the font files beside it from whole fonts: only the letters that pictures need, without hints.

Not part of a build. CONTRIBUTING.md says when and how to run it.

Equal sources and equal words give equal bytes. The names are ours, because the licence reserves those of the originals
for fonts that nobody changed; `OFL.txt` names the originals and their makers.
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


@dataclass(frozen=True, slots=True)
class Original:
    """A whole font, and what becomes of it."""

    file: str
    sha256: str
    made: str
    family: str
    style: str
    number: int = -1
    """In a collection of fonts."""


ORIGINALS = (
    Original(
        "LiberationSans-Regular.ttf",  # fonts-liberation2 2.1.5
        "8d91388f1d3604b3b8ae0e3ee2d140e50cd6122f9214514f4aca772540a4076d",
        "sans-regular.ttf",
        "Declared Sans",
        "Regular",
    ),
    Original(
        "LiberationSans-Bold.ttf",
        "ba0e0dc3f7aca5b0afbc31e800531ee43be3aa79ae35b2ef1f6470a9547765c4",
        "sans-bold.ttf",
        "Declared Sans",
        "Bold",
    ),
    Original(
        "NotoSerif-Regular.ttf",  # fonts-noto-core 20201225
        "9d7583b7dc9e812afd32a14280c5cac3160012efe50c8d08938f4fea266ff67f",
        "serif-regular.ttf",
        "Declared Serif",
        "Regular",
    ),
    Original(
        "NotoSansCJK-Regular.ttc",  # fonts-noto-cjk 20220127
        "b76b0433203017ca80401b2ee0dd69350349871c4b19d504c34dbdd80541690a",
        "han-regular.otf",
        "Declared Han",
        "Regular",
        2,  # of five: simplified Chinese
    ),
)
"""As Debian has them: their widths are those of Arial, in which browsers show the charts."""


def letters_of_europe() -> set[int]:
    """Latin and Cyrillic with what newspapers set around them."""
    ranges = ((0x20, 0x7E), (0xA0, 0x17F), (0x218, 0x21B), (0x400, 0x45F), (0x490, 0x491), (0x2010, 0x2015))
    single = "\u0301\u02bc‘’‚“”„†•…‰′″‹›€₴₽№™←↑→↓−≈≠≤≥\u202f\u2009"
    return {code for low, high in ranges for code in range(low, high + 1)} | set(map(ord, single))


def letters_of_china() -> set[int]:
    """The 6,763 characters of GB 2312, which holds those of nearly every text, the signs of Chinese type, and all of our words."""
    pairs = (bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    found = {ord(text) for pair in pairs if len(text := pair.decode("gb2312", "ignore")) == 1}
    found |= set(range(0x3000, 0x3020)) | set(range(0xFF01, 0xFF5F)) | set(map(ord, "—…‘’“”·"))
    files = (path for folder in ("content", "data", "site") for path in sorted((ROOT / folder).rglob("*")))
    written = {
        ord(letter) for path in files if path.suffix in (".md", ".yaml", ".csv") for letter in path.read_text("utf-8")
    }
    return found | {code for code in written if 0x2E80 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF}


def make(original: Original, source: Path) -> bytes:
    """The smaller font: its letters and the distances between them, with no other feature."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options(
        hinting=False,
        desubroutinize=False,
        layout_features=["kern", "mark", "mkmk", "ccmp"],
        name_IDs=[0, 1, 2, 4, 5, 6, 13, 14],
        name_languages=[0x409],
        notdef_outline=True,
        recalc_timestamp=False,
        drop_tables=[*subset.Options().drop_tables, "VORG", "vhea", "vmtx", "BASE", "FFTM", "GDEF", "DSIG", "meta"],
    )
    font = TTFont(source, fontNumber=original.number, recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=letters_of_china() if original.family == "Declared Han" else letters_of_europe())
    subsetter.subset(font)
    full = f"{original.family} {original.style}"
    for entry in font["name"].names:
        ours = {1: original.family, 2: original.style, 4: full, 6: full.replace(" ", "")}.get(entry.nameID)
        if ours:
            entry.string = ours
    font["cmap"].tables = [table for table in font["cmap"].tables if table.format == 4][:1]
    if "CFF " in font:
        table = font["CFF "].cff
        table.fontNames = [full.replace(" ", "")]
        top = table.topDictIndex[0]
        top.FullName, top.FamilyName = full, original.family
    made = HERE / original.made
    font.save(made, reorderTables=True)
    return made.read_bytes()


def main(folder: Path) -> None:
    """Make every font, or say what is missing."""
    for original in ORIGINALS:
        source = next(folder.rglob(original.file), None)
        if source is None:
            sys.exit(f"{original.file} is nowhere in {folder}")
        digest = hashlib.sha256(source.read_bytes()).hexdigest()
        if digest != original.sha256:
            sys.exit(f"{original.file} is another version than that of which these fonts are made: {digest}")
        print(f"{original.made}: {len(make(original, source)):,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
