"""Schemas from which generators make good types: named enums, typed rows, consistent terms."""

from __future__ import annotations

import re
from typing import Any

import pytest

import openapi
from tests.openapi.walking import operations_by_id, resolve_ref, value_schemas

NAMED = re.compile(r"/components/schemas/[^/]+")
ROWS = {
    "MapObject": (
        "M13",
        {"id", "name", "status", "totalMember", "startDate", "startTime", "createTime"},
    ),
    "NoticeTaskMember": (
        "M14",
        {"memberId", "memberName", "status", "moodValues", "scenes", "lastContactTime"},
    ),
}
"""Rows that the documents leave open: decision, and the fields in the texts."""


def test_every_enum_is_a_schema_with_a_name(contract: dict[str, Any]) -> None:
    """Generators number inline enums: `Type1`, `GrantType1`, `OrderBy2`."""
    inline = [
        p for p, schema in value_schemas(contract) if "enum" in schema and not NAMED.fullmatch(p)
    ]
    assert inline == []


def test_what_may_be_null_has_a_type_of_its_own(contract: dict[str, Any]) -> None:
    """`nullable` beside `allOf`, `oneOf`, `anyOf` or `$ref` is ignored or rejects null.

    A nullable reference leads to a named schema that is nullable.
    """
    for pointer, schema in value_schemas(contract):
        if schema.get("nullable"):
            assert not {"allOf", "oneOf", "anyOf", "$ref"} & schema.keys(), pointer
            assert "type" in schema, pointer


def test_no_schema_has_a_name_that_a_generator_gives(contract: dict[str, Any]) -> None:
    """Clients for Go have a type `NullableX` for each schema `X`."""
    schemas = contract["components"]["schemas"]
    assert [name for name in schemas if name.endswith("OrNull")]
    assert not [name for name in schemas if f"Nullable{name}" in schemas]


@pytest.mark.parametrize("name", ROWS)
def test_an_open_row_lists_the_fields_that_its_text_names(
    contract: dict[str, Any], name: str
) -> None:
    """All of them are optional and marked, and others are allowed."""
    decision, fields = ROWS[name]
    row = contract["components"]["schemas"][name]
    assert set(row["properties"]) == fields == set(row["example"])
    assert "required" not in row
    assert row["additionalProperties"] is True
    assert {"properties", "additionalProperties"} <= set(row["x-inferred"][decision])
    loose = openapi.load(strictness="documented")["components"]["schemas"][name]
    assert not {"properties", "required"} & loose.keys()


def test_the_columns_of_the_task_list_are_the_fields_of_its_rows(contract: dict[str, Any]) -> None:
    """M13: the schema operation describes the keys of the rows."""
    answer = operations_by_id(contract)["getMarketingNoticeTaskSchema"]["responses"]["200"]
    examples = answer["content"]["application/json"]["examples"]
    columns = [column["key"] for column in examples["columns"]["value"]]
    assert columns == list(contract["components"]["schemas"]["MapObject"]["properties"])


def test_a_greeting_has_a_place_for_its_text_and_its_image(contract: dict[str, Any]) -> None:
    """M18: both are optional and marked; in `documented` strictness they may be anything."""
    name = "ConversationalTaskGreetingMo"
    greeting = contract["components"]["schemas"][name]
    assert set(greeting["properties"]) == {"type", "text", "image"}
    assert greeting["required"] == ["type"]
    assert {"properties/text", "properties/image"} <= set(greeting["x-inferred"]["M18"])
    loose = openapi.load(strictness="documented")["components"]["schemas"][name]["properties"]
    assert "type" not in loose["text"]
    assert "type" not in loose["image"]


@pytest.mark.parametrize(
    ("lang", "heading", "term", "others"),
    [
        ("zh", "**术语**", "计划任务", ("营销通知任务", "批次")),
        ("en", "**Glossary**", "plan task", ("marketing notice task", "batch")),
    ],
)
def test_plan_tasks_have_one_name_and_a_glossary_has_the_others(
    lang: openapi.Language, heading: str, term: str, others: tuple[str, ...]
) -> None:
    """The documents use task, sub-task, batch and conversational task; wire names stay."""
    contract = openapi.load(lang=lang)
    glossary = contract["info"]["description"].partition(heading)[2]
    assert f"| {term} |" in glossary.lower()
    for name in ("ConversationalTask", "taskCount", "marketing-notice", "notification-tasks"):
        assert f"`{name}`" in glossary
    texts = [
        text
        for node in (*operations_by_id(contract).values(), *contract["tags"])
        for text in (node.get("summary", ""), node["description"], node.get("x-displayName", ""))
    ]
    texts += [
        resolve_ref(contract, schema).get("description", "")
        for _, schema in value_schemas(contract)
    ]
    for other in others:
        assert not [text for text in texts if other in text.lower() and "`taskCount`" not in text]
    summaries = {
        name: operation["summary"].lower()
        for name, operation in operations_by_id(contract).items()
        if operation["tags"] == ["notice-tasks"]
    }
    del summaries["getMemberTemplate"]
    assert {name for name, summary in summaries.items() if term not in summary} == set()
