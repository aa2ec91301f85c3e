"""What a faulty server is: the mock with one fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.wire_faults import Fault

KINDS = (
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
)
"""The classes of faults, in the order of a report."""
NOTHING: Final = object()
"""In place of a clause: it is taken out."""


@dataclass(frozen=True)
class Code:
    """One place of the mock's source that reads otherwise; `old` stands there exactly once.

    file: below `mock_server/`.
    """

    file: str
    old: str
    new: str

    @property
    def module(self) -> str:
        """The module that the file is."""
        return "mock_server." + self.file.removesuffix(".py").replace("/", ".")

    def edited(self, source: str) -> str:
        """The source with the fault. Raises ValueError when its place is not found once."""
        if (found := source.count(self.old)) != 1:
            raise ValueError(f"{self.file} has {found} times: {self.old}")
        return source.replace(self.old, self.new)


@dataclass(frozen=True)
class Clause:
    """A place of the contract that the server, and it alone, reads otherwise.

    steps: the keys that lead there; value: what stands there instead, NOTHING to take it out.
    """

    steps: tuple[str | int, ...]
    value: Any = NOTHING

    def edit(self, contract: dict[str, Any]) -> None:
        """Change the contract. Raises ValueError when that changes nothing."""
        node: Any = contract
        for step in self.steps[:-1]:
            node = node[step]
        last = self.steps[-1]
        before = node.get(last, NOTHING) if isinstance(node, Mapping) else node[last]
        if before == self.value:
            raise ValueError(f"{self.steps} is {self.value} as it is")
        if self.value is NOTHING:
            del node[last]
        else:
            node[last] = self.value


@dataclass(frozen=True)
class Wire:
    """Something between the mock and its callers that changes requests or answers."""

    fault: Fault


@dataclass(frozen=True)
class Mutant:
    """One faulty server.

    id: its class and name, `paging/off-by-one`; sentence: what is wrong with it; breaks: a rule's
    id, or an operationId with what of it; parts: what makes it, together one fault.
    """

    id: str
    sentence: str
    breaks: str
    parts: tuple[Code | Clause | Wire, ...]

    @property
    def kind(self) -> str:
        """Its class, one of KINDS."""
        return self.id.partition("/")[0]


def mutant(id_: str, sentence: str, breaks: str, *parts: Code | Clause | Wire) -> Mutant:
    """A mutant of these parts."""
    return Mutant(id_, sentence, breaks, parts)
