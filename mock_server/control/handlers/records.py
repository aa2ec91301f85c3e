"""Handlers of the records: lists, one record, and the rows that the API shows for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import islice
from typing import Any

import orjson

from mock_server.clock import Clock
from mock_server.control.context import ControlContext
from mock_server.control.record_changes import list_changes
from mock_server.control.record_kinds import FILTERS, KINDS, RecordKind
from mock_server.control.record_relations import list_relations
from mock_server.domain import datetime_text
from mock_server.errors import ApiError, ErrorDetail, InvalidRequest, NotFound
from mock_server.runtime.threads import run_in_thread_if
from mock_server.world.threaded_reads import MAX_LOOP_STEPS, count_read_steps
from mock_server.world.world import World

DEFAULT_SIZE = 50
MAX_DOCUMENT_SIZE = 524_288
"""Bytes of the longest document of a record that is part of a response."""


async def list_records(
    plane: ControlContext,
    kind: str,
    search: str = "",
    status: str = "",
    current: int = 0,
    size: int = DEFAULT_SIZE,
    **belongs: int,
) -> dict[str, Any]:
    """GET /records/{kind}; raises InvalidRequest (CP-50)."""
    shown, world = KINDS[kind], plane.session.world
    filters = {name: belongs[_keyword(name)] for name in FILTERS if _keyword(name) in belongs}
    wrong = [name for name in filters if name not in shown.filters]
    wrong += ["status"] if status and not shown.status else []
    if wrong:
        accepted = ", ".join([*shown.filters, *(["status"] if shown.status else [])])
        raise InvalidRequest(*(_misfit(name, accepted, kind) for name in wrong))
    filtered = bool(search or status or filters)
    work = partial(_page, shown, search, status, filters, current, size)
    return await _read(world, work, heavy=_is_heavy(world, shown, filtered=filtered))


def _misfit(name: str, accepted: str, kind: str) -> ErrorDetail:
    return ErrorDetail(f"/query/{name}", "CP-50", accepted, kind)


def _keyword(name: str) -> str:
    """Return the keyword argument of a filter's parameter: `group_id` of `groupId`."""
    return f"{name.removesuffix('Id')}_id"


async def get_record(plane: ControlContext, kind: str, id_: int, address: str) -> dict[str, Any]:
    """GET /records/{kind}/{id}; raises NotFound (CP-51)."""
    world, shown = plane.session.world, KINDS[kind]
    record = _find(world, kind, id_)
    found: dict[str, Any] = {"kind": kind}
    if (document := await _document(plane, kind, record, address)) is not None:
        found["document"] = document
    if operation := _served(plane, shown.operation):
        found["operationId"] = operation.operation_id
    heavy = _is_heavy(world, shown, filtered=False)
    return found | await _read(world, partial(_describe, kind, record), heavy=heavy)


async def list_record_rows(
    plane: ControlContext,
    kind: str,
    id_: int,
    address: str,
    current: int = 0,
    size: int = DEFAULT_SIZE,
) -> dict[str, Any]:
    """GET /records/{kind}/{id}/rows; raises NotFound (CP-51)."""
    world = plane.session.world
    record = _find(world, kind, id_)
    name, arguments, key = _rows_operation(world, kind, record)
    operation = _served(plane, name)
    if operation is None:
        return {"operationId": name, "page": _page_facts(current, size, 0), "rows": []}
    paged = {} if kind == "members" else {"current": current, "size": size}
    document = orjson.loads(await operation.response_body(world, address, **arguments, **paged))
    rows = document[key]
    total = len(rows)
    if kind == "members":  # the API returns all days at once
        rows = rows[current * size : (current + 1) * size]
    else:
        total = document["page"]["total"] if "page" in document else document["totalElements"]
    return {"operationId": name, "page": _page_facts(current, size, total), "rows": rows}


