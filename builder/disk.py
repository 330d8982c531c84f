"""The only module that touches the disk: reads the authors' files, writes the site, keeps the memory."""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib import metadata
from pathlib import Path, PurePosixPath

from builder.binding import Edit
from builder.model import Site

FOLDERS = ("data", "content", "site")
MEMORY = ".cache/declared"
_LIBRARIES = (
    "jinja2",
    "markdown-it-py",
    "mdit-py-plugins",
    "pandas",
    "altair",
    "vl-convert-python",
    "resvg-py",
    "babel",
    "pydantic",
    "pyyaml",
    "markupsafe",
)
_OF_THE_SYSTEM = (".DS_Store", "Thumbs.db", "desktop.ini")
"""What file managers leave in a folder that somebody looked at."""
_BACKUPS = ("~", ".swp", ".tmp")
_EXCHANGE = 2
"""RENAME_EXCHANGE of renameat2(2)."""
_HERE = -100
"""AT_FDCWD."""


class NotOursError(Exception):
    """The folder to be replaced holds something that no build made."""


class UnreadableError(Exception):
    """Something among the authors' files is no plain file with a name that can be written down."""


class RevisionError(Exception):
    """Git does not know a revision, or is not there; the message says which."""


def read_sources(root: Path) -> dict[str, bytes]:
    """The authors' files under `root`, by posix path. Hidden files and editors' backups are none of ours.

    Raises UnreadableError at a link, which could publish a file from anywhere, and at whatever is no plain file.
    """
    files = {}
    for folder in FOLDERS:
        for place, folders, names in os.walk(root / folder, onerror=_report) if (root / folder).exists() else ():
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in [*folders, *sorted(names)]:
                path = Path(place, name)
                if name.startswith(".") or name.endswith(_BACKUPS):
                    continue
                key = PurePosixPath(path.relative_to(root)).as_posix()
                if path.is_symlink() or not key.isprintable() or not (name in folders or path.is_file()):
                    raise UnreadableError(key)
                if name not in folders:
                    files[key] = path.read_bytes()
    return files


def is_site(folder: Path) -> bool:
    """True when the folder holds any of the authors' folders."""
    return any((folder / name).is_dir() for name in FOLDERS)


def read_revision(root: Path, revision: str) -> dict[str, bytes]:
    """The authors' files under `root` as they were at a revision of git: the very bytes, whatever .gitattributes says.

    Raises RevisionError with git's own words, and UnreadableError as `read_sources` does.
    """
    asked = f"{revision}^{{commit}}"
    commit = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", asked).decode().strip()
    prefix = _git(root, "rev-parse", "--show-prefix").decode().strip()
    listed = _git(root, "ls-tree", "-r", "-z", f"{commit}:{prefix}").decode("utf-8", "surrogateescape")
    found = {}
    for line in filter(None, listed.split("\0")):
        head, _, name = line.partition("\t")
        mode, kind, blob = head.split()
        path = PurePosixPath(name)
        if path.parts[0] not in FOLDERS or _is_hidden(path):
            continue
        if kind != "blob" or mode == "120000" or not name.isprintable():
            raise UnreadableError(name)
        found[name] = blob
    return dict(zip(sorted(found), _read_blobs(root, [found[name] for name in sorted(found)]), strict=True))


def _read_blobs(root: Path, blobs: list[str]) -> Iterator[bytes]:
    """The contents of git's objects, in order."""
    out = _git(root, "cat-file", "--batch", given="\n".join(blobs).encode())
    at = 0
    for _ in blobs:
        end = out.index(b"\n", at)
        size = int(out[at:end].split()[2])
        yield out[end + 1 : end + 1 + size]
        at = end + 1 + size + 1


def _is_hidden(path: PurePosixPath) -> bool:
    return any(part.startswith(".") for part in path.parts) or path.name.endswith(_BACKUPS)


def _git(root: Path, *arguments: str, given: bytes = b"") -> bytes:
    try:
        done = subprocess.run(["git", "-C", str(root), *arguments], input=given, capture_output=True, check=False)
    except FileNotFoundError:
        raise RevisionError("git is not installed") from None
    if done.returncode:
        raise RevisionError(done.stderr.decode("utf-8", "replace").strip() or "git does not know it")
    return done.stdout


def read_copy(folder: Path) -> dict[str, bytes]:
    """Every file of a published copy, by posix path. A link, which could lead anywhere, is there and empty."""
    files = {}
    for place, folders, names in os.walk(folder):
        for name in [*folders, *names]:
            path = Path(place, name)
            if name in names or path.is_symlink():
                key = PurePosixPath(path.relative_to(folder)).as_posix()
                files[key + ("" if not path.is_symlink() else " (a link)")] = (
                    b"" if path.is_symlink() or not path.is_file() else path.read_bytes()
                )
    return files


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes each file whole or not at all; folders are made where they are missing."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        replace_file(target, content)


def write_new(root: Path, read: Mapping[str, bytes], files: Mapping[str, bytes]) -> None:
    """Writes files that are new, and those that were read and only added to.

    Raises FileExistsError, before anything is written, for a file that is there and was not read so.
    """
    for path in files:
        target = root / path
        now = target.read_bytes() if target.is_file() and not target.is_symlink() else None
        if now != read.get(path) or (now is None and os.path.lexists(target)):
            raise FileExistsError(path)
    write_files(root, files)


def _report(error: OSError) -> None:
    raise error  # os.walk would pass over a folder that it may not open


