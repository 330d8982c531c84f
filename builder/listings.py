"""What the page of a table says besides its rows: by which words they can be chosen, what each column means, how to cite."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from builder.model import RECORDS, Column, Row, Table
from builder.shelf import COUNTRIES, Cell, Key, Mention, Shelf, columns_of, mention_source

MOST_CHOICES = 12
"""Different countries of a column among which a reader can still choose from a list."""

EMPTY = "-"
"""Stands for an empty cell where a choice needs a value."""

_PAGES = {**dict.fromkeys(RECORDS, "record"), "sources": "source", "entities": "company", "removals": "removed"}
"""What the page of a row is about, by table; rows of the other tables have none of their own."""


@dataclass(frozen=True, slots=True)
class Option:
    """One word of a column."""

    value: str
    """As the file has it."""
    word: str
    """As the page shows it; empty where there is no other."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A column with few different words, by which rows can be chosen."""

    column: Column
    options: tuple[Option, ...]
    """Those that occur."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """One column in the data dictionary."""

    column: Column
    filled: int
    """Rows in which the cell is not empty."""
    allowed: tuple[Option, ...]
    """The only words that may stand in it; none where any may."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A row as somebody would cite it."""

    row: Row
    table: Table
    source: Mention | None
    """The source nearest to the original; None where rows of the table name none."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What the page of a table says besides its rows."""

    blank: tuple[Column, ...]
    """Columns that are empty in every row: not shown there, only named."""
    choices: tuple[Choice, ...]
    meanings: tuple[Meaning, ...]
    amounts: bool
    """True when a column shown holds amounts."""
    citation: Citation | None


def list_table(shelf: Shelf, table: Table, rows: tuple[tuple[Row, tuple[Cell, ...]], ...]) -> Listing:
    """The listing of a table with these rows, each with its cells."""
    filled = {column.name: sum(row.cells[column.name] != "" for row, _ in rows) for column in table.columns}
    blank = tuple(column for column in columns_of(table) if rows and not filled[column.name])
    shown = [column for column in columns_of(table) if column not in blank]
    return Listing(
        blank,
        tuple(choice for column in shown if len((choice := _choose(shelf, table, column)).options) > 1),
        tuple(Meaning(column, filled[column.name], _allowed(shelf, column)) for column in table.columns),
        any(column.amount for column in shown),
        cite_row(shelf, table),
    )


def page_of(row: Row) -> Key | None:
    """What the page of a row is about; None where rows of its table have none of their own."""
    return (_PAGES[row.table], row.id) if row.table in _PAGES else None


def cite_row(shelf: Shelf, table: Table) -> Citation | None:
    """The first row that stands, as an example of how to cite one."""
    row = next((row for row in table.rows.values() if shelf.dataset.stands(row)), None)
    if row is None:
        return None
    sources = row.values.get("sources") or ()
    return Citation(row, table, mention_source(shelf, sources[0]) if sources else None)


def _choose(shelf: Shelf, table: Table, column: Column) -> Choice:
    """A choice without options where a list would not help."""
    found = {row.cells[column.name] for row in table.rows.values()}
    if column.name in COUNTRIES:
        words = {value: shelf.value_word("country", value) for value in found if value}
        named = sorted((Option(value, word) for value, word in words.items()), key=lambda option: option.word)
        options = named if len(named) <= MOST_CHOICES else []
    else:
        options = [Option(value, shelf.value_word(column.name, value)) for value in column.enum if value in found]
    if options and "" in found:
        options.append(Option(EMPTY, column.missing or shelf.word("missing")))
    return Choice(column, tuple(options))


def _allowed(shelf: Shelf, column: Column) -> tuple[Option, ...]:
    words: Mapping[str, str] = shelf.language.values.get(column.name, {})
    if column.name.endswith("_bound"):
        words = {bound: found[0] or shelf.word("bound.exact") for bound, found in shelf.language.bounds.items()}
    return tuple(Option(value, words.get(value, "")) for value in column.enum)
