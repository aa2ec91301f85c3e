"""Clients that stop, reset, send slowly, pipeline, half-close or do not read."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.hostile.conftest import Victim
from tests.hostile.exchange import (
    GROUPS,
    JSON,
    RESPONSE_TIMEOUT,
    TASK,
    SocketResponse,
    chunked_body,
    connect,
    parse_responses,
    read_until_closed,
    request,
    response_statuses,
)

BODY = b'{"name":"x"}'
POST_GROUP = request(b"POST", GROUPS, body=BODY)
KEEP_ALIVE_GET = request(last=False)
EXPECT_CONTINUE = b"Expect: 100-continue"


def request_head(*headers: bytes, length: int = len(BODY)) -> bytes:
    """Return the head of a request whose body follows later."""
    announced = b"Content-Length: %d" % length
    return request(b"POST", GROUPS, b"Content-Type: " + JSON, announced, *headers)


def is_refused_as_not_http(answer: SocketResponse, where: str) -> bool:
    """Return whether a response says that something is not HTTP, and where."""
    error = answer.document["errors"][0]
    return (answer.status, error["pointer"], error["rule"]) == (400, where, "http")


@pytest.mark.parametrize("sent", [request(), POST_GROUP], ids=["without a body", "with a body"])
def test_a_request_that_arrives_byte_by_byte_is_answered(victim: Victim, sent: bytes) -> None:
    """The result does not depend on how the network splits a request."""
    filled = victim.insert_token(sent)
    pieces = (filled[at : at + 1] for at in range(len(filled)))
    assert response_statuses(victim.send(*pieces)) == [200]


def test_slow_clients_hold_up_nobody(victim: Victim) -> None:
    """With 200 connections that stop within a head or body, others are served as usual."""
    half = [
        b"",
        KEEP_ALIVE_GET[:20],
        victim.insert_token(KEEP_ALIVE_GET)[:-2],
        victim.insert_token(POST_GROUP)[:-2],
    ] * 50
    with ExitStack() as stack:
        for sent in half:
            stack.enter_context(connect(victim.port)).sendall(sent)
        begun = time.monotonic()
        for _ in range(20):
            victim.check_is_responsive()
        assert time.monotonic() - begun < RESPONSE_TIMEOUT / 2


def test_a_client_that_has_said_everything_still_gets_its_answer(victim: Victim) -> None:
    """A client may half-close after its request, as `nc -N` does."""
    for sent in (KEEP_ALIVE_GET, POST_GROUP, KEEP_ALIVE_GET * 3 + POST_GROUP):
        answered = response_statuses(victim.send(sent, end=True))
        assert answered == [200] * sent.count(b"HTTP/1.1\r\n")


@pytest.mark.parametrize("length", [1, 30, len(KEEP_ALIVE_GET) - 1])
def test_a_head_that_stops_is_refused(victim: Victim, length: int) -> None:
    """A half-closed connection cannot complete it, so the mock responds with an error."""
    (answer,) = victim.send(victim.insert_token(KEEP_ALIVE_GET)[:length], end=True)
    assert is_refused_as_not_http(answer, "/header")
    victim.check_is_responsive()


def test_a_client_that_only_looks_is_not_answered(victim: Victim) -> None:
    """A connection without any byte is closed without a response."""
    assert victim.send(b"", end=True) == []
    assert victim.send(b"\r\n" * 10, end=True) == []


@pytest.mark.parametrize("length", [0, 20, len(POST_GROUP) - 5, len(POST_GROUP)])
def test_a_reset_connection_hurts_nobody(victim: Victim, length: int) -> None:
    """Resets at once, within a head or body, or during the response do no harm."""
    for _ in range(20):
        connection = connect(victim.port)
        connection.sendall(victim.insert_token(POST_GROUP)[:length])
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
    victim.check_is_responsive()


@pytest.mark.parametrize(
    ("after", "where"),
    [
        (b"\0garbage\r\n\r\n", "/header"),
        (request(b"GET", TASK, b"X: a\0b"), "/header"),
        (request(b"POST", GROUPS, b"Transfer-Encoding: chunked") + b"zz\r\n", "/body"),
    ],
    ids=["garbage", "a bad head", "a bad body"],
)
def test_what_is_wrong_later_does_not_spoil_what_came_before(
    victim: Victim, after: bytes, where: str
) -> None:
    """Pipelined requests get their responses in order, the error last."""
    *before, last = victim.send(KEEP_ALIVE_GET * 5 + after)
    assert response_statuses(before) == [200] * 5
    assert is_refused_as_not_http(last, where)


def test_500_pipelined_requests_are_answered_in_order(victim: Victim) -> None:
    """They are sent at once, and every other one is for a missing record."""
    nothing = request(b"GET", b"/nothing", last=False)
    answered = victim.send((KEEP_ALIVE_GET + nothing) * 250, request())
    assert response_statuses(answered) == [200, 404] * 250 + [200]


def test_what_follows_the_last_request_is_not_read(victim: Victim) -> None:
    """Nothing is read after a request with `Connection: close`."""
    assert response_statuses(victim.send(request() + KEEP_ALIVE_GET)) == [200]


def test_a_body_that_is_too_large_is_refused_before_it_is_sent(victim: Victim) -> None:
    """With `Expect: 100-continue`, the client gets the error without sending the body."""
    (answer,) = victim.send(request_head(EXPECT_CONTINUE, length=10**9))
    assert answer.status == 413
    assert answer.headers["connection"] == "close"


def test_a_body_that_is_asked_for_is_waited_for(victim: Victim) -> None:
    """The order is: interim response, body, final response."""
    with connect(victim.port) as connection:
        connection.sendall(victim.insert_token(request_head(EXPECT_CONTINUE)))
        assert connection.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(BODY)
        assert response_statuses(parse_responses(read_until_closed(connection))) == [200]


def test_a_refused_client_can_finish_what_it_sends(victim: Victim) -> None:
    """The response is not lost by a reset, although the mock reads no more."""
    with connect(victim.port) as connection:
        connection.sendall(victim.insert_token(request_head(length=10**7)))
        for _ in range(20):
            connection.sendall(b" " * 10**5)
            time.sleep(0.005)
        (answer,) = parse_responses(read_until_closed(connection))
    assert answer.status == 413


def upgrade_request(*headers: bytes, body: bytes = BODY) -> bytes:
    """Return the first request of Java's HttpClient, which asks for an upgrade to HTTP/2."""
    asks = (b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABkAAQ")
    return request(b"POST", GROUPS, *asks, *headers, body=body, last=False)


def test_a_request_that_asks_for_another_protocol_keeps_its_body(victim: Victim) -> None:
    """It gets a response in HTTP/1.1, in one piece or byte by byte, and so does the next."""
    filled = victim.insert_token(upgrade_request() + upgrade_request() + request())
    for pieces in ([filled], [filled[at : at + 1] for at in range(len(filled))]):
        assert response_statuses(victim.send(*pieces)) == [200, 200, 200]


def test_a_body_is_no_next_request(victim: Victim) -> None:
    """The body of a request with an upgrade cannot contain another request."""
    inside = request(b"DELETE", GROUPS + b"/101", token=False)
    head, _, _ = upgrade_request(body=inside).partition(b"\r\n\r\n")
    (answer,) = victim.send(head + b"\r\n\r\n", inside, pause=0.05, end=True)
    assert answer.document["errors"][0]["rule"] in {"json", "http"}
    victim.check_is_responsive()


def test_a_tunnel_is_not_dug(victim: Victim) -> None:
    """Bytes after a CONNECT are not read as a request."""
    (answer,) = victim.send(request(b"CONNECT", TASK, last=False) + KEEP_ALIVE_GET)
    assert answer.status == 405


def chunked_requests() -> Iterator[bytes]:
    """A strategy for valid chunked bodies, split within characters and numbers."""
    for cut in range(1, len(BODY)):
        head = request(b"POST", GROUPS, b"Content-Type: " + JSON, b"Transfer-Encoding: chunked")
        yield head + chunked_body(BODY[:cut], BODY[cut:])


def test_chunks_may_be_cut_anywhere(victim: Victim) -> None:
    """They are joined before they are decoded."""
    for sent in chunked_requests():
        assert response_statuses(victim.send(sent)) == [200]


def test_clients_that_do_not_listen_hold_up_nobody(victim: Victim) -> None:
    """Each requests 20 MB of pages without reading; the mock buffers little of it."""
    before = victim.memory("VmRSS")
    page = request(b"GET", b"/openapi.json", last=False)
    with ExitStack() as stack:
        for _ in range(10):
            connection = socket.socket()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            stack.enter_context(connection).connect(("127.0.0.1", victim.port))
            connection.sendall(page * 50)
        time.sleep(0.2)
        victim.check_is_responsive()
        (answer,) = victim.send(request(b"GET", b"/"))
        assert answer.status == 200
        assert victim.memory("VmRSS") - before < 50 * 1024 * 1024
