"""The mock behind a fault: one thing about its requests or responses is wrong on the wire."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from contract_tests.contract.operations import operations

DocumentEdit = Callable[[Any], Any]
"""Edits a JSON document, or returns another one."""
OPERATION_ROUTES = [
    (operation.method.upper(), re.compile(re.sub(r"\{\w+\}", "[0-9-]+", operation.path)), name)
    for name, operation in operations().items()
]


@dataclass
class OperationExchange:
    """A request for an operation of the API, and the mock's response; a fault changes either.

    `status` is 0 before the mock is called. A fault that sets it then prevents the call.
    """

    operation: str
    query: list[tuple[str, str]]
    body: bytes
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""
    path: str = ""
    token: str = ""
    """The request's Authorization header."""
    method: str = ""
    """Of the request; HEAD is answered by what GET answers, without the body."""

    @property
    def document(self) -> Any:
        """JSON of the response; None for any other body."""
        is_json = "json" in self.headers.get("content-type", "")
        return json.loads(self.content) if is_json and self.content else None

    @property
    def rules(self) -> set[str]:
        """The rules that a refusal names."""
        found = self.document
        errors = found.get("errors", ()) if isinstance(found, dict) else ()
        return {error["rule"] for error in errors}

    def respond(self, status: int, document: Any, media_type: str = "application/json") -> None:
        """Answer this JSON instead."""
        self.status = status
        self.headers["content-type"] = media_type
        self.content = json.dumps(document).encode()


WireFault = Callable[[OperationExchange], None]
"""Called twice for an operation of the API: before the mock is asked, and with its answer."""


class WireFaultApp:
    """An ASGI application that puts a fault between the mock and its callers.

    What the fault does not touch goes through byte for byte. A HEAD is a GET without its body.
    """

    def __init__(self, app: Any, fault: WireFault | None = None) -> None:
        self.fault = fault
        """None lets everything through; another one may be set at any time."""
        self._app = app

    def __getattr__(self, name: str) -> Any:
        """Return the attribute of the application."""
        return getattr(self._app, name)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request, or the server's lifespan."""
        name = _operation_of(scope) if scope["type"] == "http" and self.fault else ""
        if not name:
            await self._app(scope, receive, send)
            return
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        exchange = OperationExchange(
            name, [*query], await _read_body(receive), method=scope["method"]
        )
        exchange.path = scope["path"]
        exchange.token = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
        is_head = scope["method"] == "HEAD"
        if is_head:
            scope = {**scope, "method": "GET"}
        messages: list[Any] = []
        self._apply_fault(exchange)
        if not exchange.status:
            if exchange.query != query:
                scope = {**scope, "query_string": urlencode(exchange.query).encode()}
            messages = await self._forward(scope, exchange, receive)
            before = exchange.status, dict(exchange.headers), exchange.content
            self._apply_fault(exchange)
            if before == (exchange.status, exchange.headers, exchange.content):
                for message in messages:
                    await send({**message, "body": b""} if is_head else message)
                return
        exchange.headers["content-length"] = str(len(exchange.content))
        pairs = [(n.encode(), v.encode("latin-1")) for n, v in exchange.headers.items()]
        await send({"type": "http.response.start", "status": exchange.status, "headers": pairs})
        body = b"" if is_head else exchange.content
        await send({"type": "http.response.body", "body": body})

    def _apply_fault(self, exchange: OperationExchange) -> None:
        if self.fault:
            self.fault(exchange)

    async def _forward(self, scope: Any, exchange: OperationExchange, receive: Any) -> list[Any]:
        """Return the response of the mock to the exchange's request, and store it there."""
        sent = [{"type": "http.request", "body": exchange.body, "more_body": False}]
        messages: list[Any] = []

        async def read() -> Any:
            return sent.pop() if sent else await receive()

        async def keep(message: Any) -> None:
            messages.append(message)

        # The length is that of what is now read.
        length = str(len(exchange.body)).encode()
        headers = [(n, length if n == b"content-length" else v) for n, v in scope["headers"]]
        await self._app({**scope, "headers": headers}, read, keep)
        exchange.status, pairs = messages[0]["status"], messages[0]["headers"]
        exchange.headers = {n.decode().lower(): v.decode("latin-1") for n, v in pairs}
        exchange.content = b"".join(bytes(message.get("body", b"")) for message in messages[1:])
        return messages


async def _read_body(receive: Any) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _operation_of(scope: Any) -> str:
    asked = scope["method"].replace("HEAD", "GET")
    for method, path, name in OPERATION_ROUTES:
        if asked == method and path.fullmatch(scope["path"]):
            return name
    return ""


def edit_response(operation: str, change: DocumentEdit) -> WireFault:
    """A mistake in the JSON of an operation's success."""

    def fault(exchange: OperationExchange) -> None:
        if exchange.status == 200 and exchange.operation == operation:
            document = exchange.document
            changed = change(document)
            exchange.respond(200, document if changed is None else changed)

    return fault


def edit_each_row(rows: str, change: DocumentEdit) -> DocumentEdit:
    """A change of every row."""

    def every(document: Any) -> None:
        for row in document[rows]:
            change(row)

    return every


def replace_header(
    operation: str, statuses: Iterable[int], name: str, value: str | None
) -> WireFault:
    """Another value of a header, or none; of every operation when none is named."""
    wrong = frozenset(statuses)

    def fault(exchange: OperationExchange) -> None:
        if exchange.status in wrong and operation in ("", exchange.operation):
            if value is None:
                exchange.headers.pop(name, None)
            else:
                exchange.headers[name] = value

    return fault
