"""Texts of errors in both languages that only the mock has; `openapi` has those of the contract."""

from __future__ import annotations

from openapi import KEYWORD_SENTENCES

FORCED_SENTENCE = (
    "此响应由请求偏好（Prefer）或故障规则指定。",
    "A preference of the request or a fault rule demanded this response.",
)
RULE_SENTENCES = {
    **KEYWORD_SENTENCES,
    "busy": (
        "排队等待的请求过多，请稍后重试。",
        "Too many requests are already waiting; try again later.",
    ),
    "contentEncoding": ("请求体不得压缩。", "The body must not be compressed."),
    "contentCoding": (
        "内容编码必须与请求体或响应体一致。",
        "The body must have the content coding that its header names.",
    ),
    "fileNameCharset": (
        "文件名必须采用 UTF-8 编码；请转换原有编码（例如 GBK），或用 filename*=UTF-8''… 发送。",
        "The file name must be in UTF-8; convert it (e.g. from GBK), or send filename*=UTF-8''….",
    ),
    "fileNameControl": (
        "文件名不得包含换行符等控制字符；请删除该字符。",
        "The file name must not contain control characters, such as line breaks; remove this one.",
    ),
    "fileNameExtended": (
        "filename* 必须写作 UTF-8''…，除字母、数字和 !#$&+-.^_`|~ 外均须用百分号编码（RFC 5987）。",
        "filename* must be UTF-8''…, all but letters, digits and !#$&+-.^_`|~ percent-encoded.",
    ),
    "fileNameWord": (
        "文件名中的编码字（RFC 2047）必须能够按其声明的字符集解码；请改用 UTF-8。",
        "Encoded words (RFC 2047) in the file name must be valid in their charset; use UTF-8.",
    ),
    "files": (
        "打开的文件过多：请稍后重试，或提高 ulimit -n。",
        "Too many files are open; try again later, or raise ulimit -n.",
    ),
    "http": ("必须是合法的 HTTP 请求。", "The request must be valid HTTP."),
    "json": ("请求体必须是合法的 JSON。", "The body must be valid JSON."),
    "leaving": (
        "模拟服务正在退出，请在重新启动后重试。",
        "The mock is shutting down; try again after it has restarted.",
    ),
    "maxFileName": (
        "文件名不得超过 255 个字符；请缩短文件名。",
        "The file name must not have more than 255 characters; shorten it.",
    ),
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
    "maxTextSize": (
        "单个字符串不得超过长度上限；较大的内容请作为文件上传。",
        "A single string must not exceed the maximum length; upload large content as a file.",
    ),
    "maxUtf16Length": (
        "长度不得超过上限；长度以 UTF-16 码元计，一个表情符号占两个。",
        "The string must not exceed the maximum length in UTF-16 units, of which an emoji has two.",
    ),
    "method": ("必须使用该路径支持的方法。", "The method must be one that this path supports."),
    "minUtf16Length": (
        "长度不得小于下限；长度以 UTF-16 码元计。",
        "The string must not be shorter than the minimum length in UTF-16 units.",
    ),
    "multipart": (
        "请求体必须是完整的 multipart/form-data。",
        "The body must be complete multipart/form-data.",
    ),
    "notChecked": (
        "此响应体未与契约比较。",
        "The response body was not compared with the contract.",
    ),
    "nul": ("不得包含 NUL 字符。", "The value must not contain NUL characters."),
    "path": ("路径必须存在。", "The path must exist."),
    "pathType": ("路径中的编号必须是整数。", "The ID in the path must be an integer."),
    "preference": (
        "请求偏好（Prefer）的值必须有效。",
        "The value of the preference must be valid.",
    ),
    "preferredExample": (
        "契约中该响应没有此名称的示例。",
        "The contract has no example of this name for the response.",
    ),
    "preferredStatus": (
        "契约中该操作没有此状态码；如仍需此响应，请加上 undocumented。",
        "The contract documents no such status for this operation; add `undocumented` to get it.",
    ),
    "proxyConnect": (
        "无法连接 --proxy 指定的真实服务。",
        "The real server of --proxy could not be reached.",
    ),
    "proxyHttp": (
        "--proxy 指定的真实服务没有返回完整的 HTTP 响应。",
        "The real server of --proxy gave no complete HTTP response.",
    ),
    "proxyLoop": (
        "--proxy 指定的地址又回到了本模拟服务。",
        "The URL of --proxy leads back to this mock.",
    ),
    "proxyTimeout": (
        "--proxy 指定的真实服务未在时限内响应；可用 --proxy-timeout 延长时限。",
        "The real server of --proxy did not respond in time; raise --proxy-timeout to wait longer.",
    ),
    "proxyTls": (
        "与 --proxy 指定的真实服务的 TLS 连接失败；私有证书颁发机构请用 --proxy-ca 指定。",
        "TLS with the real server of --proxy failed; use --proxy-ca to trust a private authority.",
    ),
    "repeated": ("只能出现一次。", "It must be given only once."),
    "slow": ("必须在时限内收到完整的请求。", "The complete request must arrive in time."),
    "undeclaredField": (
        "契约没有这个字段；请检查拼写。",
        "The contract has no such field; check its spelling.",
    ),
    "undeclaredParameter": (
        "契约没有这个查询参数；请检查拼写。",
        "The contract has no such query parameter; check its spelling.",
    ),
    "undocumentedStatus": (
        "状态码必须是契约列出的状态码之一。",
        "The status must be one that the contract documents.",
    ),
    "unsupported": (
        "无法提供此操作，因为模拟服务不支持其契约中的以下部分：",
        "This operation cannot be served because the mock does not support part of its contract:",
    ),
    "utf8": ("必须采用 UTF-8 编码。", "It must be encoded in UTF-8."),
}
"""Sentences of schema keywords and technical limits; rules.yaml has those of business rules."""
DEFAULT_SENTENCE = ("必须符合契约。", "It must conform to the contract.")
COUNT_SENTENCE = ("请求有 {} 处不符合要求。", "The request breaks {} rules.")
SHOWN_SENTENCE = (
    "请求有 {} 处不符合要求，列出了其中 {} 处。",
    "The request breaks {} rules; {} of them are listed.",
)
