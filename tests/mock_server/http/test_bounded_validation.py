"""Bounded validation of large values reports the same first violations as jsonschema-rs."""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest

from mock_server.errors import ErrorDetail
from mock_server.http import schemas
from mock_server.http.schemas import MAX_VIOLATIONS, CompiledSchemas, SchemaChecker
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


def violations_as_large(
    checker: SchemaChecker, value: Any, monkeypatch: pytest.MonkeyPatch
) -> list[ErrorDetail]:
    """Return the violations of a value that is treated as large."""
    with monkeypatch.context() as patch:
        patch.setattr(schemas, "is_small", lambda _value: False)
        return checker.violations(value, "/body")


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


def test_the_walk_finds_what_the_validator_finds(
    contract: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """For every JSON body of the contract with an error in any place, violations are the same."""
    compiled = CompiledSchemas(contract["components"])
    seen = 0
    for name, schema, example in json_bodies(contract):
        checker = compiled.checker_for(schema)
        for value in broken_variants(example):
            expected = checker.violations(value, "/body")
            assert sorted(violations_as_large(checker, value, monkeypatch), key=str) == sorted(
                expected, key=str
            ), (name, value)
            seen += bool(expected)
    assert seen > 1000


@pytest.mark.parametrize(("keyword", "schema", "_good", "bad"), KEYWORD_CASES)
def test_every_keyword_is_walked(
    keyword: str, schema: dict[str, Any], _good: Any, bad: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each keyword has the same message as for small values."""
    checker = SchemaChecker(schema, COMPONENTS)
    assert checker.violations(bad, "") == root_violations_as_large(checker, bad, monkeypatch), (
        keyword
    )


def root_violations_as_large(
    checker: SchemaChecker, bad: Any, monkeypatch: pytest.MonkeyPatch
) -> list[ErrorDetail]:
    """Return the violations of a value at the root that is treated as large."""
    return [without_body_pointer(v) for v in violations_as_large(checker, bad, monkeypatch)]


def without_body_pointer(violation: ErrorDetail) -> ErrorDetail:
    """Return the violation without /body in its pointer."""
    return ErrorDetail(
        violation.pointer.removeprefix("/body"),
        violation.rule,
        violation.accepted,
        violation.found,
    )


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


def test_the_one_wrong_item_among_many_is_found() -> None:
    """There is one violation, with the right pointer."""
    items: list[Any] = [{"a": "x"}] * 50_000
    items[49_998] = {"a": 1}
    (found,) = SchemaChecker({"type": "array", "items": ITEM_SCHEMA}, {}).violations(items, "/body")
    assert found == ErrorDetail("/body/49998/a", "type", "type string", "1")
