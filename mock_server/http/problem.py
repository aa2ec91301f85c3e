"""Conversion of errors to problem documents in the caller's language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import orjson
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from mock_server.errors import ApiError, ErrorDetail, display_text

STATUS_TITLES = {
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
    503: ("服务暂时不可用", "Service unavailable"),
}
RULE_SENTENCES = {
    "additionalProperties": ("不得提交此字段。", "This field must not be sent."),
    "busy": (
        "排队等待的请求过多，请稍后重试。",
        "Too many requests are already waiting; try again later.",
    ),
    "contentEncoding": ("请求体不得压缩。", "The body must not be compressed."),
    "contentType": ("请求体的媒体类型必须受支持。", "The body must have a supported media type."),
    "enum": ("必须是允许的取值之一。", "The value must be one of those allowed."),
    "files": (
        "打开的文件过多：请稍后重试，或提高 ulimit -n。",
        "Too many files are open; try again later, or raise ulimit -n.",
    ),
    "format": ("必须符合要求的格式。", "The value must have the required format."),
    "http": ("必须是合法的 HTTP 请求。", "The request must be valid HTTP."),
    "json": ("请求体必须是合法的 JSON。", "The body must be valid JSON."),
    "leaving": (
        "模拟服务正在退出，请在重新启动后重试。",
        "The mock is shutting down; try again after it has restarted.",
    ),
    "maxBodySize": ("请求体不得超过大小上限。", "The body must not exceed the maximum size."),
    "maxFormText": (
        "表单文本字段的总长度不得超过上限；较大的内容请作为文件上传。",
        "The form's texts must not exceed the maximum total length; send large content as a file.",
    ),
    "maxHeadSize": (
        "请求行和请求头不得超过大小上限。",
        "The request line and headers must not exceed the maximum size.",
    ),
    "maxJsonCost": (
        "解析 JSON 请求体所需的内存和时间不得超过上限；请分多次发送。",
        "Parsing the JSON body must not take too much memory or time; split the body up.",
    ),
    "maxJsonSize": (
        "JSON 请求体不得超过大小上限；请分多次发送，或用 --max-json-size 提高上限。",
        "The JSON body must not be too large; split it up, or raise --max-json-size.",
    ),
    "maxJsonValues": (
        "JSON 请求体中值的数量不得超过上限；请分多次发送，或用 --max-json-values 提高上限。",
        "The JSON body must not have too many values; split it up, or raise --max-json-values.",
    ),
    "maxItems": ("项数不得超过上限。", "There must not be more items than allowed."),
    "maxLength": ("长度不得超过上限。", "The string must not exceed the maximum length."),
    "maxStorage": (
        "必须有足够的存储空间：请删除记录、重置模拟服务，或用 --max-storage 提高上限。",
        "Enough storage must be left; delete records, reset the mock, or raise --max-storage.",
    ),
    "maxTextSize": (
        "单个字符串不得超过长度上限；较大的内容请作为文件上传。",
        "A single string must not exceed the maximum length; upload large content as a file.",
    ),
    "maxUtf16Length": (
        "长度不得超过上限；长度以 UTF-16 码元计，一个表情符号占两个。",
        "The string must not exceed the maximum length in UTF-16 units, of which an emoji has two.",
    ),
    "maximum": ("不得大于允许的最大值。", "The number must not be greater than the maximum."),
    "method": ("必须使用该路径支持的方法。", "The method must be one that this path supports."),
    "minItems": ("项数不得少于下限。", "There must not be fewer items than required."),
    "minLength": ("长度不得小于下限。", "The string must not be shorter than the minimum length."),
    "minUtf16Length": (
        "长度不得小于下限；长度以 UTF-16 码元计。",
        "The string must not be shorter than the minimum length in UTF-16 units.",
    ),
    "minimum": ("不得小于允许的最小值。", "The number must not be less than the minimum."),
    "multipart": (
        "请求体必须是完整的 multipart/form-data。",
        "The body must be complete multipart/form-data.",
    ),
    "nul": ("不得包含 NUL 字符。", "The value must not contain NUL characters."),
    "path": ("路径必须存在。", "The path must exist."),
    "pathType": ("路径中的编号必须是整数。", "The ID in the path must be an integer."),
    "pattern": ("必须符合要求的格式。", "The value must match the required pattern."),
    "repeated": ("只能出现一次。", "It must be given only once."),
    "required": ("必须提供此项。", "This value must be given."),
    "slow": ("必须在时限内收到完整的请求。", "The complete request must arrive in time."),
    "type": ("必须是要求的类型。", "The value must have the required type."),
    "undeclaredParameter": (
        "契约没有这个查询参数；请检查拼写。",
        "The contract has no such query parameter; check its spelling.",
    ),
    "uniqueItems": ("各项不得重复。", "Items must not repeat."),
    "unsupported": (
        "无法提供此操作，因为模拟服务不支持其契约中的以下部分：",
        "This operation cannot be served because the mock does not support part of its contract:",
    ),
    "utf8": ("必须采用 UTF-8 编码。", "It must be encoded in UTF-8."),
}
"""Sentences of schema keywords and technical limits; rules.yaml has those of business rules."""
MAX_ERRORS = 100
"""Maximum number of violations in an error; all are counted, and a request may have 100,000."""
MAX_LOGGED_ERRORS = 5
MAX_FOUND_LENGTH = 256
"""Maximum length of a value of the request that an error repeats, as the contract documents."""
DEFAULT_SENTENCE = ("必须符合契约。", "It must conform to the contract.")
COUNT_SENTENCE = ("请求有 {} 处不符合要求。", "The request breaks {} rules.")
LANGUAGES = ("zh", "en")


def preferred_language(headers: Mapping[bytes, bytes]) -> int:
    """Return the index in LANGUAGES that Accept-Language prefers; Chinese by default."""
    sent = headers.get(b"accept-language", b"")
    if not sent:
        return 0
    accept = parse_accept_header(sent.decode("latin-1"), LanguageAccept)
    # Not `best_match`: for `zh-CN, en` it returns `en`, because only that matches exactly.
    wanted = (tag.partition("-")[0].lower() for tag in accept.values())
    return next((LANGUAGES.index(tag) for tag in wanted if tag in LANGUAGES), 0)


class ProblemWriter:
    """Writer of error documents with the sentences of all rules."""

    def __init__(self, rules: Mapping[str, Mapping[str, Any]]) -> None:
        """Take the contract's rules by id, each with a sentence in `zh` and `en`."""
        self._sentences = dict(RULE_SENTENCES)
        self._sentences |= {name: (rule["zh"], rule["en"]) for name, rule in rules.items()}

    def problem_document(self, refusal: ApiError, path: str, lang: int) -> dict[str, Any]:
        """Return the problem document of an error (RFC 9457, decision E1)."""
        return {
            "type": "about:blank",
            "title": STATUS_TITLES[refusal.status][lang],
            "status": refusal.status,
            "detail": self._detail_text(refusal, lang),
            # `OPTIONS *` has no path, and `instance` is a URI reference in the contract.
            "instance": path if path.startswith("/") else "/",
            "errors": self._render_errors(refusal, lang),
        }

    def oauth_document(self, refusal: ApiError, lang: int) -> dict[str, Any]:
        """Return the document of an error of the token operation (RFC 6749, decision A12)."""
        return {
            "error": self._oauth_error_code(refusal),
            "error_description": self._detail_text(refusal, lang),
            "errors": self._render_errors(refusal, lang),
        }

    def server_error_document(self, reason: str, path: str, lang: int) -> dict[str, Any]:
        """Return the problem document of a 500, with the reason."""
        return {
            "type": "about:blank",
            "title": STATUS_TITLES[500][lang],
            "status": 500,
            "detail": reason[:2000],  # an invalid long list has many violations
            "instance": path,
        }

    @staticmethod
    def _oauth_error_code(refusal: ApiError) -> str:
        # A missing `grant_type` is `invalid_request`, an unknown one has a code of its own (5.2).
        grant = any(v.pointer == "/body/grant_type" and v.found for v in refusal.violations)
        if refusal.status == 400 and grant:
            return "unsupported_grant_type"
        return refusal.oauth_error

    def _detail_text(self, refusal: ApiError, lang: int) -> str:
        if len(refusal.violations) == 1:
            return self._rule_sentence(refusal.violations[0], lang)
        return COUNT_SENTENCE[lang].format(len(refusal.violations))

    def _rule_sentence(self, violation: ErrorDetail, lang: int) -> str:
        return self._sentences.get(violation.rule, DEFAULT_SENTENCE)[lang]

    def reason_text(self, refusal: ApiError) -> str:
        """Return pointer, rule and sentence of the violations, in English, for the log."""
        # Without the values of the request, one of which may be a password.
        texts = [
            f"{v.pointer} {v.rule}: {self._rule_sentence(v, 1)}"
            for v in refusal.violations[:MAX_LOGGED_ERRORS]
        ]
        more = len(refusal.violations) - len(texts)
        return " ".join([*texts, f"(and {more} more)"] if more else texts)

    def _render_errors(self, refusal: ApiError, lang: int) -> list[dict[str, str]]:
        return [
            self._render_error(violation, lang) for violation in refusal.violations[:MAX_ERRORS]
        ]

    def _render_error(self, violation: ErrorDetail, lang: int) -> dict[str, str]:
        error = {
            "pointer": violation.pointer,
            "rule": violation.rule,
            "message": self._rule_sentence(violation, lang),
        }
        if violation.accepted:
            error["accepted"] = violation.accepted
        if violation.found:
            found = violation.found
            error["found"] = found if len(found) <= MAX_FOUND_LENGTH else display_text(found)
        return error


def encode_json(value: Any) -> bytes:
    """Return a value as JSON bytes."""
    try:
        return orjson.dumps(value)
    except TypeError:  # an integer of more than 64 bits
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
