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
    notice_id: the plan given at the creation; the relation itself is stored in the plans (M49).
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


def update_violations(scene: Scene, body: Mapping[str, Any]) -> list[ErrorDetail]:
    """Return a violation for each of name and prompt that a SYSTEM scene would change (SC-10)."""
    if scene.scene_type != "SYSTEM":
        return []
    current = {"name": scene.name, "prompt": scene.prompt}
    return [
        ErrorDetail(f"/body/{name}", "SC-10", value, body[name][:80])
        for name, value in current.items()
        if body[name] != value
    ]


def notice_ids_by_scene(notices: Iterable[Notice]) -> dict[int, list[int]]:
    """Return the plan ids of each scene that has any, in order of creation (M49)."""
    found: dict[int, list[int]] = {}
    for notice in notices:
        for scene_id in notice.scene_ids:
            found.setdefault(scene_id, []).append(notice.id)
    return found


def listed_notice_id(
    scene: Scene, related: Mapping[int, list[int]], asked: int | None
) -> int | None:
    """Return the plan id of a scene's row in the list (M12), which has a single `planId`.

    It is the one asked for, else the plan for which the scene was created if it still has the
    scene, else the first plan that has it.
    """
    if asked is not None:
        return asked
    notices = related.get(scene.id, [])
    if scene.notice_id in notices:
        return scene.notice_id
    return notices[0] if notices else None


def filter_scenes(
    scenes: Sequence[Scene],
    key_word: str | None,
    external_id: str | None,
    within: Collection[int] | None,
) -> Sequence[Scene]:
    """Return the scenes that pass every filter (SC-05), in the same order.

    within: scene ids of the plan asked for, or None if no plan was.
    """
    if not key_word and external_id is None and within is None:
        return scenes
    return [
        scene
        for scene in scenes
        if contains_keyword(key_word, scene.name)
        and (external_id is None or scene.external_id == external_id)
        and (within is None or scene.id in within)
    ]
