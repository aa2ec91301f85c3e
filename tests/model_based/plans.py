"""Operations on groups, plans and scenes: allowed or refused as the model says, and mirrored."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from tests.model_based.caller import Caller
from tests.model_based.marketing import NOTICES, group_row, plan_row, scene_row
from tests.model_based.model import (
    COMPLETE,
    DRAFT,
    EXECUTION,
    OPEN,
    TERMINATION,
    Group,
    Model,
    Plan,
    Scene,
)
from tests.model_based.strategies import DAY, HOUR, NAMES, UNKNOWN, Draw, one_of, some_of
from tests.model_based.time_texts import text

ENTERED = {"DRAFT": DRAFT, "RELEASE": EXECUTION}
RARELY = st.integers(0, 9)
DAILY = st.sampled_from(
    [("10:00", "12:00"), ("22:00", "02:00"), ("09:30", None), (None, "18:00"), ("08:00", "08:00")]
)
FORMS = st.sampled_from(
    ["none", "none", "instants", "instants", "dates", "daily", "daily", "words"]
)
OPENINGS = st.sampled_from([None, -2 * DAY, -HOUR, 0, HOUR, DAY])
CLOSINGS = st.sampled_from([None, -HOUR, 600, 3 * HOUR, DAY, 2 * DAY])
DETAILS = st.fixed_dictionaries(
    {},
    optional={
        "description": st.sampled_from(["", "三个月没有到店的老会员"]),
        "replyStrategy": st.just("AI_HOSTING_END_AFTER_REPLY"),
        "replyDelay": st.integers(0, 60),
        "unifiedReply": st.booleans(),
        "greetings": st.just([{"type": "TEXT"}, {"type": "IMAGE"}]),
    },
)


def create_group(caller: Caller, model: Model, draw: Draw) -> None:
    """Groups may share a name."""
    made = caller.send("POST", f"{NOTICES}/group", {"name": draw(NAMES)}).ok()
    group = Group(model.fresh("groups", made["id"]), made["name"], model.now, model.now)
    assert made == group_row(group)
    model.groups[group.id] = group


def change_group(caller: Caller, model: Model, draw: Draw) -> None:
    """A new name, or its end while it has no plan (GR-02)."""
    group = one_of(draw, model.groups)
    path = f"{NOTICES}/group/{group.id}"
    if draw(st.booleans()):
        group.name, group.updated = draw(NAMES), model.now
        assert caller.send("PUT", path, {"name": group.name}).ok() == group_row(group)
        return
    answer = caller.send("DELETE", path)
    if any(plan.data["groupId"] == group.id for plan in model.plans.values()):
        answer.refused(400, "GR-02")
    else:
        assert answer.ok() == {}
        del model.groups[group.id]
        caller.get(path).refused(404, "ID-02")


def drawn_times(draw: Draw, model: Model) -> dict[str, str]:
    """A plan's two texts, in any of the forms that M25 reads, or in none."""
    form = draw(FORMS)
    found: dict[str, str | None] = {}
    if form in ("instants", "dates"):
        length = draw(st.sampled_from([16, 19])) if form == "instants" else 10
        for name, offsets in (("startTime", OPENINGS), ("endTime", CLOSINGS)):
            offset = draw(offsets)
            if offset is not None:
                found[name] = text(model.now + timedelta(seconds=offset))[:length]
    elif form == "daily":
        found["startTime"], found["endTime"] = draw(DAILY)
    elif form == "words":
        found = {"startTime": "立即", "endTime": "2025-13-01"}
    return {name: value for name, value in found.items() if value is not None}


def drawn_plan(draw: Draw, model: Model) -> dict[str, Any]:
    """A plan's data, now and then with an id that nobody has."""
    group = UNKNOWN if draw(RARELY) == 7 else one_of(draw, model.groups).id
    data = {"name": draw(NAMES), "groupId": group, **drawn_times(draw, model), **draw(DETAILS)}
    if draw(st.booleans()):
        data["sceneIds"] = some_of(draw, list(model.scenes))
    if draw(RARELY) == 7:
        scene = draw(st.sampled_from([UNKNOWN, *model.scenes]))
        data["monitoringStrategy"] = [{"sceneId": scene, "strategy": ["AI_SERVICE_END"]}]
    return data


def write_plan(model: Model, plan: Plan, options: str, data: dict[str, Any]) -> None:
    """All data is replaced (M29); SYSTEM scenes are related to no plan (M49)."""
    plan.data, plan.phase, plan.updated = data, ENTERED[options], model.now
    plan.scenes = [i for i in dict.fromkeys(data.get("sceneIds", ())) if i in model.custom()]
    plan.past_scenes.update(plan.scenes)


def create_plan(caller: Caller, model: Model, draw: Draw) -> None:
    """A draft, or a plan that runs at once."""
    options = draw(st.sampled_from(["DRAFT", "RELEASE", "RELEASE"]))
    post_plan(caller, model, options, drawn_plan(draw, model))


