"""Bounded validation of large values reports the same first violations as jsonschema-rs."""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest

from mock_server.errors import ErrorDetail
from mock_server.http.schemas import SchemaChecker
from tests.mock_server.http.test_schemas import COMPONENTS, KEYWORD_CASES

WRONG_VALUES: list[Any] = [
    None,
    True,
    7,
    -1,
    1.5,
    "",
    "x" * 3000,
    [],
    [1, 1],
    {},
    {"a": 1, "b": []},
    [{}],
    "2025-02-31",
]


LONG_TEXT = "x" * 300_000


def violations_beside(checker: SchemaChecker, value: Any, text: str) -> list[ErrorDetail]:
    """Return the violations of a value that is sent together with a text, sorted."""
    return sorted(checker.violations({"value": value, "text": text}, "/body"), key=str)


def checker_beside_a_text(schema: Any, components: dict[str, Any]) -> SchemaChecker:
    """Return the checker of values of a schema that are sent together with a text."""
    properties = {"value": schema, "text": {"type": "string"}}
    return SchemaChecker({"type": "object", "properties": properties}, components)


def json_bodies(contract: dict[str, Any]) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Yield operation, schema and example of every JSON body of the contract."""
    for item in contract["paths"].values():
        for operation in item.values():
            content = isinstance(operation, dict) and operation.get("requestBody", {}).get(
                "content"
            )
            if content and "application/json" in content:
                media = content["application/json"]
                for example in media["examples"].values():
                    yield operation["operationId"], media["schema"], example["value"]


def broken_variants(value: Any) -> Iterator[Any]:
    """Yield a value with one error in every place; use each before the next."""
    yield from WRONG_VALUES
    if isinstance(value, (dict, list)):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            for other in broken_variants(value[key]):
                copy = json.loads(json.dumps(value))
                copy[key] = other
                yield copy
            if isinstance(value, dict):
                yield {name: part for name, part in value.items() if name != key}


def test_a_large_value_has_the_violations_of_a_small_one(contract: dict[str, Any]) -> None:
    """For every JSON body of the contract, with an error in any place."""
    seen = 0
    for name, schema, example in json_bodies(contract):
        checker = checker_beside_a_text(schema, contract["components"])
        for value in broken_variants(example):
            expected = violations_beside(checker, value, "")
            assert violations_beside(checker, value, LONG_TEXT) == expected, (name, value)
            seen += bool(expected)
    assert seen > 1000


@pytest.mark.parametrize(("keyword", "schema", "_good", "bad"), KEYWORD_CASES)
def test_every_keyword_is_checked_in_a_large_value(
    keyword: str, schema: dict[str, Any], _good: Any, bad: Any
) -> None:
    """Each keyword has the same message as in a small value."""
    checker = checker_beside_a_text(schema, COMPONENTS)
    expected = violations_beside(checker, bad, "")
    assert expected, keyword
    assert violations_beside(checker, bad, LONG_TEXT) == expected


MAX_VIOLATIONS = 100
"""Violations that a refusal reports at the most."""
ITEM_SCHEMA = {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}}
LARGE_VALUES: dict[str, tuple[dict[str, Any], Any, int]] = {
    "wrong items": ({"type": "array", "items": ITEM_SCHEMA}, [1] * 200_000, MAX_VIOLATIONS),
    "a wrong root": ({"type": "object"}, [1] * 200_000, 1),
    "unknown keys": (
        {"type": "object", "properties": {"a": {}}, "additionalProperties": False},
        {str(i): i for i in range(200_000)},
        MAX_VIOLATIONS,
    ),
    "wrong values": (
        {"type": "object", "additionalProperties": {"type": "string"}},
        {str(i): i for i in range(200_000)},
        MAX_VIOLATIONS,
    ),
    "the same twice": (
        {"type": "array", "uniqueItems": True, "items": {}},
        [*range(100_000)] * 2,
        1,
    ),
    "a huge text": ({"type": "string", "maxLength": 5, "pattern": "^a+$"}, "好" * 2**20, 2),
    "one of none": (
        {"oneOf": [{"type": "array", "items": {"type": "string"}}, {"type": "object"}]},
        [1] * 200_000,
        1,
    ),
    "all of it": (
        {"allOf": [{"type": "array", "items": ITEM_SCHEMA}]},
        [{}] * 200_000,
        MAX_VIOLATIONS,
    ),
}


@pytest.mark.parametrize("name", LARGE_VALUES)
def test_violations_are_bounded_before_they_are_made(name: str) -> None:
    """At most 100 violations, with little memory and in a fraction of a second, for any keyword."""
    schema, value, count = LARGE_VALUES[name]
    checker = SchemaChecker(schema, {})
    tracemalloc.start()
    begun = time.thread_time()
    found = checker.violations(value, "/body")
    took = time.thread_time() - begun
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found) == count
    assert took < 5
    assert peak < 20 * 2**20


@pytest.mark.parametrize("text", ["", LONG_TEXT], ids=["small", "large"])
def test_an_exclusive_limit_is_told_as_a_number(text: str) -> None:
    """A rule about the limit counts for it, too; OpenAPI 3.0 writes both keywords."""
    limited: dict[str, Any] = {"minimum": 1, "exclusiveMinimum": True, "type": "number"}
    for rules, rule in (({}, "exclusiveMinimum"), ({"x-rules": {"minimum": "AB-01"}}, "AB-01")):
        checker = checker_beside_a_text({**limited, **rules}, {})
        expected = ErrorDetail("/body/value", rule, "exclusiveMinimum 1", "1")
        assert violations_beside(checker, 1, text) == [expected]


def test_the_one_wrong_item_among_many_is_found() -> None:
    """There is one violation, with the right pointer."""
    items: list[Any] = [{"a": "x"}] * 50_000
    items[49_998] = {"a": 1}
    (found,) = SchemaChecker({"type": "array", "items": ITEM_SCHEMA}, {}).violations(items, "/body")
    assert found == ErrorDetail("/body/49998/a", "type", "type string", "1")
