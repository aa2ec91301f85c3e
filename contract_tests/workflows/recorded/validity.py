"""Validity of recorded requests: those that had to be accepted, had to be refused, or neither."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

from requests import PreparedRequest

from contract_tests.checks.refusable_requests import may_be_refused
from contract_tests.checks.request_validity import invalid_parts
from contract_tests.contract.api_lookup import has_form_body
from contract_tests.contract.operations import Operation
from contract_tests.contract.statuses import BUSY_STATUSES
from contract_tests.contract.strictness import CURATED
from contract_tests.results.response_findings import ResponseFinding
from contract_tests.results.violation_kinds import ViolationKind

EXPECTED_REFUSALS = (400, 404)
"""Statuses that refuse invalid data."""
OTHER_REFUSALS = frozenset({401, 403, 413, 415, *BUSY_STATUSES})
"""Statuses that refuse any request for a reason that a recording need not show."""


@dataclass(frozen=True)
class RequestValidity:
    """Verdict on a request, and the pointers of its invalid parts.

    valid: it had to be accepted; invalid: it had to be refused; open: a server may do either, or
    too little of it was recorded.
    """

    verdict: Literal["valid", "open", "invalid"]
    parts: tuple[str, ...] = ()


OPEN = RequestValidity("open")


def validity_of(
    operation: Operation, request: PreparedRequest, status: int, *, is_whole: bool
) -> RequestValidity:
    """Return the validity of a request that was answered with this status.

    is_whole: whether the body was recorded. A form is open, since recorders leave out its files.
    What a server may take or refuse by an open question is open, and so is what was refused because
    of the user.
    """
    name, strictness = operation.name, operation.strictness
    if not is_whole or has_form_body(name) or _is_about_the_user(operation, status):
        return OPEN
    curated = tuple(invalid_parts(name, request, CURATED))
    if not curated:
        return OPEN if may_be_refused(operation, request) else RequestValidity("valid")
    wrong = tuple(invalid_parts(name, request, strictness, lenient=True))
    return RequestValidity("invalid", wrong) if wrong else OPEN


def accepted_invalid_finding(
    operation: Operation, status: int, validity: RequestValidity
) -> ResponseFinding | None:
    """Return the finding for a response that does not refuse an invalid request; else None."""
    refusals = (*EXPECTED_REFUSALS, *OTHER_REFUSALS, *operation.extra_refusal_statuses)
    # Redirects and server errors are findings of their own.
    if validity.verdict != "invalid" or status in refusals or not 200 <= status < 500:
        return None
    if 300 <= status < 400:
        return None
    kind = (
        ViolationKind.INVALID_ACCEPTED if status < 300 else ViolationKind.INVALID_REFUSED_OTHERWISE
    )
    expected = ", ".join(map(str, EXPECTED_REFUSALS))
    return ResponseFinding(
        kind,
        expected,
        str(status),
        detail="Invalid data should have been rejected\n"
        f"Expected: {expected}\nInvalid: {', '.join(validity.parts)}",
    )


def _is_about_the_user(operation: Operation, status: int) -> bool:
    """Return whether a status refuses credentials; without a bearer token, they are in the body."""
    is_login = bool(operation.security_schemes - {"bearerAuth"})
    return status in (401, 403) or (is_login and status == 400)


def undeclared_parameters(operation: Operation, request: PreparedRequest) -> set[str]:
    """Return the names of query parameters that the contract does not declare."""
    query = parse_qsl(urlsplit(str(request.url)).query, keep_blank_values=True)
    declared = {each["name"] for each in operation.declared_parameters if each["in"] == "query"}
    return {name for name, _ in query} - declared
