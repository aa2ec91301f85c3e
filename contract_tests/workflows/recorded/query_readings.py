"""Readings that the response to a read shows by its query: what it accepts, and what not.

A run has probes for them. Frontends send such queries all day.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from contract_tests.checks.request_validity import invalid_parts
from contract_tests.contract.statuses import is_success
from contract_tests.contract.strictness import CURATED
from contract_tests.workflows.recorded.replay import ReplayedCall
from contract_tests.workflows.recorded.validity import undeclared_parameters

EMPTY_VALUES, UNKNOWN_INPUT = "empty-query-values", "unknown-input"
ACCEPTED_VALUES = {EMPTY_VALUES: "absent", UNKNOWN_INPUT: "ignored"}
"""Values of the readings of a server that accepts such a query."""
REFUSED = "refused"
"""Value of the readings of one that does not."""
QUERY_READINGS = frozenset(ACCEPTED_VALUES)


def readings_of_query(call: ReplayedCall) -> Iterator[tuple[str, str]]:
    """Yield the readings that a response shows, each with its value.

    Only reads are looked at, whose refusal has no other reason than the query, and only those with
    one question: `status=` is none for a filter that may be empty.
    """
    request, status = call.response.request, call.response.status_code
    if request.method != "GET" or not (is_success(status) or status == 400):
        return
    operation = call.match.operation
    empty = {
        f"/query/{name}"
        for name, value in parse_qsl(urlsplit(str(request.url)).query, keep_blank_values=True)
        if not value
    }
    wrong = set(invalid_parts(operation.name, request, CURATED))
    is_unknown = bool(undeclared_parameters(operation, request))
    if wrong and wrong <= empty and not is_unknown:
        # A required parameter that counts as absent is refused as well.
        if next(invalid_parts(operation.name, request, CURATED, lenient=True), None) is None:
            yield EMPTY_VALUES, _value(EMPTY_VALUES, status)
    elif is_unknown and not wrong and not empty:
        yield UNKNOWN_INPUT, _value(UNKNOWN_INPUT, status)


def _value(reading: str, status: int) -> str:
    return ACCEPTED_VALUES[reading] if is_success(status) else REFUSED
