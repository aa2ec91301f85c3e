"""Changes that readings make in the contract."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import openapi
from openapi import ContractError, Reading, load_readings, readings_with_defaults
from openapi.reading_changes import apply_readings
from openapi.readings import ContractChange
from openapi.walking import walk_nodes
from tests.openapi.walking import operations_by_id

SWITCHABLE = [each for each in load_readings() if each.switchable]
SAMPLE_VALUES = ("null", "spring", "task", "coerced")
CHOICES = [(each.key, value) for each in SWITCHABLE for value in each.values]


def changed(document: dict[str, Any], action: dict[str, Any]) -> dict[str, Any]:
    """Return the document after one action of a question with one answer."""
    text = {"zh": "问？", "en": "Q?"}
    question = Reading(
        "q",
        ("X1",),
        (),
        (),
        text,
        {"a": text},
        "a",
        "a",
        text,
        {},
        {},
        {"a": ContractChange([action])},
    )
    apply_readings(document, [question], {"q": "a"}, "en")
    return document


def errors_in_examples(contract: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every error in the examples of problem documents."""
    for _, kind, node in walk_nodes(contract):
        content = node.get("content", {}) if kind == "response" else {}
        for example in content.get("application/problem+json", {}).get("examples", {}).values():
            yield from example["value"].get("errors", ())


@pytest.fixture
def document() -> dict[str, Any]:
    """Return a small contract."""
    return {
        "paths": {},
        "components": {"schemas": {"A": {"type": "object"}, "B": {"type": "string"}}},
    }


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ({"at": "/components/schemas/A", "merge": {"type": None, "title": "t"}}, {"title": "t"}),
        ({"at": "/components/schemas/A", "set": {"zh": "甲", "en": "a"}}, "a"),
        ({"at": "/components/schemas/*/type", "set": "integer"}, {"type": "integer"}),
        (
            {
                "at": "/components/schemas/A/type",
                "replace": {"zh": ["对", "不对"], "en": ["ject", "tained"]},
            },
            {"type": "obtained"},
        ),
    ],
)
def test_an_action_merges_sets_or_replaces(
    document: dict[str, Any], action: dict[str, Any], expected: Any
) -> None:
    """A merge patch removes with null, `*` matches every name, and a text is in the language."""
    assert changed(document, action)["components"]["schemas"]["A"] == expected


def test_an_action_removes(document: dict[str, Any]) -> None:
    """The name is gone, and its siblings are not."""
    found = changed(document, {"at": "/components/schemas/A", "remove": True})
    assert [*found["components"]["schemas"]] == ["B"]


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ({"at": "/components/schemas/C", "set": 1}, "nothing is at /components/schemas/C"),
        ({"at": "/components/schemas/A"}, "needs merge, set"),
        ({"transform": "none"}, "none is not one of"),
        (
            {"at": "/components/schemas/A/type", "replace": {"zh": ["甲", ""], "en": ["x", ""]}},
            "it has no text 'x'",
        ),
    ],
)
def test_an_action_that_does_nothing_is_an_error(
    document: dict[str, Any], action: dict[str, Any], reason: str
) -> None:
    """A change of the contract must not lose an action silently."""
    with pytest.raises(ContractError, match=reason):
        changed(document, action)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        # One takes half a second; those without the mark change the most.
        pytest.param(key, value, marks=[] if value in SAMPLE_VALUES else [pytest.mark.whole])
        for key, value in CHOICES
    ],
)
def test_every_exact_form_is_a_contract(key: str, value: str) -> None:
    """It is valid OpenAPI and names its readings, and its examples are there and fit its rules."""
    contract = openapi.load(readings=readings_with_defaults({key: value}))
    openapi.check_document(contract, lambda pointer: (f"{key}={value}", pointer))
    assert contract["x-readings"][key] == value
    for name, operation in operations_by_id(contract).items():
        for content in operation.get("requestBody", {}).get("content", {}).values():
            assert content["examples"], name
    for error in errors_in_examples(contract):
        if rule := contract["x-rules"].get(error["rule"]):
            # A mistake in a member file has a sentence of its own.
            assert "code" in error or error["message"] == rule["zh"]
        else:
            assert not error["rule"][0].isupper(), error["rule"]


def test_the_published_form_allows_null_and_both_bodies_of_errors() -> None:
    """A client that is made from it survives every answer about them."""
    contract = openapi.load()
    assert "x-readings" not in contract
    schemas = contract["components"]["schemas"]
    assert schemas["ConversationalTaskOutput"]["properties"]
    assert {*contract["components"]["responses"]["NotFound"]["content"]} == {
        "application/json",
        "application/problem+json",
    }
    page = schemas["SpringPage"]
    assert "total" not in page["required"]
    assert page["properties"]["total"]["nullable"] is True