def _rows_operation(world: World, kind: str, record: Any) -> tuple[str, dict[str, Any], str]:
    """Return the operation that lists what belongs to a record, its arguments, and their field."""
    if kind == "noticeTasks":
        return "listMarketingNoticeTaskMembers", {"task_id": record.id}, "content"
    if kind == "notificationTasks":
        return "listNotificationTaskExecutions", {"task_id": record.id}, "records"
    by_user = world.readings["daily-reports-id"] == "userId"
    id_ = (record.user_id or "") if by_user else record.id
    return "listMemberDailyReports", {"id_": id_}, "records"


def _find(world: World, kind: str, id_: int) -> Any:
    record = getattr(world, KINDS[kind].table).get(id_)
    if record is None:
        raise NotFound(ErrorDetail("/path/id", "CP-51", "", str(id_)))
    return record


def _served(plane: ControlContext, name: str) -> Any:
    """Return a compiled operation of the API; None if the contract (`--contract`) has none."""
    operation = plane.session.contract.operations.get(name)
    return operation if hasattr(operation, "response_body") else None


async def _document(plane: ControlContext, kind: str, record: Any, address: str) -> Any:
    """Return a record as the API shows it; of a kind that it only lists, what is stored.

    None if it is too large.
    """
    shown, world = KINDS[kind], plane.session.world
    if operation := _served(plane, shown.operation):
        try:
            arguments = {shown.argument: record.id}
            written = await operation.response_body(world, address, **arguments)
        except ApiError:  # it was deleted meanwhile
            raise NotFound(ErrorDetail("/path/id", "CP-51", "", str(record.id))) from None
        return orjson.loads(written) if len(written) <= MAX_DOCUMENT_SIZE else None
    if kind == "members":
        named = (("memberId", record.id), ("userId", record.user_id), ("ciq", record.ciq))
        return {**dict(each for each in named if each[1] is not None), "name": record.name}
    if kind == "files":
        return {
            "id": record.id,
            "fileName": record.file_name,
            "signature": record.signature,
            "fileSize": len(record.content),
            "createTime": datetime_text.epoch_milliseconds(record.created),
            "mediaType": record.media_type,
            "moduleName": record.module_name,
        }
    return {}


def _describe(kind: str, record: Any, world: World) -> dict[str, Any]:
    return {
        "summary": KINDS[kind].render(world, record),
        "relations": list_relations(world, kind, record),
        "changes": list_changes(world, record),
    }


def _page(
    shown: RecordKind,
    search: str,
    status: str,
    filters: dict[str, int],
    current: int,
    size: int,
    world: World,
) -> dict[str, Any]:
    found = shown.select(world, search, status, filters)
    offset = current * size
    if search or status or filters:
        rows = [*found]
        total, rows = len(rows), rows[offset : offset + size]
    else:
        total = len(getattr(world, shown.table))
        rows = [*islice(found, offset, offset + size)] if offset < total else []
    records = [shown.render(world, row) for row in rows]
    return {"page": _page_facts(current, size, total), "records": records}


def _page_facts(current: int, size: int, total: int) -> dict[str, int]:
    return {"current": current, "size": size, "total": total}


def _is_heavy(world: World, shown: RecordKind, *, filtered: bool) -> bool:
    """Return whether a read would block the event loop."""
    if shown.table == "notices":  # whose status depends on their tasks
        return count_read_steps(world) > MAX_LOOP_STEPS
    many = len(getattr(world, shown.table)) > MAX_LOOP_STEPS
    return many and (filtered or shown.table == "members")


async def _read(
    world: World, work: Callable[[World], dict[str, Any]], *, heavy: bool
) -> dict[str, Any]:
    """Return what a function reads from the world; in a thread, from a copy."""
    seen = world.snapshot() if heavy else world
    if heavy:
        seen.clock = Clock(world.now(), frozen=True)
        seen.notification_tasks = world.notification_tasks.fork()
        seen.members, seen.files = world.members.fork(), world.files.fork()
    return await run_in_thread_if(heavy, partial(work, seen))
