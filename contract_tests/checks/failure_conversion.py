"""Failures of checks as violations, each with the requests that show it and without secrets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from requests import PreparedRequest
from schemathesis import Case, Response
from schemathesis.errors import FailureGroup

from contract_tests.contract.provenance import Part
from contract_tests.contract.schemathesis_cases import media_type_of, operation_of
from contract_tests.contract.schemathesis_compat import (
    FailedCheck,
    Misfit,
    assertion_of,
    compared,
    misfit_of,
    name_of,
)
from contract_tests.contract.statuses import effect_of, is_success
from contract_tests.results.response_findings import Broken
from contract_tests.results.violation_kinds import Kind
from contract_tests.results.violations import Excerpt, Violation, violation_of
from contract_tests.safety.login import Caller
from contract_tests.target.redaction import Secrets, hide_fields
from contract_tests.target.target import TOKEN_OPERATION
from openapi import pointer_of

EXCERPT = 400
"""Characters of an answer that are shown."""
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "AcceptedNegativeData": Kind.INVALID_ACCEPTED,
        "AllowHeaderMismatch": Kind.ALLOW_MISMATCH,
        "ContentDeserializationError": Kind.MALFORMED_CONTENT,
        "ContentTypeServerError": Kind.MEDIA_TYPE_SERVER_ERROR,
        "DiscriminatorMismatch": Kind.UNKNOWN_DISCRIMINATOR,
        "EnsureResourceAvailability": Kind.NOT_AVAILABLE,
        "IgnoredAuth": Kind.IGNORED_CREDENTIALS,
        "JsonSchemaError": Kind.SCHEMA,
        "MalformedJson": Kind.MALFORMED_JSON,
        "MalformedMediaType": Kind.MALFORMED_CONTENT_TYPE,
        "MissingContentType": Kind.MISSING_CONTENT_TYPE,
        "MissingHeaderNotRejected": Kind.MISSING_HEADER_ACCEPTED,
        "MissingHeaders": Kind.MISSING_HEADERS,
        "ObjectLevelAuthorizationViolation": Kind.FOREIGN_OBJECT,
        "RejectedPositiveData": Kind.VALID_REJECTED,
        "ResponseTimeExceeded": Kind.SLOW,
        "ServerError": Kind.SERVER_ERROR,
        "UndefinedContentType": Kind.UNDOCUMENTED_CONTENT_TYPE,
        "UndefinedStatusCode": Kind.UNDOCUMENTED_STATUS,
        "UnsupportedMethodResponse": Kind.UNDECLARED_METHOD,
        "UseAfterFree": Kind.USE_AFTER_DELETION,
    }
)
"""The kinds of what schemathesis' own checks find, by its names for them."""
HEADERS = "response_headers_conformance"
"""The check that holds headers against their schemas."""


def describe(
    failed: FailureGroup,
    case: Case[Any],
    response: Response,
    caller: Caller,
    before: Sequence[PreparedRequest] = (),
    checks: Mapping[FailedCheck, str] = MappingProxyType({}),
) -> Iterator[Violation]:
    """The failures of one answer as violations, without secrets.

    before: what led to the answer; checks: the name of the check that each failure is from.
    """
    shown = {
        "status": response.status_code,
        "before": tuple(map(caller.command, before)),
        "response": _excerpt(response, caller.secrets),
        "request": caller.command(response.request),
    }
    for failure in sorted(failed.exceptions):
        check = checks.get(failure, "")
        for kind, part, fields in _read(failure, response, check):
            safe = {name: _safe(text, caller.secrets) for name, text in fields.items()}
            yield violation_of(operation_of(case).name, kind, part, check=check, **safe, **shown)


def odd_logins(caller: Caller) -> Iterator[Violation]:
    """Yield the deviations from the contract in the answers to the caller's own logins."""
    for token in caller.logins:
        answer = token.answer
        if answer is None:
            continue
        for field_, expected, got in token.oddities:
            yield violation_of(
                TOKEN_OPERATION,
                Kind.ODD_LOGIN,
                status=answer.status_code,
                place=field_,
                expected=_safe(expected, caller.secrets),
                actual=_safe(got, caller.secrets),
                response=Excerpt(answer.status_code, _media_type(answer.headers)),
                request=caller.command(answer.request),
            )


Reading = tuple[Kind, Part | None, dict[str, str]]
"""A kind, the part of the answer that is wrong, and fields of a violation."""


def _read(failure: FailedCheck, response: Response, check: str) -> Iterator[Reading]:
    broken = assertion_of(failure)
    if isinstance(broken, Broken):
        names = ("expected", "actual", "pointer", "place", "after")
        for fault in broken.faults:
            yield fault.kind, None, {name: getattr(fault, name) for name in names}
    elif misfit := misfit_of(failure):
        yield _schema(misfit, response, check)
    else:
        kind = _kind(failure, response.status_code)
        expected, actual = compared(failure)
        fields = {"detail": failure.message.strip(), "expected": expected, "actual": actual}
        if kind is Kind.OTHER:
            fields["place"] = failure.title
        elif kind is Kind.MISSING_HEADERS:
            fields["place"] = expected
        yield kind, None, fields


def _kind(failure: FailedCheck, status: int) -> Kind:
    kind = KINDS.get(name_of(failure), Kind.OTHER)
    if kind is not Kind.INVALID_ACCEPTED or is_success(status):
        return kind
    is_refused = effect_of(status) == "refused"
    return Kind.INVALID_REFUSED_OTHERWISE if is_refused else Kind.INVALID_ANSWERED_OTHERWISE


def _schema(misfit: Misfit, response: Response, check: str) -> Reading:
    path = [each for each in misfit.schema if isinstance(each, str) and not each.isdigit()]
    tokens = tuple(map(str, misfit.instance))
    fields = {
        "pointer": pointer_of(misfit.instance),
        "place": "/".join(map(str, misfit.schema)),
        "actual": misfit.message,
    }
    if check == HEADERS:  # a header's schema is not in that of the body
        return Kind.HEADER_SCHEMA, None, fields
    keyword = path[-1] if path else ""
    return Kind.SCHEMA, Part(response.status_code, media_type_of(response), tokens, keyword), fields


def _safe(text: str, secrets: Secrets) -> str:
    return str(secrets.hide(hide_fields(text)))


def _excerpt(response: Response, secrets: Secrets) -> Excerpt:
    try:
        text = " ".join(hide_fields(response.content.decode()).split())
    except UnicodeDecodeError:
        text = f"({len(response.content)} bytes)"
    if len(text) > EXCERPT:
        text = text[:EXCERPT] + " ..."
    return Excerpt(response.status_code, media_type_of(response), secrets.hide(text))


def _media_type(headers: Mapping[str, str]) -> str:
    return headers.get("Content-Type", "").partition(";")[0].strip().lower()
