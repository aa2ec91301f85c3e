"""Conversion of failed checks to violations, with commands that reproduce them, without secrets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol

from requests import PreparedRequest
from schemathesis import Case, Response
from schemathesis.errors import FailureGroup

from contract_tests.contract.provenance import ResponsePart
from contract_tests.contract.schemathesis_cases import media_type_of, operation_of
from contract_tests.contract.schemathesis_compat import (
    FailedCheck,
    SchemaMismatch,
    custom_check_error,
    expected_and_actual,
    failure_name,
    schema_mismatch,
)
from contract_tests.contract.statuses import is_success, status_meaning
from contract_tests.results.response_findings import ContractViolationError
from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.results.violations import ResponseExcerpt, Violation, new_violation
from contract_tests.safety.login import AuthenticatedSession
from contract_tests.target.redaction import Secrets, redact_fields
from contract_tests.target.target import TOKEN_OPERATION
from openapi import pointer_of

MAX_EXCERPT_LENGTH = 400
"""Maximum displayed length of a response."""
KIND_BY_FAILURE_NAME: Mapping[str, ViolationKind] = MappingProxyType(
    {
        "AcceptedNegativeData": ViolationKind.INVALID_ACCEPTED,
        "AllowHeaderMismatch": ViolationKind.ALLOW_MISMATCH,
        "ContentDeserializationError": ViolationKind.MALFORMED_CONTENT,
        "ContentTypeServerError": ViolationKind.MEDIA_TYPE_SERVER_ERROR,
        "DiscriminatorMismatch": ViolationKind.UNKNOWN_DISCRIMINATOR,
        "EnsureResourceAvailability": ViolationKind.NOT_AVAILABLE,
        "IgnoredAuth": ViolationKind.IGNORED_CREDENTIALS,
        "JsonSchemaError": ViolationKind.SCHEMA,
        "MalformedJson": ViolationKind.MALFORMED_JSON,
        "MalformedMediaType": ViolationKind.MALFORMED_CONTENT_TYPE,
        "MissingContentType": ViolationKind.MISSING_CONTENT_TYPE,
        "MissingHeaderNotRejected": ViolationKind.MISSING_HEADER_ACCEPTED,
        "MissingHeaders": ViolationKind.MISSING_HEADERS,
        "ObjectLevelAuthorizationViolation": ViolationKind.FOREIGN_OBJECT,
        "RejectedPositiveData": ViolationKind.VALID_REJECTED,
        "ResponseTimeExceeded": ViolationKind.SLOW,
        "ServerError": ViolationKind.SERVER_ERROR,
        "UndefinedContentType": ViolationKind.UNDOCUMENTED_CONTENT_TYPE,
        "UndefinedStatusCode": ViolationKind.UNDOCUMENTED_STATUS,
        "UnsupportedMethodResponse": ViolationKind.UNDECLARED_METHOD,
        "UseAfterFree": ViolationKind.USE_AFTER_DELETION,
    }
)
"""Kinds by the names of schemathesis' failures."""
HEADERS_CHECK = "response_headers_conformance"
"""Name of the check of response headers against their schemas."""


class CommandWriter(Protocol):
    """Writer of requests as commands without secrets, and the secrets."""

    secrets: Secrets

    def curl_command(self, request: PreparedRequest) -> str:
        """Return a request as a command."""


def convert_failures(
    failed: FailureGroup,
    case: Case[Any],
    response: Response,
    caller: CommandWriter,
    before: Sequence[PreparedRequest] = (),
    checks: Mapping[FailedCheck, str] = MappingProxyType({}),
) -> Iterator[Violation]:
    """Yield the failures of one response as violations, without secrets.

    before: the requests that led to the response; checks: the name of the check for each failure.
    """
    shown = {
        "status": response.status_code,
        "before": tuple(map(caller.curl_command, before)),
        "response": excerpt_of(response, caller.secrets),
        "request": caller.curl_command(response.request),
    }
    # Sorted, so that the order of violations is the same in every run.
    for failure in sorted(failed.exceptions):
        check = checks.get(failure, "")
        for kind, part, fields in _convert_failure(failure, response, check):
            safe = {name: _redact(text, caller.secrets) for name, text in fields.items()}
            yield new_violation(operation_of(case).name, kind, part, check=check, **safe, **shown)


