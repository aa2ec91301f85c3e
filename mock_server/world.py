"""Everything remembered in one session: tables, clock, ids, seed."""

from __future__ import annotations

import random
import uuid
from datetime import datetime

from mock_server.clock import Clock
from mock_server.domain.files import StoredFile
from mock_server.domain.groups import Group
from mock_server.domain.members import Directory
from mock_server.domain.notice_tasks import NoticeTask
from mock_server.domain.notices import Notice
from mock_server.domain.notification_tasks import NotificationTask
from mock_server.domain.scenes import Scene
from mock_server.domain.tokens import TokenBook

FIRST_IDS = {
    "groups": 101,
    "scenes": 201,
    "notices": 301,
    "notice_tasks": 401,
    "notification_tasks": 501,
    "files": 601,
    "members": 1001,
}
"""Each kind of record counts from its own number, so that an id shows what it belongs to."""


class World:
    """The state of one session. Tables are plain dicts by id, in order of creation."""

    def __init__(self, seed: int, clock: Clock) -> None:
        """An empty world. Everything random in it comes from `seed`."""
        self.seed = seed
        self.clock = clock
        self.groups: dict[int, Group] = {}
        self.scenes: dict[int, Scene] = {}
        self.notices: dict[int, Notice] = {}
        self.notice_tasks: dict[int, NoticeTask] = {}
        self.notification_tasks: dict[int, NotificationTask] = {}
        self.files: dict[int, StoredFile] = {}
        self.members = Directory(lambda: self.next_id("members"))
        self.tokens = TokenBook(self.new_token)
        self._ids = dict(FIRST_IDS)
        self._random = random.Random(seed)  # noqa: S311 - reproducible on purpose

    def now(self) -> datetime:
        """The world's instant, whole seconds."""
        return self.clock.now()

    def next_id(self, table: str) -> int:
        """The next id of a kind of record (a key of FIRST_IDS); an id is never given twice."""
        fresh = self._ids[table]
        self._ids[table] = fresh + 1
        return fresh

    def new_token(self) -> str:
        """A token that looks like the documents' (A11) and comes from the seed."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))
