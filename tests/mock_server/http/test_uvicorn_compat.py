"""Internals of uvicorn that the mock relies on; test_protocol.py tests the behavior."""

from __future__ import annotations

import asyncio
from inspect import signature
from typing import Any

from mock_server.http import uvicorn_compat as compat
from mock_server.http.protocol import HttpProtocol

PARSER_CALLBACKS = ("on_message_begin", "on_url", "on_header", "on_message_complete")
"""Callbacks of the parser that are not overridden."""


class RecordingTransport(asyncio.Transport):
    """A transport that stores what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Return None, because there is no socket."""
        del name
        return default

    def write(self, data: Any) -> None:
        """Store the data."""
        self.written += data

    def is_closing(self) -> bool:
        """Return whether the transport is closed."""
        return False


async def _app(scope: Any, receive: Any, send: Any) -> None:
    del scope
    await receive()
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


async def serve_one_request() -> tuple[Any, RecordingTransport]:
    """Return uvicorn's own protocol after one request, and its transport."""
    config = compat.Config(_app, log_config=None, ws="none", lifespan="off")
    config.load()
    state = compat.Server(config).server_state
    made: Any = compat.HttpToolsProtocol(config, state, {})
    wire = RecordingTransport()
    made.connection_made(wire)
    made.data_received(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
    await asyncio.gather(*state.tasks)
    made.timeout_keep_alive_task.cancel()
    return made, wire


def test_a_connection_has_each_member_that_is_relied_on() -> None:
    """The members of PROTOCOL, and for its last request those of CYCLE, are set at runtime."""
    made, wire = asyncio.run(serve_one_request())
    assert wire.written.startswith(compat.STATUS_LINE[204])
    assert [name for name in compat.PROTOCOL_MEMBERS if not hasattr(made, name)] == []
    assert [name for name in compat.CYCLE_MEMBERS if not hasattr(made.cycle, name)] == []
    assert (made.cycle.response_complete, made.cycle.more_body) == (True, False)
    assert made.cycle.scope is made.scope
    assert made.scope["headers"] is made.headers


def test_a_server_has_each_member_that_is_relied_on() -> None:
    """The members of SERVER are set."""
    server = compat.Server(compat.Config(_app, log_config=None))
    assert [name for name in compat.SERVER_MEMBERS if not hasattr(server, name)] == []
    assert (server.started, server.should_exit, server.force_exit) == (False, False, False)


def test_the_protocol_overrides_what_uvicorn_has() -> None:
    """A method with a name that uvicorn does not call would never run."""
    named = {*compat.PROTOCOL_MEMBERS, *dir(asyncio.Protocol)}
    ours = {name for name in vars(HttpProtocol) if hasattr(compat.HttpToolsProtocol, name)}
    assert {name for name in ours if not name.startswith("__")} <= named
    assert all(callable(getattr(compat.HttpToolsProtocol, name)) for name in PARSER_CALLBACKS)


def test_the_server_makes_a_protocol_by_these_names() -> None:
    """The protocol passes on its arguments, among them `_loop`."""
    given = signature(compat.HttpToolsProtocol).parameters
    assert [*given] == ["config", "server_state", "app_state", "_loop"]


def test_what_the_command_overrides_is_called_as_it_expects() -> None:
    """Start and shutdown get sockets, a signal gets number and frame."""
    assert [*signature(compat.Server.startup).parameters] == ["self", "sockets"]
    assert [*signature(compat.Server.shutdown).parameters] == ["self", "sockets"]
    assert [*signature(compat.Server.handle_exit).parameters] == ["self", "sig", "frame"]


def test_a_status_line_is_a_whole_line() -> None:
    """Responses to malformed requests begin with it."""
    assert compat.STATUS_LINE[431] == b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    assert {400, 408, 413, 431, 503} <= compat.STATUS_LINE.keys()


def test_the_event_loop_is_uvicorns() -> None:
    """`get_loop_factory` returns a factory, that of uvloop if it is installed."""
    made = compat.Config(_app, log_config=None).get_loop_factory()
    assert made is not None
    loop = made()
    try:
        assert isinstance(loop, asyncio.AbstractEventLoop)
    finally:
        loop.close()
