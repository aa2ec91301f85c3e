"""Errors that become responses, and errors that end or prevent a run of the mock.

    ApiError                        a request that the mock refuses, with a status
    ├── InvalidRequest         400  the request breaks the schema or a rule
    │   └── InvalidGrant       400  the token operation's `invalid_grant`
    ├── MalformedRequest       400  the bytes are not an HTTP request
    ├── Unauthorized           401  no valid credentials (has WWW-Authenticate)
    ├── Forbidden              403  wrong Host or Origin (control plane), or not permitted
    ├── NotFound               404  no such path or id
    ├── MethodNotAllowed       405  no such method of the path (has Allow)
    ├── RequestTimeout         408  the request is not complete in time
    ├── Conflict               409  impossible in the present state (control plane only)
    ├── ContentTooLarge        413  the body is over a limit, or the storage is full
    ├── UnsupportedMediaType   415  the operation does not accept the body's Content-Type
    ├── RangeNotSatisfiable    416  the Range header selects no existing bytes
    ├── HeadTooLarge           431  the request line and headers are over the limit
    ├── OperationNotImplemented 501 the operation cannot be served (--contract)
    ├── BadGateway             502  the real server of --proxy cannot be reached, or speaks no HTTP
    ├── ServiceUnavailable     503  too many requests wait, or the mock is shutting down
    ├── GatewayTimeout         504  the real server of --proxy does not answer in time
    └── ForcedError            any  a preference or a fault rule asks for it

    InvalidResponse            500  the mock's own response breaks its contract
    ClientDisconnected              the client has closed the connection
    StartupError                    the mock cannot start

An ApiError is named after its status, as in RFC 9110 and werkzeug. The contract documents each
error at its operations, except 405, the responses to OPTIONS (204), and MalformedRequest,
RequestTimeout, HeadTooLarge, OperationNotImplemented, BadGateway and GatewayTimeout: these belong
to no operation, or to the state of a process. An error has no text; `problem.py` writes it in the
caller's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

MAX_DISPLAY_LENGTH = 80
"""Maximum length of a value in an error, in characters."""


class FileMistake(NamedTuple):
    """A mistake in a member file, with its place (N5).

    code: the kind of mistake, by which `mistake_sentence` finds its sentence; row: from 1, 0 for
    none; column: letters as in a spreadsheet; header: title of the column; value: what stands
    there, cut if it is long; words: further names and values of the sentence.
    """

    code: str
    file: str = ""
    file_id: int = 0
    sheet: str = ""
    row: int = 0
    column: str = ""
    header: str = ""
    value: str = ""
    words: tuple[tuple[str, str], ...] = ()

    def fields(self) -> dict[str, str | int]:
        """Return the fields of the error that are given, by their names in the contract."""
        given: dict[str, str | int] = {
            "code": self.code,
            "file": self.file,
            "fileId": self.file_id,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "header": self.header,
            "value": self.value,
        }
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True, slots=True)
class ErrorDetail:
    """One violation in a request, or in a real server's response (`--proxy`).

    pointer: its place, a JSON pointer that starts with /body, /query, /path or /header, and in a
    response with /response;
    rule: the id of the broken rule (`NT-01`), or a key of RULE_SENTENCES (`required`);
    accepted: what would be accepted; found: what was sent. Both are short and need no translation.
    mistake: the mistake in a member file, which has a sentence of its own.
    """

    pointer: str
    rule: str
    accepted: str = ""
    found: str = ""
    mistake: FileMistake | None = None


class ApiError(Exception):
    """A request that the mock refuses, with all violations that were found."""

    status = 400
    oauth_error = "invalid_request"

    def __init__(
        self, *violations: ErrorDetail, headers: Mapping[str, str] | None = None, total: int = 0
    ) -> None:
        """Take the violations; total: their number, if there are more than these."""
        # Without the values of the request: this text is logged, and one may be a password.
        super().__init__(*(f"{v.pointer} {v.rule}" for v in violations))
        self.violations = violations
        self.total = max(total, len(violations))
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
    """The control plane does not accept the request's Host or Origin.

    In the API, a scenario does not allow the user to call the operation (L2061).
    """

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


class BadGateway(ApiError):
    """The request was forwarded to a real server, which gave no response of HTTP."""

    status = 502
    oauth_error = "server_error"


class GatewayTimeout(ApiError):
    """The request was forwarded to a real server, which did not respond in time."""

    status = 504
    oauth_error = "server_error"


class ForcedError(ApiError):
    """An error that the request is not to blame for: a preference or a fault rule asks for it."""

    def __init__(
        self, status: int, *violations: ErrorDetail, oauth_error: str, headers: Mapping[str, str]
    ) -> None:
        super().__init__(*violations, headers=headers)
        self.status = status
        self.oauth_error = oauth_error


class ClientDisconnected(Exception):
    """The client has disconnected, so no response can be sent."""


class InvalidResponse(Exception):
    """The mock's own response breaks the contract; it becomes a 500 that names the place."""

    def __init__(self, operation_id: str, reasons: list[str]) -> None:
        super().__init__(f"{operation_id}: " + "; ".join(reasons))


def cut_text(text: str, most: int) -> str:
    """Return a text of at most `most` characters, the last of which is `…` if the text is cut."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


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
    """The mock cannot start; the message is a line with the reason, or several with one each."""
