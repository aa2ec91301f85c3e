"""Replay of a request of the journal: it is served again, in its session, without a client."""

from __future__ import annotations

import asyncio
from typing import Any

from mock_server.errors import Conflict, ErrorDetail, ServiceUnavailable
from mock_server.http.address import ROOT_PATH_KEY
from mock_server.http.delays import DISCONNECT
from mock_server.http.recorded_exchange import REPLAYED_KEY
from mock_server.http.request_recorder import RequestRecorder
from mock_server.http.session_selection import SESSION_ERROR_KEY, SESSION_PREFIX_KEY
from mock_server.sessions.journal import MAX_RECORDED_BODY, JournalEntry
from mock_server.sessions.session import SESSION_KEY, Session

MAX_SECONDS = 30.0
"""Real seconds within which the response has to come."""
MAX_SECONDS_AT_END = 5.0
"""Real seconds that a request has to end after its client has gone; then it is cancelled."""
MAX_REPLAYS = 20
"""Maximum number of replayed requests that are being served; further ones get a 503."""


class RequestReplayer:
    """Sender of requests that a journal has, for all sessions of a mock."""

    def __init__(self, max_seconds: float = MAX_SECONDS) -> None:
        """Set the seconds that a response may take; `serve_with` is called before any replay."""
        self._max_seconds = max_seconds
        self._api: Any = None
        self._refusals: Any = None
        self._recorder = RequestRecorder()
        self._under_way = 0

    def serve_with(self, api: Any, refusals: Any, recorder: RequestRecorder) -> None:
        """Send requests to `api`, an ASGI application whose scopes have their session.

        refusals: the application for requests whose session cannot be selected.
        """
        self._api, self._refusals, self._recorder = api, refusals, recorder

    async def replay(self, entry: JournalEntry, session: Session) -> JournalEntry:
        """Send a request of a session again, and return its new entry when it has ended.

        Raises Conflict (CP-45) if the entry does not have the whole request, and ServiceUnavailable
        if too many are being served.
        """
        _check_complete(entry)
        if self._under_way >= MAX_REPLAYS:
            raise ServiceUnavailable(ErrorDetail("/path/id", "busy", f"<= {MAX_REPLAYS}"))
        self._under_way += 1
        try:
            return await self._serve(entry, session)
        finally:
            self._under_way -= 1

    async def _serve(self, entry: JournalEntry, session: Session) -> JournalEntry:
        scope, client = _scope_of(entry, session), _AbsentClient(entry.request_body)
        exchange = self._recorder.begin(scope, client.receive, client.send)
        # A task has a context of its own: what the request notes there is not the caller's.
        application = self._refusals if entry.session_error else self._api
        served = asyncio.create_task(application(scope, exchange.receive, exchange.send))
        try:
            await asyncio.wait({served}, timeout=self._max_seconds)
            client.gone.set()
            await asyncio.wait({served}, timeout=MAX_SECONDS_AT_END)
        finally:
            served.cancel()
            await asyncio.wait({served})
            self._recorder.end(exchange, scope)
        return exchange.entry()


class _AbsentClient:
    """The client of a replayed request, which has sent it completely and reads the response."""

    def __init__(self, body: bytes) -> None:
        self.gone = asyncio.Event()
        self._unread = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive(self) -> Any:
        """Return the body, and then wait until the client has gone."""
        if self._unread:
            return self._unread.pop()
        await self.gone.wait()
        return {"type": DISCONNECT}

    async def send(self, message: Any) -> None:
        """Drop a part of the response, which is recorded before it is sent."""


def _check_complete(entry: JournalEntry) -> None:
    """Raise Conflict (CP-45) for an entry without the whole request."""
    kept, size = len(entry.request_body), entry.request_size
    stated = next((value for name, value in entry.headers if name == b"content-length"), b"")
    if stated.isdigit() and entry.method not in ("GET", "HEAD"):
        size = max(size, int(stated[:20]))
    if not entry.method or not entry.target or size > kept:
        accepted = f"<= {MAX_RECORDED_BODY} bytes"
        raise Conflict(ErrorDetail("/path/id", "CP-45", accepted, f"{size} bytes"))


def _scope_of(entry: JournalEntry, session: Session) -> dict[str, Any]:
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": entry.http_version,
        "scheme": entry.scheme,
        "method": entry.method,
        "path": entry.path,
        "raw_path": entry.target,
        "query_string": entry.query,
        "root_path": "",
        "headers": list(entry.headers),
        "client": None,
        "server": None,
        "state": {},
        "extensions": {},
        SESSION_KEY: session,
        REPLAYED_KEY: entry.number,
    }
    if entry.session_error:
        scope[SESSION_ERROR_KEY] = entry.session_error
    if entry.root:
        scope[ROOT_PATH_KEY] = entry.root
    if entry.session_prefix:
        scope[SESSION_PREFIX_KEY] = entry.session_prefix
    return scope
