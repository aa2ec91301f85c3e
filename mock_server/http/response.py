"""What a handler hands back when plain JSON with status 200 is not enough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A response whose bytes are ready: status, body, media type and further headers."""

    content: bytes | memoryview
    media_type: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
