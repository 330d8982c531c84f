"""JSON Schemas of what authors write, made from the same nouns and tables that read it: editors tell a slip while it is typed.

A schema knows no data: that an id exists, or a number is right, `declared check` tells. In YAML `1` is a number to an
editor and a text to us, so wherever a text may stand, the schemas let any one value stand.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, get_args

from builder import content, datapackage, documents, theme
from builder.content import TRANSLATES, LanguageFile, MadeFrom
from builder.model import ClaimFront, FigureDefinition, Files, Measure, PageFront

Schema = dict[str, Any]

FOLDER = "schemas/"
"""Where they lie, from the builder's folder."""
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ANY_TEXT = ["string", "number", "boolean", "null"]
"""What an editor may take a text of ours for; an empty one is null to it."""

MEASURES: Mapping[Measure, str] = {
    "sum": "Adds up a column of numbers.",
    "count": "Counts the rows: its column is id.",
    "count_distinct": "Counts how many different values a column has.",
    "min": "The least number or the first day of a column.",
    "max": "The greatest number or the last day of a column.",
    "first": "The first day of a column.",
    "last": "The last day of a column.",
    "value": "The number of one row, chosen by its id.",
    "ratio": "The first figure divided by the second.",
    "difference": "The first figure less the second.",
}
"""What each measure of a figure does."""
WORDS = {
    "label": "What the figure is called.",
    "about": "What it counts, and what it cannot tell.",
    "title": "The finding of the chart.",
    "alt": "What it shows, for those who cannot see it.",
    "caption": "What stands under it.",
    "how": "How to read it.",
    "words": "The words inside the picture, plain text; table names the columns of the table under it, split by |.",
}
"""What is said about a figure or a chart."""
STAMP = "Hash of the words that this was translated from: the check tells it."


def make_schemas() -> dict[str, Schema]:
    """Every schema, by the name of its file."""
    return {
        "claim": _claim(),
        "claim-translation": _translation(_claim(), content.CLAIM_TEXTS, _noun(MadeFrom)),
        "page": _page(),
        "page-translation": _translation(_page(), content.PAGE_TEXTS, _text(STAMP)),
        "figures": _figures(),
        "site": _titled(_noun(theme.Settings), "Settings of the site"),
        "words": _titled(_noun(LanguageFile), "Words of a language"),
        "figure-words": _by_id("Words for figures", _words("figure")),
        "chart-words": _by_id("Words for charts", _words("chart")),
        "record-words": _by_id("Words for rows of the data", _texts(_columns())),
    }


def format_schemas() -> Files:
    """The files of `schemas/`, by their path from the builder's folder."""
    return {f"{FOLDER}{name}.json": _format(schema) for name, schema in make_schemas().items()}


def _format(schema: Schema) -> bytes:
    return (json.dumps({"$schema": DIALECT, **schema}, ensure_ascii=False, indent=2) + "\n").encode()


# --- nouns -------------------------------------------------------------------------------------


def _noun(kind: Any) -> Schema:
    """The schema of a noun: pydantic's, opened for what editors make of YAML, and without what an author need not see."""
    told: Schema = _open(documents.json_schema(kind))
    return told


