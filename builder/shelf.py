"""What pages are planned from, for one language, and how a row of any table is named and shown.

A `Shelf` holds all that is known. A row has a name (for links and headings) and cells (its fields, each with the kind
of thing that it is, which decides how a template shows it).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from builder.intervals import tell_amount
from builder.lineage import Lineage, Node
from builder.model import (
    RECORDS,
    UNIT_OF_CATEGORY,
    Amount,
    Claim,
    Column,
    Content,
    Dataset,
    Drawing,
    Figure,
    Language,
    Passage,
    Row,
    StandingPage,
    Table,
    Theme,
    Verdict,
)
from builder.tongues import COUNTRIES, Tongue, tongue_of

_FOLDERS = {"sources": "sources", "entities": "companies"}
"""Where rows have their pages, if not under `records/`."""

Key = tuple[str, str]
"""What a page is about: `("figure", "labelled_drones")`."""


# --- what templates are given besides the nouns -----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mention:
    """A link to another page of the site, with the words for it."""

    scheme: str
    id: str
    text: str
    language: str = ""
    """Of the words, where it is not that of the page."""
    title: str = ""
    """Of a source, after its publisher."""
    title_language: str = ""
    fragment: str = ""
    """Of what has no page of its own: its anchor on the page."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a row, ready to be shown."""

    name: str
    label: str
    kind: str
    """`text`, `word`, `country`, `date`, `number`, `verbatim`, `code`, `address`, `links`, or `missing`."""
    value: Any
    help: str = ""
    """What the column means."""
    detail: str = ""
    """Precision of a date, language of words, the source's own qualifier of a number."""
    sort: str | None = None
    """Where the words do not tell a program how to sort: lower end and unit of an amount; empty for what is not known."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """A disagreement between sources."""

    id: str
    language: str
    """Of its words, where it is not that of the page."""
    question: str
    values: tuple[str, ...]
    chosen: str
    reason: str
    sources: tuple[Mention, ...]
    subjects: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Cited:
    """A source in a list of sources."""

    row: Row
    repeats: Mention | None
    """The source that it repeats."""
    alike: bool = False
    """True where another one in the list reads the same: its id tells them apart."""


# --- the shelf --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """All that is known, for one language."""

    dataset: Dataset
    content: Content
    theme: Theme
    figures: Mapping[str, Figure]
    verdicts: Mapping[str, Verdict]
    drawings: Mapping[str, Drawing]
    lineages: Mapping[str, Lineage]
    """By language."""
    tongue: Tongue
    claims: Mapping[str, Claim]
    """Published or withdrawn, by slug: in this language, or in the first where it is not translated."""
    standing: Mapping[str, StandingPage]
    disputes: Mapping[str, tuple[Dispute, ...]] = field(default_factory=dict)
    """By the id of the row that they name."""

    @property
    def language(self) -> Language:
        """That of the shelf."""
        return self.tongue.language

    @property
    def lineage(self) -> Lineage:
        """What stands on what, down to the sentences of the shelf's language."""
        return self.lineages[self.language.code]

    def rows(self, table: str) -> tuple[Row, ...]:
        """The rows of a table, in the order of its file; none where there is no such table."""
        found = self.dataset.tables.get(table)
        return tuple(found.rows.values()) if found else ()

    def word(self, key: str, **words: object) -> str:
        """A word of the interface; the key itself where it is missing, which the renderer reports."""
        return self.tongue.word(key, **words)

    def value_word(self, column: str, value: str) -> str:
        """The word for one of the data's own terms."""
        return self.tongue.value_word(column, value)

    def own(self, row: Row, column: str) -> tuple[str, str]:
        """The row's own words, translated where they are, and their language."""
        return self.tongue.own(row, column)


def _by_language(shelves: Mapping[str, Mapping[str, Any]], code: str, first: str) -> dict[str, Any]:
    """What stands in a language, filled up from the first one, in the order of the names."""
    merged = {**shelves.get(first, {}), **shelves.get(code, {})}
    return {name: merged[name] for name in sorted(merged)}


def fill_shelf(
    code: str,
    dataset: Dataset,
    content: Content,
    theme: Theme,
    figures: Mapping[str, Figure],
    verdicts: Mapping[str, Verdict],
    drawings: Mapping[str, Drawing],
    lineages: Mapping[str, Lineage],
) -> Shelf:
    """All that is known, for one language. Only published and withdrawn claims are public; they stand by date."""
    claims = _by_language(content.claims, code, theme.first_language)
    originals = content.claims.get(theme.first_language, {})  # a translation is public only where its original is
    public = [c for c in claims.values() if c.front.public and originals.get(c.slug, c).front.public]

    def date_of(claim: Claim) -> tuple[str, str]:
        row = dataset.row("statements", claim.front.claim.statement)
        return (row.cells.get("date", "") if row else "", claim.slug)

    ordered = {claim.slug: claim for claim in sorted(public, key=date_of)}
    standing = _by_language(content.pages, code, theme.first_language)
    tongue = tongue_of(content, code, theme.first_language)
    shelf = Shelf(dataset, content, theme, figures, verdicts, drawings, lineages, tongue, ordered, standing)
    return replace(shelf, disputes=_collect_disputes(shelf))


