"""Probes of the life of a plan task: states, members, reports (L1304-L1341, L1390-L1630)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.rules.client import ApiClient, format_datetime
from contract_tests.rules.factories import (
    count_task_members,
    new_plan,
    new_plan_task,
    new_scene,
    upload_member_list,
)
from contract_tests.rules.notice_states import plan_task_status
from contract_tests.rules.outcome import ExpectedRefusal, expect, expect_equal
from contract_tests.rules.registry import ProbeRegistry

probes = ProbeRegistry()
TERMINATE, ENABLE = "terminateMarketingNoticeTask", "enableMarketingNoticeTask"
LIST_MEMBERS = "listMarketingNoticeTaskMembers"
MEMBER_COUNT = 12
"""Members of a task that is read while it runs."""
RATE_BASES = {
    "contactSuccess": "plannedNumberOfPeopl",
    "completeService": "contactSuccessOfPeopl",
    "effectiveCommunication": "contactSuccessOfPeopl",
    "invitationSuccessful": "contactSuccessOfPeopl",
}
"""Rates of a report, each with the count that it is a part of (M47)."""
COUNT_FIELDS = ("plannedNumberOfPeopl", *(f"{name}OfPeopl" for name in RATE_BASES))
COMPLETED_STATUSES = ("COMPLETE_SERVICE", "TIMEOUT_COMPLETE_SERVICE")


def new_released_plan(api: ApiClient, **data: Any) -> tuple[int, int]:
    """Return the ids of a released plan and its task, which starts at 09:00 tomorrow."""
    plan = new_plan(api, "RELEASE", **data)["id"]
    return plan, int(new_plan_task(api, plan, api.moment_at(1, 9), MEMBER_COUNT)["id"])


def task_phase_times(api: ApiClient) -> list[Any]:
    """Return moments before the start of such a task, during it, and after its end."""
    return [
        api.moment_at(1, 8),
        api.moment_at(1, 9, 20),
        api.moment_at(1, 9, 40),
        api.moment_at(1, 12),
    ]


@probes.accepted("MT-06")
def member_filters_are_combined(api: ApiClient) -> None:
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
        ({"sceneIds": str(scene)}, 0),
        ({"moodValue": "满意"}, 0),
    ):
        expect_equal(count_task_members(api, task, **query), expected, f"what {query} finds")


@probes.accepted("MT-06", clock=True)
def member_filters_accept_several_values(api: ApiClient) -> None:
    """Filter members by scenes and moods joined by commas, and by each value alone."""
    plan = new_plan(api, "RELEASE")["id"]
    scenes = [new_scene(api, plan)["id"] for _ in range(2)]
    task = new_plan_task(api, plan, api.moment_at(1, 9), MEMBER_COUNT)["id"]
    api.advance_to(api.moment_at(1, 12))
    for name, values in (
        ("sceneIds", [str(scene) for scene in scenes]),
        ("moodValue", ["满意", "一般"]),
    ):
        single = [count_task_members(api, task, **{name: value}) for value in values]
        both = count_task_members(api, task, **{name: ",".join(values)})
        # A member may have several scenes, so the counts cannot simply be added.
        expect(max(single) <= both <= sum(single), f"{name}: {both} have one of {single}")
        expect(both > 0, f"{name} finds nobody")


@probes.accepted("MT-11", clock=True)
def a_plan_task_goes_through_its_states(api: ApiClient) -> None:
    """Read and list a task before its start, at its start, and after its end."""
    plan, task = new_released_plan(api)
    for moment, status in (
        (api.moment_at(1, 8, 59, 59), "NOT_STARTED"),
        (api.moment_at(1, 9), "EXECUTION"),
        (api.moment_at(1, 12), "COMPLETE"),
    ):
        api.advance_to(moment)
        expect_equal(plan_task_status(api, task), status, f"the status at {moment}")
        rows = api.call_json("listMarketingNoticeTasks", id=plan)["content"]
        expect_equal([row.get("status") for row in rows], [status], f"the list at {moment}")


@probes.refused("MT-04", clock=True)
def a_task_that_is_over_cannot_be_terminated(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Terminate a task in COMPLETE, in IGNORE, and while its termination is under way."""
    _, task = new_released_plan(api)
    ignored = new_plan_task(api, new_plan(api)["id"], api.moment_at(1, 9))["id"]
    api.advance_to(api.moment_at(1, 9, 20))
    yield "/path/taskId", api.call(TERMINATE, taskId=ignored)
    stopped = new_plan_task(api, new_plan(api, "RELEASE")["id"], api.moment_at(1, 9))["id"]
    api.call_json(TERMINATE, taskId=stopped)
    yield "/path/taskId", api.call(TERMINATE, taskId=stopped)
    api.advance_to(api.moment_at(1, 12))
    yield "/path/taskId", api.call(TERMINATE, taskId=task)


