"""`data/` read: cells by their declared type, each with its place; definitions of figures."""

from __future__ import annotations

import json
from fractions import Fraction as F  # noqa: N817 - short, so that the tables read as tables
from typing import TYPE_CHECKING, Any

import pytest
from small_site import change, small_site, text_at, without_row

from builder.datapackage import read_dataset
from builder.model import FigureDefinition, Location

if TYPE_CHECKING:
    from builder.diagnostics import Diagnostic
    from builder.model import Dataset, Row

SHIPMENTS = "data/shipments.csv"
FIGURES = "data/figures.yaml"


def dataset() -> Dataset:
    found, problems = read_dataset(small_site())
    assert not problems
    assert found
    return found


def row(table: str, row_id: str) -> Row:
    found = dataset().row(table, row_id)
    assert found
    return found


def told(problems: list[Diagnostic]) -> list[str]:
    return [f"{found.location.line}:{found.location.column} {found.code}" for found in problems]


# --- cells -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "row_id", "column", "value"),
    [
        ("shipments", "ex-line", "id", "ex-line"),
        ("shipments", "ex-line", "sources", ("ex-copy", "ex-report")),
        ("shipments", "ex-line", "date_from", "2023-02-01"),
        ("shipments", "ex-line", "note", 'An invented declaration, "quoted, with a comma".'),
        ("shipments", "ex-undated", "date_from", None),
        ("shipments", "ex-undated", "importer", None),
        ("shipments", "ex-seized", "value", None),
        ("sources", "ex-other", "published", "2023"),
        ("entities", "example-office", "listings", ()),
    ],
)
def test_a_cell_has_the_type_of_its_column(table: str, row_id: str, column: str, value: Any) -> None:
    assert row(table, row_id).values[column] == value


@pytest.mark.parametrize(
    ("table", "row_id", "column", "value", "bound", "said", "low", "high"),
    [
        ("shipments", "ex-group", "units", 37, "at_least", "at least", 37, None),
        ("shipments", "ex-group", "value", 103000, "about", "around", 102500, 103500),
        ("shipments", "ex-line", "units", 3, "exact", "", 3, 3),
        ("totals", "ex-12m", "value", 12000000, "more_than", "more than", 12000000, None),
        ("totals", "ex-share", "value", F(1, 2), "less_than", "nearly half", F(2, 5), F(1, 2)),
    ],
)
def test_a_number_its_bound_and_its_limits_are_one_amount(
    table: str, row_id: str, column: str, value: Any, bound: str, said: str, low: Any, high: Any
) -> None:
    amount = row(table, row_id).values[column]
    assert (amount.value, amount.bound, amount.said) == (value, bound, said)
    assert (amount.interval.low, amount.interval.high) == (low, high)


def test_each_cell_knows_its_place() -> None:
    files = small_site()
    for table in dataset().tables.values():
        lines = files[table.path].decode().split("\n")
        for found in table.rows.values():
            for column, cell in found.cells.items():
                place = table.place(found.id, column)
                there = lines[place.line - 1][place.column - 1 :]
                assert there.startswith(cell.replace('"', '""')), (table.name, found.id, column)


def test_a_table_is_a_frame_of_objects() -> None:
    frame = dataset().tables["shipments"].frame()
    assert list(frame.index) == ["ex-group", "ex-line", "ex-undated", "ex-seized"]
    assert frame.loc["ex-seized", "value"] is None
    assert set(frame.dtypes.astype(str)) == {"object"}


@pytest.mark.parametrize(
    ("find", "put", "problems"),
    [
        # what pandas would have guessed
        (",10,exact,", ",NA,exact,", ["D007 NA"]),
        (",10,exact,", ",inf,exact,", ["D007 inf"]),
        (",10,exact,", ",1e3,exact,", ["D007 1e3"]),
        (",10,exact,", ",１０,exact,", ["D007 １０"]),
        (",10,exact,", ",10.5,exact,", ["D007 10.5"]),
        (",10,exact,", ",+10,exact,", ["D031 +"]),
        (",10,exact,", ",10,exactly,", ["D007 exactly"]),
        (",10,exact,", f",{'9' * 19},exact,", [f"D007 {'9' * 19}"]),
        (",10,exact,", ",,exact,", []),
        (",36077,exact,", ",36077.505,exact,", []),
        (",36077,exact,", ',"36,077",exact,', ["D007 36,077"]),
        ("ex-undated,declaration,,ex-report,,,", "ex-undated,declaration,,ex-report,20230201,,", ["D007 20230201"]),
        ("ex-undated,declaration,,ex-report,,,", "ex-undated,declaration,,ex-report,2023-02,,", ["D007 2023-02"]),
        ("ex-undated,declaration,,ex-report,,,", "ex-undated,declaration,,ex-report;ex-none,,,", ["D010 ex-none"]),
        ("ex-undated,declaration,,ex-report,,,", "ex-undated,declaration,,ex-report; ex-other,,,", []),
        ("ex-undated,declaration,,", "Ex-Undated,declaration,,", ["D007 Ex-Undated"]),
        ("ex-undated,declaration,,", ",declaration,,", ["D008 ,"]),
        ('"An invented declaration, ""quoted, with a comma""."', '"Two\nlines"', []),
    ],
)  # fmt: skip
def test_a_cell_is_read_strictly(find: str, put: str, problems: list[str]) -> None:
    files = change(small_site(), SHIPMENTS, find, put)
    assert [f"{found.code} {text_at(found, files)}" for found in read_dataset(files)[1]] == problems


