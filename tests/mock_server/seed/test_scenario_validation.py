"""The JSON Schema of a scenario: it has the contract's fields, and all that the reader uses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

import openapi
from mock_server.domain import conversations, notification_tasks
from mock_server.domain.notices import DETAIL_FIELDS
from mock_server.seed.scenario_builder import TABLES
from mock_server.seed.scenario_export import export_scenario
from mock_server.seed.scenario_reader import RECORD_KINDS
from mock_server.seed.scenario_validation import SCHEMA_FILE, scenario_schema, schema_violations
from tests.mock_server.seed.scenarios import find_violations, notification_task
from tests.mock_server.seed.test_scenario_export import demo_world

SCHEMA = scenario_schema()
COMPONENTS = openapi.load(readings="exact")["components"]["schemas"]
LIMITS = ("type", "enum", "minimum", "maximum", "minLength", "maxLength")
OWN_FIELDS = {
    "files": {"id", "text", "base64", "path", "contentType", "createTime", "fileName"},
    "plans": {"id", "status", "createTime", "lastUpdateTime", "firstId", "phases", "sceneHistory"},
    "scenes": {"id", "sceneType", "createTime", "lastUpdateTime"},
    "notificationTasks": {"id", "recipients", "createTime", "lastUpdateTime", "terminateTime"}
    | {"outcomes"},
}
"""Fields that a request does not have."""
REQUESTS = {
    "plans": "MarketingNoticeDataInput",
    "scenes": "ConversationalTaskSceneInput",
    "notificationTasks": "NotificationTaskInput",
}


def fields_of(kind: str) -> dict[str, Any]:
    """Return the fields of the entries of a list."""
    return dict(SCHEMA["properties"][kind]["items"]["properties"])


def limits_of(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the keywords of a field that both schemas have."""
    if reference := schema.get("$ref"):
        schema = COMPONENTS[reference.rpartition("/")[2]]
    found = {name: schema[name] for name in LIMITS if name in schema}
    if "enum" in found:
        found["enum"] = sorted(value for value in found["enum"] if value is not None)
    return found


@pytest.mark.parametrize(("kind", "request_schema"), REQUESTS.items())
def test_an_entry_has_the_fields_of_the_contracts_request(kind: str, request_schema: str) -> None:
    """The same names, types, values and limits, so that a request can be copied into a file."""
    ours, theirs = fields_of(kind), COMPONENTS[request_schema]["properties"]
    assert ours.keys() - OWN_FIELDS[kind] == theirs.keys()
    times = {"scheduledStartTime", "scheduledEndTime"}
    for name in theirs.keys() - times - {"externalId", "contents", "members"}:
        wanted = limits_of(theirs[name])
        if name == "name":  # it may be empty by the reading empty-names
            wanted.pop("minLength")
        assert limits_of(ours[name]) == wanted, name


def test_the_fields_of_contents_and_members_are_those_of_the_contract() -> None:
    """Beside `fileId`, which stands for a file of the mock."""
    ours = fields_of("notificationTasks")["contents"]["items"]["properties"]
    theirs = COMPONENTS["NotificationContentInput"]["properties"]
    assert ours.keys() - {"fileId"} == theirs.keys()
    assert all(limits_of(ours[name]) == limits_of(theirs[name]) for name in theirs)
    member = SCHEMA["$defs"]["member"]["properties"]
    assert {"memberId", "userId", "ciq"} | {"nickname"} == member.keys()
    assert member.keys() >= COMPONENTS["NotificationTaskMember"]["properties"].keys()


def test_outcomes_are_all_that_the_mock_knows() -> None:
    """A status that the mock adds has to be added to the schema."""
    plan = fields_of("planTasks")["outcomes"]["items"]["properties"]["status"]["enum"]
    assert set(plan) == set(conversations.OUTCOME_BY_STATUS)
    task = fields_of("notificationTasks")["outcomes"]["items"]["properties"]["status"]["enum"]
    assert set(task) == {
        notification_tasks.SUCCESS,
        notification_tasks.FAILED,
        notification_tasks.PENDING,
    }