@probes.refused("MT-05", clock=True)
def a_task_that_has_begun_cannot_be_enabled(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Enable a task in EXECUTION and in COMPLETE."""
    _, task = new_released_plan(api)
    for moment in (api.moment_at(1, 9, 20), api.moment_at(1, 12)):
        api.advance_to(moment)
        yield "/path/taskId", api.call(ENABLE, taskId=task)


@probes.accepted("MT-13", clock=True)
def a_task_enabled_after_its_start_runs(api: ApiClient) -> None:
    """Terminate a task before its start and enable it after that."""
    _, task = new_released_plan(api)
    api.call_json(TERMINATE, taskId=task)
    api.advance_to(api.moment_at(1, 9, 10))
    expect_equal(plan_task_status(api, task), "TERMINATION", "the status while it is terminated")
    api.call_json(ENABLE, taskId=task)
    expect_equal(plan_task_status(api, task), "EXECUTION", "the status once it is enabled")


@probes.refused("MT-05", clock=True)
def a_task_of_a_complete_plan_cannot_be_enabled(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Terminated before its start, in a plan whose end has passed."""
    _, task = new_released_plan(api, endTime=format_datetime(api.moment_at(1, 10)))
    api.call_json(TERMINATE, taskId=task)
    api.advance_to(api.moment_at(1, 10, 0, 1))
    yield "/path/taskId", api.call(ENABLE, taskId=task)


@probes.accepted("MT-18", clock=True)
def contacts_resume_at_the_enabling(api: ApiClient) -> None:
    """Of a task, and of a task and its plan: nobody in the termination, the others afterwards."""
    alone, both = new_released_plan(api), new_released_plan(api)
    api.advance_to(api.moment_at(1, 9, 20))
    api.call_json(TERMINATE, taskId=alone[1])
    api.call_json("terminateMarketingNotice", id=both[0])
    before = [contacted(api, *one) for one in (alone, both)]
    expect(
        all(0 < count < MEMBER_COUNT for count in before),
        f"{before} of {MEMBER_COUNT} were contacted",
    )
    api.advance_to(api.moment_at(2, 14))
    found = [contacted(api, *one) for one in (alone, both)]
    expect_equal(found, before, "the members contacted while the task is terminated")
    for _, task in (alone, both):
        api.call_json(ENABLE, taskId=task)
    found = [contacted(api, *one) for one in (alone, both)]
    expect_equal(found, before, "the members contacted when the task is enabled")
    api.advance_to(api.moment_at(2, 18))
    waiting = contacted(api, *both)
    expect_equal(waiting, before[1], "the members contacted while the plan is terminated")
    expect(contacted(api, *alone) > before[0], "nobody is contacted once the task is enabled")
    api.call_json("enableMarketingNotice", id=both[0])
    api.advance_to(api.moment_at(2, 20))
    expect(contacted(api, *both) > waiting, "nobody is contacted once the plan is enabled")


def contacted(api: ApiClient, plan: int, task: int) -> int:
    """How many members were contacted, by the reports of a plan and of its only task."""
    whole, part = (
        report["contactSuccessOfPeopl"] for report in plan_and_task_reports(api, plan, task)
    )
    expect_equal(whole, part, "contactSuccessOfPeopl of the plan")
    return int(part)


@probes.accepted("MT-12", clock=True)
def a_terminated_task_contacts_nobody_else(api: ApiClient) -> None:
    """Terminate a task while it runs and count its members afterwards."""
    _, task = new_released_plan(api)
    api.advance_to(api.moment_at(1, 9, 20))
    api.call_json(TERMINATE, taskId=task)
    waiting = count_task_members(api, task, status="NOT_REACHED")
    expect(0 < waiting < MEMBER_COUNT, f"{waiting} of {MEMBER_COUNT} members are waiting")
    for moment in (api.moment_at(1, 9, 20), api.moment_at(1, 9, 25), api.moment_at(1, 12)):
        api.advance_to(moment)
        in_service = count_task_members(api, task, status="IN_SERVICE")
        expected = "TERMINATING" if in_service else "TERMINATION"
        expect_equal(
            plan_task_status(api, task), expected, f"the status with {in_service} in service"
        )
        left = count_task_members(api, task, status="NOT_REACHED")
        expect_equal(left, waiting, f"the members not reached at {moment}")
    expect_equal(in_service, 0, "the members in service three hours later")


@probes.accepted("MT-14", clock=True)
def a_task_of_an_idle_plan_is_ignored(api: ApiClient) -> None:
    """Read the tasks of a draft and of a terminated plan before and at their start."""
    stopped = new_plan(api, "RELEASE")["id"]
    api.call_json("terminateMarketingNotice", id=stopped)
    plans = (new_plan(api)["id"], stopped)
    tasks = [new_plan_task(api, plan, api.moment_at(1, 9), MEMBER_COUNT)["id"] for plan in plans]
    for task in tasks:
        expect_equal(plan_task_status(api, task), "NOT_STARTED", "the status before the start")
    api.advance_to(api.moment_at(1, 9))
    for task in tasks:
        expect_equal(plan_task_status(api, task), "IGNORE", "the status at the start")
        expect_equal(
            count_task_members(api, task, status="IGNORE"),
            MEMBER_COUNT,
            "the members that are ignored",
        )


@probes.accepted("RP-01", clock=True)
def rates_follow_from_the_counts(api: ApiClient) -> None:
    """Compute the rates of reports from their counts, before, during and after a task."""
    plan, task = new_released_plan(api)
    for moment in task_phase_times(api):
        api.advance_to(moment)
        for report in plan_and_task_reports(api, plan, task):
            for name, base in RATE_BASES.items():
                part, whole = report[f"{name}OfPeopl"], report[base]
                expected = part / whole if whole else 0
                rate = report[f"{name}Rate"]
                expect(abs(rate - expected) <= 0.00005, f"{name}Rate is {rate}: {part} of {whole}")
                expect_equal(round(rate, 4), rate, f"{name}Rate, rounded")
    # With zeros everywhere, every rate would be right.
    expect(report["contactSuccessOfPeopl"], "nobody was contacted")


@probes.accepted("RP-02", clock=True)
def a_plan_report_sums_up_its_tasks(api: ApiClient) -> None:
    """Compare the report of a plan with those of its two tasks, before, during and after them."""
    plan, first = new_released_plan(api)
    second = new_plan_task(api, plan, api.moment_at(1, 9, 10), MEMBER_COUNT)["id"]
    for moment in task_phase_times(api):
        api.advance_to(moment)
        parts = [
            api.call_json("getMarketingNoticeTaskReport", taskId=one) for one in (first, second)
        ]
        whole = api.call_json("getMarketingNoticeReport", id=plan)
        for name in COUNT_FIELDS:
            expect_equal(whole[name], sum(part[name] for part in parts), f"{name} at {moment}")
    expect_equal(whole["plannedNumberOfPeopl"], 2 * MEMBER_COUNT, "plannedNumberOfPeopl")


@probes.accepted("RP-03", clock=True)
def the_plan_list_agrees_with_the_report(api: ApiClient) -> None:
    """Compare the counts in the list of plans with the report, before, during and after a task."""
    plan, task = new_released_plan(api)
    group = str(api.call_json("getMarketingNotice", id=plan)["groupId"])
    for moment in task_phase_times(api):
        api.advance_to(moment)
        report = api.call_json("getMarketingNoticeReport", id=plan)
        row = api.call_json("listMarketingNotices", query={"groupIds": group})["records"][0][
            "plan"
        ][0]
        for name in COUNT_FIELDS[1:]:
            expect_equal(row[name], report[name], f"{name} at {moment}")
        expect_equal(
            (row["memberNumber"], row["taskCount"]), (MEMBER_COUNT, 1), "members and tasks"
        )
    expect_equal(count_task_members(api, task), row["memberNumber"], "the members of the task")


@probes.accepted("RP-06", clock=True)
def the_plan_list_shows_the_latest_start(api: ApiClient) -> None:
    """List a plan before its tasks start, at each start, and next to a draft."""
    plan, _ = new_released_plan(api)
    new_plan_task(api, plan, api.moment_at(1, 9, 30), MEMBER_COUNT)
    group = api.call_json("getMarketingNotice", id=plan)["groupId"]
    draft = new_plan(api, group=group)["id"]
    new_plan_task(api, draft, api.moment_at(1, 9), MEMBER_COUNT)
    for moment, expected in (
        (api.moment_at(1, 8), None),
        (api.moment_at(1, 9), format_datetime(api.moment_at(1, 9))),
        (api.moment_at(1, 9, 29), format_datetime(api.moment_at(1, 9))),
        (api.moment_at(1, 12), format_datetime(api.moment_at(1, 9, 30))),
    ):
        api.advance_to(moment)
        row = api.call_json("listMarketingNotices", query={"groupIds": str(group)})["records"][0]
        told = {one["id"]: one.get("lastTriggerTime") for one in row["plan"]}
        expect_equal(told, {plan: expected, draft: None}, f"lastTriggerTime at {moment}")


@probes.accepted("RP-04", clock=True)
def scenes_are_counted_by_statistical_method(api: ApiClient) -> None:
    """Compare the scenes in reports with the members that triggered them, by statistical method."""
    plan = new_plan(api, "RELEASE")["id"]
    once = new_scene(api, plan, statisticalMethod="ONLY")["id"]
    often = new_scene(api, plan, statisticalMethod="GRAND_TOTAL")["id"]
    task = new_plan_task(api, plan, api.moment_at(1, 9), MEMBER_COUNT)["id"]
    api.advance_to(api.moment_at(1, 12))
    for report in plan_and_task_reports(api, plan, task):
        numbers = {row["id"]: row["number"] for row in report["sceneStatistics"]}
        expect({once, often} <= {*numbers}, "the plan's scenes are not in sceneStatistics")
        expect(len(numbers) > 2, "no SYSTEM scene is in sceneStatistics")
        expect_equal(
            numbers[once],
            count_task_members(api, task, sceneIds=once),
            "the number of an ONLY scene",
        )
        members = count_task_members(api, task, sceneIds=often)
        expect(numbers[often] >= members, f"a GRAND_TOTAL scene has {numbers[often]}")


@probes.accepted("RP-05", clock=True)
def report_counts_agree_with_the_members(api: ApiClient) -> None:
    """Compare reports with the filtered list of members, before, during and after a task."""
    plan, task = new_released_plan(api)
    for moment in task_phase_times(api):
        api.advance_to(moment)
        idle = sum(count_task_members(api, task, status=one) for one in ("NOT_REACHED", "IGNORE"))
        done = sum(count_task_members(api, task, status=one) for one in COMPLETED_STATUSES)
        for report in plan_and_task_reports(api, plan, task):
            counted = [report[name] for name in COUNT_FIELDS[:3]]
            expect_equal(
                counted, [MEMBER_COUNT, MEMBER_COUNT - idle, done], f"the counts at {moment}"
            )
            for name in COUNT_FIELDS[2:]:
                expect(0 <= report[name] <= counted[1], f"{name} is {report[name]}")
    expect(done, "nobody was served")


def plan_and_task_reports(api: ApiClient, plan: int, task: int) -> list[dict[str, Any]]:
    """Return the reports of a plan and of its only task."""
    return [
        api.call_json("getMarketingNoticeReport", id=plan),
        api.call_json("getMarketingNoticeTaskReport", taskId=task),
    ]
