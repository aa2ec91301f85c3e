"""Faults on the wire: what stands between the mock and its callers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from contract_tests.contract import operations

Change = Callable[[Any], Any]
"""Edits a JSON document, or returns another one."""
ROUTES = [
    (operation.method.upper(), re.compile(re.sub(r"\{\w+\}", "[0-9-]+", operation.path)), name)
    for name, operation in operations().items()
]
PROBLEM = "application/problem+json"


@dataclass
class Exchange:
    """A request for an operation of the API, and the mock's answer; a fault changes either.

    Before the mock is asked, `status` is 0.
    """

    operation: str
    query: list[tuple[str, str]]
    body: bytes
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""

    @property
    def document(self) -> Any:
        """The answer's JSON; None for any other body."""
        is_json = "json" in self.headers.get("content-type", "")
        return json.loads(self.content) if is_json and self.content else None

    def answer(self, status: int, document: Any, media_type: str = "application/json") -> None:
        """Answer this JSON instead."""
        self.status = status
        self.headers["content-type"] = media_type
        self.content = json.dumps(document).encode()


Fault = Callable[[Exchange], None]
"""Called twice for an operation of the API: before the mock is asked, and with its answer."""


class Faulty:
    """An ASGI application that puts a fault between the mock and its callers.

    What the fault does not touch goes through byte for byte.
    """

    def __init__(self, app: Any, fault: Fault) -> None:
        self._app = app
        self._fault = fault
        self.session = app.session

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request, or the server's lifespan."""
        name = _operation(scope) if scope["type"] == "http" else ""
        if not name:
            await self._app(scope, receive, send)
            return
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        exchange = Exchange(name, [*query], await _all_of(receive))
        self._fault(exchange)
        if exchange.query != query:
            scope = {**scope, "query_string": urlencode(exchange.query).encode()}
        messages = await self._asked(scope, exchange.body, receive)
        exchange.status, pairs = messages[0]["status"], messages[0]["headers"]
        exchange.headers = {n.decode().lower(): v.decode("latin-1") for n, v in pairs}
        exchange.content = b"".join(bytes(message.get("body", b"")) for message in messages[1:])
        before = exchange.status, dict(exchange.headers), exchange.content
        self._fault(exchange)
        if before == (exchange.status, exchange.headers, exchange.content):
            for message in messages:
                await send(message)
            return
        exchange.headers["content-length"] = str(len(exchange.content))
        pairs = [(n.encode(), v.encode("latin-1")) for n, v in exchange.headers.items()]
        await send({"type": "http.response.start", "status": exchange.status, "headers": pairs})
        await send({"type": "http.response.body", "body": exchange.content})

    async def _asked(self, scope: Any, body: bytes, receive: Any) -> list[Any]:
        sent = [{"type": "http.request", "body": body, "more_body": False}]
        messages: list[Any] = []

        async def read() -> Any:
            return sent.pop() if sent else await receive()

        async def keep(message: Any) -> None:
            messages.append(message)

        # The length is that of what is now read.
        headers = [
            (name, str(len(body)).encode() if name == b"content-length" else value)
            for name, value in scope["headers"]
        ]
        await self._app({**scope, "headers": headers}, read, keep)
        return messages


async def _all_of(receive: Any) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _operation(scope: Any) -> str:
    for method, path, name in ROUTES:
        if scope["method"] == method and path.fullmatch(scope["path"]):
            return name
    return ""


def changes(operation: str, change: Change) -> Fault:
    """A mistake in the JSON of an operation's success."""

    def fault(exchange: Exchange) -> None:
        if exchange.status == 200 and exchange.operation == operation:
            document = exchange.document
            changed = change(document)
            exchange.answer(200, document if changed is None else changed)

    return fault


def each(rows: str, change: Change) -> Change:
    """A change of every row."""

    def every(document: Any) -> None:
        for row in document[rows]:
            change(row)

    return every


def put(name: str, made: Callable[[Any], Any]) -> Change:
    """A change of a field, where it is: a value made of the one that it has."""

    def change(document: Any) -> None:
        if name in document:
            document[name] = made(document[name])

    return change


def leaves_out(name: str) -> Change:
    """A change that takes a field away."""

    def change(document: Any) -> None:
        document.pop(name, None)

    return change


def status(
    operation: str, statuses: Iterable[int], sent: int, content: bytes | None = None
) -> Fault:
    """Another status than the mock's, in the answer and in a problem's document."""
    wrong = frozenset(statuses)

    def fault(exchange: Exchange) -> None:
        if exchange.operation == operation and exchange.status in wrong:
            document = exchange.document
            if isinstance(document, dict) and "status" in document and "title" in document:
                document["status"] = sent
                exchange.answer(sent, document, PROBLEM)
            exchange.status = sent
            exchange.content = exchange.content if content is None else content

    return fault


def header(operation: str, statuses: Iterable[int], name: str, value: str | None) -> Fault:
    """Another value of a header, or none; of every operation when none is named."""
    wrong = frozenset(statuses)

    def fault(exchange: Exchange) -> None:
        if exchange.status in wrong and operation in ("", exchange.operation):
            if value is None:
                exchange.headers.pop(name, None)
            else:
                exchange.headers[name] = value

    return fault


def content(operation: str, statuses: Iterable[int], sent: bytes, media_type: str) -> Fault:
    """Another body, of a media type of its own."""
    wrong = frozenset(statuses)

    def fault(exchange: Exchange) -> None:
        if exchange.status in wrong and exchange.operation == operation:
            exchange.content = sent
            exchange.headers["content-type"] = media_type

    return fault


def takes_for(operation: str, pattern: str, meant: str) -> Fault:
    """What matches in a request's query or body is taken for something that is right."""
    wrong = re.compile(pattern)

    def fault(exchange: Exchange) -> None:
        if not exchange.status and exchange.operation == operation:
            exchange.query = [(name, wrong.sub(meant, value)) for name, value in exchange.query]
            text = exchange.body.decode("utf-8", "surrogateescape")
            exchange.body = wrong.sub(meant, text).encode("utf-8", "surrogateescape")

    return fault


def supplies(operation: str, name: str, value: str) -> Fault:
    """A query parameter that is not sent has a default."""

    def fault(exchange: Exchange) -> None:
        is_asked = not exchange.status and exchange.operation == operation
        if is_asked and name not in dict(exchange.query):
            exchange.query.append((name, value))

    return fault
