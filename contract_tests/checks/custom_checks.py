"""Our own checks beside schemathesis' built-in ones, for constraints of this contract."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import Any

import requests
from schemathesis import Case, CheckContext, CheckFunction, Response

from contract_tests.checks.page_consistency import pages_fit_their_queries
from contract_tests.checks.refusable_requests import may_be_refused
from contract_tests.checks.repeated_fields import written_fields_are_repeated
from contract_tests.checks.request_validity import may_be_valid
from contract_tests.checks.strict_json import json_is_unambiguous
from contract_tests.contract.operations import MULTIPART_FORM, Operation
from contract_tests.contract.schemathesis_cases import (
    first_headers,
    is_unsendable_form,
    is_valid,
    json_or_none,
    media_type_of,
    operation_of,
)
from contract_tests.contract.schemathesis_compat import as_request
from contract_tests.contract.statuses import BUSY_STATUSES, status_meaning
from contract_tests.results.response_findings import (
    ContractViolationError,
    ResponseFinding,
    inconclusive_finding,
)
from contract_tests.results.violation_kinds import ViolationKind

PROBLEM_JSON = "application/problem+json"
PROBLEM_FIELDS = {"type", "title", "status"}
"""Members by which a document counts as a problem document (RFC 9457, 3.1)."""
RULE_ID_PATTERN = re.compile(r"[A-Z]{2}-[0-9]{2}")
CREDENTIAL_VIOLATION_KINDS = MappingProxyType(
    {
        ("missing", "accepted"): ViolationKind.MISSING_CREDENTIALS_ACCEPTED,
        ("missing", "refused"): ViolationKind.MISSING_CREDENTIALS_REFUSED_OTHERWISE,
        ("missing", "answered"): ViolationKind.MISSING_CREDENTIALS_ANSWERED_OTHERWISE,
        ("wrong", "accepted"): ViolationKind.WRONG_CREDENTIALS_ACCEPTED,
        ("wrong", "refused"): ViolationKind.WRONG_CREDENTIALS_REFUSED_OTHERWISE,
        ("wrong", "answered"): ViolationKind.WRONG_CREDENTIALS_ANSWERED_OTHERWISE,
    }
)
"""Kinds of violation for a request with these credentials that was not answered with 401."""
REQUEST_POINTER_PATTERN = re.compile(r"/(body|query|path|header)(/|$)")


def valid_data_is_accepted(_context: CheckContext, response: Response, case: Case[Any]) -> None:
    """Check that valid data is accepted, or refused for a reason that needs a business rule.

    Rules can state more than schemas, so a refusal is correct if each of its errors names a rule of
    this operation that its schemas do not state. A path may name a record that does not exist. A
    server error has a check of its own. Where ids of rules do not bind, and in any other form than
    a problem document, a refusal without any is accepted. So is one that an open question decides.
    """
    status = response.status_code
    if not is_valid(case) or not 400 <= status < 500 or status in BUSY_STATUSES:
        return
    operation = operation_of(case)
    # Generated ids rarely exist.
    if status == 404 and case.path_parameters and "404" in operation.raw["responses"]:
        return
    named = [str(error.get("rule")) for error in _problem_errors(response)]
    if status in operation.extra_refusal_statuses:
        return
    if status == 400 and may_be_refused(operation, response.request):
        return
    can_name = operation.strictness.binding and is_problem_document(response)
    is_named = bool(named) or not can_name
    can_be = operation.refusing_rules and operation.refusing_rules.issuperset(named)
    if status in operation.rule_refusal_statuses and is_named and can_be:
        return
    accepted = ", ".join(sorted(operation.refusing_rules)) or "none"
    raise ContractViolationError(
        ResponseFinding(ViolationKind.VALID_REFUSED, accepted, ", ".join(named) or "no rule")
    )


def date_times_exist(_context: CheckContext, response: Response, case: Case[Any]) -> None:
    """Check that each `yyyy-MM-dd HH:mm:ss` exists; the pattern accepts 29 February in any year."""
    media_type = media_type_of(response)
    if not media_type.endswith("json") or not response.content:
        return
    operation = operation_of(case)
    wrong = operation.invalid_date_times(response.status_code, media_type, json_or_none(response))
    if wrong:
        found = "; ".join(f"{pointer} {text}" for pointer, text in wrong)
        raise ContractViolationError(
            ResponseFinding(ViolationKind.IMPOSSIBLE_MOMENT, actual=found, pointer=wrong[0][0])
        )


def refusals_explain_themselves(
    _context: CheckContext, response: Response, case: Case[Any]
) -> None:
    """Check that a refusal repeats its status, points into the request and names applicable rules.

    A 401 must state the authentication scheme (RFC 9110, 15.5.2). Where the contract does not
    describe the refusal, any content is accepted.
    """
    operation = operation_of(case)
    status = response.status_code
    # 405 is defined by HTTP and not described by the contract.
    if not 400 <= status < 500 or status == 405 or status in BUSY_STATUSES:
        return
    faults = list(_refusal_findings(operation, response)) if operation.documents_refusals else []
    if faults:
        raise ContractViolationError(*faults)


def credentials_are_required(_context: CheckContext, response: Response, _case: Case[Any]) -> None:
    """Check that missing and wrong credentials are refused before anything else.

    Redirects, server errors and busy servers are findings of their own.
    """
    status = response.status_code
    if status == 401 or inconclusive_finding(status, {}):
        return
    given = "wrong" if "Authorization" in response.request.headers else "missing"
    raise ContractViolationError(
        ResponseFinding(
            CREDENTIAL_VIOLATION_KINDS[given, status_meaning(status)], "401", str(status)
        )
    )


def no_redirect_or_retry(_context: CheckContext, response: Response, _case: Case[Any]) -> None:
    """Check that no response redirects or still asks for a retry.

    Server errors have a built-in check.
    """
    found = inconclusive_finding(response.status_code, first_headers(response))
    if found and found.kind != ViolationKind.SERVER_ERROR:
        raise ContractViolationError(found)


def link_target_check(link: object) -> CheckFunction:
    """Return a check that the id in a response leads to an existing record."""

    def link_target_is_found(_context: CheckContext, response: Response, case: Case[Any]) -> None:
        if response.status_code == 404 and is_valid(case):
            raise ContractViolationError(
                ResponseFinding(ViolationKind.LINK_NOT_FOUND, str(link), "404")
            )

    return link_target_is_found


# `CheckRun._probe_credentials` replaces the first, which does not hold without credentials.
CUSTOM_CHECKS = (
    valid_data_is_accepted,
    date_times_exist,
    refusals_explain_themselves,
    no_redirect_or_retry,
    json_is_unambiguous,
    written_fields_are_repeated,
    pages_fit_their_queries,
)
"""Checks for every response to a request with valid credentials."""


def is_form_valid_once_sent(case: Case[Any]) -> bool:
    """Return whether a form that was made to be invalid is valid once it is sent.

    A form carries texts and files, so the boolean true becomes the valid text "true". A part
    without a name does not belong to the form; a server may refuse it or ignore it.
    """
    if case.media_type != MULTIPART_FORM or not isinstance(case.body, dict):
        return False
    named = {name: value for name, value in case.body.items() if name}
    if is_unsendable_form(named):
        return False
    fields = {
        name: json.dumps(value) if value is None or isinstance(value, bool | int | float) else value
        for name, value in named.items()
    }
    return operation_of(case).is_valid_form(fields)


def may_invalid_request_be_valid(case: Case[Any]) -> bool:
    """Return whether a request was made to be invalid but may be valid for the server.

    It breaks no constraint that binds the server, or only by one answer to an open question.
    """
    operation = operation_of(case)
    # Schemathesis also sends other methods to the path of an operation.
    is_it = case.method.lower() == operation.method
    if is_valid(case) or not is_it:
        return False
    # Any URL will do: nothing is sent.
    request = as_request(case, "http://127.0.0.1")
    try:
        return may_be_valid(operation.name, request.prepare(), operation.strictness)
    except (requests.RequestException, ValueError):
        # A request that cannot be sent raises the same error where it would be sent.
        return False


def _refusal_findings(operation: Operation, response: Response) -> Iterator[ResponseFinding]:
    status = response.status_code
    if status == 401 and "www-authenticate" not in response.headers:
        yield ResponseFinding(ViolationKind.NO_CHALLENGE)
    if media_type_of(response) == PROBLEM_JSON:
        said = _json_object(response).get("status")
        if said != status:
            yield ResponseFinding(ViolationKind.PROBLEM_STATUS, str(status), str(said), "/status")
        if status == 400 and not _problem_errors(response):
            yield ResponseFinding(ViolationKind.PROBLEM_WITHOUT_ERRORS, pointer="/errors")
    elif operation.has_problem_response(status) and _json_object(response).keys() >= PROBLEM_FIELDS:
        yield ResponseFinding(
            ViolationKind.PROBLEM_MEDIA_TYPE,
            PROBLEM_JSON,
            media_type_of(response) or "no Content-Type",
        )
    for number, error in enumerate(_problem_errors(response)):
        pointer, rule = str(error.get("pointer")), str(error.get("rule"))
        if not REQUEST_POINTER_PATTERN.match(pointer):
            yield ResponseFinding(
                ViolationKind.REFUSAL_POINTER, actual=pointer, pointer=f"/errors/{number}/pointer"
            )
        # A server may have rules of its own, whose ids have another form.
        if RULE_ID_PATTERN.fullmatch(rule) and rule not in operation.rules:
            yield ResponseFinding(
                ViolationKind.REFUSAL_RULE, actual=rule, pointer=f"/errors/{number}/rule"
            )


def is_problem_document(response: Response) -> bool:
    """Return whether a refusal is a problem document; other forms name no rules."""
    return (
        media_type_of(response) == PROBLEM_JSON or _json_object(response).keys() >= PROBLEM_FIELDS
    )


def _json_object(response: Response) -> dict[str, Any]:
    body = json_or_none(response)
    return body if isinstance(body, dict) else {}


def _problem_errors(response: Response) -> list[dict[str, Any]]:
    errors = _json_object(response).get("errors")
    if not isinstance(errors, list):
        return []
    return [error for error in errors if isinstance(error, dict)]
