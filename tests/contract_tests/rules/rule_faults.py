"""Faults of servers that break rules."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.wire_faults import OperationExchange, WireFault


def ignore_rule(rule: str) -> WireFault:
    """Return the fault of a server that accepts requests which the mock refuses by this rule."""

    def fault(exchange: OperationExchange) -> None:
        if exchange.status >= 400 and rule in exchange.rules:
            exchange.respond(200, {})

    return fault


def refuse_operations(names: set[str]) -> WireFault:
    """A server on which these operations never succeed."""

    def fault(exchange: OperationExchange) -> None:
        if not exchange.status and exchange.operation in names:
            exchange.respond(400, {"message": "no"})

    return fault


def edit_refusals(change: Callable[[dict[str, Any]], dict[str, Any]]) -> WireFault:
    """Return the fault of a server whose refusals have other bodies."""

    def fault(exchange: OperationExchange) -> None:
        if exchange.status >= 400:
            exchange.respond(exchange.status, change(exchange.document))

    return fault


def ignore_parameter(operation: str, parameter: str) -> WireFault:
    """A server that does not look at a query parameter."""

    def fault(exchange: OperationExchange) -> None:
        if exchange.operation == operation:
            exchange.query = [pair for pair in exchange.query if pair[0] != parameter]

    return fault


def ignore_one_of(operation: str, parameter: str, beside: str) -> WireFault:
    """A server that does not look at a query parameter when another one is given."""

    def fault(exchange: OperationExchange) -> None:
        if exchange.operation == operation and beside in dict(exchange.query):
            exchange.query = [pair for pair in exchange.query if pair[0] != parameter]

    return fault


def pretend_success(operation: str, document: Any = None) -> WireFault:
    """A server whose operation says that it did something, and did nothing."""

    def fault(exchange: OperationExchange) -> None:
        if not exchange.status and exchange.operation == operation:
            exchange.respond(200, document or {})

    return fault


def repeat_first_answer(operation: str) -> WireFault:
    """Return the fault of a server that repeats its first response to an operation."""
    first: list[OperationExchange] = []

    def fault(exchange: OperationExchange) -> None:
        if exchange.operation != operation:
            return
        if exchange.status == 200 and not first:
            first.append(exchange)
        elif not exchange.status and first:
            exchange.respond(200, first[0].document)

    return fault


def apply_refused_changes(operation: str, reading: str) -> WireFault:
    """A server on which each refused change of an operation shows in a reading."""
    refused = [0]

    def fault(exchange: OperationExchange) -> None:
        if exchange.operation == operation and exchange.status >= 400:
            refused[0] += 1
        elif exchange.operation == reading and exchange.status == 200:
            exchange.respond(200, {**exchange.document, "name": f"refused {refused[0]}"})

    return fault


def list_refused_creations(operation: str, list_: str) -> WireFault:
    """A server on which what an operation refuses to create is in its list."""
    names: list[str] = []

    def fault(exchange: OperationExchange) -> None:
        if exchange.operation == operation and exchange.status >= 400:
            names.append(json.loads(exchange.body)["name"])
        elif exchange.operation == list_ and exchange.status == 200:
            page = exchange.document
            row = {"createTime": "2025-04-21 09:00:00", "lastUpdateTime": "2025-04-21 09:00:00"}
            page["content"] += [{"id": 10**9, "name": name, **row} for name in names]
            exchange.respond(200, page)

    return fault


def refuse_head(operation: str) -> WireFault:
    """Return the fault of a server that responds to HEAD of an operation with 405."""

    def fault(exchange: OperationExchange) -> None:
        if exchange.operation == operation and exchange.method == "HEAD" and exchange.status:
            exchange.status = 405

    return fault
