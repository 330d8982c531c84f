"""What programs read: held to schema.org, Open Graph and CSL-JSON as far as we use them, and to what the page itself tells."""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections import Counter
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from conftest import ROOT, live_pages_of, pages_of, report
from playwright.sync_api import sync_playwright
from selectolax.lexbor import LexborHTMLParser
from small_site import (
    CLAIM,
    CLAIM_PAGE,
    build_from,
    change,
    english,
    past_build,
    past_site,
    small_build,
    small_site,
)

from builder import pages as plans
from builder.disk import read_sources
from builder.linked import Speech, author_of, coverage_of, embed_height, format_ld, og_locale, speech_of
from builder.model import Row, Text
from builder.render import STYLESHEET, render_assets, render_pages
from builder.study import study
from builder.tongues import Tongue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from selectolax.lexbor import LexborNode

    from builder.model import Drawing, Page

URL = "https://example.org/check"
TWIN = CLAIM_PAGE.replace(".html", ".json")
EMBED = "en/claims/example-denial/embed/index.html"


# --- JSON, strictly ------------------------------------------------------------------------------


def read_json(text: str | bytes) -> Any:
    """JSON as RFC 8259 has it: no key twice, no NaN. Raises ValueError."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if twice := [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]:
            raise ValueError(f"the key {twice[0]} twice")
        return dict(pairs)

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is not JSON")

    return json.loads(text, object_pairs_hook=once, parse_constant=refuse)


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', '{"a": NaN}', '{"a": -Infinity}', "{'a': 1}", '{"a": 1,}'])
def test_the_reader_of_json_is_strict(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each kind has words of its own
        read_json(text)


def is_date(text: object, known: bool = True) -> bool:
    """True for a real day in ISO form; with `known` False also for a month or a year."""
    if not isinstance(text, str) or not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", text):
        return False
    try:
        date.fromisoformat((text + "-01-01")[:10] if not known else text)
    except ValueError:
        return False
    return True


# --- the rules of JSON-LD ------------------------------------------------------------------------


FULL_WIDTH = re.compile("(?<=[，。：；！？）》」』]) | (?=[，。：；！？（《「『])")


def plain(text: str | None) -> str:
    """A text as it is read: single blanks, none beside a full-width mark, no soft hyphens."""
    return FULL_WIDTH.sub("", " ".join((text or "").replace("\u00ad", "").replace("\u2060", "").split()))


def the(page: LexborHTMLParser, selector: str) -> LexborNode:
    """The element that must be there."""
    found = page.css_first(selector)
    assert found, f"no {selector}"
    return found


def visible(page: LexborHTMLParser) -> str:
    """The words of a page's body, those that only stand in attributes aside."""
    body = LexborHTMLParser(page.html or "").body
    assert body
    for node in body.css("script, style"):
        node.decompose()
    return plain(body.text())


def blocks_of(page: LexborHTMLParser) -> list[str]:
    return [node.text() for node in page.css('script[type="application/ld+json"]')]


def things_in(text: str) -> Iterator[dict[str, Any]]:
    """The things of a block, each alone."""
    block = read_json(text)
    yield from block.get("@graph", [block])


def problems_of_ld(page: LexborHTMLParser, url: str = URL) -> Iterator[str]:
    """What is wrong with a page's JSON-LD."""
    blocks = blocks_of(page)
    if len(blocks) > 1:
        yield "more than one block"
    for text in blocks:
        yield from (f"{letter!r} is not escaped" for letter in "<>&\u2028\u2029" if letter in text)
        try:
            block = read_json(text)
        except ValueError as error:
            yield str(error)
            continue
        if block.get("@context") != "https://schema.org":
            yield "the context is not schema.org"
        shown = visible(page)
        canonical = page.css_first('link[rel="canonical"]')
        address = (canonical.attributes.get("href") or "") if canonical else ""
        kinds = Counter(thing.get("@type") for thing in things_in(text))
        yield from (f"{count} × {kind}" for kind, count in kinds.items() if count > 1)
        for thing in things_in(text):
            kind = str(thing.get("@type"))
            rules = {"ClaimReview": _review, "BreadcrumbList": _trail, "Dataset": _dataset}.get(kind)
            if not rules:
                yield f"a thing of the kind {kind}"
                continue
            yield from rules(thing, address, shown, url)


def _lacks(thing: Any, name: str, kinds: Mapping[str, type]) -> Iterator[str]:
    """Properties that are missing, empty or of another type."""
    if not isinstance(thing, dict):
        yield f"{name} is no object"
        return
    for key, kind in kinds.items():
        value = thing.get(key)
        if value in (None, "", [], {}):
            yield f"{name} has no {key}"
        elif not isinstance(value, kind) or isinstance(value, bool):
            yield f"{name}: {key} is no {kind}"


def _is_unseen(text: object, shown: str) -> bool:
    return isinstance(text, str) and bool(text) and plain(text) not in shown


def _review(thing: dict[str, Any], address: str, shown: str, url: str) -> Iterator[str]:
    texts = dict.fromkeys(("url", "claimReviewed", "datePublished", "inLanguage", "name"), str)
    yield from _lacks(thing, "ClaimReview", {**texts, "author": dict, "reviewRating": dict, "itemReviewed": dict})
    if not address or thing.get("url") != address:
        yield f"the url {thing.get('url')} is not the canonical address"
    for key in ("datePublished", "dateModified"):
        if key in thing and not is_date(thing[key]):
            yield f"{key} is no day"
    if is_date(thing.get("dateModified")) and thing["dateModified"] < str(thing.get("datePublished")):
        yield "modified before it was published"
    author = thing.get("author")
    yield from _lacks(author, "the author", {"name": str, "url": str})
    if isinstance(author, dict) and not str(author.get("url")).startswith(url):
        yield "the author has another site"
    for key in ("claimReviewed", "name"):
        if _is_unseen(thing.get(key), shown):
            yield f"{key} is not visible"
    yield from _rating(thing.get("reviewRating"), shown)
    yield from _claim(thing.get("itemReviewed"), thing.get("claimReviewed"), shown)


def _rating(rating: Any, shown: str) -> Iterator[str]:
    yield from _lacks(rating, "the rating", {"@type": str, "alternateName": str, "ratingExplanation": str})
    if not isinstance(rating, dict):
        return
    for key in ("alternateName", "ratingExplanation"):
        if _is_unseen(rating.get(key), shown):
            yield f"{key} is not visible"
    numbers = [rating.get(key) for key in ("worstRating", "ratingValue", "bestRating")]
    if numbers == [None, None, None]:
        return
    if not all(isinstance(number, int) and not isinstance(number, bool) for number in numbers):
        yield "the rating has not three whole numbers"
    elif not numbers[0] <= numbers[1] <= numbers[2] or numbers[0] >= numbers[2]:  # type: ignore[operator]
        yield f"ratingValue {numbers[1]} outside {numbers[0]}..{numbers[2]}"


