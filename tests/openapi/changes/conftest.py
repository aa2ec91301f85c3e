"""Fixtures of the tests of change control."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import pytest

from openapi.changes.snapshot import working_tree

JsonObject = dict[str, Any]


@pytest.fixture(scope="session")
def contract() -> JsonObject:
    """Return the contract's snapshot, which no test changes."""
    return working_tree()


@pytest.fixture(scope="session")
def copy_contract(contract: JsonObject) -> Callable[[], JsonObject]:
    """Return a function that returns a copy of the contract's snapshot."""
    content = pickle.dumps(contract)
    return lambda: pickle.loads(content)
