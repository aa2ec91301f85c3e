"""Setup of a run of mutants: the readings of the servers, and those that the check demands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from contract_tests.results.observations import ReadingRecord
from openapi import parse_readings, reading_set_names, readings_with_defaults

NO_READINGS = "none"
"""In place of the readings that the check demands: it demands none."""
DEFAULT_BASE = "default"
MIN_ON_OTHER_BASES = 0.95
"""Minimum share of the faults to be found on a base whose answers are not the default ones."""


@dataclass(frozen=True)
class RunSetup:
    """The servers of a run, and what the check demands of them.

    base: the bundled set of readings that the servers follow, but for their faults; demanded: the
    readings that the check demands (`--readings`), NO_READINGS for none.
    """

    base: str = DEFAULT_BASE
    demanded: str = DEFAULT_BASE

    @property
    def mock_options(self) -> list[str]:
        """Options of `hypers-mock` for the base server."""
        return [] if self.base == DEFAULT_BASE else ["--readings", self.base]

    @property
    def check_options(self) -> list[str]:
        """Options of `hypers-check` for the demanded readings."""
        return [] if self.demanded == NO_READINGS else ["--readings", self.demanded]

    @property
    def options(self) -> str:
        """Options of `make mutants` for this setup; empty for the default one."""
        readings = "" if self.demanded == self.base else f"--readings {self.demanded}"
        base = "" if self.base == DEFAULT_BASE else f"--base {self.base}"
        return " ".join(filter(None, (base, readings)))

    @property
    def min_share(self) -> float:
        """Minimum share of the faults to be found: all, on the base for which they were written."""
        return 1.0 if self.base == DEFAULT_BASE else MIN_ON_OTHER_BASES

    @cached_property
    def base_readings(self) -> dict[str, str]:
        """The base server's answer to each open question."""
        return readings_with_defaults(parse_readings(self.base))

    def other_readings(self, observed: dict[str, str]) -> list[str]:
        """Return the observed answers that the base server does not give, as `key value`."""
        return [
            f"{key} {value}" for key, value in observed.items() if value != self.base_readings[key]
        ]

    def same_readings(self, observed: Sequence[ReadingRecord]) -> list[str]:
        """Return the answers observed on a default base, if all are default or those of this base.

        Those that are not the default ones are returned, as `key value`.
        """
        usual = RunSetup().base_readings
        found = [
            (each.reading, value)
            for each in observed
            for value in each.values
            if value != usual[each.reading]
        ]
        is_same = all(self.base_readings[key] == value for key, value in found)
        return [f"{key} {value}" for key, value in found] if is_same else []


def base_names() -> list[str]:
    """Return the bundled sets of readings that a server can follow."""
    return [name for name in reading_set_names() if name != "all"]
