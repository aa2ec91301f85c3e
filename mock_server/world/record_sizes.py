"""Bytes that records take, estimated from their texts: what counts against `--max-storage`."""

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
"""Of a record without its texts, its places in the tables included."""
TASK_MEMBER_BYTES = 150
"""Of a member in a task."""
ID_BYTES = 8
ROWS_PER_BLOCK = 1_000
"""Rows that are measured in one go."""


def json_size(value: Any) -> int:
    """The length of a value as JSON, which takes a microsecond for each kilobyte."""
    try:
        return len(orjson.dumps(value))
    except TypeError:  # an integer of more than 64 bits, in a field that nobody reads
        return len(json.dumps(value))


def rows_json_size(rows: Sequence[Any]) -> int:
    """The length of a list as JSON, measured in blocks, so that a thread holds up nobody."""
    blocks = (rows[start : start + ROWS_PER_BLOCK] for start in range(0, len(rows), ROWS_PER_BLOCK))
    return 1 + sum(json_size(block) - 1 for block in blocks) if rows else 2


def group_size(group: NoticeGroup) -> int:
    """Bytes of a group."""
    return RECORD_BYTES + json_size(group.name)


def scene_size(scene: Scene) -> int:
    """Bytes of a scene."""
    return RECORD_BYTES + json_size((scene.name, scene.prompt, scene.external_id))


def notice_size(notice: Notice) -> int:
    """Bytes of a plan with its history."""
    history = RECORD_BYTES * len(notice.phases)
    scenes = sum(RECORD_BYTES + ID_BYTES * len(scenes.ids) for scenes in notice.scene_sets)
    return RECORD_BYTES + json_size((notice.name, notice.details)) + history + scenes


def notice_task_size(task: NoticeTask) -> int:
    """Bytes of a task of a plan with its members."""
    names = sum(len(member.name) for member in task.members)
    return RECORD_BYTES + json_size(task.name) + TASK_MEMBER_BYTES * len(task.members) + names


def notification_task_size(task: NotificationTask) -> int:
    """Bytes of a task with its members."""
    texts = json_size((task.name, task.contents, task.file_ids))
    return RECORD_BYTES + texts + task.sent_size + TASK_MEMBER_BYTES * len(task.recipients)