def _open(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_open(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    out = {
        key: _open(part) for key, part in schema.items() if key not in ("title", "default") or isinstance(part, dict)
    }
    if isinstance(out.get("description"), str):
        out["description"] = out["description"].replace("`", "")
    if "enum" in out:
        empty = [None] if {"", "null"} & set(out["enum"]) else []
        return {key: part for key, part in out.items() if key != "type"} | {"enum": [*out["enum"], *empty]}
    return out | {"type": _ANY_TEXT} if out.get("type") == "string" else out


def _titled(schema: Schema, title: str) -> Schema:
    return {"title": title, **schema}


def _claim() -> Schema:
    return _titled(_noun(ClaimFront), "Front matter of a claim")


def _page() -> Schema:
    return _titled(_noun(PageFront), "Front matter of a standing page")


# --- translations ------------------------------------------------------------------------------


def _translation(original: Schema, texts: Mapping[str, bool], stamp: Schema) -> Schema:
    """Of the original's fields those that are texts, and from which words they were made."""
    fields: Schema = {TRANSLATES: stamp}
    for role in texts:
        if role not in content.HISTORY_TEXTS:
            _grow(fields, role.split("."), original, original)
    title = f"{original['title']}, translated"
    return _object(fields, title=title, required=[TRANSLATES])


def _grow(fields: Schema, role: list[str], original: Schema, whole: Schema) -> None:
    """Adds the field of a role such as `because.*.shows` to the fields of a translation."""
    name, *rest = role
    told = resolve(_find(original, name, whole), whole)
    if not rest:
        fields[name] = _text(told.get("description", ""))
    elif rest == ["*"]:
        fields[name] = _described({"type": "array", "items": _text("")}, told)
    elif rest[0] == "*":
        made = fields.setdefault(name, _described({"type": "array", "items": _object({})}, told))
        _grow(made["items"]["properties"], rest[1:], told["items"], whole)
    else:
        made = fields.setdefault(name, _described(_object({}), told))
        _grow(made["properties"], rest, told, whole)


def _find(schema: Schema, name: str, whole: Schema) -> Schema:
    """The schema of a field: behind a reference, or in the first of several nouns that has it."""
    nouns = (resolve(each, whole) for each in schema.get("anyOf", [schema]))
    return next(noun["properties"][name] for noun in nouns if name in noun["properties"])


def resolve(schema: Schema, whole: Schema) -> Schema:
    """The schema behind a reference; the words beside the reference go before its own."""
    if "$ref" not in schema:
        return schema
    return {**whole["$defs"][schema["$ref"].rpartition("/")[2]], **{k: v for k, v in schema.items() if k != "$ref"}}


# --- files that are read by hand ----------------------------------------------------------------


def _figures() -> Schema:
    """`data/figures.yaml`, from the tables that `datapackage` holds it to."""
    told = documents.json_schema(FigureDefinition)["properties"]
    words = {name: told.get(name, {}).get("description", "").replace("`", "") for name in datapackage.FIGURE_FIELDS}
    fields = _texts({name: words[name] for name in ("of", "unit", "disjoint", "overlapping", "intended")})["properties"]
    value = {"anyOf": [_text(""), {"type": "array", "items": _text("")}]}
    fields["where"] = _described({"type": "object", "additionalProperties": value}, {"description": words["where"]})
    fields["between"] = {
        "type": "string",
        "pattern": r"^\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d$",
        "description": words["between"],
    }
    pair = {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2}
    for name, meaning in MEASURES.items():
        two = name in ("ratio", "difference")
        fields[name] = {**(pair if two else {"type": "string"}), "description": meaning}
    ordered = {name: fields[name] for name in datapackage.FIGURE_FIELDS}
    entry = _object(ordered) | {"oneOf": [{"required": [name]} for name in get_args(Measure)]}
    return _by_id("Figures", entry, "^[a-z][a-z0-9_]*$")


def _words(kind: str) -> Schema:
    """The words for one figure or chart, from the table of their texts."""
    fields: Schema = {}
    for role in content.WORDS_TEXTS[kind]:
        name, *rest = role.split(".")[1:]
        field = {"type": "object", "additionalProperties": _text("")} if rest else _text("")
        fields[name] = _described(field, {"description": WORDS[name]})
    return _object({**fields, TRANSLATES: _text(STAMP)})


def _columns() -> dict[str, str]:
    quoted = {"translation": "The quoted words."}
    return {name: quoted.get(name, f"The column {name} of the row, in this language.") for name in content.RECORD_TEXTS}


# --- pieces ------------------------------------------------------------------------------------


def _text(description: str) -> Schema:
    return _described({"type": _ANY_TEXT}, {"description": description})


def _described(schema: Schema, told: Schema) -> Schema:
    return schema | ({"description": told["description"]} if told.get("description") else {})


def _texts(fields: Mapping[str, str]) -> Schema:
    return _object({name: _text(description) for name, description in fields.items()})


def _object(fields: Schema, **more: Any) -> Schema:
    return {**more, "type": "object", "additionalProperties": False, "properties": fields}


def _by_id(title: str, entry: Schema, pattern: str = "") -> Schema:
    names = {"propertyNames": {"pattern": pattern}} if pattern else {}
    return {"title": title, "type": "object", **names, "additionalProperties": entry}
