"""The real data and words, as they stand: a data update shows here as a diff that a person can read.

`--regen-all` writes it all anew; read the diff, and commit it together with the change that made it.
"""

from __future__ import annotations

import csv
import io
import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from conftest import ROOT

from builder import disk
from builder.content import read_content
from builder.datapackage import read_dataset
from builder.figures import compute_figures
from builder.model import Dataset, Figure
from builder.theme import read_theme
from builder.verdicts import compute_verdicts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_regressions.data_regression import DataRegressionFixture
    from pytest_regressions.dataframe_regression import DataFrameRegressionFixture
    from pytest_regressions.file_regression import FileRegressionFixture

CLAIMS = sorted(path.stem for path in (ROOT / "content" / "en" / "claims").glob("*.md"))
PAGES = ["en/index.html", "en/method/index.html", *(f"en/claims/{slug}/index.html" for slug in CLAIMS)]


@cache
def sources() -> dict[str, bytes]:
    return disk.read_sources(ROOT)


@cache
def dataset() -> Dataset:
    found, problems = read_dataset(sources())
    assert found
    assert not problems
    return found


@cache
def figures() -> dict[str, Figure]:
    found, problems = compute_figures(dataset())
    assert not problems
    return found


def limits(figure: Figure) -> str:
    interval = figure.interval
    low, high = interval.low, interval.high
    ends = ["-∞" if low is None else str(low), "∞" if high is None else str(high)]
    closed = "]" if high is not None and not interval.high_open else ")"
    return f"{'(' if low is None or interval.low_open else '['}{ends[0]}, {ends[1]}{closed}"


def test_figures(site: Mapping[str, bytes], data_regression: DataRegressionFixture) -> None:
    found: dict[str, Any] = {}
    for name, figure in figures().items():
        selection = figure.selection
        found[name] = {
            "told": json.loads(site[f"en/figures/{name}/figure.json"])["told"] or figure.day or "undecided",
            "interval": limits(figure),
            "rows": [
                *selection.full,
                *(f"{row} ({why})" for row, why in selection.partial),
                *(f"{row} (in {group})" for row, group in selection.inside),
            ],
            "sources": list(figure.sources),
            "reporters": list(figure.reporters),
        }
    data_regression.check(found)


def test_verdicts(data_regression: DataRegressionFixture) -> None:
    content, problems = read_content(sources())
    theme, _ = read_theme(sources())
    assert not problems
    verdicts, problems = compute_verdicts(content.claims["en"], figures(), dataset(), theme)
    assert not problems
    found = {}
    for slug, verdict in verdicts.items():
        front = content.claims["en"][slug].front
        found[slug] = {
            "rating": verdict.rating,
            "reviewed": front.reviewed,
            "sources": list(front.sources),
            "judgements": sum(hasattr(entry, "judgement") for entry in front.because),
            "premises": [
                f"{result.premise.figure} {result.premise.operator} {result.premise.value}: {result.outcome}"
                for result in verdict.premises
            ],
        }
    data_regression.check(found)


@pytest.mark.parametrize("table", ["shipments", "totals", "statements", "events"])
def test_tables(table: str, dataframe_regression: DataFrameRegressionFixture) -> None:
    """The columns that sentences are made of; what is long stays in the table itself."""
    frame = dataset().tables[table].frame()
    wanted = {
        "shipments": ["record", "part_of", "date_from", "date_to", "category", "outcome", "units", "value", "label"],
        "totals": ["category", "date_from", "date_to", "value", "unit", "conflicts_with"],
        "statements": ["date", "precision", "speaker", "side", "about", "denial", "kind"],
        "events": ["date", "date_to", "precision", "kind", "actor"],
    }[table]
    shown = frame[wanted].map(_shown)
    shown["sources"] = frame["sources"].map(len)
    dataframe_regression.check(shown.reset_index(names="id"))


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ";".join(value)
    return f"{value.bound} {value.value}" if hasattr(value, "bound") else str(value)


def test_charts(site: Mapping[str, bytes], file_regression: FileRegressionFixture) -> None:
    """Every number that is drawn, as the table under the picture tells it."""
    out = []
    for path in sorted(path for path in site if re.fullmatch(r"en/charts/[\w-]+/chart\.csv", path)):
        rows = list(csv.reader(io.StringIO(site[path].decode())))
        out += [path.split("/")[2], *(" | ".join(row) for row in rows), ""]
    file_regression.check("\n".join(out), encoding="utf-8")


@pytest.mark.parametrize("path", PAGES, ids=["home", "method", *CLAIMS])
def test_pages(path: str, site: Mapping[str, bytes], file_regression: FileRegressionFixture) -> None:
    file_regression.check(_readable(site[path].decode()), encoding="utf-8", extension=".html")


def _readable(html: str) -> str:
    """The page without the inside of its pictures, which have tests of their own."""
    return re.sub(r"<svg\b.*?</svg>", "<svg></svg>", html, flags=re.DOTALL)
