"""Placeholders for modules that a package imports but the mock does not use, to start faster."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any


class PlaceholderModule(ModuleType):
    """A module that is imported on the first access to one of its names."""

    def __getattr__(self, name: str) -> Any:
        """Import the module and return the value of a name."""
        if name.startswith("__"):  # the import system reads `__path__` and others
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:  # else the import below returns this placeholder
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


@contextmanager
def using_placeholders(modules: Mapping[str, Mapping[str, Any]]) -> Iterator[None]:
    """Within the context, replace modules that are not imported yet by placeholders.

    `modules` maps the name of each to the names, with values, that are needed during the import.
    """
    placed = [name for name in modules if name not in sys.modules]
    for name in placed:
        sys.modules[name] = PlaceholderModule(name)
        vars(sys.modules[name]).update(modules[name])
    try:
        yield
    finally:
        # So that a later import, for example by a plug-in or a test, gets the real module.
        for name in placed:
            if isinstance(sys.modules.get(name), PlaceholderModule):
                del sys.modules[name]
