"""`check --fix` rewrites digits that a figure left behind: in each language, in each file, and nothing else."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from conftest import ROOT
from small_site import CLAIM, SECOND, bilingual, build_from, change, read_folder, small_site

from builder.cli import main
from builder.content import read_content
from builder.datapackage import read_dataset
from builder.figures import compute_figures
from builder.intervals import tell_amount
from builder.numerals import format_date, format_told, rewrite_digits

if TYPE_CHECKING:
    from pathlib import Path

SHIPMENTS = "data/shipments.csv"
_LINK = re.compile(r"\[[^\]^]*\]\((figure|total):([\w-]+)\)")


def in_tongue(files: dict[str, bytes], code: str) -> dict[str, bytes]:
    """The small site with a translation that tells its numbers as a real language does; its other words stay as they are."""
    dataset, _ = read_dataset(files)
    assert dataset
    figures, _ = compute_figures(dataset)
    files = bilingual(files)
    out = {path.replace(f"/{SECOND}/", f"/{code}/"): raw for path, raw in files.items()}
    out[f"content/{code}/words.yaml"] = (ROOT / "content" / code / "words.yaml").read_bytes()
    language = read_content(out)[0].languages[code]

    def tell(link: re.Match[str]) -> str:
        kind, name = link.groups()
        if kind == "total":
            row = dataset.tables["totals"].rows[name]
            told = format_told(tell_amount(row.values["value"], str(row.values["unit"])), language)
        elif figures[name].day:
            told = format_date(figures[name].day, "day", language)
        else:
            told = format_told(figures[name].told, language)
        return f"[{told}]({kind}:{name})"

    mine = [path for path in out if path.startswith(f"content/{code}/") and not path.endswith("words.yaml")]
    told = {path: _LINK.sub(tell, out[path].decode()).replace("19 April 2023", "that day") for path in mine}
    return out | {path: text.encode() for path, text in told.items()}


def moved(files: dict[str, bytes]) -> dict[str, bytes]:
    """The same after the source counted again: 1,038 drones, worth about $1,204,500."""
    return change(files, SHIPMENTS, ",37,at_least,at least,,,103000,", ",1038,at_least,at least,,,1204500,")


def write(root: Path, files: dict[str, bytes]) -> None:
    for path, raw in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(raw)


def fix(root: Path) -> Result:
    return CliRunner().invoke(main, ["check", "--root", str(root), "--fix"], prog_name="declared")


def errors(files: dict[str, bytes]) -> list[str]:
    return [found.code for found in build_from(files).problems if found.severity == "error"]


@pytest.mark.parametrize("code", ["ru", "uk", "zh-Hans"])
def test_a_figure_that_moved_is_mended_in_every_language_and_file(code: str, tmp_path: Path) -> None:
    files = in_tongue(small_site(), code)
    assert errors(files) == []
    write(tmp_path, moved(files))
    done = fix(tmp_path)
    after = read_folder(tmp_path)
    changed = {path for path, raw in files.items() if path != SHIPMENTS and after[path] != raw}
    assert len(changed) >= 6
    assert {path.split("/")[1] for path in changed} == {"en", code}
    for path in changed:  # digits and the marks that divide them, and nothing else
        assert re.sub(rb"[\d.,\xa0 \xc2]", b"", after[path]) == re.sub(rb"[\d.,\xa0 \xc2]", b"", files[path]), path
    left = [found for found in build_from(after).problems if found.severity == "error"]
    assert {found.code for found in left} <= {"B003"}  # where the scale is another word now: 120.45万 for 10.3万
    assert all("fix" not in found.cure for found in left)
    assert done.stderr.count("read again: ") == done.stderr.count(" → ")
    again = fix(tmp_path)
    assert read_folder(tmp_path) == after
    assert "read again" not in again.stderr


def test_only_the_first_language_gets_a_draft_of_its_history(tmp_path: Path) -> None:
    write(tmp_path, change(bilingual(small_site()), SHIPMENTS, ",37,at_least,", ",38,at_least,"))
    done = fix(tmp_path)
    assert done.exit_code == 0, done.output
    drafts = re.findall(r"^(\S+): a draft for its history", done.stderr, re.MULTILINE)
    assert drafts == [CLAIM, "content/en/pages/index.md"]


def test_everything_but_the_digits_is_kept_byte_for_byte(tmp_path: Path) -> None:
    files = small_site()
    raw = files[CLAIM].replace(b"[at least 34]", "[at\u00a0least 34]".encode()).replace(b"together.", b"together.   ")
    files[CLAIM] = b"\xef\xbb\xbf" + raw.replace(b"\n", b"\r\n")
    files = change(files, SHIPMENTS, ",37,at_least,", ",38,at_least,")
    write(tmp_path, files)
    assert fix(tmp_path).exit_code == 0
    expected = files[CLAIM].replace(b"[at least 37]", b"[at least 38]").replace(b"8.2%", b"7.9%")
    assert (tmp_path / CLAIM).read_bytes() == expected.replace("at\u00a0least 34".encode(), "at\u00a0least 35".encode())
    before = read_folder(tmp_path)
    assert fix(tmp_path).exit_code == 0
    assert read_folder(tmp_path) == before


@pytest.mark.parametrize(
    ("code", "text", "value", "rewritten"),
    [
        ("en", "$103,000", 1204500, "$1,204,500"),
        ("en", "$103000", 1204500, "$1204500"),
        ("en", "$12 million", 13500000, "$13.5 million"),
        ("en", "37", 1038, "1,038"),
        ("ru", "103\u00a0000", 1204500, "1\u00a0204\u00a0500"),
        ("ru", "103 000", 1204500, "1 204 500"),
        ("ru", "103\u202f000", 104500, "104\u202f500"),
        ("ru", "12,5 млн", 13250000, "13,25 млн"),
        ("uk", "103\u00a0000", 1204500, "1\u00a0204\u00a0500"),
        ("zh-Hans", "10.3万", 104500, "10.45万"),
        ("zh-Hans", "37", 38, "38"),
        ("zh-Hans", "10.3万", 12000000000, None),
        ("ru", "тридцать", 31, None),
    ],
)
def test_digits_are_divided_as_the_author_did(code: str, text: str, value: int, rewritten: str | None) -> None:
    words = {f"content/{code}/words.yaml": (ROOT / "content" / code / "words.yaml").read_bytes()}
    assert rewrite_digits(text, Fraction(value), read_content(words)[0].languages[code]) == rewritten
