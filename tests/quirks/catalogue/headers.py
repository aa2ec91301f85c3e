"""Quirks of headers: spelling, order and number are free, meaning is not."""

from __future__ import annotations

from tests.quirks.changes import change_responses, http_date, replace_header
from tests.quirks.exchange import ProxyExchange
from tests.quirks.quirk import broken_quirk, sound_quirk

GROUP_OPERATIONS = "createGroup,getGroup,deleteGroup"
COMMON_HEADERS = (
    ("X-Request-Id", "5f2c"),
    ("X-Powered-By", "Undertow/1"),
    ("Strict-Transport-Security", "max-age=31536000"),
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'"),
    ("Access-Control-Allow-Origin", "*"),
)


def lowercase_names(exchange: ProxyExchange) -> None:
    exchange.response_headers = [(name.lower(), value) for name, value in exchange.response_headers]


def uppercase_names(exchange: ProxyExchange) -> None:
    exchange.response_headers = [(name.upper(), value) for name, value in exchange.response_headers]


def add_common_headers(exchange: ProxyExchange) -> None:
    exchange.response_headers += COMMON_HEADERS


def add_intermediary_headers(exchange: ProxyExchange) -> None:
    exchange.put("Server", "nginx")
    exchange.put("Via", "1.1 edge-7, 1.1 varnish")


def add_cache_headers(exchange: ProxyExchange) -> None:
    exchange.put("ETag", f'W/"{exchange.number}"')
    exchange.put("Vary", "Origin")
    exchange.response_headers += [("Vary", "Access-Control-Request-Method")]


def pad_values(exchange: ProxyExchange) -> None:
    exchange.response_headers = [
        (name, f"  {value} \t") for name, value in exchange.response_headers
    ]


def add_charset(exchange: ProxyExchange) -> None:
    if "json" in exchange.media_type:
        exchange.put("Content-Type", f"{exchange.media_type};charset=UTF-8")


def capitalize_media_type(exchange: ProxyExchange) -> None:
    if exchange.media_type == "application/json":
        exchange.put("Content-Type", "Application/JSON")


def shift_date(exchange: ProxyExchange) -> None:
    exchange.put("Date", http_date(3 * 3600))


def empty_reason(exchange: ProxyExchange) -> None:
    exchange.reason = ""


def chinese_reason(exchange: ProxyExchange) -> None:
    exchange.reason = "好"


def extend_challenge(exchange: ProxyExchange) -> None:
    if found := exchange.get("WWW-Authenticate"):
        exchange.put("WWW-Authenticate", f'{found.lower()}, charset="UTF-8", error="invalid_token"')


QUIRKS = (
    sound_quirk(
        "lower-case-headers",
        "Names of headers are in lower case.",
        change_responses(lowercase_names),
        GROUP_OPERATIONS,
    ),
    sound_quirk(
        "upper-case-headers",
        "Names of headers are in upper case.",
        change_responses(uppercase_names),
        GROUP_OPERATIONS,
    ),
    sound_quirk(
        "more-headers",
        "Every answer has headers that no document names.",
        change_responses(add_common_headers),
        GROUP_OPERATIONS,
    ),
    sound_quirk(
        "server-and-via",
        "Answers name what they have passed.",
        change_responses(add_intermediary_headers),
    ),
    sound_quirk(
        "etag-and-vary",
        "JSON has entity tags, and Vary twice.",
        change_responses(add_cache_headers),
        "listGroups",
    ),
    sound_quirk(
        "spaces-in-headers",
        "Values of headers have blanks around them.",
        change_responses(pad_values),
        GROUP_OPERATIONS,
    ),
    sound_quirk(
        "charset", "JSON says that it is UTF-8.", change_responses(add_charset), GROUP_OPERATIONS
    ),
    sound_quirk(
        "media-type-in-capitals",
        "The media type is Application/JSON.",
        change_responses(capitalize_media_type),
    ),
    sound_quirk(
        "no-date",
        "Answers have no Date.",
        replace_header("Date", None),
        "listNotificationTasks,getGroup,GR-01",
    ),
    sound_quirk(
        "date-ahead",
        "The clock of Date is hours ahead.",
        change_responses(shift_date),
        "getGroup,GR-01",
    ),
    sound_quirk(
        "no-reason-phrase",
        "There is nothing after the status code.",
        change_responses(empty_reason),
    ),
    sound_quirk(
        "reason-phrase-in-chinese",
        "The words after the status are Chinese.",
        change_responses(chinese_reason),
    ),
    sound_quirk(
        "challenge",
        "Who lacks a token is told more than is documented.",
        change_responses(extend_challenge, statuses=(401,)),
        GROUP_OPERATIONS,
    ),
    broken_quirk(
        "no-challenge",
        "A 401 does not say which credentials are wanted.",
        replace_header("WWW-Authenticate", None, statuses=(401,)),
        "getGroup",
        "getGroup: Error response lacks required details",
    ),
    broken_quirk(
        "no-content-type",
        "No answer has a Content-Type.",
        replace_header("Content-Type", None),
        "getGroup",
        "getGroup: Missing Content-Type header",
        "createToken: Token response violates the contract",
    ),
    broken_quirk(
        "json-as-text",
        "Groups are text/plain.",
        replace_header("Content-Type", "text/plain", "getGroup", (200,)),
        "getGroup",
        "getGroup: Undocumented Content-Type",
    ),
    broken_quirk(
        "json-as-html",
        "Problems are text/html.",
        replace_header("Content-Type", "text/html", "getGroup", (404,)),
        "getGroup",
        "getGroup: Undocumented Content-Type",
    ),
)
