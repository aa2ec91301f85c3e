"""Built-in checks of schemathesis that do not apply to a response."""

from __future__ import annotations

from typing import Any

from schemathesis import Case, CheckFunction, Response, checks

from contract_tests.checks.custom_checks import is_form_valid_once_sent
from contract_tests.contract.schemathesis_cases import operation_of
from contract_tests.results.response_findings import inconclusive_finding
from contract_tests.results.violation_kinds import ViolationKind


def excluded_checks(case: Case[Any], response: Response) -> list[CheckFunction]:
    """Return the checks that would report this response although it keeps the contract."""
    operation, status = operation_of(case), str(response.status_code)
    found: list[CheckFunction] = []
    if finding := inconclusive_finding(response.status_code, {}):
        found += [checks.status_code_conformance, checks.negative_data_rejection]
        # `no_redirect_or_retry` reports it.
        if finding.kind != ViolationKind.SERVER_ERROR:
            found.append(checks.not_a_server_error)
    # The built-in check overlooks that a form turns values into texts.
    if response.status_code in operation.extra_refusal_statuses or is_form_valid_once_sent(case):
        found.append(checks.negative_data_rejection)
    responses = operation.raw["responses"]
    documented = responses.get(status, responses.get(f"{status[0]}XX", {}))
    # The built-in check parses a file of the bytes "1.5" as a number, where the contract has bytes.
    if not any(media_type.endswith("json") for media_type in documented.get("content", ())):
        found.append(checks.response_schema_conformance)
    return found
