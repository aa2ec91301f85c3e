"""Probes of scenes (L458-L734)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.rules.client import NONEXISTENT_ID, ApiClient
from contract_tests.rules.factories import new_plan, new_scene, scene_body, without_fields
from contract_tests.rules.outcome import ExpectedRefusal, NotCheckableError, expect, expect_equal
from contract_tests.rules.probe_registry import ProbeRegistry
from contract_tests.rules.reading_dependent_requests import (
    EMPTY_NAMES,
    UNKNOWN_IDS,
    UNKNOWN_INPUT,
    is_accepted_or_observe_refusal,
    observe_empty_name_or_yield_refusal,
    observe_success_or_yield_refusal,
    shown_field,
)

probes = ProbeRegistry()
SYSTEM_SCENES = "system-scenes"
STATISTICAL_METHODS = ("GRAND_TOTAL", "ONLY")


def list_scene_ids(api: ApiClient, **query: Any) -> list[int]:
    """Return the ids of the scenes that a query finds, in its order."""
    return [row["id"] for row in api.call_json("listScenes", query=query)["content"]]


@probes.accepted("SC-01")
def accepts_scene_with_required_fields_only(api: ApiClient) -> None:
    """Create and update a scene with its required fields only."""
    made = new_scene(api, new_plan(api)["id"])
    body = {"name": api.unique_name(), "prompt": "顾客询问价格。"}
    api.call_json("updateScene", id=made["id"], body=body)


@probes.refused("SC-01")
def refuses_scene_without_a_required_field(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create and update a scene without each required field."""
    plan = new_plan(api)["id"]
    for name in ("name", "statisticalMethod", "prompt", "planId"):
        yield (
            f"/body/{name}",
            api.call("createScene", body=without_fields(scene_body(api, plan), name)),
        )
    made = new_scene(api, plan)["id"]
    for name in ("name", "prompt"):
        body = without_fields({"name": api.unique_name(), "prompt": "顾客询问价格。"}, name)
        yield f"/body/{name}", api.call("updateScene", id=made, body=body)


@probes.accepted("SC-09")
def accepts_new_name_of_scene(api: ApiClient) -> None:
    """Create a scene, then update its name."""
    made, name = new_scene(api, new_plan(api)["id"])["id"], api.unique_name()
    after = api.call_json("updateScene", id=made, body={"name": name, "prompt": "顾客询问价格。"})
    expect_equal(after["name"], name, "name")


