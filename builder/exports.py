"""What machines and other newsrooms take away: tables, figures with their rows, charts, and the list of all files."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from builder import numerals
from builder.downloads import publish_data
from builder.drawing import Plate, make_plate
from builder.instants import format_instant
from builder.model import Content, Dataset, Drawing, Figure, Files, Interval, Language, Theme

LIMIT = "A label is the importer's own entry: it does not show who used the goods, nor what the exporter knew."


def make_exports(
    dataset: Dataset,
    content: Content,
    theme: Theme,
    figures: Mapping[str, Figure],
    drawings: Mapping[str, Mapping[str, Drawing]],
) -> dict[str, bytes]:
    """Every file of the site that is neither page nor asset, by path. `drawings` are by language."""
    files = publish_data(dataset)
    for code, language in content.languages.items():
        for figure in figures.values():
            folder = f"{code}/figures/{figure.id}"
            files[f"{folder}/rows.csv"] = _make_rows(dataset, figure)
            described = describe_figure(figure, language, _label(content, theme, code, figure))
            if _is_labelled(figure, figures):
                described["limit"] = LIMIT
            files[f"{folder}/figure.json"] = _as_json(described)
        for drawing in drawings.get(code, {}).values():
            folder = f"{code}/charts/{drawing.id}"
            files[f"{folder}/chart.svg"] = drawing.standalone.encode()
            files[f"{folder}/chart.vl.json"] = drawing.spec.encode()
            if drawing.view:
                files[f"{folder}/chart.vega.js"] = f"self.chartView = {drawing.view};\n".encode()
            files[f"{folder}/chart.csv"] = _as_csv(drawing.header, drawing.rows)
    return files


def make_plates(drawings: Mapping[str, Mapping[str, Drawing]]) -> dict[str, Plate]:
    """Of which pictures PNGs are made, by path: every chart of every language."""
    return {
        f"{code}/charts/{drawing.id}/chart.png": make_plate(drawing.standalone)
        for code, drawn in drawings.items()
        for drawing in drawn.values()
    }


def _label(content: Content, theme: Theme, code: str, figure: Figure) -> str:
    for language in (code, theme.first_language):
        words = content.figure_words.get(language, {}).get(figure.id, {})
        if "label" in words:
            return words["label"].plain
    return figure.id


def describe_figure(figure: Figure, language: Language, label: str) -> dict[str, Any]:
    """A figure for machines: as it is told, its limits, the rows and sources that it stands on."""
    described: dict[str, Any] = {
        "id": figure.id,
        "label": label,
        "language": language.code,
        "told": numerals.format_told(figure.told, language) if figure.told else None,
        "interval": _limits(figure.interval),
        "unit": figure.definition.unit,
        "definition": _definition(figure),
        "rows": {
            "table": figure.selection.table,
            "full": list(figure.selection.full),
            "partial": [{"row": row, "why": why} for row, why in figure.selection.partial],
            "inside": [{"row": row, "group": group} for row, group in figure.selection.inside],
        },
        "sources": list(figure.sources),
        "reporters": list(figure.reporters),
    }
    if figure.day:
        described["day"] = figure.day
    return described


def _is_labelled(figure: Figure, figures: Mapping[str, Figure]) -> bool:
    """True when the figure, or a part of it, counts by the label of war use."""
    own = any(column == "label" and "war_use" in values for column, values in figure.definition.where)
    return own or any(_is_labelled(figures[part], figures) for part in figure.definition.parts if part in figures)


def _definition(figure: Figure) -> dict[str, Any]:
    definition = figure.definition
    if definition.parts:
        return {definition.measure: list(definition.parts)}
    out: dict[str, Any] = {definition.measure: definition.column, "of": definition.of}
    out["where"] = {column: list(values) for column, values in definition.where}
    if definition.between:
        out["between"] = "..".join(definition.between)
    return out


def _limits(interval: Interval) -> dict[str, Any]:
    return {
        "low": _number(interval.low),
        "high": _number(interval.high),
        "low_excluded": interval.low_open,
        "high_excluded": interval.high_open,
    }


def _number(value: Fraction | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value.denominator == 1 else float(value)


def _make_rows(dataset: Dataset, figure: Figure) -> bytes:
    table = dataset.tables.get(figure.selection.table)
    if table is None:
        return _as_csv(("figure",), [(part,) for part in figure.definition.parts])
    header = ["counted", *(column.name for column in table.columns)]
    counted = dict.fromkeys(figure.selection.full, "fully")
    counted |= {row: f"possibly: {why}" for row, why in figure.selection.partial}
    counted |= {row: f"in {group}" for row, group in figure.selection.inside}
    rows = [(counted[row], *(table.rows[row].cells[name] for name in header[1:])) for row in counted]
    if "label" in header:  # wherever a label of war use goes, its limit goes along
        header.append("limit")
        rows = [(*cells, LIMIT if cells[header.index("label")] == "war_use" else "") for cells in rows]
    return _as_csv(header, rows)


def _as_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([_inert(cell) for cell in row] for row in (header, *rows))
    return out.getvalue().encode()


def _inert(cell: str) -> str:
    """Spreadsheets run a cell that begins like a formula; a space before it keeps it text."""
    number = re.fullmatch(r"-[\d,.]+", cell)
    return f" {cell}" if cell[:1] in ("=", "+", "@", "-", "\t", "\r") and not number else cell


def _as_json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def make_manifest(
    sources: Files, files: Mapping[str, bytes], versions: Mapping[str, str], at: datetime | None = None
) -> bytes:
    """sha256 of every input that readers may know of and of every output, and what made the one from the other.

    The instant of the build is an input too, where it was given.
    """

    def hashes(of: Mapping[str, bytes]) -> dict[str, str]:
        return {path: hashlib.sha256(raw).hexdigest() for path, raw in sorted(of.items())}

    told = {"made_with": dict(sorted(versions.items())), "inputs": hashes(sources), "outputs": hashes(files)}
    return _as_json({**told, "at": format_instant(at)} if at else told)
