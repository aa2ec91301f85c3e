"""Probes of the reports of plans and plan tasks, and of the counts in the list of plans.

Lines L1395-L1432, L1573-L1610 and L903-L944.
"""

from __future__ import annotations

from typing import Any

from contract_tests.rules.client import ApiClient, format_datetime
from contract_tests.rules.factories import (
    MEMBER_COUNT,
    count_task_members,
    get_plan_and_task_reports,
    new_plan,
    new_plan_task,
    new_released_plan,
    new_scene,
)
from contract_tests.rules.outcome import expect, expect_equal
from contract_tests.rules.probe_registry import ProbeRegistry
from contract_tests.rules.report_counts import RATE_BASES

probes = ProbeRegistry()
PLACES_BY_FACTOR = {1: 4, 100: 2}
"""Decimal places of a rate, by the factor of its unit: a fraction or a percentage (M35)."""
COUNT_FIELDS = ("plannedNumberOfPeopl", *(f"{name}OfPeopl" for name in RATE_BASES))
COMPLETED_STATUSES = ("COMPLETE_SERVICE", "TIMEOUT_COMPLETE_SERVICE")


def times_around_task(api: ApiClient) -> list[Any]:
    """Return moments before the start of such a task, during it, and after its end."""
    return [
        api.moment_at(1, 8),
        api.moment_at(1, 9, 20),
        api.moment_at(1, 9, 40),
        api.moment_at(1, 12),
    ]


@probes.accepted("RP-01", clock=True)
def report_rates_follow_from_the_counts(api: ApiClient) -> None:
    """Compute the rates of reports from their counts, before, during and after a task.

    All are fractions, or all are percentages.
    """
    plan, task = new_released_plan(api)
    units = {*PLACES_BY_FACTOR}
    for moment in times_around_task(api):
        api.advance_to(moment)
        for report in get_plan_and_task_reports(api, plan, task):
            for name, base in RATE_BASES.items():
                part, whole = report[f"{name}OfPeopl"], report[base]
                rate, share = report[f"{name}Rate"], part / whole if whole else 0
                units &= {each for each in units if is_rounded_rate(rate, share, each)}
                expect(units, f"{name}Rate is {rate}: {part} of {whole}")
    # With zeros everywhere, every rate would be right.
    expect(report["contactSuccessOfPeopl"], "nobody was contacted")


def is_rounded_rate(rate: float, share: float, factor: int) -> bool:
    """Return whether a rate is this share, times the factor, rounded to the places that it has."""
    places = PLACES_BY_FACTOR[factor]
    # Rounding may be off by half of the last place.
    is_near = abs(rate - factor * share) <= 0.5 * 10**-places + 1e-9
    return is_near and round(rate, places) == rate


@probes.accepted("RP-02", clock=True)
def plan_report_sums_up_reports_of_its_tasks(api: ApiClient) -> None:
    """Compare the report of a plan with those of its two tasks, before, during and after them."""
    plan, first = new_released_plan(api)
    # Ten minutes later, so that the two reports differ while the tasks run.
    second = new_plan_task(api, plan, api.moment_at(1, 9, 10), MEMBER_COUNT)["id"]
    for moment in times_around_task(api):
        api.advance_to(moment)
        parts = [
            api.call_json("getMarketingNoticeTaskReport", taskId=one) for one in (first, second)
        ]
        whole = api.call_json("getMarketingNoticeReport", id=plan)
        for name in COUNT_FIELDS:
            expect_equal(whole[name], sum(part[name] for part in parts), f"{name} at {moment}")
    expect_equal(whole["plannedNumberOfPeopl"], 2 * MEMBER_COUNT, "plannedNumberOfPeopl")


@probes.accepted("RP-03", clock=True)
def plan_list_shows_counts_of_plan_report(api: ApiClient) -> None:
    """Compare the counts in the list of plans with the report, before, during and after a task."""
    plan, task = new_released_plan(api)
    group = str(api.call_json("getMarketingNotice", id=plan)["groupId"])
    for moment in times_around_task(api):
        api.advance_to(moment)
        report = api.call_json("getMarketingNoticeReport", id=plan)
        row = api.call_json("listMarketingNotices", query={"groupIds": group})["records"][0][
            "plan"
        ][0]
        # The list has the planned number under another name, `memberNumber`.
        for name in COUNT_FIELDS[1:]:
            expect_equal(row[name], report[name], f"{name} at {moment}")
        expect_equal(
            (row["memberNumber"], row["taskCount"]), (MEMBER_COUNT, 1), "members and tasks"
        )
    expect_equal(count_task_members(api, task), row["memberNumber"], "the members of the task")


@probes.accepted("RP-06", clock=True)
def plan_list_shows_latest_start_of_tasks(api: ApiClient) -> None:
    """List a plan before its tasks start, at each start, and next to a draft."""
    plan, _ = new_released_plan(api)
    new_plan_task(api, plan, api.moment_at(1, 9, 30), MEMBER_COUNT)
    group = api.call_json("getMarketingNotice", id=plan)["groupId"]
    draft = new_plan(api, group=group)["id"]
    # In a draft no task ever starts (M48), so it must not count.
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
def reports_count_scenes_by_statistical_method(api: ApiClient) -> None:
    """Compare the scenes in reports with the members that triggered them, by statistical method."""
    plan = new_plan(api, "RELEASE")["id"]
    once = new_scene(api, plan, statisticalMethod="ONLY")["id"]
    often = new_scene(api, plan, statisticalMethod="GRAND_TOTAL")["id"]
    task = new_plan_task(api, plan, api.moment_at(1, 9), MEMBER_COUNT)["id"]
    api.advance_to(api.moment_at(1, 12))
    for report in get_plan_and_task_reports(api, plan, task):
        numbers = {row["id"]: row["number"] for row in report["sceneStatistics"]}
        expect({once, often} <= {*numbers}, "the plan's scenes are not in sceneStatistics")
        expect(len(numbers) > 2, "no SYSTEM scene is in sceneStatistics")
        expect_equal(
            numbers[once],
            count_task_members(api, task, sceneIds=once),
            "the number of an ONLY scene",
        )
        # GRAND_TOTAL counts every trigger, and a member may trigger a scene more than once (M47).
        members = count_task_members(api, task, sceneIds=often)
        expect(numbers[often] >= members, f"a GRAND_TOTAL scene has {numbers[often]}")


@probes.accepted("RP-05", clock=True)
def report_counts_agree_with_the_members(api: ApiClient) -> None:
    """Compare reports with the filtered list of members, before, during and after a task."""
    plan, task = new_released_plan(api)
    for moment in times_around_task(api):
        api.advance_to(moment)
        idle = sum(count_task_members(api, task, status=one) for one in ("NOT_REACHED", "IGNORE"))
        done = sum(count_task_members(api, task, status=one) for one in COMPLETED_STATUSES)
        for report in get_plan_and_task_reports(api, plan, task):
            counted = [report[name] for name in COUNT_FIELDS[:3]]
            expect_equal(
                counted,
                [MEMBER_COUNT, MEMBER_COUNT - idle, done],
                f"the counts at {moment}",
            )
            for name in COUNT_FIELDS[2:]:
                expect(0 <= report[name] <= counted[1], f"{name} is {report[name]}")
    expect(done, "nobody was served")
