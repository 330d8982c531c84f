"""The two commands of the README, and what they install."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = ["python3 builder/start.py build", "python3 builder/start.py test"]
LOCKS = ["requirements.lock", "requirements-test.lock"]


def requirements(lock: str) -> dict[str, str]:
    """Each requirement of a lock file with all that follows it, by name, version and marker."""
    text = "".join(line for line in (ROOT / lock).read_text().splitlines(keepends=True) if not line.startswith("#"))
    return {block.partition(" \\")[0]: block for block in re.split(r"\n(?=\S)", text.strip())}


def start(
    *arguments: str, script: Path = ROOT / "builder" / "start.py", **settings: str
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, script, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **settings}, cwd="/")


def test_the_readme_starts_with_the_two_commands() -> None:
    section = re.search(r"^## Start\n(.*?)^## ", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    assert section, "README.md has no section `## Start`"
    assert re.findall(r"^```sh\n(.*?)\n```$", section[1], re.MULTILINE | re.DOTALL) == COMMANDS


def test_ci_runs_what_the_readme_says() -> None:
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    assert COMMANDS[1] in lines
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert f"run: {COMMANDS[1]}" in (ROOT / ".github" / "workflows" / "check.yml").read_text()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_pinned_and_hashed(lock: str) -> None:
    for name, block in requirements(lock).items():
        assert re.match(r"[a-z0-9-]+==[^\s;]+( ; .+)?$", name), name
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), name


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert "index-url" not in text.replace("--no-emit-index-url", "")


def test_the_tests_run_on_what_the_build_runs_on() -> None:
    build, test = (requirements(lock) for lock in LOCKS)
    assert build.items() <= test.items()
    assert len(build) < len(test)


def test_the_npm_lock_names_no_registry_and_hashes_all() -> None:
    packages = json.loads((ROOT / "tests" / "web" / "package-lock.json").read_text())["packages"]
    assert packages.pop("")["devDependencies"]
    assert [name for name, package in packages.items() if "resolved" in package or "integrity" not in package] == []


@pytest.mark.parametrize(("arguments", "code"), [((), 2), (("sing",), 2), (("setup", "x"), 2), (("--help",), 0)])
def test_a_wrong_command_is_answered_with_the_right_ones(arguments: tuple[str, ...], code: int) -> None:
    done = start(*arguments)
    assert done.returncode == code
    assert all(command in done.stdout + done.stderr for command in [*COMMANDS, "python3 builder/start.py setup"])


def test_setup_sets_up_a_build_and_starts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from builder import start as module

    done: list[str] = []
    monkeypatch.setattr(module, "set_up_python", done.append)
    monkeypatch.setattr("os.execv", lambda *_: done.append("started"))
    module.main(["setup"])
    assert done == ["build"]


def test_half_a_copy_of_the_project_is_told_so(tmp_path: Path) -> None:
    script = tmp_path / "builder" / "start.py"
    script.parent.mkdir()
    script.write_bytes((ROOT / "builder" / "start.py").read_bytes())
    done = start("build", script=script)
    assert done.returncode == 1
    assert f"{tmp_path / 'requirements.lock'} is missing" in done.stderr
    assert list(tmp_path.iterdir()) == [script.parent]


def test_an_old_python_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from builder import start as module

    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    with pytest.raises(SystemExit, match=r"this is Python 3\.9, and Declared needs 3\.11"):
        module.check_python()


def test_a_python_without_venv_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from builder import start as module

    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="apt-get install python3-venv"):
        module.check_python()


def test_a_step_that_fails_is_told_with_its_cure() -> None:
    from builder import start as module

    with pytest.raises(SystemExit, match=r"dancing failed: .*\n.*mend it"):
        module.run("dancing", sys.executable, "-c", "raise SystemExit(3)", cure="mend it")


def test_uv_is_pinned_with_hashes_where_start_looks_for_it() -> None:
    from builder import start as module

    for lock in module.LOCKS.values():
        assert module.pinned("uv", lock).startswith("uv==")
        assert module.pinned("uv", lock).count("--hash=sha256:") > 1


@pytest.mark.parametrize(
    ("there", "wanted"),
    [
        (("google-chrome", "firefox", "pdftotext"), []),
        (("chromium", "firefox-esr"), ["poppler-utils"]),
        ((), ["chromium", "firefox-esr", "poppler-utils"]),
    ],
)
def test_only_what_the_machine_lacks_is_installed(
    there: tuple[str, ...], wanted: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from builder import start as starter

    monkeypatch.setattr(starter.shutil, "which", lambda name: name if name in there else None)
    monkeypatch.setattr(starter, "FONTS", {"fonts-noto-core": str(tmp_path), "fonts-noto-cjk": str(tmp_path / "none")})
    assert starter.missing_packages() == [*wanted, "fonts-noto-cjk"]
