"""Time texts of the API, implemented independently from the decisions (N9, M25, M26)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import NamedTuple

DATE_TIME_TEXT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?: ([0-9]{2}:[0-9]{2})(:[0-9]{2})?)?")
TIME_OF_DAY_TEXT = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


class DailyHours(NamedTuple):
    """Minutes of the day; the second one may be on the next day."""

    opens: int
    closes: int

    def contains(self, instant: datetime) -> bool:
        """Return whether an instant is within the hours of its day, or of the day before."""
        minute = instant.hour * 60 + instant.minute + instant.second / 60
        return self.opens <= minute <= self.closes or minute + 1440 <= self.closes


def format_time(instant: datetime) -> str:
    """Return an instant as `yyyy-MM-dd HH:mm:ss`."""
    return instant.isoformat(" ", "seconds")


def parse_time(written: str) -> datetime:
    """Return the instant of a `yyyy-MM-dd HH:mm:ss`."""
    return datetime.fromisoformat(written)


def parse_bound(written: str | None, time_of_day: str) -> datetime | None:
    """Return the instant given by a plan's text, with a time of day for a date; None for others."""
    found = DATE_TIME_TEXT.fullmatch(written or "")
    if not found:
        return None
    day, minute, second = found.groups()
    try:
        return parse_time(f"{day} {minute}{second or ':00'}" if minute else f"{day} {time_of_day}")
    except ValueError:  # not in the calendar
        return None


def daily_hours(start: str | None, end: str | None) -> DailyHours | None:
    """Return the daily hours of a plan whose texts are `HH:mm`, or None (M25)."""
    opens, closes = minute_of_day(start), minute_of_day(end)
    if opens is None and closes is None:
        return None
    first, last = opens or 0, 1440 if closes is None else closes
    return DailyHours(first, last if last > first else last + 1440)


def minute_of_day(written: str | None) -> int | None:
    """Return the minute of the day of an `HH:mm`."""
    if not TIME_OF_DAY_TEXT.fullmatch(written or ""):
        return None
    hour, minute = (written or "").split(":")
    return int(hour) * 60 + int(minute)


def next_occurrence(written: str, now: datetime) -> datetime:
    """Return the start of a task with `HH:mm`: at once in the same minute (M26)."""
    minute = minute_of_day(written) or 0
    today = now.replace(hour=minute // 60, minute=minute % 60, second=0)
    if today <= now < today + timedelta(minutes=1):
        return now
    return today if today > now else today + timedelta(days=1)
