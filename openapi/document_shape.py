"""Positions of references, schemas and plain data in an OpenAPI 3.0 document.

`FIELD_KINDS` has, for each kind of object, the kinds of its fields: `{kind` is a map of such
objects, `[kind` a list, `=` data that a reference may stand for as a whole. A field that is not
named here is data, in which `$ref` is nothing but a key.
"""

from __future__ import annotations

OPERATION_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
COMPONENT_SECTIONS = {
    "schema": "schemas",
    "response": "responses",
    "parameter": "parameters",
    "example": "examples",
    "requestBody": "requestBodies",
    "header": "headers",
    "securityScheme": "securitySchemes",
    "link": "links",
    "callback": "callbacks",
}
"""Kinds of objects that may stand under `components`, and where."""
_PARAMETER_FIELDS = {"schema": "schema", "content": "{mediaType", "examples": "{example"}
FIELD_KINDS: dict[str, dict[str, str]] = {
    "document": {
        "info": "=",
        "servers": "=",
        "security": "=",
        "tags": "=",
        "externalDocs": "=",
        "x-rules": "=",
        "paths": "{pathItem",
        "components": "components",
    },
    "components": {section: f"{{{kind}" for kind, section in COMPONENT_SECTIONS.items()},
    "pathItem": {
        "parameters": "[parameter",
        "servers": "=",
        **dict.fromkeys(OPERATION_METHODS, "operation"),
    },
    "operation": {
        "parameters": "[parameter",
        "requestBody": "requestBody",
        "responses": "{response",
        "callbacks": "{callback",
        "security": "=",
        "servers": "=",
        "tags": "=",
    },
    "parameter": _PARAMETER_FIELDS,
    "header": _PARAMETER_FIELDS,
    "mediaType": {"schema": "schema", "examples": "{example", "encoding": "{encoding"},
    "encoding": {"headers": "{header"},
    "requestBody": {"content": "{mediaType"},
    "response": {"headers": "{header", "content": "{mediaType", "links": "{link"},
    "callback": {"*": "pathItem"},
    "schema": {
        "properties": "{schema",
        "items": "schema",
        "additionalProperties": "schema",
        "not": "schema",
        "allOf": "[schema",
        "oneOf": "[schema",
        "anyOf": "[schema",
        "discriminator": "discriminator",
    },
    "discriminator": {},
    "example": {},
    "securityScheme": {},
    "link": {},
}


def is_extension(key: str, kind: str) -> bool:
    """Return whether a map's key is an extension and no entry; keys of properties never are."""
    return key.startswith("x-") and kind in ("{pathItem", "{response", "callback")