def address_of_row(table: str, row_id: str) -> str:
    """Where the page of a row stands in each language: for ever, even when the row was removed."""
    return f"{_FOLDERS.get(table, 'records')}/{row_id}/"


def data_date(shelf: Shelf) -> str:
    """The day to which the dataset was brought, as datapackage.json says."""
    return str(shelf.dataset.package.get("created", ""))[:10]


# --- names of things --------------------------------------------------------------------------------


def name_row(shelf: Shelf, row: Row) -> str:
    """What a row is called in links and headings: its own words where it has them."""
    cells = row.cells
    if row.table == "shipments":
        return _name_shipment(shelf, row)
    if row.table == "totals":
        return shelf.own(row, "measure")[0]
    if row.table == "statements":
        speaker, gist = shelf.own(row, "speaker")[0], shelf.own(row, "gist")[0]
        return shelf.word("name.statement", speaker=speaker, gist=gist.rstrip(".。"))
    if row.table == "events":
        return shelf.own(row, "what")[0].rstrip(".。")
    if row.table == "sources":
        return f"{cells['publisher']}: {cells['title']}" if cells["title"] else cells["publisher"] or row.id
    if row.table == "entities":
        return cells["name"]
    return shelf.own(row, "question")[0] if "question" in cells else row.id


_NAMED_BY = {"statements": "gist", "events": "what", "totals": "measure", "conflicts": "question"}
"""By table: the column whose words make a row's name. Rows of other tables have names made of the interface's words, or names proper."""


def language_of_name(shelf: Shelf, row: Row) -> str:
    """The language of what a row is called, where it is not that of the page."""
    column = _NAMED_BY.get(row.table)
    language = shelf.own(row, column)[1] if column else shelf.language.code
    return "" if language == shelf.language.code else language


def table_title(shelf: Shelf, table: str) -> tuple[str, str]:
    """What a table is called, and the language of that where it is not that of the page."""
    if title := shelf.language.values.get("table", {}).get(table):
        return title, ""
    first = shelf.theme.first_language
    return shelf.dataset.tables[table].title, "" if shelf.language.code == first else first


def title_column(shelf: Shelf, table: str, column: Column) -> str:
    """What a column is called."""
    titles = shelf.language.columns
    return titles.get(f"{table}.{column.name}") or titles.get(column.name) or column.title or column.name


def _name_shipment(shelf: Shelf, row: Row) -> str:
    """`Drones declared for the war, China to Russia: at least 37`; a part is left out where it is not stated."""
    cells = row.cells
    kind = "name.labelled" if cells["label"] == "war_use" else "name.goods"
    goods = shelf.word(kind, goods=shelf.value_word("category", cells["category"]))
    start = cells["dispatch"] or cells["origin"]
    if start and cells["destination"]:
        way = {
            "origin": shelf.value_word("country", start),
            "destination": shelf.value_word("country", cells["destination"]),
        }
        goods = shelf.word("name.way", goods=goods, **way)
    return shelf.word("name.shipment", record=shelf.value_word("record", cells["record"]), goods=goods)


def mention_row(shelf: Shelf, table: str, row_id: str) -> Mention:
    """A link to a row, by its name."""
    row = shelf.dataset.row(table, row_id)
    if row and table == "sources":
        cells = row.cells
        return Mention("source", row_id, cells["publisher"] or row_id, "", cells["title"], cells["language"])
    scheme = "company" if table == "entities" else "record"
    return (
        Mention(scheme, row_id, name_row(shelf, row), language_of_name(shelf, row))
        if row
        else Mention(scheme, row_id, row_id)
    )


def mention_source(shelf: Shelf, source_id: str) -> Mention:
    """A link to a source, by its publisher."""
    row = shelf.dataset.row("sources", source_id)
    return Mention("source", source_id, (row.cells["publisher"] if row else "") or source_id)


def mention_claim(claim: Claim) -> Mention:
    """A link to a claim, by its title."""
    return Mention("claim", claim.slug, claim.passages["title"].plain, claim.language)


def mention_figure(shelf: Shelf, figure_id: str) -> Mention:
    """A link to a figure, by its label."""
    words = words_of(shelf.content.figure_words, shelf, figure_id)
    return Mention("figure", figure_id, words["label"].plain if "label" in words else figure_id)


