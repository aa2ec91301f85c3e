"""Requests of a safe check as seen by a reverse proxy."""

from __future__ import annotations

import http.client
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from tests.contract_tests.run_check import QUICK, SAMPLE_RULE, run_check
from tests.serving import RunningMock, serve_in_thread

SELECTION = (
    f"listGroups,getGroup,createGroup,createToken,MN-16,NT-12,NT-21,AU-01,AU-05,{SAMPLE_RULE},MT-14"
)
"""Operations and rules that read, write, use tokens, and need the clock."""


@contextmanager
def run_recording_proxy(upstream: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield the address of a reverse proxy, and the method and path of each request through it."""
    seen: list[tuple[str, str]] = []
    host = urlsplit(upstream).netloc

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        disable_nagle_algorithm = True

        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline()
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            seen.append((self.command, self.path))
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            behind = http.client.HTTPConnection(host, timeout=10)
            behind.request(self.command, self.path, body, dict(self.headers))
            answer = behind.getresponse()
            content = answer.read()
            self.send_response_only(answer.status, answer.reason)
            for name, value in answer.getheaders():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)
            self.wfile.flush()
            behind.close()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with serve_in_thread(server) as own:
        yield f"http://{own}", seen


@pytest.mark.whole
def test_safe_lets_only_reading_and_one_login_through(shared_mock: RunningMock) -> None:
    """Writes are not checkable and not sent."""
    before = shared_mock.world.count_records()
    with run_recording_proxy(shared_mock.address) as (address, seen):
        outcome = run_check("--target", address, "--profile", "safe", "--only", SELECTION, *QUICK)
    assert outcome.code == 0, outcome.out
    assert {"listGroups", "getGroup", "links", "chains", "rules-MN"} <= outcome.progress.keys()
    assert "createGroup" not in outcome.progress
    assert "(would write)" in outcome.out
    assert [each for each in seen if each[0] not in ("GET", "HEAD")] == [("POST", "/oauth/token")]
    paths = Counter(path.partition("?")[0] for _, path in seen)
    assert paths["/api/v1/marketing-notice/group"] > 50
    # The links from the list, the rules of reading: they came through as well.
    assert [path for _, path in seen if path.startswith("/api/v1/marketing-notice/group/1")]
    assert [path for _, path in seen if path.startswith("/api/v1/marketing-notice?status=")]
    assert [path for _, path in seen if path.startswith("/api/v1/notification-tasks?taskType=")]
    assert shared_mock.world.count_records() == before


def test_the_proxy_sees_what_a_full_check_writes(shared_mock: RunningMock) -> None:
    """This proves that the test above can fail."""
    with run_recording_proxy(shared_mock.address) as (address, seen):
        assert run_check("--target", address, "--only", SAMPLE_RULE).code == 0
    assert {"POST", "DELETE"} < {method for method, _ in seen}
