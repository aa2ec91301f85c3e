"""Relations between records, to follow in both directions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mock_server.control.record_kinds import name_of
from mock_server.world.world import World

Relation = dict[str, Any]
MAX_NAMED = 20
"""Records of one relation that are named one by one."""


def list_relations(world: World, kind: str, record: Any) -> list[Relation]:
    """Return the relations of a record.

    Each has a `kind`, and either the `id` of one record, or the `filter` by which the list of that
    kind shows all, with their `count` where it is known at once.
    """
    return [each for each in RELATIONS[kind](world, record) if each]


def _of_group(world: World, group: Any) -> list[Relation]:
    return [_many("notices", "groupId", len(world.notices.newest(group.id)))]


def _of_notice(world: World, notice: Any) -> list[Relation]:
    tasks = world.notice_tasks.newest(notice.original_id)
    return [
        _one(world.groups, "groups", notice.group_id),
        _many("noticeTasks", "noticeId", len(tasks)),
        _many("scenes", "noticeId", len(notice.scene_ids)),
    ]


def _of_notice_task(world: World, task: Any) -> list[Relation]:
    notice = world.notice_of(task)
    return [
        _one(world.notices, "notices", notice.id),
        _one(world.groups, "groups", notice.group_id),
    ]


def _of_notification_task(world: World, task: Any) -> list[Relation]:
    return [_one(world.files, "files", id_) for id_ in (task.file_ids or ())[:MAX_NAMED]]


def _one(table: Any, kind: str, id_: int) -> Relation:
    """Return the relation to a record; empty if it does not exist any more."""
    record = table.get(id_)
    if record is None:
        return {}
    return {"kind": kind, "id": id_, "name": name_of(record)}


def _many(kind: str, filter_: str, count: int | None = None) -> Relation:
    return {"kind": kind, "filter": filter_} | ({} if count is None else {"count": count})


RELATIONS: dict[str, Callable[[World, Any], list[Relation]]] = {
    "groups": _of_group,
    "notices": _of_notice,
    "noticeTasks": _of_notice_task,
    "scenes": lambda _world, _scene: [_many("notices", "sceneId")],
    "notificationTasks": _of_notification_task,
    "members": lambda _world, _member: [
        _many("noticeTasks", "memberId"),
        _many("notificationTasks", "memberId"),
    ],
    "files": lambda _world, _file: [_many("notificationTasks", "fileId")],
}
"""Function that lists the relations of a record, by its kind."""
