"""Times of a scenario: absolute in the API's format, or relative to the instant of the world."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from mock_server.clock import EARLIEST_INSTANT, LATEST_INSTANT
from mock_server.domain import datetime_text

UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
OFFSET_PATTERN = re.compile(r"([+-])((?:[0-9]{1,6}[dhms])+)")
DAY_PATTERN = re.compile(r"(today|[+-][0-9]{1,6}d) ([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)")
ACCEPTED_TIMES = "now, -2h, +1d12h, today 10:00, -1d 09:30, 2025-04-21 09:00:00"
"""Examples of all forms, for errors."""


def is_relative(written: str) -> bool:
    """Return whether a text is a time that depends on the instant of the world."""
    return bool(
        written == "now" or OFFSET_PATTERN.fullmatch(written) or DAY_PATTERN.fullmatch(written)
    )


def resolve_time(written: str, now: datetime) -> datetime:
    """Return the instant of a time of a scenario.

    `-2h` and `+1d12h` are counted from `now`, `-1d 09:30` and `today 10:00` are times of a day.
    Raises ValueError for another text, a time that does not exist, and one beyond the years of the
    clock.
    """
    try:
        found = _resolve(written, now)
    except OverflowError:
        raise ValueError(f"{written!r} is beyond the calendar") from None
    if EARLIEST_INSTANT <= found <= LATEST_INSTANT:
        return found
    raise ValueError(f"{written!r} is beyond the years of the clock")


def _resolve(written: str, now: datetime) -> datetime:
    if written == "now":
        return now
    if offset := OFFSET_PATTERN.fullmatch(written):
        return now + _duration(*offset.groups())
    if day := DAY_PATTERN.fullmatch(written):
        days = timedelta() if day[1] == "today" else _duration(day[1][0], day[1][1:])
        return datetime.combine(now + days, time.fromisoformat(day[2]), now.tzinfo)
    return datetime_text.parse_datetime(written)


def _duration(sign: str, written: str) -> timedelta:
    """Return the duration of a text such as `1d12h`."""
    parts = re.findall("([0-9]+)([dhms])", written)
    total = sum((timedelta(**{UNITS[unit]: int(count)}) for count, unit in parts), timedelta())
    return -total if sign == "-" else total
