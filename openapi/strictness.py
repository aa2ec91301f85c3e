"""The strictness `documented`: the contract without the constraints that are inferred.

`x-inferred` maps a decision to the keywords of the same object that rest on it; `'*'` is the whole
object, `properties/status` the schema of a property. Loosening only removes constraints. Marked
permissions (a nullable, an additional property, a further status or media type) stay, and so do
texts, examples, links and rules. A response that the curated contract accepts is therefore also
accepted by the documented one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from openapi.walking import walk_nodes

ANNOTATION_KEYWORDS = frozenset(
    {"title", "description", "example", "default", "externalDocs", "xml"}
)
"""Schema keywords without a constraint."""
PERMISSIVE_KEYWORDS = frozenset({"nullable", "deprecated", "readOnly", "writeOnly"})
"""Schema keywords that allow more values, or that validation ignores."""
X_FORMAT = "x-format"
"""The only extension that constrains: a date-time must exist in the calendar."""
JsonObject = dict[str, Any]


def remove_inferred_constraints(document: JsonObject) -> None:
    """Remove every constraint that is marked as inferred from a bundled contract, in place."""
    # Not below `not`: there, a schema that accepts more makes the whole accept less.
    for _, kind, node in walk_nodes(document, without=("not",)):
        if kind in LOOSENERS:
            LOOSENERS[kind](node)


def _loosen_body(body: JsonObject) -> None:
    if {"required", "*"} & _inferred_keywords(body):
        body.pop("required", None)


def _loosen_parameter(parameter: JsonObject) -> None:
    """Loosen a parameter or a header."""
    marks = _inferred_keywords(parameter)
    # OpenAPI 3.0 requires `required: true` of a path parameter.
    if {"required", "*"} & marks and parameter.get("in") != "path":
        parameter.pop("required", None)
    if {"schema", "*"} & marks:
        parameter["schema"] = {}


def _loosen_response(response: JsonObject) -> None:
    """Loosen the body and the headers of a response; its status stays."""
    marks = _inferred_keywords(response)
    for part in ("content", "headers"):
        if {part, "*"} & marks:
            response.pop(part, None)
    headers = response.get("headers", {})
    for name in [name for name in headers if f"headers/{name}" in marks]:
        del headers[name]


def _loosen_media_type(media: JsonObject) -> None:
    if {"schema", "*"} & _inferred_keywords(media):
        media["schema"] = {}


def _loosen_schema(schema: JsonObject) -> None:
    """Loosen a schema, but not the schemas that it refers to."""
    marks = _inferred_keywords(schema)
    for keyword in [*schema]:
        if {keyword, "*"} & marks and not _is_unconstraining(keyword, schema[keyword]):
            del schema[keyword]
    if "type" not in schema and schema.pop("nullable", False) and "enum" in schema:
        # OpenAPI 3.0.3: `nullable` has no effect without `type` in the same schema.
        schema["enum"] = [*schema["enum"], None]
    properties = schema.get("properties", {})
    for name, part in properties.items():
        if f"properties/{name}" in marks:
            properties[name] = {key: part[key] for key in part if key in ANNOTATION_KEYWORDS}
    if schema.get("type") == "array":
        schema.setdefault("items", {})  # OpenAPI 3.0 requires it of an array


def _is_unconstraining(keyword: str, value: Any) -> bool:
    if keyword == "additionalProperties":
        return value is True
    return keyword in ANNOTATION_KEYWORDS | PERMISSIVE_KEYWORDS or (
        keyword.startswith("x-") and keyword != X_FORMAT
    )


def _inferred_keywords(owner: JsonObject) -> set[str]:
    """Return the keywords of an object that any decision marks as inferred."""
    return {keyword for marked in owner.get("x-inferred", {}).values() for keyword in marked}


LOOSENERS: dict[str, Callable[[JsonObject], None]] = {
    "header": _loosen_parameter,
    "mediaType": _loosen_media_type,
    "parameter": _loosen_parameter,
    "requestBody": _loosen_body,
    "response": _loosen_response,
    "schema": _loosen_schema,
}
"""Functions that loosen an object in place, by its kind; other kinds have no marks."""
