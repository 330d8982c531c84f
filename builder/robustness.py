"""What it would take for a premise to fall: the fewest rows, the least amount, the sources that it cannot do without.

"Wrong" means removed, and a premise falls when its test no longer gives what the verdict needs. Nothing is sampled.

An end of a sum is a sum over *blocks*: a row alone, or a group with its parts, because every rule of `figures` that
looks at other rows looks only within one. So are the ends of a difference; and a ratio passes a test when the
difference of its parts does, the second part taken as often as the value says. Such a sum is a *form*. For each block
it is enough to know how far it lowers a form with one, two, three of its rows less, and `fewest` picks.

Every way to fall gives a number of rows that it takes at least, and a set of so many to try. Where the set that takes
the fewest makes the premise fall, that is the margin. Where none will do (of a ratio of ratios, or where both ends must
come to lie right) all sets are tried, size by size, as long as that can be done in reasonable time; what is then not
found is told as the number of rows that is proved not to be enough.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import accumulate, combinations, product

from builder import figures as reckoning
from builder import intervals
from builder.fewest import Curve, Key, Steps, Way, steps_of_sets
from builder.model import Dataset, Figure, Interval, Margin, Operator, Outcome, Robustness, Row, Slack

Form = tuple[tuple[str, int, int], ...]
"""A sum of ends of figures: the figure, `LOW` or `HIGH`, and how often that end counts."""

LOW, HIGH = 0, 1

_WHOLE = 2_000
"""Up to so many rows a set is tried on the figure as `figures` reckons it; above, on the blocks that it touches."""
_PATIENCE = 400_000
"""Rows that may be looked at while sets of all sizes are tried."""
_ODD = 10
"""Rows of a block of no simple kind, of which every set can be tried."""
_SPARED = 8
"""Rows that are kept in turn where one of them must stay."""
_IN_PARTS = ("%", "share", "times", "km")
"""Units, besides those of money, of which there can be a fraction."""


def interval_of(
    figure_id: str, figures: Mapping[str, Figure], dataset: Dataset, removed: Set[Key] = frozenset()
) -> Interval:
    """What the figure would be without some rows, wherever in its parts they count."""

    def measure(name: str) -> Interval:
        figure = figures[name]
        table = dataset.tables[figure.definition.of]
        rows = [table.rows[row] for row in figure.selection.rows if (table.name, row) not in removed]
        return reckoning.measure_rows(figure.definition, rows, dataset)

    return _put_together(_parts_first(figure_id, figures), figures, measure)


def _parts_first(figure_id: str, figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """The figure and all that it is reckoned from, each after its parts."""
    done: dict[str, None] = {}
    waiting = [figure_id]
    while waiting:
        missing = [part for part in figures[waiting[-1]].definition.parts if part not in done]
        if missing:
            waiting += reversed(missing)
        else:
            done[waiting.pop()] = None
    return tuple(done)


def _put_together(names: Sequence[str], figures: Mapping[str, Figure], measure: Callable[[str], Interval]) -> Interval:
    """The last of the figures, where each comes after its parts and `measure` gives those over rows."""
    known: dict[str, Interval] = {}
    for name in names:
        definition = figures[name].definition
        if definition.parts:
            first, second = (known[part] for part in definition.parts)
            known[name] = reckoning.combine(definition, first, second)
        else:
            known[name] = measure(name)
    return known[names[-1]]


# --- ends as whole numbers -----------------------------------------------------------------------
#
# An end is one whole number, so that ends are added, multiplied and compared as such: first how often it is endless,
# then its value, then how often it is open. "More than 5" is a little above 5 as a lower end, "less than 5" a little
# below as an upper one. No number in the data or in a premise has more than eighteen digits and nine decimals, and
# rounding halves the last: there is room for a million of them, each multiplied by such a number.

_UNIT = 2 * 10**9
_STEP = 1 << 160
_OPEN = _STEP // 2 - 1
"""More than a sum of ends can be open."""
_ENDLESS = 1 << 512
_OFTEN = 1 << 16
"""More often than this no end may count in a form: the numbers above leave no room."""


def _mark(value: Fraction | None, opening: int = 0) -> int:
    if value is None:
        return _ENDLESS
    whole, rest = divmod(value.numerator * _UNIT, value.denominator)
    assert not rest, f"{value} has more than nine decimals"
    return whole * _STEP + opening


def _marks(interval: Interval) -> tuple[int, int]:
    return _mark(interval.low, int(interval.low_open)), _mark(interval.high, -int(interval.high_open))


def _read_mark(mark: int) -> tuple[Fraction | None, int]:
    if mark > _ENDLESS // 2:
        return None, 0
    opening = (mark + _STEP // 2) % _STEP - _STEP // 2
    return Fraction((mark - opening) // _STEP, _UNIT), opening


def _interval(ends: tuple[int, int]) -> Interval:
    (low, low_open), (high, high_open) = map(_read_mark, ends)
    return Interval(low, high, low_open > 0, high_open < 0)


# --- figures over rows ---------------------------------------------------------------------------


class _Leaf:
    """A figure over rows, ready to lose some of them.

    `kind` is how its ends come about: as a `sum` over blocks, as an `extreme` or the largest floor (`overlap`) of rows
    alone, or as a `whole` only.
    """

    def __init__(self, figure: Figure, dataset: Dataset) -> None:
        self.figure, self.dataset = figure, dataset
        selection, table = figure.selection, dataset.tables[figure.definition.of]
        self.rows: dict[Key, Row] = {(table.name, name): table.rows[name] for name in selection.rows}
        self.counted = {(table.name, name) for name in selection.full}
        self.inside = {(table.name, row) for row, _ in selection.inside}
        self.group: dict[Key, Key] = {}
        self.parts: dict[Key, list[Key]] = {}
        for key, row in self.rows.items():
            group = (table.name, row.values.get("part_of") or "")
            if group in self.rows:
                self.group[key] = group
                self.parts.setdefault(group, []).append(key)
        self.unknown = not self.rows or reckoning.is_dated(figure.definition)
        self.alone = self._measure_alone()
        self.kind = self._find_kind()
        self.kept: dict[Key, tuple[int, int]] = {}
        self.odd: dict[Key, tuple[Key, ...]] = {}
        if self.kind == "sum" and not self.unknown:
            self._find_blocks()
        self.total = (0, _ENDLESS) if self.unknown else self._add_up()

    def _measure(self, keys: Iterable[Key]) -> Interval:
        return reckoning.measure_rows(self.figure.definition, [self.rows[key] for key in keys], self.dataset)

    def _measure_alone(self) -> dict[Key, tuple[int, int]]:
        """The ends of each row by itself; equal ones are one object, since there may be very many."""
        if self.unknown:
            return dict.fromkeys(self.rows, (0, 0))
        known: dict[tuple[int, int], tuple[int, int]] = {}
        marks = ((key, _marks(self._measure([key]))) for key in self.rows)
        return {key: known.setdefault(ends, ends) for key, ends in marks}

    def _find_kind(self) -> str:
        definition = self.figure.definition
        nested = any(group in self.group for group in self.parts)
        if nested or any(low < 0 for low, _ in self.alone.values()):
            return "whole"
        if self.unknown or len(self.rows) == 1 or definition.measure in ("count", "count_distinct"):
            return "sum"
        if definition.measure == "sum" and definition.overlapping:
            return "overlap" if len(self.inside) == len(self.group) else "whole"  # a floor may be that of several rows
        return "sum" if definition.measure == "sum" else "extreme"

    # --- of a sum --------------------------------------------------------------------------------

    def _find_blocks(self) -> None:
        """What each part adds while its group is there (`kept`), and the blocks of which that is not the whole truth."""
        if self.distinct:
            self._find_values()
            return
        count = self.figure.definition.measure == "count"
        for group, parts in self.parts.items():
            for part in parts:
                low, high = self.alone[part]
                self.kept[part] = (0, 0) if group in self.counted else (low, high if count else 0)
            block = (group, *parts)
            if not self._adds_up(block):
                self.odd.update(dict.fromkeys(block, block))

    def _find_values(self) -> None:
        """Of a count of values, the rows with the same value are a block, and groups with their parts touch several."""
        by_value: dict[str | Key, list[Key]] = {}
        for key in self.rows:
            by_value.setdefault(self._value(key), []).append(key)
        groups = [[group, *parts] for group, parts in self.parts.items()]
        for keys in groups + [keys for keys in by_value.values() if len(keys) > 1]:
            self.odd.update(dict.fromkeys(keys, tuple(keys)))

    def _adds_up(self, block: tuple[Key, ...]) -> bool:
        """False where the parts of a group that only perhaps counts exceed it: its end then follows theirs."""
        ends = [self.kept.get(key, self.alone[key]) for key in block]
        return _interval((sum(low for low, _ in ends), sum(high for _, high in ends))) == self._together(block)

    def _together(self, keys: Sequence[Key]) -> Interval:
        """The rows of one block, whoever reports them; none of them add nothing."""
        if not keys:
            return intervals.exact(0)
        definition = replace(self.figure.definition, disjoint="each is reckoned alone")
        interval = reckoning.measure_rows(definition, [self.rows[key] for key in keys], self.dataset)
        return interval if interval.high is not None else replace(interval, high_open=False)

    def _add_up(self) -> tuple[int, int]:
        if self.distinct:
            return self.ends(frozenset())
        ends = [self.kept.get(key, self.alone[key]) for key in self.rows if key not in self.odd]
        ends += [_marks(self._together(block)) for block in dict.fromkeys(self.odd.values())]
        return sum(low for low, _ in ends), sum(high for _, high in ends)

    def ends(self, gone: Set[Key]) -> tuple[int, int]:
        """The ends of a sum without some of its rows, as if a sum of nothing were nothing."""
        if self.distinct:
            return _mark(Fraction(self._distinct(LOW, gone))), _mark(Fraction(self._distinct(HIGH, gone)))
        low, high = self.total
        changes = [self._change(key, gone) for key in gone if key not in self.odd]
        for block in {self.odd[key]: None for key in gone if key in self.odd}:
            old = _marks(self._together(block))
            new = _marks(self._together([key for key in block if key not in gone]))
            changes.append((new[LOW] - old[LOW], new[HIGH] - old[HIGH]))
        return low + sum(change[LOW] for change in changes), high + sum(change[HIGH] for change in changes)

    def _change(self, key: Key, gone: Set[Key]) -> tuple[int, int]:
        bare = self.group.get(key) in gone
        low, high = self.alone[key] if bare else self.kept.get(key, self.alone[key])
        more = self._bared.get(key, (0, 0))
        return more[LOW] - low, more[HIGH] - high

    @cached_property
    def _bared(self) -> dict[Key, tuple[int, int]]:
        """What the parts of each group add when it is gone, beyond what they add while it is there."""
        out = {}
        for group, parts in self.parts.items():
            pairs = [(self.alone[part], self.kept.get(part, self.alone[part])) for part in parts]
            low, high = (sum(alone[end] - kept[end] for alone, kept in pairs) for end in (LOW, HIGH))
            out[group] = (low, high)
        return out

    # --- of a count of values --------------------------------------------------------------------

    @cached_property
    def distinct(self) -> bool:
        """True when the figure counts values."""
        return self.figure.definition.measure == "count_distinct" and not self.unknown

    def _value(self, key: Key) -> str | Key:
        """The value of a row; one that is not stated may be any, so it is the row's own."""
        return self.rows[key].cells[self.figure.definition.column] or key

    @cached_property
    def _values(self) -> tuple[Counter[str | Key], Counter[str | Key]]:
        """How many of the rows that count have each value: those that surely do, and all."""
        seen = [key for key in self.rows if key not in self.inside]
        return Counter(self._value(key) for key in seen if self.alone[key][LOW]), Counter(map(self._value, seen))

    def _distinct(self, end: int, gone: Set[Key]) -> int:
        counts, change = self._values[end], Counter[str | Key]()
        change.update(self._value(key) for key in self.bared_by(gone) if end == HIGH or self.alone[key][LOW])
        change.subtract(self._value(key) for key in self._lost(gone) if end == HIGH or self.alone[key][LOW])
        return len(counts) + sum((counts[value] + n > 0) - (counts[value] > 0) for value, n in change.items())

    # --- of any ----------------------------------------------------------------------------------

    def without(self, removed: Set[Key]) -> Interval:
        """The figure without some rows."""
        gone = {key for key in removed if key in self.rows}
        if not gone:
            return self.figure.interval
        if len(gone) == len(self.rows) or self._refused(gone):
            return intervals.NOTHING
        if self.kind == "sum" or self.distinct:
            return _interval(self.ends(gone))
        if self.kind == "extreme":
            return _interval((self._extreme(LOW, gone), self._extreme(HIGH, gone)))
        if self.kind == "overlap" and self._count(gone) > 1:
            return _interval((self._extreme(LOW, gone), _ENDLESS))
        return self._measure(key for key in self.rows if key not in gone)

    def bared_by(self, gone: Set[Key]) -> list[Key]:
        """Parts that count on their own once their groups are gone."""
        bared = (part for key in gone for part in self.parts.get(key, ()))
        return [part for part in bared if part in self.inside and part not in gone]

    def _lost(self, gone: Set[Key]) -> list[Key]:
        """Those of the rows that counted on their own."""
        return [key for key in gone if key not in self.inside]

    def _count(self, gone: Set[Key]) -> int:
        """How many rows still count on their own."""
        return len(self.rows) - len(self.inside) - len(self._lost(gone)) + len(self.bared_by(gone))

    def _extreme(self, end: int, gone: Set[Key]) -> int:
        """The end of a minimum or a maximum is that of one row. A row that only perhaps counts alone says nothing."""
        first = next((self.alone[key][end] for key in self._ranked[end] if key not in gone), None)
        found = [self.alone[key][end] for key in self.bared_by(gone)]
        return (max if self.takes_largest else min)([*found, *([] if first is None else [first])])

    @property
    def takes_largest(self) -> bool:
        """True when both ends are the largest of its rows' ends, of those that count."""
        return self.figure.definition.measure in ("max", "sum")

    @cached_property
    def _ranked(self) -> tuple[list[Key], list[Key]]:
        seen = [key for key in self.rows if key not in self.inside]
        low, high = (
            sorted(seen, key=lambda key: self.alone[key][end], reverse=self.takes_largest) for end in (LOW, HIGH)
        )
        return low, high

    # --- reporters -------------------------------------------------------------------------------

    @cached_property
    def _reporters(self) -> dict[Key, frozenset[str]]:
        """Who in the end reports each row; empty when no removal can bring together what must not be added."""
        definition = self.figure.definition
        if definition.measure != "sum" or definition.disjoint or definition.overlapping or not self.inside:
            return {}
        roots: dict[tuple[str, ...], frozenset[str]] = {}
        for row in self.rows.values():
            names = row.values.get("sources") or ()
            if names not in roots:
                roots[names] = frozenset(map(self.dataset.root, names))
        if frozenset.intersection(*roots.values()):
            return {}
        return {key: roots[row.values.get("sources") or ()] for key, row in self.rows.items()}

    @cached_property
    def _shares(self) -> Counter[str]:
        """How many of the rows that count each reporter reports."""
        return Counter(root for key, roots in self._reporters.items() if key not in self.inside for root in roots)

    def _refused(self, gone: Set[Key]) -> bool:
        """True when the parts that lose their groups go back to other reporters than the rest."""
        if not self._reporters:
            return False
        shares = Counter(self._shares)
        shares.subtract(root for key in self._lost(gone) for root in self._reporters[key])
        shares.update(root for key in self.bared_by(gone) for root in self._reporters[key])
        count = self._count(gone)
        return count > 1 and max(shares.values(), default=0) < count

    @cached_property
    def refusals(self) -> list[Way]:
        """The fewest groups whose removal bares what must not be added; only groups can, since fewer rows share more.

        Groups with the same reporters, and whose parts have the same, are alike: what counts is whether none, some
        or all of them are gone, so it is enough to take none, one or all.
        """
        if not self._reporters:
            return []
        alike: dict[tuple[frozenset[str], frozenset[str]], list[Key]] = {}
        for group, parts in self.parts.items():
            if group in self.counted:
                shared = frozenset.intersection(*(self._reporters[part] for part in parts))
                alike.setdefault((self._reporters[group], shared), []).append(group)
        kinds = list(alike.values())
        if 3 ** len(kinds) * len(self.rows) > _PATIENCE:
            return [Way(1, None)]
        picks = (
            {key for groups, count in zip(kinds, counts, strict=True) for key in groups[:count]}
            for counts in product(*(sorted({0, 1, len(groups)}) for groups in kinds))
        )
        found = sorted((pick for pick in picks if self._refused(pick)), key=len)
        return [Way(len(found[0]), frozenset(found[0]))] if found else []


