"""Quirks of credentials: cookies beside tokens, odd tokens, missing protection."""

from __future__ import annotations

from typing import Any

from tests.quirks.changes import (
    change_responses,
    edit_document,
    edit_json_text,
    replace_header,
    replace_response,
)
from tests.quirks.exchange import ExchangeChange, ProxyExchange
from tests.quirks.quirk import broken_quirk, sound_quirk

GROUP_OPERATIONS = "createGroup,getGroup,deleteGroup"
AUTH_OPERATIONS = "createToken,getGroup"
LOGIN_RULES = ("AU-02", "AU-03", "AU-05", "AU-06", "AU-07", "AU-08")
"""Rules whose probes log in."""


def set_cookies(exchange: ProxyExchange) -> None:
    exchange.response_headers += [
        ("Set-Cookie", "JSESSIONID=8F2A; Path=/; HttpOnly"),
        ("Set-Cookie", f"lb=node-{exchange.number % 2}; Path=/"),
    ]


def accept_cookies() -> ExchangeChange:
    """A cookie gives the access that the last token gave."""
    last = ""

    def change(exchange: ProxyExchange) -> None:
        nonlocal last
        given = exchange.request_header("Authorization")
        if exchange.is_answered:
            set_cookies(exchange)
        elif given.startswith("Bearer ") and given != "Bearer wrong":
            last = given
        elif exchange.request_header("Cookie") and last:
            exchange.headers.append(("Authorization", last))

    return change


def skip_authentication() -> ExchangeChange:
    """A request for groups without credentials is served with those of the previous caller."""
    last = ""

    def change(exchange: ProxyExchange) -> None:
        nonlocal last
        given = exchange.request_header("Authorization")
        if exchange.is_answered or exchange.operation != "listGroups":
            return
        if given.startswith("Bearer ") and given != "Bearer wrong":
            last = given
        elif last:
            rest = [pair for pair in exchange.headers if pair[0].lower() != "authorization"]
            exchange.headers = [*rest, ("Authorization", last)]

    return change


def shorten_expiry(found: Any) -> None:
    if "expires_in" in found:
        found["expires_in"] = 120


def add_token_fields(found: Any) -> None:
    if "access_token" in found:
        found.update(jti="8f2a", tenant="demo")


def forbid_caching(exchange: ProxyExchange) -> None:
    exchange.put("Cache-Control", "no-cache, no-store, max-age=0, must-revalidate")
    exchange.put("Pragma", "no-cache")
    exchange.put("Expires", "0")


QUIRKS = (
    sound_quirk(
        "cookies", "Every answer sets cookies.", change_responses(set_cookies), GROUP_OPERATIONS
    ),
    sound_quirk(
        "cookies-for-tokens",
        "It takes its session cookie in place of a token.",
        accept_cookies,
        f"{GROUP_OPERATIONS},AU-01",
    ),
    sound_quirk(
        "short-life",
        "Tokens live for two minutes.",
        edit_document(shorten_expiry, "createToken"),
        GROUP_OPERATIONS,
    ),
    sound_quirk(
        "token-told-more",
        "A token comes with members of the server's own.",
        edit_document(add_token_fields, "createToken"),
        GROUP_OPERATIONS,
    ),
    sound_quirk(
        "token-never-cached",
        "Tokens may not be cached, in many words.",
        change_responses(forbid_caching, "createToken"),
        AUTH_OPERATIONS,
    ),
    broken_quirk(
        "open-door",
        "A list needs no token.",
        skip_authentication,
        "listGroups",
        "listGroups: Missing credentials were accepted",
    ),
    broken_quirk(
        "life-as-text",
        "The life of a token is a text.",
        edit_document(
            lambda found: {**found, "expires_in": str(found["expires_in"])}, "createToken"
        ),
        AUTH_OPERATIONS,
        "createToken: Response violates schema",
        also=LOGIN_RULES,
    ),
    broken_quirk(
        "life-as-float",
        "The life of a token is a half-second.",
        edit_document(lambda found: {**found, "expires_in": 10799.5}, "createToken"),
        AUTH_OPERATIONS,
        "createToken: Response violates schema",
        also=LOGIN_RULES,
    ),
    broken_quirk(
        "token-created",
        "A token is 201.",
        change_responses(lambda exchange: setattr(exchange, "status", 201), "createToken", (200,)),
        AUTH_OPERATIONS,
        "createToken: Undocumented status code",
        also=LOGIN_RULES,
    ),
    broken_quirk(
        "token-bom",
        "A byte order mark is before a token.",
        edit_json_text(lambda found: b"\xef\xbb\xbf" + found, "createToken", (200,)),
        AUTH_OPERATIONS,
        "createToken: JSON deserialization error",
        also=LOGIN_RULES,
    ),
    broken_quirk(
        "token-as-html",
        "A token's refusal is a page of HTML.",
        replace_response(
            "createToken", 401, b"<h1>401</h1>", "text/html", (401,), WWW_Authenticate="Basic"
        ),
        AUTH_OPERATIONS,
        "createToken: Undocumented Content-Type",
        "AU-02: Rule-breaking request rejected for another reason",
    ),
    broken_quirk(
        "no-basic-challenge",
        "Who lacks the client's secret is not asked for it.",
        replace_header("WWW-Authenticate", None, "createToken", (401,)),
        AUTH_OPERATIONS,
        "createToken: Error response lacks required details",
    ),
)
