"""Simulated time; no other module reads the machine's clock."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

CST = timezone(timedelta(hours=8), "CST")
"""China Standard Time, in which every date-time of the API is read and written (decision G13)."""

DEFAULT_INSTANT = datetime(2025, 4, 21, 9, 0, 0, tzinfo=CST)
"""Instant of `--frozen` without a value: on the day of the documents' examples."""

EARLIEST_INSTANT = datetime(1971, 1, 1, tzinfo=CST)
"""Earliest start: the demo data begin four months earlier, and file times count from 1970."""
LATEST_INSTANT = datetime(9000, 1, 1, tzinfo=CST)
"""Latest instant. A `datetime` ends in 9999, and a long list of members in a short daily window
takes years to contact."""

MIN_SCALE, MAX_SCALE = 0.001, 86_400
"""Limits of the scale, in simulated seconds per real second; the maximum is a day per second."""

machine_seconds = time.time  # noqa: TID251 - the only place
"""Returns the machine's time in seconds since 1970, for the journal, which shows it beside ours."""
elapsed_seconds = time.perf_counter
"""Returns seconds from an arbitrary instant, for durations."""

_LATEST_SECOND = int((LATEST_INSTANT - EARLIEST_INSTANT).total_seconds())


class UnreachableInstantError(ValueError):
    """The clock cannot move to an instant.

    asked: the instant or duration as text, because it may be outside the range of `datetime`;
    present: the clock's instant.
    """

    def __init__(self, asked: str, present: datetime, reason: str) -> None:
        super().__init__(f"{reason}: it is {present.isoformat()}, asked for {asked}")
        self.asked = asked
        self.present = present


class InstantPassedError(UnreachableInstantError):
    """The instant has passed; only a reset of the world goes back."""

    def __init__(self, asked: str, present: datetime) -> None:
        super().__init__(asked, present, "the clock never goes back")


class InstantTooLateError(UnreachableInstantError):
    """The instant is after LATEST_INSTANT."""

    def __init__(self, asked: str, present: datetime) -> None:
        super().__init__(asked, present, f"the clock ends at {LATEST_INSTANT.isoformat()}")


class ClockState(NamedTuple):
    """A clock at one moment.

    now: with the fraction of the second; started: the instant at which the clock began.
    """

    now: datetime
    frozen: bool
    scale: float
    started: datetime


def machine_instant(seconds: float) -> datetime:
    """Return a result of `machine_seconds` as an instant."""
    return datetime.fromtimestamp(seconds, CST)


class Clock:
    """A clock that either runs at a scale or is frozen.

    It never goes back, because derived states of a world, such as finished tasks, would be undone.
    Only `advance`, `move_to` and `freeze` make it jump; a change of the scale does not. It stops at
    LATEST_INSTANT.
    """

    def __init__(
        self, start: datetime | None = None, *, frozen: bool = False, scale: float = 1
    ) -> None:
        """Start at `start` (aware; default: now), and run from there unless `frozen`.

        scale: simulated seconds per real second, MIN_SCALE to MAX_SCALE. Raises ValueError for
        another scale, and for a start before EARLIEST_INSTANT or after LATEST_INSTANT.
        """
        began = start or datetime.now(CST)  # noqa: TID251 - the only place
        if not EARLIEST_INSTANT <= began <= LATEST_INSTANT:
            raise ValueError(
                f"time runs from {EARLIEST_INSTANT.isoformat()} to {LATEST_INSTANT.isoformat()}"
            )
        self._scale = _check_scale(scale)
        self._frozen = frozen
        # Seconds since EARLIEST_INSTANT at the reading `_since` of the machine's clock.
        self._at = (began - EARLIEST_INSTANT).total_seconds()
        self._since = time.monotonic()
        self._pace = 0 if frozen else scale
        self._second = int(self._at)
        self._instant = EARLIEST_INSTANT + timedelta(seconds=self._second)
        self.started = self._instant

    @classmethod
    def from_state(cls, state: ClockState) -> Clock:
        """Return a clock that goes on from a state; raises ValueError as the constructor does."""
        clock = cls(state.now, frozen=state.frozen, scale=state.scale)
        clock.started = state.started
        return clock

    def state(self) -> ClockState:
        """Return the present state, from which `from_state` goes on."""
        self._restart_at_now()
        # To the microsecond, as `from_state` reads it.
        instant = EARLIEST_INSTANT + timedelta(seconds=self._at)
        return ClockState(instant, self._frozen, self._scale, self.started)

    @property
    def frozen(self) -> bool:
        """Return whether only `advance` and `move_to` change the time."""
        return self._frozen

    @property
    def scale(self) -> float:
        """Return the simulated seconds per real second while the clock runs."""
        return self._scale

    def now(self) -> datetime:
        """Return the simulated instant in whole seconds, aware, in China Standard Time."""
        # Monotonic: a correction of the machine's clock (NTP) must not move a world.
        second = int(self._at + (time.monotonic() - self._since) * self._pace)
        if second != self._second:  # building a datetime is slow, and many requests share a second
            self._second = min(second, _LATEST_SECOND)  # a running clock stops at the end
            self._instant = EARLIEST_INSTANT + timedelta(seconds=self._second)
        return self._instant

    def advance(self, seconds: float) -> datetime:
        """Move time forward by `seconds`, and return the new instant.

        Raises InstantPassedError if `seconds` is negative, and InstantTooLateError if the new
        instant is after LATEST_INSTANT.
        """
        self._restart_at_now()
        if not seconds >= 0:  # NaN too
            raise InstantPassedError(f"{seconds} seconds", self.now())
        if seconds > _LATEST_SECOND - self._at:
            raise InstantTooLateError(f"{seconds} seconds", self.now())
        self._at += seconds
        return self.now()

    def move_to(self, instant: datetime) -> datetime:
        """Move time forward to an instant (aware; fractions are ignored), and return it.

        The current second is accepted and changes nothing. Raises InstantPassedError for an
        earlier one, and InstantTooLateError for an instant after LATEST_INSTANT.
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
        """Stop the clock now or at a later instant, and return it; raises as `move_to` does."""
        if at is not None:
            self.move_to(at)
        self._restart_at_now()
        self._frozen, self._pace = True, 0
        return self.now()

    def run(self, scale: float | None = None) -> None:
        """Run from the present instant, at `scale` or at the previous scale.

        Raises ValueError for a scale below MIN_SCALE or above MAX_SCALE.
        """
        self._scale = self._scale if scale is None else _check_scale(scale)
        self._restart_at_now()
        self._frozen, self._pace = False, self._scale

    def rescale(self, scale: float) -> None:
        """Change the scale; a frozen clock stays frozen. Raises ValueError as `run` does."""
        self._scale = _check_scale(scale)
        self._restart_at_now()
        self._pace = 0 if self._frozen else scale

    def _restart_at_now(self) -> None:
        """Continue from the present instant, fractions included, so that no time is lost."""
        reading = time.monotonic()
        self._at = min(self._at + (reading - self._since) * self._pace, _LATEST_SECOND)
        self._since = reading


def _check_scale(scale: float) -> float:
    if not MIN_SCALE <= scale <= MAX_SCALE:
        raise ValueError(f"a scale is a number from {MIN_SCALE} to {MAX_SCALE}, not {scale}")
    return scale