def _claim(claim: Any, reviewed: object, shown: str) -> Iterator[str]:
    yield from _lacks(claim, "the claim", {"author": dict, "abstract": str})
    if not isinstance(claim, dict):
        return
    if claim.get("@type") != "Claim":
        yield "what is reviewed is no Claim"
    author = claim.get("author", {})
    if author.get("@type") not in ("Person", "Organization") or not author.get("name"):
        yield "the claim's author is neither Person nor Organization, or has no name"
    for key in ("abstract", "text", "description"):
        if _is_unseen(claim.get(key), shown):
            yield f"the claim's {key} is not visible"
    if "datePublished" in claim and not is_date(claim["datePublished"], known=False):
        yield "the claim's datePublished is no date"
    quoted = [claim.get("text"), claim.get("workTranslation", {}).get("text")]
    if not any(quoted):
        if not claim.get("description") or not str(claim.get("abstract")).endswith(str(reviewed)):
            yield "a paraphrase that does not say that it is one"
    elif reviewed not in quoted:
        yield "claimReviewed is no quotation, though there is one"
    if "text" in claim and not claim.get("inLanguage"):
        yield "words without a language"
    works = claim.get("appearance", [])
    for work in [*works, *([claim["firstAppearance"]] if "firstAppearance" in claim else [])]:
        if not re.fullmatch(r"https?://[^\s<>\"]+", str(work.get("url"))):
            yield f"an appearance at {work.get('url')}"


def _trail(thing: dict[str, Any], address: str, shown: str, url: str) -> Iterator[str]:
    yield from _lacks(thing, "the trail", {"itemListElement": list})
    items = thing.get("itemListElement", [])
    if [item.get("position") for item in items] != list(range(1, len(items) + 1)) or len(items) < 2:
        yield "the trail is not counted from 1, or has one step"
    for item in items:
        yield from _lacks(item, "a step", {"name": str, "item": str})
        if _is_unseen(item.get("name"), shown):
            yield f"the step {item.get('name')} is not visible"
        if not str(item.get("item")).startswith(f"{url}/"):
            yield f"a step at {item.get('item')}"


def _dataset(thing: dict[str, Any], address: str, shown: str, url: str) -> Iterator[str]:
    texts = dict.fromkeys(("name", "description", "url", "version", "dateModified", "temporalCoverage"), str)
    yield from _lacks(thing, "Dataset", {**texts, "license": list, "distribution": list})
    if not 50 <= len(str(thing.get("description"))) <= 5000:
        yield "the description is too short or too long"
    if not address or thing.get("url") != address:
        yield f"the url {thing.get('url')} is not the canonical address"
    days = str(thing.get("temporalCoverage")).split("/")
    if len(days) != 2 or not all(map(is_date, days)) or days[0] > days[1]:
        yield "temporalCoverage is no period"
    if not is_date(thing.get("dateModified")):
        yield "dateModified is no day"
    for file in thing.get("distribution", []):
        names = ("contentUrl", "encodingFormat", "contentSize", "sha256")
        yield from _lacks(file, "a file", dict.fromkeys(names, str))
        if not re.fullmatch(r"[0-9a-f]{64}", str(file.get("sha256"))):
            yield "a sha256 that is none"
        if not re.fullmatch(r"\d+ B", str(file.get("contentSize"))):
            yield "a size that is none"


# --- the rules bite ------------------------------------------------------------------------------

GOOD_REVIEW = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": f"{URL}/en/x/",
    "name": "A title",
    "claimReviewed": "Words said",
    "inLanguage": "en",
    "datePublished": "2026-11-23",
    "dateModified": "2026-11-24",
    "author": {"@type": "Organization", "name": "Example Press", "url": f"{URL}/"},
    "reviewRating": {
        "@type": "Rating",
        "alternateName": "Wrong",
        "ratingExplanation": "Because.",
        "ratingValue": 1,
        "bestRating": 7,
        "worstRating": 1,
    },
    "itemReviewed": {
        "@type": "Claim",
        "author": {"@type": "Person", "name": "Speaker 1"},
        "abstract": "In our words: it is so",
        "text": "Words said",
        "inLanguage": "en",
        "datePublished": "2023-04",
        "appearance": [{"@type": "CreativeWork", "url": "https://example.com/a"}],
    },
}
GOOD_TRAIL = {
    "@context": "https://schema.org",
    "@type": "BreadcrumbList",
    "itemListElement": [
        {"@type": "ListItem", "position": 1, "name": "Claims", "item": f"{URL}/en/claims/"},
        {"@type": "ListItem", "position": 2, "name": "A title", "item": f"{URL}/en/x/"},
    ],
}
GOOD_DATASET = {
    "@context": "https://schema.org",
    "@type": "Dataset",
    "name": "Data",
    "description": "What was said and what was declared, row by row, with the source of each row.",
    "url": f"{URL}/en/x/",
    "version": "1",
    "dateModified": "2026-11-23",
    "license": ["https://example.org/licence"],
    "temporalCoverage": "2022-01-01/2023-01-01",
    "distribution": [
        {
            "@type": "DataDownload",
            "contentUrl": f"{URL}/a.csv",
            "encodingFormat": "text/csv",
            "contentSize": "12 B",
            "sha256": "0" * 64,
        }
    ],
}
SHOWN = "A title. Words said. In our words: it is so. Wrong: Because. Claims"


def page_with(*blocks: str, canonical: str = f"{URL}/en/x/") -> LexborHTMLParser:
    scripts = "".join(f'<script type="application/ld+json">{block}</script>' for block in blocks)
    head = f'<link rel="canonical" href="{canonical}">{scripts}'
    return LexborHTMLParser(f"<!doctype html><html><head>{head}</head><body><main>{SHOWN}</main></body></html>")


def with_change(thing: dict[str, Any], path: str, value: Any) -> str:
    """The thing as JSON with one property replaced, or taken out where the value is `...`."""
    changed = json.loads(json.dumps(thing))
    *steps, last = path.split(".")
    at = changed
    for step in steps:
        at = at[int(step) if step.isdigit() else step]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return json.dumps(changed, ensure_ascii=False)


@pytest.mark.parametrize("thing", [GOOD_REVIEW, GOOD_TRAIL, GOOD_DATASET])
def test_the_rules_of_json_ld_let_good_things_pass(thing: dict[str, Any]) -> None:
    assert list(problems_of_ld(page_with(json.dumps(thing)))) == []


