"""Alternatives of a schema that a value may be meant to be."""

from __future__ import annotations

from typing import Any

import pytest

from mock_server.http.alternatives import declared_types, meant_alternatives

DEFINITIONS: dict[str, dict[str, Any]] = {
    "Record": {"type": "object"},
    "Name": {"type": ["string", "null"]},
}
PARTS: list[dict[str, Any]] = [
    {"$ref": "#/definitions/Record"},
    {"$ref": "#/definitions/Name"},
    {"type": "number"},
]


@pytest.mark.parametrize(
    ("value", "meant"),
    [({}, [0]), ("a", [1]), (None, [1]), (1, [2]), (1.5, [2]), (True, []), ([], [])],
)
def test_an_alternative_is_meant_if_it_allows_the_json_type(value: Any, meant: list[int]) -> None:
    """References are followed; an integer is a number as well, and a boolean is not."""
    assert meant_alternatives(PARTS, value, DEFINITIONS) == [PARTS[index] for index in meant]


def test_a_schema_without_a_type_declares_none() -> None:
    """Nothing is known of such an alternative, nor of a reference that leads nowhere."""
    assert declared_types({"minimum": 1}, {}) == []
    assert declared_types({"$ref": "#/definitions/Gone"}, {}) == []
