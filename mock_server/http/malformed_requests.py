"""Refusals of bytes that never became a request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mock_server.errors import ApiError
from mock_server.http.problem import ProblemWriter, encode_json, preferred_language
from mock_server.http.uvicorn_compat import STATUS_LINE

PROBLEM_WRITER = ProblemWriter({})


def final_response(
    refusal: ApiError, scope: Mapping[str, Any], standing: Iterable[tuple[bytes, bytes]]
) -> bytes:
    """Return the whole answer before the connection is closed; `standing` are header fields."""
    lang = preferred_language(dict(scope["headers"]))
    content = encode_json(PROBLEM_WRITER.document(refusal, scope.get("path") or "/", lang))
    fields = [
        *standing,
        (b"content-type", b"application/problem+json"),
        (b"content-length", b"%d" % len(content)),
        (b"connection", b"close"),
    ]
    head = b"".join(b"%b: %b\r\n" % field for field in fields)
    return STATUS_LINE[refusal.status] + head + b"\r\n" + content
