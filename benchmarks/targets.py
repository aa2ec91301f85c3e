"""Targets for speed and memory: every threshold, in one table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.figures import Figures
from benchmarks.scaling import FEW, HALF, MOST

LINEAR = 2.5
"""Growth from 50,000 to 100,000 that is still a linear pass: 2 for the rows (both are more than the
processor's caches hold), the rest for noise. With the square of the rows it would be 4."""


@dataclass(frozen=True)
class Target:
    """A series, alone or beside another, and its bound."""

    says: str
    part: str
    measured: str
    beside: str | None
    bound: float
    least: bool
    unit: str = ""

    def value(self, figures: Figures) -> float:
        """The middle of the rounds; raises KeyError when it was not measured."""
        if self.beside is None:
            return figures.median(self.measured)
        return figures.ratio(self.measured, self.beside)

    def met(self, value: float) -> bool:
        """Whether this value is on the right side; the bound itself is."""
        return value >= self.bound if self.least else value <= self.bound


def _rate(load: str, other: str, title: str, bound: float) -> Target:
    says = f"{load}: requests a second, beside {title}"
    return Target(says, "servers", f"{load}/mock/rate", f"{load}/{other}/rate", bound, least=True)


def _memory(moment: str, says: str) -> Target:
    mine, prism = f"memory/mock/{moment}", f"memory/prism/{moment}"
    return Target(f"memory {says}, beside Prism", "servers", mine, prism, 1.0, least=False)


def _growth(query: str, says: str, few: int, bound: float) -> Target:
    says = f"{says}: {MOST:,} beside {few:,}"
    return Target(says, "scaling", f"{query}/{MOST}", f"{query}/{few}", bound, least=False)


TARGETS = (
    _rate("read", "prism", "Prism", 3.0),
    _rate("list", "prism", "Prism", 3.0),
    _rate("write", "prism", "Prism", 3.0),
    _rate("read", "starlette", "bare Starlette", 0.5),
    _rate("list", "starlette", "bare Starlette", 0.5),
    _rate("write", "starlette", "bare Starlette", 0.5),
    Target(
        "start to first answer, beside Prism", "servers", "start/mock", "start/prism", 0.45,
        least=False,
    ),
    _memory("idle", "after the start"),
    _memory("loaded", "after the loads"),
    _growth("page", "default page of tasks", FEW, 3.0),
    _growth("status", "tasks by status", HALF, LINEAR),
    _growth("window", "tasks by time", HALF, LINEAR),
    _growth("executions", "page of executions, by members", FEW, 2.0),
    _growth("sorted", "executions by time, by members", HALF, LINEAR),
    Target(
        "task out of a workbook: delay of other requests, 99th percentile", "scaling",
        "workbook/delay", None, 50.0, least=False, unit=" ms",
    ),
    Target(
        "task out of a workbook, beside its parser alone", "scaling",
        "workbook/create", "workbook/parser", 3.0, least=False,
    ),
    Target(
        "hostile bodies, alone and 8 at once: memory above resting", "bodies",
        "bodies/memory", None, 300.0, least=False, unit=" MiB",
    ),
    Target(
        "hostile bodies: other requests, 99th percentile", "bodies",
        "bodies/delay", None, 50.0, least=False, unit=" ms",
    ),
    Target(
        "end while tasks out of 8 workbooks are under way", "bodies",
        "bodies/leave", None, 3.0, least=False, unit=" s",
    ),
    Target(
        "memory after the tenth 200 MB and nine resets, beside the first", "endurance",
        "memory/last", "memory/first", 1.1, least=False,
    ),
    Target(
        "polls every 5 s on a kept connection: share that fails", "endurance",
        "polls/failed", None, 0.0, least=False,
    ),
    Target(
        "unpaged list of 100,000 rows: delay of other requests, 99th percentile", "endurance",
        "unpaged/delay", None, 50.0, least=False, unit=" ms",
    ),
)  # fmt: skip
PARTS = ("servers", "scaling", "bodies", "endurance")
AIMS = tuple(_rate(load, "scalar", "Scalar", 1.0) for load in ("read", "list", "write"))
"""Not required: where one is missed, the report says by how much and why."""


@dataclass(frozen=True)
class Verdict:
    """A target and what was measured."""

    target: Target
    value: float

    @property
    def met(self) -> bool:
        """Whether the target is reached."""
        return self.target.met(self.value)


def judge(figures: Figures, targets: Iterable[Target], parts: Sequence[str]) -> list[Verdict]:
    """A verdict on each target of these parts; raises KeyError when one was not measured."""
    return [Verdict(t, t.value(figures)) for t in targets if t.part in parts]
