"""The state of a session as a JSON document, with one record in each line.

The same state always has the same bytes: the order of fields is fixed, and records are in the order
in which they were added.
"""

from __future__ import annotations

import json
import random
import struct
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from mock_server.clock import ClockState
from mock_server.domain.files import StoredFile
from mock_server.domain.member_directory import Member
from mock_server.domain.notice_groups import NoticeGroup
from mock_server.domain.notice_scenes import Scene
from mock_server.domain.notice_tasks import NoticeTask, TaskMember
from mock_server.domain.notices import Notice
from mock_server.domain.notification_tasks import NotificationTask, Recipient
from mock_server.domain.tokens import Caller, Credentials, TokenPair
from mock_server.seed import AnyScenario, scenario_name
from mock_server.sessions.record_codec import Codec, RecordCodecs, camel_case
from mock_server.world.table import Table
from mock_server.world.world import World
from openapi import Readings

FORMAT = "hypers-mock-state"
VERSION = 1
"""Version of the format. A change that older versions of the mock cannot read raises it."""
RECORD_TYPES = {
    "members": Member,
    "files": StoredFile,
    "groups": NoticeGroup,
    "scenes": Scene,
    "notices": Notice,
    "notice_tasks": NoticeTask,
    "notification_tasks": NotificationTask,
}
"""Types of records by attribute of the world, in the order of the document."""
POOLED_TYPES = {"sentMembers": Mapping[str, Any], "contents": Sequence[Mapping[str, Any]]}
"""Values that tasks share. They are written once, after the tasks, which have their indexes."""
GENERATOR_WORDS = struct.Struct("<625I")
"""State of Python's generator: 624 words, and the position in them."""
GENERATOR_VERSION = 3
LINES_PER_PIECE = 1_000


@dataclass(frozen=True, slots=True)
class SessionState:
    """All that a session remembers, except what steers it (faults, journal, snapshots).

    world: a fork, which nothing changes; its clock does not count. clock: the state of the clock;
    scenario: written as its name, because its records are there.
    """

    world: World
    clock: ClockState
    scenario: AnyScenario
    readings: Readings


def encode_state(state: SessionState) -> bytes:
    """Return the JSON document of a state; runs in a thread."""
    return b"".join(_iter_pieces(state))


def _iter_pieces(state: SessionState) -> Iterator[bytes]:
    for number, (name, value) in enumerate(_iter_sections(state)):
        yield (b"," if number else b"{") + b"\n" + _dump(name) + b":"
        if isinstance(value, Iterator):
            yield from _iter_lines(value)
        else:
            yield _dump(value)
    yield b"\n}\n"


def _iter_lines(rows: Iterator[Any]) -> Iterator[bytes]:
    """Yield the pieces of an array with one row in each line."""
    lines: list[bytes] = []
    start = b"[\n"
    for row in rows:
        lines.append(_dump(row))
        if len(lines) == LINES_PER_PIECE:
            yield start + b",\n".join(lines)
            lines, start = [], b",\n"
    yield start + b",\n".join(lines) if lines else b"" if start == b",\n" else b"["
    yield b"\n]" if start == b",\n" or lines else b"]"


def _iter_sections(state: SessionState) -> Iterator[tuple[str, Any]]:
    """Yield the fields of the document; an iterator is an array of many rows."""
    world = state.world
    sent, contents = (_Pool(POOLED_TYPES[name]) for name in ("sentMembers", "contents"))
    codecs = RecordCodecs(
        {
            **_member_codecs(world),
            (NotificationTask, "sent_members"): Codec(sent.indexes, _unused),
            (NotificationTask, "contents"): Codec(contents.index, _unused),
        }
    )
    yield "format", FORMAT
    yield "version", VERSION
    yield "scenario", scenario_name(state.scenario)
    yield "seed", world.seed
    yield "readings", dict(sorted(state.readings.items()))
    yield "clock", encode_clock(state.clock)
    ids = {**world.next_ids(), "members": world.members.next_id}
    yield "nextIds", {camel_case(name): ids[name] for name in RECORD_TYPES}
    yield "freeBytes", world.free_bytes
    yield "credentials", codecs.of(Credentials).encode(world.tokens.credentials)
    yield "tokenGenerator", encode_generator(world.token_generator)
    entries, pair = world.tokens.entries(), codecs.of(TokenPair).encode
    caller = codecs.of(Caller).encode
    yield "accessTokens", ({"token": token, **caller(whose)} for token, whose in entries.access)
    yield "refreshTokens", map(pair, entries.refresh)
    yield "latestTokens", map(pair, entries.latest)
    for name, type_ in RECORD_TYPES.items():
        table = getattr(world, name)
        yield camel_case(name), map(codecs.of(type_).encode, table.values())
        if isinstance(table, Table):
            yield f"{camel_case(name)}Unweighed", id_ranges(table, table.weighed_ids())
    yield "sentMembers", iter(sent.values)
    yield "contents", iter(contents.values)


def _member_codecs(world: World) -> Mapping[Any, Codec]:
    """Return codecs of members of tasks: an id, or id and name if the name is another one."""
    names = {member.id: member.name for member in world.members.values()}

    def encode(member: TaskMember | Recipient) -> Any:
        return member[0] if names.get(member[0]) == member[1] else [*member]

    return dict.fromkeys((TaskMember, Recipient), Codec(encode, _unused))


class _Pool:
    """JSON values that records share; each distinct one is written once."""

    def __init__(self, type_: Any) -> None:
        self.values: list[Any] = []
        self._by_identity: dict[int, int] = {}
        self._by_text: dict[bytes, int] = {}
        self._encode = RecordCodecs().of(type_).encode

    def index(self, value: Any) -> int:
        """Return the index of a value in `values`."""
        index = self._by_identity.get(id(value))
        if index is None:
            encoded = self._encode(value)
            index = self._by_text.setdefault(_dump(encoded), len(self.values))
            if index == len(self.values):
                self.values.append(encoded)
            self._by_identity[id(value)] = index  # the world keeps the value meanwhile
        return index

    def indexes(self, values: Iterable[Any] | None) -> list[int] | None:
        """Return the index of each value."""
        return None if values is None else [*map(self.index, values)]


def id_ranges(ids: Iterable[int], without: Any) -> list[list[int]]:
    """Return the ids that are not in `without` as ranges [first, last], in their order."""
    ranges: list[list[int]] = []
    for id_ in ids:
        if id_ in without:
            continue
        if ranges and ranges[-1][1] == id_ - 1:
            ranges[-1][1] = id_
        else:
            ranges.append([id_, id_])
    return ranges


def encode_clock(clock: ClockState) -> dict[str, Any]:
    """Return the clock's state as it stands in the document."""
    return {
        "now": clock.now.isoformat(),
        "frozen": clock.frozen,
        "scale": clock.scale,
        "started": clock.started.isoformat(),
    }


def encode_generator(generator: random.Random) -> str:
    """Return the state of a generator as base64."""
    _, words, _ = generator.getstate()
    return b64encode(GENERATOR_WORDS.pack(*words)).decode()


def _dump(value: Any) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError:  # an integer of more than 64 bits, or very deep nesting
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _unused(_value: Any, _pointer: str) -> Any:
    raise NotImplementedError  # only for reading
