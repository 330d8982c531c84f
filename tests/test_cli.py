"""The commands: what they print, what they write, and how they end."""

from __future__ import annotations

import hashlib
import io
import json
import os
import pty
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from conftest import ROOT
from small_site import CLAIM, change, read_folder, small_site
from test_floors import HEAVY

from builder import cli, diagnostics, disk
from builder.cli import main

if TYPE_CHECKING:
    from collections.abc import Mapping


def write(root: Path, files: Mapping[str, bytes]) -> None:
    for path, raw in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(raw)


def declared(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], prog_name="declared")


@pytest.fixture(scope="session")
def remembered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small site on disk, built once, with its memory."""
    root = tmp_path_factory.mktemp("small")
    write(root, small_site())
    done = declared("build", "--root", root)
    assert done.exit_code == 0, done.output
    return root


@pytest.fixture
def root(remembered: Path, tmp_path: Path) -> Path:
    """A copy of it to do with as one likes."""
    shutil.copytree(remembered, tmp_path / "site")
    return tmp_path / "site"


def spoil(root: Path, path: str, find: str, put: str) -> None:
    write(root, {path: change({path: (root / path).read_bytes()}, path, find, put)[path]})


# --- build -------------------------------------------------------------------------------------


def test_a_build_writes_the_site_and_says_so(root: Path) -> None:
    done = declared("build", "--root", root)
    assert done.exit_code == 0
    assert done.stdout.startswith("Numbers: 20 bound, 1 exempt, 0 loose. ")
    assert f" files in {root / 'public'}, " in done.stdout
    assert (root / "public" / "en" / "claims" / "example-denial" / "index.html").is_file()


def test_with_an_error_the_last_good_site_stays(root: Path) -> None:
    public = root / "public"
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in public.rglob("*") if path.is_file()}
    spoil(root, CLAIM, "rating: contradicted", "rating: contradictd")
    done = declared("build", "--root", root)
    assert done.exit_code == 1
    assert 'V004 error: "contradictd" is not a rating.' in done.stderr
    assert "1 error. Nothing was written." in done.stderr
    assert done.stdout == ""
    assert before == {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in public.rglob("*") if p.is_file()}


def test_a_build_that_changes_nothing_writes_nothing(root: Path) -> None:
    stamp = (root / "public" / "index.html").stat().st_ino
    assert declared("build", "--root", root).exit_code == 0
    assert (root / "public" / "index.html").stat().st_ino == stamp


def test_a_changed_site_replaces_the_old_one_whole(root: Path) -> None:
    spoil(root, "content/en/pages/about.md", "An invented page, so", "Another page, so")
    (root / "content" / "en" / "pages" / "method.md").unlink()
    assert declared("build", "--root", root).exit_code == 0
    assert "Another page, so" in (root / "public" / "en" / "about" / "index.html").read_text()
    assert not (root / "public" / "en" / "method").exists()
    assert [path.name for path in root.iterdir() if path.name.startswith((".public", "public"))] == ["public"]


def test_another_folder_may_be_named(root: Path, tmp_path: Path) -> None:
    assert declared("build", "--root", root, "--out", tmp_path / "x" / "y").exit_code == 0
    assert read_folder(tmp_path / "x" / "y") == read_folder(root / "public")


@pytest.mark.parametrize("target", ["data", "."])
def test_a_folder_that_no_build_made_is_never_replaced(root: Path, target: str) -> None:
    before = read_folder(root / "data")
    done = declared("build", "--root", root, "--out", root / target)
    assert done.exit_code == 2
    assert "which no build made" in done.output
    assert read_folder(root / "data") == before


def test_a_file_is_no_folder(root: Path) -> None:
    assert declared("build", "--root", root, "--out", root / CLAIM).exit_code == 2


def test_memory_changes_no_byte(root: Path) -> None:
    assert declared("build", "--root", root, "--no-memory", "--out", root / "other").exit_code == 0
    assert read_folder(root / "other") == read_folder(root / "public")


def test_memory_that_was_spoilt_is_forgotten(root: Path) -> None:
    for path in (root / disk.MEMORY).iterdir():
        path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert declared("build", "--root", root, "--out", root / "other").exit_code == 0
    assert read_folder(root / "other") == read_folder(root / "public")


def test_warnings_are_told_and_stop_nothing(root: Path) -> None:
    spoil(root, "site/site.yaml", "url: https://example.org/check\n", "")
    done = declared("build", "--root", root)
    assert done.exit_code == 0
    assert "T005 warning" in done.stderr


# --- check -------------------------------------------------------------------------------------


def test_a_check_writes_no_site(root: Path) -> None:
    shutil.rmtree(root / "public")
    done = declared("check", "--root", root)
    assert done.exit_code == 0
    assert done.stdout.endswith("\nNumbers: 20 bound, 1 exempt, 0 loose. No problems.\n")
    assert not (root / "public").exists()


@pytest.fixture
def broken(root: Path) -> Path:
    spoil(root, CLAIM, "rating: contradicted", "rating: contradictd")
    spoil(root, CLAIM, "- Who used the drones.", "- Who used the 12 drones, 100% of them.")
    return root


def test_problems_are_told_with_their_places(broken: Path) -> None:
    done = declared("check", "--root", broken)
    assert done.exit_code == 1
    assert done.stdout.endswith("\nNumbers: 20 bound, 1 exempt, 2 loose. 3 errors.\n")
    heads = [line.partition(": ")[0] for line in done.stderr.split("\n") if line.startswith("content/")]
    assert heads == [f"{CLAIM}:10:9", f"{CLAIM}:27:18", f"{CLAIM}:27:29"]


def test_problems_are_told_to_programs(broken: Path) -> None:
    done = declared("check", "--root", broken, "--format", "json")
    assert done.exit_code == 1
    assert done.stderr == ""
    assert [(each["line"], each["code"], each["length"]) for each in json.loads(done.stdout)["problems"]] == [
        (10, "V004", 11),
        (27, "B001", 2),
        (27, "B001", 4),
    ]


def test_a_clean_check_has_no_problems_and_tells_how_firmly_each_verdict_stands(root: Path) -> None:
    done = declared("check", "--root", root, "--format", "json")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["problems"]) == (0, [])
    assert told["numbers"] == {"bound": 20, "exempt": 1, "loose": 0}
    (verdict,) = told["verdicts"].values()
    assert verdict["rating"] == "contradicted"
    assert verdict["stands"] == [
        "labelled_drones >= 1: holds. It rests on one reported figure and on the one declaration of it that is published. "
        "It falls only if all 37 drones fall. It rests on one investigation: Example Paper.",
        "As it is argued here, the verdict cannot do without: Example Paper, Example Office.",
    ]
    assert json.loads(declared("check", "--root", root, "--format", "json").stdout) == told  # remembered or not


def test_a_check_tells_it_in_words_too(root: Path) -> None:
    lines = declared("check", "--root", root).stdout.splitlines()
    assert lines[0] == "example-denial: contradicted"
    assert lines[1].startswith("    labelled_drones >= 1: holds. It rests on one reported figure")


def test_problems_are_told_to_a_code_review(broken: Path) -> None:
    done = declared("check", "--root", broken, "--format", "github")
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith(f"::error file={CLAIM},line=10,col=9,title=V004::")
    assert "100%25" in lines[2]


# --- check --fix -------------------------------------------------------------------------------


def test_fix_rewrites_only_the_digits_that_moved(root: Path) -> None:
    spoil(root, "data/shipments.csv", ",37,at_least,", ",38,at_least,")
    before = read_folder(root / "content")
    done = declared("check", "--root", root, "--fix")
    assert done.exit_code == 0, done.output
    after = read_folder(root / "content")
    assert before.keys() == after.keys()
    for path, raw in before.items():
        expected = raw.decode().replace("[at least 37]", "[at least 38]").replace("[at least 34]", "[at least 35]")
        assert after[path].decode() == expected.replace("[at most 8.2%]", "[at most 7.9%]"), path
    assert f"{CLAIM}:2:45: 37 → 38" in done.stderr
    assert "read again: title: An invented report told of [at least 38]" in done.stderr
    assert "    before: 37, 34, 8.2%\n    now: 38, 35, 7.9%\n" in done.stderr.replace("    " * 2, "    ")


def test_fix_never_touches_words_or_verdicts(root: Path) -> None:
    spoil(root, "data/shipments.csv", ",37,at_least,", ",12,exact,")
    spoil(root, CLAIM, "    value: 1\n", "    value: 20\n")
    before = read_folder(root / "content")
    done = declared("check", "--root", root, "--fix")
    assert done.exit_code == 1
    assert read_folder(root / "content") == before


def test_fix_keeps_line_endings_and_marks(root: Path) -> None:
    raw = b"\xef\xbb\xbf" + (root / CLAIM).read_bytes().replace(b"\n", b"\r\n")
    write(root, {CLAIM: raw})
    spoil(root, "data/shipments.csv", ",37,at_least,", ",38,at_least,")
    assert declared("check", "--root", root, "--fix").exit_code == 0
    after = (root / CLAIM).read_bytes()
    assert after.startswith(b"\xef\xbb\xbf---\r\n")
    assert after.count(b"\r\n") == raw.count(b"\r\n") == after.count(b"\n")


def test_on_the_real_site_fix_rewrites_the_digits_and_the_build_is_green(tmp_path: Path) -> None:
    for folder in disk.FOLDERS:
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shipments = tmp_path / "data" / "shipments.csv"
    shipments.write_bytes(shipments.read_bytes().replace(b",37,at_least,", b",38,at_least,", 1))
    before = read_folder(tmp_path / "content")
    done = declared("check", "--root", tmp_path, "--fix")
    assert done.exit_code == 0, done.output
    moved = {"37": "38", "34": "35", "8.2%": "7.9%", "8,2%": "7,9%", "8,2\u00a0%": "7,9\u00a0%"}
    for path, raw in read_folder(tmp_path / "content").items():
        old, new = before[path].decode().split("\n"), raw.decode().split("\n")
        assert len(old) == len(new)
        for was, now in zip(old, new, strict=True):
            if was == now:
                continue
            assert any(a in was and b in now for a, b in moved.items()), (path, was, now)
            bare = [_without(line, part) for line, part in ((was, moved), (now, moved.values()))]
            assert bare[0] == bare[1], (path, was, now)
    assert declared("build", "--root", tmp_path).exit_code == 0


def _without(line: str, parts: object) -> str:
    for part in parts:  # type: ignore[attr-defined]
        line = line.replace(part, "#")
    return line


# --- the command line --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--help"], 0, "Usage: declared"),
        (["-h"], 0, "check"),
        (["--version"], 0, "version"),
        (["build", "--help"], 0, "--out"),
        ([], 2, "Usage: declared"),
        (["sing"], 2, "No such command 'sing'"),
        (["build", "--sing"], 2, "No such option"),
        (["build", "--root", "/nowhere/at/all"], 2, "does not exist"),
        (["check", "--format", "xml"], 2, "'xml' is not one of"),
        (["build", "extra"], 2, "unexpected extra argument"),
    ],
)
def test_a_wrong_command_line_is_told(arguments: list[str], code: int, said: str) -> None:
    done = declared(*arguments)
    assert done.exit_code == code
    assert said in done.output


def test_a_folder_without_a_site_is_no_root(tmp_path: Path) -> None:
    done = declared("check", "--root", tmp_path)
    assert done.exit_code == 2
    assert "holds none of data/, content/ and site/" in done.output


def test_a_site_without_anything_in_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    done = declared("check", "--root", tmp_path)
    assert done.exit_code == 1
    assert "D001 error: data/datapackage.json is missing." in done.stderr
    assert "T001 error: site/site.yaml is missing." in done.stderr


def run(*arguments: str | Path, **more: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "builder", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, **more)  # type: ignore[call-overload, no-any-return]


def test_as_a_program_it_ends_with_its_code(root: Path) -> None:
    assert run("check", cwd=root).returncode == 0
    spoil(root, CLAIM, "rating: contradicted", "rating: contradictd")
    done = run("check", cwd=root)
    assert done.returncode == 1
    assert done.stderr.startswith(f"{CLAIM}:10:9: V004 error: ")
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stderr
    assert run("sing").returncode == 2


def at_terminal(command: list[str]) -> str:
    """What a program says on a terminal."""
    master, worker = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"}
    with subprocess.Popen(command, stdout=worker, stderr=worker, stdin=worker, env=environment) as process:
        os.close(worker)
        said = b""
        while True:
            try:
                piece = os.read(master, 4096)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            said += piece
    os.close(master)
    assert process.returncode == 0
    return said.decode()


PATIENT = (
    "import time, builder.cli as cli\n"
    "cli.PATIENCE = {patience}\n"
    "with cli._progress() as step:\n"
    "    step('drawing charts')\n"
    "    time.sleep(0.5)\n"
)


@pytest.mark.parametrize(("patience", "shown"), [(0.05, True), (30, False)])
def test_a_person_who_waits_is_told_what_is_done(patience: float, shown: bool) -> None:
    said = at_terminal([sys.executable, "-c", PATIENT.format(patience=patience)])
    assert ("drawing charts" in said) is shown


def test_nobody_else_is_told() -> None:
    code = PATIENT.format(patience=0.05)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT)
    assert (done.stdout, done.stderr) == (b"", b"")


def test_a_bug_is_shown_as_one(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(cli, "build", fail)
    assert isinstance(declared("check", "--root", root).exception, RuntimeError)


# --- trace, diff, verify ------------------------------------------------------------------------


def git(root: Path, *arguments: str) -> None:
    name = ["-c", "user.name=Example", "-c", "user.email=desk@example.org"]
    subprocess.run(["git", "-C", str(root), *name, *arguments], check=True, capture_output=True)


@pytest.fixture
def tracked(root: Path) -> Path:
    git(root, "init", "--quiet")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "-m", "before")
    return root


def test_trace_tells_both_ways_and_what_it_does_not_know(root: Path) -> None:
    done = declared("trace", "ex-line", "--root", root)
    assert done.exit_code == 0
    assert "What leans on it:" in done.stdout
    assert json.loads(declared("trace", "ex-line", "--root", root, "--format", "json").stdout)["id"] == "ex-line"
    wrong = declared("trace", "ex-lien", "--root", root)
    assert wrong.exit_code == 2
    assert 'Did you mean "ex-line"?' in wrong.output


def test_diff_compares_a_revision_with_the_working_folder(tracked: Path) -> None:
    same = declared("diff", "HEAD", "--root", tracked)
    assert same.exit_code == 0, same.output
    assert "0 numbers moved" in same.stdout
    spoil(tracked, "data/shipments.csv", ",37,at_least,", ",38,at_least,")
    done = declared("diff", "HEAD", "--root", tracked, "--out", tracked / "report")
    assert done.exit_code == 1
    assert "number    labelled_drones: at least 37 → at least 38" in done.stdout
    assert "H001" in done.stderr
    assert sorted(path.name for path in (tracked / "report").iterdir()) == ["diff.html", "diff.json", "diff.md"]


def test_diff_compares_two_revisions_and_a_site_below_the_repository(tracked: Path, tmp_path: Path) -> None:
    spoil(tracked, "data/shipments.csv", ",37,at_least,", ",38,at_least,")
    git(tracked, "commit", "--quiet", "-am", "after")
    for form in ("text", "markdown", "json", "html"):
        done = declared("diff", "HEAD~1", "HEAD", "--root", tracked, "--format", form)
        assert done.exit_code == 1
        assert "at least 38" in done.stdout
    below = tmp_path / "outer"
    shutil.copytree(tracked, below / "inner", ignore=shutil.ignore_patterns(".git"))
    git(below, "init", "--quiet")
    git(below, "add", ".")
    git(below, "commit", "--quiet", "-m", "all")
    assert declared("diff", "HEAD", "--root", below / "inner").exit_code == 1  # 38 is not told yet
    assert "0 numbers moved" in declared("diff", "HEAD", "--root", below / "inner").stdout


def test_diff_compares_two_folders(root: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(root, other)
    spoil(other, "data/shipments.csv", ",37,at_least,", ",38,at_least,")
    done = declared("diff", root, other, "--root", root)
    assert "at least 37 → at least 38" in done.stdout


@pytest.mark.parametrize("base", ["no-such-revision", "--", "HEAD:data", "/nowhere"])
def test_diff_says_when_a_side_is_nothing(tracked: Path, base: str) -> None:
    done = declared("diff", "--root", tracked, "--", base)
    assert done.exit_code == 2
    assert "neither a revision (git does not know it) nor a folder that holds data/" in done.output


def test_diff_drafts_history_and_then_nothing_more_is_owed(tracked: Path) -> None:
    spoil(tracked, "data/shipments.csv", ",37,at_least,", ",38,at_least,")
    assert declared("check", "--root", tracked, "--fix").exit_code == 0
    assert declared("diff", "HEAD", "--root", tracked).exit_code == 1
    drafted = declared("diff", "HEAD", "--root", tracked, "--draft-history", "--date", "2026-12-01")
    assert f"{CLAIM}: drafted; only you know the reason." in drafted.stderr
    waiting = declared("check", "--root", tracked)
    assert waiting.exit_code == 1
    for path in (tracked / "content").rglob("*.md"):
        path.write_bytes(path.read_bytes().replace(b"    why:\n", b"    why: It was read wrongly.\n"))
    assert declared("check", "--root", tracked).exit_code == 0, declared("check", "--root", tracked).output
    assert declared("diff", "HEAD", "--root", tracked).exit_code == 0


def test_drafts_go_to_the_working_folder_alone(tracked: Path) -> None:
    done = declared("diff", "HEAD", "HEAD", "--root", tracked, "--draft-history")
    assert done.exit_code == 2
    assert "leave HEAD out" in done.output
    assert declared("diff", "HEAD", "--root", tracked, "--date", "yesterday").exit_code == 2


def test_verify_finds_what_is_not_as_it_was_built(root: Path) -> None:
    assert declared("build", "--root", root).exit_code == 0
    public = root / "public"
    assert declared("verify", public, "--root", root).exit_code == 0
    assert declared("verify", public / "manifest.json", "--root", root).exit_code == 0
    page = public / "en" / "index.html"
    raw = page.read_bytes()
    page.write_bytes(raw[:-2] + bytes([raw[-2] ^ 1]) + raw[-1:])
    done = declared("verify", public, "--root", root)
    assert done.exit_code == 1
    assert done.stdout.startswith("en/index.html: differs\n")
    assert declared("verify", root / "data" / "figures.yaml", "--root", root).exit_code == 2


def test_verify_of_broken_sources_says_that_nothing_can_be_verified(root: Path) -> None:
    assert declared("build", "--root", root).exit_code == 0
    spoil(root, CLAIM, "rating: contradicted", "rating: contradictd")
    done = declared("verify", root / "public", "--root", root)
    assert done.exit_code == 1
    assert "Nothing can be verified" in done.stderr


EMBARGO = "status: embargoed\nembargo: 2026-11-23T09:00+01:00"


@pytest.mark.parametrize(
    ("at", "public"), [("", False), ("2026-11-23T07:59:59Z", False), ("2026-11-23T08:00:00Z", True)]
)
def test_a_build_is_told_as_of_when_and_its_copy_is_verified_as_of_then(root: Path, at: str, public: bool) -> None:
    spoil(root, CLAIM, "status: published", EMBARGO)
    asked = ("--at", at) if at else ()
    assert declared("build", "--root", root, *asked).exit_code == 0
    assert (root / "public" / "en" / "claims" / "example-denial" / "index.html").exists() is public
    done = declared("verify", root / "public", "--root", root)
    assert done.exit_code == 0, done.output
    assert (f" as of {at}:" in done.stdout) is bool(at)
    assert declared("verify", root / "public" / "manifest.json", "--root", root).exit_code == 0
    other = declared("verify", root / "public", "--root", root, "--at", "2026-11-24T00:00Z")
    assert other.exit_code == 1
    assert f"made with the site as of {at or 'no instant'}, here 2026-11-24T00:00:00Z" in other.stderr


def test_check_and_diff_are_told_as_of_when(tracked: Path) -> None:
    """A page that leads to an embargoed claim may do so only when readers can see that."""
    text = small_site()[CLAIM].decode().replace("status: published", EMBARGO)
    write(tracked, {"content/en/claims/example-second.md": text.encode()})
    spoil(
        tracked, "content/en/pages/about.md", "\n---\n", "\n---\n[The second check](claim:example-second) is there.\n\n"
    )
    for command in (("check",), ("diff", "HEAD")):
        assert declared(*command, "--root", tracked).exit_code == 1
        assert declared(*command, "--root", tracked, "--at", "2026-11-23T07:00Z").exit_code == 1
        done = declared(*command, "--root", tracked, "--at", "2026-11-23T09:00+01:00")
        assert done.exit_code == 0, done.output


@pytest.mark.parametrize("command", [("build",), ("check",), ("diff", "HEAD"), ("verify",)])
@pytest.mark.parametrize("at", ["2026-11-23", "2026-11-23T09:00", "now"])
def test_what_is_no_instant_is_an_error_of_usage(tracked: Path, command: tuple[str, ...], at: str) -> None:
    done = declared(*command, "--root", tracked, "--at", at)
    assert done.exit_code == 2
    assert f'"{at}" is not an instant with a zone; write it like 2026-12-01T09:00+01:00' in done.stderr


def test_a_folder_cannot_pose_as_a_revision(tracked: Path) -> None:
    spoil(tracked, CLAIM, "rating: contradicted", "rating: supported")
    git(tracked, "commit", "--quiet", "-am", "judged again")
    pose = tracked / "HEAD^1"
    for folder in disk.FOLDERS:
        shutil.copytree(tracked / folder, pose / folder)
    done = subprocess.run(
        [sys.executable, "-m", "builder", "diff", "HEAD^1"],
        cwd=tracked, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 1
    assert "H002" in done.stderr


def test_a_revision_is_read_to_the_byte_whatever_gitattributes_says(tracked: Path) -> None:
    (tracked / ".gitattributes").write_text(
        "content/** export-ignore\ndata/*.csv text eol=crlf\n*.yaml export-subst ident\n"
    )
    (tracked / "site" / "templates" / "parts" / ".hidden").write_text("no file of ours")
    git(tracked, "add", "--all")
    git(tracked, "commit", "--quiet", "-m", "attributes")
    assert disk.read_revision(tracked, "HEAD") == disk.read_sources(tracked)


def test_a_link_among_the_sources_of_a_revision_is_refused(tracked: Path) -> None:
    (tracked / "content" / "en" / "claims" / "secret.md").symlink_to("/etc/hostname")
    git(tracked, "add", "--all")
    git(tracked, "commit", "--quiet", "-m", "a link")
    done = declared("diff", "HEAD", "HEAD", "--root", tracked)
    assert done.exit_code == 1
    assert "is a link or no plain file" in done.output


def test_verify_does_not_believe_what_a_build_remembers(root: Path) -> None:
    assert declared("build", "--root", root).exit_code == 0
    memory = root / ".cache" / "declared"
    whole = next(path for path in memory.iterdir() if path.name.startswith("site-"))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole.read_bytes()[32:])) as kept, zipfile.ZipFile(out, "w") as forged:
        for name in kept.namelist():
            forged.writestr(name, kept.read(name).replace(b"at least 37", b"at least 99"))
    whole.write_bytes(hashlib.sha256(out.getvalue()).digest() + out.getvalue())
    assert declared("build", "--root", root).exit_code == 0
    done = declared("verify", root / "public", "--root", root)
    assert done.exit_code == 1
    assert "en/index.html: differs" in done.stdout


def test_verify_names_links_and_whatever_no_build_makes(root: Path, tmp_path: Path) -> None:
    assert declared("build", "--root", root).exit_code == 0
    other = tmp_path / "elsewhere"
    other.mkdir()
    (other / "evil.html").write_text("<script>alert(1)</script>")
    (root / "public" / "assets" / "linked").symlink_to(other)
    (root / "public" / "desktop.ini").write_text("x")
    (root / "public" / "a\x1b]0;b.html").write_text("x")
    done = declared("verify", root / "public", "--root", root)
    assert done.exit_code == 1
    assert "assets/linked (a link): extra" in done.stdout
    assert "desktop.ini: extra" in done.stdout
    assert "\x1b" not in done.stdout


# --- new ---------------------------------------------------------------------------------------------

FINDING = ("--title", "An invented finding", "--says", "No drones went there.")
SPOKEN = (
    *("--date", "2023-06-01", "--precision", "day", "--speaker", "Example Speaker 3", "--office", "Invented head"),
    *("--side", "company", "--about", "drones", "--denial", "yes", "--occasion", "Invented interview"),
    *("--kind", "reported_speech", "--gist", "It denies it.", "--sources", "ex-other", "--confidence", "low_quality"),
)
COUNTED = (
    *("--measure", "sum", "--of", "shipments", "--column", "units", "--unit", "drone", "--where", "category=drone"),
    *("--label", "Drones", "--about", "All that is declared."),
)


@pytest.mark.parametrize(
    ("arguments", "written"),
    [
        (
            ("claim", "example-new", *FINDING, "--statement", "ex-denial"),
            ["content/en/claims/example-new.md: written.", "Now write what stands after each TODO in content/en/claims/"],
        ),
        (
            ("claim", "example-new", *FINDING, "--statement", "ex-new", *SPOKEN),
            ["content/en/claims/example-new.md: written.", "data/statements.csv: added to.", "Now write what stands"],
        ),
        (
            ("source", "ex-new", "--kind", "mirror", "--publisher", "Example Mirror", "--seen", "primary"),
            ["data/sources.csv: added to.", "Now lean on it: [words](source:ex-new)"],
        ),
        (
            ("figure", "new_figure", *COUNTED),
            ["data/figures.yaml: added to.", "content/en/figures.yaml: added to.", "Now tell its number, [which](figure:new_"],
        ),
        (
            ("language", "fr"),
            [f"content/fr/{name}.yaml: written." for name in ("words", "figures", "charts")] + ["Now translate content/fr/"],
        ),
    ],
    ids=["claim", "claim and statement", "source", "figure", "language"],
)  # fmt: skip
def test_new_writes_what_passes_and_says_what_comes_next(
    root: Path, arguments: tuple[str, ...], written: list[str]
) -> None:
    done = declared("new", *arguments, "--root", root)
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert len(lines) == len(written)
    assert all(line.startswith(start) for line, start in zip(lines, written, strict=True)), lines
    assert "declared check" in lines[-1]
    checked = declared("check", "--root", root)
    assert checked.exit_code == 0, checked.output
    again = declared("new", *arguments, "--root", root)
    assert again.exit_code == 2
    assert "is taken" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("claim", "example-new"), "--title is needed. The title: the finding, in a sentence?"),
        (("claim", "example-new", "--title", "A 40"), "--title: The number 40 is not backed by any figure."),
        (
            ("claim", "example-new", *FINDING, "--statement", "ex-denail"),
            '--add is needed. There is no statement "ex-denail". Did you mean "ex-denial"?',
        ),
        (("claim", "example-new", *FINDING, "--statement", "ex-new", *SPOKEN[2:]), "--date is needed. On which day"),
        (
            ("claim", "example-new", *FINDING, "--statement", "ex-denial", *SPOKEN),
            "--about says nothing here, where nobody asks for it",
        ),
        (("claim", "Example New", *FINDING), '"Example New" cannot be its id'),
        (("source", "ex-new", "--kind", "miror"), '--kind: "miror" is not known here. Did you mean "mirror"?'),
        (
            ("source", "ex-new", "--kind", "mirror", "--publisher", "x", "--seen", "primary", "--url", "x"),
            '--url: "x" is not an address of the web.',
        ),
        (("figure", "new_figure", *COUNTED[:-2]), "--about is needed."),
        (("language", "qya"), "--name is needed."),
        (("claim",), "Missing argument 'SLUG'."),
        (("clam", "x"), "No such command 'clam'."),
    ],
)
def test_without_a_terminal_a_missing_or_wrong_flag_is_named_and_nothing_is_written(
    root: Path, arguments: tuple[str, ...], said: str
) -> None:
    before = read_folder(root)
    done = declared("new", *arguments, *(("--root", str(root)) if len(arguments) > 1 else ()))
    assert done.exit_code == 2
    assert said in done.stderr
    assert read_folder(root) == before


def asked(root: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str, answers: str) -> Result:
    """The command on a terminal, with a person who types the lines of `answers`."""
    monkeypatch.setattr(cli, "_may_ask", lambda: True)
    return CliRunner().invoke(main, ["new", *arguments, "--root", str(root)], input=answers, prog_name="declared")


def test_on_a_terminal_what_is_missing_is_asked_for_and_a_wrong_answer_asked_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = "\n".join(
        (
            *("", "There were 40 drones", "An invented finding", "ex-denail", "no", "ex-new", "yes"),
            *("1 June 2023", "2023-06-01", "day", "Example Speaker 3", "", "Invented head", "example-ofice", ""),
            *("company", "drones", "yes", "Invented interview", "quotation", "", "invented words", ""),
            *("It denies it.", "ex-othr", "ex-other", "low_quality", ""),
        )
    )
    done = asked(root, monkeypatch, "claim", "example-new", "--says", "No drones went there.", answers=f"{answers}\n")
    assert done.exit_code == 0, done.output
    for told in (
        "The title: the finding, in a sentence? ",
        "Which statement is checked? Its id in data/statements.csv: ",
        "The number 40 is not backed by any figure.",
        'There is no statement "ex-denail". Did you mean "ex-denial"? Shall it be added to data/statements.csv? (yes, no)',
        "Then name a statement that is there.",
        '"1 June 2023" is not a date like 2023-04-19.',
        "[empty: none in entities.csv]",
        'Did you mean "example-office"?',
        'Did you mean "ex-other"?',
    ):
        assert told in done.stderr, told
    row = (root / "data" / "statements.csv").read_text(encoding="utf-8").splitlines()[-1]
    assert row == (
        "ex-new,2023-06-01,day,Example Speaker 3,,Invented head,,company,drones,yes,Invented interview,quotation,"
        ",,invented words,,It denies it.,ex-other,low_quality,"
    )
    assert declared("check", "--root", root).exit_code == 0


def test_rows_that_cannot_be_selected_so_are_asked_for_again_with_their_unit(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = "sum\nshipments\nvalue\nGBP\ncategory=drone\nUSD\ncategory=drone\n\nDrones\nAll that is declared.\n"
    done = asked(root, monkeypatch, "figure", "new_figure", answers=answers)
    assert done.exit_code == 0, done.output
    assert "mixes currencies" in done.stderr
    assert "  unit: USD\n" in (root / "data" / "figures.yaml").read_text(encoding="utf-8")


def test_who_goes_away_leaves_everything_as_it_was(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = read_folder(root)
    done = asked(root, monkeypatch, "claim", "example-new", answers="An invented finding\nNo drones went there.\n")
    assert done.exit_code == 1
    assert "Aborted!" in done.stderr
    assert read_folder(root) == before


def test_new_asks_at_a_real_terminal_and_tells_the_files_apart(root: Path) -> None:
    master, worker = pty.openpty()
    command = [sys.executable, "-m", "builder", "new", "source", "ex-new", "--kind", "mirror", "--root", str(root)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdin=worker, stdout=subprocess.PIPE, stderr=worker, env=environment) as running:
        os.close(worker)
        os.write(master, b"Example Mirror\n\n\n\n\n\n\nprimary\n\n\n\n")
        out, _ = running.communicate(timeout=60)
        os.close(master)
    assert running.returncode == 0
    assert out.decode().splitlines()[0] == "data/sources.csv: added to."
    assert (
        (root / "data" / "sources.csv").read_bytes().endswith(b"\nex-new,mirror,Example Mirror,,,,,,,,primary,,,,,,\n")
    )


def test_new_needs_a_site_that_can_be_read(root: Path) -> None:
    (root / "data" / "datapackage.json").write_text("{")
    done = declared("new", "claim", "example-new", *FINDING, "--root", root)
    assert done.exit_code == 1
    assert "The site cannot be read: declared check says why." in done.stderr


def test_new_goes_on_beside_what_was_wrong_before(root: Path) -> None:
    spoil(root, CLAIM, "rating: contradicted", "rating: contradictd")
    done = declared("new", "claim", "example-new", *FINDING, "--statement", "ex-denial", "--root", root)
    assert done.exit_code == 0, done.output


# --- what teaches ------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["V004", "v004"])
def test_a_rule_is_explained_with_an_example(code: str) -> None:
    done = declared("explain", code)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("V004 error: ")
    assert "Why: " in done.stdout
    assert "    rating: contradicts\n" in done.stdout
    assert done.stdout.endswith("    rating: contradicted\n")


def test_every_rule_is_listed() -> None:
    done = declared("explain")
    assert done.exit_code == 0, done.output
    assert sum(line.startswith("  ") for line in done.stdout.splitlines()) == len(diagnostics.RULES)


def test_rules_are_told_as_json() -> None:
    one, all_ = (json.loads(declared("explain", *code, "--format", "json").stdout) for code in (("B001",), ()))
    assert [rule["code"] for rule in all_] == list(diagnostics.RULES)
    assert one == [rule for rule in all_ if rule["code"] == "B001"]


@pytest.mark.parametrize(
    ("code", "said"),
    [("B0001", 'No rule is called "B0001". Did you mean "B001"?'), ("x", "Without a code, all of them are listed.")],
)
def test_a_rule_that_is_none_is_a_wrong_command_line(code: str, said: str) -> None:
    done = declared("explain", code)
    assert done.exit_code == 2
    assert said in done.stderr


def test_to_explain_pays_for_no_heavy_library() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from builder.cli import main; "
        "done = CliRunner().invoke(main, ['explain', 'B001']); assert done.exit_code == 0, done.output; "
        f"print(*sorted({HEAVY!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_a_check_with_problems_says_once_where_more_is_told(root: Path) -> None:
    spoil(root, CLAIM, "rating: contradicted", "rating: contradictd")
    done = declared("check", "--root", root)
    assert done.stderr.count("declared explain") == 1
    assert done.stderr.endswith("declared explain V004\n")
    assert "declared explain" not in declared("check", "--root", root, "--format", "github").output


def test_a_check_without_problems_says_no_such_thing(root: Path) -> None:
    assert "declared explain" not in declared("check", "--root", root).output


def test_the_guide_is_written_where_one_wants_it(tmp_path: Path) -> None:
    done = declared("guide", "--out", tmp_path / "new")
    assert done.exit_code == 0, done.output
    kept = read_folder(ROOT / "builder" / "schemas")
    assert {path: raw for path, raw in read_folder(tmp_path / "new").items() if path.startswith("schemas/")} == {
        f"schemas/{path}": raw for path, raw in kept.items()
    }
    assert (tmp_path / "new" / "guide" / "reference.md").is_file()
    (tmp_path / "file").write_text("x")
    assert "cannot be written" in declared("guide", "--out", tmp_path / "file" / "x").stderr


# --- floods and failures -----------------------------------------------------------------------


def flooded(root: Path) -> None:
    """A table of 5,000 further rows in which one column is wrong, and one other slip."""
    row = "ex-many-{},declaration,,ex-report,2023-03-05,2023-03-05,CN,KZ,RU,,,,,computer,seized,,,,,,,{},exact,,,,,,,,,,not_reported,,,low_quality,"
    path = root / "data" / "shipments.csv"
    rows = "\n".join(row.format(number, f"{number} pieces") for number in range(5000))
    path.write_bytes(path.read_bytes() + rows.encode() + b"\n")
    spoil(root, CLAIM, "rating: contradicted", "ratting: contradicted")


def test_a_wrong_column_drowns_nothing_else(root: Path) -> None:
    flooded(root)
    done = declared("check", "--root", root)
    assert done.exit_code == 1
    assert len(done.stderr.splitlines()) < 40
    assert (
        "data/shipments.csv: 4,995 more of D007 in this file are not shown: declared check --all names each.\n"
        in done.stderr
    )
    assert 'C003 error: "ratting" is not a field here.' in done.stderr
    assert done.stdout.endswith("5001 errors.\n")


def test_all_names_each(root: Path) -> None:
    flooded(root)
    done = declared("check", "--root", root, "--all")
    assert done.stderr.count(": D007 error: ") == 5000
    assert "are not shown" not in done.stderr
    told = json.loads(declared("check", "--root", root, "--format", "json").stdout)
    assert len(told["problems"]) == 5001


def test_github_is_told_one_of_each_kind_first(root: Path) -> None:
    flooded(root)
    lines = declared("check", "--root", root, "--format", "github").stdout.splitlines()
    assert [re.findall(r"title=(\w+)", line)[0] for line in lines] == ["C003", "D007", "D007", "D007", "D007", "D007"]
    assert "4%2C995 more" not in lines[-1]  # only properties are escaped so
    assert "4,995 more of D007 in this file are not shown" in lines[-1]


FAILING = "import sys; from builder import cli; cli.build = lambda *_, **__: 1 / 0; sys.argv = ['declared', 'check', '--root', {root!r}]; cli.run()"


@pytest.mark.parametrize("asked", ["", "1"])
def test_a_failure_of_the_builder_is_told_as_ours(root: Path, asked: str) -> None:
    command = [sys.executable, "-c", FAILING.format(root=str(root))]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "DECLARED_TRACEBACK": asked}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    assert ("Traceback" in done.stderr) is bool(asked)
    if not asked:
        assert done.stderr.startswith(
            "The builder failed, and that is our fault, not yours (ZeroDivisionError: division by zero)."
        )
        assert len(done.stderr.splitlines()) == 2
