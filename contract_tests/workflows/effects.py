"""What each operation does to the things that the API keeps, and what an answer tells of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Any, Literal, NamedTuple

from requests import PreparedRequest

from contract_tests.contract.multipart import parts_of
from contract_tests.contract.operations import Operation, operations

Kind = Literal["notification", "file", "group", "scene", "plan", "task"]
Key = tuple[Kind, int]
"""A thing: its kind, and its id."""
NOTHING: Key = ("plan", 0)
"""What no id names."""
Json = dict[str, Any]
NOTIFIED = frozenset({"PENDING", "EXECUTING", "COMPLETED"})
RUNNING = frozenset({"NOT_STARTED", "EXECUTION", "COMPLETE", "IGNORE"})
ENDED = frozenset({"TERMINATING", "TERMINATION"})
ENDED_WITH_PLAN = ENDED | {"COMPLETE", "IGNORE"}
"""Where a task can be once its plan was terminated: those that had ended before stay so."""
BY_OPTIONS = {
    "DRAFT": frozenset({"DRAFT", "COMPLETE"}),
    "RELEASE": frozenset({"EXECUTION", "COMPLETE"}),
}
PAGING = frozenset({"current", "size", "orderBy", "orderDirection", "orderNullHandling"})
"""Query parameters that filter nothing."""
MOVING = frozenset({"status", "lastUpdateTime", "statistics"})
"""Fields that change without anybody writing them; the status is judged apart."""
PARTS = frozenset({"number of plans", "taskCount", "memberNumber"})
"""Fields that count the parts of a thing: of a group, of a plan."""
COUNTS = PARTS | {"totalMember", "totalMembers"}
UNLIKE: Mapping[str, frozenset[str]] = {"createMarketingNoticeTask": frozenset({"startTime"})}
"""Fields that are sent in one form and returned in another (M26)."""


@dataclass(frozen=True)
class Effect:
    """What a success of an operation does.

    kind: of the things that it makes, changes or tells of. named: the path parameter that names one
    of them, or one of the kind `of` in which they are. sets: fields that have these values
    afterwards, whatever was sent. status: those that the thing can be in afterwards, empty when
    they are as before.
    """

    does: Literal["make", "read", "list", "change", "replace", "act", "delete", "look"]
    kind: Kind
    named: str = ""
    of: Kind | None = None
    sets: Mapping[str, Any] = field(default_factory=dict)
    status: frozenset[str] = frozenset()

    @property
    def writes(self) -> bool:
        """Whether anything is different afterwards."""
        return self.does not in ("read", "list", "look")


EFFECTS: Mapping[str, Effect] = {
    "createNotificationTask": Effect("make", "notification", status=NOTIFIED),
    "getNotificationTask": Effect("read", "notification", "taskId"),
    "listNotificationTasks": Effect("list", "notification"),
    "listNotificationTaskExecutions": Effect("look", "notification", "taskId"),
    "terminateNotificationTask": Effect(
        "act", "notification", "taskId", status=frozenset({"TERMINATED"})
    ),
    "uploadFile": Effect("make", "file"),
    "getFile": Effect("read", "file", "id"),
    "createGroup": Effect("make", "group"),
    "getGroup": Effect("read", "group", "id"),
    "listGroups": Effect("list", "group"),
    "updateGroup": Effect("change", "group", "id"),
    "deleteGroup": Effect("delete", "group", "id"),
    "createScene": Effect("make", "scene"),
    "getScene": Effect("read", "scene", "id"),
    "listScenes": Effect("list", "scene"),
    "updateScene": Effect("change", "scene", "id"),
    "unbindSceneExternalId": Effect("change", "scene", "id", sets={"externalId": None}),
    "createMarketingNotice": Effect("make", "plan"),
    "getMarketingNotice": Effect("read", "plan", "id"),
    "listMarketingNotices": Effect("list", "plan"),
    "updateMarketingNotice": Effect("replace", "plan", "id"),
    "deleteMarketingNotice": Effect("delete", "plan", "id"),
    "terminateMarketingNotice": Effect(
        "act", "plan", "id", status=frozenset({"TERMINATION", "COMPLETE"})
    ),
    "enableMarketingNotice": Effect("act", "plan", "id", status=BY_OPTIONS["RELEASE"]),
    "getMarketingNoticeReport": Effect("look", "plan", "id"),
    "getMarketingNoticeTaskSchema": Effect("look", "plan", "id"),
    "createMarketingNoticeTask": Effect("make", "task", "id", of="plan", status=RUNNING),
    "getMarketingNoticeTask": Effect("read", "task", "taskId"),
    "listMarketingNoticeTasks": Effect("list", "task", "id", of="plan"),
    "listMarketingNoticeTaskMembers": Effect("look", "task", "taskId"),
    "getMarketingNoticeTaskReport": Effect("look", "task", "taskId"),
    "enableMarketingNoticeTask": Effect("act", "task", "taskId", status=RUNNING),
    "terminateMarketingNoticeTask": Effect("act", "task", "taskId", status=ENDED),
}
"""Every operation that makes, changes or names one of our things, by its operationId."""
READINGS: Mapping[Kind, str] = {
    each.kind: name for name, each in EFFECTS.items() if each.does == "read"
}
"""The operation that reads one thing of a kind."""
LISTS: Mapping[Kind, str] = {
    each.kind: name for name, each in EFFECTS.items() if each.does == "list"
}
"""The operation that lists the things of a kind."""


class Told(NamedTuple):
    """What an answer says of one thing, by the names that a reading of it has."""

    key: Key
    fields: Json


def key_of(kind: Kind, value: object) -> Key | None:
    """The thing of this id, as a path, a query or an answer has it; None for what is no id."""
    text = str(value)
    is_id = not isinstance(value, bool) and re.fullmatch(r"[1-9][0-9]{0,18}", text)
    return (kind, int(text)) if is_id else None


def named_by(effect: Effect, path: Mapping[str, Any]) -> Key | None:
    """What the path of a request names."""
    return key_of(effect.of or effect.kind, path.get(effect.named))


@lru_cache(maxsize=64)
def answered(name: str) -> frozenset[str]:
    """The fields that the contract gives the JSON object of an operation's success."""
    operation = operations()[name]
    content = operation.raw["responses"]["200"].get("content", {})
    return frozenset(_properties(operation, content.get("application/json", {}).get("schema", {})))


