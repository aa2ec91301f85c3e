"""A target whose certificate nobody trusts is not checked: a line says so."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import trustme

from tests.check.checking import check
from tests.serving import in_a_thread

pytestmark = pytest.mark.xdist_group("check")


@contextmanager
def self_signed() -> Iterator[tuple[str, list[str]]]:
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
    with in_a_thread(server) as host:
        yield f"https://{host}", seen


@pytest.mark.parametrize("profile", ["full", "safe"])
def test_a_certificate_that_nobody_trusts(profile: str) -> None:
    """One clear line and exit code 2; the credentials were not sent."""
    with self_signed() as (address, seen):
        outcome = check("--target", address, "--profile", profile)
    assert outcome.code == 2
    assert outcome.out == ""
    (line,) = outcome.err.splitlines()
    assert line.startswith(f"hypers-check: {address} cannot be reached: TLS failed: ")
    assert "self-signed certificate" in line
    assert seen == []
