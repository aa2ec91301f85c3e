"""Modules that others import and nobody here uses: imported when something of them is asked for."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any


class StandIn(ModuleType):
    """A module that is loaded when something of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        """What the module has under this name."""
        if name.startswith("__"):  # the import system's questions
            raise AttributeError(name)
        return getattr(import_module(self.__name__), name)


@contextmanager
def standing_in(modules: Mapping[str, Mapping[str, Any]]) -> Iterator[None]:
    """Give stand-ins to what is imported meanwhile, in place of modules not imported before.

    Each, by its name, has what others take out of it while they are imported.
    """
    found = {name: StandIn(name) for name in modules if name not in sys.modules}
    for name, stand_in in found.items():
        vars(stand_in).update(modules[name])
    sys.modules.update(found)
    try:
        yield
    finally:
        for name in found:
            del sys.modules[name]