@pytest.mark.parametrize(
    ("thing", "path", "value", "problem"),
    [
        (GOOD_REVIEW, "url", f"{URL}/en/y/", f"the url {URL}/en/y/ is not the canonical address"),
        (GOOD_REVIEW, "@context", "http://example.org", "the context is not schema.org"),
        (GOOD_REVIEW, "@type", "Review", "a thing of the kind Review"),
        (GOOD_REVIEW, "claimReviewed", ..., "ClaimReview has no claimReviewed"),
        (GOOD_REVIEW, "claimReviewed", "Words never said", "claimReviewed is not visible"),
        (GOOD_REVIEW, "claimReviewed", "it is so", "claimReviewed is no quotation, though there is one"),
        (GOOD_REVIEW, "claimReviewed", 7, "ClaimReview: claimReviewed is no <class 'str'>"),
        (GOOD_REVIEW, "datePublished", "2026-11-31", "datePublished is no day"),
        (GOOD_REVIEW, "dateModified", "2026-11-22", "modified before it was published"),
        (GOOD_REVIEW, "author.name", "", "the author has no name"),
        (GOOD_REVIEW, "author.url", "https://example.com/", "the author has another site"),
        (GOOD_REVIEW, "reviewRating", "Wrong", "ClaimReview: reviewRating is no <class 'dict'>"),
        (GOOD_REVIEW, "reviewRating.alternateName", ..., "the rating has no alternateName"),
        (GOOD_REVIEW, "reviewRating.alternateName", "Right", "alternateName is not visible"),
        (GOOD_REVIEW, "reviewRating.ratingValue", 8, "ratingValue 8 outside 1..7"),
        (GOOD_REVIEW, "reviewRating.ratingValue", 0, "ratingValue 0 outside 1..7"),
        (GOOD_REVIEW, "reviewRating.ratingValue", ..., "the rating has not three whole numbers"),
        (GOOD_REVIEW, "reviewRating.ratingValue", "1", "the rating has not three whole numbers"),
        (GOOD_REVIEW, "itemReviewed.@type", "Thing", "what is reviewed is no Claim"),
        (GOOD_REVIEW, "itemReviewed.author.@type", "Thing",
         "the claim's author is neither Person nor Organization, or has no name"),
        (GOOD_REVIEW, "itemReviewed.text", "Other words", "the claim's text is not visible"),
        (GOOD_REVIEW, "itemReviewed.text", ..., "a paraphrase that does not say that it is one"),
        (GOOD_REVIEW, "itemReviewed.inLanguage", ..., "words without a language"),
        (GOOD_REVIEW, "itemReviewed.datePublished", "2023-13", "the claim's datePublished is no date"),
        (GOOD_REVIEW, "itemReviewed.appearance.0.url", "a/", "an appearance at a/"),
        (GOOD_TRAIL, "itemListElement.1.position", 3, "the trail is not counted from 1, or has one step"),
        (GOOD_TRAIL, "itemListElement.0.name", "Home", "the step Home is not visible"),
        (GOOD_TRAIL, "itemListElement.0.item", "../", "a step at ../"),
        (GOOD_DATASET, "description", "Short.", "the description is too short or too long"),
        (GOOD_DATASET, "temporalCoverage", "2023-01-01/2022-01-01", "temporalCoverage is no period"),
        (GOOD_DATASET, "distribution.0.sha256", "0", "a sha256 that is none"),
        (GOOD_DATASET, "distribution.0.contentSize", "12", "a size that is none"),
        (GOOD_DATASET, "license", ..., "Dataset has no license"),
    ],
)  # fmt: skip
def test_the_rules_of_json_ld_bite(thing: dict[str, Any], path: str, value: Any, problem: str) -> None:
    assert problem in list(problems_of_ld(page_with(with_change(thing, path, value))))


def test_the_rules_find_a_block_that_is_twice_or_could_end_its_element() -> None:
    good = json.dumps(GOOD_TRAIL)
    assert "more than one block" in list(problems_of_ld(page_with(good, good)))
    assert "'&' is not escaped" in list(problems_of_ld(page_with(good.replace("Claims", "A & B"))))
    assert "the key @type twice" in list(problems_of_ld(page_with('{"@type": "Dataset", "@type": "Dataset"}')))
    assert "2 × ClaimReview" in list(
        problems_of_ld(page_with(json.dumps({"@context": "https://schema.org", "@graph": [GOOD_REVIEW, GOOD_REVIEW]})))
    )


def test_what_could_end_the_element_is_escaped_and_comes_back_whole() -> None:
    text = "</script><!-- & \u2028\u2029 “x”"
    made = format_ld([{"@type": "Claim", "text": text}])
    assert not re.search("[<>&\u2028\u2029]", made)
    assert read_json(made)["text"] == text
    assert format_ld([]) == ""
    with pytest.raises(ValueError, match="JSON"):
        format_ld([{"a": float("nan")}])


# --- JSON-LD of our pages ------------------------------------------------------------------------


def parsed(files: Mapping[str, bytes], path: str) -> LexborHTMLParser:
    return LexborHTMLParser(files[path].decode())


def kinds_on(files: Mapping[str, bytes]) -> dict[str, Counter[str]]:
    """How many things of each kind each page has."""
    return {
        path: Counter(thing["@type"] for text in blocks_of(parsed(files, path)) for thing in things_in(text))
        for path in pages_of(files)
    }


def review_on(files: Mapping[str, bytes], path: str = CLAIM_PAGE) -> dict[str, Any]:
    found = [thing for text in blocks_of(parsed(files, path)) for thing in things_in(text)]
    return next(thing for thing in found if thing["@type"] == "ClaimReview")


def reviews_in(files: Mapping[str, bytes]) -> list[str]:
    return [path for path, kinds in kinds_on(files).items() for _ in range(kinds["ClaimReview"])]


@pytest.mark.parametrize("made", [small_build, past_build])
def test_the_json_ld_of_every_page_keeps_the_rules(made: Any) -> None:
    files = made().files
    report((path, problem) for path in pages_of(files) for problem in problems_of_ld(parsed(files, path)))


def test_each_claim_has_one_review_and_no_other_page_has_any() -> None:
    assert reviews_in(small_build().files) == [CLAIM_PAGE]
    assert reviews_in(past_build().files) == [CLAIM_PAGE]  # the frozen page has none either


def test_every_page_with_a_trail_tells_it_and_the_data_page_tells_of_the_dataset() -> None:
    files = small_build().files
    for path, kinds in kinds_on(files).items():
        assert kinds["BreadcrumbList"] == bool(parsed(files, path).css_first("nav.trail")), path
        assert kinds["Dataset"] == (path == "en/data/index.html"), path


def test_a_review_says_what_the_page_says() -> None:
    review = review_on(small_build().files)
    assert review["claimReviewed"] == "these are invented words"
    assert review["reviewRating"]["ratingValue"] == 1
    assert review["reviewRating"]["alternateName"] == "Contradicted"
    assert (review["datePublished"], review["dateModified"]) == ("2026-11-23", "2026-11-23")
    assert review["author"]["name"] == "Example Press"
    claim = review["itemReviewed"]
    assert (claim["text"], claim["inLanguage"]) == ("这是虚构的话", "zh")
    assert claim["workTranslation"]["description"] == "Translation: the builder’s tests."
    assert claim["abstract"] == "The claim, in our words: No drones went there."
    assert claim["datePublished"] == "2023-04-19"
    assert claim["firstAppearance"]["url"] == "https://example.net/statement"  # a statement that the office put out
    assert [work["url"] for work in claim["appearance"]] == [
        "https://example.net/statement",
        "https://example.com/other",
    ]


