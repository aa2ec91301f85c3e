"""CORS: pages of other origins can call the API."""

from __future__ import annotations

import pytest

from mock_server.settings import Settings
from tests.serving import RunningMock, run_mock

TASK = "/api/v1/notification-tasks/501"
ORIGIN = "http://localhost:5173"


def test_a_preflight_is_204_for_any_path_and_origin(shared_mock: RunningMock) -> None:
    """A browser application on any origin can call all operations, with credentials."""
    for path in (TASK, "/oauth/token", "/api/v1/file"):
        answer = shared_mock.anonymous.options(
            path,
            headers={
                "Origin": ORIGIN,
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization, x-anything",
            },
        )
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert answer.headers["Access-Control-Allow-Credentials"] == "true"
        assert answer.headers["Access-Control-Allow-Headers"] == "authorization, x-anything"
        assert "PATCH" in answer.headers["Access-Control-Allow-Methods"]
        assert "Origin" in answer.headers["Vary"]


def test_a_public_page_may_call_a_mock_in_a_private_network(shared_mock: RunningMock) -> None:
    """Chromium requests this in the preflight; without the request, the header is absent."""
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
    plain = shared_mock.anonymous.options(TASK, headers=asked)
    asked["Access-Control-Request-Private-Network"] = "true"
    private = shared_mock.anonymous.options(TASK, headers=asked)
    assert private.status_code == 204
    assert private.headers["Access-Control-Allow-Private-Network"] == "true"
    assert "Access-Control-Allow-Private-Network" not in plain.headers


@pytest.mark.parametrize(
    ("path", "status"), [(TASK, 200), ("/api/v1/notification-tasks/9", 404), ("/nothing", 404)]
)
def test_answers_and_refusals_can_be_read_by_another_origin(
    shared_mock: RunningMock, path: str, status: int
) -> None:
    """The origin is reflected, and all useful headers are exposed by name."""
    answer = shared_mock.client.get(path, headers={"Origin": ORIGIN})
    assert answer.status_code == status
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert "Origin" in answer.headers["Vary"]
    exposed = answer.headers["Access-Control-Expose-Headers"].split(", ")
    assert set(exposed) == {
        "Accept-Ranges",
        "Content-Disposition",
        "Content-Length",
        "Content-Range",
        "Date",
        "ETag",
        "Preference-Applied",
        "Retry-After",
        "WWW-Authenticate",
        "X-Mock-Fault",
        "X-Mock-Ignored",
        "X-Mock-Session",
        "X-Mock-Source",
    }
    assert "*" not in exposed


def test_without_cors_no_origin_is_reflected() -> None:
    """With `--no-cors` there are no CORS headers."""
    with run_mock(Settings(cors=False)) as mock:
        answer = mock.client.get(TASK, headers={"Origin": ORIGIN})
        assert answer.status_code == 200
        assert not [n for n in answer.headers if n.startswith("access-control-")]
