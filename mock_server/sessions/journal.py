"""The journal of a session: its last requests, bounded by number and, for all sessions, by bytes.

A request costs as little as possible, because every request has an entry: references are stored,
and everything that is shown is computed when it is requested.
"""

from __future__ import annotations

import asyncio
import weakref
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, Protocol

from mock_server.errors import ApiError, ErrorDetail, ServiceUnavailable
from mock_server.runtime.threads import run_in_thread_if

MAX_RECORDED_BODY = 64 * 1024
"""Maximum number of bytes that are kept of a body."""
ENTRY_BYTES = 4_000
"""Memory of a recording without its bodies and header fields."""
TRIMMED_SHARE = 0.9
"""Share of the bytes that is left when entries had to be dropped, so that this is rare."""
MAX_WAITING = 100
"""Maximum number of requests that wait for an entry of one session; further ones get a 503."""
MIN_ENTRIES_FOR_THREAD = 20
"""Number of entries from which a search, which may parse their bodies, runs in a thread."""
MIN_BYTES_FOR_THREAD = 65_536
"""Bytes of these entries from which it does, whatever their number."""
HeaderFields = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A request with its response, as it was received and sent.

    number: its id, counted in the order in which requests end; began: instant of the session;
    started: machine's time in seconds since 1970; duration: in seconds; scheme, root,
    session_prefix: of the URL, before the path; target: the path as it was sent; status: 0 if there
    was no response; request_size, response_size: bytes of the whole bodies, of which the beginning
    is kept; violations: why it was refused; undeclared: names that the contract does not have;
    faults: what the fault rules did; server_violations: what is wrong with the response of a real
    server (None: it was not forwarded); replays: number of the entry that was replayed;
    session_error: why its session could not be selected, so that the default one has the entry.
    """

    number: int
    began: datetime
    started: float
    duration: float
    http_version: str
    scheme: str
    root: str
    session_prefix: str
    method: str
    path: str
    target: bytes
    query: bytes
    headers: HeaderFields
    request_body: bytes
    request_size: int
    operation: str | None
    caller: str | None
    status: int
    response_headers: HeaderFields
    response_body: bytes
    response_size: int
    violations: Sequence[ErrorDetail]
    undeclared: Sequence[Any]
    faults: Sequence[Any]
    server_violations: Sequence[ErrorDetail] | None
    replays: int | None
    session_error: ApiError | None = None

    @property
    def size(self) -> int:
        """Return the number of bytes of what a client chooses freely."""
        bodies = len(self.request_body) + len(self.response_body)
        return bodies + len(self.target) + len(self.query)


class Recording(Protocol):
    """A request that has ended.

    number: its id, set by the journal; size: memory that it takes, in bytes.
    """

    number: int
    size: int

    def entry(self) -> JournalEntry:
        """Return what is known of it."""


Matches = Callable[[JournalEntry], bool]


class JournalBudget:
    """The memory of the journals of all sessions."""

    def __init__(self, max_bytes: int) -> None:
        """Allow the entries of all journals together `max_bytes`."""
        self.max_bytes = max_bytes
        self.used = 0
        self._journals: weakref.WeakSet[Journal] = weakref.WeakSet()

    def register(self, journal: Journal) -> None:
        """Count the entries of a journal for as long as it exists."""
        self._journals.add(journal)

    def trim(self) -> None:
        """Drop entries until the journals are below the limit: the older half of the largest."""
        # Counted again, because the journals of deleted sessions are gone.
        self.used = sum(journal.size for journal in self._journals)
        allowed = self.max_bytes * TRIMMED_SHARE
        while self.used > allowed:
            for journal in sorted(self._journals, key=lambda each: each.size, reverse=True):
                if self.used <= allowed:
                    break
                self.used -= journal.drop_oldest((len(journal) + 1) // 2)


class Journal:
    """The last requests of one session."""

    def __init__(self, max_entries: int, budget: JournalBudget) -> None:
        """Keep at most `max_entries`; with 0, nothing is recorded."""
        self.max_entries = max_entries
        self.size = 0
        self.last_number = 0
        self._budget = budget
        self._entries: deque[Recording] = deque()
        self._waiting: set[asyncio.Event] = set()
        budget.register(self)

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, entry: Recording) -> None:
        """Add a request that has ended; the oldest one goes if there are too many."""
        self.last_number += 1
        entry.number = self.last_number
        entries = self._entries
        entries.append(entry)
        self.size += entry.size
        budget = self._budget
        budget.used += entry.size
        if len(entries) > self.max_entries:
            dropped = entries.popleft().size
            self.size -= dropped
            budget.used -= dropped
        if budget.used > budget.max_bytes:
            budget.trim()
        for event in self._waiting:
            event.set()

    def drop_oldest(self, count: int) -> int:
        """Drop the oldest entries, and return their size."""
        dropped = sum(self._entries.popleft().size for _ in range(count))
        self.size -= dropped
        return dropped

    def clear(self) -> None:
        """Drop all entries; their numbers are not used again."""
        self._budget.used -= self.drop_oldest(len(self._entries))

    def recordings(self, after: int = 0) -> list[Recording]:
        """Return the requests with a number above `after`, the oldest first."""
        skipped = max(0, after - (self.last_number - len(self._entries)))
        return list(islice(self._entries, skipped, None))

    def find(self, number: int) -> JournalEntry | None:
        """Return an entry by its number, or None if it has been dropped or never existed."""
        found = self.recordings(number - 1) if 0 < number <= self.last_number else []
        return found[0].entry() if found and found[0].number == number else None

    async def search(
        self, matches: Matches, after: int = 0, *, costly: bool = False
    ) -> list[JournalEntry]:
        """Return the entries that match, the oldest first.

        costly: whether a comparison may take milliseconds, however small the entry is.
        """
        return await select_entries(self.recordings(after), matches, costly=costly)

    async def wait_for(
        self,
        matches: Matches,
        count: int,
        seconds: float,
        after: int = 0,
        *,
        costly: bool = False,
    ) -> list[JournalEntry]:
        """Return the entries that match as soon as there are `count`, or after `seconds`.

        Seconds are real, whatever the session's clock does. Raises ServiceUnavailable if too many
        wait already.
        """
        if len(self._waiting) >= MAX_WAITING:
            raise ServiceUnavailable(ErrorDetail("/body", "busy", f"<= {MAX_WAITING}"))
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        found: list[JournalEntry] = []
        added = asyncio.Event()
        self._waiting.add(added)
        try:
            while True:
                added.clear()
                new, after = self.recordings(after), self.last_number
                found += await select_entries(new, matches, costly=costly)
                left = deadline - loop.time()
                if len(found) >= count or left <= 0:
                    return found
                with suppress(TimeoutError):
                    await asyncio.wait_for(added.wait(), left)
        finally:
            self._waiting.discard(added)


async def select_entries(
    recordings: list[Recording], matches: Matches, *, costly: bool = False
) -> list[JournalEntry]:
    """Return the entries that match; many or large ones are searched in a thread."""
    heavy = costly or takes_long(recordings)
    return await run_in_thread_if(bool(recordings) and heavy, partial(_select, recordings, matches))


def takes_long(entries: Sequence[Recording] | Sequence[JournalEntry]) -> bool:
    """Return whether reading these entries and their bodies would block the event loop."""
    many = len(entries) >= MIN_ENTRIES_FOR_THREAD
    return many or sum(each.size for each in entries) >= MIN_BYTES_FOR_THREAD


def _select(recordings: list[Recording], matches: Matches) -> list[JournalEntry]:
    return [entry for each in recordings if matches(entry := each.entry())]
