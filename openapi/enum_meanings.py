"""Names and meanings of enum values in the forms that generators, API desks and readers expect.

The contract has each meaning once: in `x-enumDescriptions` or, for the fields that sort a list, in
the description of the field in the list's rows (decision M2). The other forms are made of these:
`x-enum-varnames` and `x-enum-descriptions` for generators, `x-apifox-enum` for Apifox.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from openapi.pointer import follow_references
from openapi.walking import iter_operations, walk_nodes

MEANINGS_KEY = "x-enumDescriptions"
"""Key of a schema with an object: the meaning of each value."""
WORD_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9]+")
FIRST_SENTENCE = re.compile(r".*?(?=[。；]|[.;](?:\s|$)|$)", re.DOTALL)
JsonObject = dict[str, Any]


def add_enum_meanings(document: JsonObject) -> None:
    """Add the names and meanings of enum values to a bundled contract, in place.

    Null has neither: the lists of names and meanings are as long as the enum without its null.
    """
    rows = {id(items): fields for items, fields in _sort_fields(document)}
    for _, kind, schema in walk_nodes(document):
        if kind == "schema" and "enum" in schema:
            values = [value for value in schema["enum"] if value is not None]
            meanings = schema.get(MEANINGS_KEY) or _first_sentences(document, rows.get(id(schema)))
            if meanings:
                _write_meanings(schema, [(value, meanings.get(value, "")) for value in values])


def describe_enum_values(document: JsonObject) -> None:
    """Write the meanings of enum values into the descriptions of their schemas, in place.

    Most generators write only descriptions into the code, and ignore `x-enum-descriptions`.
    """
    for _, kind, schema in walk_nodes(document):
        if kind == "schema" and "x-enum-descriptions" in schema:
            texts = zip(schema["enum"], schema["x-enum-descriptions"], strict=False)
            lines = [f"- `{value}`: {text}" for value, text in texts]
            schema["description"] = "\n".join([schema["description"], "", *lines])


def enum_name(value: object) -> str:
    """Return the name of an enum value as a constant, such as CREATE_TIME for createTime."""
    words = WORD_BOUNDARY.sub("_", str(value))
    return NOT_IN_NAMES.sub("_", words).strip("_").upper()


def _write_meanings(schema: JsonObject, meanings: list[tuple[object, str]]) -> None:
    schema["x-enum-varnames"] = [enum_name(value) for value, _ in meanings]
    schema["x-enum-descriptions"] = [meaning for _, meaning in meanings]
    schema["x-apifox-enum"] = [
        {"value": value, "name": enum_name(value), "description": meaning}
        for value, meaning in meanings
    ]


def _sort_fields(document: JsonObject) -> Iterator[tuple[JsonObject, JsonObject]]:
    """Yield each enum of the fields that sort a list, with the properties of the list's rows."""
    for _, _, item, operation in iter_operations(document):
        for entry in (*item.get("parameters", ()), *operation.get("parameters", ())):
            parameter = follow_references(document, entry)
            schema = follow_references(document, parameter.get("schema", {}))
            items = follow_references(document, schema.get("items", {}))
            if "enum" in items and MEANINGS_KEY not in items:
                content = operation["responses"]["200"].get("content", {})
                for media in content.values():
                    fields = _properties(document, media["schema"])
                    rows = fields.get("content") or fields.get("records") or {}
                    yield items, _properties(document, rows.get("items", {}))


def _properties(document: JsonObject, schema: JsonObject) -> JsonObject:
    """Return the properties of a schema and of its parts."""
    found = follow_references(document, schema)
    properties = dict(found.get("properties", {}))
    for part in found.get("allOf", ()):
        properties |= _properties(document, part)
    return properties


def _first_sentences(document: JsonObject, fields: JsonObject | None) -> dict[str, str]:
    """Return the first sentence of the description of each field, without its full stop."""
    found = {}
    for name, schema in (fields or {}).items():
        text = follow_references(document, schema).get("description", "")
        found[name] = FIRST_SENTENCE.match(text)[0]  # type: ignore[index]
    return found
