"""What is known of the sources before anything is drawn, also of broken ones."""

from __future__ import annotations

from small_site import CLAIM, change, small_build, small_site

from builder.build import build_study
from builder.study import study


def test_a_study_of_sound_sources_holds_everything_and_a_build_goes_on_from_it() -> None:
    known = study(small_site())
    assert not known.broken
    assert known.problems == ()
    assert {plan.job.chart for plan in known.plans["en"]} == {"documented"}
    assert build_study(known, small_build().memory).files == small_build().files


def test_with_a_stale_number_the_charts_are_laid_out_all_the_same() -> None:
    known = study(change(small_site(), "data/shipments.csv", ",37,at_least,", ",38,at_least,"))
    assert known.broken
    assert {found.code for found in known.problems} == {"B003"}
    assert known.figures["labelled_drones"].interval.low == 38
    assert known.plans["en"]
    assert build_study(known).files == {}


def test_with_broken_data_what_can_be_known_is_kept() -> None:
    known = study(change(small_site(), "data/shipments.csv", ",37,at_least,", ",many,at_least,"))
    assert known.broken
    assert known.dataset is not None
    assert known.figures == {}
    assert known.plans == {}
    assert {use.target for use in known.uses} >= {"labelled_drones"}


def test_without_a_package_there_is_still_what_was_said() -> None:
    files = small_site()
    del files["data/datapackage.json"]
    known = study(files)
    assert known.dataset is None
    assert "example-denial" in known.content.claims["en"]
    assert CLAIM in known.sources