def test_lines_are_counted_across_a_cell_of_several() -> None:
    files = change(small_site(), SHIPMENTS, "An invented group.", '"Two\nlines, and\nthree"')
    files = change(files, SHIPMENTS, "ex-seized,declaration,", "ex-seized,declared,")
    assert told(read_dataset(files)[1]) == ["7:11 D007"]


def test_an_empty_table_has_no_rows() -> None:
    files = small_site()
    files["data/ledger.csv"] = files["data/ledger.csv"].split(b"\n")[0]
    found, problems = read_dataset(files)
    assert found
    assert not problems
    assert not found.tables["ledger"].rows


def test_a_blank_line_is_no_row() -> None:
    files = small_site()
    files["data/ledger.csv"] += b"\n\n"
    assert read_dataset(files)[1] == []


# --- the package -------------------------------------------------------------------------------


def package(**changes: Any) -> list[str]:
    files = small_site()
    described = json.loads(files["data/datapackage.json"]) | changes
    files["data/datapackage.json"] = json.dumps(described).encode()
    return [found.message for found in read_dataset(files)[1]]


@pytest.mark.parametrize(
    "resources",
    [
        None, [], {}, "x", [1], [{}], [{"name": "a", "path": "a.csv", "schema": "x"}],
        [{"name": "a", "path": "a.csv", "schema": {}}],
        [{"name": "a", "path": "a.csv", "schema": {"fields": []}}],
        [{"name": "a", "path": "a.csv", "schema": {"fields": [{"name": "x"}]}}],
        [{"name": "a", "path": "../x.csv", "schema": {"fields": [{"name": "id"}]}}],
        [{"name": ["a"], "path": "a.csv", "schema": {"fields": [{"name": "id"}]}}],
        [{"name": "a", "path": "a.csv", "schema": {"fields": [{"name": "id", "type": "geopoint"}]}}],
        [{"name": "a", "path": "a.csv", "schema": {"fields": [{"name": "id", "amount": True, "type": "integer"}]}}],
        [{"name": "a", "path": "a.csv", "schema": {"fields": [{"name": "id", "constraints": {"pattern": "("}}]}}],
        [{"name": "a", "path": "a.csv", "schema": {"fields": [{"name": "id", "constraints": []}]}}],
        [{"name": "a", "path": "a.csv", "schema": {"fields": [{"name": "id", "constraints": {"enum": "x"}}]}}],
        [{"name": "a", "path": "a.csv", "schema": {"fields": [{"name": "id", "constraints": {"enum": [{}]}}]}}],
    ],
)  # fmt: skip
def test_a_package_that_cannot_be_meant_is_refused(resources: Any) -> None:
    assert len(package(resources=resources)) == 1


@pytest.mark.parametrize("licences", [None, 5, "CC", {}, [1], [{"name": 1}], [{"path": None}], [[]]])
def test_licences_that_cannot_be_read_are_refused(licences: Any) -> None:
    assert ["licenses of the package" in said for said in package(licenses=licences)] == [True]


@pytest.mark.parametrize("raw", [b"", b"[", b"{", b"null", b"[]", b"1", b"[" * 100000, b"1" * 5000, b'{"a": NaN}'])
def test_what_is_no_package_is_told(raw: bytes) -> None:
    found, problems = read_dataset({**small_site(), "data/datapackage.json": raw})
    assert found is None
    assert len(problems) == 1


def test_what_is_said_of_a_column_is_read() -> None:
    columns = {column.name: column for column in dataset().tables["shipments"].columns}
    assert columns["sources"].delimiter == ";"
    assert columns["sources"].refers_to == "sources"
    assert columns["units"].amount
    assert columns["date_from"].missing == "not stated by the source"
    assert columns["label"].enum == ("war_use", "none", "not_reported")


