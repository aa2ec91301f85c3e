"""Changes on the wire from which mutants are built."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable
from typing import Any

from tests.wire_faults import DocumentEdit, OperationExchange, WireFault

PROBLEM_TYPE = "application/problem+json"


def replace_field(name: str, made: Callable[[Any], Any]) -> DocumentEdit:
    """Return a change that replaces a field by a value computed from it."""

    def change(document: Any) -> None:
        if name in document:
            document[name] = made(document[name])

    return change


def remove_field(name: str) -> DocumentEdit:
    """Return a change that removes a field."""

    def change(document: Any) -> None:
        document.pop(name, None)

    return change


def replace_status(
    operation: str, statuses: Iterable[int], sent: int, content: bytes | None = None
) -> WireFault:
    """Return a fault that replaces the status, in the response and in a problem document."""
    wrong = frozenset(statuses)

    def fault(exchange: OperationExchange) -> None:
        if exchange.operation == operation and exchange.status in wrong:
            document = exchange.document
            if isinstance(document, dict) and "status" in document and "title" in document:
                document["status"] = sent
                exchange.respond(sent, document, PROBLEM_TYPE)
            exchange.status = sent
            exchange.content = exchange.content if content is None else content

    return fault


def replace_content(
    operation: str, statuses: Iterable[int], sent: bytes, media_type: str
) -> WireFault:
    """Return a fault that replaces the body and its media type."""
    wrong = frozenset(statuses)

    def fault(exchange: OperationExchange) -> None:
        if exchange.status in wrong and exchange.operation == operation:
            exchange.content = sent
            exchange.headers["content-type"] = media_type

    return fault


def rewrite_request(operation: str, pattern: str, meant: str) -> WireFault:
    """Return a fault that makes a part of a request valid before the mock receives it."""
    wrong = re.compile(pattern)

    def fault(exchange: OperationExchange) -> None:
        if not exchange.status and exchange.operation == operation:
            exchange.query = [(name, wrong.sub(meant, value)) for name, value in exchange.query]
            text = exchange.body.decode("utf-8", "surrogateescape")
            exchange.body = wrong.sub(meant, text).encode("utf-8", "surrogateescape")

    return fault


def rewrite_field(operation: str, name: str, made: Callable[[Any], Any]) -> WireFault:
    """Return a fault that changes a field of a request's JSON, at any depth."""

    def fault(exchange: OperationExchange) -> None:
        if exchange.status or exchange.operation != operation:
            return
        try:
            exchange.body = json.dumps(_rewritten(json.loads(exchange.body))).encode()
        except (ValueError, RecursionError):
            return  # the mock refuses it

    def _rewritten(node: Any) -> Any:
        if isinstance(node, list):
            return [_rewritten(each) for each in node]
        if not isinstance(node, dict):
            return node
        return {key: _value(key, value) for key, value in node.items()}

    def _value(key: str, value: Any) -> Any:
        is_it = key == name and isinstance(value, str | int) and not isinstance(value, bool)
        try:
            return made(value) if is_it else _rewritten(value)
        except (TypeError, ValueError, OverflowError):
            return value

    return fault


def add_query_default(operation: str, name: str, value: str) -> WireFault:
    """Return a fault that adds a default to a query parameter."""

    def fault(exchange: OperationExchange) -> None:
        is_asked = not exchange.status and exchange.operation == operation
        if is_asked and name not in dict(exchange.query):
            exchange.query.append((name, value))

    return fault


def cache_for_each_token(reading: str, writing: Iterable[str]) -> WireFault:
    """Return a fault that caches what each token has read, until a write with that token."""
    writers = frozenset(writing)
    answers: dict[str, dict[Any, tuple[int, dict[str, str], bytes]]] = {}

    def fault(exchange: OperationExchange) -> None:
        known = answers.setdefault(exchange.token, {})
        if exchange.operation in writers:
            known.clear()
        if exchange.operation != reading:
            return
        key = exchange.path, *exchange.query
        if exchange.status:
            known[key] = exchange.status, dict(exchange.headers), exchange.content
        elif key in known:
            exchange.status, headers, exchange.content = known[key]
            exchange.headers = dict(headers)

    return fault


def cache_for_seconds(reading: str, seconds: float) -> WireFault:
    """Return a fault that caches what was read for some seconds, regardless of writes."""
    answers: dict[Any, tuple[float, int, dict[str, str], bytes]] = {}

    def fault(exchange: OperationExchange) -> None:
        if exchange.operation != reading:
            return
        key, now = (exchange.path, *exchange.query), time.monotonic()
        until, status, headers, content = answers.get(key, (0.0, 0, {}, b""))
        if not exchange.status and now < until:
            exchange.status, exchange.headers, exchange.content = status, dict(headers), content
        elif exchange.status and now >= until:
            kept = exchange.status, dict(exchange.headers), exchange.content
            answers[key] = now + seconds, *kept

    return fault