def words_of(
    words: Mapping[str, Mapping[str, Mapping[str, Passage]]], shelf: Shelf, name: str
) -> Mapping[str, Passage]:
    """The author's texts for a figure or a chart, from the first language where they are not translated."""
    mine = words.get(shelf.language.code, {}).get(name)
    return mine if mine is not None else words.get(shelf.theme.first_language, {}).get(name, {})


def mention_chart(shelf: Shelf, chart_id: str) -> Mention:
    """A link to a chart, by its title."""
    return Mention("chart", chart_id, shelf.drawings[chart_id].title)


def mention_user(shelf: Shelf, user: Node) -> Mention | None:
    """A link to the claim or page that leans on something; None for what is not public, and for other kinds."""
    kind, name = user
    if kind == "claim" and name in shelf.claims:
        return mention_claim(shelf.claims[name])
    if kind != "page" or name not in shelf.standing:
        return None
    page = shelf.standing[name]
    key = ("home", "") if name == "index" else ("page", name)
    return Mention(*key, page.passages["title"].plain, page.language)


# --- fields of a row --------------------------------------------------------------------------------

_PARTS_OF_AMOUNT = ("_bound", "_said", "_low", "_high")
_VERBATIM = {
    "label_text": "label_lang",
    "original": "language",
    "name_original": "name_language",
    "speaker_original": "language",
}
"""Columns of words in their own language, and the column that names it."""
_NOT_KNOWN = ("unknown", "not_reported")
"""Words of the data that say that something is not known, as an empty cell does."""
_PARTIAL_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def _unit_of(row: Row, column: str) -> str:
    if row.table == "totals":
        return row.cells.get("unit", "")
    if column == "value":
        return row.cells.get("currency", "")
    if column == "units":
        return UNIT_OF_CATEGORY.get(row.cells.get("category", ""), "")
    return ""


def _precision(row: Row, column: Column) -> str:
    value = row.cells[column.name]
    if len(value) < 10:
        return "year" if len(value) == 4 else "month"
    return row.cells.get("precision", "day") if column.name == "date" else "day"


def _language_of(row: Row, column: str) -> str:
    """Language of verbatim words; guessed by the script only for a name without one."""
    named = row.cells.get(_VERBATIM[column], "")
    if named and not (column == "speaker_original" and named == "en"):
        return named
    text = row.cells[column]
    if any("\u4e00" <= letter <= "\u9fff" for letter in text):
        return "zh"
    return "ru" if any("\u0400" <= letter <= "\u04ff" for letter in text) else ""


def _links(shelf: Shelf, column: Column, value: Any) -> tuple[Mention, ...]:
    ids = value if isinstance(value, tuple) else (value,)
    if column.refers_to == "sources":
        return tuple(mention_source(shelf, one) for one in ids)
    return tuple(mention_row(shelf, column.refers_to, one) for one in ids)


def cell_of(shelf: Shelf, row: Row, column: Column) -> Cell:
    """One field of a row: what kind of thing it is decides how it is shown."""
    name, value = column.name, row.values.get(column.name)
    label = title_column(shelf, row.table, column)
    if value is None or row.cells.get(name, "") == "":
        missing, language = say_missing(shelf, column)
        return Cell(name, label, "missing", missing, column.description, language)
    if isinstance(value, Amount):
        told = tell_amount(value, _unit_of(row, name))
        said = value.said if value.said else ""
        return Cell(name, label, "number", told, column.description, said, _sort_amount(value, told.unit))
    if column.refers_to:
        return Cell(name, label, "links", _links(shelf, column, value), column.description)
    if name in _VERBATIM:
        return Cell(name, label, "verbatim", value, column.description, _language_of(row, name))
    if name in COUNTRIES:
        return Cell(name, label, "country", value, column.description)
    if column.type == "date" or (name == "published" and _PARTIAL_DATE.fullmatch(str(value))):
        return Cell(name, label, "date", row.cells[name], column.description, _precision(row, column))
    if name == "subject":
        return Cell(name, label, "links", _subjects(shelf, str(value)), column.description)
    if name == "row" and row.table == "ledger":
        return Cell(name, label, "links", _rows_named(shelf, str(value)), column.description)
    if name == "title" and row.table == "sources":
        return Cell(name, label, "text", value, column.description, row.cells.get("language", ""))
    kind = "word" if column.enum else "address" if name.endswith("url") else "text"
    if name in ("id", "hs_code"):
        kind = "code"
    if kind == "text":
        return Cell(name, label, kind, *_words_of_cell(shelf, row, name, column))
    sort = "" if kind == "word" and value in _NOT_KNOWN else None
    return Cell(name, label, kind, row.cells[name], column.description, sort=sort)


