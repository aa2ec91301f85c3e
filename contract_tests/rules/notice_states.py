"""Probes of the states of a plan and what they allow (L853-L883, L956-L1175, L1370-L1389)."""

from __future__ import annotations

from collections.abc import Iterator

from contract_tests.rules.client import ApiClient, format_datetime
from contract_tests.rules.factories import new_plan, new_plan_task, new_scene, plan_body
from contract_tests.rules.outcome import ExpectedRefusal, expect_equal
from contract_tests.rules.probe_registry import ProbeRegistry
from contract_tests.rules.reading_dependent_requests import (
    PLAN_TIMES,
    is_accepted_or_observe_refusal,
)

probes = ProbeRegistry()
UPDATE, DELETE = "updateMarketingNotice", "deleteMarketingNotice"
TERMINATE, ENABLE = "terminateMarketingNotice", "enableMarketingNotice"


def get_plan_status(api: ApiClient, plan_id: int) -> str:
    """Return the status of a plan."""
    return str(api.call_json("getMarketingNotice", id=plan_id)["status"])


def get_plan_task_status(api: ApiClient, task_id: int) -> str:
    """Return the status of a plan task."""
    return str(api.call_json("getMarketingNoticeTask", taskId=task_id)["status"])


@probes.accepted("MN-04")
def options_decide_the_plan_status(api: ApiClient) -> None:
    """Create and update plans with each option and read their status."""
    for options, expected in (("DRAFT", "DRAFT"), ("RELEASE", "EXECUTION")):
        made = new_plan(api, options)
        expect_equal(made["status"], expected, f"the status after {options}")
    after = new_plan(api)
    for options, expected in (("DRAFT", "DRAFT"), ("RELEASE", "EXECUTION")):
        body = plan_body(api, options, after["groupId"])
        # An update may give the plan another id (M22).
        after = api.call_json(UPDATE, id=after["id"], body=body)
        expect_equal(after["status"], expected, f"the status after a change to {options}")


@probes.accepted("MN-05")
def terminates_running_plan(api: ApiClient) -> None:
    """Terminate a running plan and read its status and that of its task."""
    made = new_plan(api, "RELEASE")["id"]
    task = new_plan_task(api, made)["id"]
    api.call_json(TERMINATE, id=made)
    expect_equal(get_plan_status(api, made), "TERMINATION", "the status of the plan")
    expect_equal(get_plan_task_status(api, task), "TERMINATION", "the status of its task")


