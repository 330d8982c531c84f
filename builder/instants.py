"""Instants with a zone: when an embargo ends, and as of when a site is built. No clock is ever asked."""

from __future__ import annotations

import re
from datetime import UTC, datetime

EXAMPLE = "2026-12-01T09:00+01:00"
"""The form in which people write one."""
_FORM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)", re.ASCII)


def parse_instant(text: str) -> datetime | None:
    """The instant; None where the text is none, or names no zone."""
    if not _FORM.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def format_instant(instant: datetime) -> str:
    """The one way in which we write an instant: `2026-12-01T08:00:00Z`."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
