"""Checks that apply to a recorded response, by what was recorded of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from schemathesis import Case, CheckContext, CheckFunction, Response, checks

from contract_tests.checks.custom_checks import (
    CUSTOM_CHECKS,
    credentials_are_required,
    no_redirect_or_retry,
    refusals_explain_themselves,
    valid_data_is_accepted,
)
from contract_tests.checks.page_consistency import pages_fit_their_queries
from contract_tests.checks.repeated_fields import written_fields_are_repeated
from contract_tests.contract.api_lookup import operation_effects, path_id_name
from contract_tests.contract.schemathesis_cases import json_or_none
from contract_tests.contract.statuses import is_success
from contract_tests.results.response_findings import ContractViolationError, ResponseFinding
from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.workflows.model_checks import ModelMismatch
from contract_tests.workflows.recorded.history import READ_METHODS
from contract_tests.workflows.recorded.replay import ReplayedCall
from contract_tests.workflows.recorded.validity import RequestValidity, accepted_invalid_finding
from contract_tests.workflows.step_observer import model_check


def applicable_checks(
    call: ReplayedCall,
    validity: RequestValidity,
    mismatch: ModelMismatch | None,
    *,
    needs_token: bool,
) -> Iterator[CheckFunction]:
    """Yield our checks that apply to a response."""
    operation, status = call.match.operation, call.response.status_code
    is_read = call.exchange.request.method in READ_METHODS
    inapplicable = set()
    if not call.is_body_known:
        inapplicable = {*CUSTOM_CHECKS} - {no_redirect_or_retry}
    if not call.exchange.response.headers:
        inapplicable.add(refusals_explain_themselves)
    if validity.verdict != "valid":
        inapplicable |= {valid_data_is_accepted, written_fields_are_repeated}
    if validity.verdict == "invalid" or not is_read:
        inapplicable.add(pages_fit_their_queries)
    yield from (check for check in CUSTOM_CHECKS if check not in inapplicable)
    if found := accepted_invalid_finding(operation, status, validity):
        yield _finding_check("negative_data_rejection", found)
    if needs_token and operation.requires_credentials and is_success(status):
        yield credentials_are_required
    if mismatch:
        yield model_check(mismatch)
    if found := _other_record(call):
        yield _finding_check("asked_record_is_returned", found)


def inapplicable_checks(call: ReplayedCall) -> list[CheckFunction]:
    """Return the built-in checks of what was not recorded."""
    found = []
    if not call.is_body_known:
        found.append(checks.response_schema_conformance)
    if not call.exchange.response.headers:
        found.append(checks.response_headers_conformance)
    return found


def _other_record(call: ReplayedCall) -> ResponseFinding | None:
    """Return the finding for a read that returns another record than the one in its path."""
    name = call.match.operation.name
    if not operation_effects(name).shows or call.response.status_code != 200:
        return None
    document = json_or_none(call.response) if call.is_body_known else None
    asked = call.match.path.get(path_id_name(name))
    if not isinstance(document, dict) or "id" not in document or str(document["id"]) == asked:
        return None
    return ResponseFinding(
        ViolationKind.DIFFERS, f"id {asked}", f"id {json.dumps(document['id'])}", "/id", after=name
    )


def _finding_check(name: str, found: ResponseFinding) -> CheckFunction:
    """Return a check with this name that fails with a finding."""

    def check(_context: CheckContext, _response: Response, _case: Case[Any]) -> None:
        raise ContractViolationError(found)

    check.__name__ = name
    return check
