"""A caller in an empty world; asserts that say what they compared."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

CHECKS = ("batches", "caller", "campaigns", "days", "making", "marketing", "members", "messages")
MORE = ("notifications", "pages", "queries", "reports")
pytest.register_assert_rewrite(*(f"tests.model_based.{name}" for name in (*CHECKS, *MORE)))

from tests.model_based.caller import Caller  # noqa: E402 - rewritten from here on
from tests.serving import running  # noqa: E402


@pytest.fixture(scope="module")
def started() -> Iterator[Caller]:
    """A caller of one mock for all tests of a module."""
    with running() as mock, Caller(mock.address) as caller:
        caller.look()
        yield caller


@pytest.fixture
def caller(started: Caller) -> Caller:
    """That caller, in an empty world of its own."""
    started.begin("empty", 4)
    return started
