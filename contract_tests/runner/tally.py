"""Counts for each operation during a run."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from requests import PreparedRequest
from schemathesis import Response

from contract_tests.checks.undocumented_fields import undeclared_response_fields
from contract_tests.contract.json_body import parse_json_body
from contract_tests.contract.multipart import parse_form_parts
from contract_tests.contract.operations import Operation
from contract_tests.contract.schemathesis_cases import media_type_of
from contract_tests.results.record import OperationRecord
from contract_tests.results.violations import Violation

PART_NAME_PATTERN = re.compile(
    rb'Content-Disposition: form-data; name="([^"\r\n]*)"', re.IGNORECASE
)
"""Name of a part in the head of the part."""


class OperationTally:
    """Counts for the chosen operations: responses, parameters, checks."""

    def __init__(self, chosen: Collection[Operation]) -> None:
        """Begin with zero for each chosen operation."""
        self._found = {
            each.name: OperationRecord(each.name, each.raw["tags"][0]) for each in chosen
        }

    def count_response(self, operation: str, status: int, parameters: Iterable[str] = ()) -> None:
        """Count a response, and the parameters of its request by its status."""
        found = self._found.get(operation)
        if found is None:
            return
        counts = [found.statuses, *(found.parameters.setdefault(name, {}) for name in parameters)]
        for each in counts:
            each[str(status)] = each.get(str(status), 0) + 1

    def count_check(self, operation: str, check: str, *, failed: bool) -> None:
        """Count a result of a check."""
        if operation in self._found:
            checks = self._found[operation].checks
            judged, failures = checks.get(check, (0, 0))
            checks[check] = judged + 1, failures + failed

    def count_undeclared_fields(self, operation: Operation, response: Response) -> None:
        """Count the fields of a response that the contract does not declare."""
        kind = media_type_of(response)
        if operation.name not in self._found or not kind.endswith("json"):
            return
        try:
            body = response.json()
        except ValueError:
            return  # a built-in check reports it
        counts = self._found[operation.name].undeclared
        for pointer in undeclared_response_fields(operation, response.status_code, kind, body):
            place = f"{response.status_code} {pointer}"
            counts[place] = counts.get(place, 0) + 1

    def add_seconds(self, operation: str, seconds: float) -> None:
        """Add the duration of a test, in seconds."""
        if operation in self._found:
            self._found[operation].seconds += seconds

    def answered_operations(self) -> set[str]:
        """Return the operations with at least one response."""
        return {name for name, found in self._found.items() if found.statuses}

    def operation_records(
        self, violations: Iterable[Violation], done: Collection[str]
    ) -> Iterator[Any]:
        """Yield the operations with their outcomes; `done` are those whose tests finished."""
        violated = {violation.operation for violation in violations}
        for name, found in self._found.items():
            if name in violated:
                found.outcome = "violated"
            elif name in done:
                found.outcome = "held"
            else:
                found.outcome, found.reason = "not checked", "the run ended before it was tried"
            # Sorted, so that two runs with the same seed write the same report.
            found.statuses = dict(sorted(found.statuses.items()))
            found.checks = dict(sorted(found.checks.items()))
            found.undeclared = dict(sorted(found.undeclared.items()))
            found.parameters = {
                parameter: dict(sorted(counts.items()))
                for parameter, counts in sorted(found.parameters.items())
            }
            yield found


def sent_parameters(operation: Operation, request: PreparedRequest) -> Iterator[str]:
    """Yield the declared parameters in a request, each once: `query/size`, `body/name`."""
    query = parse_qsl(urlsplit(str(request.url)).query, keep_blank_values=True)
    names = {f"query/{name}" for name, _ in query}
    names.update(f"body/{name}" for name in _body_field_names(request))
    # Asked for one by one: the mapping ignores the case of header names, a set would not.
    in_headers = {name for name in operation.parameter_names if name.startswith("header/")}
    names |= {name for name in in_headers if name.removeprefix("header/") in request.headers}
    in_path = {name for name in operation.parameter_names if name.startswith("path/")}
    yield from sorted(in_path | (operation.parameter_names & names))


def _body_field_names(request: PreparedRequest) -> Iterable[str]:
    """Return the names at the root of a JSON or form body."""
    if form := parse_form_parts(request):
        named = (PART_NAME_PATTERN.search(head) for head, _ in form)
        return [found[1].decode(errors="replace") for found in named if found]
    found = parse_json_body(request.body)
    return found if isinstance(found, dict) else ()
