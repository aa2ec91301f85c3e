"""Timeout of idle connections."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from mock_server.http.protocol import HttpProtocol

REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


class FastForwardLoop(asyncio.SelectorEventLoop):
    """An event loop whose time is set by a test."""

    ahead = 0.0

    def time(self) -> float:
        """Return the time of the loop, in seconds."""
        return super().time() + self.ahead

    async def skip(self, seconds: int) -> None:
        """Advance the time second by second, so that timers run in order."""
        for _ in range(seconds):
            self.ahead += 1
            await asyncio.sleep(0.0001)


async def empty_response(_scope: Any, _receive: Any, send: Any) -> None:
    """Respond with 204."""
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@pytest.mark.parametrize(("idle_seconds", "is_served"), [(74, True), (90, False)])
@pytest.mark.parametrize("first_request", [REQUEST, b""])
def test_a_connection_is_kept_for_75_idle_seconds(
    idle_seconds: int, is_served: bool, first_request: bytes
) -> None:
    """A client that polls every minute loses no request, whatever the server's own option says."""

    async def exchange() -> bytes:
        config = uvicorn.Config(empty_response, http=HttpProtocol, timeout_keep_alive=1)
        config.load()
        state = ServerState()
        loop = asyncio.get_running_loop()
        assert isinstance(loop, FastForwardLoop)
        server = await loop.create_server(lambda: HttpProtocol(config, state, {}), "127.0.0.1", 0)
        async with server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            if first_request:
                writer.write(first_request)
                assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 204 ")
            await loop.skip(idle_seconds)
            writer.write(REQUEST)
            try:
                return await reader.read(13)
            except ConnectionError:
                return b""
            finally:
                writer.close()

    with asyncio.Runner(loop_factory=FastForwardLoop) as runner:
        assert runner.run(exchange()) == (b"HTTP/1.1 204 " if is_served else b"")
