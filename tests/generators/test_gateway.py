"""The gateway lets a client reach the hosts of a run, and no other."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from tests.generators.gateway import NEW_VALUE, PATH_WITH_NEW_VALUE, Gateway, run_gateway
from tests.serving import serve_in_thread


class _Echo(BaseHTTPRequestHandler):
    """A server that returns a task, with the length of what it has received as its name."""

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        task = {"status": "PENDING", "taskName": len(self.rfile.read(length))}
        content = json.dumps(task).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@pytest.fixture(scope="module")
def mock_address() -> Iterator[str]:
    """The `host:port` of a small server in the place of the mock."""
    with serve_in_thread(ThreadingHTTPServer(("127.0.0.1", 0), _Echo)) as address:
        yield address


def client_of(gateway: Gateway) -> httpx.Client:
    """A client that sends everything to the gateway, and has no authorities to load."""
    return httpx.Client(proxy=gateway.address, verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))


def test_a_known_host_is_answered_by_the_mock_and_another_is_refused(mock_address: str) -> None:
    """Both are recorded; the proof of hosts is what was recorded."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with (
        run_gateway(mock_address, frozenset({"mock.invalid"}), tls) as gateway,
        client_of(gateway) as client,
    ):
        answer = client.post("http://mock.invalid/oauth/token", content=b"abc")
        other = client.post("http://other.invalid/oauth/token", content=b"abc")
        with pytest.raises(httpx.ConnectError):
            client.post("https://third.invalid/oauth/token")
    assert answer.json() == {"status": "PENDING", "taskName": 3}
    assert other.status_code == 502
    assert gateway.refused_hosts == {"other.invalid", "third.invalid"}
    assert gateway.hosts_of("/oauth/") == {"mock.invalid", "other.invalid"}


def test_only_the_task_of_the_last_run_gets_a_new_status(mock_address: str) -> None:
    """Other responses stay, so that a flow still finds what it expects."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    hosts = frozenset({"mock.invalid"})
    with (
        run_gateway(mock_address, hosts, tls, adds_value=True) as gateway,
        client_of(gateway) as client,
    ):
        changed = client.post(f"http://mock.invalid{PATH_WITH_NEW_VALUE}", content=b"")
        same = client.post("http://mock.invalid/api/v1/notification-tasks", content=b"")
    assert changed.json()["status"] == NEW_VALUE
    assert same.json()["status"] == "PENDING"
