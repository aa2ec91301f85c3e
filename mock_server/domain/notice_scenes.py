"""Scenes: events that a conversation can trigger, and how they are counted (L458-L734)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mock_server.domain.notices import Notice
from mock_server.domain.paging import contains_keyword
from mock_server.errors import ErrorDetail

INVITED_SCENE_ID = 201
HANDED_OVER_SCENE_ID = 202
SERVED_SCENE_ID = 203
SYSTEM_SCENES = {
    INVITED_SCENE_ID: "邀约成功",
    HANDED_OVER_SCENE_ID: "转人工",
    SERVED_SCENE_ID: "完成服务",
}
"""SYSTEM scenes, which every world has. Reports use their ids, so they can be renamed."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A scene (L486-L501).

    statistical_method: GRAND_TOTAL counts every trigger, ONLY counts each member once.
    external_id: None if it was never given or is unbound; `unbound` distinguishes the two (M40).
    notice_id: key of the plan given at the creation; the relation itself is stored in the plans
        (M49).
    """

    id: int
    name: str
    statistical_method: str
    prompt: str
    scene_type: str
    created: datetime
    updated: datetime
    external_id: str | None = None
    unbound: bool = False
    notice_id: int | None = None


def update_violations(
    scene: Scene, body: Mapping[str, Any], system_scenes: str
) -> list[ErrorDetail]:
    """Return a violation for each of name and prompt that a SYSTEM scene would change (SC-10).

    system_scenes: answer to system-scenes (M50): what of them can be changed. With `none`, this is
    not the external id either, and an update that changes nothing is a violation as well; with
    `all` there are no violations.
    """
    if scene.scene_type != "SYSTEM" or system_scenes == "all":
        return []
    current = {"name": scene.name, "prompt": scene.prompt}
    if system_scenes == "none" and "externalId" in body:
        current["externalId"] = scene.external_id or ""
    changed = [
        ErrorDetail(f"/body/{name}", "SC-10", value, body[name][:80])
        for name, value in current.items()
        if body[name] != value
    ]
    return changed or unbinding_violations(scene, system_scenes)


def unbinding_violations(scene: Scene, system_scenes: str) -> list[ErrorDetail]:
    """Return a violation if the external id of a SYSTEM scene cannot be changed (SC-10)."""
    if scene.scene_type != "SYSTEM" or system_scenes != "none":
        return []
    return [ErrorDetail("/path/id", "SC-10", "CUSTOM", scene.scene_type)]


def shown_external_id(scene: Scene, after_unbinding: str) -> str | None:
    """Return the external id as responses, filters and sorting have it; None for no value.

    after_unbinding: answer to external-id-after-unbinding (M40).
    """
    return "" if scene.unbound and after_unbinding == "empty" else scene.external_id


def render_external_id(scene: Scene, after_unbinding: str) -> dict[str, str | None]:
    """Return the field `externalId` of a scene, or nothing if it has none (SC-04).

    It is there with a value, or as null after an unbinding if that is the answer.
    """
    shown = shown_external_id(scene, after_unbinding)
    if shown is None and not (scene.unbound and after_unbinding == "null"):
        return {}
    return {"externalId": shown}


def notices_by_scene(notices: Iterable[Notice]) -> dict[int, list[Notice]]:
    """Return the plans of each scene that has any, in order of creation (M49)."""
    found: dict[int, list[Notice]] = {}
    for notice in notices:
        for scene_id in notice.scene_ids:
            found.setdefault(scene_id, []).append(notice)
    return found


def listed_notice_id(
    scene: Scene, related: Mapping[int, list[Notice]], asked: int | None
) -> int | None:
    """Return the plan id of a scene's row in the list (M12), which has a single `planId`.

    It is the one asked for, else the plan for which the scene was created if it still has the
    scene, else the first plan that has it.
    """
    if asked is not None:
        return asked
    notices = related.get(scene.id, [])
    own = [notice for notice in notices if notice.original_id == scene.notice_id]
    return next((notice.id for notice in (*own, *notices)), None)


def related_scene_ids(
    notices: Mapping[int, Notice], notice_id: int | None, external_id: str | None
) -> frozenset[int] | None:
    """Return the scenes of the plans with this id and this external id (SC-05); None without both.

    It is empty for a plan that does not exist.
    """
    if notice_id is None and external_id is None:
        return None
    found = notices.values() if notice_id is None else filter(None, [notices.get(notice_id)])
    return frozenset(
        scene_id
        for notice in found
        if external_id is None or notice.external_id == external_id
        for scene_id in notice.scene_ids
    )


def filter_scenes(
    scenes: Sequence[Scene],
    key_word: str | None,
    external_id: str | None,
    within: Collection[int] | None,
    after_unbinding: str,
) -> Sequence[Scene]:
    """Return the scenes that pass every filter (SC-05), in the same order.

    external_id: that of the scene; within: scene ids of the plan asked for, or None if no plan was;
    after_unbinding: see `shown_external_id`.
    """
    if not key_word and external_id is None and within is None:
        return scenes
    return [
        scene
        for scene in scenes
        if contains_keyword(key_word, scene.name)
        and (external_id is None or shown_external_id(scene, after_unbinding) == external_id)
        and (within is None or scene.id in within)
    ]
