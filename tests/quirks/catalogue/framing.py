"""Quirks of connections and framing, where HTTP/1.1 leaves a server a choice."""

from __future__ import annotations

import gzip
import zlib

from tests.quirks.changes import (
    change_every_nth,
    change_in_a_row,
    change_responses,
    drop_connection,
    replace_header,
)
from tests.quirks.exchange import ProxyExchange
from tests.quirks.quirk import broken_quirk, sound_quirk

GROUP_OPERATIONS = "createGroup,getGroup,deleteGroup"


def send_chunked(exchange: ProxyExchange) -> None:
    exchange.framing = "chunked"


def send_one_byte_chunks(exchange: ProxyExchange) -> None:
    exchange.framing, exchange.chunk = "chunked", 1


def end_body_by_close(exchange: ProxyExchange) -> None:
    exchange.framing = "close"


def use_http_1_0(exchange: ProxyExchange) -> None:
    exchange.version, exchange.framing = "HTTP/1.0", "close"


def close_with_header(exchange: ProxyExchange) -> None:
    exchange.closes = True
    exchange.put("Connection", "close")


def close_without_header(exchange: ProxyExchange) -> None:
    exchange.closes = exchange.number % 3 == 0


def gzip_body(exchange: ProxyExchange) -> None:
    if "gzip" in exchange.request_header("Accept-Encoding") and exchange.content:
        exchange.content = gzip.compress(exchange.content)
        exchange.put("Content-Encoding", "gzip")
        exchange.put("Vary", "Accept-Encoding")


def deflate_body(exchange: ProxyExchange) -> None:
    if "deflate" in exchange.request_header("Accept-Encoding") and exchange.content:
        exchange.content = zlib.compress(exchange.content)
        exchange.put("Content-Encoding", "deflate")


def send_slowly(exchange: ProxyExchange) -> None:
    exchange.chunk, exchange.chunk_delay_seconds = 200, 0.005


def send_100_continue(exchange: ProxyExchange) -> None:
    exchange.sends_100_continue = exchange.method == "POST"


def delay_first_response(exchange: ProxyExchange) -> None:
    exchange.delay_seconds = 2.0 if exchange.number == 1 else 0.0


def delay_each_response(exchange: ProxyExchange) -> None:
    exchange.delay_seconds = 0.05


def send_half_of_body(exchange: ProxyExchange) -> None:
    exchange.put("Content-Length", str(len(exchange.content)))
    exchange.max_bytes_sent = len(exchange.content) // 2


def send_half_of_chunks(exchange: ProxyExchange) -> None:
    exchange.framing, exchange.max_bytes_sent = "chunked", len(exchange.content) // 2


def delay_beyond_timeout(exchange: ProxyExchange) -> None:
    exchange.delay_seconds = 1.5


def change_nothing(_: ProxyExchange) -> None:
    pass


QUIRKS = (
    sound_quirk(
        "whole",
        "A proxy that changes nothing, checked as a whole.",
        lambda: change_nothing,
        "",
        options=("--max-examples", "1", "--workers", "2"),
    ),
    sound_quirk(
        "chunked", "Every answer comes in chunks.", change_responses(send_chunked), GROUP_OPERATIONS
    ),
    sound_quirk(
        "byte-by-byte", "Every byte is a chunk of its own.", change_responses(send_one_byte_chunks)
    ),
    sound_quirk(
        "until-closed",
        "The end of a body is the end of its connection.",
        change_responses(end_body_by_close),
        GROUP_OPERATIONS,
    ),
    sound_quirk(
        "http-1.0", "Every answer is HTTP/1.0.", change_responses(use_http_1_0), GROUP_OPERATIONS
    ),
    sound_quirk(
        "connection-close",
        "Every connection is closed after an answer.",
        change_responses(close_with_header),
        GROUP_OPERATIONS,
    ),
    sound_quirk(
        "closed-silently",
        "Idle connections are closed without a word beforehand.",
        change_responses(close_without_header),
        f"{GROUP_OPERATIONS},GR-01,GR-02",
    ),
    sound_quirk(
        "dropped-once",
        "A connection is dropped when it is used again, once.",
        change_in_a_row(drop_connection, 6, 1),
        "GR-01,GR-02",
    ),
    sound_quirk(
        "dropped-now-and-then",
        "Every 15th request loses its connection.",
        change_every_nth(drop_connection, 15),
        f"{GROUP_OPERATIONS},GR-01",
    ),
    sound_quirk(
        "gzip",
        "Answers are compressed when that is accepted.",
        change_responses(gzip_body),
        GROUP_OPERATIONS,
    ),
    sound_quirk(
        "deflate", "Answers are deflated when that is accepted.", change_responses(deflate_body)
    ),
    sound_quirk(
        "trickling",
        "Bodies come in small pieces, with pauses.",
        change_responses(send_slowly),
        "listGroups",
    ),
    sound_quirk(
        "continue",
        "A 100 goes before each answer to a POST.",
        change_responses(send_100_continue),
        "createGroup",
    ),
    sound_quirk(
        "waking-up",
        "The first answer takes long, within the time that it may.",
        change_responses(delay_first_response),
        options=("--max-examples", "1", "--timeout", "4"),
    ),
    sound_quirk("slow", "Every answer takes its time.", change_responses(delay_each_response)),
    sound_quirk(
        "private-ca",
        "Its certificate is signed by a private CA.",
        lambda: change_nothing,
        f"{GROUP_OPERATIONS},GR-01",
        tls=True,
    ),
    sound_quirk(
        "prefix",
        "The API stands below a path.",
        lambda: change_nothing,
        f"{GROUP_OPERATIONS},createToken",
        prefix="/gw/hypers",
    ),
    broken_quirk(
        "cut-off",
        "Groups are cut off in the middle.",
        change_responses(send_half_of_body, "getGroup", (200,)),
        "getGroup",
        "getGroup: No response",
    ),
    broken_quirk(
        "cut-off-chunks",
        "The last chunk of a group never comes.",
        change_responses(send_half_of_chunks, "getGroup", (200,)),
        "getGroup",
        "getGroup: No response",
    ),
    broken_quirk(
        "no-gzip",
        "A body is called gzip, and is none.",
        replace_header("Content-Encoding", "gzip", "getGroup", (200,)),
        "getGroup",
        "getGroup: No response",
    ),
    broken_quirk(
        "always-dropped",
        "Whoever deletes a group gets no answer.",
        change_every_nth(drop_connection, 1, operation="deleteGroup"),
        "deleteGroup",
        "deleteGroup: No response",
        also=("GR-02", "GR-03"),
    ),
    broken_quirk(
        "too-slow",
        "A group takes longer than an answer may.",
        change_responses(delay_beyond_timeout, "getGroup", (200,)),
        "getGroup",
        "getGroup: No response",
        options=("--max-examples", "1", "--timeout", "0.7"),
    ),
)
