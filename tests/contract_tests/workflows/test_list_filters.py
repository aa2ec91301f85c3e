"""The filters of a list are applied to what the model stores; what is uncertain is not judged."""

from __future__ import annotations

from contract_tests.workflows.list_filters import passes_filters


def test_an_empty_filter_is_uncertain() -> None:
    """A server may ignore an empty value, or look for it."""
    group = {"id": 7, "name": "Spring"}
    assert passes_filters("listGroups", "group", group, {"keyWord": "Spr"}) is True
    assert passes_filters("listGroups", "group", group, {"keyWord": ""}) is None
