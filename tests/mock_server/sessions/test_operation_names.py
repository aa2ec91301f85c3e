"""Names of operations in fault rules and in what is forwarded."""

from __future__ import annotations

import pytest

from mock_server.sessions.operation_names import named_operations, suggest_operations

TAGS = {"listPlans": ("plans", "lists"), "createPlan": ("plans",), "plain": ()}


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("createPlan", {"createPlan"}),
        ("plans", {"listPlans", "createPlan"}),
        ("*", {"listPlans", "createPlan", "plain"}),
        ("Plans", set()),
        ("", set()),
    ],
)
def test_a_name_is_an_operation_a_tag_or_all(name: str, found: set[str]) -> None:
    """In this order, and in the spelling of the contract."""
    assert named_operations(name, TAGS) == found


def test_the_nearest_names_are_suggested_or_every_tag() -> None:
    """A name that is like no other gets the short list, which is that of the tags."""
    assert suggest_operations("listPlan", TAGS).startswith("listPlans")
    assert suggest_operations("zzzz", TAGS) == "*, plans, lists"
