"""Operations on groups, plans and scenes, allowed or refused as in the model."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from tests.model_based.caller import MockCaller
from tests.model_based.marketing import NOTICES, group_row, plan_row, scene_row
from tests.model_based.model import (
    COMPLETE,
    DRAFT,
    EXECUTION,
    OPEN_STATUSES,
    TERMINATION,
    ModelGroup,
    ModelPlan,
    ModelScene,
    PlatformModel,
)
from tests.model_based.strategies import (
    DAY,
    HOUR,
    RECORD_NAMES,
    UNKNOWN_ID,
    DrawFunction,
    draw_ids,
    draw_record,
)
from tests.model_based.time_texts import format_time

PHASE_BY_OPTION = {"DRAFT": DRAFT, "RELEASE": EXECUTION}
ONE_IN_TEN = st.integers(0, 9)
DAILY_TIMES = st.sampled_from(
    [("10:00", "12:00"), ("22:00", "02:00"), ("09:30", None), (None, "18:00"), ("08:00", "08:00")]
)
TIME_FORMS = st.sampled_from(
    ["none", "none", "instants", "instants", "dates", "daily", "daily", "words"]
)
OPENING_OFFSETS = st.sampled_from([None, -2 * DAY, -HOUR, 0, HOUR, DAY])
CLOSING_OFFSETS = st.sampled_from([None, -HOUR, 600, 3 * HOUR, DAY, 2 * DAY])
OPTIONAL_FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "description": st.sampled_from(["", "三个月没有到店的老会员"]),
        "replyStrategy": st.just("AI_HOSTING_END_AFTER_REPLY"),
        "replyDelay": st.integers(0, 60),
        "unifiedReply": st.booleans(),
        "greetings": st.just([{"type": "TEXT"}, {"type": "IMAGE"}]),
    },
)


def create_group(caller: MockCaller, model: PlatformModel, draw: DrawFunction) -> None:
    """Create a group; names are not unique."""
    made = caller.send("POST", f"{NOTICES}/group", {"name": draw(RECORD_NAMES)}).ok()
    group = ModelGroup(model.register_id("groups", made["id"]), made["name"], model.now, model.now)
    assert made == group_row(group)
    model.groups[group.id] = group


def change_group(caller: MockCaller, model: PlatformModel, draw: DrawFunction) -> None:
    """Rename a group, or delete it if it has no plan (GR-02)."""
    group = draw_record(draw, model.groups)
    path = f"{NOTICES}/group/{group.id}"
    if draw(st.booleans()):
        group.name, group.updated = draw(RECORD_NAMES), model.now
        assert caller.send("PUT", path, {"name": group.name}).ok() == group_row(group)
        return
    answer = caller.send("DELETE", path)
    if any(plan.data["groupId"] == group.id for plan in model.plans.values()):
        answer.expect_refusal(400, "GR-02")
    else:
        assert answer.ok() == {}
        del model.groups[group.id]
        caller.get(path).expect_refusal(404, "ID-02")


def draw_plan_times(draw: DrawFunction, model: PlatformModel) -> dict[str, str]:
    """Return a plan's two texts, in a form of M25 or in none."""
    form = draw(TIME_FORMS)
    found: dict[str, str | None] = {}
    if form in ("instants", "dates"):
        length = draw(st.sampled_from([16, 19])) if form == "instants" else 10
        for name, offsets in (("startTime", OPENING_OFFSETS), ("endTime", CLOSING_OFFSETS)):
            offset = draw(offsets)
            if offset is not None:
                found[name] = format_time(model.now + timedelta(seconds=offset))[:length]
    elif form == "daily":
        found["startTime"], found["endTime"] = draw(DAILY_TIMES)
    elif form == "words":
        found = {"startTime": "立即", "endTime": "2025-13-01"}
    return {name: value for name, value in found.items() if value is not None}


