"""Failed asserts of the helpers show the values that they compared."""

from __future__ import annotations

import pytest

from tests.model_based.caller import CallerResponse


def test_a_failed_assert_of_a_helper_shows_both_values() -> None:
    """Pytest rewrites the asserts of every module of this folder, not only those of its tests."""
    with pytest.raises(AssertionError, match=r"assert 404 == 200"):
        CallerResponse(404, {}).ok()
