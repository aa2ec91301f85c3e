"""When plans and tasks run: the loose time texts of the API, read (M25, M26).

A plan's `startTime` and `endTime` are texts without a documented format (L828, L1827). A full date
bounds the plan, `HH:mm` opens or closes it every day, anything else bounds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from mock_server.clock import CST

DAY = 86_400
DATE = "%Y-%m-%d"
TIME_OF_DAY = "%H:%M"
INSTANTS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M")


@dataclass(frozen=True, slots=True)
class Bounds:
    """The instants between which a plan runs, both included; None is unbounded."""

    opens: datetime | None = None
    closes: datetime | None = None

    def hold(self, instant: datetime) -> bool:
        """Whether the instant lies within."""
        return (self.opens is None or self.opens <= instant) and not self.passed(instant)

    def passed(self, instant: datetime) -> bool:
        """Whether the instant lies after the end."""
        return self.closes is not None and instant > self.closes


@dataclass(frozen=True, slots=True)
class DailyWindow:
    """The seconds of a day from `opens` to `closes`; past 86400 when it spans midnight."""

    opens: int
    closes: int

    def after(self, start: datetime, seconds: int) -> datetime:
        """The instant at which `seconds` of open time have gone by since `start`."""
        midnight = start.replace(hour=0, minute=0, second=0)
        since_opening = (int((start - midnight).total_seconds()) - self.opens) % DAY
        length = self.closes - self.opens
        days, rest = divmod(min(since_opening, length) + seconds, length)
        return start + timedelta(days=days, seconds=rest - since_opening)


def bounds(start: str | None, end: str | None) -> Bounds:
    """The bounds that a plan's two texts set; a date alone counts from or until midnight."""
    return Bounds(_instant(start, "00:00:00"), _instant(end, "23:59:59"))


def daily_window(start: str | None, end: str | None) -> DailyWindow | None:
    """The daily window that a plan's two texts set, None when neither is `HH:mm`.

    Where only one is, the day's beginning or end stands for the other; an end that is not later
    than the start belongs to the next day.
    """
    opens, closes = _second_of_day(start), _second_of_day(end)
    if opens is None and closes is None:
        return None
    first, last = opens or 0, DAY if closes is None else closes
    return DailyWindow(first, last if last > first else last + DAY)


def task_start(written: str, now: datetime) -> datetime | None:
    """Read a task's `startTime` (L1968): a date-time, or `HH:mm` for its next occurrence.

    None when it is neither (MT-02). A minute that is running now has its occurrence now.
    """
    for form in INSTANTS:
        if found := _read(written, form):
            return found
    clock = _read(written, TIME_OF_DAY)
    if clock is None:
        return None
    today = now.replace(hour=clock.hour, minute=clock.minute, second=0)
    if today + timedelta(minutes=1) > now:
        return max(today, now)
    return today + timedelta(days=1)


def _instant(written: str | None, time_of_day: str) -> datetime | None:
    if not written:
        return None
    for form in INSTANTS:
        if found := _read(written, form):
            return found
    return _read(f"{written} {time_of_day}", INSTANTS[0])


def _second_of_day(written: str | None) -> int | None:
    clock = _read(written or "", TIME_OF_DAY)
    return clock.hour * 3600 + clock.minute * 60 if clock else None


def _read(written: str, form: str) -> datetime | None:
    """Read a text strictly: only what the form itself would write (no `9:5`, no 31 February)."""
    try:
        found = datetime.strptime(written, form).replace(tzinfo=CST)
    except ValueError:
        return None
    text = found.isoformat(" ")  # not strftime: it writes the year 999 with three digits
    return found if written in (text[:19], text[:16], text[11:16]) else None
