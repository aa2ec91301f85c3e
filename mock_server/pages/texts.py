"""The words of the landing page, Chinese and English."""

from __future__ import annotations

from types import SimpleNamespace

from mock_server.http.problem import LANGUAGES
from openapi import Language

PAGE_TEXTS = {
    "title": ("Hypers API 模拟服务", "Hypers API mock"),
    "lead": (
        "有状态地模拟 Hypers 营销与通知平台的 {} 个操作：没有后端，也能开发和联调前端。",
        (
            "A stateful stand-in for {} operations of the Hypers marketing and notification "
            "platform: build the frontend before the backend is there."
        ),
    ),
    "lead_other": (
        "按这份契约应答 {} 个操作：有示例就用示例，没有就按 schema 生成。",
        "Answers {} operations as this contract says, with its examples or values of its schemas.",
    ),
    "local": (
        "请求只到这里为止，不会到达供应商。",
        "Everything stays here: nothing you send reaches the provider.",
    ),
    "skip": ("跳到正文", "Skip to content"),
    "language": ("语言", "Language"),
    "address": ("接口地址", "Base address"),
    "address_note": ("令牌接口也在这里", "for the token operation, too"),
    "documentation": ("文档", "Documentation"),
    "swagger": ("打开 Swagger UI", "Open Swagger UI"),
    "other_language": ("英文版", "in Chinese"),
    "credentials": ("演示凭证", "Credentials"),
    "credentials_note": ("只在模拟服务里有效。", "Valid in the mock only."),
    "client_id": ("客户端 ID", "Client id"),
    "client_secret": ("客户端密钥", "Client secret"),
    "username": ("用户名", "Username"),
    "password": ("密码", "Password"),
    "world": ("数据与时间", "Data and time"),
    "world_note": (
        "种子、场景、时刻相同，数据就相同。重启或重置即复原。",
        "Same seed, scenario and instant: same data. A restart or a reset brings it back.",
    ),
    "scenario": ("场景", "Scenario"),
    "scenario_demo": ("有一组演示数据", "a set of demo data"),
    "scenario_empty": ("没有数据，只有演示账号", "no data, only the demo account"),
    "scenario_large": (
        "演示数据，外加一年的群通知任务",
        "the demo data, and a year of notification tasks",
    ),
    "seed": ("种子", "Seed"),
    "time": ("时间", "Time"),
    "time_zone": ("中国标准时间，静止不动", "China Standard Time, frozen"),
    "time_flows": ("正在流逝", "running"),
    "scale": ("流速", "Speed"),
    "scale_note": ("真实一秒里的模拟秒数", "simulated seconds in a real one"),
    "control": ("移动时钟、重置数据：控制面", "Move the clock, reset the data: the control plane"),
    "start": ("第一个请求", "First request"),
    "start_note": (
        "粘贴到终端即可：先用密码换取访问令牌，再查询营销通知计划。",
        "Paste it into a terminal: it logs in for a token, then lists the marketing notice plans.",
    ),
    "start_note_other": ("粘贴到终端即可。", "Paste it into a terminal."),
    "code": ("在前端代码里", "In frontend code"),
    "code_note": (
        "同样两步，用 fetch 写成；也可以粘贴到浏览器控制台。",
        "The same with fetch; it can be pasted into the browser's console, too.",
    ),
    "code_note_other": (
        "同一个请求，用 fetch 写成；也可以粘贴到浏览器控制台。",
        "The same with fetch; it can be pasted into the browser's console, too.",
    ),
    "operations": ("全部 {} 个操作", "All {} operations"),
    "operations_note": ("点击路径，在 Swagger UI 中打开。", "Each path opens in Swagger UI."),
    "method": ("方法", "Method"),
    "path": ("路径", "Path"),
    "summary": ("说明", "Summary"),
    "contract": ("契约", "Contract"),
    "copy": ("复制", "Copy"),
    "copied": ("已复制", "Copied"),
}
LANGUAGE_NAMES = {"zh": ("zh-CN", "中文"), "en": ("en", "English")}
"""Each language's tag, and what it calls itself."""


def page_texts(lang: Language) -> SimpleNamespace:
    """All words in one language; unlike a dict's, their names clash with no method."""
    index = LANGUAGES.index(lang)
    return SimpleNamespace(**{name: words[index] for name, words in PAGE_TEXTS.items()})
