"""What `.vscode/` gives an editor: its schemas exist, its problem list reads our lines, its snippets are right."""

from __future__ import annotations

import json
import re
import string
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from conftest import ROOT
from jsonschema import Draft202012Validator
from small_site import SITES, english, read_folder
from test_schemas import SCHEMAS, load, schema_of

from builder import cli, diagnostics, schemas
from builder.diagnostics import RULES, Diagnostic, problem
from builder.model import Location, Text
from builder.preview import State
from builder.prose import parse_passage

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = ROOT / ".vscode"


def read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


TASKS: Mapping[str, Any] = {task["label"]: task for task in read("tasks.json")["tasks"]}
SNIPPETS: Mapping[str, Any] = read("declared.code-snippets")


# --- settings ----------------------------------------------------------------------------------


def test_each_schema_is_given_to_the_files_that_it_is_for() -> None:
    for path, glob in read("settings.json")["yaml.schemas"].items():
        name = path.removeprefix("./builder/schemas/").removesuffix(".json")
        assert (ROOT / path).is_file()
        found = [each.relative_to(ROOT).as_posix() for each in ROOT.glob(glob)]
        assert found, glob
        assert {schema_of(each) for each in found} == {name}


def test_a_file_that_names_its_schema_names_the_right_one() -> None:
    """`data/figures.yaml` names none: it is published byte for byte, and readers have no such schema."""
    found = {}
    for top in ("content", "data", "site"):
        for path, raw in read_folder(ROOT / top).items():
            head = re.match(r"(#.*\n)*?# yaml-language-server: \$schema=(.*)\n", raw.decode("utf-8", "replace"))
            if head:
                found[f"{top}/{path}"] = ((ROOT / top / path).parent / head[2]).resolve()
    expected = {
        path: ROOT / "builder" / "schemas" / f"{schema_of(path)}.json"
        for path in (f"{top}/{each}" for top in ("content", "site") for each in read_folder(ROOT / top))
        if path.endswith(".yaml") and schema_of(path)
    }
    assert found == expected


def test_what_is_recommended_is_named_as_the_marketplace_names_it() -> None:
    for name in read("extensions.json")["recommendations"]:
        assert re.fullmatch(r"[a-z0-9-]+\.[a-z0-9-]+", name)


# --- tasks -------------------------------------------------------------------------------------


def matched(line: str, task: str = "declared: check") -> dict[str, str]:
    """What the problem list reads in a line; nothing where it is no problem."""
    pattern = TASKS[task]["problemMatcher"]["pattern"]
    found = re.search(pattern["regexp"], line)
    return {key: found[at] for key, at in pattern.items() if key != "regexp"} if found else {}


def filled(code: str) -> Diagnostic:
    gaps = [
        name for text in (RULES[code].sentence, RULES[code].cure) for _, name, _, _ in string.Formatter().parse(text)
    ]
    words = defaultdict(str, {name: f"a {name}: 1:2: “x”" for name in gaps if name})
    return problem(code, Location("content/zh-Hans/claims/a-b.md", 12, 7), 3, **words)


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("code", RULES)
def test_the_problem_list_reads_every_rule(code: str, task: str) -> None:
    found = filled(code)
    first, *rest = diagnostics.format_text(found, {}).split("\n")
    assert matched(first, task) == {
        "file": found.location.path,
        "line": "12",
        "column": "7",
        "code": code,
        "severity": found.severity,
        "message": found.message,
    }
    assert [matched(line, task) for line in rest] == [{}] * len(rest)


def test_the_problem_list_reads_what_broken_sites_tell_and_nothing_else() -> None:
    for file in SITES.glob("broken/*/expected.txt"):
        for line in file.read_text(encoding="utf-8").split("\n"):
            head = re.match(r"\S+:\d+:\d+: ", line)
            assert bool(matched(line)) is bool(head), line


@pytest.mark.parametrize("task", TASKS)
def test_a_task_is_a_command_that_there_is(task: str) -> None:
    command = [*TASKS[task]["args"], "--help"]
    assert CliRunner().invoke(cli.main, command).exit_code == 0
    assert TASKS[task]["command"] == ".venv/bin/declared"


def test_an_editor_sees_where_each_check_begins_and_ends(capsys: pytest.CaptureFixture[str]) -> None:
    cli._tell_state(State(problems=(filled("B001"),)))
    lines = capsys.readouterr().out.strip().split("\n")
    marks = TASKS["declared: serve"]["problemMatcher"]["background"]
    assert [i for i, line in enumerate(lines) if re.search(marks["beginsPattern"], line)] == [0]
    assert [i for i, line in enumerate(lines) if re.search(marks["endsPattern"], line)] == [len(lines) - 1]
    assert len([line for line in lines if matched(line, "declared: serve")]) == 1


# --- snippets ----------------------------------------------------------------------------------

NOW = {"CURRENT_YEAR": "2026", "CURRENT_MONTH": "11", "CURRENT_DATE": "23"}


