"""Who sees a claim: of what is not public no word is in any file, in no language; an embargo ends at its instant."""

from __future__ import annotations

import json
import re
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

import pytest
from small_site import CLAIM, SECOND, bilingual, change, small_build, small_site

from builder.build import Build, build
from builder.diff import diff
from builder.instants import parse_instant
from builder.owed import check_owed
from builder.study import study

if TYPE_CHECKING:
    from collections.abc import Mapping

HIDDEN = "content/en/claims/qzname-hidden.md"
EMBARGO = "embargo: 2026-12-01T09:00+01:00\n"
BEFORE, ON_TIME, AFTER = "2026-12-01T07:59:59Z", "2026-12-01T09:00+01:00", "2027-01-01T00:00Z"
WORDS = (
    *("qzname", "qztitle", "qzsays", "qzsummary", "qzneeds", "qzshows", "qzjudgement", "qzreason", "qzright", "qzthen"),
    *("qzlater", "qzcannot", "qzwould", "qzanswer", "qztag", "qzbody", "qzheading", "qzbefore", "qznow", "qzwhy"),
)
"""One in each field of the hidden claim, and in the name of its file."""
LOOKED_FOR = re.compile("|".join(WORDS))


WITH_THE_SCALE = {"en/ratings/index.html", "en/search/index.html"}
"""Pages that name every rating, whatever the claims say."""


def instant(text: str) -> datetime:
    found = parse_instant(text)
    assert found is not None
    return found


def hidden_claim(status: str) -> bytes:
    """The claim of the small site with a word of its own in each field."""
    text = small_site()[CLAIM].decode()
    for find, put in (
        ("title: An", "title: Qztitle, an"),
        ("says: No", "says: Qzsays no"),
        ("  An invented report told", "  Qzsummary: an invented report told"),
        ("needs: That", "needs: Qzneeds that"),
        ('shows: "Declared', 'shows: "Qzshows declared'),
        ("judgement: The", "judgement: Qzjudgement the"),
        ("reason: It", "reason: Qzreason it"),
        ("right: >-\n", "right: >-\n  Qzright.\n"),
        ("cannot_show:\n", "then: Qzthen.\nlater: Qzlater.\ncannot_show:\n  - Qzcannot.\n"),
        ("would_change:\n", "would_change:\n  - Qzwould.\n"),
        ("reply: {sought: no}", "reply: {sought: yes, when: 2026-11-20, answer: Qzanswer.}"),
        ("tags: [drones]", "tags: [drones, qztag]"),
        ("## What was said\n", "## What qzheading said\n\nQzbody.\n"),
        ("status: published\npublished: 2026-11-23\n", f"status: {status}\npublished: 2026-12-01\n{EMBARGO}"),
        (
            "reviewed: 2026-11-23\n",
            "reviewed: 2026-12-02\nhistory:\n"
            "  - {date: 2026-12-02, kind: correction, before: Qzbefore., now: Qznow., why: Qzwhy., figures: [labelled_drones]}\n",
        ),
    ):
        assert text.count(find) == 1, find
        text = text.replace(find, put)
    return text.encode()


@cache
def with_hidden(status: str, languages: int = 2) -> Mapping[str, bytes]:
    """The small site with such a claim, in both languages or in one."""
    files = {**small_site(), HIDDEN: hidden_claim(status)}
    return bilingual(files) if languages == 2 else files


@cache
def built(status: str, at: str = "", languages: int = 2) -> Build:
    return build(with_hidden(status, languages), small_build().memory, at=instant(at) if at else None)


def told_in(files: Mapping[str, bytes]) -> dict[str, set[str]]:
    """Which of the words stand in which file: in its bytes or in its path."""
    found = {path: set(LOOKED_FOR.findall(path + raw.decode("utf-8", "ignore").lower())) for path, raw in files.items()}
    return {path: words for path, words in found.items() if words}


# --- nothing is told ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "at"),
    [
        ("draft", ""),
        ("draft", AFTER),
        ("in_review", ""),
        ("in_review", AFTER),
        ("embargoed", ""),
        ("embargoed", BEFORE),
    ],
)
def test_no_word_of_a_claim_that_is_not_public_is_in_any_file(status: str, at: str) -> None:
    made = built(status, at)
    assert not made.broken, [found.message for found in made.problems if found.severity == "error"]
    assert told_in(made.files) == {}


@pytest.mark.parametrize("status", ["draft", "in_review", "embargoed"])
def test_the_files_are_those_of_a_site_without_the_claim(status: str) -> None:
    """Pictures have no words to look for, so they are counted by name, and compared; so is everything else."""
    without = build(bilingual(small_site()), small_build().memory)
    made = built(status)
    assert list(made.files) == list(without.files)
    assert [path for path in made.files if made.files[path] != without.files[path]] == []


def test_the_words_would_be_found_if_they_were_there() -> None:
    """Or the test above would prove nothing: published, every word is somewhere, in both languages."""
    found = told_in(built("embargoed", AFTER).files)
    assert set.union(*found.values()) == set(WORDS)
    for code in ("en", SECOND):
        folder = f"{code}/claims/qzname-hidden/"
        assert {path for path in found if path.startswith(folder)} >= {f"{folder}index.html", f"{folder}card.png"}
    named = (
        *(
            "sitemap.xml",
            "manifest.json",
            "en/claims.json",
            "en/search/index.js",
            "en/feeds/checks.xml",
            "en/claims/index.html",
        ),
        "en/figures/labelled_drones/index.html",
    )
    assert [path for path in named if path not in found] == []
    assert (
        f"content/{SECOND}/claims/qzname-hidden.md"
        in json.loads(built("embargoed", AFTER).files["manifest.json"])["inputs"]
    )