def read_versions() -> dict[str, str]:
    """What builds: a hash of the builder's own code and fonts, and the versions of the libraries that shape the output."""
    digest, home = hashlib.sha256(), Path(__file__).parent
    for path in sorted((*home.glob("**/*.py"), *home.glob("fonts/*.[ot]tf"))):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return {"builder": digest.hexdigest()[:16], **{name: metadata.version(name) for name in _LIBRARIES}}


def read_memory(root: Path) -> Mapping[str, bytes]:
    """What earlier builds remember, read only when it is asked for."""
    return _Memory(root / MEMORY)


class _Memory(Mapping[str, bytes]):
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __getitem__(self, key: str) -> bytes:
        try:
            raw = (self.folder / key).read_bytes()
        except OSError:
            raise KeyError(key) from None
        digest, content = raw[:32], raw[32:]
        if hashlib.sha256(content).digest() != digest:  # cut short or tampered with: as if it were not there
            raise KeyError(key)
        return content

    def __contains__(self, key: object) -> bool:
        try:
            self[str(key)]
        except KeyError:
            return False
        return True

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(sorted(path.name for path in self.folder.iterdir()) if self.folder.is_dir() else ())

    def __len__(self) -> int:
        return sum(1 for _ in self)


def write_memory(root: Path, memory: Mapping[str, bytes]) -> None:
    """Keeps what the last build remembers, and nothing older. Where nothing can be kept, the next build is slower."""
    if isinstance(memory, _Memory):
        return
    folder, known = root / MEMORY, read_memory(root)
    with contextlib.suppress(OSError):  # a folder that may only be read, or another build at the same moment
        folder.mkdir(parents=True, exist_ok=True)
        for name in {path.name for path in folder.iterdir()} - memory.keys():
            (folder / name).unlink(missing_ok=True)
        for key, content in memory.items():
            path = folder / key
            if key not in known:
                partial = folder / f"{key}.{os.getpid()}.tmp"
                partial.write_bytes(hashlib.sha256(content).digest() + content)
                partial.replace(path)


def write_site(out: Path, site: Site) -> int:
    """Writes the site beside `out` and swaps the two in one step; the number of files written.

    Raises NotOursError, with the name of one such file, when `out` holds something that no build made.
    """
    out = out.resolve()  # a link to a folder stays a link
    if stray := _find_stray(out):
        raise NotOursError(stray)
    for path in site:
        if not path or path.startswith("/") or ".." in path.split("/"):
            raise ValueError(f"{path} lies outside the site")
    if _is_same(out, site):
        return len(site)
    fresh = out.with_name(f".{out.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for folder in sorted({str(PurePosixPath(path).parent) for path in site}):
        (fresh / folder).mkdir(parents=True, exist_ok=True)
    for path, content in site.items():
        (fresh / path).write_bytes(content)
    _swap(fresh, out)
    return len(site)


def _find_stray(out: Path) -> str:
    """A file below `out` that the manifest of an earlier build does not name; empty when there is none."""
    if not out.is_dir():
        return out.name if out.exists() else ""
    try:
        made = {*json.loads((out / "manifest.json").read_bytes())["outputs"], "manifest.json"}
    except (OSError, ValueError, KeyError, TypeError):
        made = set()
    for place, folders, names in os.walk(out):
        links = [name for name in folders if Path(place, name).is_symlink()]
        for name in sorted([*links, *names]):
            path = PurePosixPath(Path(place, name).relative_to(out)).as_posix()
            if path not in made and name not in _OF_THE_SYSTEM:
                return path
    return ""


def _is_same(out: Path, site: Site) -> bool:
    """True when `out` already holds these bytes."""
    try:
        return all((out / path).read_bytes() == content for path, content in site.items())
    except OSError:
        return False


def _swap(fresh: Path, out: Path) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    if not out.exists():
        fresh.rename(out)
        return
    if not _exchange(fresh, out):
        old = out.with_name(f".{out.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        out.rename(old)
        fresh.rename(out)
        shutil.rmtree(old, ignore_errors=True)
        return
    shutil.rmtree(fresh, ignore_errors=True)


def _exchange(a: Path, b: Path) -> bool:
    """Swaps two folders in one step where the system can, so that no reader ever meets a moment without pages."""
    if sys.platform != "linux":
        return False
    try:
        rename = ctypes.CDLL(None).renameat2
    except (AttributeError, OSError):
        return False
    return bool(rename(_HERE, os.fsencode(a), _HERE, os.fsencode(b), _EXCHANGE) == 0)


def write_edits(root: Path, edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Rewrites digits in place and nothing else, byte for byte; the edits that were made."""
    by_path: dict[str, list[Edit]] = {}
    for edit in dict.fromkeys(edits):
        by_path.setdefault(edit.location.path, []).append(edit)
    done = []
    for path, found in by_path.items():
        text = (root / path).read_bytes().decode("utf-8")
        lines = text.split("\n")
        for edit in sorted(found, key=lambda e: e.location, reverse=True):
            at = edit.location.column - 1 + (1 if edit.location.line == 1 and text.startswith("\ufeff") else 0)
            line = lines[edit.location.line - 1] if edit.location.line <= len(lines) else ""
            if line[at : at + len(edit.old)] != edit.old:
                continue
            lines[edit.location.line - 1] = line[:at] + edit.new + line[at + len(edit.old) :]
            done.append(edit)
        replace_file(root / path, "\n".join(lines).encode("utf-8"))
    return tuple(sorted(done, key=lambda e: e.location))


def replace_file(path: Path, content: bytes) -> None:
    """Writes a file in one step: who reads it meets the old bytes or the new ones."""
    partial = path.with_name(f"{path.name}.tmp")
    partial.write_bytes(content)
    partial.replace(path)
