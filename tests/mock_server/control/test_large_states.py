"""A large state is written and read in threads that never hold up the event loop for long."""

from __future__ import annotations

import gc
import sys
import threading
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
from mock_server.runtime.threads import shorten_switch_interval
from mock_server.sessions.state_document import SessionState, encode_state
from mock_server.sessions.state_reader import InvalidStateError
from mock_server.settings import Settings
from mock_server.world.world import DEFAULT_MAX_STORAGE_BYTES
from tests.mock_server.sessions.states import new_state

SIZE = 20_000
MAX_SECONDS = 0.05
"""Limit of a step that other requests have to wait for."""
RUNS = 5
"""Attempts of which one has to keep the limit."""

pytestmark = pytest.mark.whole


@pytest.fixture(autouse=True)
def switching() -> Iterator[None]:
    """Let threads take turns, and collect garbage, as the mock does."""
    before, often = sys.getswitchinterval(), gc.get_threshold()
    shorten_switch_interval()
    # Without it, a collection looks through all objects of the other tests in this process.
    tune_garbage_collection()
    yield
    gc.unfreeze()
    gc.set_threshold(*often)
    sys.setswitchinterval(before)


def longest_step(work: Callable[[], Any]) -> float:
    """Return the longest time for which a thread held up another one, in seconds of our own CPU.

    A step that is really long is long each time. What the system adds while other programs have
    the cores differs, so the work is repeated while a step is too long, and the best run counts.
    """
    longest = _longest_step_of_run(work)
    for _ in range(RUNS - 1):
        if longest < MAX_SECONDS:
            break
        longest = min(longest, _longest_step_of_run(work))
    return longest


def _longest_step_of_run(work: Callable[[], Any]) -> float:
    thread = threading.Thread(target=work)
    thread.start()
    longest = 0.0
    while thread.is_alive():
        before = time.process_time()
        time.sleep(0.001)
        longest = max(longest, time.process_time() - before)
    return longest


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
