"""Targets for speed and memory: all thresholds in one table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.figures import Measurements
from benchmarks.scaling import LARGE_SIZE, MEDIUM_SIZE, SMALL_SIZE

MAX_LINEAR_GROWTH = 2.5
"""Largest growth from 50,000 to 100,000 rows that counts as linear: a factor of 2 for the rows
(both numbers exceed the processor's caches), plus noise. Quadratic growth would be 4."""


@dataclass(frozen=True)
class BenchmarkTarget:
    """Bound of a series, or of its ratio to another series."""

    title: str
    part: str
    series: str
    baseline_series: str | None
    bound: float
    is_minimum: bool
    unit: str = ""

    def value(self, figures: Measurements) -> float:
        """Return the median of the rounds. Raises KeyError if it was not measured."""
        if self.baseline_series is None:
            return figures.median(self.series)
        return figures.ratio(self.series, self.baseline_series)

    def met(self, value: float) -> bool:
        """Return whether a value meets the target; the bound itself does."""
        return value >= self.bound if self.is_minimum else value <= self.bound


def _rate_target(load: str, other: str, title: str, bound: float) -> BenchmarkTarget:
    says = f"{load}: requests per second, beside {title}"
    return BenchmarkTarget(
        says, "servers", f"{load}/mock/rate", f"{load}/{other}/rate", bound, is_minimum=True
    )


def _memory_target(moment: str, says: str) -> BenchmarkTarget:
    mine, prism = f"memory/mock/{moment}", f"memory/prism/{moment}"
    return BenchmarkTarget(
        f"memory {says}, beside Prism", "servers", mine, prism, 1.0, is_minimum=False
    )


def _growth_target(query: str, says: str, few: int, bound: float) -> BenchmarkTarget:
    says = f"{says}: {LARGE_SIZE:,} beside {few:,}"
    return BenchmarkTarget(
        says, "scaling", f"{query}/{LARGE_SIZE}", f"{query}/{few}", bound, is_minimum=False
    )


def _console_target(load: str) -> BenchmarkTarget:
    return BenchmarkTarget(
        f"{load}: requests per second with the console open, beside without", "console",
        f"console/{load}/open", f"console/{load}/closed", 0.9, is_minimum=True,
    )  # fmt: skip


TARGETS = (
    _rate_target("read", "prism", "Prism", 3.0),
    _rate_target("list", "prism", "Prism", 3.0),
    _rate_target("write", "prism", "Prism", 3.0),
    _rate_target("read", "starlette", "bare Starlette", 0.5),
    _rate_target("list", "starlette", "bare Starlette", 0.5),
    _rate_target("write", "starlette", "bare Starlette", 0.5),
    BenchmarkTarget(
        "start to first response, beside Prism", "servers", "start/mock", "start/prism", 0.45,
        is_minimum=False,
    ),
    _memory_target("idle", "after the start"),
    _memory_target("loaded", "after the loads"),
    _growth_target("page", "default page of tasks", SMALL_SIZE, 3.0),
    _growth_target("status", "tasks by status", MEDIUM_SIZE, MAX_LINEAR_GROWTH),
    _growth_target("window", "tasks by time", MEDIUM_SIZE, MAX_LINEAR_GROWTH),
    _growth_target("executions", "page of executions, by members", SMALL_SIZE, 2.0),
    _growth_target("sorted", "executions by time, by members", MEDIUM_SIZE, MAX_LINEAR_GROWTH),
    BenchmarkTarget(
        "task from a workbook: delay of other requests, 99th percentile", "scaling",
        "workbook/delay", None, 50.0, is_minimum=False, unit=" ms",
    ),
    BenchmarkTarget(
        "task from a workbook, beside its parser alone", "scaling",
        "workbook/create", "workbook/parser", 3.0, is_minimum=False,
    ),
    BenchmarkTarget(
        "hostile bodies, alone and 8 at once: memory above idle", "bodies",
        "bodies/memory", None, 300.0, is_minimum=False, unit=" MiB",
    ),
    BenchmarkTarget(
        "hostile bodies: delay of other requests, 99th percentile", "bodies",
        "bodies/delay", None, 50.0, is_minimum=False, unit=" ms",
    ),
    BenchmarkTarget(
        "shutdown while tasks are created from 8 workbooks", "bodies",
        "bodies/leave", None, 3.0, is_minimum=False, unit=" s",
    ),
    BenchmarkTarget(
        "memory after the tenth upload of 200 MB and nine resets, beside the first", "endurance",
        "memory/last", "memory/first", 1.1, is_minimum=False,
    ),
    BenchmarkTarget(
        "polls every 5 s on an idle connection: share that fails", "endurance",
        "polls/failed", None, 0.0, is_minimum=False,
    ),
    BenchmarkTarget(
        "unpaged list of 100,000 rows: delay of other requests, 99th percentile", "endurance",
        "unpaged/delay", None, 50.0, is_minimum=False, unit=" ms",
    ),
    BenchmarkTarget(
        "new session, 99th percentile", "sessions", "sessions/new", None, 15.0,
        is_minimum=False, unit=" ms",
    ),
    BenchmarkTarget(
        "reset of a session, 99th percentile", "sessions", "sessions/reset", None, 15.0,
        is_minimum=False, unit=" ms",
    ),
    BenchmarkTarget(
        "memory of an idle session", "sessions", "sessions/idle", None, 0.5,
        is_minimum=False, unit=" MiB",
    ),
    BenchmarkTarget(
        "memory with 32 clients at work in 1,000 sessions", "sessions", "sessions/working",
        None, 1024.0, is_minimum=False, unit=" MiB",
    ),
    _console_target("read"),
    _console_target("list"),
    _console_target("write"),
)  # fmt: skip
BENCHMARK_PARTS = ("servers", "scaling", "bodies", "endurance", "sessions", "console")
OPTIONAL_TARGETS = tuple(
    _rate_target(load, "scalar", "Scalar", 1.0) for load in ("read", "list", "write")
)
"""Comparisons that are not required; the report gives the difference and the reason for it."""


@dataclass(frozen=True)
class TargetResult:
    """A target and its measured value."""

    target: BenchmarkTarget
    value: float

    @property
    def met(self) -> bool:
        """True if the target is met."""
        return self.target.met(self.value)


def judge_targets(
    figures: Measurements, targets: Iterable[BenchmarkTarget], parts: Sequence[str]
) -> list[TargetResult]:
    """Return the results for the targets of these parts. Raises KeyError if one is not measured."""
    return [TargetResult(t, t.value(figures)) for t in targets if t.part in parts]
