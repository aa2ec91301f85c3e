"""The readings: the answers to the open questions that the mock follows."""

from __future__ import annotations

from shlex import quote
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from mock_server.http.problem import LANGUAGES
from mock_server.pages.console.console_request import ConsoleRequest
from mock_server.pages.console.control_plane import Refusal
from mock_server.pages.console.page import Page, Route, Texts
from openapi import Reading, load_readings

FILTERS = ("text", "changed")


def show(console: ConsoleRequest) -> Response:
    """Return the questions that meet the filters, each with its answers."""
    return _page(console)


def switch(console: ConsoleRequest) -> Response:
    """Put the answer of a button, `KEY=ANSWER`, into force."""
    key, _, answer = request.form.get("answer", "").partition("=")
    reply = console.control.ask("PUT", "/readings", {"readings": {key: answer}})
    if reply.refusal:
        return _page(console, key, reply.refusal)
    message = console.t.was_switched.format(key, answer)
    return console.redirect_after(message, **_kept_filters(), _anchor=key)


def set_defaults(console: ConsoleRequest) -> Response:
    """Put the default answer to each question into force."""
    reply = console.control.ask("PUT", "/readings", {"reset": True})
    if reply.refusal:
        return _page(console, "", reply.refusal)
    return console.redirect_after(console.t.all_default)


def start_command(changed: dict[str, str]) -> str:
    """Return the command that starts a mock with answers that are not the default ones."""
    if not changed:
        return "hypers-mock"
    pairs = ",".join(f"{key}={answer}" for key, answer in changed.items())
    return f"hypers-mock --readings {quote(pairs)}"


def _page(console: ConsoleRequest, key: str = "", refusal: Refusal | None = None) -> Response:
    found = console.control.read("/readings")
    lang = LANGUAGES[console.lang]
    # Those that can be switched first.
    questions = sorted(load_readings(), key=lambda each: not each.switchable)
    rows = [_row(each, lang, found["readings"]) for each in questions]
    shown = [row for row in rows if _is_shown(row, found["changed"]) or row["key"] == key]
    return console.render(
        "readings.html",
        refusal.status if refusal else 200,
        rows=shown,
        total=len(rows),
        changed=found["changed"],
        command=start_command(found["changed"]),
        filters={name: request.args.get(name, "") for name in FILTERS},
        kept=_kept_filters(),
        refused_key=key if any(row["key"] == key for row in shown) else "",
        refusal=refusal,
    )


def _row(reading: Reading, lang: str, answers: dict[str, str]) -> dict[str, Any]:
    """Return a question in a language, with its answers and the one in force."""
    return {
        "key": reading.key,
        "question": reading.question[lang],
        "decisions": reading.decisions,
        "lines": reading.lines,
        "fixed": reading.why_fixed.get(lang, ""),
        "assumed": reading.assumed[lang],
        "default": reading.default,
        "now": answers.get(reading.key, ""),
        "answers": [(name, texts[lang]) for name, texts in reading.values.items()],
    }


def _is_shown(row: dict[str, Any], changed: dict[str, str]) -> bool:
    text = request.args.get("text", "").strip().lower()
    if request.args.get("changed") and row["key"] not in changed:
        return False
    words = [row["key"], row["question"], row["assumed"], *row["decisions"]]
    words += [word for answer in row["answers"] for word in answer]
    return any(text in word.lower() for word in words)


def _kept_filters() -> dict[str, Any]:
    return {name: value for name in FILTERS if (value := request.args.get(name, ""))}


TEXTS: Texts = {
    "intro": (
        "供应商的文档没有说明的问题。这里可以切换模拟服务采用的答案；数据保留，重置后答案不变。切换约需半秒。",
        (
            "Questions that the provider's documents leave open. Here you can switch the answers "
            "that the mock follows. The data is kept, and a reset does not change the answers. "
            "Switching takes about half a second."
        ),
    ),
    "search": ("搜索", "Search"),
    "only_changed": ("只看与默认不同的", "Only those that differ from the default"),
    "filter": ("筛选", "Filter"),
    "no_filter": ("清除筛选", "Clear filters"),
    "shown_of": ("显示 {} 个，共 {} 个问题。", "{} of {} questions."),
    "start": ("以当前答案启动", "Start with these answers"),
    "start_note": (
        "在这里切换的答案在模拟服务重启后失效。用这条命令启动，可以沿用当前答案。",
        "Answers that were switched here are lost at a restart. This command keeps them.",
    ),
    "command": ("命令", "Command"),
    "defaults": ("全部恢复默认", "Restore the defaults"),
    "all_default": ("全部答案已恢复默认。", "All answers have their defaults again."),
    "was_switched": ("{} 现在是 {}。", "{} is now {}."),
    "in_force": ("当前采用", "in force"),
    "is_default": ("默认", "default"),
    "use": ("采用", "Use this"),
    "differs": ("与默认不同", "changed"),
    "decision": ("决策", "Decision"),
    "lines": ("文档行号", "Lines of the documents"),
    "cannot_switch": ("不能切换：", "Cannot be switched: "),
    "assumption": ("契约的假设：", "The contract assumes: "),
    "none_match": ("没有符合条件的问题。", "No question matches."),
}

PAGE = Page(
    "readings",
    "/readings",
    ("待确认问题", "Readings"),
    (
        Route("GET", "", show),
        Route("POST", "", switch),
        Route("POST", "/defaults", set_defaults),
    ),
    TEXTS,
)
