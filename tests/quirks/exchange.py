"""A request and its response in the proxy, where a quirk may change either."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

Headers = list[tuple[str, str]]


@dataclass
class ProxyExchange:
    """A request and its response, with everything that a quirk can change, framing included.

    number, on_connection: number of the request on the server and on its connection, from 1;
    operation: the operationId, empty for other paths; target: path and query as sent. status: 0
    before the server is called, and a quirk that sets it prevents the call; reason: the reason
    phrase. framing: the way in which the end of the body is marked; chunk: bytes of a chunk, or of
    each write. delay_seconds: seconds until the response begins; chunk_delay_seconds: seconds
    between two chunks. sends_100_continue: whether a `100 Continue` comes first. max_bytes_sent:
    bytes of the body after which the connection is closed, -1 for all; dropped: whether it is
    closed without a response; closes: whether it is closed after the response, even if no header
    announces it.
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
        """Return whether there is a response to change."""
        return self.status > 0

    @property
    def path(self) -> str:
        """Return the path of the request, without its query."""
        return self.target.partition("?")[0]

    @property
    def document(self) -> Any:
        """Return the JSON of the response; None for any other body."""
        return json.loads(self.content) if "json" in self.media_type and self.content else None

    @document.setter
    def document(self, value: Any) -> None:
        self.content = json.dumps(value, ensure_ascii=False).encode()

    @property
    def media_type(self) -> str:
        """Return the media type of the response with its parameters; empty without one."""
        return self.get("Content-Type")

    def request_header(self, name: str) -> str:
        """Return a header of the request; empty without one."""
        return _find_header(self.headers, name)

    def get(self, name: str) -> str:
        """Return a header of the response; empty without one."""
        return _find_header(self.response_headers, name)

    def put(self, name: str, value: str | None) -> None:
        """Set a header of the response; None removes it."""
        self.response_headers[:] = [
            pair for pair in self.response_headers if pair[0].lower() != name.lower()
        ]
        if value is not None:
            self.response_headers.append((name, value))

    def respond(self, status: int, content: bytes, media_type: str | None) -> None:
        """Replace the response."""
        self.status, self.content = status, content
        self.put("Content-Type", media_type)


ExchangeChange = Callable[[ProxyExchange], None]
"""Called twice: with a request before the server is asked, and with its response."""


def _find_header(headers: Headers, name: str) -> str:
    return next((value for key, value in headers if key.lower() == name.lower()), "")
