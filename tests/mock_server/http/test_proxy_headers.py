"""Header and target of forwarded requests, and header of their responses."""

from __future__ import annotations

from typing import Any

import pytest

from mock_server.http.proxy_headers import (
    SANDBOX_HEADERS,
    Headers,
    forwarded_path_and_query,
    has_dot_segment,
    request_headers,
    response_headers,
)
from mock_server.http.session_selection import SESSION_PREFIX_KEY
from mock_server.sessions.proxy_rules import RealServer

SERVER = RealServer("https", "api.example", 8443, "/gw")
VIA = b"hypers-mock-1"


def scope_with(*headers: tuple[bytes, bytes], **more: Any) -> dict[str, Any]:
    """The scope of a request to a mock at 127.0.0.1:4010."""
    given = {
        "headers": [(b"host", b"127.0.0.1:4010"), *headers],
        "scheme": "http",
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 4010),
        "path": "/api/v1/files",
        "raw_path": b"/api/v1/files",
        "query_string": b"",
    }
    return given | more


def forwarded(*headers: tuple[bytes, bytes], **more: Any) -> Headers:
    """The header that the real server gets."""
    return request_headers(scope_with(*headers, **more), SERVER, VIA, (b"admin-secret",))


@pytest.mark.parametrize(
    "field",
    [
        (b"connection", b"x-hop"),
        (b"keep-alive", b"timeout=5"),
        (b"te", b"trailers"),
        (b"upgrade", b"h2c"),
        (b"proxy-authorization", b"Basic eA=="),
        (b"expect", b"100-continue"),
        (b"cookie", b"session=of-another-application"),
        (b"origin", b"http://localhost:5173"),
        (b"referer", b"http://localhost:5173/"),
        (b"x-mock-session", b"ci-1"),
        (b"prefer", b"delay=800"),
        (b"prefer", b"wait=5, code=502; undocumented"),
        (b"x-mock-admin-token", b"admin-secret"),
        (b"authorization", b"Bearer admin-secret"),
        (b"forwarded", b"for=1.2.3.4"),
        (b"x-real-ip", b"1.2.3.4"),
        (b"access-control-request-headers", b"authorization"),
    ],
)
def test_what_is_meant_for_others_is_not_forwarded(field: tuple[bytes, bytes]) -> None:
    """The mock's fields, those of this hop, and credentials of the mock stay here."""
    found = forwarded(field)
    assert field[0] not in dict(found)
    assert not any(field[1] in value for _, value in found)


def test_fields_that_connection_names_are_not_forwarded() -> None:
    """RFC 9110, 7.6.1: they belong to this hop."""
    found = dict(forwarded((b"connection", b"close, X-Hop"), (b"x-hop", b"1"), (b"x-end", b"2")))
    assert b"x-hop" not in found
    assert found[b"x-end"] == b"2"


def test_the_header_of_the_client_is_kept() -> None:
    """Credentials, languages, media types and repeated fields go on as they are, in their order."""
    sent = [
        (b"authorization", b"Bearer t"),
        (b"accept", b"application/json"),
        (b"accept-language", b"en"),
        (b"prefer", b"respond-async, wait=5"),
        (b"prefer", b'note="a, delay=5"'),
        (b"x-tag", b"1"),
        (b"x-tag", b"2"),
    ]
    found = forwarded(*sent)
    assert [field for field in found if field in sent] == sent


def test_host_is_that_of_the_real_server() -> None:
    """The mock's own address is in X-Forwarded-Host."""
    found = forwarded()
    assert [value for name, value in found if name == b"host"] == [b"api.example:8443"]
    assert dict(found)[b"x-forwarded-host"] == b"127.0.0.1:4010"


def test_forwarded_fields_are_the_mocks_own() -> None:
    """A client must not choose the address that a real server trusts; the prefix is kept."""
    found = dict(forwarded((b"x-forwarded-for", b"10.0.0.1"), **{"mock_server.root": "/gw/hypers"}))
    assert found[b"x-forwarded-for"] == b"127.0.0.1"
    assert found[b"x-forwarded-proto"] == b"http"
    assert found[b"x-forwarded-prefix"] == b"/gw/hypers"


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        (None, b"identity"),
        (b"gzip, deflate, br, zstd", b"gzip, deflate"),
        (b"br", b"identity"),
        (b"gzip;q=0, deflate;q=0.5", b"deflate"),
    ],
)
def test_only_codings_that_can_be_checked_are_accepted(asked: bytes | None, sent: bytes) -> None:
    """A body in brotli could not be compared with the contract."""
    headers = [(b"accept-encoding", asked)] if asked is not None else []
    assert dict(forwarded(*headers))[b"accept-encoding"] == sent


