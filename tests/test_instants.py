"""An instant is one everywhere: with a zone, or it is none."""

from __future__ import annotations

import pytest

from builder.instants import EXAMPLE, format_instant, parse_instant


@pytest.mark.parametrize(
    ("text", "same"),
    [
        (EXAMPLE, "2026-12-01T08:00:00Z"),
        ("2026-12-01T09:00:30Z", "2026-12-01T09:00:30Z"),
        ("2026-12-01T00:30+05:45", "2026-11-30T18:45:00Z"),
        ("2026-12-01T23:59-00:30", "2026-12-02T00:29:00Z"),
        ("2024-02-29T12:00Z", "2024-02-29T12:00:00Z"),
    ],
)
def test_an_instant_is_read_and_written_in_one_way(text: str, same: str) -> None:
    instant = parse_instant(text)
    assert instant is not None
    assert format_instant(instant) == same
    assert parse_instant(same) == instant


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "2026-12-01", "2026-12-01T09:00", "2026-12-01 09:00Z", "2026-12-01T09Z", "20261201T0900Z"),
        *("2026-02-29T09:00Z", "2026-12-01T25:00Z", "2026-12-01T09:60Z", "2026-12-01T09:00+1:00", "2026-W49-2T09:00Z"),
        *("2026-12-01T09:00z", "2026-12-01T09:00+25:00", "2026-12-01T09:00CET", " 2026-12-01T09:00Z", "0001-01-01T00:00+14:00"),
        *("２０２６-12-01T09:00Z", "2026-12-01T09:00Z\n"),
    ],
)  # fmt: skip
def test_what_is_no_instant_with_a_zone_is_none(text: str) -> None:
    assert parse_instant(text) is None
