"""What a chart is made from: rows, figures and words, each as it is told on every other page.

Here stands the registry of charts too, with the decorator that puts a chart into it.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from builder.drawing import Sheet
from builder.intervals import tell_amount
from builder.model import Dataset, Figure, Language, Passage, Row, Told
from builder.numerals import format_date, format_told, name_months
from builder.tongues import Tongue

Record = tuple[str, str]

_COPIES = ("mirror", "secondary_report", "machine_translation")
"""Kinds of sources that only carry on what another one found."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A row of the data at its date, for the interactive view."""

    lane: str
    """Beside what it stands: who spoke, or what kind of thing happened."""
    record: Record
    day: str
    """ISO date."""
    last: str
    """ISO date of the end of a period; equal to `day` for a point."""
    head: str
    """The date in words, and who."""
    words: str
    colour: str
    shape: str
    sure: bool
    """False draws it hollow: the day is not certain."""


@dataclass(slots=True)
class Plot:
    """A chart before it is drawn."""

    draw: Callable[[Sheet], None]
    rows: Sequence[tuple[str, ...]]
    """Of the table."""
    records: list[Record] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    """Of a dated chart."""


@dataclass(frozen=True, slots=True, eq=False)
class Desk:
    """What a chart function works from."""

    dataset: Dataset
    figures: Mapping[str, Figure]
    tongue: Tongue
    words: Mapping[str, Passage]

    @property
    def language(self) -> Language:
        """That of the chart."""
        return self.tongue.language

    def own(self, row: Row, column: str) -> str:
        """The row's own words, translated where they are."""
        return self.tongue.own(row, column)[0]

    def word(self, key: str, **filled: str) -> str:
        """One of the chart's own words, with what stands in {braces} filled in; else the language's word for every chart."""
        text = self.words[key].plain if key in self.words else self.tongue.find(f"chart.word.{key}")[0] or key
        for name, value in filled.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    def term(self, column: str, value: str) -> str:
        """The chart's own word for one of the data's terms, else the language's in small letters."""
        if value in self.words:
            return self.words[value].plain
        told = self.tongue.value_word(column, value)
        return told[:1].lower() + told[1:]

    def listed(self, parts: Iterable[str]) -> str:
        """Parts in one line, those that are empty left out."""
        return self.tongue.word("list.comma").join(part for part in parts if part)

    def explained(self, name: str, words: str) -> str:
        """A name and what is told of it, with the language's own colon between them."""
        colon = self.tongue.word("colon")
        return f"{name}{colon}{' ' if colon.isascii() else ''}{words}"

    def rows(self, table: str, **where: str | tuple[str, ...]) -> list[Row]:
        """Rows that stand and whose columns have the value, or one of the values."""
        found = self.dataset.tables.get(table)
        wanted = {column: (value,) if isinstance(value, str) else value for column, value in where.items()}
        return [
            row
            for row in (found.rows.values() if found else ())
            if self.dataset.stands(row) and all(row.values.get(column) in values for column, values in wanted.items())
        ]

    def pick(self, table: str, *ids: str) -> list[Row]:
        """Rows by id, those that are there and stand."""
        found = (self.dataset.row(table, each) for each in ids)
        return [row for row in found if row and self.dataset.stands(row)]

    def told(self, row: Row, column: str = "value", unit: str | None = None, noun: bool = False) -> str:
        """An amount of a row as it is told everywhere; empty where it is missing."""
        amount = row.values.get(column)
        if amount is None:
            return ""
        unit = unit if unit is not None else row.values.get("unit") or ""
        return format_told(tell_amount(amount, unit), self.language, noun=noun)

    def figure_told(self, figure: Figure, noun: bool = False) -> str:
        """A figure as it is told everywhere."""
        return format_told(figure.told, self.language, noun=noun) if figure.told else ""

    def tick(self, value: int, unit: str) -> str:
        """A number on a scale."""
        return format_told(Told("exact", Fraction(value), Fraction(value), unit), self.language)

    def source(self, source_id: str) -> str:
        """Name of the source that this one in the end repeats."""
        row = self.dataset.row("sources", self.dataset.root(source_id))
        return str(row.values.get("publisher") or row.id) if row else source_id

    def reporter(self, row: Row) -> str:
        """Name of whoever reports a row at first hand: copies and summaries are looked through, new reports are not."""
        source = self.dataset.row("sources", row.values["sources"][0])
        while source and source.values.get("kind") in _COPIES and source.values.get("reports_on"):
            source = self.dataset.row("sources", source.values["reports_on"])
        return str(source.values.get("publisher") or source.id) if source else ""

    def sources(self, row: Row) -> str:
        """Names of the sources that a row in the end rests on, each once."""
        return self.listed(dict.fromkeys(self.source(each) for each in row.values["sources"]))

    def day(self, row: Row, column: str = "date") -> str:
        """The date of a statement or event, as precise as it is known."""
        precision = row.values.get("precision") or "day"
        told = format_date(row.values[column], "month" if precision == "month" else "day", self.language)
        return self.word("about", day=told) if precision == "about" else told

    def period(self, row: Row) -> str:
        """First and last day, as months or years where they are whole."""
        first, last = row.values.get("date_from"), row.values.get("date_to")
        if not first:
            return self.word("until", day=self._date(last, "day")) if last else self.word("undated")
        if first == last or not last:
            return self._date(first, "day")
        precision = "day"
        if first.endswith("-01") and last.endswith(f"-{calendar.monthrange(int(last[:4]), int(last[5:7]))[1]}"):
            precision = "year" if first[5:7] == "01" and last[5:7] == "12" else "month"
        ends = list(dict.fromkeys(self._date(end, precision) for end in (first, last)))
        if len(ends) == 1:
            return ends[0]
        return self.tongue.word("period", start=ends[0], end=ends[-1])

    def name_months(self, months: Iterable[str]) -> dict[str, str]:
        """Months in full, by `2023-04`."""
        return {month: self._date(f"{month}-01", "month") for month in months}

    def months(self) -> dict[str, str]:
        """Short names of the months by number: `01`."""
        return name_months(self.language)

    def _date(self, iso: str, precision: str) -> str:
        return format_date(iso, precision, self.language)


ChartFunction = Callable[[Desk], Plot | None]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart in the registry."""

    id: str
    make: ChartFunction
    columns: int
    """Of its table; `table` under `words` of its entry in `charts.yaml` names them, split by |."""
    words: tuple[str, ...]
    """Keys that must stand there beside `table`."""


CHARTS: dict[str, Chart] = {}
"""Every chart, in the order below."""


def chart(chart_id: str, columns: int, *words: str) -> Callable[[ChartFunction], ChartFunction]:
    """Put a chart into the registry, with the number of its table's columns and the words that it needs."""

    def register(make: ChartFunction) -> ChartFunction:
        CHARTS[chart_id] = Chart(chart_id, make, columns, words)
        return make

    return register
