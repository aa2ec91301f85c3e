"""Texts of errors in Chinese and English, except those of the business rules (rules.yaml).

The examples of errors in the contract have these texts, and the mock writes them into its errors.
"""

from __future__ import annotations

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
    429: ("请求过于频繁", "Too many requests"),
    431: ("请求头过大", "Request header fields too large"),
    500: ("服务器内部错误", "Internal server error"),
    501: ("未实现", "Not implemented"),
    502: ("网关错误", "Bad gateway"),
    503: ("服务暂时不可用", "Service unavailable"),
    504: ("网关超时", "Gateway timeout"),
}
"""Titles of error documents, by status."""
STATUS_SENTENCES = {
    403: ("当前用户不能执行该操作。", "The user must not carry out this operation."),
    429: (
        "请求过于频繁，请在 Retry-After 指示的时间之后重试。",
        "Too many requests; try again after the time in Retry-After.",
    ),
    500: ("服务器内部错误。", "Internal server error."),
    503: (
        "服务暂时不可用，请在 Retry-After 指示的时间之后重试。",
        "The service is unavailable; try again after the time in Retry-After.",
    ),
}
"""Sentences of errors without a violation, by status."""
KEYWORD_SENTENCES = {
    "additionalProperties": ("不得提交此字段。", "This field must not be sent."),
    "contentType": ("请求体的媒体类型必须受支持。", "The body must have a supported media type."),
    "enum": ("必须是允许的取值之一。", "The value must be one of those allowed."),
    "format": ("必须符合要求的格式。", "The value must have the required format."),
    "maxBodySize": ("请求体不得超过大小上限。", "The body must not exceed the maximum size."),
    "maxItems": ("项数不得超过上限。", "There must not be more items than allowed."),
    "maxLength": ("长度不得超过上限。", "The string must not exceed the maximum length."),
    "maxStorage": (
        "必须有足够的存储空间；请删除不再需要的记录后重试。",
        "Enough storage must be left; delete records that are not needed, and try again.",
    ),
    "maximum": ("不得大于允许的最大值。", "The number must not be greater than the maximum."),
    "minItems": ("项数不得少于下限。", "There must not be fewer items than required."),
    "minLength": ("长度不得小于下限。", "The string must not be shorter than the minimum length."),
    "minimum": ("不得小于允许的最小值。", "The number must not be less than the minimum."),
    "pattern": ("必须符合要求的格式。", "The value must match the required pattern."),
    "required": ("必须提供此项。", "This value must be given."),
    "type": ("必须是要求的类型。", "The value must have the required type."),
    "uniqueItems": ("各项不得重复。", "Items must not repeat."),
}
"""Sentences of JSON Schema keywords and of the limits of a body."""
