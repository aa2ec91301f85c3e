"""The journal is exported as HAR and as curl commands."""

from __future__ import annotations

import shlex
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from mock_server.http.schemas import SchemaChecker
from mock_server.sessions.journal import MAX_RECORDED_BODY
from tests.mock_server.control.admin_client import expect_ok
from tests.mock_server.control.journal_requests import (
    JOURNAL,
    MISTAKEN_TASK,
    SCHEMAS,
    TASK_LIST,
    TASKS,
    clear_journal,
    list_requests,
    raw_exchange,
)
from tests.programs import require_program
from tests.serving import RunningMock, client_for, run_mock


@pytest.fixture
def mock(shared_mock: RunningMock) -> RunningMock:
    """A mock with an empty journal."""
    return clear_journal(shared_mock)


@pytest.mark.whole
def test_the_har_file_holds_against_the_contract(mock: RunningMock, tmp_path: Path) -> None:
    """`hypers-check --har` reads it and judges the requests in it."""
    mock.client.get(TASK_LIST).raise_for_status()
    mock.client.post(TASKS, json=MISTAKEN_TASK).raise_for_status()
    mock.client.post(TASKS, json={"taskName": "张" * MAX_RECORDED_BODY})
    mock.client.post("/api/v1/file", files={"file": ("a.csv", b"userId\nU1\n")})
    mock.anonymous.get("/nothing?a=b&c")
    raw_exchange(mock, b"nonsense\r\n\r\n")
    answer = mock.anonymous.get(f"{JOURNAL}/export", params={"format": "har"}).raise_for_status()
    entries = answer.json()["log"]["entries"]
    assert [entry["response"]["status"] for entry in entries[:2]] == [200, 200]
    checker = SchemaChecker(SCHEMAS["schemas"]["Har"], SCHEMAS)
    assert not checker.violations(answer.json(), "")
    file = tmp_path / "app.har"
    file.write_bytes(answer.content)
    done = subprocess.run(
        [Path(".venv/bin/hypers-check").absolute(), "--har", file, "--report", tmp_path / "report"],
        capture_output=True, text=True, timeout=120, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "THE CONTRACT HOLDS" in done.stdout
    assert "listNotificationTasks" in done.stdout


def test_an_export_can_be_limited(mock: RunningMock) -> None:
    """By operation, status and number, of which the newest are exported."""
    for path in (f"{TASKS}/501", f"{TASKS}/502", TASK_LIST):
        mock.client.get(path)
    asked: Any = {"format": "har", "operationId": "getNotificationTask", "limit": 1}
    log = expect_ok(mock.anonymous.get(f"{JOURNAL}/export", params=asked))["log"]
    assert [entry["request"]["url"] for entry in log["entries"]] == [f"{mock.address}{TASKS}/502"]


def test_the_curl_commands_send_the_same_requests_again(mock: RunningMock) -> None:
    """With the token in a variable, a shell runs them as they are."""
    require_program("curl")
    task = {**MISTAKEN_TASK, "taskName": 'it\'s $HOME `x` "y"'}
    mock.client.post(TASKS, json=task).raise_for_status()
    mock.client.get(TASK_LIST, params={"a[]": "{b}"})
    mock.client.post("/api/v1/file", files={"file": ("a.bin", b"\xff\x00'")})
    mock.client.head(f"{TASKS}/501")
    before = [without_changing_parts(each) for each in list_requests(mock)]
    exported = mock.anonymous.get(f"{JOURNAL}/export", params={"format": "curl"})
    assert exported.headers["Content-Type"] == "text/plain"
    mock.anonymous.delete(JOURNAL)
    token = mock.client.headers["Authorization"].removeprefix("Bearer ")
    done = subprocess.run(
        ["/bin/sh", "-e"], input=exported.text, env={"TOKEN": token, "PATH": "/usr/bin:/bin"},
        text=True, capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert [without_changing_parts(each) for each in list_requests(mock)] == before
    assert shlex.split(exported.text.splitlines()[0])[-1] == "200"


def without_changing_parts(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry without its id and times, which differ when a request is repeated."""
    return {
        name: value for name, value in entry.items() if name not in ("id", "realTime", "durationMs")
    }


def test_an_export_of_a_full_journal_does_not_stop_the_others() -> None:
    """Requests are answered while megabytes are exported."""
    with run_mock() as mock:
        body = {"taskName": "x" * 60_000}
        for _ in range(200):
            mock.client.post(TASKS, json=body)
        slowest = 0.0
        exported: list[httpx.Response] = []

        def export() -> None:
            with client_for(mock.address) as other:
                exported.append(other.get(f"{JOURNAL}/export?format=har", timeout=60))

        exporting = threading.Thread(target=export)
        exporting.start()
        while exporting.is_alive():
            began = time.perf_counter()
            mock.client.get(f"{TASKS}/501").raise_for_status()
            slowest = max(slowest, time.perf_counter() - began)
        exporting.join()
    assert len(exported[0].content) > 10_000_000
    assert slowest < 1
