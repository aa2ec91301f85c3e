"""Estimated sizes of records in bytes, which count against `--max-storage`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import orjson

from mock_server.domain.notice_groups import NoticeGroup
from mock_server.domain.notice_scenes import Scene
from mock_server.domain.notice_tasks import NoticeTask
from mock_server.domain.notices import Notice
from mock_server.domain.notification_tasks import NotificationTask

RECORD_BYTES = 500
"""Size of a record without its texts, including its entries in the tables."""
TASK_MEMBER_BYTES = 150
"""Size of a member of a task."""
ID_BYTES = 8
ROWS_PER_BLOCK = 1_000
"""Number of rows that are measured at once."""


def json_size(value: Any) -> int:
    """Return the length of a value as JSON in bytes; takes about a microsecond per kilobyte."""
    try:
        return len(orjson.dumps(value))
    # orjson does not encode integers of more than 64 bits, which an unknown field may contain.
    except TypeError:
        return len(json.dumps(value, default=str))  # and a reference to a file


def rows_json_size(rows: Sequence[Any]) -> int:
    """Return the length of a list as JSON in bytes."""
    if len(rows) <= ROWS_PER_BLOCK:
        return json_size(rows)
    # In blocks, because orjson does not release the GIL while it encodes.
    blocks = (rows[start : start + ROWS_PER_BLOCK] for start in range(0, len(rows), ROWS_PER_BLOCK))
    return 1 + sum(json_size(block) - 1 for block in blocks)


def group_size(group: NoticeGroup) -> int:
    """Return the size of a group in bytes."""
    return RECORD_BYTES + json_size(group.name)


def scene_size(scene: Scene) -> int:
    """Return the size of a scene in bytes."""
    return RECORD_BYTES + json_size((scene.name, scene.prompt, scene.external_id))


def notice_size(notice: Notice) -> int:
    """Return the size of a plan with its history in bytes."""
    history = RECORD_BYTES * len(notice.phases)
    scenes = sum(RECORD_BYTES + ID_BYTES * len(scenes.ids) for scenes in notice.scene_sets)
    return RECORD_BYTES + json_size((notice.name, notice.details)) + history + scenes


def notice_task_size(task: NoticeTask) -> int:
    """Return the size of a plan task with its members and pauses in bytes."""
    pauses = RECORD_BYTES * len(task.pauses)
    names = sum(len(member.name) for member in task.members)
    return (
        RECORD_BYTES + json_size(task.name) + TASK_MEMBER_BYTES * len(task.members) + names + pauses
    )


def notification_task_size(task: NotificationTask) -> int:
    """Return the size of a notification task with its members in bytes."""
    texts = json_size((task.name, task.contents, task.file_ids))
    return RECORD_BYTES + texts + task.sent_size + TASK_MEMBER_BYTES * len(task.recipients)
