"""Bodies of errors in the form that the contract in force documents.

Problem documents (RFC 9457), Spring's default body under the reading `refusal-body` (decision E1),
and OAuth errors of the token operation (RFC 6749, decision A12).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from mock_server.errors import (
    ApiError,
    BadGateway,
    ErrorDetail,
    GatewayTimeout,
    InvalidResponse,
    ServiceUnavailable,
)
from mock_server.http.address import requested_path
from mock_server.http.documented_responses import DocumentedResponses
from mock_server.http.problem import (
    ProblemWriter,
    encode_json,
    preferred_language,
    reason_phrase,
)
from mock_server.http.response import (
    JSON_MEDIA_TYPE,
    PROBLEM_MEDIA_TYPE,
    RawResponse,
    encode_headers,
)
from mock_server.http.schemas import SchemaChecker

log = logging.getLogger("mock_server")
Scope = Mapping[str, Any]
GetInstant = Callable[[Scope], datetime]
"""Returns the present instant of a request's world."""
ANY_VALUE_CHECKER = SchemaChecker({}, {})
OAUTH_SAMPLE = {"error": "invalid_request", "error_description": "-"}
PROCESS_STATUSES = (BadGateway.status, ServiceUnavailable.status, GatewayTimeout.status)
"""Statuses that no operation need document: they depend on processes, and not on operations."""
REASON_PHRASES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    409: "Conflict",
    413: "Payload Too Large",
    415: "Unsupported Media Type",
    416: "Requested range not satisfiable",
    429: "Too Many Requests",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    501: "Not Implemented",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}
"""As Spring has them; those of `http.HTTPStatus` differ from one Python to the next."""


class ErrorWriter:
    """Writer of the errors that belong to no operation."""

    def __init__(self, problems: ProblemWriter, now: GetInstant | None = None) -> None:
        """Write problem documents, or Spring's default body with the instant of `now`."""
        self._problems = problems
        self._now = now

    @property
    def media_type(self) -> str:
        """Return the media type of the errors."""
        return JSON_MEDIA_TYPE if self._now else PROBLEM_MEDIA_TYPE

    def document(self, refusal: ApiError, scope: Scope, headers: Mapping[bytes, bytes]) -> Any:
        """Return the body of an error, as JSON values."""
        if self._now is None:
            lang = preferred_language(headers)
            return self._problems.problem_document(refusal, requested_path(scope), lang)
        # Its body has no reason, which a developer needs.
        reason = self._problems.reason_text(refusal.violations)
        log.warning("%s %r: %s: %s", scope["method"], scope["path"], refusal.status, reason)
        return _spring_document(refusal.status, scope, self._now(scope))

    def response(
        self, refusal: ApiError, scope: Scope, headers: Mapping[bytes, bytes]
    ) -> RawResponse:
        """Return an error as status, bytes and headers."""
        document = self.document(refusal, scope, headers)
        return self.encode(refusal, document, self.media_type)

    def server_error(
        self, reason: str, scope: Scope, headers: Mapping[bytes, bytes], *, oauth: bool
    ) -> RawResponse:
        """Return a 500 with the reason, in the form of the token operation for `oauth`."""
        lang, media_type = preferred_language(headers), self.media_type
        document: Any = self._problems.server_error_document(reason, requested_path(scope), lang)
        if oauth:
            document = {"error": "server_error", "error_description": document["detail"]}
            media_type = JSON_MEDIA_TYPE
        elif self._now:
            document = _spring_document(500, scope, self._now(scope))
        return 500, encode_json(document), [(b"content-type", media_type.encode())]

    @staticmethod
    def encode(refusal: ApiError, document: Any, media_type: str) -> RawResponse:
        """Return the body of an error with status and headers."""
        sent = [*encode_headers(refusal.headers), (b"content-type", media_type.encode())]
        return refusal.status, encode_json(document), sent


class OperationErrors:
    """The errors of one operation, checked against the responses that it documents."""

    def __init__(
        self,
        operation_id: str,
        answers: DocumentedResponses,
        writer: ErrorWriter,
        problems: ProblemWriter,
        *,
        strict: bool,
    ) -> None:
        """Take the documented responses; without `strict`, errors need not be documented."""
        self._operation_id = operation_id
        self._answers = answers
        self._writer = writer
        self._problems = problems
        self._strict = strict
        documented = [answers.checkers_for(code) for code in (400, 401)]
        self.oauth = (
            strict
            and not any(PROBLEM_MEDIA_TYPE in each for each in documented)
            and any(each[JSON_MEDIA_TYPE].accepts(OAUTH_SAMPLE) for each in documented if each)
        )

    def response(
        self, refusal: ApiError, scope: Scope, headers: Mapping[bytes, bytes]
    ) -> RawResponse:
        """Return an error as status, bytes and headers.

        Raises InvalidResponse if our own contract does not document the error.
        """
        if self.oauth:
            document = self._problems.oauth_document(refusal, preferred_language(headers))
            media_type = JSON_MEDIA_TYPE
        else:
            document = self._writer.document(refusal, scope, headers)
            media_type = self._writer.media_type
        self._check(refusal, document, media_type)
        return self._writer.encode(refusal, document, media_type)

    def _check(self, refusal: ApiError, document: Any, media_type: str) -> None:
        checker = self._answers.checkers_for(refusal.status).get(media_type)
        if checker is None and refusal.status in PROCESS_STATUSES:
            # A copy of our contract (`--contract`) need not document it.
            checker = self._answers.checkers_for(400).get(media_type)
        if not self._strict:
            checker = ANY_VALUE_CHECKER
        if checker is None:
            raise InvalidResponse(
                self._operation_id, [f"the status {refusal.status} is not documented"]
            )
        if not checker.accepts(document):
            raise InvalidResponse(
                self._operation_id, [violation_text(v) for v in checker.violations(document, "")]
            )


def violation_text(violation: ErrorDetail) -> str:
    """Return what a response of the mock breaks, for the reason of a 500."""
    return f"{violation.pointer or '/'} breaks {violation.accepted} (found {violation.found})"


def _spring_document(status: int, scope: Scope, now: datetime) -> dict[str, Any]:
    """Return the default body of an error of Spring Boot."""
    return {
        "timestamp": now.astimezone(UTC).isoformat(timespec="milliseconds"),
        "status": status,
        "error": REASON_PHRASES.get(status) or reason_phrase(status) or f"Http Status {status}",
        "path": requested_path(scope),
    }
