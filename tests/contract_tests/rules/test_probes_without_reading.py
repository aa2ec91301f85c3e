"""A server that follows no reading of an open question breaks the rule that depends on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from contract_tests.rules.probe_registry import all_probes
from contract_tests.rules.response import ApiResponse
from tests.contract_tests.rules.document_edits import set_field
from tests.contract_tests.rules.probe_contexts import ProbeMock, with_fault
from tests.wire_faults import DocumentEdit, OperationExchange, WireFault, edit_response

SentTest = Callable[[OperationExchange], bool]
CREATE_PLAN, UPDATE_PLAN = "createMarketingNotice", "updateMarketingNotice"
CREATE_NOTIFICATION, CREATE_TASK = "createNotificationTask", "createMarketingNoticeTask"


def has_data(**fields: Any) -> SentTest:
    """Return a test for requests whose body, or the data in it, has these fields."""

    def test(exchange: OperationExchange) -> bool:
        sent = json.loads(exchange.body) if exchange.body[:1] == b"{" else {}
        data = sent.get("data", sent)
        return all(name in data and data[name] == value for name, value in fields.items())

    return test


def has_query(name: str, part: str = "") -> SentTest:
    """Return a test for requests whose query has this parameter with this text in its value."""
    return lambda exchange: any(key == name and part in text for key, text in exchange.query)


def respond_if(
    operation: str, is_sent: SentTest, status: int, document: Any = None, *, last: bool = False
) -> WireFault:
    """Return the fault of a server that responds to some requests with this status.

    last: whether it carries them out before.
    """

    def fault(exchange: OperationExchange) -> None:
        is_time = bool(exchange.status) == last
        if exchange.operation == operation and is_time and is_sent(exchange):
            exchange.respond(status, document or {})

    return fault


def edit_if(operation: str, is_sent: SentTest, change: DocumentEdit) -> WireFault:
    """Return the fault of a server that returns something else to some requests."""

    def fault(exchange: OperationExchange) -> None:
        if is_sent(exchange):
            edit_response(operation, change)(exchange)

    return fault


def is_named_only_by(*names: str) -> SentTest:
    """Return a test for notification tasks whose only member has only one of these ids."""

    def test(exchange: OperationExchange) -> bool:
        members = json.loads(exchange.body or b"{}").get("members") or [{}]
        return len(members) == 1 and any({*members[0]} == {name, "nickname"} for name in names)

    return test


def names_member_twice(exchange: OperationExchange) -> bool:
    """Return whether the members of a notification task are one member twice."""
    members = json.loads(exchange.body or b"{}").get("members") or []
    return len(members) == 2 and members[0] == members[1]


def is_sent_as(media_type: str) -> SentTest:
    """Return a test for token requests: JSON begins with a brace."""
    is_json = media_type == "json"
    return lambda exchange: exchange.body.startswith(b"{") == is_json


def refuse_old_tokens(status: int) -> WireFault:
    """Return the fault of a server that refuses replaced access tokens with another status."""
    issued: dict[str, str] = {}
    replaced: set[str] = set()

    def fault(exchange: OperationExchange) -> None:
        if exchange.operation == "createToken" and exchange.status == 200:
            sent = json.loads(exchange.body)
            replaced.add(f"Bearer {issued.get(sent.get('refresh_token', ''))}")
            issued[exchange.document["refresh_token"]] = exchange.document["access_token"]
        elif not exchange.status and exchange.token in replaced:
            exchange.respond(status, {})

    return fault


FAULTS: list[tuple[str, str, WireFault]] = [
    ("null-in-requests", "MN-01", respond_if(CREATE_PLAN, has_data(description=None), 500)),
    (
        "null-in-requests",
        "MN-01",
        respond_if(CREATE_PLAN, has_data(description=None), 200, {"description": "null"}),
    ),
    (
        "empty-query-values",
        "MN-16",
        respond_if("listMarketingNotices", has_query("status"), 200, {"page": {"total": 0}}),
    ),
    (
        "number-as-text",
        "MN-17",
        respond_if(CREATE_PLAN, has_data(replyDelay="15"), 200, {"id": 1, "replyDelay": "15"}),
    ),
    (
        "number-as-text",
        "MN-17",
        respond_if(CREATE_PLAN, has_data(prompt=42), 200, {"id": 1, "prompt": None}),
    ),
    (
        "unknown-input",
        "GR-01",
        respond_if("updateGroup", has_data(color="red"), 200, {"name": "red"}),
    ),
    ("unknown-input", "GR-01", respond_if("updateGroup", has_data(color="red"), 404)),
    (
        "text-length",
        "NT-01",
        edit_response("getNotificationTask", lambda task: {**task, "taskName": "?"}),
    ),
    ("empty-names", "GR-06", respond_if("createGroup", has_data(name=""), 200, {"name": "?"})),
    ("plan-update", "MN-19", edit_response(UPDATE_PLAN, set_field("timeout", value=30))),
    (
        "plan-time-format",
        "MT-02",
        respond_if(CREATE_TASK, has_data(startTime="10:30"), 200, {"startTime": "00:00"}),
    ),
    ("unknown-id-in-body", "MN-02", respond_if(CREATE_PLAN, has_data(groupId=2**62), 409)),
    (
        "comma-in-array-parameters",
        "GR-05",
        respond_if("listGroups", has_query("ids", ","), 200, {"content": []}),
    ),
    (
        "comma-in-array-parameters",
        "PG-06",
        respond_if("listGroups", has_query("ids", ","), 500),
    ),
    (
        "scene-filter-external-id",
        "SC-05",
        respond_if("listScenes", has_query("externalId"), 200, {"content": [{"id": 1}]}),
    ),
    (
        "member-identification",
        "NT-05",
        respond_if(CREATE_NOTIFICATION, is_named_only_by("ciq"), 400),
    ),
    (
        "repeated-members",
        "NT-30",
        respond_if(CREATE_NOTIFICATION, names_member_twice, 200, {"totalMembers": 3}),
    ),
    (
        "termination-reason",
        "NT-26",
        respond_if("terminateNotificationTask", lambda exchange: exchange.body == b"{}", 404),
    ),
    (
        "start-in-the-past",
        "NT-24",
        edit_response(CREATE_NOTIFICATION, lambda task: {**task, "status": "PENDING"}),
    ),
    (
        "end-time-adjusted",
        "NT-24",
        edit_response(
            "getNotificationTask",
            set_field("scheduledEndTime", value="2099-01-01 00:00:00"),
        ),
    ),
    (
        "daily-reports-id",
        "ME-03",
        respond_if("listMemberDailyReports", lambda _: True, 404),
    ),
    ("token-request-form", "AU-07", respond_if("createToken", is_sent_as("form"), 500)),
    (
        "token-request-form",
        "AU-07",
        respond_if("createToken", is_sent_as("form"), 200, {"access_token": "wrong"}),
    ),
    ("old-access-token-after-refresh", "AU-06", refuse_old_tokens(403)),
]


@pytest.mark.parametrize(
    ("key", "rule", "fault"),
    FAULTS,
    ids=[f"{key}-{number}" for number, (key, _, _) in enumerate(FAULTS)],
)
def test_a_server_that_follows_no_reading_breaks_the_rule(
    faulty_probe_mock: ProbeMock, key: str, rule: str, fault: WireFault
) -> None:
    """Its response is neither of those that are possible."""
    seen: set[tuple[str, str]] = set()

    def note(reading: str, value: str, _answer: ApiResponse) -> None:
        seen.add((reading, value))

    probes = [each for each in all_probes() if each.rule == rule and key in each.observes]
    with with_fault(faulty_probe_mock, fault) as site:
        context = replace(site.context, observe=note)
        results = [context.run_probe(probe) for probe in probes]
    assert "broken" in {result.outcome for result in results}, seen
