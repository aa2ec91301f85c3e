"""Date-times in the API's format, `yyyy-MM-dd HH:mm:ss` in China Standard Time (G13, N9).

The control plane, which is our own API, uses RFC 3339.
"""

from __future__ import annotations

import re
from datetime import datetime, time
from functools import lru_cache

from mock_server.clock import CST

TEXT_LENGTH = len("yyyy-MM-dd HH:mm:ss")
# fromisoformat() accepts more than RFC 3339: week dates, times without seconds or without a zone.
RFC_3339_PATTERN = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})"
)
CACHE_SIZE = 16_384
"""Cached conversions; responses contain the same few instants again and again."""


@lru_cache(CACHE_SIZE)
def format_datetime(instant: datetime) -> str:
    """Return an instant as `yyyy-MM-dd HH:mm:ss`."""
    # Not strftime: it is slower, and pads years before 1000 on some platforms only.
    return instant.isoformat(" ", "seconds")[:TEXT_LENGTH]


@lru_cache(CACHE_SIZE)
def parse_datetime(written: str) -> datetime:
    """Parse `yyyy-MM-dd HH:mm:ss`. Raises ValueError for anything else, such as 31 February."""
    # Several times faster than strptime; the comparison rejects other forms that it accepts.
    found = datetime.fromisoformat(written).replace(tzinfo=CST)
    if format_datetime(found) != written:
        raise ValueError(f"{written!r} is not yyyy-MM-dd HH:mm:ss")
    return found


def parse_rfc_3339(written: str) -> datetime:
    """Parse an RFC 3339 date-time (aware). Raises ValueError for anything else."""
    if not RFC_3339_PATTERN.fullmatch(written):
        raise ValueError(f"{written!r} is not an RFC 3339 date-time")
    return datetime.fromisoformat(written)


def start_of_day(instant: datetime) -> datetime:
    """Return 00:00:00 of the instant's date, in its zone."""
    return datetime.combine(instant, time(), instant.tzinfo)


def epoch_milliseconds(instant: datetime) -> int:
    """Return the milliseconds since 1970-01-01T00:00:00Z (used for files only: F6)."""
    return int(instant.timestamp() * 1000)
