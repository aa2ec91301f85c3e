"""Targets that cannot be checked: one line, exit code 2, no traceback."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from contract_tests.target import retries
from tests.contract_tests.run_check import QUICK, CheckResult, run_check
from tests.serving import RunningMock, serve_app, serve_in_thread


def failure_reason(outcome: CheckResult) -> str:
    """The line of a check that could not be."""
    assert outcome.code == 2, outcome
    assert "Traceback" not in outcome.out + outcome.err
    (line,) = outcome.err.splitlines()
    return line.removeprefix("hypers-check: ")


def app_answering(status: int, content_type: str, body: bytes, **headers: str) -> Any:
    """Return an ASGI application with the same response to every request."""
    pairs = {"content-type": content_type, **headers}

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        sent = [(name.encode(), value.encode()) for name, value in pairs.items()]
        await send({"type": "http.response.start", "status": status, "headers": sent})
        await send({"type": "http.response.body", "body": body})

    return app


def test_nobody_answers() -> None:
    """Port 1 of loopback."""
    line = failure_reason(run_check("--target", "http://127.0.0.1:1"))
    assert line == "http://127.0.0.1:1 cannot be reached: Connection refused"


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--client-id", "nobody"),
        ("--client-secret", "Sesame-42"),
        ("--username", "nobody@example.com"),
        ("--password", "Sesame-42"),
    ],
)
def test_wrong_credentials(shared_mock: RunningMock, option: str, value: str) -> None:
    """The server's reason is printed, the credentials are not."""
    line = failure_reason(run_check("--target", shared_mock.address, option, value))
    assert re.search(r"/oauth/token refused the credentials \(40[01]\): .*AU-0[23]", line)
    assert value not in line


def test_html_instead_of_an_api() -> None:
    """A login page, or the catch-all of a frontend, responds in this way."""
    with serve_app(app_answering(200, "text/html", b"<h1>Welcome</h1>")) as address:
        line = failure_reason(run_check("--target", address))
    assert "returned no token (text/html): <h1>Welcome</h1>" in line


def test_a_redirect() -> None:
    """The redirect is not followed, as the credentials are for the target only."""
    app = app_answering(308, "text/plain", b"", location="https://elsewhere.example/oauth/token")
    with serve_app(app) as address:
        line = failure_reason(run_check("--target", address))
    assert line.endswith("redirects to https://elsewhere.example/oauth/token: give the final URL")


def test_a_failing_server_and_what_it_lets_slip(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tokens in the excerpt are redacted, whatever they are called."""
    monkeypatch.setattr(retries, "BACKOFF_SECONDS", ())
    body = json.dumps({"accessToken": "ey.slipped", "message": "boom"}).encode()
    with serve_app(app_answering(503, "application/json", body)) as address:
        line = failure_reason(run_check("--target", address))
    assert "returned 503 and no token" in line
    assert "boom" in line
    assert "slipped" not in line


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("127.0.0.1:4010", "not a URL"),
        ("ftp://127.0.0.1", "not a URL"),
        ("http://", "not a URL"),
        ("http://[::1", "not a URL"),
        ("http://127.0.0.1:99999", "not a URL"),
        ("http://user:Sesame-42@127.0.0.1:4010", "may have only scheme, host, port and path"),
        ("http://127.0.0.1:4010?key=Sesame-42", "may have only scheme, host, port and path"),
    ],
)
def test_a_target_that_is_none(url: str, reason: str) -> None:
    """An invalid URL is refused before anything is sent, without repeating a secret in it."""
    line = failure_reason(run_check("--target", url))
    assert reason in line
    assert "Sesame-42" not in line


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--only", "createGroup,nothing"), "nothing is neither an operationId, a tag nor a rule"),
        (("--seed", "x"), "'x' is not a whole number"),
        (("--max-examples", "0"), "'0' is not a whole number"),
        (("--nonsense",), "unrecognized arguments"),
    ],
)
def test_an_option_that_is_wrong(arguments: tuple[str, ...], reason: str) -> None:
    """Said after the usage, as command lines do."""
    outcome = run_check(*arguments)
    assert outcome.code == 2
    assert reason in outcome.err.splitlines()[-1]


def test_a_server_that_dies_meanwhile() -> None:
    """The run ends, the results so far are reported, and there is no verdict."""
    with run_closing_server() as address:
        outcome = run_check("--target", address, "--only", "notice-groups", *QUICK)
    assert "no longer responds" in failure_reason(outcome)
    assert outcome.violations == [("listGroups", "No response")]
    assert "THE CONTRACT DOES NOT HOLD: 1 violation in listGroups" in outcome.out


@contextmanager
def run_closing_server() -> Iterator[str]:
    """Yield the address of a server that responds to the login only."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline()
            self.close_connection = True
            if self.raw_requestline.startswith(b"POST /oauth/token"):
                body = (
                    b'{"access_token": "t0ken", "expires_in": 60,'
                    b' "token_type": "bearer", "refresh_token": "r"}'
                )
                head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                head += b"Content-Length: %d\r\nConnection: close\r\n\r\n"
                self.wfile.write(head % len(body) + body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with serve_in_thread(server) as host:
        yield f"http://{host}"
