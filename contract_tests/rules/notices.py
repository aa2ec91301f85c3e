"""Probes of the fields of a plan (L735-L858, L956-L1165)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.contract.sent_fields import comparable_fields
from contract_tests.rules.client import NONEXISTENT_ID, ApiClient
from contract_tests.rules.factories import new_group, new_plan, new_scene, plan_body, without_fields
from contract_tests.rules.outcome import ExpectedRefusal, expect_equal
from contract_tests.rules.probe_registry import ProbeRegistry
from contract_tests.rules.reading_dependent_requests import (
    EMPTY_NAMES,
    UNKNOWN_IDS,
    is_accepted_or_observe_refusal,
    observe_empty_name_or_yield_refusal,
    shown_field,
)

probes = ProbeRegistry()
CREATE, UPDATE = "createMarketingNotice", "updateMarketingNotice"
REPLY_STRATEGIES = (
    "CONSULTANT_CONTINUE_AFTER_REPLY",
    "CONSULTANT_NO_FURTHER_REPLY",
    "AI_HOSTING_END_AFTER_REPLY",
)
DELAY_FIELDS = ("replyDelay", "minReplyInterval", "timeout")
# The documents call the delays integers; that they have 32 bits is ours (M44).
MAX_INT32 = 2**31 - 1


def iter_plan_writes(api: ApiClient) -> Iterator[tuple[str, dict[str, Any], int]]:
    """Yield operation, ids in the path and group for creating and for updating a plan."""
    made = new_plan(api)
    yield CREATE, {}, made["groupId"]
    yield UPDATE, {"id": made["id"]}, made["groupId"]


def write_plans_with_invalid_data(
    api: ApiClient, pointer: str, *wrong: dict[str, Any]
) -> Iterator[ExpectedRefusal]:
    """Create and update a plan with each of these data, and yield the responses."""
    for operation, ids, group in iter_plan_writes(api):
        for data in wrong:
            answer = api.call(operation, body=plan_body(api, group=group, **data), **ids)
            yield f"/body/data/{pointer}", answer


def write_plans_with_valid_data(api: ApiClient, *right: dict[str, Any]) -> None:
    """Create and update a plan with each of these data, which the response must repeat."""
    for operation, ids, group in iter_plan_writes(api):
        number = ids.get("id")
        for data in right:
            path = {"id": number} if ids else {}
            after = api.call_json(operation, body=plan_body(api, group=group, **data), **path)
            number = after["id"]  # an update may give another one (M22)
            expect_equal(
                comparable_fields(after, data),
                comparable_fields(data, data),
                f"the fields after {operation}",
            )


@probes.accepted("MN-01", observes=("null-in-requests",))
def accepts_plan_with_required_fields_only(api: ApiClient) -> None:
    """Create and update a plan with its required fields only, and with null for another one."""
    write_plans_with_valid_data(api, {})
    answer = api.call(CREATE, body=plan_body(api, description=None))
    if is_accepted_or_observe_refusal(api, "null-in-requests", answer):
        expect_equal(shown_field(answer, "description"), None, "description")
        api.observe("null-in-requests", "absent", answer)


@probes.refused("MN-01")
def refuses_plan_without_a_required_field(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create and update a plan without each required field."""
    for operation, ids, group in iter_plan_writes(api):
        whole = plan_body(api, group=group)
        for name in ("options", "data"):
            yield f"/body/{name}", api.call(operation, body=without_fields(whole, name), **ids)
        for name in ("name", "groupId"):
            body = {**whole, "data": without_fields(whole["data"], name)}
            yield f"/body/data/{name}", api.call(operation, body=body, **ids)


@probes.accepted("MN-22")
def accepts_new_name_of_plan(api: ApiClient) -> None:
    """Create a plan, then update its name."""
    made, name = new_plan(api), api.unique_name()
    body = plan_body(api, group=made["groupId"], name=name)
    expect_equal(api.call_json(UPDATE, id=made["id"], body=body)["name"], name, "name")


