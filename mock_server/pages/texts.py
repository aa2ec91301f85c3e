"""Texts of the landing page in Chinese and English."""

from __future__ import annotations

from types import SimpleNamespace

from mock_server.http.problem import LANGUAGES
from openapi import Language

PAGE_TEXTS = {
    "title": ("Hypers API 模拟服务", "Hypers API mock"),
    "lead": (
        "有状态地模拟 Hypers 营销与通知平台的 {} 个操作：没有后端，也能开发和联调前端。",
        (
            "A stateful mock of {} operations of the Hypers marketing and notification "
            "platform: build a frontend before there is a backend."
        ),
    ),
    "lead_other": (
        "按这份契约响应 {} 个操作：有示例就用示例，没有就按 schema 生成。",
        "Serves the {} operations of this contract with its examples or generated values.",
    ),
    "local": (
        "请求只到这里为止，不会到达供应商（设置了转发的操作除外）。",
        "Requests end here and never reach the provider, except for forwarded operations.",
    ),
    "skip": ("跳到正文", "Skip to content"),
    "language": ("语言", "Language"),
    "address": ("接口地址", "Base address"),
    "address_note": ("令牌接口也在这里", "also for the token operation"),
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
        "种子、数据场景和时刻相同，数据就相同。重启或重置后恢复。",
        "The same seed, scenario and instant give the same data. A restart or reset restores it.",
    ),
    "scenario": ("数据场景", "Scenario"),
    "scenario_demo": ("有一组演示数据", "a set of demo data"),
    "scenario_empty": (
        "只有 SYSTEM 类型的场景和演示账号",
        "only the scenes of type SYSTEM and the demo account",
    ),
    "scenario_large": (
        "演示数据，外加一年的群通知任务",
        "the demo data and a year of notification tasks",
    ),
    "scenario_file": ("数据场景文件中的数据", "the data of a scenario file"),
    "seed": ("种子", "Seed"),
    "time": ("时间", "Time"),
    "time_zone": ("中国标准时间，已冻结", "China Standard Time, frozen"),
    "time_flows": ("运行中", "running"),
    "scale": ("速度", "Speed"),
    "scale_note": ("真实一秒里的模拟秒数", "simulated seconds per real second"),
    "manual": ("阅读文档", "Documentation"),
    "manual_note": (
        "指南、接口参考、错误目录、决策和待确认问题。",
        "Guides, reference, errors, decisions and open questions.",
    ),
    "console": ("打开控制台", "Open the console"),
    "console_note": (
        "在浏览器里查看数据、推进时钟、重置数据。",
        "View the data, advance the clock and reset the data in the browser.",
    ),
    "control": ("控制面：推进时钟、重置数据", "Control plane: advance the clock, reset the data"),
    "start": ("第一个请求", "First request"),
    "start_note": (
        "粘贴到终端即可：先用密码换取访问令牌，再查询营销通知计划。",
        "Paste into a terminal: requests an access token, then lists the marketing notice plans.",
    ),
    "start_note_other": ("粘贴到终端即可。", "Paste into a terminal."),
    "code": ("在前端代码里", "In frontend code"),
    "code_note": (
        "同样两步，用 fetch 写成；也可以粘贴到浏览器控制台。",
        "The same with fetch; can also be pasted into the browser's console.",
    ),
    "code_note_other": (
        "同一个请求，用 fetch 写成；也可以粘贴到浏览器控制台。",
        "The same with fetch; can also be pasted into the browser's console.",
    ),
    "operations": ("全部 {} 个操作", "All {} operations"),
    "operations_note": ("点击路径，在 Swagger UI 中打开。", "Paths open in Swagger UI."),
    "method": ("方法", "Method"),
    "path": ("路径", "Path"),
    "summary": ("说明", "Summary"),
    "contract": ("契约", "Contract"),
    "colon": ("：", ": "),
    "copy": ("复制", "Copy"),
    "copied": ("已复制", "Copied"),
}
LANGUAGE_NAMES = {"zh": ("zh-CN", "中文"), "en": ("en", "English")}
"""Tag of each language, and its name in that language."""


def page_texts(lang: Language) -> SimpleNamespace:
    """Return all texts in one language, as attributes."""
    # Not a dict: in Jinja, `t.copy` would be the dict's method.
    index = LANGUAGES.index(lang)
    return SimpleNamespace(**{name: words[index] for name, words in PAGE_TEXTS.items()})
