"""Names that the contract does not have are found in bodies of any form, at hardly any cost."""

from __future__ import annotations

import time
from typing import Any

import pytest

from mock_server.http.known_names import MAX_ITEMS, KnownNames
from mock_server.http.schema_translation import translate_schema
from mock_server.http.undeclared_input import (
    MAX_UNDECLARED,
    UndeclaredName,
    ignored_header,
    nearest_name,
)

TEXT = {"type": "string"}
CAT = {
    "type": "object",
    "required": ["kind"],
    "properties": {"kind": {"type": "string", "enum": ["cat"]}, "purrs": TEXT},
}
DOG = {
    "type": "object",
    "required": ["kind"],
    "properties": {"kind": {"type": "string", "enum": ["dog"]}, "barks": TEXT},
}
COMPONENTS = {
    "schemas": {
        "Cat": CAT,
        "Dog": DOG,
        "Tree": {
            "type": "object",
            "properties": {
                "name": TEXT,
                "children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
            },
        },
    }
}
TREE = COMPONENTS["schemas"]["Tree"]
ADDRESS = {"type": "object", "nullable": True, "properties": {"city": TEXT}}
PERSON = {
    "type": "object",
    "properties": {
        "name": TEXT,
        "address": ADDRESS,
        "tags": {"type": "object", "additionalProperties": True, "properties": {"a": TEXT}},
        "limits": {"type": "object", "additionalProperties": False, "properties": {"a": TEXT}},
        "anything": {"type": "object"},
        "friends": {"type": "array", "items": {"type": "object", "properties": {"name": TEXT}}},
    },
}
PET = {
    "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
    "discriminator": {
        "propertyName": "kind",
        "mapping": {"cat": "#/components/schemas/Cat", "dog": "#/components/schemas/Dog"},
    },
}
CASES: list[tuple[Any, Any, list[str]]] = [
    (PERSON, {"name": "a"}, []),
    (PERSON, {"nmae": "a", "name": "b"}, ["/nmae"]),
    (PERSON, {"address": {"city": "a", "street": "b"}}, ["/address/street"]),
    (PERSON, {"address": None}, []),
    (PERSON, {"address": ["no object"]}, []),
    (PERSON, {"tags": {"b": 1}, "anything": {"c": 2}}, []),
    (PERSON, {"limits": {"b": 1}}, []),
    (PERSON, {"friends": [{"name": "a"}, {"nick/name": "b"}]}, ["/friends/1/nick~1name"]),
    (PERSON, ["not an object"], []),
    (PET, {"kind": "cat", "purrs": "a"}, []),
    (PET, {"kind": "cat", "barks": "a"}, ["/barks"]),
    (PET, {"kind": "fish", "swims": "a"}, []),
    ({"type": "array", "items": PET}, [{"kind": "dog", "purrs": "a"}], ["/0/purrs"]),
    ({"oneOf": [CAT, {"type": "object", "properties": {"swims": TEXT}}]}, {"swims": "a"}, []),
    ({"allOf": [CAT, ADDRESS]}, {"kind": "cat", "city": "a", "cty": "b"}, ["/cty"]),
    ({"allOf": [PET, ADDRESS]}, {"kind": "dog", "barks": "a", "city": "b"}, []),
    (TREE, {"name": "a", "nmae": "b", "children": []}, ["/nmae"]),
    (TREE, {"children": [{"nmae": "a"}]}, ["/children/0/nmae"]),
    (TREE, {"children": [{"children": [{"children": [{"nmae": "a"}]}]}]}, []),
    (TEXT, {"a": 1}, []),
    ({}, {"a": 1}, []),
]


@pytest.mark.parametrize(("schema", "value", "expected"), CASES)
def test_undeclared_names_are_found_where_an_object_lists_its_fields(
    schema: Any, value: Any, expected: list[str]
) -> None:
    """Objects that allow or refuse other fields explicitly, or list none, have no such names."""
    names = KnownNames(translate_schema(schema, COMPONENTS))
    assert [each.pointer for each in names.undeclared(value, "")] == expected
    assert names.has_all_of(value) is not bool(expected)


def test_the_number_of_undeclared_names_is_limited() -> None:
    """Those of a body with 10,000 are not all collected."""
    names = KnownNames(translate_schema(PERSON, COMPONENTS))
    value = {"friends": [{f"f{index}": 1} for index in range(500)], "name": "a"}
    assert len(names.undeclared(value, "/body")) == MAX_UNDECLARED
    many = {f"f{index}": 1 for index in range(10_000)}
    assert len(names.undeclared(many, "/body")) == MAX_UNDECLARED


def test_long_lists_within_lists_are_compared_in_part() -> None:
    """A body of a million values takes the event loop a few milliseconds."""
    row = {"type": "object", "properties": {"cells": {"type": "array", "items": PERSON}}}
    names = KnownNames(translate_schema({"type": "array", "items": row}, COMPONENTS))
    table = [{"cells": [{"name": "a"}] * 500}] * 2_000
    began = time.perf_counter()
    assert names.has_all_of(table)
    assert time.perf_counter() - began < 0.5
    late: list[Any] = [{}] * MAX_ITEMS[0] + [{"clels": []}]
    assert names.has_all_of(late)
    assert not names.has_all_of(late[1:])


@pytest.mark.parametrize(
    ("sent", "nearest"),
    [("staus", "status"), ("STATUS", "status"), ("orderBy[]", "orderBy"), ("zzz", ""), ("", "")],
)
def test_the_nearest_name_ignores_case_and_small_mistakes(sent: str, nearest: str) -> None:
    """If no name is similar, none is suggested."""
    assert nearest_name(sent, frozenset({"status", "orderBy", "page"})) == nearest


def test_the_header_lists_pointers_with_the_nearest_names() -> None:
    """Any name fits into a header field: separators and other characters are escaped."""
    declared = frozenset({"status"})
    sent = ["staus", "a,b;c", "状态", "\ud800"]
    names = [UndeclaredName(f"/query/{name}", name, declared) for name in sent]
    assert ignored_header(names) == (
        b"x-mock-ignored",
        b"/query/staus;nearest=status, /query/a%2Cb%3Bc, /query/%E7%8A%B6%E6%80%81, /query/%3F",
    )


def test_a_violation_names_rule_place_and_nearest_name() -> None:
    """Without a similar name, it lists all of them."""
    declared = frozenset({"status", "page"})
    near = UndeclaredName("/query/staus", "staus", declared).violation()
    assert (near.pointer, near.rule, near.accepted) == (
        "/query/staus",
        "undeclaredParameter",
        "status",
    )
    far = UndeclaredName("/body/zzz", "zzz", declared).violation()
    assert (far.rule, far.accepted, far.found) == ("undeclaredField", "page, status", "zzz")


def test_no_more_of_a_long_name_is_kept_than_is_needed() -> None:
    """The journal keeps the names of each request, and a name may have 30 MB."""
    declared = frozenset({"status"})
    long = UndeclaredName.at("/body", "status" * 1_000_000, declared)
    assert len(long.pointer) + len(long.name) < 100
    assert long.nearest == ""
    assert UndeclaredName.at("/body", "staus", declared).nearest == "status"
