"""Formats of strings in the API, each with a test of a value.

They replace or add to those of jsonschema-rs, which has no `date-time-local`.
"""

from __future__ import annotations

import re
from datetime import date

from mock_server.domain import datetime_text


def is_local_date_time(value: str) -> bool:
    """Return whether the text is a `yyyy-MM-dd HH:mm:ss` that exists (31 February does not)."""
    try:
        datetime_text.parse_datetime(value)
    except ValueError:
        return False
    return True


def is_date(value: str) -> bool:
    """Return whether the text is a `yyyy-MM-dd` that exists."""
    try:
        # `fromisoformat` also accepts `20250421` and week dates.
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def is_rfc3339_date_time(value: str) -> bool:
    """Return whether the text is an RFC 3339 date-time, with its offset, that exists."""
    try:
        datetime_text.parse_rfc_3339(value)
    except ValueError:
        return False
    return True


EMAIL_PATTERN = re.compile(r"[^@\s]+@[^@\s]+")
FORMAT_CHECKS = {
    "date-time-local": is_local_date_time,
    "date": is_date,
    "date-time": is_rfc3339_date_time,
    "email": lambda value: EMAIL_PATTERN.fullmatch(value) is not None,
}
X_FORMAT_ONLY = ("date-time-local",)
"""Formats that count only in `x-format`."""
UNCHECKED_FORMATS = frozenset({"int32", "int64", "binary", "uri", "uri-reference", "password"})
"""Formats without a check; limits and patterns of the same schema restrict their values."""
