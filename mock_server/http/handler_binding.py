"""Binding of handlers to operations by name, so that the contract contains no Python paths."""

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
    """Import and return every module of a package."""
    return [
        importlib.import_module(f"{package.__name__}.{info.name}")
        for info in pkgutil.iter_modules(package.__path__)
    ]


def bind_handlers(
    contract: Mapping[str, Any], written: Iterable[ModuleType]
) -> dict[str, Callable[..., Any]]:
    """Return the handlers, which are the public functions of the modules, by operationId.

    A function that matches no operation keeps its own name as key, so that the start can report it.
    """
    operations = {
        snake_case(operation["operationId"]): operation["operationId"]
        for _, _, _, operation in iter_operations(contract)
    }
    found: dict[str, Callable[..., Any]] = {}
    for module in written:
        for name, function in inspect.getmembers(module, inspect.isfunction):
            # A function that the module only imports is not one of its handlers.
            if function.__module__ == module.__name__ and not name.startswith("_"):
                found[operations.get(name, name)] = function
    return found


def shared_operation_ids(contract: Mapping[str, Any], ours: Mapping[str, Any]) -> list[str]:
    """Return the operationIds that have the same method and path in both contracts."""
    return [
        operation["operationId"]
        for path, method, _, operation in iter_operations(ours)
        if contract["paths"].get(path, {}).get(method, {}).get("operationId")
        == operation["operationId"]
    ]
