"""Internals of pytest that the check relies on: the id of a collected test.

Schemathesis gives the tests of all operations the id of their function. pytest can change it only
through `Item._id`, created anew by `Item.id.with_params(name)`. Without these the tests run as
well, but pytest shows all of them under one name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from openapi import installed_version, supported_versions


def compat_warnings() -> Iterator[str]:
    """Yield a warning if this version of pytest has other internals."""
    if not (hasattr(pytest.Item, "id") and hasattr(pytest.Item, "_id")):
        yield (
            f"pytest {installed_version('pytest')} has other internals (no Item.id): the tests of"
            f" all operations have one name; supported is pytest {supported_versions('pytest')}"
        )


def set_test_name(item: Any, name: str) -> None:
    """Show a test as its function with this parameter; do nothing if that is impossible."""
    if hasattr(item, "id") and hasattr(item, "_id"):
        item._id = item.id.with_params(name)
