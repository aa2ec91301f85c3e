"""Figures as a whole run of the benchmarks makes them, without a server, wrk or time."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks import (
    bodies,
    comparison,
    endurance,
    open_console,
    scaling,
    sessions,
    workbooks,
    wrk,
)
from benchmarks.figures import Measurements
from benchmarks.loads import BenchmarkResponse, LoadRequest
from benchmarks.servers import SERVERS
from benchmarks.wrk import LoadResult

ROUNDS = 2


class FakeClient:
    """Answers everything with a full page."""

    login = BenchmarkResponse(200, "application/json", b"{}")

    def send_load(self, load: LoadRequest) -> BenchmarkResponse:
        """A page of 20 records, whatever is asked."""
        del load
        return BenchmarkResponse(
            200, "application/json", b'{"records": [%b]}' % b", ".join([b"1"] * 20)
        )

    def send(self, *_request: Any) -> BenchmarkResponse:
        """Answer any other request in the same way."""
        return BenchmarkResponse(200, "application/json", b"{}")

    def close(self) -> None:
        """Do nothing."""


class FakeServerProcess:
    """Stand-in for a server process."""

    address = "http://127.0.0.1:1"
    client = FakeClient()
    first_answer = 0.5

    def memory(self) -> float:
        """Return the memory in MiB."""
        return 100.0


class FakeResponseSchemas:
    """Schemas that accept every response."""

    def check(self, load: LoadRequest, answered: BenchmarkResponse) -> None:
        """Accept the response."""


def measure_fake_run(monkeypatch: pytest.MonkeyPatch) -> Measurements:
    """All series of a run, each with as many numbers as there are rounds."""

    def start(*_arguments: Any) -> Any:
        return nullcontext(FakeServerProcess())

    figures = Measurements()
    with monkeypatch.context() as patch:
        patch.setattr(wrk, "run_wrk", lambda *_arguments: LoadResult(1000.0, 1.0, 2.0))
        servers = tuple(replace(server, start=start) for server in SERVERS)
        patch.setattr(comparison, "SERVERS", servers)
        patch.setattr(comparison, "prepare_comparison", lambda _folder: FakeResponseSchemas())
        patch.setattr(scaling, "_start_filled_mock", start)
        patch.setattr(bodies, "start_mock", start)
        patch.setattr(bodies, "hostile_body", lambda _name: b"")
        patch.setattr(bodies, "measure_memory_and_delay", lambda *_: (100.0, [1.0, 3.0]))
        patch.setattr(bodies, "_measure_shutdown", lambda: 1.0)
        patch.setattr(workbooks, "start_mock", start)
        patch.setattr(workbooks, "build_workbook", lambda _rows: b"")
        patch.setattr(workbooks, "time_parser", lambda _content: 1.0)
        patch.setattr(workbooks, "_measure_creation", lambda *_: (2.0, [1.0], [1.0, 3.0]))
        patch.setattr(endurance, "start_mock", start)
        patch.setattr(endurance, "_memory_after_uploads", lambda _server: 100.0)
        patch.setattr(endurance, "_failed_poll_share", lambda _server: 0.0)
        patch.setattr(endurance, "_measure_list_delay", lambda _server: 3.0)
        patch.setattr(sessions, "start_mock", start)
        patch.setattr(sessions, "BenchmarkClient", lambda *_: FakeClient())
        patch.setattr(sessions, "SETTLE_SECONDS", 0.0)
        patch.setattr(open_console, "start_mock", start)
        patch.setattr(open_console, "open_console", lambda _address: nullcontext({200: 1}))
        comparison.compare_servers(figures, Path(), rounds=ROUNDS, seconds=1, tell=_ignore_progress)
        scaling.measure_scaling(figures, rounds=ROUNDS, seconds=1, tell=_ignore_progress)
        workbooks.measure_workbook(figures, rounds=ROUNDS, tell=_ignore_progress)
        bodies.measure_hostile_bodies(figures, rounds=ROUNDS, tell=_ignore_progress)
        endurance.measure_endurance(figures, tell=_ignore_progress)
        sessions.measure_sessions(figures, tell=_ignore_progress)
        open_console.measure_open_console(figures, rounds=ROUNDS, seconds=1, tell=_ignore_progress)
    return figures


def _ignore_progress(what: str) -> None:
    del what
