"""A large state is written and read in threads that never hold up the event loop for long."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import jiter
import pytest

from mock_server.app import create_app
from mock_server.clock import DEFAULT_INSTANT
from mock_server.control.handlers import state as state_handlers
from mock_server.control.state_check import find_unservable
from mock_server.runtime.garbage_collection import exempt_new_objects, tune_garbage_collection
from mock_server.sessions.state_document import SessionState, encode_state
from mock_server.sessions.state_reader import InvalidStateError
from mock_server.settings import Settings
from mock_server.world.world import DEFAULT_MAX_STORAGE_BYTES
from tests.mock_server.sessions.states import new_state

SIZE = 10_000
MAX_SECONDS = 0.05
"""Limit of a step that other requests have to wait for."""

pytestmark = pytest.mark.whole


@pytest.fixture(autouse=True)
def collecting() -> Iterator[None]:
    """Collect garbage as the mock does."""
    often = gc.get_threshold()
    # Without it, a collection looks through all objects of the other tests in this process.
    tune_garbage_collection()
    yield
    gc.unfreeze()
    gc.set_threshold(*often)


def longest_step(work: Callable[[], Any]) -> float:
    """Return the longest CPU time between two calls or returns of some work, in seconds.

    Python lets another thread go on between two instructions, but not during a call into C or a
    garbage collection. The time of other programs does not count, so the machine may be busy.
    """
    longest, begun = 0.0, time.thread_time()

    def note(_frame: object, _event: str, _argument: object) -> None:
        nonlocal longest, begun
        longest = max(longest, time.thread_time() - begun)
        begun = time.thread_time()

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return longest


def test_a_long_step_is_noticed() -> None:
    """Sorting is one call into C, which no other thread can interrupt."""
    numbers = [number * 7919 % 1_000_003 for number in range(1_000_000)]
    assert longest_step(lambda: sorted(numbers)) > MAX_SECONDS


def large_state() -> SessionState:
    """Return a large state whose objects the garbage collector passes over, as after an import."""
    with exempt_new_objects(many=True):
        return new_state("large", SIZE)


def test_no_step_of_export_and_import_takes_long() -> None:
    """The refusal of a state whose last record is wrong does not take long either."""
    state = large_state()
    written: list[bytes] = []
    assert longest_step(lambda: written.append(encode_state(state))) < MAX_SECONDS
    document = jiter.from_json(written[0])
    found: list[Any] = []

    def read() -> None:
        found.append(state_handlers._read_state(document, DEFAULT_MAX_STORAGE_BYTES))

    assert longest_step(read) < MAX_SECONDS
    assert len(found[0].world.notification_tasks) == SIZE

    broken = jiter.from_json(written[0])
    broken["notificationTasks"][-1]["recipients"] = [9]

    def refuse() -> None:
        with pytest.raises(InvalidStateError):
            state_handlers._read_state(broken, DEFAULT_MAX_STORAGE_BYTES)
        found.append("refused")

    assert longest_step(refuse) < MAX_SECONDS
    assert found[-1] == "refused"


def test_no_step_of_the_check_of_responses_takes_long() -> None:
    """It renders each record once."""
    app = create_app(Settings(frozen=DEFAULT_INSTANT, scenario="empty"))
    found: list[Any] = []
    world, contract = large_state().world, app.sessions.default.contract
    assert longest_step(lambda: found.append(find_unservable(world, contract))) < MAX_SECONDS
    assert found[-1] == []
