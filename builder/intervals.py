"""Exact arithmetic on what is only known within limits.

Every reported number is an interval: "at least 37" is [37, ∞). Sums, differences and ratios are taken end by end;
what a result cannot say, it does not say. Rounding is always outward, so that no rounded number claims more than
the sources do.
"""

from __future__ import annotations

import math
from fractions import Fraction

from builder.model import Amount, Bound, Interval, Operator, Outcome, Told

NOTHING = Interval(Fraction(0), None)
"""Says nothing of a quantity that cannot be negative."""


def exact(value: Fraction | int) -> Interval:
    """The interval of one known value."""
    return Interval(Fraction(value), Fraction(value))


def last_place(digits: str) -> int:
    """Power of ten of the last significant digit written: `103000` → 3, `8.20` → -2, `0` → 0."""
    whole, _, decimals = digits.partition(".")
    if decimals:
        return -len(decimals)
    stripped = whole.rstrip("0")
    return len(whole) - len(stripped) if stripped.strip("-") else 0


def read_amount(
    digits: str, bound: Bound, said: str = "", low: Fraction | None = None, high: Fraction | None = None
) -> Amount:
    """A reported number as an interval; `low` and `high` are the editor's, where the bound does not say enough."""
    value = Fraction(digits)
    half = Fraction(10) ** last_place(digits) / 2
    interval = {
        "exact": exact(value),
        "at_least": Interval(value, None),
        "more_than": Interval(value, None, low_open=True),
        "about": Interval(value - half, value + half),
        "at_most": Interval(Fraction(0), value),
        "less_than": Interval(Fraction(0), value, high_open=True),
    }[bound]
    if low is not None:
        interval = Interval(low, interval.high, False, interval.high_open)
    if high is not None:
        interval = Interval(interval.low, high, interval.low_open, False)
    return Amount(value, bound, said, interval)


def add(a: Interval, b: Interval) -> Interval:
    """a + b."""
    low = None if a.low is None or b.low is None else a.low + b.low
    high = None if a.high is None or b.high is None else a.high + b.high
    return Interval(low, high, a.low_open or b.low_open, a.high_open or b.high_open)


def subtract(a: Interval, b: Interval) -> Interval:
    """a - b."""
    low = None if a.low is None or b.high is None else a.low - b.high
    high = None if a.high is None or b.low is None else a.high - b.low
    return Interval(low, high, a.low_open or b.high_open, a.high_open or b.low_open)


def divide(a: Interval, b: Interval) -> Interval:
    """a / b for quantities that are not negative; whatever the divisor's limits leave open stays open."""
    low_a = a.low or Fraction(0)
    low_b = b.low or Fraction(0)
    if b.high is None:
        low, low_open = Fraction(0), low_a > 0 or a.low_open
    elif b.high == 0:
        return NOTHING
    else:  # an open divisor opens the end only where there is something to divide
        low, low_open = low_a / b.high, a.low_open or (low_a > 0 and b.high_open)
    if a.high is None or low_b == 0:
        return Interval(low, None, low_open)
    return Interval(low, a.high / low_b, low_open, a.high_open or (a.high > 0 and b.low_open))


def possibly(a: Interval) -> Interval:
    """The interval of something that may not count at all: from nothing up to its upper end."""
    return Interval(Fraction(0), a.high, False, a.high_open)


def between(low: Interval, high: Interval) -> Interval:
    """From the lower end of the one to the upper end of the other; never empty."""
    if high.high is not None and low.low is not None and high.high <= low.low:
        return Interval(low.low, low.low)
    return Interval(low.low, high.high, low.low_open, high.high_open)


def floor_of(intervals: list[Interval]) -> Interval:
    """What remains when the intervals may overlap: the largest single floor, and no upper end."""
    best = max(intervals, key=lambda i: (i.low or Fraction(0), i.low_open))
    return Interval(best.low or Fraction(0), None, best.low_open)


def compare(interval: Interval, operator: Operator, value: Fraction) -> Outcome:
    """Whether every value of the interval, none, or only some of them pass the test."""
    if operator == "==":
        if interval.low == interval.high == value:
            return "holds"
        outside = compare(interval, "<", value) == "holds" or compare(interval, ">", value) == "holds"
        return "fails" if outside else "undecided"
    if operator in ("<", "<="):
        flipped = compare(interval, ">=" if operator == "<" else ">", value)
        return {"holds": "fails", "fails": "holds", "undecided": "undecided"}[flipped]  # type: ignore[return-value]
    strict = operator == ">"
    low, high = interval.low, interval.high
    if low is not None and (low > value or (low == value and (not strict or interval.low_open))):
        return "holds"
    if high is not None and (high < value or (high == value and (strict or interval.high_open))):
        return "fails"
    return "undecided"


def round_out(value: Fraction, place: int, up: bool) -> Fraction:
    """`value` rounded to a multiple of 10**place, upward or downward."""
    unit = Fraction(10) ** place
    return (math.ceil(value / unit) if up else math.floor(value / unit)) * unit


def round_near(value: Fraction, place: int) -> Fraction:
    """`value` rounded to the nearest multiple of 10**place, halves away from nothing."""
    unit = Fraction(10) ** place
    return math.floor(value / unit + Fraction(1, 2)) * unit


def _terminates(value: Fraction, place: int) -> bool:
    return (value / Fraction(10) ** place).denominator == 1


def tell(interval: Interval, unit: str = "", centre: Fraction | None = None) -> Told | None:
    """How an interval must be told, or None when it says nothing. Shares (`%`) are given in hundredths, to one decimal.

    `centre` is the number that a source rounded, where the interval is only the room that the rounding leaves.
    """
    scale = Fraction(100) if unit == "%" else Fraction(1)
    place = -1 if unit in ("%", "times") else -2
    low = None if interval.low is None else interval.low * scale
    high = None if interval.high is None else interval.high * scale

    def told(bound: Bound, a: Fraction, b: Fraction) -> Told:
        return Told(bound, a, b, unit)

    def down(value: Fraction) -> Fraction:
        return value if _terminates(value, place) else round_out(value, place, up=False)

    def upward(value: Fraction) -> Fraction:
        return value if _terminates(value, place) else round_out(value, place, up=True)

    if low is not None and low == high:
        near = round_near(low, place)
        return told("exact" if near == low else "about", near, near)
    if centre is not None:
        return told("about", round_near(centre * scale, place), round_near(centre * scale, place))
    if high is None:
        if low is None or down(low) <= 0:
            return None
        return told("more_than" if interval.low_open else "at_least", down(low), down(low))
    if low is None or down(low) <= 0:
        exact_end = _terminates(high, place)
        return told("less_than" if interval.high_open and exact_end else "at_most", upward(high), upward(high))
    return told("range", down(low), upward(high))


def tell_amount(amount: Amount, unit: str = "") -> Told:
    """How one reported number must be told: as its source tells it. A share of 0.5 is told as 50 `%`."""
    scale = Fraction(100) if unit in ("share", "%") else Fraction(1)
    value = amount.value * scale
    return Told(amount.bound, value, value, "%" if unit == "share" else unit)
