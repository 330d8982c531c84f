"""Picks the fewest things that together give enough, where some give much, or anything, only after others.

Things come in *blocks*: one alone, or several of which it is known what any number of them gives at best. As long as
no thing of a block gives more than the one before it, one takes from all blocks those that give most. A block that
gives late is seen from afar: the hull above its steps promises at least what it gives, and so tells how many things it
takes at least. Where the promise is not kept, what lies between is searched.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import accumulate, pairwise

Key = tuple[str, str]
"""The name of a thing; of a row, its table and its id."""

_PATIENCE = 1_000_000
"""Choices that may be weighed in one search."""


@dataclass(frozen=True, slots=True)
class Way:
    """How many things it takes at least, and so many of them that will do, if any are known."""

    cost: int
    keys: frozenset[Key] | None


@dataclass(frozen=True, slots=True)
class Steps:
    """What at most 0, 1, 2, … things of one block give at best, and which they are."""

    gains: Sequence[int]
    keys: Callable[[int], Iterable[Key]]


def steps_of_sets(sets: Iterable[tuple[Key, ...]], gain: Callable[[frozenset[Key]], int]) -> Steps:
    """The steps of a block of which these are all the sets worth taking."""
    best: dict[int, tuple[int, tuple[Key, ...]]] = {}
    for keys in sets:
        found = gain(frozenset(keys))
        if found > best.get(len(keys), (0, ()))[0]:
            best[len(keys)] = (found, keys)
    gains, taken = [0], [tuple[Key, ...]()]
    for count in range(1, max(best, default=0) + 1):
        found, keys = best.get(count, (0, ()))
        better = found > gains[-1]
        gains.append(found if better else gains[-1])
        taken.append(keys if better else taken[-1])
    return Steps(gains, taken.__getitem__)


@dataclass(frozen=True, slots=True)
class _Segment:
    """A stretch of a block's steps along which, seen from afar, each thing gives as much as the next."""

    gain: int
    length: int
    block: int
    """Its place, or -1: a thing alone."""
    end: int
    """How many things of the block are taken at its end; of a thing alone, its place."""

    @property
    def slope(self) -> int | Fraction:
        """What each thing gives."""
        return self.gain if self.length == 1 else Fraction(self.gain, self.length)


def _hull(block: int, gains: Sequence[int]) -> list[_Segment]:
    """The upper hull of a block's steps, cut at each step that lies on it."""
    hull = [0]
    for here in range(1, len(gains)):
        while len(hull) > 1:
            before, last = hull[-2:]
            if (gains[last] - gains[before]) * (here - before) >= (gains[here] - gains[before]) * (last - before):
                break
            hull.pop()
        hull.append(here)
    return [_Segment(gains[b] - gains[a], b - a, block, b) for a, b in pairwise(hull) if gains[b] > gains[a]]


_Picks = tuple["_Picks", int, int] | None
"""Choices made: those before, a block, and how many of its things are taken."""
_States = dict[int, tuple[int, int, _Picks]]
"""By how many things are taken: what they give, what is lost against the best price, and the choices."""


