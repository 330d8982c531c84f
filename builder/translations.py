"""Fills each translation up from its original, so that everything downstream meets a whole claim, page or label.

The first language holds ids, ratings, premises and history; a translation holds words, and names by a hash the words that it was
made from. A bound number is left out of that hash: it is held to the data in every language, so a number that moved makes no
translation stale.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from builder import numerals
from builder.diagnostics import Diagnostic, nearest, problem
from builder.memo import remembered
from builder.model import (
    RECORDS,
    Claim,
    Content,
    Dataset,
    Language,
    Location,
    Passage,
    Row,
    Stamp,
    StandingPage,
    Text,
    Translation,
)

_UNTRANSLATED = ("history.",)
"""Roles that stay in the first language: they say what was said on their day."""
_BESIDE_RESULTS = "because."
"""Texts that stand beside a computed result. Of a stale translation they are not shown: its order may be another one."""
_BOUND = re.compile(r"\[[^\]]*\]\(((?:figure|total):[\w.-]+)[^)]*\)")


@remembered(most=8192)
def hash_words(passages: Mapping[str, Passage]) -> str:
    """Twelve hexadecimal digits for the words of an original; bound numbers count by what they are bound to."""
    digest = hashlib.sha256()
    for role in sorted(passages):
        if not role.startswith(_UNTRANSLATED):
            words = _BOUND.sub(r"(\1)", passages[role].text.value)
            digest.update(f"{role}\0{' '.join(words.split())}\0".encode())
    return digest.hexdigest()[:12]


def fill_translations(content: Content, first: str) -> tuple[Content, list[Diagnostic]]:
    """The content with each translation filled up from its original, and what is wrong with them or missing."""
    if first not in content.languages:
        return content, []
    problems = list(_check_places(content, first))
    stale: set[tuple[str, str, str]] = set()
    claims = {first: content.claims[first]}
    pages = {first: content.pages[first]}
    for code in content.languages:
        if code == first:
            continue
        filled: dict[str, dict[str, Any]] = {"claim": {}, "page": {}}
        for (kind, slug), translation in content.translations.get(code, {}).items():
            original: Claim | StandingPage | None = (content.claims if kind == "claim" else content.pages)[first].get(
                slug
            )
            if original is None and slug in content.unread.get(first, ()):
                continue  # what is wrong with the original is told
            if original is None:
                problems.append(problem("C037", Location(translation.path), path=translation.path, first=first))
                continue
            whole, is_stale, found = _fill(translation, original, content.languages[first])
            filled[kind][slug] = whole
            problems += found
            if is_stale:
                stale.add((code, kind, slug))
        claims[code], pages[code] = filled["claim"], filled["page"]
        for kind, words in (("figure", content.figure_words), ("chart", content.chart_words)):
            for name, passages in words.get(code, {}).items():
                stamp, original_words = content.stamps.get((code, kind, name)), words[first].get(name)
                if original_words and passages:
                    found = list(_check_words(stamp, next(iter(passages.values())), hash_words(original_words)))
                    problems += found
                    stale |= {(code, kind, name)} if found else set()
        problems += _list_missing(content, filled, code, first)
    return replace(content, claims=claims, pages=pages, stale=frozenset(stale)), problems


def _check_places(content: Content, first: str) -> Iterator[Diagnostic]:
    """Originals stand in the first language's folder, translations in the others'."""
    for translation in content.translations.get(first, {}).values():
        yield problem("C037", Location(translation.path), path=translation.path, first=first)
    for (code, _, _), stamp in content.stamps.items():
        if code == first:
            yield problem("C037", stamp.location, path=stamp.location.path, first=first)
    for texts in (content.claims, content.pages):
        for code in texts.keys() - {first}:
            for text in texts[code].values():
                original = texts[first].get(text.slug)
                words = "{words: …, rating: …}" if isinstance(text, Claim) else "…"
                if isinstance(original, Claim):
                    words = f"{{words: {hash_words(original.passages)}, rating: {original.front.rating}}}"
                elif original:
                    words = hash_words(original.passages)
                yield problem("C038", Location(text.path), path=text.path, first=first, words=words)


@remembered(most=8192)
def _fill(
    translation: Translation, original: Claim | StandingPage, first: Language
) -> tuple[Claim | StandingPage, bool, list[Diagnostic]]:
    """A whole claim or page: the words that are translated, and the original's for the rest."""
    problems = []
    stamp, now = translation.stamp, hash_words(original.passages)
    stale = stamp is None or stamp.words != now
    if stamp and stale:
        problems.append(problem("C039", stamp.location, len(stamp.words), words=now))
    rating = original.front.rating if isinstance(original, Claim) else ""
    if stamp and stamp.rating != rating:
        problems.append(
            problem(
                "C040",
                translation.places.get("translates.rating", stamp.location),
                len(stamp.rating),
                was=stamp.rating,
                now=rating,
            )
        )
    roles = {role for role in original.passages if not role.startswith(_UNTRANSLATED)}
    if not stale:
        for role in translation.passages.keys() - roles:
            place = translation.places.get(role, Location(translation.path))
            problems.append(problem("C041", place, role=role))
    kept = {
        role: passage
        for role, passage in translation.passages.items()
        if role in roles and _has_words(passage) and not (stale and role.startswith(_BESIDE_RESULTS))
    }
    lacking = sorted(role for role in roles - translation.passages.keys() if _has_words(original.passages[role]))
    if lacking:
        folder, what = translation.language, f"{', '.join(lacking)} of {translation.path}"
        problems.append(problem("C042", Location(translation.path), language=folder, folder=folder, what=what))
    passages = {**original.passages, **kept}
    whole = replace(original, language=translation.language, path=translation.path, passages=passages)
    return whole, stale, problems


