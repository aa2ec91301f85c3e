"""A faulty server: the mock with one fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from openapi.nullability import REQUEST_SUFFIX
from tests.wire_faults import WireFault

FAULT_CLASSES = (
    "schema",
    "status",
    "header",
    "content-type",
    "validation",
    "auth",
    "token",
    "paging",
    "sorting",
    "filter",
    "state",
    "arithmetic",
    "files",
    "dates",
    "leaks",
    "concurrency",
    "staleness",
    "texts",
    "refusals",
    "methods",
    "ids",
)
"""The classes of faults, in the order of a report."""
SCHEMA_STEPS = ("components", "schemas")
REMOVED: Final = object()
"""In place of a clause: it is taken out."""


@dataclass(frozen=True)
class CodeEdit:
    """A replacement in the source of the mock; `old` occurs exactly once.

    file: below `mock_server/`.
    """

    file: str
    old: str
    new: str

    @property
    def module(self) -> str:
        """Name of the module."""
        return "mock_server." + self.file.removesuffix(".py").replace("/", ".")

    def apply(self, source: str) -> str:
        """Return the source with the fault; raises ValueError unless `old` occurs exactly once."""
        if (found := source.count(self.old)) != 1:
            raise ValueError(f"{self.file} has {found} times: {self.old}")
        return source.replace(self.old, self.new)


@dataclass(frozen=True)
class ContractEdit:
    """A replacement in the contract that only the server uses.

    A schema that the server has once more, for requests, is changed in both places.
    steps: the keys that lead to the place; value: the new content, REMOVED to delete it.
    """

    steps: tuple[str | int, ...]
    value: Any = REMOVED

    def edit(self, contract: dict[str, Any]) -> None:
        """Change the contract; raises ValueError if nothing changes."""
        for steps in self._places(contract):
            self._edit_place(contract, steps)

    def _places(self, contract: dict[str, Any]) -> Iterator[tuple[str | int, ...]]:
        yield self.steps
        if self.steps[:2] == SCHEMA_STEPS:
            copy = f"{self.steps[2]}{REQUEST_SUFFIX}"
            if copy in contract["components"]["schemas"]:
                yield (*SCHEMA_STEPS, copy, *self.steps[3:])

    def _edit_place(self, contract: dict[str, Any], steps: tuple[str | int, ...]) -> None:
        node: Any = contract
        for step in steps[:-1]:
            node = node[step]
        last = steps[-1]
        before = node.get(last, REMOVED) if isinstance(node, Mapping) else node[last]
        if before == self.value:
            raise ValueError(f"{steps} is {self.value} as it is")
        if self.value is REMOVED:
            del node[last]
        else:
            node[last] = self.value


@dataclass(frozen=True)
class WireEdit:
    """A change of requests or responses between the mock and its clients."""

    fault: WireFault


@dataclass(frozen=True)
class Mutant:
    """One faulty server.

    id: its class and name, `paging/off-by-one`; sentence: its fault; breaks: the id of a rule, or
    an operationId and a part of the operation; parts: the changes that together are the fault.
    """

    id: str
    sentence: str
    breaks: str
    parts: tuple[CodeEdit | ContractEdit | WireEdit, ...]

    @property
    def kind(self) -> str:
        """Its class, one of FAULT_CLASSES."""
        return self.id.partition("/")[0]


def make_mutant(
    id_: str, sentence: str, breaks: str, *parts: CodeEdit | ContractEdit | WireEdit
) -> Mutant:
    """Return a mutant with these parts."""
    return Mutant(id_, sentence, breaks, parts)
