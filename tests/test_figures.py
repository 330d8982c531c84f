"""What a selection counts, and what a figure says of it: the rules of the contract, one by one."""

from __future__ import annotations

from fractions import Fraction as F  # noqa: N817 - short, so that the tables read as tables

import pytest
from small_site import small_site, with_rows

from builder.datapackage import read_dataset
from builder.figures import compute_figures
from builder.model import Figure

KEPT = "record=declaration category=drone outcome=cleared label=war_use confidence=secondary_report"
ROWS = f"""
g {KEPT} record=group sources=ex-report date_from=2022-12-01 date_to=2023-04-30 units=37 units_bound=at_least
a {KEPT} part_of=g sources=ex-report date_from=2023-02-01 date_to=2023-02-01 units=3 units_bound=exact value=300 value_bound=exact currency=USD importer=example-imports-3
b {KEPT} part_of=g sources=ex-copy date_from=2023-03-01 date_to=2023-03-01 units=2 units_bound=exact value=250 value_bound=about currency=USD importer=example-trading-7
long {KEPT} category=computer sources=ex-report date_from=2023-01-01 date_to=2023-12-31 units=10 units_bound=exact
day {KEPT} category=computer sources=ex-report date_from=2023-05-05 date_to=2023-05-05 units=4 units_bound=exact
never {KEPT} category=computer sources=ex-report units=8 units_bound=less_than
blank {KEPT} category=battery sources=ex-report date_from=2023-05-05 date_to=2023-05-05
full {KEPT} category=battery sources=ex-report date_from=2023-05-06 date_to=2023-05-06 units=6 units_bound=exact
far {KEPT} category=other sources=ex-other date_from=2023-05-06 date_to=2023-05-06 units=6 units_bound=exact
near {KEPT} category=other sources=ex-copy date_from=2023-05-06 date_to=2023-05-06 units=7 units_bound=at_least
both {KEPT} category=other label=none sources=ex-report;ex-other date_from=2023-05-06 date_to=2023-05-06 units=1 units_bound=exact
"""  # fmt: skip


def compute(entries: str) -> tuple[dict[str, Figure], list[str]]:
    files = with_rows(small_site(), "shipments", ROWS)
    files = with_rows(files, "ledger", "")
    files["data/figures.yaml"] = entries.encode()
    dataset, problems = read_dataset(files)
    assert dataset
    assert not problems
    figures, found = compute_figures(dataset)
    return figures, [f"{each.code} {each.message}" for each in found]


def figure(entry: str) -> Figure:
    figures, problems = compute(f"x: {entry}")
    assert problems == []
    return figures["x"]


def limits(found: Figure) -> str:
    interval = found.interval
    low = "-∞" if interval.low is None else str(interval.low)
    high = "∞" if interval.high is None else str(interval.high)
    opening = "(" if interval.low_open else "["
    return f"{opening}{low}, {high}{')' if interval.high_open or interval.high is None else ']'}"


