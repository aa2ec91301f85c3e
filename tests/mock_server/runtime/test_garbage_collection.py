"""Garbage is not collected while the mock starts, and seldom afterwards."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Iterator

import pytest

from mock_server.runtime.garbage_collection import exempt_new_objects, tune_garbage_collection

COMMAND = """
import gc, io, os, signal, sys
from mock_server.__main__ import main

def collections():
    return sum(generation["collections"] for generation in gc.get_stats())

class Output(io.TextIOWrapper):
    def write(self, text):
        sys.stdout = sys.__stdout__
        print(collections() - before, gc.isenabled(), flush=True)
        os.kill(os.getpid(), signal.SIGINT)
        return len(text)

sys.stdout = Output(sys.stdout.buffer)
before = collections()
main(["--port", "0", "--frozen"])
"""


@pytest.fixture
def looked_at() -> Iterator[list[int]]:
    """The numbers of objects that the collections of a test look at, in a tuned process."""
    seen: list[int] = []

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            generations = range(info["generation"] + 1)
            seen.append(sum(len(gc.get_objects(generation)) for generation in generations))

    often = gc.get_threshold()
    tune_garbage_collection()
    gc.callbacks.append(note)
    yield seen
    gc.callbacks.remove(note)
    gc.unfreeze()
    gc.set_threshold(*often)


def test_a_long_list_is_looked_at_in_small_parts(looked_at: list[int]) -> None:
    """A task of 100,000 members makes 300,000 objects; all requests wait for each look."""
    made = [[number] for number in range(300_000)]
    assert looked_at
    assert max(looked_at) < len(made) / 7  # a tenth, and what was new before


def test_what_exists_when_the_mock_is_ready_is_not_looked_at_again(looked_at: list[int]) -> None:
    """It lives as long as the process; even a full collection leaves it out."""
    gc.collect()
    assert looked_at[-1] < 10_000 < gc.get_freeze_count()


def test_nothing_is_collected_before_the_mock_is_ready() -> None:
    """Looking through what the command imports takes a tenth of its start."""
    done = subprocess.run(
        [sys.executable, "-c", COMMAND], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines()[0] == "0 True"


def test_many_new_objects_are_exempt(looked_at: list[int]) -> None:
    """No collection looks at them while they are made, nor later; few objects change nothing."""
    frozen = gc.get_freeze_count()
    with exempt_new_objects(many=False):
        assert gc.isenabled()
    # Not exactly: a frozen object may be freed at any time, for example by another thread.
    assert gc.get_freeze_count() <= frozen
    with exempt_new_objects(many=True):
        looked_at.clear()
        made = [[number] for number in range(100_000)]
        assert not looked_at
    gc.collect()
    assert looked_at[-1] < 10_000 < len(made) < gc.get_freeze_count() - frozen


def test_a_process_without_collections_stays_without() -> None:
    """A process that reads one body, for example, ends before it would need a collection."""
    gc.disable()
    try:
        with exempt_new_objects(many=True):
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
