"""What a reader may search, offline: one index for each language, made from its pages.

An index is a script that hands over a list, because a page that is opened from disk may fetch no JSON. It holds no word
of the interface and no number of its own: titles, texts and numbers are those of the pages. Finding is the browser's part.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from builder import numerals
from builder.model import Language, Page, Passage, Row
from builder.prose import split_passage
from builder.shelf import Cell

INDEX = "search/index.js"
"""Where the index of a language stands, from the language's folder."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text that can be found and shown."""

    text: str
    language: str = ""
    """Where it is not that of the page."""


@dataclass(frozen=True, slots=True)
class Document:
    """A page as a search finds it."""

    kind: str
    """`claims`, `figures`, `charts`, `pages`, `tables`, or the table of a row."""
    address: str
    """From the folder of the language."""
    title: Words
    texts: tuple[Words, ...] = ()
    """What is searched after the title; the first one is shown where no other holds what was sought."""
    names: tuple[str, ...] = ()
    """What else it can be found by: speakers, publishers, tags. Never shown."""
    date: tuple[str, str] = ("", "")
    """ISO, and in words."""
    rating: str = ""
    told: str = ""
    """Its number, as every surface tells it."""
    notes: tuple[str, ...] = ()
    """What must be said beside it: `labelled`, `withdrawn`."""


# --- what each kind of page gives -------------------------------------------------------------------


def _of_passages(passages: Mapping[str, Passage], *roles: str) -> tuple[Words, ...]:
    """The texts of these roles; of one with several paragraphs, each by itself."""
    found = [passages[role] for role in roles if role in passages]
    return tuple(Words(text, passage.language) for passage in found for text in split_passage(passage))


def _of_cells(cells: Mapping[str, str], *names: str) -> tuple[str, ...]:
    return tuple(cells[name] for name in names if cells.get(name))


def _own_words(row: Row) -> tuple[Words, ...]:
    """What was said, in the language in which it was said, and how the dataset translates it."""
    cells = row.cells
    parts = (("original", cells.get("language", "")), ("english", "en"), ("label_text", cells.get("label_lang", "")))
    return tuple(Words(cells[name], language) for name, language in parts if cells.get(name))


def _date(iso: str, precision: str, language: Language) -> tuple[str, str]:
    known = {4: "year", 7: "month"}.get(len(iso), precision)
    text = numerals.format_date(iso, "day" if known == "about" else known, language)
    if known == "about":
        text = numerals.fill_gaps(language.words.get("date.about", "{date}"), date=text)
    return iso, text


def _date_of(cells: Iterable[Cell], language: Language) -> tuple[str, str]:
    """The one date of a row: a period has two and is told on its page."""
    found = next((cell for cell in cells if cell.name in ("date", "published") and cell.kind == "date"), None)
    return _date(found.value, found.detail, language) if found else ("", "")


def _told_of(cells: Iterable[Cell], column: str, language: Language) -> str:
    found = next((cell.value for cell in cells if cell.name == column and cell.kind == "number"), None)
    return numerals.format_told(found, language, noun=True) if found else ""


def _claim(page: Page, language: Language) -> Document:
    claim, said = page.values["claim"], page.values["said"]
    cells = said.cells if said else {}
    texts = _of_passages(claim.passages, "summary", "claim.says")
    return Document(
        kind="claims",
        address=page.path,
        title=Words(claim.passages["title"].plain, claim.passages["title"].language),
        texts=(*texts, *(_own_words(said) if said else ()), *_of_passages(claim.passages, "body")),
        names=(*_of_cells(cells, "speaker", "speaker_original", "office"), *claim.front.tags),
        date=_date(cells["date"], cells.get("precision", "day"), language) if cells.get("date") else ("", ""),
        rating=claim.front.rating,
        notes=("withdrawn",) if claim.front.status == "withdrawn" else (),
    )


def _figure(page: Page, language: Language) -> Document:
    figure, label, about = (page.values[name] for name in ("figure", "label", "about_words"))
    told = numerals.format_told(figure.told, language, noun=True) if figure.told else ""
    return Document(
        kind="figures",
        address=page.path,
        title=Words(page.title, label.language if label else ""),
        texts=_of_passages({"about": about} if about else {}, "about"),
        date=_date(figure.day, "day", language) if figure.day else ("", ""),
        told=told,
        notes=("labelled",) if page.values["labelled"] else (),
    )


