"""Garbage collections do not run during the start, and ignore its objects afterwards."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Iterator

import pytest

from mock_server.runtime.garbage_collection import tune_garbage_collection


@pytest.fixture(autouse=True)
def _restore_collection() -> Iterator[None]:
    often = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*often)


def test_what_exists_is_not_looked_at_again() -> None:
    """Collections are also less frequent than by default."""
    gc.set_threshold(700, 10, 10)
    tune_garbage_collection()
    assert gc.get_freeze_count() > 10_000
    assert gc.get_threshold()[0] > 700


def test_a_long_list_never_makes_all_wait_while_the_whole_of_it_is_looked_through() -> None:
    """Of the 300,000 objects of a task, a collection examines a tenth at most."""
    tune_garbage_collection()
    young, middle, old = gc.get_threshold()
    assert young * middle <= 30_000
    assert young * middle * old > 5_000_000


def test_nothing_is_looked_at_before_the_mock_serves() -> None:
    """Collections during the imports would take a tenth of the start.

    `tune_garbage_collection` enables them.
    """
    asked = (
        "import gc; seen = []; gc.callbacks.append(lambda phase, about: seen.append(about)); "
        "import mock_server.__main__ as entry; "
        "import mock_server.runtime.garbage_collection as garbage_collection; seen.clear(); "
        "entry.run_command = lambda name, imported, *_, **__: imported(); entry.main(); "
        "print(gc.isenabled(), len(seen)); "
        "garbage_collection.tune_garbage_collection(); "
        "print(gc.isenabled(), gc.get_freeze_count() > 10_000)"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["False 0", "True True"]
