"""What a run says about the check: killed and survived, by class."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from tests.mutants.mutant import FAULT_CLASSES
from tests.mutants.runner import MutantResult

MIN_OVERALL, MIN_PER_CLASS = 0.95, 0.85
"""The part of all mutants, and of each class, that has to be killed."""
REPORTED_PACKAGES = ("hypers-contract", "schemathesis", "hypothesis")


@dataclass(frozen=True)
class KillScore:
    """How many of some mutants were killed."""

    killed: int
    total: int

    @property
    def share(self) -> float:
        """The killed part; of nothing, all."""
        return self.killed / self.total if self.total else 1.0

    def __str__(self) -> str:
        return f"{self.killed}/{self.total}"


@dataclass(frozen=True)
class MutantResults:
    """The results of a run, in the order of the catalogue."""

    found: Sequence[MutantResult]

    @property
    def overall(self) -> KillScore:
        """Of all mutants."""
        return _kill_score(self.found)

    @property
    def by_class(self) -> dict[str, KillScore]:
        """Of each class that was run."""
        rows = {
            kind: [one for one in self.found if one.mutant.kind == kind] for kind in FAULT_CLASSES
        }
        return {kind: _kill_score(of_kind) for kind, of_kind in rows.items() if of_kind}

    @property
    def survivors(self) -> list[MutantResult]:
        """Those that were not killed, errors included."""
        return [one for one in self.found if one.outcome != "killed"]

    @property
    def reaches_target(self) -> bool:
        """Whether as many were killed as have to be."""
        each = all(score.share >= MIN_PER_CLASS for score in self.by_class.values())
        return each and self.overall.share >= MIN_OVERALL

    def lines(self) -> Iterator[str]:
        """For a terminal: killed by class, then who is alive and why."""
        for kind, score in self.by_class.items():
            yield f"{kind:14}{score!s:>8}"
        yield f"{'all':14}{self.overall!s:>8}  {self.overall.share:.1%}"
        for one in self.survivors:
            yield f"{one.outcome} {one.mutant.id}: {one.mutant.sentence}"
            yield f"  breaks {one.mutant.breaks}; {one.by}"


def render_results(
    results: MutantResults, day: str, options: Sequence[str], jobs: int, seconds: float
) -> str:
    """RESULTS.md of a whole run."""
    return "\n".join(_result_lines(results, day, options, jobs, seconds)) + "\n"


def _result_lines(
    results: MutantResults, day: str, options: Sequence[str], jobs: int, seconds: float
) -> Iterator[str]:
    versions = ", ".join(f"{name} {version(name)}" for name in REPORTED_PACKAGES)
    asked = " ".join(["--fail-fast", *options])
    yield "# How many faulty servers the check catches"
    yield ""
    where = "[`tests/mutants/catalogue/`](catalogue/)"
    yield f"Written by `make mutants`; {where} says what each server does wrong."
    yield ""
    yield f"- {day}, {versions}, Python {platform.python_version()}"
    yield f"- `hypers-check {asked}`, {jobs} at a time, {seconds / 60:.0f} minutes in all"
    yield "- the mock without a fault: no violation"
    yield f"- {results.overall} killed, {results.overall.share:.1%}"
    yield ""
    yield "| Class | Killed | |"
    yield "|---|---:|---:|"
    for kind, score in results.by_class.items():
        yield f"| {kind} | {score} | {score.share:.0%} |"
    yield ""
    yield "## Alive"
    yield ""
    for one in results.survivors:
        yield f"- `{one.mutant.id}` ({one.mutant.breaks}): {one.mutant.sentence} {one.by}."
    if not results.survivors:
        yield "None."
    yield ""
    yield "## Killed"
    yield ""
    yield "| Server | Breaks | Found by | Seconds |"
    yield "|---|---|---|---:|"
    for one in results.found:
        if one.outcome == "killed":
            by = one.by.replace("|", "\\|")
            yield f"| {one.mutant.id} | {one.mutant.breaks} | {by} | {one.seconds:.0f} |"


def _kill_score(found: Sequence[MutantResult]) -> KillScore:
    return KillScore(sum(one.outcome == "killed" for one in found), len(found))
