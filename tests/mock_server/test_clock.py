"""The clock never goes back, and runs at its scale."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from math import floor, inf, nan

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from mock_server import clock as clock_module
from mock_server.clock import (
    CST,
    DEFAULT_INSTANT,
    EARLIEST_INSTANT,
    LATEST_INSTANT,
    MAX_SCALE,
    MIN_SCALE,
    Clock,
    InstantPassedError,
    InstantTooLateError,
    UnreachableInstantError,
)

SECOND = timedelta(seconds=1)
LAST_SECOND = int((LATEST_INSTANT - EARLIEST_INSTANT).total_seconds())
RESOLUTION = Fraction(1, 1000)
"""Precision of a float that counts seconds up to the year 9000, with a margin for sums."""
SCALES = st.sampled_from([MIN_SCALE, 0.5, 1, 60, MAX_SCALE]) | st.floats(MIN_SCALE, MAX_SCALE)
ADVANCE_SECONDS = st.integers(0, 10**6) | st.floats(0, 10**6) | st.integers(0, 10**30)
OFFSETS = st.integers(-3, 3) | st.integers(-(10**9), 10**12)
ZONES = st.sampled_from([CST, UTC, timezone(timedelta(hours=-7))])


class ManualMonotonicClock:
    """A monotonic clock that tests set."""

    def __init__(self) -> None:
        self.reading = 1000.0

    def monotonic(self) -> float:
        """Return the current seconds."""
        return self.reading


class ClockStateMachine(RuleBasedStateMachine):
    """Random operations on a clock, compared with a model that counts in fractions."""

    def __init__(self) -> None:
        super().__init__()
        self.machine = ManualMonotonicClock()
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(clock_module, "time", self.machine)

    def teardown(self) -> None:
        """Restore the module's clock."""
        self.patch.undo()

    @initialize(
        start=st.datetimes(datetime(1980, 1, 1), datetime(8999, 12, 31)),  # noqa: DTZ001 - aware below
        frozen=st.booleans(),
        scale=SCALES,
    )
    def begin(self, start: datetime, frozen: bool, scale: float) -> None:
        """Create a clock and its model."""
        began = start.replace(tzinfo=CST)
        self.clock = Clock(began, frozen=frozen, scale=scale)
        self.at = Fraction((began - EARLIEST_INSTANT) // timedelta(microseconds=1), 10**6)
        self.frozen, self.scale = frozen, scale
        self.last = self.clock.now()

    @rule(seconds=st.floats(0, 10**5))
    def time_goes_by(self, seconds: float) -> None:
        """Advance the machine's clock."""
        before = self.machine.reading
        self.machine.reading += seconds
        if not self.frozen:
            self.at += Fraction(self.machine.reading - before) * Fraction(self.scale)
            self.at = min(self.at, Fraction(LAST_SECOND))

    @rule(seconds=ADVANCE_SECONDS)
    def advance(self, seconds: float) -> None:
        """Advance the clock, at most to the end of time."""
        try:
            assert self.clock.advance(seconds) == self.clock.now()
        except InstantTooLateError:
            assert self.at + Fraction(seconds) > LAST_SECOND - RESOLUTION
        else:
            self.at += Fraction(seconds)

    @rule(offset=OFFSETS, zone=ZONES, how=st.sampled_from(["move", "freeze"]))
    def go_to(self, offset: int, zone: timezone, how: str) -> None:
        """Set the clock; earlier instants and those after the end of time are refused."""
        present = self.clock.now()
        try:
            wanted = (present + timedelta(seconds=offset)).astimezone(zone)
        except OverflowError:
            return
        try:
            reached = (self.clock.move_to if how == "move" else self.clock.freeze)(wanted)
        except InstantPassedError:
            assert offset < 0
        except InstantTooLateError:
            assert wanted > LATEST_INSTANT
        else:
            assert reached == wanted
            self.at = self.at if offset == 0 else Fraction((wanted - EARLIEST_INSTANT) // SECOND)
            self.frozen = self.frozen or how == "freeze"

    @rule()
    def freeze(self) -> None:
        """Freeze the clock."""
        self.clock.freeze()
        self.frozen = True

    @rule(scale=SCALES | st.none())
    def run(self, scale: float | None) -> None:
        """Unfreeze the clock."""
        self.clock.run(scale)
        self.frozen, self.scale = False, self.scale if scale is None else scale

    @rule(scale=SCALES)
    def rescale(self, scale: float) -> None:
        """Change the scale."""
        self.clock.rescale(scale)
        self.scale = scale

    @rule(scale=st.sampled_from([0, -1, 86_401, nan, inf]), start=st.booleans())
    def reject_invalid_scale(self, scale: float, start: bool) -> None:
        """An invalid scale changes nothing."""
        with pytest.raises(ValueError, match="scale"):
            (self.clock.run if start else self.clock.rescale)(scale)

    @rule(seconds=st.floats(max_value=-0.001) | st.just(nan))
    def reject_negative_advance(self, seconds: float) -> None:
        """Going back is refused."""
        with pytest.raises(InstantPassedError):
            self.clock.advance(seconds)

    @invariant()
    def it_never_goes_back(self) -> None:
        """The clock equals the model, within its limits, in whole seconds."""
        now = self.clock.now()
        assert self.last <= now <= LATEST_INSTANT
        self.last = now
        assert (now.tzinfo, now.microsecond) == (CST, 0)
        shown = (now - EARLIEST_INSTANT) // SECOND
        assert floor(self.at - RESOLUTION) <= shown <= floor(self.at + RESOLUTION)
        assert (self.clock.frozen, self.clock.scale) == (self.frozen, self.scale)


TestClockStateMachine = ClockStateMachine.TestCase
TestClockStateMachine.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


@pytest.fixture
def monotonic_clock(monkeypatch: pytest.MonkeyPatch) -> ManualMonotonicClock:
    """The machine's clock, set by the test."""
    turned = ManualMonotonicClock()
    monkeypatch.setattr(clock_module, "time", turned)
    return turned


def test_a_change_of_scale_is_no_jump(monotonic_clock: ManualMonotonicClock) -> None:
    """The present instant does not change, only the speed from then on."""
    clock = Clock(DEFAULT_INSTANT, scale=60)
    monotonic_clock.reading += 10
    assert clock.now() == DEFAULT_INSTANT + 600 * SECOND
    clock.rescale(3600)
    assert clock.now() == DEFAULT_INSTANT + 600 * SECOND
    monotonic_clock.reading += 1
    assert clock.now() == DEFAULT_INSTANT + 4200 * SECOND


def test_a_frozen_clock_keeps_its_scale_for_later(monotonic_clock: ManualMonotonicClock) -> None:
    """`--frozen --time-scale 60` stands still until it is unfrozen."""
    clock = Clock(DEFAULT_INSTANT, frozen=True, scale=60)
    monotonic_clock.reading += 1000
    assert clock.now() == DEFAULT_INSTANT
    clock.run()
    monotonic_clock.reading += 1
    assert clock.now() == DEFAULT_INSTANT + 60 * SECOND
    assert clock.started == DEFAULT_INSTANT


def test_a_running_clock_stands_still_at_the_end_of_time(
    monotonic_clock: ManualMonotonicClock,
) -> None:
    """At a day per second it is reached; this is no error, and the instant stays."""
    clock = Clock(LATEST_INSTANT - 10 * SECOND, scale=MAX_SCALE)
    for _ in range(3):
        monotonic_clock.reading += 1
        assert clock.now() == LATEST_INSTANT
    clock.freeze()
    assert clock.advance(0) == LATEST_INSTANT
    with pytest.raises(InstantTooLateError):
        clock.advance(1)


@pytest.mark.parametrize(
    "start",
    [
        EARLIEST_INSTANT - SECOND,
        LATEST_INSTANT + SECOND,
        datetime.min.replace(tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
    ],
)
def test_a_start_outside_of_time_is_refused(start: datetime) -> None:
    """Demo data would begin too early, or members' dates end too late."""
    with pytest.raises(ValueError, match="1971-01-01T00:00:00"):
        Clock(start)


@pytest.mark.parametrize("seconds", [10**12, 10**400, inf])
def test_too_long_a_step_is_refused_and_named(seconds: float) -> None:
    """Steps of any size cause no overflow and do not move the clock."""
    clock = Clock(DEFAULT_INSTANT, frozen=True)
    with pytest.raises(InstantTooLateError, match="the clock ends at 9000-01-01"):
        clock.advance(seconds)
    assert clock.now() == DEFAULT_INSTANT


def test_a_refusal_names_the_present_and_the_asked_instant() -> None:
    """Both are needed to see the difference."""
    clock = Clock(DEFAULT_INSTANT, frozen=True)
    with pytest.raises(UnreachableInstantError) as refused:
        clock.move_to(DEFAULT_INSTANT - SECOND)
    assert refused.value.present == DEFAULT_INSTANT
    assert refused.value.asked == "2025-04-21T08:59:59+08:00"
    assert "2025-04-21T09:00:00+08:00" in str(refused.value)


def test_without_a_start_time_is_the_machines() -> None:
    """The clock starts at the machine's time and runs."""
    clock = Clock()
    apart = datetime.now(CST) - clock.now()  # noqa: TID251 - what it is compared with
    assert timedelta() <= apart < timedelta(seconds=5)