def _has_words(passage: Passage) -> bool:
    return bool(passage.plain or passage.charts)


def _check_words(stamp: Stamp | None, sample: Passage, now: str) -> Iterator[Diagnostic]:
    """A label or the words of a chart, against the words of the first language."""
    if stamp is None:
        place = Location(sample.text.path, sample.text.line)
        yield problem("C004", place, key="translates", hint=f"translates: {now}")
    elif stamp.words != now:
        yield problem("C039", stamp.location, len(stamp.words), words=now)


def _list_missing(
    content: Content, filled: Mapping[str, Mapping[str, object]], code: str, first: str
) -> Iterator[Diagnostic]:
    """What has no words of its own in a language: one line for each kind."""
    mine, original = content.languages[code], content.languages[first]
    lacking = {
        "claims": [
            slug
            for slug in _without(content.claims[first], filled["claim"])
            if not content.claims[first][slug].front.unfinished
        ],
        "pages": _without(content.pages[first], filled["page"]),
        "figures": _without(content.figure_words[first], content.figure_words[code]),
        "charts": _without(content.chart_words[first], content.chart_words[code]),
        "words": _without(original.words, mine.words),
        "values": [
            f"{column}.{value}"
            for column, values in original.values.items()
            for value in _without(values, mine.values.get(column, {}))
        ],
    }
    for what, names in lacking.items():
        if names:
            told = f"the {what} {', '.join(names)}"
            yield problem("C042", Location(f"content/{code}/words.yaml"), language=mine.name, folder=code, what=told)


def _without(all_of: Iterable[str], some: Mapping[str, object]) -> list[str]:
    return [name for name in all_of if name not in some]


def check_record_words(content: Content, dataset: Dataset, first: str) -> list[Diagnostic]:
    """Translated words of rows: each belongs to a row, and tells no number that the row does not tell."""
    if first not in content.languages:
        return []
    return [
        found
        for code, by_row in content.record_words.items()
        for found in _check_words_of_rows(
            by_row, content.record_places[code], dataset, content.languages[code], content.languages[first]
        )
    ]


@remembered(most=64)
def _check_words_of_rows(
    by_row: Mapping[str, Mapping[str, Text]],
    places: Mapping[str, Location],
    dataset: Dataset,
    language: Language,
    first: Language,
) -> list[Diagnostic]:
    rows = _rows_with_words(dataset)
    hint = "Give the id of a row of shipments, totals, statements, events or conflicts."
    out: list[Diagnostic] = []
    for row_id, cells in by_row.items():
        row = rows.get(row_id)
        if row is None:
            like = nearest(row_id, rows, hint)
            out.append(problem("C013", places[row_id], len(row_id), id=row_id, what="a row of the dataset", hint=like))
            continue
        for column, cell in cells.items():
            if told := _numbers(cell.value, language):
                more = sorted(told - _numbers_of(row, first))
                out += [_tells_more(cell, row_id, column, str(number)) for number in more]
    return out


@remembered(most=4)
def _rows_with_words(dataset: Dataset) -> Mapping[str, Row]:
    tables = [dataset.tables[name] for name in (*RECORDS, "conflicts") if name in dataset.tables]
    return {row_id: row for table in tables for row_id, row in table.rows.items()}


@remembered(most=8192)
def _numbers_of(row: Row, language: Language) -> set[Fraction]:
    """All that a row tells in any of its cells, in words or in digits."""
    told = "\n".join(row.cells.values())
    digits = (Fraction(found.replace(",", "")) for found in re.findall(r"\d[\d,]*", told))
    return _numbers(told, language) | set(digits)


def _numbers(text: str, language: Language) -> set[Fraction]:
    found = (numerals.parse_told(text[start:end], language) for start, end in numerals.find_numbers(text, language))
    return {told.low for each in found for told in each}


def _tells_more(cell: Text, row_id: str, column: str, number: str) -> Diagnostic:
    return problem("C043", Location(cell.path, cell.line, cell.column), id=row_id, column=column, number=number)
