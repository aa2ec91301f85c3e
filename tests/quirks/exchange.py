"""A request and its answer as they pass the proxy, where a quirk may change either."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

Headers = list[tuple[str, str]]


@dataclass
class ProxyExchange:
    """A request, and what is answered to it: all that a quirk can change, framing included.

    number: which request of its server it is, from 1; on_connection: which of its connection;
    operation: the operationId, empty for what is no operation's; target: path and query as sent.
    status: 0 until the server behind is asked, which a quirk that sets it prevents; reason: the
    words beside it. framing: how the end of the body is told; chunk: bytes of a chunk, or of what
    is sent at a time. delay_seconds: seconds until the answer begins; chunk_delay_seconds: those
    between two chunks.
    sends_100_continue: whether a `100 Continue` goes first. max_bytes_sent: bytes of the body after
    which the connection is closed, -1 for all; dropped: whether it is closed without an answer;
    closes: whether it is closed after the answer, announced by a header of the quirk or not.
    """

    number: int
    on_connection: int
    operation: str
    method: str
    target: str
    headers: Headers
    body: bytes = b""
    status: int = 0
    reason: str | None = None
    response_headers: Headers = field(default_factory=list)
    content: bytes = b""
    version: str = "HTTP/1.1"
    framing: Literal["length", "chunked", "close"] = "length"
    chunk: int = 2**16
    delay_seconds: float = 0.0
    chunk_delay_seconds: float = 0.0
    sends_100_continue: bool = False
    max_bytes_sent: int = -1
    dropped: bool = False
    closes: bool = False

    @property
    def is_answered(self) -> bool:
        """Return whether there is an answer to change."""
        return self.status > 0

    @property
    def document(self) -> Any:
        """Return the answer's JSON; None for any other body."""
        return json.loads(self.content) if "json" in self.media_type and self.content else None

    @document.setter
    def document(self, value: Any) -> None:
        self.content = json.dumps(value, ensure_ascii=False).encode()

    @property
    def media_type(self) -> str:
        """Return the answer's media type with its parameters; empty without one."""
        return self.get("Content-Type")

    def request_header(self, name: str) -> str:
        """Return a header of the request; empty without one."""
        return _find_header(self.headers, name)

    def get(self, name: str) -> str:
        """Return a header of the answer; empty without one."""
        return _find_header(self.response_headers, name)

    def put(self, name: str, value: str | None) -> None:
        """Set this header of the answer; None removes it."""
        self.response_headers[:] = [
            pair for pair in self.response_headers if pair[0].lower() != name.lower()
        ]
        if value is not None:
            self.response_headers.append((name, value))

    def respond(self, status: int, content: bytes, media_type: str | None) -> None:
        """Replace the answer."""
        self.status, self.content = status, content
        self.put("Content-Type", media_type)


ExchangeChange = Callable[[ProxyExchange], None]
"""Called twice: with a request before the server is asked, and with its response."""


def _find_header(headers: Headers, name: str) -> str:
    return next((value for key, value in headers if key.lower() == name.lower()), "")