# --- what is counted ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "interval"),
    [
        # a group and its parts are never both counted
        ("{sum: units, of: shipments, where: {category: drone}, unit: drone}", "[37, ∞)"),
        # parts without their group are a floor: the rest of the group may belong too
        ("{sum: units, of: shipments, where: {category: drone, id: [a, b]}, unit: drone}", "[5, ∞)"),
        # except where declarations are asked for: they are counted one by one
        ("{sum: units, of: shipments, where: {category: drone, record: declaration}, unit: drone}", "[5, 5]"),
        # a group is never spread over months
        ("{sum: units, of: shipments, where: {category: drone, record: group}, between: 2023-01-01..2023-01-31}", "[0, ∞)"),
        # inside the period counts fully; what only overlaps it, from nothing up
        ("{sum: units, of: shipments, where: {category: computer, id: [long, day]}, between: 2023-05-01..2023-05-31}", "[4, 14]"),
        # what is undated, too
        ("{sum: units, of: shipments, where: {category: computer}, between: 2023-05-01..2023-05-31}", "[4, 22)"),
        ("{sum: units, of: shipments, where: {category: computer}}", "[14, 22)"),
        # outside is outside
        ("{sum: units, of: shipments, where: {category: computer, id: [day, never]}, between: 2024-01-01..2024-12-31}", "[0, 8)"),
        # unknown is never zero
        ("{sum: units, of: shipments, where: {category: battery}}", "[6, ∞)"),
        ("{max: units, of: shipments, where: {category: battery}}", "[6, ∞)"),
        ("{min: units, of: shipments, where: {category: battery}}", "[0, 6]"),
        # extremes
        ("{max: units, of: shipments, where: {category: computer, id: [long, day]}}", "[10, 10]"),
        ("{min: units, of: shipments, where: {category: computer, id: [long, day]}}", "[4, 4]"),
        ("{max: units, of: shipments, where: {category: drone}}", "[37, ∞)"),
        ("{max: units, of: shipments, where: {category: computer}, between: 2023-05-01..2023-05-31}", "[4, ∞)"),
        ("{min: units, of: shipments, where: {category: computer}, between: 2023-05-01..2023-05-31}", "[0, 4]"),
        # counts of rows
        ("{count: id, of: shipments, where: {category: computer}}", "[3, 3]"),
        ("{count: id, of: shipments, where: {category: computer}, between: 2023-05-01..2023-05-31}", "[1, 3]"),
        ("{count: id, of: shipments, where: {category: drone}}", "[1, 1]"),
        ("{count_distinct: importer, of: shipments, where: {record: declaration, category: drone}}", "[2, 2]"),
        ("{count_distinct: importer, of: shipments, where: {id: [a, day]}}", "[1, 2]"),
        ("{count_distinct: category, of: shipments}", "[4, 4]"),
        # money: what is rounded stays rounded
        ("{sum: value, of: shipments, where: {record: declaration, category: drone}, unit: USD}", "[545, 555]"),
        # one row
        ("{value: value, of: totals, where: {id: ex-12m}, unit: USD}", "(12000000, ∞)"),
        ("{value: value, of: totals, where: {id: ex-share}, unit: '%'}", "[2/5, 1/2)"),
        ("{value: value, of: totals, where: {id: ex-share}, unit: share}", "[2/5, 1/2)"),
        # an empty cell can be asked for
        ("{count: id, of: shipments, where: {part_of: '', category: drone}}", "[1, 1]"),
        # a list matches by any of its items
        ("{count: id, of: shipments, where: {sources: ex-other}}", "[2, 2]"),
    ],
)  # fmt: skip
def test_a_selection_counts_exactly(entry: str, interval: str) -> None:
    assert limits(figure(entry)) == interval


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("{sum: units, of: shipments, where: {category: drone}, unit: drone}", "at_least 37"),
        ("{sum: value, of: shipments, where: {record: declaration, category: drone}, unit: USD}", "about 550"),
        ("{value: value, of: totals, where: {id: ex-12m}, unit: USD}", "more_than 12000000"),
        ("{value: value, of: totals, where: {id: ex-share}, unit: '%'}", "range 40 50"),
        ("{sum: units, of: shipments, where: {category: computer}}", "range 14 22"),
        ("{sum: units, of: shipments, where: {record: group}, between: 2023-01-01..2023-01-31}", "nothing"),
    ],
)
def test_a_figure_is_told_as_it_is_known(entry: str, told: str) -> None:
    found = figure(entry).told
    if found is None:
        assert told == "nothing"
    else:
        ends = [found.low] if found.low == found.high else [found.low, found.high]
        assert " ".join([found.bound, *map(str, ends)]) == told


def test_a_decimal_rounding_is_told_as_about() -> None:
    files = with_rows(
        small_site(),
        "totals",
        "t measure=x scope=x basis=x category=other value=2.50 value_bound=about unit=times sources=ex-report confidence=low_quality",
    )
    files["data/figures.yaml"] = b"x: {value: value, of: totals, where: {id: t}, unit: times}"
    dataset, _ = read_dataset(files)
    assert dataset
    found = compute_figures(dataset)[0]["x"]
    assert limits(found) == "[499/200, 501/200]"
    assert found.told
    assert (found.told.bound, found.told.low) == ("about", F("2.5"))


@pytest.mark.parametrize(
    ("entry", "full", "partial", "inside"),
    [
        ("{sum: units, of: shipments, where: {category: drone}, unit: drone}", "g", "", "a in g, b in g"),
        (
            "{sum: units, of: shipments, where: {category: computer}, between: 2023-05-01..2023-05-31}",
            "day",
            "long overlaps, never undated",
            "",
        ),
        # parts whose group is only in the period in part count for themselves
        (
            "{sum: units, of: shipments, where: {category: drone}, between: 2023-02-01..2023-12-31}",
            "a b",
            "g overlaps",
            "",
        ),
    ],
)
def test_every_row_says_how_it_counts(entry: str, full: str, partial: str, inside: str) -> None:
    selection = figure(entry).selection
    assert " ".join(selection.full) == full
    assert ", ".join(f"{row} {why}" for row, why in selection.partial) == partial
    assert ", ".join(f"{row} in {group}" for row, group in selection.inside) == inside


# --- days --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "day"),
    [
        ("{first: date_from, of: shipments, where: {record: declaration, category: drone}}", "2023-02-01"),
        ("{last: date_to, of: shipments, where: {record: declaration, category: drone}}", "2023-03-01"),
        ("{min: date_from, of: shipments, where: {category: computer}}", "2023-01-01"),
        ("{max: date_from, of: shipments, where: {category: computer}}", "2023-05-05"),
        ("{first: date, of: events}", "2023-08-01"),
        ("{first: date_from, of: shipments, where: {id: never}}", ""),
    ],
)
def test_first_and_last_are_days(entry: str, day: str) -> None:
    found = figure(entry)
    assert found.day == day
    assert found.told is None


# --- arithmetic on figures ---------------------------------------------------------------------

