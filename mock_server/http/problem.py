"""The one place where a refusal becomes bytes: a problem document, in the caller's language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import orjson
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from mock_server.errors import Refusal, Violation, shown

TITLES = {
    400: ("请求参数错误", "Bad request"),
    401: ("未授权", "Unauthorized"),
    403: ("权限不足", "Forbidden"),
    404: ("资源不存在", "Not found"),
    405: ("方法不允许", "Method not allowed"),
    408: ("请求超时", "Request timeout"),
    409: ("与当前状态冲突", "Conflict"),
    413: ("请求体过大", "Payload too large"),
    415: ("不支持的媒体类型", "Unsupported media type"),
    416: ("范围无法满足", "Range not satisfiable"),
    431: ("请求头过大", "Request header fields too large"),
    500: ("服务器内部错误", "Internal server error"),
    501: ("未实现", "Not implemented"),
    503: ("服务暂不可用", "Service unavailable"),
}
SENTENCES = {
    "additionalProperties": ("不允许有这个字段。", "This field is not allowed."),
    "busy": (
        "排队等待的请求太多,请稍后重试。",
        "Too many requests are waiting already; try again later.",
    ),
    "contentEncoding": ("请求体不能压缩。", "The body may not be compressed."),
    "contentType": ("请求体的媒体类型不受支持。", "This media type is not accepted."),
    "enum": ("不是允许的取值。", "The value is not one of those allowed."),
    "files": (
        "打开的文件过多:请稍后重试,或提高 ulimit -n。",
        "Too many files are open: try again later, or raise ulimit -n.",
    ),
    "format": ("不符合要求的格式。", "The value is not in the required format."),
    "http": ("不是合法的 HTTP 请求。", "This is not a valid HTTP request."),
    "json": ("请求体不是合法的 JSON。", "The body is not valid JSON."),
    "leaving": (
        "模拟服务正在退出,请在它重新启动后重试。",
        "The mock is shutting down; try again after it has been restarted.",
    ),
    "maxBodySize": ("请求体过大。", "The body is too large."),
    "maxFormText": (
        "表单的文本字段总长度过大,较大的内容请作为文件上传。",
        "The text fields of the form are too long in total; send large content as a file part.",
    ),
    "maxHeadSize": ("请求行与请求头过大。", "The request line and its headers are too large."),
    "maxJsonCost": (
        "解析这个 JSON 请求体所需的内存或时间过多,请分几次发送。",
        "Reading this JSON body takes too much memory or time; split it into several requests.",
    ),
    "maxJsonSize": (
        "JSON 请求体过大,请分几次发送,或用 --max-json-size 提高上限。",
        "The JSON body is too large; split it into several requests, or raise --max-json-size.",
    ),
    "maxJsonValues": (
        "JSON 请求体中的值过多,请分几次发送,或用 --max-json-values 提高上限。",
        "The JSON body has too many values; split it up, or raise --max-json-values.",
    ),
    "maxItems": ("项数太多。", "There are too many items."),
    "maxLength": ("长度超出限制。", "The text is too long."),
    "maxStorage": (
        "存储空间不足:请删除记录、重置模拟服务,或用 --max-storage 提高上限。",
        "There is no room left: delete records, reset the mock, or raise --max-storage.",
    ),
    "maxTextSize": (
        "单个文本过长,较大的内容请作为文件上传。",
        "A single string is too long; upload large content as a file.",
    ),
    "maximum": ("大于允许的最大值。", "The number is above the maximum."),
    "method": ("该路径不支持这个方法。", "This path does not have this method."),
    "minItems": ("项数太少。", "There are too few items."),
    "minLength": ("长度不足。", "The text is too short."),
    "minimum": ("小于允许的最小值。", "The number is below the minimum."),
    "multipart": (
        "请求体不是完整的 multipart/form-data。",
        "The body is not complete multipart/form-data.",
    ),
    "nul": ("不能含有 NUL 字符。", "NUL characters are not allowed."),
    "path": ("没有这个路径。", "There is no such path."),
    "pathType": ("路径中的编号必须是整数。", "The id in the path must be an integer."),
    "pattern": ("不符合要求的格式。", "The value does not match the required pattern."),
    "repeated": ("只能出现一次。", "It may be given only once."),
    "required": ("缺少必填项。", "It is required."),
    "slow": ("没有在时限内收到完整的请求。", "The request was not complete in time."),
    "type": ("类型不正确。", "The value has the wrong type."),
    "uniqueItems": ("不能有重复项。", "Items must not repeat."),
    "unsupported": (
        "无法提供这个操作,因为模拟服务不支持其契约中的一部分:",
        "This operation cannot be served, because the mock does not support part of its contract:",
    ),
    "utf8": ("必须是 UTF-8 编码。", "It must be UTF-8."),
}
"""Words for what is not a business rule, Chinese and English; those of rules are in rules.yaml."""
MAX_ERRORS = 100
"""A refusal lists this many violations and counts all: a request may break a rule 100,000 times."""
MAX_FOUND = 256
"""The contract's bound on what a refusal repeats of the request."""
OTHERWISE = ("不符合契约。", "It breaks the contract.")
COUNT = ("请求有 {} 处不符合要求。", "The request breaks {} rule(s).")
LANGUAGES = ("zh", "en")


