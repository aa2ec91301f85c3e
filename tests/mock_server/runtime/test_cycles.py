"""Requests leave no garbage in cycles, which only a rare collection would free."""

from __future__ import annotations

import gc
import socket
import struct
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.mock_server.control.admin_client import ADMIN
from tests.mock_server.uploads import send_upload
from tests.serving import RunningMock, client_for

GROUPS = "/api/v1/marketing-notice/group"
ROUNDS = 20


def open_and_close(mock: RunningMock) -> None:
    """Send a request on a connection of its own, and close it."""
    with client_for(mock.address) as client:
        client.headers["Authorization"] = mock.client.headers["Authorization"]
        client.get(GROUPS).raise_for_status()


def open_and_reset(mock: RunningMock) -> None:
    """Send a request on a connection of its own, and reset it."""
    host, _, port = mock.address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as client:
        client.sendall(b"GET /api/v1/files/1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        client.recv(10)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def break_off(mock: RunningMock) -> None:
    """Send half of a request, and close."""
    host, _, port = mock.address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as client:
        client.sendall(
            b"POST /oauth/token HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n1"
        )


def import_state(mock: RunningMock) -> None:
    """Import the present state."""
    state = mock.anonymous.get(f"{ADMIN}/state")
    sent = mock.anonymous.put(f"{ADMIN}/state", content=state.content, headers=JSON)
    sent.raise_for_status()


def reset(mock: RunningMock) -> None:
    """Reset the default session."""
    mock.anonymous.post(f"{ADMIN}/reset").raise_for_status()


def refuse(mock: RunningMock) -> None:
    """Send an invalid body."""
    assert mock.client.post(GROUPS, json={"name": 1}).status_code in (400, 401)


def upload(mock: RunningMock) -> None:
    """Upload a file."""
    assert send_upload(mock, b"%PDF-1.4").status_code in (200, 401)


JSON = {"Content-Type": "application/json"}


@contextmanager
def garbage_in_cycles() -> Iterator[Counter[str]]:
    """Yield a counter, which afterwards has the types of the garbage that the block has made."""
    found: Counter[str] = Counter()
    was_enabled = gc.isenabled()
    gc.collect()
    gc.freeze()  # what other tests have left may become garbage now
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        yield found
        gc.collect()
        found.update(f"{type(each).__module__}.{type(each).__qualname__}" for each in gc.garbage)
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.unfreeze()
        if was_enabled:
            gc.enable()


@pytest.mark.parametrize(
    "act",
    [
        *(pytest.param(act, marks=pytest.mark.whole) for act in (open_and_reset, break_off, reset)),
        *(pytest.param(act, marks=pytest.mark.whole) for act in (refuse, upload)),
        open_and_close,
        import_state,
    ],
    ids=lambda act: act.__name__,
)
def test_what_a_request_leaves_is_freed_at_once(
    mock: RunningMock, act: Callable[[RunningMock], None]
) -> None:
    """Collections are rare, so memory would grow for hours before one of them frees a cycle."""
    act(mock)  # what is made once may stay
    with garbage_in_cycles() as found:
        for _ in range(ROUNDS):
            act(mock)
        with httpx.Client(base_url=mock.address) as last:  # the server has seen the others end
            last.get(f"{ADMIN}/health").raise_for_status()
    ours = {name: count for name, count in found.items() if name.startswith("mock_server.")}
    # The last connections may not have ended yet.
    assert all(count < ROUNDS // 2 for count in ours.values()), ours
