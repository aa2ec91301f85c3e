"""The journal keeps the last requests, within its limits, and wakes those who wait for one."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from mock_server.errors import ServiceUnavailable
from mock_server.sessions.journal import (
    MAX_WAITING,
    MIN_BYTES_FOR_THREAD,
    MIN_ENTRIES_FOR_THREAD,
    Journal,
    JournalBudget,
    JournalEntry,
)


@dataclass
class FakeRecording:
    """A recording with what the journal itself reads."""

    path: str = "/a"
    size: int = 10
    number: int = 0

    def entry(self) -> Any:
        """Return the recording itself, which has all that these tests look at."""
        return self


make_entry = FakeRecording


def make_journal(max_entries: int = 100, budget: JournalBudget | None = None) -> Journal:
    """An empty journal."""
    return Journal(max_entries, budget or JournalBudget(10**9))


def numbers(entries: Sequence[Any]) -> list[int]:
    """The ids of entries."""
    return [entry.number for entry in entries]


def is_b(entry: JournalEntry) -> bool:
    """Return whether an entry is the wanted one."""
    return entry.path == "/b"


def test_the_oldest_requests_go_first() -> None:
    """Ids are counted on, so an id never stands for another request."""
    journal = make_journal(3)
    for _ in range(5):
        journal.add(make_entry())
    assert numbers(journal.recordings()) == [3, 4, 5]
    assert numbers(journal.recordings(after=4)) == [5]
    assert numbers(journal.recordings(after=1)) == [3, 4, 5]
    assert journal.recordings(after=9) == []
    assert [journal.find(n) is not None for n in range(7)] == [False] * 3 + [True] * 3 + [False]
    assert journal.size == 30
    journal.clear()
    assert (len(journal), journal.size, journal.recordings()) == (0, 0, [])
    journal.add(make_entry())
    assert numbers(journal.recordings()) == [6]


def test_the_journals_of_all_sessions_share_their_memory() -> None:
    """The largest loses its older half; a session with few requests keeps them."""
    budget = JournalBudget(1_000)
    loud, quiet = make_journal(budget=budget), make_journal(budget=budget)
    for _ in range(5):
        quiet.add(make_entry())
    for _ in range(200):
        loud.add(make_entry())
        assert loud.size + quiet.size <= 1_000
    assert len(quiet) == 5
    assert len(loud) >= 40
    assert numbers(loud.recordings())[-1] == 200


def test_the_memory_of_a_deleted_session_is_free() -> None:
    """Its journal is not counted any more."""
    budget = JournalBudget(1_000)
    for _ in range(50):
        deleted = make_journal(budget=budget)
        for _ in range(50):
            deleted.add(make_entry())
    del deleted
    kept = make_journal(budget=budget)
    for _ in range(80):
        kept.add(make_entry())
    assert len(kept) == 80


def test_a_request_larger_than_the_memory_is_dropped_at_once() -> None:
    """The journal then works on."""
    journal = make_journal(budget=JournalBudget(100))
    journal.add(make_entry(size=1_000))
    assert len(journal) == 0
    journal.add(make_entry())
    assert numbers(journal.recordings()) == [2]


def test_a_search_finds_the_same_in_a_thread() -> None:
    """Few entries are searched at once, many in a thread."""
    for count in (2, MIN_ENTRIES_FOR_THREAD * 2):
        journal = make_journal()
        for index in range(count):
            journal.add(make_entry("/b" if index % 2 else "/a"))
        found = asyncio.run(journal.search(is_b))
        assert numbers(found) == [*range(2, count + 1, 2)]


def test_what_takes_long_to_search_is_searched_in_a_thread() -> None:
    """A body of 64 KiB, or what is looked for in one, may keep the event loop busy for long."""

    def is_in_thread(_entry: JournalEntry) -> bool:
        return threading.current_thread() is not threading.main_thread()

    for size, costly, found in ((1, False, []), (MIN_BYTES_FOR_THREAD, False, [1]), (1, True, [1])):
        journal = make_journal()
        journal.add(make_entry(size=size))
        assert numbers(asyncio.run(journal.search(is_in_thread, costly=costly))) == found
        waiting = journal.wait_for(is_in_thread, 1, seconds=0, costly=costly)
        assert numbers(asyncio.run(waiting)) == found


async def wait_while_adding(journal: Journal, paths: list[str], **wanted: Any) -> list[int]:
    """The ids that `wait_for` returns while requests to these paths come in."""
    waiting = asyncio.create_task(journal.wait_for(is_b, **wanted))
    for path in paths:
        await asyncio.sleep(0.01)
        journal.add(make_entry(path))
    return numbers(await waiting)


@pytest.mark.parametrize(
    ("before", "during", "wanted", "expected"),
    [
        ([], ["/a", "/b", "/a"], {"count": 1, "seconds": 5}, [2]),
        (["/b"], [], {"count": 1, "seconds": 5}, [1]),
        (["/b"], ["/b"], {"count": 2, "seconds": 5}, [1, 2]),
        (["/b"], ["/b"], {"count": 1, "seconds": 5, "after": 1}, [2]),
        (["/b"], ["/a"], {"count": 2, "seconds": 0.1}, [1]),
        (["/b"], [], {"count": 1, "seconds": 0}, [1]),
        ([], [], {"count": 1, "seconds": 0}, []),
    ],
)
def test_waiting_ends_with_the_last_request_that_is_needed_or_with_the_limit(
    before: list[str], during: list[str], wanted: dict[str, Any], expected: list[int]
) -> None:
    """Requests that are already there count, unless they come before `after`."""
    journal = make_journal()
    for path in before:
        journal.add(make_entry(path))
    began = time.perf_counter()
    assert asyncio.run(wait_while_adding(journal, during, **wanted)) == expected
    assert time.perf_counter() - began < 2


def test_requests_that_are_dropped_while_somebody_waits_count() -> None:
    """A wait for more requests than the journal keeps can succeed."""
    journal = make_journal(2)
    found = asyncio.run(wait_while_adding(journal, ["/b"] * 5, count=5, seconds=5))
    assert found == [1, 2, 3, 4, 5]


def test_the_number_of_those_who_wait_is_limited() -> None:
    """A further one is refused; once the others have ended, there is room again."""

    async def crowd() -> None:
        journal = make_journal()
        waiting = [
            asyncio.create_task(journal.wait_for(is_b, 1, seconds=30)) for _ in range(MAX_WAITING)
        ]
        await asyncio.sleep(0)
        with pytest.raises(ServiceUnavailable):
            await journal.wait_for(is_b, 1, seconds=30)
        journal.add(make_entry("/b"))
        assert [numbers(found) for found in await asyncio.gather(*waiting)] == [[1]] * MAX_WAITING
        assert numbers(await journal.wait_for(is_b, 1, seconds=30)) == [1]

    asyncio.run(crowd())
