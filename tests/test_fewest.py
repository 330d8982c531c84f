"""The fewest things that give enough, held to a table over all blocks."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_properties import STEADY

from builder import fewest
from builder.fewest import Curve, Steps, steps_of_sets

Gains = list[int]


def curve(alone: Gains, blocks: list[Gains]) -> Curve:
    """Things are named by their block and their place; a block gives them in their order."""

    def steps(block: int, gains: Gains) -> Steps:
        return Steps(gains, lambda count: [(str(block), str(place)) for place in range(count)])

    return Curve({("alone", str(i)): gain for i, gain in enumerate(alone)}, list(map(steps, range(99), blocks)))


def best_of(alone: Gains, blocks: list[Gains]) -> Gains:
    """What 0, 1, 2, … things give at best."""
    best = [0]
    for gains in [*([0, max(gain, 0)] for gain in alone), *blocks]:
        out = [0] * (len(best) + len(gains) - 1)
        for (i, a), (j, b) in product(enumerate(best), enumerate(gains)):
            out[i + j] = max(out[i + j], a + b)
        best = out
    return best


def given_by(keys: frozenset[tuple[str, str]], alone: Gains, blocks: list[Gains]) -> int:
    taken = [sum(key[0] == str(block) for key in keys) for block in range(len(blocks))]
    single = sum(alone[int(place)] for block, place in keys if block == "alone")
    return single + sum(gains[count] for gains, count in zip(blocks, taken, strict=True))


def rising(gains: Gains) -> Gains:
    return [0, *(max(gains[: i + 1]) for i in range(len(gains)))]


BLOCKS = st.lists(st.lists(st.integers(0, 12), min_size=1, max_size=6).map(rising), max_size=6)


@settings(**STEADY, max_examples=300)
@given(st.lists(st.integers(-2, 6), max_size=6), BLOCKS)
@example([1], [[0, 0, 3]])  # the hull promises 1 with one thing of the block: the thing alone keeps it
@example([], [[0, 0, 0, 9], [0, 4, 4, 4], [0, 0, 6]])
def test_the_fewest_are_those_of_the_table(alone: Gains, blocks: list[Gains]) -> None:
    best, made = best_of(alone, blocks), curve(alone, blocks)
    for need in range(-1, best[-1] + 3):
        least = next((count for count, gain in enumerate(best) if gain >= need), None)
        ways = made.fewest(need)
        if least is None:
            assert ways == []
        else:
            (way,) = ways
            assert way.cost == least
            assert way.keys is not None
            assert len(way.keys) == least
            assert given_by(way.keys, alone, blocks) >= need


def test_a_search_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    made = curve([1], [[0, 0, 3]])
    assert [(way.cost, way.keys is None) for way in made.fewest(1)] == [(1, False)]
    monkeypatch.setattr(fewest, "_PATIENCE", 0)
    assert [(way.cost, way.keys is None) for way in made.fewest(1)] == [(1, True), (2, False)]


def test_steps_of_sets_never_fall() -> None:
    gains = {("a",): 3, ("b",): 5, ("a", "b"): 4, ("a", "b", "c"): 9}
    sets = [tuple(("x", name) for name in names) for names in gains]
    steps = steps_of_sets(sets, lambda keys: gains[tuple(sorted(name for _, name in keys))])
    assert list(steps.gains) == [0, 5, 5, 9]
    assert [["".join(name for _, name in steps.keys(count))] for count in range(4)] == [[""], ["b"], ["b"], ["abc"]]
    assert list(steps_of_sets([], lambda _: 1).gains) == [0]
