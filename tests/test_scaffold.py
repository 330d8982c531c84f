"""What `declared new` asks and writes: it can stand at once as a draft, adds to a file and changes no other byte of it, invents nothing."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from small_site import CLAIM, SECOND, bilingual, change, small_build, small_site

from builder import disk, documents, scaffold
from builder.build import build, build_study
from builder.questions import OF_STATEMENT, QUESTIONS
from builder.study import Study, study

if TYPE_CHECKING:
    from collections.abc import Mapping

CLAIM_ANSWERS = {"title": "An invented finding", "says": "No drones went there.", "statement": "ex-denial"}
STATEMENT_ANSWERS = {
    "date": "2023-06-01", "precision": "day", "speaker": "Example, Speaker 3", "office": "Head of an invented firm",
    "side": "company", "about": "drones", "denial": "yes", "occasion": 'Invented "interview"', "kind": "quotation",
    "original": "这也是虚构的话", "language": "zh", "english": "these too are invented words", "gist": "It denies it.",
    "sources": "ex-other, ex-statement", "confidence": "secondary_report",
}  # fmt: skip
SOURCE_ANSWERS = {
    "kind": "mirror",
    "publisher": "Example Mirror, Inc.",
    "seen": "primary",
    "url": "https://example.org/m",
}
FIGURE_ANSWERS = {
    "measure": "sum", "of": "shipments", "column": "units", "unit": "drone", "where": "category=drone; label=war_use",
    "label": "Drones, invented", "about": "It counts: what was invented.",
}  # fmt: skip


@cache
def known() -> Study:
    return study(small_site())


def answer(kind: str, name: str, told: Mapping[str, str], ground: Study | None = None) -> dict[str, str]:
    """The answers as the command takes them: each question in turn, and each answer held to what may stand."""
    ground, left, answers = ground or known(), dict(scaffold.imply(told)), {}
    while question := scaffold.next_question(kind, ground, name, answers):
        text = left.pop(question.name, "")
        fault = scaffold.find_fault(kind, ground, name, answers, question, text)
        assert not fault, f"{question.name}: {fault}"
        answers[question.name] = text
    assert left.keys() <= {"add"}
    return answers


def make(kind: str, name: str, told: Mapping[str, str], ground: Study | None = None) -> Mapping[str, bytes]:
    ground = ground or known()
    made = scaffold.make(kind, ground, name, answer(kind, name, told, ground))
    assert scaffold.find_breaches(ground, made) == []
    return made.files


def problems_of(files: Mapping[str, bytes], severity: str) -> set[tuple[str, str]]:
    return {(found.code, found.message) for found in study(files).problems if found.severity == severity}


# --- what is written -----------------------------------------------------------------------------


def test_a_new_claim_is_a_draft_with_nothing_wrong() -> None:
    files = {**small_site(), **make("claim", "example-new", CLAIM_ANSWERS)}
    after = study(files)
    assert after.problems == ()
    claim = after.content.claims["en"]["example-new"]
    assert claim.front.status == "draft"
    assert (claim.front.rating, claim.front.reviewed, claim.front.published) == ("not_decided", "", "")
    assert claim.front.sources == ("ex-statement",)
    assert not build(files).broken


def test_a_new_claim_can_be_shown_as_a_page() -> None:
    """Whoever writes it looks at it before anybody has reviewed it."""
    ground = study({**small_site(), **make("claim", "example-new", CLAIM_ANSWERS)})
    claim = ground.content.claims["en"]["example-new"]
    seen = replace(claim, front=replace(claim.front, status="published"))
    content = replace(ground.content, claims={"en": {**ground.content.claims["en"], "example-new": seen}})
    made = build_study(replace(ground, content=content), small_build().memory)
    assert not made.broken, made.problems
    page = made.files["en/claims/example-new/index.html"].decode()
    assert "An invented finding" in page
    assert "last reviewed" not in page


def test_what_is_not_answered_is_plainly_to_be_replaced() -> None:
    """Published as it is, each text that nobody wrote is named, and so is all else that is missing."""
    text = make("claim", "example-new", CLAIM_ANSWERS)["content/en/claims/example-new.md"].decode()
    claim = study({**small_site(), "content/en/claims/example-new.md": text.encode()}).content.claims["en"][
        "example-new"
    ]
    mine = {"title", "claim.says"}
    assert {role for role, passage in claim.passages.items() if "TODO" in passage.plain} == claim.passages.keys() - mine
    published = text.replace("status: draft", "status: published")
    found = study({**small_site(), "content/en/claims/example-new.md": published.encode()}).problems
    waiting = {each.message.split('"')[1] for each in found if each.code == "C057"}
    assert waiting == claim.passages.keys() - mine
    assert {each.code for each in found} == {"C057", "C014", "C016", "C004"}


def test_each_field_of_a_claim_that_must_be_there_is_taught_beside_it() -> None:
    text = make("claim", "example-new", CLAIM_ANSWERS)["content/en/claims/example-new.md"].decode()
    for word in ("premise", "judgement", "expect", "sought: yes", "embargo:", "data/sources.csv", "site/site.yaml"):
        assert word in text, word
    assert max(map(len, text.split("\n"))) <= 200


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
@pytest.mark.parametrize("whole", [True, False])
def test_a_row_is_added_and_every_other_byte_is_kept(ending: bytes, whole: bool) -> None:
    raw = small_site()["data/statements.csv"].replace(b"\n", ending)
    raw = raw if whole else raw.removesuffix(ending)
    ground = study({**small_site(), "data/statements.csv": raw})
    files = make("claim", "example-new", CLAIM_ANSWERS | {"statement": "ex-new"} | STATEMENT_ANSWERS, ground)
    made = files["data/statements.csv"]
    assert made.startswith(raw)
    assert made.endswith(ending)
    assert made.count(b"\n") == made.count(ending) == small_site()["data/statements.csv"].count(b"\n") + 1
    header, *_, row = csv.reader(io.StringIO(made.decode()))
    cells = dict(zip(header, row, strict=True))
    assert {key: value for key, value in cells.items() if value} == STATEMENT_ANSWERS | {
        "id": "ex-new", "sources": "ex-other;ex-statement"
    }  # fmt: skip
    assert study({**small_site(), **files}).content.claims["en"]["example-new"].front.sources == (
        "ex-other",
        "ex-statement",
    )


def test_a_source_is_added_and_what_nobody_answered_stays_empty() -> None:
    raw = small_site()["data/sources.csv"]
    (path, made), *more = make("source", "ex-new", SOURCE_ANSWERS).items()
    assert (path, more) == ("data/sources.csv", [])
    assert made == raw + b'ex-new,mirror,"Example Mirror, Inc.",,,,https://example.org/m,,,,primary,,,,,,\n'


def test_a_figure_is_added_with_its_label_and_may_be_unused() -> None:
    files = make("figure", "new_figure", FIGURE_ANSWERS)
    entry, words = files["data/figures.yaml"], files["content/en/figures.yaml"]
    assert entry.startswith(small_site()["data/figures.yaml"])
    assert words.startswith(small_site()["content/en/figures.yaml"])
    assert yaml.safe_load(entry)["new_figure"] == {
        "sum": "units", "of": "shipments", "where": {"category": "drone", "label": "war_use"}, "unit": "drone",
        "intended": "It is new, and no page uses it yet.",
    }  # fmt: skip
    assert yaml.safe_load(words)["new_figure"] == {key: FIGURE_ANSWERS[key] for key in ("label", "about")}
    after = study({**small_site(), **files})
    assert after.problems == ()
    assert after.figures["new_figure"].interval == after.figures["labelled_drones"].interval


@pytest.mark.parametrize(
    ("told", "entry"),
    [
        (
            {"measure": "ratio", "parts": "documented_labelled_drones, labelled_drones", "unit": "%"},
            {"ratio": ["documented_labelled_drones", "labelled_drones"], "unit": "%"},
        ),
        (
            {"measure": "first", "of": "shipments", "column": "date_from", "where": "category=drone;record=declaration"},
            {"first": "date_from", "of": "shipments", "where": {"category": "drone", "record": "declaration"}},
        ),
        (
            {"measure": "value", "of": "totals", "column": "value", "unit": "USD", "where": "id=ex-12m"},
            {"value": "value", "of": "totals", "where": {"id": "ex-12m"}, "unit": "USD"},
        ),
        (
            {
                "measure": "count", "of": "shipments", "column": "id", "unit": "shipment",
                "where": "category=drone|computer", "between": "2022-12-01..2023-04-30",
            },
            {
                "count": "id", "of": "shipments", "where": {"category": ["drone", "computer"]},
                "between": "2022-12-01..2023-04-30", "unit": "shipment",
            },
        ),
    ],
    ids=["ratio", "day", "total", "several values"],
)  # fmt: skip
def test_each_kind_of_figure_is_written_as_it_was_answered(told: dict[str, str], entry: dict[str, Any]) -> None:
    files = make("figure", "new_figure", told | {"label": "A label", "about": "What it counts."})
    made = yaml.load(files["data/figures.yaml"], Loader=yaml.BaseLoader)["new_figure"]
    assert made.pop("intended")
    assert made == entry


def test_a_language_waits_for_its_words_and_passes() -> None:
    files = {**small_site(), **make("language", "fr", {})}
    assert problems_of(files, "error") == set()
    told = [message for _, message in problems_of(files, "warning")]
    for what in (
        "the words tagline, skip",
        "the values ",
        "the claims example-denial",
        "the figures ",
        "the charts ",
        "the pages ",
    ):
        assert [message for message in told if message.startswith(f"Not translated into Français: {what}")], what
    made = yaml.safe_load(files["content/fr/words.yaml"])
    assert {key: made[key] for key in ("code", "name", "direction", "locale")} == {
        "code": "fr", "name": "Français", "direction": "ltr", "locale": "fr"
    }  # fmt: skip
    built = build(files)
    assert "fr/index.html" in built.files


def test_every_word_of_the_first_language_waits_in_the_new_one() -> None:
    """Take the comment marks and the brackets away, and it is the first language's file, but for its head."""
    text = make("language", "fr", {})["content/fr/words.yaml"].decode()
    text = re.sub(r"^(numbers|scales|units|words|values|columns): \{\}$", r"\1:", text, flags=re.MULTILINE)
    text = re.sub(r"^names: \[\]$", "names:", text, flags=re.MULTILINE)
    back = yaml.safe_load(re.sub(r"^  # ", "  ", text, flags=re.MULTILINE))
    original = yaml.safe_load(small_site()["content/en/words.yaml"])
    head = ("code", "name", "direction", "locale")
    assert {key: value for key, value in back.items() if key not in head} == {
        key: value for key, value in original.items() if key not in head
    }


