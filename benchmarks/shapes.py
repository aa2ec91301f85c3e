"""Validation of responses against the contract; a server with invalid responses is not measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.loads import BenchmarkResponse, LoadRequest, MeasurementError
from mock_server.http.schemas import SchemaChecker


class ResponseSchemas:
    """Response schemas of the loads."""

    def __init__(self, contract: Mapping[str, Any], loads: tuple[LoadRequest, ...]) -> None:
        """Compile the schemas. Raises KeyError if a load is not an operation of this contract."""
        self._checkers = {load.name: _response_checker(contract, load) for load in loads}

    def check(self, load: LoadRequest, answered: BenchmarkResponse) -> None:
        """Raise MeasurementError unless this is a 200 response with JSON that is valid."""
        value = answered.read()
        if answered.content_type != "application/json":
            raise MeasurementError(
                f"{load.name}: expected application/json, got {answered.content_type}"
            )
        if violations := self._checkers[load.name].violations(value, ""):
            raise MeasurementError(f"{load.name}: invalid response: {violations[:3]}")


def _response_checker(contract: Mapping[str, Any], load: LoadRequest) -> SchemaChecker:
    operation = contract["paths"][load.template][load.method.lower()]
    if operation["operationId"] != load.operation:
        raise KeyError(load.operation)
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    return SchemaChecker(schema, contract["components"])
