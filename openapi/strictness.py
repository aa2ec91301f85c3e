"""Taking back what only we say: the contract as far as the documents go (house law 10).

`x-inferred` maps a decision to the keywords of the object it stands in that rest on it; `'*'` is
the whole object, `properties/status` the schema of a property. Loosening removes constraints and
nothing else: what a mark permits (a nullable, an additional property, a further status or media
type) stays, and so do texts, examples, links and rules. So whatever the curated contract accepts of
a response, the documented one accepts too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openapi.document_shape import METHODS

ANNOTATIONS = frozenset({"title", "description", "example", "default", "externalDocs", "xml"})
"""Schema keywords that constrain nothing."""
PERMISSIONS = frozenset({"nullable", "deprecated", "readOnly", "writeOnly"})
"""Schema keywords that only ever allow more, or bind nobody."""
CALENDAR = "x-format"
"""The one keyword of ours that constrains: the moment has to be in the calendar."""
Node = dict[str, Any]


def loosen(document: Node) -> None:
    """Remove every constraint of a bundled contract that is marked as inferred, in place."""
    components = document.get("components", {})
    for schema in components.get("schemas", {}).values():
        _schema(schema)
    for parameter in components.get("parameters", {}).values():
        _parameter(parameter)
    for response in components.get("responses", {}).values():
        _response(response)
    for item in document["paths"].values():
        for parameter in item.get("parameters", ()):
            _parameter(parameter)
        for method in METHODS:
            if method in item:
                _operation(item[method])


def _operation(operation: Node) -> None:
    for parameter in operation.get("parameters", ()):
        _parameter(parameter)
    if body := operation.get("requestBody"):
        if {"required", "*"} & _marks(body):
            body.pop("required", None)
        _content(body)
    for response in operation["responses"].values():
        _response(response)


def _parameter(parameter: Node) -> None:
    """A parameter or a header; one in a path stays required, as OpenAPI wants it."""
    marks = _marks(parameter)
    if {"required", "*"} & marks and parameter.get("in") != "path":
        parameter.pop("required", None)
    if {"schema", "*"} & marks:
        parameter["schema"] = {}
    if "schema" in parameter:
        _schema(parameter["schema"])


def _response(response: Node) -> None:
    """A response keeps its status; its body and headers go where they are marked."""
    marks = _marks(response)
    for part in ("content", "headers"):
        if {part, "*"} & marks:
            response.pop(part, None)
    headers = response.get("headers", {})
    for name in [name for name in headers if f"headers/{name}" in marks]:
        del headers[name]
    for header in headers.values():
        _parameter(header)
    _content(response)


def _content(owner: Node) -> None:
    for media in owner.get("content", {}).values():
        if {"schema", "*"} & _marks(media):
            media["schema"] = {}
        if "schema" in media:
            _schema(media["schema"])


def _schema(schema: Node) -> None:
    """Loosen a schema and what it contains; one behind a `$ref` is loosened where it stands."""
    marks = _marks(schema)
    for keyword in [*schema]:
        if {keyword, "*"} & marks and not _harmless(keyword, schema[keyword]):
            del schema[keyword]
    if "type" not in schema and schema.pop("nullable", False) and "enum" in schema:
        schema["enum"] = [*schema["enum"], None]  # nullable says nothing without a type
    properties = schema.get("properties", {})
    for name, part in properties.items():
        if f"properties/{name}" in marks:
            properties[name] = {key: part[key] for key in part.keys() & ANNOTATIONS}
    for part in _parts(schema):
        _schema(part)
    if schema.get("type") == "array":
        schema.setdefault("items", {})  # OpenAPI wants the keyword


def _parts(schema: Node) -> Iterator[Node]:
    """The schemas inside a schema, but for `not`: a looser one there would be stricter."""
    yield from schema.get("properties", {}).values()
    for keyword in ("items", "additionalProperties"):
        if isinstance(schema.get(keyword), dict):
            yield schema[keyword]
    for keyword in ("allOf", "oneOf", "anyOf"):
        yield from schema.get(keyword, ())


def _harmless(keyword: str, value: Any) -> bool:
    if keyword == "additionalProperties":
        return value is True
    return keyword in ANNOTATIONS | PERMISSIONS or (
        keyword.startswith("x-") and keyword != CALENDAR
    )


def _marks(owner: Node) -> set[str]:
    """The keywords of an object that are marked as inferred, by whatever decision."""
    return {keyword for marked in owner.get("x-inferred", {}).values() for keyword in marked}
