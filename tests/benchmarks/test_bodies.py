"""Hostile bodies are measured only if every client gets its responses."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from benchmarks.bodies import measure_memory_and_delay
from benchmarks.loads import TASKS, BenchmarkClient, MeasurementError
from benchmarks.processes import ServerProcess
from tests.serving import serve_in_thread

BODIES = [b"[1]", b"[2]", b"{}"]


@contextmanager
def server_that_answers(tasks: int | None) -> Iterator[ServerProcess]:
    """Serve logins and reads; answer a new task with this status, or by closing the connection."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(200)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            if self.path != TASKS:
                self._answer(200)
            elif tasks is None:
                self.close_connection = True
            else:
                self._answer(tasks)

        def _answer(self, status: int) -> None:
            content = b'{"access_token": "t"}'
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Print nothing."""

    with serve_in_thread(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as host:
        address = f"http://{host}"
        with closing(BenchmarkClient(address)) as client:
            yield ServerProcess(address, client, 0.0, os.getpid())


def test_refused_bodies_are_measured() -> None:
    """The delays are those of the reads meanwhile."""
    with server_that_answers(400) as server:
        _, waited = measure_memory_and_delay(server, BODIES)
    assert waited
    assert min(waited) > 0


@pytest.mark.parametrize(("status", "reason"), [(None, "no response"), (500, "500")])
def test_a_client_that_cannot_go_on_ends_the_measurement(status: int | None, reason: str) -> None:
    """Otherwise the memory and the delays of an idle server would be published."""
    with (
        server_that_answers(status) as server,
        pytest.raises(MeasurementError, match=reason),
    ):
        measure_memory_and_delay(server, BODIES)
