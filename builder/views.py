"""The interactive view of a dated chart: its marks in lanes on one scale of time, for Vega.

It shows what the picture and its table show, and nothing needs it. The page loads it, and the library that draws it,
only when a reader asks. It is written here as Vega, which no library has to translate: an entry more costs nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from builder.desk import Moment
from builder.drawing import COLOURS, STACK
from builder.shelf import address_of_row

_NARROWEST = 300.0
"""Pixels of the scale on which marks are stacked: on none wider do they cover one another."""
_RADIUS = 5.0
_PITCH = 12.0
_NAME = 19.0
"""Height of a lane's name."""
_SCALE = 34.0
"""Height of the scale above the lanes."""
_SHORTEST = 60
"""Days that are shown at least."""


def compose_view(moments: Sequence[Moment], months: Mapping[str, str], first: str, last: str) -> str:
    """What the page's script reads: the Vega, the entries in order of time, the colours by their variables.

    `months` are names by `2023-04`. `first` and `last` are ISO dates: what lies outside stands at the edge.
    """
    ordered = sorted(moments, key=lambda moment: (moment.day, moment.last, moment.words))
    lanes = tuple(dict.fromkeys(moment.lane for moment in moments))
    levels, depths = _stack(ordered, first, last)
    tops, height = {}, _SCALE
    for lane in lanes:
        tops[lane] = height
        height += _NAME + depths[lane] * _PITCH + 8
    marks = [
        _mark(n, moment, first, tops[moment.lane] + _NAME + (depths[moment.lane] - level - 0.5) * _PITCH)
        for n, (moment, level) in enumerate(zip(ordered, levels, strict=True))
    ]
    entries = [
        {"when": moment.head, "words": moment.words, "address": f"../../{address_of_row(*moment.record)}index.html"}
        for moment in ordered
    ]
    view = {
        "colours": {value: f"--chart-{name}" for name, value in COLOURS.items()},
        "lanes": lanes,
        "entries": entries,
        "spec": _compose(marks, tops, height, months, (_time(first), _time(last))),
    }
    return json.dumps(view, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def list_months(first: str, last: str) -> list[str]:
    """Each month between two days: `2023-04`."""
    start, end = (int(day[:4]) * 12 + int(day[5:7]) - 1 for day in (first, last))
    return [f"{month // 12}-{month % 12 + 1:02}" for month in range(start, end + 1)]


def _time(iso: str) -> int:
    """Milliseconds, as browsers count them."""
    return int(datetime.fromisoformat(iso).replace(tzinfo=UTC).timestamp()) * 1000


def _stack(moments: Sequence[Moment], first: str, last: str) -> tuple[list[int], dict[str, int]]:
    """The level of each mark in its lane, on which it covers no other; and how many levels each lane has."""
    start = date.fromisoformat(first)
    scale = _NARROWEST / (date.fromisoformat(last) - start).days
    ends: dict[str, list[float]] = {}
    levels = []
    for moment in moments:
        left, right = (
            max((date.fromisoformat(day) - start).days * scale, 0.0) for day in (moment.day, moment.last or moment.day)
        )
        taken = ends.setdefault(moment.lane, [])
        level = next((level for level, end in enumerate(taken) if end <= left), len(taken))
        taken[level : level + 1] = [max(left, right) + 2 * _RADIUS + 1]
        levels.append(level)
    return levels, {lane: len(taken) for lane, taken in ends.items()}


def _mark(n: int, moment: Moment, first: str, y: float) -> dict[str, Any]:
    earlier = moment.day < first
    shape, turned = ("cross", 45) if moment.shape == "x" else (moment.shape, 0)
    end = date.fromisoformat(moment.last) + timedelta(days=1)
    return {
        "n": n,
        "day": _time(max(moment.day, first)),
        "end": _time(end.isoformat()),
        "span": moment.last > moment.day and not earlier,
        "y": round(y, 1),
        "lane": moment.lane,
        "colour": COLOURS[moment.colour],
        "fill": COLOURS[moment.colour if moment.sure else "bg"],
        "shape": "triangle-left" if earlier else shape,
        "turned": 0 if earlier else turned,
    }


# --- Vega -------------------------------------------------------------------------------------


def _compose(
    marks: Sequence[Mapping[str, Any]],
    tops: Mapping[str, float],
    height: float,
    months: Mapping[str, str],
    whole: tuple[int, int],
) -> dict[str, Any]:
    return {
        "$schema": "https://vega.github.io/schema/vega/v6.json",
        "width": 600,
        "height": round(height),
        "padding": 0,
        "autosize": "none",
        "config": {"font": STACK},
        "signals": _signals(whole),
        "data": [
            {"name": "spans", "values": [mark for mark in marks if mark["span"]]},
            {"name": "marks", "values": [mark for mark in marks if not mark["span"]]},
            {"name": "lanes", "values": [{"name": name, "y": y} for name, y in tops.items()]},
        ],
        "scales": [
            {"name": "time", "type": "utc", "domain": {"signal": "shown"}, "range": {"signal": "[8, width - 8]"}}
        ],
        "axes": [_axis(months)],
        "marks": [*_lanes(), _plot()],
    }


def _signals(whole: tuple[int, int]) -> list[dict[str, Any]]:
    dragged = "(x() - held[0]) / width * (held[2] - held[1])"
    return [
        {"name": "whole", "value": list(whole)},
        {"name": "least", "value": _SHORTEST * 86_400_000},
        {"name": "only", "value": ""},
        {
            "name": "chosen",
            "value": -1,
            "on": [{"events": "@mark:mouseover, @mark:click, @span:mouseover, @span:click", "update": "datum.n"}],
        },
        {
            "name": "held",
            "value": None,
            "on": [
                {"events": "mousedown", "update": "[x(), shown[0], shown[1]]"},
                {"events": "window:mouseup", "update": "null"},
            ],
        },
        {
            "name": "shown",
            "value": list(whole),
            "on": [
                {
                    "events": "[mousedown, window:mouseup] > window:mousemove!",
                    "update": f"held ? clampRange([held[1] - {dragged}, held[2] - {dragged}], whole[0], whole[1]) : shown",
                }
            ],
        },
        {"name": "days", "update": "(shown[1] - shown[0]) / 86400000"},
    ]


def _axis(months: Mapping[str, str]) -> dict[str, Any]:
    years = "days > 1000 || width < 450 && days > 500"
    names = json.dumps(dict(months), ensure_ascii=False, separators=(",", ":"))
    return {
        "orient": "top",
        "scale": "time",
        "offset": -_SCALE + 4,
        "grid": False,
        "tickCount": {"signal": f"{years} ? 'year' : days > 200 ? {{'interval': 'month', 'step': 3}} : 'month'"},
        "labelOverlap": True,
        "labelBound": True,
        "labelFlush": True,
        "labelFontSize": 12,
        "labelColor": COLOURS["muted"],
        "domainColor": COLOURS["ink"],
        "tickColor": COLOURS["muted"],
        "encode": {
            "labels": {
                "update": {
                    "text": {
                        "signal": f"{years} ? utcFormat(datum.value, '%Y') : ({names})[utcFormat(datum.value, '%Y-%m')]"
                    }
                }
            }
        },
    }


def _lanes() -> list[dict[str, Any]]:
    right = {"signal": "width"}
    return [
        {
            "type": "rule",
            "from": {"data": "lanes"},
            "encode": {
                "update": {"x": {"value": 0}, "x2": right, "y": {"field": "y"}, "stroke": {"value": COLOURS["grid"]}}
            },
        },
        {
            "type": "text",
            "from": {"data": "lanes"},
            "encode": {
                "update": {
                    "y": {"field": "y", "offset": 15},
                    "text": {"field": "name"},
                    "fontSize": {"value": 12},
                    "fontWeight": {"value": 700},
                    "fill": {"value": COLOURS["ink"]},
                }
            },
        },
    ]


def _plot() -> dict[str, Any]:
    """The marks, cut off at the edges of what is shown."""
    shared = {
        "cursor": {"value": "pointer"},
        "opacity": {"signal": "only == '' || only == datum.lane ? 1 : 0.15"},
    }
    chosen = {"test": "datum.n == chosen", "value": COLOURS["ink"]}
    return {
        "type": "group",
        "clip": True,
        "encode": {"update": {"width": {"signal": "width"}, "height": {"signal": "height"}}},
        "marks": [
            {
                "type": "rect",
                "name": "span",
                "from": {"data": "spans"},
                "encode": {
                    "update": {
                        **shared,
                        "x": {"scale": "time", "field": "day"},
                        "width": {"signal": "max(6, scale('time', datum.end) - scale('time', datum.day))"},
                        "y": {"field": "y", "offset": -_RADIUS},
                        "height": {"value": 2 * _RADIUS},
                        "fill": {"field": "colour"},
                        "stroke": [chosen, {"field": "colour"}],
                        "strokeWidth": [{"test": "datum.n == chosen", "value": 3}, {"value": 0}],
                    }
                },
            },
            {
                "type": "symbol",
                "name": "mark",
                "from": {"data": "marks"},
                "encode": {
                    "update": {
                        **shared,
                        "x": {"scale": "time", "field": "day"},
                        "y": {"field": "y"},
                        "shape": {"field": "shape"},
                        "angle": {"field": "turned"},
                        "size": {"signal": "datum.n == chosen ? 160 : 80"},
                        "fill": {"field": "fill"},
                        "stroke": [chosen, {"field": "colour"}],
                        "strokeWidth": {"signal": "datum.n == chosen ? 2.5 : 1.6"},
                    }
                },
            },
        ],
    }
