"""`make soak`, for a few seconds: nothing fails whatever clients do beside resets."""

from __future__ import annotations

import pytest

from benchmarks.roaming import WEIGHTED_REQUESTS
from benchmarks.soak import SoakResult, render_soak_report, run_soak


@pytest.mark.whole
def test_clients_that_do_what_they_like_meet_no_failure() -> None:
    """No response is a 5xx, even with resets in between, and the page reports that."""
    soaked = run_soak(minutes=0.05, clients=4, seed=1, resets=4)
    assert not soaked.failures
    assert len(soaked.memory_after_resets) == 4
    assert {name for name, _ in soaked.statuses} >= {"lists", "reads", "tasks", "reset"}
    assert "0 failures" in render_soak_report(soaked)
    assert {name for name, _ in soaked.statuses} <= {*WEIGHTED_REQUESTS, "reset"}


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