# --- an embargo ends ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "at", "public"),
    [
        ("embargoed", "", False),
        ("embargoed", BEFORE, False),
        ("embargoed", ON_TIME, True),
        ("embargoed", "2026-12-01T08:00Z", True),
        ("embargoed", "2026-12-01T08:30+01:00", False),
        ("embargoed", "2026-11-30T23:00-09:00", True),
        ("embargoed", AFTER, True),
        ("draft", AFTER, False),
        ("in_review", AFTER, False),
        ("withdrawn", "", True),
    ],
)
def test_an_embargo_ends_at_its_instant_in_every_zone(status: str, at: str, public: bool) -> None:
    known = study(with_hidden(status, 1), at=instant(at) if at else None)
    assert known.content.claims["en"]["qzname-hidden"].front.public is public
    assert known.content.claims["en"]["example-denial"].front.status == "published"


def test_after_its_embargo_a_claim_is_exactly_as_published() -> None:
    published = with_hidden("embargoed", 1)[HIDDEN].decode().replace(EMBARGO, "").replace("embargoed", "published")
    after = built("embargoed", AFTER, 1)
    by_hand = build({**with_hidden("embargoed", 1), HIDDEN: published.encode()}, small_build().memory)
    differ = [path for path in by_hand.files if after.files.get(path) != by_hand.files[path]]
    assert after.files.keys() == by_hand.files.keys()
    assert differ == ["manifest.json"]  # which names the instant, and the hash of the claim's file


def test_a_public_page_leads_to_an_embargoed_one_only_when_it_has_ended() -> None:
    files = change(with_hidden("embargoed", 1), CLAIM, "- Who used", "- See [the other](claim:qzname-hidden). Who used")  # type: ignore[arg-type]
    assert [found.code for found in study(files).problems if found.severity == "error"] == ["B002"]
    assert not study(files, at=instant(AFTER)).broken


@pytest.mark.parametrize(
    ("mine", "other", "wrong"),
    [
        ("embargoed\nembargo: 2026-12-01T09:00+01:00", "embargoed\nembargo: 2026-12-01T08:00Z", False),
        ("embargoed\nembargo: 2026-12-01T09:00+01:00", "embargoed\nembargo: 2026-11-30T09:00Z", False),
        ("embargoed\nembargo: 2026-12-01T09:00+01:00", "embargoed\nembargo: 2026-12-01T08:00:01Z", True),
        ("embargoed\nembargo: 2026-12-01T09:00+01:00", "draft", True),
        ("embargoed\nembargo: 2026-12-01T09:00+01:00", "published", False),
        ("published", "embargoed\nembargo: 2026-12-01T08:00Z", True),
        ("draft", "embargoed\nembargo: 2026-12-01T08:00Z", False),
        ("in_review", "draft", False),
    ],
)
def test_a_link_that_will_lead_nowhere_when_an_embargo_ends_is_told_before(mine: str, other: str, wrong: bool) -> None:
    """Then nobody may be there to mend it."""
    text = small_site()[CLAIM].decode().replace("published: 2026-11-23", "published: 2026-12-01")
    files = {
        **small_site(),
        "content/en/claims/ex-mine.md": text.replace("status: published", f"status: {mine}")
        .replace("- Who used", "- See [the other](claim:ex-other). Who used").encode(),
        "content/en/claims/ex-other.md": text.replace("status: published", f"status: {other}").encode(),
    }  # fmt: skip
    found = [(each.code, each.location.path) for each in study(files).problems if each.severity == "error"]
    assert found == ([("B002", "content/en/claims/ex-mine.md")] if wrong else [])


def test_the_instant_is_an_input() -> None:
    """The memory of one instant is not taken for another's, and the manifest names it where it was given."""
    memory = {**built("embargoed").memory, **small_build().memory}
    lifted = build(with_hidden("embargoed"), memory, at=instant(AFTER))
    assert lifted.files == built("embargoed", AFTER).files
    assert json.loads(lifted.files["manifest.json"])["at"] == "2027-01-01T00:00:00Z"
    assert "at" not in json.loads(built("embargoed").files["manifest.json"])


def test_the_end_of_an_embargo_owes_nothing() -> None:
    before, after = (study(with_hidden("embargoed", 1), at=instant(at)) for at in (BEFORE, AFTER))
    assert check_owed(before, after, diff(before, after, None, None), None, None) == ()


# --- what was withdrawn -----------------------------------------------------------------------


def test_a_withdrawn_claim_keeps_its_address_and_shows_no_verdict_as_standing() -> None:
    made = build(change(small_site(), CLAIM, "status: published", "status: withdrawn"), small_build().memory)
    page = made.files["en/claims/example-denial/index.html"].decode()
    assert "This check has been withdrawn." in page
    assert "en/claims/example-denial/" in made.files["sitemap.xml"].decode()
    pages = {path for path in made.files if path.endswith((".html", ".xml"))} - WITH_THE_SCALE
    named = re.compile(r"contradicted|claimreview", re.IGNORECASE)
    assert [path for path in sorted(pages) if named.search(made.files[path].decode())] == []
    assert '"rating"' not in made.files["en/search/index.js"].decode().partition("example-denial")[2].partition("}")[0]


def test_a_verdict_that_stands_is_found_by_the_same_search() -> None:
    text = small_build().files["en/claims/example-denial/index.html"].decode()
    assert "ClaimReview" in text
    assert "Contradicted" in text
    assert '"rating":"contradicted"' in small_build().files["en/search/index.js"].decode()
