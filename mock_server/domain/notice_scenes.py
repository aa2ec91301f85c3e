"""Scenes: what a conversation can trigger, and how often it counts (L458-L734)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mock_server.domain.notices import Notice
from mock_server.domain.paging import contains_keyword

INVITED_SCENE_ID = 201
HANDED_OVER_SCENE_ID = 202
SERVED_SCENE_ID = 203
SYSTEM_SCENES = {
    INVITED_SCENE_ID: "邀约成功",
    HANDED_OVER_SCENE_ID: "转人工",
    SERVED_SCENE_ID: "完成服务",
}
"""The SYSTEM scenes every world has: the reports find them by id, so a new name changes nothing."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One scene (L486-L501).

    statistical_method: GRAND_TOTAL counts every trigger, ONLY counts each member once.
    external_id: None when never given or unbound; `unbound` tells the two apart (M40).
    notice_id: the plan named at its creation; the relation itself is kept by the plans (M49).
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


def notices_by_scene(notices: Iterable[Notice]) -> dict[int, list[int]]:
    """The plans of every scene that has any, in order of creation (M49)."""
    found: dict[int, list[int]] = {}
    for notice in notices:
        for scene_id in notice.scene_ids:
            found.setdefault(scene_id, []).append(notice.id)
    return found


def listed_notice_id(
    scene: Scene, related: Mapping[int, list[int]], asked: int | None
) -> int | None:
    """The one plan a scene's list row names (M12): the one asked for, if any.

    Otherwise the plan it was created with while that still has it, else the first that has it.
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
    """The scenes that pass every filter (SC-05), in their order.

    `within` holds the scene ids of the plan asked for, None when none was.
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
