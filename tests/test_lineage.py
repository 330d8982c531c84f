"""What stands on what, in the small site: every tie by hand, and the walks both ways."""

from __future__ import annotations

from functools import cache

import pytest
from small_site import change, small_site

from builder.lineage import Lineage, Node
from builder.study import study

LINE, GROUP = ("record", "ex-line"), ("record", "ex-group")
CLAIM = ("claim", "example-denial")


@cache
def lineage() -> Lineage:
    return study(small_site()).lineage


def ties(user: Node, used: Node) -> set[str]:
    return {tie.how for tie in lineage().below[user] if tie.used == used}


@pytest.mark.parametrize(
    ("user", "used", "how"),
    [
        (("source", "ex-copy"), ("source", "ex-report"), {"repeats"}),
        (LINE, ("source", "ex-copy"), {"reported_by"}),
        (("company", "example-office"), ("source", "ex-statement"), {"reported_by"}),
        (("figure", "labelled_drones"), GROUP, {"counts"}),
        (("figure", "labelled_drones"), LINE, {"inside"}),
        (("figure", "documented_labelled_drones"), LINE, {"counts"}),
        (("figure", "share_documented"), ("figure", "labelled_drones"), {"part"}),
        (("chart", "documented"), ("figure", "labelled_drones"), {"draws", "figure"}),
        (("chart", "documented"), GROUP, {"draws"}),
        (CLAIM, ("figure", "labelled_drones"), {"figure", "premise"}),
        (CLAIM, ("source", "ex-statement"), {"source", "judgement"}),
        (CLAIM, ("record", "ex-12m"), {"total"}),
        (CLAIM, ("record", "ex-denial"), {"record"}),
        (CLAIM, ("chart", "documented"), {"chart"}),
        (("page", "index"), ("figure", "labelled_value"), {"figure"}),
    ],
)
def test_each_kind_of_tie(user: Node, used: Node, how: set[str]) -> None:
    assert ties(user, used) == how


def test_each_tie_can_be_walked_both_ways() -> None:
    below = {tie for found in lineage().below.values() for tie in found}
    above = {tie for found in lineage().above.values() for tie in found}
    assert below == above
    assert {node for tie in below for node in (tie.user, tie.used)} <= lineage().nodes


def test_what_leans_on_a_row_is_found_through_figures_and_charts() -> None:
    found = lineage().leaning(LINE)
    users = {tie.user for tie in found}
    assert {("figure", "share_documented"), ("chart", "documented"), CLAIM, ("page", "index")} <= users
    sentences = {tie.use.sentence for tie in found if tie.use}
    assert "In other words, at most 8.2% of the group can be read line by line." in sentences


def test_what_leans_on_a_source_is_found_through_what_repeats_it() -> None:
    users = {tie.user for tie in lineage().leaning(("source", "ex-report"))}
    assert {("source", "ex-copy"), LINE, GROUP, ("record", "ex-12m"), CLAIM} <= users


def test_what_a_claim_stands_on_goes_down_to_the_sources() -> None:
    used = {tie.used for tie in lineage().ground(CLAIM)}
    assert {("figure", "share_documented"), LINE, ("source", "ex-report"), ("source", "ex-other")} <= used


def test_a_claim_that_leads_to_another_does_not_lean_on_its_ground() -> None:
    files = small_site()
    text = files["content/en/claims/example-denial.md"].decode()
    files = change(files, "content/en/pages/about.md", "\n---\n", "\n---\n[a check](claim:example-denial) ")
    assert text
    found = study(files).lineage
    assert ("claim", "example-denial") in {tie.used for tie in found.below["page", "about"]}
    assert ("page", "about") not in {tie.user for tie in found.leaning(GROUP)}


def test_nothing_leans_on_what_is_not_there() -> None:
    assert lineage().leaning(("record", "nobody")) == ()
    assert lineage().ground(("record", "nobody")) == ()
