"""Names of what a run makes: each begins with the prefix of the run, by which people know it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache, partial
from typing import Any

from requests import PreparedRequest
from schemathesis import Case

from contract_tests.contract.operations import FORM, Operation, operations
from contract_tests.contract.schemathesis_cases import is_valid, operation_of

NAMES = ("name", "taskName")
"""What bodies call the name of the thing that they make or change."""
FILE = re.compile(rb'(\r\nContent-Disposition: form-data; name="[^"\r\n]*"; filename=")')

Place = tuple[tuple[str, ...], int]
"""Where in a body a name stands, and how many characters it may have."""


def makes_names(case: Case[Any]) -> bool:
    """Whether a request is valid and carries a name: of a thing in its body, or of a file."""
    has_one = case.media_type == FORM or _places(operation_of(case).name)
    return bool(has_one) and is_valid(case)


def named_after(prefix: str, case: Case[Any]) -> dict[str, Any]:
    """Let the names in a request begin with the prefix, within their length; how to send it so."""
    if case.media_type == FORM:
        return {"auth": partial(_name_file, prefix)}  # what requests calls when all else is done
    for place, longest in _places(operation_of(case).name):
        case.body = _renamed(case.body, place, prefix, longest)
    return {}


def _name_file(prefix: str, request: PreparedRequest) -> PreparedRequest:
    if isinstance(request.body, bytes):
        request.body = FILE.sub(rb"\g<1>" + prefix.encode(), request.body, count=1)
    return request


@lru_cache
def _places(name: str) -> list[Place]:
    operation = operations()[name]
    contents = operation.raw.get("requestBody", {}).get("content", {})
    return [
        place
        for media_type, content in contents.items()
        if media_type != FORM
        for place in _strings(operation, content["schema"], ())
    ]


def _strings(operation: Operation, node: dict[str, Any], at: tuple[str, ...]) -> Iterator[Place]:
    for key, child in operation.resolved(node).get("properties", {}).items():
        schema = operation.resolved(child)
        if key in NAMES and schema.get("type") == "string":
            yield (*at, key), schema.get("maxLength", 2**31)
        elif schema.get("type") == "object" or "properties" in schema:
            yield from _strings(operation, schema, (*at, key))


def _renamed(node: Any, place: tuple[str, ...], prefix: str, longest: int) -> Any:
    """The data with another name at this place, if there is one; what was given stays as it is."""
    if not place:
        return _begun(node, prefix, longest) if isinstance(node, str) else node
    first, *rest = place
    if not isinstance(node, dict) or first not in node:
        return node
    return {**node, first: _renamed(node[first], tuple(rest), prefix, longest)}


def _begun(text: str, prefix: str, longest: int) -> str:
    """As long as before when it cannot be longer, so that the longest one is still tried."""
    if text.startswith(prefix) or len(prefix) > longest:
        return text
    whole = prefix + text
    return whole if len(whole) <= longest else (prefix + text[len(prefix) :])[:longest]
