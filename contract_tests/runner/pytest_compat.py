"""What is taken of pytest beside its documentation: the id of a test that was collected.

Schemathesis gives the tests of all operations the id of their function, and pytest has no way to
change it but `Item._id`, made anew by `Item.id.with_params(name)`. Without them the tests are run
all the same, and pytest shows all of them under one name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from openapi import installed_version, supported_versions


def compat_warnings() -> Iterator[str]:
    """Yield what plain pytest has to do without, in this version of it; one line."""
    if not (hasattr(pytest.Item, "id") and hasattr(pytest.Item, "_id")):
        yield (
            f"pytest {installed_version('pytest')} has other internals (no Item.id): the tests of"
            f" all operations have one name; supported is pytest {supported_versions('pytest')}"
        )


def set_test_name(item: Any, name: str) -> None:
    """Show a test as its function's with this parameter; nothing where that is not possible."""
    if hasattr(item, "id") and hasattr(item, "_id"):
        item._id = item.id.with_params(name)