def _sort_amount(amount: Amount, unit: str) -> str:
    low = amount.interval.low or 0
    return f"{int(low) if low.denominator == 1 else float(low)} {unit}".strip()


def say_missing(shelf: Shelf, column: Column) -> tuple[str, str]:
    """What an empty cell of the column means, and the language of that."""
    if not column.missing:
        return shelf.word("missing"), ""
    translated = shelf.language.values.get("missing", {}).get(column.missing)
    return (translated, "") if translated else (column.missing, shelf.theme.first_language)


def _words_of_cell(shelf: Shelf, row: Row, name: str, column: Column) -> tuple[str, str, str]:
    """A cell of words, what it means, and the language of its words; names proper have none."""
    text, language = shelf.own(row, name)
    return text, column.description, "" if name in _NAMES_PROPER else language


_NAMES_PROPER = ("publisher", "author", "name", "model", "translator")
"""Columns of names, which no language owns."""


def columns_in(shelf: Shelf, table: str) -> tuple[Column, ...]:
    """The columns of a table; none where there is no such table."""
    found = shelf.dataset.tables.get(table)
    return found.columns if found else ()


def columns_of(table: Table) -> tuple[Column, ...]:
    """The columns as a reader sees them: an amount and its bound are one."""
    amounts = {column.name for column in table.columns if column.amount}
    parts = {name + part for name in amounts for part in _PARTS_OF_AMOUNT}
    return tuple(column for column in table.columns if column.name not in parts)


def cells_of(shelf: Shelf, row: Row) -> tuple[Cell, ...]:
    """Every field of a row."""
    return tuple(cell_of(shelf, row, column) for column in columns_of(shelf.dataset.tables[row.table]))


# --- conflicts --------------------------------------------------------------------------------------


def _subjects(shelf: Shelf, subject: str) -> tuple[Mention, ...]:
    """`shipments/nikkei-labelled-drones/units; totals/x` as links to those rows."""
    found: dict[Mention, None] = {}
    for part in re.split(r"[;|]", subject):
        table, _, rest = part.strip().partition("/")
        row_id = rest.split("/")[0]
        if shelf.dataset.row(table, row_id):
            found[mention_row(shelf, table, row_id)] = None
    return tuple(found)


def _rows_named(shelf: Shelf, rows: str) -> tuple[Mention, ...]:
    """`shipments/nikkei-labelled-drones;conflicts/x` as links to those rows, each by its id."""
    found = []
    for part in rows.split(";"):
        table, _, row_id = part.strip().partition("/")
        if shelf.dataset.row(table, row_id):
            own = mention_row(shelf, table, row_id)
            has_page = table in RECORDS or table in _FOLDERS
            scheme, target, fragment = (own.scheme, row_id, "") if has_page else ("table", table, row_id)
            found.append(Mention(scheme, target, row_id, fragment=fragment))
    return tuple(found)


def _collect_disputes(shelf: Shelf) -> dict[str, tuple[Dispute, ...]]:
    found: dict[str, list[Dispute]] = {}
    for row in shelf.rows("conflicts"):
        subjects = _subjects(shelf, row.cells["subject"])
        question, language = shelf.own(row, "question")
        dispute = Dispute(
            id=row.id,
            language="" if language == shelf.language.code else language,
            question=question,
            values=tuple(value.strip() for value in shelf.own(row, "values")[0].split("|") if value.strip()),
            chosen=shelf.own(row, "chosen")[0],
            reason=shelf.own(row, "reason")[0],
            sources=tuple(mention_source(shelf, source) for source in row.values.get("sources") or ()),
            subjects=subjects,
        )
        for subject in subjects:
            found.setdefault(subject.id, []).append(dispute)
    return {subject: tuple(disputes) for subject, disputes in found.items()}


# --- sources ----------------------------------------------------------------------------------------


def cite(shelf: Shelf, ids: Iterable[str]) -> tuple[Cited, ...]:
    """The sources, each with the one that it repeats."""
    rows = [row for one in ids if (row := shelf.dataset.row("sources", one))]
    read = Counter(map(_as_read, rows))
    return tuple(
        Cited(
            row,
            mention_source(shelf, row.cells["reports_on"]) if row.cells.get("reports_on") else None,
            read[_as_read(row)] > 1,
        )
        for row in rows
    )


def _as_read(row: Row) -> tuple[str, ...]:
    """What tells a source from others in a list of them."""
    return tuple(row.cells.get(column, "") for column in ("publisher", "title", "published"))


def sources_of(shelf: Shelf, row: Row | None) -> tuple[Cited, ...]:
    """The sources of a row, in its own order."""
    return cite(shelf, row.values.get("sources") or () if row else ())