PARTS = """
group: {sum: units, of: shipments, where: {category: drone}, unit: drone}
lines: {sum: units, of: shipments, where: {category: drone, record: declaration}, unit: drone}
rest: {difference: [group, lines], unit: drone}
less: {difference: [lines, group], unit: drone}
share: {ratio: [lines, group], unit: "%"}
more: {ratio: [group, lines], unit: times}
open: {ratio: [group, group], unit: times}
deep: {difference: [rest, lines], unit: drone}
"""


@pytest.mark.parametrize(
    ("name", "interval", "told"),
    [
        ("rest", "[32, ∞)", "at_least 32"),
        ("less", "[-∞, -32]", "at_most"),
        ("share", "(0, 5/37]", "at_most"),
        ("more", "[37/5, ∞)", "at_least"),
        ("open", "(0, ∞)", None),
        ("deep", "[27, ∞)", "at_least"),
    ],
)
def test_figures_are_reckoned_with_their_limits(name: str, interval: str, told: str | None) -> None:
    figures, problems = compute(PARTS)
    assert problems == []
    assert limits(figures[name]) == interval
    if told is None:
        assert figures[name].told is None
    elif name == "share":
        assert figures[name].told
        assert figures[name].told.low == F("13.6")


def test_a_part_brings_its_sources() -> None:
    figures, _ = compute(PARTS)
    assert figures["share"].sources == ("ex-report", "ex-copy")
    assert figures["share"].reporters == ("ex-report",)


# --- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entries", "problem"),
    [
        # totals of different reporters are never added
        ("{sum: units, of: shipments, where: {category: other, id: [far, near]}}", "D023"),
        # a copy is no other reporter
        ("{sum: units, of: shipments, where: {id: [near, full], category: other}}", None),
        ("{sum: units, of: shipments, where: {id: [near, both]}}", None),
        ("{sum: units, of: shipments, where: {category: other, id: [far, near]}, disjoint: invented}", None),
        ("{sum: units, of: shipments, where: {category: other, id: [far, near]}, overlapping: invented}", None),
        ("{count: id, of: shipments, where: {category: other, id: [far, near]}}", None),
        # units and currencies never mix
        ("{sum: units, of: shipments, where: {id: [day, full]}}", "D024"),
        ("{sum: value, of: shipments, where: {record: declaration, category: drone}, unit: drone}", "D024"),
        ("{sum: value, of: shipments, where: {record: declaration, category: drone}}", "D024"),
        ("{max: value, of: totals}", "D024"),
        ("{value: value, of: totals}", "D021"),
        # unknown is never zero, and absence is no number
        ("{sum: units, of: shipments, where: {category: counter_drone}}", "D022"),
        ("{count: id, of: shipments, where: {category: counter_drone}}", "D022"),
        ("{count: id, of: shipments, where: {category: counter_drone}, intended: invented}", None),
    ],
)
def test_what_must_not_be_counted(entries: str, problem: str | None) -> None:
    _, problems = compute(f"x: {entries}")
    assert problem in {None, *(each[:4] for each in problems)}
    assert bool(problems) is bool(problem)


def test_of_overlapping_reports_only_the_largest_floor_counts() -> None:
    entry = "{sum: units, of: shipments, where: {category: other, label: war_use}, overlapping: invented}"
    assert limits(figure(entry)) == "[7, ∞)"


def test_disjoint_reports_are_added() -> None:
    entry = "{sum: units, of: shipments, where: {category: other, label: war_use}, disjoint: invented}"
    assert limits(figure(entry)) == "[13, ∞)"


@pytest.mark.parametrize(
    ("entries", "codes"),
    [
        ("a: {difference: [b, b]}\nb: {difference: [a, a]}", ["D021", "D021"]),
        ("a: {difference: [a, a]}", ["D021"]),
        ("a: {difference: [b, b]}\nb: {difference: [c, c]}\nc: {difference: [b, b]}", ["D021"] * 3),
        # one that only stands on what is broken is not blamed too
        ("a: {difference: [b, b]}\nb: {max: value, of: totals}\nc: {ratio: [a, a]}", ["D024"]),
        ("a: {ratio: [b, c]}\nb: {count: id, of: events, unit: x}\nc: {count: id, of: events, unit: y}", ["D024"]),
    ],
)
def test_figures_that_cannot_be_reached(entries: str, codes: list[str]) -> None:
    figures, problems = compute(entries)
    assert [each[:4] for each in problems] == codes
    assert "a" not in figures


def test_the_order_of_the_file_is_kept() -> None:
    figures, _ = compute("z: {ratio: [y, y]}\ny: {count: id, of: events}\na: {count: id, of: events}")
    assert list(figures) == ["z", "y", "a"]


def test_every_figure_of_the_small_site() -> None:
    dataset, _ = read_dataset(small_site())
    assert dataset
    figures, problems = compute_figures(dataset)
    assert not problems
    assert {name: limits(each) for name, each in figures.items()} == {
        "labelled_drones": "[37, ∞)",
        "documented_labelled_drones": "[3, 3]",
        "undocumented_labelled_drones": "[34, ∞)",
        "share_documented": "(0, 3/37]",
        "labelled_value": "[102500, 103500]",
        "first_declaration": "[0, ∞)",
    }