@pytest.mark.parametrize(
    ("code", "told", "head"),
    [
        ("ar", {}, ("ar", "العربية", "rtl")),
        ("zh-Hant", {}, ("zh_Hant", "中文 (繁體)", "ltr")),
        ("no", {}, ("no", "Norsk", "ltr")),
        ("qya", {"name": "Quenya", "locale": "fi", "direction": "ltr"}, ("fi", "Quenya", "ltr")),
    ],
)
def test_what_is_known_of_a_language_is_not_asked(code: str, told: dict[str, str], head: tuple[str, str, str]) -> None:
    made = yaml.load(make("language", code, told)[f"content/{code}/words.yaml"], Loader=yaml.BaseLoader)
    assert (made["locale"], made["name"], made["direction"]) == head
    assert made["code"] == code


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.text(st.characters(exclude_categories=("C", "Z"), include_characters=" "), min_size=1)
    .map(str.strip)
    .filter(bool)
)
def test_whatever_is_answered_is_read_back(text: str) -> None:
    for line in (f"title: {scaffold.format_scalar(text)}  # a comment\n", f"title: {scaffold.format_scalar(text)}\n"):
        tree, problems = documents.read_yaml_text("x", line)
        assert problems == []
        assert documents.plain(tree) == {"title": text}
    tree, problems = documents.read_yaml_text("x", f"where: {{a: [{scaffold.format_scalar(text, True)}, b]}}\n")
    assert problems == []
    assert documents.plain(tree) == {"where": {"a": [text, "b"]}}


