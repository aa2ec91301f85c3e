"""A mock on a free loopback port, in this process, for tests that also look inside or move time."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from http.server import ThreadingHTTPServer
from typing import Any

import httpx
import uvicorn

from mock_server.app import create_app
from mock_server.clock import DEFAULT_INSTANT
from mock_server.http.protocol import HttpProtocol
from mock_server.sessions.registry import SessionRegistry
from mock_server.settings import Settings
from mock_server.world.world import World

FROZEN = Settings(frozen=DEFAULT_INSTANT)
CLIENT_CREDENTIALS = ("demo-client", "demo-secret")
PASSWORD_GRANT = {
    "grant_type": "password",
    "username": "demo@example.com",
    "password": "demo-password",
}


@dataclass(frozen=True)
class RunningMock:
    """A running mock: where it is, its world and sessions, and a client that is logged in."""

    address: str
    world: World
    anonymous: httpx.Client
    client: httpx.Client
    sessions: SessionRegistry

    def advance(self, seconds: float) -> None:
        """Move the mock's time forward."""
        self.world.clock.advance(seconds)


class _FastStoppingServer(uvicorn.Server):
    """Uvicorn that ends at once; its own takes two tenths of a second to see that it has to."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._asked = asyncio.Event()

    def stop(self) -> None:
        """Ask it, from another thread, to end."""
        self.should_exit = True
        if self._loop:
            with suppress(RuntimeError):  # it has ended already
                self._loop.call_soon_threadsafe(self._asked.set)

    async def main_loop(self) -> None:
        """Tick, as uvicorn does, until it has to end."""
        self._loop = asyncio.get_running_loop()
        counter = 0
        while not await self.on_tick(counter):
            counter += 1
            with suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), 0.1)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End as uvicorn does; at once when no connection is open."""
        await asyncio.sleep(0.01)  # clients that have just closed theirs
        if self.server_state.connections or self.server_state.tasks:
            await super().shutdown(sockets)
            return
        for each in self.servers:
            each.close()
        await self.lifespan.shutdown()


@contextmanager
def serve_app(app: Any) -> Iterator[str]:
    """Serve an ASGI application on a free port; yields its address and stops it afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(
            app, http=HttpProtocol, log_level="error", ws="none", timeout_graceful_shutdown=1
        )
        server = _FastStoppingServer(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.005)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.stop()
            thread.join()


@contextmanager
def serve_in_thread(server: ThreadingHTTPServer) -> Iterator[str]:
    """Run a bare server in a thread, for responses that no application would give.

    Yields its host and port.
    """
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def run_mock(settings: Settings = FROZEN) -> Iterator[RunningMock]:
    """A mock with these settings, logged in."""
    app = create_app(settings)
    with (
        serve_app(app) as address,
        client_for(address) as anonymous,
        client_for(address) as client,
    ):
        client.headers["Authorization"] = f"Bearer {fetch_token(anonymous)}"
        yield RunningMock(address, app.world, anonymous, client, app.sessions)


@contextmanager
def mock_with(settings: Settings = FROZEN, /, **readings: str) -> Iterator[RunningMock]:
    """A mock with these readings, whose keys are written with underscores, and settings."""
    chosen = {key.replace("_", "-"): value for key, value in readings.items()}
    with run_mock(replace(settings, readings=chosen)) as mock:
        yield mock


def client_for(address: str) -> httpx.Client:
    """A client of a mock, without certificate authorities: to load them takes 30 ms a client."""
    return httpx.Client(base_url=address, verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))


def fetch_token(client: httpx.Client) -> str:
    """A fresh access token."""
    answer = client.post("/oauth/token", json=PASSWORD_GRANT, auth=CLIENT_CREDENTIALS)
    return str(answer.raise_for_status().json()["access_token"])