def _chart(page: Page, language: Language) -> Document:
    return Document("charts", page.path, Words(page.title), _of_passages(page.values["words"], "alt", "caption", "how"))


def _standing(page: Page, language: Language) -> Document:
    words = page.values.get("words")
    if words is None:
        return Document("pages", page.path, Words(page.title), (Words(page.values["description"]),))
    return Document(
        "pages", page.path, Words(page.title, words.language), _of_passages(words.passages, "description", "body")
    )


def _table(page: Page, language: Language) -> Document:
    return Document("tables", page.path, Words(page.title), (Words(page.values["description"]),))


def _record(page: Page, language: Language) -> Document:
    row, cells = page.values["row"], page.values["cells"]
    notes = ["labelled"] if row.cells.get("label") == "war_use" else []
    return Document(
        kind=row.table,
        address=page.path,
        title=Words(page.title),
        texts=(*_own_words(row), *map(Words, _of_cells(row.cells, "scope"))),
        names=_of_cells(row.cells, "speaker_original", "office", "occasion", "actor", "basis", "model"),
        date=_date_of(cells, language),
        told=_told_of(cells, "value" if row.table == "totals" else "units", language),
        notes=tuple(notes if page.values["stands"] else (*notes, "withdrawn")),
    )


def _source(page: Page, language: Language) -> Document:
    row = page.values["row"]
    title, publisher = row.cells.get("title", ""), row.cells.get("publisher", "") or row.id
    return Document(
        kind="sources",
        address=page.path,
        title=Words(title, row.cells.get("language", "")) if title else Words(publisher),
        texts=(Words(publisher),) if title else (),
        date=_date_of(page.values["cells"], language),
        notes=() if page.values["stands"] else ("withdrawn",),
    )


def _company(page: Page, language: Language) -> Document:
    """By its names alone: beside a name stands no word on what it is named for."""
    cells = page.values["row"].cells
    original = cells.get("name_original", "")
    texts = (Words(original, cells.get("name_language", "")),) if original else ()
    return Document("entities", page.path, Words(page.title), texts)


_MAKERS: Mapping[str, Callable[[Page, Language], Document]] = {
    "home": _standing,
    "claim": _claim,
    "figure": _figure,
    "chart": _chart,
    "page": _standing,
    "table": _table,
    "record": _record,
    "source": _source,
    "company": _company,
}
"""By what a page is about. Frozen pages, tombstones and feeds are not found: what they tell is old, or told elsewhere."""


def documents_of(pages: Iterable[Page], language: Language) -> Iterator[Document]:
    """What can be found in a language, in the order of its pages; not the page of the search itself."""
    for page in pages:
        scheme, name = page.values["about"]
        if page.language == language.code and scheme in _MAKERS and (scheme, name) != ("page", "search"):
            yield _MAKERS[scheme](page, language)


# --- the file ---------------------------------------------------------------------------------------


def make_indexes(pages: Iterable[Page], languages: Mapping[str, Language]) -> dict[str, bytes]:
    """The index of each language, by path. Equal pages give equal bytes."""
    pages = tuple(pages)
    return {f"{code}/{INDEX}": _make_index(pages, language) for code, language in languages.items()}


def _make_index(pages: Iterable[Page], language: Language) -> bytes:
    lines = ",\n".join(_as_json(_describe(document, language)) for document in documents_of(pages, language))
    return f"self.searchIndex = [\n{lines}\n];\n".encode()


def _describe(document: Document, language: Language) -> dict[str, Any]:
    """A document for the browser; what it has not is left out."""

    def words(one: Words) -> list[str]:
        own = one.language and one.language != language.code
        return [one.text, one.language] if own else [one.text]

    described = {
        "kind": document.kind,
        "address": document.address.removeprefix(f"{language.code}/"),
        "title": words(document.title),
        "texts": [words(one) for one in dict.fromkeys(document.texts)],
        "names": list(document.names),
        "date": list(document.date) if document.date[0] else [],
        "rating": document.rating,
        "told": document.told,
        "notes": list(document.notes),
    }
    return {name: value for name, value in described.items() if value}


def _as_json(value: dict[str, Any]) -> str:
    """Also fit for a script: two characters that end a line there, and in no JSON, are escaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
