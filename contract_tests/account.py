"""What is seen of each operation while a run goes on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from schemathesis import Case

from contract_tests.checks import operation_of
from contract_tests.contract import Operation
from contract_tests.record import OperationRecord
from contract_tests.violations import Violation


class Account:
    """Counts for the chosen operations: answers, parameters, checks."""

    def __init__(self, chosen: Collection[Operation]) -> None:
        """Count nothing yet."""
        self._found = {
            each.name: OperationRecord(each.name, each.raw["tags"][0]) for each in chosen
        }

    def answered(self, operation: str, status: int, parameters: Iterable[str] = ()) -> None:
        """Count an answer, and the parameters of its request."""
        found = self._found.get(operation)
        if found is None:
            return
        found.statuses[str(status)] = found.statuses.get(str(status), 0) + 1
        for name in parameters:
            found.parameters[name] = found.parameters.get(name, 0) + 1

    def judged(self, operation: str, check: str, *, failed: bool) -> None:
        """Count what a check came to."""
        if operation in self._found:
            checks = self._found[operation].checks
            judged, failures = checks.get(check, (0, 0))
            checks[check] = judged + 1, failures + failed

    def took(self, operation: str, seconds: float) -> None:
        """Add the seconds that a test of it took."""
        if operation in self._found:
            self._found[operation].seconds += seconds

    def records(self, violations: Iterable[Violation], done: Collection[str]) -> Iterator[Any]:
        """The operations with their outcomes; `done` are those whose tests came to their end."""
        violated = {violation.operation for violation in violations}
        for name, found in self._found.items():
            if name in violated:
                found.outcome = "violated"
            elif name in done:
                found.outcome = "held"
            else:
                found.outcome, found.reason = "not checked", "the run ended before it was tried"
            for counts in (found.statuses, found.parameters, found.checks):
                ordered: dict[str, Any] = dict(sorted(counts.items()))
                counts.clear()
                counts.update(ordered)
            yield found


def parameters_of(case: Case[Any]) -> Iterator[str]:
    """The declared parameters that a request sends: `query/size`, `body/name`."""
    declared = operation_of(case).parameters
    for place, values in (
        ("path", case.path_parameters),
        ("query", case.query),
        ("body", case.body),
    ):
        if isinstance(values, dict):
            names = (f"{place}/{name}" for name in values)
            yield from (name for name in names if name in declared)
