"""Operations on scenes: create, list, get, update, unbind (L458-L734)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mock_server.domain import datetime_text, notice_scenes
from mock_server.domain.marketing_queries import build_spring_query
from mock_server.domain.notice_scenes import Scene
from mock_server.domain.paging import LongListResponse, SortKeys, render_spring_page
from mock_server.domain.record_errors import not_found_error, refuse, unknown_id_violations
from mock_server.errors import InvalidRequest
from mock_server.world.threaded_reads import threaded_read
from mock_server.world.world import World


def create_scene(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """POST /marketing-notice/scene (L458-L501). Raises InvalidRequest and NotFound."""
    world.ensure_room(body)
    notice_id = body["planId"]
    unknown = unknown_id_violations(world.notices, [("/body/planId", notice_id)], "SC-02")
    refuse(unknown, unknown, world.readings["unknown-id-in-body"])
    now, notice = world.now(), world.notices[notice_id]
    scene = Scene(
        id=world.next_id("scenes"),
        name=body["name"],
        statistical_method=body["statisticalMethod"],
        prompt=body["prompt"],
        scene_type="CUSTOM",
        created=now,
        updated=now,
        external_id=body.get("externalId"),
        notice_id=notice.original_id,
    )
    world.scenes[scene.id] = scene
    world.notices[notice_id] = notice.with_scene(scene.id, now)
    return _render_scene(world, scene)


@threaded_read(lambda world, **_: len(world.scenes) + len(world.notices))
def list_scenes(
    world: World,
    current: int | None = None,
    size: int | None = None,
    order_by: Sequence[str] | None = None,
    order_direction: str | None = None,
    order_null_handling: str | None = None,
    key_word: str | None = None,
    external_id: str | None = None,
    plan_id: int | None = None,
) -> dict[str, Any] | LongListResponse:
    """GET /marketing-notice/scene, newest first (L502-L619). Raises InvalidRequest.

    The list is empty for a `planId` that does not exist.
    """
    query = build_spring_query(current, size, order_by, order_direction, order_null_handling)
    related = notice_scenes.notices_by_scene(world.notices.values())
    external_plan_id = None
    if world.readings["scene-filter-external-id"] == "plan":
        external_id, external_plan_id = None, external_id
    within = notice_scenes.related_scene_ids(world.notices, plan_id, external_plan_id)
    unbound = world.readings["external-id-after-unbinding"]
    rows = notice_scenes.filter_scenes(
        world.scenes.newest(), key_word, external_id, within, unbound
    )

    def plan_id_of(scene: Scene) -> int | None:
        return notice_scenes.listed_notice_id(scene, related, plan_id)

    def render_row(scene: Scene) -> dict[str, Any]:
        notice_id = plan_id_of(scene)
        return _render_scene(world, scene) | ({} if notice_id is None else {"planId": notice_id})

    keys: SortKeys[Scene] = {
        "id": lambda scene: scene.id,
        "createTime": lambda scene: scene.created,
        "lastUpdateTime": lambda scene: scene.updated,
        "name": lambda scene: scene.name,
        "statisticalMethod": lambda scene: scene.statistical_method,
        "prompt": lambda scene: scene.prompt,
        "externalId": lambda scene: notice_scenes.shown_external_id(scene, unbound),
        "sceneType": lambda scene: scene.scene_type,
        "planId": plan_id_of,
    }
    return render_spring_page(rows, query, world.page_shape, keys=keys, render=render_row)


def get_scene(world: World, id_: int) -> dict[str, Any]:
    """GET /marketing-notice/scene/{id} (L663-L698). Raises NotFound."""
    return _render_scene(world, _find_scene(world, id_))


def update_scene(world: World, id_: int, body: dict[str, Any]) -> dict[str, Any]:
    """PUT /marketing-notice/scene/{id} (L620-L662): name, prompt, external id (SC-03, SC-10).

    Raises NotFound, InvalidRequest.
    """
    world.ensure_room(body)
    before = _find_scene(world, id_)
    allowed = world.readings["system-scenes"]
    if violations := notice_scenes.update_violations(before, body, allowed):
        raise InvalidRequest(*violations)
    scene = replace(before, name=body["name"], prompt=body["prompt"], updated=world.now())
    # Without `externalId` the binding stays (SC-08): unbinding has an operation of its own.
    if "externalId" in body:
        scene = replace(scene, external_id=body["externalId"], unbound=False)
    world.scenes[id_] = scene
    return _render_scene(world, scene)


def unbind_scene_external_id(world: World, id_: int) -> dict[str, Any]:
    """PATCH /marketing-notice/scene/{id}/unbundled-externalId (L699-L734).

    Raises NotFound and InvalidRequest.
    """
    before = _find_scene(world, id_)
    if violations := notice_scenes.unbinding_violations(before, world.readings["system-scenes"]):
        raise InvalidRequest(*violations)
    scene = replace(before, external_id=None, unbound=True, updated=world.now())
    world.scenes[id_] = scene
    return _render_scene(world, scene)


def _find_scene(world: World, scene_id: int) -> Scene:
    if scene := world.scenes.get(scene_id):
        return scene
    raise not_found_error(world.scenes, "/path/id", scene_id)


def _render_scene(world: World, scene: Scene) -> dict[str, Any]:
    return {
        "id": scene.id,
        "createTime": datetime_text.format_datetime(scene.created),
        "lastUpdateTime": datetime_text.format_datetime(scene.updated),
        "name": scene.name,
        "statisticalMethod": scene.statistical_method,
        "prompt": scene.prompt,
        "sceneType": scene.scene_type,
        **notice_scenes.render_external_id(scene, world.readings["external-id-after-unbinding"]),
    }
