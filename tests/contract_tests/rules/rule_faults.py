"""Faults that break rules: each is a server which does not keep one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.wire_faults import Exchange, Fault


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