# --- on the real site --------------------------------------------------------------------------------


@cache
def real() -> Study:
    return study(disk.read_sources(ROOT))


@pytest.mark.parametrize(
    ("kind", "name", "told", "warned"),
    [
        ("claim", "example-new", CLAIM_ANSWERS | {"statement": "mofcom-2023-04-19-battlefield"}, False),
        (
            "claim",
            "example-new",
            CLAIM_ANSWERS | {"statement": "ex-new"} | STATEMENT_ANSWERS | {"sources": "nikkei-2023"},
            False,
        ),
        ("source", "ex-new", SOURCE_ANSWERS, False),
        ("figure", "new_figure", FIGURE_ANSWERS | {"where": "category=drone;label=war_use;origin=CN"}, True),
        ("language", "fr", {}, True),
    ],
    ids=["claim", "claim and statement", "source", "figure", "language"],
)
def test_the_real_site_passes_after_it(kind: str, name: str, told: dict[str, str], warned: bool) -> None:
    files = {**real().sources, **make(kind, name, told, real())}
    before = {(found.code, found.message) for found in real().problems}
    found = {(each.severity, each.code) for each in study(files).problems if (each.code, each.message) not in before}
    assert found == ({("warning", "C042")} if warned else set())


# --- what cannot stand -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "answers", "question", "text", "fault"),
    [
        ("claim", {}, "title", "", "Nothing was answered, and title is needed."),
        ("claim", {}, "title", "There were 40 drones", "The number 40 is not backed by any figure. Bind it"),
        ("claim", {}, "title", "There were [at least 40](figure:labelled_drones)", '"at least 40" says'),
        ("claim", {}, "title", "Two\nlines", "title stands in one line."),
        ("claim", {}, "says", "It <b>denied</b> it", "Raw HTML"),
        ("claim", {"statement": "ex-denail"}, "add", "no", "Then name a statement that is there."),
        ("claim", {"statement": "ex-denail"}, "add", "maybe", '"maybe" is not known here. It is one of: yes, no.'),
        ("claim", {"statement": "ex-new", "add": "yes"}, "date", "19.4.2023", '"19.4.2023" is not a date'),
        ("claim", {"statement": "ex-new", "add": "yes"}, "precision", "dya", 'Did you mean "day"?'),
        ("claim", {"statement": "ex-new", "add": "yes"}, "entity", "example-ofice", 'Did you mean "example-office"?'),
        ("claim", {"statement": "ex-new", "add": "yes"}, "speaker", "=1+1", "A spreadsheet would run this cell"),
        ("claim", {"statement": "ex-new", "add": "yes"}, "original", "word " * 61, "at most 60 may be quoted"),
        ("claim", {"statement": "ex-new", "add": "yes"}, "sources", "ex-statement, ex-coppy", 'Did you mean "ex-copy"?'),
        ("claim", {"statement": "ex-line", "add": "yes"}, "date", "", "date is needed"),
        ("source", {}, "publisher", "", "publisher is needed"),
        ("source", {}, "kind", "blog", '"blog" is not known here. It is one of: primary_record'),
        ("source", {}, "published", "2023-13", '"2023-13" is not a date'),
        ("source", {}, "url", "example.org/x", "is not an address of the web"),
        ("source", {}, "reports_on", "someone", "Add it first, name one that is there, or leave this empty."),
        ("claim", {"statement": "ex-new", "add": "yes"}, "sources", "someone", "Add it first, or name one that is there."),
        ("source", {}, "reports_on", "ex-statment", 'Did you mean "ex-statement"?'),
        ("figure", {}, "measure", "total", "It is one of: sum, count"),
        ("figure", {"measure": "sum", "of": "shipments"}, "column", "unit", 'Did you mean "units"?'),
        ("figure", {"measure": "sum", "of": "shipments"}, "column", "label", '"label" is not known here.'),
        ("figure", FIGURE_ANSWERS, "where", "categry=drone", 'selects by "categry"'),
        ("figure", FIGURE_ANSWERS, "where", "category=dron", 'selects category "dron", which can never be'),
        ("figure", FIGURE_ANSWERS, "where", "label=war_use; label=none", '"label" is written twice'),
        ("figure", FIGURE_ANSWERS, "where", "category=drone; origin=XX", "selects no row"),
        ("figure", FIGURE_ANSWERS, "between", "2023", 'has the period "2023"'),
        ("figure", FIGURE_ANSWERS, "between", "1999-01-01..1999-12-31", "selects no row"),
        ("figure", FIGURE_ANSWERS, "about", "It counts 37.", "The number 37 is not backed by any figure."),
        ("figure", {"measure": "ratio", "unit": "%"}, "parts", "labelled_drones, labeled_value", 'Did you mean "labelled_value"?'),
        ("figure", {"measure": "ratio", "unit": "%"}, "parts", "labelled_drones", "needs two figures"),
        ("language", {"name": "X"}, "locale", "xx_YY", "The locale \"xx_YY\" is not known."),
        ("language", {}, "direction", "left", "It is one of: ltr, rtl."),
    ],
)  # fmt: skip
def test_an_answer_that_cannot_stand_is_told_with_its_cure(
    kind: str, answers: dict[str, str], question: str, text: str, fault: str
) -> None:
    name = {"figure": "new_figure", "language": "qya"}.get(kind, "ex-new")
    start = dict(CLAIM_ANSWERS) if kind == "claim" else {}
    rest = scaffold.fill(
        kind, known(), name, {key: value for key, value in (start | answers).items() if key != question}
    )
    before = {key: rest[key] for key in rest if key != question}
    asked = scaffold.next_question(kind, known(), name, before)
    assert asked
    assert asked.name == question
    assert fault in scaffold.find_fault(kind, known(), name, before, asked, text)


