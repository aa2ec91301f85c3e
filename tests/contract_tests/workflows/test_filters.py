"""The filters of a list are applied to what the model stores; what is uncertain is not judged."""

from __future__ import annotations

from contract_tests.workflows.filters import name_contains, passes_filters


def test_alphabets_may_differ_on_case() -> None:
    """Case rules differ between alphabets, so the match is uncertain."""
    assert name_contains("Spring", "Spr") is True
    assert name_contains("Spring", "xyz") is False
    assert name_contains("Straße", "STRASSE") is None
    assert name_contains(None, "x") is None
    assert (
        passes_filters("listGroups", "group", {"id": 7, "name": "Spring"}, {"keyWord": ""}) is None
    )
