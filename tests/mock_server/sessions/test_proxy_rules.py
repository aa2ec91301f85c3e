"""Operations that a session may forward, and the servers that they may go to."""

from __future__ import annotations

from typing import Any

import pytest

from mock_server.sessions.proxy_rules import ProxyRules, ProxyRulesError, RealServer
from openapi import iter_operations

LOCAL = "http://127.0.0.1:9000"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:9000", RealServer("http", "127.0.0.1", 9000)),
        ("https://API.example/", RealServer("https", "api.example", 443)),
        ("http://[::1]:80/gw/hypers/", RealServer("http", "::1", 80, "/gw/hypers")),
    ],
)
def test_a_base_url_has_scheme_host_port_and_path(url: str, expected: RealServer) -> None:
    """The port is that of the scheme by default, and slashes at the end do not count."""
    assert RealServer.from_url(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        *("", "127.0.0.1:9000", "ftp://127.0.0.1", "http://", "http://:80", "http://h:99999"),
        *("http://h:0", "http://h/?q=1", "http://h/#f", "http://h/../x", "http://h/a b"),
        *("http://h/\r\nX: y", "http://[::1", "http://h%2e/", "http://\u4f8b.example"),
    ],
)
def test_other_urls_are_refused(url: str) -> None:
    """CP-35: queries, fragments, other schemes and impossible hosts are no base URL."""
    with pytest.raises(ProxyRulesError) as caught:
        RealServer.from_url(url)
    assert caught.value.detail.rule == "CP-35"


def test_a_url_with_a_password_is_refused_and_not_repeated() -> None:
    """CP-35: the error is shown and logged, so it must not contain the password."""
    with pytest.raises(ProxyRulesError) as caught:
        RealServer.from_url("http://me:secret@127.0.0.1")
    assert "secret" not in f"{caught.value} {caught.value.detail}"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "[::1]", "localhost"])
def test_servers_of_this_machine_need_no_permission(host: str, contract: dict[str, Any]) -> None:
    """CP-36: loopback is allowed without --proxy-host."""
    rules = ProxyRules.create(f"http://{host}:9000", ["auth"], contract, ())
    assert rules.operations == {"createToken"}


@pytest.mark.parametrize(
    "host", ["api.example", "10.0.0.1", "localhost.example", "0.0.0.0", "[::ffff:10.0.0.1]"]
)
def test_servers_elsewhere_must_be_allowed_by_name(host: str, contract: dict[str, Any]) -> None:
    """CP-36: the error says which hosts are allowed."""
    with pytest.raises(ProxyRulesError) as caught:
        ProxyRules.create(f"https://{host}", ["auth"], contract, {"other.example"})
    assert caught.value.detail.rule == "CP-36"
    assert "other.example" in caught.value.detail.accepted
    allowed = ProxyRules.create(f"https://{host}", ["auth"], contract, {host.strip("[]")})
    assert allowed.server.host == host.strip("[]")


def test_the_server_of_tokens_must_be_allowed_as_well(contract: dict[str, Any]) -> None:
    """CP-36: a login sends the user's password there."""
    with pytest.raises(ProxyRulesError) as caught:
        ProxyRules.create(LOCAL, ["auth"], contract, (), "https://login.example")
    assert (caught.value.detail.pointer, caught.value.detail.rule) == ("/authUrl", "CP-36")


def test_requests_for_tokens_go_to_their_own_server(contract: dict[str, Any]) -> None:
    """G5: the provider issues tokens on another host."""
    rules = ProxyRules.create(LOCAL, ["*"], contract, (), "http://localhost:9001/login")
    assert rules.server_of("createToken") == RealServer("http", "localhost", 9001, "/login")
    assert rules.server_of("listNoticeGroups") == RealServer.from_url(LOCAL)


def test_operations_are_named_by_id_by_tag_or_all(contract: dict[str, Any]) -> None:
    """A tag stands for its operations, `*` for all."""
    by_tag = {
        tag: {each.operation["operationId"] for each in declared if tag in each.operation["tags"]}
        for declared in [[*iter_operations(contract)]]
        for tag in ("files", "members")
    }
    chosen = ProxyRules.create(LOCAL, ["createToken", "files", "members"], contract, ())
    assert chosen.operations == {"createToken"} | by_tag["files"] | by_tag["members"]
    everything = ProxyRules.create(LOCAL, ["*"], contract, ())
    assert len(everything.operations) == len([*iter_operations(contract)])


def test_an_unknown_operation_is_refused_with_the_nearest_one(contract: dict[str, Any]) -> None:
    """CP-37: a typo must not leave an operation with the mock unnoticed."""
    with pytest.raises(ProxyRulesError) as caught:
        ProxyRules.create(LOCAL, ["auth", "creatToken"], contract, ())
    assert caught.value.detail.pointer == "/operations/1"
    assert caught.value.detail.rule == "CP-37"
    assert caught.value.detail.accepted.startswith("createToken")


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("http://h:80", "h"),
        ("https://h:443", "h"),
        ("http://h:443", "h:443"),
        ("http://[::1]:9", "[::1]:9"),
    ],
)
def test_host_has_the_port_unless_it_is_the_default_one(url: str, authority: str) -> None:
    """RFC 9110, 7.2: Host is the authority of the target."""
    assert RealServer.from_url(url).authority == authority