def test_the_day_of_a_change_moves_the_review_too() -> None:
    assert review_on(past_build().files)["dateModified"] == "2026-11-26"


def test_a_rating_without_a_number_has_none_for_programs() -> None:
    files = build_from(change(small_site(), CLAIM, "rating: contradicted", "rating: not_decided")).files
    rating = review_on(files)["reviewRating"]
    assert rating.keys() == {"@type", "alternateName", "ratingExplanation"}
    assert rating["alternateName"] == "Not decided"
    assert list(problems_of_ld(parsed(files, CLAIM_PAGE))) == []


def reported() -> dict[str, bytes]:
    """The small site with a claim that is reported speech."""
    files = change(small_site(), CLAIM, "statement: ex-denial", "statement: ex-repeat")
    files = change(files, CLAIM, "repeated: [ex-repeat]", "repeated: []")
    return change(files, CLAIM, "rating: contradicted", "rating: not_decided")


def test_reported_speech_is_not_told_as_a_quotation() -> None:
    files = build_from(reported()).files
    review = review_on(files)
    assert review["claimReviewed"] == "No drones went there."
    claim = review["itemReviewed"]
    assert "text" not in claim
    assert claim["description"] == "This is reported speech, in our words. It is no quotation."
    assert claim["datePublished"] == "2023-05"  # no day is known
    assert "firstAppearance" not in claim  # a report of others is not where it was said
    assert list(problems_of_ld(parsed(files, CLAIM_PAGE))) == []


@pytest.mark.parametrize(
    "field", ["publisher: Example Press", "contact: desk@example.org", "funding: Invented readers"]
)
def test_an_unpublished_edition_has_no_review(field: str) -> None:
    files = build_from(change(small_site(), "site/site.yaml", f"{field}\n", "")).files
    assert reviews_in(files) == []
    assert kinds_on(files)[CLAIM_PAGE] == {"BreadcrumbList": 1}
    assert read_json(files[TWIN])["edition"] == "Unpublished edition"


def test_a_withdrawn_claim_has_no_review_and_says_so_everywhere() -> None:
    files = build_from(change(small_site(), CLAIM, "status: published\n", "status: withdrawn\n")).files
    assert reviews_in(files) == []
    twin = read_json(files[TWIN])
    assert twin["status"] == "withdrawn"
    assert twin["notice"] == english().words["withdrawn"]
    assert english().words["withdrawn"] in read_json(files["en/claims/example-denial/cite.json"])[0]["note"]
    card = parsed(files, EMBED)
    assert english().words["withdrawn"] in visible(card)
    assert not card.css_first(".badge, data")


def test_without_an_address_no_page_says_anything_absolute() -> None:
    files = build_from(change(small_site(), "site/site.yaml", f"url: {URL}\n", "")).files
    assert {path for path, kinds in kinds_on(files).items() if kinds} == set()
    heads = {path: raw.partition(b"<body>")[0] for path, raw in files.items() if path.endswith(".html")}
    assert [path for path, head in heads.items() if b"og:url" in head or b"og:image" in head] == []
    assert "url" not in read_json(files[TWIN])
    assert "URL" not in read_json(files["en/data/cite.json"])[0]
    assert not parsed(files, CLAIM_PAGE).css_first(".snippet")


def test_without_a_publisher_the_dataset_has_no_creator() -> None:
    files = build_from(change(small_site(), "site/site.yaml", "publisher: Example Press\n", "")).files
    data = next(things_in(blocks_of(parsed(files, "en/data/index.html"))[0]))
    assert "creator" not in data
    assert "author" not in read_json(files["en/data/cite.json"])[0]


def test_the_dataset_is_told_as_its_package_is() -> None:
    files = small_build().files
    data = next(things_in(blocks_of(parsed(files, "en/data/index.html"))[0]))
    package = read_json(files["data/datapackage.json"])
    assert (data["name"], data["description"]) == (package["title"], package["description"])
    assert (data["version"], data["dateModified"]) == (package["version"], package["created"][:10])
    assert data["license"] == [licence["path"] for licence in package["licenses"]]
    assert data["creator"]["name"] == "Example Press"
    assert data["temporalCoverage"] == "2022-03-01/2023-08-01"
    hashes = {f"data/{one['path']}": one["hash"].partition(":")[2] for one in package["resources"]}
    assert hashes
    shown = visible(parsed(files, "en/data/index.html"))
    for file in data["distribution"]:
        raw = files[file["contentUrl"].removeprefix(f"{URL}/")]
        assert file["sha256"] == hashlib.sha256(raw).hexdigest()
        assert file["contentSize"] == f"{len(raw)} B"
        assert file["sha256"] in shown
        assert f"{len(raw):,}" in shown
    told = {file["contentUrl"].removeprefix(f"{URL}/"): file["sha256"] for file in data["distribution"]}
    assert hashes.items() <= told.items()
    assert {file["encodingFormat"] for file in data["distribution"]} == {
        "text/csv",
        "application/json",
        "application/yaml",
    }


def test_every_address_of_the_site_in_json_ld_leads_to_a_page() -> None:
    files = small_build().files
    for path in pages_of(files):
        for text in blocks_of(parsed(files, path)):
            for address in re.findall(rf'"{URL}/([^"]*)"', text):
                there = f"{address}index.html" if address.endswith("/") or not address else address
                assert there in files, (path, address)


# --- who said it ---------------------------------------------------------------------------------


def said_by(speaker: str) -> Row:
    return Row("statements", "x", 1, {"speaker": speaker}, {}, {})


def body(name: str) -> Row:
    return Row("entities", "e", 1, {"name": name}, {}, {})


@pytest.mark.parametrize(
    ("speaker", "entity", "wanted"),
    [
        ("Speaker One", "Ministry of Tests", {"@type": "Person", "name": "Speaker One", "jobTitle": "Office"}),
        ("Spokesperson of the Ministry, not named", "Ministry of Tests", {"@type": "Organization", "name": "Ministry of Tests"}),
        ("Acme", "Acme", {"@type": "Organization", "name": "Acme"}),
        ("Acme spokesperson", "Acme Robotics", {"@type": "Organization", "name": "Acme Robotics"}),
        ("Person of the Day", "The Office of Tests and the Like", {"@type": "Person", "name": "Person of the Day", "jobTitle": "Office"}),
    ],
)  # fmt: skip
def test_a_speaker_named_after_a_body_is_that_body(speaker: str, entity: str, wanted: dict[str, str]) -> None:
    assert author_of(said_by(speaker), body(entity), speaker, "Office") == wanted


