"""The common traversal of a document."""

from __future__ import annotations

from typing import Any

import pytest

from openapi import combined_schemas, iter_operations, walk_nodes

SCHEMA = {"type": "object", "properties": {"x-not": {"not": {"items": {}}}, "not": {"type": "a"}}}
DOCUMENT: dict[str, Any] = {
    "info": {"schema": {"type": "data"}},
    "paths": {
        "/a/{b}": {
            "x-more": {"get": {}},
            "parameters": [{"$ref": "#/components/parameters/b"}],
            "get": {
                "operationId": "a",
                "responses": {
                    "200": {
                        "content": {"a/b": {"schema": {"$ref": "#/components/schemas/S"}}},
                        "links": {"next": {"operationId": "a"}},
                    },
                    "x-none": {"content": {"a/b": {"schema": {}}}},
                },
                "callbacks": {"c": {"x-c": {}, "{$url}": {"post": {"responses": {}}}}},
            },
        }
    },
    "components": {
        "parameters": {"b": {"name": "b", "schema": {"enum": [{"allOf": [{}]}]}}},
        "schemas": {"S": SCHEMA},
    },
}


def test_every_object_comes_with_its_pointer_and_kind_before_what_is_in_it() -> None:
    """Data, extensions and targets of references are not visited; properties have any name."""
    get = "/paths/~1a~1{b}/get"
    found = [(pointer, kind) for pointer, kind, _ in walk_nodes(DOCUMENT)]
    assert found == [
        ("", "document"),
        ("/paths/~1a~1{b}", "pathItem"),
        ("/paths/~1a~1{b}/parameters/0", "parameter"),
        (get, "operation"),
        (f"{get}/responses/200", "response"),
        (f"{get}/responses/200/content/a~1b", "mediaType"),
        (f"{get}/responses/200/content/a~1b/schema", "schema"),
        (f"{get}/responses/200/links/next", "link"),
        (f"{get}/callbacks/c", "callback"),
        (f"{get}/callbacks/c/{{$url}}", "pathItem"),
        (f"{get}/callbacks/c/{{$url}}/post", "operation"),
        ("/components", "components"),
        ("/components/parameters/b", "parameter"),
        ("/components/parameters/b/schema", "schema"),
        ("/components/schemas/S", "schema"),
        ("/components/schemas/S/properties/x-not", "schema"),
        ("/components/schemas/S/properties/x-not/not", "schema"),
        ("/components/schemas/S/properties/x-not/not/items", "schema"),
        ("/components/schemas/S/properties/not", "schema"),
    ]


def test_a_field_can_be_left_out() -> None:
    """The keyword `not` is skipped, but not a property of that name."""
    found = [pointer for pointer, _, _ in walk_nodes(SCHEMA, "schema", without=("not",))]
    assert found == ["", "/properties/x-not", "/properties/not"]


def test_references_are_followed_once_where_that_is_asked_for() -> None:
    """A schema that refers to itself ends the walk."""
    schemas = {"S": {"items": {"$ref": "#/components/schemas/S"}}}
    document = {"components": {"schemas": schemas}}
    root = [{"schema": {"$ref": "#/components/schemas/S"}}] * 2
    found = [value for _, kind, value in walk_nodes(root, "[parameter", document=document)]
    assert found.count(schemas["S"]) == 1
    assert len(found) == 6


def test_what_the_caller_changes_is_walked_as_it_is_then() -> None:
    """A constraint that was removed is not visited."""
    schema: dict[str, Any] = {"items": {"items": {}}}
    for pointer, _, value in walk_nodes(schema, "schema"):
        if pointer == "":
            value["items"] = {}
        assert pointer in ("", "/items")


@pytest.mark.parametrize("method", ["get", "head", "trace"])
def test_operations_come_with_path_method_and_item(method: str) -> None:
    """Other fields of a path item are skipped."""
    item = {"summary": "", "x-a": {}, method: {"operationId": "a"}}
    assert [*iter_operations({"paths": {"/a": item}})] == [("/a", method, item, item[method])]


def test_a_schema_is_made_of_its_parts_and_alternatives() -> None:
    """The parts of all three keywords count, in order; `not` describes other values."""
    assert [*combined_schemas({"oneOf": [2], "allOf": [1], "anyOf": [3], "not": {}})] == [1, 2, 3]
