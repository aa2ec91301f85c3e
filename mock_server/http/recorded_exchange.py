"""A request that is recorded while it is served: what it receives and sends passes through here.

Other modules note in its scope what they know of it: the caller, violations, undeclared names, and
the faults that were applied. Every request pays for what is done here, so messages and scope are
kept as they are, and are read when the journal is requested.
"""

from __future__ import annotations

from collections.abc import Awaitable, MutableMapping, Sequence
from itertools import chain
from typing import Any

from mock_server.clock import Clock, elapsed_seconds, machine_seconds
from mock_server.errors import ErrorDetail
from mock_server.http.address import REQUESTED_PATH_KEY, ROOT_PATH_KEY
from mock_server.http.connexion_compat import ROUTING_CONTEXT
from mock_server.http.session_selection import SESSION_ERROR_KEY, SESSION_PREFIX_KEY
from mock_server.http.uvicorn_compat import unread_body
from mock_server.sessions.journal import ENTRY_BYTES, MAX_RECORDED_BODY, JournalEntry

CALLER_KEY = "mock_server.caller"
"""Key of a scope with the name of the user or client whose credentials were accepted."""
FAULTS_KEY = "mock_server.faults"
"""Key of a scope with the faults that were applied, a list of JSON objects."""
UNDECLARED_KEY = "mock_server.undeclared"
"""Key of a scope with the undeclared names of the request, a list of UndeclaredName."""
PAGE_KEY = "mock_server.page"
"""Key of the scope of a request for a page, which is not one to the API."""
UNLOGGED_KEY = "mock_server.unlogged"
"""Key of the scope of a request of the console, which sends several every second while it is open.
"""
VIOLATIONS_KEY = "mock_server.violations"
"""Key of a scope with why the request was refused, a sequence of ErrorDetail."""
VERDICT_KEY = "mock_server.verdict"
"""Key of a scope with the violations of the contract in a forwarded request's response: a list of
ErrorDetail whose pointers begin with /response. It is absent for a request that was not forwarded.
"""
REPLAYED_KEY = "mock_server.replayed"
"""Key of the scope of a replayed request with the number of the journal's entry that it repeats."""
BODILESS_METHODS = ("GET", "HEAD", "OPTIONS")
NOTHING: dict[str, Any] = {}
Message = MutableMapping[str, Any]


def note_violations(scope: MutableMapping[str, Any], violations: Sequence[ErrorDetail]) -> None:
    """Add violations to the journal's entry of a request."""
    scope[VIOLATIONS_KEY] = (*scope.get(VIOLATIONS_KEY, ()), *violations)


class RecordedExchange:
    """A request that is being served; `receive` and `send` are those of ASGI."""

    __slots__ = (
        "_began", "_first", "_instant", "_more", "_receive", "_received", "_request_size",
        "_response_size", "_scope", "_send", "_started", "ended", "number", "size", "start",
    )  # fmt: skip

    def __init__(self, scope: Any, receive: Any, send: Any, clock: Clock) -> None:
        """Record the request of a scope, whose session has this clock."""
        self._scope, self._receive, self._send = scope, receive, send
        self.start: Any = None
        """The message that began the response."""
        self._first: Any = None
        self._received = self._more = b""
        self._request_size = self._response_size = 0
        self.number = 0
        self._instant = clock.now()
        self._began = elapsed_seconds()
        self._started: float | None = None

    async def receive(self) -> Message:
        """Receive a message from the client."""
        message: Message = await self._receive()
        if body := message.get("body"):
            if len(self._received) < MAX_RECORDED_BODY:
                self._received += body[: MAX_RECORDED_BODY - len(self._received)]
            self._request_size += len(body)
        return message

    def send(self, message: Message) -> Awaitable[None]:
        """Send a message to the client."""
        # Not `async`: every request would pay for two more coroutines.
        if self.start is None:
            self.start = message
        elif self._first is None:
            self._first = message  # usually the only part of the body
        else:
            self._add_part(message)
        sent: Awaitable[None] = self._send(message)
        return sent

    def _add_part(self, message: Message) -> None:
        body = message.get("body", b"")
        if len(self._more) < MAX_RECORDED_BODY:
            self._more += bytes(body[: MAX_RECORDED_BODY - len(self._more)])
        self._response_size += len(body)

    def take_closing_response(self, status: int, response: bytes) -> None:
        """Record a whole response that was sent in place of the application's."""
        head, _, body = response.partition(b"\r\n\r\n")
        fields = (line.partition(b": ") for line in head.split(b"\r\n")[1:])
        headers = [(name, value) for name, _, value in fields]
        self.start, self._first = {"status": status, "headers": headers}, {"body": body}

    def finish(self) -> None:
        """Complete the recording when the request has ended."""
        self.ended = elapsed_seconds()
        scope = self._scope
        if not self._request_size and scope["method"] not in BODILESS_METHODS:
            body = unread_body(self._receive)  # it was refused before its body was read
            self._received, self._request_size = body[:MAX_RECORDED_BODY], len(body)
        self._receive = self._send = None  # they lead to the connection
        size = ENTRY_BYTES + len(self._received) + len(scope["query_string"])
        # A text of Unicode has up to 4 bytes a character, and `raw_path` is kept beside it.
        size += 4 * len(scope["path"]) + len(scope.get("raw_path") or b"")
        if self._first is not None:
            sent = len(self._first.get("body", b""))
            self._response_size += sent
            if sent > MAX_RECORDED_BODY:
                self._first = {"body": bytes(self._first["body"][:MAX_RECORDED_BODY])}
                sent = MAX_RECORDED_BODY
            size += sent + len(self._more)
        # In C, because every request pays for it.
        self.size = size + len(b"".join(chain.from_iterable(scope["headers"])))

    def entry(self) -> JournalEntry:
        """Return the entry of the journal; the recording is complete."""
        scope, start = self._scope, self.start or NOTHING
        routed = scope.get("extensions", NOTHING).get(ROUTING_CONTEXT, NOTHING)
        sent = bytes((self._first or NOTHING).get("body", b"")) + self._more
        # Once, when it is first read: the difference of two clocks is not the same each time.
        if self._started is None:
            self._started = machine_seconds() - (elapsed_seconds() - self._began)
        return JournalEntry(
            number=self.number,
            began=self._instant,
            started=self._started,
            duration=self.ended - self._began,
            http_version=scope["http_version"],
            scheme=scope["scheme"],
            root=scope.get(ROOT_PATH_KEY, ""),
            session_prefix=scope.get(SESSION_PREFIX_KEY, ""),
            method=scope["method"],
            path=scope.get(REQUESTED_PATH_KEY, scope["path"]),
            target=scope.get("raw_path") or b"",
            query=scope["query_string"],
            headers=scope["headers"],
            request_body=self._received,
            request_size=self._request_size,
            operation=routed.get("operation_id"),
            caller=scope.get(CALLER_KEY),
            status=start.get("status", 0),
            response_headers=start.get("headers", ()),
            response_body=sent[:MAX_RECORDED_BODY],
            response_size=self._response_size,
            violations=scope.get(VIOLATIONS_KEY, ()),
            undeclared=scope.get(UNDECLARED_KEY, ()),
            faults=scope.get(FAULTS_KEY, ()),
            server_violations=scope.get(VERDICT_KEY),
            replays=scope.get(REPLAYED_KEY),
            session_error=scope.get(SESSION_ERROR_KEY),
        )