def test_a_speaker_of_no_known_body_is_a_person() -> None:
    assert author_of(said_by("Speaker One"), None, "Speaker One", "") == {"@type": "Person", "name": "Speaker One"}


def test_every_speaker_of_the_real_data_is_rightly_a_person_or_a_body() -> None:
    """A list to read: whoever is added to the data is added here, by somebody who knows which it is."""
    dataset = study(read_sources(ROOT)).dataset
    assert dataset
    found: dict[str, set[str]] = {"Person": set(), "Organization": set()}
    for row in dataset.tables["statements"].rows.values():
        author = author_of(row, dataset.row("entities", row.cells["entity"]), row.cells["speaker"], row.cells["office"])
        found[author["@type"]].add(row.cells["speaker"])
    assert not found["Person"] & found["Organization"]
    bodies = {
        *("Autel Robotics", "Autel spokesperson", "DJI", "DJI spokesperson", "Federal Customs Service of Russia"),
        *("Ministry of Foreign Affairs of the PRC", "National Security Council spokesperson", "Politico"),
        *("Office of the Director of National Intelligence", "Press service of the Ministry of Industry and Trade"),
        *("Press service of the Smolensk customs", "Russian embassy in China", "The Financial District"),
        "Spokesperson of the Chinese Foreign Ministry, through the embassy in Berlin",
        *("Spokesperson of the Ministry of Commerce, not named", "US Department of the Treasury"),
    }
    assert found["Organization"] == bodies


# --- Open Graph ----------------------------------------------------------------------------------


def problems_of_og(page: LexborHTMLParser) -> Iterator[str]:
    """What a page's Open Graph lacks or tells otherwise than the page."""
    metas = [
        (node.attributes["property"] or "", node.attributes.get("content") or "")
        for node in page.css("meta[property^='og:']")
    ]
    counts = Counter(name for name, _ in metas if name != "og:locale:alternate")
    yield from (f"{count} × {name}" for name, count in counts.items() if count > 1)
    told = dict(metas)
    yield from (f"no {name}" for name in ("og:type", "og:title", "og:site_name", "og:locale") if not told.get(name))
    yield from (f"{name} is empty" for name, content in metas if not content)
    if told.get("og:title", "") not in plain(the(page, "title").text()):
        yield "og:title is not the page's title"
    description = page.css_first('meta[name="description"]')
    if told.get("og:description", "") != ((description.attributes.get("content") or "") if description else ""):
        yield "og:description is not the page's description"
    canonical = page.css_first('link[rel="canonical"]')
    if told.get("og:url", "") != ((canonical.attributes.get("href") or "") if canonical else ""):
        yield "og:url is not the canonical address"
    locales = [content for name, content in metas if name.startswith("og:locale")]
    yield from (f"the locale {one}" for one in locales if not re.fullmatch(r"[a-z]{2,3}(_[A-Z]{2})?", one))
    if len(locales) != len(set(locales)):
        yield "a locale twice"
    image = {name: told[name] for name in told if name.startswith("og:image")}
    if image and {"og:image", "og:image:alt", "og:image:width", "og:image:height"} - image.keys():
        yield "an image without its words or size"
    if image and not re.match("https?://", image.get("og:image", "")):
        yield "an image without an absolute address"


GOOD_OG = """<html><head><title>T – S</title><meta name="description" content="D">
<link rel="canonical" href="https://x.example/"><meta property="og:type" content="website">
<meta property="og:title" content="T"><meta property="og:description" content="D">
<meta property="og:site_name" content="S"><meta property="og:url" content="https://x.example/">
<meta property="og:locale" content="en_GB"><meta property="og:locale:alternate" content="zh_CN">
<meta property="og:image" content="https://x.example/c.png"><meta property="og:image:alt" content="A">
<meta property="og:image:width" content="1200"><meta property="og:image:height" content="630"></head></html>"""


def test_the_rules_of_open_graph_let_a_good_page_pass() -> None:
    assert list(problems_of_og(LexborHTMLParser(GOOD_OG))) == []


@pytest.mark.parametrize(
    ("find", "put", "problem"),
    [
        ('<meta property="og:type" content="website">', "", "no og:type"),
        ('og:title" content="T"', 'og:title" content="U"', "og:title is not the page's title"),
        ('og:title" content="T"', 'og:title" content=""', "og:title is empty"),
        ('og:description" content="D"', 'og:description" content="E"', "og:description is not the page's description"),
        ('og:url" content="https://x.example/"', 'og:url" content="/"', "og:url is not the canonical address"),
        ('content="zh_CN"', 'content="zh_Hans_CN"', "the locale zh_Hans_CN"),
        ('content="zh_CN"', 'content="en_GB"', "a locale twice"),
        ('<meta property="og:image:alt" content="A">', "", "an image without its words or size"),
        ("https://x.example/c.png", "c.png", "an image without an absolute address"),
        ('<meta property="og:site_name" content="S">', '<meta property="og:site_name" content="S">' * 2, "2 × og:site_name"),
    ],
)  # fmt: skip
def test_the_rules_of_open_graph_bite(find: str, put: str, problem: str) -> None:
    assert GOOD_OG.count(find) == 1
    assert problem in list(problems_of_og(LexborHTMLParser(GOOD_OG.replace(find, put))))


def test_the_open_graph_of_every_page_keeps_the_rules() -> None:
    files = past_build().files
    pages = [path for path in live_pages_of(files) if path != EMBED]
    report((path, problem) for path in pages for problem in problems_of_og(parsed(files, path)))
    kinds = {path: the(parsed(files, path), 'meta[property="og:type"]').attributes["content"] for path in pages}
    assert {path for path, kind in kinds.items() if kind == "article"} == {CLAIM_PAGE}


def test_a_page_with_a_card_names_it_in_full() -> None:
    known = study(small_site())
    planned = plan(small_site())
    page = next(page for page in planned if page.values["about"] == ("claim", "example-denial"))
    page.values["card"] = "en/claims/example-denial/card.png"  # type: ignore[index]
    assert known.theme
    made, problems = render_pages(planned, known.theme, known.content, known.figures, {})
    assert problems == ()
    head = parsed(made, CLAIM_PAGE)
    assert list(problems_of_og(head)) == []
    told = {node.attributes["property"]: node.attributes["content"] for node in head.css("meta[property^='og:image']")}
    assert told["og:image"] == f"{URL}/en/claims/example-denial/card.png"
    assert told["og:image:alt"].startswith("Contradicted: An invented report told of at least 37 drones")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("locale", "wanted"), [("en_GB", "en_GB"), ("zh_Hans_CN", "zh_CN"), ("uk", "uk"), ("sr_Latn", "sr")]
)
def test_a_locale_as_open_graph_writes_it(locale: str, wanted: str) -> None:
    assert og_locale(replace(english(), locale=locale)) == wanted


# --- twins ---------------------------------------------------------------------------------------

