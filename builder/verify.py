"""Whether a published copy is what the sources build: every file of it, to the byte."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from builder.instants import parse_instant
from builder.model import Site

MANIFEST = "manifest.json"


class NoManifestError(Exception):
    """What should be a manifest is none; the message says why."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One file that is not what the sources build."""

    path: str
    kind: str
    """`differs`, `missing` (the copy lacks it) or `extra` (no build makes it)."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What came of comparing a copy with a build."""

    mismatches: tuple[Mismatch, ...]
    count: int
    """Files that the sources build."""
    made_with: tuple[str, ...]
    """Versions in which the copy's maker differs from the one that compares: `altair 6.0.0, here 6.1.0`."""
    inputs: tuple[str, ...]
    """Inputs that, by the copy's manifest, were others than here."""


def verify_files(site: Site, copy: Mapping[str, bytes]) -> Verification:
    """Compares a whole copy with a build."""
    hashes = {path: hashlib.sha256(raw).hexdigest() for path, raw in copy.items()}
    made, inputs = _compare_makers(site[MANIFEST], copy.get(MANIFEST, b""))
    return Verification(_compare(_hashes_of(site), hashes), len(site), made, inputs)


def verify_manifest(site: Site, manifest: bytes) -> Verification:
    """Compares a copy of which only the manifest is at hand. Raises NoManifestError."""
    told = _read(manifest)
    hashes = {str(path): str(value) for path, value in told["outputs"].items()}
    wanted = {path: value for path, value in _hashes_of(site).items() if path != MANIFEST}
    found = _compare(wanted, hashes)
    if not found and manifest != site[MANIFEST]:
        found = (Mismatch(MANIFEST, "differs"),)
    made, inputs = _compare_makers(site[MANIFEST], manifest)
    return Verification(found, len(site), made, inputs)


def read_instant(manifest: bytes) -> datetime | None:
    """The instant as of which the copy says that it was built; None where it says none. Raises NoManifestError."""
    told = _read(manifest).get("at")
    if told is None:
        return None
    if not isinstance(told, str) or (instant := parse_instant(told)) is None:
        raise NoManifestError("the instant of its build is none")
    return instant


def _hashes_of(site: Site) -> dict[str, str]:
    return {path: hashlib.sha256(raw).hexdigest() for path, raw in site.items()}


def _compare(wanted: Mapping[str, str], found: Mapping[str, str]) -> tuple[Mismatch, ...]:
    out = [Mismatch(path, "missing") for path in wanted if path not in found]
    out += [Mismatch(path, "extra") for path in found if path not in wanted]
    out += [Mismatch(path, "differs") for path in wanted if path in found and found[path] != wanted[path]]
    return tuple(sorted(out, key=lambda one: one.path))


def _read(manifest: bytes) -> dict[str, Any]:
    try:
        told = json.loads(manifest)
    except (ValueError, RecursionError) as error:
        raise NoManifestError(f"it is not JSON: {error}") from None
    parts = ("made_with", "inputs", "outputs")
    if not isinstance(told, dict) or not all(isinstance(told.get(part), dict) for part in parts):
        raise NoManifestError("it has no made_with, inputs and outputs")
    return told


def _compare_makers(ours: bytes, theirs: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the two manifests say of versions and inputs: why files may differ."""
    here = _read(ours)
    try:
        there = _read(theirs)
    except NoManifestError:
        return (), ()
    made = [
        f"{name} {there['made_with'].get(name, 'not named')}, here {version}"
        for name, version in here["made_with"].items()
        if there["made_with"].get(name) != version
    ]
    ours_at, theirs_at = here.get("at", "no instant"), there.get("at", "no instant")
    made += [f"the site as of {theirs_at}, here {ours_at}"] if ours_at != theirs_at else []
    names = sorted({*here["inputs"], *there["inputs"]})
    return tuple(made), tuple(name for name in names if here["inputs"].get(name) != there["inputs"].get(name))
