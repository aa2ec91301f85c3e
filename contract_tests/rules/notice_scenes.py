"""Probes of scenes (L458-L734)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.rules.client import ABSENT, Api
from contract_tests.rules.factories import new_plan, new_scene, scene, without
from contract_tests.rules.outcome import Attempt, expect, expect_equal
from contract_tests.rules.registry import Probes

probes = Probes()
METHODS = ("GRAND_TOTAL", "ONLY")


def listed(api: Api, **query: Any) -> list[int]:
    """The ids of the scenes that a query finds, in its order."""
    return [row["id"] for row in api.ok("listScenes", query=query)["content"]]


@probes.accepted("SC-01")
def a_scene_with_just_the_required_fields(api: Api) -> None:
    """At its creation and in an update."""
    made = new_scene(api, new_plan(api)["id"])
    body = {"name": api.name(), "prompt": "顾客询问价格。"}
    api.ok("updateScene", id=made["id"], body=body)


@probes.refused("SC-01")
def a_scene_without_one_of_them(api: Api) -> Iterator[Attempt]:
    """Each required field left out."""
    plan = new_plan(api)["id"]
    for name in ("name", "statisticalMethod", "prompt", "planId"):
        yield f"/body/{name}", api.call("createScene", body=without(scene(api, plan), name))
    made = new_scene(api, plan)["id"]
    for name in ("name", "prompt"):
        body = without({"name": api.name(), "prompt": "顾客询问价格。"}, name)
        yield f"/body/{name}", api.call("updateScene", id=made, body=body)


@probes.accepted("SC-02")
def a_plan_that_exists(api: Api) -> None:
    """One that was just made."""
    new_scene(api, new_plan(api)["id"])


@probes.refused("SC-02")
def a_plan_that_does_not(api: Api) -> Iterator[Attempt]:
    """An id that nothing has, and one whose plan is gone."""
    gone = new_plan(api)["id"]
    api.ok("deleteMarketingNotice", id=gone)
    for plan in (ABSENT, gone):
        yield "/body/planId", api.call("createScene", body=scene(api, plan))


@probes.accepted("SC-03")
def an_update_leaves_the_rest(api: Api) -> None:
    """Statistical method, type and plan, also when the update names them."""
    plan, other = new_plan(api)["id"], new_plan(api)["id"]
    neighbour = new_scene(api, plan)
    made = new_scene(api, plan, statisticalMethod="ONLY")
    body = {"name": api.name(), "prompt": "顾客询问价格。"}
    for extra in ({}, {"statisticalMethod": "GRAND_TOTAL", "planId": other}):
        after = api.ok("updateScene", id=made["id"], body=body | extra)
        for kept in ("id", "createTime", "statisticalMethod", "sceneType"):
            expect_equal(after[kept], made[kept], kept)
        expect_equal(after["name"], body["name"], "name")
    beside = api.ok("getScene", id=neighbour["id"])
    expect_equal(beside["prompt"], neighbour["prompt"], "the prompt of another scene")
    expect(made["id"] in listed(api, planId=plan), "the scene has left its plan")
    expect(made["id"] not in listed(api, planId=other), "the scene has gone to another plan")


@probes.accepted("SC-04")
def an_unbound_scene_has_no_external_id(api: Api) -> None:
    """Null in the answer and when it is read; a second time too. Another scene keeps its own."""
    external, other = api.name(), api.name()
    plan = new_plan(api)["id"]
    neighbour = new_scene(api, plan, externalId=other)["id"]
    made = new_scene(api, plan, externalId=external)
    expect_equal(made["externalId"], external, "externalId before")
    for _ in range(2):
        after = api.ok("unbindSceneExternalId", id=made["id"])
        expect_equal(after["externalId"], None, "externalId after")
    expect_equal(api.ok("getScene", id=made["id"])["externalId"], None, "externalId when read")
    beside = api.ok("getScene", id=neighbour)
    expect_equal(beside["externalId"], other, "externalId of another scene")


@probes.accepted("SC-05")
def filters_hold_all_at_once(api: Api) -> None:
    """Keyword, external id and plan, alone and together."""
    plan, other = new_plan(api)["id"], new_plan(api)["id"]
    word, external = api.name("咨询"), api.name()
    first = new_scene(api, plan, name=f"到店{word}价格", externalId=external)["id"]
    second = new_scene(api, plan)["id"]
    third = new_scene(api, other, name=word)["id"]
    for query, expected in (
        ({"keyWord": word}, {first, third}),
        ({"externalId": external}, {first}),
        ({"externalId": external[:-1]}, set()),
        ({"planId": plan}, {first, second}),
        ({"planId": other, "keyWord": word}, {third}),
        ({"planId": other, "externalId": external}, set()),
        ({"planId": ABSENT}, set()),
    ):
        expect_equal({*listed(api, **query)}, expected, f"what {query} finds")


@probes.accepted("SC-06")
def both_statistical_methods(api: Api) -> None:
    """Kept as they were sent."""
    plan = new_plan(api)["id"]
    for method in METHODS:
        made = new_scene(api, plan, statisticalMethod=method)
        expect_equal(made["statisticalMethod"], method, "statisticalMethod")


@probes.refused("SC-06")
def another_statistical_method(api: Api) -> Iterator[Attempt]:
    """A word that is none, and one in lower case."""
    plan = new_plan(api)["id"]
    for method in ("AVERAGE", "only"):
        body = scene(api, plan, statisticalMethod=method)
        yield "/body/statisticalMethod", api.call("createScene", body=body)


@probes.accepted("SC-07")
def a_new_scene_is_custom_and_of_its_plan(api: Api) -> None:
    """The list filtered by the plan holds it."""
    plan = new_plan(api)["id"]
    made = new_scene(api, plan)
    expect_equal(made["sceneType"], "CUSTOM", "sceneType")
    rows = api.ok("listScenes", query={"planId": plan})["content"]
    expect_equal([row["id"] for row in rows], [made["id"]], "the scenes of the plan")
    expect_equal(rows[0].get("planId"), plan, "planId of the row")


@probes.accepted("SC-08")
def an_update_without_external_id_keeps_it(api: Api) -> None:
    """Left out it stays, given it changes."""
    external, fresh = api.name(), api.name()
    made = new_scene(api, new_plan(api)["id"], externalId=external)["id"]
    body = {"name": api.name(), "prompt": "顾客询问价格。"}
    for extra, expected in (({}, external), ({"externalId": fresh}, fresh)):
        after = api.ok("updateScene", id=made, body=body | extra)
        expect_equal(after["externalId"], expected, "externalId")
