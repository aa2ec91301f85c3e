"""Positions of references, schemas and plain data in an OpenAPI 3.0 document.

`FIELD_KINDS` maps each kind of object to the kinds of its fields: `{kind` is a map of such objects,
`[kind` is a list of them, `=` is data that may be replaced by a reference as a whole. All other
fields are data, in which `$ref` is an ordinary key.
"""

from __future__ import annotations

READINGS_KEY = "x-readings"
"""Root key with the file of the open questions; in a bundle, with the answers to them."""
CLIENTS_KEY = "x-clients"
"""Root key with the clients by name: the URL of the server, an ASCII title, a description."""
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
"""Sections of `components` by the kind of object that they contain."""
_PARAMETER_FIELDS = {"schema": "schema", "content": "{mediaType", "examples": "{example"}
FIELD_KINDS: dict[str, dict[str, str]] = {
    # OpenAPI allows no `$ref` in place of these parts, but many contracts are split that way, and
    # other bundlers follow it.
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
    """Return whether a key of a map is an extension (`x-...`) instead of an entry.

    A schema's property may be called `x-...`, so this is never true there.
    """
    return key.startswith("x-") and kind in ("{pathItem", "{response", "callback")
