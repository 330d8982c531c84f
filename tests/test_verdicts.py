"""What a verdict rests on: premises with three results, and what may be no premise."""

from __future__ import annotations

from fractions import Fraction

import pytest
from small_site import CLAIM, change, small_site

from builder.content import read_content
from builder.datapackage import read_dataset
from builder.figures import compute_figures
from builder.model import Slack, Verdict
from builder.theme import read_theme
from builder.verdicts import compute_verdicts

PREMISE = '  - figure: labelled_drones\n    operator: ">="\n    value: 1\n    expect: holds\n'
JUDGEMENT = (
    "  - judgement: The invented office meant all drones.\n"
    "    sources: [ex-statement]\n"
    "    reason: It did not say otherwise.\n"
)


def verdict(files: dict[str, bytes]) -> tuple[Verdict, list[str]]:
    dataset, problems = read_dataset(files)
    content, more = read_content(files)
    theme, _ = read_theme(files)
    assert dataset
    assert not problems
    assert not more
    figures, _ = compute_figures(dataset)
    verdicts, found = compute_verdicts(content.claims["en"], figures, dataset, theme)
    return verdicts["example-denial"], [each.code for each in found]


def premise(figure: str, operator: str, value: str, expect: str) -> dict[str, bytes]:
    put = f'  - figure: {figure}\n    operator: "{operator}"\n    value: {value}\n    expect: {expect}\n'
    return change(small_site(), CLAIM, PREMISE, put)


# At least 37 labelled, exactly 3 documented, at most 8.2 per cent; more than 12 million reported.
@pytest.mark.parametrize(
    ("figure", "operator", "value", "outcome", "problems"),
    [
        ("labelled_drones", ">=", "1", "holds", []),
        ("labelled_drones", ">=", "37", "holds", []),
        ("labelled_drones", ">", "37", "undecided", []),
        ("labelled_drones", ">=", "38", "undecided", []),
        ("labelled_drones", "<", "37", "fails", []),
        ("labelled_drones", "==", "37", "undecided", []),
        ("labelled_drones", "==", "5", "fails", []),
        ("documented_labelled_drones", ">=", "3", "holds", []),
        ("undocumented_labelled_drones", ">=", "34", "holds", []),
        ("share_documented", "<=", "0.0811", "holds", []),
        ("share_documented", "<", "0.05", "undecided", []),
        ("share_documented", ">", "0.5", "fails", []),
        # decided only because no further rows are known
        ("documented_labelled_drones", "<=", "3", "holds", ["V003"]),
        ("documented_labelled_drones", "<", "100", "holds", ["V003"]),
        ("documented_labelled_drones", "==", "3", "holds", ["V003"]),
        ("documented_labelled_drones", ">", "3", "fails", ["V003"]),
        ("documented_labelled_drones", "==", "4", "fails", ["V003"]),
        ("documented_labelled_drones", "==", "2", "fails", []),
        # true or false whatever the data say
        ("labelled_drones", ">=", "0", "holds", ["V002"]),
        ("labelled_drones", "<", "0", "fails", ["V002"]),
        ("labelled_drones", ">", "-1", "holds", ["V002"]),
        ("labelled_drones", "==", "-1", "fails", ["V002"]),
        ("undocumented_labelled_drones", ">=", "0", "holds", []),
    ],
)
def test_a_premise_has_three_results(figure: str, operator: str, value: str, outcome: str, problems: list[str]) -> None:
    made, found = verdict(premise(figure, operator, value, outcome))
    assert [result.outcome for result in made.premises] == [outcome]
    assert found == problems
    assert all(result.expected for result in made.premises)


@pytest.mark.parametrize(
    ("operator", "value", "expect"),
    [(">=", "38", "holds"), (">=", "37", "fails"), ("<", "37", "holds"), (">=", "1", "undecided")],
)
def test_a_premise_that_gives_something_else_stops_the_build(operator: str, value: str, expect: str) -> None:
    made, found = verdict(premise("labelled_drones", operator, value, expect))
    assert "V001" in found
    assert not made.premises[0].expected


@pytest.mark.parametrize("value", ["one", "1e6", "1/2", "", "'1,000'", "٣", "nan", "inf", "'-'", "9" * 30])
def test_a_premise_is_held_against_digits(value: str) -> None:
    assert verdict(premise("labelled_drones", ">=", value, "holds"))[1] == ["V006"]


