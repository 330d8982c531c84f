"""Translations: filled up from their originals, marked where they are not, held to the words that they were made from."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from small_site import CLAIM, CLAIM_PAGE, METHOD, SECOND, bilingual, build_from, change, small_site

from builder.content import read_content
from builder.model import Content
from builder.translations import fill_translations, hash_words

MINE = CLAIM.replace("/en/", f"/{SECOND}/")
PAGE = CLAIM_PAGE.replace("en/", f"{SECOND}/", 1)


def filled(files: dict[str, bytes]) -> tuple[Content, list[str]]:
    content, problems = fill_translations(read_content(files)[0], "en")
    return content, [found.code for found in problems]


def page_of(files: dict[str, bytes], path: str = PAGE) -> HTMLParser:
    made = build_from(files)
    assert made.files, [str(found) for found in made.problems]
    return HTMLParser(made.files[path].decode())


def english_parts(page: HTMLParser) -> list[str]:
    return [part.text(strip=True) for part in page.css('main [lang="en"]')]


# --- filling up -------------------------------------------------------------------------------------


def test_a_whole_translation_has_nothing_wrong_and_takes_all_but_words_from_its_original() -> None:
    content, problems = filled(bilingual(small_site()))
    assert problems == []
    mine, original = content.claims[SECOND]["example-denial"], content.claims["en"]["example-denial"]
    assert mine.front == original.front
    assert mine.path == MINE
    assert {passage.language for passage in mine.passages.values()} == {SECOND}
    assert mine.passages.keys() == original.passages.keys()


def test_a_translated_page_says_nothing_in_another_language() -> None:
    page = page_of(bilingual(small_site()))
    assert page.css_first("html").attributes["lang"] == SECOND
    assert page.css_first("h1").text(strip=True).startswith("§An invented report")
    assert [text for text in english_parts(page) if text.startswith("§")] == []
    assert page.css_first(".skip").text() == "§Skip to the text"


def test_what_is_not_translated_stands_in_the_first_language_and_says_so() -> None:
    files = bilingual(small_site())
    del files[MINE]
    page = page_of(files)
    for part in page.css("h1, .verdict-reason, .prose"):
        marked = part.css_first('[lang="en"]')
        assert marked, part.html
        for chart in marked.css("figure"):
            assert chart.attributes["lang"] == SECOND, "a chart has words of its own"
            chart.decompose()
        assert "§" not in marked.text()
    assert page.css_first("h2#part-verdict").css_first("[lang]") is None, "words of the interface are translated"


def test_a_missing_word_of_the_interface_is_marked_where_it_can_be_and_whole_in_attributes() -> None:
    files = change(
        bilingual(small_site()), f"content/{SECOND}/words.yaml", "  tagline: What was said, and what was declared\n", ""
    )
    files = change(files, f"content/{SECOND}/words.yaml", '  "nav.main": Main\n', "")
    page = page_of(files)
    assert page.css_first('.tagline [lang="en"]').text() == "What was said, and what was declared"
    assert page.css_first("nav.nav").attributes["aria-label"] == "Main"


def test_a_rating_without_a_word_of_the_language_is_marked() -> None:
    assert page_of(bilingual(small_site())).css_first('.badge-word [lang="en"]') is not None


# --- stale ------------------------------------------------------------------------------------------


def test_a_stale_translation_warns_its_readers_and_takes_what_stands_beside_a_result_from_the_original() -> None:
    files = change(bilingual(small_site()), CLAIM, "The invented office meant all drones.", "It meant some drones.")
    assert filled(files)[1] == ["C039"]
    page = page_of(files)
    assert page.css_first("aside.stale a").attributes["href"] == "../../../en/claims/example-denial/index.html"
    assert page.css_first(".judgement").text(strip=True) == "It meant some drones."
    assert page.css_first(".judgement [lang]").attributes["lang"] == "en"
    assert page.css_first("h1").text(strip=True).startswith("§"), "the rest stays translated"
    assert page_of(files, CLAIM_PAGE).css_first("aside.stale") is None


def test_a_number_that_moved_makes_no_translation_stale() -> None:
    before = read_content(small_site())[0].claims["en"]["example-denial"].passages
    files = change(
        small_site(), CLAIM, "[at least 37](figure:labelled_drones)", "[at least 38](figure:labelled_drones)", True
    )
    after = read_content(files)[0].claims["en"]["example-denial"].passages
    assert before["title"].plain != after["title"].plain
    assert hash_words(before) == hash_words(after)


@pytest.mark.parametrize(
    ("find", "put"),
    [
        ("No drones went there.", "No drone went there."),
        ("[at least 37](figure:labelled_drones) drones, worth", "[at least 37](figure:labelled_value) drones, worth"),
        ("(source:ex-statement), which", "(source:ex-other), which"),
    ],
)
def test_a_word_or_a_target_that_changed_does(find: str, put: str) -> None:
    before = read_content(small_site())[0].claims["en"]["example-denial"].passages
    after = read_content(change(small_site(), CLAIM, find, put))[0].claims["en"]["example-denial"].passages
    assert hash_words(before) != hash_words(after)


def test_history_is_no_part_of_what_is_translated() -> None:
    entry = "published: 2026-11-23\nhistory:\n  - {date: 2026-11-24, kind: correction, before: It said no., now: It denied it., why: We misread it.}"
    files = bilingual(small_site())
    files = change(files, CLAIM, "published: 2026-11-23", entry)
    content, problems = filled(files)
    assert problems == []
    assert content.claims[SECOND]["example-denial"].passages["history.0.now"].language == "en"
    words = page_of(files).css_first(".entry-words")
    assert words.css_first('q[lang="en"]').text() == "It said no."


def told(files: dict[str, bytes]) -> list[tuple[str, int, int, str]]:
    return [
        (found.code, found.location.line, found.location.column, found.cure) for found in build_from(files).problems
    ]


def test_a_stamp_that_cannot_be_read_is_told_once() -> None:
    files = change(bilingual(small_site()), MINE, "  rating: contradicted", "  ratin: contradicted")
    assert [(code, line) for code, line, _, _ in told(files)] == [("C003", 4)]


def test_words_without_a_stamp_are_told_the_one_to_write() -> None:
    files, words = bilingual(small_site()), f"content/{SECOND}/figures.yaml"
    stamp = files[words].decode().split("\n")[1].strip()
    assert told(change(files, words, f"  {stamp}\n", "")) == [("C004", 2, 1, f"Add it: {stamp}")]


def test_translated_words_of_a_row_that_is_not_there_are_told_at_its_name_with_the_nearest_one() -> None:
    files, records = bilingual(small_site()), f"content/{SECOND}/records.yaml"
    files[records] = b"# words\nex-denal:\n  gist: x\n"
    assert told(files) == [("C013", 2, 1, 'Did you mean "ex-denial"?')]


def test_what_leads_to_a_claim_that_cannot_be_read_is_not_wrong_too() -> None:
    files = change(bilingual(small_site()), CLAIM, "rating: contradicted", "ratting: contradicted")
    files[METHOD] += b"\nSee [the check of it](claim:example-denial).\n"
    assert [code for code, *_ in told(files)] == ["C003", "C039"]


# --- numbers ----------------------------------------------------------------------------------------


def test_each_languages_numbers_are_held_to_the_same_figures() -> None:
    files = change(bilingual(small_site()), MINE, "together. A lower limit", "together, 12 in all. A lower limit")
    assert [(found.code, found.location.path) for found in build_from(files).problems] == [("B001", MINE)]
    files = change(
        bilingual(small_site()),
        MINE,
        "§An invented report told of [at least 37]",
        "§An invented report told of [at least 36]",
        True,
    )
    assert {(found.code, found.location.path) for found in build_from(files).problems} == {("B003", MINE)}


def test_a_problem_of_an_original_is_told_once() -> None:
    files = change(bilingual(small_site()), CLAIM, "A lower limit is not", "12 is not")
    assert [found.code for found in build_from(files).problems] == ["B001", "C039"]


# --- between languages ------------------------------------------------------------------------------


def test_each_page_leads_to_its_likes() -> None:
    made = build_from(bilingual(small_site())).files
    for path in (
        CLAIM_PAGE,
        PAGE,
        "en/index.html",
        "en/records/ex-line/index.html",
        f"{SECOND}/data/shipments/index.html",
    ):
        links = HTMLParser(made[path].decode()).css("nav.languages a")
        assert [link.attributes["hreflang"] for link in links] == ["en", SECOND], path
        assert [link.attributes["lang"] for link in links] == ["en", SECOND]
        assert [link.text() for link in links if "aria-current" in link.attributes] == [
            "English" if path.startswith("en/") else "Second"
        ]


def test_hreflang_pairs_lead_back_and_name_a_default() -> None:
    files = bilingual(small_site())

    made = build_from(files).files
    pairs: dict[str, dict[str, str]] = {}
    for path, raw in made.items():
        page = HTMLParser(raw.decode()) if path.endswith(".html") else None
        canonical = page.css_first('link[rel="canonical"]') if page else None
        if page and canonical:
            found = {link.attributes["hreflang"]: link.attributes["href"] for link in page.css("head link[hreflang]")}
            pairs[str(canonical.attributes["href"])] = {str(code): str(href) for code, href in found.items()}
    assert len(pairs) > 40, next(iter(pairs), "no page has one")
    for address, likes in pairs.items():
        assert set(likes) == {"en", SECOND, "x-default"}, address
        assert address in likes.values()
        assert likes["x-default"] == likes["en"]
        assert all(pairs[like] == likes for like in likes.values())
    assert _pairs_of_sitemap(made["sitemap.xml"]) == pairs


def _pairs_of_sitemap(raw: bytes) -> dict[str, dict[str, str]]:
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    return {
        str(url.findtext("s:loc", "", space)): {
            link.attrib["hreflang"]: link.attrib["href"] for link in url.findall("x:link", space)
        }
        for url in ET.fromstring(raw).findall("s:url", space)
    }


def test_a_site_of_one_language_has_no_choice_of_languages() -> None:
    page = page_of(small_site(), CLAIM_PAGE)
    assert page.css_first("nav.languages") is None


def test_a_translation_of_a_draft_is_nowhere() -> None:
    files = bilingual(small_site())
    files = change(files, CLAIM, "status: published", "status: draft")
    made = build_from(files).files
    assert made
    for path, raw in made.items():
        assert "example-denial" not in path
        assert b"example-denial" not in raw, path


# --- the data's own words ---------------------------------------------------------------------------


def test_words_of_rows_and_titles_of_columns_are_translated_and_others_marked() -> None:
    files = bilingual(small_site())
    files[f"content/{SECOND}/records.yaml"] = (
        b"ex-denial: {speaker: \xc2\xa7An invented speaker, gist: \xc2\xa7It denied.}\n"
    )
    files[f"content/{SECOND}/words.yaml"] += 'columns: {speaker: §Who, "statements.office": §Post}\n'.encode()
    page = page_of(files, f"{SECOND}/records/ex-denial/index.html")
    assert page.css_first("h1").text(strip=True) == "§An invented speaker: §It denied"
    labels = {label.text(strip=True) for label in page.css("dt")}
    assert {"§Who", "§Post"} <= labels
    office = next(part for part in page.css(".boxes div") if part.css_first("dt").text(strip=True) == "§Post")
    assert office.css_first('dd [lang="en"]') is not None
    english = page_of(files, "en/records/ex-denial/index.html")
    assert "§" not in re.sub(r"<nav class=.languages.*?</nav>", "", str(english.html), flags=re.DOTALL)