# --- tests -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Test:
    """A premise without its words. `<` and `<=` are the opposites of `>=` and `>`."""

    operator: Operator
    value: Fraction
    expect: Outcome

    @property
    def plain(self) -> _Test:
        """The same test with `>=`, `>` or `==`."""
        if self.operator not in ("<", "<="):
            return self
        opposite: Mapping[Outcome, Outcome] = {"holds": "fails", "fails": "holds", "undecided": "undecided"}
        return _Test(">=" if self.operator == "<" else ">", self.value, opposite[self.expect])

    def falls(self, interval: Interval) -> bool:
        """True when the interval does not give what is expected."""
        return intervals.compare(interval, self.operator, self.value) != self.expect


@dataclass(frozen=True, slots=True)
class _Forms:
    """What stands for the two ends of a figure when it is held against a value."""

    low: Form
    high: Form
    base: int
    """The mark that they are held against."""
    divisor: str = ""
    """The figure that divides; a ratio by nothing says nothing."""


def _scale(form: Form, times: int) -> Form:
    return tuple((leaf, end, count * times) for leaf, end, count in form if times)


def _merge(a: Form, b: Form) -> Form:
    counts: Counter[tuple[str, int]] = Counter()
    for leaf, end, count in (*a, *b):
        counts[leaf, end] += count
    return tuple((leaf, end, count) for (leaf, end), count in counts.items() if count)


