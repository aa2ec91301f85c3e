"""The contract's own keywords, translated for schemathesis and jsonschema-rs."""

from __future__ import annotations

from typing import Any

from openapi import walk_nodes

FORMAT_EXTENSION = "x-format"
LINK_BODY_EXTENSION = "x-requestBody"


def translate_extensions(contract: dict[str, Any]) -> dict[str, Any]:
    """Add `format` for each `x-format` and `requestBody` for each `x-requestBody`, in place.

    Other tools fail on an unknown format and on a link whose body is an object, so the contract
    states both in keywords of its own. Returns the same contract.
    """
    for _, kind, node in walk_nodes(contract):
        if kind == "schema" and isinstance(node.get(FORMAT_EXTENSION), str):
            node["format"] = node[FORMAT_EXTENSION]
        if kind == "link" and LINK_BODY_EXTENSION in node:
            node["requestBody"] = node[LINK_BODY_EXTENSION]
    return contract
