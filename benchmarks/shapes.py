"""Is an answer what the contract documents? A server that answers otherwise is not measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.loads import BenchmarkResponse, LoadRequest, MeasurementError
from mock_server.http.schemas import SchemaChecker


class ResponseSchemas:
    """The documented shapes of some loads' answers."""

    def __init__(self, contract: Mapping[str, Any], loads: tuple[LoadRequest, ...]) -> None:
        """Compile them; raises KeyError when a load is not of this contract."""
        self._checkers = {load.name: _response_checker(contract, load) for load in loads}

    def check(self, load: LoadRequest, answered: BenchmarkResponse) -> None:
        """Raises MeasurementError unless this is a 200 with JSON of the documented shape."""
        value = answered.read()
        if answered.content_type != "application/json":
            raise MeasurementError(f"{load.name}: {answered.content_type}")
        if violations := self._checkers[load.name].violations(value, ""):
            raise MeasurementError(f"{load.name}: {violations[:3]}")


def _response_checker(contract: Mapping[str, Any], load: LoadRequest) -> SchemaChecker:
    operation = contract["paths"][load.template][load.method.lower()]
    if operation["operationId"] != load.operation:
        raise KeyError(load.operation)
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    return SchemaChecker(schema, contract["components"])