def language(headers: Mapping[bytes, bytes]) -> int:
    """Which of LANGUAGES the Accept-Language header prefers, as an index; Chinese by default."""
    sent = headers.get(b"accept-language", b"")
    if not sent:
        return 0
    accept = parse_accept_header(sent.decode("latin-1"), LanguageAccept)
    # Not best_match: it would rather take a plain `en` than the `zh` of a preferred `zh-CN`.
    wanted = (tag.partition("-")[0].lower() for tag in accept.values())
    return next((LANGUAGES.index(tag) for tag in wanted if tag in LANGUAGES), 0)


class Problems:
    """Writes refusals; knows the words of every rule."""

    def __init__(self, rules: Mapping[str, Mapping[str, Any]]) -> None:
        """`rules` are the contract's, by id, each with a `zh` and an `en` sentence."""
        self._sentences = dict(SENTENCES)
        self._sentences |= {name: (rule["zh"], rule["en"]) for name, rule in rules.items()}

    def document(self, refusal: Refusal, path: str, lang: int) -> dict[str, Any]:
        """The RFC 9457 problem document of a refusal (decision E1)."""
        return {
            "type": "about:blank",
            "title": TITLES[refusal.status][lang],
            "status": refusal.status,
            "detail": self._detail(refusal, lang),
            "instance": path if path.startswith("/") else "/",
            "errors": self._errors(refusal, lang),
        }

    def oauth(self, refusal: Refusal, lang: int) -> dict[str, Any]:
        """The same refusal as the token operation gives it (decision A12)."""
        return {
            "error": self._oauth_error(refusal),
            "error_description": self._detail(refusal, lang),
            "errors": self._errors(refusal, lang),
        }

    def broken(self, reason: str, path: str, lang: int) -> dict[str, Any]:
        """A 500 that names what the mock itself did wrong."""
        return {
            "type": "about:blank",
            "title": TITLES[500][lang],
            "status": 500,
            "detail": reason[:2000],
            "instance": path,
        }

    @staticmethod
    def _oauth_error(refusal: Refusal) -> str:
        grant = any(v.pointer == "/body/grant_type" and v.found for v in refusal.violations)
        if refusal.status == 400 and grant:
            return "unsupported_grant_type"
        return refusal.oauth_error

    def _detail(self, refusal: Refusal, lang: int) -> str:
        if len(refusal.violations) == 1:
            return self._sentence(refusal.violations[0], lang)
        return COUNT[lang].format(len(refusal.violations))

    def _sentence(self, violation: Violation, lang: int) -> str:
        return self._sentences.get(violation.rule, OTHERWISE)[lang]

    def _errors(self, refusal: Refusal, lang: int) -> list[dict[str, str]]:
        return [self._error(violation, lang) for violation in refusal.violations[:MAX_ERRORS]]

    def _error(self, violation: Violation, lang: int) -> dict[str, str]:
        error = {
            "pointer": violation.pointer,
            "rule": violation.rule,
            "message": self._sentence(violation, lang),
        }
        if violation.accepted:
            error["accepted"] = violation.accepted
        if violation.found:
            found = violation.found
            error["found"] = found if len(found) <= MAX_FOUND else shown(found)
        return error


def encode(value: Any) -> bytes:
    """JSON bytes. orjson first; integers beyond 64 bits, which it does not write, by hand."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
