"""Quirks of connections and framing, where HTTP/1.1 leaves a server a choice."""

from __future__ import annotations

import gzip
import zlib

from tests.quirks.changes import answers, drop, header, in_a_row, now_and_then
from tests.quirks.exchange import Exchange
from tests.quirks.quirk import broken, sound

GROUPS = "createGroup,getGroup,deleteGroup"


def chunked(exchange: Exchange) -> None:
    exchange.framing = "chunked"


def chunked_by_the_byte(exchange: Exchange) -> None:
    exchange.framing, exchange.chunk = "chunked", 1


def until_closed(exchange: Exchange) -> None:
    exchange.framing = "close"


def old(exchange: Exchange) -> None:
    exchange.version, exchange.framing = "HTTP/1.0", "close"


def closing(exchange: Exchange) -> None:
    exchange.closes = True
    exchange.put("Connection", "close")


def closing_silently(exchange: Exchange) -> None:
    exchange.closes = exchange.number % 3 == 0


def gzipped(exchange: Exchange) -> None:
    if "gzip" in exchange.asked("Accept-Encoding") and exchange.content:
        exchange.content = gzip.compress(exchange.content)
        exchange.put("Content-Encoding", "gzip")
        exchange.put("Vary", "Accept-Encoding")


def deflated(exchange: Exchange) -> None:
    if "deflate" in exchange.asked("Accept-Encoding") and exchange.content:
        exchange.content = zlib.compress(exchange.content)
        exchange.put("Content-Encoding", "deflate")


def trickling(exchange: Exchange) -> None:
    exchange.chunk, exchange.between = 200, 0.005


def continuing(exchange: Exchange) -> None:
    exchange.interim = exchange.method == "POST"


def waking(exchange: Exchange) -> None:
    exchange.before = 2.0 if exchange.number == 1 else 0.0


def slow(exchange: Exchange) -> None:
    exchange.before = 0.05


def half(exchange: Exchange) -> None:
    exchange.put("Content-Length", str(len(exchange.content)))
    exchange.kept = len(exchange.content) // 2


def half_of_the_chunks(exchange: Exchange) -> None:
    exchange.framing, exchange.kept = "chunked", len(exchange.content) // 2


def hanging(exchange: Exchange) -> None:
    exchange.before = 1.5


def nothing(_: Exchange) -> None:
    pass


QUIRKS = (
    sound(
        "whole",
        "A proxy that changes nothing, checked as a whole.",
        lambda: nothing,
        "",
        options=("--max-examples", "1", "--workers", "2"),
    ),
    sound("chunked", "Every answer comes in chunks.", answers(chunked), GROUPS),
    sound("byte-by-byte", "Every byte is a chunk of its own.", answers(chunked_by_the_byte)),
    sound(
        "until-closed",
        "The end of a body is the end of its connection.",
        answers(until_closed),
        GROUPS,
    ),
    sound("http-1.0", "Every answer is HTTP/1.0.", answers(old), GROUPS),
    sound(
        "connection-close", "Every connection is closed after an answer.", answers(closing), GROUPS
    ),
    sound(
        "closed-silently",
        "Idle connections are closed without a word beforehand.",
        answers(closing_silently),
        f"{GROUPS},GR-01,GR-02",
    ),
    sound(
        "dropped-once",
        "A connection is dropped when it is used again, once.",
        in_a_row(drop, 6, 1),
        "GR-01,GR-02",
    ),
    sound(
        "dropped-now-and-then",
        "Every 15th request loses its connection.",
        now_and_then(drop, 15),
        f"{GROUPS},GR-01",
    ),
    sound("gzip", "Answers are compressed when that is accepted.", answers(gzipped), GROUPS),
    sound("deflate", "Answers are deflated when that is accepted.", answers(deflated)),
    sound(
        "trickling", "Bodies come in small pieces, with pauses.", answers(trickling), "listGroups"
    ),
    sound(
        "continue", "A 100 goes before each answer to a POST.", answers(continuing), "createGroup"
    ),
    sound(
        "waking-up",
        "The first answer takes long, within the time that it may.",
        answers(waking),
        options=("--max-examples", "1", "--timeout", "4"),
    ),
    sound("slow", "Every answer takes its time.", answers(slow)),
    sound(
        "private-ca",
        "Its certificate is signed by a private CA.",
        lambda: nothing,
        f"{GROUPS},GR-01",
        tls=True,
    ),
    sound(
        "prefix",
        "The API stands below a path.",
        lambda: nothing,
        f"{GROUPS},createToken",
        prefix="/gw/hypers",
    ),
    broken(
        "cut-off",
        "Groups are cut off in the middle.",
        answers(half, "getGroup", (200,)),
        "getGroup",
        "getGroup: No response",
    ),
    broken(
        "cut-off-chunks",
        "The last chunk of a group never comes.",
        answers(half_of_the_chunks, "getGroup", (200,)),
        "getGroup",
        "getGroup: No response",
    ),
    broken(
        "no-gzip",
        "A body is called gzip, and is none.",
        header("Content-Encoding", "gzip", "getGroup", (200,)),
        "getGroup",
        "getGroup: No response",
    ),
    broken(
        "always-dropped",
        "Whoever deletes a group gets no answer.",
        now_and_then(drop, 1, operation="deleteGroup"),
        "deleteGroup",
        "deleteGroup: No response",
        also=("GR-02", "GR-03"),
    ),
    broken(
        "too-slow",
        "A group takes longer than an answer may.",
        answers(hanging, "getGroup", (200,)),
        "getGroup",
        "getGroup: No response",
        options=("--max-examples", "1", "--timeout", "0.7"),
    ),
)
