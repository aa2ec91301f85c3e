"""A request as a curl command: the shell sends the same request."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import pytest
import requests

from contract_tests.target.curl import format_curl
from contract_tests.target.redaction import Secrets
from tests.contract_tests.faulty_server import MockExchange, run_faulty_mock
from tests.contract_tests.run_check import QUICK, run_check
from tests.programs import require_program
from tests.serving import CLIENT_CREDENTIALS, client_for, fetch_token, serve_in_thread


class SentRequest(NamedTuple):
    """The parts of a request that a server received."""

    method: str
    target: str
    content_type: str | None
    authorization: str | None
    body: bytes


@pytest.fixture(scope="module")
def recording_server() -> Iterator[tuple[str, list[SentRequest]]]:
    """Yield the address of a server that responds with 204, and the requests that it received."""
    received: list[SentRequest] = []

    class Handler(BaseHTTPRequestHandler):
        def _record(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            content_type = self.headers.get("Content-Type")
            authorization = self.headers.get("Authorization")
            received.append(SentRequest(self.command, self.path, content_type, authorization, body))
            self.send_response_only(204)
            self.end_headers()

        do_GET = do_POST = do_DELETE = _record  # noqa: N815 - as http.server names them

        def log_message(self, *_: Any) -> None:
            pass

    with serve_in_thread(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as host:
        yield f"http://{host}", received


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("GET", "/tasks?ids[]=1&ids[]=2", None),
        ("GET", "/tasks/[1-3]?name={a,b}", None),
        ("GET", "/tasks?name=it's&other=$HOME%20`x`", None),
        ("GET", "/tasks/../groups/./1", None),
        ("DELETE", "/tasks/1", None),
        ("POST", "/tasks", b'{"name": "it\'s $HOME", "text": "\\u4e2d\xe4\xb8\xad"}'),
        ("POST", "/tasks", b"@/etc/hostname"),
        ("POST", "/file", b"--x\r\n\r\n\x00\xff'\\n%s\r\n--x--\r\n"),
    ],
)
def test_the_shell_sends_the_request_that_the_command_was_made_from(
    recording_server: tuple[str, list[SentRequest]], method: str, target: str, body: bytes | None
) -> None:
    """Neither curl's globbing and dot segments nor the shell's quotes change a byte of it."""
    require_program("curl")
    address, received = recording_server
    request = requests.Request(method, address, data=body, headers={"Content-Type": "a/b"})
    prepared = request.prepare()
    prepared.url = address + target  # as the check sends it: not normalized by requests
    command = format_curl(prepared, Secrets(), ["--noproxy", "*"])
    received.clear()
    subprocess.run([require_program("bash"), "-c", command], timeout=20, check=True)
    assert received == [SentRequest(method, target, "a/b", None, body or b"")]


def test_credentials_are_variables_of_the_shell(
    recording_server: tuple[str, list[SentRequest]],
) -> None:
    """$TOKEN is the access token and $CLIENT `client_id:client_secret`; neither is printed."""
    require_program("curl")
    address, received = recording_server
    secrets = Secrets()
    secrets.register("Sesame-42", "Y2xpZW50OlNlc2FtZS00Mg==")
    received.clear()
    for scheme in ("Bearer Sesame-42", "Basic Y2xpZW50OlNlc2FtZS00Mg=="):
        prepared = requests.Request("GET", address, headers={"Authorization": scheme}).prepare()
        command = format_curl(prepared, secrets, ["--noproxy", "*"])
        assert "Sesame" not in command
        assert "Y2xp" not in command
        subprocess.run(
            [require_program("bash"), "-c", command],
            env=os.environ | {"TOKEN": "Sesame-42", "CLIENT": "client:Sesame-42"},
            timeout=20,
            check=True,
        )
    sent = [request.authorization for request in received]
    assert sent == ["Bearer Sesame-42", "Basic Y2xpZW50OlNlc2FtZS00Mg=="]


def unknown_status(answer: MockExchange) -> None:
    """The status is unknown; the rest of the response is unchanged."""
    answer.status = 299 if answer.status < 300 else 499


def run_printed_command(command: str, address: str) -> str:
    """Return the status that a printed command gets, run by a shell with TOKEN and CLIENT."""
    require_program("curl")
    with client_for(address) as client:
        token = fetch_token(client) if "$TOKEN" in command else ""
    done = subprocess.run(
        [
            *(require_program("bash"), "-c"),
            command.replace("curl ", "curl -s -o /dev/null -w '%{http_code}' ", 1),
        ],
        env=os.environ | {"TOKEN": token, "CLIENT": ":".join(CLIENT_CREDENTIALS)},
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    return done.stdout


@pytest.mark.whole
@pytest.mark.parametrize(
    ("path", "only"),
    [
        ("/api/v1/file", "uploadFile"),
        ("/api/v1/marketing-notice/group", "listGroups"),
        ("/api/v1/notification-tasks/.*", "terminateNotificationTask"),
    ],
)
def test_each_command_shows_its_violation_again(path: str, only: str) -> None:
    """Forms, queries, paths and JSON survive the shell and get the same wrong status."""
    with run_faulty_mock("*", path, unknown_status) as address:
        outcome = run_check("--target", address, "--only", only, *QUICK)
        assert outcome.code == 1
        commands = [each for each in outcome.commands if re.search(path, each)]
        assert len(commands) > 1
        for command in commands:
            assert run_printed_command(command, address) in ("299", "499"), command
