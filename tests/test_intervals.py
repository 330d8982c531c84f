"""Interval arithmetic by the contract: what is only known within limits stays within them."""

from __future__ import annotations

import re
from fractions import Fraction as F  # noqa: N817 - short, so that the tables read as tables
from typing import Any

import pytest

from builder import intervals
from builder.intervals import NOTHING, compare, exact, last_place, read_amount, round_near, round_out, tell, tell_amount
from builder.model import Interval


def ends(text: str) -> Interval:
    """`[37, ∞)`, `(0, 3/37]`, `(-∞, 5)` as an interval."""
    match = re.fullmatch(r"([\[(])([^,]+), ([^\])]+)([\])])", text)
    assert match, text
    opening, low, high, closing = match.groups()
    a = None if low == "-∞" else F(low)
    b = None if high == "∞" else F(high)
    return Interval(a, b, opening == "(" and a is not None, closing == ")" and b is not None)


@pytest.mark.parametrize(
    ("digits", "place"),
    [
        ("37", 0), ("30", 1), ("103000", 3), ("1200000", 5), ("0", 0), ("000", 0), ("8.2", -1), ("8.20", -2),
        ("-5", 0), ("-100", 2), ("0.05", -2), ("105", 0), ("100000000", 8),
    ],
)  # fmt: skip
def test_the_last_digit_that_counts(digits: str, place: int) -> None:
    assert last_place(digits) == place


@pytest.mark.parametrize(
    ("digits", "bound", "low", "high", "interval"),
    [
        ("37", "exact", None, None, "[37, 37]"),
        ("37", "at_least", None, None, "[37, ∞)"),
        ("1200000", "more_than", None, None, "(1200000, ∞)"),
        ("103000", "about", None, None, "[102500, 103500]"),
        ("100000", "about", None, None, "[50000, 150000]"),
        ("8.2", "about", None, None, "[8.15, 8.25]"),
        ("0.5", "about", None, None, "[0.45, 0.55]"),
        ("37", "at_most", None, None, "[0, 37]"),
        ("0.5", "less_than", None, None, "[0, 0.5)"),
        ("37", "at_least", None, "60", "[37, 60]"),
        ("0.5", "less_than", "0.4", None, "[0.4, 0.5)"),
        ("0.5", "less_than", "0.4", "0.45", "[0.4, 0.45]"),
        ("12", "more_than", "13", None, "[13, ∞)"),
        ("70", "about", "65", "70", "[65, 70]"),
        ("0", "exact", None, None, "[0, 0]"),
    ],
)
def test_a_reported_number_is_an_interval(digits: str, bound: Any, low: Any, high: Any, interval: str) -> None:
    limits = (F(end) if end else None for end in (low, high))
    assert read_amount(digits, bound, "", *limits).interval == ends(interval)


@pytest.mark.parametrize(
    ("a", "sign", "b", "result"),
    [
        # sums
        ("[37, ∞)", "+", "[3, 3]", "[40, ∞)"),
        ("(12, ∞)", "+", "[3, 3]", "(15, ∞)"),
        ("[102500, 103500]", "+", "[28292, 28292]", "[130792, 131792]"),
        ("[0, 5)", "+", "[1, 2]", "[1, 7)"),
        ("[0, ∞)", "+", "[10, 10]", "[10, ∞)"),
        # differences: what is taken away may be at its other end
        ("[37, ∞)", "-", "[3, 3]", "[34, ∞)"),
        ("[3, 3]", "-", "[37, ∞)", "(-∞, -34]"),
        ("[37, ∞)", "-", "[3, ∞)", "(-∞, ∞)"),
        ("[10, 12]", "-", "[1, 4)", "(6, 11]"),
        ("(12, ∞)", "-", "[0, 5]", "(7, ∞)"),
        # quotients
        ("[3, 3]", "/", "[37, ∞)", "(0, 3/37]"),
        ("[3, 3]", "/", "(37, ∞)", "(0, 3/37)"),
        ("[10, 20]", "/", "[2, 4]", "[2.5, 10]"),
        ("[10, 10]", "/", "[4, 4]", "[2.5, 2.5]"),
        ("[0, 0]", "/", "[4, 4]", "[0, 0]"),
        ("[10, ∞)", "/", "[2, 4]", "[2.5, ∞)"),
        ("[10, ∞)", "/", "[2, 4)", "(2.5, ∞)"),
        ("[14, ∞)", "/", "(0.2, ∞)", "(0, ∞)"),
        ("[0, 5]", "/", "[37, ∞)", "[0, 5/37]"),
        ("[1, 2]", "/", "[0, 4]", "[0.25, ∞)"),
        ("[1, 2]", "/", "[0, 0]", "[0, ∞)"),
    ],
)
def test_arithmetic_is_done_end_by_end(a: str, sign: str, b: str, result: str) -> None:
    do = {"+": intervals.add, "-": intervals.subtract, "/": intervals.divide}[sign]
    assert do(ends(a), ends(b)) == ends(result)


