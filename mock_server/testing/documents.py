"""Responses of the control plane as dataclasses, with the fields of its contract in snake_case."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, Protocol, TypeVar, get_args, get_origin, get_type_hints


class _Dataclass(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


T = TypeVar("T", bound=_Dataclass)
INSTANT_SUFFIX = "+08:00"


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule: its place as a JSON pointer, what is accepted, and what was found.

    code and the fields below it: the mistake in a member file.
    """

    pointer: str
    rule: str
    message: str
    accepted: str | None = None
    found: str | None = None
    code: str | None = None
    file: str | None = None
    file_id: int | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    header: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock: its instant, whether it is frozen, and simulated seconds per real second."""

    now: datetime
    frozen: bool
    scale: float


@dataclass(frozen=True, slots=True)
class FaultRule:
    """A fault rule; `hits` is the number of requests that it decided. Delays in milliseconds."""

    id: str
    operation: str
    hits: int
    status: int | None = None
    example: str | None = None
    delay: int | None = None
    max_delay: int | None = None
    disconnect: str | None = None
    retry_after: int | None = None
    times: int | None = None
    probability: float | None = None
    undocumented: bool | None = None


@dataclass(frozen=True, slots=True)
class TokenCounts:
    """The numbers of tokens that a call made invalid."""

    access_tokens: int
    refresh_tokens: int


@dataclass(frozen=True, slots=True)
class Records:
    """The number of records of each kind."""

    groups: int
    scenes: int
    notices: int
    notice_tasks: int
    notification_tasks: int
    files: int
    members: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A saved state: its name, the instant of the mock at which it was saved, and its size."""

    name: str
    saved: datetime
    records: Records
    bytes: int


@dataclass(frozen=True, slots=True)
class Health:
    """State of a session: versions, scenario, clock and the number of records.

    uptime: simulated seconds since its initial state. If the mock requires a token and the request
    has none, all fields but `status` are None.
    """

    status: str
    version: str | None = None
    contract_version: str | None = None
    session: str | None = None
    scenario: str | None = None
    seed: int | None = None
    readings: Mapping[str, str] | None = None
    clock: Clock | None = None
    uptime: int | None = None
    records: Records | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """The versions of the mock and of the contract that it serves."""

    version: str
    contract_version: str


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """A session: its name, the path below which it is served, how it began, and what it has now.

    requests: the number of requests in its journal;
    last_used: the time of the machine at which the latest request to the API ended.
    """

    name: str
    path: str
    scenario: str
    seed: int
    instant: datetime
    clock: Clock
    requests: int
    records: Records
    last_used: datetime | None = None


@dataclass(frozen=True, slots=True)
class Readings:
    """All answers to the open questions, and those of them that are not the default."""

    readings: Mapping[str, str]
    changed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Proxy:
    """The forwarding of operations to a real server."""

    operations: list[str]
    forwarded: list[str]
    hosts: list[str]
    url: str | None = None
    auth_url: str | None = None


@dataclass(frozen=True, slots=True)
class IgnoredName:
    """A field or query parameter that the contract does not have, and the nearest that it has."""

    pointer: str
    nearest: str | None = None


@dataclass(frozen=True, slots=True)
class NearMiss:
    """An operation that may have been meant by a request to an unknown path."""

    operation_id: str
    method: str
    path: str
    similarity: float


@dataclass(frozen=True, slots=True)
class RecordedBody:
    """A body in the journal, at most its first 64 KiB (`cut`); `base64` if it is not text."""

    bytes: int
    cut: bool
    text: str | None = None
    base64: str | None = None


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """A request in the journal, in the order in which the requests ended.

    time, real_time: instants of the mock and of its machine;
    path: path and query as they were sent;
    caller: the user or client whose credentials were accepted;
    status: None if there was no response;
    replays: the id of the request that was replayed.
    """

    id: int
    time: datetime
    real_time: datetime
    duration_ms: float
    session: str
    method: str
    path: str
    accepted: bool
    violations: list[Violation]
    ignored: list[IgnoredName]
    faults: list[Mapping[str, Any]]
    operation_id: str | None = None
    caller: str | None = None
    status: int | None = None
    replays: int | None = None
    response_violations: list[Violation] = field(default_factory=list)
    near_misses: list[NearMiss] = field(default_factory=list)
    request_body: RecordedBody | None = None

    def json(self) -> Any:
        """Return the JSON document in the body of the request.

        Raises ValueError if there is none, or only its beginning.
        """
        body = self.request_body
        if body is None or body.text is None or body.cut:
            raise ValueError(f"the journal does not have the whole JSON body of {self}")
        return json.loads(body.text)

    def __str__(self) -> str:
        """Method, path, status and broken rules in one line."""
        reasons = [f"{each.pointer} ({each.rule})" for each in self.violations]
        reasons += [f"{each.pointer} ignored" for each in self.ignored]
        return " ".join(
            [self.method, self.path, str(self.status or "no response"), ", ".join(reasons)]
        ).rstrip()


def read_document(kind: type[T], document: Mapping[str, Any]) -> T:
    """Return a document of the control plane as a dataclass; ignores fields of newer mocks.

    Raises KeyError if a required field is missing.
    """
    hints = _type_hints(kind)
    values = {
        each.name: _read_value(hints[each.name], document[camel_case(each.name)])
        for each in fields(kind)
        if camel_case(each.name) in document
    }
    return kind(**values)


@cache
def _type_hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def camel_case(name: str) -> str:
    """Return the name of a field in the contract: `max_delay` is `maxDelay`."""
    first, *others = name.split("_")
    return first + "".join(each.capitalize() for each in others)


def write_document(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return arguments as a JSON object of the control plane, without those that are None."""
    return {camel_case(name): value for name, value in values.items() if value is not None}


def instant_text(instant: datetime | str) -> str:
    """Return an instant as the control plane reads it.

    Without an offset, it is in China Standard Time, as in the API ("2025-04-21 09:00:00").
    """
    if isinstance(instant, datetime):
        return instant.isoformat() + ("" if instant.tzinfo else INSTANT_SUFFIX)
    try:
        parsed = datetime.fromisoformat(instant)
    except ValueError:
        return instant  # refused by the control plane, with the reason
    return parsed.isoformat() + ("" if parsed.tzinfo else INSTANT_SUFFIX)


def _read_value(hint: Any, value: Any) -> Any:
    chosen = next((each for each in get_args(hint) if each is not type(None)), hint)
    if get_origin(hint) is list:
        return [_read_value(chosen, each) for each in value]
    kind = hint if isinstance(hint, type) else chosen
    if kind is datetime:
        return datetime.fromisoformat(value)
    if isinstance(kind, type) and hasattr(kind, "__dataclass_fields__"):
        return read_document(kind, value)
    return value