def _limits(test: _Test, forms: _Forms, interval: Interval) -> Iterator[tuple[Form, int]]:
    """Forms and limits: if the premise falls without some rows, then one of the forms is below its limit.

    It holds for `>` when the lower end is above the value or open at it, that is, at least a mark above; and fails for
    `>=` when the upper end is a mark below. `==` holds when both ends have the value, open or not; then the lower end
    comes to lie below it, or the upper one above.
    """
    test, base = test.plain, forms.base
    over, under = _scale(forms.low, -1), _scale(forms.high, -1)
    strict = int(test.operator == ">")
    if test.operator != "==":
        if test.expect == "holds":
            yield forms.low, base + strict
        elif test.expect == "fails":
            yield under, 1 - base - strict
        else:
            yield over, 1 - base - strict
            yield forms.high, base + strict
    elif test.expect == "holds":
        yield forms.low, base
        yield under, -base
    elif test.expect == "fails":
        above = intervals.compare(interval, ">", test.value) == "holds"
        yield (forms.low, base + 1) if above else (under, 1 - base)
    else:
        at_value = interval.low == test.value
        yield over, -base if at_value else 1 - base
        yield forms.high, base if not at_value else base + 1


def _divisor_limits(test: _Test, forms: _Forms, interval: Interval) -> Iterator[tuple[Form, int]]:
    """A ratio is no longer decided when its divisor comes down to nothing, at the end that decides."""
    expect = test.plain.expect
    if not forms.divisor or expect == "undecided":
        return
    both = test.operator == "=="
    above = both and intervals.compare(interval, ">", test.value) == "holds"
    if expect == "holds" or above:
        yield ((forms.divisor, HIGH, 1),), 1
    if (both and expect == "holds") or (expect == "fails" and not above):
        yield ((forms.divisor, LOW, 1),), _OPEN


