"""Numbers and dates in words: what is one, what is not, how each is read, and how each is written."""

from __future__ import annotations

from fractions import Fraction as F  # noqa: N817 - short, so that the tables read as tables
from typing import Any

import pytest
from small_site import english

from builder.model import Language, Told
from builder.numerals import (
    find_numbers,
    find_rest,
    format_date,
    format_number,
    format_told,
    has_foreign_digits,
    is_locale,
    parse_told,
    rewrite_digits,
)

ENGLISH = english()
CHINESE = Language(
    code="zh-Hans",
    name="中文",
    direction="ltr",
    locale="zh_Hans_CN",
    words={"range": "介于{low}至{high}"},
    bounds={
        "exact": ("",),
        "at_least": ("至少", "不少于"),
        "more_than": ("超过",),
        "about": ("约", "大约"),
        "at_most": ("至多",),
        "less_than": ("不到",),
        "range": ("介于",),
    },
    numbers={
        **{word: F(i + 1) for i, word in enumerate("一二三四五六七八九十")},
        "两": F(2),
        "百": F(100),
        "千": F(1000),
        "半": F(1, 2),
    },
    scales={"万": 4, "亿": 8},
    units={
        "drone": {"one": "架", "other": "架", "words": ("架",)},
        "USD": {"symbol": "$", "side": "before", "words": ("美元",)},
        "%": {"symbol": "%", "side": "after", "words": ()},
    },
    names=("御 ?3", r"第\d+号"),
    values={},
)
RUSSIAN = Language(
    code="ru",
    name="Русский",
    direction="ltr",
    locale="ru_RU",
    words={"range": "от {low} до {high}"},
    bounds={
        "exact": ("",),
        "at_least": ("не менее", "как минимум"),
        "more_than": ("более", "свыше"),
        "about": ("около", "примерно"),
        "at_most": ("не более",),
        "less_than": ("менее", "почти"),
        "range": ("от", "между"),
    },
    numbers={"два": F(2), "двое": F(2), "три": F(3), "пять": F(5), "двадцать": F(20), "половина": F(1, 2)},
    scales={"тысяч": 3, "тыс.": 3, "млн": 6},
    units={
        "drone": {"one": "дрон", "other": "дронов", "words": ("дрон", "дрона", "дронов")},
        "USD": {"symbol": "\u00a0$", "side": "after", "words": ("долларов",)},
        "%": {"symbol": "\u00a0%", "side": "after", "words": ("процентов",)},
    },
    names=(r"Мавик \d", r"№ \d+"),
    values={},
)


def numbers_in(text: str, language: Language = ENGLISH) -> list[str]:
    return [text[start:end] for start, end in find_numbers(text, language)]


