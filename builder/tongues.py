"""In whose words a page speaks: those of its own language, and those of the first language where it has none.

Every surface asks here, so a page, its card, its twin, its charts and the search fall back alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from builder import numerals
from builder.memo import remembered
from builder.model import Content, Language, Passage, Row, Text, Told

COUNTRIES = ("origin", "dispatch", "destination", "country")
"""Columns of countries: they share one list of words."""


@dataclass(frozen=True, slots=True, eq=False)
class Tongue:
    """A language, and what stands in for what it does not say."""

    language: Language
    first: Language
    """Of whose words those stand in that the language does not have."""
    record_words: Mapping[str, Mapping[str, Text]]
    """By row and column: what the data say in words of their own, translated."""

    def find(self, key: str) -> tuple[str | None, str]:
        """A word of the interface, and the code of its language; None where neither language has it."""
        return self._find(self.language.words.get(key), self.first.words.get(key))

    def word(self, key: str, **gaps: object) -> str:
        """A word of the interface with its `{gaps}` filled; the key itself where it is missing, which the renderer reports."""
        return numerals.fill_gaps(self.find(key)[0] or key, **gaps)

    def find_value(self, column: str, value: str) -> tuple[str | None, str]:
        """The word for one of the data's own terms, and the code of its language; None where neither language has it."""
        column = "country" if column in COUNTRIES else column
        own, first = (language.values.get(column, {}).get(value) for language in (self.language, self.first))
        return self._find(own, first)

    def value_word(self, column: str, value: str) -> str:
        """The word for one of the data's own terms; the term itself where there is none."""
        return self.find_value(column, value)[0] or value

    def _find(self, own: str | None, first: str | None) -> tuple[str | None, str]:
        return (own, self.language.code) if own is not None else (first, self.first.code)

    def own(self, row: Row, column: str) -> tuple[str, str]:
        """The row's own words, translated where they are, and the code of their language."""
        translated = self.record_words.get(row.id, {}).get(column)
        if translated:
            return translated.value, self.language.code
        return row.cells.get(column, ""), self.first.code

    def has_own(self, row: Row, column: str) -> bool:
        """True when the row's words are translated."""
        return column in self.record_words.get(row.id, {})

    def choose(self, words: Mapping[str, str]) -> tuple[str, str]:
        """Of words by language, those of this one, or else the first's; and the code of their language."""
        own = words.get(self.language.code)
        return (own, self.language.code) if own else (words[self.first.code], self.first.code)

    def date(self, iso: str, precision: str) -> str:
        """A date in words, to the precision that is known."""
        known = numerals.known_precision(iso, precision)
        told = numerals.format_date(iso, "day" if known == "about" else known, self.language)
        return self.word("date.about", date=told) if known == "about" else told

    def tell(self, told: Told | None, noun: bool = False) -> str:
        """A number as it is told on every surface."""
        return numerals.format_told(told, self.language, noun) if told else self.word("undecided.number")


def tongue_of(content: Content, code: str, first: str) -> Tongue:
    """That of one of the site's languages."""
    return _tongue_of(content.languages[code], content.languages[first], content.record_words.get(code) or _NONE)


@remembered(most=64)
def _tongue_of(language: Language, first: Language, record_words: Mapping[str, Mapping[str, Text]]) -> Tongue:
    return Tongue(language, first, record_words)


def chart_words_of(content: Content, code: str, first: str) -> Mapping[str, Mapping[str, Passage]]:
    """The words of each chart in a language, from the first one where they are not translated."""
    return _merge(content.chart_words.get(first) or _NO_CHARTS, content.chart_words.get(code) or _NO_CHARTS)


@remembered(most=64)
def _merge(
    first: Mapping[str, Mapping[str, Passage]], own: Mapping[str, Mapping[str, Passage]]
) -> Mapping[str, Mapping[str, Passage]]:
    return {**first, **own}


_NONE: Mapping[str, Mapping[str, Text]] = {}
_NO_CHARTS: Mapping[str, Mapping[str, Passage]] = {}
