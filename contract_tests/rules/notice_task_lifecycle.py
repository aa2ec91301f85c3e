"""Probes of the life of a plan task: its states and members (L1304-L1341, L1433-L1572)."""

from __future__ import annotations

from collections.abc import Iterator

from contract_tests.rules.client import ApiClient, format_datetime
from contract_tests.rules.factories import (
    MEMBER_COUNT,
    count_task_members,
    get_plan_and_task_reports,
    new_plan,
    new_plan_task,
    new_released_plan,
    new_scene,
    upload_member_list,
)
from contract_tests.rules.notice_states import get_plan_task_status
from contract_tests.rules.outcome import ExpectedRefusal, expect, expect_equal
from contract_tests.rules.probe_registry import ProbeRegistry
from contract_tests.rules.reading_dependent_requests import COMMAS, is_accepted_or_observe_refusal

probes = ProbeRegistry()
TERMINATE, ENABLE = "terminateMarketingNoticeTask", "enableMarketingNoticeTask"


@probes.accepted("MT-06")
def plan_task_members_pass_all_combined_filters(api: ApiClient) -> None:
    """Filter members by keyword and status, alone and together, and by an unused scene and mood."""
    plan = new_plan(api)["id"]
    word = api.unique_name("丽")
    people = api.new_members(3)
    rows = [
        {**member, "nickname": name}
        for member, name in zip(people, (f"张{word}", "王芳", "李娜"), strict=True)
    ]
    task = new_plan_task(api, plan, file_id=upload_member_list(api, rows))["id"]
    scene = new_scene(api, plan)["id"]
    for query, expected in (
        ({}, 3),
        ({"keyWord": word}, 1),
        ({"status": "NOT_REACHED"}, 3),
        ({"status": "IN_SERVICE"}, 0),
        ({"keyWord": word, "status": "NOT_REACHED"}, 1),
        ({"keyWord": word, "status": "IN_SERVICE"}, 0),
        # Before its start a task has contacted nobody, so no member has a scene or a mood.
        ({"sceneIds": str(scene)}, 0),
        ({"moodValue": "满意"}, 0),
    ):
        expect_equal(
            count_task_members(api, task, **query), expected, f"the number of members with {query}"
        )


@probes.accepted("MT-06", clock=True, observes=(COMMAS,))
def plan_task_member_filters_take_several_values(api: ApiClient) -> None:
    """Filter members by scenes and moods joined by commas, and by each value alone.

    A server may take only one scene, and a text with a comma as one mood.
    """
    plan = new_plan(api, "RELEASE")["id"]
    scenes = [new_scene(api, plan)["id"] for _ in range(2)]
    task = new_plan_task(api, plan, api.moment_at(1, 9), MEMBER_COUNT)["id"]
    api.advance_to(api.moment_at(1, 12))
    for name, values in (
        ("sceneIds", [str(scene) for scene in scenes]),
        ("moodValue", ["满意", "一般"]),
    ):
        single = [count_task_members(api, task, **{name: value}) for value in values]
        expect(sum(single) > 0, f"{name} finds nobody")
        query = {name: ",".join(values)}
        answer = api.call("listMarketingNoticeTaskMembers", taskId=task, query=query)
        if not is_accepted_or_observe_refusal(api, COMMAS, answer, refused="literal"):
            continue
        both = int(answer.json["totalElements"])
        if name == "moodValue" and both == 0:
            api.observe(COMMAS, "literal", answer)
            continue
        # A member may have several scenes, so the counts cannot simply be added.
        expect(max(single) <= both <= sum(single), f"{name}: {both} have one of {single}")
        api.observe(COMMAS, "split", answer)


@probes.accepted("MT-11", clock=True)
def plan_task_status_follows_the_clock(api: ApiClient) -> None:
    """Read and list a task before its start, at its start, and after its end."""
    plan, task = new_released_plan(api)
    for moment, status in (
        (api.moment_at(1, 8, 59, 59), "NOT_STARTED"),
        (api.moment_at(1, 9), "EXECUTION"),
        (api.moment_at(1, 12), "COMPLETE"),
    ):
        api.advance_to(moment)
        expect_equal(get_plan_task_status(api, task), status, f"the status at {moment}")
        rows = api.call_json("listMarketingNoticeTasks", id=plan)["content"]
        expect_equal([row.get("status") for row in rows], [status], f"the list at {moment}")


