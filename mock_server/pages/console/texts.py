"""Texts of the console that all pages share, in Chinese and English."""

from __future__ import annotations

from mock_server.pages.console.page import Texts

TEXTS: Texts = {
    "console": ("控制台", "Console"),
    "skip": ("跳到正文", "Skip to content"),
    "home": ("首页", "Home page"),
    "language": ("语言", "Language"),
    "pages": ("页面", "Pages"),
    "session": ("会话", "Session"),
    "switch": ("切换", "Switch"),
    "log_in": ("登录", "Log in"),
    "log_out": ("退出登录", "Log out"),
    "token": ("管理令牌", "Admin token"),
    "token_note": (
        "启动时用 --admin-token 指定，或由模拟服务启动时打印。",
        "Set with --admin-token, or printed by the mock when it starts.",
    ),
    "refused": ("请求被拒绝", "The request was refused"),
    "accepted": ("可接受的值", "Accepted"),
    "found": ("实际值", "Found"),
    "rule": ("规则", "Rule"),
    "field": ("字段", "Field"),
    "to_overview": ("返回概览", "Back to the overview"),
    "gone": (
        "这个页面显示的内容已不存在，不再刷新。",
        "What this page shows no longer exists. The page is no longer refreshed.",
    ),
    # Title and what to do.
    "not_found": (
        "页面不存在|请从上方导航中选择一个页面。",
        "Page not found|Choose a page from the navigation above.",
    ),
    "wrong_method": (
        "页面不支持这个请求方法|打开页面用 GET，提交表单用 POST；可用的方法见响应头 Allow。",
        (
            "Method not allowed|Pages are opened with GET, and forms are sent with POST; "
            "the header Allow lists the methods."
        ),
    ),
    "form_too_large": (
        "表单过大|表单最多 256 KiB、1000 个字段。请缩短其中的文本后重新提交。",
        (
            "The form is too large|A form has at most 256 KiB and 1,000 fields. Shorten its texts, "
            "and submit it again."
        ),
    ),
    "no_response": ("控制面没有及时响应", "The control plane did not respond in time"),
    "form_outdated": (
        "这个页面的表单已过期，没有执行任何操作。请重新提交。",
        "The form has expired, and nothing was changed. Submit it again.",
    ),
    "live": ("自动刷新", "Refreshes automatically"),
    "colon": ("：", ": "),
    "copy": ("复制", "Copy"),
    "copied": ("已复制", "Copied"),
}