# --- what is a number --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        # dates
        "19 April 2023", "April 2023", "On 19 April", "April 19, 2023", "19 Apr. 2023", "2023-04-19", "19–20 April",
        "19 and 20 April 2023", "May 2023", "in 2023", "2022–2023", "2022/23", "the 2020s", "1999", "mid-2023",
        "Q1 2025", "Sunday 12", "2023年4月19日", "4月",
        # weights
        "25 kg", "25 to 150 kg", "7 kilograms", "0.5 kg",
        # codes and names
        "COVID-19", "G20", "S-70", "ZT-180", "T-90M", "Mavic 3", "DJI Mavic 3 Pro", "Announcement 28",
        "Announcement No. 28 and 29", "No. 763", "HS 8806", "heading 8806", "Rule 5", "Section 232", "FY2023",
        # words that are hardly ever numbers
        "one of them", "the first", "once", "third-party data", "the second half", "a half-year", "both",
        "", "no digits at all",
    ],
)  # fmt: skip
def test_dates_codes_and_names_are_no_numbers(text: str) -> None:
    assert numbers_in(text) == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("37 drones", ["37"]),
        ("(37)", ["37"]),
        ("1,500.25", ["1,500.25"]),
        ("37, 38 and 39", ["37", "38", "39"]),
        ("37–40", ["37", "40"]),
        ("37/40", ["37", "40"]),
        ("1:5", ["1", "5"]),
        ("37%", ["37%"]),
        ("37 per cent", ["37 per cent"]),
        ("$12 million", ["$12 million"]),
        ("US$1.2 million", ["US$1.2 million"]),
        ("£47m", ["£47"]),
        ("12-million", ["12-million"]),
        ("USD12 million", ["12 million"]),
        ("RMB100", ["100"]),
        ("three-month", ["three"]),
        ("twenty-six", ["twenty-six"]),
        ("two hundred thousand", ["two hundred thousand"]),
        ("a dozen", ["dozen"]),
        ("Half of them", ["Half"]),
        ("a third", ["third"]),
        ("tenfold", ["tenfold"]),
        ("hundreds of drones", ["hundreds"]),
        ("one hundred and five", ["hundred", "five"]),
        # counts that look like years
        ("2022 drones", ["2022"]),
        ("of 2022 UAVs", ["2022"]),
        ("2023 per cent", ["2023 per cent"]),
        ("2023 million", ["2023 million"]),
        ("2,023", ["2,023"]),
        ("$2023", ["$2023"]),
        ("2023.5", ["2023.5"]),
        ("1850", ["1850"]),
        # days that no month has
        ("In March 1500 drones", ["1500"]),
        ("137 May", ["137"]),
        ("37 May", ["37"]),
        # other ways to write digits: never overlooked
        ("１２ drones", ["１２"]),
        ("٣٧", ["٣٧"]),
        ("½", ["½"]),
        ("3½", ["3", "½"]),
        ("10²", ["10", "²"]),
        ("①", ["①"]),
        ("Ⅻ drones", ["Ⅻ"]),
        ("㉛", ["㉛"]),
        ("1 500", ["1 500"]),
        ("1.500,00", ["1.500,00"]),
        ("103'000", ["103'000"]),
        ("8,2%", ["8,2%"]),
        ("Mavic 3 100 pieces", ["100"]),
        ("in 2023 100 drones", ["100"]),
        ("1e6", ["1", "6"]),
        (".5", [".5"]),
        ("37th", ["37"]),
        ("5G", ["5"]),
        ("x37", ["37"]),
        ("10km", ["10"]),
        ("−5", ["5"]),
        ("19/04/2023", ["19", "04"]),
    ],
)
def test_everything_else_with_digits_is_a_number(text: str, numbers: list[str]) -> None:
    assert numbers_in(text) == numbers


@pytest.mark.parametrize("text", ["9" * 5000, "1," * 4000, "A" * 20000, "two " * 4000, "19 " * 4000, "“" * 4000])
def test_no_text_is_too_much(text: str) -> None:
    find_numbers(text, ENGLISH)
    parse_told(text, ENGLISH)


# --- how a number is read ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "bound", "value", "unit", "place"),
    [
        ("37", "exact", 37, "", 0),
        ("37 drones", "exact", 37, "drone", 0),
        ("37-drone", "exact", 37, "drone", 0),
        ("at least 37", "at_least", 37, "", 0),
        ("At least 37 UAVs", "at_least", 37, "drone", 0),
        ("at\nleast 37", "at_least", 37, "", 0),
        ("at least\n37", "at_least", 37, "", 0),
        ("no fewer than 30", "at_least", 30, "", 1),
        ("more than $12 million", "more_than", 12000000, "USD", 6),
        ("more than $1.2\nmillion", "more_than", 1200000, "USD", 5),
        ("over 30,000", "more_than", 30000, "", 4),
        ("about $103,000", "about", 103000, "USD", 3),
        ("about US$103,000", "about", 103000, "USD", 3),
        ("some 100 dollars", "about", 100, "USD", 2),
        ("at most 8.2%", "at_most", F("8.2"), "%", -1),
        ("no more than 8.20 per cent", "at_most", F("8.2"), "%", -2),
        ("nearly half", "less_than", F(1, 2), "", -2),
        ("almost tenfold", "less_than", 10, "", 1),
        ("£47 million", "exact", 47000000, "GBP", 6),
        ("191,512 km", "exact", 191512, "km", 0),
        ("10km", "exact", 10, "km", 1),
        ("30 times", "exact", 30, "times", 1),
        ("three", "exact", 3, "", 0),
        ("two million", "exact", 2000000, "", 6),
        ("two dozen", "exact", 24, "", 0),
        ("two hundred", "exact", 200, "", 2),
        ("two hundred thousand", "exact", 200000, "", 5),
        ("two thousand five hundred", "exact", 2500, "", 2),
        ("twenty-six", "exact", 26, "", 0),
        ("two thirds", "exact", F(2, 3), "", -2),
        ("three quarters", "exact", F(3, 4), "", -2),
        ("a third", "exact", F(1, 3), "", -2),
        ("½", "exact", F(1, 2), "", -2),
        ("１２", "exact", 12, "", 0),
        ("1.500", "exact", F("1.5"), "", -3),
        ("2,023", "exact", 2023, "", 0),
        ("0", "exact", 0, "", 0),
        # a word that only ends like one of a bound
        ("spoilover 37", "exact", 37, "", 0),
    ],
)
def test_a_told_number_is_read_with_its_bound(text: str, bound: str, value: Any, unit: str, place: int) -> None:
    (told,) = parse_told(text, ENGLISH)
    assert (told.bound, told.low, told.high, told.unit, told.place) == (bound, F(value), F(value), unit, place)


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("between 37 and 40", 37, 40, ""),
        ("between 2 and 4 drones", 2, 4, "drone"),
        ("from $2 million to $3 million", 2000000, 3000000, "USD"),
        ("between 40% and 50%", 40, 50, "%"),
    ],
)
def test_a_range_is_read_as_one(text: str, low: int, high: int, unit: str) -> None:
    (told,) = parse_told(text, ENGLISH)
    assert (told.bound, told.low, told.high, told.unit) == ("range", low, high, unit)


