"""Numbers and dates in words: written for a language, and found in what people write.

Babel knows how each locale groups digits and names months. What counts as a number in prose, and what is a date, a
code or a name instead, is the grammar below; its word lists stand in `content/<language>/words.yaml`.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from builder.model import Language, Told

# --- writing -----------------------------------------------------------------------------------


def _babel_number(value: Fraction, locale: str, grouped: bool = True) -> str:
    from decimal import Decimal

    from babel.numbers import format_decimal

    rest = abs(value) % 1
    decimals = 0
    while rest * Fraction(10) ** decimals % 1 and decimals < 6:
        decimals += 1
    pattern = ("#,##0" if grouped else "0") + ("." + "0" * decimals if decimals else "")
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return str(format_decimal(exact, format=pattern, locale=locale))


def fill_gaps(text: str, **words: object) -> str:
    """The text with each `{gap}` filled in; one that nothing fills stays to be seen."""
    return re.sub(r"\{(\w+)\}", lambda gap: str(words.get(gap[1], gap[0])), text)


def format_number(value: Fraction, language: Language) -> str:
    """The number with the locale's digit groups; millions and billions in words: 12 million. Han counts by 万 (10⁴) and 亿 (10⁸)."""
    for word, power in sorted(language.scales.items(), key=lambda item: -item[1]):
        scaled = value / Fraction(10) ** power
        if (
            power >= (4 if _is_cjk(word) else 6)
            and scaled >= 1
            and (scaled * (10**4 if _is_cjk(word) and power > 4 else 100)).denominator == 1
        ):
            space = "" if _is_cjk(word) else "\u00a0"
            return f"{_babel_number(scaled, language.locale, grouped=not _is_cjk(word))}{space}{word}"
    return _babel_number(value, language.locale)


def format_told(told: Told, language: Language, noun: bool = False) -> str:
    """The one string by which a number is told on every surface: `at least 37`, `about $103,000`, `at most 8.2%`.

    `noun` adds the counted noun where the unit has one: `at least 37 drones`.
    """
    unit = language.units.get(told.unit, {})
    symbol, side = str(unit.get("symbol", "")), unit.get("side")
    always = bool(unit.get("always"))

    def one(value: Fraction) -> str:
        number = format_number(value, language)
        if symbol:
            return symbol + number if side == "before" else number + symbol
        return number

    if told.bound == "range":
        joined = language.words.get("range", "between {low} and {high}")
        text = fill_gaps(joined, low=one(told.low), high=one(told.high))
    else:
        bound = language.bounds[told.bound][0]
        text = f"{bound} {one(told.low)}".strip() if not _is_cjk(bound) else bound + one(told.low)
    if (noun or always) and not symbol and unit.get("other"):
        word = unit.get(_plural(told.high, language.locale)) or unit["other"]
        text = f"{text}{'' if _is_cjk(str(word)) else ' '}{word}"
    return text


def known_precision(iso: str, precision: str) -> str:
    """To what a date is known: a shorter one says so itself."""
    return {4: "year", 7: "month"}.get(len(iso), precision)


def _plural(value: Fraction, locale: str) -> str:
    """The plural form that a number asks for in a locale: `one`, `few`, `many`, `other`."""
    from decimal import Decimal

    from babel import Locale

    return str(Locale.parse(locale).plural_form(Decimal(value.numerator) / Decimal(value.denominator)))


@functools.lru_cache(maxsize=4096)
def format_date(iso: str, precision: str, language: Language) -> str:
    """`2023-04-19` as 19 April 2023; to the month or the year where that is all that is known."""
    from datetime import date

    from babel import Locale
    from babel.dates import format_date as babel_date

    year, month, day = (int(part) for part in (iso + "-01-01")[:10].split("-"))
    known = "year" if len(iso) == 4 else "month" if len(iso) == 7 and precision == "day" else precision
    locale = Locale.parse(language.locale)
    skeleton = {"year": "y", "month": "yMMMM"}.get(known)
    pattern = str(locale.datetime_skeletons[skeleton] if skeleton else locale.date_formats["long"].pattern)
    pattern = re.sub(r"\s'[^']*'\.?$", "", pattern)  # "2023 г.": a sentence that ends there would end in two full stops
    return str(babel_date(date(year, month, day), format=pattern, locale=locale))


