"""Access to the control plane by host name, origin and token."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.mock_server.control.admin_client import ADMIN, expect_refusal
from tests.serving import FROZEN, RunningMock, run_mock

PATHS = ["/health", "/reset", "/clock", "/nothing", "/docs/", "/openapi.yaml", ""]
TOKEN = "a-token-of-ours"
TOKEN_HEADERS = {"X-Mock-Admin-Token": TOKEN}


@pytest.fixture(scope="module")
def all_interfaces_mock() -> Iterator[RunningMock]:
    """A mock that is configured as if it listened on all addresses, so it requires a token."""
    with run_mock(replace(FROZEN, host="0.0.0.0", admin_token=TOKEN)) as mock:
        yield mock


@pytest.fixture(scope="module")
def named_host_mock() -> Iterator[RunningMock]:
    """A mock that listens on a host with a name."""
    with run_mock(replace(FROZEN, host="Box.example.com")) as mock:
        yield mock


def health_status(mock: RunningMock, **headers: str) -> int:
    """Return the status of a request with these headers (`_` for `-`)."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return mock.anonymous.get(f"{ADMIN}/health", headers=sent).status_code


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:4010",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "192.168.1.5",
        "10.0.0.1:4010",
        "[2001:db8::1]:4010",
        "mock",
        "localhost.",
    ],
)
def test_a_host_that_is_not_this_machine_is_refused(shared_mock: RunningMock, host: str) -> None:
    """A page whose own name resolves to 127.0.0.1 sends that name (DNS rebinding)."""
    for path in PATHS:
        answer = shared_mock.anonymous.get(ADMIN + path, headers={"Host": host})
        error = expect_refusal(answer, 403)
        assert (error["pointer"], error["rule"]) == ("/header/Host", "CP-01")
        assert error["accepted"] == "127.0.0.1, [::1], localhost"
        assert "--admin-host" in error["message"]


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST:80", "127.0.0.1:1", "127.1.2.3", "[::1]:4010", "app.localhost:4010"],
)
def test_every_name_of_loopback_is_this_machine(shared_mock: RunningMock, host: str) -> None:
    """The port does not matter, since it may be forwarded."""
    assert health_status(shared_mock, Host=host) == 200


def test_the_host_it_listens_on_is_this_machine(named_host_mock: RunningMock) -> None:
    """This host and loopback are accepted, no other."""
    assert health_status(named_host_mock, Host="box.example.com:4010") == 200
    assert health_status(named_host_mock, Host="localhost") == 200
    answer = named_host_mock.anonymous.get(f"{ADMIN}/health", headers={"Host": "example.com"})
    assert "box.example.com" in expect_refusal(answer, 403)["accepted"]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("192.168.1.5:4010", 200),
        ("[2001:db8::1]", 200),
        ("hypers_mock:4010", 200),
        ("box.local", 200),
        ("app.localhost", 200),
        ("box.test", 200),
        ("box.home.arpa:4010", 200),
        ("home.arpa.example", 403),
        ("box.arpa", 403),
        ("host.docker.internal:4010", 200),
        ("evil.example", 403),
        ("internal.example", 403),
    ],
)
def test_bound_to_every_address_it_is_known_by_what_nobody_can_own(
    all_interfaces_mock: RunningMock, host: str, status: int
) -> None:
    """Addresses and names that public DNS never resolves are accepted, with the token."""
    assert health_status(all_interfaces_mock, Host=host, X_Mock_Admin_Token=TOKEN) == status


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost:5173",
        "https://example.com",
        "null",
        "",
        "http://127.0.0.1",
        "http://127.0.0.1:1",
        "file://",
    ],
)
def test_a_page_of_another_origin_is_refused(shared_mock: RunningMock, origin: str) -> None:
    """Every request, also a preflight, is refused before any effect, without CORS headers.

    The API itself allows every origin.
    """
    before = shared_mock.anonymous.get(f"{ADMIN}/clock").json()
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    for method, path in (
        ("OPTIONS", "/clock/advance"),
        ("POST", "/clock/advance"),
        ("GET", "/health"),
        ("GET", "/docs/"),
        ("GET", "/openapi.json"),
        ("GET", "/nothing"),
    ):
        answer = shared_mock.anonymous.request(
            method, ADMIN + path, headers=headers, json={"seconds": 60}
        )
        error = expect_refusal(answer, 403)
        assert (error["pointer"], error["rule"]) == ("/header/Origin", "CP-02")
        assert error["accepted"] == shared_mock.address
        assert not [name for name in answer.headers if name.startswith("access-control-")]
    assert shared_mock.anonymous.get(f"{ADMIN}/clock").json() == before


