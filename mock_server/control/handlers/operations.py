"""Handler of the list of operations."""

from __future__ import annotations

from typing import Any

from mock_server.control.context import ControlContext
from openapi import iter_operations


def list_operations(plane: ControlContext) -> list[dict[str, Any]]:
    """GET /operations: those of the contract in force, in its order."""
    contract = plane.session.contract
    known = contract.forced.operations
    return [
        {
            "operationId": name,
            "method": each.method.upper(),
            "path": each.path,
            "tags": list(known[name].tags),
            "responses": [
                {"status": status, "examples": examples}
                for status, examples in known[name].examples_by_status().items()
            ],
        }
        for each in iter_operations(contract.contract)
        if (name := each.operation.get("operationId")) in known
    ]
