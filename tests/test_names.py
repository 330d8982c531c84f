"""A name is found however it is written, and nothing is taken for it that is another word."""

from __future__ import annotations

import html

import pytest

from builder.names import Names

NAME = "Example Trading 7"


def cut(name: str, *texts: str) -> list[str]:
    return Names([name]).cut(texts, "[gone]")


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        (NAME, "by Example Trading 7.", "by [gone]."),
        (NAME, "by EXAMPLE trading 7.", "by [gone]."),
        (NAME, "Example\nTrading\u00a07", "[gone]"),
        (NAME, "Example-Trading-7’s", "[gone]’s"),
        (NAME, "Example&nbsp;Trading&#32;&#x37;", "[gone]"),
        (NAME, "&#69;&#x78;ample Trading 7", "[gone]"),
        (NAME, "Exa\u00admple Tra\u200bding 7", "[gone]"),
        (NAME, "Example Trading 7 and Example Trading 7", "[gone] and [gone]"),
        (NAME, "Example Trading 77", "Example Trading 77"),
        (NAME, "Counterexample Trading 7", "Counterexample Trading 7"),
        (NAME, "Example Trade 7", "Example Trade 7"),
        ("Ann", "Ann, Annex, cannes, ANN", "[gone], Annex, cannes, [gone]"),
        ("A & B Co., Ltd.", "A &amp; B Co Ltd; A & B CO., LTD", "[gone]; [gone]"),
        ("José Müller", "Jose\u0301 Mu\u0308ller", "[gone]"),
        ("Jose\u0301", "José", "[gone]"),
        ("Straße", "STRASSE", "[gone]"),
        ("赵立坚", "发言人赵立坚说", "发言人[gone]说"),
        ("赵立坚", "&#36213;&#x7acb;坚", "[gone]"),
        ("ООО «Пример»", "фирма ООО «ПРИМЕР»", "фирма [gone]»"),
        ("김철수", "김철수는", "[gone]는"),
        ("(.*)", "(.*) and all else", "(.*) and all else"),
        ("", "nothing", "nothing"),
    ],
)
def test_a_name_is_taken_out_of_a_text(name: str, text: str, left: str) -> None:
    assert cut(name, text) == [left]


def test_a_name_that_tags_break_is_taken_out_of_all_its_parts() -> None:
    assert cut(NAME, "by Exa", "mple", " Tra", "ding 7", " Ltd") == ["by [gone]", "", "", "", " Ltd"]
    assert cut(NAME, "Example", "Trading 7") == ["[gone]", ""]


def test_the_longest_name_is_found_first() -> None:
    assert Names(["Example", "Example Trading"]).cut(["Example Trading, Example"], "x") == ["x, x"]


def test_what_stands_instead_is_escaped() -> None:
    assert Names(["x"]).cut(["x"], "<gone & done>") == ["&lt;gone &amp; done&gt;"]
    assert Names(["x"]).cut_value("an x", "<gone>") == "an <gone>"


@pytest.mark.parametrize(
    ("name", "address", "found"),
    [
        (NAME, "site:/en/companies/example-trading-7/index.html", True),
        (NAME, "https://example.org/?q=example%20trading%207", True),
        (NAME, "https://exampletrading7.example/", True),
        (NAME, "https://example.org/trading/8", False),
        ("A. T.", "https://example.org/at/x", False),
        ("Ann", "https://ann.example/", True),
        ("Ann", "https://annex.example/", False),
        ("无人机", "https://example.org/%E6%97%A0%E4%BA%BA%E6%9C%BA", True),
    ],
)
def test_a_name_is_read_in_an_address(name: str, address: str, found: bool) -> None:
    assert Names([name]).stand_in(address) is found


def test_no_letter_of_a_name_is_left_by_any_way_of_writing_it() -> None:
    for form in (
        NAME,
        NAME.upper(),
        "".join(f"&#{ord(ch)};" for ch in NAME),
        "".join(f"&#x{ord(ch):X};" for ch in NAME),
    ):
        (left,) = cut(NAME, f"a {form} b")
        assert html.unescape(left) == "a [gone] b"
