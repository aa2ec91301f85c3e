"""The contract that a mock serves, narrowed to one answer for each open question."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any
from weakref import WeakValueDictionary

import openapi
from mock_server.http.compiled_contract import CompiledContract
from mock_server.http.operation import ContractMismatchError
from openapi import Readings

MAX_RECENT_CONTRACTS = 4
"""Contracts that are kept although no session has them; each takes a few MiB."""


def load_exact_contract(given: Readings) -> dict[str, Any]:
    """Return our contract, narrowed to the default answers and those `given`."""
    if not given:  # the usual start, which needs no file of the contract but its cache
        return openapi.load(readings="exact")
    answers = openapi.readings_with_defaults(given)
    usual = openapi.load(readings="exact")
    return usual if answers == usual[openapi.READINGS_KEY] else openapi.load(readings=answers)


def answers_of(contract: Mapping[str, Any], ours: Mapping[str, Any]) -> Readings:
    """Return the answers that a contract is narrowed to; the default ones if it does not say."""
    answers = contract.get(openapi.READINGS_KEY)
    if contract is ours or not isinstance(answers, Mapping):
        found: Readings = ours[openapi.READINGS_KEY]
        return found
    try:
        return openapi.readings_with_defaults(
            {k: v for k, v in answers.items() if v != openapi.ANY_VALUE}
        )
    except openapi.ReadingsError as error:
        raise ContractMismatchError(f"{openapi.READINGS_KEY}: {error}") from error


class CompiledContracts:
    """Our contract, compiled for the readings that sessions have."""

    def __init__(self, compile_: Callable[[dict[str, Any]], CompiledContract]) -> None:
        """Take the function that compiles a contract."""
        self._compile = compile_
        # A contract lives as long as a session has it. The last few are kept longer.
        self._known: WeakValueDictionary[frozenset[tuple[str, str]], CompiledContract]
        self._known = WeakValueDictionary()
        self._recent: deque[CompiledContract] = deque(maxlen=MAX_RECENT_CONTRACTS)

    def add(self, answers: Readings, compiled: CompiledContract) -> None:
        """Keep a contract that is narrowed to these answers."""
        self._known[frozenset(answers.items())] = compiled
        self._recent.append(compiled)

    def find_or_compile(self, answers: Readings) -> CompiledContract:
        """Return our contract for these answers; compiling takes about half a second."""
        found = self._known.get(frozenset(answers.items()))
        if found is None:
            found = self._compile(load_exact_contract(answers))
            self.add(answers, found)
        return found
