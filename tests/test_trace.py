"""What stands on what, told for a person and for a program."""

from __future__ import annotations

import json
from functools import cache

import pytest
from small_site import change, small_site

from builder.study import Study, study
from builder.trace import UnknownError, find_node, format_json, format_text, trace


@cache
def known() -> Study:
    return study(small_site())


@pytest.mark.parametrize(
    ("name", "node"),
    [
        ("labelled_drones", ("figure", "labelled_drones")),
        ("figure:labelled_drones", ("figure", "labelled_drones")),
        ("example-denial", ("claim", "example-denial")),
        ("ex-line", ("record", "ex-line")),
        ("ex-report", ("source", "ex-report")),
        ("documented", ("chart", "documented")),
        ("page:index", ("page", "index")),
        ("example-trading-7", ("company", "example-trading-7")),
    ],
)
def test_a_name_finds_its_thing(name: str, node: tuple[str, str]) -> None:
    assert find_node(known(), name) == node


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("labelled_drone", 'Nothing here is called "labelled_drone". Did you mean "labelled_drones"?'),
        ("source:ex-reprot", 'Did you mean "ex-report"?'),
        ("source:labelled_drones", 'Nothing here is called "source:labelled_drones".'),
        ("", "Give the id of a claim, figure, record, source, chart, page or company."),
    ],
)
def test_a_name_that_is_none_is_told(name: str, said: str) -> None:
    with pytest.raises(UnknownError) as raised:
        find_node(known(), name)
    assert said in str(raised.value)


def test_a_name_of_several_things_asks_which() -> None:
    files = small_site()
    files["data/entities.csv"] += b"ex-report,Example Report Ltd,,,CN,company,no,,,ex-copy,\n"
    with pytest.raises(UnknownError, match="write company:ex-report or source:ex-report"):
        find_node(study(files), "ex-report")


def test_a_row_leads_up_to_verdict_figures_charts_and_sentences() -> None:
    found = trace(known(), "ex-line")
    kinds = {step.kind for step in found.leaning}
    assert {"verdict", "figure", "chart", "sentence"} <= kinds
    verdict = next(step for step in found.leaning if step.kind == "verdict")
    assert (verdict.id, verdict.told) == ("example-denial", "contradicted, labelled_drones >= 1, holds")
    share = next(step for step in found.leaning if step.id == "share_documented")
    assert share.told == "at most 8.2%"
    assert {step.id for step in found.stands_on} == {"ex-copy", "ex-report"}


def test_a_claim_leads_down_to_its_sentences_figures_rows_and_sources() -> None:
    found = trace(known(), "example-denial")
    kinds = {step.kind for step in found.stands_on}
    assert {"sentence", "verdict", "figure", "record", "source", "chart"} <= kinds
    assert found.leaning == ()


def test_places_can_be_jumped_to() -> None:
    files = small_site()
    for step in (*trace(known(), "ex-line").leaning, *trace(known(), "example-denial").stands_on):
        if step.place:
            path, line, column = step.place.rsplit(":", 2)
            lines = files[path].decode().split("\n")
            assert int(column) <= len(lines[int(line) - 1]) + 1


def test_the_forms_tell_the_same() -> None:
    found = trace(known(), "ex-report")
    told, text = json.loads(format_json(found)), format_text(found)
    assert (told["kind"], told["id"]) == ("source", "ex-report")
    for step in told["leaning"]:
        assert step["told"] in text
    assert text.startswith("source:ex-report: Example Paper: An invented report\n  data/sources.csv:2:1\n")
    assert "Stands on: nothing." in text


def test_what_is_withdrawn_says_so() -> None:
    files = change(small_site(), "data/sources.csv", "What others quote.,,,,,", "What others quote.,,,2026-12-01,Why.,")
    assert trace(study(files), "ex-line").told.endswith("(withdrawn)")
    assert trace(study(files), "ex-copy").told.endswith("(withdrawn)")
    assert "says nothing" in trace(study(files), "labelled_drones").told


def test_a_broken_site_can_be_traced_as_far_as_it_is_known() -> None:
    files = change(small_site(), "data/shipments.csv", ",37,at_least,", ",many,at_least,")
    found = trace(study(files), "example-denial")
    assert "sentence" in {step.kind for step in found.stands_on}