# --- premises ----------------------------------------------------------------------------------------


class Trials:
    """Takes rows and sources away from figures and looks what becomes of premises; what they share is done once."""

    def __init__(self, figures: Mapping[str, Figure], dataset: Dataset) -> None:
        self._figures, self._dataset = figures, dataset
        self._leaves: dict[str, _Leaf] = {}
        self._orders: dict[str, tuple[str, ...]] = {}
        self._ends: dict[str, tuple[Form, Form] | None] = {}
        self._curves: dict[Form, Curve | None] = {}
        self._all: dict[str, dict[Key, Row]] = {}
        self._sources: dict[str, dict[str, Interval]] = {}
        self._grounds: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._never: dict[str, Margin] = {}
        self._margins: dict[tuple[str, _Test], Margin] = {}

    def examine(self, figure_id: str, operator: Operator, value: Fraction, expect: Outcome) -> Robustness:
        """What it would take for a premise to fall; its value has at most nine decimals."""
        test, figure = _Test(operator, value, expect), self._figures[figure_id]
        if (figure_id, test) not in self._margins:
            self._margins[figure_id, test] = self._margin(figure_id, test)
        if test.falls(figure.interval):
            return Robustness(self._margins[figure_id, test], None, ())
        needed = [name for name, interval in self._without_each_source(figure_id).items() if test.falls(interval)]
        return Robustness(self._margins[figure_id, test], _slack(figure, test), self.roots_first(needed))

    def roots_first(self, sources: Iterable[str]) -> tuple[str, ...]:
        """Each source once; those that stand for themselves come first."""
        return tuple(sorted(dict.fromkeys(sources), key=lambda name: self._dataset.root(name) != name))

    def grounds(self, sources: tuple[str, ...]) -> tuple[str, ...]:
        """Sources with each of which all of these fall: every one that stands is, or repeats, it."""
        if sources not in self._grounds:
            chains = [self._dataset.chain(name) for name in sources if name not in self._dataset.withdrawn]
            found = chains[0] if chains else ()
            self._grounds[sources] = tuple(
                name for name in found if self._dataset.row("sources", name) and all(name in chain for chain in chains)
            )
        return self._grounds[sources]

    # --- taking away -----------------------------------------------------------------------------

    def _leaf(self, name: str) -> _Leaf:
        if name not in self._leaves:
            self._leaves[name] = _Leaf(self._figures[name], self._dataset)
        return self._leaves[name]

    def _order(self, figure_id: str) -> tuple[str, ...]:
        if figure_id not in self._orders:
            self._orders[figure_id] = _parts_first(figure_id, self._figures)
        return self._orders[figure_id]

    def _leaves_of(self, figure_id: str) -> list[_Leaf]:
        return [self._leaf(name) for name in self._order(figure_id) if not self._figures[name].definition.parts]

    def _rows(self, figure_id: str) -> dict[Key, Row]:
        if figure_id not in self._all:
            self._all[figure_id] = {key: row for leaf in self._leaves_of(figure_id) for key, row in leaf.rows.items()}
        return self._all[figure_id]

    def _without(self, figure_id: str, removed: Set[Key]) -> Interval:
        """As `interval_of`, but looking only at what the removed rows touch."""
        return _put_together(self._order(figure_id), self._figures, lambda name: self._leaf(name).without(removed))

    def _without_each_source(self, figure_id: str) -> dict[str, Interval]:
        """The figure without each source on which a row of it wholly rests."""
        if figure_id not in self._sources:
            resting: dict[str, set[Key]] = {}
            for key, row in self._rows(figure_id).items():
                for name in self.grounds(row.values.get("sources") or ()):
                    resting.setdefault(name, set()).add(key)
            self._sources[figure_id] = {name: self._without(figure_id, keys) for name, keys in resting.items()}
        return self._sources[figure_id]

    # --- the margin ------------------------------------------------------------------------------

    def _margin(self, figure_id: str, test: _Test) -> Margin:
        if figure_id not in self._never:
            self._never[figure_id] = _never(self._rows(figure_id))
        never = self._never[figure_id]
        if test.falls(self._figures[figure_id].interval):
            return replace(never, least=0, more_than=-1)
        always = intervals.compare(intervals.NOTHING, test.operator, test.value)
        if always == test.expect != "undecided" and self._is_quantity(figure_id):
            return never
        ways = sorted(self._ways(figure_id, test), key=lambda way: way.cost)
        if not ways:
            return never
        found = next((way.keys for way in ways if way.keys and self._falls(figure_id, test, way.keys)), None)
        least = max(1, ways[0].cost)
        if not found or len(found) > least:
            found, least = self._try_all(figure_id, test, least, found)
        if found:
            rows = tuple(key for key in self._rows(figure_id) if key in found)
            return replace(never, least=len(rows), rows=rows, more_than=len(rows) - 1)
        return replace(never, more_than=least - 1)

    def _is_quantity(self, figure_id: str) -> bool:
        """True when the figure is never below nothing, whatever is removed."""
        names = self._order(figure_id)
        differences = any(self._figures[name].definition.measure == "difference" for name in names)
        return not differences and all(leaf.kind != "whole" for leaf in self._leaves_of(figure_id))

    def _falls(self, figure_id: str, test: _Test, removed: Set[Key]) -> bool:
        if len(self._rows(figure_id)) <= _WHOLE:
            return test.falls(interval_of(figure_id, self._figures, self._dataset, removed))
        return test.falls(self._without(figure_id, removed))

    def _try_all(
        self, figure_id: str, test: _Test, least: int, known: frozenset[Key] | None
    ) -> tuple[frozenset[Key] | None, int]:
        """The first set of `least` rows or more that does, or how many rows it takes at least.

        All sets of a size are tried before the next size, and a size only if that can be done in reasonable time.
        """
        rows = self._rows(figure_id)
        whole = any(leaf.kind == "whole" for leaf in self._leaves_of(figure_id))
        patience = _PATIENCE
        for size in range(least, len(known) if known else len(rows) + 1):
            patience -= math.comb(len(rows), size) * (len(rows) if whole else size)
            if patience < 0:
                return None, size
            for keys in combinations(rows, size):
                removed = frozenset(keys)
                if test.falls(self._without(figure_id, removed)) and self._falls(figure_id, test, removed):
                    return removed, size
        return known, len(rows) + 1

    # --- ways to fall ----------------------------------------------------------------------------

    def _ways(self, figure_id: str, test: _Test) -> list[Way]:
        """Ways of which one is taken whenever the premise falls."""
        forms, interval = self._forms(figure_id, test.value), self._figures[figure_id].interval
        if forms is None:
            return [Way(1, None)]
        limits = [*_limits(test, forms, interval), *_divisor_limits(test, forms, interval)]
        return [way for form, limit in limits for way in self._ways_below(form, limit)]

    def _forms(self, figure_id: str, value: Fraction) -> _Forms | None:
        """The forms that stand for the figure's ends, or None where none do.

        a / b >= v, end by end, when q · a - p · b >= 0, where v = p / q and b is neither negative nor nothing. Where v
        is nothing, b does not matter as long as a is not negative.
        """
        definition = self._figures[figure_id].definition
        if definition.measure != "ratio":
            ends = self._ends_of(figure_id)
            return _Forms(*ends, _mark(value)) if ends else None
        first, second = definition.parts
        a, b = self._ends_of(first), self._ends_of(second)
        fits = value > 0 or (value == 0 and self._is_quantity(first))
        if (
            a is None
            or b is None
            or self._figures[second].definition.parts
            or not fits
            or not self._is_quantity(second)
        ):
            return None
        p, q = value.as_integer_ratio()
        low, high = _merge(_scale(a[LOW], q), _scale(b[HIGH], -p)), _merge(_scale(a[HIGH], q), _scale(b[LOW], -p))
        return _Forms(low, high, 0, second)

    def _ends_of(self, figure_id: str) -> tuple[Form, Form] | None:
        """The two ends of the figure as forms, or None where a ratio is a part of it."""
        for name in self._order(figure_id):
            if name not in self._ends:
                self._ends[name] = self._find_ends(name)
        return self._ends[figure_id]

    def _find_ends(self, name: str) -> tuple[Form, Form] | None:
        definition = self._figures[name].definition
        if not definition.parts:
            return ((name, LOW, 1),), ((name, HIGH, 1),)
        a, b = (self._ends[part] for part in definition.parts)
        if definition.measure == "ratio" or a is None or b is None:
            return None
        ends = _merge(a[LOW], _scale(b[HIGH], -1)), _merge(a[HIGH], _scale(b[LOW], -1))
        return ends if all(abs(count) < _OFTEN for form in ends for _, _, count in form) else None

    def _ways_below(self, form: Form, limit: int) -> list[Way]:
        """Ways of which one is taken whenever the form is below the limit."""
        leaves = {name: self._leaf(name) for name, _, _ in form}
        if all(leaf.kind == "sum" for leaf in leaves.values()):
            # A figure without rows is unknown, and no longer nothing: its upper end is gone, for good or ill.
            emptied = [leaves[name] for name, end, count in form if end == HIGH and count < 0]
            filled = [leaves[name] for name, end, count in form if end == HIGH and count > 0]
            ways = [Way(len(leaf.rows), frozenset(leaf.rows)) for leaf in emptied]
            ways += [way for leaf in leaves.values() for way in leaf.refusals]
            return ways + self._fewest(form, limit, filled, frozenset())
        if len(leaves) > 1 or any(leaf.kind == "whole" for leaf in leaves.values()):
            return [Way(1, None)]
        ((name, end, count),) = form
        return _ways_of_extreme(leaves[name], end, count, limit)

    def _fewest(self, form: Form, limit: int, filled: Sequence[_Leaf], frozen: frozenset[Key]) -> list[Way]:
        """Ways to bring a form below a limit while the frozen rows stay and each of the `filled` figures keeps a row.

        Where the fewest rows are all that such a figure has, each of them is kept in turn.
        """
        curve = self._curve(form, frozen)
        if curve is None:
            return [Way(1, None)]
        start = sum(count * self._leaf(name).total[end] for name, end, count in form)
        ways = []
        for way in curve.fewest(start - limit + 1):
            emptied = next((leaf for leaf in filled if way.keys and leaf.rows.keys() <= way.keys), None)
            spared = _worth_sparing(emptied, curve.alone, len(filled)) if emptied else []
            if emptied is None or len(spared) * 2 ** len(frozen) > _SPARED:
                ways.append(Way(way.cost, None if emptied else way.keys))
            else:
                ways += [each for key in spared for each in self._fewest(form, limit, filled, frozen | {key})]
        return ways

    def _curve(self, form: Form, frozen: frozenset[Key]) -> Curve | None:
        """The curve of a form while some rows stay; kept only where other premises on the figure have the same form."""
        terms = [(self._leaf(name), end, count) for name, end, count in form]
        if frozen or any(abs(count) > 1 for _, _, count in form):
            return _draw_curve(terms, frozen)
        if form not in self._curves:
            self._curves[form] = _draw_curve(terms, frozen)
        return self._curves[form]


