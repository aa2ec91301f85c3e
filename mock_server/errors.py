"""Every way the mock refuses a request.

    Refusal
    ├── Invalid                400  the request breaks the schema or a rule
    │   └── InvalidGrant       400  the token operation's `invalid_grant`
    ├── Unauthorized           401  no valid credentials (carries WWW-Authenticate)
    ├── Forbidden              403  not by way of this address or page (control plane only)
    ├── NotFound               404  no such path, or no such id
    ├── MethodNotAllowed       405  outside the contract (carries Allow)
    ├── Conflict               409  not as things stand now (control plane only)
    ├── TooLarge               413  the body is over the limit, or there is no room for a file
    ├── UnsupportedMediaType   415  the body's Content-Type is not one of the operation's
    ├── RangeNotSatisfiable    416  the Range header asks for bytes that are not there
    ├── Malformed              400  what arrived is no HTTP request
    ├── TooSlow                408  a request is not complete in time
    ├── HeadTooLarge           431  a request line with its headers is over the limit
    ├── NotServed              501  the operation is of a kind that is not supported (--contract)
    └── Unavailable            503  too many wait already, or the mock is about to end

    Broken                     500  the mock was about to break its own contract

Outside the contract are 405, the answers to OPTIONS (204), and the last four refusals: they are
about what never became a request, or about this process, so no operation can document them.
Everything else is documented at its operation. A refusal holds no sentence: `problem.py` finds the
words for its rule in the caller's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FOUND_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing wrong with a request.

    pointer: where, a JSON pointer that starts with /body, /query, /path or /header.
    rule: the id of the broken rule (`NT-01`), or a keyword of `problem.SENTENCES` (`required`).
    accepted: what would be accepted; found: what was sent. Both short, both language-neutral.
    """

    pointer: str
    rule: str
    accepted: str = ""
    found: str = ""


class Refusal(Exception):
    """A request the mock does not carry out: a status and every violation found."""

    status = 400
    oauth_error = "invalid_request"

    def __init__(self, *violations: Violation, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(*(f"{v.pointer} {v.rule}" for v in violations))
        self.violations = violations
        self.headers = dict(headers or {})


class Invalid(Refusal):
    """The request breaks its schema or business rules (L2059)."""


class InvalidGrant(Invalid):
    """User credentials or a refresh token that the token operation does not accept (A12)."""

    oauth_error = "invalid_grant"


class Unauthorized(Refusal):
    """No valid credentials (L2060)."""

    status = 401
    oauth_error = "invalid_client"

    def __init__(self, *violations: Violation, challenge: str) -> None:
        super().__init__(*violations, headers={"WWW-Authenticate": challenge})


class Forbidden(Refusal):
    """The control plane takes no request by this address or from this page."""

    status = 403


class NotFound(Refusal):
    """Nothing has this path or id (L2062)."""

    status = 404


class MethodNotAllowed(Refusal):
    """The path exists, the method does not; `Allow` names those that do."""

    status = 405

    def __init__(self, method: str, allow: str) -> None:
        super().__init__(Violation("/method", "method", allow, method), headers={"Allow": allow})


class Conflict(Refusal):
    """The control plane cannot do this as things stand now."""

    status = 409


class TooLarge(Refusal):
    """The body has more bytes than the mock reads, or than there is room to store (E3)."""

    status = 413


class UnsupportedMediaType(Refusal):
    """The body's Content-Type is none of the operation's (E3)."""

    status = 415


class RangeNotSatisfiable(Refusal):
    """None of the bytes asked for exist (E3)."""

    status = 416


class NotServed(Refusal):
    """An operation of a contract that others wrote is of a kind that is not supported."""

    status = 501


class Malformed(Refusal):
    """What arrived is not HTTP/1.1, or stops in the middle; nothing after it can be read."""


class TooSlow(Refusal):
    """A request that has begun is not complete in time."""

    status = 408


class HeadTooLarge(Refusal):
    """A request line with its headers, or trailers, have more bytes than the mock reads."""

    status = 431


class Unavailable(Refusal):
    """The request is valid, but the mock cannot carry it out at this moment."""

    status = 503
    oauth_error = "temporarily_unavailable"


class Disconnected(Exception):
    """The caller has disconnected; there is nobody to answer."""


class Broken(Exception):
    """The mock's own answer breaks the contract; answered as a 500 that names the place."""

    def __init__(self, operation_id: str, reasons: list[str]) -> None:
        super().__init__(f"{operation_id}: " + "; ".join(reasons))


def shown(value: Any) -> str:
    """A value as a refusal shows it: short, strings as they are."""
    text = value if isinstance(value, str) else _compact(value)
    return text if len(text) <= FOUND_LENGTH else f"{text[:FOUND_LENGTH]}… ({len(text)})"


def _compact(value: Any) -> str:
    if isinstance(value, dict):
        return "{…}" if value else "{}"
    if isinstance(value, list):
        return f"[…] ({len(value)})" if value else "[]"
    return {True: "true", False: "false", None: "null"}[value] if _word(value) else str(value)


def _word(value: Any) -> bool:
    return value is None or isinstance(value, bool)


class Unusable(Exception):
    """The mock cannot start as asked; one line says why."""
