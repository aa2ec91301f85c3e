"""Results of a run of mutants: killed and survived, by class."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.mutants.mutant import FAULT_CLASSES
from tests.mutants.runner import MutantResult


@dataclass(frozen=True)
class KillScore:
    """Number of mutants killed, of how many faulty ones, and the seconds for all of them.

    A mutant that is a reading is not faulty: nothing that the check was given forbids it.
    """

    killed: int
    total: int
    seconds: float = 0.0

    @property
    def share(self) -> float:
        """Killed part of the mutants; 1 if there are none."""
        return self.killed / self.total if self.total else 1.0

    def __str__(self) -> str:
        return f"{self.killed}/{self.total}"


@dataclass(frozen=True)
class MutantResults:
    """The results of one checker, in the order of the catalogue."""

    found: Sequence[MutantResult]

    @property
    def overall(self) -> KillScore:
        """Score of all mutants."""
        return _kill_score(self.found)

    @property
    def by_class(self) -> dict[str, KillScore]:
        """Score of each class that was run."""
        rows = {
            kind: [one for one in self.found if one.mutant.kind == kind] for kind in FAULT_CLASSES
        }
        return {kind: _kill_score(of_kind) for kind, of_kind in rows.items() if of_kind}

    @property
    def survivors(self) -> list[MutantResult]:
        """Faulty mutants that were not killed, errors included."""
        return [one for one in self.found if one.outcome not in ("killed", "reading")]

    @property
    def readings(self) -> list[MutantResult]:
        """Mutants that were observed to give other answers to open questions than their base."""
        return [one for one in self.found if one.outcome == "reading"]

    @property
    def has_errors(self) -> bool:
        """True if a mutant could not be checked."""
        return any(one.outcome == "error" for one in self.found)

    def reaches(self, min_share: float) -> bool:
        """Return whether at least this share of the faulty mutants was killed."""
        return self.overall.share >= min_share

    def lines(self) -> Iterator[str]:
        """Return the results for a terminal: killed by class, readings, and survivors."""
        for kind, score in self.by_class.items():
            yield f"{kind:14}{score!s:>8}"
        yield f"{'all':14}{self.overall!s:>8}  {self.overall.share:.1%}"
        for one in self.readings:
            yield f"reading {one.mutant.id}: {one.by}"
        for one in self.survivors:
            yield f"{one.outcome} {one.mutant.id}: {one.mutant.sentence}"
            yield f"  breaks {one.mutant.breaks}; {one.by}"


def _kill_score(found: Sequence[MutantResult]) -> KillScore:
    killed = sum(one.outcome == "killed" for one in found)
    faulty = sum(one.outcome != "reading" for one in found)
    return KillScore(killed, faulty, sum(one.seconds for one in found))
