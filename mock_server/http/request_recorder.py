"""Records requests in the journal of their session, and logs them."""

from __future__ import annotations

import logging
from collections.abc import MutableMapping
from typing import Any

from mock_server.errors import ApiError
from mock_server.http.dropped_connections import TRANSPORT_KEY
from mock_server.http.malformed_requests import CLOSING_RESPONSE_KEY, REFUSAL_LISTENER_KEY
from mock_server.http.recorded_exchange import (
    PAGE_KEY,
    UNLOGGED_KEY,
    VIOLATIONS_KEY,
    RecordedExchange,
)
from mock_server.http.request_log import log, log_request
from mock_server.sessions.registry import SessionRegistry
from mock_server.sessions.session import SESSION_KEY
from mock_server.settings import CONTROL_PLANE

Scope = MutableMapping[str, Any]
INCOMPLETE_REQUEST = {"method": "", "path": "", "raw_path": b"", "query_string": b""}
"""Members of the scope of a request whose head could not be read."""


class RequestRecorder:
    """Recorder of the requests of one application."""

    def listen(self, scope: Scope, sessions: SessionRegistry) -> None:
        """Record requests that are refused before they reach the application.

        scope: of the server's lifespan; sessions: such a request is one of the default session.
        """

        def record_refusal(scope: Scope, refusal: ApiError, response: bytes) -> None:
            found = {**INCOMPLETE_REQUEST, **scope, SESSION_KEY: sessions.default}
            found["state"] = {CLOSING_RESPONSE_KEY: (refusal, response)}
            self.end(self.begin(found, None, None), found)

        if "state" in scope:
            scope["state"][REFUSAL_LISTENER_KEY] = record_refusal

    @staticmethod
    def begin(scope: Scope, receive: Any, send: Any) -> RecordedExchange:
        """Return the exchange of a request, through which it has to be served."""
        return RecordedExchange(scope, receive, send, scope[SESSION_KEY].world.clock)

    def end(self, exchange: RecordedExchange, scope: Scope) -> None:
        """Add the entry of a request that has ended to its journal, and log it."""
        if exchange.start is None and CLOSING_RESPONSE_KEY in (state := scope.get("state", {})):
            if state[CLOSING_RESPONSE_KEY] is None:
                return
            refusal, response = state[CLOSING_RESPONSE_KEY]
            scope[VIOLATIONS_KEY] = refusal.violations
            exchange.take_closing_response(refusal.status, response)
        exchange.finish()
        session = scope[SESSION_KEY]
        # A recording keeps its scope, which must lead neither to the session and its worlds nor to
        # the connection: closed ones would be kept, and later be found only by a full collection.
        scope[SESSION_KEY] = scope[TRANSPORT_KEY] = None
        if PAGE_KEY not in scope and not scope["path"].startswith(CONTROL_PLANE):
            session.last_used = exchange.ended
            if session.journal.max_entries:
                session.journal.add(exchange)
        if log.isEnabledFor(logging.INFO) and UNLOGGED_KEY not in scope:
            log_request(exchange.entry(), session.name, session.contract.problems)