@pytest.mark.parametrize("text", ["37–40", "37 to 40", "37 or 38", "3 of 37", "between 2, 3 and 4"])
def test_two_numbers_are_two(text: str) -> None:
    assert len(parse_told(text, ENGLISH)) > 1


@pytest.mark.parametrize(
    ("text", "language", "foreign"),
    [
        ("8,2%", ENGLISH, True),
        ("10,00", ENGLISH, True),
        ("103 000", ENGLISH, True),
        ("103\u00a0000", ENGLISH, True),
        ("103'000", ENGLISH, True),
        ("1.500,00", ENGLISH, True),
        ("103.000", ENGLISH, False),  # a hundred and three, for all that anybody can tell
        ("103,000", ENGLISH, False),
        ("103,000", RUSSIAN, False),
        ("103\u00a0000", RUSSIAN, False),
        ("8.2%", RUSSIAN, True),
        ("1,234,567", RUSSIAN, True),
        ("$12m", ENGLISH, False),
        ("no number", ENGLISH, False),
    ],
)
def test_digits_that_another_language_divides_are_never_read(text: str, language: Language, foreign: bool) -> None:
    assert has_foreign_digits(text, language) is foreign
    if foreign:
        assert parse_told(text, language) == ()


@pytest.mark.parametrize(
    "text",
    [
        "$12m", "12bn", "£47m", "47k", "$12mn", "12 €", "€12", "€ 12", "¥100", "R$12", "NT$12", "C$12",
        "37x", "x37", "37th", "1st", "30s", "37+", "+37", "≥37", "<37", "~37", "±5", "−5", "-5", "–5",
        "10²", "3½", "37°", "37′", "#37", "①", "Ⅻ", "v1.2", "1e6", "37/40", "37 and 10²",
    ],
)  # fmt: skip
def test_what_cannot_be_read_for_certain_is_not_read(text: str) -> None:
    assert parse_told(text, ENGLISH) == ()


@pytest.mark.parametrize(
    ("before", "after", "rest"),
    [
        ("worth ", " together", ""),
        ("worth ", "", ""),
        ("worth ", " million dollars", "million"),
        ("worth ", "-million", "million"),
        ("worth ", "%", "%"),
        ("worth ", " per cent", "per cent"),
        ("worth ", "0", "0"),
        ("worth ", "th", "th"),
        ("worth $", "", "$"),
        ("worth −", "", "−"),
        ("worth 1", "", "1"),
        ("at least ", "", "at least"),
        ("at\nleast ", "", "at least"),
        ("More than ", "", "more than"),
        ("between ", " and", ""),
        ("from ", " to", ""),
        ("(", ")", ""),
        ("a ", "-strong group", ""),
    ],
)
def test_what_belongs_to_a_number_is_found_outside_its_link(before: str, after: str, rest: str) -> None:
    assert find_rest(before, after, ENGLISH) == rest


@pytest.mark.parametrize(
    ("before", "after", "rest"),
    [
        ("价值", "架无人机", ""),
        ("价值", "万美元", "万"),
        ("至少", "架", "至少"),
        ("价值", "％", "％"),
        ("$", "", "$"),
        ("有", "个", ""),
    ],
)
def test_in_chinese_too(before: str, after: str, rest: str) -> None:
    assert find_rest(before, after, CHINESE) == rest