# --- sources that repeat one another -----------------------------------------------------------


def test_a_copy_goes_back_to_what_it_copies() -> None:
    found = dataset()
    assert [found.root(source) for source in ("ex-copy", "ex-report", "ex-other", "nothing")] == [
        "ex-report",
        "ex-report",
        "ex-other",
        "nothing",
    ]


def test_a_circle_of_copies_has_an_end() -> None:
    files = change(small_site(), "data/sources.csv", "What others quote.,", "What others quote.,ex-copy")
    found, problems = read_dataset(files)
    assert found
    assert found.root("ex-copy") in ("ex-copy", "ex-report")
    assert [problem.code for problem in problems] == ["D014", "D014"]


# --- definitions of figures --------------------------------------------------------------------


def test_a_definition_is_read() -> None:
    assert dataset().figures["labelled_drones"] == FigureDefinition(
        id="labelled_drones",
        measure="sum",
        column="units",
        of="shipments",
        where=(("category", ("drone",)), ("label", ("war_use",))),
        between=("2022-12-01", "2023-04-30"),
        parts=(),
        unit="drone",
        location=Location(FIGURES, 1, 1),
    )
    assert dataset().figures["share_documented"].parts == ("documented_labelled_drones", "labelled_drones")


@pytest.mark.parametrize(
    ("entry", "problems"),
    [
        ("x:\n  count: id\n  of: events", []),
        ("x:\n  count: id\n  of: events\n  where: {kind: [order, listing]}", []),
        ("x:\n  max: date\n  of: events", []),
        ("x: word", ["1:1 D021"]),
        ("x: [1]", ["1:1 D021"]),
        ("x: {}", ["1:1 D021"]),
        ("X: {count: id, of: events}", ["1:1 D021"]),
        ("x-y: {count: id, of: events}", ["1:1 D021"]),
        ("x: {count: id, sum: id, of: events}", ["1:1 D021"]),
        ("x: {count: id}", ["1:1 D021"]),
        ("x: {count: [id], of: events}", ["1:12 D021"]),
        ("x: {count: id, of: [events]}", ["1:20 D021"]),
        ("x: {count: id, of: events, where: [kind]}", ["1:35 D021"]),
        ("x: {count: id, of: events, where: {kinds: order}}", ["1:36 D021"]),
        ("x: {count: id, of: events, where: {kind: oder}}", ["1:42 D021"]),
        ("x: {count: id, of: events, between: 2023}", ["1:37 D021"]),
        ("x: {count: id, of: events, between: 2023-02-30..2023-03-01}", ["1:37 D021"]),
        ("x: {count: id, of: events, between: [a, b]}", ["1:37 D021"]),
        ("x: {sum: what, of: events}", ["1:10 D021"]),
        ("x: {ratio: [a]}", ["1:12 D021"]),
        ("x: {ratio: a}", ["1:12 D021"]),
        ("x: {ratio: [a, b]}", ["1:13 D021", "1:16 D021"]),
        ("x: {sum: value, of: totals}", ["1:1 D025"]),
        ("x: {count: id, of: events}\nx: {count: id, of: events}", ["2:1 C002"]),
        ("- x", ["1:1 C001"]),
        ("", ["1:1 C001"]),
    ],
)
def test_a_definition_is_checked(entry: str, problems: list[str]) -> None:
    assert told(read_dataset({**small_site(), FIGURES: entry.encode()})[1]) == problems


# --- what was removed ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ledger", "problems"),
    [
        ("shipments/ex-seized", []),
        ("shipments/ex-group; shipments/ex-seized", []),
        ("totals/ex-seized", ["2:22 D027"]),
        ("shipments/ex-line-2", ["2:22 D027"]),
    ],
)
def test_the_ledger_goes_on_to_account_for_what_was_removed(ledger: str, problems: list[str]) -> None:
    files = change(without_row(small_site(), "shipments", "ex-seized"), "data/ledger.csv", "shipments/ex-group", ledger)
    assert told(read_dataset(files)[1]) == problems


@pytest.mark.parametrize(
    ("table", "problems"),
    [("shipments", ["D037"]), ("totals", ["D037"]), ("events", ["D037"]), ("sources", []), ("entities", [])],
)
def test_the_id_of_a_removed_row_is_never_used_again_at_its_address(table: str, problems: list[str]) -> None:
    files = small_site()
    files["data/removals.csv"] += f"ex-order,{table},2026-11-27,Somebody asked for it.\n".encode()
    assert [found.code for found in read_dataset(files)[1]] == problems