STORED_AS_SENT = {"nickname", "strategy", "type"}
"""Fields of members, strategies and greetings, which the mock stores without reading them."""


def test_the_reader_uses_every_field_of_the_schema() -> None:
    """A field that no line of the reader names would be ignored silently."""
    modules = ("builder", "file", "permissions", "plans", "reader", "world")
    source = "".join(
        (SCHEMA_FILE.parent / f"scenario_{name}.py").read_text(encoding="utf-8") for name in modules
    )
    assert "in notices.DETAIL_FIELDS" in source
    unused = {name for name in _field_names(SCHEMA) if f'"{name}"' not in source}
    assert unused - {*DETAIL_FIELDS} == STORED_AS_SENT


def _field_names(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        for name, value in schema.items():
            if name == "properties":
                yield from value
            yield from _field_names(value)


def test_every_list_and_detail_is_known_to_the_reader() -> None:
    """The tables in the code are those of the schema."""
    lists = {name for name, each in SCHEMA["properties"].items() if each.get("type") == "array"}
    assert lists == {*RECORD_KINDS, "clients", "users", "members"}
    assert {*TABLES} == {*RECORD_KINDS}
    assert {*DETAIL_FIELDS} == COMPONENTS["MarketingNoticeDataInput"]["properties"].keys() - {
        "name",
        "groupId",
        "sceneIds",
    }


def test_the_schema_is_a_valid_schema_and_admits_an_exported_world() -> None:
    """An editor finds no error in a file that the mock has written."""
    assert jsonschema_rs.meta.is_valid(SCHEMA)
    assert schema_violations(export_scenario(demo_world())) == []


FORM_ERRORS: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "a misspelled list": ({"grups": []}, "/grups", "additionalProperties", "groups"),
    "a misspelled field": (
        {"notificationTasks": [notification_task(taskname="x")]},
        "/notificationTasks/0/taskname",
        "additionalProperties",
        "taskName, taskType",
    ),
    "a missing field": ({"groups": [{}]}, "/groups/0/name", "required", "required name"),
    "a wrong type": ({"seed": "7"}, "/seed", "type", "type integer"),
    "an unknown value": ({"base": "large"}, "/base", "enum", "demo, empty"),
    "an impossible form of a time": (
        {"groups": [{"name": "x", "createTime": "2 hours ago"}]},
        "/groups/0/createTime",
        "pattern",
        "now, -2h, +1d12h, today 10:00, -1d 09:30, 2025-04-21 09:00:00",
    ),
    "two sources of a file": (
        {"files": [{"moduleName": "m", "fileName": "x", "text": "", "base64": ""}]},
        "/files/0",
        "oneOf",
        "text | base64 | path",
    ),
    "a member without an id": (
        {"notificationTasks": [notification_task(members=[{"nickname": "x"}])]},
        "/notificationTasks/0/members/0",
        "oneOf",
        "memberId | userId | ciq",
    ),
    "a client whose id has a colon": (
        {"clients": [{"client_id": "a:b", "client_secret": "x"}]},
        "/clients/0/client_id",
        "pattern",
        "pattern ^[^:]*$",
    ),
    "a list": ([], "", "type", "type object"),  # type: ignore[dict-item]
}


@pytest.mark.parametrize("case", FORM_ERRORS)
def test_an_error_names_the_place_and_what_is_accepted(case: str) -> None:
    """The nearest names for a misspelled one."""
    document, pointer, rule, accepted = FORM_ERRORS[case]
    [violation] = find_violations(document)
    assert (violation.pointer, violation.rule, violation.accepted) == (pointer, rule, accepted)


def test_an_error_does_not_show_a_password() -> None:
    """It names the place and the type."""
    [violation] = find_violations({"users": [{"username": "a", "password": 12345}]})
    assert (violation.pointer, violation.found) == ("/users/0/password", "")
