"""What can be wrong is told: each rule by a broken site, each place to the character, each message in full.

`tests/sites/broken/<name>/change.yaml` says what is changed in the small site, and `expected.txt` all that is told then.
`--force-regen` writes the latter anew; read the diff.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from small_site import SITES, broken_site, build_from, read_folder, small_build, small_site, text_at

from builder import diagnostics
from builder.diagnostics import RULES, Diagnostic, nearest, problem
from builder.model import Location

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_regressions.file_regression import FileRegressionFixture

    from builder.build import Build

BROKEN = sorted(folder.name for folder in (SITES / "broken").iterdir())
OWN = frozenset(read_folder(SITES / "small"))


@cache
def built(name: str) -> tuple[Mapping[str, bytes], Mapping[str, Any], Build]:
    files, plan = broken_site(SITES / "broken" / name)
    return files, plan, build_from(files)


def told(found: Diagnostic, files: Mapping[str, bytes]) -> str:
    """In full; of a file that the real site lends, without the place, which moves as that file is edited."""
    if found.location.path in small_site() and found.location.path not in OWN:
        return f"{found.location.path}: {found.code} {found.severity}: {found.message}\n    {found.cure}"
    return diagnostics.format_text(found, files)


def test_the_small_site_has_no_problem() -> None:
    assert small_build().problems == ()
    assert "en/claims/example-denial/index.html" in small_build().files


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_site_is_told_in_full(name: str, file_regression: FileRegressionFixture) -> None:
    files, plan, made = built(name)
    assert made.problems, plan["why"]
    assert bool(made.files) is not made.broken
    text = "\n".join(told(found, files) for found in made.problems) + "\n"
    file_regression.check(text, fullpath=SITES / "broken" / name / "expected.txt", encoding="utf-8")


@pytest.mark.parametrize("name", [name for name in BROKEN if "points_at" in broken_site(SITES / "broken" / name)[1]])
def test_each_place_is_right_to_the_character(name: str) -> None:
    files, plan, made = built(name)
    assert [text_at(found, files) for found in made.problems] == plan["points_at"]


@pytest.mark.parametrize("name", BROKEN)
def test_every_place_can_be_jumped_to(name: str) -> None:
    files, _, made = built(name)
    for found in made.problems:
        place = found.location
        if place.path not in files:
            continue
        text = files[place.path].decode("utf-8", "replace").replace("\r\n", "\n")
        lines = text.split("\n")
        assert 1 <= place.line <= len(lines), found
        assert 1 <= place.column <= len(lines[place.line - 1]) + 1, found


def test_every_rule_is_raised_by_a_broken_site() -> None:
    raised = {found.code for name in BROKEN for found in built(name)[2].problems}
    updates = (yaml.safe_load(path.read_text(encoding="utf-8")) for path in SITES.parent.glob("updates/*/change.yaml"))
    raised |= {code for plan in updates for code in plan["owed"]}  # which the tests of diff hold to what is raised
    assert sorted(RULES.keys() - raised) == [], (
        "a rule that nothing raises is no rule: give it a broken site, or delete it"
    )


# --- how a breach is told ----------------------------------------------------------------------


def test_every_rule_is_a_sentence_and_has_a_cure() -> None:
    for code, rule in RULES.items():
        assert code == rule.code
        assert rule.cure, code
        assert rule.sentence.endswith(".") or "{" in rule.sentence, code
        assert code[0] in "DCBVTSH", code


def test_text_shows_line_caret_and_cure() -> None:
    found = problem("B001", Location("a.md", 2, 5), 2, text="12")
    assert diagnostics.format_text(found, {"a.md": b"x\nsaw 12 drones\n"}).split("\n") == [
        "a.md:2:5: B001 error: The number 12 is not backed by any figure.",
        "    saw 12 drones",
        "        ^^",
        '    Bind it, [12](figure:…) or [12](total:…); or exempt it with a reason, [12](exempt: "why").',
    ]


@pytest.mark.parametrize(
    ("line", "column", "length", "shown", "mark"),
    [
        ("十二架 12", 5, 2, "十二架 12", "       ^^"),
        ("a\tb 12", 5, 2, "a b 12", "    ^^"),
        ("e\u0301 12", 4, 2, "e\u0301 12", "  ^^"),
        ("\x1b[31m 12", 7, 2, "�[31m 12", "      ^^"),
        ("x" * 200 + "12", 201, 2, "x" * 60 + "12", " " * 60 + "^^"),
    ],
    ids=["wide", "tab", "combining", "escape", "long"],
)
def test_the_caret_stands_under_the_text(line: str, column: int, length: int, shown: str, mark: str) -> None:
    found = problem("C023", Location("a.md", 1, column), length)
    assert diagnostics.format_text(found, {"a.md": line.encode()}).split("\n")[1:3] == [f"    {shown}", f"    {mark}"]


def test_what_has_no_line_is_told_without_one() -> None:
    found = problem("T001", Location("site/site.yaml"))
    assert len(diagnostics.format_text(found, {}).split("\n")) == 2
    assert len(diagnostics.format_text(problem("C023", Location("a.md", 9)), {"a.md": b"x"}).split("\n")) == 2


def test_json_comes_back_as_it_went() -> None:
    _, _, made = built("loose-number")
    back = [diagnostics.read_json(found) for found in json.loads(diagnostics.format_json(made.problems))]
    assert back == list(made.problems)


def test_a_workflow_command_is_escaped() -> None:
    found = Diagnostic(Location("a,b:c.md", 2, 3), "C005", "error", "50% of\nlines", "Mend it.")
    command = "::error file=a%2Cb%3Ac.md,line=2,col=3,title=C005::50%25 of%0Alines Mend it."
    assert diagnostics.format_github(found) == command


@pytest.mark.parametrize(
    ("name", "names", "sentence"),
    [
        ("labeled_drones", ["labelled_drones", "other"], 'Did you mean "labelled_drones"?'),
        ("labelled-drones", {"labelled_drones": 1}, 'Did you mean "labelled_drones"?'),
        ("zzz", ["labelled_drones"], "otherwise"),
        ("", [], "otherwise"),
    ],
)
def test_the_nearest_name_is_suggested(name: str, names: Any, sentence: str) -> None:
    assert nearest(name, names, "otherwise") == sentence


def test_problems_are_told_in_the_order_of_their_places() -> None:
    for name in BROKEN:
        problems = built(name)[2].problems
        assert list(problems) == sorted(set(problems)), name


@pytest.mark.parametrize(
    ("codes", "shown"),
    [
        ("", []),
        ("AAAAA", ["A", "A", "A", "A", "A"]),
        ("AAAAAA", ["A", "A", "A", "A", "A+1"]),
        ("ABAAAAABA", ["A", "B", "A", "A", "A", "A+2", "B"]),
    ],
)
def test_few_of_a_kind_are_told_and_the_rest_is_counted(codes: str, shown: list[str]) -> None:
    problems = [
        Diagnostic(Location("a.md", line), code, "error", "A sentence.", "A cure.") for line, code in enumerate(codes)
    ]
    told = [f"{found.code}+{more}".removesuffix("+0") for found, more in diagnostics.hold_back(problems)]
    assert told == shown


def test_a_kind_is_counted_in_each_file_by_itself() -> None:
    problems = [Diagnostic(Location(path, 1), "D007", "error", "x", "y") for path in "ab" for _ in range(6)]
    assert [more for _, more in diagnostics.hold_back(problems)] == [0, 0, 0, 0, 1] * 2


def test_github_meets_errors_before_warnings_and_each_kind_before_a_second_of_one() -> None:
    problems = [
        Diagnostic(Location("a.md", 1), "D016", "warning", "x", "y"),
        *(Diagnostic(Location("a.md", line), "B001", "error", "x", "y") for line in (2, 3)),
        Diagnostic(Location("b.md", 1), "B001", "error", "x", "y"),
    ]
    told = [(found.location.path, found.location.line) for found, _ in diagnostics.order_github(problems)]
    assert told == [("a.md", 2), ("b.md", 1), ("a.md", 3), ("a.md", 1)]
