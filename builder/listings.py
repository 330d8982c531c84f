"""What the page of a table says besides its rows: by which words they can be chosen, what each column means, how to cite."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from builder.model import RECORDS, Column, Row, Table
from builder.shelf import (
    Key,
    Mention,
    Shelf,
    columns_of,
    mention_source,
    say_missing,
    table_title,
    title_column,
)
from builder.tongues import COUNTRIES

MOST_OPTIONS = 20
"""Different words of a column among which a reader can still choose from a list."""

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
    language: str = ""
    """Of the word, where it is not that of the page."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A column with few different words, by which rows can be chosen."""

    column: str
    title: str
    options: tuple[Option, ...]
    """Those that occur."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """One column in the data dictionary."""

    column: Column
    title: str
    filled: int
    """Rows in which the cell is not empty."""
    allowed: tuple[Option, ...]
    """The only words that may stand in it; none where any may."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A row as somebody would cite it."""

    row: Row
    table: Mention
    source: Mention | None
    """The source nearest to the original; None where rows of the table name none."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What the page of a table says besides its rows."""

    titles: Mapping[str, str]
    """Of the columns shown, by name: those that are empty in every row are not."""
    blank: Mapping[str, str]
    """Of the columns that are only named."""
    choices: tuple[Choice, ...]
    meanings: tuple[Meaning, ...]
    amounts: bool
    """True when a column shown holds amounts."""
    citation: Citation | None


def list_table(shelf: Shelf, table: Table) -> Listing:
    """The listing of a table."""
    rows = table.rows.values()
    filled = {column.name: sum(row.cells[column.name] != "" for row in rows) for column in table.columns}
    titles = {column.name: title_column(shelf, table.name, column) for column in table.columns}
    shown = [column for column in columns_of(table) if filled[column.name] or not rows]
    blank = [column for column in columns_of(table) if column not in shown]
    choices = (Choice(column.name, titles[column.name], _options(shelf, table, column)) for column in shown)
    return Listing(
        {column.name: titles[column.name] for column in shown},
        {column.name: titles[column.name] for column in blank},
        tuple(choice for choice in choices if len(choice.options) > 1),
        tuple(
            Meaning(column, titles[column.name], filled[column.name], _allowed(shelf, column))
            for column in table.columns
        ),
        any(column.amount for column in shown),
        cite_row(shelf, table),
    )


def page_of(row: Row) -> Key | None:
    """What the page of a row is about; None where rows of its table have none of their own."""
    return (_PAGES[row.table], row.id) if row.table in _PAGES else None


def mention_table(shelf: Shelf, table: str) -> Mention:
    """A link to the page of a table."""
    return Mention("table", table, *table_title(shelf, table))


def cite_row(shelf: Shelf, table: Table) -> Citation | None:
    """The first row that stands, as an example of how to cite one."""
    row = next((row for row in table.rows.values() if shelf.dataset.stands(row)), None)
    if row is None:
        return None
    sources = row.values.get("sources") or ()
    return Citation(row, mention_table(shelf, table.name), mention_source(shelf, sources[0]) if sources else None)


def _options(shelf: Shelf, table: Table, column: Column) -> tuple[Option, ...]:
    """The words that occur in a column; none where a list of them would not help."""
    found = {row.cells[column.name] for row in table.rows.values()}
    if column.name in COUNTRIES:
        countries = (_option(shelf, "country", value) for value in found if value)
        options = sorted(countries, key=lambda option: (option.word, option.value))
    else:
        options = [_option(shelf, column.name, value) for value in column.enum if value in found]
    if options and "" in found:
        options.append(Option(EMPTY, *say_missing(shelf, column)))
    return tuple(options) if len(options) <= MOST_OPTIONS else ()


def _option(shelf: Shelf, column: str, value: str) -> Option:
    word, language = shelf.tongue.find_value(column, value)
    return Option(value, word or value, "" if language == shelf.language.code else language)


def _allowed(shelf: Shelf, column: Column) -> tuple[Option, ...]:
    words: Mapping[str, str] = shelf.language.values.get(column.name, {})
    if column.name.endswith("_bound"):
        words = {bound: found[0] or shelf.word("bound.exact") for bound, found in shelf.language.bounds.items()}
    return tuple(Option(value, words.get(value, "")) for value in column.enum)