_Terms = Sequence[tuple[_Leaf, int, int]]


def _never(rows: Mapping[Key, Row]) -> Margin:
    """The margin of a premise that no removal makes fall."""
    declarations = [row.table == "shipments" and row.values.get("record") == "declaration" for row in rows.values()]
    return Margin(
        least=None,
        of=len(rows),
        rows=(),
        more_than=len(rows),
        declarations=bool(rows) and all(declarations),
        groups=sum(row.values.get("record") == "group" for row in rows.values()),
        totals=sum(row.table == "totals" for row in rows.values()),
    )


def _slack(figure: Figure, test: _Test) -> Slack | None:
    """How much of the amount must fall; of what is counted in whole things, how many."""
    low, plain, definition = figure.interval.low, test.plain, figure.definition
    always = intervals.compare(intervals.NOTHING, test.operator, test.value) != "undecided"
    if low is None or always or plain.operator == "==" or plain.expect != "holds":
        return None
    if definition.measure not in ("sum", "count", "value", "max"):
        return None
    fall, more_than = low - test.value, plain.operator == ">=" or figure.interval.low_open
    ends = [end for end in (low, figure.interval.high) if end is not None]
    in_parts = definition.unit in _IN_PARTS or re.fullmatch("[A-Z]{3}", definition.unit)
    if in_parts or any(end.denominator != 1 for end in ends):
        return Slack(low, fall, more_than, whole=False)
    return Slack(low, Fraction(math.floor(fall) + 1 if more_than else math.ceil(fall)), more_than=False, whole=True)


