"""Builds both sides of a change as far as they build, compares them, and says what is owed."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from builder.build import build_study
from builder.changes import Difference
from builder.charts import draw_charts
from builder.diff import diff
from builder.drawing import Draw
from builder.model import Site
from builder.owed import Due, check_owed
from builder.study import Study


@dataclass(frozen=True, slots=True)
class Review:
    """All that is told of a change."""

    base: str
    """What BASE is called: a revision, a folder."""
    head: str
    found: Difference
    owed: tuple[Due, ...]
    pictures: Mapping[str, tuple[str, str]]
    """By chart: its SVG before and after, each empty where there is none."""


def review(
    before: Study,
    after: Study,
    names: tuple[str, str],
    memory: Mapping[str, bytes],
    versions: Mapping[str, str],
    step: Callable[[str], None],
    draw: Draw,
) -> Review:
    """The review of the change from BEFORE to AFTER; pictures are drawn once for both."""
    sites: list[Site | None] = []
    for known in (before, after):
        made = build_study(known, memory, versions, step, draw)
        memory = ChainMap(dict(made.memory), dict(memory)) if not made.broken else memory
        sites.append(None if made.broken else made.files)
    step("comparing")
    found = diff(before, after, *sites)
    moved = {chart.id for chart in found.charts}
    drawn = [_pictures(known, moved, memory, draw) for known in (before, after)]
    pictures = {chart: (drawn[0].get(chart, ""), drawn[1].get(chart, "")) for chart in moved}
    return Review(*names, found, check_owed(before, after, found, *sites), pictures)


def _pictures(known: Study, wanted: set[str], memory: Mapping[str, bytes], draw: Draw) -> dict[str, str]:
    plans = [plan for plan in known.plans.get(known.first, ()) if plan.job.chart in wanted]
    drawings = draw_charts({known.first: plans}, memory, draw)[0][known.first]
    return {name: drawing.standalone for name, drawing in drawings.items()}
