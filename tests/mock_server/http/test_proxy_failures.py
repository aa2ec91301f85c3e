"""Real servers that break the contract, are slow, drop connections or cannot be reached."""

from __future__ import annotations

import gzip
import json
import logging
import socket
import threading
from contextlib import closing
from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.mock_server.http.real_servers import (
    LIST_PATH,
    RealHandler,
    replies,
    run_forwarding_mock,
    run_real_server,
)
from tests.serving import FROZEN, RunningMock, client_for

pytestmark = pytest.mark.whole

IMPATIENT = replace(FROZEN, proxy_timeout=1)


@pytest.fixture(scope="module")
def page(shared_mock: RunningMock) -> Any:
    """A correct response to LIST_PATH."""
    return shared_mock.client.get(LIST_PATH).json()


def expect_failure(answer: httpx.Response, status: int, rule: str) -> dict[str, Any]:
    """Return the error of a response that the mock gave in place of the real server."""
    assert answer.status_code == status, answer.text
    assert answer.headers["X-Mock-Source"] == "proxy-failure"
    assert answer.headers["Content-Type"] == "application/problem+json"
    [error] = answer.json()["errors"]
    assert error["rule"] == rule
    return dict(error)


def test_a_wrong_body_is_returned_and_its_violations_are_noted(
    page: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """The app sees what the real server said; the verdict and the log name the place."""
    wrong = {**page, "total": "many"}
    with run_real_server(replies(200, wrong)) as server, run_forwarding_mock(server.url) as mock:
        with caplog.at_level(logging.WARNING, "mock_server"):
            answer = mock.client.get(LIST_PATH)
        assert (answer.status_code, answer.json()) == (200, wrong)
        assert mock.rules() == ["/response/body/total type"]
        assert "/response/body/total type" in caplog.text
        assert "many" not in caplog.text


def test_the_journal_has_the_violations_of_forwarded_responses(page: Any) -> None:
    """`responseViolations` is empty for a correct response, and absent if the mock answered."""
    bodies = [page, {**page, "total": "many"}]
    with run_real_server(
        lambda handler: handler.reply(200, json.dumps(bodies.pop()).encode())
    ) as server, run_forwarding_mock(server.url) as mock:  # fmt: skip
        for path in (LIST_PATH, LIST_PATH, "/api/v1/marketing-notice/scene"):
            mock.client.get(path)
        noted = mock.client.get("/__admin/requests").json()["requests"]
    found = {entry["id"]: entry.get("responseViolations") for entry in noted}
    [violation] = found[1]
    assert (violation["pointer"], violation["rule"]) == ("/response/body/total", "type")
    assert (found[2], found[3]) == ([], None)


def test_a_wrong_status_and_media_type_are_noted() -> None:
    """An undocumented status has no media type to compare."""
    with (
        run_real_server(replies(418, b"<p>", content_type="text/html")) as server,
        run_forwarding_mock(server.url) as mock,
    ):
        assert mock.client.get(LIST_PATH).status_code == 418
        assert mock.rules() == ["/response/status undocumentedStatus"]
    with (
        run_real_server(replies(404, b"<p>", content_type="text/html")) as server,
        run_forwarding_mock(server.url, "getGroup") as mock,
    ):
        assert mock.client.get(f"{LIST_PATH}/1").text == "<p>"
        assert mock.rules() == ["/response/header/Content-Type contentType"]


def test_a_compressed_body_is_compared_and_returned_as_it_is(page: Any) -> None:
    """The client asked for gzip, and gets the bytes of the real server."""
    body = gzip.compress(json.dumps({**page, "total": "many"}).encode())
    with (
        run_real_server(replies(200, body, content_encoding="gzip")) as server,
        run_forwarding_mock(server.url) as mock,
    ):
        with mock.client.stream("GET", LIST_PATH) as answer:
            assert b"".join(answer.iter_raw()) == body
        assert server.requests[0].headers["accept-encoding"] == "gzip, deflate"
        assert mock.rules() == ["/response/body/total type"]


def test_a_body_that_is_too_large_to_compare_is_streamed(page: Any) -> None:
    """The verdict says that the body was not compared."""
    body = json.dumps(page).encode() + b" " * 5_000_000
    with run_real_server(replies(200, body)) as server, run_forwarding_mock(server.url) as mock:
        assert mock.client.get(LIST_PATH).content == body
        assert mock.rules() == ["/response/body notChecked"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_host_is_not_followed(status: int) -> None:
    """The credentials of the request stay with the chosen host."""
    with run_real_server(replies(200, {})) as other, run_real_server(
        replies(status, b"", location=f"{other.url}{LIST_PATH}")
    ) as server, run_forwarding_mock(server.url) as mock:  # fmt: skip
        answer = mock.client.get(LIST_PATH, headers={"Authorization": "Bearer t"})
        assert answer.status_code == status
        assert answer.headers["Location"] == f"{other.url}{LIST_PATH}"
        assert other.requests == []
        assert mock.rules() == ["/response/status undocumentedStatus"]


def test_cookies_of_the_real_server_are_neither_kept_nor_returned(page: Any) -> None:
    """Two users of one mock must not share a session of the real server."""
    with (
        run_real_server(replies(200, page, set_cookie="id=1")) as server,
        run_forwarding_mock(server.url) as mock,
    ):
        for _ in range(2):
            assert "Set-Cookie" not in mock.client.get(LIST_PATH).headers
        assert not any("cookie" in request.headers for request in server.requests)


@pytest.fixture
def closed_port() -> str:
    """The address of a server that has ended."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_a_server_that_cannot_be_reached_is_a_502_with_the_reason(closed_port: str) -> None:
    """The response names the server and the reason of the system; the rest of the mock works."""
    with run_forwarding_mock(closed_port, "notice-groups") as mock:
        english = {"Accept-Language": "en"}
        answer = mock.client.get(LIST_PATH, headers=english)
        error = expect_failure(answer, 502, "proxyConnect")
        assert error["accepted"] == closed_port
        assert "refused" in error["found"].lower()
        assert answer.json()["detail"] == "The real server of --proxy could not be reached."
        assert mock.rules() == ["/header proxyConnect"]
        assert mock.client.get("/api/v1/marketing-notice/scene").status_code == 401


def test_a_failed_login_has_the_form_of_oauth(closed_port: str) -> None:
    """RFC 6749: clients of the token operation understand no other form."""
    with run_forwarding_mock(closed_port, "auth") as mock:
        answer = mock.client.post("/oauth/token", json={})
        assert answer.status_code == 502
        assert answer.json()["error"] == "server_error"


def test_a_slow_server_is_a_504_and_delays_no_other_request() -> None:
    """--proxy-timeout limits the time until a response begins."""
    release = threading.Event()

    def wait(handler: RealHandler) -> None:
        release.wait(10)
        handler.close_connection = True

    with run_real_server(wait) as server, run_forwarding_mock(
        server.url, settings=IMPATIENT
    ) as mock:  # fmt: skip
        answers: list[httpx.Response] = []
        asking = threading.Thread(target=lambda: answers.append(mock.client.get(LIST_PATH)))
        asking.start()
        with client_for(mock.address) as other:
            assert other.get("/__admin/health").status_code == 200
        assert answers == []
        asking.join()
        expect_failure(answers[0], 504, "proxyTimeout")
        release.set()


def cut(handler: RealHandler) -> None:
    """Close the connection without a response."""
    handler.close_connection = True


def speak_another_protocol(handler: RealHandler) -> None:
    """Respond with something that is not HTTP."""
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")
    handler.close_connection = True


@pytest.mark.parametrize("respond", [cut, speak_another_protocol])
def test_a_server_that_gives_no_response_is_a_502(respond: Any) -> None:
    """A read is tried once more, since an idle connection may have been closed; a write is not."""
    with run_real_server(respond) as server, run_forwarding_mock(
        server.url, "notice-groups"
    ) as mock:  # fmt: skip
        expect_failure(mock.client.get(LIST_PATH), 502, "proxyHttp")
        assert [request.method for request in server.requests] == ["GET", "GET"]
        expect_failure(mock.client.post(LIST_PATH, json={"name": "a"}), 502, "proxyHttp")
        assert [request.method for request in server.requests][2:] == ["POST"]


def break_off(handler: RealHandler, sent: int) -> None:
    """Send the beginning of a body only."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(sent + 10))
    handler.end_headers()
    handler.wfile.write(b" " * sent)
    handler.close_connection = True


def test_a_body_that_breaks_off_before_anything_was_sent_is_a_502() -> None:
    """JSON is kept until it is complete, so that the reason can still be named."""
    with run_real_server(lambda handler: break_off(handler, 100)) as server, run_forwarding_mock(
        server.url
    ) as mock:  # fmt: skip
        expect_failure(mock.client.get(LIST_PATH), 502, "proxyHttp")
        assert mock.rules() == ["/header proxyHttp"]


def test_a_body_that_breaks_off_later_ends_the_clients_connection() -> None:
    """The client notices that the body is incomplete; the mock goes on."""
    with run_real_server(
        lambda handler: break_off(handler, 5_000_000)
    ) as server, run_forwarding_mock(server.url) as mock:  # fmt: skip
        with pytest.raises(httpx.RemoteProtocolError):
            mock.client.get(LIST_PATH)
        assert mock.rules() == ["/response/body notChecked", "/header proxyHttp"]
        assert mock.client.get("/__admin/health").status_code == 200


def test_dot_segments_are_not_forwarded(page: Any) -> None:
    """A server that resolves them would serve an operation that was not chosen."""
    with run_real_server(replies(200, page)) as server, run_forwarding_mock(
        server.url, "files"
    ) as mock:  # fmt: skip
        host, port = mock.address.removeprefix("http://").split(":")
        for path in (b"/api/v1/file/..", b"/api/v1/file/%2e%2E"):
            with closing(socket.create_connection((host, int(port)))) as client:
                client.sendall(b"GET %b HTTP/1.0\r\n\r\n" % path)
                assert b" 404 " in client.recv(1000)
        assert server.requests == []
