"""`--admin-cors`: pages of exactly these origins may use the control plane."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from mock_server.option_values import parse_origins
from mock_server.options import build_parser
from tests.mock_server.control.admin_client import ADMIN, expect_refusal
from tests.serving import FROZEN, RunningMock, run_mock

TOOL = "http://localhost:5173"
TOKEN = "a-token-of-ours"


@pytest.fixture(scope="module")
def tool_mock() -> Iterator[RunningMock]:
    """A mock with a token that permits a development tool."""
    origins = (TOOL, "https://tool.example.com")
    with run_mock(replace(FROZEN, admin_origins=origins, admin_token=TOKEN)) as mock:
        yield mock


def send_as_page(
    mock: RunningMock, origin: str, path: str = f"{ADMIN}/clock", method: str = "GET", **more: str
) -> httpx.Response:
    """Send a request as a browser does for a page of this origin."""
    headers = {"Origin": origin, "Sec-Fetch-Site": "cross-site", **more}
    return mock.anonymous.request(method, path, headers=headers)


def cors_fields(answer: httpx.Response) -> dict[str, str]:
    """Return the fields of CORS in a response."""
    return {n: v for n, v in answer.headers.items() if n.startswith("access-control-")}


@pytest.mark.parametrize(("token", "status"), [(TOKEN, 200), ("wrong", 401)])
def test_a_page_of_the_origin_can_read_every_response(
    tool_mock: RunningMock, token: str, status: int
) -> None:
    """The token is required as from any other client, and the error can be read as well."""
    answer = send_as_page(tool_mock, TOOL, **{"X-Mock-Admin-Token": token})
    assert answer.status_code == status
    assert answer.headers["Access-Control-Allow-Origin"] == TOOL
    assert "Origin" in answer.headers["Vary"]


def test_no_credentials_of_the_browser_are_allowed(tool_mock: RunningMock) -> None:
    """The token comes from the tool itself, never from a cookie that the browser adds."""
    answer = send_as_page(tool_mock, TOOL, Cookie=f"token={TOKEN}")
    assert answer.status_code == 401
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_the_preflight_permits_methods_and_the_fields_of_token_and_session(
    tool_mock: RunningMock,
) -> None:
    """It needs no token, because a browser sends none with it, and has no effect."""
    asked = {
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "content-type,x-mock-admin-token",
        "Access-Control-Request-Private-Network": "true",
    }
    answer = send_as_page(tool_mock, TOOL, method="OPTIONS", **asked)
    assert answer.status_code == 204
    found = cors_fields(answer)
    assert found["access-control-allow-origin"] == TOOL
    assert "PUT" in found["access-control-allow-methods"]
    for name in ("Content-Type", "X-Mock-Admin-Token", "X-Mock-Session", "Authorization"):
        assert name in found["access-control-allow-headers"]
    assert found["access-control-allow-private-network"] == "true"


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost:5174",
        "https://localhost:5173",
        "http://localhost",
        f"{TOOL}.evil.example",
        "https://tool.example.com.evil.example",
        "https://sub.tool.example.com",
        "null",
    ],
)
def test_any_other_origin_is_refused_as_before(tool_mock: RunningMock, origin: str) -> None:
    """Origins are compared exactly; the refusal names those that are allowed."""
    for method in ("GET", "OPTIONS"):
        answer = send_as_page(
            tool_mock, origin, method=method, **{"Access-Control-Request-Method": "PUT"}
        )
        error = expect_refusal(answer, 403)
        assert error["rule"] == "CP-02"
        assert TOOL in error["accepted"]
        assert "--admin-cors" in error["message"]
        assert cors_fields(answer) == {}


def test_the_console_and_other_host_names_stay_closed(tool_mock: RunningMock) -> None:
    """The console has a cookie, so no other page may use it; a rebound name is no host of ours."""
    answer = send_as_page(tool_mock, TOOL, "/__console/")
    assert expect_refusal(answer, 403)["rule"] == "CP-02"
    assert cors_fields(answer) == {}
    rebound = send_as_page(tool_mock, TOOL, Host="evil.example")
    assert expect_refusal(rebound, 403)["rule"] == "CP-01"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("*", "would allow any page"),
        ("null", "would allow any page"),
        ("localhost:5173", "is not an origin"),
        (f"{TOOL}/", "no slash"),
        (f"{TOOL}/path", "no path"),
        ("http://user@localhost", "is not an origin"),
        ("http://localhost:99999", "is not an origin"),
        ("http://*.example.com", "is not an origin"),
        ("file://", "is not an origin"),
        ("", "is not an origin"),
        ("http://Localhost", "as 'http://localhost'"),
        ("http://localhost:80", "as 'http://localhost'"),
        (f"{TOOL},https://a.example:443", "as 'https://a.example'"),
    ],
)
def test_an_origin_that_no_browser_sends_is_refused_at_the_start(text: str, reason: str) -> None:
    """Otherwise the tool would be refused later, without a reason."""
    with pytest.raises(Exception, match=r".") as caught:
        parse_origins(text)
    assert reason in str(caught.value)


def test_the_option_is_repeatable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line wins over the environment, where origins are separated by commas."""
    monkeypatch.setenv("HYPERS_MOCK_ADMIN_CORS", f"{TOOL}, https://[2001:db8::1]:8443")
    parser = build_parser()
    assert parser.parse_args([]).admin_cors == (TOOL, "https://[2001:db8::1]:8443")
    given = ["--admin-cors", "chrome-extension://abcdef", "--admin-cors", "http://a.example"]
    assert parser.parse_args(given).admin_cors == ("chrome-extension://abcdef", "http://a.example")