def test_the_exact_form_has_one_body_of_errors() -> None:
    """Types that are made from it have the fields of a problem."""
    contract = openapi.load(readings="exact")
    assert [*contract["components"]["responses"]["NotFound"]["content"]] == [
        "application/problem+json"
    ]
    assert "ProviderError" not in contract["components"]["schemas"]
    assert "nullable" not in contract["components"]["schemas"]["SpringPage"]["properties"]["total"]


def test_null_responses_are_complete() -> None:
    """Where absent values are null, every field of an answer is there."""
    contract = openapi.load(readings=readings_with_defaults({"absent-values": "null"}))
    plan = contract["components"]["schemas"]["MarketingNoticeOutput"]
    assert {*plan["required"]} == {*plan["properties"]}


def test_null_responses_need_not_be_complete_while_another_question_is_open() -> None:
    """The schemas then have the fields of all its answers, of which a server has only some."""
    contract = openapi.load(readings=openapi.all_readings({"absent-values": "null"}))
    content = contract["components"]["schemas"]["NotificationContentOutput"]
    assert {*content["properties"]} >= {"contentType", "type"}
    assert not {*content.get("required", ())} & {*content["properties"]}
    plan = contract["components"]["schemas"]["MarketingNoticeOutput"]["properties"]
    assert plan["endTime"]["nullable"] is True


def test_null_stands_for_no_spelling_of_another_reading() -> None:
    """Where absent values are null, a response has the fields of one spelling only."""
    for readings, schema, names in (
        ({"content-names": "type"}, "NotificationDetailContent", {"type", "value"}),
        ({}, "NotificationContentOutput", {"contentType", "contentValue"}),
        (
            {"executions-envelope": "task"},
            "NotificationTaskExecutionPage",
            {"task_id", "total_members", "executions"},
        ),
        ({}, "NotificationTaskExecutionPage", {"page", "records"}),
    ):
        contract = openapi.load(
            readings=readings_with_defaults({"absent-values": "null", **readings})
        )
        found = contract["components"]["schemas"][schema]
        assert {*found["required"]} == {*found["properties"]} == names


def test_requests_and_responses_part_where_null_means_two_things() -> None:
    """A member may be sent with a null, and is not answered with one."""
    schemas = openapi.load(readings="exact")["components"]["schemas"]
    assert schemas["NotificationTaskMemberRequest"]["properties"]["ciq"]["nullable"] is True
    assert "nullable" not in schemas["NotificationTaskMember"]["properties"]["ciq"]


def test_a_dropped_rule_is_nowhere_in_the_exact_form() -> None:
    """A server that deletes a group with plans has no rule against it."""
    contract = openapi.load(readings=readings_with_defaults({"group-with-plans": "deleted"}))
    assert "GR-02" not in contract["x-rules"]
    assert "GR-02" not in operations_by_id(contract)["deleteGroup"]["description"]
    assert "GR-02" in openapi.load(readings="all")["x-rules"]


def test_actions_on_errors_hold_with_every_body_of_errors() -> None:
    """The bodies of errors are replaced last, so that no action loses the place that it changes."""
    at = "/components/responses/NotFound/content/application~1problem+json/examples/notFound"
    document = openapi.load()
    text = {"zh": "问？", "en": "Q?"}
    changes = [
        ContractChange([{"transform": "spring-errors"}]),
        ContractChange([{"at": at, "remove": True}]),
    ]
    questions = [
        Reading(key, ("X1",), (), (), text, {"a": text}, "a", "a", text, {}, {}, {"a": change})
        for key, change in zip("pq", changes, strict=True)
    ]
    apply_readings(document, questions, {"p": "a", "q": "a"}, "en")
    assert [*document["components"]["responses"]["NotFound"]["content"]] == ["application/json"]


def test_a_rule_about_numbers_governs_only_ids_that_are_numbers() -> None:
    """ID-01 does not hold for the reports of a member who is named by a userId; ID-02 does."""
    contract = openapi.load(readings=readings_with_defaults({"daily-reports-id": "userId"}))
    operations = operations_by_id(contract)
    governed = {name for name, each in operations.items() if "ID-01" in each["x-rules"]}
    named = {name for name, each in operations.items() if "ID-02" in each["x-rules"]}
    assert named - governed == {"listMemberDailyReports"}
    assert governed < named


@pytest.mark.parametrize("form", ["published", "exact", "all", "strict"])
def test_every_schema_is_used(form: openapi.ContractForm) -> None:
    """A schema of which only the nullable copy is used gives that copy its name."""
    contract = openapi.load(readings=form)
    text = openapi.dump(contract, "json")
    for name in contract["components"]["schemas"]:
        assert f'"#/components/schemas/{name}"' in text, name
