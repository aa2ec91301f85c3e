"""Null as a value of optional fields: in requests, in responses, or in both (decision X4).

A schema that both sides use is copied for the requests first, unless null means the same in both.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any, Literal

from openapi.loader import ContractError
from openapi.pointer import follow_references
from openapi.walking import iter_operations, iter_references, walk_nodes

MARK = "X4"
"""The decision that the marks of added nulls name."""
NULLABLE_SUFFIX = "OrNull"
"""Suffix of the names of nullable copies of schemas; a prefix `Nullable` is added by Go clients."""
REQUEST_SUFFIX = "Request"
"""Suffix of the names of copies for requests."""
SCHEMAS = "#/components/schemas/"
JsonObject = dict[str, Any]
NullResponses = Literal["no", "allowed", "complete"]
"""No null; null for optional fields; null in place of each optional field without a value."""


def allow_null(document: JsonObject, *, requests: bool, responses: NullResponses) -> None:
    """Change a bundled contract, in place, so that optional fields may be null.

    Only the JSON bodies of requests and of successful responses are changed.
    """
    nullable = _NullableFields(document)
    if requests == (responses != "no") and responses != "complete":
        nullable.allow(["requests", "responses"] if requests else [])
    else:
        nullable.separate_requests()
        nullable.allow(["requests"] if requests else [])
        nullable.allow(["responses"] if responses != "no" else [], complete=responses == "complete")
    _merge_unused_originals(document)


def separate_requests(document: JsonObject) -> None:
    """Give requests their own copies of the object schemas that responses use as well."""
    _NullableFields(document).separate_requests()


def request_schemas(document: JsonObject) -> list[JsonObject]:
    """Return the schemas of all bodies of requests, at any depth; those of forms as well."""
    bodies = (
        operation.get("requestBody", {}).get("content", {})
        for *_, operation in iter_operations(document)
    )
    found = {
        id(node): node
        for content in bodies
        for media in content.values()
        for _, kind, node in walk_nodes(media, "mediaType", document=document)
        if kind == "schema"
    }
    return [*found.values()]


class _NullableFields:
    """The optional fields of a bundled contract."""

    def __init__(self, document: JsonObject) -> None:
        self._document = document
        self._schemas: JsonObject = document["components"]["schemas"]

    def allow(self, sides: list[str], *, complete: bool = False) -> None:
        """Allow null for the optional fields of these sides; `complete`: and require the fields."""
        nodes = {id(node): node for side in sides for node in self._schema_nodes(side)}
        required = self._names_required_elsewhere(nodes.values())
        for node in nodes.values():
            names = {*node.get("required", ())} | required.get(id(node), set())
            optional = [name for name in node.get("properties", {}) if name not in names]
            for name in optional:
                node["properties"][name] = self._nullable(node["properties"][name])
            if complete and optional:
                node["required"] = [*node.get("required", ()), *optional]
                _add_mark(node, "required")

    def separate_requests(self) -> None:
        """Give requests their own copies of the object schemas that responses use as well."""
        in_responses = {id(node) for node in self._schema_nodes("responses")}
        shared = [
            name
            for name, schema in self._schemas.items()
            if "properties" in schema
            and id(schema) in in_responses
            and any(schema is node for node in self._schema_nodes("requests"))
        ]
        for name in shared:
            self._schemas[name + REQUEST_SUFFIX] = deepcopy(self._schemas[name])
        own = [node for node in self._schema_nodes("requests") if id(node) not in in_responses]
        own += [self._schemas[name + REQUEST_SUFFIX] for name in shared]
        for node in own:
            _redirect(node, {SCHEMAS + name: SCHEMAS + name + REQUEST_SUFFIX for name in shared})

    def _schema_nodes(self, side: str) -> Iterator[JsonObject]:
        for root, kind in self._roots(side):
            for _, of, node in walk_nodes(root, kind, document=self._document):
                if of == "schema":
                    yield node

    def _roots(self, side: str) -> Iterator[tuple[JsonObject, str]]:
        """Yield the bodies of a side, each with its kind."""
        for *_, operation in iter_operations(self._document):
            if side == "requests":
                content = operation.get("requestBody", {}).get("content", {})
                # A form has texts and files, and no null.
                yield from ((each, "mediaType") for key, each in content.items() if "json" in key)
            else:
                for status, response in operation["responses"].items():
                    if status.startswith("2"):
                        yield self._resolved(response), "response"

    def _resolved(self, node: JsonObject) -> JsonObject:
        found: JsonObject = follow_references(self._document, node)
        return found

    def _names_required_elsewhere(self, nodes: Any) -> dict[int, set[str]]:
        """Return, by the id of a schema, the names that other parts of its `allOf` require."""
        found: dict[int, set[str]] = {}
        for node in nodes:
            parts = [self._resolved(part) for part in node.get("allOf", ())]
            names = {name for part in [node, *parts] for name in part.get("required", ())}
            for part in parts:
                found.setdefault(id(part), set()).update(names)
        return found

    def _nullable(self, schema: JsonObject) -> JsonObject:
        """Return a schema that allows null as well."""
        if "$ref" not in schema:
            return schema if schema.get("nullable") else _with_null(schema)
        name = schema["$ref"].removeprefix(SCHEMAS)
        if self._schemas[name].get("nullable"):
            return schema
        copy = f"{name}{NULLABLE_SUFFIX}"
        if copy not in self._schemas:
            self._schemas[copy] = _with_null(self._schemas[name])
        return {"$ref": SCHEMAS + copy}


def _merge_unused_originals(document: JsonObject) -> None:
    """Give a nullable copy the name of its original if nothing refers to the original any more."""
    schemas: JsonObject = document["components"]["schemas"]
    used = {*iter_references(document)}
    moved: dict[str, str] = {}
    for name in [*schemas]:
        copy = f"{name}{NULLABLE_SUFFIX}"
        if copy in schemas and SCHEMAS + name not in used:
            schemas[name] = schemas.pop(copy)
            moved[SCHEMAS + copy] = SCHEMAS + name
    _redirect(document, moved)


def _with_null(schema: JsonObject) -> JsonObject:
    if "anyOf" in schema and "type" not in schema:
        null = {"type": "object", "nullable": True, "enum": [None]}
        return {**schema, "anyOf": [*schema["anyOf"], null]}
    if "type" not in schema:
        # OpenAPI 3.0 ignores `nullable` without a type, and tools disagree about it.
        raise ContractError("components", "", f"a field without a type cannot be null: {schema}")
    found = {**schema, "nullable": True}
    if "enum" in schema:  # OpenAPI 3.0.3 requires null among the values
        found["enum"] = [*schema["enum"], None]
    _add_mark(found, "nullable")
    return found


def _add_mark(schema: JsonObject, keyword: str) -> None:
    marks = dict(schema.get("x-inferred", {}))
    if keyword not in marks.get(MARK, ()):
        marks[MARK] = [*marks.get(MARK, ()), keyword]
    schema["x-inferred"] = marks


def _redirect(node: Any, references: dict[str, str]) -> None:
    """Lead the references in a node, at any depth, elsewhere."""
    if isinstance(node, list):
        for each in node:
            _redirect(each, references)
    elif isinstance(node, dict):
        if node.get("$ref") in references:
            node["$ref"] = references[node["$ref"]]
        for each in node.values():
            _redirect(each, references)
