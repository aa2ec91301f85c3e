"""Kinds of records: their rows in a list, the filters that apply to them, the records they name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from mock_server.domain import notification_tasks
from mock_server.domain.notice_tasks import NoticeTask
from mock_server.world.simulations import plan_status, plan_task_status
from mock_server.world.world import World

Filters = dict[str, int]
"""Ids of other records by the name of the parameter: only records that belong to these."""


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A kind of records.

    table: attribute of a world; filters: functions that return whether a record belongs to the one
    with an id, by parameter; status: of a record, None if the kind has none; more: other fields of
    a row; operation, argument: the operation that shows a record, and the argument with its id.
    """

    table: str
    filters: dict[str, Callable[[World, Any, int], bool]]
    more: Callable[[World, Any], dict[str, Any]]
    status: Callable[[World, Any], str] | None = None
    operation: str = ""
    argument: str = "id_"

    def select(self, world: World, search: str, status: str, belongs: Filters) -> Iterable[Any]:
        """Return the records that meet all criteria, the last stored ones first.

        search: a part of the name, or the id. It may run in a thread.
        """
        found: Iterable[Any] = _last_first(getattr(world, self.table))
        for name, id_ in belongs.items():
            found = self._belonging(world, found, name, id_)
        if search:
            wanted = search.casefold()
            found = (
                row for row in found if str(row.id) == search or wanted in name_of(row).casefold()
            )
        if status and (status_of := self.status):
            found = (row for row in found if status_of(world, row) == status)
        return found

    def render(self, world: World, record: Any) -> dict[str, Any]:
        """Return the row of a record."""
        row: dict[str, Any] = {"id": record.id, "name": name_of(record)}
        if self.status:
            row["status"] = self.status(world, record)
        if created := getattr(record, "created", None):
            row["created"] = created.isoformat()
        return row | self.more(world, record)

    def _belonging(self, world: World, found: Iterable[Any], name: str, id_: int) -> Iterator[Any]:
        belongs = self.filters[name]
        return (row for row in found if belongs(world, row, id_))


def _last_first(table: Any) -> Iterable[Any]:
    # The views of Python's own dicts are reversible: a page costs no more than its offset.
    values = table.values()
    found: Iterable[Any] = reversed(values if hasattr(values, "__reversed__") else [*values])
    return found


def name_of(record: Any) -> str:
    """Return the name of a record; of a file, its file name."""
    return str(getattr(record, "name", "") or getattr(record, "file_name", ""))


def _has_member(_world: World, task: Any, member_id: int) -> bool:
    people: Iterable[Any] = task.members if isinstance(task, NoticeTask) else task.recipients
    return any(each.member_id == member_id for each in people)


def _is_of_notice(world: World, task: NoticeTask, notice_id: int) -> bool:
    notice = world.notices.get(notice_id)
    return notice is not None and task.notice_id == notice.original_id


def _serves_notice(world: World, scene: Any, notice_id: int) -> bool:
    notice = world.notices.get(notice_id)
    return notice is not None and scene.id in notice.scene_ids


def _sends_file(_world: World, task: Any, file_id: int) -> bool:
    """Return whether a task names a file: as its list of members, or in the URL of a content."""
    named = (str(each.get("contentValue", "")).rpartition("/")[2] for each in task.contents)
    return file_id in (task.file_ids or ()) or str(file_id) in named


KINDS: dict[str, RecordKind] = {
    "groups": RecordKind("groups", {}, lambda _w, _r: {}, operation="getGroup"),
    "notices": RecordKind(
        "notices",
        {
            "groupId": lambda _world, notice, id_: notice.group_id == id_,
            "sceneId": lambda _world, notice, id_: id_ in notice.scene_ids,
        },
        lambda world, notice: {
            "parent": {"kind": "groups", "id": notice.group_id},
            "tasks": len(world.notice_tasks.newest(notice.original_id)),
        },
        lambda world, notice: plan_status(world, notice, world.now()),
        "getMarketingNotice",
    ),
    "noticeTasks": RecordKind(
        "notice_tasks",
        {"noticeId": _is_of_notice, "memberId": _has_member},
        lambda world, task: {
            "parent": {"kind": "notices", "id": world.notice_of(task).id},
            "starts": task.start.isoformat(),
            "members": len(task.members),
        },
        lambda world, task: plan_task_status(world, task, world.now()),
        "getMarketingNoticeTask",
        "task_id",
    ),
    "scenes": RecordKind(
        "scenes",
        {"noticeId": _serves_notice},
        lambda _world, scene: {"type": scene.scene_type},
        operation="getScene",
    ),
    "notificationTasks": RecordKind(
        "notification_tasks",
        {"memberId": _has_member, "fileId": _sends_file},
        lambda _world, task: {
            "type": task.type,
            "starts": task.start.isoformat(),
            "members": len(task.recipients),
        },
        lambda world, task: notification_tasks.task_status(world.seed, task, world.now()),
        "getNotificationTask",
        "task_id",
    ),
    "members": RecordKind(
        "members",
        {},
        lambda _world, member: {
            name: value
            for name, value in (("userId", member.user_id), ("ciq", member.ciq))
            if value is not None
        },
    ),
    "files": RecordKind(
        "files",
        {},
        lambda _world, file: {"type": file.media_type, "bytes": len(file.content)},
    ),
}
"""All kinds, by their names in the number of records, in the order of their relations."""

FILTERS = tuple(dict.fromkeys(chain.from_iterable(kind.filters for kind in KINDS.values())))
