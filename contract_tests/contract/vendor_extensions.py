"""The contract's own keywords, translated for schemathesis and jsonschema-rs."""

from __future__ import annotations

from typing import Any

from openapi import nodes

FORMAT = "x-format"
LINK_BODY = "x-requestBody"


def readable(contract: dict[str, Any]) -> dict[str, Any]:
    """Write `format` for each `x-format`, and `requestBody` for each `x-requestBody`, in place.

    Other tools stumble on an unknown format and on a link whose body is an object, so the contract
    says both in keywords of its own. Returns the same contract.
    """
    for _, kind, node in nodes(contract):
        if kind == "schema" and isinstance(node.get(FORMAT), str):
            node["format"] = node[FORMAT]
        if kind == "link" and LINK_BODY in node:
            node["requestBody"] = node[LINK_BODY]
    return contract
