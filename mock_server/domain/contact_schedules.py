"""When the members of a plan task are contacted: the daily window, and the pauses of task and plan.

A row is contacted once so many seconds of contact time have gone by since the task's start. No
contact time goes by outside the daily window (M25), while the task is terminated (M41), or while
its plan is not in execution (M48). Contacts therefore resume where they stopped, at the enabling.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mock_server.domain.schedules import DailyWindow

Interval = tuple[datetime, datetime]
"""From an end of contacts until they may resume."""


@dataclass(frozen=True, slots=True)
class ContactSchedule:
    """The contact time of a task.

    begins: the start, or the end of the pause that includes it; the daily window may open later.
    stops: the instant after which nobody is contacted until task and plan are enabled; None while
        neither is stopped.
    """

    begins: datetime
    stops: datetime | None
    _window: DailyWindow | None
    _lasts: Sequence[int] = ()
    """The last seconds of contact time before each pause."""
    _spent: Sequence[int] = ()
    """How many seconds of contact time had gone by when each pause began."""
    _resumes: Sequence[datetime] = ()
    """The instant at which each pause ended."""

    def instant_after(self, seconds: int) -> datetime:
        """Return the instant at which `seconds` of contact time have gone by.

        Contacts after `stops` have not happened; their instants are those of a task that goes on.
        """
        if pauses := bisect_left(self._lasts, seconds):
            rest = seconds - self._spent[pauses - 1]
            return _add_contact_seconds(self._window, self._resumes[pauses - 1], rest)
        return _add_contact_seconds(self._window, self.begins, seconds)


def build_contact_schedule(
    start: datetime,
    window: DailyWindow | None,
    pauses: Iterable[Interval],
    stops: datetime | None,
) -> ContactSchedule:
    """Return the contact time of a task that was paused in these intervals, in any order.

    What happens in the second in which a pause begins, a contact or the start, comes before it.
    """
    begins = last = start
    total = 0
    lasts: list[int] = []
    spent: list[int] = []
    resumes: list[datetime] = []
    for since, until in sorted(pauses):
        if until <= last:
            continue
        if since < last == begins:
            begins = last = until
            continue
        is_open = window is None or window.is_open(since)
        total += max(0, _contact_seconds_between(window, last, since))
        before = total if is_open else total - 1
        if since < last or (lasts and lasts[-1] >= before):
            resumes[-1] = until
        else:
            lasts.append(before)
            spent.append(total)
            resumes.append(until)
        last = until
    return ContactSchedule(begins, stops, window, lasts, spent, resumes)


def _add_contact_seconds(window: DailyWindow | None, since: datetime, seconds: int) -> datetime:
    return window.add_open_seconds(since, seconds) if window else since + timedelta(seconds=seconds)


def _contact_seconds_between(window: DailyWindow | None, since: datetime, until: datetime) -> int:
    return (
        window.open_seconds_between(since, until)
        if window
        else int((until - since).total_seconds())
    )
