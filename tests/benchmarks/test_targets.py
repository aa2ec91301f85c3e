"""Every target is judged."""

from __future__ import annotations

import pytest

from benchmarks.targets import BENCHMARK_PARTS, OPTIONAL_TARGETS, TARGETS, judge_targets
from tests.benchmarks.making import measure_fake_run
from tests.benchmarks.samples import MAXIMUM_TARGET, MINIMUM_TARGET, measurements_of


@pytest.mark.parametrize(("rate", "met"), [(301.0, True), (300.0, True), (299.0, False)])
def test_a_ratio_at_its_bound_or_above_is_met(rate: float, met: bool) -> None:
    """The bound "at least 3 times" includes 3."""
    (verdict,) = judge_targets(
        measurements_of(a_rate=rate, b_rate=100.0), [MINIMUM_TARGET], BENCHMARK_PARTS
    )
    assert verdict.met is met


@pytest.mark.parametrize(("delay", "met"), [(49.0, True), (50.0, True), (51.0, False)])
def test_a_value_at_its_bound_or_below_is_met(delay: float, met: bool) -> None:
    """The bound "at most 50 ms" includes 50."""
    (verdict,) = judge_targets(measurements_of(delay=delay), [MAXIMUM_TARGET], BENCHMARK_PARTS)
    assert verdict.met is met


def test_what_was_not_measured_is_no_target_met() -> None:
    """A missing series stops the run, unless its part was not requested."""
    with pytest.raises(KeyError, match="a/rate"):
        judge_targets(measurements_of(delay=1.0), [MINIMUM_TARGET, MAXIMUM_TARGET], BENCHMARK_PARTS)
    assert [
        v.target
        for v in judge_targets(
            measurements_of(delay=1.0), [MINIMUM_TARGET, MAXIMUM_TARGET], ["scaling"]
        )
    ] == [MAXIMUM_TARGET]


def test_a_whole_run_measures_what_every_target_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """No target names a series that nobody adds."""
    measured = measure_fake_run(monkeypatch)
    verdicts = judge_targets(measured, (*TARGETS, *OPTIONAL_TARGETS), BENCHMARK_PARTS)
    assert len(verdicts) == len(TARGETS) + len(OPTIONAL_TARGETS)
    assert {verdict.target.part for verdict in verdicts} == set(BENCHMARK_PARTS)