def draw_plan_data(draw: DrawFunction, model: PlatformModel) -> dict[str, Any]:
    """Return a plan's data, sometimes with an unknown id."""
    group = UNKNOWN_ID if draw(ONE_IN_TEN) == 7 else draw_record(draw, model.groups).id
    data = {
        "name": draw(RECORD_NAMES),
        "groupId": group,
        **draw_plan_times(draw, model),
        **draw(OPTIONAL_FIELDS),
    }
    if draw(st.booleans()):
        data["sceneIds"] = draw_ids(draw, list(model.scenes))
    if draw(ONE_IN_TEN) == 7:
        scene = draw(st.sampled_from([UNKNOWN_ID, *model.scenes]))
        data["monitoringStrategy"] = [{"sceneId": scene, "strategy": ["AI_SERVICE_END"]}]
    return data


def apply_plan_data(
    model: PlatformModel, plan: ModelPlan, options: str, data: dict[str, Any]
) -> None:
    """Replace all data (M29); SYSTEM scenes are related to no plan (M49)."""
    plan.data = data
    plan.enter(PHASE_BY_OPTION[options], model.now)
    plan.scenes = [
        i for i in dict.fromkeys(data.get("sceneIds", ())) if i in model.custom_scene_ids()
    ]
    plan.past_scenes.update(plan.scenes)


def create_plan(caller: MockCaller, model: PlatformModel, draw: DrawFunction) -> None:
    """Create a draft or a running plan."""
    options = draw(st.sampled_from(["DRAFT", "RELEASE", "RELEASE"]))
    post_plan(caller, model, options, draw_plan_data(draw, model))


def create_running_plan(caller: MockCaller, model: PlatformModel, draw: DrawFunction) -> None:
    """Create a running plan, with daily hours or an end that comes during its work."""
    soon = format_time(model.now + timedelta(minutes=draw(st.integers(5, 40))))
    hours = draw(st.sampled_from([(None, None), ("08:00", "18:00"), ("09:20", None), (None, soon)]))
    data: dict[str, Any] = {
        "name": draw(RECORD_NAMES),
        "groupId": draw_record(draw, model.groups).id,
    }
    data |= {name: at for name, at in zip(("startTime", "endTime"), hours, strict=True) if at}
    post_plan(caller, model, "RELEASE", data)


def post_plan(caller: MockCaller, model: PlatformModel, options: str, data: dict[str, Any]) -> None:
    """Create a plan, or expect an error."""
    answer = caller.send("POST", NOTICES, {"options": options, "data": data})
    if broken := model.broken_plan_rules(options, data):
        answer.expect_refusal(400, *broken)
        return
    made = answer.ok()
    plan = ModelPlan(model.register_id("plans", made["id"]), data, DRAFT, model.now, model.now)
    apply_plan_data(model, plan, options, data)
    model.plans[plan.id] = plan
    assert made == plan_row(plan, model.plan_status(plan))


def update_plan(caller: MockCaller, model: PlatformModel, draw: DrawFunction) -> None:
    """Update a plan, unless it is complete or a running one would become a draft (MN-07)."""
    plan, options = draw_record(draw, model.plans), draw(st.sampled_from(["DRAFT", "RELEASE"]))
    data, status = draw_plan_data(draw, model), model.plan_status(plan)
    broken = model.broken_plan_rules(options, data)
    if status == COMPLETE or (status == EXECUTION and options == "DRAFT"):
        broken.add("MN-07")
    answer = caller.send("PUT", f"{NOTICES}/{plan.id}", {"options": options, "data": data})
    if broken:
        answer.expect_refusal(400, *broken)
        return
    if data["name"] != plan.data["name"]:
        model.forget_reports()  # the content of a report contains the plan's name
    apply_plan_data(model, plan, options, data)
    assert answer.ok() == plan_row(plan, model.plan_status(plan))


