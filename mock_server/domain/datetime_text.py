"""Date-times as the API writes them: `yyyy-MM-dd HH:mm:ss` in China Standard Time (G13, N9).

The control plane, which is not the provider's, writes RFC 3339.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache

from mock_server.clock import CST

TEXT_LENGTH = len("yyyy-MM-dd HH:mm:ss")
RFC_3339_PATTERN = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})"
)
CACHE_SIZE = 16_384
"""Conversions kept: the same few instants are written and read again in every answer."""


@lru_cache(CACHE_SIZE)
def format_datetime(instant: datetime) -> str:
    """Write an instant as `yyyy-MM-dd HH:mm:ss`."""
    return instant.isoformat(" ", "seconds")[:TEXT_LENGTH]


@lru_cache(CACHE_SIZE)
def parse_datetime(written: str) -> datetime:
    """Read `yyyy-MM-dd HH:mm:ss`; raises ValueError on anything else, 31 February included."""
    # Several times faster than strptime; the comparison refuses the other forms it would take.
    found = datetime.fromisoformat(written).replace(tzinfo=CST)
    if format_datetime(found) != written:
        raise ValueError(f"{written!r} is not yyyy-MM-dd HH:mm:ss")
    return found


def parse_rfc_3339(written: str) -> datetime:
    """Read an RFC 3339 date-time (aware); raises ValueError on anything else, 31 February too."""
    if not RFC_3339_PATTERN.fullmatch(written):
        raise ValueError(f"{written!r} is not an RFC 3339 date-time")
    return datetime.fromisoformat(written)


def epoch_milliseconds(instant: datetime) -> int:
    """Milliseconds since 1970-01-01T00:00:00Z (file times only: F6)."""
    return int(instant.timestamp() * 1000)
