"""Faults on the wire that mutants are made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from tests.wire_faults import DocumentEdit, OperationExchange, WireFault

PROBLEM_TYPE = "application/problem+json"


def replace_field(name: str, made: Callable[[Any], Any]) -> DocumentEdit:
    """A change of a field, where it is: a value made of the one that it has."""

    def change(document: Any) -> None:
        if name in document:
            document[name] = made(document[name])

    return change


def remove_field(name: str) -> DocumentEdit:
    """A change that takes a field away."""

    def change(document: Any) -> None:
        document.pop(name, None)

    return change


def replace_status(
    operation: str, statuses: Iterable[int], sent: int, content: bytes | None = None
) -> WireFault:
    """Another status than the mock's, in the answer and in a problem's document."""
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
    """Another body, of a media type of its own."""
    wrong = frozenset(statuses)

    def fault(exchange: OperationExchange) -> None:
        if exchange.status in wrong and exchange.operation == operation:
            exchange.content = sent
            exchange.headers["content-type"] = media_type

    return fault


def rewrite_request(operation: str, pattern: str, meant: str) -> WireFault:
    """What matches in a request's query or body is taken for something that is right."""
    wrong = re.compile(pattern)

    def fault(exchange: OperationExchange) -> None:
        if not exchange.status and exchange.operation == operation:
            exchange.query = [(name, wrong.sub(meant, value)) for name, value in exchange.query]
            text = exchange.body.decode("utf-8", "surrogateescape")
            exchange.body = wrong.sub(meant, text).encode("utf-8", "surrogateescape")

    return fault


def add_query_default(operation: str, name: str, value: str) -> WireFault:
    """A query parameter that is not sent has a default."""

    def fault(exchange: OperationExchange) -> None:
        is_asked = not exchange.status and exchange.operation == operation
        if is_asked and name not in dict(exchange.query):
            exchange.query.append((name, value))

    return fault
