"""Quirks of credentials: cookies beside tokens, odd tokens, missing protection."""

from __future__ import annotations

from typing import Any

from tests.quirks.changes import answers, document, header, instead, text
from tests.quirks.exchange import Change, Exchange
from tests.quirks.quirk import broken, sound

GROUPS = "createGroup,getGroup,deleteGroup"
AUTH = "createToken,getGroup"
LOGINS = ("AU-02", "AU-03", "AU-05", "AU-06", "AU-07", "AU-08")
"""Rules whose probes log in."""


def giving_cookies(exchange: Exchange) -> None:
    exchange.answer += [
        ("Set-Cookie", "JSESSIONID=8F2A; Path=/; HttpOnly"),
        ("Set-Cookie", f"lb=node-{exchange.number % 2}; Path=/"),
    ]


def taking_cookies() -> Change:
    """A cookie gives the access that the last token gave."""
    last = ""

    def change(exchange: Exchange) -> None:
        nonlocal last
        given = exchange.asked("Authorization")
        if exchange.is_answered:
            giving_cookies(exchange)
        elif given.startswith("Bearer ") and given != "Bearer wrong":
            last = given
        elif exchange.asked("Cookie") and last:
            exchange.headers.append(("Authorization", last))

    return change


def open_to_all() -> Change:
    """A request for groups without credentials is served with those of the previous caller."""
    last = ""

    def change(exchange: Exchange) -> None:
        nonlocal last
        given = exchange.asked("Authorization")
        if exchange.is_answered or exchange.operation != "listGroups":
            return
        if given.startswith("Bearer ") and given != "Bearer wrong":
            last = given
        elif last:
            rest = [pair for pair in exchange.headers if pair[0].lower() != "authorization"]
            exchange.headers = [*rest, ("Authorization", last)]

    return change


def shorter(found: Any) -> None:
    if "expires_in" in found:
        found["expires_in"] = 120


def told_more(found: Any) -> None:
    if "access_token" in found:
        found.update(jti="8f2a", tenant="demo")


def stored(exchange: Exchange) -> None:
    exchange.put("Cache-Control", "no-cache, no-store, max-age=0, must-revalidate")
    exchange.put("Pragma", "no-cache")
    exchange.put("Expires", "0")


QUIRKS = (
    sound("cookies", "Every answer sets cookies.", answers(giving_cookies), GROUPS),
    sound(
        "cookies-for-tokens",
        "It takes its session cookie in place of a token.",
        taking_cookies,
        f"{GROUPS},AU-01",
    ),
    sound("short-life", "Tokens live for two minutes.", document(shorter, "createToken"), GROUPS),
    sound(
        "token-told-more",
        "A token comes with members of the server's own.",
        document(told_more, "createToken"),
        GROUPS,
    ),
    sound(
        "token-never-cached",
        "Tokens may not be cached, in many words.",
        answers(stored, "createToken"),
        AUTH,
    ),
    broken(
        "open-door",
        "A list needs no token.",
        open_to_all,
        "listGroups",
        "listGroups: Missing credentials were accepted",
    ),
    broken(
        "life-as-text",
        "The life of a token is a text.",
        document(lambda found: {**found, "expires_in": str(found["expires_in"])}, "createToken"),
        AUTH,
        "createToken: Response violates schema",
        also=LOGINS,
    ),
    broken(
        "life-as-float",
        "The life of a token is a half-second.",
        document(lambda found: {**found, "expires_in": 10799.5}, "createToken"),
        AUTH,
        "createToken: Response violates schema",
        also=LOGINS,
    ),
    broken(
        "token-created",
        "A token is 201.",
        answers(lambda exchange: setattr(exchange, "status", 201), "createToken", (200,)),
        AUTH,
        "createToken: Undocumented status code",
        also=LOGINS,
    ),
    broken(
        "token-bom",
        "A byte order mark is before a token.",
        text(lambda found: b"\xef\xbb\xbf" + found, "createToken", (200,)),
        AUTH,
        "createToken: JSON deserialization error",
        also=LOGINS,
    ),
    broken(
        "token-as-html",
        "A token's refusal is a page of HTML.",
        instead("createToken", 401, b"<h1>401</h1>", "text/html", (401,), WWW_Authenticate="Basic"),
        AUTH,
        "createToken: Undocumented Content-Type",
        "AU-02: Rule-breaking request rejected for another reason",
    ),
    broken(
        "no-basic-challenge",
        "Who lacks the client's secret is not asked for it.",
        header("WWW-Authenticate", None, "createToken", (401,)),
        AUTH,
        "createToken: Error response lacks required details",
    ),
)
