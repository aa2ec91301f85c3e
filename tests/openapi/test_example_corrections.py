"""Examples follow the readings in force: they are corrected, or dropped with their rule."""

from __future__ import annotations

from typing import Any

import openapi
from openapi import readings_with_defaults
from tests.openapi.walking import operations_by_id


def refusals(contract: dict[str, Any], operation: str) -> dict[str, Any]:
    """Return the examples of an operation's 400."""
    content = operations_by_id(contract)[operation]["responses"]["400"]["content"]
    found: dict[str, Any] = content["application/problem+json"]["examples"]
    return found


def test_examples_of_errors_have_the_sentence_of_the_reading() -> None:
    """Detail and message of an example are the sentence that the rule has under the reading."""
    contract = openapi.load(readings=readings_with_defaults({"empty-names": "accepted"}))
    examples = refusals(contract, "createNotificationTask")
    found = examples["taskNameTooLong"]["value"]
    sentence = contract["x-rules"]["NT-01"]["zh"]
    assert (found["detail"], found["errors"][0]["message"]) == (sentence, sentence)
    assert sentence != openapi.load()["x-rules"]["NT-01"]["zh"]


def test_examples_of_a_dropped_rule_are_dropped() -> None:
    """A server that takes repeated members does not refuse them in an example."""
    readings = readings_with_defaults({"repeated-members": "merged"})
    examples = refusals(openapi.load(readings=readings), "createNotificationTask")
    assert "memberTwice" not in examples
    assert "notMemberList" in examples


def test_a_rule_can_govern_more_operations_under_a_reading() -> None:
    """Its sentence is in their examples, and an error of a dropped rule is not shown."""
    given = {"system-scenes": "none", "group-with-plans": "deleted"}
    contract = openapi.load(readings=readings_with_defaults(given))
    operations = operations_by_id(contract)
    shown = operations["updateScene"]["responses"]["400"]["content"]["application/problem+json"]
    problem = shown["examples"]["systemScene"]["value"]
    assert "不得解绑" in problem["detail"]
    assert "不得解绑" in problem["errors"][0]["message"]
    assert "SC-10" in operations["unbindSceneExternalId"]["x-rules"]
    refused = operations["deleteGroup"]["responses"]["400"]["content"]["application/problem+json"]
    assert [*refused["examples"]] == ["idBelowOne"]


def test_examples_of_pages_follow_the_readings() -> None:
    """They are changed and not dropped."""
    given = {"page-sort": "object", "unpaged-pageable": "text", "page-total": "omitted"}
    contract = openapi.load(readings=readings_with_defaults(given))
    content = operations_by_id(contract)["listGroups"]["responses"]["200"]["content"]
    examples = content["application/json"]["examples"]
    paged, empty = (examples[label]["value"] for label in ("firstPage", "empty"))
    assert paged["sort"] == {"sorted": True, "unsorted": False, "empty": False}
    assert paged["sort"] == paged["pageable"]["sort"]
    assert empty["pageable"] == "INSTANCE"
    assert "total" not in paged
    assert "total" not in empty


def test_readings_of_errors_and_of_their_examples_combine() -> None:
    """Spring's bodies have none of the examples that other readings change."""
    given = {"refusal-body": "spring", "comma-in-array-parameters": "literal"}
    contract = openapi.load(readings=readings_with_defaults(given))
    responses = operations_by_id(contract)["listGroups"]["responses"]
    assert [*responses["400"]["content"]] == ["application/json"]