def test_a_quotient_of_two_open_bounds_says_nothing() -> None:
    assert tell(intervals.divide(ends("[14500000, ∞)"), ends("(200000, ∞)")), "times") is None


def test_what_may_not_count_counts_from_nothing() -> None:
    assert intervals.possibly(ends("[37, ∞)")) == ends("[0, ∞)")
    assert intervals.possibly(ends("(5, 8)")) == ends("[0, 8)")


@pytest.mark.parametrize(
    ("all_", "floor"),
    [
        (["[3, 3]", "[37, ∞)", "[10, 12]"], "[37, ∞)"),
        (["[3, 3]", "(3, 5]"], "(3, ∞)"),
        (["[0, 8]"], "[0, ∞)"),
    ],
)
def test_of_what_may_overlap_only_the_largest_floor_counts(all_: list[str], floor: str) -> None:
    assert intervals.floor_of([ends(each) for each in all_]) == ends(floor)


@pytest.mark.parametrize(
    ("interval", "operator", "value", "outcome"),
    [
        ("[37, ∞)", ">=", 37, "holds"), ("[37, ∞)", ">", 37, "undecided"), ("[37, ∞)", ">", 36, "holds"),
        ("[37, ∞)", ">=", 38, "undecided"), ("[37, ∞)", "<", 37, "fails"), ("[37, ∞)", "<=", 37, "undecided"),
        ("[37, ∞)", "<=", 36, "fails"), ("[37, ∞)", "==", 37, "undecided"), ("[37, ∞)", "==", 36, "fails"),
        ("(12, ∞)", ">", 12, "holds"), ("(12, ∞)", ">=", 12, "holds"), ("(12, ∞)", "<=", 12, "fails"),
        ("(12, ∞)", "==", 12, "fails"), ("(12, ∞)", "<", 12, "fails"), ("(12, ∞)", ">", 13, "undecided"),
        ("[0, 5)", "<", 5, "holds"), ("[0, 5)", ">=", 5, "fails"), ("[0, 5]", "<", 5, "undecided"),
        ("[0, 5]", "<=", 5, "holds"), ("[0, 5]", ">", 5, "fails"), ("[0, 5)", "==", 5, "fails"),
        ("[3, 3]", "==", 3, "holds"), ("[3, 3]", "==", 4, "fails"), ("[3, 3]", ">=", 3, "holds"),
        ("[3, 3]", ">", 3, "fails"), ("[3, 3]", "<", 3, "fails"), ("[3, 3]", "<=", 3, "holds"),
        ("(0, 3/37]", "<=", F("0.09"), "holds"), ("(0, 3/37]", ">", 0, "holds"), ("(0, 3/37]", "<", F("0.05"), "undecided"),
        ("(-∞, 5]", "<=", 5, "holds"), ("(-∞, 5]", ">=", 1, "undecided"), ("(-∞, ∞)", "==", 0, "undecided"),
        ("[0, ∞)", ">=", 0, "holds"), ("[0, ∞)", "<", 0, "fails"), ("[0, ∞)", ">", 0, "undecided"),
    ],
)  # fmt: skip
def test_a_comparison_has_three_results(interval: str, operator: Any, value: Any, outcome: str) -> None:
    assert compare(ends(interval), operator, F(value)) == outcome