class Curve:
    """The fewest things that give each amount, from things alone and blocks."""

    def __init__(self, alone: Mapping[Key, int], blocks: Sequence[Steps]) -> None:
        self.alone, self._keys, self._blocks = alone, list(alone), blocks
        segments = [_Segment(gain, 1, -1, place) for place, gain in enumerate(alone.values()) if gain > 0]
        for place, steps in enumerate(blocks):
            segments += _hull(place, steps.gains)
        self._segments = sorted(segments, key=lambda segment: segment.slope, reverse=True)
        self._gains = [0, *accumulate(segment.gain for segment in self._segments)]
        self._costs = [0, *accumulate(segment.length for segment in self._segments)]

    def fewest(self, need: int) -> list[Way]:
        """The fewest things that give so much: no way when all together do not, two when the search was given up."""
        if need > self._gains[-1]:
            return []
        if need <= 0:
            return [Way(0, frozenset())]
        index = bisect_left(self._gains, need) - 1
        cut, rest, cost = self._segments[index], need - self._gains[index], self._costs[index]
        steps = self._blocks[cut.block].gains if cut.block >= 0 else ()
        start = cut.end - cut.length
        stop = bisect_left(steps, steps[start] + rest, start) if cut.length > 1 else cut.end
        least, most = cost - (-rest * cut.length // cut.gain), cost + stop - start
        simple = Way(most, self._taken([*self._segments[:index], replace(cut, end=stop)], {}))
        if least == most:
            return [simple]
        found = self._search(need, cut, most)
        if found is None:
            return [Way(least, None), simple]
        return [Way(len(found), found) if found else simple]

    def _taken(self, segments: Sequence[_Segment], picks: Mapping[int, int]) -> frozenset[Key]:
        """The things of some segments, those of one block in their order, and so many of further blocks."""
        counts = {segment.block: segment.end for segment in segments if segment.block >= 0} | dict(picks)
        alone = [self._keys[segment.end] for segment in segments if segment.block < 0]
        return frozenset(alone).union(*(self._blocks[block].keys(count) for block, count in counts.items()))

    # --- where blocks give late ------------------------------------------------------------------

    @cached_property
    def _late(self) -> list[int]:
        return sorted({segment.block for segment in self._segments if segment.length > 1})

    @cached_property
    def _others(self) -> list[_Segment]:
        """Of all other blocks, each thing, those that give most first."""
        late = set(self._late)
        return [segment for segment in self._segments if segment.block not in late]

    @cached_property
    def _others_give(self) -> list[int]:
        return [0, *accumulate(segment.gain for segment in self._others)]

    def _search(self, need: int, cut: _Segment, most: int) -> frozenset[Key] | None:
        """Fewer than `most` things that do it: empty when there are none, None when it takes too long to say.

        Let each thing have the price of what one gives in `cut`. In each block some number of things yields most over
        its price, and any other number loses against it. With `spare` lost in all, fewer than `most` things cannot
        give enough any more: only choices that lose less are followed.
        """
        price, length = cut.gain, cut.length
        peaks = {
            block: max(length * gain - price * count for count, gain in enumerate(self._blocks[block].gains))
            for block in self._late
        }
        over = sum(max(0, length * segment.gain - price) for segment in self._others)
        spare = sum(peaks.values()) + over - (length * need - price * (most - 1))
        states: _States = {0: (0, 0, None)}
        weighed = 0
        for block, peak in peaks.items():
            gains = self._blocks[block].gains
            worth = [0, *(count for count in range(1, len(gains)) if gains[count] > gains[count - 1])]
            lost = {count: peak - length * gains[count] + price * count for count in worth}
            options = [(count, gains[count], lost[count]) for count in worth if lost[count] <= spare]
            weighed += len(states) * len(options)
            if weighed > _PATIENCE:
                return None
            states = _widen(states, block, options, spare)
        return self._complete(states, need, most)

    def _complete(self, states: _States, need: int, most: int) -> frozenset[Key]:
        """The best of the choices, each filled up with what the other blocks give."""
        best: tuple[int, int, _Picks] = (most, 0, None)
        for cost, (gain, _, picks) in states.items():
            more = bisect_left(self._others_give, need - gain)
            if more < len(self._others_give) and cost + more < best[0]:
                best = (cost + more, more, picks)
        total, more, picks = best
        counts = {}
        while picks:
            picks, block, count = picks
            counts[block] = count
        return self._taken(self._others[:more], counts) if total < most else frozenset()


def _widen(states: _States, block: int, options: Sequence[tuple[int, int, int]], spare: int) -> _States:
    """Each choice so far with each option of one more block; of those that take as many things, the one that gives most."""
    out: _States = {}
    for cost, (gain, lost, picks) in states.items():
        for count, more, less in options:
            total = cost + count
            if lost + less <= spare and (total not in out or out[total][0] < gain + more):
                out[total] = (gain + more, lost + less, (picks, block, count) if count else picks)
    return out
