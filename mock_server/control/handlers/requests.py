"""Handlers of the journal: find, count, wait for, export and delete the requests of a session."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any

from mock_server.control.context import ControlContext
from mock_server.control.journal_export import export_curl, export_har, format_curl
from mock_server.control.journal_rendering import JournalRenderer
from mock_server.control.journal_search import Criteria
from mock_server.errors import ClientDisconnected, Conflict, ErrorDetail, NotFound
from mock_server.http.response import JSON_MEDIA_TYPE, HttpResponse
from mock_server.runtime.threads import run_in_thread_if
from mock_server.runtime.worker_processes import wait_for_disconnect
from mock_server.sessions.journal import JournalEntry, takes_long

DEFAULT_LIMIT = 50
DEFAULT_WAIT_SECONDS = 10
MAX_EXPORTED = 1_000


async def list_requests(
    plane: ControlContext,
    operation_id: str | None = None,
    path: str | None = None,
    status: int | None = None,
    refused: bool | None = None,
    after: int = 0,
    limit: int = DEFAULT_LIMIT,
) -> dict[str, Any]:
    """GET /requests; raises InvalidRequest (CP-20)."""
    wanted = Criteria(operation=operation_id, path=path, status=status, refused=refused)
    wanted.check(plane.session.contract.operations, "/query")
    return await _render_list(plane, await _search(plane, wanted, after), limit)


async def find_requests(plane: ControlContext, body: dict[str, Any]) -> dict[str, Any]:
    """POST /requests/find; raises InvalidRequest (CP-20)."""
    wanted = _body_criteria(plane, body)
    found = await _search(plane, wanted, body.get("after", 0))
    return await _render_list(plane, found, body.get("limit", DEFAULT_LIMIT))


async def count_requests(plane: ControlContext, body: dict[str, Any]) -> dict[str, Any]:
    """POST /requests/count; raises InvalidRequest (CP-20)."""
    wanted = _body_criteria(plane, body)
    found = await _search(plane, wanted, body.get("after", 0))
    return {"count": len(found)}


async def wait_for_requests(plane: ControlContext, body: dict[str, Any]) -> dict[str, Any]:
    """POST /requests/wait.

    Raises InvalidRequest (CP-20), Conflict (CP-22, CP-23) and ServiceUnavailable.
    """
    wanted = _body_criteria(plane, body)
    journal = plane.session.journal
    if not journal.max_entries:
        raise Conflict(ErrorDetail("/body", "CP-23", "--max-journal-entries"))
    count, seconds = body.get("count", 1), body.get("seconds", DEFAULT_WAIT_SECONDS)
    after, costly = body.get("after", 0), wanted.is_costly
    waiting = asyncio.ensure_future(
        journal.wait_for(wanted.match, count, seconds, after, costly=costly)
    )
    gone = asyncio.ensure_future(wait_for_disconnect())
    try:
        await asyncio.wait({waiting, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done():
            raise ClientDisconnected
        found = waiting.result()
    finally:
        gone.cancel()
        waiting.cancel()
    if len(found) < count:
        accepted = f"count {count}, seconds {seconds}"
        raise Conflict(ErrorDetail("/body", "CP-22", accepted, str(len(found))))
    return await _render_list(plane, found, body.get("limit", DEFAULT_LIMIT))


async def get_request(plane: ControlContext, id_: int, lang: str | None = None) -> dict[str, Any]:
    """GET /requests/{id}; raises NotFound (CP-21)."""
    return await _details(plane, _find_entry(plane, id_), lang)


async def replay_request(plane: ControlContext, id_: int) -> dict[str, Any]:
    """POST /requests/{id}/replay.

    Raises NotFound (CP-21), Conflict (CP-45) and ServiceUnavailable.
    """
    entry = await plane.replay(_find_entry(plane, id_), plane.session)
    return await _details(plane, entry)


def delete_requests(plane: ControlContext) -> HttpResponse:
    """DELETE /requests."""
    plane.session.journal.clear()
    return HttpResponse(b"", "", 204)


async def export_requests(
    plane: ControlContext,
    format: str,  # noqa: A002 - the name of the parameter
    operation_id: str | None = None,
    status: int | None = None,
    after: int = 0,
    limit: int = MAX_EXPORTED,
) -> HttpResponse:
    """GET /requests/export, as HAR or curl; raises InvalidRequest (CP-20)."""
    wanted = Criteria(operation=operation_id, status=status)
    wanted.check(plane.session.contract.operations, "/query")
    found = (await _search(plane, wanted, after))[-limit:]
    # In a thread, because the whole journal has up to tens of megabytes.
    if format == "curl":
        text = await asyncio.to_thread(export_curl, found)
        return HttpResponse(text.encode("utf-8", "surrogateescape"), "text/plain")
    version = plane.version()
    content = await asyncio.to_thread(export_har, found, plane.session.name, version)
    return HttpResponse(content, JSON_MEDIA_TYPE)


async def _search(plane: ControlContext, wanted: Criteria, after: int) -> list[JournalEntry]:
    journal = plane.session.journal
    return await journal.search(wanted.match, after, costly=wanted.is_costly)


def _find_entry(plane: ControlContext, number: int) -> JournalEntry:
    journal = plane.session.journal
    entry = journal.find(number)
    if entry is None:
        oldest = journal.last_number - len(journal) + 1
        kept = f"{oldest}..{journal.last_number}" if len(journal) else ""
        raise NotFound(ErrorDetail("/path/id", "CP-21", kept, str(number)))
    return entry


async def _details(
    plane: ControlContext, entry: JournalEntry, lang: str | None = None
) -> dict[str, Any]:
    render = _renderer(plane, lang).details

    def work() -> dict[str, Any]:
        return {**render(entry), "curl": format_curl(entry)}

    return await run_in_thread_if(takes_long([entry]), work)


async def _render_list(
    plane: ControlContext, found: list[JournalEntry], limit: int
) -> dict[str, Any]:
    """Return entries as a list, the newest first."""
    newest = found[::-1][:limit]
    render = _renderer(plane).summary
    rows = await run_in_thread_if(takes_long(newest), partial(_render_rows, render, newest))
    return {"total": len(found), "lastId": plane.session.journal.last_number, "requests": rows}


def _render_rows(render: Any, entries: list[JournalEntry]) -> list[dict[str, Any]]:
    return [render(entry) for entry in entries]


def _renderer(plane: ControlContext, lang: str | None = None) -> JournalRenderer:
    session = plane.session
    contract = session.contract
    paths = contract.contract["paths"]
    return JournalRenderer(session.name, paths, contract.problems, lang)


def _body_criteria(plane: ControlContext, sent: Mapping[str, Any]) -> Criteria:
    wanted = Criteria.from_body(sent)
    wanted.check(plane.session.contract.operations, "/body")
    return wanted
