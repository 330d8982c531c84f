"""Each number in the words is held to the data: its digits, its bound, its unit, at the precision it is told with."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
from small_site import CLAIM, build_from, change, english, small_build, small_site, with_rows

from builder.binding import Held, check_bindings
from builder.datapackage import read_dataset
from builder.figures import compute_figures
from builder.model import Content, PageFront, StandingPage, Text
from builder.prose import parse_passage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from builder.diagnostics import Diagnostic
    from builder.model import Dataset, Figure

ABOUT = "content/en/pages/about.md"
KEPT = "record=group category=drone outcome=cleared label=war_use confidence=secondary_report sources=ex-report"
TOTAL = "measure=x scope=x basis=x category=other sources=ex-report confidence=low_quality"
SHIPMENTS = f"""
ex-group {KEPT} units=37 units_bound=at_least
exact {KEPT} units=37 units_bound=exact
ex-line {KEPT} units=3 units_bound=exact
more {KEPT} units=1234567 units_bound=more_than
about {KEPT} value=103000 value_bound=about currency=USD
range {KEPT} units=37 units_bound=about units_low=36 units_high=40
most {KEPT} units=12 units_bound=at_most
less {KEPT} units=12 units_bound=less_than
none {KEPT}
day {KEPT} date_from=2023-02-01 date_to=2023-02-01
"""
TOTALS = f"""
ex-12m {TOTAL} value=12000000 value_bound=more_than unit=USD
share {TOTAL} value=0.5 value_bound=less_than unit=share
third {TOTAL} value=0.33 value_bound=about unit=share
times {TOTAL} value=30 value_bound=at_least unit=times
km {TOTAL} value=191512 value_bound=about unit=km
gbp {TOTAL} value=47000000 value_bound=exact unit=GBP
dozen {TOTAL} value=12 value_bound=exact unit=drone
month {TOTAL} value=2022 value_bound=exact unit=drone
"""
FIGURES = (
    "\n".join(
        f"{name}: {{{measure}: {column}, of: shipments, where: {{id: {row}}}, unit: {unit}, intended: invented}}"
        for name, measure, column, row, unit in [
            ("least", "sum", "units", "ex-group", "drone"),
            ("exact", "sum", "units", "exact", "drone"),
            ("three", "sum", "units", "ex-line", "drone"),
            ("more", "sum", "units", "more", "drone"),
            ("about", "sum", "value", "about", "USD"),
            ("range", "sum", "units", "range", "drone"),
            ("most", "sum", "units", "most", "drone"),
            ("less", "sum", "units", "less", "drone"),
            ("unknown", "sum", "units", "none", "drone"),
            ("day", "first", "date_from", "day", '""'),
        ]
    )
    + '\nshare: {ratio: [three, least], unit: "%", intended: invented}\nopen: {ratio: [least, least], intended: invented}\n'
)


@cache
def known() -> tuple[Dataset, Mapping[str, Figure]]:
    files = with_rows(with_rows(small_site(), "shipments", SHIPMENTS), "totals", TOTALS)
    files = with_rows(with_rows(files, "ledger", ""), "conflicts", "")
    dataset, problems = read_dataset({**files, "data/figures.yaml": FIGURES.encode()})
    assert dataset
    assert not problems
    figures, problems = compute_figures(dataset)
    assert not problems
    return dataset, figures


def held(sentence: str) -> tuple[list[Diagnostic], Held]:
    """What is wrong with a page whose only text is this sentence, on its fifth line."""
    text = Text(sentence, ABOUT, 5, 1, sentence)
    passage, problems = parse_passage("body", text, english(), block=True)
    page = StandingPage("about", "en", ABOUT, PageFront("About", "About."), {"body": passage})
    pages = dict.fromkeys(("about", "method"), page)
    content = Content({"en": english()}, {"en": {}}, {"en": pages}, {}, {})
    found = check_bindings(content, *known(), charts=(), first="en")
    return problems + list(dict.fromkeys(found.problems)), found


def codes(sentence: str) -> list[str]:
    return [found.code for found in held(sentence)[0]]


# --- digits, bounds, units ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "problems"),
    [
        # a lower limit
        ("[at least 37](figure:least)", []),
        ("[At least 37 drones](figure:least)", []),
        ("[no fewer than 37](figure:least)", []),
        ("[at least 30](figure:least)", []),
        ("[at least 40](figure:least)", ["B003"]),
        ("[at least 36](figure:least)", ["B003"]),
        ("[37](figure:least)", ["B004"]),
        ("[more than 37](figure:least)", ["B004"]),
        ("[about 37](figure:least)", ["B004"]),
        ("[at most 37](figure:least)", ["B004"]),
        # an exact number
        ("[37](figure:exact)", []),
        ("[37 drones](figure:exact)", []),
        ("[thirty-seven](figure:exact)", []),
        ("[at least 37](figure:exact)", ["B004"]),
        ("[about 40](figure:exact)", ["B003"]),
        ("[38](figure:exact)", ["B003"]),
        ("[30](figure:exact)", ["B003"]),
        ("[a dozen](total:dozen)", []),
        ("[2,022](total:month)", []),
        ("[2022 drones](total:month)", []),
        ("[2022](total:month)", ["B005"]),
        # more than, rounded downward
        ("[more than 1,234,567](figure:more)", []),
        ("[more than 1.2 million](figure:more)", []),
        ("[more than 1.23 million](figure:more)", []),
        ("[more than a million](figure:more)", ["B005"]),
        ("[more than 1.3 million](figure:more)", ["B003"]),
        # about, rounded to the nearest
        ("[about $103,000](figure:about)", []),
        ("[around $100,000](figure:about)", []),
        ("[about 103,000 dollars](figure:about)", []),
        ("[about US$103,000](figure:about)", []),
        ("[about $104,000](figure:about)", ["B003"]),
        ("[$103,000](figure:about)", ["B004"]),
        ("[about 103,000](figure:about)", ["B007"]),
        ("[about £103,000](figure:about)", ["B007"]),
        ("[about 103,000 drones](figure:about)", ["B007"]),
        # a range
        ("[between 36 and 40](figure:range)", []),
        ("[from 36 to 40 drones](figure:range)", []),
        ("[between 30 and 40](figure:range)", []),
        ("[between 20 and 40](figure:range)", ["B003"]),
        ("[between 36 and 41](figure:range)", ["B003"]),
        ("[about 37](figure:range)", ["B011"]),
        ("[at least 36](figure:range)", ["B011"]),
        ("[36–40](figure:range)", ["B009"]),
        ("[between 30 and 40](figure:exact)", ["B003"]),
        ("[between 37 and 40](figure:exact)", ["B004"]),
        # an upper limit, rounded upward
        ("[at most 12](figure:most)", []),
        ("[up to 12](figure:most)", []),
        ("[at most 20](figure:most)", []),
        ("[at most 10](figure:most)", ["B003"]),
        ("[less than 12](figure:most)", ["B004"]),
        ("[fewer than 12](figure:less)", []),
        ("[almost a dozen](figure:less)", ["B004"]),
        # shares
        ("[at most 8.2%](figure:share)", []),
        ("[at most 8.2 per cent](figure:share)", []),
        ("[at most 9%](figure:share)", []),
        ("[at most 8%](figure:share)", ["B003"]),
        ("[at most 8.11%](figure:share)", ["B003"]),
        ("[at most 8.2](figure:share)", ["B007"]),
        ("[nearly half](total:share)", []),
        ("[less than 50%](total:share)", []),
        ("[half](total:share)", ["B004"]),
        ("[about a third](total:third \"33%\")", []),
        ("[about a third](total:third \"about 33%\")", []),
        ("[about a third](total:third \"50%\")", ["B003"]),
        ("[about half](total:third \"33%\")", ["B003"]),
        ("[about a third](total:third)", ["B003"]),
        ("[a part](total:third \"33%\")", []),
        ("[a part](total:third \"34%\")", ["B003"]),
        ("[about 33%](total:third \"50%\")", []),
        ("[about 50%](total:third \"33%\")", ["B003"]),
        # other units
        ("[at least 30 times](total:times)", []),
        ("[at least thirty](total:times)", []),
        ("[about 191,512 km](total:km)", []),
        ("[about 191,512 kilometres](total:km)", []),
        ("[about 190,000 km](total:km)", []),
        ("[about 191,512](total:km)", ["B007"]),
        ("[£47 million](total:gbp)", []),
        ("[$47 million](total:gbp)", ["B007"]),
        ("[more than $12 million](total:ex-12m)", []),
        ("[over $12 million](total:ex-12m)", []),
        ("[more than $10 million](total:ex-12m)", []),
        ("[more than $11 million](total:ex-12m)", ["B003"]),
        ("[12 devices](total:dozen)", ["B007"]),
        # what is not read for certain
        ("[more than $12m](total:ex-12m)", ["B005"]),
        ("[12x](total:dozen)", ["B005"]),
        ("[−12](total:dozen)", ["B005"]),
        ("[>12](total:dozen)", ["B005"]),
        ("[€12](total:dozen)", ["B005"]),
        ("[many](figure:least)", ["B005"]),
        ("[3 of 37](figure:exact)", ["B009"]),
        # days
        ("[1 February 2023](figure:day)", []),
        ("[on 1 February 2023](figure:day)", []),
        ("[1\nFebruary 2023](figure:day)", []),
        ("[11 February 2023](figure:day)", ["B003"]),
        ("[1 February 20233](figure:day)", ["B003"]),
        ("[February 2023](figure:day)", ["B003"]),
        ("[12 drones on 1 February 2023](figure:day)", ["B009"]),
        # what says nothing
        ("[0](figure:unknown)", ["B006"]),
        ("[1](figure:open)", ["B006"]),
        # what stands outside the link
        ("more than [37](figure:exact)", ["B012"]),
        ("$[37](figure:exact)", ["B012"]),
        ("[37](figure:exact)%", ["B012"]),
        ("[37](figure:exact) million", ["B012"]),
        ("at least [37](figure:least)", ["B012"]),
        ("between [37](figure:exact) and [at least 37](figure:least)", []),
        # what is exempt
        ('[26](exempt: "brands, as the report counts them")', []),
        ("[26](exempt:)", ["B008"]),
        ('[26](exempt: " ")', ["B008"]),
        # what leads nowhere
        ("[37](figure:exakt)", ["B002"]),
        ("[37](total:exact)", ["B002"]),
        ("[x](record:nothing)", ["B002"]),
        ("[x](record:exact)", []),
        ("[x](record:ex-denial)", []),
        ("[x](record:ex-order)", []),
        ("[x](source:ex-report)", []),
        ("[x](page:method)", []),
        ("[x](page:timeline)", []),
        ("[x](page:index)", []),
    ],
)  # fmt: skip
def test_a_number_is_held_to_its_figure(sentence: str, problems: list[str]) -> None:
    assert sorted(codes(sentence)) == sorted(problems)


def test_coverage_is_counted() -> None:
    coverage = held('[at least 37](figure:least), [26](exempt: "x"), [12](total:dozen) and 5, 6.')[1].coverage
    assert coverage == {"bound": 4, "exempt": 2, "loose": 4}  # the page stands there twice


def test_history_and_quotations_are_frozen() -> None:
    history = (
        "history:\n"
        "  - date: 2026-11-23\n"
        "    kind: data\n"
        "    before: It said [at least 36](figure:labelled_drones), or 35.\n"
        "    now: It says [at least 37](figure:labelled_drones).\n"
        "    why: A row was added.\n"
    )
    made = build_from(change(small_site(), CLAIM, "status: published\n", f"status: published\n{history}"))
    assert made.problems == ()


def test_all_texts_are_held_wherever_they_go() -> None:
    wrong = "[38](figure:documented_labelled_drones)"
    for find, role in [
        ("says: No drones went there.", "claim.says"),
        ("That no drone was declared.", "needs"),
        ("The invented office meant all drones.", "judgement"),
        ("It did not say otherwise.", "reason"),
        ("Who used the drones.", "cannot_show"),
        ("The declarations themselves.", "would_change"),
        ("The office did not name the words.", "right"),
    ]:
        before = find.removeprefix("says: ")
        made = build_from(
            change(small_site(), CLAIM, find, find.replace(before, f"'{wrong}'" if role != "right" else wrong))
        )
        assert [found.code for found in made.problems] == ["B003"], role


# --- safe rewriting ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "edits"),
    [
        ("[at least 36](figure:least)", [("36", "37")]),
        ("[At least 36 drones](figure:least)", [("36", "37")]),
        ("[at most 8.1%](figure:share)", [("8.1%", "8.2%")]),
        ("[more than $11 million](total:ex-12m)", [("$11 million", "$12 million")]),
        ("[about $99,000](figure:about)", [("$99,000", "$103,000")]),
        ("[£46 million](total:gbp)", [("£46 million", "£47 million")]),
        # nothing but digits, and only where all else is right
        ("[36](figure:least)", []),
        ("[thirty-six](figure:exact)", []),
        ("[between 35 and 40](figure:range)", []),
        ("[about 38](figure:range)", []),
        ('[about half](total:third "50%")', []),
        ("[at least 36 of 36](figure:least)", []),
        ("[at\nleast 36](figure:least)", []),
        ("[10 February 2023](figure:day)", []),
        ("36", []),
        ("[£46](figure:about)", []),
    ],
)
def test_only_digits_are_offered_for_rewriting(sentence: str, edits: list[tuple[str, str]]) -> None:
    found = dict.fromkeys(held(sentence)[1].edits)
    assert [(edit.old, edit.new) for edit in found] == edits


def test_an_edit_knows_its_place() -> None:
    (edit,) = dict.fromkeys(held("Of the 無人機, [at least 36](figure:least) went.")[1].edits)
    assert (edit.location.line, edit.location.column) == (5, 23)
    assert "Of the 無人機, [at least 36]"[edit.location.column - 1 :] == "36]"


# --- who uses what -----------------------------------------------------------------------------


def test_every_use_is_known() -> None:
    uses = {(use.scheme, use.target, use.kind, use.name, use.role) for use in small_build().uses}
    assert ("figure", "labelled_drones", "claim", "example-denial", "title") in uses
    assert ("premise", "labelled_drones", "claim", "example-denial", "because.0") in uses
    assert ("figure", "share_documented", "claim", "example-denial", "key_figures.1") in uses
    assert ("record", "ex-line", "claim", "example-denial", "body") in uses
    assert ("record", "ex-repeat", "claim", "example-denial", "claim.repeated.0") in uses
    assert ("judgement", "ex-statement", "claim", "example-denial", "because.1.sources.0") in uses
    assert ("chart", "documented", "claim", "example-denial", "body") in uses
    assert ("figure", "labelled_drones", "chart", "documented", "title") in uses
    assert ("figure", "labelled_value", "page", "index", "body") in uses


def test_a_figure_may_be_used_through_another() -> None:
    text = small_site()["content/en/claims/example-denial.md"].decode()
    assert "figure:first_declaration" in text
    files = change(small_site(), "data/figures.yaml", "first_declaration:", "spare:\n  difference: [labelled_drones, labelled_drones]\n\nfirst_declaration:")  # fmt: skip
    files["content/en/figures.yaml"] += b"\nspare:\n  label: Spare\n  about: Spare.\n"
    assert [found.code for found in build_from(files).problems] == ["B010"]
    files = change(files, "data/figures.yaml", "spare:\n", "spare:\n  intended: kept for later\n")
    assert build_from(files).problems == ()