def sent_fields(name: str, body: object) -> Json:
    """Those fields of a body that a reading of the thing repeats (NT-25, MN-20)."""
    effect = EFFECTS[name]
    data = body.get("data", body) if isinstance(body, dict) else {}
    if not isinstance(data, dict):
        return {}
    told = answered(READINGS[effect.kind]) | {"content"}  # a file's, which is no JSON
    told -= UNLIKE.get(name, frozenset()) | MOVING
    return {field: value for field, value in data.items() if field in told}


def told_by(name: str, path: Mapping[str, Any], query: Mapping[str, Any], said: Any) -> list[Told]:
    """What the JSON of a success tells of things; malformed parts tell nothing."""
    effect = EFFECTS[name]
    named, document = named_by(effect, path), as_object(said)
    found: list[Told | None] = []
    if name == "listMarketingNotices":
        is_whole = not query.keys() & {"keyWord", "status"}
        for row in rows_of(document):
            found += _group_row(row, is_whole=is_whole)
    elif effect.does == "list":
        found += [_told(effect.kind, row.get("id"), row) for row in rows_of(document)]
    elif effect.does in ("make", "read", "change", "replace"):
        fields = dict(document)
        if "totalMembers" in as_object(document.get("statistics")):
            fields["totalMembers"] = document["statistics"]["totalMembers"]
        if effect.does == "make":
            found.append(_told(effect.kind, document.get("id"), fields))
        elif named and fields:
            found.append(Told(named, fields))
    if named and not query.keys() - PAGING:
        counted = _counted(name, document)
        found += [Told(named, counted)] if counted else []
    return [each for each in found if each]


def content_of(sent: PreparedRequest) -> str | None:
    """What file a form carries, as `digest` has it; None when that is not clear."""
    files = [each for head, each in parts_of(sent) if b'form-data; name="file"' in head]
    return digest(files[0]) if len(files) == 1 else None


def digest(content: bytes) -> str:
    """Bytes, told so that they can be compared and shown."""
    return f"{len(content)} bytes, SHA-256 {sha256(content).hexdigest()}"


def _group_row(row: Json, *, is_whole: bool) -> Iterator[Told | None]:
    """A group and its plans, from a row of the plan list."""
    group, plans = row.get("groupId"), row.get("plan")
    listed = [plan for plan in plans if isinstance(plan, dict)] if isinstance(plans, list) else []
    count = {"number of plans": len(listed)} if is_whole else {}
    yield _told("group", group, {"id": group, "name": row.get("groupName"), **count})
    for plan in listed:
        yield _told("plan", plan.get("id"), {**plan, "groupId": group})


def _counted(name: str, document: Json) -> Json:
    """What an answer without filters counts of the thing in its path."""
    page = as_object(document.get("page"))
    counts = {
        "listNotificationTaskExecutions": ("totalMembers", page.get("total")),
        "listMarketingNoticeTaskMembers": ("totalMember", document.get("totalElements")),
        "getMarketingNoticeTaskReport": ("totalMember", document.get("plannedNumberOfPeopl")),
        "getMarketingNoticeReport": ("memberNumber", document.get("plannedNumberOfPeopl")),
        "listMarketingNoticeTasks": ("taskCount", document.get("totalElements")),
    }
    field, count = counts.get(name, ("", None))
    return {} if count is None else {field: count}


def _told(kind: Kind, number: object, fields: Json) -> Told | None:
    key = key_of(kind, number)
    return Told(key, fields) if key else None


def rows_of(document: Json) -> list[Json]:
    """The rows of a list, by whatever name it has them."""
    rows = document.get("content", document.get("records"))
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def as_object(value: Any) -> Json:
    """The value if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def _properties(operation: Operation, schema: Json) -> Iterator[str]:
    node = operation.resolved(schema)
    yield from node.get("properties", {})
    for keyword in ("allOf", "oneOf", "anyOf"):
        for part in node.get(keyword, ()):
            yield from _properties(operation, part)
