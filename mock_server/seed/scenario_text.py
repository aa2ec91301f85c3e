"""A scenario as a YAML or JSON text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import openapi

ENTRIES_PER_BLOCK = 50
"""Entries that are encoded at once. The encoders are native code, which stops all other threads."""
YAML_HEAD = "# A scenario: hypers-mock --scenario FILE\n"


def write_scenario(document: dict[str, Any], form: str) -> bytes:
    """Return a scenario as text in UTF-8; `form` is `yaml` or `json`."""
    pieces = _iter_yaml(document) if form == "yaml" else _iter_json(document)
    return "".join(pieces).encode()


def _iter_yaml(document: dict[str, Any]) -> Iterator[str]:
    yield YAML_HEAD
    for name, value in document.items():
        if isinstance(value, list) and value:
            yield f"{name}:\n"
            for block in _blocks(value):
                yield openapi.dump(block, "yaml")
        else:
            yield openapi.dump({name: value}, "yaml")


def _iter_json(document: dict[str, Any]) -> Iterator[str]:
    comma = "{"
    for name, value in document.items():
        yield f"{comma}{json.dumps(name)}:"
        if isinstance(value, list) and value:
            parts = [json.dumps(block, ensure_ascii=False)[1:-1] for block in _blocks(value)]
            yield f"[{','.join(parts)}]"
        else:
            yield json.dumps(value, ensure_ascii=False)
        comma = ","
    yield "}"


def _blocks(entries: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(entries), ENTRIES_PER_BLOCK):
        yield entries[start : start + ENTRIES_PER_BLOCK]
