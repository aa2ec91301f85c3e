"""Exchanges for tests of observers."""

from __future__ import annotations

import json
from typing import Any

from contract_tests.checks import list_reading_observers, response_reading_observers
from contract_tests.checks.exchange import Exchange
from contract_tests.checks.reading_observers import exchange_of
from contract_tests.contract.operations import operations


def new_exchange(
    name: str,
    document: Any = None,
    *,
    status: int = 200,
    query: str = "",
    sent: bytes = b"",
    path_value: str = "7",
    media_type: str = "application/json",
) -> Exchange:
    """Return an exchange of an operation whose response has this JSON."""
    operation = operations()[name]
    path = operation.path.replace("{id}", path_value).replace("{taskId}", path_value)
    content = json.dumps(document).encode()
    method = operation.method.upper()
    found = exchange_of(method, path, query, sent, status, media_type, content)
    assert found is not None
    return found


def values_shown(reading: str, exchange: Exchange) -> list[str]:
    """Return the distinct values of a reading that an exchange shows."""
    shown = (
        value
        for module in (list_reading_observers, response_reading_observers)
        for key, fits, observer in module.observers
        if key == reading and fits(exchange.operation)
        for value in observer(exchange)
    )
    return list(dict.fromkeys(shown))