def test_rows_of_different_reporters_ask_why_they_may_be_added() -> None:
    told = {key: FIGURE_ANSWERS[key] for key in ("measure", "of", "column", "unit")} | {
        "where": "category=drone",
        "between": "",
    }
    files = change(small_site(), "data/shipments.csv", ",computer,seized,", ",drone,seized,")
    ground = study(files)
    asked = scaffold.next_question("figure", ground, "new_figure", told)
    assert asked
    assert (asked.name, asked.needed) == ("disjoint", False)
    asked = scaffold.next_question("figure", ground, "new_figure", told | {"disjoint": ""})
    assert asked
    assert (asked.name, asked.needed) == ("overlapping", True)
    asked = scaffold.next_question("figure", ground, "new_figure", told | {"disjoint": "They name other days."})
    assert asked
    assert asked.name == "label"


@pytest.mark.parametrize(
    ("kind", "name", "why"),
    [
        ("claim", "example-denial", f'"example-denial" is taken: {CLAIM}. Ids are for ever'),
        ("claim", "example-new", ""),
        ("claim", "Example", "small letters, digits and single hyphens"),
        ("claim", "../x", "small letters"),
        ("claim", "", "small letters"),
        ("source", "ex-copy", "data/sources.csv, line 3"),
        ("source", "ex_new", "small letters"),
        ("source", "ex-new", ""),
        ("figure", "labelled_drones", "data/figures.yaml"),
        ("figure", "new-figure", "begins with a letter"),
        ("figure", "new_figure", ""),
        ("language", "en", "content/en/"),
        ("language", "EN", "the language's code"),
        ("language", "french", "the language's code"),
        ("language", "fr", ""),
    ],
)
def test_a_name_that_is_taken_or_none_is_refused(kind: str, name: str, why: str) -> None:
    said = scaffold.check_name(kind, known(), name)
    assert why in said
    assert bool(said) is bool(why)


