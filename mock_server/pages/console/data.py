"""The data browser: lists of records, and a record with its relations, statuses and JSON."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from flask import request, url_for
from werkzeug.wrappers import Response

from mock_server.http.session_selection import SESSION_PREFIX
from mock_server.pages.console.console_request import ConsoleRequest
from mock_server.pages.console.control_plane import Refusal, path_of
from mock_server.pages.console.data_texts import KIND_TEXTS, RECORD_TEXTS, TEXTS
from mock_server.pages.console.page import Page, Route
from mock_server.pages.console.page_values import display_instant
from mock_server.sessions.names import DEFAULT_SESSION

FIRST_KIND = "notices"
PAGE_SIZE = 50
STATUSES = {
    "notices": ("DRAFT", "EXECUTION", "TERMINATION", "COMPLETE"),
    "noticeTasks": (
        *("NOT_STARTED", "EXECUTION", "COMPLETE"),
        *("TERMINATING", "TERMINATION", "IGNORE"),
    ),
    "notificationTasks": ("PENDING", "EXECUTING", "COMPLETED", "TERMINATED"),
}
"""Statuses of each kind that has some, to choose from."""
RELATED = {
    "groupId": "groups",
    "noticeId": "notices",
    "sceneId": "scenes",
    "memberId": "members",
    "fileId": "files",
}
"""Kind of the record that a filter names."""
WITH_ROWS = ("noticeTasks", "notificationTasks", "members")
ROW_LINKS = {"memberId": "members"}
TONES = {
    **dict.fromkeys(("COMPLETE", "COMPLETED", "SUCCESS", "COMPLETE_SERVICE"), "good"),
    **dict.fromkeys(("EXECUTION", "EXECUTING", "IN_SERVICE"), "busy"),
    **dict.fromkeys(("PENDING", "NOT_STARTED", "DRAFT", "TERMINATING"), "warn"),
    **dict.fromkeys(("TERMINATED", "TERMINATION", "IGNORE", "FAILED", "TERMINATE_SERVICE"), "bad"),
}
"""Color of a status."""


class Paging(NamedTuple):
    """The position of a page in its list; the numbers of records and pages begin with 1."""

    first: int
    last: int
    total: int
    number: int
    pages: int


def show(console: ConsoleRequest) -> Response:
    """Return the list of the first kind."""
    return show_list(console, FIRST_KIND)


def show_list(console: ConsoleRequest, kind: str) -> Response:
    """Return a page of the records of a kind."""
    sent = {name: request.args.get(name, "") for name in ("search", "status", *RELATED)}
    page = _page_number()
    query = {**sent, "current": page - 1, "size": PAGE_SIZE}
    found = console.control.read(f"/records{path_of(kind)}", query)
    health = console.control.read("/health")
    return console.render(
        "data_list.html",
        kind=kind,
        kinds=health["records"],
        clock=health["clock"],
        sent=sent,
        related={name: RELATED[name] for name in RELATED if sent[name]},
        rows=found["records"],
        columns=[name for name in COLUMNS if any(name in row for row in found["records"])],
        paging=_paging(found["page"]),
        statuses=STATUSES.get(kind, ()),
        tones=TONES,
        **_labels(console),
    )


def show_record(console: ConsoleRequest, kind: str, record: int) -> Response:
    """Return a record."""
    return _record_page(console, kind, record)


def advance(console: ConsoleRequest, kind: str, record: int) -> Response:
    """Advance the clock to the instant of a button, at which the status of the record changes."""
    reply = console.control.ask("POST", "/clock/advance", {"to": request.form.get("to", "")})
    if reply.refusal:
        return _record_page(console, kind, record, reply.refusal)
    now = display_instant(reply.body["now"])
    message = console.t.clock_advanced.format(now)
    return console.redirect_after(message, "data.show_record", kind=kind, record=record)


def _record_page(
    console: ConsoleRequest, kind: str, id_: int, refused: Refusal | None = None
) -> Response:
    place = f"/records{path_of(kind, str(id_))}"
    found = console.control.read(place)
    health = console.control.read("/health")
    rows: dict[str, Any] | None = None
    if kind in WITH_ROWS:
        query = {"current": _page_number() - 1, "size": PAGE_SIZE}
        rows = console.control.read(f"{place}/rows", query)
    return console.render(
        "data_record.html",
        refused.status if refused else 200,
        kind=kind,
        kinds=health["records"],
        found=found,
        now=health["clock"]["now"],
        facts=[name for name in COLUMNS if name in found["summary"] and name != "status"],
        document=_as_text(found["document"]) if "document" in found else None,
        rows=rows,
        columns=_columns(rows["rows"]) if rows else (),
        paging=_paging(rows["page"]) if rows else None,
        links=ROW_LINKS,
        tones=TONES,
        refused=refused,
        download=_download_link(console, id_) if kind == "files" else None,
        **_labels(console),
        display=display_instant,
        related_link=related_link,
        as_text=_as_text,
    )


def _labels(console: ConsoleRequest) -> dict[str, Any]:
    """Return the functions that name a kind, and one record of it, in the page's language."""
    return {
        "label": lambda kind: KIND_TEXTS[kind][console.lang],
        "label_one": lambda kind: RECORD_TEXTS[kind][console.lang],
    }


def _page_number() -> int:
    """Return the number of the requested page, from 1."""
    text = request.args.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def _paging(page: dict[str, int]) -> Paging:
    first = page["current"] * page["size"]
    last = min(page["total"], first + page["size"])
    pages = max(1, -(-page["total"] // page["size"]))
    return Paging(min(first + 1, last), last, page["total"], page["current"] + 1, pages)


def _columns(rows: list[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for row in rows for name in row))


def _as_text(value: Any) -> str:
    """Return a text as it is, and any other value as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    return json.dumps(value, ensure_ascii=False, indent=2)


def _download_link(console: ConsoleRequest, id_: int) -> str:
    root = request.script_root.rpartition("/")[0]
    inside = "" if console.name == DEFAULT_SESSION else f"{SESSION_PREFIX}{console.name}"
    return f"{root}{inside}/api/v1/file/{id_}"


def related_link(relation: dict[str, Any], id_: int) -> str:
    """Return the link of a relation of the record with an id."""
    if "id" in relation:
        return url_for("data.show_record", kind=relation["kind"], record=relation["id"])
    values: dict[str, Any] = {"kind": relation["kind"], relation["filter"]: id_}
    return url_for("data.show_list", **values)


COLUMNS = ("status", "type", "starts", "members", "tasks", "bytes", "userId", "ciq", "created")
"""Fields of a record's summary that are shown beside its id and name, in this order."""

PAGE = Page(
    "data",
    "/data",
    ("数据", "Data"),
    (
        Route("GET", "", show),
        Route("GET", "/<kind>", show_list),
        Route("GET", "/<kind>/<int:record>", show_record),
        Route("POST", "/<kind>/<int:record>/advance", advance),
    ),
    TEXTS,
)
