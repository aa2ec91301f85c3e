"""Checks of our own, beside schemathesis' built-in ones: what only this contract can tell."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import Any

import requests
from schemathesis import Case, CheckContext, CheckFunction, Response

from contract_tests.checks.request_validity import is_allowed_by_documents
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
"""By these a document is a problem document, whatever it is called (RFC 9457, 3.1)."""
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
    """Valid data gets a success, or a refusal that only a business rule can give.

    Rules say more than schemas can, so a refusal is no fault if each of its errors names a rule of
    this operation that its schemas do not state. A path may name what does not exist. A failure of
    the server is no refusal, and has a check of its own. Where ids of rules do not bind, a refusal
    that names none may be by any of them.
    """
    status = response.status_code
    if not is_valid(case) or not 400 <= status < 500 or status in BUSY_STATUSES:
        return
    operation = operation_of(case)
    if status == 404 and case.path_parameters and "404" in operation.raw["responses"]:
        return
    named = [str(error.get("rule")) for error in _problem_errors(response)]
    if status in operation.extra_refusal_statuses:
        return
    is_named = bool(named) or not operation.strictness.binding
    can_be = operation.refusing_rules and operation.refusing_rules.issuperset(named)
    if status in operation.rule_refusal_statuses and is_named and can_be:
        return
    accepted = ", ".join(sorted(operation.refusing_rules)) or "none"
    raise ContractViolationError(
        ResponseFinding(ViolationKind.VALID_REFUSED, accepted, ", ".join(named) or "no rule")
    )


def date_times_exist(_context: CheckContext, response: Response, case: Case[Any]) -> None:
    """Check that each `yyyy-MM-dd HH:mm:ss` exists; the pattern accepts any year's 29 February."""
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
    """A refusal repeats its status, points into the request and names rules of this operation.

    A 401 says which credentials are wanted (RFC 9110, 15.5.2). Where the contract does not say what
    a refusal looks like, any will do.
    """
    operation = operation_of(case)
    status = response.status_code
    if not 400 <= status < 500 or status == 405 or status in BUSY_STATUSES:
        return
    faults = list(_refusal_findings(operation, response)) if operation.documents_refusals else []
    if faults:
        raise ContractViolationError(*faults)


def credentials_are_required(_context: CheckContext, response: Response, _case: Case[Any]) -> None:
    """Check that missing and wrong credentials are refused before anything else.

    A redirect, a failure and a server that is busy are findings of their own.
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
    """Check that no answer redirects or still asks to be retried.

    A failure of the server has a built-in check.
    """
    found = inconclusive_finding(response.status_code, first_headers(response))
    if found and found.kind != ViolationKind.SERVER_ERROR:
        raise ContractViolationError(found)


def link_target_check(link: object) -> CheckFunction:
    """A check that the id which an answer has just given leads somewhere."""

    def link_target_is_found(_context: CheckContext, response: Response, case: Case[Any]) -> None:
        if response.status_code == 404 and is_valid(case):
            raise ContractViolationError(
                ResponseFinding(ViolationKind.LINK_NOT_FOUND, str(link), "404")
            )

    return link_target_is_found


CUSTOM_CHECKS = (
    valid_data_is_accepted,
    date_times_exist,
    refusals_explain_themselves,
    no_redirect_or_retry,
    json_is_unambiguous,
)
"""Those that hold for every answer to a request with good credentials."""


def is_valid_as_sent(case: Case[Any]) -> bool:
    """Whether a form that was made to be invalid is valid once it is sent.

    A form carries texts and files: in one, the boolean true is as good as the text "true". A part
    without a name is nothing of the form; a server may refuse it, and may as well leave it out.
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


def breaks_only_inferred(case: Case[Any]) -> bool:
    """Whether a request was made to be invalid, and breaks nothing that binds a server.

    Then a server may accept it as well as refuse it, and nothing is learned by sending it.
    """
    operation = operation_of(case)
    is_it = case.method.lower() == operation.method  # other methods on its path are not
    if operation.strictness.binding or is_valid(case) or not is_it:
        return False
    request = as_request(case, "http://127.0.0.1")
    try:
        return is_allowed_by_documents(operation.name, request.prepare())
    except (requests.RequestException, ValueError):
        return False  # what cannot be sent says so when it is


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
        if RULE_ID_PATTERN.fullmatch(rule) and rule not in operation.rules:
            yield ResponseFinding(
                ViolationKind.REFUSAL_RULE, actual=rule, pointer=f"/errors/{number}/rule"
            )


def _json_object(response: Response) -> dict[str, Any]:
    body = json_or_none(response)
    return body if isinstance(body, dict) else {}


def _problem_errors(response: Response) -> list[dict[str, Any]]:
    errors = _json_object(response).get("errors")
    if not isinstance(errors, list):
        return []
    return [error for error in errors if isinstance(error, dict)]
