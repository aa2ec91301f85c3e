"""The overview: session, clock, scenario and the number of records, and what changes them."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from mock_server.pages.console.console_request import ConsoleRequest
from mock_server.pages.console.control_plane import Refusal
from mock_server.pages.console.data_texts import KIND_TEXTS
from mock_server.pages.console.page import Page, Route, Texts
from mock_server.pages.console.page_values import display_instant, instant_of, number_or_text

SCENARIOS = ("demo", "empty", "large")
STEPS = {"hour": 3600, "day": 86_400}
"""Seconds by which a button advances the clock."""


def show(console: ConsoleRequest) -> Response:
    """Return the page."""
    return _page(console)


def advance(console: ConsoleRequest) -> Response:
    """Advance the clock by the step of a button, or to an instant in China Standard Time."""
    if step := STEPS.get(request.form.get("step", "")):
        body: dict[str, Any] = {"seconds": step}
    else:
        body = {"to": instant_of(request.form.get("to", ""))}
    reply = console.control.ask("POST", "/clock/advance", body)
    if reply.refusal:
        return _page(console, clock=reply.refusal)
    return console.redirect_after(console.t.advanced.format(display_instant(reply.body["now"])))


def freeze(console: ConsoleRequest) -> Response:
    """Freeze the clock, or let it run."""
    frozen = request.form.get("frozen") == "true"
    reply = console.control.ask("PUT", "/clock", {"frozen": frozen})
    if reply.refusal:
        return _page(console, clock=reply.refusal)
    return console.redirect_after(console.t.was_frozen if frozen else console.t.was_started)


def reset(console: ConsoleRequest) -> Response:
    """Restore initial data; empty fields have the values with which the session began."""
    body: dict[str, Any] = {}
    if scenario := request.form.get("scenario"):
        body["scenario"] = scenario
    for name in ("seed", "size"):
        if text := request.form.get(name, "").strip():
            body[name] = number_or_text(text)
    reply = console.control.ask("POST", "/reset", body)
    if reply.refusal:
        return _page(console, reset=reply.refusal)
    return console.redirect_after(console.t.was_reset)


def _page(console: ConsoleRequest, **refusals: Refusal) -> Response:
    health = console.control.read("/health")
    status = next((found.status for found in refusals.values()), 200)
    return console.render(
        "overview.html",
        status,
        health=health,
        now=display_instant(health["clock"]["now"]),
        scenarios=SCENARIOS,
        kind_texts=KIND_TEXTS,
        sent=request.form,
        refused={"clock": None, "reset": None, **refusals},
    )


TEXTS: Texts = {
    "clock": ("时钟", "Clock"),
    "time": ("时间", "Time"),
    "time_zone": ("中国标准时间", "China Standard Time"),
    "runs": ("运行中", "running"),
    "runs_at": ("运行中，速度 {}", "running at speed {}"),
    "stands": ("已冻结", "frozen"),
    "plus_hour": ("+1 小时", "+1 hour"),
    "plus_day": ("+1 天", "+1 day"),
    "freeze": ("冻结", "Freeze"),
    "unfreeze": ("恢复运行", "Unfreeze"),
    "move_to": ("前进到", "Advance to"),
    "move": ("前进", "Advance"),
    "advanced": ("时钟已前进到 {}。", "The clock is now at {}."),
    "was_frozen": ("时钟已冻结。", "The clock is frozen."),
    "was_started": ("时钟已恢复运行。", "The clock is running."),
    "world": ("数据", "Data"),
    "scenario": ("数据场景", "Scenario"),
    "seed": ("种子", "Seed"),
    "size": ("任务数量（仅 large）", "Number of tasks (large only)"),
    "readings": ("与默认不同的答案", "Readings that differ from the default"),
    "version": ("版本", "Version"),
    "contract": ("契约", "Contract"),
    "records": ("记录", "Records"),
    "count": ("数量", "Count"),
    "reset": ("重置", "Reset"),
    "reset_note": (
        "用初始数据替换这个会话的全部数据，时钟回到起点，令牌失效。快照保留。",
        (
            "Replaces all data of this session with initial data. The clock starts again, and "
            "tokens become invalid. Snapshots are kept."
        ),
    ),
    "as_before": ("与会话开始时相同", "as at the start of the session"),
    "was_reset": ("数据已重置。", "The data was reset."),
}

PAGE = Page(
    "overview",
    "",
    ("概览", "Overview"),
    (
        Route("GET", "/", show),
        Route("POST", "/advance", advance),
        Route("POST", "/freeze", freeze),
        Route("POST", "/reset", reset),
    ),
    TEXTS,
)
