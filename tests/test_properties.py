"""What must hold whatever the data say: a changed row names exactly the words that it makes false, and nothing else.

The oracle below reads the tables with the csv module, the definitions with a plain YAML reader and the words with a
regular expression. It shares no code with the builder.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import random
import re
import subprocess
import sys
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
import yaml
from conftest import ROOT
from hypothesis import HealthCheck, Phase, assume, example, given, note, settings
from hypothesis import strategies as st

from builder import content, intervals
from builder.build import build
from builder.datapackage import read_dataset
from builder.disk import read_sources, write_edits
from builder.figures import compute_figures
from builder.model import Interval

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from builder.build import Build

INF = float("inf")
STEADY = {
    "derandomize": True,
    "database": None,
    "deadline": None,
    "phases": (Phase.explicit, Phase.generate, Phase.shrink),
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.filter_too_much],
}
"""The same examples on every machine and every day."""
SHIPMENTS, TOTALS, FIGURES = "data/shipments.csv", "data/totals.csv", "data/figures.yaml"


# --- the oracle: numbers -------------------------------------------------------------------------

End = tuple[Any, int]
"""A value, and on which side of it the end really lies: (500, 1) is just above 500, (500, -1) just below."""


@dataclass(frozen=True)
class Span:
    """From the least to the greatest value that a number may have."""

    low: End
    high: End
    centre: Fraction | None = None
    """The number that the source rounded, where rounding is the only doubt."""
    empty: bool = False


UNKNOWN = Span((Fraction(0), 0), (INF, 0))


def place_of(digits: str) -> int:
    """Power of ten of the last digit that means something."""
    if "." in digits:
        return -len(digits.split(".")[1])
    return len(digits) - len(digits.rstrip("0")) if digits.strip("0") else 0


def span_of(row: Mapping[str, str], column: str) -> Span:
    """A cell with its bound and the editor's own limits."""
    if not row[column]:
        return UNKNOWN
    value, bound = Fraction(row[column]), row.get(f"{column}_bound", "exact")
    half = Fraction(10) ** place_of(row[column]) / 2
    low, high = {
        "exact": ((value, 0), (value, 0)),
        "at_least": ((value, 0), (INF, 0)),
        "more_than": ((value, 1), (INF, 0)),
        "about": ((value - half, 0), (value + half, 0)),
        "at_most": ((Fraction(0), 0), (value, 0)),
        "less_than": ((Fraction(0), 0), (value, -1)),
    }[bound]
    if row.get(f"{column}_low"):
        low = (Fraction(row[f"{column}_low"]), 0)
    if row.get(f"{column}_high"):
        high = (Fraction(row[f"{column}_high"]), 0)
    return UNKNOWN if low > high else Span(low, high)


def outcome_of(span: Span, operator: str, value: Fraction) -> str:
    """Whether a test passes for every value of the span, for none, or for some."""
    point = (value, 0)
    if operator == "==":
        if span.low == span.high == point:
            return "holds"
        return "undecided" if span.low <= point <= span.high else "fails"
    every = {">=": span.low >= point, ">": span.low > point, "<=": span.high <= point, "<": span.high < point}
    none = {">=": span.high < point, ">": span.high <= point, "<=": span.low > point, "<": span.low >= point}
    return "holds" if every[operator] else "fails" if none[operator] else "undecided"


# --- the oracle: figures -------------------------------------------------------------------------


