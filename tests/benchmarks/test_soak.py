"""`make soak`, for a few seconds: nothing fails whatever clients do in sessions of their own."""

from __future__ import annotations

import pytest

from benchmarks.roaming import WEIGHTED_REQUESTS
from benchmarks.soak import SoakResult, render_soak_report, run_soak
from benchmarks.soak_sessions import WEIGHTED_STEPS


@pytest.mark.whole
def test_clients_that_do_what_they_like_meet_no_failure() -> None:
    """No response is a 5xx, even with resets in between, and the page reports that."""
    soaked = run_soak(minutes=0.06, clients=6, seed=1, resets=4, sessions=10)
    assert not soaked.failures
    assert len(soaked.memory_after_resets) == 4
    found = {name for name, _ in soaked.statuses}
    assert found >= {"lists", "reads", "reset", "session groups", "session snapshots"}
    assert "0 failures" in render_soak_report(soaked)
    assert found <= {*WEIGHTED_REQUESTS, *WEIGHTED_STEPS, "reset", "console"}


@pytest.mark.parametrize(("last", "passes"), [(109.0, True), (111.0, False)])
def test_memory_that_grows_by_more_than_a_tenth_after_the_warm_up_fails(
    last: float, passes: bool
) -> None:
    """Growth before the end of the warm-up does not count."""
    soaked = SoakResult(10, 32, memory_after_resets=[50.0, 60.0, *[100.0] * 5, *[last] * 3])
    assert soaked.passed is passes
    assert soaked.growth == last / 100


def test_a_failure_fails_however_little_memory_it_takes() -> None:
    """And is on the page."""
    soaked = SoakResult(10, 32, memory_after_resets=[100.0] * 10, failures=["lists: 500"])
    assert not soaked.passed
    assert "- lists: 500" in render_soak_report(soaked)
