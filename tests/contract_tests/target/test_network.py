"""Connections to the target: through the right proxy, and without cookies."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest

from contract_tests.target.network import CA_BUNDLE_VARIABLES, NetworkSettings, proxy_warnings
from contract_tests.target.transport import open_session
from mock_server.app import create_app
from tests.contract_tests.recorder import run_recorded_mock
from tests.contract_tests.run_check import QUICK, run_check
from tests.serving import FROZEN, RunningMock, serve_app, serve_in_thread

REMOTE_URL = "http://api.example"
"""A server on another machine, whose name cannot be resolved here."""
PROXY_VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def _no_network_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*PROXY_VARIABLES, *map(str.upper, PROXY_VARIABLES), *CA_BUNDLE_VARIABLES):
        monkeypatch.delenv(name, raising=False)


@dataclass
class ProxyLog:
    """Requests to a proxy: method and URL, or `CONNECT` and host; and their users."""

    lines: list[str] = field(default_factory=list)
    users: set[str] = field(default_factory=set)


@contextmanager
def run_forward_proxy(behind: str) -> Iterator[tuple[str, ProxyLog]]:
    """A proxy that leads all URLs to this server and opens no tunnel: its host and what it saw."""
    asked = ProxyLog()
    netloc = urlsplit(behind).netloc

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass_on(self) -> None:
            asked.lines.append(f"{self.command} {self.path}")
            asked.users.add(self.headers.get("Proxy-Authorization", ""))
            if self.command == "CONNECT":
                self.send_error(403)
                return
            parts = urlsplit(self.path)
            there = http.client.HTTPConnection(netloc, timeout=10)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            target = f"{parts.path}?{parts.query}" if parts.query else parts.path
            headers = {n: v for n, v in self.headers.items() if n.lower() != "host"}
            there.request(self.command, target, body, headers)
            answer = there.getresponse()
            content = answer.read()
            self.send_response_only(answer.status)
            for name, value in answer.getheaders():
                if name.lower() != "transfer-encoding":
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)
            there.close()

        do_GET = do_HEAD = do_POST = do_CONNECT = _pass_on  # noqa: N815 - as http.server names them

        def log_message(self, *_: Any) -> None:
            pass

    with serve_in_thread(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as host:
        yield host, asked


def test_a_server_elsewhere_is_asked_by_the_proxy_of_the_environment(
    shared_mock: RunningMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HTTP_PROXY is used with its credentials, and a warning says what the proxy can read."""
    with run_forward_proxy(shared_mock.address) as (host, asked):
        monkeypatch.setenv("HTTP_PROXY", f"http://someone:Sesame-42@{host}")
        outcome = run_check("--target", REMOTE_URL, "--only", "listGroups", "--profile", "smoke")
    assert outcome.code == 0, outcome
    assert asked.lines[0] == f"POST {REMOTE_URL}/oauth/token"
    assert {line.partition(" ")[2].startswith(REMOTE_URL) for line in asked.lines} == {True}
    assert asked.users == {"Basic c29tZW9uZTpTZXNhbWUtNDI="}
    assert outcome.err == (
        f"hypers-check: the proxy {host} can read all requests to {REMOTE_URL}, credentials too,"
        " since there is no TLS; NO_PROXY=api.example bypasses it\n"
    )
    assert "Sesame-42" not in outcome.out + outcome.err


def test_a_server_on_this_machine_is_asked_without_a_proxy(
    shared_mock: RunningMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment is ignored, and printed commands bypass the proxy as well."""
    with run_forward_proxy(shared_mock.address) as (host, asked):
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"):
            monkeypatch.setenv(name, f"http://{host}")
        outcome = run_check("--target", shared_mock.address, "--only", "listGroups", *QUICK)
        words = [*NetworkSettings().curl_options(shared_mock.address)]
    assert (outcome.code, outcome.err, asked.lines) == (0, "", [])
    assert words == ["--noproxy", "*"]


@pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
def test_no_proxy_names_hosts_that_are_asked_directly(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hosts, domains and networks."""
    monkeypatch.setenv("ALL_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv(name, "api.example,.corp.example,192.0.2.0/24")
    direct = (REMOTE_URL, "http://a.corp.example", "http://192.0.2.7:8080")
    assert list(proxy_warnings(*direct)) == []
    assert len(list(proxy_warnings("http://other.example", "http://192.0.3.7"))) == 2


def test_a_proxy_sees_nothing_of_a_server_behind_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy is asked for a tunnel, its refusal is reported, and it sees no secret."""
    with run_forward_proxy("http://127.0.0.1:1") as (host, asked):
        monkeypatch.setenv("HTTPS_PROXY", f"http://{host}")
        outcome = run_check("--target", "https://api.example", "--only", "listGroups")
    assert outcome.code == 2
    assert asked.lines == ["CONNECT api.example:443"]
    (line,) = outcome.err.splitlines()
    assert "https://api.example cannot be reached: the proxy of the environment failed: " in line
    assert "403" in line


def test_a_netrc_adds_no_credentials(
    shared_mock: RunningMock,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Only proxies and certificates are taken from the environment."""
    file = tmp_path_factory.mktemp("home") / "netrc"
    file.write_text("machine 127.0.0.1 login someone password Sesame-42\n")
    monkeypatch.setenv("NETRC", str(file))
    with open_session(shared_mock.address) as session:
        sent = session.get(f"{shared_mock.address}/api/v1/marketing-notice/group").request
    assert "Authorization" not in sent.headers


class CookieApp:
    """ASGI application that sets a cookie and accepts it instead of a token."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.sent: list[bytes] = []
        self._bearer = b""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request."""
        headers = dict(scope.get("headers", ()))
        self.sent += [headers[b"cookie"]] if b"cookie" in headers else []
        if headers.get(b"authorization", b"").startswith(b"Bearer "):
            self._bearer = headers[b"authorization"]
        if b"cookie" in headers and self._bearer:
            headers[b"authorization"] = self._bearer
            scope = {**scope, "headers": [*headers.items()]}

        async def give(message: Any) -> None:
            if message["type"] == "http.response.start":
                cookies = (b"SESSION=abc; Path=/", b"lb=1; Path=/; Domain=127.0.0.1; Secure")
                more = [(b"set-cookie", each) for each in cookies]
                message = {**message, "headers": [*message["headers"], *more]}
            await send(message)

        await self._app(scope, receive, give)


@pytest.mark.whole
def test_no_cookie_goes_from_one_request_to_the_next() -> None:
    """A cookie would make probes without a token succeed."""
    with run_recorded_mock() as (_, recorder):
        server = CookieApp(recorder.app)
        with serve_app(server) as address:
            only = ("--only", "createGroup,getGroup,AU-01,GR-01")
            outcome = run_check("--target", address, *only, "--workers", "2", *QUICK)
    assert outcome.code == 0, outcome.out
    assert "links" in outcome.progress
    assert server.sent == []


def test_a_session_cookie_would_be_taken_for_a_token() -> None:
    """The server of the test above does accept the cookie, so that the test can fail."""
    with serve_app(CookieApp(create_app(FROZEN))) as address, open_session(address) as session:
        url = f"{address}/api/v1/marketing-notice/group"
        token = session.post(
            f"{address}/oauth/token",
            json={
                "grant_type": "password",
                "username": "demo@example.com",
                "password": "demo-password",
            },
            auth=("demo-client", "demo-secret"),
        ).json()["access_token"]
        assert session.get(url, headers={"Authorization": f"Bearer {token}"}).status_code == 200
        assert session.get(url).status_code == 401
        assert session.get(url, headers={"Cookie": "SESSION=abc"}).status_code == 200
