"""Readings that a response shows, whoever has sent the request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from contract_tests.checks import list_reading_observers, response_reading_observers
from contract_tests.checks.absent_values import READING as ABSENT_VALUES
from contract_tests.checks.absent_values import AbsentValueObserver
from contract_tests.checks.exchange import Exchange, Observer
from contract_tests.contract.operations import operations
from contract_tests.contract.routes import match_route
from contract_tests.target.target import TOKEN_OPERATION


class ReadingObserver:
    """Observer of every exchange with one server."""

    def __init__(self, has: Callable[[str, str], bool]) -> None:
        """Begin without exchanges; `has` returns whether a value of a reading was observed."""
        self._absent_values = AbsentValueObserver(lambda value: has(ABSENT_VALUES, value))

    def observe(self, exchange: Exchange) -> Iterator[tuple[str, str]]:
        """Yield the readings that an exchange shows, each with its value, perhaps repeatedly."""
        for reading, observer in observers_of(exchange.operation.name):
            for value in observer(exchange):
                yield reading, value
        # The token operation is that of an OAuth library, whose JSON is made differently.
        if exchange.operation.name != TOKEN_OPERATION:
            for value in self._absent_values.observe(exchange):
                yield ABSENT_VALUES, value


def exchange_of(
    method: str, path: str, query: str, sent: bytes, status: int, media_type: str, content: bytes
) -> Exchange | None:
    """Return the exchange of a request and its response; None for no operation of the contract.

    path: without the path of the server's URL. Other arguments are those of Exchange. HEAD has no
    operation.
    """
    found = match_route(method, path)
    if found is None:
        return None
    return Exchange(found.operation, found.values, query, sent, status, media_type, content)


@lru_cache(maxsize=64)
def observers_of(name: str) -> tuple[tuple[str, Observer], ...]:
    """Return the observers of the responses of an operation, each with its reading."""
    return tuple(
        (reading, observer)
        for module in (list_reading_observers, response_reading_observers)
        for reading, fits, observer in module.observers
        if fits(operations()[name])
    )


@lru_cache(maxsize=1)
def observing_operations() -> dict[str, list[str]]:
    """Return the operations whose responses may show a reading, by reading."""
    found: dict[str, list[str]] = {ABSENT_VALUES: [*operations()]}
    for name in operations():
        for reading, _ in observers_of(name):
            found.setdefault(reading, []).append(name)
    return found
