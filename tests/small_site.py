"""The small site of invented rows, on which the tests try what may go wrong."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

SITES = ROOT / "tests" / "sites"
CLAIM = "content/en/claims/example-denial.md"
BORROWED = ("data/datapackage.json", "content/en/words.yaml")
"""What the small site takes from the real one, besides its looks: the columns, and the words of the interface."""


def read_folder(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by posix path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@cache
def _small() -> dict[str, bytes]:
    looks = {f"site/{path}": raw for path, raw in read_folder(ROOT / "site").items()}
    return looks | {path: (ROOT / path).read_bytes() for path in BORROWED} | read_folder(SITES / "small")


def small_site() -> dict[str, bytes]:
    """The files of the small site: a fresh dict."""
    return dict(_small())


def change(files: Mapping[str, bytes], path: str, find: str, put: str, everywhere: bool = False) -> dict[str, bytes]:
    """The files with one text of one file replaced; it must be there, and only once unless `everywhere`."""
    text = files[path].decode()
    count = text.count(find)
    assert count == 1 or (everywhere and count), f"{path} has {count} times: {find}"
    return {**files, path: text.replace(find, put).encode()}


def broken_site(folder: Path) -> tuple[dict[str, bytes], dict[str, Any]]:
    """The small site with the changes of `change.yaml`, and that file as read.

    `changes` are applied in order: `in`, `find` and `put` (`times` repeats it, `everywhere` allows several);
    `file` and `text` write a whole file; `remove` takes one away; `encode` saves one in another encoding.
    """
    plan = yaml.safe_load((folder / "change.yaml").read_text(encoding="utf-8"))
    files = small_site()
    for step in plan["changes"]:
        if "remove" in step:
            del files[step["remove"]]
        elif "encode" in step:
            files[step["encode"]] = files[step["encode"]].decode().encode(step["as"])
        elif "file" in step:
            files[step["file"]] = (step["text"] * step.get("times", 1)).encode()
        else:
            put = step["put"] * step.get("times", 1)
            files = change(files, step["in"], step["find"], put, step.get("everywhere", False))
    return files, plan
