"""A run, targets and series for tests of the report."""

from __future__ import annotations

from benchmarks.figures import Measurements
from benchmarks.report import BenchmarkRun
from benchmarks.targets import BenchmarkTarget
from tests.benchmarks.making import ROUNDS

SAMPLE_RUN = BenchmarkRun(
    ROUNDS, 1, "2025-04-21", (0.25, 2.5), {"processor": "an abacus"}, {"Python": "3.11"}
)
MINIMUM_TARGET = BenchmarkTarget("as fast", "servers", "a/rate", "b/rate", 3.0, is_minimum=True)
MAXIMUM_TARGET = BenchmarkTarget(
    "as late", "scaling", "delay", None, 50.0, is_minimum=False, unit=" ms"
)


def measurements_of(**series: float) -> Measurements:
    """Return series of one round; `_` in a name stands for `/`."""
    made = Measurements()
    for name, value in series.items():
        made.add(name.replace("_", "/"), value)
    return made
