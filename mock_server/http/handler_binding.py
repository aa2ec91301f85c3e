"""Which function serves which operation: by name, so that the contract holds no Python path."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from types import ModuleType
from typing import Any

from mock_server.http.parameters import snake_case
from openapi import iter_operations


def package_modules(package: ModuleType) -> list[ModuleType]:
    """Every module of a package."""
    return [
        importlib.import_module(f"{package.__name__}.{info.name}")
        for info in pkgutil.iter_modules(package.__path__)
    ]


def bind_handlers(
    contract: Mapping[str, Any], written: Iterable[ModuleType]
) -> dict[str, Callable[..., Any]]:
    """Every handler by the operationId it serves.

    The public functions of the modules `written` are the handlers. One whose name is no operation
    of the contract is kept under its own name, so that start-up can refuse it.
    """
    operations = {
        snake_case(operation["operationId"]): operation["operationId"]
        for _, _, _, operation in iter_operations(contract)
    }
    found: dict[str, Callable[..., Any]] = {}
    for module in written:
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                found[operations.get(name, name)] = function
    return found


def shared_operation_ids(contract: Mapping[str, Any], ours: Mapping[str, Any]) -> list[str]:
    """The operationIds that mean the same in both: method and path are the same, too."""
    return [
        operation["operationId"]
        for path, method, _, operation in iter_operations(ours)
        if contract["paths"].get(path, {}).get(method, {}).get("operationId")
        == operation["operationId"]
    ]
