"""Errors that become responses, and errors that end or prevent a run of the mock.

    ApiError                        a request that the mock refuses, with a status
    ├── InvalidRequest         400  the request breaks the schema or a rule
    │   └── InvalidGrant       400  the token operation's `invalid_grant`
    ├── MalformedRequest       400  the bytes are not an HTTP request
    ├── Unauthorized           401  no valid credentials (has WWW-Authenticate)
    ├── Forbidden              403  wrong Host or Origin (control plane only)
    ├── NotFound               404  no such path or id
    ├── MethodNotAllowed       405  no such method of the path (has Allow)
    ├── RequestTimeout         408  the request is not complete in time
    ├── Conflict               409  impossible in the present state (control plane only)
    ├── ContentTooLarge        413  the body is over a limit, or the storage is full
    ├── UnsupportedMediaType   415  the operation does not accept the body's Content-Type
    ├── RangeNotSatisfiable    416  the Range header selects no existing bytes
    ├── HeadTooLarge           431  the request line and headers are over the limit
    ├── OperationNotImplemented 501 the operation cannot be served (--contract)
    └── ServiceUnavailable     503  too many requests wait, or the mock is shutting down

    InvalidResponse            500  the mock's own response breaks its contract
    ClientDisconnected              the client has closed the connection
    StartupError                    the mock cannot start

An ApiError is named after its status, as in RFC 9110 and werkzeug. The contract documents each
error at its operations, except 405, the responses to OPTIONS (204), and MalformedRequest,
RequestTimeout, HeadTooLarge, OperationNotImplemented and ServiceUnavailable: these belong to no
operation, or to the state of the process. An error has no text; `problem.py` writes it in the
caller's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MAX_DISPLAY_LENGTH = 80
"""Maximum length of a value in an error, in characters."""


@dataclass(frozen=True, slots=True)
class ErrorDetail:
    """One violation in a request.

    pointer: its place, a JSON pointer that starts with /body, /query, /path or /header;
    rule: the id of the broken rule (`NT-01`), or a key of `problem.RULE_SENTENCES` (`required`);
    accepted: what would be accepted; found: what was sent. Both are short and need no translation.
    """

    pointer: str
    rule: str
    accepted: str = ""
    found: str = ""


class ApiError(Exception):
    """A request that the mock refuses, with all violations that were found."""

    status = 400
    oauth_error = "invalid_request"

    def __init__(self, *violations: ErrorDetail, headers: Mapping[str, str] | None = None) -> None:
        # Without the values of the request: this text is logged, and one may be a password.
        super().__init__(*(f"{v.pointer} {v.rule}" for v in violations))
        self.violations = violations
        self.headers = dict(headers or {})


class InvalidRequest(ApiError):
    """The request breaks its schema or a business rule (L2059)."""


class InvalidGrant(InvalidRequest):
    """The token operation does not accept the user's credentials or the refresh token (A12)."""

    oauth_error = "invalid_grant"


class Unauthorized(ApiError):
    """The request has no valid credentials (L2060)."""

    status = 401
    # The token operation authenticates the client by the header (RFC 6749, 5.2).
    oauth_error = "invalid_client"

    def __init__(self, *violations: ErrorDetail, challenge: str) -> None:
        super().__init__(*violations, headers={"WWW-Authenticate": challenge})


class Forbidden(ApiError):
    """The control plane does not accept the request's Host or Origin."""

    status = 403


class NotFound(ApiError):
    """The path or id does not exist (L2062)."""

    status = 404


class MethodNotAllowed(ApiError):
    """The path does not support the method; `Allow` lists those that it supports."""

    status = 405

    def __init__(self, method: str, allow: str) -> None:
        super().__init__(ErrorDetail("/method", "method", allow, method), headers={"Allow": allow})


class Conflict(ApiError):
    """The control plane cannot carry out the request in the present state."""

    status = 409


class ContentTooLarge(ApiError):
    """The body is larger than a limit, or than the storage that is left (E3)."""

    status = 413


class UnsupportedMediaType(ApiError):
    """The operation does not accept the body's Content-Type (E3)."""

    status = 415


class RangeNotSatisfiable(ApiError):
    """The requested range contains no existing bytes (E3)."""

    status = 416


class OperationNotImplemented(ApiError):
    """The mock does not support a part of the operation's contract (`--contract`)."""

    status = 501


class MalformedRequest(ApiError):
    """The bytes are not HTTP/1.1, or incomplete; the rest of the connection cannot be read."""


class RequestTimeout(ApiError):
    """The request is not complete in time."""

    status = 408


class HeadTooLarge(ApiError):
    """The request line with the headers, or the trailers, are larger than the limit."""

    status = 431


class ServiceUnavailable(ApiError):
    """The request is valid, but the mock cannot carry it out at this moment."""

    status = 503
    oauth_error = "temporarily_unavailable"


class ClientDisconnected(Exception):
    """The client has disconnected, so no response can be sent."""


class InvalidResponse(Exception):
    """The mock's own response breaks the contract; it becomes a 500 that names the place."""

    def __init__(self, operation_id: str, reasons: list[str]) -> None:
        super().__init__(f"{operation_id}: " + "; ".join(reasons))


def display_text(value: Any) -> str:
    """Return a value as text for an error: at most MAX_DISPLAY_LENGTH characters, then its length.

    Strings have no quotes; objects and lists are abbreviated.
    """
    text = value if isinstance(value, str) else _compact_text(value)
    return (
        text if len(text) <= MAX_DISPLAY_LENGTH else f"{text[:MAX_DISPLAY_LENGTH]}… ({len(text)})"
    )


def _compact_text(value: Any) -> str:
    if isinstance(value, dict):
        return "{…}" if value else "{}"
    if isinstance(value, list):
        return f"[…] ({len(value)})" if value else "[]"
    # Tested by type first: as a key of a dict, 1 equals True.
    return {True: "true", False: "false", None: "null"}[value] if _is_literal(value) else str(value)


def _is_literal(value: Any) -> bool:
    return value is None or isinstance(value, bool)


class StartupError(Exception):
    """The mock cannot start; the message is one line with the reason."""