@probes.refused("MN-05")
def refuses_termination_of_draft_or_terminated_plan(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Terminate a draft, and a plan that is terminated already."""
    yield "/path/id", api.call(TERMINATE, id=new_plan(api)["id"])
    made = new_plan(api, "RELEASE")["id"]
    api.call_json(TERMINATE, id=made)
    yield "/path/id", api.call(TERMINATE, id=made)


@probes.accepted("MN-06")
def enables_terminated_plan(api: ApiClient) -> None:
    """Enable a terminated plan."""
    made = new_plan(api, "RELEASE")["id"]
    api.call_json(TERMINATE, id=made)
    api.call_json(ENABLE, id=made)
    expect_equal(get_plan_status(api, made), "EXECUTION", "the status")


@probes.refused("MN-06")
def refuses_enabling_of_draft_or_running_plan(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Enable a draft, and a running plan."""
    for options in ("DRAFT", "RELEASE"):
        yield "/path/id", api.call(ENABLE, id=new_plan(api, options)["id"])


def new_completed_plan(api: ApiClient) -> int:
    """Return the id of a plan that has run to its end."""
    made = new_plan(api, "RELEASE", endTime=format_datetime(api.moment_at(1, 10)))["id"]
    # A second later: at its end a plan still runs (MN-21).
    api.advance_to(api.moment_at(1, 10, 0, 1))
    return int(made)


@probes.refused("MN-05", clock=True)
def refuses_termination_of_complete_plan(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Terminate a complete plan."""
    yield "/path/id", api.call(TERMINATE, id=new_completed_plan(api))


@probes.refused("MN-06", clock=True)
def refuses_enabling_of_complete_plan(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Enable a complete plan."""
    yield "/path/id", api.call(ENABLE, id=new_completed_plan(api))


@probes.accepted("MN-07")
def accepts_update_of_incomplete_plan(api: ApiClient) -> None:
    """Update a draft, a running plan and a terminated plan, which becomes a draft."""
    made = new_plan(api)
    for options in ("DRAFT", "RELEASE", "RELEASE"):
        body = plan_body(api, options, made["groupId"])
        made = api.call_json(UPDATE, id=made["id"], body=body)
    api.call_json(TERMINATE, id=made["id"])
    after = api.call_json(UPDATE, id=made["id"], body=plan_body(api, "DRAFT", made["groupId"]))
    expect_equal(after["status"], "DRAFT", "the status")


@probes.refused("MN-07")
def refuses_return_of_running_plan_to_draft(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Update a running plan with the options DRAFT."""
    made = new_plan(api, "RELEASE")
    body = plan_body(api, "DRAFT", made["groupId"])
    yield "/body/options", api.call(UPDATE, id=made["id"], body=body)


@probes.refused("MN-07", clock=True)
def refuses_update_of_complete_plan(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Update a complete plan with each option."""
    made = new_completed_plan(api)
    for options in ("RELEASE", "DRAFT"):
        yield "/path/id", api.call(UPDATE, id=made, body=plan_body(api, options))


@probes.accepted("MN-08")
def deletes_draft_and_terminated_plan(api: ApiClient) -> None:
    """Delete a draft and a terminated plan."""
    made = new_plan(api, "RELEASE")["id"]
    api.call_json(TERMINATE, id=made)
    for one in (new_plan(api)["id"], made):
        api.call_json(DELETE, id=one)
        expect_equal(api.call("getMarketingNotice", id=one).status, 404, "the plan afterwards")


@probes.refused("MN-08")
def refuses_deletion_of_running_plan(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Delete a running plan, and one that was terminated and enabled."""
    made = new_plan(api, "RELEASE")["id"]
    yield "/path/id", api.call(DELETE, id=made)
    api.call_json(TERMINATE, id=made)
    api.call_json(ENABLE, id=made)
    yield "/path/id", api.call(DELETE, id=made)


@probes.accepted("MN-09")
def deletion_of_plan_deletes_its_tasks(api: ApiClient) -> None:
    """Delete a plan and use its task in every operation; its scene must remain."""
    made = new_plan(api)["id"]
    scene = new_scene(api, made)["id"]
    task = new_plan_task(api, made)["id"]
    api.call_json(DELETE, id=made)
    for operation in (
        "getMarketingNoticeTask",
        "listMarketingNoticeTaskMembers",
        "getMarketingNoticeTaskReport",
        "terminateMarketingNoticeTask",
    ):
        expect_equal(api.call(operation, taskId=task).status, 404, f"{operation} afterwards")
    # A scene may serve other plans, too (M49).
    expect_equal(api.call_json("getScene", id=scene)["id"], scene, "the scene afterwards")
    rows = api.call_json("listScenes", query={"planId": made})["content"]
    expect_equal(rows, [], "the scenes of the plan that is gone")


@probes.accepted("MN-18")
def enabling_of_plan_does_not_enable_its_tasks(api: ApiClient) -> None:
    """Terminate and enable a plan, and read the status of its task."""
    made = new_plan(api, "RELEASE")["id"]
    task = new_plan_task(api, made)["id"]
    api.call_json(TERMINATE, id=made)
    api.call_json(ENABLE, id=made)
    expect_equal(get_plan_status(api, made), "EXECUTION", "the status of the plan")
    expect_equal(get_plan_task_status(api, task), "TERMINATION", "the status of its task")


@probes.accepted("MN-21", clock=True, observes=(PLAN_TIMES,))
def plan_is_complete_after_its_end(api: ApiClient) -> None:
    """Read plans with and without an end, and a draft, at the end and after it."""
    end = format_datetime(api.moment_at(1, 10))
    ending = new_plan(api, "RELEASE", endTime=end)["id"]
    later = {ending: "COMPLETE", new_plan(api, endTime=end)["id"]: "DRAFT"}
    later[new_plan(api, "RELEASE")["id"]] = "EXECUTION"
    # A date includes its whole day, and a time of day is a daily window without an end (M25).
    answer = api.call("createMarketingNotice", body=plan_body(api, "RELEASE", endTime=end[:10]))
    dated = None
    if is_accepted_or_observe_refusal(api, PLAN_TIMES, answer, refused="full"):
        dated = answer.json["id"]
        later |= {dated: "EXECUTION", new_plan(api, "RELEASE", endTime="10:00")["id"]: "EXECUTION"}
        api.observe(PLAN_TIMES, "documented", answer)
    api.advance_to(api.moment_at(1, 10))
    expect_equal(get_plan_status(api, ending), "EXECUTION", "the status at the end")
    api.advance(1)
    for one, expected in later.items():
        expect_equal(get_plan_status(api, one), expected, "the status after the end")
    if dated:
        api.advance_to(api.moment_at(2, 0))
        expect_equal(get_plan_status(api, dated), "COMPLETE", "the status after the last day")