@probes.refused("MT-04", clock=True)
def refuses_termination_of_finished_plan_task(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Terminate a task in COMPLETE, in IGNORE, and while its termination is under way."""
    _, task = new_released_plan(api)
    ignored = new_plan_task(api, new_plan(api)["id"], api.moment_at(1, 9))["id"]
    # Twenty minutes after its start, members are in service.
    stopped = new_plan_task(api, new_plan(api, "RELEASE")["id"], api.moment_at(1, 9))["id"]
    api.advance_to(api.moment_at(1, 9, 20))
    yield "/path/taskId", api.call(TERMINATE, taskId=ignored)
    api.call_json(TERMINATE, taskId=stopped)
    yield "/path/taskId", api.call(TERMINATE, taskId=stopped)
    api.advance_to(api.moment_at(1, 12))
    yield "/path/taskId", api.call(TERMINATE, taskId=task)


@probes.refused("MT-05", clock=True)
def refuses_enabling_of_started_plan_task(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Enable a task in EXECUTION and in COMPLETE."""
    _, task = new_released_plan(api)
    for moment in (api.moment_at(1, 9, 20), api.moment_at(1, 12)):
        api.advance_to(moment)
        yield "/path/taskId", api.call(ENABLE, taskId=task)


@probes.accepted("MT-13", clock=True)
def plan_task_enabled_after_its_start_runs(api: ApiClient) -> None:
    """Terminate a task before its start and enable it after that."""
    _, task = new_released_plan(api)
    api.call_json(TERMINATE, taskId=task)
    api.advance_to(api.moment_at(1, 9, 10))
    expect_equal(
        get_plan_task_status(api, task), "TERMINATION", "the status while it is terminated"
    )
    api.call_json(ENABLE, taskId=task)
    expect_equal(get_plan_task_status(api, task), "EXECUTION", "the status once it is enabled")


@probes.refused("MT-05", clock=True)
def refuses_enabling_of_task_of_complete_plan(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Enable a task that was terminated before its start, in a plan whose end has passed."""
    _, task = new_released_plan(api, endTime=format_datetime(api.moment_at(1, 10)))
    api.call_json(TERMINATE, taskId=task)
    api.advance_to(api.moment_at(1, 10, 0, 1))
    yield "/path/taskId", api.call(ENABLE, taskId=task)


@probes.accepted("MT-18", clock=True)
def contacts_resume_when_plan_task_is_enabled(api: ApiClient) -> None:
    """Terminate a task, and another one with its plan; count contacts before and after enabling."""
    alone, both = new_released_plan(api), new_released_plan(api)
    api.advance_to(api.moment_at(1, 9, 20))
    api.call_json(TERMINATE, taskId=alone[1])
    api.call_json("terminateMarketingNotice", id=both[0])
    before = [count_contacted_members(api, *one) for one in (alone, both)]
    expect(
        all(0 < count < MEMBER_COUNT for count in before),
        f"{before} of {MEMBER_COUNT} were contacted",
    )
    # Far beyond the last contact, had the task not been terminated.
    api.advance_to(api.moment_at(2, 14))
    found = [count_contacted_members(api, *one) for one in (alone, both)]
    expect_equal(found, before, "the members contacted while the task is terminated")
    # Enabling must not add contacts in the past (MT-18), so the clock stands still here.
    for _, task in (alone, both):
        api.call_json(ENABLE, taskId=task)
    found = [count_contacted_members(api, *one) for one in (alone, both)]
    expect_equal(found, before, "the members contacted when the task is enabled")
    api.advance_to(api.moment_at(2, 18))
    waiting = count_contacted_members(api, *both)
    expect_equal(waiting, before[1], "the members contacted while the plan is terminated")
    expect(
        count_contacted_members(api, *alone) > before[0],
        "nobody is contacted once the task is enabled",
    )
    api.call_json("enableMarketingNotice", id=both[0])
    api.advance_to(api.moment_at(2, 20))
    expect(
        count_contacted_members(api, *both) > waiting,
        "nobody is contacted once the plan is enabled",
    )


def count_contacted_members(api: ApiClient, plan: int, task: int) -> int:
    """Return how many members were contacted, by the reports of a plan and its only task."""
    whole, part = (
        report["contactSuccessOfPeopl"] for report in get_plan_and_task_reports(api, plan, task)
    )
    expect_equal(whole, part, "contactSuccessOfPeopl of the plan")
    return int(part)


@probes.accepted("MT-12", clock=True)
def terminated_plan_task_contacts_nobody_else(api: ApiClient) -> None:
    """Terminate a task while it runs and count its members afterwards."""
    _, task = new_released_plan(api)
    api.advance_to(api.moment_at(1, 9, 20))
    api.call_json(TERMINATE, taskId=task)
    waiting = count_task_members(api, task, status="NOT_REACHED")
    expect(
        0 < waiting < MEMBER_COUNT,
        f"{waiting} of {MEMBER_COUNT} members are waiting",
    )
    # Contacts in service may finish after the termination, and nobody new may begin (M41).
    for moment in (api.moment_at(1, 9, 20), api.moment_at(1, 9, 25), api.moment_at(1, 12)):
        api.advance_to(moment)
        in_service = count_task_members(api, task, status="IN_SERVICE")
        expected = "TERMINATING" if in_service else "TERMINATION"
        expect_equal(
            get_plan_task_status(api, task), expected, f"the status with {in_service} in service"
        )
        left = count_task_members(api, task, status="NOT_REACHED")
        expect_equal(left, waiting, f"the members not reached at {moment}")
    expect_equal(in_service, 0, "the members in service three hours later")


@probes.accepted("MT-14", clock=True)
def plan_task_is_ignored_if_plan_is_not_running(api: ApiClient) -> None:
    """Read the tasks of a draft and of a terminated plan before and at their start."""
    stopped = new_plan(api, "RELEASE")["id"]
    api.call_json("terminateMarketingNotice", id=stopped)
    plans = (new_plan(api)["id"], stopped)
    tasks = [new_plan_task(api, plan, api.moment_at(1, 9), MEMBER_COUNT)["id"] for plan in plans]
    for task in tasks:
        expect_equal(get_plan_task_status(api, task), "NOT_STARTED", "the status before the start")
    # The state of the plan at the start of the task decides, not the one at its creation (M48).
    api.advance_to(api.moment_at(1, 9))
    for task in tasks:
        expect_equal(get_plan_task_status(api, task), "IGNORE", "the status at the start")
        expect_equal(
            count_task_members(api, task, status="IGNORE"),
            MEMBER_COUNT,
            "the members that are ignored",
        )
