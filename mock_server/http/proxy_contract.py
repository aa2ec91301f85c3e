"""The contract by which responses of real servers are judged."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import openapi
from mock_server.http.proxy_verdict import ResponseVerdict
from mock_server.http.schema_translation import UnsupportedSchemaError
from mock_server.http.schemas import CompiledSchemas

log = logging.getLogger("mock_server")


class VerdictContract:
    """Verdicts by operation, for the superset of all answers to the open questions."""

    def __init__(self, contract: Path | None) -> None:
        """Take the root file of the contract that the mock serves (None: the project's own)."""
        self._file = contract
        self._operations: Mapping[str, Any] = {}
        self._schemas = CompiledSchemas({})
        self._compiled: dict[str, ResponseVerdict | None] = {}

    def prepare(self, operations: Iterable[str]) -> None:
        """Compile the verdicts of these operations, which takes up to seconds."""
        for operation in operations:
            if operation not in self._compiled:
                self._compiled[operation] = self._compile(operation)

    def is_prepared(self, operation: str) -> bool:
        """Return whether the verdict of this operation was compiled."""
        return operation in self._compiled

    def verdict_of(self, operation: str) -> ResponseVerdict | None:
        """Return the verdict of a prepared operation; None if its contract cannot be compiled."""
        return self._compiled.get(operation)

    def _compile(self, operation: str) -> ResponseVerdict | None:
        try:
            if not self._operations:
                self._load()
            return ResponseVerdict(self._operations[operation], self._schemas)
        except (openapi.ContractError, UnsupportedSchemaError, KeyError) as error:
            log.warning("responses for %s are not compared with the contract: %s", operation, error)
            return None

    def _load(self) -> None:
        if self._file:  # it has no open questions
            document = openapi.load(self._file, lenient=True)
        else:
            document = openapi.load(readings="all")
        self._schemas = CompiledSchemas(document.get("components", {}))
        self._operations = {
            each.operation["operationId"]: each.operation
            for each in openapi.iter_operations(document)
        }