CODES = frozenset(
    "kind id language address url site edition modified published reviewed data_date table name precision code status "
    "outcome figure measure unit part csv package repeats csv page archived anchor limit date until day between "
    "from period notice".split()
)
"""Keys whose value is no text of the page: codes, addresses and days. The days and limits are looked at by themselves."""
DAYS = ("modified", "published", "reviewed", "data_date", "date", "until", "day")


def leaves(value: Any, key: str = "", above: str = "") -> Iterator[tuple[str, str, Any]]:
    """Every string and number with its key, and the key above it."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from leaves(one, name, key)
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one, key, above)
    else:
        yield key, above, value


def problems_of_twin(twin: dict[str, Any], page: LexborHTMLParser, beside: str = "") -> Iterator[str]:
    """What a twin tells and its page does not; `beside` is what the page of the rating scale says."""
    metas = " ".join(node.attributes.get("content") or "" for node in page.css("meta"))
    shown = f"{visible(page)} {plain(metas)} {beside}"
    folded = shown.casefold()
    days = {node.attributes.get("datetime") for node in page.css("time")} | set(metas.split())
    for key, above, value in leaves(twin):
        if key in DAYS and isinstance(value, str) and above != "rows" and value not in days:
            yield f"the day {value} ({key})"
        if key in CODES or value is None or isinstance(value, bool):
            continue
        if above == "fields" and (key in ("label", "missing") or value == twin["id"]):
            continue  # a page shows some fields without the name of their column
        if isinstance(value, int) and str(value) not in re.findall(r"\d+", shown):
            yield f"the number {value} ({key})"
        if isinstance(value, str) and plain(value).casefold() not in folded and value not in days:
            yield f"{value} ({key})"


def twins_of(files: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    return {
        path: read_json(files[path.replace(".html", ".json")])
        for path in live_pages_of(files)
        if path.replace(".html", ".json") in files
    }


def problems_of_twins(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Of every twin: each page with its problem."""
    scales = {
        path.partition("/")[0]: visible(parsed(files, path)) for path in files if path.endswith("ratings/index.html")
    }
    for path, twin in twins_of(files).items():
        beside = scales[path.partition("/")[0]] if "/claims/" in path else ""
        yield from ((path, problem) for problem in problems_of_twin(twin, parsed(files, path), beside))


NO_TWIN = re.compile(
    r"404\.html|index\.html|[\w-]+/claims/[^/]+/embed/index\.html|[\w-]+/search/index\.html|[\w-]+/companies/example-trading-7/index\.html"
)
"""Pages without facts of their own, and the tombstone of the site with a past."""


@pytest.mark.parametrize("made", [small_build, past_build])
def test_every_page_has_a_twin_and_leads_to_it(made: Any) -> None:
    files = made().files
    for path in live_pages_of(files):
        links = parsed(files, path).css('link[rel="alternate"][type="application/json"]')
        has = not (NO_TWIN.fullmatch(path) and (made is past_build or "example-trading-7" not in path))
        assert (path.replace(".html", ".json") in files) is has, path
        assert [link.attributes["href"] for link in links] == (["index.json"] if has else []), path


@pytest.mark.parametrize("made", [small_build, past_build])
def test_a_twin_tells_nothing_that_its_page_does_not(made: Any) -> None:
    report(problems_of_twins(made().files))


def test_the_twins_of_the_real_site_tell_what_their_pages_tell(site: Mapping[str, bytes]) -> None:
    report(problems_of_twins(site))


@pytest.mark.parametrize(
    ("twin", "problem"),
    [
        ({"told": "at least 37"}, ""),
        ({"told": "at least 38"}, "at least 38 (told)"),
        ({"told": "37 drones"}, "37 drones (told)"),
        ({"rows": [["x", "38"]]}, "38 (rows)"),
        ({"rating": {"number": 7}}, "the number 7 (number)"),
        ({"modified": "2026-11-24"}, "the day 2026-11-24 (modified)"),
        ({"kind": "figure", "address": "en/figures/9/", "modified": "2026-11-23"}, ""),
    ],
)
def test_the_rules_of_a_twin_bite(twin: dict[str, Any], problem: str) -> None:
    body = '<main>x at least <b>37</b> of them, <time datetime="2026-11-23">today</time></main>'
    assert list(problems_of_twin(twin, LexborHTMLParser(body))) == [problem][: bool(problem)]


def labelled(value: Any) -> Iterator[dict[str, Any]]:
    """Every object that tells of a label of war use: a field of it, or a row or figure that counts by it."""
    if isinstance(value, dict):
        if (value.get("name"), value.get("code")) == ("label", "war_use"):
            yield value
        if value.get("id") in LABELLED and (
            "told" in value or "part" in value or value.get("kind") in ("record", "shipment")
        ):
            yield value
        for one in value.values():
            yield from labelled(one)
    elif isinstance(value, list):
        for one in value:
            yield from labelled(one)


LABELLED = (
    "ex-group",
    "ex-line",
    "labelled_drones",
    "documented_labelled_drones",
    "share_documented",
    "labelled_value",
)


def test_beside_each_label_of_war_use_stands_its_limit() -> None:
    files = small_build().files
    found = {path: list(labelled(twin)) for path, twin in twins_of(files).items()}
    limit = english().words["limit.label_long"]
    bare = [
        (path, one) for path, ones in found.items() for one in ones if one.get("limit") != limit and "title" not in one
    ]
    bare += [
        (path, one)
        for path, ones in found.items()
        for one in ones
        if one.get("address") == "" or ("fields" in one and one.get("limit") != limit)
    ]
    assert bare == []
    places = {path for path, ones in found.items() if any("limit" in one for one in ones)}
    assert {CLAIM_PAGE, "en/records/ex-group/index.html", "en/figures/index.html", "en/timeline/index.html"} <= places
    assert read_json(files["en/companies/example-trading-7/index.json"])["limit"] == english().words["limit.company"]
    assert read_json(files["en/data/shipments/index.json"])["limit"] == limit


def test_a_figure_is_told_as_in_the_file_of_the_figure() -> None:
    files = small_build().files
    for name in ("labelled_drones", "share_documented", "labelled_value", "first_declaration"):
        own, twin = (read_json(files[f"en/figures/{name}/{file}.json"]) for file in ("figure", "index"))
        assert (own["told"], own.get("day")) == (twin.get("told"), twin.get("day"))


def test_what_is_not_stated_is_null_and_says_so() -> None:
    fields = {one["name"]: one for one in read_json(small_build().files["en/records/ex-seized/index.json"])["fields"]}
    assert fields["value"]["value"] is None
    assert fields["value"]["missing"]
    assert fields["units"]["value"] == "5 computers"


# --- all claims ----------------------------------------------------------------------------------


def test_all_claims_are_told_as_on_their_pages() -> None:
    for files in (small_build().files, past_build().files):
        told = read_json(files["en/claims.json"])
        assert (told["site"], told["url"], told["language"]) == ("Example check", URL, "en")
        assert told["claims"] == [read_json(files[TWIN])]


