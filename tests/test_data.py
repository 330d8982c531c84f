"""The real data: whole, readable by others, and holding no more than their sources say."""

from __future__ import annotations

import csv
import re
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT

from builder.datapackage import read_dataset
from builder.disk import read_sources
from builder.figures import compute_figures
from builder.intervals import tell
from builder.model import Interval

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from builder.diagnostics import Diagnostic
    from builder.model import Dataset, Figure

GATHERED = {"figure": 112, "statement": 93}
"""How many reported figures and events, and how many statements, the ledger must account for."""
WORDS = 60
"""Of any one text that may be quoted."""
MONTHS = ("2022-12-01..2022-12-31", "2023-01-01..2023-01-31", "2023-02-01..2023-02-28", "2023-03-01..2023-03-31")
LABELLED = "{category: drone, label: war_use, origin: CN, destination: RU}"
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}", re.IGNORECASE)
TELEPHONE = re.compile(r"\+\d[\d ()-]{7,}\d|\(\d{3,5}\) ?\d{2,3}[ -]\d{2}|\btel\.|\bphone:", re.IGNORECASE)
PASSPORT = re.compile(r"\b(?:passport|паспорт|ИНН|date of birth|born on)\b", re.IGNORECASE)


def rows_of(table: str) -> list[dict[str, str]]:
    """A table as anybody reads it."""
    with (ROOT / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def list_of(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


TABLES = tuple(sorted(path.stem for path in (ROOT / "data").glob("*.csv")))
ROWS = {table: {row["id"]: row for row in rows_of(table)} for table in TABLES}


@pytest.fixture(scope="module")
def sources() -> Mapping[str, bytes]:
    return read_sources(ROOT)


@pytest.fixture(scope="module")
def dataset(sources: Mapping[str, bytes]) -> Dataset:
    found, problems = read_dataset(sources)
    assert found
    assert problems == []
    return found


@pytest.fixture(scope="module")
def figures(dataset: Dataset) -> Mapping[str, Figure]:
    found, problems = compute_figures(dataset)
    assert problems == []
    return found


def compute(sources: Mapping[str, bytes], definition: str) -> tuple[Mapping[str, Figure], list[Diagnostic]]:
    """The figures of the real data with one more, and every problem of the data and of the figures."""
    path = "data/figures.yaml"
    dataset, problems = read_dataset({**sources, path: sources[path] + f"\nextra: {definition}\n".encode()})
    assert dataset
    figures, found = compute_figures(dataset)
    return figures, problems + found


# --- the package -------------------------------------------------------------------------------


def test_others_can_read_the_package() -> None:
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.validate(str(ROOT / "data" / "datapackage.json"), type="package")
    assert report.flatten(["name", "rowNumber", "fieldName", "type", "note"]) == []
    assert report.valid
    assert sorted(task.name for task in report.tasks) == list(TABLES), "a table stands outside the package"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (",seized,", ",sold,", "constraint-error outcome"),
        (",2022-12-01,", ",2022-13-01,", "type-error date_from"),
        (",nikkei-labelled-drones,golem", ",nobody,golem", "foreign-key "),
        ("\nnikkei-2023-02-01,", "\nnikkei-labelled-drones,", "primary-key "),
    ],
)
def test_others_are_told_of_a_broken_row(tmp_path: Path, old: str, new: str, fault: str) -> None:
    frictionless = pytest.importorskip("frictionless")
    for path in (ROOT / "data").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    text = (ROOT / "data" / "shipments.csv").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "shipments.csv").write_text(text.replace(old, new, 1), encoding="utf-8")
    report = frictionless.validate(str(tmp_path / "datapackage.json"), type="package")
    assert fault in [f"{kind} {field or ''}" for kind, field in report.flatten(["type", "fieldName"])]


# --- the ledger --------------------------------------------------------------------------------


def ledger_faults() -> Iterator[str]:
    for row_id, row in ROWS["ledger"].items():
        for target in list_of(row["row"]):
            table, _, wanted = target.partition("/")
            if wanted not in ROWS.get(table, {}):
                yield f"{row_id} names {target}, which is not there"
        if row["outcome"] in ("kept", "merged") and not row["row"]:
            yield f"{row_id} is {row['outcome']} and names no row"
        if row["outcome"] == "left_out" and not row["reason"]:
            yield f"{row_id} is left out without a reason"