@pytest.mark.parametrize(
    ("text", "bound", "value", "unit"),
    [
        ("37架", "exact", 37, "drone"),
        ("至少37架无人机", "at_least", 37, "drone"),
        ("三十七架", "exact", 37, "drone"),
        ("二十架", "exact", 20, "drone"),
        ("十二架", "exact", 12, "drone"),
        ("两架", "exact", 2, "drone"),
        ("三百五十", "exact", 350, ""),
        ("三千五百", "exact", 3500, ""),
        ("三千万", "exact", 30000000, ""),
        ("约10.3万美元", "about", 103000, "USD"),
        ("超过1200万美元", "more_than", 12000000, "USD"),
        ("约$103,000", "about", 103000, "USD"),
        ("至多8.2%", "at_most", F("8.2"), "%"),
        ("37％", "exact", 37, "%"),
        ("不到一半", "less_than", F(1, 2), ""),
    ],
)
def test_chinese_is_read(text: str, bound: str, value: Any, unit: str) -> None:
    (told,) = parse_told(text, CHINESE)
    assert (told.bound, told.low, told.unit) == (bound, F(value), unit)


@pytest.mark.parametrize(
    ("text", "bound", "value", "unit"),
    [
        ("не менее 37 дронов", "at_least", 37, "drone"),
        ("103 000 долларов", "exact", 103000, "USD"),
        ("около 103\u00a0000\u00a0$", "about", 103000, "USD"),
        ("около 103 тыс. долларов", "about", 103000, "USD"),
        ("более 12,5 млн долларов", "more_than", 12500000, "USD"),
        ("не более 8,2\u00a0%", "at_most", F("8.2"), "%"),
        ("8,2 процентов", "exact", F("8.2"), "%"),
        ("два дрона", "exact", 2, "drone"),
        ("двадцать пять", "exact", 25, ""),
        ("почти половина", "less_than", F(1, 2), ""),
        ("2022 дронов", "exact", 2022, "drone"),
    ],
)
def test_russian_is_read(text: str, bound: str, value: Any, unit: str) -> None:
    (told,) = parse_told(text, RUSSIAN)
    assert (told.bound, told.low, told.unit) == (bound, F(value), unit)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("2023年4月19日", CHINESE), ("2023年", CHINESE), ("第28号", CHINESE), ("御3", CHINESE), ("25公斤", CHINESE),
        ("19 апреля 2023 года", RUSSIAN), ("в апреле 2023", RUSSIAN), ("в 2023 году", RUSSIAN), ("Мавик 3", RUSSIAN),
        ("№ 763", RUSSIAN), ("Т-90", RUSSIAN), ("25 кг", RUSSIAN),
    ],
)  # fmt: skip
def test_other_languages_have_dates_and_names_too(text: str, language: Language) -> None:
    assert numbers_in(text, language) == []


# --- how a number is written -------------------------------------------------------------------


def told(bound: Any, low: Any, unit: str = "", high: Any = None) -> Told:
    return Told(bound, F(low), F(low if high is None else high), unit)


@pytest.mark.parametrize(
    ("number", "text", "with_noun"),
    [
        (told("exact", 37, "drone"), "37", "37 drones"),
        (told("exact", 1, "drone"), "1", "1 drone"),
        (told("at_least", 37, "drone"), "at least 37", "at least 37 drones"),
        (told("more_than", 12000000, "USD"), "more than $12 million", "more than $12 million"),
        (told("more_than", 1200000, "USD"), "more than $1.2 million", "more than $1.2 million"),
        (told("about", 103000, "USD"), "about $103,000", "about $103,000"),
        (told("exact", 36077, "USD"), "$36,077", "$36,077"),
        (told("exact", "36077.5", "USD"), "$36,077.5", "$36,077.5"),
        (told("at_most", "8.2", "%"), "at most 8.2%", "at most 8.2%"),
        (told("less_than", 50, "%"), "less than 50%", "less than 50%"),
        (told("range", 40, "%", 50), "between 40% and 50%", "between 40% and 50%"),
        (told("range", 36, "drone", 40), "between 36 and 40", "between 36 and 40 drones"),
        (told("exact", 191512, "km"), "191,512 km", "191,512 km"),
        (told("at_least", 30, "times"), "at least 30 times", "at least 30 times"),
        (told("exact", 1234567), "1,234,567", "1,234,567"),
        (told("exact", 2000000000), "2 billion", "2 billion"),
        (told("exact", 2500000), "2.5 million", "2.5 million"),
        (told("exact", 2022), "2,022", "2,022"),
        (told("exact", 0), "0", "0"),
        (told("exact", -3), "-3", "-3"),
    ],
)
def test_every_number_has_one_text(number: Told, text: str, with_noun: str) -> None:
    assert format_told(number, ENGLISH).replace("\u00a0", " ") == text
    assert format_told(number, ENGLISH, noun=True).replace("\u00a0", " ") == with_noun


