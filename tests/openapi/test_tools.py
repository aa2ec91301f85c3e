"""Public tools accept the contract: it avoids what they are known to reject."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from tests.openapi.walking import (
    Node,
    media_types,
    operation_parameters,
    operations_by_id,
    resolve_ref,
    value_schemas,
)

KNOWN_FORMATS = {"int32", "int64", "date", "email", "binary", "password", "uri", "uri-reference"}
"""Formats of OpenAPI 3.0 and of Ajv's own plug-in."""


def response_links(contract: Node) -> Iterator[tuple[str, Node]]:
    """Yield every (place, link) of the contract."""
    for name, operation in operations_by_id(contract).items():
        for status, response in operation["responses"].items():
            for link, found in resolve_ref(contract, response).get("links", {}).items():
                yield f"{name} {status} {link}", found


def test_no_link_has_an_object_as_its_request_body(contract: Node) -> None:
    """openapi-generator rejects one; ten links have a body, in `x-requestBody`."""
    found = dict(response_links(contract))
    assert not [place for place, link in found.items() if "requestBody" in link]
    assert len([place for place, link in found.items() if "x-requestBody" in link]) == 10


def test_no_link_parameter_is_called_id(contract: Node) -> None:
    """express-openapi-validator takes `id` for that of a schema; `path.id` is equivalent."""
    given = [name for _, link in response_links(contract) for name in link.get("parameters", {})]
    assert "id" not in given
    assert given.count("path.id") == 68


def test_every_format_is_one_that_tools_know(contract: Node) -> None:
    """Ajv in strict mode rejects unknown formats."""
    used = {schema["format"] for _, schema in value_schemas(contract) if "format" in schema}
    assert used <= KNOWN_FORMATS


def test_no_pattern_begins_with_a_slash(contract: Node) -> None:
    """Specmatic takes `^/` for the beginning of a delimited expression."""
    found = [schema["pattern"] for _, schema in value_schemas(contract) if "pattern" in schema]
    assert found
    assert not [pattern for pattern in found if pattern.startswith("^/")]


def test_no_example_stands_in_parentheses(contract: Node) -> None:
    """Specmatic takes `(text)` for the name of a type."""

    def texts(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, list):
            for each in value:
                yield from texts(each)
        elif isinstance(value, str):
            yield value

    shown = [
        each["value"]
        for _, content in media_types(contract)
        for each in content.get("examples", {}).values()
    ]
    shown += [parameter["example"] for _, _, parameter in operation_parameters(contract)]
    shown += [schema["example"] for _, schema in value_schemas(contract) if "example" in schema]
    assert not [text for text in texts(shown) if re.fullmatch(r"\(.*\)", text, re.DOTALL)]


@pytest.mark.parametrize("year", [2024, 2025])
def test_the_pattern_of_a_moment_knows_the_length_of_each_month(contract: Node, year: int) -> None:
    """Values generated from it are valid dates, except 29 February."""
    (pattern,) = {
        schema["pattern"] for _, schema in value_schemas(contract) if "x-format" in schema
    }
    days = [date(year, 1, 1) + timedelta(n) for n in range(366 if year % 4 == 0 else 365)]
    real = {f"{day:%m-%d}" for day in days} | {"02-29"}
    taken = {
        f"{month:02}-{day:02}"
        for month in range(14)
        for day in range(40)
        if re.search(pattern, f"{year}-{month:02}-{day:02} 09:00:00")
    }
    assert taken == real