@probes.refused("SC-09", observes=(EMPTY_NAMES,))
def refuses_scene_with_empty_name(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create and update a scene with an empty name; a server may also accept it."""
    plan = new_plan(api)["id"]
    answer = api.call("createScene", body=scene_body(api, plan, name=""))
    yield from observe_empty_name_or_yield_refusal(api, "/body/name", answer)
    made = new_scene(api, plan)["id"]
    body = {"name": "", "prompt": "顾客询问价格。"}
    answer = api.call("updateScene", id=made, body=body)
    yield from observe_empty_name_or_yield_refusal(api, "/body/name", answer)


def find_system_scene(api: ApiClient) -> dict[str, Any]:
    """Return a SYSTEM scene; raises NotCheckableError if there is none."""
    # SYSTEM sorts after CUSTOM, so one row is enough however many scenes others have created.
    query = {"orderBy": "sceneType", "orderDirection": "DESC", "current": 0, "size": 1}
    rows: list[dict[str, Any]] = api.call_json("listScenes", query=query)["content"]
    if not rows or rows[0].get("sceneType") != "SYSTEM":
        raise NotCheckableError("there is no SYSTEM scene")
    return rows[0]


@probes.accepted("SC-10", observes=(SYSTEM_SCENES,))
def accepts_unchanged_update_of_system_scene(api: ApiClient) -> None:
    """Update a SYSTEM scene with its own name and prompt, which a server may refuse."""
    found = find_system_scene(api)
    body = {name: found[name] for name in ("name", "prompt")}
    own = new_scene(api, new_plan(api)["id"])["id"]
    api.call_json("updateScene", id=own, body=body)
    answer = api.call("updateScene", id=found["id"], body=body)
    if is_accepted_or_observe_refusal(api, SYSTEM_SCENES, answer, refused="none"):
        expect_equal({name: shown_field(answer, name) for name in body}, body, "name and prompt")


@probes.refused("SC-10", observes=(SYSTEM_SCENES,))
def refuses_new_name_or_prompt_of_system_scene(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Change the name of a SYSTEM scene, then its prompt; an accepted change is reverted.

    A server may refuse it because of the new value, refuse every change, or accept it.
    """
    found = find_system_scene(api)
    body = {name: found[name] for name in ("name", "prompt")}
    refused = "external-id" if _is_updated(api, found["id"], body) else "none"
    for name in body:
        changed = body | {name: api.unique_name()}
        answer = api.call("updateScene", id=found["id"], body=changed)
        is_kept = shown_field(answer, name) == changed[name]
        # All plans use this scene, and their reports rest on it (M50).
        if answer.status < 300:
            api.call("updateScene", id=found["id"], body=body)
        attempt = f"/body/{name}", answer
        yield from observe_success_or_yield_refusal(
            api, SYSTEM_SCENES, attempt, "all", is_kept=is_kept, refused=refused
        )


def _is_updated(api: ApiClient, scene_id: int, body: dict[str, Any]) -> bool:
    return api.is_success(api.call("updateScene", id=scene_id, body=body))


@probes.accepted("SC-02")
def accepts_scene_of_existing_plan(api: ApiClient) -> None:
    """Create a scene for a new plan."""
    new_scene(api, new_plan(api)["id"])


@probes.refused("SC-02", status_reading=UNKNOWN_IDS)
def refuses_scene_of_nonexistent_plan(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create a scene for a plan that never existed, and for one that was deleted."""
    gone = new_plan(api)["id"]
    api.call_json("deleteMarketingNotice", id=gone)
    for plan in (NONEXISTENT_ID, gone):
        yield "/body/planId", api.call("createScene", body=scene_body(api, plan))


@probes.accepted("SC-03", observes=(UNKNOWN_INPUT,))
def update_of_scene_changes_sent_fields_only(api: ApiClient) -> None:
    """Update a scene and compare its other fields.

    A second update has a statistical method and a plan, which a server may ignore or refuse.
    """
    plan, other = new_plan(api)["id"], new_plan(api)["id"]
    neighbour = new_scene(api, plan)
    made = new_scene(api, plan, statisticalMethod="ONLY")
    body = {"name": api.unique_name(), "prompt": "顾客询问价格。"}
    after = api.call_json("updateScene", id=made["id"], body=body)
    expect_fields_kept(after, made, name=body["name"])
    extra = {"statisticalMethod": "GRAND_TOTAL", "planId": other}
    answer = api.call("updateScene", id=made["id"], body=body | extra)
    if is_accepted_or_observe_refusal(api, UNKNOWN_INPUT, answer):
        expect_fields_kept(answer.json, made, name=body["name"])
        api.observe(UNKNOWN_INPUT, "ignored", answer)
    # A server that updates all scenes of the plan would return the right response.
    beside = api.call_json("getScene", id=neighbour["id"])
    expect_equal(beside["prompt"], neighbour["prompt"], "the prompt of another scene")
    expect(made["id"] in list_scene_ids(api, planId=plan), "the scene has left its plan")
    expect(
        made["id"] not in list_scene_ids(api, planId=other), "the scene has gone to another plan"
    )


def expect_fields_kept(after: dict[str, Any], made: dict[str, Any], name: str) -> None:
    """Raise RuleViolationError unless an update of a scene has changed nothing but its name."""
    for kept in ("id", "createTime", "statisticalMethod", "sceneType"):
        expect_equal(after[kept], made[kept], kept)
    expect_equal(after["name"], name, "name")


@probes.accepted("SC-04")
def unbound_scene_has_no_external_id(api: ApiClient) -> None:
    """Unbind a scene twice and read it, and another one beside it.

    The externalId may be null, empty or left out, but the same each time.
    """
    external, other = api.unique_name(), api.unique_name()
    plan = new_plan(api)["id"]
    neighbour = new_scene(api, plan, externalId=other)["id"]
    made = new_scene(api, plan, externalId=external)
    expect_equal(made["externalId"], external, "externalId before")
    after = api.call_json("unbindSceneExternalId", id=made["id"])
    unbound = {name: value for name, value in after.items() if name == "externalId"}
    expect(not unbound.get("externalId"), f"externalId after is {unbound.get('externalId')!r}")
    # The second time there is nothing left to unbind, and the response is the same (M40).
    for operation in ("unbindSceneExternalId", "getScene"):
        found = api.call_json(operation, id=made["id"])
        seen = {name: value for name, value in found.items() if name == "externalId"}
        expect_equal(seen, unbound, f"the unbound externalId in {operation}")
    beside = api.call_json("getScene", id=neighbour)
    expect_equal(beside["externalId"], other, "externalId of another scene")


@probes.accepted("SC-05", observes=("scene-filter-external-id",))
def scenes_pass_all_combined_filters(api: ApiClient) -> None:
    """Filter scenes by keyword, external id and plan, alone and together.

    The external id may be that of a plan, so that none of these scenes has it.
    """
    plan, other = new_plan(api)["id"], new_plan(api)["id"]
    word, external = api.unique_name("咨询"), api.unique_name()
    first = new_scene(api, plan, name=f"到店{word}价格", externalId=external)["id"]
    second = new_scene(api, plan)["id"]
    third = new_scene(api, other, name=word)["id"]
    bound = {*list_scene_ids(api, externalId=external)}
    answer = api.answers[-1]
    for query, expected in (
        ({"keyWord": word}, {first, third}),
        ({"externalId": external}, {first} & bound),
        # This filter compares for equality (M39), unlike the keyword.
        ({"externalId": external[:-1]}, set()),
        ({"planId": plan}, {first, second}),
        ({"planId": other, "keyWord": word}, {third}),
        ({"planId": other, "externalId": external}, set()),
        ({"planId": plan, "externalId": external}, {first} & bound),
        ({"planId": NONEXISTENT_ID}, set()),
    ):
        expect_equal({*list_scene_ids(api, **query)}, expected, f"the scenes with {query}")
    api.observe("scene-filter-external-id", "scene" if bound else "plan", answer)


@probes.accepted("SC-06")
def accepts_scenes_with_both_statistical_methods(api: ApiClient) -> None:
    """Create a scene with each statistical method."""
    plan = new_plan(api)["id"]
    for method in STATISTICAL_METHODS:
        made = new_scene(api, plan, statisticalMethod=method)
        expect_equal(made["statisticalMethod"], method, "statisticalMethod")


@probes.refused("SC-06")
def refuses_scene_with_unknown_statistical_method(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create a scene with an unknown statistical method, and with one in lower case."""
    plan = new_plan(api)["id"]
    for method in ("AVERAGE", "only"):
        body = scene_body(api, plan, statisticalMethod=method)
        yield "/body/statisticalMethod", api.call("createScene", body=body)


@probes.accepted("SC-07")
def new_scene_is_custom_and_belongs_to_its_plan(api: ApiClient) -> None:
    """Create a scene and list the scenes of its plan."""
    plan = new_plan(api)["id"]
    made = new_scene(api, plan)
    expect_equal(made["sceneType"], "CUSTOM", "sceneType")
    rows = api.call_json("listScenes", query={"planId": plan})["content"]
    expect_equal([row["id"] for row in rows], [made["id"]], "the scenes of the plan")
    expect_equal(rows[0].get("planId"), plan, "planId of the row")


@probes.accepted("SC-08")
def update_of_scene_keeps_omitted_external_id(api: ApiClient) -> None:
    """Update a scene without its external id, then with another one."""
    external, fresh = api.unique_name(), api.unique_name()
    made = new_scene(api, new_plan(api)["id"], externalId=external)["id"]
    body = {"name": api.unique_name(), "prompt": "顾客询问价格。"}
    for extra, expected in (({}, external), ({"externalId": fresh}, fresh)):
        after = api.call_json("updateScene", id=made, body=body | extra)
        expect_equal(after["externalId"], expected, "externalId")
