"""Bodies of error responses under each answer to the reading refusal-body (decision E1)."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from openapi.walking import iter_operations, walk_nodes

PROBLEM = "application/problem+json"
JSON = "application/json"
MARK = "E1"
SCHEMAS = "#/components/schemas/"
JsonObject = dict[str, Any]


def keep_problem_documents_only(document: JsonObject) -> None:
    """Document problem documents as the only bodies of errors, in place."""
    for _, content in _error_contents(document):
        content.pop(JSON, None)
    document["components"]["schemas"].pop("ProviderError", None)


def use_spring_bodies(document: JsonObject) -> None:
    """Document Spring's default body as the only one of errors, in place."""
    for status, content in _error_contents(document):
        content.clear()
        content[JSON] = {
            "schema": {"$ref": f"{SCHEMAS}SpringError"},
            "examples": {"springError": _spring_example(status)},
        }
    schemas = document["components"]["schemas"]
    schemas.pop("ProviderError", None)
    schemas.pop("Problem", None)
    schemas["SpringError"] = SPRING_ERROR


def _error_contents(document: JsonObject) -> Iterator[tuple[str, JsonObject]]:
    """Yield status and content of each error response that may be a problem document."""
    seen: set[int] = set()
    names = _statuses_of_components(document)
    for pointer, kind, node in walk_nodes(document):
        if kind == "response" and PROBLEM in node.get("content", {}) and id(node) not in seen:
            seen.add(id(node))
            last = pointer.rpartition("/")[2]
            yield names.get(last, last), node["content"]


def _statuses_of_components(document: JsonObject) -> dict[str, str]:
    """Return the status for which each named response is used."""
    return {
        response["$ref"].rpartition("/")[2]: status
        for *_, operation in iter_operations(document)
        for status, response in operation["responses"].items()
        if "$ref" in response
    }


def _spring_example(status: str) -> JsonObject:
    known = HTTPStatus(int(status)) if status.isdigit() else HTTPStatus.BAD_REQUEST
    value = {
        "timestamp": "2025-04-21T01:00:00.000+00:00",
        "status": known.value,
        "error": known.phrase,
        "path": "/api/v1/marketing-notice/group",
    }
    return {"summary": known.phrase, "value": value}


SPRING_ERROR: JsonObject = {
    "type": "object",
    "description": "Spring: `timestamp`, `status`, `error`, `path`.",
    "required": ["timestamp", "status", "error", "path"],
    "properties": {
        "timestamp": {"type": "string", "example": "2025-04-21T01:00:00.000+00:00"},
        "status": {
            "type": "integer",
            "format": "int32",
            "minimum": 400,
            "maximum": 599,
            "example": 400,
        },
        "error": {"type": "string", "minLength": 1, "example": "Bad Request"},
        "path": {"type": "string", "example": "/api/v1/marketing-notice/group"},
    },
    "additionalProperties": True,
    "x-inferred": {MARK: ["*"]},
}
"""Spring Boot's default body of an error; `message` and others are there in some configurations."""
