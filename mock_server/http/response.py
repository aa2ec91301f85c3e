"""Responses: what handlers return besides JSON with status 200, and what is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

JSON_MEDIA_TYPE = "application/json"
PROBLEM_MEDIA_TYPE = "application/problem+json"
BodyBytes = bytes | memoryview
RawResponse = tuple[int, BodyBytes, list[tuple[bytes, bytes]]]
"""Status, bytes and headers."""


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """An encoded response: body, media type, status, and headers other than Content-Type."""

    content: BodyBytes
    media_type: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def encode_headers(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Return header fields in the form of ASGI."""
    return [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
