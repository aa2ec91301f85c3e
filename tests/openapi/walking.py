"""Walking the bundled contract."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

METHODS = ("get", "put", "post", "delete", "patch")
Node = dict[str, Any]


def load_yaml(text: str) -> Any:
    """What a YAML text says; as safe as `yaml.safe_load`, and ten times as fast."""
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def operations(contract: Node) -> dict[str, Node]:
    """Every operation by operationId."""
    return {
        item[method]["operationId"]: item[method]
        for item in contract["paths"].values()
        for method in METHODS
        if method in item
    }


def parameters(contract: Node) -> Iterator[tuple[str, Node, Node]]:
    """Every (operationId, operation, parameter), the path's own parameters included."""
    for item in contract["paths"].values():
        for method in METHODS:
            if method in item:
                for entry in (*item.get("parameters", ()), *item[method].get("parameters", ())):
                    yield item[method]["operationId"], item[method], resolve(contract, entry)


def resolve(contract: Node, node: Node) -> Node:
    """The target of a reference, or the node itself."""
    while "$ref" in node:
        target: Any = contract
        for token in node["$ref"].removeprefix("#/").split("/"):
            target = target[token.replace("~1", "/").replace("~0", "~")]
        node = target
    return node


def media(contract: Node) -> Iterator[tuple[str, Node]]:
    """Every (place, media type object) of requests and responses."""
    for name, operation in operations(contract).items():
        for kind, content in operation.get("requestBody", {}).get("content", {}).items():
            yield f"{name} request {kind}", content
        for status, response in operation["responses"].items():
            for kind, content in resolve(contract, response).get("content", {}).items():
                yield f"{name} {status} {kind}", content


def schemas(contract: Node) -> Iterator[tuple[str, Node]]:
    """Every schema object of the contract with its JSON pointer, nested ones included."""
    roots = [
        *((f"/components/schemas/{n}", s) for n, s in contract["components"]["schemas"].items()),
        *((f"/{name}/{p['name']}", p["schema"]) for name, _, p in parameters(contract)),
        *((f"/{place}", content["schema"]) for place, content in media(contract)),
    ]
    for pointer, schema in roots:
        yield from _nested(pointer, schema)


def _nested(pointer: str, schema: Node) -> Iterator[tuple[str, Node]]:
    yield pointer, schema
    for name, part in schema.get("properties", {}).items():
        yield from _nested(f"{pointer}/properties/{name}", part)
    for key in ("items", "not", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from _nested(f"{pointer}/{key}", schema[key])
    for key in ("allOf", "oneOf", "anyOf"):
        for index, part in enumerate(schema.get(key, ())):
            yield from _nested(f"{pointer}/{key}/{index}", part)


def marks(node: Any, pointer: str = "") -> Iterator[tuple[str, Node, Node]]:
    """Every (pointer, owner, x-inferred mapping) anywhere in the contract."""
    if isinstance(node, dict):
        if isinstance(node.get("x-inferred"), dict):
            yield pointer, node, node["x-inferred"]
        for key, value in node.items():
            if key not in ("example", "value"):
                yield from marks(value, f"{pointer}/{key}")
    elif isinstance(node, list):
        for index, item in enumerate(node):
            yield from marks(item, f"{pointer}/{index}")
