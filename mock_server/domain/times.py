"""Date-times as the API writes them: `yyyy-MM-dd HH:mm:ss` in China Standard Time (G13, N9)."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from mock_server.clock import CST

LENGTH = len("yyyy-MM-dd HH:mm:ss")
REMEMBERED = 16_384
"""Conversions kept: the same few instants are written and read again in every answer."""


@lru_cache(REMEMBERED)
def text(instant: datetime) -> str:
    """Write an instant as `yyyy-MM-dd HH:mm:ss`."""
    return instant.isoformat(" ", "seconds")[:LENGTH]


@lru_cache(REMEMBERED)
def parse(written: str) -> datetime:
    """Read `yyyy-MM-dd HH:mm:ss`; raises ValueError on anything else, 31 February included."""
    # Several times faster than strptime; the comparison refuses the other forms it would take.
    found = datetime.fromisoformat(written).replace(tzinfo=CST)
    if text(found) != written:
        raise ValueError(f"{written!r} is not yyyy-MM-dd HH:mm:ss")
    return found


def epoch_ms(instant: datetime) -> int:
    """Milliseconds since 1970-01-01T00:00:00Z (file times only: F6)."""
    return int(instant.timestamp() * 1000)
