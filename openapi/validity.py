"""Is a bundled document OpenAPI 3.0? Checked at every start, so it has to be quick."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema_rs

from openapi.source import ContractError, step


@cache
def _validator() -> jsonschema_rs.Validator:
    resource = files("openapi_spec_validator") / "resources/schemas/v3.0/schema.json"
    return jsonschema_rs.Draft4Validator(json.loads(resource.read_text(encoding="utf-8")))


def check_document(
    document: dict[str, Any], origin: Callable[[str], tuple[str, str]]
) -> None:
    """Check the document against the OpenAPI 3.0 schema and that operationIds are there, once each.

    `origin` turns a pointer of the document into file and pointer of the sources.
    Raises ContractError for the first thing that is wrong.
    """
    for error in _validator().iter_errors(document):
        pointer, reason = _deepest(error)
        raise ContractError(*origin(pointer), reason)
    seen: set[str] = set()
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in ("parameters", "servers", "summary", "description") or method[:2] == "x-":
                continue
            name = operation.get("operationId")
            where = origin(step(step("/paths", path), method))
            if not name:
                raise ContractError(*where, "the operation has no operationId")
            if name in seen:
                raise ContractError(*where, f"a second operation is called {name}")
            seen.add(name)


def _deepest(error: Any) -> tuple[str, str]:
    """Where a `oneOf` fails, the branch that got furthest knows the reason."""
    best = error
    while context := getattr(best.kind, "context", None):
        branches = [inner for branch in context for inner in branch]
        if not branches:
            break
        best = max(branches, key=lambda inner: len(inner.instance_path))
    pointer = ""
    for token in best.instance_path:
        pointer = step(pointer, token)
    return pointer, best.message[:300]
