"""The formats of this API's texts, each a test of a value; jsonschema-rs knows none of them."""

from __future__ import annotations

import re
from datetime import date

from mock_server.domain import datetime_text


def is_local_date_time(value: str) -> bool:
    """Return whether this is a real `yyyy-MM-dd HH:mm:ss` (31 February is not)."""
    try:
        datetime_text.parse_datetime(value)
    except ValueError:
        return False
    return True


def is_date(value: str) -> bool:
    """Return whether this is a real `yyyy-MM-dd`."""
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def is_rfc3339_date_time(value: str) -> bool:
    """Return whether this is a real RFC 3339 date-time, offset included."""
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
"""Formats that only `x-format` names."""
UNCHECKED_FORMATS = frozenset({"int32", "int64", "binary", "uri", "uri-reference", "password"})
"""Formats that say how to read a value; bounds and patterns beside them do the checking."""