def name_months(language: Language) -> dict[str, str]:
    """Short names of the months by number, `01`: Jan, янв., 1月."""
    from babel.dates import get_month_names

    names = get_month_names("abbreviated", "stand-alone", language.locale)
    return {f"{number:02}": str(name) for number, name in sorted(names.items())}


# --- reading -----------------------------------------------------------------------------------

_FRACTIONS = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
_ODD_DIGITS = "\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089\u2160-\u2188\u2460-\u249b\u24ea-\u24ff\u2776-\u2793\u3251-\u325f\u32b1-\u32bf"
_SIGNS = "+−±~≈≥≤<>#^°º′″/"
"""What changes a number that it touches: a bound number must stand without them."""
_MONEY_CODES = "USD|EUR|GBP|CNY|RMB|RUB|KZT|HKD|US|HK"


def _is_cjk(text: str) -> bool:
    return bool(text) and unicodedata.east_asian_width(text[-1]) in "WF"


@dataclass(frozen=True)
class _Grammar:
    """The compiled patterns of one language."""

    number: re.Pattern[str]
    """One number expression: symbol, digits or word, scale, per cent."""
    innocent: re.Pattern[str]
    """Dates, years, codes, names and weights: digits that are not numbers."""
    group: str
    decimal: str
    bounds: tuple[tuple[str, str], ...]
    """Words and the bound that they carry, longest first."""
    unit_words: tuple[tuple[str, str], ...]
    counted: frozenset[str]
    """Units and scales in small letters: before one of them, four digits are a count and no year."""


GRAMMAR = {
    "date": "19 April 2023 · April 2023 · 19 April · 2023-04-19 · 19–20 April",
    "year": "2023 · 2022–2023 · 2020s",
    "quarter": "Q1 2025",
    "weight": "25 kg · 25 to 150 kg",
    "code": "COVID-19 · G20 · ZT-180: capitals joined to digits",
    "name": "whatever the words file lists under `names`: Mavic 3, Announcement 28, HS 8806, No. 763",
}
"""What is written with digits and is not a number, with examples: printed in the reference."""


def is_locale(name: str) -> bool:
    """True when Babel knows the locale."""
    from babel import Locale, UnknownLocaleError

    try:
        Locale.parse(name)
    except (ValueError, UnknownLocaleError):
        return False
    return True


def describe_locale(code: str) -> tuple[str, str, str] | None:
    """Of a language's code: its locale, its name in itself, `ltr` or `rtl`; None where Babel knows none."""
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(code, sep="-")
    except (ValueError, UnknownLocaleError):
        return None
    name = locale.get_display_name() or ""
    return str(locale), name[:1].upper() + name[1:], "rtl" if locale.character_order == "right-to-left" else "ltr"


def _months(locale: str) -> list[str]:
    from babel.dates import get_month_names

    out = set()
    for width in ("wide", "abbreviated"):
        for context in ("format", "stand-alone"):
            out |= set(get_month_names(width, context, locale).values())
    return sorted((re.escape(month) for month in out if not month.isdigit()), key=len, reverse=True)


