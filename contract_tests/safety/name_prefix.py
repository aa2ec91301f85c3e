"""Names of created records: each begins with the prefix of the run, so that people recognize it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache, partial
from typing import Any

from requests import PreparedRequest
from schemathesis import Case

from contract_tests.contract.operations import MULTIPART_FORM, Operation, operations
from contract_tests.contract.schemathesis_cases import is_valid, operation_of

NAME_FIELDS = ("name", "taskName")
"""Fields of bodies with the name of the record that is created or changed."""
FILENAME_PATTERN = re.compile(
    rb'(\r\nContent-Disposition: form-data; name="[^"\r\n]*"; filename=")'
)

NamePlace = tuple[tuple[str, ...], int]
"""Path of a name within a body, and its maximum length."""


def has_name_to_prefix(case: Case[Any]) -> bool:
    """Return whether a request is valid and carries the name of a record or of a file."""
    # An invalid name has to arrive as it was generated, and creates nothing.
    has_one = case.media_type == MULTIPART_FORM or _list_name_places(operation_of(case).name)
    return bool(has_one) and is_valid(case)


def add_name_prefix(prefix: str, case: Case[Any]) -> dict[str, Any]:
    """Add the prefix to the names in a request, within their maximum length.

    Returns arguments with which the request has to be sent.
    """
    if case.media_type == MULTIPART_FORM:
        return {
            # requests calls `auth` last, when the form is encoded; schemathesis draws no filenames.
            "auth": partial(_prefix_filename, prefix)
        }
    for place, longest in _list_name_places(operation_of(case).name):
        case.body = _with_prefixed_name(case.body, place, prefix, longest)
    return {}


def _prefix_filename(prefix: str, request: PreparedRequest) -> PreparedRequest:
    if isinstance(request.body, bytes):
        request.body = FILENAME_PATTERN.sub(rb"\g<1>" + prefix.encode(), request.body, count=1)
    return request


@lru_cache
def _list_name_places(name: str) -> list[NamePlace]:
    operation = operations()[name]
    contents = operation.raw.get("requestBody", {}).get("content", {})
    return [
        place
        for media_type, content in contents.items()
        if media_type != MULTIPART_FORM
        for place in _find_name_places(operation, content["schema"], ())
    ]


def _find_name_places(
    operation: Operation, node: dict[str, Any], at: tuple[str, ...]
) -> Iterator[NamePlace]:
    for key, child in operation.resolve_reference(node).get("properties", {}).items():
        schema = operation.resolve_reference(child)
        if key in NAME_FIELDS and schema.get("type") == "string":
            yield (*at, key), schema.get("maxLength", 2**31)
        elif schema.get("type") == "object" or "properties" in schema:
            yield from _find_name_places(operation, schema, (*at, key))


def _with_prefixed_name(node: Any, place: tuple[str, ...], prefix: str, longest: int) -> Any:
    """Return the data with the name at this place prefixed, if there is one.

    The input is unchanged.
    """
    if not place:
        return _prefix_text(node, prefix, longest) if isinstance(node, str) else node
    first, *rest = place
    if not isinstance(node, dict) or first not in node:
        return node
    return {**node, first: _with_prefixed_name(node[first], tuple(rest), prefix, longest)}


def _prefix_text(text: str, prefix: str, longest: int) -> str:
    """Return the prefixed text, within the maximum length.

    A text that is too long to grow keeps its length, so that the longest one is still tried.
    """
    if text.startswith(prefix) or len(prefix) > longest:
        return text
    whole = prefix + text
    return whole if len(whole) <= longest else (prefix + text[len(prefix) :])[:longest]
