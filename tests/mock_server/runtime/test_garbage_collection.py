"""Garbage is not collected while the mock starts, nor what it started with afterwards."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Iterator

import pytest

from mock_server.runtime.garbage_collection import settle, uncollected


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    often = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*often)


@pytest.mark.parametrize("was_on", [True, False])
def test_afterwards_it_is_collected_as_before(was_on: bool) -> None:
    """Whoever has turned it off finds it so."""
    if not was_on:
        gc.disable()
    try:
        with uncollected():
            assert not gc.isenabled()
        assert gc.isenabled() is was_on
    finally:
        gc.enable()


def test_what_exists_is_not_looked_at_again() -> None:
    """And garbage is looked for less often than Python does."""
    gc.set_threshold(700, 10, 10)
    settle()
    assert gc.get_freeze_count() > 10_000
    assert gc.get_threshold()[0] > 700


def test_a_long_list_never_makes_all_wait_while_the_whole_of_it_is_looked_through() -> None:
    """A task of 100,000 members makes 300,000 objects; a look at most is at a tenth of them."""
    settle()
    young, middle, old = gc.get_threshold()
    assert young * middle <= 30_000
    assert young * middle * old > 5_000_000


def test_what_the_command_imports_is_not_looked_at_when_it_starts() -> None:
    """To look through it once takes a tenth of the start."""
    asked = (
        "import gc; seen = []; gc.callbacks.append(lambda phase, about: seen.append(about)); "
        "import mock_server.__main__ as door; seen.clear(); door.imported(); "
        "print(gc.get_freeze_count() > 10_000, len(seen))"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    frozen, collections = done.stdout.split()
    assert frozen == "True"
    assert int(collections) <= 1
