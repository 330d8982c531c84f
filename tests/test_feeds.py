"""Feeds, sitemap and robots.txt: held to RFC 4287 and to the sitemaps' rules, and to the promise that no date moves by itself."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from small_site import (
    CLAIM,
    METHOD,
    PAST,
    build_from,
    change,
    past_build,
    past_site,
    small_build,
    small_site,
    with_history,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
URL = "https://example.org/check"
FEEDS = ("en/feeds/checks.xml", "en/feeds/corrections.xml", "en/feeds/data.xml")


# --- the rules of a feed -------------------------------------------------------------------------


def problems_of_feed(raw: bytes) -> Iterator[str]:
    """What RFC 4287 forbids, and what we promise beyond it."""
    if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw:
        yield "it has a DOCTYPE"
        return
    feed = ET.fromstring(raw)
    if feed.tag != f"{ATOM}feed":
        yield "it is no feed"
        return
    entries = feed.findall(f"{ATOM}entry")
    yield from _once(feed, "feed")
    links = {link.get("rel"): link.get("href", "") for link in feed.findall(f"{ATOM}link")}
    if links.get("self") != feed.findtext(f"{ATOM}id") or not links.get("alternate"):
        yield "feed: no link to itself, or none to a page"
    for entry in entries:
        yield from _once(entry, "entry")
        if not (entry.find(f"{ATOM}link[@rel='alternate']") is not None or entry.find(f"{ATOM}content") is not None):
            yield "entry: neither alternate link nor content"
        if len(entry.findall(f"{ATOM}summary")) > 1:
            yield "entry: two summaries"
        if feed.find(f"{ATOM}author/{ATOM}name") is None and entry.find(f"{ATOM}author/{ATOM}name") is None:
            yield "entry: no author"
    ids = [found.text or "" for found in feed.iter(f"{ATOM}id")]
    yield from (f"the id {one} is not absolute" for one in ids if not urlsplit(one).scheme)
    yield from (f"the id {one} is used twice" for one in sorted({one for one in ids if ids.count(one) > 1}))
    hrefs = [link.get("href", "") for link in feed.iter(f"{ATOM}link")]
    yield from (f"the link {one} is not absolute" for one in hrefs if not urlsplit(one).netloc)
    newest = max((entry.findtext(f"{ATOM}updated", "") for entry in entries), default="")
    if newest > feed.findtext(f"{ATOM}updated", ""):
        yield "the feed is older than an entry"


def _once(node: ET.Element, name: str) -> Iterator[str]:
    for part in ("id", "title", "updated"):
        if len(node.findall(f"{ATOM}{part}")) != 1:
            yield f"{name}: not one {part}"
    for part in ("updated", "published"):
        for found in node.findall(f"{ATOM}{part}"):
            if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found.text or "") or not _is_time(found.text or ""):
                yield f"{name}: {part} is {found.text}"


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


GOOD = """<feed xmlns="http://www.w3.org/2005/Atom"><id>https://x.example/f</id><title>t</title>
<updated>2026-11-24T00:00:00Z</updated><author><name>n</name></author>
<link rel="self" href="https://x.example/f"/><link rel="alternate" href="https://x.example/"/>
<entry><id>https://x.example/a</id><title>t</title><updated>2026-11-24T00:00:00Z</updated>
<link rel="alternate" href="https://x.example/a"/><summary>s</summary></entry></feed>"""


def test_the_rules_let_a_good_feed_pass() -> None:
    assert list(problems_of_feed(GOOD.encode())) == []


@pytest.mark.parametrize(
    ("find", "put", "problem"),
    [
        ("<feed", "<!DOCTYPE feed><feed", "it has a DOCTYPE"),
        ("<id>https://x.example/f</id>", "", "feed: not one id"),
        ("<title>t</title>\n", "<title>t</title><title>u</title>\n", "feed: not one title"),
        ("<updated>2026-11-24T00:00:00Z</updated><author>", "<author>", "feed: not one updated"),
        ("<updated>2026-11-24T00:00:00Z</updated><author>", "<updated>2026-11-31T00:00:00Z</updated><author>",
         "feed: updated is 2026-11-31T00:00:00Z"),
        ("<updated>2026-11-24T00:00:00Z</updated><author>", "<updated>2026-11-24</updated><author>",
         "feed: updated is 2026-11-24"),
        ("<updated>2026-11-24T00:00:00Z</updated><author>", "<updated>2026-11-23T00:00:00Z</updated><author>",
         "the feed is older than an entry"),
        ("<author><name>n</name></author>", "", "entry: no author"),
        ('<link rel="self" href="https://x.example/f"/>', "", "feed: no link to itself, or none to a page"),
        ('<link rel="alternate" href="https://x.example/a"/>', "", "entry: neither alternate link nor content"),
        ('href="https://x.example/a"', 'href="a/"', "the link a/ is not absolute"),
        ("<id>https://x.example/a</id>", "<id>a</id>", "the id a is not absolute"),
        ("<id>https://x.example/a</id>", "<id>https://x.example/f</id>", "the id https://x.example/f is used twice"),
    ],
)  # fmt: skip
def test_the_rules_of_a_feed_bite(find: str, put: str, problem: str) -> None:
    assert GOOD.count(find) == 1
    assert problem in list(problems_of_feed(GOOD.replace(find, put).encode()))


# --- our feeds -----------------------------------------------------------------------------------


def entries_of(raw: bytes) -> list[tuple[str, str, str]]:
    """Id, day and summary of each entry."""
    found = ET.fromstring(raw).findall(f"{ATOM}entry")
    return [tuple(entry.findtext(f"{ATOM}{part}", "") for part in ("id", "updated", "summary")) for entry in found]  # type: ignore[misc]


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_keeps_the_rules_empty_or_filled(path: str) -> None:
    for made in (small_build(), past_build()):
        assert made.problems == ()
        assert list(problems_of_feed(made.files[path])) == []


def test_ids_are_unique_over_all_feeds() -> None:
    ids = [one for path in FEEDS for one, _, _ in entries_of(past_build().files[path])]
    assert len(ids) == len(set(ids)) == 5


def test_an_empty_feed_is_dated_by_the_dataset() -> None:
    assert ET.fromstring(small_build().files["en/feeds/data.xml"]).findtext(f"{ATOM}updated") == "2026-11-23T00:00:00Z"


def test_each_feed_holds_its_kinds_newest_first() -> None:
    page = f"{URL}/en/corrections/"
    found = {path: [(one, day[:10]) for one, day, _ in entries_of(past_build().files[path])] for path in FEEDS}
    assert found == {
        "en/feeds/checks.xml": [(f"{URL}/en/claims/example-denial/", "2026-11-26")],
        "en/feeds/corrections.xml": [
            (f"{page}#claim-example-denial-2026-11-26-verdict-1", "2026-11-26"),
            (f"{page}#page-method-2026-11-25-correction-1", "2026-11-25"),
            (f"{page}#claim-example-denial-2026-11-24-correction-1", "2026-11-24"),
        ],
        "en/feeds/data.xml": [(f"{page}#claim-example-denial-2026-11-25-data-1", "2026-11-25")],
    }


def test_words_of_any_script_and_of_markup_come_through_a_feed_whole() -> None:
    summaries = [text for path in FEEDS for _, _, text in entries_of(past_build().files[path])]
    assert any('Why: We had not seen "虚构的话" & «вымысел» > 3.' in text for text in summaries)
    assert any("Before: “at least 30 drones” Now: “at least 37 drones”" in text for text in summaries)
    assert any(text.startswith("Contradicted. An invented report told of at least 37 drones") for text in summaries)


def test_markup_in_a_publishers_name_stays_a_name() -> None:
    settings = "site/site.yaml"
    made = build_from(change(past_site(), settings, "publisher: Example Press", "publisher: '<b>Press & \"Sons\"</b>'"))
    for path in FEEDS:
        assert list(problems_of_feed(made.files[path])) == []
        assert ET.fromstring(made.files[path]).findtext(f"{ATOM}author/{ATOM}name") == '<b>Press & "Sons"</b>'


def test_without_a_publisher_the_site_is_the_author() -> None:
    made = build_from(change(past_site(), "site/site.yaml", "publisher: Example Press\n", ""))
    assert ET.fromstring(made.files[FEEDS[0]]).findtext(f"{ATOM}author/{ATOM}name") == "Example check"


def test_every_page_names_the_feeds() -> None:
    links = re.findall(r'<link rel="alternate" type="application/atom\+xml" title="([^"]+)" href="([^"]+)">',
                       past_build().files["en/about/index.html"].decode())  # fmt: skip
    assert links == [
        ("Example check: claims checked", "../feeds/checks.xml"),
        ("Example check: corrections and changed verdicts", "../feeds/corrections.xml"),
        ("Example check: changes of the data", "../feeds/data.xml"),
    ]


def test_a_second_language_has_feeds_of_its_own() -> None:
    files = past_site()
    files["content/uk/words.yaml"] = files["content/en/words.yaml"]
    files.update(dict.fromkeys(("content/uk/figures.yaml", "content/uk/charts.yaml"), b"{}\n"))
    files = change(files, "content/uk/words.yaml", "code: en\n", "code: uk\n")
    files = change(files, "content/uk/words.yaml", '  "change.data": Data changed', '  "change.data": Змінилися дані')
    made = build_from(files)
    assert not made.broken, made.problems
    raw = made.files["uk/feeds/data.xml"]
    assert list(problems_of_feed(raw)) == []
    assert "Змінилися дані: An invented report" in raw.decode()
    ids = [one for path in FEEDS for code in ("en", "uk") for one, _, _ in entries_of(made.files[f"{code}{path[2:]}"])]
    assert len(ids) == len(set(ids)) == 10


def test_without_an_address_there_is_nothing_absolute() -> None:
    made = build_from(change(past_site(), "site/site.yaml", f"url: {URL}\n", ""))
    assert not made.broken
    assert [path for path in made.files if path.endswith((".xml", "robots.txt"))] == []
    assert [path for path, raw in made.files.items() if b"feeds/" in raw] == []


def test_a_withdrawn_claim_without_any_day_is_in_no_feed_and_has_none_in_the_sitemap() -> None:
    files = change(small_site(), CLAIM, "status: published\npublished: 2026-11-23\n", "status: withdrawn\n")
    made = build_from(files)
    assert entries_of(made.files["en/feeds/checks.xml"]) == []
    assert lastmods(made.files)[f"{URL}/en/claims/example-denial/"] == ""


# --- the sitemap ---------------------------------------------------------------------------------


def lastmods(files: Mapping[str, bytes]) -> dict[str, str]:
    """Each address of the sitemap with its day, or without."""
    urls = ET.fromstring(files["sitemap.xml"]).findall(f"{SITEMAP}url")
    return {url.findtext(f"{SITEMAP}loc", ""): url.findtext(f"{SITEMAP}lastmod", "") for url in urls}


def test_the_sitemap_keeps_its_rules() -> None:
    raw = past_build().files["sitemap.xml"]
    root = ET.fromstring(raw)
    assert root.tag == f"{SITEMAP}urlset"
    assert len(raw) < 50_000_000
    assert 0 < len(root) < 50_000
    assert {child.tag for url in root for child in url} == {f"{SITEMAP}loc", f"{SITEMAP}lastmod"}
    locs = [url.findtext(f"{SITEMAP}loc", "") for url in root]
    assert len(locs) == len(set(locs))
    assert all(loc.startswith(f"{URL}/") and len(loc) < 2048 for loc in locs)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", day) for day in lastmods(past_build().files).values() if day)


def test_the_sitemap_has_every_page_that_may_be_found_and_no_other() -> None:
    files = past_build().files
    for path, raw in files.items():
        if path.endswith(".html"):
            address = f"{URL}/{path.removesuffix('index.html')}"
            assert (address in lastmods(files)) is (b'name="robots" content="noindex"' not in raw), path


def test_only_a_day_that_is_earned_is_told() -> None:
    dated = {address.removeprefix(f"{URL}/en/"): day for address, day in lastmods(past_build().files).items() if day}
    assert dated == {
        "claims/example-denial/": "2026-11-26",
        "figures/labelled_drones/": "2026-11-25",
        "method/": "2026-11-25",
        "records/ex-12m/": "2026-11-25",
    }


def test_robots_txt_names_the_sitemap() -> None:
    assert past_build().files["robots.txt"].decode().splitlines()[-1] == f"Sitemap: {URL}/sitemap.xml"


def test_an_address_in_a_feed_that_leads_nowhere_stops_the_build() -> None:
    files = change(past_site(), "site/templates/feed.xml", 'href="{{ address }}"', 'href="{{ address }}x"')
    assert {found.code for found in build_from(files).problems} == {"S001", "S002"}


# --- dates ---------------------------------------------------------------------------------------


def dates_of(files: Mapping[str, bytes]) -> dict[str, object]:
    """Every date that a machine is told."""
    stamps = {path: re.findall(r"<(?:updated|published)>([^<]+)<", files[path].decode()) for path in FEEDS}
    pages = {
        path: re.findall(rb'article:\w+_time" content="([^"]*)"', raw)
        for path, raw in files.items()
        if raw[:2] == b"<!"
    }
    return {
        **stamps,
        **{path: found for path, found in pages.items() if found},
        "sitemap": set(lastmods(files).items()),
    }


@pytest.mark.parametrize(
    ("path", "find", "put"),
    [
        ("site/styles/base.css", "--gap: 1.5rem;", "--gap: 2rem;"),
        ("site/templates/standing.html", '<div class="prose"', '<div class="prose wide"'),
        (CLAIM, "for what reason it did. A reader", "for which reason it did. A reader"),
        (CLAIM, "tags: [drones]", "tags: [drones, words]"),
        ("content/en/pages/about.md", "An invented page, so", "An invented page: so"),
        ("data/sources.csv", "An invented copy", "An invented copy, of 3 July"),
        ("data/ledger.csv", "ex-entry,figure,kept,shipments/ex-group,\n", "ex-entry,figure,kept,shipments/ex-group,\nex-b,event,left_out,,Twice.\n"),
    ],
)  # fmt: skip
def test_no_date_moves_without_an_entry(path: str, find: str, put: str) -> None:
    put = f'"{put}"' if path == "data/sources.csv" else put
    made = build_from(change(past_site(), path, find, put))
    assert not made.broken, made.problems
    assert dict(made.files) != dict(past_build().files)
    assert dates_of(made.files) == dates_of(past_build().files)


def test_a_new_row_without_effect_moves_no_date_of_another_page() -> None:
    row = "ex-new,mirror,Example Copier,,,2024,https://example.com/new,,,en,primary,,ex-report,,,,\n"
    files = past_site()
    files["data/sources.csv"] += row.encode()
    now, then = (dates_of(made.files) for made in (build_from(files), past_build()))
    assert now.pop("sitemap") - then["sitemap"] == {(f"{URL}/en/sources/ex-new/", "")}  # type: ignore[operator]
    assert now == {key: value for key, value in then.items() if key != "sitemap"}


def test_an_entry_moves_the_dates_of_its_page_and_of_what_it_names() -> None:
    files = with_history(small_site(), PAST)
    more = (
        "  - {date: 2026-11-28, kind: data, before: about, now: at least, why: Counted., figures: [labelled_value]}\n"
    )
    now = lastmods(build_from(change(files, CLAIM, PAST, PAST + more)).files)
    then = lastmods(build_from(files).files)
    assert {address.removeprefix(f"{URL}/en/"): day for address, day in now.items() if day != then[address]} == {
        "claims/example-denial/": "2026-11-28",
        "figures/labelled_value/": "2026-11-28",
    }


def test_an_entry_of_a_page_moves_that_page() -> None:
    files = change(small_site(), METHOD, "---\ntitle:", "---\npublished: 2026-11-23\ntitle:")
    assert lastmods(build_from(files).files)[f"{URL}/en/method/"] == "2026-11-23"
