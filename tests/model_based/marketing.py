"""Groups, scenes, plans and their tasks: all lists and details, compared with the model."""

from __future__ import annotations

from typing import Any

from tests.model_based.caller import MockCaller
from tests.model_based.members import check_members
from tests.model_based.model import (
    ModelGroup,
    ModelPlan,
    ModelScene,
    ModelTask,
    PlatformModel,
    newest_first,
)
from tests.model_based.pages import check_spring_page
from tests.model_based.reports import check_plan_report, check_task_report, people_counts
from tests.model_based.time_texts import format_time

NOTICES = "/api/v1/marketing-notice"
COLUMN_TYPES = {"STRING": str, "NUMBER": int, "DATE": str}


def group_row(group: ModelGroup) -> dict[str, Any]:
    """Return a group as the API shows it."""
    return {
        "id": group.id,
        "createTime": format_time(group.created),
        "lastUpdateTime": format_time(group.updated),
        "name": group.name,
    }


def scene_row(scene: ModelScene) -> dict[str, Any]:
    """Return a scene as the API shows it, without an external id if it never had one (M40)."""
    row = {
        "id": scene.id,
        "createTime": format_time(scene.created),
        "lastUpdateTime": format_time(scene.updated),
        "name": scene.name,
        "statisticalMethod": scene.method,
        "prompt": scene.prompt,
        "sceneType": scene.kind,
    }
    return row | scene.external


def plan_row(plan: ModelPlan, status: str) -> dict[str, Any]:
    """Return a plan as the API shows it: all that was sent but its scenes (M21, MN-20)."""
    return {
        "id": plan.id,
        "createTime": format_time(plan.created),
        "lastUpdateTime": format_time(plan.updated),
        **{name: value for name, value in plan.data.items() if name != "sceneIds"},
        "status": status,
    }


def task_row(task: ModelTask) -> dict[str, Any]:
    """Return a plan task as the API shows it."""
    return {
        "id": task.id,
        "createTime": format_time(task.created),
        "lastUpdateTime": format_time(task.updated),
        "name": task.name,
        "status": task.status,
        "totalMember": len(task.people),
        "startDate": format_time(task.start)[:10],
        "startTime": format_time(task.start)[11:16],
    }


def check_marketing(caller: MockCaller, model: PlatformModel) -> None:
    """Compare all records of the marketing notices, from the tasks up to the list of plans."""
    reports = {}
    for plan in model.plans.values():
        tasks = model.tasks_of(plan.id)
        for task in tasks:
            shown = caller.get(f"{NOTICES}/task/{task.id}").ok()
            check_members(caller, model, task, shown["status"])
            assert shown == task_row(task)
        reports[plan.id] = check_reports(caller, model, plan, tasks)
        check_task_list(caller, plan, tasks)
        shown = caller.get(f"{NOTICES}/{plan.id}").ok()
        assert shown == plan_row(plan, model.plan_status(plan))
    check_plan_list(caller, model, reports)
    groups = [group_row(group) for group in newest_first(model.groups.values())]
    check_spring_page(caller.get(f"{NOTICES}/group").ok(), groups)
    check_scene_list(caller, model)


def check_reports(
    caller: MockCaller, model: PlatformModel, plan: ModelPlan, tasks: list[ModelTask]
) -> dict[str, Any]:
    """Compare each task's report with its members, and the plan's with their sum; return it."""
    known = [scene for scene in model.scenes.values() if scene.kind == "SYSTEM"]
    known += [model.scenes[scene_id] for scene_id in plan.scenes]
    scenes = [(scene.id, scene.name, scene.method) for scene in known]
    own = []
    for task in tasks:
        report = caller.get(f"{NOTICES}/task/{task.id}/report").ok()
        check_task_report(report, task.rows, scenes)
        own.append(report)
    whole = dict(caller.get(f"{NOTICES}/{plan.id}/report").ok())
    check_plan_report(whole, own, scenes)
    return whole


def check_task_list(caller: MockCaller, plan: ModelPlan, tasks: list[ModelTask]) -> None:
    """Compare the plan's tasks: newest first, with exactly the columns of the schema (MT-07)."""
    if not tasks:
        check_spring_page(caller.get(f"{NOTICES}/{plan.id}/task").ok(), [])
        return
    columns = caller.get(f"{NOTICES}/{plan.id}/task/schema").ok()
    keys = {column["key"] for column in columns}
    assert len(keys) == len(columns)
    assert all(column["label"] and column["type"] in COLUMN_TYPES for column in columns)
    rows = [{key: row[key] for key in keys} for row in map(task_row, tasks)]
    page = caller.get(f"{NOTICES}/{plan.id}/task").ok()
    check_spring_page(page, rows)
    for row in page["content"]:
        assert all(
            isinstance(row[column["key"]], COLUMN_TYPES[column["type"]]) for column in columns
        )


def check_scene_list(caller: MockCaller, model: PlatformModel) -> None:
    """Compare all scenes: newest first, each with a plan that has it, if any (M12, M49)."""
    page = caller.get(f"{NOTICES}/scene").ok()
    for row in page["content"]:
        having = {plan.id for plan in model.plans.values() if row["id"] in plan.scenes}
        named = {row.pop("planId")} if "planId" in row else set()
        assert named <= having
        assert bool(named) == bool(having)
    check_spring_page(page, [scene_row(scene) for scene in newest_first(model.scenes.values())])


def check_plan_list(
    caller: MockCaller, model: PlatformModel, reports: dict[int, dict[str, Any]]
) -> None:
    """Compare all groups and plans: newest first, with the counts of the reports (RP-03)."""
    rows = [
        {
            "groupId": group.id,
            "groupName": group.name,
            "plan": [
                plan_list_row(model, plan, reports[plan.id])
                for plan in newest_first(model.plans.values())
                if plan.data["groupId"] == group.id
            ],
        }
        for group in newest_first(model.groups.values())
    ]
    answer = caller.get(NOTICES).ok()
    assert answer["records"] == rows
    assert answer["page"]["total"] == len(rows)


def plan_list_row(model: PlatformModel, plan: ModelPlan, report: dict[str, Any]) -> dict[str, Any]:
    """Return a plan's row; its last trigger is when its latest task began to contact members."""
    tasks = model.tasks_of(plan.id)
    starts = [task.begins for task in tasks if task.begun]
    row = {
        "id": plan.id,
        "name": plan.data["name"],
        "memberNumber": sum(len(task.people) for task in tasks),
        **people_counts(report),
        "status": model.plan_status(plan),
        "taskCount": len(tasks),
    }
    return row | ({"lastTriggerTime": format_time(max(starts))} if starts else {})
