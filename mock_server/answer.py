"""What a handler hands back when plain JSON with status 200 is not enough."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """A response whose bytes are ready: status, body, media type and further headers."""

    content: bytes | memoryview
    media_type: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LongAnswer:
    """JSON with one long list, whose rows are rendered, checked and encoded in blocks.

    `document` has the list's place, at `key`, with nothing in it. `render` makes JSON of a row; it
    looks at nothing that changes, since it is called in a thread.
    """

    document: dict[str, Any]
    key: str
    rows: Sequence[Any]
    render: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Upload:
    """One file part of a multipart body. `file_name` is None when the part names no file."""

    file_name: str | None
    media_type: str
    content: bytes
