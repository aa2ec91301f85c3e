"""Lengths in UTF-16 units (decision X7)."""

from __future__ import annotations

import pytest

from mock_server.http.schemas import SchemaChecker
from mock_server.http.text_length import count_utf16_units

SCHEMA = {"type": "string", "minLength": 2, "maxLength": 4, "x-rules": {"maxLength": "NT-01"}}


@pytest.mark.parametrize(
    ("text", "units"), [("", 0), ("abc", 3), ("张丽", 2), ("😀", 2), ("a😀张", 4), ("\uffff", 1)]
)
def test_an_emoji_has_two_units(text: str, units: int) -> None:
    """As in Java and JavaScript."""
    assert count_utf16_units(text) == units == len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize(
    ("text", "by_characters", "by_units"),
    [
        ("a", False, False),
        ("😀", False, True),
        ("ab", True, True),
        ("😀😀", True, True),
        ("😀😀a", True, False),
        ("abcde", False, False),
    ],
)
def test_limits_count_characters_or_units(text: str, by_characters: bool, by_units: bool) -> None:
    """The same schema under both readings."""
    assert SchemaChecker(SCHEMA, {}).accepts(text) is by_characters
    assert SchemaChecker(SCHEMA, {}, utf16=True).accepts(text) is by_units


@pytest.mark.parametrize("many", [1, 20_001])
def test_a_violation_names_the_rule_and_the_limit_in_units(many: int) -> None:
    """In small values and in those that are examined part by part; in another process, too."""
    schema = {"type": "array", "items": SCHEMA}
    checker = SchemaChecker.from_definition(SchemaChecker(schema, {}, utf16=True).definition)
    (found,) = checker.violations(["ab"] * (many - 1) + ["😀😀a"], "/body")
    assert (found.pointer, found.rule) == (f"/body/{many - 1}", "NT-01")
    assert found.accepted == "maxUtf16Length 4"
