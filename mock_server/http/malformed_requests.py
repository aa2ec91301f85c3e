"""Responses to bytes that are not a complete request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mock_server.errors import ApiError
from mock_server.http.problem import ProblemWriter, encode_json, preferred_language
from mock_server.http.uvicorn_compat import STATUS_LINE

# Without the contract's rules, none of which applies to what is not a request.
PROBLEM_WRITER = ProblemWriter({})


def closing_response(
    refusal: ApiError, scope: Mapping[str, Any], standing: Iterable[tuple[bytes, bytes]]
) -> bytes:
    """Return the bytes of a response after which the connection is closed.

    standing: header fields of every response. `scope` may lack a path if the request line is
    incomplete.
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
    return STATUS_LINE[refusal.status] + head + b"\r\n" + content