def test_via_names_the_mock_after_earlier_proxies() -> None:
    """RFC 9110, 7.6.3."""
    assert dict(forwarded((b"via", b"1.1 nginx")))[b"via"] == b"1.1 nginx, 1.1 hypers-mock-1"


def test_a_body_keeps_its_length_or_is_chunked() -> None:
    """RFC 9112, 6.1: of the two fields, Transfer-Encoding counts."""
    assert dict(forwarded((b"content-length", b"5")))[b"content-length"] == b"5"
    both = dict(forwarded((b"content-length", b"5"), (b"transfer-encoding", b"chunked")))
    assert both[b"transfer-encoding"] == b"chunked"
    assert b"content-length" not in both


def test_the_target_has_the_servers_prefix_and_the_query_of_the_client() -> None:
    """The bytes of the path stay as they are; parameters for the mock are left out."""
    scope = scope_with(
        raw_path=b"/api/v1/files/a%20b?x", query_string=b"a=%E4&__delay=800&b&%5F_code=503"
    )
    assert forwarded_path_and_query(scope, SERVER) == b"/gw/api/v1/files/a%20b?a=%E4&b"
    assert (
        forwarded_path_and_query(scope | {"query_string": b""}, SERVER) == b"/gw/api/v1/files/a%20b"
    )


@pytest.mark.parametrize("path", ["/a/../b", "/a/.", "/..", "/a\\..\\b"])
def test_dot_segments_are_found(path: str) -> None:
    """Another operation than the chosen one could be reached by them."""
    assert has_dot_segment(path)
    assert not has_dot_segment("/a/..b/c.d/...")


@pytest.mark.parametrize(
    "field",
    [
        (b"Set-Cookie", b"a=b"),
        (b"Connection", b"keep-alive"),
        (b"Transfer-Encoding", b"chunked"),
        (b"Access-Control-Allow-Origin", b"https://app.example"),
        (b"Strict-Transport-Security", b"max-age=1"),
        (b"X-Mock-Source", b"contract"),
    ],
)
def test_what_applies_to_the_real_servers_host_is_not_returned(field: tuple[bytes, bytes]) -> None:
    """Cookies, CORS and transport security of the real server would apply to the mock's host."""
    found = response_headers([field, (b"ETag", b'"1"')], scope_with(), SERVER)
    assert found == [(b"etag", b'"1"'), *SANDBOX_HEADERS, (b"x-mock-source", b"proxy")]


@pytest.mark.parametrize(
    ("location", "returned"),
    [
        (b"https://api.example:8443/gw/api/v1/x?y", b"http://127.0.0.1:4010/api/v1/x?y"),
        (b"/gw/api/v1/x", b"/api/v1/x"),
        (b"https://api.example:8443/gwx", b"https://api.example:8443/gwx"),
        (b"https://api.example:8443.evil.example/", b"https://api.example:8443.evil.example/"),
        (b"https://other.example/gw/x", b"https://other.example/gw/x"),
        (b"//other.example/gw", b"//other.example/gw"),
        (b"next", b"next"),
    ],
)
def test_a_redirect_within_the_real_server_leads_to_the_mock(
    location: bytes, returned: bytes
) -> None:
    """A redirect elsewhere is returned as it is, and not followed."""
    found = response_headers([(b"Location", location)], scope_with(), SERVER)
    assert dict(found)[b"location"] == returned


def test_a_redirect_has_the_prefix_of_the_mock() -> None:
    """Under a root path or a session's prefix, a redirect stays below it."""
    scope = scope_with(**{"mock_server.root": "/gw", SESSION_PREFIX_KEY: "/__session/a"})
    plain = RealServer("http", "127.0.0.1", 9000)
    found = response_headers([(b"Location", b"/api/v1/x")], scope, plain)
    assert dict(found)[b"location"] == b"/gw/__session/a/api/v1/x"