def _worth_sparing(leaf: _Leaf, alone: Mapping[Key, int], filled: int) -> list[Key]:
    """Rows of which one may as well be the one that stays.

    Of the rows that are blocks of their own the one that gives least will do, since it can be exchanged for any other;
    but not where other figures must keep a row too, which may be that other.
    """
    exchangeable = [key for key in leaf.rows if key in alone]
    if filled > 1 or not exchangeable:
        return list(leaf.rows)
    return [*(key for key in leaf.rows if key not in alone), min(exchangeable, key=alone.__getitem__)]


# --- forms over blocks -------------------------------------------------------------------------------


def _draw_curve(terms: _Terms, frozen: Set[Key]) -> Curve | None:
    """The curve of a form while some rows stay, or None where it has a block of no simple kind with too many rows."""
    leaves = {leaf.figure.id: leaf for leaf, _, _ in terms}
    start = sum(count * leaf.total[end] for leaf, end, count in terms)

    def gain(gone: frozenset[Key]) -> int:
        touched = {name: leaf.ends({key for key in gone if key in leaf.rows}) for name, leaf in leaves.items()}
        return start - sum(count * touched[leaf.figure.id][end] for leaf, end, count in terms)

    blocks = _blocks(list(leaves.values()))
    touching = {key for block in blocks for key in block}
    alone: dict[Key, int] = {}
    for leaf, end, count in terms:
        for key, ends in leaf.alone.items():
            if key not in touching:
                alone[key] = alone.get(key, 0) + count * ends[end]
    alone |= dict.fromkeys(alone.keys() & frozen, 0)
    steps = [_steps_of(block, terms, gain, frozen) for block in blocks]
    return None if None in steps else Curve(alone, [each for each in steps if each])