def test_the_name_of_a_translation_or_of_a_removed_source_is_taken() -> None:
    files = bilingual(small_site())
    files[f"content/{SECOND}/claims/lost.md"] = files[f"content/{SECOND}/claims/example-denial.md"]
    files["data/removals.csv"] += b"ex-gone,sources,2026-11-27,Somebody asked for it.\n"
    ground = study(files)
    assert f"content/{SECOND}/claims/lost.md" in scaffold.check_name("claim", ground, "lost")
    assert "removed on 2026-11-27" in scaffold.check_name("source", ground, "ex-gone")


def test_what_would_break_the_site_is_found_before_it_is_written() -> None:
    made = scaffold.Made(
        {"data/figures.yaml": small_site()["data/figures.yaml"] + b"\nx:\n  sum: unit\n  of: shipments\n"}, ""
    )
    assert {found.code for found in scaffold.find_breaches(known(), made)} == {"D021"}


# --- the questions -----------------------------------------------------------------------------------


def test_each_column_of_a_statement_and_a_source_can_be_answered() -> None:
    """But what only time can bring: a source is withdrawn, gone or opened again later."""
    tables = known().dataset.tables  # type: ignore[union-attr]
    assert [column.name for column in tables["statements"].columns] == ["id", *OF_STATEMENT]
    later = {"id", "retrieved", "withdrawn", "withdrawn_why", "gone"}
    assert [column.name for column in tables["sources"].columns if column.name not in later] == list(
        QUESTIONS["source"]
    )


def test_each_question_is_one_and_says_what_may_be_answered() -> None:
    for asks in QUESTIONS.values():
        for text in asks.values():
            assert text.count("?") <= 1, text
            assert not text.endswith("."), text
    asked = scaffold.next_question("source", known(), "ex-new", {})
    assert asked
    assert asked.shown.startswith("What kind of source is it? (primary_record, ")
    asked = scaffold.next_question("source", known(), "ex-new", {"kind": "mirror", "publisher": "x"})
    assert asked
    assert asked.shown == "Its title, as it is printed? [empty: title not seen]"
