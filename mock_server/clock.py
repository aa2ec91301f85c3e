"""Simulated time. The one module that looks at the machine's clock."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

CST = timezone(timedelta(hours=8), "CST")
"""China Standard Time, in which every date-time of the API is read and written (decision G13)."""

DEFAULT_INSTANT = datetime(2025, 4, 21, 9, 0, 0, tzinfo=CST)
"""Where `--frozen` stands when it is given no instant: the day of the documents' examples."""

EARLIEST = datetime(1971, 1, 1, tzinfo=CST)
"""The demo story begins four months before the first instant, and file times count from 1970."""
LATEST = datetime(9000, 1, 1, tzinfo=CST)
"""The end of time: a date-time ends in 9999, and a long list in a short window takes years."""

SLOWEST, FASTEST = 0.001, 86_400
"""Bounds of the scale: simulated seconds in a real one. The fastest is a day a second."""

_END = int((LATEST - EARLIEST).total_seconds())


class Unreachable(ValueError):
    """An instant that the clock cannot go to, and the one at which it stands.

    asked: what was asked for, as a text (no datetime may be able to hold it).
    """

    def __init__(self, asked: str, present: datetime, reason: str) -> None:
        super().__init__(f"{reason}: it is {present.isoformat()}, asked for {asked}")
        self.asked = asked
        self.present = present


class Passed(Unreachable):
    """The instant is over. Only a new world begins earlier."""

    def __init__(self, asked: str, present: datetime) -> None:
        super().__init__(asked, present, "the clock never goes back")


class TooLate(Unreachable):
    """The instant lies after LATEST."""

    def __init__(self, asked: str, present: datetime) -> None:
        super().__init__(asked, present, f"the clock ends at {LATEST.isoformat()}")


class Clock:
    """A clock that starts at an instant and either runs, at a scale, or stands still (frozen).

    It never goes back: what has happened in a world cannot un-happen. Whatever is done to it
    begins at the present instant, so that `now` never jumps but by `advance`, `move` and `freeze`.
    It stands still at LATEST.
    """

    def __init__(
        self, start: datetime | None = None, *, frozen: bool = False, scale: float = 1
    ) -> None:
        """Start at `start` (aware; default: now) and run on from there unless `frozen`.

        scale: simulated seconds in a real one, SLOWEST to FASTEST. Raises ValueError for another,
        and for a start that is not within EARLIEST and LATEST.
        """
        began = start or datetime.now(CST)  # noqa: TID251 - the one place
        if not EARLIEST <= began <= LATEST:
            raise ValueError(f"time runs from {EARLIEST.isoformat()} to {LATEST.isoformat()}")
        self._scale = _checked(scale)
        self._frozen = frozen
        # Seconds since EARLIEST at the reading `_since` of the machine's clock.
        self._at = (began - EARLIEST).total_seconds()
        self._since = time.monotonic()
        self._pace = 0 if frozen else scale
        self._second = int(self._at)
        self._instant = EARLIEST + timedelta(seconds=self._second)
        self.started = self._instant

    @property
    def frozen(self) -> bool:
        """Whether time stands still but for `advance` and `move`."""
        return self._frozen

    @property
    def scale(self) -> float:
        """Simulated seconds in a real one, while the clock runs."""
        return self._scale

    def now(self) -> datetime:
        """The simulated instant in whole seconds, aware, in China Standard Time."""
        second = int(self._at + (time.monotonic() - self._since) * self._pace)
        if second != self._second:  # most requests share their second with the one before
            self._second = min(second, _END)
            self._instant = EARLIEST + timedelta(seconds=self._second)
        return self._instant

    def advance(self, seconds: float) -> datetime:
        """Move time forward by `seconds`; returns the new instant.

        Raises Passed when `seconds` is negative, TooLate beyond LATEST.
        """
        self._settle()
        if not seconds >= 0:  # NaN too
            raise Passed(f"{seconds} seconds", self.now())
        if seconds > _END - self._at:
            raise TooLate(f"{seconds} seconds", self.now())
        self._at += seconds
        return self.now()

    def move(self, instant: datetime) -> datetime:
        """Move time forward to an instant (aware; whole seconds count); returns it.

        The present second is no move at all. Raises Passed for an earlier one, TooLate for one
        beyond LATEST.
        """
        self._settle()
        present = self.now()
        if instant < present:
            raise Passed(instant.isoformat(), present)
        if instant > LATEST:
            raise TooLate(instant.isoformat(), present)
        if instant >= present + timedelta(seconds=1):
            self._at = int((instant - EARLIEST).total_seconds())
        return self.now()

    def freeze(self, at: datetime | None = None) -> datetime:
        """Stop, here or at a later instant; returns it. Raises as `move` does."""
        if at is not None:
            self.move(at)
        self._settle()
        self._frozen, self._pace = True, 0
        return self.now()

    def run(self, scale: float | None = None) -> None:
        """Run on from the present instant, at this scale or at the one it had.

        Raises ValueError for a scale that is not within SLOWEST and FASTEST.
        """
        self._scale = self._scale if scale is None else _checked(scale)
        self._settle()
        self._frozen, self._pace = False, self._scale

    def rescale(self, scale: float) -> None:
        """Change how fast it runs; a frozen clock stays frozen. Raises ValueError as `run` does."""
        self._scale = _checked(scale)
        self._settle()
        self._pace = 0 if self._frozen else scale

    def _settle(self) -> None:
        """Begin anew at the present instant, fractions included, so that no change is a jump."""
        reading = time.monotonic()
        self._at = min(self._at + (reading - self._since) * self._pace, _END)
        self._since = reading


def _checked(scale: float) -> float:
    if not SLOWEST <= scale <= FASTEST:
        raise ValueError(f"a scale is a number from {SLOWEST} to {FASTEST}, not {scale}")
    return scale
