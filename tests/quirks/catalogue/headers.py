"""Quirks of headers: spelling, order and number are free, meaning is not."""

from __future__ import annotations

from tests.quirks.changes import answers, header, http_date
from tests.quirks.exchange import Exchange
from tests.quirks.quirk import broken, sound

GROUPS = "createGroup,getGroup,deleteGroup"
USUAL = (
    ("X-Request-Id", "5f2c"),
    ("X-Powered-By", "Undertow/1"),
    ("Strict-Transport-Security", "max-age=31536000"),
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'"),
    ("Access-Control-Allow-Origin", "*"),
)


def lower(exchange: Exchange) -> None:
    exchange.answer = [(name.lower(), value) for name, value in exchange.answer]


def upper(exchange: Exchange) -> None:
    exchange.answer = [(name.upper(), value) for name, value in exchange.answer]


def more(exchange: Exchange) -> None:
    exchange.answer += USUAL


def by_others(exchange: Exchange) -> None:
    exchange.put("Server", "nginx")
    exchange.put("Via", "1.1 edge-7, 1.1 varnish")


def variants(exchange: Exchange) -> None:
    exchange.put("ETag", f'W/"{exchange.number}"')
    exchange.put("Vary", "Origin")
    exchange.answer += [("Vary", "Access-Control-Request-Method")]


def spaced(exchange: Exchange) -> None:
    exchange.answer = [(name, f"  {value} \t") for name, value in exchange.answer]


def spelled(exchange: Exchange) -> None:
    if "json" in exchange.media_type:
        exchange.put("Content-Type", f"{exchange.media_type};charset=UTF-8")


def loud(exchange: Exchange) -> None:
    if exchange.media_type == "application/json":
        exchange.put("Content-Type", "Application/JSON")


def timed(exchange: Exchange) -> None:
    exchange.put("Date", http_date(3 * 3600))


def wordless(exchange: Exchange) -> None:
    exchange.reason = ""


def chinese(exchange: Exchange) -> None:
    exchange.reason = "好"


def challenge(exchange: Exchange) -> None:
    if found := exchange.get("WWW-Authenticate"):
        exchange.put("WWW-Authenticate", f'{found.lower()}, charset="UTF-8", error="invalid_token"')


QUIRKS = (
    sound("lower-case-headers", "Names of headers are in lower case.", answers(lower), GROUPS),
    sound("upper-case-headers", "Names of headers are in upper case.", answers(upper), GROUPS),
    sound(
        "more-headers", "Every answer has headers that no document names.", answers(more), GROUPS
    ),
    sound("server-and-via", "Answers name what they have passed.", answers(by_others)),
    sound(
        "etag-and-vary", "JSON has entity tags, and Vary twice.", answers(variants), "listGroups"
    ),
    sound(
        "spaces-in-headers", "Values of headers have blanks around them.", answers(spaced), GROUPS
    ),
    sound("charset", "JSON says that it is UTF-8.", answers(spelled), GROUPS),
    sound("media-type-in-capitals", "The media type is Application/JSON.", answers(loud)),
    sound(
        "no-date",
        "Answers have no Date.",
        header("Date", None),
        "listNotificationTasks,getGroup,GR-01",
    ),
    sound("date-ahead", "The clock of Date is hours ahead.", answers(timed), "getGroup,GR-01"),
    sound("no-reason-phrase", "There is nothing after the status code.", answers(wordless)),
    sound("reason-phrase-in-chinese", "The words after the status are Chinese.", answers(chinese)),
    sound(
        "challenge",
        "Who lacks a token is told more than is documented.",
        answers(challenge, statuses=(401,)),
        GROUPS,
    ),
    broken(
        "no-challenge",
        "A 401 does not say which credentials are wanted.",
        header("WWW-Authenticate", None, statuses=(401,)),
        "getGroup",
        "getGroup: Error response lacks required details",
    ),
    broken(
        "no-content-type",
        "No answer has a Content-Type.",
        header("Content-Type", None),
        "getGroup",
        "getGroup: Missing Content-Type header",
        "createToken: Token response violates the contract",
    ),
    broken(
        "json-as-text",
        "Groups are text/plain.",
        header("Content-Type", "text/plain", "getGroup", (200,)),
        "getGroup",
        "getGroup: Undocumented Content-Type",
    ),
    broken(
        "json-as-html",
        "Problems are text/html.",
        header("Content-Type", "text/html", "getGroup", (404,)),
        "getGroup",
        "getGroup: Undocumented Content-Type",
    ),
)