def test_its_own_pages_may_use_it(shared_mock: RunningMock) -> None:
    """Swagger UI sends the mock's own origin; the response has no CORS headers."""
    for own in (shared_mock.address, shared_mock.address.replace("http:", "https:")):
        answer = shared_mock.anonymous.get(f"{ADMIN}/health", headers={"Origin": own})
        assert answer.status_code == 200
        assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_options_say_what_a_path_can_do_and_permit_nothing(shared_mock: RunningMock) -> None:
    """The response is 204 with Allow, which is no permission for a browser."""
    answer = shared_mock.anonymous.options(f"{ADMIN}/clock")
    assert (answer.status_code, answer.headers["Allow"]) == (204, "GET, HEAD, OPTIONS, PUT")
    assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_nobody_may_frame_or_embed_it(shared_mock: RunningMock) -> None:
    """Otherwise a page could trick users into clicking in an invisible Swagger UI."""
    for path in ("/docs/", "/docs/swagger-ui.css", "/health", "/openapi.yaml"):
        answer = shared_mock.anonymous.get(ADMIN + path)
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_the_api_beside_it_is_as_open_as_before(named_host_mock: RunningMock) -> None:
    """The API checks neither Host nor Origin nor the token of the control plane."""
    headers = {"Host": "evil.example", "Origin": "https://evil.example"}
    answer = named_host_mock.client.get("/api/v1/notification-tasks/501", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "https://evil.example"
    assert "X-Frame-Options" not in answer.headers


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Mock-Admin-Token": "wrong"},
        {"X-Mock-Admin-Token": ""},
        {"X-Mock-Admin-Token": TOKEN[:-1]},
        {"X-Mock-Admin-Token": f"{TOKEN}x"},
        {"Authorization": TOKEN[1:]},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer wrong"},
    ],
)
def test_without_the_token_no_operation_is_carried_out(
    all_interfaces_mock: RunningMock, headers: dict[str, str]
) -> None:
    """401 with a challenge, before parameters and bodies are validated."""
    for method, path in (
        ("HEAD", "/clock"),
        ("POST", "/reset"),
        ("GET", "/clock"),
        ("PUT", "/clock"),
        ("POST", "/clock/advance"),
    ):
        answer = all_interfaces_mock.anonymous.request(
            method, ADMIN + path, content=b"{", headers=headers
        )
        assert answer.status_code == 401, (method, path)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer ")
        if method != "HEAD":
            error = expect_refusal(answer, 401)
            assert (error["pointer"], error["rule"]) == ("/header/X-Mock-Admin-Token", "CP-03")
            assert TOKEN not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Mock-Admin-Token": TOKEN},
        {"Authorization": f"Bearer {TOKEN}"},
        {"Authorization": f"bearer {TOKEN}"},
        {"X-Mock-Admin-Token": "wrong", "Authorization": f"Bearer {TOKEN}"},
    ],
)
def test_the_token_is_taken_in_either_header(
    all_interfaces_mock: RunningMock, headers: dict[str, str]
) -> None:
    """The token is accepted in its own header and as a bearer token."""
    assert all_interfaces_mock.anonymous.get(f"{ADMIN}/clock", headers=headers).status_code == 200


def test_an_access_token_of_the_api_is_none_of_the_control_plane(
    all_interfaces_mock: RunningMock,
) -> None:
    """Neither token is accepted in place of the other."""
    assert all_interfaces_mock.client.get(f"{ADMIN}/clock").status_code == 401
    answer = httpx.get(
        f"{all_interfaces_mock.address}/api/v1/notification-tasks/501",
        headers={"Authorization": f"Bearer {TOKEN}"},
    )
    assert answer.status_code == 401


def test_the_pages_are_there_without_a_token(all_interfaces_mock: RunningMock) -> None:
    """Swagger UI must be loaded before it can send a token; pages contain nothing of the world."""
    for path in ("/docs/", "/docs/swagger-ui-bundle.js", "/openapi.json", "/openapi.yaml"):
        assert all_interfaces_mock.anonymous.get(ADMIN + path).status_code == 200


def test_a_token_that_is_given_is_asked_for_on_loopback_too() -> None:
    """With `--admin-token`, loopback is no exception."""
    with run_mock(replace(FROZEN, admin_token=TOKEN)) as mock:
        assert mock.anonymous.get(f"{ADMIN}/clock").status_code == 401
        assert mock.anonymous.get(f"{ADMIN}/clock", headers=TOKEN_HEADERS).status_code == 200
        assert TOKEN not in repr(replace(FROZEN, admin_token=TOKEN))


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_above_64_kib_is_refused(shared_mock: RunningMock, chunked: bool) -> None:
    """The limit holds with and without Content-Length, and differs from that of the API."""

    def sent(size: int) -> Any:
        content = b'{"seconds": 0' + b" " * (size - 14) + b"}"
        return iter([content]) if chunked else content

    path, headers = f"{ADMIN}/clock/advance", {"Content-Type": "application/json"}
    answer = shared_mock.anonymous.post(path, content=sent(65_536), headers=headers)
    assert answer.status_code == 200
    answer = shared_mock.anonymous.post(path, content=sent(65_537), headers=headers)
    error = expect_refusal(answer, 413)
    assert (error["rule"], error["accepted"]) == ("maxBodySize", "maxBodySize 65536")


@pytest.mark.parametrize("headers", [{}, {"X-Mock-Admin-Token": "wrong"}, {"Host": "192.168.1.5"}])
def test_health_without_the_token_is_liveness_alone(
    all_interfaces_mock: RunningMock, headers: dict[str, str]
) -> None:
    """Orchestrators need the status; the contract's name and the counts need the token."""
    assert all_interfaces_mock.anonymous.get(f"{ADMIN}/health", headers=headers).json() == {
        "status": "ok"
    }
    told = all_interfaces_mock.anonymous.get(
        f"{ADMIN}/health", headers=headers | TOKEN_HEADERS
    ).json()
    assert {"version", "seed", "records"} <= told.keys()
