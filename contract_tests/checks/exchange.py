"""Requests with their responses as observers see them, and the registry of observers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

import orjson

from contract_tests.contract.api_lookup import operation_effects
from contract_tests.contract.operations import Operation
from contract_tests.contract.statuses import is_success


@dataclass(frozen=True)
class Exchange:
    """A request for an operation of the contract, and the response.

    path_values: those of its path, still encoded; query, sent: of the request as it was sent;
    media_type: of the response, in lower case and without parameters; content: its body.
    """

    operation: Operation
    path_values: tuple[str, ...]
    query: str
    sent: bytes
    status: int
    media_type: str
    content: bytes

    @cached_property
    def body(self) -> Any:
        """JSON of the response; None for other content."""
        return parse_json(self.content) if self.media_type.endswith("json") else None

    @cached_property
    def document(self) -> dict[str, Any]:
        """JSON object of a successful response; empty for any other."""
        found = self.body if is_success(self.status) else None
        return found if isinstance(found, dict) else {}

    @cached_property
    def parameters(self) -> dict[str, list[str]]:
        """Values of the query parameters by name."""
        found: dict[str, list[str]] = {}
        for name, value in parse_qsl(self.query, keep_blank_values=True):
            found.setdefault(name, []).append(value)
        return found


Observer = Callable[[Exchange], Iterator[str]]
"""Yields the values of one reading that an exchange shows; it is a pure function."""
OperationFilter = Callable[[Operation], bool]


class ReadingObserverRegistry:
    """Observers of one module; its method is a decorator."""

    def __init__(self) -> None:
        self._found: list[tuple[str, OperationFilter, Observer]] = []

    def observes_reading(
        self, reading: str, where: OperationFilter | None = None
    ) -> Callable[[Observer], Observer]:
        """Register the observer of a reading for the operations that fit.

        Without `where`, these are the operations whose entries in the API model have the reading.
        """

        def add(observer: Observer) -> Observer:
            self._found.append((reading, where or _operations_with_reading(reading), observer))
            return observer

        return add

    def __iter__(self) -> Iterator[tuple[str, OperationFilter, Observer]]:
        return iter(self._found)


def _operations_with_reading(reading: str) -> OperationFilter:
    return lambda operation: reading in operation_effects(operation.name).readings


def parse_json(content: bytes) -> Any:
    """Return parsed JSON; None for invalid JSON, which a built-in check reports."""
    # Not the `json` of a response: each response of a run is parsed here once more.
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return None
