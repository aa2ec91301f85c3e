"""The contract's own keywords, translated for schemathesis and jsonschema-rs."""

from __future__ import annotations

from typing import Any

FORMAT = "x-format"
LINK_BODY = "x-requestBody"
LITERAL = frozenset({"example", "examples", "default", "enum", LINK_BODY})
"""Keys below which everything is data."""


def readable(contract: dict[str, Any]) -> dict[str, Any]:
    """Write `format` for each `x-format`, and `requestBody` for each `x-requestBody`, in place.

    Other tools stumble on an unknown format and on a link whose body is an object, so the contract
    says both in keywords of its own. Returns the same contract.
    """
    _translate(contract)
    return contract


def _translate(node: Any) -> None:
    if isinstance(node, list):
        for each in node:
            _translate(each)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key not in LITERAL:
                _translate(value)
        if isinstance(node.get(FORMAT), str):
            node["format"] = node[FORMAT]
        if LINK_BODY in node:
            node["requestBody"] = node[LINK_BODY]
