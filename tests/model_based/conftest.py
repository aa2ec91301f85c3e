"""A client in an empty world; asserts that show the compared values."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

# The helpers of this folder assert too; pytest rewrites only test modules by itself.
pytest.register_assert_rewrite(
    *(f"{__package__}.{module.stem}" for module in Path(__file__).parent.glob("[!_]*.py"))
)

from tests.model_based.caller import MockCaller  # noqa: E402 - rewritten from here on
from tests.serving import run_mock  # noqa: E402


@pytest.fixture(scope="module")
def shared_caller() -> Iterator[MockCaller]:
    """A client of one mock for all tests of a module."""
    with run_mock() as mock, MockCaller(mock.address) as caller:
        caller.read_clock()
        yield caller


@pytest.fixture
def caller(shared_caller: MockCaller) -> MockCaller:
    """The shared client, in a new empty world."""
    shared_caller.reset_world("empty", 4)
    return shared_caller
