"""Placeholders for modules that a package imports and nobody here uses: they save start time."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any


class PlaceholderModule(ModuleType):
    """A module that is imported when something of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        """Return what the module has under this name."""
        if name.startswith("__"):  # the import system's questions
            raise AttributeError(name)
        return getattr(import_module(self.__name__), name)


@contextmanager
def placeholders(modules: Mapping[str, Mapping[str, Any]]) -> Iterator[None]:
    """Have placeholders imported meanwhile for those of the modules that are not imported yet.

    Each module, by its name, comes with what is taken from it as soon as it is imported.
    """
    placed = [name for name in modules if name not in sys.modules]
    for name in placed:
        sys.modules[name] = PlaceholderModule(name)
        vars(sys.modules[name]).update(modules[name])
    try:
        yield
    finally:
        for name in placed:
            del sys.modules[name]
