"""Bytes stored by all worlds of a process, which `--max-storage` limits together."""

from __future__ import annotations

from threading import RLock
from typing import Protocol
from weakref import finalize, ref


class _StoringWorld(Protocol):
    def own_bytes(self) -> int: ...


class StorageLedger:
    """The sum of what the worlds of a process store.

    A world is measured when the sum is asked for, but only if its records or files have changed
    since the last time. The cost of a request therefore does not depend on the number of sessions.
    """

    def __init__(self) -> None:
        """Begin with nothing stored."""
        self._used = 0
        # A thread creates and frees first worlds. Reentrant: freeing may happen at any allocation.
        self._lock = RLock()
        self.changed: set[StorageAccount] = set()
        """Accounts of the worlds that have to be measured."""

    def used_bytes(self) -> int:
        """Return the present sum."""
        while self.changed:
            self.changed.pop().measure()
        return self._used

    def add(self, change: int) -> None:
        """Add bytes, or subtract them."""
        with self._lock:
            self._used += change

    def count_shared(self, size: int) -> SharedRecords:
        """Count records that several worlds share once, until the last of these is freed."""
        self.add(size)
        shared = SharedRecords()
        finalize(shared, self.add, -size).atexit = False
        return shared


class SharedRecords:
    """Object that a first world and its forks refer to, so that the end of the last is noticed."""

    __slots__ = ("__weakref__",)


class StorageAccount:
    """The bytes of one world, as a part of the sum."""

    __slots__ = ("_is_open", "_measured", "_world", "ledger")

    def __init__(self, ledger: StorageLedger, world: _StoringWorld) -> None:
        """Begin with nothing counted: the world is measured after its first change."""
        self.ledger = ledger
        self._is_open = True
        self._measured = 0
        self.use_world(world)

    def use_world(self, world: _StoringWorld) -> None:
        """Measure a world from now on, such as one of the same records under other readings."""
        # Weak, because a world is freed as soon as its last request has ended.
        self._world = ref(world)

    def note_change(self) -> None:
        """Have the world measured before the sum is next used."""
        if self._is_open:
            self.ledger.changed.add(self)

    def measure(self) -> None:
        """Bring the ledger up to date."""
        world = self._world()
        if world is not None:
            present = world.own_bytes()
            self.ledger.add(present - self._measured)
            self._measured = present

    def close(self) -> None:
        """Subtract what the world has stored, because no session has it any more."""
        if self._is_open:
            self._is_open = False
            self.ledger.changed.discard(self)
            self.ledger.add(-self._measured)
