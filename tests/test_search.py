"""What can be searched: the index of each language, held to the pages that it leads to and to what may be published."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from conftest import ROOT
from selectolax.lexbor import LexborHTMLParser
from small_site import CLAIM, build_from, change, past_build, small_build, small_site

from builder.build import build
from builder.content import read_content
from builder.search import Document, Words, make_indexes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_regressions.data_regression import DataRegressionFixture

LIBRARIES = ROOT / "site" / "assets" / "libraries"
MOST = 150_000
"""Bytes of an index as it is sent, compressed."""


def documents(files: Mapping[str, bytes], code: str = "en") -> dict[str, dict[str, Any]]:
    """The index of a language, by address."""
    text = files[f"{code}/search/index.js"].decode()
    found = re.fullmatch(r"self\.searchIndex = (\[.*\]);\n", text, re.DOTALL)
    assert found, text[:80]
    return {document["address"]: document for document in json.loads(found[1])}


def codes_of(files: Mapping[str, bytes]) -> list[str]:
    """The languages that have an index."""
    return [path.split("/")[0] for path in sorted(files) if path.endswith("/search/index.js")]


def texts(document: Mapping[str, Any]) -> str:
    return " ".join(text for text, *_ in (document["title"], *document.get("texts", ())))


# --- what is in it -------------------------------------------------------------------------------


def test_every_result_leads_to_a_page_and_has_its_title(site: Mapping[str, bytes]) -> None:
    for code in codes_of(site):
        for address, document in documents(site, code).items():
            page = LexborHTMLParser(site[f"{code}/{address}"].decode())
            if document["kind"] != "sources":  # whose heading also names the publisher
                heading = page.css_first("h1")
                assert heading
                assert document["title"][0].split() == heading.text().split(), f"{code}/{address}"


def test_every_language_has_an_index_of_the_same_pages(site: Mapping[str, bytes]) -> None:
    codes = {path.split("/")[0] for path in site if re.fullmatch(r"[\w-]+/claims/index\.html", path)}
    assert set(codes_of(site)) == codes
    assert len({tuple(documents(site, code)) for code in codes}) == 1


def test_everything_that_has_a_page_of_its_own_can_be_found(site: Mapping[str, bytes]) -> None:
    folders = ("claims", "figures", "charts", "records", "sources", "companies", "data")
    pages = {
        path.removeprefix("en/") for path in site if re.fullmatch(rf"en/({'|'.join(folders)})/[^/]+/index\.html", path)
    }
    standing = {path.removeprefix("en/") for path in site if re.fullmatch(r"en/([^/]+/)?index\.html", path)}
    assert documents(site).keys() == (pages | standing) - {"search/index.html"}


def test_a_page_of_each_kind_as_it_is_found(data_regression: DataRegressionFixture) -> None:
    found = documents(small_build().files)
    kinds = {document["kind"]: document for document in reversed(found.values())}
    data_regression.check({kind: kinds[kind] for kind in sorted(kinds)})


def test_claims_come_first(site: Mapping[str, bytes]) -> None:
    kinds = [document["kind"] for document in documents(site).values()]
    first_record = kinds.index("shipments")
    assert max(at for at, kind in enumerate(kinds) if kind == "claims") < first_record


def spoken(files: Mapping[str, bytes], code: str) -> set[tuple[str, str]]:
    """Every text of an index with its language."""
    found = documents(files, code).values()
    parts = [part for document in found for part in (document["title"], *document.get("texts", ()))]
    return {(text, language) for text, language, *_ in ((*part, code) for part in parts)}


def mostly(letters: str, text: str) -> bool:
    """True when most of a text is in one script; other words may stand in it."""
    return len(re.findall(letters, text)) > sum(map(str.isalpha, text)) / 2


def test_every_text_tells_its_language(site: Mapping[str, bytes]) -> None:
    for code in codes_of(site):
        found = spoken(site, code)
        han = {language for text, language in found if mostly(r"[\u4e00-\u9fff]", text)}
        cyrillic = {language for text, language in found if mostly(r"[\u0400-\u04ff]", text)}
        assert {language[:2] for language in han} <= {"zh", "ja"}
        assert han
        assert cyrillic <= {"ru", "uk", "bg"}
        assert cyrillic
        named = [
            part[1] for document in documents(site, code).values() for part in document.get("texts", ()) if part[1:]
        ]
        assert code not in named, "the page's own language is not named again"


def test_a_label_of_war_use_never_stands_without_its_limit(site: Mapping[str, bytes]) -> None:
    found = documents(site)
    told = [document for document in found.values() if document["kind"] in ("shipments", "figures")]
    labelled = [document for document in told if re.search("declared for the war|[Ll]abelled", document["title"][0])]
    assert labelled
    assert [document["title"] for document in labelled if "labelled" not in document.get("notes", ())] == []


def test_a_company_is_found_by_its_names_alone(site: Mapping[str, bytes]) -> None:
    companies = [document for document in documents(site).values() if document["kind"] == "entities"]
    assert companies
    for document in companies:
        assert document.keys() <= {"kind", "address", "title", "texts"}
        assert len(document.get("texts", ())) <= 1


def test_a_number_is_told_as_on_its_page(site: Mapping[str, bytes]) -> None:
    found = documents(site)
    figures = {address: document for address, document in found.items() if address.startswith("figures/")}
    checked = 0
    for address, document in figures.items():
        if address.count("/") == 2 and "told" in document:
            told = json.loads(site[f"en/{address}".replace("index.html", "figure.json")])["told"]
            assert document["told"].startswith(told), address
            checked += 1
    assert checked


# --- what is not ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "status", ["draft", "in_review", "embargoed\nembargo: 2026-12-01T09:00Z\npublished: 2026-12-01"]
)
def test_a_claim_that_is_not_public_cannot_be_found(status: str) -> None:
    files = small_site()
    text = files[CLAIM].decode().replace("status: published\npublished: 2026-11-23", f"status: {status}")
    files["content/en/claims/zzsecret-claim.md"] = text.replace("title: An", "title: Zzsecret, an").encode()
    made = build_from(files)
    assert made.files
    assert b"zzsecret" not in made.files["en/search/index.js"].lower()


def test_a_withdrawn_claim_is_found_and_says_so() -> None:
    made = build_from(change(small_site(), CLAIM, "status: published", "status: withdrawn"))
    assert documents(made.files)["claims/example-denial/index.html"]["notes"] == ["withdrawn"]
    assert "notes" not in documents(small_build().files)["claims/example-denial/index.html"]


def test_what_is_old_or_removed_cannot_be_found() -> None:
    found = documents(past_build().files)
    assert not [address for address in found if re.search(r"\d{4}-\d\d-\d\d/index\.html$", address)]
    assert "companies/example-trading-7/index.html" not in found
    assert "Example Trading 7" not in " ".join(map(texts, found.values()))


# --- the file ------------------------------------------------------------------------------------


def test_equal_sources_give_equal_indexes() -> None:
    path = "en/search/index.js"
    assert build(small_site()).files[path] == small_build().files[path]


def test_an_index_stays_small(site: Mapping[str, bytes]) -> None:
    indexes = [path for path in site if path.endswith("/search/index.js")]
    assert indexes
    assert [path for path in indexes if len(gzip.compress(site[path], mtime=0)) > MOST] == []


def test_characters_that_end_a_line_in_a_script_are_escaped() -> None:
    from builder.search import _as_json

    assert _as_json({"title": "a\u2028b\u2029c"}) == '{"title":"a\\u2028b\\u2029c"}'


def test_a_language_without_pages_has_an_empty_index() -> None:
    content, _ = read_content(small_site())
    assert make_indexes((), content, "en") == {"en/search/index.js": b"self.searchIndex = [\n\n];\n"}
    assert Document("pages", "x", Words("y")).texts == ()


# --- the page ------------------------------------------------------------------------------------


def test_the_page_has_a_word_for_all_that_a_result_may_be(site: Mapping[str, bytes]) -> None:
    for code in codes_of(site):
        page = LexborHTMLParser(re.sub(r"</?template[^>]*>", "", site[f"{code}/search/index.html"].decode()))
        for document in documents(site, code).values():
            wanted = [f'[data-kind="{document["kind"]}"]']
            wanted += [f'.badge[data-rating="{document["rating"]}"]'] if "rating" in document else []
            wanted += [f'[data-note="{note}"]' for note in document.get("notes", ())]
            for selector in wanted:
                assert page.css_first(selector), f"{code}: {selector}"
                assert page.css_first(selector).text(strip=True)


def test_without_a_script_the_page_leads_everywhere(site: Mapping[str, bytes]) -> None:
    page = LexborHTMLParser(
        re.sub(r"<template.*?</template>", "", site["en/search/index.html"].decode(), flags=re.DOTALL)
    )
    assert "JavaScript" in page.css_first("noscript").text()
    assert page.css("form, input, button") == []
    links = {link.attributes["href"] for link in page.css(".ways a")}
    assert {f"../{slug}/index.html" for slug in ("claims", "figures", "sources", "timeline", "charts", "data")} <= links


def test_only_the_page_of_the_search_loads_it(site: Mapping[str, bytes]) -> None:
    pages = [path for path, raw in site.items() if path.endswith(".html") and b"assets/search.js" in raw]
    assert pages == [path for path in site if re.fullmatch(r"[\w-]+/search/index\.html", path)]


def listed() -> Iterator[tuple[str, str]]:
    """Files of others and their hashes, as the note beside them tells them."""
    text = (LIBRARIES / "README.md").read_text(encoding="utf-8")
    yield from re.findall(r"^\| `([\w.-]+)` \|.*`([0-9a-f]{64})` \|$", text, re.MULTILINE)


def test_the_libraries_of_others_are_those_that_were_taken() -> None:
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in LIBRARIES.glob("*.js")}
    assert found == dict(listed())
    assert found


def test_the_licences_are_published_with_the_libraries(site: Mapping[str, bytes]) -> None:
    names = {path.removeprefix("assets/libraries/") for path in site if path.startswith("assets/libraries/")}
    assert names == {
        *("minisearch.js", "minisearch-licence.txt", "stemmers.js", "stemmers-licence.txt"),
        *("vega.js", "vega-interpreter.js", "vega-licence.txt"),
    }