@pytest.mark.parametrize(
    ("value", "place", "down", "up", "near"),
    [
        ("3/37", -3, "0.081", "0.082", "0.081"),
        ("37", 1, "30", "40", "40"),
        ("35", 1, "30", "40", "40"),
        ("34", 1, "30", "40", "30"),
        ("103000", 3, "103000", "103000", "103000"),
        ("-1.5", 0, "-2", "-1", "-1"),
        ("0", 2, "0", "0", "0"),
    ],
)
def test_rounding_says_which_way(value: str, place: int, down: str, up: str, near: str) -> None:
    assert round_out(F(value), place, up=False) == F(down)
    assert round_out(F(value), place, up=True) == F(up)
    assert round_near(F(value), place) == F(near)


@pytest.mark.parametrize(
    ("interval", "unit", "centre", "told"),
    [
        ("[37, 37]", "drone", None, "exact 37"),
        ("[37, ∞)", "drone", None, "at_least 37"),
        ("(1200000, ∞)", "USD", None, "more_than 1200000"),
        ("[102500, 103500]", "USD", "103000", "about 103000"),
        ("[102500, 103500]", "USD", None, "range 102500 103500"),
        ("(0, 3/37]", "%", None, "at_most 8.2"),
        ("(0, 3/37)", "%", None, "at_most 8.2"),
        ("[0, 1/2)", "%", None, "less_than 50"),
        ("[0.4, 0.5)", "%", None, "range 40 50"),
        ("[1/3, 1/3]", "%", None, "about 33.3"),
        ("[1/3, ∞)", "%", None, "at_least 33.3"),
        ("[1/3, 2/3]", "%", None, "range 33.3 66.7"),
        ("[0, 5]", "drone", None, "at_most 5"),
        ("[0, 5)", "drone", None, "less_than 5"),
        ("[72.5, 72.5]", "times", None, "exact 72.5"),
        ("[10/3, ∞)", "times", None, "at_least 3.3"),
        # what says nothing is not told
        ("[0, ∞)", "drone", None, None),
        ("(0, ∞)", "%", None, None),
        ("(-∞, ∞)", "drone", None, None),
        ("[-3, ∞)", "drone", None, None),
        # nor is a floor that rounding takes away
        ("[1/100000, ∞)", "%", None, None),
        ("[1/100000, 1/2]", "%", None, "at_most 50"),
    ],
)
def test_an_interval_is_told_without_claiming_more(interval: str, unit: str, centre: Any, told: str | None) -> None:
    found = tell(ends(interval), unit, F(centre) if centre else None)
    if found is None or told is None:
        assert found is told
        return
    bound, *values = told.split()
    assert (found.bound, found.low, found.high) == (bound, F(values[0]), F(values[-1]))
    assert found.unit == unit


@pytest.mark.parametrize(
    ("digits", "bound", "unit", "told"),
    [
        ("12000000", "more_than", "USD", ("more_than", 12000000, "USD")),
        ("0.5", "less_than", "share", ("less_than", 50, "%")),
        ("30", "at_least", "times", ("at_least", 30, "times")),
        ("3", "exact", "", ("exact", 3, "")),
    ],
)
def test_a_reported_number_is_told_as_its_source_tells_it(digits: str, bound: Any, unit: str, told: Any) -> None:
    found = tell_amount(read_amount(digits, bound), unit)
    assert (found.bound, found.low, found.unit) == told


def test_nothing_is_what_is_known_of_an_unknown() -> None:
    assert ends("[0, ∞)") == NOTHING
    assert exact(3) == ends("[3, 3]")
