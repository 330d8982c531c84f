"""Ink on a sheet: the only room that knows Altair and vl-convert.

A `Sheet` is plain data: layers of marks with their places, laid out in Python to the pixel, so that it can be hashed
without any library. `render` turns sheets into Vega-Lite, SVG and PNG. Every colour is one of `COLOURS`.
The font is Liberation Sans, which vl-convert carries inside itself: no machine's fonts are asked, so every machine
measures and draws the same. In a browser its twin in width, Arial, stands in; in a PNG the site's own font, made of it.

Here it is arranged too by whom pictures are drawn: by this process, or by a second one that helps.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import pickle
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from threading import Condition, Semaphore, Thread
from typing import Any, Literal
from xml.sax.saxutils import escape, unescape

from builder import raster

COLOURS = {
    "ink": "#1b2026",
    "muted": "#4b5660",
    "grid": "#d3d9de",
    "bg": "#ffffff",
    "1": "#1f5f99",  # records and events
    "2": "#b8500a",  # statements
    "3": "#5b6b79",  # third parties
}
"""By the name of the CSS variable `--chart-<name>`; the value is its fallback."""

FONT = "Liberation Sans"
STACK = "Liberation Sans, Arial, Helvetica, sans-serif"

WIDE, NARROW = 680, 296
"""The widths of a sheet: one for a page, one for the narrowest phone; both go into it, and the theme shows the one that
fits, the narrow one enlarged to the phone."""

SMALLEST = 12
"""Pixels of the smallest words on a sheet."""

Mark = Literal["bar", "line", "text", "dot"]

_WIDTHS = {
    **dict.fromkeys("ijl'|", 0.222),
    **dict.fromkeys(" \u00a0.,:;!/\\ft[]I", 0.278),
    **dict.fromkeys("()-r`“”‘’", 0.333),
    **dict.fromkeys("cksvxyzJ", 0.5),
    **dict.fromkeys("ABEKPSVXY&", 0.667),
    **dict.fromkeys("CDHNRUw", 0.722),
    **dict.fromkeys("GOQ", 0.778),
    **dict.fromkeys("mM", 0.833),
    **dict.fromkeys("W%—…→", 0.95),
    **dict.fromkeys("іїІЇ", 0.278),
    **dict.fromkeys("гзткєґ", 0.46),
    **dict.fromkeys("жмъы", 0.72),
    **dict.fromkeys("фшщюЙИНПСЯЦЭ", 0.823),
    **dict.fromkeys("ЖМОФШЩЫЮ", 1.0),
    **dict.fromkeys("АБВДЕКЛРУХЧЬ", 0.68),
}
"""Of a letter in em; letters that are not here have 0.56, and those of Han 1."""

_HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]")


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Width of a line in pixels, generously: where a reader has neither font of the stack, a wider one stands in."""
    return sum(map(_em, text)) * size * (1.16 if bold else 1.08)


def _em(letter: str) -> float:
    return _WIDTHS.get(letter) or (1.0 if _HAN.match(letter) else 0.56)


def wrap(text: str, width: float, size: float, bold: bool = False) -> list[str]:
    """Text in lines no wider than `width`; a single longer word stands alone. Chinese is broken between characters."""
    lines: list[str] = []
    for space, piece in _bind(raster.split_words(text)):
        if lines and text_width(f"{lines[-1]}{space}{piece}", size, bold) <= width:
            lines[-1] += space + piece
        else:
            lines.append(piece)
    return lines


def wrap_evenly(text: str, width: float, size: float, bold: bool = False) -> list[str]:
    """As few lines as `wrap` makes, and about as long as each other: no word is left over for the last one."""
    lines = wrap(text, width, size, bold)
    low, high = width / 2, width
    while len(lines) > 1 and high - low > 4:
        middle = (low + high) / 2
        narrower = wrap(text, middle, size, bold)
        if len(narrower) == len(lines) and all(text_width(line, size, bold) <= middle for line in narrower):
            lines, high = narrower, middle
        else:
            low = middle
    return lines


_BOUND = 20
"""Letters of a number and what it counts, at most: longer ones may be parted."""
_DATE = re.compile(r"\d[年月]$")


