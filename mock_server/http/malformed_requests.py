"""Responses to bytes that are not a complete request, and to requests that end too late."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mock_server.errors import ApiError
from mock_server.http.problem import ProblemWriter, encode_json, preferred_language
from mock_server.http.uvicorn_compat import STATUS_LINE
from mock_server.sessions.session import SESSION_KEY

REFUSAL_LISTENER_KEY = "mock_server.refusals"
"""Key of the server's state with a function that is called with scope, error and response."""
CLOSING_RESPONSE_KEY = "mock_server.closing_response"
"""Key of a request's state with the error and the response that end it while it is being served.

It is None if they were given to the listener, because the application had not begun to serve it."""
# Without the contract's rules, none of which applies to what is not a request.
PROBLEM_WRITER = ProblemWriter({})


def closing_response(
    refusal: ApiError, scope: Any, standing: Iterable[tuple[bytes, bytes]]
) -> bytes:
    """Return the bytes of a response after which the connection is closed.

    standing: header fields of every response. `scope` may lack a path if the request line is
    incomplete. The response is noted for the journal.
    """
    lang = preferred_language(dict(scope["headers"]))
    content = encode_json(PROBLEM_WRITER.problem_document(refusal, scope.get("path") or "/", lang))
    fields = [
        *standing,
        (b"content-type", b"application/problem+json"),
        (b"content-length", b"%d" % len(content)),
        (b"connection", b"close"),
    ]
    head = b"".join(b"%b: %b\r\n" % field for field in fields)
    response = STATUS_LINE[refusal.status] + head + b"\r\n" + content
    # The application may serve the request with a copy of its scope, which has the same state.
    state = scope.get("state", {})
    if SESSION_KEY in scope:  # the application is serving it, and is interrupted
        state[CLOSING_RESPONSE_KEY] = refusal, response
    elif listener := state.get(REFUSAL_LISTENER_KEY):
        listener(scope, refusal, response)
        state[CLOSING_RESPONSE_KEY] = None
    return response
