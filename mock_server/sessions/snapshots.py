"""Named snapshots of a session: states that a request can restore, limited in number and bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mock_server.errors import Conflict, ContentTooLarge, ErrorDetail, NotFound
from mock_server.sessions.state_document import SessionState
from mock_server.world.world import World

MAX_SNAPSHOTS = 50
"""Maximum number of snapshots of a session."""
NAME_RULE = "CP-44"
"""Rule that the name of no snapshot breaks."""
COUNT_RULE = "CP-29"
"""Rule that a snapshot beyond the maximum number breaks."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A saved state.

    saved: the session's instant then; size: estimated bytes of its records and files.
    """

    name: str
    state: SessionState
    saved: datetime
    size: int


class SnapshotBudget:
    """Bytes that the snapshots of all sessions of a process may take together."""

    def __init__(self, max_bytes: int) -> None:
        """Begin with no bytes used."""
        self.max_bytes = max_bytes
        self.used_bytes = 0


class SessionSnapshots:
    """The snapshots of one session, in the order in which they were saved.

    A snapshot shares its records and files with the session's world and with the other snapshots,
    until the world has replaced them. Each file therefore counts once against the budget.
    """

    def __init__(self, budget: SnapshotBudget) -> None:
        """Keep at most MAX_SNAPSHOTS, within the budget of the process."""
        self._budget = budget
        self._saved: dict[str, Snapshot] = {}
        self._files: Counter[int] = Counter()
        """Number of snapshots with each file, by identity; a snapshot keeps its files alive."""

    def __iter__(self) -> Iterator[Snapshot]:
        return iter(self._saved.values())

    def __len__(self) -> int:
        return len(self._saved)

    def get(self, name: str) -> Snapshot:
        """Return a snapshot; raises NotFound."""
        if found := self._saved.get(name):
            return found
        raise NotFound(ErrorDetail("/path/name", NAME_RULE, ", ".join(self._saved), name))

    def save(self, name: str, state: SessionState) -> tuple[Snapshot, Snapshot | None]:
        """Keep a state under a name; return its snapshot, and the earlier one that it replaces.

        Raises Conflict if there are too many others, and ContentTooLarge if they take too much.
        """
        world = state.world
        saved = Snapshot(name, state, world.now(), world.stored_bytes())
        before = self._saved.get(name)
        if before is None and len(self._saved) >= MAX_SNAPSHOTS:
            accepted = f"<= {MAX_SNAPSHOTS}"
            raise Conflict(ErrorDetail("/path/name", COUNT_RULE, accepted, str(len(self) + 1)))
        order = [*self._saved]
        if before:
            self._remove(before)
        limit = self._budget.max_bytes
        if (wanted := self._budget.used_bytes + self._own_bytes(saved)) > limit:
            if before:
                self._add(before)
                self._saved = {each: self._saved[each] for each in order}
            accepted = f"size <= {limit}"
            raise ContentTooLarge(ErrorDetail("/path/name", "maxStorage", accepted, str(wanted)))
        self._add(saved)
        return saved, before

    def delete(self, name: str) -> Snapshot:
        """Remove and return a snapshot; raises NotFound."""
        found = self.get(name)
        self._remove(found)
        return found

    def close(self) -> list[World]:
        """Remove all snapshots; return their worlds, which the caller disposes of."""
        return [self.delete(name).state.world for name in [*self._saved]]

    def _own_bytes(self, snapshot: Snapshot) -> int:
        """Return the bytes of a snapshot without the files that other snapshots also have."""
        stored = snapshot.state.world.files
        shared = sum(len(f.content) for f in stored.values() if self._files[id(f)])
        return snapshot.size - shared

    def _add(self, snapshot: Snapshot) -> None:
        self._budget.used_bytes += self._own_bytes(snapshot)
        self._files.update(map(id, snapshot.state.world.files.values()))
        self._saved[snapshot.name] = snapshot

    def _remove(self, snapshot: Snapshot) -> None:
        del self._saved[snapshot.name]
        for file in snapshot.state.world.files.values():
            if self._files[id(file)] == 1:
                del self._files[id(file)]
            else:
                self._files[id(file)] -= 1
        self._budget.used_bytes -= self._own_bytes(snapshot)
