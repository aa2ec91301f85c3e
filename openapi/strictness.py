"""Taking back what only we say: the contract as far as the documents go.

`x-inferred` maps a decision to the keywords of the object it stands in that rest on it; `'*'` is
the whole object, `properties/status` the schema of a property. Loosening removes constraints and
nothing else: what a mark permits (a nullable, an additional property, a further status or media
type) stays, and so do texts, examples, links and rules. So whatever the curated contract accepts of
a response, the documented one accepts too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from openapi.walking import walk_nodes

ANNOTATION_KEYWORDS = frozenset(
    {"title", "description", "example", "default", "externalDocs", "xml"}
)
"""Schema keywords that constrain nothing."""
PERMISSIVE_KEYWORDS = frozenset({"nullable", "deprecated", "readOnly", "writeOnly"})
"""Schema keywords that only ever allow more, or bind nobody."""
X_FORMAT = "x-format"
"""The one keyword of ours that constrains: the moment has to be in the calendar."""
JsonObject = dict[str, Any]


def loosen(document: JsonObject) -> None:
    """Remove every constraint of a bundled contract that is marked as inferred, in place."""
    # A looser schema below `not` would be stricter.
    for _, kind, node in walk_nodes(document, without=("not",)):
        if kind in LOOSENERS:
            LOOSENERS[kind](node)


def _loosen_body(body: JsonObject) -> None:
    if {"required", "*"} & _inferred_keywords(body):
        body.pop("required", None)


def _loosen_parameter(parameter: JsonObject) -> None:
    """A parameter or a header; one in a path stays required, as OpenAPI wants it."""
    marks = _inferred_keywords(parameter)
    if {"required", "*"} & marks and parameter.get("in") != "path":
        parameter.pop("required", None)
    if {"schema", "*"} & marks:
        parameter["schema"] = {}


def _loosen_response(response: JsonObject) -> None:
    """A response keeps its status; its body and headers go where they are marked."""
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
    """Loosen a schema; one behind a `$ref` is loosened where it stands."""
    marks = _inferred_keywords(schema)
    for keyword in [*schema]:
        if {keyword, "*"} & marks and not _is_unconstraining(keyword, schema[keyword]):
            del schema[keyword]
    if "type" not in schema and schema.pop("nullable", False) and "enum" in schema:
        schema["enum"] = [*schema["enum"], None]  # nullable says nothing without a type
    properties = schema.get("properties", {})
    for name, part in properties.items():
        if f"properties/{name}" in marks:
            properties[name] = {key: part[key] for key in part if key in ANNOTATION_KEYWORDS}
    if schema.get("type") == "array":
        schema.setdefault("items", {})  # OpenAPI wants the keyword


def _is_unconstraining(keyword: str, value: Any) -> bool:
    if keyword == "additionalProperties":
        return value is True
    return keyword in ANNOTATION_KEYWORDS | PERMISSIVE_KEYWORDS or (
        keyword.startswith("x-") and keyword != X_FORMAT
    )


def _inferred_keywords(owner: JsonObject) -> set[str]:
    """The keywords of an object that are marked as inferred, by whatever decision."""
    return {keyword for marked in owner.get("x-inferred", {}).values() for keyword in marked}


LOOSENERS: dict[str, Callable[[JsonObject], None]] = {
    "header": _loosen_parameter,
    "mediaType": _loosen_media_type,
    "parameter": _loosen_parameter,
    "requestBody": _loosen_body,
    "response": _loosen_response,
    "schema": _loosen_schema,
}
"""How an object of each kind is loosened; others state nothing that is marked."""
