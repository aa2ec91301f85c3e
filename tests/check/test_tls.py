"""A target whose certificate nobody trusts is not checked: a line says so."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.check.checking import check
from tests.serving import in_a_thread

pytestmark = pytest.mark.xdist_group("check")
OPENSSL = shutil.which("openssl")
NEW = ("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc")


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and its certificate, made for this test and signed by itself."""
    assert OPENSSL, "the Debian package openssl is not installed"
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    options = ("-subj", "/CN=localhost", "-days", "1", "-keyout", file, "-out", f"{file}.crt")
    subprocess.run([OPENSSL, *NEW, *options], check=True, capture_output=True)
    file.write_text(file.read_text() + Path(f"{file}.crt").read_text())
    return file


@contextmanager
def self_signed(pem: Path) -> Iterator[tuple[str, list[str]]]:
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
    context.load_cert_chain(pem)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    with in_a_thread(server) as host:
        yield f"https://{host}", seen


@pytest.mark.parametrize("profile", ["full", "safe"])
def test_a_certificate_that_nobody_trusts(pem: Path, profile: str) -> None:
    """One clear line and exit code 2; the credentials were not sent."""
    with self_signed(pem) as (address, seen):
        outcome = check("--target", address, "--profile", profile)
    assert outcome.code == 2
    assert outcome.out == ""
    (line,) = outcome.err.splitlines()
    assert line.startswith(f"hypers-check: {address} cannot be reached: TLS failed: ")
    assert "self-signed certificate" in line
    assert seen == []
