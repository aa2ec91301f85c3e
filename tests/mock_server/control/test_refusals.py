"""The control plane refuses requests as the API does."""

from __future__ import annotations

import pytest

from tests.mock_server.control.admin_client import ADMIN, expect_refusal
from tests.openapi.test_overlay import CHINESE_CHARACTER
from tests.serving import RunningMock


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("DELETE", "/clock", "GET, HEAD, OPTIONS, PUT"),
        ("GET", "/reset", "OPTIONS, POST"),
        ("POST", "/openapi.yaml", "GET, HEAD, OPTIONS"),
    ],
)
def test_a_wrong_method_is_405_as_everywhere(
    shared_mock: RunningMock, method: str, path: str, allow: str
) -> None:
    """The response has a complete Allow header and a problem document."""
    answer = shared_mock.anonymous.request(method, ADMIN + path)
    assert expect_refusal(answer, 405)["rule"] == "method"
    assert answer.headers["Allow"] == allow


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("", "/openapi.yaml"),
        ("/", "/openapi.yaml"),
        ("/nothing", "/openapi.yaml"),
        ("/clock/", "/clock"),
        ("/clock/advance/1", "/clock/advance"),
        ("/docsx", "/docs/"),
    ],
)
def test_an_unknown_path_is_404_as_everywhere(
    shared_mock: RunningMock, path: str, meant: str
) -> None:
    """The response suggests the nearest path, or the contract."""
    answer = shared_mock.anonymous.get(ADMIN + path)
    assert expect_refusal(answer, 404)["accepted"] == ADMIN + meant


@pytest.mark.parametrize(
    ("content", "media_type", "status", "rule"),
    [
        (b"{", "application/json", 400, "json"),
        (b'{"seconds": 1, "seconds": 2}', "application/json", 400, "json"),
        (b"seconds=1", "application/x-www-form-urlencoded", 415, "contentType"),
        (b"", "application/json", 400, "json"),
    ],
)
def test_a_body_is_read_as_strictly_as_the_apis(
    shared_mock: RunningMock, content: bytes, media_type: str, status: int, rule: str
) -> None:
    """The control plane and the API use the same validation."""
    headers = {"Content-Type": media_type}
    answer = shared_mock.anonymous.post(f"{ADMIN}/clock/advance", content=content, headers=headers)
    assert expect_refusal(answer, status)["rule"] == rule


def test_refusals_are_in_the_language_asked_for(shared_mock: RunningMock) -> None:
    """Errors are in Chinese by default, as for the API."""
    for headers, chinese in (({}, True), ({"Accept-Language": "en"}, False)):
        for host in ("evil.example", "127.0.0.1"):
            sent = {**headers, "Host": host}
            answer = shared_mock.anonymous.put(f"{ADMIN}/clock", json={}, headers=sent)
            assert bool(CHINESE_CHARACTER.search(answer.text)) is chinese
