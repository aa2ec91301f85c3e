"""Readings that one probe observes."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from contract_tests.rules.response import ApiResponse

ReadingHook = Callable[[str, str, ApiResponse], None]
"""Takes a reading, its value, and the response that shows it."""


def ignore_reading(_reading: str, _value: str, _answer: ApiResponse) -> None:
    """Take a reading outside a run."""


@dataclass(frozen=True)
class ProbeReadings:
    """Observations of one probe.

    declared: the readings that it may observe; hook: takes them for the run; observed: their
    values.
    """

    declared: Collection[str] = ()
    hook: ReadingHook = ignore_reading
    observed: dict[str, str] = field(default_factory=dict)

    def add(self, reading: str, value: str, answer: ApiResponse) -> None:
        """Add the value of a reading that a response shows.

        Raises LookupError for a reading that the probe is not registered for: reports name the
        probe where nothing was observed.
        """
        if reading not in self.declared:
            raise LookupError(f"the probe is not registered as one that observes {reading}")
        self.observed[reading] = value
        self.hook(reading, value, answer)
