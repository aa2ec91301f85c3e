"""A private CA named by the user is trusted, and no other."""

from __future__ import annotations

import shlex
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme

from contract_tests.options import build_parser
from contract_tests.runner.setup import request_arguments
from contract_tests.target.network import CA_BUNDLE_VARIABLES
from mock_server.app import create_app
from tests.contract_tests.faulty_server import MockExchange, ResponseFaultApp
from tests.contract_tests.run_check import QUICK, run_check
from tests.programs import require_program
from tests.quirks.proxy import run_proxy
from tests.serving import FROZEN, serve_app, serve_in_thread


@pytest.fixture(autouse=True)
def _no_ca_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*CA_BUNDLE_VARIABLES, "HYPERS_CHECK_CA"):
        monkeypatch.delenv(name, raising=False)


@contextmanager
def run_self_signed_server() -> Iterator[tuple[str, list[str]]]:
    """A server with a certificate of its own making: its address, and the requests it was sent."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            self.close_connection = True
            try:
                if line := self.rfile.readline():
                    seen.append(line.decode())
            except OSError:
                pass  # the client has let go

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own = trustme.CA()
    with trustme.Blob(own.private_key_pem.bytes() + own.cert_pem.bytes()).tempfile() as pem:
        context.load_cert_chain(pem)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    with serve_in_thread(server) as host:
        yield f"https://{host}", seen


@pytest.mark.parametrize("profile", ["full", "safe"])
def test_a_certificate_that_nobody_trusts(profile: str) -> None:
    """There is one line and exit code 2, and the credentials are not sent."""
    with run_self_signed_server() as (address, seen):
        outcome = run_check("--target", address, "--profile", profile)
    assert outcome.code == 2
    assert outcome.out == ""
    (line,) = outcome.err.splitlines()
    assert line.startswith(f"hypers-check: {address} cannot be reached: TLS failed: ")
    assert "self-signed certificate" in line
    assert line.endswith("; for a private CA give its certificate with --ca FILE")
    assert seen == []


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> tuple[trustme.CA, str]:
    """A private CA, and the file with its certificate."""
    own = trustme.CA()
    file = tmp_path_factory.mktemp("tls") / "ca.pem"
    own.cert_pem.write_to_path(file)
    return own, str(file)


@contextmanager
def serve_with_certificate(own: trustme.CA, app: Any) -> Iterator[str]:
    """An application behind TLS with a certificate of this CA: its address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.issue_cert("127.0.0.1").configure_cert(context)
    with serve_app(app) as behind, run_proxy(behind, lambda _: None, tls=context) as address:
        yield address


@pytest.mark.whole
def test_a_private_ca_is_trusted_when_it_is_named(
    ca: tuple[trustme.CA, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The CA applies in workers, chains, rules and the clock, by option or environment variable."""
    own, file = ca
    with serve_with_certificate(own, create_app(FROZEN)) as address:
        given = ("--target", address, *QUICK)
        outcome = run_check(
            *given, "--only", "createGroup,getGroup,RP-02", "--workers", "2", "--ca", file
        )
        assert outcome.code == 0, outcome
        assert "links" in outcome.progress
        for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
            with monkeypatch.context() as patch:
                patch.setenv(name, file)
                assert run_check(*given, "--only", "GR-01").code == 0, name


@pytest.mark.whole
def test_a_command_names_the_ca_too(ca: tuple[trustme.CA, str]) -> None:
    """The curl command reproduces the violation."""
    own, file = ca

    def teapot(answer: MockExchange) -> None:
        answer.status = 418

    app = ResponseFaultApp(create_app(FROZEN), "GET", "/api/v1/marketing-notice/group", teapot)
    with serve_with_certificate(own, app) as address:
        outcome = run_check("--target", address, *QUICK, "--only", "listGroups", "--ca", file)
        assert outcome.code == 1
        assert all(f"curl --cacert {shlex.quote(file)} " in each for each in outcome.commands)
        command = shlex.split(outcome.commands[0])
        asked = [
            require_program("curl"),
            "-s",
            "-o",
            "/dev/null",
            "-w",
            "%{http_code}",
            *command[1:],
        ]
        status = subprocess.run(asked, capture_output=True, text=True, timeout=30, check=False)
    assert status.stdout == "418"


def test_certificates_that_cannot_be_read(
    ca: tuple[trustme.CA, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The option or variable and the file are named before anything is sent."""
    own, _ = ca
    key, nothing = tmp_path / "key.pem", tmp_path / "nothing.pem"
    own.private_key_pem.write_to_path(key)
    for name in ("empty", "unhashed"):
        (tmp_path / name).mkdir()
    own.cert_pem.write_to_path(tmp_path / "unhashed" / "ca.pem")
    unhashed = "is a directory without hashed certificates: run `openssl rehash` on it"
    for path, why in (
        (key, "contains no certificate in PEM format"),
        (nothing, "cannot be read: No such file or directory"),
        (tmp_path / "empty", unhashed),
        (tmp_path / "unhashed", unhashed),
    ):
        outcome = run_check("--target", "https://127.0.0.1:1", "--ca", str(path))
        assert (outcome.code, outcome.err) == (2, f"hypers-check: --ca: {path} {why}\n")
    monkeypatch.setenv("SSL_CERT_FILE", str(nothing))
    outcome = run_check("--target", "https://127.0.0.1:1")
    assert outcome.err.startswith(f"hypers-check: SSL_CERT_FILE: {nothing} cannot be read: ")
    # Without TLS nobody needs them.
    assert "Connection refused" in run_check("--target", "http://127.0.0.1:1").err


def test_another_ca_does_not_do(tmp_path: Path, ca: tuple[trustme.CA, str]) -> None:
    """Only the named CA is trusted."""
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(other)
    with serve_with_certificate(ca[0], create_app(FROZEN)) as address:
        outcome = run_check("--target", address, "--ca", str(other))
    assert outcome.code == 2
    assert "certificate verify failed" in outcome.err


def test_sessions_of_others_trust_the_same(
    ca: tuple[trustme.CA, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Schemathesis opens sessions of its own, and gets the settings for each request."""
    monkeypatch.setenv("SSL_CERT_FILE", ca[1])
    options = build_parser().parse_args(["--target", "https://127.0.0.1:1", "--timeout", "7"])
    near = {"https://127.0.0.1": ""}
    assert request_arguments(options) == {"verify": ca[1], "timeout": 7.0, "proxies": near}
