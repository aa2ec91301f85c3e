"""Reading of a state's JSON document (state_document.py): its shape, and the world it makes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mock_server.clock import Clock
from mock_server.domain.member_directory import Member
from mock_server.domain.notice_tasks import TaskMember
from mock_server.domain.notification_tasks import NotificationTask, Recipient
from mock_server.domain.tokens import Caller, Credentials, TokenEntries, TokenPair
from mock_server.errors import ErrorDetail
from mock_server.runtime.memory_release import free_in_blocks
from mock_server.sessions.record_codec import (
    MAX_INTEGER,
    Codec,
    RecordCodecs,
    StateError,
    camel_case,
    check_object,
    shape_error,
)
from mock_server.sessions.state_checks import (
    FIT_RULE,
    MAX_VIOLATIONS,
    drop_repeated_ids,
    find_inconsistencies,
)
from mock_server.sessions.state_document import (
    FORMAT,
    POOLED_TYPES,
    RECORD_TYPES,
    VERSION,
    SessionState,
)
from mock_server.sessions.state_values import (
    outside_of,
    read_clock,
    read_generator,
    read_integer,
    read_name,
    read_range,
)
from mock_server.world.table import Table
from mock_server.world.world import World
from openapi import Readings

VERSION_RULE = "CP-25"
"""Rule that a document of another format or version breaks."""
MAX_NEXT_ID = 2**62
"""Limit of the next ids, which leaves room for many more."""
SECTIONS = (
    *("format", "version", "scenario", "seed", "readings", "clock", "nextIds", "freeBytes"),
    *("credentials", "tokenGenerator", "accessTokens", "refreshTokens", "latestTokens"),
    *(camel_case(name) for name in RECORD_TYPES),
    *(f"{camel_case(name)}Unweighed" for name in RECORD_TYPES if name not in ("members", "files")),
    *POOLED_TYPES,
)
"""Fields of the document."""


class InvalidStateError(Exception):
    """A document is not a state that can be used; has all violations that were found."""

    def __init__(self, violations: list[ErrorDetail]) -> None:
        super().__init__(*(f"{each.pointer} {each.rule}" for each in violations))
        self.violations = violations


def read_state(document: Any, max_storage: int, pointer: str = "/body") -> SessionState:
    """Return the state of a document, which is emptied; runs in a thread.

    max_storage: limit of the world that is made. Raises InvalidStateError. The readings are not
    compared with the questions, and the scenario not with those that exist.
    """
    reader = _StateReader(pointer)
    try:
        found = reader.read(document, max_storage)
    except StateError as error:
        reader.violations.append(error.violation)
        found = None
    finally:
        reader.release()
    # The rest is freed here, not at once by the event loop.
    for rows in document.values() if isinstance(document, dict) else ():
        if isinstance(rows, list):
            free_in_blocks(rows)
    if found is None or reader.violations:
        raise InvalidStateError(reader.violations[:MAX_VIOLATIONS])
    found.world.process_bytes()  # so that its own ledger does not refer to it, in a cycle
    return found


class _StateReader:
    """Reads one document; the violations of records are collected."""

    def __init__(self, pointer: str) -> None:
        self.violations: list[ErrorDetail] = []
        self._pointer = pointer
        self._pools: dict[str, list[Any]] = {}
        self._members: dict[Any, Any] = {}
        self._names: dict[int, str] = {}
        self._codecs = RecordCodecs(
            {
                TaskMember: Codec(_unused, self._member_decoder(TaskMember)),
                Recipient: Codec(_unused, self._member_decoder(Recipient)),
                (NotificationTask, "sent_members"): Codec(_unused, self._decode_sent),
                (NotificationTask, "contents"): Codec(_unused, self._decode_contents),
            }
        )

    def read(self, document: Any, max_storage: int) -> SessionState | None:
        """Return the state, or None if there are violations; raises StateError."""
        self._check_version(document)
        document.setdefault("tokenGenerator", None)
        check_object(document, SECTIONS, self._pointer)
        clock = read_clock(document["clock"], f"{self._pointer}/clock")
        seed = self._integer(document, "seed")
        readings = self._read_readings(document["readings"])
        scenario = read_name(document["scenario"], f"{self._pointer}/scenario")
        world = World(seed, Clock.from_state(clock), max_storage)
        if (generator := document["tokenGenerator"]) is not None:
            read_generator(generator, f"{self._pointer}/tokenGenerator", world.token_generator)
        self._read_tokens(document, world)
        self._read_ids(document, world)
        for name, pooled in POOLED_TYPES.items():
            decode = self._codecs.of(pooled).decode
            self._pools[name] = [*self._decode_rows(document, name, decode)]
        for name, type_ in RECORD_TYPES.items():
            self._read_records(document, name, type_, world)
        renamed = (each for each in world.notices.values() if each.first_id is not None)
        world.renamed_notices = {notice.original_id: notice.id for notice in renamed}
        world.free_bytes = self._integer(document, "freeBytes")
        if not self.violations:
            self.violations += find_inconsistencies(world, self._pointer)
        if self.violations:
            return None
        return SessionState(world, clock, scenario, readings)

    def release(self) -> None:
        """Free what was needed to read; the codecs refer to the reader, in a cycle with it."""
        del self._codecs
        self._pools, self._members, self._names = {}, {}, {}

    def _check_version(self, document: Any) -> None:
        accepted = f"{FORMAT}, version {VERSION}"
        found = document if isinstance(document, dict) else {}
        named = (found.get("format"), found.get("version"))
        if named != (FORMAT, VERSION) or isinstance(named[1], bool):
            pointer = f"{self._pointer}/{'version' if named[0] == FORMAT else 'format'}"
            shown = str(named[named[0] == FORMAT])[:80]
            raise StateError(ErrorDetail(pointer, VERSION_RULE, accepted, shown))

    def _read_readings(self, value: Any) -> Readings:
        found: Readings = self._codecs.of(Mapping[str, str]).decode(
            value, f"{self._pointer}/readings"
        )
        return found

    def _read_tokens(self, document: Mapping[str, Any], world: World) -> None:
        pointer = f"{self._pointer}/credentials"
        credentials = self._codecs.of(Credentials).decode(document["credentials"], pointer)
        world.tokens.credentials = credentials
        caller, pair = self._codecs.of(Caller).decode, self._codecs.of(TokenPair).decode

        def decode_access(value: Any, pointer: str) -> tuple[str, Caller]:
            if not isinstance(value, dict) or not isinstance(value.get("token"), str):
                raise shape_error(f"{pointer}/token", "string", "")
            whose = {name: item for name, item in value.items() if name != "token"}
            return value["token"], caller(whose, pointer)

        access = [*self._decode_rows(document, "accessTokens", decode_access)]
        refresh, latest = (
            [*self._decode_rows(document, name, pair)] for name in ("refreshTokens", "latestTokens")
        )
        world.tokens.load(TokenEntries(access, refresh, latest))

    def _read_ids(self, document: Mapping[str, Any], world: World) -> None:
        names = [camel_case(name) for name in RECORD_TYPES]
        pointer = f"{self._pointer}/nextIds"
        ids = check_object(document["nextIds"], names, pointer)
        found = {
            name: read_integer(
                ids[camel_case(name)], f"{pointer}/{camel_case(name)}", MAX_NEXT_ID, 1
            )
            for name in RECORD_TYPES
        }
        world.members.next_id = found.pop("members")
        world.set_next_ids(found)

    def _read_records(
        self, document: Mapping[str, Any], name: str, type_: Any, world: World
    ) -> None:
        wire = camel_case(name)
        records = self._decode_rows(document, wire, self._codecs.of(type_).decode)
        records = drop_repeated_ids(records, f"{self._pointer}/{wire}", self.violations)
        table = getattr(world, name)
        if isinstance(table, Table):
            ranges = self._decode_rows(document, f"{wire}Unweighed", read_range)
            table.load(records, outside_of(ranges))
            return
        for record in records:
            if isinstance(record, Member):
                self._names[record.id] = record.name
                table.add(record)
            else:
                table[record.id] = record

    def _decode_rows(
        self, document: Mapping[str, Any], name: str, decode: Callable[[Any, str], Any]
    ) -> Iterator[Any]:
        """Yield the decoded rows of an array, in which they are replaced to free their memory."""
        rows, pointer = document[name], f"{self._pointer}/{name}"
        if not isinstance(rows, list):
            raise shape_error(pointer, "array", rows)
        for index, row in enumerate(rows):
            rows[index] = None
            try:
                decoded = decode(row, f"{pointer}/{index}")
            except StateError as error:
                self.violations.append(error.violation)
                if len(self.violations) >= MAX_VIOLATIONS:
                    raise
            else:
                yield decoded

    def _integer(self, document: Mapping[str, Any], name: str) -> int:
        return read_integer(document[name], f"{self._pointer}/{name}", MAX_INTEGER)

    def _member_decoder(self, type_: Any) -> Callable[[Any, str], Any]:
        """Return the decoder of members of tasks; members with the same values share one object."""

        def decode(value: Any, pointer: str) -> Any:
            id_, name = value if type(value) is list and len(value) == 2 else (value, None)
            if type(id_) is int:
                name = self._names.get(id_) if name is None else name
            found = self._members.get((type_, id_, name)) if type(id_) is int else None
            if found is None:
                if type(id_) is not int or not isinstance(name, (str, type(None))):
                    raise shape_error(pointer, "id of a member, or id and name", value)
                if id_ not in self._names:
                    raise StateError(ErrorDetail(pointer, FIT_RULE, "id of a member", str(id_)))
                found = self._members[type_, id_, name] = type_(id_, name)
            return found

        return decode

    def _decode_contents(self, value: Any, pointer: str) -> Any:
        return self._pooled("contents", value, pointer)

    def _decode_sent(self, value: Any, pointer: str) -> list[Any] | None:
        if value is None:
            return None
        if not isinstance(value, list):
            raise shape_error(pointer, "array", value)
        return [
            self._pooled("sentMembers", index, f"{pointer}/{at}") for at, index in enumerate(value)
        ]

    def _pooled(self, name: str, index: Any, pointer: str) -> Any:
        pool = self._pools[name]
        if type(index) is not int or not 0 <= index < len(pool):
            raise shape_error(pointer, f"index of {self._pointer}/{name}", index)
        return pool[index]


def _unused(_value: Any) -> Any:
    raise NotImplementedError  # only for writing