def _blocks(leaves: Sequence[_Leaf]) -> list[tuple[Key, ...]]:
    """The rows that touch others in one of the figures, together with those."""
    above: dict[Key, Key] = {}

    def top(key: Key) -> Key:
        while (up := above.setdefault(key, key)) != key:
            above[key] = above[up]
            key = up
        return key

    for leaf in leaves:
        for key, group in leaf.group.items():
            above[top(key)] = top(group)
        for key, block in leaf.odd.items():
            above[top(key)] = top(block[0])
    out: dict[Key, list[Key]] = {}
    for key in tuple(above):
        out.setdefault(top(key), []).append(key)
    return [tuple(keys) for keys in out.values()]


def _counted(terms: _Terms, key: Key, kept: bool) -> int:
    """What a row adds to the form by itself, or while its group is there."""
    here = [(leaf, end, count) for leaf, end, count in terms if key in leaf.rows]
    if kept:
        return sum(count * leaf.kept.get(key, leaf.alone[key])[end] for leaf, end, count in here)
    return sum(count * leaf.alone[key][end] for leaf, end, count in here)


def _steps_of(
    block: tuple[Key, ...], terms: _Terms, gain: Callable[[frozenset[Key]], int], frozen: Set[Key]
) -> Steps | None:
    odd = any(key in leaf.odd for leaf, _, _ in terms for key in block)
    groups = {leaf.group[key] for leaf, _, _ in terms for key in block if key in leaf.group}
    if not odd and len(groups) == 1:
        (group,) = groups
        parts = [key for key in block if key != group and key not in frozen]
        kept = {key: _counted(terms, key, kept=True) for key in parts}
        bare = {key: _counted(terms, key, kept=False) for key in parts}
        return _steps_of_group(group, None if group in frozen else gain(frozenset([group])), kept, bare)
    holders = [leaf for leaf, _, _ in terms if any(key in leaf.rows for key in block)]
    sets: Iterable[tuple[Key, ...]]
    if not groups and len(holders) == 1:
        # Rows with one value in a count of values: it is gone when they all are, and only perhaps there when all that
        # count fully are.
        sets = [tuple(key for key in block if key in holders[0].counted), block]
    elif len(block) <= _ODD:
        sets = (keys for size in range(1, len(block) + 1) for keys in combinations(block, size))
    else:
        return None
    return steps_of_sets((keys for keys in sets if frozen.isdisjoint(keys)), gain)


