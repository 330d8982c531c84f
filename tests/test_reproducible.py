"""Equal sources give equal bytes: on another day, in another place, in another language, on another disk."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import ROOT

from builder.disk import FOLDERS

ANOTHER_WORLD = '''
"""Read by Python before anything else: another clock, and folders listed the other way round."""
import datetime, os, random, time

import pandas  # its compiled parts must have met the true clock's types before they are replaced

SHIFT = {shift}
_time, _datetime, _date = time.time, datetime.datetime, datetime.date
_localtime, _gmtime, _strftime = time.localtime, time.gmtime, time.strftime
time.time = lambda: _time() + SHIFT
time.time_ns = lambda: int((_time() + SHIFT) * 10**9)
time.localtime = lambda at=None: _localtime(time.time() if at is None else at)
time.gmtime = lambda at=None: _gmtime(time.time() if at is None else at)
time.strftime = lambda form, at=None: _strftime(form, time.localtime() if at is None else at)


class Later(_datetime):
    __slots__ = ()

    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(time.time(), tz)

    @classmethod
    def utcnow(cls):
        return cls.fromtimestamp(time.time(), datetime.timezone.utc).replace(tzinfo=None)

    today = now


class LaterDay(_date):
    __slots__ = ()

    @classmethod
    def today(cls):
        return cls.fromtimestamp(time.time())


datetime.datetime, datetime.date = Later, LaterDay

if {backwards}:
    _scandir, _listdir = os.scandir, os.listdir

    class Backwards:
        def __init__(self, *given):
            with _scandir(*given) as found:
                self.found = iter(sorted(found, key=lambda entry: entry.name, reverse=True))

        def __iter__(self):
            return self

        def __next__(self):
            return next(self.found)

        def __enter__(self):
            return self

        def __exit__(self, *error):
            self.close()

        def close(self):
            self.found = iter(())

    os.scandir = Backwards
    os.listdir = lambda *given: sorted(_listdir(*given), reverse=True)
    random.seed(0)
with open({witness!r}, "a") as witness:
    print(datetime.datetime.now().year, file=witness)
'''
"""A sitecustomize: libfaketime would do the clock too, and is not on every machine."""


@dataclass(frozen=True)
class World:
    """What may differ between two machines."""

    name: str
    zone: str
    locale: str
    seed: str
    umask: int
    shift: int
    """Seconds by which the clock is wrong."""
    backwards: bool = False
    """Folders are listed the other way round."""


HERE = World("here", "UTC", "C.UTF-8", "0", 0o022, 0)
THERE = World("nested/far away", "Asia/Vladivostok", "tr_TR.UTF-8", "4242", 0o077, 40 * 365 * 86400 + 45296, True)


def build_in(folder: Path, world: World) -> dict[str, bytes]:
    """The site as a process builds it there, from a copy of the authors' files that was made there."""
    root = folder / world.name
    witness = folder / "witness"
    for name in sorted(FOLDERS, reverse=world.backwards):
        shutil.copytree(ROOT / name, root / name)
    if world.backwards:  # another order on the disk, and other times of the files
        for path in sorted(root.rglob("*"), reverse=True):
            os.utime(path, (10**9, 10**9))
    custom = folder / "custom" / world.name
    custom.mkdir(parents=True)
    text = ANOTHER_WORLD.format(shift=world.shift, backwards=world.backwards, witness=str(witness))
    (custom / "sitecustomize.py").write_text(text, encoding="utf-8")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "PYTHON"))}
    environment = kept | {
        "TZ": world.zone,
        "LC_ALL": world.locale,
        "PYTHONHASHSEED": world.seed,
        "PYTHONPATH": f"{custom}{os.pathsep}{ROOT}",
        "PYTHONUTF8": "1",
        "HOME": str(folder),
    }
    command = [
        sys.executable,
        "-m",
        "builder",
        "build",
        "--root",
        str(root),
        "--out",
        str(root / "public"),
        "--no-memory",
    ]
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        umask=world.umask,
    )
    assert done.returncode == 0, done.stderr
    years = {int(year) for year in witness.read_text().split()}
    assert min(years) >= 2060 if world.shift else years, "the other clock was not in force"
    assert not (root / ".cache").exists()
    public = root / "public"
    return {path.relative_to(public).as_posix(): path.read_bytes() for path in public.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The same sources, built in two worlds, side by side."""
    folders = tmp_path_factory.mktemp("a"), tmp_path_factory.mktemp("b")
    with ThreadPoolExecutor() as pool:
        here, there = pool.map(build_in, folders, (HERE, THERE))
    return here, there


def test_two_builds_are_equal_byte_for_byte(built: tuple[dict[str, bytes], dict[str, bytes]]) -> None:
    here, there = built
    assert sorted(here) == sorted(there)
    assert [path for path in sorted(here) if here[path] != there[path]] == []


@pytest.mark.parametrize("kind", [".html", ".svg", ".png", ".json", ".csv", ".css"])
def test_every_kind_of_file_was_compared(built: tuple[dict[str, bytes], dict[str, bytes]], kind: str) -> None:
    assert [path for path in built[0] if path.endswith(kind)]


def test_the_manifest_names_every_file_with_its_hash(built: tuple[dict[str, bytes], dict[str, bytes]]) -> None:
    here, _ = built
    manifest = json.loads(here["manifest.json"])
    hashes = {path: hashlib.sha256(raw).hexdigest() for path, raw in here.items() if path != "manifest.json"}
    assert manifest["outputs"] == hashes


def test_no_clock_and_no_place_shows_in_the_files(built: tuple[dict[str, bytes], dict[str, bytes]]) -> None:
    marks = (str(ROOT).encode(), b"/tmp/", b"far away", b"sitecustomize")
    found = [(path, mark) for path, raw in built[1].items() for mark in marks if mark in raw]
    assert found == []