def test_the_ledger_accounts_for_all_that_was_gathered() -> None:
    rows = rows_of("ledger")
    assert len({row["id"] for row in rows}) == len(rows) == sum(GATHERED.values())
    counted = {"figure": 0, "statement": 0}
    for row in rows:
        counted[{"event": "figure"}.get(row["gathered"], row["gathered"])] += 1
    assert counted == GATHERED
    assert list(ledger_faults()) == []


def test_no_row_stands_outside_the_ledger() -> None:
    named = {target for row in ROWS["ledger"].values() for target in list_of(row["row"])}
    known = [f"{table}/{row}" for table in ("shipments", "totals", "events", "statements") for row in ROWS[table]]
    assert [row for row in known if row not in named] == []


# --- sources, quotations, privacy --------------------------------------------------------------


def test_every_row_has_sources_that_exist() -> None:
    faults = [
        f"{table}/{row_id}: {source or 'none'}"
        for table in ("shipments", "totals", "statements", "events")
        for row_id, row in ROWS[table].items()
        for source in list_of(row["sources"]) or [""]
        if source not in ROWS["sources"]
    ]
    assert faults == []


def test_every_source_can_be_looked_up() -> None:
    assert [row for row, cells in ROWS["sources"].items() if not cells["publisher"]] == []
    assert [row for row, cells in ROWS["sources"].items() if cells["url"] and "://" not in cells["url"]] == []


def count_words(text: str) -> int:
    """Words by spaces and hyphens; of Chinese, Japanese and Korean letters without spaces, two make a word."""
    han = re.findall(r"[\u3040-\u30ff\u3400-\u9fff]", text)
    return (
        len(re.findall(r"[^\W_]+(?:['’][^\W_]+)?", re.sub(r"[\u3040-\u30ff\u3400-\u9fff]", " ", text))) + len(han) // 2
    )


def test_no_quotation_is_longer_than_may_be_quoted() -> None:
    long = [
        f"{row_id}.{column}: {count_words(row[column])} words"
        for row_id, row in ROWS["statements"].items()
        for column in ("original", "english")
        if count_words(row[column]) > WORDS
    ]
    long += [
        f"{row_id}.label_text" for row_id, row in ROWS["shipments"].items() if count_words(row["label_text"]) > WORDS
    ]
    assert long == []


def test_reported_speech_wears_no_quotation_marks() -> None:
    spoken = [row for row in ROWS["statements"].values() if row["kind"] == "reported_speech"]
    assert spoken
    marked = re.compile(r"^[\"“„«「].*[\"”“»」]$")
    assert [row["id"] for row in spoken if marked.match(row["english"]) or marked.match(row["original"])] == []


def test_a_translation_says_who_translated_or_that_it_is_one() -> None:
    faults = [
        row["id"]
        for row in ROWS["statements"].values()
        if row["original"] and row["language"] in ("", "en") and row["original"] != row["english"] and row["english"]
    ]
    assert faults == []


@pytest.mark.parametrize("table", TABLES)
def test_nothing_private_stands_in_the_data(table: str) -> None:
    addresses = ("url", "archive_url")
    found = [
        f"{row_id}.{column}: {cell}"
        for row_id, row in ROWS[table].items()
        for column, cell in row.items()
        if MAIL.search(cell) or (column not in addresses and (TELEPHONE.search(cell) or PASSPORT.search(cell)))
    ]
    assert found == []


@pytest.mark.parametrize("text", ["write to a.b@example.org", "+7 (495) 123-45-67", "tel. 12", "passport 4509"])
def test_private_things_would_be_found(text: str) -> None:
    assert MAIL.search(text) or TELEPHONE.search(text) or PASSPORT.search(text)


def test_two_reports_of_one_record_are_one_source(dataset: Dataset) -> None:
    roots = {
        total: {dataset.root(source) for source in list_of(ROWS["totals"][total]["sources"])}
        for total in ("nyt-12m", "odni-12m")
    }
    assert len(set.union(*roots.values())) == 1, roots
    labelled = {dataset.root(source) for source in list_of(ROWS["shipments"]["nikkei-labelled-drones"]["sources"])}
    assert labelled == {"nikkei-2023"}


