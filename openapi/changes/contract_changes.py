"""Changes of a whole contract: operations, rules, open questions, servers and texts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from openapi.changes.change import BOTH, CLIENT, NEITHER, Change
from openapi.changes.operation_changes import compare_operations
from openapi.changes.rule_changes import (
    QUESTIONS_KEY,
    RULES_KEY,
    compare_questions,
    compare_rules,
)
from openapi.changes.texts import changed_texts, is_text
from openapi.document_shape import CLIENTS_KEY
from openapi.pointer import child_pointer, pointer_of

JsonObject = Mapping[str, Any]


def compare_contracts(old: JsonObject, new: JsonObject) -> list[Change]:
    """Return what changed between two contracts, as `snapshot` has them; equal changes once.

    A change that shows in several operations, because they share a schema, has all of them.
    """
    found = [
        *_compare_servers(old, new),
        *_compare_clients(old, new),
        *compare_operations(old, new),
        *_compare_security_schemes(old, new),
        *_compare_schema_names(old, new),
        *compare_rules(old, new),
        *compare_questions(old, new),
    ]
    reported = {change.pointer for change in found}
    texts = [pointer for pointer in _changed_texts(old, new) if pointer not in reported]
    return [*_merge(found), *(Change(each, "the text changes", is_text=True) for each in texts)]


def _merge(changes: Iterable[Change]) -> Iterator[Change]:
    """Join equal changes of several operations."""
    operations: dict[Change, list[str]] = defaultdict(list)
    for change in changes:
        place = change.place if len(change.operations) == 1 else ""
        key = replace(change, place=place, operations=())
        operations[key].extend(change.operations)
    for key, names in operations.items():
        yield replace(key, operations=tuple(dict.fromkeys(names)))


def _changed_texts(old: JsonObject, new: JsonObject) -> Iterator[str]:
    skipped = (RULES_KEY, QUESTIONS_KEY)
    before, after = (
        {key: value for key, value in each.items() if key not in skipped} for each in (old, new)
    )
    for pointer in changed_texts(before, after):
        # An operation has the ids of its rules, which `compare_rules` compares.
        if not re.fullmatch(f"/paths/[^/]+/[^/]+/{RULES_KEY}", pointer):
            yield pointer


def _compare_servers(old: JsonObject, new: JsonObject) -> Iterator[Change]:
    before, after = (
        {str(server.get("url")): server for server in each.get("servers", ())}
        for each in (old, new)
    )
    for url in {**before, **after}:
        if url not in after:
            yield Change("/servers", f"the server {url} is removed", CLIENT)
        elif url not in before:
            yield Change("/servers", f"the server {url} is added", NEITHER)
        else:
            yield from _compare_variables(url, before[url], after[url])
    first = next(iter(before), "")
    if first in after and first != next(iter(after)):
        # Generated clients use the first one, unless another is configured.
        yield Change("/servers/0", "another server stands first", CLIENT)


def _compare_variables(url: str, old: JsonObject, new: JsonObject) -> Iterator[Change]:
    before, after = old.get("variables", {}), new.get("variables", {})
    for name in {**before, **after}:
        was, is_ = before.get(name, {}), after.get(name, {})
        where = f"the variable {name} of the server {url}"
        if was.get("default") != is_.get("default"):
            now, then = is_.get("default"), was.get("default")
            sentence = f"{where} has the default {now}, formerly {then}"
            yield Change("/servers", sentence, CLIENT)
        removed = [each for each in was.get("enum", ()) if each not in is_.get("enum", [each])]
        if removed or ("enum" in is_ and "enum" not in was):
            yield Change("/servers", f"{where} allows fewer values", CLIENT)
        elif was.get("enum") != is_.get("enum"):
            yield Change("/servers", f"{where} allows more values", NEITHER)


def _compare_clients(old: JsonObject, new: JsonObject) -> Iterator[Change]:
    """Yield changes of the documents that clients are generated from."""
    before, after = old.get(CLIENTS_KEY, {}), new.get(CLIENTS_KEY, {})
    for name in {**before, **after}:
        pointer = pointer_of([CLIENTS_KEY, name])
        if name not in after:
            yield Change(pointer, f"there is no document for the client {name}", CLIENT)
        elif name not in before:
            yield Change(pointer, f"there is a document for the client {name}", NEITHER)
        else:
            for keyword in ("server", "title"):
                was, is_ = before[name].get(keyword), after[name].get(keyword)
                if was != is_:
                    sentence = f"the {keyword} of its document changes from {was} to {is_}"
                    yield Change(child_pointer(pointer, keyword), sentence, CLIENT)


def _compare_security_schemes(old: JsonObject, new: JsonObject) -> Iterator[Change]:
    before, after = (each.get("components", {}).get("securitySchemes", {}) for each in (old, new))
    for name in {**before, **after}:
        pointer = pointer_of(["components", "securitySchemes", name])
        if name not in after:
            yield Change(pointer, f"the security scheme {name} is removed", CLIENT)
        elif name not in before:
            yield Change(pointer, f"the security scheme {name} is added", NEITHER)
        else:
            for keyword in {**before[name], **after[name]}:
                was, is_ = before[name].get(keyword), after[name].get(keyword)
                if was != is_ and not is_text(keyword):
                    sentence = f"{keyword} changes from {was} to {is_}"
                    yield Change(child_pointer(pointer, keyword), sentence, BOTH)


def _compare_schema_names(old: JsonObject, new: JsonObject) -> Iterator[Change]:
    """Yield removed and added names of schemas, which are the names of types in generated code."""
    before, after = (each.get("components", {}).get("schemas", {}) for each in (old, new))
    for name in {**before, **after}:
        pointer = pointer_of(["components", "schemas", name])
        if name not in after:
            sentence = f"the schema {name} is removed: generated clients lose the type"
            yield Change(pointer, sentence, CLIENT)
        elif name not in before:
            yield Change(pointer, f"the schema {name} is added", NEITHER)
