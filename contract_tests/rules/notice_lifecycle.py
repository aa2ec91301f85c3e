"""Probes of what becomes of a plan task: states, members, reports (L1304-L1341, L1390-L1630)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.rules.client import Api, text
from contract_tests.rules.factories import new_batch, new_list, new_plan, new_scene, total
from contract_tests.rules.notice_states import task_status
from contract_tests.rules.outcome import Attempt, expect, expect_equal
from contract_tests.rules.registry import Probes

probes = Probes()
TERMINATE, ENABLE = "terminateMarketingNoticeTask", "enableMarketingNoticeTask"
MEMBERS = "listMarketingNoticeTaskMembers"
PEOPLE = 12
"""Members of a task that is looked at while it runs."""
RATES = {
    "contactSuccess": "plannedNumberOfPeopl",
    "completeService": "contactSuccessOfPeopl",
    "effectiveCommunication": "contactSuccessOfPeopl",
    "invitationSuccessful": "contactSuccessOfPeopl",
}
"""Each rate of a report, and what it is a part of (M47)."""
COUNTS = ("plannedNumberOfPeopl", *(f"{name}OfPeopl" for name in RATES))
DONE = ("COMPLETE_SERVICE", "TIMEOUT_COMPLETE_SERVICE")


def running(api: Api, **data: Any) -> tuple[int, int]:
    """A released plan and its task of tomorrow, 09:00, as ids."""
    plan = new_plan(api, "RELEASE", **data)["id"]
    return plan, int(new_batch(api, plan, api.at(1, 9), PEOPLE)["id"])


def moments(api: Api) -> list[Any]:
    """Before the start of such a task, while it runs, and after its end."""
    return [api.at(1, 8), api.at(1, 9, 20), api.at(1, 9, 40), api.at(1, 12)]


@probes.accepted("MT-06")
def filters_hold_all_at_once(api: Api) -> None:
    """Keyword and status alone and together; scenes and moods that nobody has find nobody."""
    plan = new_plan(api)["id"]
    word = api.name("丽")
    people = api.people(3)
    rows = [
        {**member, "nickname": name}
        for member, name in zip(people, (f"张{word}", "王芳", "李娜"), strict=True)
    ]
    task = new_batch(api, plan, file_id=new_list(api, rows))["id"]
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
        expect_equal(total(api, task, **query), expected, f"what {query} finds")


@probes.accepted("MT-06", clock=True)
def filters_take_any_of_several_values(api: Api) -> None:
    """Scenes and moods joined by commas find the rows that have one of them."""
    plan = new_plan(api, "RELEASE")["id"]
    scenes = [new_scene(api, plan)["id"] for _ in range(2)]
    task = new_batch(api, plan, api.at(1, 9), PEOPLE)["id"]
    api.advance_to(api.at(1, 12))
    for name, values in (
        ("sceneIds", [str(scene) for scene in scenes]),
        ("moodValue", ["满意", "一般"]),
    ):
        single = [total(api, task, **{name: value}) for value in values]
        both = total(api, task, **{name: ",".join(values)})
        expect(max(single) <= both <= sum(single), f"{name}: {both} have one of {single}")
        expect(both > 0, f"{name} finds nobody")


@probes.accepted("MT-11", clock=True)
def a_task_goes_through_its_states(api: Api) -> None:
    """NOT_STARTED, EXECUTION, COMPLETE; the list says the same."""
    plan, task = running(api)
    for moment, status in (
        (api.at(1, 8, 59, 59), "NOT_STARTED"),
        (api.at(1, 9), "EXECUTION"),
        (api.at(1, 12), "COMPLETE"),
    ):
        api.advance_to(moment)
        expect_equal(task_status(api, task), status, f"the status at {moment}")
        rows = api.ok("listMarketingNoticeTasks", id=plan)["content"]
        expect_equal([row.get("status") for row in rows], [status], f"the list at {moment}")


@probes.refused("MT-04", clock=True)
def a_task_that_is_over_cannot_be_terminated(api: Api) -> Iterator[Attempt]:
    """COMPLETE, IGNORE, and one whose termination is under way."""
    _, task = running(api)
    ignored = new_batch(api, new_plan(api)["id"], api.at(1, 9))["id"]
    api.advance_to(api.at(1, 9, 20))
    yield "/path/taskId", api.call(TERMINATE, taskId=ignored)
    stopped = new_batch(api, new_plan(api, "RELEASE")["id"], api.at(1, 9))["id"]
    api.ok(TERMINATE, taskId=stopped)
    yield "/path/taskId", api.call(TERMINATE, taskId=stopped)
    api.advance_to(api.at(1, 12))
    yield "/path/taskId", api.call(TERMINATE, taskId=task)


@probes.refused("MT-05", clock=True)
def a_task_that_has_begun_cannot_be_enabled(api: Api) -> Iterator[Attempt]:
    """In EXECUTION, and COMPLETE."""
    _, task = running(api)
    for moment in (api.at(1, 9, 20), api.at(1, 12)):
        api.advance_to(moment)
        yield "/path/taskId", api.call(ENABLE, taskId=task)


@probes.accepted("MT-13", clock=True)
def an_enabled_task_has_caught_up(api: Api) -> None:
    """Terminated before its start and enabled after it, it is in EXECUTION."""
    _, task = running(api)
    api.ok(TERMINATE, taskId=task)
    api.advance_to(api.at(1, 9, 10))
    expect_equal(task_status(api, task), "TERMINATION", "the status while it is terminated")
    api.ok(ENABLE, taskId=task)
    expect_equal(task_status(api, task), "EXECUTION", "the status once it is enabled")


@probes.accepted("MT-12", clock=True)
def a_terminated_task_contacts_nobody_else(api: Api) -> None:
    """Those in service finish, the others stay as they are."""
    _, task = running(api)
    api.advance_to(api.at(1, 9, 20))
    api.ok(TERMINATE, taskId=task)
    waiting = total(api, task, status="NOT_REACHED")
    expect(0 < waiting < PEOPLE, f"{waiting} of {PEOPLE} members are waiting")
    for moment in (api.at(1, 9, 20), api.at(1, 9, 25), api.at(1, 12)):
        api.advance_to(moment)
        in_service = total(api, task, status="IN_SERVICE")
        expected = "TERMINATING" if in_service else "TERMINATION"
        expect_equal(task_status(api, task), expected, f"the status with {in_service} in service")
        left = total(api, task, status="NOT_REACHED")
        expect_equal(left, waiting, f"the members not reached at {moment}")
    expect_equal(in_service, 0, "the members in service three hours later")


@probes.accepted("MT-14", clock=True)
def a_task_of_an_idle_plan_is_ignored(api: Api) -> None:
    """Of a draft, and of a plan that was terminated; NOT_STARTED until then."""
    stopped = new_plan(api, "RELEASE")["id"]
    api.ok("terminateMarketingNotice", id=stopped)
    plans = (new_plan(api)["id"], stopped)
    tasks = [new_batch(api, plan, api.at(1, 9), PEOPLE)["id"] for plan in plans]
    for task in tasks:
        expect_equal(task_status(api, task), "NOT_STARTED", "the status before the start")
    api.advance_to(api.at(1, 9))
    for task in tasks:
        expect_equal(task_status(api, task), "IGNORE", "the status at the start")
        expect_equal(total(api, task, status="IGNORE"), PEOPLE, "the members that are ignored")


@probes.accepted("RP-01", clock=True)
def rates_follow_from_the_counts(api: Api) -> None:
    """Rounded to four places, 0 where there is nothing to divide by."""
    plan, task = running(api)
    for moment in moments(api):
        api.advance_to(moment)
        for report in reports(api, plan, task):
            for name, base in RATES.items():
                part, whole = report[f"{name}OfPeopl"], report[base]
                expected = part / whole if whole else 0
                rate = report[f"{name}Rate"]
                expect(abs(rate - expected) <= 0.00005, f"{name}Rate is {rate}: {part} of {whole}")
                expect_equal(round(rate, 4), rate, f"{name}Rate, rounded")
    expect(report["contactSuccessOfPeopl"], "nobody was contacted")


@probes.accepted("RP-02", clock=True)
def a_plan_sums_up_its_tasks(api: Api) -> None:
    """Two tasks, before, while and after they run."""
    plan, first = running(api)
    second = new_batch(api, plan, api.at(1, 9, 10), PEOPLE)["id"]
    for moment in moments(api):
        api.advance_to(moment)
        parts = [api.ok("getMarketingNoticeTaskReport", taskId=one) for one in (first, second)]
        whole = api.ok("getMarketingNoticeReport", id=plan)
        for name in COUNTS:
            expect_equal(whole[name], sum(part[name] for part in parts), f"{name} at {moment}")
    expect_equal(whole["plannedNumberOfPeopl"], 2 * PEOPLE, "plannedNumberOfPeopl")


@probes.accepted("RP-03", clock=True)
def the_list_agrees_with_the_report(api: Api) -> None:
    """Counts of people, members and tasks of a plan."""
    plan, task = running(api)
    group = str(api.ok("getMarketingNotice", id=plan)["groupId"])
    for moment in moments(api):
        api.advance_to(moment)
        report = api.ok("getMarketingNoticeReport", id=plan)
        row = api.ok("listMarketingNotices", query={"groupIds": group})["records"][0]["plan"][0]
        for name in COUNTS[1:]:
            expect_equal(row[name], report[name], f"{name} at {moment}")
        expect_equal((row["memberNumber"], row["taskCount"]), (PEOPLE, 1), "members and tasks")
    expect_equal(total(api, task), row["memberNumber"], "the members of the task")


@probes.accepted("RP-06", clock=True)
def the_list_tells_the_latest_start(api: Api) -> None:
    """None, that of the first task, that of the second; one of a draft never."""
    plan, _ = running(api)
    new_batch(api, plan, api.at(1, 9, 30), PEOPLE)
    group = api.ok("getMarketingNotice", id=plan)["groupId"]
    draft = new_plan(api, group=group)["id"]
    new_batch(api, draft, api.at(1, 9), PEOPLE)
    for moment, expected in (
        (api.at(1, 8), None),
        (api.at(1, 9), text(api.at(1, 9))),
        (api.at(1, 9, 29), text(api.at(1, 9))),
        (api.at(1, 12), text(api.at(1, 9, 30))),
    ):
        api.advance_to(moment)
        row = api.ok("listMarketingNotices", query={"groupIds": str(group)})["records"][0]
        told = {one["id"]: one.get("lastTriggerTime") for one in row["plan"]}
        expect_equal(told, {plan: expected, draft: None}, f"lastTriggerTime at {moment}")


@probes.accepted("RP-04", clock=True)
def scenes_count_by_their_method(api: Api) -> None:
    """ONLY: the members that triggered it; GRAND_TOTAL: at least as often; SYSTEM ones too."""
    plan = new_plan(api, "RELEASE")["id"]
    once = new_scene(api, plan, statisticalMethod="ONLY")["id"]
    often = new_scene(api, plan, statisticalMethod="GRAND_TOTAL")["id"]
    task = new_batch(api, plan, api.at(1, 9), PEOPLE)["id"]
    api.advance_to(api.at(1, 12))
    for report in reports(api, plan, task):
        numbers = {row["id"]: row["number"] for row in report["sceneStatistics"]}
        expect({once, often} <= {*numbers}, "the plan's scenes are not in sceneStatistics")
        expect(len(numbers) > 2, "no SYSTEM scene is in sceneStatistics")
        expect_equal(numbers[once], total(api, task, sceneIds=once), "the number of an ONLY scene")
        members = total(api, task, sceneIds=often)
        expect(numbers[often] >= members, f"a GRAND_TOTAL scene has {numbers[often]}")


@probes.accepted("RP-05", clock=True)
def counts_agree_with_the_members(api: Api) -> None:
    """Planned, contacted and completed as the filtered list has them; the others within."""
    plan, task = running(api)
    for moment in moments(api):
        api.advance_to(moment)
        idle = sum(total(api, task, status=one) for one in ("NOT_REACHED", "IGNORE"))
        done = sum(total(api, task, status=one) for one in DONE)
        for report in reports(api, plan, task):
            counted = [report[name] for name in COUNTS[:3]]
            expect_equal(counted, [PEOPLE, PEOPLE - idle, done], f"the counts at {moment}")
            for name in COUNTS[2:]:
                expect(0 <= report[name] <= counted[1], f"{name} is {report[name]}")
    expect(done, "nobody was served")


def reports(api: Api, plan: int, task: int) -> list[dict[str, Any]]:
    """The reports of a plan and of its only task."""
    return [
        api.ok("getMarketingNoticeReport", id=plan),
        api.ok("getMarketingNoticeTaskReport", taskId=task),
    ]
