"""State of a session: tables, clock, ids, seed."""

from __future__ import annotations

import copy
import random
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import Any

from mock_server.clock import Clock
from mock_server.domain.files import FileStore
from mock_server.domain.member_directory import MemberDirectory
from mock_server.domain.member_list_rules import MemberListReadings
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
from mock_server.world.storage import SharedRecords, StorageAccount, StorageLedger
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
RECORD_TABLES = tuple(FIRST_IDS)
"""Attributes of a world with records of each kind."""
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
        self.token_generator = random.Random(seed)  # noqa: S311 - reproducible
        self.tokens = TokenStore(partial(_draw_token, self.token_generator))
        self.readers = WorkerPool(MAX_FILE_READERS)
        """Processes that read member files; a Session makes its worlds share one pool."""
        self._open_account(StorageLedger())
        self.shared_bytes = 0
        """Bytes of files that are counted for the first world from which this one was forked."""
        self.shared_records: SharedRecords | None = None
        """Keeps the records of that first world counted as long as a fork of it exists."""
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
        self.member_list_readings = MemberListReadings.of(readings)

    def now(self) -> datetime:
        """Return the world's current instant, in whole seconds."""
        return self.clock.now()

    def next_id(self, table: str) -> int:
        """Return the next id of a kind of record (a key of FIRST_IDS); no id is returned twice."""
        fresh = self._ids[table]
        self._ids[table] = fresh + 1
        return fresh

    def reserve_id(self, table: str, id_: int) -> None:
        """Use an id of a kind of record; `next_id` will return higher ones only."""
        self._ids[table] = max(self._ids[table], id_ + 1)

    def notice_of(self, task: NoticeTask) -> Notice:
        """Return the plan of a task."""
        return self.notices[self.renamed_notices.get(task.notice_id, task.notice_id)]

    def tasks_of(self, notice_id: int) -> Sequence[NoticeTask]:
        """Return a view of the tasks of a plan, newest first; it is empty without such a plan."""
        notice = self.notices.get(notice_id)
        return self.notice_tasks.newest(notice.original_id) if notice else ()

    def update_notice(self, before: Notice, notice: Notice) -> None:
        """Replace a plan, which may have got another id (M22)."""
        # Nothing that belongs to the plan is touched: there may be 100,000 tasks.
        if notice.id != before.id:
            del self.notices[before.id]
            self.renamed_notices[notice.original_id] = notice.id
        self.notices[notice.id] = notice

    def remove_notice(self, notice: Notice) -> list[NoticeTask]:
        """Remove a plan with its tasks, and return these."""
        del self.notices[notice.id]
        self.renamed_notices.pop(notice.original_id, None)
        return self.notice_tasks.remove_kind(notice.original_id)

    def next_ids(self) -> dict[str, int]:
        """Return the next id of each kind of record but members, by the keys of FIRST_IDS."""
        return {table: fresh for table, fresh in self._ids.items() if table != "members"}

    def set_next_ids(self, ids: Mapping[str, int]) -> None:
        """Set the next id of kinds of records."""
        self._ids.update(ids)

    @property
    def free_bytes(self) -> int:
        """Bytes of records that do not count as used."""
        return self._free

    @free_bytes.setter
    def free_bytes(self, size: int) -> None:
        self._free = size

    def start_storage_accounting(self) -> None:
        """Exclude the present records, but not the files, from the storage that is counted."""
        self._free = self._count_record_bytes()
        self.process_bytes()  # nothing is left to be measured, so the ledger does not refer to us

    def stored_bytes(self) -> int:
        """Return the bytes of all files and records, those of the initial data included."""
        return self.files.used_bytes + self._count_record_bytes()

    def used_bytes(self) -> int:
        """Return the bytes of all files, and of all records since start_storage_accounting()."""
        return self.files.used_bytes + max(0, self._count_record_bytes() - self._free)

    def own_bytes(self) -> int:
        """Return the bytes that this world stores in addition to its first world."""
        return self.used_bytes() - self.shared_bytes

    def join_ledger(self, ledger: StorageLedger) -> None:
        """Count in a ledger what this world stores, from its next change on.

        All sessions of a process have the same ledger. The world leaves its former one, also if
        that is the same: with two accounts, it would count twice.
        """
        self.account.close()
        self._open_account(ledger)

    def _open_account(self, ledger: StorageLedger) -> None:
        self.account = StorageAccount(ledger, self)
        for name in RECORD_TABLES:
            getattr(self, name).on_change = self.account.note_change

    def process_bytes(self) -> int:
        """Return the bytes that all worlds of the process store."""
        return self.account.ledger.used_bytes()

    def ensure_room(self, body: Any, more: int = 0) -> None:
        """Raise ContentTooLarge if there is no room to store a body.

        more: bytes of the body that were measured separately.
        """
        wanted, used = record_sizes.json_size(body) + more, self.process_bytes()
        room = self.files.room
        if wanted > (left := max(0, room - used)):
            accepted = f"size <= {left} ({used} of {room} used)"
            raise ContentTooLarge(ErrorDetail("/body", "maxStorage", accepted, str(wanted)))

    def _count_record_bytes(self) -> int:
        # Written out, because every request that stores something comes here.
        marketing = self.groups.weight + self.scenes.weight + self.notices.weight
        tasks = self.notice_tasks.weight + self.notification_tasks.weight
        return marketing + tasks + self.members.weight

    def fork(self, clock: Clock) -> World:
        """Return a world with the same state and another clock.

        Changes of one of the two worlds do not show in the other. The records are shared, so that a
        fork takes little time and memory (see Table).
        """
        made: World = copy.copy(self)
        made.clock = clock
        for name in RECORD_TABLES:
            setattr(made, name, getattr(self, name).fork())
        made._open_account(self.account.ledger)
        made._ids, made.renamed_notices = self._ids.copy(), self.renamed_notices.copy()
        made.token_generator = random.Random()  # noqa: S311 - reproducible
        made.token_generator.setstate(self.token_generator.getstate())
        made.tokens = self.tokens.fork(partial(_draw_token, made.token_generator))
        return made

    def snapshot(self) -> World:
        """Return a copy with the current marketing records and a frozen clock, for a thread."""
        # Members, files and tokens are shared: no read that runs in a thread uses them.
        seen = copy.copy(self)
        seen.clock = Clock(self.now(), frozen=True)
        seen.groups, seen.scenes = self.groups.fork(), self.scenes.fork()
        seen.notices, seen.notice_tasks = self.notices.fork(), self.notice_tasks.fork()
        seen.renamed_notices = self.renamed_notices.copy()
        return seen

    def with_readings(self, readings: Readings) -> World:
        """Return this world, with the same records and clock, under other readings."""
        same = copy.copy(self)
        same.readings = readings
        same.account.use_world(same)
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
