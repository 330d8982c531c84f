"""What is read from the disk and what is written to it: nothing from outside, nothing over what is not ours."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from builder import disk
from builder.binding import Edit
from builder.model import Location

SITE = {
    "index.html": b"home",
    "en/a/index.html": b"a",
    "manifest.json": b'{"outputs": {"index.html": "", "en/a/index.html": ""}}',
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path in (
        "data/a.csv",
        "content/en/claims/a.md",
        "site/site.yaml",
        "site/.hidden",
        "site/site.yaml~",
        "other/x",
    ):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(path.encode())
    return tmp_path


def test_only_the_authors_files_are_read(root: Path) -> None:
    assert disk.read_sources(root) == {
        path: path.encode() for path in ("content/en/claims/a.md", "data/a.csv", "site/site.yaml")
    }


@pytest.mark.parametrize("target", ["/etc/passwd", "../other/x", "nowhere", "/etc"])
def test_a_link_is_refused(root: Path, target: str) -> None:
    (root / "site" / "linked").symlink_to(target)
    with pytest.raises(disk.UnreadableError, match="site/linked"):
        disk.read_sources(root)


def test_what_is_no_plain_file_is_refused(root: Path) -> None:
    os.mkfifo(root / "data" / "pipe.csv")
    with pytest.raises(disk.UnreadableError, match=r"data/pipe\.csv"):
        disk.read_sources(root)


def test_a_site_is_written_whole_and_replaced_whole(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "public"
    assert disk.write_site(out, SITE) == len(SITE)
    fewer = {"index.html": b"new", "manifest.json": b'{"outputs": {"index.html": ""}}'}
    disk.write_site(out, fewer)
    assert {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()} == fewer
    assert [path.name for path in out.parent.iterdir()] == ["public"]


def test_what_was_changed_by_hand_is_written_again(tmp_path: Path) -> None:
    disk.write_site(tmp_path / "public", SITE)
    (tmp_path / "public" / "index.html").write_bytes(b"fake")
    disk.write_site(tmp_path / "public", SITE)
    assert (tmp_path / "public" / "index.html").read_bytes() == b"home"


@pytest.mark.parametrize("name", ["CNAME", ".git/config", "en/a/notes.txt"])
def test_a_file_that_no_build_made_is_never_lost(tmp_path: Path, name: str) -> None:
    disk.write_site(tmp_path / "public", SITE)
    stray = tmp_path / "public" / name
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"mine")
    with pytest.raises(disk.NotOursError, match=name):
        disk.write_site(tmp_path / "public", {**SITE, "index.html": b"new"})
    assert stray.read_bytes() == b"mine"


def test_the_manifest_of_something_else_is_none(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(b'{"name": "an app of somebody"}')
    (tmp_path / "app.js").write_bytes(b"")
    with pytest.raises(disk.NotOursError, match=r"app\.js"):
        disk.write_site(tmp_path, SITE)


def test_what_a_file_manager_left_does_not_stop_a_build(tmp_path: Path) -> None:
    disk.write_site(tmp_path / "public", SITE)
    (tmp_path / "public" / "en" / ".DS_Store").write_bytes(b"")
    disk.write_site(tmp_path / "public", {**SITE, "index.html": b"new"})
    assert (tmp_path / "public" / "index.html").read_bytes() == b"new"


def test_a_link_to_the_folder_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "public").symlink_to("real")
    disk.write_site(tmp_path / "public", SITE)
    assert (tmp_path / "public").is_symlink()
    assert (tmp_path / "real" / "index.html").read_bytes() == b"home"


@pytest.mark.parametrize("path", ["../x", "/tmp/x", "en/../../x", ""])
def test_nothing_is_written_outside(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="outside the site"):
        disk.write_site(tmp_path / "public", {**SITE, path: b""})
    assert list(tmp_path.iterdir()) == []


def test_memory_is_kept_and_what_was_tampered_with_is_forgotten(tmp_path: Path) -> None:
    disk.write_memory(tmp_path, {"chart-1": b"one", "chart-2": b"two"})
    assert dict(disk.read_memory(tmp_path)) == {"chart-1": b"one", "chart-2": b"two"}
    file = tmp_path / disk.MEMORY / "chart-1"
    file.write_bytes(file.read_bytes() + b"!")
    assert disk.read_memory(tmp_path).get("chart-1") is None
    disk.write_memory(tmp_path, {"chart-2": b"two"})
    assert list(disk.read_memory(tmp_path)) == ["chart-2"]


def test_where_nothing_can_be_kept_nothing_fails(tmp_path: Path) -> None:
    (tmp_path / ".cache").write_bytes(b"a file")
    disk.write_memory(tmp_path, {"chart-1": b"one"})
    assert dict(disk.read_memory(tmp_path)) == {}


def test_edits_change_the_digits_and_no_other_byte(root: Path) -> None:
    file = root / "content" / "en" / "claims" / "a.md"
    file.write_bytes(b"\xef\xbb\xbf37 and 37\r\nand 37\r\n")
    place = "content/en/claims/a.md"
    wanted = (Edit(Location(place, 1, 8), "37", "138"), Edit(Location(place, 2, 5), "37", "9"))
    stale = Edit(Location(place, 1, 1), "12", "13")
    beyond = Edit(Location(place, 99, 1), "37", "38")
    assert disk.write_edits(root, (*wanted, stale, beyond)) == wanted
    assert file.read_bytes() == b"\xef\xbb\xbf37 and 138\r\nand 9\r\n"


@pytest.mark.parametrize(
    ("there", "read"),
    [
        ({"content/new.md": b"mine"}, {}),
        ({"data/a.csv": b"changed meanwhile"}, {"data/a.csv": b"a\n"}),
        ({}, {"data/a.csv": b"taken away meanwhile"}),
    ],
    ids=["there", "changed", "gone"],
)
def test_nothing_new_is_written_over_what_was_not_read_so(
    tmp_path: Path, there: dict[str, bytes], read: dict[str, bytes]
) -> None:
    disk.write_files(tmp_path, there)
    with pytest.raises(FileExistsError, match=next(iter({**there, **read}))):
        disk.write_new(tmp_path, read, {"content/other.md": b"x", "content/new.md": b"x", "data/a.csv": b"a\nb\n"})
    assert {path: (tmp_path / path).read_bytes() for path in there} == there
    assert not (tmp_path / "content" / "other.md").exists()


def test_what_was_read_is_added_to_and_a_link_is_never_written_through(tmp_path: Path) -> None:
    disk.write_files(tmp_path, {"data/a.csv": b"a\n"})
    disk.write_new(tmp_path, {"data/a.csv": b"a\n"}, {"data/a.csv": b"a\nb\n", "content/new.md": b"x"})
    assert (tmp_path / "data" / "a.csv").read_bytes() == b"a\nb\n"
    assert (tmp_path / "content" / "new.md").read_bytes() == b"x"
    (tmp_path / "content" / "link.md").symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExistsError):
        disk.write_new(tmp_path, {}, {"content/link.md": b"x"})
