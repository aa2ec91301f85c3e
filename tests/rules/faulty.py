"""The mock behind a fault: one thing about its requests or answers is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from contract_tests.contract import operations

ROUTES = [
    (operation.method.upper(), re.compile(re.sub(r"\{\w+\}", "[0-9-]+", operation.path)), name)
    for name, operation in operations().items()
]


@dataclass
class Exchange:
    """A request as it reaches the mock, and what the mock answered; a fault changes either.

    Before the answer is there, `status` is 0; a fault that sets it then keeps the mock from being
    asked at all.
    """

    operation: str
    query: list[tuple[str, str]]
    status: int = 0
    headers: dict[str, str] = None  # type: ignore[assignment]  # filled with the answer
    content: bytes = b""

    @property
    def rules(self) -> set[str]:
        """The rules that a refusal names."""
        return {error["rule"] for error in self.document.get("errors", ())}

    @property
    def document(self) -> dict[str, Any]:
        """The JSON object of the answer; empty for any other body."""
        if not self.headers or "json" not in self.headers.get("content-type", ""):
            return {}
        found = json.loads(self.content)
        return found if isinstance(found, dict) else {}

    def answer(self, status: int, document: Any) -> None:
        """Answer this instead."""
        self.status = status
        self.headers = {"content-type": "application/json"}
        self.content = json.dumps(document).encode()


Fault = Callable[[Exchange], None]
"""Called twice for an operation of the API: before the mock is asked, and with its answer."""


class Faulty:
    """An ASGI application that puts a fault between the mock and its callers."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.fault: Fault | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request, or the server's lifespan."""
        if scope["type"] != "http" or self.fault is None:
            await self._app(scope, receive, send)
            return
        exchange = Exchange(_operation(scope), parse_qsl(scope["query_string"].decode(), True))
        self.fault(exchange)
        if not exchange.status:
            await self._ask(exchange, scope, receive)
            self.fault(exchange)
        sent = {**exchange.headers, "content-length": str(len(exchange.content))}
        headers = [(name.encode(), value.encode("latin-1")) for name, value in sent.items()]
        start = {"type": "http.response.start", "status": exchange.status, "headers": headers}
        await send(start)
        await send({"type": "http.response.body", "body": exchange.content})

    async def _ask(self, exchange: Exchange, scope: Any, receive: Any) -> None:
        async def collect(message: Any) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                pairs = message["headers"]
                exchange.headers = {n.decode().lower(): v.decode("latin-1") for n, v in pairs}
            else:
                exchange.content += message.get("body", b"")

        query = urlencode(exchange.query).encode()
        await self._app({**scope, "query_string": query}, receive, collect)


def _operation(scope: Any) -> str:
    for method, path, name in ROUTES:
        if scope["method"] == method and path.fullmatch(scope["path"]):
            return name
    return ""


def forgets(rule: str) -> Fault:
    """A server that does not enforce a rule: it answers 200 where the mock refuses by it."""

    def fault(exchange: Exchange) -> None:
        if exchange.status >= 400 and rule in exchange.rules:
            exchange.answer(200, {})

    return fault


def refuses(names: set[str]) -> Fault:
    """A server on which these operations never succeed."""

    def fault(exchange: Exchange) -> None:
        if not exchange.status and exchange.operation in names:
            exchange.answer(400, {"message": "no"})

    return fault


def rewords(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Fault:
    """A server whose refusals have other bodies."""

    def fault(exchange: Exchange) -> None:
        if exchange.status >= 400:
            exchange.answer(exchange.status, change(exchange.document))

    return fault


def drops(operation: str, parameter: str) -> Fault:
    """A server that does not look at a query parameter."""

    def fault(exchange: Exchange) -> None:
        if exchange.operation == operation:
            exchange.query = [pair for pair in exchange.query if pair[0] != parameter]

    return fault


def pretends(operation: str, document: Any = None) -> Fault:
    """A server whose operation says that it did something, and did nothing."""

    def fault(exchange: Exchange) -> None:
        if not exchange.status and exchange.operation == operation:
            exchange.answer(200, document or {})

    return fault


def changes(operation: str, change: Callable[[Any], None]) -> Fault:
    """A server with a mistake in the JSON of an operation's success."""

    def fault(exchange: Exchange) -> None:
        if exchange.status == 200 and exchange.operation == operation:
            document = json.loads(exchange.content)
            change(document)
            exchange.answer(200, document)

    return fault


def sets_header(operation: str, name: str, value: str) -> Fault:
    """A server with a wrong header on an operation's success."""

    def fault(exchange: Exchange) -> None:
        if exchange.status in (200, 206) and exchange.operation == operation:
            exchange.headers[name] = value

    return fault
