"""When plans and tasks run: the loose time texts of the API, read (M25, M26).

A plan's `startTime` and `endTime` are texts without a documented format (L828, L1827). A full date
bounds the plan, `HH:mm` opens or closes it every day, anything else bounds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from mock_server.clock import CST

SECONDS_PER_DAY = 86_400
DATE_FORMAT = "%Y-%m-%d"
TIME_FORMAT = "%H:%M"
DATETIME_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M")


@dataclass(frozen=True, slots=True)
class ActivePeriod:
    """The instants between which a plan runs, both included; None is unbounded."""

    opens: datetime | None = None
    closes: datetime | None = None

    def includes(self, instant: datetime) -> bool:
        """Whether the instant lies within."""
        return (self.opens is None or self.opens <= instant) and not self.has_ended(instant)

    def has_ended(self, instant: datetime) -> bool:
        """Whether the instant lies after the end."""
        return self.closes is not None and instant > self.closes


@dataclass(frozen=True, slots=True)
class DailyWindow:
    """The seconds of a day from `opens` to `closes`; past 86400 when it spans midnight."""

    opens: int
    closes: int

    def add_open_seconds(self, start: datetime, seconds: int) -> datetime:
        """The instant at which `seconds` of open time have gone by since `start`."""
        midnight = start.replace(hour=0, minute=0, second=0)
        since_opening = (int((start - midnight).total_seconds()) - self.opens) % SECONDS_PER_DAY
        length = self.closes - self.opens
        days, rest = divmod(min(since_opening, length) + seconds, length)
        return start + timedelta(days=days, seconds=rest - since_opening)


def parse_active_period(start: str | None, end: str | None) -> ActivePeriod:
    """The bounds that a plan's two texts set; a date alone counts from or until midnight."""
    return ActivePeriod(_parse_instant(start, "00:00:00"), _parse_instant(end, "23:59:59"))


def parse_daily_window(start: str | None, end: str | None) -> DailyWindow | None:
    """The daily window that a plan's two texts set, None when neither is `HH:mm`.

    Where only one is, the day's beginning or end stands for the other; an end that is not later
    than the start belongs to the next day.
    """
    opens, closes = _parse_second_of_day(start), _parse_second_of_day(end)
    if opens is None and closes is None:
        return None
    first, last = opens or 0, SECONDS_PER_DAY if closes is None else closes
    return DailyWindow(first, last if last > first else last + SECONDS_PER_DAY)


def parse_task_start(written: str, now: datetime) -> datetime | None:
    """Read a task's `startTime` (L1968): a date-time, or `HH:mm` for its next occurrence.

    None when it is neither (MT-02). A minute that is running now has its occurrence now.
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
    """Read a text strictly: only what the form itself would write (no `9:5`, no 31 February)."""
    try:
        found = datetime.strptime(written, form).replace(tzinfo=CST)
    except ValueError:
        return None
    text = found.isoformat(" ")  # not strftime: it writes the year 999 with three digits
    return found if written in (text[:19], text[:16], text[11:16]) else None
