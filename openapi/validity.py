"""Is a bundled document OpenAPI 3.0? Checked at every start, so it has to be quick."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema_rs

from openapi.source import ContractError, step

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@cache
def _validator() -> jsonschema_rs.Validator:
    # Its schema alone: the package itself takes as long to import as all else here together.
    package = find_spec("openapi_spec_validator")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("openapi_spec_validator is not installed")
    resource = Path(package.origin).parent / "resources/schemas/v3.0/schema.json"
    return jsonschema_rs.Draft4Validator(json.loads(resource.read_text(encoding="utf-8")))


def check_document(document: dict[str, Any], origin: Callable[[str], tuple[str, str]]) -> None:
    """Check the document against the OpenAPI 3.0 schema, its operationIds and its links.

    `origin` turns a pointer of the document into file and pointer of the sources.
    Raises ContractError for the first thing that is wrong.
    """
    for error in _validator().iter_errors(document):
        pointer, reason = _deepest(error)
        raise ContractError(*origin(pointer), reason)
    operations: dict[str, str] = {}
    for path, item in document["paths"].items():
        for method in METHODS:
            if method not in item:
                continue
            pointer = step(step("/paths", path), method)
            name = item[method].get("operationId")
            if not name:
                raise ContractError(*origin(pointer), "the operation has no operationId")
            if name in operations:
                raise ContractError(*origin(pointer), f"a second operation is called {name}")
            operations[name] = pointer
    for pointer, target in _links(document):
        if target not in operations:
            raise ContractError(*origin(pointer), f"the link leads to no operation: {target}")


def _links(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every link's pointer and the operationId it leads to."""
    for path, item in document["paths"].items():
        for method in METHODS:
            for status, response in item.get(method, {}).get("responses", {}).items():
                place = step(step(step(step("/paths", path), method), "responses"), status)
                for name, link in response.get("links", {}).items():
                    yield step(f"{place}/links", name), link.get("operationId", "")


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
