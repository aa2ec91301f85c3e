"""Formats of strings in the API, each with a test of a value.

They replace or add to those of jsonschema-rs, which has no `date-time-local`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from mock_server.domain import datetime_text


@lru_cache(datetime_text.CACHE_SIZE)  # a hit is a call without a frame of Python
def is_local_date_time(value: str) -> bool:
    """Return whether the text is a date and time as `yyyy-MM-dd HH:mm:ss`; 31 February is not."""
    try:
        datetime_text.parse_datetime(value)
    except ValueError:
        return False
    return True


def is_date(value: str) -> bool:
    """Return whether the text is a date of the calendar as `yyyy-MM-dd`."""
    try:
        # `fromisoformat` also accepts `20250421` and week dates.
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def is_rfc3339_date_time(value: str) -> bool:
    """Return whether the text is a date-time of RFC 3339, with an offset."""
    try:
        datetime_text.parse_rfc_3339(value)
    except ValueError:
        return False
    return True


# What all addresses have in common; stricter patterns refuse valid ones.
EMAIL_PATTERN = re.compile(r"[^@\s]+@[^@\s]+")
FORMAT_CHECKS: dict[str, Callable[[str], bool]] = {
    "date-time-local": is_local_date_time,
    "date": is_date,
    "date-time": is_rfc3339_date_time,
    "email": lambda value: EMAIL_PATTERN.fullmatch(value) is not None,
}
X_FORMAT_ONLY = ("date-time-local",)
"""Formats that are recognized only in `x-format`."""
UNCHECKED_FORMATS = frozenset({"int32", "int64", "binary", "uri", "uri-reference", "password"})
"""Formats without a check; limits and patterns of the same schema restrict their values."""