def change_plan(caller: MockCaller, model: PlatformModel, draw: DrawFunction) -> None:
    """Terminate, enable or delete a plan, which is allowed in the states of M48."""
    plan = draw_record(draw, model.plans)
    path, status = f"{NOTICES}/{plan.id}", model.plan_status(plan)
    likely = {EXECUTION: "termination", TERMINATION: "enable"}.get(status, "deletion")
    action = draw(st.sampled_from([likely, likely, "termination", "enable", "deletion"]))
    if action == "termination":
        answer, allowed, rule = caller.send("PATCH", f"{path}/{action}"), [EXECUTION], "MN-05"
    elif action == "enable":
        answer, allowed, rule = caller.send("PATCH", f"{path}/{action}"), [TERMINATION], "MN-06"
    else:
        allowed, rule = [DRAFT, TERMINATION, COMPLETE], "MN-08"
        answer = caller.send("DELETE", path)
    if status not in allowed:
        answer.expect_refusal(400, rule)
        return
    assert answer.ok() == {}
    if action == "deletion":
        _delete_plan(caller, model, plan)
        return
    plan.enter(TERMINATION if action == "termination" else EXECUTION, model.now)
    if action == "termination":
        for task in model.tasks_of(plan.id):
            if task.status in OPEN_STATUSES:
                model.terminate_task(task)


def _delete_plan(caller: MockCaller, model: PlatformModel, plan: ModelPlan) -> None:
    """Delete a plan: its tasks are 404, its scenes stay (MN-09)."""
    caller.get(f"{NOTICES}/{plan.id}").expect_refusal(404, "ID-02")
    for task in model.tasks_of(plan.id):
        for rest in ("", "/members", "/report"):
            caller.get(f"{NOTICES}/task/{task.id}{rest}").expect_refusal(404, "ID-02")
        del model.tasks[task.id]
    del model.plans[plan.id]
    model.forget_reports()


def create_scene(caller: MockCaller, model: PlatformModel, draw: DrawFunction) -> None:
    """Create a CUSTOM scene of an existing plan (SC-02, SC-07)."""
    plan_id = UNKNOWN_ID if draw(ONE_IN_TEN) == 7 else draw_record(draw, model.plans).id
    count = len(model.used_ids.get("scenes", ()))
    name, prompt = f"{draw(RECORD_NAMES)} {count}", "顾客询问时"
    method = draw(st.sampled_from(["ONLY", "GRAND_TOTAL"]))
    body = {"name": name, "statisticalMethod": method, "prompt": prompt, "planId": plan_id}
    external = {"externalId": f"EXT-{draw(st.integers(1, 2))}"} if draw(st.booleans()) else {}
    answer = caller.send("POST", f"{NOTICES}/scene", body | external)
    if plan_id == UNKNOWN_ID:
        answer.expect_refusal(400, "SC-02")
        return
    made, now = answer.ok(), model.now
    scene_id = model.register_id("scenes", made["id"])
    scene = ModelScene(scene_id, name, method, prompt, "CUSTOM", now, now, dict(external))
    assert made == scene_row(scene)
    model.scenes[scene_id] = scene
    model.plans[plan_id].scenes.append(scene_id)
    model.plans[plan_id].past_scenes.add(scene_id)


def change_scene(caller: MockCaller, model: PlatformModel, draw: DrawFunction) -> None:
    """Update a scene with or without an external id (SC-08), or unbind it (M40)."""
    scene = draw_record(draw, model.scenes)
    path = f"{NOTICES}/scene/{scene.id}"
    if draw(st.booleans()):
        scene.external, scene.updated = {"externalId": None}, model.now
        answer = caller.send("PATCH", f"{path}/unbundled-externalId")
    else:
        body = {"name": scene.name, "prompt": scene.prompt}
        if scene.kind == "CUSTOM":
            body = {"name": f"{draw(RECORD_NAMES)} {scene.id}#", "prompt": "顾客提到时"}
        elif draw(st.booleans()):
            changed = body | {draw(st.sampled_from([*body])): "新的"}
            caller.send("PUT", path, changed).expect_refusal(400, "SC-10")
        if draw(st.booleans()):
            scene.external = {"externalId": "EXT-2"}
            body |= {"externalId": "EXT-2"}
        model.rename_scene(scene, body["name"])
        scene.prompt, scene.updated = body["prompt"], model.now
        answer = caller.send("PUT", path, body)
    assert answer.ok() == scene_row(scene)
    assert caller.get(path).ok() == scene_row(scene)
