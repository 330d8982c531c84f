"""The history of a page: frozen words, shown on the page, on what moved and in the log; and the one day that it earns."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from selectolax.lexbor import LexborHTMLParser
from small_site import (
    CHANGED,
    CLAIM,
    CLAIM_PAGE,
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

from builder.content import read_content

METHOD_PAGE = "en/method/index.html"
LOG = "en/corrections/index.html"
FIGURE = "en/figures/labelled_drones/index.html"
TOTAL = "en/records/ex-12m/index.html"
DATA = "claim-example-denial-2026-11-25-data-1"
CORRECTION = "claim-example-denial-2026-11-24-correction-1"
VERDICT = "claim-example-denial-2026-11-26-verdict-1"
OF_METHOD = "page-method-2026-11-25-correction-1"


def shown(path: str, files: dict[str, bytes] | None = None) -> list[str]:
    """The anchors of the entries on a page, in its order."""
    page = LexborHTMLParser((files or past_build().files)[path].decode())
    return [node.attributes["id"] or "" for node in page.css(".history > .entry[id]")]


def codes(files: dict[str, bytes]) -> list[str]:
    return sorted(found.code for found in build_from(files).problems)


def entry(**fields: str) -> str:
    given = {"date": "2026-11-24", "kind": "data", "before": "Some.", "now": "More.", "why": "Counted."} | fields
    return "  - {" + ", ".join(f"{key}: {value}" for key, value in given.items()) + "}\n"


# --- what is shown -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "anchors"),
    [
        (CLAIM_PAGE, [VERDICT, DATA, CORRECTION]),
        (METHOD_PAGE, [OF_METHOD]),
        (LOG, [VERDICT, OF_METHOD, DATA, CORRECTION]),
        (FIGURE, [DATA]),
        (TOTAL, [DATA]),
        ("en/figures/labelled_value/index.html", []),
        ("en/about/index.html", []),
        ("en/index.html", []),
    ],
)
def test_each_page_shows_its_entries_newest_first(path: str, anchors: list[str]) -> None:
    assert shown(path) == anchors


def test_the_log_tells_the_kinds_apart_by_word_and_leads_to_the_page() -> None:
    page = LexborHTMLParser(past_build().files[LOG].decode())
    heads = {node.attributes["id"]: node.css_first(".entry-head") for node in page.css(".entry")}
    assert [head.css_first(".entry-kind").text() for head in heads.values()] == [
        "Verdict changed", "Correction", "Data changed", "Correction",
    ]  # fmt: skip
    assert heads[OF_METHOD].css_first("a").attributes["href"] == "../method/index.html"
    assert heads[DATA].css_first("a").attributes["href"] == "../claims/example-denial/index.html"


def test_a_figure_says_which_claim_moved_with_it() -> None:
    node = LexborHTMLParser(past_build().files[FIGURE].decode()).css_first(f"#{DATA}")
    assert node.css_first(".entry-head a").attributes["href"] == "../../claims/example-denial/index.html"
    assert [q.text() for q in node.css("q")] == ["at least 30 drones", "at least 37 drones"]


def test_the_words_of_an_entry_are_frozen_even_where_they_name_a_figure_that_is_gone() -> None:
    assert "no_longer_there" in past_site()[CLAIM].decode()
    assert past_build().problems == ()
    assert "no_longer_there" not in past_build().files[CLAIM_PAGE].decode()


def test_a_page_without_entries_has_no_history_and_a_claim_its_publication() -> None:
    assert "part-history" not in small_build().files[METHOD_PAGE].decode()
    page = LexborHTMLParser(small_build().files[CLAIM_PAGE].decode())
    assert [node.text(strip=True) for node in page.css(".history > .entry")] == ["Published23 November 2026"]


def test_the_home_page_shows_its_own_history() -> None:
    text = f"---\nhistory:\n{entry()}title:"
    made = build_from(change(small_site(), "content/en/pages/index.md", "---\ntitle:", text))
    assert shown("en/index.html", dict(made.files)) == ["page-index-2026-11-24-data-1"]
    link = LexborHTMLParser(made.files[LOG].decode()).css_first(".entry-head a")
    assert link.attributes["href"] == "../index.html"


def test_entries_of_one_day_and_kind_have_anchors_of_their_own() -> None:
    files = with_history(
        small_site(), "history:\n" + entry(now="One.") + entry(now="Another.") + entry(kind="correction")
    )
    stem = "claim-example-denial-2026-11-24"
    assert shown(CLAIM_PAGE, dict(build_from(files).files)) == [
        f"{stem}-correction-1",
        f"{stem}-data-2",
        f"{stem}-data-1",
    ]


def test_a_draft_tells_nothing_of_its_history() -> None:
    files = change(
        with_history(small_site(), "history:\n" + entry(figures="[labelled_value]")),
        CLAIM,
        "status: published",
        "status: draft",
    )
    files["content/en/claims/other.md"] = small_site()[CLAIM]
    made = build_from(files)
    assert not made.broken, made.problems
    assert shown(LOG, dict(made.files)) == []
    assert shown("en/figures/labelled_value/index.html", dict(made.files)) == []


def test_the_banner_tells_the_newest_verdict_whatever_the_order() -> None:
    older = entry(date="2026-11-24", kind="verdict", before="Older.", now="Newer.")
    newer = entry(date="2026-11-25", kind="verdict", before="Newer.", now="Newest.")
    for entries in (older + newer, newer + older):
        made = build_from(with_history(small_site(), "history:\n" + entries))
        banner = LexborHTMLParser(made.files[CLAIM_PAGE].decode()).css_first(".changed")
        assert [q.text() for q in banner.css("q")] == ["Newer.", "Newest."]
        assert banner.css_first("time").attributes["datetime"] == "2026-11-25"
        assert banner.css_first("a") is None  # there is no frozen page


def test_a_claim_whose_verdict_stands_has_no_banner() -> None:
    made = build_from(with_history(small_site(), "history:\n" + entry() + entry(kind="correction")))
    assert LexborHTMLParser(made.files[CLAIM_PAGE].decode()).css_first(".changed") is None


# --- the day that is earned ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("published", "dates", "day"),
    [
        ("", (), ""),
        ("2026-11-23", (), "2026-11-23"),
        ("2026-11-23", ("2026-12-01", "2026-11-25"), "2026-12-01"),
        ("", ("2026-11-25",), "2026-11-25"),
    ],
)
def test_the_meaning_of_a_page_last_moved_with_its_publication_or_an_entry(
    published: str, dates: tuple[str, ...], day: str
) -> None:
    content, _ = read_content(past_site())
    claim, page = content.claims["en"]["example-denial"], content.pages["en"]["method"]
    for front in (claim.front, page.front):
        history = tuple(replace(claim.front.history[0], date=date) for date in dates)
        assert replace(front, published=published, history=history).changed == day


def test_a_claim_tells_people_and_machines_when_it_last_changed() -> None:
    page = past_build().files[CLAIM_PAGE].decode()
    assert f'last changed <time datetime="{CHANGED}">26 November 2026</time>' in page
    assert '<meta property="article:published_time" content="2026-11-23">' in page
    assert f'<meta property="article:modified_time" content="{CHANGED}">' in page
    assert "article:" not in past_build().files[METHOD_PAGE].decode()


# --- what may be wrong ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        ({}, []),
        ({"date": '""'}, ["C028"]),
        ({"date": "2026-11-23"}, []),
        ({"date": "2026-11-22"}, ["C031"]),
        ({"date": "soon"}, ["C009"]),
        ({"before": '""'}, ["C028"]),
        ({"now": '" "'}, ["C028"]),
        ({"why": '""', "now": '""'}, ["C028", "C028"]),
        ({"now": "Some."}, []),
        ({"kind": "correction", "now": "Some."}, ["C029"]),
        ({"kind": "verdict", "now": "Some."}, ["C029"]),
        ({"kind": "verdict", "date": "2026-12-01"}, []),
        ({"kind": "verdict", "date": "2026-12-02"}, ["C032"]),
        ({"kind": "data", "date": "2026-12-02"}, []),
        ({"kind": "other"}, ["C005"]),
        ({"figures": "[labelled_drones]"}, []),
        ({"figures": "[ex-12m, ex-line, ex-order, ex-denial]"}, []),
        ({"figures": "[ex-report]"}, ["C030"]),
        ({"figures": "[nothing]"}, ["C030"]),
        ({"before": "99 drones", "now": "'<100 drones'"}, []),
    ],
)  # fmt: skip
def test_an_entry_of_a_claim_is_checked(fields: dict[str, str], problems: list[str]) -> None:
    assert codes(with_history(small_site(), "history:\n" + entry(**fields))) == problems


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        ({}, []),
        ({"date": "2026-11-19"}, ["C031"]),
        ({"why": '""'}, ["C028"]),
        ({"kind": "correction", "now": "Some."}, ["C029"]),
        ({"figures": "[nothing]"}, ["C030"]),
    ],
)
def test_an_entry_of_a_page_is_checked_alike(fields: dict[str, str], problems: list[str]) -> None:
    text = f"---\npublished: 2026-11-20\nhistory:\n{entry(**fields)}title:"
    assert codes(change(small_site(), METHOD, "---\ntitle:", text)) == problems


def test_the_order_of_entries_is_free() -> None:
    assert codes(with_history(small_site(), "history:\n" + entry(date="2026-11-30") + entry(date="2026-11-24"))) == []


def test_a_claim_is_published_before_it_changes_only_once_it_is_published() -> None:
    files = with_history(small_site(), "history:\n" + entry(date="2026-11-01"))
    assert codes(change(files, CLAIM, "status: published\npublished: 2026-11-23\n", "status: withdrawn\n")) == []


def test_numbers_of_an_entry_are_never_held_to_the_data() -> None:
    entries = re.sub("at least 37 drones", "at least 36 drones and 5 more", PAST)
    assert codes(with_history(small_site(), entries)) == []
