"""Examples that are no longer true, once readings have changed schemas and rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from openapi.pointer import follow_references
from openapi.walking import iter_operations, walk_nodes

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


def reverse_daily_report_examples(document: JsonObject) -> None:
    """Reverse the daily reports in the examples of their list, in place."""
    for *_, operation in iter_operations(document):
        if operation.get("operationId") == "listMemberDailyReports":
            content = operation["responses"]["200"]["content"]["application/json"]
            for example in content.get("examples", {}).values():
                example["value"]["records"].reverse()


def correct_rule_sentences_in_examples(
    document: JsonObject, rules: Mapping[str, Any], changed: Mapping[str, Any]
) -> None:
    """Correct the examples of errors, in place, whose rules have other sentences or are dropped.

    rules: all rules before the change; changed: the new sentences by rule id, None for a dropped
    rule, whose examples are removed.
    """
    new_texts = {
        rules[rule][language]: text
        for rule, texts in changed.items()
        for language, text in (texts or {}).items()
    }
    dropped = {rule for rule, texts in changed.items() if texts is None}
    for media in _json_bodies(document):
        if "examples" in media:
            _correct_examples(document, media, new_texts, dropped)


def _correct_examples(
    document: JsonObject, media: JsonObject, new_texts: Mapping[str, str], dropped: set[str]
) -> None:
    kept: JsonObject = {}
    for name, example in media["examples"].items():
        value = _example_value(document, example)
        errors = value.get("errors", ()) if isinstance(value, dict) else ()
        if any(error.get("rule") in dropped for error in errors):
            continue
        kept[name] = example
        for texts in (value, *errors) if errors else ():
            for field in ("detail", "error_description", "message"):
                if texts.get(field) in new_texts:
                    texts[field] = new_texts[texts[field]]
    media["examples"] = kept
    if not kept:
        del media["examples"]


def _json_bodies(document: JsonObject) -> Iterator[JsonObject]:
    for _, kind, node in walk_nodes(document):
        if kind in ("requestBody", "response"):
            yield from (each for key, each in node.get("content", {}).items() if "json" in key)


def _example_value(document: JsonObject, example: JsonObject) -> Any:
    return follow_references(document, example).get("value")


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