# --- what the numbers may say ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figure", "interval", "bound", "number"),
    [
        ("labelled_drones", Interval(Fraction(37), None), "at_least", 37),
        ("documented_labelled_drones", Interval(Fraction(3), Fraction(3)), "exact", 3),
        ("undocumented_labelled_drones", Interval(Fraction(34), None), "at_least", 34),
        ("share_documented", Interval(Fraction(0), Fraction(3, 37), low_open=True), "at_most", Fraction("8.2")),
        ("labelled_drones_value", Interval(Fraction(102500), Fraction(103500)), "about", 103000),
        ("labelled_counter_drones_value", Interval(Fraction(1200000), None, low_open=True), "more_than", 1200000),
    ],
)
def test_what_the_real_rows_say(
    figures: Mapping[str, Figure], figure: str, interval: Interval, bound: str, number: Fraction
) -> None:
    found = figures[figure]
    assert found.interval == interval
    assert found.told
    assert (found.told.bound, found.told.low) == (bound, number)


def test_two_open_ends_give_no_ratio(figures: Mapping[str, Figure]) -> None:
    assert figures["russia_to_ukraine_ratio"].told is None
    assert figures["russia_to_ukraine_ratio"].interval.high is None


def test_the_declaration_in_the_group_is_never_counted_twice(figures: Mapping[str, Figure]) -> None:
    selection = figures["labelled_drones"].selection
    assert selection.full == ("nikkei-labelled-drones",)
    assert selection.inside == (("nikkei-2023-02-01", "nikkei-labelled-drones"),)


@pytest.mark.parametrize(
    ("definition", "code"),
    [
        ("{sum: units, of: shipments, where: {category: drone, destination: RU}, unit: drone}", "D023"),
        ("{sum: units, of: shipments, where: {category: drone_parts}, unit: part}", "D023"),
        ("{sum: value, of: totals, where: {category: drone, unit: USD}, unit: USD}", "D025"),
        ("{sum: value, of: totals, where: {id: [nyt-12m, odni-12m]}, unit: USD}", "D025"),
        ("{value: value, of: totals, where: {category: drone, unit: USD}, unit: USD}", "D021"),
        ("{sum: value, of: shipments, where: {category: drone}, unit: USD}", "D024"),
    ],
)
def test_no_sum_across_reporters(sources: Mapping[str, bytes], definition: str, code: str) -> None:
    figures, problems = compute(sources, definition)
    assert code in [found.code for found in problems]
    assert "extra" not in figures or code == "D025"


def test_what_may_overlap_gives_only_its_largest_floor(sources: Mapping[str, bytes]) -> None:
    where = "{category: drone, destination: RU, outcome: cleared}"
    figures, problems = compute(
        sources, f"{{sum: units, of: shipments, where: {where}, unit: drone, overlapping: a test}}"
    )
    assert [found.code for found in problems] == []
    assert figures["extra"].interval == Interval(Fraction(500), None, low_open=True)


@pytest.mark.parametrize("month", MONTHS)
def test_a_group_is_never_spread_over_months(sources: Mapping[str, bytes], month: str) -> None:
    figures, problems = compute(
        sources, f"{{sum: units, of: shipments, where: {LABELLED}, between: {month}, unit: drone}}"
    )
    assert problems == []
    documented = 3 if month.startswith("2023-02") else 0
    assert figures["extra"].interval == Interval(Fraction(documented), None)
    assert dict(figures["extra"].selection.partial) == {"nikkei-labelled-drones": "overlaps"}
    assert (tell(figures["extra"].interval) is None) == (documented == 0)


def test_no_selection_is_unknown_and_never_nothing(sources: Mapping[str, bytes]) -> None:
    figures, problems = compute(
        sources, f"{{sum: units, of: shipments, where: {LABELLED}, between: 2021-01-01..2021-12-31, unit: drone}}"
    )
    assert [found.code for found in problems] == ["D022"]
    assert figures["extra"].interval == Interval(Fraction(0), None)
    assert figures["extra"].told is None
