"""Two sites of invented rows at the edges of what the builder takes: one with too much of everything, one with nothing."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import yaml
from conftest import ROOT
from small_site import SITES, build_from, read_folder, small_site

if TYPE_CHECKING:
    from builder.build import Build


CHARTS = "content/en/charts.yaml"


def extreme_site() -> dict[str, bytes]:
    """The small site with long titles, words and quotations, many sources, many scripts, numbers up to trillions: a fresh dict."""
    files = small_site() | read_folder(SITES / "extremes")
    words = yaml.safe_load((ROOT / CHARTS).read_text(encoding="utf-8"))["timeline"]["words"]
    own = yaml.safe_load(files[CHARTS])
    own["timeline"]["words"] = {key: word for key, word in words.items() if not key.startswith("label-")}
    return files | {CHARTS: yaml.safe_dump(own, allow_unicode=True, width=10_000).encode()}


@cache
def extreme_build() -> Build:
    """The site of extremes, built once."""
    return build_from(extreme_site())


EMPTY = ("shipments", "totals", "statements", "events", "entities", "conflicts", "removals", "ledger")
"""Tables of which the site with nothing has the header alone; one source it must have, to have anything to say."""


def empty_site() -> dict[str, bytes]:
    """A site without a claim, a chart or a record: the columns, one source, one figure of nothing. A fresh dict."""
    files = small_site()
    del files["content/en/claims/example-denial.md"]
    files["content/en/charts.yaml"] = b"{}\n"
    for table in EMPTY:
        path = f"data/{table}.csv"
        files[path] = files[path].partition(b"\n")[0] + b"\n"
    path = "data/sources.csv"
    files[path] = b"".join(files[path].splitlines(keepends=True)[:2])
    files["data/figures.yaml"] = b"nothing:\n  count: id\n  of: shipments\n  intended: nothing was published yet\n"
    files["content/en/figures.yaml"] = b"nothing:\n  label: Invented rows\n  about: There are none yet.\n"
    files["content/en/pages/index.md"] = (
        b"---\ntitle: Nothing was checked yet\ndescription: An invented site without a claim.\nnav: Home\n---\n"
        b"An invented office has said nothing yet.\n"
    )
    return files


@cache
def empty_build() -> Build:
    """The site with nothing, built once."""
    return build_from(empty_site())
