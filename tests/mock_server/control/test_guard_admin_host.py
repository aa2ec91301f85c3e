"""`--admin-host`: additional host names of the control plane, such as that of a proxy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.mock_server.control.admin_client import ADMIN, expect_refusal
from tests.serving import FROZEN, RunningMock, run_mock

TOKEN = "a-token-of-ours"
TOKEN_HEADERS = {"X-Mock-Admin-Token": TOKEN}


@pytest.fixture(scope="module")
def proxied_mock() -> Iterator[RunningMock]:
    """A mock that accepts two names of a proxy."""
    names = ("mock.example.com", "2001:db8::2")
    with run_mock(replace(FROZEN, admin_hosts=names, admin_token=TOKEN)) as mock:
        yield mock


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("mock.example.com", 200),
        ("MOCK.example.com:443", 200),
        ("[2001:db8::2]:80", 200),
        ("localhost", 200),
        ("example.com", 403),
        ("evil.mock.example.com", 403),
        ("mock.example.com.evil.example", 403),
    ],
)
def test_a_host_that_is_allowed_is_the_mocks_own(
    proxied_mock: RunningMock, host: str, status: int
) -> None:
    """Only the given hosts are accepted, not their subdomains or parent domains."""
    answer = proxied_mock.anonymous.get(f"{ADMIN}/clock", headers={**TOKEN_HEADERS, "Host": host})
    assert answer.status_code == status
    if status == 403:
        error = expect_refusal(answer, 403)
        assert "--admin-host" in error["message"]
        assert "mock.example.com" in error["accepted"]


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("127.0.0.1:4010", "https://mock.example.com", 200),
        ("mock.example.com", "https://mock.example.com", 200),
        ("mock.example.com", "http://mock.example.com:8080", 200),
        ("mock.example.com", "https://example.com", 403),
        ("mock.example.com", "mock.example.com", 403),
        ("mock.example.com", "https://mock.example.com.evil.example", 403),
    ],
)
def test_a_page_of_an_allowed_host_may_use_the_control_plane(
    proxied_mock: RunningMock, host: str, origin: str, status: int
) -> None:
    """Swagger UI works behind a proxy that forwards either its own name or the mock's address."""
    headers = {**TOKEN_HEADERS, "Host": host, "Origin": origin}
    assert proxied_mock.anonymous.get(f"{ADMIN}/clock", headers=headers).status_code == status