def read_rows(files: Mapping[str, bytes], table: str) -> dict[str, dict[str, str]]:
    text = files[f"data/{table}.csv"].decode("utf-8")
    return {row["id"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}


def write_rows(rows: Mapping[str, Mapping[str, str]], header: Sequence[str]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, header, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows.values())
    return out.getvalue().encode("utf-8")


def header_of(table: str) -> list[str]:
    return next(csv.reader([REAL[f"data/{table}.csv"].decode().split("\n")[0]]))


@cache
def read_yaml(raw: bytes) -> Any:
    return yaml.safe_load(raw)


class Oracle:
    """Recomputes every figure from the bare files."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.tables = {table: read_rows(files, table) for table in ("shipments", "totals", "sources")}
        self.definitions = read_yaml(files[FIGURES])
        self.spans: dict[str, Span | None] = {}
        for name in self.definitions:
            self.span(name)

    def span(self, name: str) -> Span | None:
        """What the figure may be; None when it must be refused."""
        if name not in self.spans:
            definition = self.definitions[name]
            measure = next(key for key in ("sum", "count", "value", "ratio", "difference") if key in definition)
            if measure in ("ratio", "difference"):
                first, second = (self.span(part) for part in definition[measure])
                self.spans[name] = None if first is None or second is None else reckon(measure, first, second)
            else:
                self.spans[name] = self.measure(definition, measure)
        return self.spans[name]

    def measure(self, definition: Mapping[str, Any], measure: str) -> Span | None:
        column = definition[measure]
        rows = self.select(definition)
        if not rows:
            return Span(UNKNOWN.low, UNKNOWN.high, empty=True)
        counted = {row_id for row_id, where in rows.items() if where == "inside"}
        table = self.tables[definition["of"]]
        lines = [table[row_id] for row_id in rows]
        if measure == "value" and len(rows) > 1:
            return None
        if measure != "count" and not may_be_mixed(definition, column, lines):
            return None
        within = {row_id: table[row_id].get("part_of", "") for row_id in rows}
        alone = [row_id for row_id in rows if within[row_id] not in rows]
        if measure == "count":
            inside = [row_id for row_id in rows if within[row_id] not in counted]
            return Span((Fraction(len(counted & set(inside))), 0), (Fraction(len(inside)), 0))
        apart = [row_id for row_id in rows if within[row_id] not in counted]
        if not self.may_be_added(definition, [table[row_id] for row_id in apart]):
            return None
        parts = [self.part(row_id, rows, within, table, column) for row_id in alone]
        total = parts[0]
        for part in parts[1:]:
            total = Span(plus(total.low, part.low), plus(total.high, part.high))
        missing = any(table[row_id].get("part_of") and table[row_id]["part_of"] not in rows for row_id in apart)
        if missing and "record" not in (definition.get("where") or {}):
            return Span(total.low, (INF, 0))
        bounds = {table[row_id].get(f"{column}_bound") for row_id in apart if table[row_id][column]}
        sure = all(table[row_id][column] and rows[row_id] == "inside" for row_id in apart)
        even = all(is_even(table[row_id], column) for row_id in apart)
        if sure and even and "about" in bounds and bounds <= {"exact", "about"}:
            return Span(total.low, total.high, sum((Fraction(table[row_id][column]) for row_id in apart), Fraction(0)))
        return total

    def part(
        self, row_id: str, rows: Mapping[str, str], within: Mapping[str, str], table: Mapping[str, Any], column: str
    ) -> Span:
        """What one row, with the selected rows that stand inside it, adds."""
        own = span_of(table[row_id], column)
        if rows[row_id] == "inside":
            return own
        floor: End = (Fraction(0), 0)
        for child, group in within.items():
            if group == row_id and rows[child] == "inside":
                floor = plus(floor, span_of(table[child], column).low)
        return Span(floor, max(own.high, (floor[0], 0)))

    def select(self, definition: Mapping[str, Any]) -> dict[str, str]:
        """The rows that match, each `inside` the period or only perhaps."""
        out = {}
        for row_id, row in self.tables[definition["of"]].items():
            fits = all(
                any(item in str(row[column]).split(";") for item in (wanted if isinstance(wanted, list) else [wanted]))
                for column, wanted in (definition.get("where") or {}).items()
            )
            if not fits:
                continue
            if "between" not in definition:
                out[row_id] = "inside"
                continue
            start, end = definition["between"].split("..")
            first, last = row["date_from"], row["date_to"]
            if (first and first > end) or (last and last < start):
                continue
            out[row_id] = "inside" if first and last and first >= start and last <= end else "perhaps"
        return out

    def may_be_added(self, definition: Mapping[str, Any], rows: Sequence[Mapping[str, str]]) -> bool:
        """False where rows go back to different reporters and nothing says that they cannot overlap."""
        if len(rows) < 2 or definition.get("disjoint"):
            return True
        assert not definition.get("overlapping"), "teach the oracle what overlapping rows give"
        return bool(set.intersection(*({self.root(s) for s in row["sources"].split(";")} for row in rows)))

    def root(self, source: str) -> str:
        while up := self.tables["sources"].get(source, {}).get("reports_on"):
            source = up
        return source


def may_be_mixed(definition: Mapping[str, Any], column: str, lines: Sequence[Mapping[str, str]]) -> bool:
    """False where units, currencies or kinds of goods would be added up."""
    shipped = definition["of"] == "shipments"
    kind = {"value": "currency" if shipped else "unit", "units": "category"}.get(column)
    found = {line[kind] for line in lines if line[column]} if kind else set()
    if kind == "category" or not found:
        return len(found) < 2
    return found in ({definition["unit"]}, {"share"} if definition["unit"] == "%" else set())


def is_even(row: Mapping[str, str], column: str) -> bool:
    """True when the number stands in the middle of its limits: then it may be told as "about"."""
    span = span_of(row, column)
    return span.low[0] + span.high[0] == 2 * Fraction(row[column])


def plus(a: End, b: End) -> End:
    """The sum of two ends of the same side."""
    return a[0] + b[0], max(a[1], b[1]) if max(a[1], b[1]) > 0 else min(a[1], b[1])


def reckon(measure: str, a: Span, b: Span) -> Span:
    """The difference or the ratio of two spans, end by end."""
    if measure == "difference":
        low = -INF if b.high[0] == INF else a.low[0] - b.high[0]
        high = INF if a.high[0] == INF else a.high[0] - b.low[0]
        return Span((low, int(a.low[1] > 0 or b.high[1] < 0)), (high, -int(a.high[1] < 0 or b.low[1] > 0)))
    if b.high[0] == 0:
        return UNKNOWN
    if b.high[0] == INF:
        low = (Fraction(0), int(a.low > (0, 0)))
    else:
        low = (a.low[0] / b.high[0], int(a.low[1] > 0 or (a.low[0] > 0 and b.high[1] < 0)))
    if a.high[0] == INF or b.low[0] == 0:
        return Span(low, (INF, 0))
    return Span(low, (a.high[0] / b.low[0], -int(a.high[1] < 0 or (a.high[0] > 0 and b.low[1] > 0))))


# --- the oracle: words ---------------------------------------------------------------------------

LINK = re.compile(r"\[([^\[\]]*)\]\((figure|total|record):([\w-]+)(?:\s+\"([^\"]*)\")?\)")
DIGITS = re.compile(
    r"(?P<sign>[$£€]?)(?P<digits>\d[\d,]*(?:\.\d+)?)(?:[ \u00a0](?P<scale>thousand|million|billion|trillion))?"
)
SCALES = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}


@dataclass(frozen=True)
class Said:
    bound: str
    low: Fraction
    high: Fraction
    place: int


class Reader:
    """Reads a number as an English reader does: an optional bound, then digits or one number word."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        words = read_yaml(files["content/en/words.yaml"])
        self.bounds = {word: bound for bound, listed in words["bounds"].items() for word in listed if word}
        self.numbers = {word: Fraction(str(value)) for word, value in words["numbers"].items()}

    def read(self, text: str) -> Said | None:
        """None when the text names no number."""
        text = " ".join(text.split()).lower()
        found = [(match.start(), *self.value(match)) for match in DIGITS.finditer(text)]
        for match in re.finditer(r"[a-z]+", text):
            if match.group() in self.numbers:
                value = self.numbers[match.group()]
                place = place_of(str(value)) if value.denominator == 1 else -2
                found.append((match.start(), value, place))
        if not found:
            return None
        found.sort()
        before = text[: found[0][0]].strip()
        bound = next(
            (b for word, b in sorted(self.bounds.items(), key=lambda p: -len(p[0])) if before.endswith(word)), ""
        )
        if len(found) == 2 and bound == "range":
            return Said("range", found[0][1], found[1][1], min(found[0][2], found[1][2]))
        assert len(found) == 1, f"the oracle cannot read {text!r}"
        return Said(bound or "exact", found[0][1], found[0][1], found[0][2])

    @staticmethod
    def value(match: re.Match[str]) -> tuple[Fraction, int]:
        digits, power = match["digits"].replace(",", ""), SCALES.get(match["scale"], 0)
        return Fraction(digits) * Fraction(10) ** power, place_of(digits) + power


def rounded(value: Fraction, place: int, way: str) -> Fraction:
    unit = Fraction(10) ** place
    steps = value / unit
    whole = steps.numerator // steps.denominator
    if way == "up" and whole != steps:
        whole += 1
    if way == "near" and steps - whole >= Fraction(1, 2):
        whole += 1
    return whole * unit


def telling(span: Span, unit: str) -> tuple[str, Fraction, Fraction] | None:
    """The bound and the number by which a figure is told; None when nothing can be said."""
    scale, place = (100 if unit == "%" else 1), (-1 if unit in ("%", "times") else -2)
    if span.empty:
        return None
    if span.low == span.high:
        value = span.low[0] * scale
        near = rounded(value, place, "near")
        return ("exact" if near == value else "about"), near, near
    if span.centre is not None:
        value = rounded(span.centre * scale, place, "near")
        return "about", value, value
    open_below, open_above = span.low[0] <= 0, span.high[0] == INF
    if open_below and open_above:
        return None
    low = Fraction(0) if open_below else rounded(span.low[0] * scale, place, "down")
    high = Fraction(0) if open_above else rounded(span.high[0] * scale, place, "up")
    if open_above:
        return ("more_than" if span.low[1] else "at_least"), low, low
    if open_below:
        just = span.high[1] and high == span.high[0] * scale
        return ("less_than" if just else "at_most"), high, high
    return "range", low, high


def agrees(said: Said, told: tuple[str, Fraction, Fraction], unit: str, loosely: bool) -> bool:
    """Whether a sentence that says `said` is right when the number is `told`."""
    bound, low, high = told
    a, b, place = said.low, said.high, said.place
    if unit == "%" and said.low < 1:  # a half, a third
        a, b, place = a * 100, b * 100, place + 2
    if bound == "range":
        wanted = (rounded(low, place, "down"), rounded(high, place, "up"))
        return said.bound == "range" and (a, b) == wanted
    if loosely:
        fits = said.bound in (bound, "exact", "about")
    else:
        fits = said.bound == bound
    if bound == "exact" and not loosely:
        return fits and a == low
    ways = {"at_least": "down", "more_than": "down", "at_most": "up", "less_than": "up"}
    return fits and a == rounded(low, place, ways.get(bound, "near"))


def line_at(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def oracle_names(files: Mapping[str, bytes]) -> set[tuple[str, int]]:
    """File and line of every number, link and premise of the words that the data do not bear out."""
    oracle, reader = Oracle(files), Reader(files)
    out = set()
    for path in sorted(path for path in files if path.startswith("content/en/") and path.endswith((".md", ".yaml"))):
        text = files[path].decode("utf-8")
        for link in LINK.finditer(text):
            words, kind, target, title = link.groups()
            if kind == "record":
                known = any(target in read_rows(files, t) for t in ("shipments", "totals", "statements", "events"))
                if not known:
                    out.add((path, line_at(text, link.start(3))))
                continue
            if kind == "figure":
                span, unit = oracle.spans[target], oracle.definitions[target].get("unit", "")
                if span is None:
                    continue  # refused by itself
                told = telling(span, unit)
            else:
                row = oracle.tables["totals"].get(target)
                if row is None:
                    out.add((path, line_at(text, link.start(3))))
                    continue
                unit = "%" if row["unit"] == "share" else row["unit"]
                value = Fraction(row["value"]) * (100 if unit == "%" else 1)
                told = row["value_bound"], value, value
            loosely = bool(title) and not re.search(r"\d", words)
            said = reader.read(title if loosely else words)
            if told is None or said is None or not agrees(said, told, unit, loosely):
                out.add((path, line_at(text, link.start(1))))
        out |= {(path, line) for line in broken_premises(text, oracle)}
    return out


PREMISE = re.compile(r"^  - figure: (?P<figure>\w+)\n(?P<rest>(?:    .*\n)+)", re.MULTILINE)


def broken_premises(text: str, oracle: Oracle) -> list[int]:
    """The lines of `expect` whose premise comes out otherwise."""
    out = []
    for match in PREMISE.finditer(text):
        fields = dict(re.findall(r"^    (operator|value|expect): \"?([^\"\n]*?)\"?$", match["rest"], re.MULTILINE))
        span = oracle.spans[match["figure"]]
        if span and outcome_of(span, fields["operator"], Fraction(fields["value"])) != fields["expect"]:
            out.append(line_at(text, match.start("rest") + match["rest"].index("    expect:")))
    return out


# --- the builder, asked the same question --------------------------------------------------------


@cache
def real_content() -> tuple[Any, list[Any]]:
    return content.read_content(REAL)


def check(files: Mapping[str, bytes]) -> Build:
    """Everything up to the drawing: a site without its settings is read and checked, and then stops.

    Only data change here, so that the words are parsed once for all examples.
    """
    words, problems = real_content()
    with mock.patch.object(content, "read_content", side_effect=lambda files: (words, list(problems))):
        return build({path: raw for path, raw in files.items() if path != "site/site.yaml"})


OF_FIGURES = ("D022", "D023", "D024")
"""Figures that are refused; the tables themselves are sound."""


def names_in(made: Build) -> set[tuple[str, int]]:
    """File and line of what the builder says is no longer true."""
    return {
        (found.location.path, found.location.line)
        for found in made.problems
        if (found.code.startswith("B") or found.code == "V001") and found.location.path.startswith("content/en/")
    }


@pytest.fixture(scope="module")
def real() -> Mapping[str, bytes]:
    return REAL


REAL = {path: raw for path, raw in read_sources(ROOT).items() if not re.match(r"content/(?!en/|archive/)", path)}
"""The real files in English: the oracle reads no other language, and translations have tests of their own."""
REAL_ROWS = {table: read_rows(REAL, table) for table in ("shipments", "totals")}
IDS = {table: tuple(rows) for table, rows in REAL_ROWS.items()}
USED = sorted(
    {
        link[3]
        for path, raw in REAL.items()
        if path.startswith("content/")
        for link in LINK.finditer(raw.decode())
        if link[2] == "total"
    }
)
BOUNDS = ("exact", "at_least", "more_than", "about", "at_most", "less_than")
DAYS = ("", "2022-02-24", "2022-11-30", "2022-12-01", "2023-01-15", "2023-02-01", "2023-04-18", "2023-04-19", "2023-04-30", "2023-05-01", "2025-09-24")  # fmt: skip
TERMS = {
    "label": ("war_use", "none", "not_reported"),
    "category": ("drone", "drone_parts", "counter_drone", "computer"),
    "outcome": ("cleared", "seized", "unknown"),
    "origin": ("CN", "", "TH"),
    "dispatch": ("CN", "KZ", ""),
    "destination": ("RU", "KZ"),
    "record": ("declaration", "group"),
}


Change = tuple[str, str, str, str]
"""Table, row, column and what now stands there; an empty column deletes the row."""


@st.composite
def numbers(draw: Callable[[Any], Any], now: str) -> str:
    """A number near the one that stands there, or any."""
    old = Fraction(now)
    near = [old + 1, old - 1, old * 2, old * 10, Fraction(0)]
    value = draw(st.one_of(st.sampled_from(near), st.integers(1, 5000).map(Fraction)))
    text = f"{float(value):.3f}".rstrip("0").rstrip(".") if value.denominator > 1 else str(value)
    return text if value >= 0 and Fraction(text) == value else str(int(old) + 3)


@st.composite
def some_change(draw: Callable[[Any], Any]) -> list[Change]:
    """One cell of the real data changed, two where they belong together, or a row deleted."""
    table = draw(st.sampled_from(("shipments", "shipments", "totals")))
    row_id = draw(st.sampled_from(IDS["shipments"] if table == "shipments" else USED))
    row = REAL_ROWS[table][row_id]
    columns = [column for column in ("units", "value", "declarations") if row.get(column)]
    column = draw(st.sampled_from(columns))
    what = draw(st.sampled_from(("number", "number", "bound", "dates", "term", "delete")))
    if what == "number":
        number = draw(numbers(row[column]))
        exact = [(table, row_id, f"{column}_bound", "exact")] if number == "0" else []
        return [(table, row_id, column, number), *exact]
    if what == "bound":
        return [(table, row_id, f"{column}_bound", draw(st.sampled_from(BOUNDS)))]
    if what == "dates":
        first, last = sorted((draw(st.sampled_from(DAYS)), draw(st.sampled_from(DAYS))))
        first, last = (last, first) if not first and draw(st.booleans()) else (first, last)
        return [(table, row_id, "date_from", first), (table, row_id, "date_to", last)]
    if what == "term" and table == "shipments":
        term = draw(st.sampled_from(sorted(TERMS)))
        return [(table, row_id, term, draw(st.sampled_from(TERMS[term])))]
    return [(table, row_id, "", "")]


CHANGES = st.lists(some_change(), min_size=1, max_size=3).map(lambda lists: [one for many in lists for one in many])


def changed(changes: Sequence[Change]) -> dict[str, bytes]:
    """The real files with these changes, and with what a data editor mends along with them."""
    tables = {table: {row_id: dict(row) for row_id, row in rows.items()} for table, rows in REAL_ROWS.items()}
    for table, row_id, column, value in changes:
        if not column:
            tables[table].pop(row_id, None)
        elif row_id in tables[table]:
            tables[table][row_id][column] = value
    for row in (row for rows in tables.values() for row in rows.values()):
        for column in ("units", "value", "declarations"):
            if row.get(column) == "0":
                row[f"{column}_bound"] = "exact"  # "about nothing" is no report
    return write_tables(tables)


def write_tables(tables: Mapping[str, Mapping[str, Mapping[str, str]]]) -> dict[str, bytes]:
    """The real files with other shipments and totals; whatever named a deleted row no longer does."""
    made = {table: {row_id: dict(row) for row_id, row in rows.items()} for table, rows in tables.items()}
    for row in made["shipments"].values():
        row["part_of"] = row["part_of"] if row["part_of"] in made["shipments"] else ""
    for row in made["totals"].values():
        row["conflicts_with"] = ";".join(other for other in row["conflicts_with"].split(";") if other in made["totals"])
    gone = {f"{table}/{row_id}" for table, rows in REAL_ROWS.items() for row_id in rows if row_id not in made[table]}
    ledger = {row_id: dict(row) for row_id, row in read_rows(REAL, "ledger").items()}
    for row in ledger.values():
        row["row"] = ";".join(name for name in row["row"].split(";") if name.strip() not in gone)
        if not row["row"]:
            row |= {"outcome": "left_out", "reason": row["reason"] or "Withdrawn."}
    made["ledger"] = ledger
    return {**REAL, **{f"data/{table}.csv": write_rows(rows, header_of(table)) for table, rows in made.items()}}


def test_the_oracle_finds_the_published_words_true(real: Mapping[str, bytes]) -> None:
    assert oracle_names(real) == set()
    assert names_in(check(real)) == set()


def test_the_oracle_sees_every_bound_number(real: Mapping[str, bytes]) -> None:
    seen = sum(len([m for m in LINK.finditer(raw.decode()) if m[2] != "record"]) for path, raw in real.items() if path.startswith("content/en/"))  # fmt: skip
    assert seen == check(real).coverage["bound"]


@settings(max_examples=60, **STEADY)
@given(changes=CHANGES)
def test_a_changed_row_names_exactly_the_words_that_it_makes_false(changes: list[Change]) -> None:
    files = changed(changes)
    made = check(files)
    if any(found.code.startswith("D") and found.code not in OF_FIGURES for found in made.problems):
        assert not names_in(made), "a table that cannot be read stops the build before its words are read"
        return
    wanted, found = oracle_names(files), names_in(made)
    assert (found - wanted, wanted - found) == (set(), set()), "named without need, and not named"


def only_tables(files: Mapping[str, bytes], *tables: str) -> dict[str, bytes]:
    """The data package with these tables, and the others empty: quick to read."""
    data = {path: raw for path, raw in files.items() if path.startswith("data/")}
    names = [path.removeprefix("data/").removesuffix(".csv") for path in data if path.endswith(".csv")]
    return data | {f"data/{name}.csv": write_rows({}, header_of(name)) for name in names if name not in tables}


@settings(max_examples=100, **STEADY)
@given(changes=CHANGES)
@example(
    changes=[
        ("shipments", "nikkei-labelled-drones", "label", "none"),
        ("shipments", "nikkei-2023-02-01", "value_bound", "about"),
    ]
)
@example(changes=[("shipments", "nikkei-labelled-drones", "date_from", "2022-11-30")])
@example(
    changes=[
        ("shipments", "nikkei-labelled-drones", "date_from", ""),
        ("shipments", "nikkei-labelled-drones", "units_bound", "exact"),
    ]
)
def test_a_changed_row_gives_the_figures_that_plain_arithmetic_gives(changes: list[Change]) -> None:
    files = changed(changes)
    dataset, _ = read_dataset(only_tables(files, "shipments", "totals", "sources"))
    assert dataset
    figures, _ = compute_figures(dataset)
    wanted = Oracle(files).spans
    for name, span in wanted.items():
        if span is None:
            assert name not in figures, name
            continue
        found = figures[name].interval
        low = (-INF if found.low is None else found.low, int(found.low_open))
        high = (INF if found.high is None else found.high, -int(found.high_open))
        assert (low, high) == (span.low, span.high), name
        told = figures[name].told
        shown = told and (told.bound, told.low, told.high)
        assert shown == telling(span, figures[name].definition.unit), name


# --- every way of telling a number -----------------------------------------------------------------

PAGE = "content/en/pages/index.md"
TELLING = {
    "exact": ("", "exactly "),
    "at_least": ("at least ", "no fewer than ", "At least "),
    "more_than": ("more than ", "over "),
    "about": ("about ", "around "),
    "at_most": ("at most ", "up to "),
    "less_than": ("less than ", "fewer than ", "nearly "),
}


@dataclass(frozen=True)
class Sentence:
    """One link to a figure over made-up totals, and those totals."""

    words: str
    measure: str
    totals: tuple[tuple[str, str], ...]


@st.composite
def sentences(draw: Callable[[Any], Any]) -> Sentence:
    """A number told well or badly of a single total, or of the difference or the ratio of two."""
    measure = draw(st.sampled_from(("value", "value", "total", "difference", "ratio")))
    count = 1 if measure in ("value", "total") else 2
    totals = tuple(
        (
            str(draw(st.one_of(st.integers(1, 60), st.integers(1, 300).map(lambda n: n * 25)))),
            draw(st.sampled_from(BOUNDS)),
        )
        for _ in range(count)
    )
    first = Fraction(totals[0][0])
    near = {"difference": lambda: first - int(totals[1][0]), "ratio": lambda: first / int(totals[1][0])}
    value = max(near.get(measure, lambda: first)(), Fraction(0))
    ways = {"at_least": "down", "more_than": "down", "at_most": "up", "less_than": "up"}
    way = draw(st.sampled_from((ways.get(totals[0][1], "near"), "up", "down")))
    value = rounded(value, draw(st.sampled_from((-1, -1, 0, 1))), way) + draw(st.sampled_from((0, 0, 0, 0, 1)))
    digits = f"{float(value):,.1f}".removesuffix(".0")
    bound = draw(st.sampled_from(list(TELLING))) if draw(st.integers(0, 3)) == 0 else totals[0][1]
    if draw(st.integers(0, 9)) == 0:
        return Sentence(f"between {digits} and {float(value + 1):,.1f}".removesuffix(".0"), measure, totals)
    unit = " times" if measure == "ratio" else ""
    return Sentence(draw(st.sampled_from(TELLING[bound])) + digits + unit, measure, totals)


def sentence_files(told: Sequence[Sentence]) -> dict[str, bytes]:
    """The data package with the made-up totals, their figures, and one page that tells them, a line each."""
    blank = dict.fromkeys(header_of("totals"), "")
    plain = next(iter(REAL_ROWS["totals"].values()))
    rows, figures, lines = {}, [], []
    for i, sentence in enumerate(told):
        for j, (value, bound) in enumerate(sentence.totals):
            name = f"t-{i}-{j}"
            given = {"id": name, "value": value, "value_bound": bound, "unit": "drone", "sources": "example"}
            kept = {key: plain[key] for key in ("measure", "scope", "basis", "category", "confidence")}
            rows[name] = blank | kept | given
            figures.append(f"f_{i}_{j}: {{value: value, of: totals, where: {{id: {name}}}, unit: drone}}")
        unit = "times" if sentence.measure == "ratio" else "drone"
        target = {"value": f"figure:f_{i}_0", "total": f"total:t-{i}-0"}.get(sentence.measure, f"figure:f_{i}")
        if target == f"figure:f_{i}":
            figures.append(f"f_{i}: {{{sentence.measure}: [f_{i}_0, f_{i}_1], unit: {unit}}}")
        lines.append(f"Here stands [{sentence.words}]({target}) by itself.\n")
    source = next(row for row in read_rows(REAL, "sources").values() if not row["reports_on"])
    return only_tables(REAL) | {
        "content/en/words.yaml": REAL["content/en/words.yaml"],
        "content/en/figures.yaml": b"{}\n",
        "content/en/charts.yaml": b"{}\n",
        PAGE: "\n".join(("---", "title: Example", "description: Example", "---", *lines)).encode(),
        "data/sources.csv": write_rows({"example": {**source, "id": "example"}}, header_of("sources")),
        TOTALS: write_rows(rows, header_of("totals")),
        FIGURES: ("\n".join(figures) + "\n").encode(),
    }


@settings(max_examples=25, **STEADY)
@given(told=st.lists(sentences(), min_size=12, max_size=12))
def test_a_sentence_is_named_exactly_when_it_is_not_true(told: list[Sentence]) -> None:
    files = sentence_files(told)
    made = build(files)
    assert [found for found in made.problems if found.code.startswith("D")] == []
    wanted, found = oracle_names(files), names_in(made)
    lines = files[PAGE].decode().split("\n")

    def explained(places: set[tuple[str, int]]) -> list[str]:
        return [f"{lines[line - 1]} of {told[(line - 5) // 2]}" for _, line in sorted(places)]

    assert (explained(found - wanted), explained(wanted - found)) == ([], []), "named without need, and not named"


# --- 37 becomes 38 -------------------------------------------------------------------------------

MOVED = ("labelled_drones", "undocumented_labelled_drones", "share_documented")
"""The figures that a 38th labelled drone moves."""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The authors' files and a published site, in a folder of their own."""
    for path, raw in REAL.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(raw)
    public = tmp_path / "public"
    public.mkdir()
    page = b"the last good site"
    (public / "index.html").write_bytes(page)
    outputs = {"index.html": hashlib.sha256(page).hexdigest()}
    (public / "manifest.json").write_text(json.dumps({"made_with": {}, "inputs": {}, "outputs": outputs}))
    return tmp_path


def run(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "builder", *words, "--root", str(root)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def texts_of(root: Path) -> dict[str, str]:
    return {
        p.relative_to(root).as_posix(): p.read_text(encoding="utf-8")
        for p in (root / "content").rglob("*")
        if p.is_file()
    }


def links_to(texts: Mapping[str, str], figures: Sequence[str]) -> dict[tuple[str, int, int], str]:
    """Where the words of each link to one of the figures begin: what a plain search for the links finds."""
    out = {}
    for path, text in texts.items():
        for match in re.finditer(rf"\[([^\[\]]+)\]\(figure:(?:{'|'.join(figures)})[ )]", text):
            start = match.start(1)
            out[path, line_at(text, start), start - text.rfind("\n", 0, start)] = match[1]
    return out


def test_one_more_drone_is_told_to_every_sentence_that_leans_on_it(copy: Path) -> None:
    path = copy / SHIPMENTS
    before = path.read_text(encoding="utf-8")
    assert before.count(",37,at_least,") == 1
    path.write_text(before.replace(",37,at_least,", ",38,at_least,"), encoding="utf-8")
    texts, public = texts_of(copy), {p.name: p.read_bytes() for p in (copy / "public").iterdir()}

    done = run(copy, "check", "--format", "json")
    assert done.returncode == 1, done.stderr
    problems = [found for found in json.loads(done.stdout)["problems"] if found["severity"] == "error"]
    named = {(found["path"], found["line"], found["column"]) for found in problems}
    wanted = links_to(texts, MOVED)
    assert named == wanted.keys()
    assert {found["code"] for found in problems} == {"B003"}
    for found in problems:
        words = wanted[found["path"], found["line"], found["column"]]
        assert f'"{words}"' in found["message"].replace("\\n", "\n"), "the message quotes the words"
        assert re.search(r"at least 38|at least 35|at most 7\.9%", found["message"]), "and says what is true"
    assert {"content/en/charts.yaml", "content/en/pages/index.md"} <= {place[0] for place in named}
    assert any("/claims/" in place[0] for place in named)

    done = run(copy, "build")
    assert done.returncode == 1
    assert "Nothing was written" in done.stderr
    assert {p.name: p.read_bytes() for p in (copy / "public").iterdir()} == public

    done = run(copy, "check", "--fix")
    assert done.returncode == 0, done.stderr
    after = texts_of(copy)
    assert {name: re.sub(r"\d", "", text) for name, text in after.items()} == {
        name: re.sub(r"\d", "", text) for name, text in texts.items()
    }, "only digits were rewritten"
    moved = {"37": "38", "34": "35", "8.2": "7.9"}
    rewritten = links_to(after, MOVED)
    assert rewritten == {place: re.sub(r"\d[\d.]*", lambda m: moved[m[0]], words) for place, words in wanted.items()}
    for place, words in wanted.items():
        assert f"{place[0]}:{place[1]}:" in done.stderr, f"{words} is not among the sentences to read again"

    done = run(copy, "build")
    assert done.returncode == 0, done.stderr
    page = (copy / "public" / "en" / "figures" / "labelled_drones" / "index.html").read_text(encoding="utf-8")
    assert "at least 38" in page
    assert "the last good site" not in (copy / "public" / "index.html").read_text(encoding="utf-8")


def test_without_the_labelled_rows_no_verdict_may_rest_on_them(real: Mapping[str, bytes]) -> None:
    kept = {row_id: row for row_id, row in REAL_ROWS["shipments"].items() if row["label"] != "war_use"}
    assert len(kept) < len(IDS["shipments"])
    made = build(write_tables({**REAL_ROWS, "shipments": kept}))
    assert made.broken
    assert made.files == {}
    path = "content/en/claims/reports-of-drone-exports-are-false.md"
    text = real[path].decode()
    premises = {line_at(text, match.start()) for match in re.finditer(r"^    expect: holds", text, re.MULTILINE)}
    assert premises
    found = [found.location for found in made.problems if found.code == "V001"]
    assert {place.line for place in found if place.path == path} == premises


def test_rows_that_go_while_something_names_them_stop_the_build(real: Mapping[str, bytes]) -> None:
    kept = {row_id: row for row_id, row in REAL_ROWS["shipments"].items() if row["label"] != "war_use"}
    made = build({**real, SHIPMENTS: write_rows(kept, header_of("shipments"))})
    assert made.files == {}
    assert "D027" in [found.code for found in made.problems]


def test_rewriting_leaves_every_other_byte(copy: Path) -> None:
    path = copy / "content/en/pages/index.md"
    text = path.read_bytes()
    start = text.index(b"[at least 37]") + len(b"[at least ")
    (copy / "x").mkdir()
    line = text.count(b"\n", 0, start) + 1
    column = len(text[text.rfind(b"\n", 0, start) + 1 : start].decode()) + 1
    from builder.binding import Edit
    from builder.model import Location

    write_edits(copy, [Edit(Location("content/en/pages/index.md", line, column), "37", "38")])
    assert path.read_bytes() == text[:start] + b"38" + text[start + 2 :]


# --- memory --------------------------------------------------------------------------------------


def test_a_build_with_memory_equals_one_without(real: Mapping[str, bytes]) -> None:
    first = build(real)
    assert not first.broken
    free = [row for row in IDS["totals"] if row not in USED and row not in real[FIGURES].decode()]
    dice = random.Random(3)
    changes = []
    for row_id in dice.sample(free, 4):
        value = int(Fraction(REAL_ROWS["totals"][row_id]["value"]) * dice.randint(2, 5)) or 1
        changes += [("totals", row_id, "value", str(value)), ("totals", row_id, "note", "Changed.")]
    files = changed(changes)
    assert files[TOTALS] != real[TOTALS]
    with_memory, without = build(files, first.memory), build(files)
    assert not without.broken, without.problems
    assert with_memory.problems == without.problems
    assert with_memory.files.keys() == without.files.keys()
    assert [path for path, raw in without.files.items() if with_memory.files[path] != raw] == []
    assert with_memory.memory.keys() == without.memory.keys()
    again = build(files, without.memory)
    assert (again.files, again.problems, dict(again.coverage)) == (
        without.files,
        without.problems,
        dict(without.coverage),
    )
    assert list(again.files) == list(without.files)


# --- intervals -----------------------------------------------------------------------------------

AMOUNTS = st.fractions(min_value=0, max_value=1000, max_denominator=8)


@st.composite
def spans(draw: Callable[[Any], Any], with_open: bool = True) -> Interval:
    low, high = sorted((draw(AMOUNTS), draw(AMOUNTS)))
    if low == high:
        return Interval(low, high)
    ends = draw(st.sampled_from((True, False)) if with_open else st.just(True))
    return Interval(low, high if ends else None, draw(st.booleans()), draw(st.booleans()) and ends)


@st.composite
def spans_and_points(draw: Callable[[Any], Any]) -> tuple[Interval, Fraction]:
    """An interval and a value inside it."""
    span = draw(spans())
    assert span.low is not None
    high = span.low + 50 if span.high is None else span.high
    share = draw(st.sampled_from([Fraction(n, 1000) for n in (0, 1, 250, 500, 999, 1000)]))
    point = span.low + (high - span.low) * share
    assume(is_inside(point, span))
    return span, point


def is_inside(value: Fraction, span: Interval) -> bool:
    above = span.low is None or (value > span.low if span.low_open else value >= span.low)
    below = span.high is None or (value < span.high if span.high_open else value <= span.high)
    return above and below


@settings(max_examples=300, **STEADY)
@given(a=spans_and_points(), b=spans_and_points())
@example(
    a=(Interval(Fraction(0), Fraction(5)), Fraction(0)),
    b=(Interval(Fraction(1), Fraction(2), False, True), Fraction(1)),
)
@example(a=(Interval(Fraction(0), Fraction(0)), Fraction(0)), b=(Interval(Fraction(1), Fraction(2), True), Fraction(2)))
def test_arithmetic_never_loses_a_possible_value(a: tuple[Interval, Fraction], b: tuple[Interval, Fraction]) -> None:
    (first, x), (second, y) = a, b
    assert is_inside(x + y, intervals.add(first, second))
    assert is_inside(x - y, intervals.subtract(first, second))
    if y:
        assert is_inside(x / y, intervals.divide(first, second))
    assert is_inside(x, intervals.possibly(first))
    assert is_inside(Fraction(0), intervals.possibly(first))
    assert is_inside(max(x, y), intervals.floor_of([first, second])), "the whole is at least its largest part"
    assert is_inside(x + y, intervals.floor_of([first, second]))


@settings(max_examples=200, **STEADY)
@given(a=spans(), b=spans())
def test_arithmetic_claims_no_end_that_cannot_be_reached(a: Interval, b: Interval) -> None:
    total = intervals.add(a, b)
    assert (total.high is None) == (a.high is None or b.high is None)
    assert total.low == a.low + b.low  # type: ignore[operator]
    ratio = intervals.divide(a, b)
    if a.high is None and b.high is None:
        assert (ratio.low, ratio.high) == (0, None), "a quotient of two open ends says nothing"


@settings(max_examples=400, **STEADY)
@given(span=spans(), operator=st.sampled_from([">=", ">", "<=", "<", "=="]), value=AMOUNTS, own=st.booleans())
def test_comparing_agrees_with_trying(span: Interval, operator: Any, value: Fraction, own: bool) -> None:
    if own and span.low is not None:
        value = span.low
    tests = {
        ">=": lambda x: x >= value,
        ">": lambda x: x > value,
        "<=": lambda x: x <= value,
        "<": lambda x: x < value,
        "==": lambda x: x == value,
    }
    assert span.low is not None
    grain = Fraction(1, 1000)
    tried = [value, value + grain, value - grain, span.low, span.low + grain / 7]
    tried += [span.low + 5000] if span.high is None else [span.high, span.high - grain / 7, (span.low + span.high) / 2]
    results = {tests[operator](point) for point in tried if is_inside(point, span)}
    assert {"holds": {True}, "fails": {False}, "undecided": {True, False}}[
        intervals.compare(span, operator, value)
    ] == results


@settings(max_examples=300, **STEADY)
@given(value=AMOUNTS, place=st.integers(-3, 3), up=st.booleans())
def test_rounding_goes_outward_and_not_too_far(value: Fraction, place: int, up: bool) -> None:
    unit = Fraction(10) ** place
    out = intervals.round_out(value, place, up)
    assert (out / unit).denominator == 1
    assert 0 <= (out - value if up else value - out) < unit
    near = intervals.round_near(value, place)
    assert abs(near - value) <= unit / 2


@settings(max_examples=300, **STEADY)
@given(span=spans(), unit=st.sampled_from(["drone", "%", "times", "USD"]))
def test_what_is_told_contains_all_that_may_be(span: Interval, unit: str) -> None:
    told = intervals.tell(span, unit)
    scale = 100 if unit == "%" else 1
    assert span.low is not None
    if told is None:
        assert span.high is None
        assert span.low <= 0
        return
    low, high = span.low * scale, None if span.high is None else span.high * scale
    grain = Fraction(1, 10) if unit in ("%", "times") else Fraction(1, 100)
    if told.bound in ("exact", "about"):
        assert low == high
        assert abs(told.low - low) <= grain / 2
        assert (told.bound == "exact") == (told.low == low)
    if told.bound in ("at_least", "more_than", "range"):
        assert low - grain < told.low <= low
        assert told.bound != "more_than" or span.low_open
    if told.bound in ("at_most", "less_than", "range"):
        assert high is not None
        assert high <= told.high < high + grain
        assert told.bound != "less_than" or (span.high_open and told.high == high)


@settings(max_examples=200, **STEADY)
@given(value=st.integers(1, 10**9), bound=st.sampled_from(BOUNDS))
def test_a_reported_number_is_told_as_it_was_reported(value: int, bound: Any) -> None:
    amount = intervals.read_amount(str(value), bound)
    told = intervals.tell_amount(amount, "USD")
    assert (told.bound, told.low) == (bound, value)
    at_end = {"more_than": False, "less_than": False}.get(bound, True)
    assert is_inside(Fraction(value), amount.interval) == at_end


# --- worlds of which the truth is known ----------------------------------------------------------


@dataclass(frozen=True)
class World:
    """What really crossed the border, and the rows by which it was told."""

    truth: tuple[tuple[str, int], ...]
    """Day and units of each declaration."""
    rows: tuple[Mapping[str, str], ...]
    group: int | None
    """The upper limit that the group's row gives, if it gives one."""


@st.composite
def tellings(draw: Callable[[Any], Any], true: int) -> tuple[str, str]:
    """A number and a bound that are right of `true`."""
    bound = draw(st.sampled_from(("exact", "at_least", "at_most", "more_than", "less_than")))
    low, high = draw(st.integers(0, 3)), draw(st.integers(0, 3))
    told = {
        "exact": true,
        "at_least": max(0, true - low),
        "at_most": true + high,
        "more_than": true - 1 - low,
        "less_than": true + 1 + high,
    }[bound]
    return (str(told), bound) if told >= 0 else (str(true), "exact")


CALENDAR = ("2023-01-10", "2023-01-31", "2023-02-01", "2023-02-20", "2023-03-05", "2023-03-31")
PERIODS = ("2023-01-01..2023-03-31", "2023-01-01..2023-01-31", "2023-02-01..2023-03-31", "2023-01-20..2023-02-10")


@st.composite
def worlds(draw: Callable[[Any], Any]) -> World:
    truth = tuple(draw(st.lists(st.tuples(st.sampled_from(CALENDAR), st.integers(0, 9)), min_size=1, max_size=5)))
    grouped = [i for i in range(len(truth)) if draw(st.booleans())]
    rows: list[dict[str, str]] = []
    limit = None
    if grouped:
        number, bound = draw(tellings(sum(truth[i][1] for i in grouped)))
        limit = int(number) if bound in ("exact", "at_most", "less_than") else None
        days = sorted(truth[i][0] for i in grouped)
        span = draw(st.sampled_from(((days[0], days[-1]), ("2023-01-01", "2023-03-31"), ("", ""), (days[0], ""))))
        rows.append(made_up("group", "group", "", number, bound, *span))
    for i, (day, units) in enumerate(truth):
        if i in grouped and not draw(st.booleans()):
            continue  # known only from the group
        number, bound = draw(tellings(units))
        dated = (day, day) if draw(st.booleans()) else draw(st.sampled_from((("", ""), ("2023-01-01", "2023-03-31"))))
        rows.append(made_up(f"line-{i}", "declaration", "group" if i in grouped else "", number, bound, *dated))
    return World(truth, tuple(rows), limit if len(grouped) == len(truth) else None)


def made_up(row_id: str, record: str, group: str, number: str, bound: str, first: str, last: str) -> dict[str, str]:
    cells = {
        "id": row_id,
        "record": record,
        "part_of": group,
        "sources": "example",
        "date_from": first,
        "date_to": last,
    }
    cells |= {"units": number, "units_bound": bound, "category": "drone", "outcome": "cleared", "label": "none"}
    return cells | {"confidence": "primary_seen", "declarations": "1", "declarations_bound": "exact"}


def small_files(rows: Sequence[Mapping[str, str]], figure: str) -> dict[str, bytes]:
    """A data package of shipments and one made-up source."""
    source = next(row for row in read_rows(REAL, "sources").values() if not row["reports_on"])
    return only_tables(REAL) | {
        "data/sources.csv": write_rows({"example": {**source, "id": "example"}}, header_of("sources")),
        SHIPMENTS: write_rows({row["id"]: row for row in rows}, header_of("shipments")),
        FIGURES: f"example: {figure}\n".encode(),
    }


def compute_one(rows: Sequence[Mapping[str, str]], figure: str) -> Interval:
    dataset, problems = read_dataset(small_files(rows, figure))
    assert problems == []
    assert dataset
    figures, problems = compute_figures(dataset)
    assert [found.code for found in problems if found.code != "D022"] == []
    return figures["example"].interval


@settings(max_examples=100, **STEADY)
@given(world=worlds(), period=st.sampled_from(PERIODS))
def test_a_sum_never_excludes_the_truth(world: World, period: str) -> None:
    start, end = period.split("..")
    found = compute_one(world.rows, f"{{sum: units, of: shipments, between: {period}, unit: drone}}")
    missing = {"line"} if not world.rows else set()
    known = Fraction(sum(units for day, units in world.truth if start <= day <= end))
    note(f"{found} for {known}")
    assume(not missing)
    assert is_inside(known, found)
    if world.group is not None and any(row["id"] == "group" for row in world.rows) and found.high is not None:
        assert found.high <= world.group, "a group and the rows inside it are never both counted"


def lines_of(*told: tuple[int, str, str]) -> World:
    """A world of dated lines, each with its true units, the number told and its bound."""
    rows = [made_up(f"line-{i}", "declaration", "", n, b, CALENDAR[i], CALENDAR[i]) for i, (_, n, b) in enumerate(told)]
    return World(tuple((CALENDAR[i], true) for i, (true, _, _) in enumerate(told)), tuple(rows), None)


@settings(max_examples=100, **STEADY)
@given(world=worlds(), measure=st.sampled_from(["min", "max"]), period=st.sampled_from(PERIODS), lost=st.booleans())
@example(world=lines_of((5, "5", "at_most"), (4, "5", "less_than")), measure="max", period=PERIODS[0], lost=False)
@example(world=lines_of((4, "4", "exact"), (5, "4", "more_than")), measure="min", period=PERIODS[0], lost=False)
@example(world=lines_of((9, "9", "exact"), (1, "1", "exact")), measure="max", period=PERIODS[0], lost=True)
@example(world=lines_of((0, "0", "exact"), (1, "1", "exact")), measure="min", period=PERIODS[0], lost=True)
def test_an_extreme_never_excludes_the_truth(world: World, measure: str, period: str, lost: bool) -> None:
    start, end = period.split("..")
    rows = [dict(row, part_of="") for row in world.rows if row["id"] != "group"]
    true = {f"line-{i}": fact for i, fact in enumerate(world.truth)}
    inside = [true[row["id"]][1] for row in rows if start <= true[row["id"]][0] <= end]
    assume(inside)
    if lost:
        rows[0] |= {"units": "", "units_bound": ""}
    found = compute_one(rows, f"{{{measure}: units, of: shipments, between: {period}, unit: drone}}")
    note(f"{found} for {inside}")
    assert is_inside(Fraction(min(inside) if measure == "min" else max(inside)), found)


@settings(max_examples=100, **STEADY)
@given(world=worlds(), period=st.sampled_from(PERIODS))
def test_a_count_never_excludes_the_truth(world: World, period: str) -> None:
    start, end = period.split("..")
    rows = [dict(row, part_of="") for row in world.rows if row["id"] != "group"]
    true = {f"line-{i}": day for i, (day, _) in enumerate(world.truth)}
    assume(rows)
    inside = [row["id"] for row in rows if start <= true[row["id"]] <= end]
    found = compute_one(rows, f"{{count: id, of: shipments, between: {period}, unit: shipment}}")
    assume(inside)
    assert is_inside(Fraction(len(inside)), found)