def _steps_of_group(group: Key, own: int | None, kept: Mapping[Key, int], bare: Mapping[Key, int]) -> Steps:
    """A group stays and loses the parts that give most, or goes first, and then the parts that give most alone.

    `own` is what its going gives; None when it must stay.
    """
    staying = sorted((key for key in kept if kept[key] > 0), key=lambda key: -kept[key])
    leaving = sorted((key for key in bare if bare[key] > 0), key=lambda key: -bare[key])
    stay = [0, *accumulate(kept[key] for key in staying)]
    leave = [0] if own is None else [0, *accumulate([own, *(bare[key] for key in leaving)])]
    gains = [0]
    for count in range(1, max(len(stay), len(leave))):
        gains.append(max(gains[-1], *stay[count : count + 1], *leave[count : count + 1]))

    def keys(count: int) -> list[Key]:
        if count < len(stay) and stay[count] == gains[count]:
            return staying[:count]
        return [group, *leaving[: count - 1]]

    return Steps(gains, keys)


def _ways_of_extreme(leaf: _Leaf, end: int, sign: int, limit: int) -> list[Way]:
    """Ways of which one is taken whenever an end of an extreme, or the largest floor, is on the right side of a limit.

    The end is that of one row, the largest (or least), so that rows whose own ends are on the same side are alike. To
    lower the largest, every row on the wrong side must go, with the parts on that side which their groups leave
    behind: such a set is part of any that will do. To raise it, one row on the right side is enough, and only the
    removal of its group can bring one in. Without any row at all the figure is unknown.
    """
    if sign * _marks(leaf.figure.interval)[end] < limit:
        return [Way(0, frozenset())]  # what is still undecided is so for another reason
    ways = [Way(len(leaf.rows), frozenset(leaf.rows))]
    if leaf.kind == "overlap" and end == HIGH:
        return [Way(1, None)]  # only the last row has an upper end

    def fits(key: Key) -> bool:
        return sign * leaf.alone[key][end] < limit

    if (sign > 0) == leaf.takes_largest:
        wrong = {key for key in leaf.rows if key not in leaf.inside and not fits(key)}
        forced = frozenset(wrong).union(key for key in leaf.bared_by(wrong) if not fits(key))
        return [*ways, Way(len(forced), forced)]
    group = next((leaf.group[key] for key in leaf.rows if key in leaf.inside and fits(key)), None)
    return [*ways, Way(1, frozenset([group]))] if group else ways
