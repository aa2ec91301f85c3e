"""Checks of our own, beside schemathesis' built-in ones: what only this contract can tell."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from schemathesis import Case, CheckContext, GenerationMode, Response

from contract_tests.contract import FORM, Operation, operations

PROBLEM = "application/problem+json"
RULE = re.compile(r"[A-Z]{2}-[0-9]{2}")
POINTER = re.compile(r"/(body|query|path|header)(/|$)")


def valid_data_is_accepted(_context: CheckContext, response: Response, case: Case[Any]) -> None:
    """Valid data gets a success, or a refusal that only a business rule can give.

    Rules say more than schemas can, so a refusal is no fault if each of its errors names a rule of
    this operation that its schemas do not state. A path may name what does not exist. A failure of
    the server is no refusal, and has a check of its own.
    """
    if not is_valid(case) or not 400 <= response.status_code < 500:
        return
    status = response.status_code
    operation = operation_of(case)
    if status == 404 and case.path_parameters and "404" in operation.raw["responses"]:
        return
    named = [str(error.get("rule")) for error in _errors(response)]
    # Without a bearer token to be wrong, a 401 too is about what the body says.
    by_rule = (400,) if "bearerAuth" in operation.schemes else (400, 401)
    if status in by_rule and named and operation.refusing_rules.issuperset(named):
        return
    accepted = ", ".join(sorted(operation.refusing_rules)) or "none"
    raise AssertionError(
        "Valid data was refused\n"
        f"Expected: a success, or a refusal by rules that schemas cannot state ({accepted})\n"
        f"Got: {status}, by {', '.join(named) or 'no rule'}"
    )


def moments_are_in_the_calendar(
    _context: CheckContext, response: Response, case: Case[Any]
) -> None:
    """Every `yyyy-MM-dd HH:mm:ss` of an answer exists; the contract's pattern takes 31 February."""
    media_type = media_type_of(response)
    if not media_type.endswith("json") or not response.content:
        return
    operation = operation_of(case)
    wrong = operation.impossible_moments(response.status_code, media_type, _json(response))
    if wrong:
        raise AssertionError(
            "Date-time that is not in the calendar\n"
            "Expected: yyyy-MM-dd HH:mm:ss, a moment that exists\n"
            f"Got: {'; '.join(wrong)}"
        )


def refusals_explain_themselves(
    _context: CheckContext, response: Response, case: Case[Any]
) -> None:
    """A refusal repeats its status, points into the request and names rules of this operation.

    A 401 says which credentials are wanted (RFC 9110, 15.5.2).
    """
    if not 400 <= response.status_code < 500 or response.status_code == 405:
        return
    faults = list(_faults(operation_of(case), response))
    if faults:
        raise AssertionError("Refusal that does not explain itself\n" + "\n".join(faults))


def credentials_are_wanted(_context: CheckContext, response: Response, _case: Case[Any]) -> None:
    """Who has no credentials, or wrong ones, is told so before anything else."""
    if response.status_code != 401:
        raise AssertionError(
            f"Credentials are not wanted\nExpected: 401\nGot: {response.status_code}"
        )


OWN = (valid_data_is_accepted, moments_are_in_the_calendar, refusals_explain_themselves)
"""Those that hold for every answer to a request with good credentials."""


def is_valid(case: Case[Any]) -> bool:
    """Whether a request was made to be valid, and is when it is sent; ours are."""
    made = case.meta is None or case.meta.generation.mode == GenerationMode.POSITIVE
    return made and not (case.media_type == FORM and _is_no_form(case.body))


def is_valid_as_sent(case: Case[Any]) -> bool:
    """Whether a form that was made to be invalid is valid once it is sent.

    A form carries texts and files: in one, the boolean true is as good as the text "true".
    """
    if case.media_type != FORM or not isinstance(case.body, dict) or _is_no_form(case.body):
        return False
    fields = {
        name: json.dumps(value) if value is None or isinstance(value, bool | int | float) else value
        for name, value in case.body.items()
    }
    return operation_of(case).takes_form(fields)


def _is_no_form(body: Any) -> bool:
    """Whether a form cannot carry this, whatever the schema says: parts have names, and values."""
    return not isinstance(body, dict) or any(
        not name or isinstance(value, list) for name, value in body.items()
    )


def operation_of(case: Case[Any]) -> Operation:
    """The operation of the contract that a request is for."""
    return operations()[case.operation.definition.raw["operationId"]]


def media_type_of(response: Response) -> str:
    """The media type of an answer in lower case, without parameters; empty without Content-Type."""
    content_type = response.headers.get("content-type", [""])[0]
    return content_type.partition(";")[0].strip().lower()


def _faults(operation: Operation, response: Response) -> Iterator[str]:
    status = response.status_code
    if status == 401 and "www-authenticate" not in response.headers:
        yield "Expected: WWW-Authenticate on a 401\nGot: none"
    if media_type_of(response) == PROBLEM:
        said = _object(response).get("status")
        if said != status:
            yield f"Expected: status {status} in the problem, as in the answer\nGot: {said}"
        if status == 400 and not _errors(response):
            yield "Expected: what is wrong with the request, in errors\nGot: none"
    for error in _errors(response):
        pointer, rule = str(error.get("pointer")), str(error.get("rule"))
        if not POINTER.match(pointer):
            yield f"Expected: a pointer into body, query, path or header\nGot: {pointer}"
        if RULE.fullmatch(rule) and rule not in operation.rules:
            yield f"Expected: a rule of {operation.name}\nGot: {rule}"


def _json(response: Response) -> Any:
    """The body, or None: what is not JSON, a built-in check reports."""
    try:
        return response.json()
    except ValueError:
        return None


def _object(response: Response) -> dict[str, Any]:
    body = _json(response)
    return body if isinstance(body, dict) else {}


def _errors(response: Response) -> list[dict[str, Any]]:
    errors = _object(response).get("errors")
    if not isinstance(errors, list):
        return []
    return [error for error in errors if isinstance(error, dict)]
