"""Probes of what a plan returns, and of its updates (L820-L847, L956-L999)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contract_tests.contract.sent_fields import comparable_fields
from contract_tests.rules.client import ApiClient
from contract_tests.rules.factories import new_plan, plan_body
from contract_tests.rules.outcome import expect_equal
from contract_tests.rules.probe_registry import ProbeRegistry
from contract_tests.rules.reading_dependent_requests import shown_field

probes = ProbeRegistry()
CREATE, UPDATE = "createMarketingNotice", "updateMarketingNotice"
OPTIONAL_FIELDS: dict[str, Any] = {
    "description": "邀请会员到店。",
    # The longest form, which no server refuses (M25).
    "startTime": "2035-04-21 09:00:00",
    "endTime": "2035-04-21 21:00:00",
    "replyStrategy": "CONSULTANT_NO_FURTHER_REPLY",
    "replyDelay": 15,
    "unifiedReply": True,
    "segmentSeparator": "||",
    "minReplyInterval": 5,
    "prompt": "你是品牌的护肤顾问。",
    "backgroundInfo": "新品上市。",
    "timeInfo": "每天 10:00 到 21:00。",
    "referenceCase": "顾客：在哪里？顾问：在一楼。",
    "timeoutWakeUp": True,
    "timeout": 30,
    "timeoutPrompt": "礼貌询问。",
    "greetings": [{"type": "TEXT"}, {"type": "IMAGE"}],
}
"""Every optional field of a plan except its scenes."""


@probes.accepted("MN-19", observes=("plan-update",))
def update_of_plan_replaces_every_field(api: ApiClient) -> None:
    """Update a plan without its optional fields; a server may remove all of them, or keep all."""
    made = new_plan(api, **OPTIONAL_FIELDS)
    after = api.call_ok(UPDATE, id=made["id"], body=plan_body(api, group=made["groupId"]))
    number = shown_field(after, "id")
    kept = _present_fields(after.json)
    if kept != _present_fields(OPTIONAL_FIELDS):
        expect_equal(kept, {}, "the optional fields after an update without them")
    read = api.call_json("getMarketingNotice", id=number)
    expect_equal(_present_fields(read), kept, "the optional fields when the plan is read")
    api.observe("plan-update", "merge" if kept else "replace", after)


@probes.accepted("MN-20")
def plan_returns_the_fields_that_were_sent(api: ApiClient) -> None:
    """Create, update and read a plan with every field and compare them.

    If the update gives it another id, the old one must be unknown.
    """
    made = new_plan(api, **OPTIONAL_FIELDS, sceneIds=[])
    body = plan_body(api, group=made["groupId"], **OPTIONAL_FIELDS, sceneIds=[])
    changed = api.call_json(UPDATE, id=made["id"], body=body)
    read = api.call_json("getMarketingNotice", id=changed["id"])
    expect_equal(read["id"], changed["id"], "the id when it is read")
    if changed["id"] != made["id"]:
        gone = api.call("getMarketingNotice", id=made["id"])
        expect_equal(gone.status, 404, "the status of the id before the update")
    for found in (made, changed, read):
        expect_equal(
            comparable_fields(found, OPTIONAL_FIELDS),
            comparable_fields(OPTIONAL_FIELDS, OPTIONAL_FIELDS),
            "the fields",
        )
        expect_equal(found["groupId"], made["groupId"], "groupId")
        # Scenes are sent and never returned (M21).
        expect_equal("sceneIds" in found, False, "sceneIds in the response")
    expect_equal(changed["name"], body["data"]["name"], "name")


def _present_fields(plan: Mapping[str, Any]) -> dict[str, Any]:
    """Return the optional fields of a plan that are not null, as they are compared."""
    found = comparable_fields(plan, OPTIONAL_FIELDS)
    return {name: value for name, value in found.items() if value is not None}
