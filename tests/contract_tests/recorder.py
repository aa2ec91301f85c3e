"""A mock that records every request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from mock_server.app import create_app
from tests.serving import FROZEN, serve_app

RecordedRequest = tuple[str, bytes, tuple[tuple[bytes, bytes], ...], bytes]
"""Method, path with query as sent, headers but Host, body."""


@dataclass
class RecordingApp:
    """ASGI application that records requests and responses."""

    app: Any
    requests: list[RecordedRequest] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body, answer = [], []

        async def read() -> Any:
            message = await receive()
            body.append(message.get("body", b""))
            return message

        async def write(message: Any) -> None:
            answer.append(message.get("body", b""))
            await send(message)

        await self.app(scope, read, write)
        target = scope["raw_path"] + b"?" + scope["query_string"]
        headers = tuple(pair for pair in scope["headers"] if pair[0] != b"host")
        self.requests.append((scope["method"], target, headers, b"".join(body)))
        self.answers.append(b"".join(answer))


@contextmanager
def run_recorded_mock() -> Iterator[tuple[str, RecordingApp]]:
    """Run a new mock with a frozen clock, and yield its URL and its recorder."""
    recorder = RecordingApp(create_app(FROZEN))
    with serve_app(recorder) as address:
        yield address, recorder
