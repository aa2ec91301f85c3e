"""A change of the contract: where it is, what it does, and which readers it breaks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Literal

Reader = Literal["client", "server"]
CLIENT: frozenset[Reader] = frozenset({"client"})
SERVER: frozenset[Reader] = frozenset({"server"})
BOTH: frozenset[Reader] = CLIENT | SERVER
NEITHER: frozenset[Reader] = frozenset()
Direction = Literal["request", "response"]


class Level(IntEnum):
    """Part of the version that has to grow."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3


class Effect(Enum):
    """Effect of a change on the values that a request or a response may have."""

    NARROWED = "fewer values are allowed"
    WIDENED = "more values are allowed"
    REPLACED = "other values are allowed"
    ADDED = "something is added that nobody has to use"
    REMOVED = "something is no longer there"
    DEFAULT = "leaving a value out has another meaning"


_BROKEN_READERS: dict[Direction, dict[Effect, frozenset[Reader]]] = {
    # A client sends what was allowed before; a server has to refuse what is not allowed any more.
    "request": {
        Effect.NARROWED: BOTH,
        Effect.WIDENED: NEITHER,
        Effect.REPLACED: BOTH,
        Effect.ADDED: NEITHER,
        Effect.REMOVED: CLIENT,
        Effect.DEFAULT: BOTH,
    },
    # A client reads what is allowed now; a server returns what was allowed before.
    "response": {
        Effect.NARROWED: SERVER,
        Effect.WIDENED: CLIENT,
        Effect.REPLACED: BOTH,
        Effect.ADDED: NEITHER,
        Effect.REMOVED: CLIENT,
        Effect.DEFAULT: NEITHER,
    },
}


def broken_readers(direction: Direction, effect: Effect) -> frozenset[Reader]:
    """Return the readers that a change with this effect breaks."""
    return _BROKEN_READERS[direction][effect]


@dataclass(frozen=True)
class Change:
    """One change.

    pointer: its place, in the new contract if it is there, else in the old one;
    sentence: what changed; breaks: the readers that it breaks;
    place: where it shows, such as `request` or `response 200`, empty for the whole operation;
    operations: labels of the operations where it shows, empty for the whole contract;
    is_text: True if only texts changed.
    """

    pointer: str
    sentence: str
    breaks: frozenset[Reader] = NEITHER
    place: str = ""
    operations: tuple[str, ...] = ()
    is_text: bool = False

    @property
    def level(self) -> Level:
        """Return the part of the version that has to grow for this change."""
        if self.breaks:
            return Level.MAJOR
        return Level.PATCH if self.is_text else Level.MINOR
