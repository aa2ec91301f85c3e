"""Bodies without undeclared fields, and the conventions that the introduction names."""

from __future__ import annotations

from typing import Any

import pytest

import openapi
from openapi.closed_request_bodies import forbid_undeclared_body_fields
from openapi.nullability import request_schemas, separate_requests

CONVENTIONS = {
    "absent-values": ("没有值的可选字段会省略", "没有值的可选字段为 null"),
    "null-in-requests": ("可选字段为 null 视同未提交", "字段为 null 会返回 400"),
    "empty-query-values": ("视同未提交该参数", "按空字符串处理"),
    "unknown-input": ("未列出的字段和查询参数会被忽略", "未列出的字段和查询参数会返回 400"),
    "refusal-body": ("`application/problem+json`", "Spring 的默认格式"),
}
"""Sentences of the introduction under the default answer and under the other one."""

SCHEMAS = "#/components/schemas/"


def closed(contract: dict[str, Any]) -> set[str]:
    """Return the names of schemas that forbid undeclared fields."""
    schemas = contract["components"]["schemas"]
    return {n for n, each in schemas.items() if each.get("additionalProperties") is False}


def test_bodies_of_requests_are_closed_and_what_responses_use_is_not() -> None:
    """Objects that declare other fields stay open."""
    answers = openapi.readings_with_defaults(
        {"unknown-input": "refused", "null-in-requests": "refused"}
    )
    contract = openapi.load(readings=answers)
    schemas = contract["components"]["schemas"]
    assert schemas["NotificationTaskMember"]["additionalProperties"] is True
    for schema in request_schemas(contract):
        if "properties" in schema:
            assert schema.get("additionalProperties") is not None, schema
    in_responses = {
        id(node)
        for *_, operation in openapi.iter_operations(contract)
        for response in operation["responses"].values()
        for _, kind, node in openapi.walk_nodes(response, "response", document=contract)
        if kind == "schema"
    }
    assert closed(contract)
    for name in closed(contract):
        assert id(schemas[name]) not in in_responses, name
    assert closed(openapi.load(readings="exact")) == set()


def test_closing_twice_is_closing_once() -> None:
    """The copies that were made for the requests are found again."""
    once = openapi.load(readings=openapi.readings_with_defaults({"unknown-input": "refused"}))
    twice = openapi.load(readings=openapi.readings_with_defaults({"unknown-input": "refused"}))
    forbid_undeclared_body_fields(twice)
    assert twice == once


@pytest.mark.whole
@pytest.mark.parametrize("key", CONVENTIONS)
def test_the_introduction_names_the_convention_in_force(key: str) -> None:
    """Each answer has its own sentence, and both languages have the same number of lines."""
    reading = next(each for each in openapi.load_readings() if each.key == key)
    answers = (reading.default, next(v for v in reading.values if v != reading.default))
    usual, other = CONVENTIONS[key]
    for answer, said, unsaid in zip(answers, (usual, other), (other, usual), strict=True):
        chosen = openapi.readings_with_defaults({key: answer})
        text = openapi.load(readings=chosen)["info"]["description"]
        assert said in text
        assert unsaid not in text
        english = openapi.load(lang="en", readings=chosen)["info"]["description"]
        assert english.count("\n- ") == text.count("\n- ")


def test_copies_for_requests_have_the_order_of_their_originals() -> None:
    """The hash seed of a process has no effect, so the mock's contract keeps its ETag."""
    names = [f"Body{number}" for number in range(9)]
    bodies = {name: {"application/json": {"schema": {"$ref": SCHEMAS + name}}} for name in names}
    document: dict[str, Any] = {
        "paths": {
            f"/{name}": {
                "post": {
                    "requestBody": {"content": content},
                    "responses": {"200": {"description": "", "content": content}},
                }
            }
            for name, content in bodies.items()
        },
        "components": {"schemas": {name: {"properties": {}} for name in names}},
    }
    separate_requests(document)
    assert [*document["components"]["schemas"]] == names + [f"{name}Request" for name in names]
