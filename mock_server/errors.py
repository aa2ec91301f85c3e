"""Errors that the mock answers with, and those that end or stop it.

    ApiError                        a request that the mock refuses, with a status
    ├── InvalidRequest         400  the request breaks the schema or a rule
    │   └── InvalidGrant       400  the token operation's `invalid_grant`
    ├── MalformedRequest       400  what arrived is no HTTP request
    ├── Unauthorized           401  no valid credentials (carries WWW-Authenticate)
    ├── Forbidden              403  not by way of this address or page (control plane only)
    ├── NotFound               404  no such path, or no such id
    ├── MethodNotAllowed       405  outside the contract (carries Allow)
    ├── RequestTimeout         408  a request is not complete in time
    ├── Conflict               409  not as things stand now (control plane only)
    ├── ContentTooLarge        413  the body is over the limit, or there is no room for a file
    ├── UnsupportedMediaType   415  the body's Content-Type is not one of the operation's
    ├── RangeNotSatisfiable    416  the Range header asks for bytes that are not there
    ├── HeadTooLarge           431  a request line with its headers is over the limit
    ├── OperationNotImplemented 501 the operation is of a kind that is not supported (--contract)
    └── ServiceUnavailable     503  too many wait already, or the mock is about to end

    InvalidResponse            500  the mock's own response breaks its contract
    ClientDisconnected              nobody is left to answer
    StartupError                    the mock cannot start as asked

An ApiError is named after its status, as in RFC 9110 and werkzeug. Outside the contract are 405,
the answers to OPTIONS (204), and MalformedRequest, RequestTimeout, HeadTooLarge,
OperationNotImplemented and ServiceUnavailable: they are about what never became a request, or about
this process, so no operation can document them. Everything else is documented at its operation. An
error holds no sentence: `problem.py` finds the words for its rule in the caller's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MAX_DISPLAY_LENGTH = 80


@dataclass(frozen=True, slots=True)
class ErrorDetail:
    """One thing wrong with a request.

    pointer: where, a JSON pointer that starts with /body, /query, /path or /header.
    rule: the id of the broken rule (`NT-01`), or a keyword of
        `problem.RULE_SENTENCES` (`required`).
    accepted: what would be accepted; found: what was sent. Both short, both language-neutral.
    """

    pointer: str
    rule: str
    accepted: str = ""
    found: str = ""


class ApiError(Exception):
    """A request the mock does not carry out: a status and every violation found."""

    status = 400
    oauth_error = "invalid_request"

    def __init__(self, *violations: ErrorDetail, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(*(f"{v.pointer} {v.rule}" for v in violations))
        self.violations = violations
        self.headers = dict(headers or {})


class InvalidRequest(ApiError):
    """The request breaks its schema or business rules (L2059)."""


class InvalidGrant(InvalidRequest):
    """User credentials or a refresh token that the token operation does not accept (A12)."""

    oauth_error = "invalid_grant"


class Unauthorized(ApiError):
    """No valid credentials (L2060)."""

    status = 401
    oauth_error = "invalid_client"

    def __init__(self, *violations: ErrorDetail, challenge: str) -> None:
        super().__init__(*violations, headers={"WWW-Authenticate": challenge})


class Forbidden(ApiError):
    """The control plane takes no request by this address or from this page."""

    status = 403


class NotFound(ApiError):
    """Nothing has this path or id (L2062)."""

    status = 404


class MethodNotAllowed(ApiError):
    """The path exists, the method does not; `Allow` names those that do."""

    status = 405

    def __init__(self, method: str, allow: str) -> None:
        super().__init__(ErrorDetail("/method", "method", allow, method), headers={"Allow": allow})


class Conflict(ApiError):
    """The control plane cannot do this as things stand now."""

    status = 409


class ContentTooLarge(ApiError):
    """The body has more bytes than the mock reads, or than there is room to store (E3)."""

    status = 413


class UnsupportedMediaType(ApiError):
    """The body's Content-Type is none of the operation's (E3)."""

    status = 415


class RangeNotSatisfiable(ApiError):
    """None of the bytes asked for exist (E3)."""

    status = 416


class OperationNotImplemented(ApiError):
    """An operation of a contract that others wrote is of a kind that is not supported."""

    status = 501


class MalformedRequest(ApiError):
    """What arrived is not HTTP/1.1, or stops in the middle; nothing after it can be read."""


class RequestTimeout(ApiError):
    """A request that has begun is not complete in time."""

    status = 408


class HeadTooLarge(ApiError):
    """A request line with its headers, or trailers, have more bytes than the mock reads."""

    status = 431


class ServiceUnavailable(ApiError):
    """The request is valid, but the mock cannot carry it out at this moment."""

    status = 503
    oauth_error = "temporarily_unavailable"


class ClientDisconnected(Exception):
    """The caller has disconnected; there is nobody to answer."""


class InvalidResponse(Exception):
    """The mock's own answer breaks the contract; answered as a 500 that names the place."""

    def __init__(self, operation_id: str, reasons: list[str]) -> None:
        super().__init__(f"{operation_id}: " + "; ".join(reasons))


def display_text(value: Any) -> str:
    """A value as a refusal shows it: short, strings as they are."""
    text = value if isinstance(value, str) else _compact_text(value)
    return (
        text if len(text) <= MAX_DISPLAY_LENGTH else f"{text[:MAX_DISPLAY_LENGTH]}… ({len(text)})"
    )


def _compact_text(value: Any) -> str:
    if isinstance(value, dict):
        return "{…}" if value else "{}"
    if isinstance(value, list):
        return f"[…] ({len(value)})" if value else "[]"
    return {True: "true", False: "false", None: "null"}[value] if _is_literal(value) else str(value)


def _is_literal(value: Any) -> bool:
    return value is None or isinstance(value, bool)


class StartupError(Exception):
    """The mock cannot start as asked; one line says why."""
