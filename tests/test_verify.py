"""A published copy is what the sources build, or each file that is not is named: down to one flipped bit, anywhere."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_site import small_build

from builder.instants import parse_instant
from builder.verify import Mismatch, NoManifestError, read_instant, verify_files, verify_manifest

SITE = dict(small_build().files)


def test_a_true_copy_is_one() -> None:
    found = verify_files(SITE, dict(SITE))
    assert found.mismatches == ()
    assert found.count == len(SITE)
    assert verify_manifest(SITE, SITE["manifest.json"]).mismatches == ()


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.sampled_from(sorted(SITE)), st.integers(0, 2**31), st.integers(0, 7))
def test_one_flipped_bit_is_found_wherever_it_is(path: str, at: int, bit: int) -> None:
    raw = bytearray(SITE[path])
    raw[at % len(raw)] ^= 1 << bit
    assert verify_files(SITE, {**SITE, path: bytes(raw)}).mismatches == (Mismatch(path, "differs"),)


def test_every_file_can_be_missing_extra_or_different() -> None:
    for path in SITE:
        rest = {name: raw for name, raw in SITE.items() if name != path}
        assert verify_files(SITE, rest).mismatches == (Mismatch(path, "missing"),)
    assert verify_files(SITE, {**SITE, "en/x.html": b""}).mismatches == (Mismatch("en/x.html", "extra"),)


def manifest(**changes: object) -> bytes:
    told = json.loads(SITE["manifest.json"])
    for part, change in changes.items():
        told[part] |= change
    return json.dumps(told).encode()


def test_a_manifest_alone_names_what_differs_and_why_it_may() -> None:
    other = {
        "outputs": {"en/index.html": "0" * 64},
        "made_with": {"altair": "5.0.0"},
        "inputs": {"data/totals.csv": "0"},
    }
    ours = {**SITE, "manifest.json": manifest(made_with={"altair": "6.0.0"})}
    found = verify_manifest(ours, manifest(**other))
    assert found.mismatches == (Mismatch("en/index.html", "differs"),)
    assert found.made_with == ("altair 5.0.0, here 6.0.0",)
    assert found.inputs == ("data/totals.csv",)


def test_a_manifest_that_differs_only_in_itself_is_found() -> None:
    found = verify_manifest(SITE, SITE["manifest.json"].replace(b"\n", b"\n ", 1))
    assert found.mismatches == (Mismatch("manifest.json", "differs"),)


@pytest.mark.parametrize(("at", "said"), [(None, None), ("2026-12-01T08:00:00Z", "2026-12-01T09:00+01:00")])
def test_the_instant_of_a_copy_is_that_of_its_manifest(at: str | None, said: str | None) -> None:
    told = json.loads(SITE["manifest.json"]) | ({"at": at} if at else {})
    assert read_instant(json.dumps(told).encode()) == (parse_instant(said) if said else None)


@pytest.mark.parametrize("at", [7, [], "yesterday", "2026-12-01T08:00:00"])
def test_what_is_no_instant_makes_no_manifest(at: object) -> None:
    with pytest.raises(NoManifestError):
        read_instant(json.dumps(json.loads(SITE["manifest.json"]) | {"at": at}).encode())


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b"\xff", b'{"outputs": {}}', b"[" * 100_000])
def test_what_is_no_manifest_is_told(raw: bytes) -> None:
    with pytest.raises(NoManifestError):
        verify_manifest(SITE, raw)
