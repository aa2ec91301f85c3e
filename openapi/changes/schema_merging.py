"""Schemas as they apply: references resolved and `allOf` merged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from openapi.changes.texts import is_text
from openapi.pointer import child_pointer, resolve_pointer

JsonObject = Mapping[str, Any]
_UPPER_BOUNDS = ("maximum", "maxLength", "maxItems", "maxProperties")
_LOWER_BOUNDS = ("minimum", "minLength", "minItems", "minProperties")


class Located(NamedTuple):
    """A node of a document, with its JSON pointer."""

    pointer: str
    value: JsonObject

    def child(self, *tokens: str | int) -> Located:
        """Return the node below; an absent one is an empty object."""
        pointer = self.pointer
        value: Any = self.value
        for token in tokens:
            pointer = child_pointer(pointer, token)
            value = value[int(token)] if isinstance(value, list) else value.get(str(token), {})
        return Located(pointer, value)


def follow_reference(document: JsonObject, node: Located) -> Located:
    """Return the node, or the one that its `$ref` leads to."""
    while isinstance(ref := node.value.get("$ref"), str):
        node = Located(ref.removeprefix("#"), resolve_pointer(document, ref))
    return node


class MergedSchema(NamedTuple):
    """A schema without `$ref` and `allOf`.

    keywords: all but those with subschemas; properties: the subschemas of each property;
    branches: those of `oneOf` and `anyOf`; additional: that of `additionalProperties`.
    """

    pointer: str
    keywords: dict[str, Any]
    properties: dict[str, list[Located]]
    items: Located | None
    additional: Located | None
    branches: list[Located]


def merge_schema(document: JsonObject, *parts: Located) -> MergedSchema:
    """Return the schema that holds if all of these schemas hold."""
    pointer = follow_reference(document, parts[0]).pointer
    found = MergedSchema(pointer, {}, {}, None, None, [])
    for part in _flatten(document, parts):
        found = _merge_part(found, part)
    typed = [part for part in _flatten(document, parts) if "type" in part.value]
    if typed:
        # `nullable` has an effect only beside `type` (OpenAPI 3.0.3 with its clarification).
        found.keywords["nullable"] = all(part.value.get("nullable") is True for part in typed)
    return found


def _flatten(document: JsonObject, parts: tuple[Located, ...]) -> list[Located]:
    found: list[Located] = []
    for part in parts:
        node = follow_reference(document, part)
        found.append(node)
        for index in range(len(node.value.get("allOf", ()))):
            found.extend(_flatten(document, (node.child("allOf", index),)))
    return found


def _merge_part(found: MergedSchema, part: Located) -> MergedSchema:
    items, additional = found.items, found.additional
    branches = list(found.branches)
    for keyword, value in part.value.items():
        if keyword == "properties":
            for name in value:
                found.properties.setdefault(name, []).append(part.child("properties", name))
        elif keyword == "items":
            items = part.child("items")
        elif keyword == "additionalProperties":
            # False and true are the schemas that allow nothing and everything.
            schema = {"not": {}} if value is False else {} if value is True else value
            additional = Located(child_pointer(part.pointer, keyword), schema)
        elif keyword in ("oneOf", "anyOf"):
            branches.extend(part.child(keyword, index) for index in range(len(value)))
        elif keyword != "allOf":
            _merge_keyword(found.keywords, keyword, value)
    return found._replace(items=items, additional=additional, branches=branches)


def _merge_keyword(keywords: dict[str, Any], keyword: str, value: Any) -> None:
    """Add a keyword; of two values, the stricter one holds."""
    if keyword not in keywords:
        keywords[keyword] = value
    elif keyword == "required":
        keywords[keyword] = [*keywords[keyword], *value]
    elif keyword == "enum":
        keywords[keyword] = [each for each in keywords[keyword] if each in value]
    elif keyword in _UPPER_BOUNDS:
        keywords[keyword] = min(keywords[keyword], value)
    elif keyword in _LOWER_BOUNDS:
        keywords[keyword] = max(keywords[keyword], value)
    elif not is_text(keyword) and keywords[keyword] != value:
        keywords[keyword] = [keywords[keyword], value]
