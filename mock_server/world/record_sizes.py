"""Bytes that records take, estimated from their texts: what counts against `--max-storage`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import orjson

from mock_server.domain.notice_groups import Group
from mock_server.domain.notice_scenes import Scene
from mock_server.domain.notice_tasks import NoticeTask
from mock_server.domain.notices import Notice
from mock_server.domain.notification_tasks import NotificationTask

RECORD = 500
"""Of a record without its texts, its places in the tables included."""
ROW = 150
"""Of a member in a task."""
ID = 8
BLOCK = 1_000
"""Rows that are measured in one go."""


def size(value: Any) -> int:
    """The length of a value as JSON, which takes a microsecond for each kilobyte."""
    try:
        return len(orjson.dumps(value))
    except TypeError:  # an integer of more than 64 bits, in a field that nobody reads
        return len(json.dumps(value))


def of_rows(rows: Sequence[Any]) -> int:
    """The length of a list as JSON, measured in blocks, so that a thread holds up nobody."""
    blocks = (rows[start : start + BLOCK] for start in range(0, len(rows), BLOCK))
    return 1 + sum(size(block) - 1 for block in blocks) if rows else 2


def of_group(group: Group) -> int:
    """Bytes of a group."""
    return RECORD + size(group.name)


def of_scene(scene: Scene) -> int:
    """Bytes of a scene."""
    return RECORD + size((scene.name, scene.prompt, scene.external_id))


def of_notice(notice: Notice) -> int:
    """Bytes of a plan with its history."""
    history = RECORD * len(notice.phases)
    scenes = sum(RECORD + ID * len(scenes.ids) for scenes in notice.scene_sets)
    return RECORD + size((notice.name, notice.details)) + history + scenes


def of_notice_task(task: NoticeTask) -> int:
    """Bytes of a task of a plan with its members."""
    names = sum(len(member.name) for member in task.members)
    return RECORD + size(task.name) + ROW * len(task.members) + names


def of_notification_task(task: NotificationTask) -> int:
    """Bytes of a task with its members."""
    texts = size((task.name, task.contents, task.file_ids))
    return RECORD + texts + task.sent_size + ROW * len(task.recipients)