@probes.refused("MN-22", observes=(EMPTY_NAMES,))
def refuses_plan_with_empty_name(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create and update a plan with an empty name; a server may also accept it."""
    for pointer, answer in write_plans_with_invalid_data(api, "name", {"name": ""}):
        yield from observe_empty_name_or_yield_refusal(api, pointer, answer)


@probes.accepted("MN-02")
def moves_plan_to_existing_group(api: ApiClient) -> None:
    """Move a plan to another group."""
    made, other = new_plan(api), new_group(api)["id"]
    after = api.call_json(UPDATE, id=made["id"], body=plan_body(api, group=other))
    expect_equal(after["groupId"], other, "groupId")


@probes.refused("MN-02", status_reading=UNKNOWN_IDS)
def refuses_plan_in_nonexistent_group(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create and update a plan with a group that does not exist."""
    for operation, ids, _ in iter_plan_writes(api):
        answer = api.call(operation, body=plan_body(api, group=NONEXISTENT_ID), **ids)
        yield "/body/data/groupId", answer


@probes.accepted("MN-03")
def accepts_plan_with_existing_scenes(api: ApiClient) -> None:
    """Create and update a plan with existing scenes, also as monitored ones."""
    scene = new_scene(api, new_plan(api)["id"])["id"]
    watched = [{"sceneId": scene, "strategy": ["AI_SERVICE_END_UNTIL_RESTART"]}]
    for operation, ids, group in iter_plan_writes(api):
        body = plan_body(api, group=group, sceneIds=[scene], monitoringStrategy=watched)
        expect_equal(
            api.call_json(operation, body=body, **ids)["monitoringStrategy"], watched, "watched"
        )


@probes.refused("MN-03", status_reading=UNKNOWN_IDS)
def refuses_plan_with_nonexistent_scenes(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create and update a plan with a second scene, or a monitored one, that does not exist."""
    scene = new_scene(api, new_plan(api)["id"])["id"]
    # The second of two, so that the refusal has to point to an element.
    yield from write_plans_with_invalid_data(
        api, "sceneIds/1", {"sceneIds": [scene, NONEXISTENT_ID]}
    )
    watched = [{"sceneId": NONEXISTENT_ID, "strategy": []}]
    yield from write_plans_with_invalid_data(
        api, "monitoringStrategy/0/sceneId", {"monitoringStrategy": watched}
    )  # fmt: skip


@probes.accepted("MN-12")
def accepts_both_plan_options(api: ApiClient) -> None:
    """Create a plan as DRAFT and update it with RELEASE."""
    made = new_plan(api)
    body = plan_body(api, "RELEASE", made["groupId"])
    api.call_json(UPDATE, id=made["id"], body=body)


@probes.refused("MN-12")
def refuses_unknown_plan_option(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create and update a plan with unknown options, and with options in lower case."""
    for operation, ids, group in iter_plan_writes(api):
        for options in ("PUBLISH", "draft"):
            answer = api.call(operation, body=plan_body(api, options, group), **ids)
            yield "/body/options", answer


@probes.accepted("MN-13")
def accepts_plan_with_every_reply_strategy(api: ApiClient) -> None:
    """Create and update a plan with each reply strategy."""
    write_plans_with_valid_data(api, *({"replyStrategy": name} for name in REPLY_STRATEGIES))


@probes.refused("MN-13")
def refuses_plan_with_unknown_reply_strategy(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create and update a plan with an unknown reply strategy, and with an empty one."""
    wrong = ({"replyStrategy": name} for name in ("AI_ONLY", ""))
    yield from write_plans_with_invalid_data(api, "replyStrategy", *wrong)


@probes.accepted("MN-14")
def accepts_plan_with_both_greeting_types(api: ApiClient) -> None:
    """Create and update a plan with both types of greeting, and an additional field."""
    # The documents give no field for what a greeting says, so any further one is allowed (M18).
    write_plans_with_valid_data(
        api, {"greetings": [{"type": "TEXT", "content": "您好"}, {"type": "IMAGE"}]}
    )


@probes.refused("MN-14")
def refuses_unknown_or_missing_greeting_type(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create and update a plan with a greeting of an unknown type, and without a type."""
    wrong = ({"greetings": [greeting]} for greeting in ({"type": "VIDEO"}, {"content": "您好"}))
    yield from write_plans_with_invalid_data(api, "greetings/0/type", *wrong)


@probes.accepted("MN-15")
def accepts_plan_with_monitored_scene(api: ApiClient) -> None:
    """Create and update a plan with a monitored scene and one strategy."""
    scene = new_scene(api, new_plan(api)["id"])["id"]
    watched = {"sceneId": scene, "strategy": ["AI_SERVICE_END_UNTIL_RESTART"]}
    write_plans_with_valid_data(api, {"monitoringStrategy": [watched]})


@probes.refused("MN-15")
def refuses_monitored_scene_without_required_field(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create and update a plan with a monitored scene without each required field."""
    scene = new_scene(api, new_plan(api)["id"])["id"]
    whole = {"sceneId": scene, "strategy": ["AI_SERVICE_END_UNTIL_RESTART"]}
    for name in whole:
        wrong = {"monitoringStrategy": [without_fields(whole, name)]}
        yield from write_plans_with_invalid_data(api, f"monitoringStrategy/0/{name}", wrong)


@probes.accepted("MN-17")
def accepts_plan_with_smallest_and_largest_delays(api: ApiClient) -> None:
    """Create and update a plan with the smallest and the largest delays."""
    write_plans_with_valid_data(
        api, *(dict.fromkeys(DELAY_FIELDS, value) for value in (0, MAX_INT32))
    )


@probes.accepted("MN-17", observes=("number-as-text",))
def observes_plan_delay_as_text_and_text_as_number(api: ApiClient) -> None:
    """Create a plan with a delay, then with the delay as text, and a text as a number.

    A server may refuse these, or convert them.
    """
    group = new_group(api)["id"]
    new_plan(api, group=group, replyDelay=15, prompt="42")
    cases: tuple[tuple[str, Any, Any], ...] = (("replyDelay", "15", 15), ("prompt", 42, "42"))
    for name, sent, converted in cases:
        changed: dict[str, Any] = {name: sent}
        answer = api.call(CREATE, body=plan_body(api, group=group, **changed))
        if is_accepted_or_observe_refusal(api, "number-as-text", answer):
            expect_equal(shown_field(answer, name), converted, name)
            api.observe("number-as-text", "coerced", answer)


@probes.refused("MN-17")
def refuses_plan_with_delay_out_of_range(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create and update a plan with delays just out of range."""
    for name in DELAY_FIELDS:
        yield from write_plans_with_invalid_data(api, name, {name: -1}, {name: MAX_INT32 + 1})
