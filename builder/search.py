"""What a reader may search, offline: one index for each language, made from its pages.

An index is a script that hands over a list, because a page that is opened from disk may fetch no JSON. It holds no word
of the interface and no number of its own: titles, texts and numbers are those of the pages. Finding is the browser's part.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from builder.model import Content, Language, Page, Passage, Row, Told
from builder.prose import split_passage
from builder.shelf import Cell
from builder.tongues import Tongue, tongue_of

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


# --- how a row and its date are read ---------------------------------------------------------------


def _own(row: Row, tongue: Tongue, *columns: str) -> tuple[str, ...]:
    """The row's words in these columns, translated, and as the data have them."""
    found = (words for column in columns for words in (tongue.own(row, column)[0], row.cells.get(column)) if words)
    return tuple(dict.fromkeys(found))


def _spoken(row: Row, tongue: Tongue) -> tuple[Words, ...]:
    """What was said, in the language in which it was said, and translated as on its page."""
    cells = row.cells
    ours = tongue.own(row, "translation") if tongue.has_own(row, "translation") else (cells.get("english"), "en")
    parts = ((cells.get("original"), cells.get("language", "")), ours)
    label = (cells.get("label_text"), cells.get("label_lang", ""))
    return tuple(Words(text, language) for text, language in (*parts, label) if text)


def _dated(iso: str, precision: str, tongue: Tongue) -> tuple[str, str]:
    """A date as it stands, and in words."""
    return iso, tongue.date(iso, precision)


def _date_of(cells: Iterable[Cell], tongue: Tongue) -> tuple[str, str]:
    """The one date of a row: a period has two and is told on its page."""
    found = next((cell for cell in cells if cell.name in ("date", "published") and cell.kind == "date"), None)
    return _dated(found.value, found.detail, tongue) if found else ("", "")


def _tell(told: Told | None, tongue: Tongue) -> str:
    """A number with its noun; empty where there is none to tell."""
    return tongue.tell(told, noun=True) if told else ""


# --- what each kind of page gives -------------------------------------------------------------------


def _of_passages(passages: Mapping[str, Passage], *roles: str) -> tuple[Words, ...]:
    """The texts of these roles; of one with several paragraphs, each by itself."""
    found = [passages[role] for role in roles if role in passages]
    return tuple(Words(text, passage.language) for passage in found for text in split_passage(passage))


def _claim(page: Page, tongue: Tongue) -> Document:
    claim, said = page.values["claim"], page.values["said"]
    speaker = _own(said, tongue, "speaker", "speaker_original", "office") if said else ()
    dated = said and said.cells.get("date")
    withdrawn = claim.front.status == "withdrawn"
    return Document(
        kind="claims",
        address=page.path,
        title=Words(claim.passages["title"].plain, claim.passages["title"].language),
        texts=(
            *_of_passages(claim.passages, "summary", "claim.says"),
            *(_spoken(said, tongue) if said else ()),
            *_of_passages(claim.passages, "body"),
        ),
        names=(*speaker, *claim.front.tags),
        date=_dated(dated, said.cells.get("precision", "day"), tongue) if dated else ("", ""),
        rating="" if withdrawn else claim.front.rating,
        notes=("withdrawn",) if withdrawn else (),
    )


def _figure(page: Page, tongue: Tongue) -> Document:
    figure, label, about = (page.values[name] for name in ("figure", "label", "about_words"))
    return Document(
        kind="figures",
        address=page.path,
        title=Words(page.title, label.language if label else ""),
        texts=_of_passages({"about": about} if about else {}, "about"),
        date=_dated(figure.day, "day", tongue) if figure.day else ("", ""),
        told=_tell(figure.told, tongue),
        notes=("labelled",) if page.values["labelled"] else (),
    )


def _chart(page: Page, tongue: Tongue) -> Document:
    title = Words(page.title, page.values["drawing"].language)
    return Document("charts", page.path, title, _of_passages(page.values["words"], "alt", "caption", "how"))


def _standing(page: Page, tongue: Tongue) -> Document:
    words = page.values.get("words")
    if words:
        title = words.passages["title"]
        texts = _of_passages(words.passages, "description", "body")
        return Document("pages", page.path, Words(title.plain, title.language), texts)
    slug = page.values["about"][1]
    own = tongue.language if f"title.{slug}" in tongue.language.words else tongue.first
    description = page.values["description"]
    return Document("pages", page.path, Words(page.title, own.code), (Words(description, own.code),))


def _table(page: Page, tongue: Tongue) -> Document:
    title = Words(page.title, page.values["title_language"])
    return Document("tables", page.path, title, (Words(page.values["description"], tongue.first.code),))


def _record(page: Page, tongue: Tongue) -> Document:
    row, cells = page.values["row"], page.values["cells"]
    measured = "value" if row.table == "totals" else "units"
    scope = [cell for cell in cells if cell.name == "scope" and cell.kind == "text"]
    return Document(
        kind=row.table,
        address=page.path,
        title=Words(page.title, page.values["title_language"]),
        texts=(*_spoken(row, tongue), *(Words(str(cell.value), cell.detail) for cell in scope)),
        names=_own(row, tongue, "speaker", "speaker_original", "office", "occasion", "actor", "basis", "model"),
        date=_date_of(cells, tongue),
        told=_tell(
            next((cell.value for cell in cells if cell.name == measured and cell.kind == "number"), None), tongue
        ),
        notes=(
            *(("labelled",) if row.cells.get("label") == "war_use" else ()),
            *(() if page.values["stands"] else ("withdrawn",)),
        ),
    )


def _source(page: Page, tongue: Tongue) -> Document:
    row = page.values["row"]
    title, publisher = row.cells.get("title", ""), row.cells.get("publisher", "") or row.id
    return Document(
        kind="sources",
        address=page.path,
        title=Words(title, row.cells.get("language", "")) if title else Words(publisher),
        texts=(Words(publisher),) if title else (),
        date=_date_of(page.values["cells"], tongue),
        notes=() if page.values["stands"] else ("withdrawn",),
    )


def _company(page: Page, tongue: Tongue) -> Document:
    """By its names alone: beside a name stands no word on what it is named for."""
    cells = page.values["row"].cells
    original = cells.get("name_original", "")
    texts = (Words(original, cells.get("name_language", "")),) if original else ()
    return Document("entities", page.path, Words(page.title), texts)


_MAKERS: Mapping[str, Callable[[Page, Tongue], Document]] = {
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


def _documents(pages: Iterable[Page], tongue: Tongue) -> Iterator[Document]:
    """What can be found in a language, in the order of its pages; not the page of the search itself."""
    for page in pages:
        scheme, name = page.values["about"]
        if page.language == tongue.language.code and scheme in _MAKERS and (scheme, name) != ("page", "search"):
            yield _MAKERS[scheme](page, tongue)


# --- the file ---------------------------------------------------------------------------------------


def make_indexes(pages: Iterable[Page], content: Content, first: str) -> dict[str, bytes]:
    """The index of each language, by path; `first` is the code of the first one. Equal pages give equal bytes."""
    pages, files = tuple(pages), {}
    for code, language in content.languages.items():
        files[f"{code}/{INDEX}"] = _make_index(_documents(pages, tongue_of(content, code, first)), language)
    return files


def _make_index(documents: Iterable[Document], language: Language) -> bytes:
    lines = ",\n".join(_as_json(_describe(document, language)) for document in documents)
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