def _bind(pieces: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pieces between which a line may break, each with the space before it: a number stays with what it counts."""
    bound: list[tuple[str, str]] = []
    for space, piece in pieces:
        before = bound[-1][1] if bound else ""
        joined = before[-1:].isdigit() or (piece[0].isdigit() and not space and _DATE.search(before))
        if joined and len(before + piece) <= _BOUND:
            bound[-1] = (bound[-1][0], before + space + piece)
        else:
            bound.append((space, piece))
    return bound


@dataclass(frozen=True, slots=True)
class Axis:
    """A scale from values to pixels."""

    kind: Literal["number", "time"]
    low: Any
    """A number, or an ISO date."""
    high: Any
    left: float
    right: float

    def place(self, value: Any) -> float:
        """The pixel of a value: the same that the scale of the picture computes."""
        low, high, at = (_days(v) if self.kind == "time" else v for v in (self.low, self.high, value))
        return self.left + (at - low) / (high - low) * (self.right - self.left)


def _days(iso: str) -> int:
    from datetime import date

    return date.fromisoformat(iso).toordinal()


@dataclass(slots=True)
class Layer:
    """Marks of one kind and style."""

    mark: Mark
    style: Mapping[str, Any]
    axis: Axis | None
    """None: `x` is in pixels."""
    rows: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Sheet:
    """A picture being laid out, from the top down. `y` is in pixels, downward."""

    width: int
    height: float = 0
    head: float = 0
    """Pixels at the top, and the layer `headline` in them, that only a picture without its page shows."""
    layers: dict[str, Layer] = field(default_factory=dict)
    """By name, in the order of drawing."""

    def add(self, name: str, mark: Mark, style: Mapping[str, Any], axis: Axis | None = None, **row: Any) -> None:
        """Put one mark into the layer of that name; its first mark decides the layer's style."""
        layer = self.layers.setdefault(name, Layer(mark, style, axis))
        if (layer.mark, dict(layer.style), layer.axis) != (mark, dict(style), axis):
            raise ValueError(f"layer {name} has two styles")
        layer.rows.append(row)

    def to_back(self, name: str) -> None:
        """Let a layer be drawn before all others."""
        if name in self.layers:
            self.layers = {name: self.layers.pop(name)} | self.layers

    def text(
        self,
        name: str,
        x: float,
        y: float,
        lines: str | list[str],
        size: float = 13,
        bold: bool = False,
        colour: str = "ink",
        align: str = "left",
        leading: float = 1.3,
    ) -> float:
        """Lines of text, the first one's top at `y`; returns where the next line would begin."""
        style = {
            "fontSize": size,
            "fontWeight": 700 if bold else 400,
            "fill": COLOURS[colour],
            "align": align,
            "baseline": "alphabetic",
        }
        for line in [lines] if isinstance(lines, str) else lines:
            self.add(name, "text", style, x=round(x, 2), y=round(y + size, 2), text=line)
            y += size * leading
        return y

    def bar(
        self,
        name: str,
        x: Any,
        x2: Any,
        y: float,
        y2: float,
        colour: str,
        axis: Axis | None = None,
        tip: str = "",
        opacity: float = 1.0,
        dashed: bool = False,
        radius: float = 0,
    ) -> None:
        """A rectangle; dashed: an outline with a faint filling, for what is not known."""
        style: dict[str, Any] = {"fill": COLOURS[colour], "fillOpacity": opacity}
        if dashed:
            style |= {"stroke": COLOURS[colour], "strokeDash": [3, 3], "strokeWidth": 1.2}
        if radius:
            style["cornerRadius"] = radius
        self.add(name, "bar", style, axis, x=_near(x), x2=_near(x2), y=round(y, 2), y2=round(y2, 2), tip=tip)

    def line(
        self,
        name: str,
        x: Any,
        x2: Any,
        y: float,
        y2: float,
        colour: str = "grid",
        axis: Axis | None = None,
        thick: float = 1,
        dashed: bool = False,
    ) -> None:
        """A straight line."""
        style: dict[str, Any] = {"stroke": COLOURS[colour], "strokeWidth": thick}
        if dashed:
            style["strokeDash"] = [3, 3]
        self.add(name, "line", style, axis, x=_near(x), x2=_near(x2), y=round(y, 2), y2=round(y2, 2))

    def dot(
        self,
        name: str,
        x: Any,
        y: float,
        colour: str,
        axis: Axis | None = None,
        radius: float = 5,
        hollow: bool = False,
        shape: str = "circle",
        tip: str = "",
    ) -> None:
        """A marker; hollow: its date or place is not certain. The shape `x` is a cross that lies on its side."""
        style: dict[str, Any] = {
            "shape": shape,
            "size": round(3.1416 * radius * radius, 1),
            "fill": COLOURS["bg" if hollow else colour],
            "stroke": COLOURS[colour if hollow else "bg"],
            "strokeWidth": 1.6 if hollow else 0.8,
            "opacity": 1,
        }
        if shape == "x":
            style |= {"shape": "cross", "angle": 45}
        self.add(name, "dot", style, axis, x=_near(x), y=round(y, 2), tip=tip)


def _near(x: Any) -> Any:
    return round(x, 2) if isinstance(x, float) else x


# --- remembering ------------------------------------------------------------------------------

REMEMBERED = "chart-"
"""How the key of a remembered picture begins."""


def sheets_key(chart: str, alt: str, sheets: Mapping[str, Sheet]) -> str:
    """Hash of all that goes into the pictures: the marks, the code of this module, the versions of what draws."""
    plain = {
        name: [sheet.width, sheet.height, sheet.head, *((key, repr(layer)) for key, layer in sheet.layers.items())]
        for name, sheet in sheets.items()
    }
    made_with = [version("altair"), version("vl-convert-python"), inspect.getsource(sys.modules[__name__])]
    text = json.dumps([chart, alt, plain, made_with], sort_keys=True, ensure_ascii=True)
    return f"{REMEMBERED}{hashlib.sha256(text.encode()).hexdigest()}"


# --- who draws --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Job:
    """One chart to be drawn."""

    chart: str
    alt: str
    sheets: Mapping[str, Sheet]


@dataclass(frozen=True, slots=True)
class Plate:
    """A finished picture of which a PNG is to be made."""

    svg: str
    zoom: float = 1
    """Pixels of the PNG for each of the picture's."""


Pictures = dict[str, str | bytes]
"""What is made of one job: of a chart its SVGs and its Vega-Lite, of a plate its `png`."""

Waiting = Callable[[], list[Pictures]]
"""Waits until all that was asked for is drawn, and gives it in order."""

Draw = Callable[[Sequence[Job | Plate]], Waiting]
"""Begins to draw. What else there is to do can be done meanwhile."""


def draw_alone(jobs: Sequence[Job | Plate]) -> Waiting:
    """Everything is drawn by this process, one after the other, once it is asked for."""
    return lambda: [_draw(job) for job in jobs]


def _draw(job: Job | Plate) -> Pictures:
    return (
        {"png": raster.draw_png(job.svg, job.zoom)}
        if isinstance(job, Plate)
        else render(job.chart, job.alt, job.sheets)
    )


@dataclass(eq=False, slots=True)
class _Task:
    job: Job | Plate
    made: Pictures | None = None


AHEAD = 2
"""How many jobs the helper has at once: it need not wait for the next one."""


class Helper:
    """A second process that draws. It takes the first jobs, this process the last ones, until they meet.

    It gets ready while this process still reads. When it ends before its time, what spoilt it ends with it: the same
    jobs, done here, tell what it was.
    """

    def __init__(self) -> None:
        home = str(Path(__file__).parent.parent)
        code = f"import sys; sys.path.insert(0, {home!r}); from builder import drawing; drawing.help_out()"
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen([sys.executable, "-c", code], **pipes)  # type: ignore[call-overload]
        self._todo: deque[_Task] = deque()
        self._sent: deque[_Task] = deque()
        self._changed = Condition()
        self._room = Semaphore(AHEAD)
        self._gone = False
        self._threads = [Thread(target=work, daemon=True) for work in (self._send, self._receive)]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Helper:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        with self._changed:
            self._gone = True
            self._changed.notify_all()
        self._room.release()
        for thread in self._threads:
            thread.join()
        with suppress(OSError):  # what was not yet sent cannot be
            self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def draw(self, jobs: Sequence[Job | Plate]) -> Waiting:
        """Every job is begun by the helper at once; who waits takes part."""
        tasks = [_Task(job) for job in jobs]
        with self._changed:
            self._todo.extend(tasks)
            self._changed.notify_all()
        return lambda: self._finish(tasks)

    def _finish(self, tasks: list[_Task]) -> list[Pictures]:
        for task in reversed(tasks):
            with self._changed:
                free = task in self._todo
                if free:
                    self._todo.remove(task)
            if free:
                task.made = _draw(task.job)
        with self._changed:
            self._changed.wait_for(lambda: self._gone or all(task.made is not None for task in tasks))
        return [_draw(task.job) if task.made is None else task.made for task in tasks]

    def _send(self) -> None:
        while True:
            self._room.acquire()
            with self._changed:
                self._changed.wait_for(lambda: self._gone or self._todo)
                if self._gone:
                    return
                task = self._todo.popleft()
                self._sent.append(task)
            try:
                pickle.dump(task.job, self.process.stdin)
                self.process.stdin.flush()
            except OSError:
                return  # `_receive` sees that it is gone

    def _receive(self) -> None:
        try:
            while True:
                made = pickle.load(self.process.stdout)  # noqa: S301 (our own process)
                with self._changed:
                    self._sent.popleft().made = made
                    self._changed.notify_all()
                self._room.release()
        except (EOFError, OSError, ValueError, pickle.UnpicklingError):
            with self._changed:
                self._gone = True
                self._changed.notify_all()
            self._room.release()


def help_out() -> None:
    """What the second process does: gets ready, then draws each job that it reads, and writes what came of it."""
    warm = Sheet(WIDE)
    warm.text("words", 0, 0, "ready")
    render("warm", "", {"narrow": warm})
    answer = sys.stdout.buffer
    while True:
        try:
            job: Job | Plate = pickle.load(sys.stdin.buffer)  # noqa: S301 (our own process)
        except EOFError:
            return
        pickle.dump(_draw(job), answer)
        answer.flush()


# --- drawing ----------------------------------------------------------------------------------

SHARPNESS = 1.5
"""Pixels of a PNG for each of the picture: sharp on a phone, and a third less work than 2."""


def plate_key(plate: Plate) -> str:
    """Hash of all that goes into a PNG: the picture, and what draws it."""
    text = json.dumps([plate.svg, plate.zoom, raster.draws_with()])
    return f"png-{hashlib.sha256(text.encode()).hexdigest()}"


_BOLD = re.compile(r'(<text [^>]*font-size="([\d.]+)px" font-weight="700" fill="(#\w+)">)([^<]*)</text>')


def make_plate(standalone: str) -> Plate:
    """A chart to be made into a PNG. The one font for Han is thickened where words are bold, as on the share cards."""

    def thicken(found: re.Match[str]) -> str:
        runs = raster.split_by_font(unescape(found[4]), "bold")
        stroke = f' stroke="{found[3]}" stroke-width="{float(found[2]) * 0.035:.2f}"'
        spans = (f"<tspan{stroke if font == 'han' else ''}>{escape(text)}</tspan>" for font, text in runs)
        return f"{found[1]}{''.join(spans)}</text>" if any(font == "han" for font, _ in runs) else found[0]

    return Plate(_BOLD.sub(thicken, standalone), SHARPNESS)


def draw_plates(
    plates: Mapping[str, Plate], memory: Mapping[str, bytes], draw: Draw = draw_alone
) -> Callable[[], tuple[dict[str, bytes], dict[str, bytes]]]:
    """Begins PNGs of the plates, by path. What it returns waits for them, and gives them with what to remember."""
    keys = {path: plate_key(plate) for path, plate in plates.items()}
    known = {key: memory[key] for key in dict.fromkeys(keys.values()) if key in memory}
    new = {key: plates[path] for path, key in keys.items() if key not in known}
    waiting = draw(list(new.values()))

    def finish() -> tuple[dict[str, bytes], dict[str, bytes]]:
        made = {key: picture["png"] for key, picture in zip(new, waiting(), strict=True)}
        pngs = {**known, **made}
        return {path: pngs[key] for path, key in keys.items()}, pngs  # type: ignore[misc, return-value]

    return finish


def render(chart: str, alt: str, sheets: Mapping[str, Sheet]) -> Pictures:
    """Every sheet as SVG to be inlined, and the sheet `wide` with its headline as SVG and Vega-Lite to be downloaded.

    Raises `RuntimeError` when vl-convert answers with another picture than was asked for: after a failure in the same
    process it can, so its first error must end the build.
    """
    made: Pictures = {}
    for name, sheet in sheets.items():
        spec = compose_spec(chart, alt, sheet)
        svg = _paint(chart, spec)
        # nothing hovers over the narrow one, on a phone: what its marks stand for is in the table, and twice would weigh
        made[name] = tidy_svg(svg, f"{chart}-{name}", alt, inline=True, head=sheet.head, tips=name == "wide")
        if name == "wide":
            made["standalone"] = tidy_svg(svg, chart, alt, inline=False)
            made["spec"] = json.dumps(spec, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    return made


_WORDS = re.compile(r' font-size="0px"([^>]*)>(\d+)</text>')


def _paint(chart: str, spec: Mapping[str, Any]) -> str:
    """vl-convert's SVG of a spec.

    It gets a number of no size in the place of each line of words, and words and size are put in afterwards: else it
    measures every line with the fonts of the machine, though each has its place already. That takes ten times as long.
    """
    import vl_convert

    words: list[tuple[str, float]] = []
    layers = []
    for layer in spec["layer"]:
        mark, rows = layer["mark"], layer["data"]["values"]
        if mark["type"] == "text":
            numbered = [{**row, "text": str(number)} for number, row in enumerate(rows, len(words))]
            words += [(escape(row["text"]), mark["fontSize"]) for row in rows]
            layer = {**layer, "mark": {**mark, "fontSize": 0}, "data": {"values": numbered}}  # noqa: PLW2901
        layers.append(layer)
    svg = vl_convert.vegalite_to_svg({**spec, "layer": layers}, allowed_base_urls=[])
    missing = [layer["name"] for layer in layers if f"{_class(layer['name'])}_marks" not in svg]
    if missing or [found[1] for found in _WORDS.findall(svg)] != [str(number) for number in range(len(words))]:
        raise RuntimeError(f"vl-convert drew something else than {chart}: {', '.join(missing) or 'words'} not found")

    def put(found: re.Match[str]) -> str:
        text, size = words[int(found[2])]
        return f' font-size="{size}px"{found[1]}>{text}</text>'

    return _WORDS.sub(put, svg)


def _class(name: str) -> str:
    return re.sub(r"\W", "_", name)  # as Vega-Lite does


def compose_spec(chart: str, alt: str, sheet: Sheet, validate: bool = False) -> dict[str, Any]:
    """The sheet as Vega-Lite, made by Altair. Holding it to the schema costs a quarter of a second: the tests do that."""
    import altair
    from altair.utils.schemapi import debug_mode

    with debug_mode(False):  # once for the whole, not again for each part
        picture = altair.TopLevelLayerSpec(
            layer=[_compose_layer(altair, f"{chart}-{name}", layer) for name, layer in sheet.layers.items()],
            width=sheet.width,
            height=round(sheet.height),
            description=alt,
            padding=0,
            autosize=altair.AutoSizeParams(type="none"),
            background=COLOURS["bg"],
            resolve=altair.Resolve(scale=altair.ScaleResolveMap(x="independent", y="independent")),
            config=altair.Config(font=FONT, view=altair.ViewConfig(stroke=None)),
        )
    spec: dict[str, Any] = {"$schema": altair.SCHEMA_URL, **picture.to_dict(validate=validate)}
    for part, layer in zip(spec["layer"], sheet.layers.values(), strict=True):
        part["data"] = {"values": layer.rows}  # afterwards: the schema would be asked about each value
    return spec


def _compose_layer(altair: Any, name: str, layer: Layer) -> Any:
    mark = {"bar": "rect", "line": "rule", "text": "text", "dot": "point"}[layer.mark]
    tips = layer.mark in ("bar", "dot")
    style = {**layer.style, "type": mark, "aria": tips, "clip": False}
    if layer.mark == "text":
        style["font"] = FONT
    kind, scale = _compose_scale(altair, layer.axis)
    encoding: dict[str, Any] = {
        "x": altair.PositionFieldDef(field="x", type=kind, scale=scale, axis=None),
        "y": altair.PositionFieldDef(field="y", type="quantitative", scale=None, axis=None),
    }
    if layer.mark in ("bar", "line"):
        encoding |= {"x2": altair.SecondaryFieldDef(field="x2"), "y2": altair.SecondaryFieldDef(field="y2")}
    if layer.mark == "text":
        encoding["text"] = altair.FieldOrDatumDefWithConditionStringFieldDefText(field="text", type="nominal")
    if tips:
        encoding["description"] = altair.StringFieldDefWithCondition(field="tip", type="nominal")
    return altair.UnitSpec(
        name=name, data=altair.InlineData(values=[]), mark=altair.MarkDef(**style), encoding=altair.Encoding(**encoding)
    )


def _compose_scale(altair: Any, axis: Axis | None) -> tuple[str, Any]:
    if axis is None:
        return "quantitative", None
    ends: list[Any] = [axis.low, axis.high]
    if axis.kind == "time":
        parts = [tuple(map(int, end.split("-"))) for end in ends]
        ends = [altair.DateTime(year=year, month=month, date=day, utc=True) for year, month, day in parts]
        return "temporal", altair.Scale(type="utc", domain=ends, range=[axis.left, axis.right], nice=False)
    return "quantitative", altair.Scale(domain=ends, range=[axis.left, axis.right], nice=False, zero=False)


# --- tidying ----------------------------------------------------------------------------------

_MARGIN = 24
"""Around a picture that is downloaded."""
_SVG = "http://www.w3.org/2000/svg"
_VARIABLES = {value: f"var(--chart-{name}, {value})" for name, value in COLOURS.items()}


def tidy_svg(svg: str, prefix: str, alt: str, inline: bool, head: float = 0, tips: bool = True) -> str:
    """vl-convert's SVG made fit for a page: one image with one name, unique ids, tooltips, colours of the theme.

    `head` pixels are cut from its top, and the headline with them: the page has its own. Without `tips` it has no tooltips.
    """
    ElementTree.register_namespace("", _SVG)
    root = ElementTree.fromstring(svg)  # noqa: S314 (our own drawing, made a moment ago)
    _prune(root)
    ids: dict[str, str] = {}
    for element in root.iter():
        _tidy_element(element, inline, tips)
        if "id" in element.attrib:
            ids[element.attrib["id"]] = element.attrib["id"] = f"{prefix}-{len(ids)}"
    for element in root.iter():
        for key, value in element.attrib.items():
            element.set(key, re.sub(r"url\(#([^)]+)\)", lambda match: f"url(#{ids[match[1]]})", value))
    root.attrib.pop("version", None)
    for key, value in {"class": "chart", "role": "img", "aria-label": alt, "font-family": STACK}.items():
        root.set(key, value)
    for ground in root.findall(f"{{{_SVG}}}rect"):
        root.remove(ground)
    if head:
        _behead(root, head)
    if not inline:
        _frame(root)
    return ElementTree.tostring(root, encoding="unicode")


def _frame(root: ElementTree.Element) -> None:
    width, height = (int(float(root.attrib[side])) + 2 * _MARGIN for side in ("width", "height"))
    place = {"x": str(-_MARGIN), "y": str(-_MARGIN), "width": str(width), "height": str(height)}
    root.insert(0, ElementTree.Element(f"{{{_SVG}}}rect", {**place, "fill": COLOURS["bg"]}))
    root.attrib |= {"width": str(width), "height": str(height), "viewBox": f"{-_MARGIN} {-_MARGIN} {width} {height}"}


def _behead(root: ElementTree.Element, head: float) -> None:
    width, height = (float(root.attrib[side]) for side in ("width", "height"))
    for parent in list(root.iter()):
        for child in list(parent):
            if child.get("class", "").endswith("_headline"):
                parent.remove(child)
    root.attrib |= {"height": f"{height - head:g}", "viewBox": f"0 {head:g} {width:g} {height - head:g}"}


def _prune(element: ElementTree.Element) -> None:
    for child in list(element):
        if child.get("class") in ("background", "foreground"):
            element.remove(child)
        else:
            _prune(child)


def _tidy_element(element: ElementTree.Element, inline: bool, tips: bool) -> None:
    told = element.attrib.pop("aria-label", "")
    for key in ("role", "aria-roledescription", "aria-hidden", "pointer-events", "font-family"):
        element.attrib.pop(key, None)
    shape = element.tag in (f"{{{_SVG}}}path", f"{{{_SVG}}}line", f"{{{_SVG}}}rect")
    if told and shape and tips:
        title = ElementTree.Element(f"{{{_SVG}}}title")
        title.text = told
        element.insert(0, title)
    if "class" in element.attrib:
        name = element.attrib.pop("class").split()[-1]
        if name.endswith("_marks"):
            element.set("class", name.removesuffix("_marks"))
    for key in ("d", "transform", "x", "x2", "width"):
        if key in element.attrib:  # a hundredth of a pixel is finer than any screen
            element.set(key, re.sub(r"\d+\.\d{3,}", lambda match: f"{float(match[0]):.2f}", element.attrib[key]))
    for key in ("fill", "stroke", "stop-color"):
        value = element.get(key, "")
        if inline and value in _VARIABLES:
            element.set(key, _VARIABLES[value])
