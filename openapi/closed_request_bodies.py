"""Bodies without undeclared fields, under one answer to the reading unknown-input (decision X2)."""

from __future__ import annotations

from typing import Any

from openapi.nullability import request_schemas, separate_requests

MARK = "X2"
JsonObject = dict[str, Any]


def forbid_undeclared_body_fields(document: JsonObject) -> None:
    """Forbid undeclared fields in the bodies of requests, in place.

    Schemas that declare `additionalProperties` stay open. Schemas that responses use as well are
    copied for the requests first.
    """
    separate_requests(document)
    for node in request_schemas(document):
        if "properties" in node and "additionalProperties" not in node:
            node["additionalProperties"] = False
            node["x-inferred"] = {**node.get("x-inferred", {}), MARK: ["additionalProperties"]}
