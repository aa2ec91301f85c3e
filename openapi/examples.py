"""Examples that the contract's schemas no longer allow, once readings have changed them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openapi.pointer import resolve_pointer
from openapi.walking import walk_nodes

JsonObject = dict[str, Any]


def drop_invalid_examples(document: JsonObject) -> None:
    """Remove the examples of bodies that do not match their schema, in place."""
    # Slow to import, and needed only for readings other than the default ones.
    from openapi_schema_validator import OAS30Validator  # noqa: PLC0415
    from referencing import Registry  # noqa: PLC0415
    from referencing.jsonschema import DRAFT4  # noqa: PLC0415

    root = "urn:contract"
    registry: Any = Registry().with_resource(root, DRAFT4.create_resource(document))
    for media in _json_bodies(document):
        examples = media.get("examples")
        if not examples or "schema" not in media:
            continue
        schema = _absolute(media["schema"], root)
        validator = OAS30Validator(schema, registry=registry)
        media["examples"] = {
            name: example
            for name, example in examples.items()
            if validator.is_valid(_example_value(document, example))
        }
        if not media["examples"]:
            del media["examples"]


def _json_bodies(document: JsonObject) -> Iterator[JsonObject]:
    for _, kind, node in walk_nodes(document):
        if kind in ("requestBody", "response"):
            yield from (each for key, each in node.get("content", {}).items() if "json" in key)


def _example_value(document: JsonObject, example: JsonObject) -> Any:
    found = resolve_pointer(document, example["$ref"]) if "$ref" in example else example
    return found.get("value")


def _absolute(node: Any, root: str) -> Any:
    """Return a schema whose references lead into the registered document."""
    if isinstance(node, list):
        return [_absolute(each, root) for each in node]
    if not isinstance(node, dict):
        return node
    return {
        key: root + value if key == "$ref" and isinstance(value, str) else _absolute(value, root)
        for key, value in node.items()
    }
