"""The faults: which requests fail, are slow or end early, and how often that happened."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from mock_server.pages.console.console_request import ConsoleRequest
from mock_server.pages.console.control_plane import Refusal, RefusedError, path_of
from mock_server.pages.console.page import Page, Route, Texts
from mock_server.pages.console.page_values import number_or_text

TEXT_FIELDS = ("operation", "example", "disconnect")
NUMBER_FIELDS = ("status", "delay", "maxDelay", "retryAfter", "times", "probability")
FLAG_FIELDS = ("undocumented",)
FIELDS = (*TEXT_FIELDS, *NUMBER_FIELDS, *FLAG_FIELDS)
DISCONNECTS = ("before", "body")


def show(console: ConsoleRequest) -> Response:
    """Return the rules, and the form that adds one."""
    return _page(console)


def add(console: ConsoleRequest) -> Response:
    """Add a rule after the others."""
    sent = {name: text for name in FIELDS if (text := request.form.get(name, "").strip())}
    body: dict[str, Any] = {name: sent[name] for name in TEXT_FIELDS if name in sent}
    body |= {name: number_or_text(sent[name]) for name in NUMBER_FIELDS if name in sent}
    body |= {name: True for name in FLAG_FIELDS if name in sent}
    reply = console.control.ask("POST", "/faults", body)
    if reply.refusal:
        return _page(console, reply.refusal)
    return console.redirect_after(console.t.was_added.format(reply.body["id"]))


def delete(console: ConsoleRequest, number: str) -> Response:
    """Delete a rule."""
    reply = console.control.ask("DELETE", f"/faults{path_of(number)}")
    if reply.refusal:
        raise RefusedError(reply.refusal)
    return console.redirect_after(console.t.was_deleted.format(number))


def delete_all(console: ConsoleRequest) -> Response:
    """Delete all rules."""
    reply = console.control.ask("DELETE", "/faults")
    if reply.refusal:
        raise RefusedError(reply.refusal)
    return console.redirect_after(console.t.all_deleted)


def _page(console: ConsoleRequest, refusal: Refusal | None = None) -> Response:
    operations = console.control.read("/operations")
    responses = [row for each in operations for row in each["responses"]]
    return console.render(
        "faults.html",
        refusal.status if refusal else 200,
        rules=[_described(console, rule) for rule in console.control.read("/faults")],
        sent={name: request.form.get(name, "") for name in FIELDS},
        refusal=refusal,
        operations=operations,
        tags=sorted({tag for each in operations for tag in each["tags"]}),
        statuses=sorted({row["status"] for row in responses if row["status"].isdigit()}),
        examples=sorted({name for row in responses for name in row["examples"]}),
        disconnects=DISCONNECTS,
        fields=FIELDS,
    )


def _described(console: ConsoleRequest, rule: dict[str, Any]) -> dict[str, Any]:
    """Return a rule with its effects as a list of texts."""
    t = console.t
    effects = [
        t.has_status.format(rule["status"]) if "status" in rule else "",
        t.has_example.format(rule["example"]) if "example" in rule else "",
        _delay_text(console, rule),
        {"before": t.cut_before, "body": t.cut_body}.get(rule.get("disconnect", ""), ""),
        f"Retry-After: {rule['retryAfter']}" if "retryAfter" in rule else "",
        t.for_times.format(rule["times"]) if "times" in rule else "",
        t.for_share.format(f"{rule['probability']:.4g}") if "probability" in rule else "",
    ]
    done = "times" in rule and rule["hits"] >= rule["times"]
    return {**rule, "effects": [each for each in effects if each], "done": done}


def _delay_text(console: ConsoleRequest, rule: dict[str, Any]) -> str:
    if "delay" not in rule:
        return ""
    most = rule.get("maxDelay")
    text = f"{rule['delay']}–{most} ms" if most else f"{rule['delay']} ms"
    return str(console.t.has_delay.format(text))


TEXTS: Texts = {
    "intro": (
        "让请求失败、变慢或中断。对每个请求，从上到下第一条匹配的规则生效。重置会删除全部规则。",
        (
            "Rules that make requests fail, slow down or end early. For each request, the first "
            "rule that matches applies. A reset deletes all rules."
        ),
    ),
    "rules": ("规则", "Rules"),
    "no_rules": (
        "没有规则：所有请求照常处理。",
        "There are no rules: all requests are served as usual.",
    ),
    "hits": ("命中", "hits"),
    "used_up": ("已用完", "used up"),
    "delete": ("删除", "Delete"),
    "delete_all": ("全部删除", "Delete all"),
    "was_added": ("规则 {} 已添加。", "Rule {} was added."),
    "was_deleted": ("规则 {} 已删除。", "Rule {} was deleted."),
    "all_deleted": ("全部规则已删除。", "All rules were deleted."),
    "add": ("添加规则", "Add a rule"),
    "operation": ("操作", "Operation"),
    "operation_note": ("操作 ID、标签，或 * 表示全部", "An operationId, a tag, or * for all"),
    "status": ("状态码", "Status"),
    "status_note": ("契约中写明的状态码", "A status that the contract documents"),
    "undocumented": ("允许契约未写明的状态码", "Allow an undocumented status"),
    "example": ("示例", "Example"),
    "example_note": ("契约中示例的名称", "The name of an example in the contract"),
    "delay": ("延迟（毫秒）", "Delay (ms)"),
    "delay_note": ("固定延迟，或随机延迟的下限", "Fixed, or the minimum of a random delay"),
    "maxDelay": ("最长延迟（毫秒）", "Longest delay (ms)"),
    "maxDelay_note": ("填写后延迟在两者之间随机", "Makes the delay random"),
    "disconnect": ("断开连接", "Disconnect"),
    "never": ("不断开", "No"),
    "cut_before": ("响应前断开", "before the response"),
    "cut_body": ("响应体发送到一半时断开", "in the middle of the body"),
    "retryAfter": ("Retry-After（秒）", "Retry-After (s)"),
    "retryAfter_note": ("需要同时填写状态码", "Needs a status"),
    "times": ("次数", "Times"),
    "times_note": ("达到次数后规则不再生效", "Number of requests to which the rule applies"),
    "probability": ("概率", "Probability"),
    "probability_note": ("0 到 1；结果由种子决定，可以复现", "0 to 1; determined by the seed"),
    "always": ("总是", "always"),
    "has_status": ("状态码 {}", "status {}"),
    "has_example": ("示例 {}", "example {}"),
    "has_delay": ("延迟 {}", "delay {}"),
    "for_times": ("最多 {} 次", "at most {} times"),
    "for_share": ("概率 {}", "probability {}"),
}

PAGE = Page(
    "faults",
    "/faults",
    ("故障", "Faults"),
    (
        Route("GET", "", show),
        Route("POST", "/add", add),
        Route("POST", "/delete", delete_all),
        Route("POST", "/<number>/delete", delete),
    ),
    TEXTS,
)