def _alternatives(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_FORMS = ("one", "few", "many", "other")


def _words_of(unit: Mapping[str, Any]) -> list[str]:
    return [str(word) for word in (*unit.get("words", ()), *(unit.get(form) for form in _FORMS)) if word]


_JOINS = r"[-\u2011 ]"
"""What joins number words: thirty-seven, with Word's hyphen that does not break too."""
_SPACES = "\u00a0\u202f\u2009 "
_SPACED = rf"(?<![\d.,])\d{{1,3}}(?:[{_SPACES}]\d{{3}})+(?![\d])"
_FOREIGN = r"(?<!\d)\d+(?:[.,'’]\d+)+(?!\d)|\d+"
"""Digits as some language or other divides them, and digits alone."""


def _proper_digits(group: str, decimal: str) -> str:
    groups = f"[{_SPACES}]" if group in _SPACES else re.escape(group)
    return rf"\d+(?:{groups}\d{{3}})*(?:{re.escape(decimal)}\d+)?"


@functools.lru_cache(maxsize=32)
def _grammar(language: Language) -> _Grammar:
    from babel import Locale

    symbols: Any = Locale.parse(language.locale).number_symbols
    symbols = symbols.get("latn", symbols)
    group, decimal = symbols["group"], symbols["decimal"]
    spaced = "" if group in _SPACES else _SPACED + "|"
    digits = rf"{spaced}{_proper_digits(group, decimal)}(?![.,'’]?\d)|{_FOREIGN}|[{_FRACTIONS}]|\.\d+|[{_ODD_DIGITS}]+"
    words = _alternatives(list(language.numbers))
    cjk = any(_is_cjk(word) for word in language.numbers)
    compound = rf"(?:{words})(?:{'' if cjk else _JOINS}(?:{words}))*" if words else r"(?!)"
    edge = ("", "") if cjk else (r"(?<!\w)", r"(?!\w)")
    scale = _alternatives(list(language.scales)) or r"(?!)"
    signs = _alternatives([str(unit["symbol"]) for unit in language.units.values() if unit.get("symbol")]) or r"(?!)"
    percents = _alternatives([str(word) for word in language.units.get("%", {}).get("words", ())]) or r"(?!)"
    number = (
        rf"(?P<sign>(?:US|S|A|HK)?(?:{signs})\s?)?(?:(?P<digits>{digits})|(?P<word>{edge[0]}(?i:{compound}){edge[1]}))"
        rf"(?:[\s\u00a0-]?(?P<scale>(?i:{scale})){edge[1]})?(?P<after>\s?(?:%|％|(?i:{percents}){edge[1]}))?"
    )
    months = "|".join(_months(language.locale))
    day = r"(?<![\d.,])(?:0?[1-9]|[12]\d|3[01])(?!\d)"
    to = r"[–—-]| (?:and|or|to|и|или|по|і|й|та|або|до) "
    innocent = "|".join(
        [
            r"\d{4}-\d{2}-\d{2}",
            rf"(?:{day}(?:(?:{to}){day})? )?(?<!\w)(?:{months})\.?(?: {day},)?(?: (?:19|20)\d\d)?(?!\w)",
            r"\d{4}\s?年(?:\s?\d{1,2}\s?月(?:\s?\d{1,2}\s?日)?)?|\d{1,2}\s?月(?:\s?\d{1,2}\s?日)?|\d{1,2}\s?日",
            r"Q[1-4](?: \d{4})?",
            r"(?<!\d)\d+(?:[.,]\d+)?(?:(?: to |–|—|-| or )\d+(?:[.,]\d+)?)?[ \u00a0]?(?:kg|kilograms?|кг|公斤|千克)(?!\w)",
            rf"(?<![\w-])(?!(?:{_MONEY_CODES})\d)[^\W\d_]*[A-ZА-ЯЁ]-?\d[\w.]*(?:-\d+)?",
            r"(?<![\d.,$£€¥])(?:19|20)\d\d(?:[–—/-](?:(?:19|20)\d\d|\d\d))?s?(?![\d%,.]*[\d%])",
            *(f"(?:{name})" if cjk else f"(?<!\\w)(?:{name})(?!\\w)" for name in language.names),
        ]
    )
    bounds = sorted(
        ((word, bound) for bound, listed in language.bounds.items() for word in listed if word),
        key=lambda pair: -len(pair[0]),
    )
    after = {str(e["symbol"]).strip(): unit for unit, e in language.units.items() if e.get("side") == "after"}
    unit_words = sorted(
        {
            *((str(word), unit) for unit, entry in language.units.items() for word in _words_of(entry)),
            *((symbol, unit) for symbol, unit in after.items() if symbol and unit != "%"),
        },
        key=lambda pair: (-len(pair[0]), pair),
    )
    counted = frozenset(word.lower() for word, _ in unit_words) | set(language.scales)
    return _Grammar(re.compile(number), re.compile(innocent), group, decimal, tuple(bounds), tuple(unit_words), counted)


def find_numbers(text: str, language: Language) -> list[tuple[int, int]]:
    """Start and end of every number in the text that is no date, code, weight or name."""
    grammar = _grammar(language)
    hidden = bytearray(len(text))
    for found in grammar.innocent.finditer(text):
        if re.fullmatch(r"(?:19|20)\d\d", found.group()):
            following = re.match(r"\s+(\w+(?: \w+)?)", text[found.end() :])
            words = following.group(1).lower() if following else ""
            if words in grammar.counted or words.partition(" ")[0] in grammar.counted:
                continue  # "2022 drones" is a count, not a year
        hidden[found.start() : found.end()] = b"\1" * (found.end() - found.start())
    numbers, at = [], 0
    while number := grammar.number.search(text, at):
        start, at = number.span()
        if not any(hidden[start:at]):
            numbers.append((start, at))
            continue
        shown = hidden.find(b"\0", start, at)
        if hidden[start] and shown >= 0 and text[shown] in _SPACES:
            at = shown  # "Mavic 3 100" is a name and a number, not three thousand
    return numbers


@functools.lru_cache(maxsize=4096)
def _digit_value(digits: str, group: str, decimal: str) -> tuple[Fraction, int] | None:
    if digits[0] in _FRACTIONS:
        return Fraction(unicodedata.numeric(digits)).limit_denominator(12), -2
    if not re.fullmatch(r"[\d.,\s\u00a0\u202f\u2009'’]+", digits):
        return None
    if not re.fullmatch(rf"{_proper_digits(group, decimal)}|\.\d+", digits):
        return None
    bare = "".join(ch for ch in digits if not (ch == group or (group in _SPACES and ch in _SPACES)))
    bare = "".join(str(unicodedata.digit(ch)) if ch.isdigit() else ch for ch in bare).replace(decimal, ".")
    try:
        value = Fraction(bare)
    except ValueError:
        return None
    whole, _, decimals = bare.partition(".")
    if decimals:
        return value, -len(decimals)
    return value, len(whole) - len(whole.rstrip("0")) if whole.strip("0") else 0


def _word_value(words: str, language: Language) -> Fraction:
    """Two hundred thousand, two dozen, three quarters, 三十七: what multiplies stands after what it multiplies."""
    total = section = digit = Fraction(0)
    for value in (language.numbers[word] for word in _split_words(words.lower(), language)):
        whole = total + section + digit
        if value < 1 and whole:
            total, section, digit = whole * value, Fraction(0), Fraction(0)
        elif value >= 1000 and _is_power(value):
            larger = max(whole, Fraction(1)) * value
            total = larger if value > total else total + max(section + digit, Fraction(1)) * value
            section = digit = Fraction(0)
        elif value == 12 or (_is_power(value) and (value > 10 or _is_cjk(words))):
            section, digit = section + max(digit, Fraction(1)) * value, Fraction(0)
        else:
            digit += value
    return total + section + digit


def _split_words(words: str, language: Language) -> list[str]:
    if not _is_cjk(words):
        return re.split(_JOINS, words)
    return re.findall(_alternatives(list(language.numbers)), words)


def _is_power(value: Fraction) -> bool:
    """True for 10, 100, 1000 and so on."""
    return value.denominator == 1 and value >= 10 and set(str(value.numerator)[1:]) == {"0"} and str(value)[0] == "1"


def parse_told(text: str, language: Language) -> tuple[Told, ...]:
    """Every number told in a text, with its bound, unit and precision: `about $103,000`, `between 2 and 4 drones`.

    Nothing at all where one of them cannot be read for certain: `$12m`, `37x`, `−5`, `10²`.
    """
    grammar = _grammar(language)
    text = re.sub(r"[ \t\n]+", " ", text)
    found = []
    for start, end in find_numbers(text, language):
        match = grammar.number.match(text, start, end)
        if match is None:
            continue
        value, place = _value_of(match, grammar, language)
        if value is None or _is_touched(text, start, end, grammar):
            return ()
        before = " ".join(text[:start].split()).lower()
        bound = next((b for word, b in grammar.bounds if _ends_with(before, word.lower())), "exact")
        found.append(Told(bound, value, value, _unit_of(match, text[end:], grammar, language), place, text[start:end]))  # type: ignore[arg-type]
    if len(found) == 2 and found[0].bound == "range":
        unit = found[1].unit or found[0].unit
        return (Told("range", found[0].low, found[1].low, unit, min(found[0].place, found[1].place), text),)
    return tuple(found)


def _is_touched(text: str, start: int, end: int, grammar: _Grammar) -> bool:
    """True where a letter, a sign or an unknown currency touches the number, so that it says something else."""
    before, after = text[:start].rstrip(), text[end:].lstrip()
    symbols = {word for word, _ in grammar.unit_words}
    if any(unicodedata.category(ch) == "Sc" for ch in (before[-1:], after[:1]) if ch and ch not in symbols):
        return True
    near, next_ = text[start - 1 : start], text[end : end + 1]
    if near and (near in _SIGNS or (near.isalnum() and not _is_cjk(near))):
        return True
    if near in ("-", "–") and not text[start - 2 : start - 1].isalnum():
        return True
    if not next_ or _is_cjk(next_) or not (next_.isalnum() or next_ in _SIGNS):
        return False
    return not any(text[end:].lower().startswith(word.lower()) for word, _ in grammar.unit_words)


def has_foreign_digits(text: str, language: Language) -> bool:
    """True where digits are divided otherwise than in this language: `8,2%` or `103 000` in English."""
    grammar = _grammar(language)
    found = (grammar.number.match(text, start, end) for start, end in find_numbers(text, language))
    return any(
        each
        and each["digits"]
        and re.search(r"\d\D\d", each["digits"])
        and not _digit_value(each["digits"], grammar.group, grammar.decimal)
        for each in found
    )


def describe_marks(language: Language) -> str:
    """How the language divides digits, by example: `1,234.5`."""
    return f"it writes {_babel_number(Fraction(24_691, 2), language.locale)}"


def find_rest(before: str, after: str, language: Language) -> str:
    """What belongs to a bound number but stands outside its link, `[37](…) million`: empty when nothing does."""
    grammar = _grammar(language)
    percents = ("%", "％", *(str(word) for word in language.units.get("%", {}).get("words", ())))
    words = _alternatives([*language.scales, *percents])
    found = re.match(rf"[\s\u00a0-]?((?i:{words}))", after)
    if found and (_is_cjk(found[1]) or not after[found.end() : found.end() + 1].isalnum()):
        return found[1]
    if (found := re.match(r"\w+", after)) and not _is_cjk(found.group()):
        return found.group()
    last = before[-1:]
    if last and (last in _SIGNS or unicodedata.category(last) == "Sc" or (last.isalnum() and not _is_cjk(last))):
        return last
    said = " ".join(before.split()).lower()
    return next((word for word, bound in grammar.bounds if bound != "range" and _ends_with(said, word.lower())), "")


def _ends_with(text: str, word: str) -> bool:
    if not text.endswith(word):
        return False
    before = text[: -len(word)]
    return not before or _is_cjk(word) or not before[-1].isalnum()


def _value_of(match: re.Match[str], grammar: _Grammar, language: Language) -> tuple[Fraction | None, int]:
    power = language.scales.get((match["scale"] or "").lower(), 0)
    if match["digits"]:
        read = _digit_value(match["digits"], grammar.group, grammar.decimal)
        if read is None:
            return None, 0
        return read[0] * Fraction(10) ** power, read[1] + power
    value = _word_value(match["word"], language) * Fraction(10) ** power
    digits = str(int(value)) if value.denominator == 1 else ""
    return value, len(digits) - len(digits.rstrip("0")) if digits.strip("0") else -2


def _unit_of(match: re.Match[str], after: str, grammar: _Grammar, language: Language) -> str:
    sign = (match["sign"] or "").strip()
    if sign:
        return next(
            (
                unit
                for unit, entry in language.units.items()
                if entry.get("symbol") == sign and entry["side"] == "before"
            ),
            "USD" if sign == "US$" else sign,
        )
    if match["after"]:
        return "%"
    following = after.strip(" \u00a0-").lower()
    for word, unit in grammar.unit_words:
        if following.startswith(word.lower()) and (_is_cjk(word) or not following[len(word) : len(word) + 1].isalnum()):
            return unit
    return ""


def rewrite_digits(text: str, value: Fraction, language: Language) -> str | None:
    """The number expression with other digits: `$12 million` for 13 000 000 is `$13 million`.

    None where words would have to change: a number word, or digits that the same scale cannot carry exactly.
    """
    match = _grammar(language).number.fullmatch(text)
    if match is None or not match["digits"] or not match["digits"][0].isascii():
        return None
    power = language.scales.get((match["scale"] or "").lower(), 0)
    scaled = value / Fraction(10) ** power
    if (scaled * 10**6).denominator != 1 or scaled <= 0:
        return None
    most = 10_000 if _is_cjk(match["scale"] or "") else 1000
    if power and not 1 <= scaled < most:  # $12,000 thousand: another scale is meant, which is a word
        return None
    start, end = match.span("digits")
    return text[:start] + _babel_number(scaled, language.locale) + text[end:]
