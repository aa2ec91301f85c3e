"""The snapshots of the session: saved, restored and deleted by their names."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from mock_server.pages.console.console_request import ConsoleRequest
from mock_server.pages.console.control_plane import Refusal, RefusedError, path_of
from mock_server.pages.console.page import Page, Route, Texts
from mock_server.pages.console.page_values import display_instant

NO_NAME = "?"
"""Name that no snapshot can have, sent in place of one that would change the path."""


def show(console: ConsoleRequest) -> Response:
    """Return the snapshots, and the form that saves one."""
    return _page(console)


def save(console: ConsoleRequest) -> Response:
    """Save the present state under a name, in place of an earlier one."""
    name = request.form.get("name", "").strip()
    reply = console.control.ask("PUT", f"/snapshots{_path_of_name(name)}")
    if reply.refusal:
        return _page(console, reply.refusal)
    return console.redirect_after(console.t.was_saved.format(name))


def restore(console: ConsoleRequest, name: str) -> Response:
    """Replace the world of the session by that of a snapshot."""
    reply = console.control.ask("POST", f"/snapshots{_path_of_name(name)}/restore")
    if reply.refusal:
        raise RefusedError(reply.refusal)
    now = display_instant(reply.body["clock"]["now"])
    return console.redirect_after(console.t.was_restored.format(name, now))


def delete(console: ConsoleRequest, name: str) -> Response:
    """Delete a snapshot."""
    reply = console.control.ask("DELETE", f"/snapshots{_path_of_name(name)}")
    if reply.refusal:
        raise RefusedError(reply.refusal)
    return console.redirect_after(console.t.was_deleted.format(name))


def _path_of_name(name: str) -> str:
    return path_of(NO_NAME if not name or "/" in name or not name.strip(".") else name)


def _page(console: ConsoleRequest, refusal: Refusal | None = None) -> Response:
    found: dict[str, Any] = console.control.read("/snapshots")
    return console.render(
        "snapshots.html",
        refusal.status if refusal else 200,
        snapshots=[{**each, "at": display_instant(each["saved"])} for each in found["snapshots"]],
        maximum=found["maximum"],
        sent=request.form.get("name", ""),
        refusal=refusal,
    )


TEXTS: Texts = {
    "intro": (
        "快照保存这个会话的全部记录、令牌、时钟和答案，可以多次恢复。重置不会删除快照。",
        (
            "A snapshot keeps all records, tokens, clock and readings of this session, and can be "
            "restored as often as needed. A reset does not delete it."
        ),
    ),
    "save": ("保存快照", "Save a snapshot"),
    "save_it": ("保存", "Save"),
    "name": ("名称", "Name"),
    "name_note": (
        "字母、数字、点、下划线和连字符；同名快照会被替换。",
        "Letters, digits, dots, underscores and hyphens; replaces a snapshot of the same name.",
    ),
    "saved_ones": ("已保存的快照", "Saved snapshots"),
    "none_saved": ("还没有快照。", "There are no snapshots yet."),
    "at_most": ("最多 {} 个。", "At most {}."),
    "saved_at": ("保存时的会话时间", "Session time"),
    "records": ("记录", "Records"),
    "size": ("大小", "Size"),
    "restore": ("恢复", "Restore"),
    "delete": ("删除", "Delete"),
    "actions": ("操作", "Actions"),
    "was_saved": ("快照 {} 已保存。", "Snapshot {} was saved."),
    "was_restored": (
        "已恢复快照 {}，时钟回到 {}。",
        "Snapshot {} was restored; the clock is at {}.",
    ),
    "was_deleted": ("快照 {} 已删除。", "Snapshot {} was deleted."),
}

PAGE = Page(
    "snapshots",
    "/snapshots",
    ("快照", "Snapshots"),
    (
        Route("GET", "", show),
        Route("POST", "", save),
        Route("POST", "/<name>/restore", restore),
        Route("POST", "/<name>/delete", delete),
    ),
    TEXTS,
)