def release_plan(caller: Caller, model: Model, draw: Draw) -> None:
    """A plan that runs, for hours of the day, or to an end that comes while it is at work."""
    soon = text(model.now + timedelta(minutes=draw(st.integers(5, 40))))
    hours = draw(st.sampled_from([(None, None), ("08:00", "18:00"), ("09:20", None), (None, soon)]))
    data: dict[str, Any] = {"name": draw(NAMES), "groupId": one_of(draw, model.groups).id}
    data |= {name: at for name, at in zip(("startTime", "endTime"), hours, strict=True) if at}
    post_plan(caller, model, "RELEASE", data)


def post_plan(caller: Caller, model: Model, options: str, data: dict[str, Any]) -> None:
    """Create a plan, or be refused."""
    answer = caller.send("POST", NOTICES, {"options": options, "data": data})
    if broken := model.plan_rules(data):
        answer.refused(400, *broken)
        return
    made = answer.ok()
    plan = Plan(model.fresh("plans", made["id"]), data, DRAFT, model.now, model.now)
    write_plan(model, plan, options, data)
    model.plans[plan.id] = plan
    assert made == plan_row(plan, model.plan_status(plan))


def update_plan(caller: Caller, model: Model, draw: Draw) -> None:
    """Anything but a complete plan changes; a running one does not become a draft (MN-07)."""
    plan, options = one_of(draw, model.plans), draw(st.sampled_from(["DRAFT", "RELEASE"]))
    data, status = drawn_plan(draw, model), model.plan_status(plan)
    broken = model.plan_rules(data)
    if status == COMPLETE or (status == EXECUTION and options == "DRAFT"):
        broken.add("MN-07")
    answer = caller.send("PUT", f"{NOTICES}/{plan.id}", {"options": options, "data": data})
    if broken:
        answer.refused(400, *broken)
        return
    if data["name"] != plan.data["name"]:
        model.forget_days()  # a day's content names the plan
    write_plan(model, plan, options, data)
    assert answer.ok() == plan_row(plan, model.plan_status(plan))


def change_plan(caller: Caller, model: Model, draw: Draw) -> None:
    """Termination, enabling and deletion, each in the states that M48 allows it in."""
    plan = one_of(draw, model.plans)
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
        answer.refused(400, rule)
        return
    assert answer.ok() == {}
    if action == "deletion":
        _delete_plan(caller, model, plan)
        return
    plan.updated = model.now
    plan.phase = TERMINATION if action == "termination" else EXECUTION
    if action == "termination":
        for task in model.tasks_of(plan.id):
            if task.status in OPEN:
                model.end_task(task)


def _delete_plan(caller: Caller, model: Model, plan: Plan) -> None:
    """Its tasks are 404, its scenes stay (MN-09)."""
    caller.get(f"{NOTICES}/{plan.id}").refused(404, "ID-02")
    for task in model.tasks_of(plan.id):
        for rest in ("", "/members", "/report"):
            caller.get(f"{NOTICES}/task/{task.id}{rest}").refused(404, "ID-02")
        del model.tasks[task.id]
    del model.plans[plan.id]
    model.forget_days()


def create_scene(caller: Caller, model: Model, draw: Draw) -> None:
    """A CUSTOM scene of a plan that exists (SC-02, SC-07)."""
    plan_id = UNKNOWN if draw(RARELY) == 7 else one_of(draw, model.plans).id
    count = len(model.used_ids.get("scenes", ()))
    name, prompt = f"{draw(NAMES)} {count}", "顾客询问时"
    method = draw(st.sampled_from(["ONLY", "GRAND_TOTAL"]))
    body = {"name": name, "statisticalMethod": method, "prompt": prompt, "planId": plan_id}
    external = {"externalId": f"EXT-{draw(st.integers(1, 2))}"} if draw(st.booleans()) else {}
    answer = caller.send("POST", f"{NOTICES}/scene", body | external)
    if plan_id == UNKNOWN:
        answer.refused(400, "SC-02")
        return
    made, now = answer.ok(), model.now
    scene_id = model.fresh("scenes", made["id"])
    scene = Scene(scene_id, name, method, prompt, "CUSTOM", now, now, dict(external))
    assert made == scene_row(scene)
    model.scenes[scene_id] = scene
    model.plans[plan_id].scenes.append(scene_id)
    model.plans[plan_id].past_scenes.add(scene_id)


def change_scene(caller: Caller, model: Model, draw: Draw) -> None:
    """A new name and prompt, with or without an external id (SC-08), or its unbinding (M40)."""
    scene = one_of(draw, model.scenes)
    path = f"{NOTICES}/scene/{scene.id}"
    if draw(st.booleans()):
        scene.external, scene.updated = {"externalId": None}, model.now
        answer = caller.send("PATCH", f"{path}/unbundled-externalId")
    else:
        body = {"name": scene.name, "prompt": "顾客提到时"}
        if scene.kind == "CUSTOM":
            body["name"] = f"{draw(NAMES)} {scene.id}#"
        if draw(st.booleans()):
            scene.external = {"externalId": "EXT-2"}
            body |= {"externalId": "EXT-2"}
        model.rename_scene(scene, body["name"])
        scene.prompt, scene.updated = body["prompt"], model.now
        answer = caller.send("PUT", path, body)
    assert answer.ok() == scene_row(scene)
    assert caller.get(path).ok() == scene_row(scene)
