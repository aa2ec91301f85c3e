"""TLS to a real server, and hosts beyond this machine."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from mock_server.errors import StartupError
from mock_server.http.proxy_tls import create_tls_context
from tests.mock_server.http.real_servers import (
    LIST_PATH,
    RealServer,
    replies,
    run_forwarding_mock,
    run_real_server,
)
from tests.serving import FROZEN


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> tuple[trustme.CA, str]:
    """A private authority, and the file with its certificate."""
    own = trustme.CA()
    file = tmp_path_factory.mktemp("tls") / "ca.pem"
    own.cert_pem.write_to_path(file)
    return own, str(file)


@pytest.fixture
def server(ca: tuple[trustme.CA, str]) -> Iterator[RealServer]:
    """A real server with a certificate of the authority for 127.0.0.1."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca[0].issue_cert("127.0.0.1").configure_cert(context)
    with run_real_server(replies(404, {}), context) as running:
        yield running


def test_a_private_authority_is_trusted_when_it_is_named(
    server: RealServer, ca: tuple[trustme.CA, str]
) -> None:
    """--proxy-ca: the request arrives."""
    settings = replace(FROZEN, proxy_ca=ca[1])
    with run_forwarding_mock(server.url, settings=settings) as mock:
        assert mock.client.get(LIST_PATH).headers["X-Mock-Source"] == "proxy"
    assert len(server.requests) == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_certificate_that_is_not_trusted_is_a_502(
    server: RealServer, ca: tuple[trustme.CA, str], host: str
) -> None:
    """An unknown authority, or one for another name: no credentials are sent."""
    settings = FROZEN if host == "127.0.0.1" else replace(FROZEN, proxy_ca=ca[1])
    url = server.url.replace("127.0.0.1", host)
    with run_forwarding_mock(url, settings=settings) as mock:
        answer = mock.client.get(LIST_PATH, headers={"Accept-Language": "en"})
        assert answer.status_code == 502
        [error] = answer.json()["errors"]
        assert error["rule"] == "proxyTls"
        assert "certificate" in error["found"] or "not valid for" in error["found"]
        assert "--proxy-ca" in answer.json()["detail"]
    assert server.requests == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "cannot be read: No such file"), ("text", "contains no certificate in PEM format")],
)
def test_a_wrong_file_of_authorities_prevents_the_start(
    tmp_path: Path, content: str | None, reason: str
) -> None:
    """It is a typo, which would otherwise show at the first request."""
    file = tmp_path / "ca.pem"
    if content:
        file.write_text(content)
    with pytest.raises(StartupError, match=reason):
        create_tls_context(str(file))


def test_no_test_reaches_a_host_beyond_loopback() -> None:
    """The guard of the tests holds for forwarded requests: the provider's hosts are never asked."""
    settings = replace(FROZEN, proxy_hosts=("szhl-phiskin.hypers.com.cn",))
    with run_forwarding_mock("https://szhl-phiskin.hypers.com.cn", settings=settings) as mock:
        answer = mock.client.get(LIST_PATH)
        assert answer.status_code == 500
        assert "a test connects to szhl-phiskin.hypers.com.cn" in answer.text
