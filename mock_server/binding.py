"""Which function serves which operation: by name, so that the contract holds no Python path."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from typing import Any

from mock_server import handlers
from mock_server.parameters import snake_case


def bind(contract: Mapping[str, Any]) -> dict[str, Callable[..., Any]]:
    """Every handler by the operationId it serves.

    The public functions of the modules of `handlers` are the handlers. One whose name is no
    operation of the contract is kept under its own name, so that start-up can refuse it.
    """
    operations = {
        snake_case(operation["operationId"]): operation["operationId"]
        for item in contract["paths"].values()
        for operation in item.values()
        if isinstance(operation, Mapping) and "operationId" in operation
    }
    found: dict[str, Callable[..., Any]] = {}
    for info in pkgutil.iter_modules(handlers.__path__):
        module = importlib.import_module(f"{handlers.__name__}.{info.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                found[operations.get(name, name)] = function
    return found