def expand(name: str) -> str:
    """The snippet with all that it proposes: as it stands when somebody presses nothing but the tabulator."""
    text = "\n".join(SNIPPETS[name]["body"])
    text = re.sub(r"\$\{([A-Z_]+)\}", lambda gap: NOW[gap[1]], text)
    text = re.sub(r"\$\{\d+\|([^,|]*)[^}]*\|\}", r"\1", text)
    text = re.sub(r"\$\{\d+:([^}]*)\}", r"\1", text)
    text = re.sub(r"(?<!\\)\$\d+", "", text)
    assert not re.search(r"(?<!\\)\$\{", text), text
    return text.replace("\\$", "$")


def faults(schema: Any, value: Any) -> list[str]:
    return [fault.message for fault in Draft202012Validator(schema).iter_errors(value)]


def noun(name: str, of: str = "claim") -> Any:
    return {"$ref": f"#/$defs/{name}", "$defs": SCHEMAS[of]["$defs"]}


def test_a_new_claim_has_every_field_that_a_claim_needs() -> None:
    _, front, body = expand("A claim").split("---\n")
    assert faults(SCHEMAS["claim"], load(front)) == []
    assert load(front)["status"] == "draft"
    assert re.findall(r"^## ", body, re.MULTILINE)


@pytest.mark.parametrize(
    ("name", "kind"), [("A premise", "Premise"), ("A judgement", "Judgement"), ("An entry of history", "Change")]
)
def test_an_entry_has_every_field_that_it_needs(name: str, kind: str) -> None:
    (entry,) = load(expand(name))
    assert faults(noun(kind), entry) == []
    assert entry.keys() >= set(SCHEMAS["claim"]["$defs"][kind]["required"])


def test_each_choice_is_one_that_the_builder_knows() -> None:
    """The first choice is held with the rest of the snippet; here are the others."""
    known = {
        "operator": SCHEMAS["claim"]["$defs"]["Premise"]["properties"]["operator"]["enum"],
        "expect": SCHEMAS["claim"]["$defs"]["Premise"]["properties"]["expect"]["enum"],
        "kind": SCHEMAS["claim"]["$defs"]["Change"]["properties"]["kind"]["enum"],
        "sought": SCHEMAS["claim"]["$defs"]["Reply"]["properties"]["sought"]["enum"],
    }
    text = "\n".join(line for each in SNIPPETS.values() for line in each["body"])
    found = re.findall(r"(\w+): \"?\$\{\d+\|([^}]*)\|\}", text)
    assert {name for name, _ in found} >= known.keys()
    for name, choices in found:
        assert name == "of" or choices.split(",") == known[name]
        assert name != "of" or all((ROOT / "data" / f"{table}.csv").is_file() for table in choices.split(","))
    (measures,) = re.findall(r"  \$\{\d\|([^|]*)\|\}:", text)
    assert measures.split(",") == [name for name in schemas.MEASURES if name not in ("ratio", "difference")]


def test_a_new_figure_is_one() -> None:
    assert faults(SCHEMAS["figures"], load(expand("A figure"))) == []


def test_a_row_of_sources_has_a_cell_for_each_column() -> None:
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    (fields,) = (each["schema"]["fields"] for each in package["resources"] if each["name"] == "sources")
    cells = dict(zip((each["name"] for each in fields), expand("A row of sources").split(","), strict=True))
    for field in fields:
        limits, cell = field.get("constraints", {}), cells[field["name"]]
        assert cell or not limits.get("required")
        assert not cell or not limits.get("enum") or cell in limits["enum"]
        assert not cell or re.fullmatch(limits.get("pattern", ".*"), cell)
    written = "\n".join(SNIPPETS["A row of sources"]["body"])
    enums = [each["constraints"]["enum"] for each in fields if each.get("constraints", {}).get("enum")]
    assert [found.split(",") for found in re.findall(r"\|([^|]*)\|", written)] == enums


@pytest.mark.parametrize(
    ("name", "schemes"),
    [
        ("A number of a figure", ["figure"]),
        ("A number of a reported total", ["total"]),
        ("A number without a figure", ["exempt"]),
        ("A chart", ["chart"]),
        ("A quotation", ["record"]),
    ],
)
def test_a_piece_of_text_is_read_as_what_it_is(name: str, schemes: list[str]) -> None:
    text = expand(name)
    passage, problems = parse_passage("body", Text(text, "a.md", 1, 1, text), english(), True)
    assert problems == []
    assert [each.scheme for each in (*passage.bindings, *passage.charts)] == schemes
    assert passage.loose == ()


def test_the_guide_names_every_snippet_and_task() -> None:
    text = (ROOT / "builder" / "guide" / "editor.md").read_text(encoding="utf-8")
    table = text.partition("| word |")[2]
    assert sorted(re.findall(r"`([a-z-]+)`", "".join(re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)))) == sorted(
        each["prefix"] for each in SNIPPETS.values()
    )
    assert all(f"*{task}*" in text for task in TASKS)


def test_no_two_snippets_are_called_by_the_same_word() -> None:
    words = [each["prefix"] for each in SNIPPETS.values()]
    assert len(set(words)) == len(words)
