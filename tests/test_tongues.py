"""Where a language has no word of its own, the first one's stands in, on every surface alike."""

from __future__ import annotations

from dataclasses import replace

import pytest
from selectolax.lexbor import LexborHTMLParser
from small_site import SECOND, bilingual, build_from, change, english, small_site

from builder.model import Row, Text
from builder.tongues import Tongue

SPARSE = replace(
    english(),
    code="xx",
    words={"hello": "Hi, {who}", "date.about": "ca. {date}", "undecided.number": "?"},
    values={"country": {"CN": "Cathay"}},
)
TONGUE = Tongue(SPARSE, english(), {"x": {"gist": Text("Own.", "", 1, 1, "Own.")}})
ROW = Row("statements", "x", 1, {"gist": "It said.", "speaker": "Somebody"}, {}, {})


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        (TONGUE.word("hello", who="you"), "Hi, you"),
        (TONGUE.word("nav.main"), "Main"),
        (TONGUE.word("no.such.word"), "no.such.word"),
        (TONGUE.find("hello")[1], "xx"),
        (TONGUE.find("nav.main")[1], "en"),
        (TONGUE.find("no.such.word")[0], None),
        (TONGUE.value_word("origin", "CN"), "Cathay"),
        (TONGUE.find_value("destination", "RU"), ("Russia", "en")),
        (TONGUE.find_value("kind", "no such kind")[0], None),
        (TONGUE.value_word("kind", "no such kind"), "no such kind"),
        (TONGUE.own(ROW, "gist"), ("Own.", "xx")),
        (TONGUE.own(ROW, "speaker"), ("Somebody", "en")),
        (TONGUE.own(ROW, "translation"), ("", "en")),
        (TONGUE.has_own(ROW, "gist"), True),
        (TONGUE.has_own(ROW, "speaker"), False),
        (TONGUE.choose({"en": "Right", "xx": "Ri"}), ("Ri", "xx")),
        (TONGUE.choose({"en": "Right"}), ("Right", "en")),
        (TONGUE.date("2023-04-19", "day"), "19 April 2023"),
        (TONGUE.date("2023-04-19", "about"), "ca. 19 April 2023"),
        (TONGUE.date("2023-04", "day"), "April 2023"),
        (TONGUE.date("2023", "about"), "2023"),
        (TONGUE.tell(None), "?"),
    ],
)
def test_who_speaks(told: object, wanted: object) -> None:
    assert told == wanted


def test_how_firmly_a_verdict_stands_is_told_in_words_where_the_language_has_none() -> None:
    files = bilingual(small_site())
    words = f"content/{SECOND}/words.yaml"
    whole = LexborHTMLParser(build_from(files).files[f"{SECOND}/claims/example-denial/index.html"].decode())
    for line in files[words].decode().splitlines():
        if line.startswith(('  "margin.', '  "slack.', '  "needed.')):
            files = change(files, words, line + "\n", "")
    sparse = LexborHTMLParser(build_from(files).files[f"{SECOND}/claims/example-denial/index.html"].decode())
    assert whole.css_first(".firm").text() == sparse.css_first(".firm").text()