@pytest.mark.parametrize(
    ("find", "put", "problems"),
    [
        ("rating: contradicted", "rating: not_decided", []),
        ("rating: contradicted", "rating: supported", []),
        ("rating: contradicted", "rating: true", ["V004"]),
        ("figure: labelled_drones\n", "figure: labelled\n", ["B002"]),
        ("    sources: [ex-statement]\n", "    sources: []\n", ["V009"]),
        (PREMISE, PREMISE.replace("value: 1", "value: 99").replace("holds", "undecided"), []),
        (JUDGEMENT, "", []),
    ],
)
def test_what_a_verdict_may_rest_on(find: str, put: str, problems: list[str]) -> None:
    assert verdict(change(small_site(), CLAIM, find, put))[1] == problems


@pytest.mark.parametrize(
    ("rating", "problems"), [("contradicted", ["V008"]), ("supported", ["V008"]), ("not_decided", [])]
)
def test_what_is_undecided_supports_no_rating(rating: str, problems: list[str]) -> None:
    files = change(small_site(), CLAIM, PREMISE, PREMISE.replace("value: 1", "value: 99").replace("holds", "undecided"))
    files = change(change(files, CLAIM, JUDGEMENT, ""), CLAIM, "rating: contradicted", f"rating: {rating}")
    assert verdict(files)[1] == problems


def test_a_verdict_may_be_judged_and_not_computed() -> None:
    text = small_site()[CLAIM].decode()
    begin, end = text.index("  - figure:"), text.index("  - judgement:")
    made, problems = verdict(change(small_site(), CLAIM, text[begin:end], ""))
    assert problems == []
    assert not made.computed


def test_a_premise_on_a_broken_figure_is_not_blamed() -> None:
    files = change(small_site(), "data/figures.yaml", "  unit: drone\n\nundocumented", "  unit: drone\n\nundocumented")
    files = change(files, "data/figures.yaml", "  unit: USD", "  unit: GBP")
    files = change(files, CLAIM, "figure: labelled_drones\n", "figure: labelled_value\n")
    made, problems = verdict(files)
    assert problems == []
    assert made.premises == ()


# --- what it would take ---------------------------------------------------------------------------


def test_a_verdict_names_the_sources_that_it_needs() -> None:
    """The copy adds nothing: the group stands on the report, and so does the copy. The judgement has one source."""
    made, _ = verdict(small_site())
    (result,) = made.premises
    assert result.robustness.needed == ("ex-report",)
    assert made.needed == ("ex-report", "ex-statement")
    assert (result.robustness.margin.least, result.robustness.margin.of) == (2, 2)
    assert result.robustness.slack == Slack(Fraction(37), Fraction(37), more_than=False, whole=True)


@pytest.mark.parametrize(
    ("sources", "needed"),
    [
        ("[ex-copy]", ("ex-report", "ex-copy")),  # a copy falls with what it repeats
        ("[ex-copy, ex-report]", ("ex-report",)),
        ("[ex-statement, ex-report]", ("ex-report",)),  # either will do for the judgement
        ("[ex-statement, ex-copy]", ("ex-report",)),
    ],
)
def test_a_judgement_falls_with_its_last_source(sources: str, needed: tuple[str, ...]) -> None:
    made, problems = verdict(change(small_site(), CLAIM, "    sources: [ex-statement]\n", f"    sources: {sources}\n"))
    assert problems == []
    assert made.needed == needed


# --- companies ---------------------------------------------------------------------------------

REPLY = "reply: {sought: no}"


@pytest.mark.parametrize(
    ("sources", "reply", "rating", "problems"),
    [
        ("[ex-other]", REPLY, "contradicted", ["V005"]),
        ("[ex-statement]", REPLY, "contradicted", ["V005"]),
        ("[ex-other]", "reply: {sought: yes, when: 2026-01-01, answer: None came.}", "contradicted", ["V005"]),
        ("[ex-statement]", "reply: {sought: yes, when: 2026-01-01, answer: None came.}", "contradicted", []),
        ("[ex-other]", REPLY, "supported", []),
        ("[ex-other]", REPLY, "not_decided", []),
    ],
)
def test_an_adverse_rating_of_a_company_needs_a_source_seen_and_a_reply(
    sources: str, reply: str, rating: str, problems: list[str]
) -> None:
    files = change(small_site(), CLAIM, "statement: ex-denial", "statement: ex-repeat")
    files = change(files, CLAIM, "repeated: [ex-repeat]", "repeated: []")
    files = change(files, CLAIM, "sources: [ex-statement, ex-report]", f"sources: {sources}")
    files = change(change(files, CLAIM, REPLY, reply), CLAIM, "rating: contradicted", f"rating: {rating}")
    assert verdict(files)[1] == problems


def test_a_ministry_is_no_company() -> None:
    assert verdict(change(small_site(), CLAIM, "sources: [ex-statement, ex-report]", "sources: [ex-other]"))[1] == []
