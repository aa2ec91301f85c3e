"""Simulated time. The one module that looks at the machine's clock."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

CST = timezone(timedelta(hours=8), "CST")
"""China Standard Time, in which every date-time of the API is read and written (decision G13)."""

DEFAULT_INSTANT = datetime(2025, 4, 21, 9, 0, 0, tzinfo=CST)
"""Where `--frozen` stands when it is given no instant: the day of the documents' examples."""


class Clock:
    """A clock that starts at an instant and either stands still (frozen) or runs.

    It never goes back: what has happened in a world cannot un-happen.
    """

    def __init__(self, start: datetime | None = None, *, frozen: bool = False) -> None:
        """Start at `start` (aware; default: now) and run on from there unless `frozen`."""
        self._start = (start or datetime.now(CST)).astimezone(CST)  # noqa: TID251 - the one place
        self._frozen = frozen
        self._began = time.monotonic()
        self._stands_at = self._start.replace(microsecond=0) if frozen else None
        self._advanced = timedelta()

    @property
    def frozen(self) -> bool:
        """Whether time stands still but for `advance`."""
        return self._frozen

    def now(self) -> datetime:
        """The simulated instant in whole seconds, aware, in China Standard Time."""
        if self._stands_at:
            return self._stands_at
        running = timedelta(seconds=time.monotonic() - self._began)
        return (self._start + running + self._advanced).replace(microsecond=0)

    def advance(self, seconds: float) -> datetime:
        """Move time forward by `seconds` and return the new instant.

        Raises ValueError when `seconds` is negative.
        """
        if seconds < 0:
            raise ValueError("the clock never goes back")
        self._advanced += timedelta(seconds=seconds)
        if self._frozen:
            self._stands_at = (self._start + self._advanced).replace(microsecond=0)
        return self.now()
