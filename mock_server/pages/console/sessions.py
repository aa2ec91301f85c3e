"""The sessions: isolated worlds of several people or tests, opened, created and deleted."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from mock_server.http.session_selection import SESSION_HEADER
from mock_server.pages.console.console_request import ConsoleRequest
from mock_server.pages.console.control_plane import Refusal, RefusedError, path_of
from mock_server.pages.console.page import Page, Route, Texts
from mock_server.pages.console.page_values import display_instant, instant_of, number_or_text
from mock_server.sessions.names import DEFAULT_SESSION

SCENARIOS = ("demo", "empty", "large")
FIELDS = ("name", "scenario", "seed", "size", "instant")


def show(console: ConsoleRequest) -> Response:
    """Return the sessions, and the form that creates one."""
    return _page(console)


def create(console: ConsoleRequest) -> Response:
    """Create a session; empty fields have the values with which the mock started."""
    sent = {name: text for name in FIELDS if (text := request.form.get(name, "").strip())}
    body: dict[str, Any] = {"name": "", **sent}
    body |= {name: number_or_text(sent[name]) for name in ("seed", "size") if name in sent}
    if "instant" in sent:
        body["instant"] = instant_of(sent["instant"])
    reply = console.control.ask("POST", "/sessions", body)
    if reply.refusal:
        return _page(console, reply.refusal)
    return console.redirect_after(console.t.was_created.format(reply.body["name"]))


def delete(console: ConsoleRequest, name: str) -> Response:
    """Delete a session; the page then shows the default one, if it was this one."""
    reply = console.control.ask("DELETE", f"/sessions{path_of(name)}")
    if reply.refusal:
        raise RefusedError(reply.refusal)
    shown = DEFAULT_SESSION if name == console.name else console.name
    return console.redirect_after(console.t.was_deleted.format(name), session=shown)


def _page(console: ConsoleRequest, refusal: Refusal | None = None) -> Response:
    found = console.control.read("/sessions")["sessions"]
    return console.render(
        "sessions.html",
        refusal.status if refusal else 200,
        found=[_row(each) for each in found],
        sent={name: request.form.get(name, "") for name in FIELDS},
        fields=FIELDS,
        scenarios=SCENARIOS,
        refusal=refusal,
        header=SESSION_HEADER,
    )


def _row(session: dict[str, Any]) -> dict[str, Any]:
    """Return a session with its instants as a list shows them; `used` is empty before any use."""
    used, now = session.get("lastUsed", ""), session["clock"]["now"]
    return {**session, "used": display_instant(used), "now": display_instant(now)}


TEXTS: Texts = {
    "intro": (
        (
            "每个会话都有自己的数据、令牌、时钟、答案、故障规则和请求日志。"
            "请求用请求头 {} 或路径 /__session/名称/ 指定会话，首次使用时自动创建。"
        ),
        (
            "Each session has its own data, tokens, clock, readings, faults and journal. A request "
            "selects its session with the header {} or the path /__session/NAME/; the first use "
            "creates the session."
        ),
    ),
    "all": ("全部会话", "All sessions"),
    "name": ("名称", "Name"),
    "name_note": (
        "字母、数字、点、下划线和连字符",
        "Letters, digits, dots, underscores and hyphens",
    ),
    "base": ("基础路径", "Base path"),
    "last_used": ("最近使用", "Last use"),
    "unused": ("未使用", "not used"),
    "clock": ("时钟", "Clock"),
    "stands": ("已冻结", "frozen"),
    "runs": ("运行中", "running"),
    "requests": ("请求", "Requests"),
    "records": ("记录", "Records"),
    "scenario": ("数据场景", "Scenario"),
    "seed": ("种子", "Seed"),
    "size": ("任务数量（仅 large）", "Number of tasks (large only)"),
    "instant": ("起始时刻（中国标准时间）", "Instant (China Standard Time)"),
    "as_start": ("与启动时相同", "as at startup"),
    "actions": ("操作", "Actions"),
    "open": ("打开", "Open"),
    "current": ("当前", "current"),
    "delete": ("删除", "Delete"),
    "create": ("创建会话", "Create a session"),
    "was_created": ("会话 {} 已创建。", "Session {} was created."),
    "was_deleted": ("会话 {} 已删除。", "Session {} was deleted."),
}

PAGE = Page(
    "sessions",
    "/sessions",
    ("会话", "Sessions"),
    (
        Route("GET", "", show),
        Route("POST", "", create),
        Route("POST", "/<name>/delete", delete),
    ),
    TEXTS,
)