def test_the_page_of_the_claims_leads_to_the_file_of_all_of_them() -> None:
    page = parsed(small_build().files, "en/claims/index.html")
    assert [node.attributes["href"] for node in page.css("main a[download]")] == ["../claims.json"]


def test_an_address_in_open_graph_that_leads_nowhere_stops_the_build() -> None:
    layout = "site/templates/layout.html"
    files = change(small_site(), layout, 'content="{{ site.url }}/{{ card }}"', 'content="{{ site.url }}/{{ card }}x"')
    assert {found.code for found in build_from(files).problems} == {"S001"}


def test_a_claim_for_programs_has_all_that_a_newsroom_asks_for() -> None:
    claim = read_json(small_build().files["en/claims.json"])["claims"][0]
    assert claim["says"] == "No drones went there."
    assert claim["says_note"] == "The claim, in our words"
    assert claim["statement"]["quotation"] == {"text": "这是虚构的话", "language": "zh"}
    assert (claim["statement"]["speaker"], claim["statement"]["date"]) == ("Example Speaker 1", "2023-04-19")
    assert claim["rating"] == {
        "id": "contradicted",
        "word": "Contradicted",
        "number": 1,
        "means": "What was declared shows the opposite of what was said.",
    }
    assert [(key["id"], key["told"], bool(key.get("limit"))) for key in claim["key_figures"]] == [
        ("labelled_drones", "at least 37", True),
        ("share_documented", "at most 8.2%", True),
    ]
    assert [(basis["kind"], basis.get("outcome")) for basis in claim["because"]] == [
        ("computed", "holds"),
        ("judged", None),
    ]
    assert claim["cannot_show"] == ["Who used the drones."]
    assert (claim["published"], claim["modified"], claim["reviewed"]) == ("2026-11-23",) * 3
    assert (claim["address"], claim["url"]) == ("en/claims/example-denial/", f"{URL}/en/claims/example-denial/")


def test_reported_speech_is_marked_as_ours_for_programs_too() -> None:
    statement = read_json(build_from(reported()).files[TWIN])["statement"]
    assert statement["kind"] == "reported_speech"
    assert statement["reported"] == "The firm had sold nothing."
    assert statement["note"] == english().words["said.reported"]
    assert not {"quotation", "translation"} & statement.keys()


def test_of_a_draft_nothing_is_told() -> None:
    files = build_from(
        change(small_site(), CLAIM, "status: published\npublished: 2026-11-23\n", "status: draft\n")
    ).files
    assert read_json(files["en/claims.json"])["claims"] == []
    assert [path for path, raw in files.items() if "example-denial" in path or b"example-denial" in raw] == []


# --- how to cite ---------------------------------------------------------------------------------

CSL_TEXTS = frozenset("title publisher container-title language URL note version".split())


def problems_of_csl(items: Any) -> Iterator[str]:
    """What the schema of CSL-JSON forbids, as far as we use it, and what a reference must not lack."""
    if not isinstance(items, list):
        yield "it is no list"
        return
    for item in items:
        yield from _lacks(item, "it", {"id": str, "type": str, "title": str})
        if item.get("type") not in ("webpage", "dataset"):
            yield f"the type {item.get('type')}"
        yield from (f"the property {key}" for key in item.keys() - CSL_TEXTS - {"id", "type", "author", "issued"})
        yield from (f"{key} is no text" for key in item.keys() & CSL_TEXTS if not isinstance(item[key], str))
        for name in item.get("author", []):
            if name.keys() != {"literal"} or not isinstance(name["literal"], str):
                yield "a name that is not literal"
        if "issued" in item:
            parts = item["issued"].get("date-parts", [])
            if len(parts) != 1 or len(parts[0]) != 3 or not _is_day(parts[0]):
                yield "it was issued on no day"


def _is_day(parts: list[Any]) -> bool:
    try:
        date(*parts)
    except (ValueError, TypeError):
        return False
    return True


GOOD_CSL = {
    "id": "x",
    "type": "webpage",
    "title": "T",
    "author": [{"literal": "Example Press"}],
    "issued": {"date-parts": [[2026, 11, 23]]},
    "URL": "https://x.example/",
}


def test_the_rules_of_csl_let_a_good_reference_pass() -> None:
    assert list(problems_of_csl([GOOD_CSL])) == []


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        ("id", ..., "it has no id"),
        ("type", "web page", "the type web page"),
        ("title", "", "it has no title"),
        ("accessed", {"raw": "today"}, "the property accessed"),
        ("URL", 7, "URL is no text"),
        ("author", [{"name": "x"}], "a name that is not literal"),
        ("issued", {"date-parts": [[2026, 11, 31]]}, "it was issued on no day"),
        ("issued", {"date-parts": [["2026", "11", "3"]]}, "it was issued on no day"),
        ("issued", {"raw": "2026"}, "it was issued on no day"),
    ],
)
def test_the_rules_of_csl_bite(path: str, value: Any, problem: str) -> None:
    assert problem in list(problems_of_csl([json.loads(with_change(GOOD_CSL, path, value))]))
    assert list(problems_of_csl(GOOD_CSL)) == ["it is no list"]


def test_each_citation_keeps_the_rules_and_can_be_taken_from_its_page() -> None:
    files = past_build().files
    cited = [path for path in files if path.endswith("/cite.json")]
    assert cited == ["en/claims/example-denial/cite.json", "en/data/cite.json"]
    for path in cited:
        item = read_json(files[path])[0]
        assert list(problems_of_csl(read_json(files[path]))) == []
        page = parsed(files, path.replace("cite.json", "index.html"))
        assert page.css_first('a[href="cite.json"][download]')
        assert item["URL"] == the(page, 'link[rel="canonical"]').attributes["href"]
    claim, data = (read_json(files[path])[0] for path in cited)
    assert claim["issued"] == {"date-parts": [[2026, 11, 26]]}
    assert claim["note"] == "last reviewed 1 December 2026"
    assert (data["type"], data["version"], data["issued"]) == ("dataset", "1.0.0", {"date-parts": [[2026, 11, 23]]})


@pytest.mark.parametrize(
    "path", [CLAIM_PAGE, "en/figures/labelled_drones/index.html", "en/charts/documented/index.html"]
)
def test_a_page_says_how_to_cite_it(path: str) -> None:
    files = small_build().files
    said = plain(the(parsed(files, path), ".cite").text())
    assert said.startswith("Example Press, ")
    assert "23 November 2026" in said
    assert said.endswith(f"{URL}/{path.removesuffix('index.html')}.")


# --- the card in a frame -------------------------------------------------------------------------


