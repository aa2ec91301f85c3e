"""Responses: what handlers return besides JSON with status 200, and what is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

JSON_MEDIA_TYPE = "application/json"
PROBLEM_MEDIA_TYPE = "application/problem+json"
EMPTY_STATUSES = frozenset({204, 304})
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


@dataclass(frozen=True, slots=True)
class LargeJsonResponse:
    """A large JSON document with status 200: `encode` returns its bytes, and runs in a thread."""

    encode: Callable[[], bytes]

    def build(self) -> RawResponse:
        """Encode the document, and return the response."""
        return 200, self.encode(), [(b"content-type", JSON_MEDIA_TYPE.encode())]


def encode_response(response: HttpResponse) -> RawResponse:
    """Return a response as status, bytes and headers, with a Content-Type if it has a body."""
    headers = encode_headers(response.headers)
    if response.status not in EMPTY_STATUSES and response.media_type:
        headers.append((b"content-type", response.media_type.encode("latin-1")))
    return response.status, response.content, headers


def encode_headers(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Return header fields in the form of ASGI."""
    return [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
