"""Simulated time. The one module that looks at the machine's clock."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

CST = timezone(timedelta(hours=8), "CST")
"""China Standard Time, in which every date-time of the API is read and written (decision G13)."""

DEFAULT_INSTANT = datetime(2025, 4, 21, 9, 0, 0, tzinfo=CST)
"""Where `--frozen` stands when it is given no instant: the day of the documents' examples."""

EARLIEST_INSTANT = datetime(1971, 1, 1, tzinfo=CST)
"""The demo story begins four months before the first instant, and file times count from 1970."""
LATEST_INSTANT = datetime(9000, 1, 1, tzinfo=CST)
"""The end of time: a date-time ends in 9999, and a long list in a short window takes years."""

MIN_SCALE, MAX_SCALE = 0.001, 86_400
"""Bounds of the scale: simulated seconds in a real one. The fastest is a day a second."""

_LATEST_SECOND = int((LATEST_INSTANT - EARLIEST_INSTANT).total_seconds())


class UnreachableInstantError(ValueError):
    """An instant that the clock cannot go to, and the one at which it stands.

    asked: what was asked for, as a text (no datetime may be able to hold it).
    """

    def __init__(self, asked: str, present: datetime, reason: str) -> None:
        super().__init__(f"{reason}: it is {present.isoformat()}, asked for {asked}")
        self.asked = asked
        self.present = present


class InstantPassedError(UnreachableInstantError):
    """The instant is over. Only a new world begins earlier."""

    def __init__(self, asked: str, present: datetime) -> None:
        super().__init__(asked, present, "the clock never goes back")


class InstantTooLateError(UnreachableInstantError):
    """The instant lies after LATEST_INSTANT."""

    def __init__(self, asked: str, present: datetime) -> None:
        super().__init__(asked, present, f"the clock ends at {LATEST_INSTANT.isoformat()}")


class Clock:
    """A clock that starts at an instant and either runs, at a scale, or stands still (frozen).

    It never goes back: what has happened in a world cannot un-happen. Whatever is done to it
    begins at the present instant, so that `now` never jumps but by `advance`, `move` and `freeze`.
    It stands still at LATEST_INSTANT.
    """

    def __init__(
        self, start: datetime | None = None, *, frozen: bool = False, scale: float = 1
    ) -> None:
        """Start at `start` (aware; default: now) and run on from there unless `frozen`.

        scale: simulated seconds in a real one, MIN_SCALE to MAX_SCALE. Raises ValueError for
        another, and for a start that is not within EARLIEST_INSTANT and LATEST_INSTANT.
        """
        began = start or datetime.now(CST)  # noqa: TID251 - the one place
        if not EARLIEST_INSTANT <= began <= LATEST_INSTANT:
            raise ValueError(
                f"time runs from {EARLIEST_INSTANT.isoformat()} to {LATEST_INSTANT.isoformat()}"
            )
        self._scale = _checked_scale(scale)
        self._frozen = frozen
        # Seconds since EARLIEST_INSTANT at the reading `_since` of the machine's clock.
        self._at = (began - EARLIEST_INSTANT).total_seconds()
        self._since = time.monotonic()
        self._pace = 0 if frozen else scale
        self._second = int(self._at)
        self._instant = EARLIEST_INSTANT + timedelta(seconds=self._second)
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
            self._second = min(second, _LATEST_SECOND)
            self._instant = EARLIEST_INSTANT + timedelta(seconds=self._second)
        return self._instant

    def advance(self, seconds: float) -> datetime:
        """Move time forward by `seconds`; returns the new instant.

        Raises InstantPassedError when `seconds` is negative, InstantTooLateError beyond
        LATEST_INSTANT.
        """
        self._restart_at_now()
        if not seconds >= 0:  # NaN too
            raise InstantPassedError(f"{seconds} seconds", self.now())
        if seconds > _LATEST_SECOND - self._at:
            raise InstantTooLateError(f"{seconds} seconds", self.now())
        self._at += seconds
        return self.now()

    def move(self, instant: datetime) -> datetime:
        """Move time forward to an instant (aware; whole seconds count); returns it.

        The present second is no move at all. Raises InstantPassedError for an earlier
        one, InstantTooLateError for one beyond LATEST_INSTANT.
        """
        self._restart_at_now()
        present = self.now()
        if instant < present:
            raise InstantPassedError(instant.isoformat(), present)
        if instant > LATEST_INSTANT:
            raise InstantTooLateError(instant.isoformat(), present)
        if instant >= present + timedelta(seconds=1):
            self._at = int((instant - EARLIEST_INSTANT).total_seconds())
        return self.now()

    def freeze(self, at: datetime | None = None) -> datetime:
        """Stop, here or at a later instant; returns it. Raises as `move` does."""
        if at is not None:
            self.move(at)
        self._restart_at_now()
        self._frozen, self._pace = True, 0
        return self.now()

    def run(self, scale: float | None = None) -> None:
        """Run on from the present instant, at this scale or at the one it had.

        Raises ValueError for a scale that is not within MIN_SCALE and MAX_SCALE.
        """
        self._scale = self._scale if scale is None else _checked_scale(scale)
        self._restart_at_now()
        self._frozen, self._pace = False, self._scale

    def rescale(self, scale: float) -> None:
        """Change how fast it runs; a frozen clock stays frozen. Raises ValueError as `run` does."""
        self._scale = _checked_scale(scale)
        self._restart_at_now()
        self._pace = 0 if self._frozen else scale

    def _restart_at_now(self) -> None:
        """Begin anew at the present instant, fractions included, so that no change is a jump."""
        reading = time.monotonic()
        self._at = min(self._at + (reading - self._since) * self._pace, _LATEST_SECOND)
        self._since = reading


def _checked_scale(scale: float) -> float:
    if not MIN_SCALE <= scale <= MAX_SCALE:
        raise ValueError(f"a scale is a number from {MIN_SCALE} to {MAX_SCALE}, not {scale}")
    return scale
