"""Return value of handlers for responses other than JSON with status 200."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """An encoded response: body, media type, status, and headers other than Content-Type."""

    content: bytes | memoryview
    media_type: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
