"""Valid requests that a server may refuse, depending on how it decides an open question.

The strict form of the contract allows them, because no keyword of OpenAPI excludes them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from requests import PreparedRequest

from contract_tests.checks.undocumented_fields import undeclared_fields_of_value
from contract_tests.contract.json_body import parse_json_body
from contract_tests.contract.multipart import parse_form_parts
from contract_tests.contract.operations import MULTIPART_FORM, Operation

PART_NAME_PATTERN = re.compile(rb'; name="([^"\r\n]*)"')
MAX_DEPTH = 32
"""Maximum depth of a body that is examined; a schema may refer to itself."""
Schema = dict[str, Any]
Query = list[tuple[str, str]]


def may_be_refused(operation: Operation, request: PreparedRequest) -> bool:
    """Return whether an open question decides if a valid request is accepted."""
    query = parse_qsl(urlsplit(str(request.url)).query, keep_blank_values=True)
    # Of a form, the names of the parts are enough: no open question is about their content.
    body = _form_names(request) or parse_json_body(request.body)
    return any(
        operation.strictness.may_follow(reading, value) and depends(operation, query, body)
        for reading, value, depends in DEPENDENT_REQUESTS
    )


def has_unknown_input(operation: Operation, query: Query, body: Any) -> bool:
    """Return whether a request has a parameter or field that the contract does not name (X2)."""
    names = {each["name"] for each in operation.declared_parameters if each["in"] == "query"}
    schema = _body_schema(operation)
    return any(name not in names for name, _ in query) or (
        schema is not None and bool(undeclared_fields_of_value(operation, schema, body))
    )


def has_long_text_in_units(operation: Operation, _query: Query, body: Any) -> bool:
    """Return whether a text has more UTF-16 units than its maximum length (X7)."""
    return any(
        isinstance(value, str) and len(value.encode("utf-16-le", "surrogatepass")) // 2 > most
        for value, most in _limited_texts(operation, body)
    )


def has_empty_parameter(_operation: Operation, query: Query, _body: Any) -> bool:
    """Return whether a query parameter has an empty value, which a text allows (X4)."""
    return any(not value for _, value in query)


def has_comma_in_array(_operation: Operation, query: Query, _body: Any) -> bool:
    """Return whether a parameter with a list of ids has more than one (M4)."""
    return any(name in COMMA_PARAMETERS and "," in value for name, value in query)


def lacks_member_id(_operation: Operation, _query: Query, body: Any) -> bool:
    """Return whether a member has no memberId (N2)."""
    return any(member.get("memberId") is None for member in _members(body))


def lacks_user_id_and_ciq(_operation: Operation, _query: Query, body: Any) -> bool:
    """Return whether a member has neither userId nor ciq (N2)."""
    return any(
        member.get("userId") is None and member.get("ciq") is None for member in _members(body)
    )


COMMA_PARAMETERS = frozenset({"ids", "groupIds", "sceneIds", "moodValue"})
"""Parameters whose values are separated by commas."""
DEPENDENT_REQUESTS: tuple[tuple[str, str, Callable[[Operation, Query, Any], bool]], ...] = (
    ("unknown-input", "refused", has_unknown_input),
    ("text-length", "utf16-units", has_long_text_in_units),
    ("empty-query-values", "refused", has_empty_parameter),
    ("comma-in-array-parameters", "literal", has_comma_in_array),
    ("member-identification", "memberId", lacks_member_id),
    ("member-identification", "userId-or-ciq", lacks_user_id_and_ciq),
)
"""Open questions with the answer by which a request is refused, and the test of the request."""


def _form_names(request: PreparedRequest) -> dict[str, str]:
    """Return the names of the parts of a form, each with an empty text; empty without a form."""
    heads = (head for head, _ in parse_form_parts(request))
    found = (PART_NAME_PATTERN.search(head) for head in heads)
    return {name[1].decode(errors="replace"): "" for name in found if name}


def _members(body: Any) -> Iterator[Mapping[str, Any]]:
    members = body.get("members") if isinstance(body, dict) else None
    yield from (each for each in members or () if isinstance(each, dict))


def _limited_texts(operation: Operation, body: Any) -> Iterator[tuple[Any, int]]:
    for value, parts in _walk_body(operation, body):
        yield from ((value, part["maxLength"]) for part in parts if "maxLength" in part)


def _body_schema(operation: Operation) -> Schema | None:
    """Return the schema of a JSON body or a form; None for an operation without one."""
    declared = operation.raw.get("requestBody", {}).get("content", {})
    content = declared.get("application/json") or declared.get(MULTIPART_FORM)
    return content["schema"] if content else None


def _walk_body(operation: Operation, body: Any) -> Iterator[tuple[Any, list[Schema]]]:
    """Yield each value of a body with the schemas for it."""
    schema = _body_schema(operation)
    if schema is not None and body is not None:
        yield from _walk_value(operation, [schema], body, MAX_DEPTH)


def _walk_value(
    operation: Operation, schemas: list[Schema], value: Any, depth: int
) -> Iterator[tuple[Any, list[Schema]]]:
    parts = [part for schema in schemas for part in operation.iter_subschemas(schema)]
    yield value, parts
    if not depth:
        return
    if isinstance(value, list):
        items = [part["items"] for part in parts if "items" in part]
        for each in value:
            yield from _walk_value(operation, items, each, depth - 1)
    elif isinstance(value, dict):
        for name, each in value.items():
            below = [
                part["properties"][name] for part in parts if name in part.get("properties", ())
            ]
            yield from _walk_value(operation, below, each, depth - 1)