def login_violations(caller: AuthenticatedSession) -> Iterator[Violation]:
    """Yield the violations in the responses to the logins of this session."""
    for token in caller.logins:
        answer = token.answer
        if answer is None:
            continue
        for field_, expected, got in token.oddities:
            yield new_violation(
                TOKEN_OPERATION,
                ViolationKind.ODD_LOGIN,
                status=answer.status_code,
                place=field_,
                expected=_redact(expected, caller.secrets),
                actual=_redact(got, caller.secrets),
                response=ResponseExcerpt(answer.status_code, _media_type(answer.headers)),
                request=caller.curl_command(answer.request),
            )


ViolationParts = tuple[ViolationKind, ResponsePart | None, dict[str, str]]
"""A kind, the wrong part of the response, and fields of a violation."""


def _convert_failure(
    failure: FailedCheck, response: Response, check: str
) -> Iterator[ViolationParts]:
    broken = custom_check_error(failure)
    if isinstance(broken, ContractViolationError):
        names = ("expected", "actual", "pointer", "place", "after", "detail")
        for fault in broken.findings:
            yield fault.kind, None, {name: getattr(fault, name) for name in names}
    elif misfit := schema_mismatch(failure):
        yield _schema_violation(misfit, response, check)
    else:
        kind = _violation_kind(failure, response.status_code)
        expected, actual = expected_and_actual(failure)
        fields = {"detail": failure.message.strip(), "expected": expected, "actual": actual}
        if kind is ViolationKind.OTHER:
            fields["place"] = failure.title
        elif kind is ViolationKind.MISSING_HEADERS:
            # The place is part of a violation's identity: each missing header is one of its own.
            fields["place"] = expected
        yield kind, None, fields


def _violation_kind(failure: FailedCheck, status: int) -> ViolationKind:
    kind = KIND_BY_FAILURE_NAME.get(failure_name(failure), ViolationKind.OTHER)
    if kind is not ViolationKind.INVALID_ACCEPTED or is_success(status):
        return kind
    is_refused = status_meaning(status) == "refused"
    return (
        ViolationKind.INVALID_REFUSED_OTHERWISE
        if is_refused
        else ViolationKind.INVALID_ANSWERED_OTHERWISE
    )


def _schema_violation(misfit: SchemaMismatch, response: Response, check: str) -> ViolationParts:
    path = [each for each in misfit.schema if isinstance(each, str) and not each.isdigit()]
    tokens = tuple(map(str, misfit.instance))
    fields = {
        "pointer": pointer_of(misfit.instance),
        "place": "/".join(map(str, misfit.schema)),
        "actual": misfit.message,
    }
    # The schema of a header is not part of that of the body.
    if check == HEADERS_CHECK:
        return ViolationKind.HEADER_SCHEMA, None, fields
    # The last name in the path is the keyword; the numbers are indices of `oneOf` and its like.
    keyword = path[-1] if path else ""
    return (
        ViolationKind.SCHEMA,
        ResponsePart(response.status_code, media_type_of(response), tokens, keyword),
        fields,
    )


def _redact(text: str, secrets: Secrets) -> str:
    return str(secrets.redact(redact_fields(text)))


def excerpt_of(response: Response, secrets: Secrets) -> ResponseExcerpt:
    """Return the beginning of a response without secrets."""
    try:
        text = " ".join(redact_fields(response.content.decode()).split())
    except UnicodeDecodeError:
        text = f"({len(response.content)} bytes)"
    # Redacted before the cut, which could leave the first half of a secret.
    if len(text) > MAX_EXCERPT_LENGTH:
        text = text[:MAX_EXCERPT_LENGTH] + " ..."
    return ResponseExcerpt(response.status_code, media_type_of(response), secrets.redact(text))


def _media_type(headers: Mapping[str, str]) -> str:
    return headers.get("Content-Type", "").partition(";")[0].strip().lower()