def test_a_card_may_run_nothing_and_is_not_found() -> None:
    card = parsed(small_build().files, EMBED)
    policy = the(card, 'meta[http-equiv="Content-Security-Policy"]').attributes["content"] or ""
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy
    assert not card.css("script, iframe, form, [style]")
    assert the(card, 'meta[name="robots"]').attributes["content"] == "noindex"
    assert EMBED.removesuffix("index.html") not in small_build().files["sitemap.xml"].decode()
    for link in card.css("a"):
        assert (link.attributes["target"], link.attributes["rel"]) == ("_top", "noopener")
        assert link.attributes["href"] == "../index.html"


def test_a_card_says_who_said_what_and_what_was_found() -> None:
    card = parsed(small_build().files, EMBED)
    shown = visible(card)
    assert the(card, "blockquote.quote").attributes["lang"] == "zh"
    for words in (
        "these are invented words",
        "Translation: the builder’s tests.",
        "Example Speaker 1, 19 April 2023",
        "Contradicted",
        "at least 37",
        english().words["limit.label_long"],
        "Data to 23 November 2026; last reviewed 23 November 2026.",
    ):
        assert words in shown
    assert [node.text() for node in card.css("data")] == ["at least 37"]


def test_a_card_tells_of_a_changed_verdict() -> None:
    assert "This verdict has changed: It was changed on 26 November 2026." in visible(parsed(past_build().files, EMBED))


def test_a_card_of_reported_speech_quotes_nothing() -> None:
    card = parsed(build_from(reported()).files, EMBED)
    assert not card.css("blockquote, q")
    assert "The claim, in our words: No drones went there." in visible(card)


def row_of(kind: str, original: str = "", language: str = "", words: str = "", translator: str = "") -> Row:
    cells = {"kind": kind, "original": original, "language": language, "english": words, "translator": translator}
    return Row("statements", "x", 1, cells, {}, {})


ZH = row_of("quotation", "话", "zh", "words", "T")


@pytest.mark.parametrize(
    ("row", "code", "ours", "wanted", "nearest"),
    [
        (ZH, "en", "", Speech("话", "zh", "words", "en", "T"), "words"),
        (ZH, "zh-Hans", "", Speech("话", "zh"), "话"),
        (ZH, "uk", "", Speech("话", "zh", "words", "en", "T", in_our_words=True), "话"),
        (ZH, "uk", "слова", Speech("话", "zh", "слова", "uk", "Example check"), "слова"),
        (row_of("quotation", "话", "zh-Hant"), "en", "", Speech("话", "zh-Hant", in_our_words=True), "话"),
        (row_of("quotation", "words", "en"), "en", "", Speech("words", "en"), "words"),
        (row_of("quotation", words="words"), "en", "", Speech("words", "en"), "words"),
        (row_of("quotation", words="words"), "uk", "", Speech("words", "en", in_our_words=True), "words"),
        (row_of("quotation", words="words"), "uk", "с", Speech("words", "en", "с", "uk", "Example check"), "с"),
        (row_of("reported_speech", words="words"), "en", "", Speech("", "", in_our_words=True), ""),
    ],
)
def test_what_a_reader_of_a_language_is_shown_of_a_statement(
    row: Row, code: str, ours: str, wanted: Speech, nearest: str
) -> None:
    words = {"x": {"translation": Text(ours, "", 1, 1, ours)}} if ours else {}
    tongue = Tongue(replace(english(), code=code), english(), words)
    assert speech_of(row, tongue, "Example check") == wanted
    assert wanted.nearest == nearest


def test_the_code_to_put_into_a_page_leads_to_the_card() -> None:
    page = parsed(small_build().files, CLAIM_PAGE)
    code = the(page, ".snippet code").text()
    frame = the(LexborHTMLParser(code), "iframe").attributes
    assert frame["src"] == f"{URL}/{EMBED.removesuffix('index.html')}"
    assert frame["title"] == html.unescape(plain(the(page, "title").text()))
    assert (frame["loading"], frame["width"]) == ("lazy", "100%")
    assert 300 < int(frame["height"] or 0) < 1000


def test_a_title_with_quotation_marks_cannot_leave_its_attribute() -> None:
    files = change(small_site(), CLAIM, "title: An invented report told of", 'title: \'"An" invented & report told of')
    files = change(files, CLAIM, "the invented office denied it\n", "the invented office denied it'\n")
    page = parsed(build_from(files).files, CLAIM_PAGE)
    frame = the(LexborHTMLParser(the(page, ".snippet code").text()), "iframe").attributes
    assert (frame["title"] or "").startswith('"An" invented & report')
    assert frame.keys() == {"src", "title", "width", "height", "loading", "frameborder"}


def plan(sources: Mapping[str, bytes]) -> tuple[Page, ...]:
    """Every page of a site, without its charts."""
    known = study(dict(sources))
    assert known.dataset
    assert known.theme
    drawings: dict[str, dict[str, Drawing]] = {code: {} for code in known.content.languages}
    return plans.plan_pages(
        known.dataset, known.content, known.theme, known.figures, known.verdicts, drawings, known.lineages
    )


def cards_of(sources: Mapping[str, bytes], folder: Path) -> dict[Path, int]:
    """Every claim's card on disk, without drawing a chart, and the height of the frame that its page asks for."""
    known, planned = study(dict(sources)), plan(sources)
    assert known.theme
    files, problems = render_pages(planned, known.theme, known.content, known.figures, {})
    assert not problems
    heights = {page.address: page.values["embed_height"] for page in planned if page.template == "claim.html"}
    kept = {f"{address}embed/index.html": height for address, height in heights.items()}
    for path, raw in {
        **{path: files[path] for path in kept},
        STYLESHEET: render_assets(known.theme)[STYLESHEET],
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(raw)
    return {folder / path: height for path, height in kept.items()}


@pytest.mark.parametrize("name", ["real", "past"])
def test_each_card_fits_into_its_frame(name: str, tmp_path: Path, chromium: str) -> None:
    """Nothing to scroll, from a narrow phone's column to a wide one, without any script."""
    cards = cards_of(read_sources(ROOT) if name == "real" else past_site(), tmp_path)
    assert cards
    found = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        tab = browser.new_context(java_script_enabled=True).new_page()
        for path, height in cards.items():
            tab.set_viewport_size({"width": 300, "height": height})
            tab.goto(path.as_uri())
            for width in (300, 320, 360, 420, 500, 600, 700):
                tab.set_viewport_size({"width": width, "height": height})
                wide, high = tab.evaluate(
                    "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
                )
                if wide > width or high > height:
                    found.append((path.parts[-3], f"needs {wide} × {high} in a frame of {width} × {height}"))
        browser.close()
    report(found)


def test_a_frame_grows_with_the_words() -> None:
    assert embed_height(["x" * 400]) > embed_height(["x" * 200]) > embed_height([])
    assert embed_height(["话" * 100]) == embed_height(["x" * 200])


def test_a_dataset_without_days_covers_nothing() -> None:
    known = study(small_site()).dataset
    assert known
    assert coverage_of(known) == "2022-03-01/2023-08-01"
    assert coverage_of(replace(known, tables={})) == ""
