"""What a change does: data updates as folders, each with what it must move, said by hand, and its report in full.

`tests/updates/<name>/change.yaml` says what the small site was `before` and what `changes` then, and what must come of it;
`expected.md` is the report. `--force-regen` writes the latter anew; read the diff.
"""

from __future__ import annotations

import csv
import io
import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from conftest import ROOT
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser
from small_site import apply_changes, change, past_site, small_build, small_site

from builder import disk
from builder.build import build_study
from builder.changes import Difference
from builder.diff import diff
from builder.drawing import draw_alone
from builder.owed import check_owed, draft_history
from builder.report import format_html, format_json, format_markdown, format_text, scoreboard
from builder.review import Review, review
from builder.study import Study, study

if TYPE_CHECKING:
    from pytest_regressions.file_regression import FileRegressionFixture

UPDATES = ROOT / "tests" / "updates"
NAMES = sorted(folder.name for folder in UPDATES.iterdir())


def quietly(step: str) -> None:
    pass


@cache
def plan_of(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((UPDATES / name / "change.yaml").read_text(encoding="utf-8"))
    return found


@cache
def studies(name: str) -> tuple[Study, Study]:
    plan = plan_of(name)
    before = apply_changes(past_site() if plan.get("past") else small_site(), plan.get("before", []))
    return study(before), study(apply_changes(dict(before), plan["changes"]))


@cache
def made(name: str) -> Review:
    return review(*studies(name), ("before", "after"), small_build().memory, {}, quietly, draw_alone)


@pytest.fixture(scope="module")
def real() -> Study:
    return study(disk.read_sources(ROOT))


@pytest.mark.parametrize("name", NAMES)
def test_an_update_starts_from_a_sound_site(name: str) -> None:
    assert [str(found) for found in studies(name)[0].problems] == [], plan_of(name)["why"]


@pytest.mark.parametrize("name", NAMES)
def test_an_update_moves_what_was_said_by_hand_and_nothing_else(name: str) -> None:
    plan, report = plan_of(name), made(name)
    if "verdicts" in plan:
        assert [verdict.slug for verdict in report.found.verdicts] == plan["verdicts"]
    if "numbers" in plan:
        moved = {
            number.id: f"{number.before} → {number.after}".replace("\u00a0", " ") for number in report.found.numbers
        }
        assert moved == plan["numbers"]
    if "sentences" in plan:
        assert len(report.found.sentences) == plan["sentences"]
    if "changed_pages" in plan:
        assert report.found.pages
        assert list(report.found.pages.changed) == plan["changed_pages"]
    assert [due.found.code for due in report.owed] == plan["owed"]


@pytest.mark.parametrize("name", NAMES)
def test_an_update_is_reported_in_full(name: str, file_regression: FileRegressionFixture) -> None:
    file_regression.check(
        format_markdown(made(name)), fullpath=UPDATES / name / "expected.md", encoding="utf-8", extension=".md"
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_form_tells_the_same(name: str) -> None:
    report = made(name)
    told = json.loads(format_json(report))
    board = scoreboard(report.found)
    assert told["scoreboard"] == board
    assert board in format_text(report)
    page = LexborHTMLParser(format_html(report).decode())
    score = page.css_first(".score")
    assert score
    assert score.text() == board
    shown = " ".join(page.body.text().split()) if page.body else ""
    for one in report.found.sentences:
        assert one.place in format_text(report)
        assert one.place in shown
        assert " ".join((one.after or one.before).split()) in shown or one.state == "rewritten"
    assert 'src="http' not in page.html
    assert "<script" not in page.html


def false_by_check(after: Study) -> set[tuple[str, str, str]]:
    """Owner, role and words of every sentence with a number that the check finds stale."""
    stale = {found.location for found in after.problems if re.fullmatch(r"B0(0[3-7]|11|13)", found.code)}
    return {
        (f"{use.kind}:{use.name}", use.role, use.sentence)
        for use in after.uses
        if use.location in stale and use.sentence
    }


def false_by_diff(found: Difference) -> set[tuple[str, str, str]]:
    return {(one.owner, one.role, one.after) for one in found.sentences if one.state == "false"}


@pytest.mark.parametrize("name", NAMES)
def test_a_sentence_is_called_false_exactly_where_the_check_says_so(name: str) -> None:
    before, after = studies(name)
    assert false_by_diff(made(name).found) == (false_by_check(after) if after.figures or not before.figures else set())


VALUES = {
    "units": ("0", "1", "2", "36", "38", "500"),
    "units_bound": ("exact", "at_least", "more_than", "about", "at_most", "less_than"),
    "value": ("100", "103001", "12000000"),
    "label": ("war_use", "none", "not_reported"),
    "category": ("drone", "counter_drone", "computer"),
    "record": ("declaration", "group"),
    "part_of": ("", "nikkei-labelled-drones"),
    "date_from": ("", "2022-01-01", "2023-02-01"),
    "date_to": ("", "2023-02-01", "2025-12-31"),
    "origin": ("", "CN", "KZ"),
    "outcome": ("cleared", "seized"),
    "declarations": ("", "1", "12", "13"),
}
"""What a cell of shipments may become."""


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_changed_cell_is_told_wholly_and_alone(real: Study, data: st.DataObject) -> None:
    """The numbers that moved are those that a new computation gives otherwise; the false sentences, those of the check."""
    rows = list(csv.reader(io.StringIO(real.sources["data/shipments.csv"].decode())))
    at = data.draw(st.integers(1, len(rows) - 1))
    column = data.draw(st.sampled_from(sorted(VALUES)))
    rows[at][rows[0].index(column)] = data.draw(st.sampled_from(VALUES[column]))
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    after = study({**real.sources, "data/shipments.csv": out.getvalue().encode()})
    found = diff(real, after, None, None)
    if not after.figures:
        event("unread")
        assert found.could_not
        assert not found.numbers
        return
    names = real.figures.keys() | after.figures.keys()
    limits = [{name: (f.interval, f.day, f.told) for name, f in known.figures.items()} for known in (real, after)]
    moved = {name for name in names if limits[0].get(name) != limits[1].get(name)}
    event(f"numbers moved: {min(len(moved), 3)}")
    assert {number.id for number in found.numbers} == moved
    assert all(number.causes or number.through for number in found.numbers)
    assert false_by_diff(found) == false_by_check(after)
    changed = {row.id for row in found.rows}
    assert changed <= {rows[at][0]}
    outcomes = [
        {(slug, r.index): r.outcome for slug, verdict in known.verdicts.items() for r in verdict.premises}
        for known in (real, after)
    ]
    flipped = {slug for slug, index in outcomes[0] if outcomes[0][slug, index] != outcomes[1].get((slug, index))}
    assert flipped == {verdict.slug for verdict in found.verdicts if verdict.premises}


def test_nothing_changed_is_nothing_moved() -> None:
    known = study(small_site())
    report = review(known, known, ("a", "b"), small_build().memory, {}, quietly, draw_alone)
    assert report.found.quiet
    assert report.owed == ()
    assert scoreboard(report.found).startswith("0 verdicts changed, 0 numbers moved, 0 sentences to read again")


def test_both_ways_the_same_numbers_move() -> None:
    before, after = studies("row-corrected")
    there, back = diff(before, after, None, None), diff(after, before, None, None)
    assert {(n.id, n.before, n.after) for n in there.numbers} == {(n.id, n.after, n.before) for n in back.numbers}


# --- drafts ------------------------------------------------------------------------------------------


def drafted(name: str, day: str = "2026-12-01") -> dict[str, bytes]:
    return draft_history(made(name).owed, studies(name)[1], day)[0]


def test_a_draft_waits_for_its_reason_and_then_nothing_is_owed() -> None:
    before, after = studies("row-corrected")
    drafts = drafted("row-corrected")
    assert set(drafts) == {"content/en/claims/example-denial.md", "content/en/pages/index.md"}
    waiting = study({**after.sources, **drafts})
    reasons = [found for found in waiting.problems if found.location.path in drafts and "why" in found.message]
    assert len(reasons) == 2
    given = {path: raw.replace(b"    why:\n", b"    why: It was read wrongly.\n") for path, raw in drafts.items()}
    told = study({**after.sources, **given})
    assert not [found for found in told.problems if found.code[0] == "C"]
    assert check_owed(before, told, diff(before, told, None, None)) == ()


def test_a_draft_names_each_number_and_changes_no_other_byte() -> None:
    _, after = studies("row-corrected")
    for path, raw in drafted("row-corrected").items():
        lines, old = raw.decode().split("\n"), after.sources[path].decode().split("\n")
        added = [line for line in lines if line not in old]
        assert [line for line in lines if line not in added or line in old] == old
        assert "figures: [labelled_drones" in raw.decode()
        assert added


def test_a_changed_rating_is_drafted_as_a_verdict() -> None:
    text = drafted("rating-changed")["content/en/claims/example-denial.md"].decode()
    assert 'kind: verdict\n    before: "Contradicted"\n    now: "Supported"\n    why:\n' in text


def test_with_a_day_the_page_as_it_stood_is_kept_at_once() -> None:
    before, after = studies("rating-changed")
    drafts = drafted("rating-changed", "2026-12-01")
    assert "content/archive/en/claims/example-denial/2026-12-01.html" in drafts
    given = {path: raw.replace(b"    why:\n", b"    why: It was judged again.\n") for path, raw in drafts.items()}
    claim = "content/en/claims/example-denial.md"
    given[claim] = given[claim].replace(b"reviewed: 2026-11-23", b"reviewed: 2026-12-01")
    told = study({**after.sources, **given})
    assert not told.broken, told.problems
    assert check_owed(before, told, diff(before, told, None, None)) == ()


def test_without_a_day_the_day_is_left_to_the_person() -> None:
    text = drafted("rating-changed", "")["content/en/claims/example-denial.md"].decode()
    assert "  - date:\n    kind: verdict" in text


def test_a_report_does_not_tell_again_what_was_removed() -> None:
    report = made("removed-and-frozen")
    for form in (format_text, format_markdown, format_json):
        assert "Example Office" not in form(report)
    assert b"Example Office" not in format_html(report)


def test_what_was_removed_goes_out_of_frozen_copies_and_nothing_else_does() -> None:
    before, after = studies("removed-and-frozen")
    ((path, raw),) = drafted("removed-and-frozen").items()
    assert path == "content/archive/en/claims/example-denial/2026-11-26.html"
    assert b"Example Office" in before.sources[path]
    assert b"Example Office" not in raw
    assert b"at least 37" in raw
    told = study({**after.sources, path: raw})
    assert check_owed(before, told, diff(before, told, None, None)) == ()
    assert not build_study(told, small_build().memory).broken


def test_a_page_whose_verdict_changed_is_kept_as_it_stood_and_then_nothing_is_owed() -> None:
    before, after = studies("rating-changed-and-told")
    drafts = drafted("rating-changed-and-told", "")
    frozen = "content/archive/en/claims/example-denial/2026-12-01.html"
    assert frozen in drafts
    assert "content/en/claims/example-denial.md" not in drafts
    told = study({**after.sources, **drafts})
    assert check_owed(before, told, diff(before, told, None, None)) == ()
    made = build_study(told, small_build().memory)
    assert not made.broken, made.problems
    page = made.files["en/claims/example-denial/2026-12-01/index.html"].decode()
    assert "Contradicted" in page
    live = made.files["en/claims/example-denial/index.html"].decode()
    assert 'href="2026-12-01/index.html"' in live or "2026-12-01/" in live


# --- hostile words -----------------------------------------------------------------------------------


def test_a_report_shows_markup_of_the_data_as_text() -> None:
    evil = "<img src=x onerror=alert(1)> [x](javascript:alert(1)) @somebody | `y` **z**"
    files = change(small_site(), "data/shipments.csv", "An invented group.", evil)
    report = review(study(small_site()), study(files), ("a", "b"), small_build().memory, {}, quietly, draw_alone)
    markdown, page = format_markdown(report), format_html(report).decode()
    assert "@somebody" not in markdown
    assert "<img src=x" not in markdown.replace("\\<", "")
    assert "<img src=x" not in page
    assert "[x](" not in markdown


# --- the real site -----------------------------------------------------------------------------------


def withdraw(known: Study, source: str) -> Study:
    lines = known.sources["data/sources.csv"].decode().split("\n")
    at = next(at for at, line in enumerate(lines) if line.startswith(f"{source},"))
    assert lines[at].endswith(",,,")
    lines[at] = lines[at][:-3] + ",2026-12-01,It was retracted.,"
    return study({**known.sources, "data/sources.csv": "\n".join(lines).encode()})


def test_withdrawing_nikkei_names_every_verdict_number_and_sentence_and_nothing_else(
    real: Study, file_regression: FileRegressionFixture
) -> None:
    after = withdraw(real, "nikkei-2023")
    found = diff(real, after, None, None)
    gone = {name for name in real.dataset.tables["sources"].rows if "nikkei-2023" in real.dataset.chain(name)}  # type: ignore[union-attr]
    rows = {
        row.id
        for table in real.dataset.tables.values()  # type: ignore[union-attr]
        for row in table.rows.values()
        if row.values.get("sources") and gone.issuperset(row.values["sources"])
    }
    assert after.dataset is not None
    assert after.dataset.withdrawn == gone
    # numbers: every figure that selects one of these rows or is reckoned from one that does, every bound total of them
    direct = {name for name, figure in real.figures.items() if rows & set(figure.selection.rows)}
    derived = {name for name, figure in real.figures.items() if direct & set(figure.definition.parts)}
    totals = {use.target for use in real.uses if use.scheme == "total" and use.target in rows}
    assert {number.id for number in found.numbers} == direct | derived | totals
    assert {number.after for number in found.numbers} == {"unknown"}
    # sentences: every one that tells such a number, or leads to such a row or source
    ground = {("figure", name) for name in direct | derived} | {("total", name) for name in totals}
    ground |= {("record", row) for row in rows} | {("source", source) for source in gone}
    wanted = {
        (use.name, use.sentence)
        for use in real.uses
        if (use.scheme, use.target) in ground and use.sentence and use.scheme != "premise"
    }
    assert {(one.owner.split(":")[1], one.after) for one in found.sentences} == wanted
    # verdicts: every one with a premise on such a figure, a judgement or a statement that rests on such sources alone
    claims = real.content.claims["en"]
    fallen = {
        slug
        for slug, claim in claims.items()
        if claim.front.claim.statement in rows
        or any(getattr(entry, "figure", "") in direct | derived for entry in claim.front.because)
        or any(
            getattr(entry, "sources", ()) and gone.issuperset(entry.sources)
            for entry in claim.front.because
            if hasattr(entry, "sources")
        )
    }
    assert {verdict.slug for verdict in found.verdicts if not verdict.stands} == fallen
    shaken = {
        slug
        for slug, claim in claims.items()
        if any(gone & set(getattr(entry, "sources", ())) for entry in claim.front.because)
    }
    others = [verdict for verdict in found.verdicts if verdict.stands]
    assert {verdict.slug for verdict in others} <= shaken
    assert {ground.what for verdict in others for ground in verdict.grounds} <= {"a source that it cannot do without"}
    report = Review("before", "after", found, check_owed(real, after, found), {})
    file_regression.check(format_markdown(report), extension=".md", encoding="utf-8")


def test_what_rests_on_an_independent_source_stays(real: Study) -> None:
    after = withdraw(real, "nikkei-2023")
    found = diff(real, after, None, None)
    kept = {"nyt-12m", "drones_and_parts_first_year", "seized_quadcopters_2025", "drones_from_kazakh_firm"}
    assert not kept & {number.id for number in found.numbers}


@pytest.mark.parametrize(
    ("find", "put", "total", "pages"),
    [
        (
            ",0.98,",
            ",0.12,",
            "ukraine-imports-2024-01-99m-china-share",
            {"content/en/claims/almost-all-drones-come-from-china.md"},
        ),
    ],
)
def test_a_total_that_only_a_chart_draws_is_a_number_too(
    real: Study, find: str, put: str, total: str, pages: set[str]
) -> None:
    lines = real.sources["data/totals.csv"].decode().split("\n")
    at = next(at for at, line in enumerate(lines) if line.startswith(f"{total},"))
    assert find in lines[at]
    lines[at] = lines[at].replace(find, put)
    after = study({**real.sources, "data/totals.csv": "\n".join(lines).encode()})
    found = diff(real, after, None, None)
    assert total in {number.id for number in found.numbers}
    owed = check_owed(real, after, found)
    assert {due.found.location.path for due in owed if total in due.found.message} >= pages


@pytest.mark.parametrize("source", ["golem-2023", "nyt-2023-03", "politico-2023-07", "tass-7", "odni-2023-07"])
def test_any_source_can_be_withdrawn(real: Study, source: str) -> None:
    found = diff(real, withdraw(real, source), None, None)
    assert any(row.id == source and row.kind == "withdrawn" for row in found.rows)