UNITS = sorted(ENGLISH.units)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("bound", ["exact", "at_least", "more_than", "about", "at_most", "less_than", "range"])
def test_what_is_written_is_read_back(bound: Any, unit: str) -> None:
    number = told(bound, 37, unit, 40 if bound == "range" else 37)
    (back,) = parse_told(format_told(number, ENGLISH, noun=True), ENGLISH)
    assert (back.bound, back.low, back.high, back.unit) == (bound, number.low, number.high, unit)


@pytest.mark.parametrize("language", [CHINESE, RUSSIAN], ids=["zh", "ru"])
@pytest.mark.parametrize("unit", ["drone", "USD", "%"])
@pytest.mark.parametrize("bound", ["exact", "at_least", "more_than", "about", "at_most", "less_than", "range"])
def test_other_languages_read_back_what_they_write(bound: Any, unit: str, language: Language) -> None:
    number = told(bound, 103000, unit, 104000 if bound == "range" else 103000)
    (back,) = parse_told(format_told(number, language, noun=True), language)
    assert (back.bound, back.low, back.high, back.unit) == (bound, number.low, number.high, unit)


@pytest.mark.parametrize(
    ("language", "value", "text"),
    [
        (ENGLISH, 103000, "103,000"),
        (RUSSIAN, 103000, "103\u00a0000"),
        (RUSSIAN, 12500000, "12,5\u00a0млн"),
        (CHINESE, 103000, "10.3万"),
        (CHINESE, 36077, "36,077"),
        (CHINESE, 371300000, "3.713亿"),
        (CHINESE, 12000000, "1200万"),
        (CHINESE, 1200000000, "12亿"),
    ],
)
def test_each_locale_groups_its_digits(language: Language, value: int, text: str) -> None:
    assert format_number(F(value), language) == text


@pytest.mark.parametrize(
    ("iso", "precision", "english_", "chinese", "russian"),
    [
        ("2023-04-19", "day", "19 April 2023", "2023年4月19日", "19 апреля 2023"),
        ("2023-04-19", "month", "April 2023", "2023年4月", "апрель 2023"),
        ("2023-04", "day", "April 2023", "2023年4月", "апрель 2023"),
        ("2023", "day", "2023", "2023年", "2023"),
        ("2023-04-19", "year", "2023", "2023年", "2023"),
    ],
)
def test_a_date_is_written_to_the_precision_that_is_known(
    iso: str, precision: str, english_: str, chinese: str, russian: str
) -> None:
    written = [format_date(iso, precision, language) for language in (ENGLISH, CHINESE, RUSSIAN)]
    assert [text.replace("\u00a0", "\u202f") for text in written] == [english_, chinese, russian]


@pytest.mark.parametrize(
    ("text", "value", "rewritten"),
    [
        ("37", 38, "38"),
        ("$103,000", 104500, "$104,500"),
        ("$12 million", 13000000, "$13 million"),
        ("$12 million", 1300000000, None),
        ("$12 thousand", 12000000, None),
        ("$12 billion", 12000000, None),
        ("$12\u00a0million", 12500000, "$12.5\u00a0million"),
        ("8.2%", F("7.9"), "7.9%"),
        ("8.2 per cent", F("7.9"), "7.9 per cent"),
        ("37", 1000, "1,000"),
        # where words would have to change, nothing is rewritten
        ("thirty", 38, None),
        ("½", 1, None),
        ("１２", 13, None),
        ("12 million", F(1, 3), None),
        ("37", 0, None),
        ("37 drones", 38, None),
        ("37 and 38", 39, None),
    ],
)
def test_only_digits_are_rewritten(text: str, value: Any, rewritten: str | None) -> None:
    assert rewrite_digits(text, F(value), ENGLISH) == rewritten


@pytest.mark.parametrize(
    ("name", "known"), [("en_GB", True), ("zh_Hans", True), ("xx_YY", False), ("", False), ("../x", False)]
)
def test_a_locale_is_known_or_not(name: str, known: bool) -> None:
    assert is_locale(name) is known
