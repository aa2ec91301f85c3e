"""State of a session: tables, clock, ids, seed."""

from __future__ import annotations

import copy
import random
import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import Any

from mock_server.clock import Clock
from mock_server.domain.files import FileStore
from mock_server.domain.members import MemberDirectory
from mock_server.domain.notice_groups import NoticeGroup
from mock_server.domain.notice_scenes import Scene
from mock_server.domain.notice_tasks import NoticeTask
from mock_server.domain.notices import Notice
from mock_server.domain.notification_tasks import NotificationTask
from mock_server.domain.paging import PageShape
from mock_server.domain.tokens import TokenStore
from mock_server.errors import ContentTooLarge, ErrorDetail
from mock_server.runtime.worker_processes import MAX_FILE_READERS, WorkerPool
from mock_server.world import record_sizes
from mock_server.world.table import Table
from openapi import Readings, default_readings

FIRST_IDS = {
    "groups": 101,
    "scenes": 201,
    "notices": 301,
    "notice_tasks": 401,
    "notification_tasks": 501,
    "files": 601,
    "members": 1001,
}
"""First id of each kind of record; they differ so that an id shows the kind of its record."""
DEFAULT_MAX_STORAGE_BYTES = 2**30
"""Default limit of all that is stored."""


class World:
    """State of a session. Tables are mappings by id, in order of insertion."""

    def __init__(
        self,
        seed: int,
        clock: Clock,
        max_storage: int = DEFAULT_MAX_STORAGE_BYTES,
        readings: Readings | None = None,
    ) -> None:
        """Create an empty world; all random values in it are derived from `seed`.

        max_storage: limit of files and other stored data, in bytes;
        readings: answers to all open questions (None: the default ones, read from their file).
        """
        self.seed = seed
        self.clock = clock
        self.groups: Table[NoticeGroup] = Table(weigh=record_sizes.group_size)
        self.scenes: Table[Scene] = Table(weigh=record_sizes.scene_size)
        self.notices: Table[Notice] = Table(attrgetter("group_id"), record_sizes.notice_size)
        self.notice_tasks: Table[NoticeTask] = Table(
            attrgetter("notice_id"), record_sizes.notice_task_size
        )
        self.notification_tasks: Table[NotificationTask] = Table(
            attrgetter("type"), record_sizes.notification_task_size
        )
        self.files = FileStore(max_storage)
        self._free = 0
        self.members = MemberDirectory(FIRST_IDS["members"])
        # The store has no reference to the world. Without a cycle, a world is freed as soon as its
        # last request has ended, while garbage collections are rare (garbage_collection.py).
        self.tokens = TokenStore(partial(_draw_token, random.Random(seed)))  # noqa: S311 - reproducible
        self.readers = WorkerPool(MAX_FILE_READERS)
        """Processes that read member files; a Session makes its worlds share one pool."""
        self.readings = default_readings() if readings is None else readings
        self._ids = dict(FIRST_IDS)
        self.renamed_notices: dict[int, int] = {}
        """Ids of the plans that have another one than their key, by key."""

    @property
    def readings(self) -> Readings:
        """Answers to all open questions."""
        return self._readings

    @readings.setter
    def readings(self, readings: Readings) -> None:
        self._readings = readings
        self.page_shape = PageShape.from_readings(readings)

    def now(self) -> datetime:
        """Return the world's current instant, in whole seconds."""
        return self.clock.now()

    def next_id(self, table: str) -> int:
        """Return the next id of a kind of record (a key of FIRST_IDS); no id is returned twice."""
        fresh = self._ids[table]
        self._ids[table] = fresh + 1
        return fresh

    def notice_of(self, task: NoticeTask) -> Notice:
        """Return the plan of a task."""
        return self.notices[self.renamed_notices.get(task.notice_id, task.notice_id)]

    def tasks_of(self, notice_id: int) -> Sequence[NoticeTask]:
        """Return a view of the tasks of a plan, newest first; it is empty without such a plan."""
        notice = self.notices.get(notice_id)
        return self.notice_tasks.newest(notice.key) if notice else ()

    def update_notice(self, before: Notice, notice: Notice) -> None:
        """Replace a plan, which may have got another id (M22)."""
        # Nothing that belongs to the plan is touched: there may be 100,000 tasks.
        if notice.id != before.id:
            del self.notices[before.id]
            self.renamed_notices[notice.key] = notice.id
        self.notices[notice.id] = notice

    def remove_notice(self, notice: Notice) -> list[NoticeTask]:
        """Remove a plan with its tasks, and return these."""
        del self.notices[notice.id]
        self.renamed_notices.pop(notice.key, None)
        return self.notice_tasks.remove_kind(notice.key)

    def start_storage_accounting(self) -> None:
        """Exclude the present records, but not the files, from the storage that is counted."""
        self._free = self._count_record_bytes()

    def used_bytes(self) -> int:
        """Return the bytes of all files, and of all records since start_storage_accounting()."""
        return self.files.used_bytes + max(0, self._count_record_bytes() - self._free)

    def ensure_room(self, body: Any, more: int = 0) -> None:
        """Raise ContentTooLarge if there is no room to store a body.

        more: bytes of the body that were measured separately.
        """
        wanted, used, room = record_sizes.json_size(body) + more, self.used_bytes(), self.files.room
        if wanted > (left := max(0, room - used)):
            accepted = f"size <= {left} ({used} of {room} used)"
            raise ContentTooLarge(ErrorDetail("/body", "maxStorage", accepted, str(wanted)))

    def _count_record_bytes(self) -> int:
        tables = (self.groups, self.scenes, self.notices, self.notice_tasks)
        records = sum(table.weight for table in tables) + self.notification_tasks.weight
        return records + self.members.weight

    def snapshot(self) -> World:
        """Return a copy with the current marketing records and a frozen clock, for a thread."""
        # Members, files and tokens are shared: no read that runs in a thread uses them.
        seen = copy.copy(self)
        seen.clock = Clock(self.now(), frozen=True)
        seen.groups, seen.scenes = self.groups.copy(), self.scenes.copy()
        seen.notices, seen.notice_tasks = self.notices.copy(), self.notice_tasks.copy()
        seen.renamed_notices = self.renamed_notices.copy()
        return seen

    def with_readings(self, readings: Readings) -> World:
        """Return this world, with the same records and clock, under other readings."""
        same = copy.copy(self)
        same.readings = readings
        return same

    def numerous_records(self) -> list[list[Any]]:
        """Return the records of all kinds that may be numerous."""
        tables = (self.notification_tasks, self.notice_tasks, self.notices, self.groups)
        return [[*table.values()] for table in (*tables, self.scenes)]

    def count_records(self) -> dict[str, int]:
        """Return the number of records of each kind, by the keys of FIRST_IDS."""
        return {table: len(getattr(self, table)) for table in FIRST_IDS}


def _draw_token(drawn: random.Random) -> str:
    """Return a token in the form of the documents' examples (A11)."""
    return str(uuid.UUID(int=drawn.getrandbits(128), version=4))
