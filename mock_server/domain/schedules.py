"""Times of plans and tasks, parsed from texts without a fixed format (M25, M26).

A plan's `startTime` and `endTime` are texts without a documented format (L828, L1827). A full date
limits the period of the plan, `HH:mm` limits its hours on every day, anything else has no effect.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from mock_server.clock import CST
from mock_server.domain.datetime_text import start_of_day

SECONDS_PER_DAY = 86_400
TIME_FORMAT = "%H:%M"
DATETIME_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M")


@dataclass(frozen=True, slots=True)
class ActivePeriod:
    """Period of a plan, both ends included; None stands for no limit."""

    opens: datetime | None = None
    closes: datetime | None = None

    def includes(self, instant: datetime) -> bool:
        """Return whether the instant lies within the period."""
        return (self.opens is None or self.opens <= instant) and not self.has_ended(instant)

    def has_ended(self, instant: datetime) -> bool:
        """Return whether the instant lies after the end."""
        return self.closes is not None and instant > self.closes


@dataclass(frozen=True, slots=True)
class DailyWindow:
    """Opening hours in seconds of the day; `closes` is above 86400 if they include midnight."""

    opens: int
    closes: int

    def add_open_seconds(self, start: datetime, seconds: int) -> datetime:
        """Return the instant at which `seconds` of open time have passed since `start`."""
        since_opening = self._since_opening(start)
        length = self.closes - self.opens
        # A start outside of the hours is that of the next opening: `length` seconds are over.
        days, rest = divmod(min(since_opening, length) + seconds, length)
        return start + timedelta(days=days, seconds=rest - since_opening)

    def is_open(self, instant: datetime) -> bool:
        """Return whether the instant lies in the window; its end does not."""
        return self._since_opening(instant) < self.closes - self.opens

    def open_seconds_between(self, start: datetime, end: datetime) -> int:
        """Return the seconds of open time from `start` to `end`; negative if `end` is earlier."""
        first, last = self._since_opening(start), self._since_opening(end)
        days = (int((end - start).total_seconds()) + first - last) // SECONDS_PER_DAY
        length = self.closes - self.opens
        return days * length + min(last, length) - min(first, length)

    def _since_opening(self, instant: datetime) -> int:
        """Return the seconds since the window opened last."""
        since_midnight = instant - start_of_day(instant)
        return (int(since_midnight.total_seconds()) - self.opens) % SECONDS_PER_DAY


def parse_active_period(start: str | None, end: str | None) -> ActivePeriod:
    """Return the period given by a plan's two texts; a date alone includes the whole day."""
    return ActivePeriod(_parse_instant(start, "00:00:00"), _parse_instant(end, "23:59:59"))


def parse_daily_window(start: str | None, end: str | None) -> DailyWindow | None:
    """Return the daily window given by a plan's two texts, or None if neither is `HH:mm`.

    If only one is, the other end is that of the day. An end that is not later than the start is on
    the next day.
    """
    opens, closes = _parse_second_of_day(start), _parse_second_of_day(end)
    if opens is None and closes is None:
        return None
    first, last = opens or 0, SECONDS_PER_DAY if closes is None else closes
    return DailyWindow(first, last if last > first else last + SECONDS_PER_DAY)


def parse_task_start(written: str, now: datetime) -> datetime | None:
    """Parse a task's `startTime` (L1968): a date-time, or `HH:mm` for its next occurrence.

    Returns None if it is neither (MT-02). The current minute occurs now, not tomorrow.
    """
    for form in DATETIME_FORMATS:
        if found := _parse_strictly(written, form):
            return found
    clock = _parse_strictly(written, TIME_FORMAT)
    if clock is None:
        return None
    today = now.replace(hour=clock.hour, minute=clock.minute, second=0)
    if today + timedelta(minutes=1) > now:
        return max(today, now)
    return today + timedelta(days=1)


def _parse_instant(written: str | None, time_of_day: str) -> datetime | None:
    if not written:
        return None
    for form in DATETIME_FORMATS:
        if found := _parse_strictly(written, form):
            return found
    return _parse_strictly(f"{written} {time_of_day}", DATETIME_FORMATS[0])


def _parse_second_of_day(written: str | None) -> int | None:
    clock = _parse_strictly(written or "", TIME_FORMAT)
    return clock.hour * 3600 + clock.minute * 60 if clock else None


def _parse_strictly(written: str, form: str) -> datetime | None:
    """Parse a text that is exactly as the format would write it (not `9:5`, not 31 February)."""
    try:
        found = datetime.strptime(written, form).replace(tzinfo=CST)
    except ValueError:
        return None
    text = found.isoformat(" ")  # not strftime: it writes the year 999 with three digits
    return found if written in (text[:19], text[:16], text[11:16]) else None
