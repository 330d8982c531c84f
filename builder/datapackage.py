"""Reads `data/`: the tables as `datapackage.json` declares them, and the definitions of the figures.

The csv module reads first, because it knows lines and ragged rows; the declared type makes each cell a value.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any, cast, get_args

from builder import documents, slips
from builder.diagnostics import Diagnostic, nearest, problem
from builder.documents import Node
from builder.intervals import read_amount
from builder.memo import remembered
from builder.model import (
    RECORDS,
    Bound,
    Column,
    Dataset,
    FigureDefinition,
    Files,
    Location,
    Measure,
    Row,
    Table,
    Text,
)

PACKAGE = "data/datapackage.json"
FIGURES = "data/figures.yaml"
LONGEST_QUOTATION = 60
"""Words of any one text that may be quoted."""
MEASURES = get_args(Measure)
"""Of which a figure has exactly one."""
_WRITTEN_BOUNDS = tuple(bound for bound in get_args(Bound) if bound != "range")
_TYPES = ("string", "date", "integer", "number", "list")
_NUMBERS = ("integer", "number")
MEASURED = {
    **dict.fromkeys(("sum", "value"), _NUMBERS),
    **dict.fromkeys(("min", "max"), (*_NUMBERS, "date")),
    **dict.fromkeys(("first", "last"), ("date",)),
}
"""Types of the columns that a measure can take; the others take any."""
_NUMBER = r"-?\d{1,18}(\.\d{1,9})?"
_NEEDED = {
    "shipments": "record part_of sources date_from date_to origin dispatch destination exporter importer maker category "
    "outcome declarations units value currency label label_text label_lang",
    "totals": "measure scope basis category origin destination date_from date_to value unit sources",
    "statements": "date precision speaker speaker_original office entity side about denial occasion kind original "
    "language english translator gist sources confidence",
    "events": "date date_to precision kind actor what sources",
    "sources": "kind publisher title published url archive_url language seen reports_on withdrawn withdrawn_why gone",
    "entities": "name name_original name_language kind public_role sources",
    "conflicts": "subject question values sources chosen reason",
    "ledger": "row",
    "removals": "table date why",
}
"""Columns that pages, charts and checks ask for by name."""
_KINDS = {
    "date": "a date like 2023-04-19",
    "integer": "a whole number in digits",
    "number": "a number in digits, with a point for decimals",
}


def read_dataset(files: Files) -> tuple[Dataset | None, list[Diagnostic]]:
    """All of `data/`, and everything that is wrong with it; None when nothing can be read at all."""
    dataset, problems = _read_dataset(tuple((path, raw) for path, raw in files.items() if path.startswith("data/")))
    return dataset, list(problems)


@remembered(most=4)
def _read_dataset(items: tuple[tuple[str, bytes], ...]) -> tuple[Dataset | None, list[Diagnostic]]:
    files = dict(items)
    if PACKAGE not in files:
        return None, [problem("D001", Location(PACKAGE), path=PACKAGE)]
    package, problems = _read_package(files[PACKAGE])
    if package is None:
        return None, problems
    tables = {}
    for resource in package["resources"]:
        table, found = _read_table(resource, files)
        problems += found
        if table:
            tables[table.name] = table
    if len(tables) < len(package["resources"]):
        return None, problems
    problems += _check_declared(files, package)
    definitions, found = _read_definitions(files, tables)
    problems += found
    dataset = Dataset(tables, definitions, package, files)
    dataset = replace(dataset, withdrawn=_find_withdrawn(dataset))
    problems += [found for check in _CHECKS for found in check(dataset)]
    return dataset, problems


def _find_withdrawn(dataset: Dataset) -> frozenset[str]:
    """The sources that are marked as withdrawn, and those that repeat one of them."""
    sources = dataset.tables["sources"].rows if "sources" in dataset.tables else {}
    marked = {name for name, row in sources.items() if row.values.get("withdrawn")}
    return frozenset(name for name in sources if not marked.isdisjoint(dataset.chain(name))) if marked else frozenset()


def _read_package(raw: bytes) -> tuple[dict[str, Any] | None, list[Diagnostic]]:
    text, problems = documents.decode(PACKAGE, raw)
    if text is None:
        return None, problems
    try:
        package = json.loads(text, object_pairs_hook=_without_doubles, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        return None, [*problems, _not_json(error)]
    except (ValueError, RecursionError) as error:
        why = "it is nested too deep" if isinstance(error, RecursionError) else str(error)
        return None, [*problems, problem("D004", Location(PACKAGE), why=why, hint="Mend it in datapackage.json.")]
    message = _find_fault(package)
    if message:
        return None, [
            *problems,
            problem("D020", Location(PACKAGE), message=message, hint="Mend it in datapackage.json."),
        ]
    return package, problems + _check_texts(package)


_JSON_WORDS = {
    "Expecting value": "a value is missing before this place, or a comma too many stands there",
    "Expecting ',' delimiter": "a comma or a bracket is missing before this place, or a bracket too many stands here",
    "Expecting ':' delimiter": "a colon is missing before this place",
    "Expecting property name": "a name in double quotes must stand here; most often a comma too many stands before it",
    "Invalid control character": "the quote that is opened on this line is not closed on it",
    "Unterminated string": "the quote that is opened here is never closed",
    "Invalid \\escape": "a backslash must be doubled",
    "Extra data": "the text goes on after its last bracket",
    "Illegal trailing comma": "a comma too many stands before a closing bracket",
}


def _not_json(error: json.JSONDecodeError) -> Diagnostic:
    why = next((words for said, words in _JSON_WORDS.items() if error.msg.startswith(said)), error.msg)
    here = error.doc[error.pos : error.pos + 1]
    odd = slips.name_odd(here, "")
    why = "a quote that is not straight stands here" if odd else why
    hint = f"Write a straight quote.{odd}" if odd else "Mend the comma, quote or bracket."
    return problem("D004", Location(PACKAGE, error.lineno, error.colno), why=why, hint=hint)


def _check_texts(package: Any) -> list[Diagnostic]:
    """Characters that a code of JSON hides from the eye, or that are none."""
    texts: list[str] = []
    waiting = [package]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str):
            texts.append(value)
    return [
        problem("D030", Location(PACKAGE), name=name) for text in texts for _, name in documents.find_invisible(text)
    ]


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f'the key "{key}" is written twice in one place')
        found[key] = value
    return found


def _find_fault(package: Any) -> str:
    """What the package lacks for its tables to be read, in a sentence; empty when nothing."""
    resources = package.get("resources") if isinstance(package, dict) else None
    if not isinstance(resources, list) or not resources:
        return "The package declares no resources."
    if not _is_day(str(package.get("created", "2000-01-01"))[:10]):
        return f'The package was created on "{package["created"]}", which is not a date.'
    licences = package.get("licenses", [])
    if not isinstance(licences, list) or not all(_is_licence(each) for each in licences):
        return "The licenses of the package must be a list, each with texts in name, title and path."
    for resource in resources:
        if not isinstance(resource, dict) or not {"name", "path", "schema"} <= resource.keys():
            return "A resource needs name, path and schema."
        if fault := _find_resource_fault(resource):
            return fault
        fields = resource["schema"].get("fields") if isinstance(resource["schema"], dict) else None
        if not isinstance(fields, list) or not all(isinstance(item, dict) and item.get("name") for item in fields):
            return f"The schema of {resource['name']} needs its fields, each with a name."
        names = {str(item["name"]) for item in fields}
        if lacking := [name for name in ("id", *_NEEDED.get(resource["name"], "").split()) if name not in names]:
            return f"The table {resource['name']} needs a column {lacking[0]}."
        for item in fields:
            if fault := _find_field_fault(item, names, resources):
                return f"The column {item['name']} of {resource['name']} {fault}."
    if len({str(resource["name"]) for resource in resources}) < len(resources):
        return "Two resources have the same name."
    return ""


def _is_licence(licence: Any) -> bool:
    return isinstance(licence, dict) and all(isinstance(licence.get(key, ""), str) for key in ("name", "title", "path"))


def _find_resource_fault(resource: Mapping[str, Any]) -> str:
    name, path = resource["name"], resource["path"]
    if not isinstance(name, str) or not re.fullmatch(documents.SLUG, name):
        return f'The name "{name}" of a resource must be small letters, digits and single hyphens.'
    if not isinstance(path, str) or not re.fullmatch(r"[\w-]+\.csv", path):
        return f"The path of {name} must be the name of a CSV file that lies in data/ itself."
    if not all(isinstance(resource.get(key, ""), str) for key in ("title", "description")):
        return f"The title and the description of {name} must be texts."
    return ""


def _find_field_fault(item: Mapping[str, Any], names: set[str], resources: list[Any]) -> str:
    texts = ("name", "title", "description", "delimiter", "refersTo", "missingMeans", "unit")
    if not all(isinstance(item.get(key, ""), str) for key in texts):
        return f"must have texts in {', '.join(texts)}"
    if item.get("refersTo") and item["refersTo"] not in [each.get("name") for each in resources]:
        return f"refers to {item['refersTo']}, which is not declared"
    if item.get("type", "string") not in _TYPES:
        return f"has the type {item['type']}, which is none of {', '.join(_TYPES)}"
    if item.get("amount") and not {f"{item['name']}_{part}" for part in ("bound", "said", "low", "high")} <= names:
        return "is an amount, and lacks one of its columns _bound, _said, _low and _high"
    base = str(item["name"]).removesuffix("_low").removesuffix("_high")
    if (item.get("amount") or (base != item["name"] and f"{base}_bound" in names)) and item.get("type") not in _NUMBERS:
        return "must be a number: it is an amount, or a limit of one"
    limits = item.get("constraints", {})
    if not isinstance(limits, dict) or not isinstance(limits.get("enum", []), list):
        return "has constraints that cannot be read"
    if not all(isinstance(value, str) for value in limits.get("enum", [])):
        return "allows values that are no texts"
    try:
        re.compile(limits.get("pattern", ""))
    except (re.error, TypeError) as error:
        return f"has a pattern that is not a regular expression: {error}"
    return ""


def _read_columns(schema: Mapping[str, Any]) -> tuple[Column, ...]:
    out = []
    for item in schema["fields"]:
        limits = item.get("constraints", {})
        pattern = documents.SLUG if item["name"] == "id" else limits.get("pattern", "")  # an id becomes an address
        out.append(
            Column(
                item["name"],
                item.get("type", "string"),
                item.get("title", item["name"]),
                item.get("description", ""),
                bool(limits.get("required")),
                bool(limits.get("unique")),
                tuple(limits.get("enum", ())),
                pattern,
                item.get("delimiter", ""),
                item.get("refersTo", ""),
                bool(item.get("amount")),
                item.get("missingMeans", ""),
                item.get("unit", ""),
            )
        )
    return tuple(out)


def _check_declared(files: Files, package: Mapping[str, Any]) -> list[Diagnostic]:
    """What lies in `data/` and no resource declares, such as a delivery that nobody may publish."""
    known = {PACKAGE, FIGURES, *(f"data/{resource['path']}" for resource in package["resources"])}
    stray = [path for path in sorted(files) if path.startswith("data/") and path not in known]
    return [problem("D032", Location(path), path=path) for path in stray if not path.endswith(documents.README)]


# --- tables ------------------------------------------------------------------------------------


def _split_lines(text: str) -> list[tuple[int, list[str], list[int]]]:
    """Rows of a CSV text: the line on which each begins, its cells, and the column where each cell begins."""
    lines = text.split("\n")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    out: list[tuple[int, list[str], list[int]]] = []
    done = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return out
        except csv.Error as error:
            raise _UnreadableError(done + 1, str(error)) from None
        first, done = done + 1, reader.line_num
        if not cells:
            continue
        columns, cursor = [], 0
        head = lines[first - 1]
        for cell in cells:
            columns.append(cursor + 1)
            written = len(cell)
            if head[cursor : cursor + 1] == '"':
                columns[-1] += 1
                written = len(cell.replace('"', '""')) + 2
            cursor += written + 1
        out.append((first, cells, columns))


class _UnreadableError(Exception):
    """A table that is no CSV: the line of the row that cannot be read, and why."""


def _read_table(resource: Mapping[str, Any], files: Files) -> tuple[Table | None, list[Diagnostic]]:
    path = f"data/{resource['path']}"
    if path not in files:
        return None, [problem("D001", Location(path), path=path)]
    text, problems = documents.decode(path, files[path])
    if text is None:
        return None, problems
    try:
        lines = _split_lines(text)
    except _UnreadableError as error:
        line, why = error.args
        slip = slips.find_csv_slip(text.split("\n")[line - 1])
        if slip is None:
            slip = slips.Slip(0, 1, f"The row cannot be read: {why}.", "Look at its quotes.")
        place, length = Location(path, line, slip.start + 1), slip.end - slip.start
        return None, [*problems, problem("D020", place, length, message=slip.why, hint=slip.cure)]
    columns = _read_columns(resource["schema"])
    declared = [column.name for column in columns]
    header = lines[0][1] if lines else []
    if header != declared:
        return None, [*problems, _header_problem(path, header, declared, [cells for _, cells, _ in lines[1:2]])]
    rows: dict[str, Row] = {}
    for line, cells, starts in lines[1:]:
        if len(cells) != len(declared):
            problems.append(_ragged_problem(path, line, columns, cells, starts))
            continue
        if not any(cells):
            hint = "Delete the line: spreadsheets leave such rows."
            problems.append(problem("D020", Location(path, line), message="The row is empty.", hint=hint))
            continue
        row, found = _read_row(resource["name"], path, line, columns, cells, starts)
        problems += found
        if row.id in rows:
            place = Location(path, line, starts[declared.index("id")])
            problems.append(problem("D009", place, len(row.id), id=row.id, line=rows[row.id].line))
            continue
        rows[row.id] = row
    title = resource.get("title", resource["name"])
    return Table(resource["name"], path, title, resource.get("description", ""), columns, rows), problems


def _ragged_problem(
    path: str, line: int, columns: tuple[Column, ...], cells: list[str], starts: list[int]
) -> Diagnostic:
    """At the cell that was cut at its comma where one begins with a space, else at the first that does not fit its column."""
    words = {"found": len(cells), "declared": len(columns)}
    cut = next((at for at in range(1, len(cells)) if cells[at][:1] == " " and cells[at].strip()), 0)
    if cut and len(cells) > len(columns):
        end = next((at for at in range(cut, len(cells)) if cells[at][:1] != " "), len(cells))
        whole = ",".join(cells[cut - 1 : end])
        hint = f'A cell that holds a comma must stand in double quotes: "{whole}"'
        return problem("D006", Location(path, line, starts[cut - 1]), len(whole), hint=hint, **words)
    misfit = next(
        (
            at
            for at, (column, cell) in enumerate(zip(columns, cells, strict=False))
            if _read_cell(column, cell, Location(path, line))[1]
        ),
        min(len(cells), len(columns)) - 1,
    )
    hint = "A cell that holds a comma must stand in double quotes; an empty cell still needs its comma."
    hint += f' The first cell that does not fit its column stands under "{columns[misfit].name}".'
    return problem("D006", Location(path, line, starts[misfit]), len(cells[misfit]), hint=hint, **words)


def _header_problem(path: str, header: list[str], declared: list[str], following: list[list[str]]) -> Diagnostic:
    if declared in following:
        hint = "Take this line out: the names of the columns must stand first."
        return problem(
            "D005", Location(path), len(",".join(header)), found="no names of columns", declared="them", hint=hint
        )
    if sorted(header) == sorted(declared):
        at = next(at for at, name in enumerate(header) if name != declared[at])
        place = Location(path, 1, sum(len(cell) + 1 for cell in header[:at]) + 1)
        words = {"found": f'the column "{header[at]}"', "declared": f'the column "{declared[at]}"'}
        hint = f"Put the columns back in their order: {','.join(declared)}"
        return problem("D005", place, len(header[at]), hint=hint, **words)
    for i, name in enumerate(header):
        if i == 0 and any(mark in name for mark in ";\t|"):
            hint = "The cells are divided by another mark: save the file with commas."
            return problem(
                "D005", Location(path), len(name), found="one column only", declared=len(declared), hint=hint
            )
        if i >= len(declared) or name != declared[i]:
            wanted = f'the column "{declared[i]}"' if i < len(declared) else "no further column"
            place = Location(path, 1, sum(len(cell) + 1 for cell in header[:i]) + 1)
            hint = "Take the column out, or declare it in datapackage.json."
            if name in declared and i < len(declared) and declared[i] not in header:
                hint = f'Put the column "{declared[i]}" back before it; its cells may be empty.'
            elif i < len(declared) and len(header) == len(declared):
                hint = f'Write "{declared[i]}".'
            return problem("D005", place, len(name), found=f'the column "{name}"', declared=wanted, hint=hint)
    missing = ", ".join(declared[len(header) :])
    place = Location(path, 1, len(",".join(header)) + 1)
    hint = "Put the column back; its cells may be empty."
    return problem("D005", place, found="no further column", declared=missing, hint=hint)


def _read_row(
    table: str, path: str, line: int, columns: tuple[Column, ...], cells: list[str], starts: list[int]
) -> tuple[Row, list[Diagnostic]]:
    by_name = dict(zip((column.name for column in columns), cells, strict=True))
    places = dict(zip((column.name for column in columns), starts, strict=True))
    values: dict[str, Any] = {}
    problems: list[Diagnostic] = []
    for column in columns:
        values[column.name], found = _read_cell(column, by_name[column.name], Location(path, line, places[column.name]))
        problems += found
    for column in columns:
        if column.amount:
            values[column.name], found = _read_amount_cell(column.name, by_name, values, places, path, line)
            problems += found
    return Row(table, by_name.get("id", str(line)), line, by_name, values, places), problems


def _read_cell(column: Column, cell: str, place: Location) -> tuple[Any, list[Diagnostic]]:
    if cell != cell.strip():
        hint = "Take the spaces at its ends out."
        return None, [problem("D007", place, len(cell), value=cell, kind="a clean cell", hint=hint)]
    if not cell:
        return None if not column.delimiter else (), (
            [problem("D008", place, column=column.name)] if column.required else []
        )
    if cell[0] in "=+@" or (cell[0] == "-" and not re.fullmatch(_NUMBER, cell, re.ASCII)):
        return None, [problem("D031", place, sign=f'"{cell[0]}"')]
    if column.enum and cell not in column.enum:
        hint = nearest(cell, column.enum, "It is one of: " + ", ".join(column.enum) + ".")
        return None, [problem("D007", place, len(cell), value=cell, kind=f"a value of {column.name}", hint=hint)]
    if column.pattern and not re.fullmatch(column.pattern, cell):
        hint = f"{column.title}: {column.description or column.pattern}"
        if column.pattern == documents.SLUG:
            better = re.sub(r"[^a-z0-9]+", "-", cell.lower()).strip("-")
            hint = f'Write "{better}": small letters, digits and single hyphens.'
        return None, [problem("D007", place, len(cell), value=cell, kind=f"of the form of {column.name}", hint=hint)]
    if column.delimiter:
        return tuple(part.strip() for part in cell.split(column.delimiter) if part.strip()), []
    if column.type == "date":
        if not _is_day(cell):
            hint = "Leave it empty if it is not known."
            return None, [_wrong(cell, column, place, f"{slips.suggest_day(cell)} {hint}")]
        return cell, []
    if column.type in ("integer", "number"):
        pattern = r"-?\d{1,18}" if column.type == "integer" else _NUMBER
        if not re.fullmatch(pattern, cell, re.ASCII):
            return None, [_wrong(cell, column, place, slips.suggest_number(cell))]
        return Fraction(cell), []
    return cell, []


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _wrong(cell: str, column: Column, place: Location, hint: str) -> Diagnostic:
    return problem("D007", place, len(cell), value=cell, kind=_KINDS[column.type], hint=hint)


def _read_amount_cell(
    name: str, cells: Mapping[str, str], values: Mapping[str, Any], places: Mapping[str, int], path: str, line: int
) -> tuple[Any, list[Diagnostic]]:
    """The number, its bound, the source's words and the editor's limits as one Amount."""
    if values[name] is None:
        return None, []
    bound = cells[f"{name}_bound"]
    if bound not in _WRITTEN_BOUNDS:
        return None, [] if bound else [problem("D011", Location(path, line, places[f"{name}_bound"]), column=name)]
    amount = read_amount(cells[name], bound, cells[f"{name}_said"], values[f"{name}_low"], values[f"{name}_high"])  # type: ignore[arg-type]
    if min(amount.value, values[f"{name}_low"] or 0) < 0:
        hint = "Nothing here is counted below nothing: mend the number, or say in the note what it means."
        kind = "a number from 0 upwards"
        return None, [
            problem(
                "D007", Location(path, line, places[name]), len(cells[name]), value=cells[name], kind=kind, hint=hint
            )
        ]
    low, high = amount.interval.low, amount.interval.high
    if low is not None and high is not None and low > high:
        place = Location(path, line, places[f"{name}_low"])
        return None, [problem("D012", place, low=f"{float(low):g}", high=f"{float(high):g}")]
    return amount, []


# --- figures -----------------------------------------------------------------------------------

FIGURE_FIELDS = (*MEASURES, "of", "where", "between", "unit", "disjoint", "overlapping", "intended")
"""What a figure of `figures.yaml` may say."""


def _read_definitions(
    files: Files, tables: Mapping[str, Table]
) -> tuple[dict[str, FigureDefinition], list[Diagnostic]]:
    if FIGURES not in files:
        return {}, [problem("D001", Location(FIGURES), path=FIGURES)]
    tree, problems = documents.read_yaml(FIGURES, files[FIGURES])
    if tree is None or not isinstance(tree.value, dict):
        if tree is not None or not problems:
            problems.append(documents.unreadable(Location(FIGURES), "it must list figures by their ids"))
        return {}, problems
    definitions = {}
    for figure_id, node in tree.value.items():
        definition, found = _read_definition(figure_id, node, tree.keys[figure_id], tables)
        problems += found
        if definition:
            definitions[figure_id] = definition
    for definition in definitions.values():
        for part in definition.parts:
            if part not in tree.value:
                hint = nearest(part, tree.value, "Declare it first.")
                why = f'builds on "{part}", which is not declared'
                place = _place_of_part(tree.value[definition.id].value[definition.measure], part)
                problems.append(problem("D021", place, len(part), id=definition.id, why=why, hint=hint))
    return definitions, problems


def _place_of_part(listed: Node, part: str) -> Location:
    return next((node.location for node in documents.items(listed) if documents.plain(node) == part), listed.location)


def _read_definition(
    figure_id: str, node: Node, place: Location, tables: Mapping[str, Table]
) -> tuple[FigureDefinition | None, list[Diagnostic]]:
    def wrong(why: str, hint: str, at: Node | Location = place) -> Diagnostic:
        text = at.value.value if isinstance(at, Node) and isinstance(at.value, Text) else ""
        length = len(text) if text else len(figure_id) if at is place else 1
        return problem("D021", at.location if isinstance(at, Node) else at, length, id=figure_id, why=why, hint=hint)

    if not isinstance(node.value, dict):
        return None, [wrong("has no fields", "Give its measure, its table and its rows; copy a neighbour.")]
    problems = [
        problem(
            "C003",
            node.keys[key],
            len(key),
            key=key,
            hint=nearest(key, FIGURE_FIELDS, "One of: " + ", ".join(FIGURE_FIELDS) + "."),
        )
        for key in node.value
        if key not in FIGURE_FIELDS
    ]
    if not re.fullmatch(r"[a-z][a-z0-9_]*", figure_id):
        better = re.sub(r"[^a-z0-9]+", "_", figure_id.lower()).strip("_")
        problems.append(wrong("has an id with other than small letters, digits and _", f'Write "{better}".'))
    measures = [key for key in node.value if key in MEASURES]
    if problems and not measures and all(found.code == "C003" for found in problems):
        return None, problems  # the measure is most likely what is misspelt
    if len(measures) != 1:
        return None, [
            *problems,
            wrong(f"has {len(measures)} measures", "Give exactly one: " + ", ".join(MEASURES) + "."),
        ]
    measure = cast(Measure, measures[0])
    words = {key: str(n.value) for key, n in node.value.items() if isinstance(n.value, Text)}
    for key in ("unit", "disjoint", "overlapping", "intended"):
        if key in node.value and key not in words:
            problems.append(wrong(f"has no text as its {key}", "Write one word or sentence.", node.value[key]))
    if measure in ("ratio", "difference"):
        listed = node.value[measure].value
        parts = tuple(str(documents.plain(part)) for part in listed) if isinstance(listed, tuple) else ()
        if len(parts) != 2:
            return None, [
                *problems,
                wrong("needs two figures", f"Write {measure}: [first, second].", node.value[measure]),
            ]
        made = FigureDefinition(
            figure_id,
            measure,
            "",
            "",
            (),
            None,
            parts,
            words.get("unit", ""),
            intended=words.get("intended", ""),
            location=place,
        )
        return made, problems
    table = tables.get(words.get("of", ""))
    if table is None:
        at = node.value.get("of", place)
        hint = nearest(words.get("of", ""), tables, "It is one of: " + ", ".join(tables) + ".")
        return None, [*problems, wrong(f'is of "{words.get("of", "")}", which is no table', hint, at)]
    names = [column.name for column in table.columns]
    column = words.get(measure, "")
    if column not in names:
        at = node.value[measure]
        return None, [
            *problems,
            wrong(
                f'measures "{column}", which {table.name} has not',
                nearest(column, names, "Use one of its columns."),
                at,
            ),
        ]
    kind = next(each.type for each in table.columns if each.name == column)
    if kind not in MEASURED.get(measure, _TYPES):
        at, what = node.value[measure], "dates" if measure in ("first", "last") else "numbers"
        return None, [
            *problems,
            wrong(f'takes the {measure} of "{column}", which holds no {what}', "Use another.", at),
        ]
    where, found = _read_where(node.value.get("where"), table, wrong)
    problems += found
    between, found = _read_between(node.value.get("between"), wrong)
    problems += found
    made = FigureDefinition(
        figure_id, measure, column, table.name, where, between, (), words.get("unit", ""),
        words.get("disjoint", ""), words.get("overlapping", ""), words.get("intended", ""), place,
    )  # fmt: skip
    if measure == "sum" and table.name == "totals":
        problems.append(problem("D025", place, len(figure_id), id=figure_id))
    return made, problems


def _read_where(
    node: Node | None, table: Table, wrong: Any
) -> tuple[tuple[tuple[str, tuple[str, ...]], ...], list[Diagnostic]]:
    if node is None:
        return (), []
    if not isinstance(node.value, dict):
        return (), [wrong("has a where that is not a list of fields", "Write where: {column: value}.", node)]
    by_name = {column.name: column for column in table.columns}
    out, problems = [], []
    for name, value in node.value.items():
        column = by_name.get(name)
        if column is None:
            hint = nearest(name, by_name, "Use one of its columns.")
            key = Node(Text(name, "", 1, 1, name), node.keys[name])
            problems.append(wrong(f'selects by "{name}", which {table.name} has not', hint, key))
            continue
        items = value.value if isinstance(value.value, tuple) else (value,)
        if not all(isinstance(item.value, Text) for item in items):
            problems.append(wrong(f"selects {name} by a list in a list", "Write one value, or [first, second].", value))
            continue
        wanted = tuple(str(item.value) for item in items)
        for item, part in zip(wanted, items, strict=True):
            if column.enum and item not in column.enum:
                hint = nearest(item, column.enum, "It is one of: " + ", ".join(column.enum) + ".")
                problems.append(wrong(f'selects {name} "{item}", which can never be', hint, part))
        out.append((name, wanted))
    return tuple(out), problems


def _read_between(node: Node | None, wrong: Any) -> tuple[tuple[str, str] | None, list[Diagnostic]]:
    if node is None:
        return None, []
    try:
        start, end = (date.fromisoformat(part) for part in str(documents.plain(node)).split(".."))
    except ValueError:
        days = re.findall(r"\d{4}-\d\d-\d\d", str(documents.plain(node)))
        wrong_days = [day for day in days if not _is_day(day)]
        hint = f"There is no day {wrong_days[0]}." if wrong_days else "Write between: 2022-12-01..2023-04-30."
        if len(days) == 2 and not wrong_days:
            hint = f'Write "{days[0]}..{days[1]}".'
        return None, [wrong(f'has the period "{documents.plain(node)}", which is not two days', hint, node)]
    if end < start:
        hint = f'Write "{end.isoformat()}..{start.isoformat()}".'
        return None, [wrong("has a period that ends before it begins", hint, node)]
    return (start.isoformat(), end.isoformat()), []


# --- what no single cell shows -------------------------------------------------------------------


def _check_references(dataset: Dataset) -> list[Diagnostic]:
    out: list[Diagnostic] = []
    for table in dataset.tables.values():
        for column in table.columns:
            if not column.refers_to or column.refers_to not in dataset.tables:
                continue
            known = dataset.tables[column.refers_to].rows
            for row in (
                table.rows.values() if column.name != "part_of" else ()
            ):  # whose groups have a check of their own
                value = row.values[column.name]
                for wanted in value if isinstance(value, tuple) else (value,) if value else ():
                    group = (
                        column.name == "part_of" and dataset.row("removals", wanted) is None
                    )  # has a check of its own
                    if wanted not in known and not group:
                        place = table.place(row.id, column.name)
                        at = Location(
                            place.path, place.line, place.column + max(0, row.cells[column.name].find(wanted))
                        )
                        near = len(out) < _SUGGESTED
                        out.append(_dangling_problem(dataset, column.refers_to, wanted, at, near))
    return out


_SUGGESTED = 50
"""Names of rows that are looked for by their likeness: in a large table each takes a tenth of a second."""


def _dangling_problem(dataset: Dataset, table: str, wanted: str, at: Location, near: bool) -> Diagnostic:
    if removed := dataset.row("removals", wanted):
        return problem("D035", at, len(wanted), id=wanted, date=removed.cells["date"])
    rows = dataset.tables[table].rows if near else ()
    hint = nearest(wanted, rows, f"Add the row to {table}, or mend the id.")
    parts = re.split(r"[,/|]\s*", wanted)
    if len(parts) > 1 and all(part in dataset.tables[table].rows for part in parts):
        hint = f'Write "{";".join(parts)}": several are divided by semicolons.'
    return problem("D010", at, len(wanted), table=table, id=wanted, hint=hint)


def _check_shared_ids(dataset: Dataset) -> list[Diagnostic]:
    out = []
    seen: dict[str, str] = {}
    for name in RECORDS:
        table = dataset.tables.get(name)
        for row_id in table.rows if table else ():
            if row_id in seen and table:
                out.append(problem("D026", table.place(row_id), len(row_id), id=row_id, table=seen[row_id], other=name))
            seen.setdefault(row_id, name)
    return out


def _check_periods(dataset: Dataset) -> list[Diagnostic]:
    out = []
    for table in dataset.tables.values():
        for start, end in (("date_from", "date_to"), ("date", "date_to")):
            for row in table.rows.values():
                a, b = row.values.get(start), row.values.get(end)
                if a and b and b < a:
                    out.append(problem("D013", table.place(row.id, end), 10, to=b, start=a))
    return out


def _check_addresses(dataset: Dataset) -> list[Diagnostic]:
    out = []
    for table in dataset.tables.values():
        for name in (column.name for column in table.columns if column.name.endswith("url")):
            for row in table.rows.values():
                value = row.cells[name]
                if value and not re.fullmatch(documents.WEB_ADDRESS, value):
                    words = {
                        "kind": "an address of the web",
                        "hint": "Write it in full, as a browser shows it: https://…",
                    }
                    out.append(problem("D007", table.place(row.id, name), len(value), value=value, **words))
    return out


def _check_published(dataset: Dataset) -> list[Diagnostic]:
    """Days of which only the month or the year may be known."""
    table = dataset.tables.get("sources")
    out = []
    for row in table.rows.values() if table else ():
        value = row.cells["published"]
        if table and value and not _is_day(value + "-01-01"[max(len(value) - 4, 0) :]):
            words = {"kind": "a date", "hint": "Write 2023, 2023-04 or 2023-04-19."}
            out.append(problem("D007", table.place(row.id, "published"), len(value), value=value, **words))
    return out


_PART_OF = 'part_of names the row of record "group" that already counts this declaration.'


def _check_groups(dataset: Dataset) -> list[Diagnostic]:
    table = dataset.tables.get("shipments")
    out: list[Diagnostic] = []
    groups = [row.id for row in table.rows.values() if row.values.get("record") == "group"] if table else []
    for row in table.rows.values() if table else ():
        group = row.values.get("part_of")
        found = dataset.row("shipments", group) if group else None
        removed = group and dataset.row("removals", group)  # which is told as such
        if table and group and not removed and (not found or found.values.get("record") != "group"):
            hint = nearest(group, groups if len(out) < _SUGGESTED else (), _PART_OF)
            out.append(problem("D018", table.place(row.id, "part_of"), len(group), group=group, hint=hint))
        if table and group and row.values.get("record") == "group":
            out.append(problem("D033", table.place(row.id, "part_of"), len(group), group=group))
        if table and row.values.get("value") is not None and not row.cells.get("currency"):
            out.append(problem("D028", table.place(row.id, "currency")))
    return out


def _check_repeating(dataset: Dataset) -> list[Diagnostic]:
    table = dataset.tables.get("sources")
    out = []
    for row in table.rows.values() if table else ():
        chain, current = [row.id], row.values.get("reports_on")
        while table and current and current in table.rows and current not in chain:
            chain.append(current)
            current = table.rows[current].values.get("reports_on")
        if table and current == row.id:
            out.append(problem("D014", table.place(row.id, "reports_on"), chain=" → ".join([*chain, row.id])))
    return out


def _check_quotations(dataset: Dataset) -> list[Diagnostic]:
    table = dataset.tables.get("statements")
    out = []
    for row in table.rows.values() if table else ():
        if table and row.values.get("kind") == "quotation" and not (row.values["original"] or row.values["english"]):
            out.append(problem("D029", table.place(row.id, "kind"), len("quotation")))
        for name in ("original", "english"):
            text = row.values.get(name) or ""
            words = len(text.split()) if text.isascii() or " " in text else len(text) // 2
            if table and words > LONGEST_QUOTATION:
                out.append(problem("D015", table.place(row.id, name), count=words))
            if table and row.values.get("kind") == "reported_speech" and text.startswith(tuple('"“„«「')):
                out.append(problem("D019", table.place(row.id, name)))
    return out


def _check_withdrawals(dataset: Dataset) -> list[Diagnostic]:
    table = dataset.tables.get("sources")
    return [
        problem("D036", table.place(row.id, "withdrawn_why"), column="withdrawn_why")
        for row in (table.rows.values() if table else ())
        if table and row.values.get("withdrawn") and not row.values.get("withdrawn_why")
    ]


def _check_removals(dataset: Dataset) -> list[Diagnostic]:
    """An id that was removed is never used again: not where it stood, nor where another row would have its address."""
    removals = dataset.tables.get("removals")
    out = []
    for row in removals.rows.values() if removals else ():
        stood = row.values.get("table") or ""
        for name in RECORDS if stood in RECORDS else (stood,):
            table = dataset.tables.get(name)
            if removals and table and row.id in table.rows:
                place = removals.place(row.id)
                out.append(problem("D037", place, len(row.id), id=row.id, table=name, path=table.path))
    return out


def _check_subjects(dataset: Dataset) -> list[Diagnostic]:
    """A disagreement about a row that was removed would name it again."""
    table = dataset.tables.get("conflicts")
    out = []
    for row in table.rows.values() if table else ():
        subject = row.cells.get("subject", "")
        for match in re.finditer(r"(?:^|;)\s*(\w+)/([^/;\s]+)", subject):
            removed = dataset.row("removals", match[2])
            if table and removed and dataset.row(match[1], match[2]) is None:
                place = table.place(row.id, "subject")
                at = Location(place.path, place.line, place.column + match.start(2))
                out.append(problem("D035", at, len(match[2]), id=match[2], date=removed.cells["date"]))
    return out


def _check_ledger(dataset: Dataset) -> list[Diagnostic]:
    table = dataset.tables.get("ledger")
    out: list[Diagnostic] = []
    for row in table.rows.values() if table else ():
        for wanted in filter(None, (part.strip() for part in (row.values.get("row") or "").split(";"))):
            name, _, row_id = wanted.partition("/")
            known = dataset.tables.get(name)
            removed = dataset.row("removals", row_id)  # the ledger accounts for it as for any other
            if removed and removed.values.get("table") == name:
                continue
            if table and (known is None or row_id not in known.rows):
                near = dataset.tables.values() if len(out) < _SUGGESTED else ()
                hint = nearest(
                    wanted, (f"{each.name}/{one}" for each in near for one in each.rows), "Mend the table or the id."
                )
                out.append(problem("D027", table.place(row.id, "row"), len(wanted), row=wanted, hint=hint))
    return out


_CHECKS = (
    _check_references,
    _check_shared_ids,
    _check_periods,
    _check_addresses,
    _check_published,
    _check_groups,
    _check_repeating,
    _check_quotations,
    _check_withdrawals,
    _check_removals,
    _check_subjects,
    _check_ledger,
)
