"""Figures as a whole run of the benchmarks makes them, without a server, wrk or time."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks import bodies, comparison, endurance, scaling, workbooks, wrk
from benchmarks.figures import Figures
from benchmarks.loads import Answered, Load
from benchmarks.servers import SERVERS
from benchmarks.wrk import Speed

ROUNDS = 2


class Client:
    """Answers everything with a full page."""

    login = Answered(200, "application/json", b"{}")

    def ask(self, load: Load) -> Answered:
        """A page of 20 records, whatever is asked."""
        del load
        return Answered(200, "application/json", b'{"records": [%b]}' % b", ".join([b"1"] * 20))


class Running:
    """A server that is not there."""

    address = "http://127.0.0.1:1"
    client = Client()
    first_answer = 0.5

    def memory(self) -> float:
        """MiB."""
        return 100.0


class Shapes:
    """Takes every answer."""

    def check(self, load: Load, answered: Answered) -> None:
        """Nothing to say."""


def whole_run(monkeypatch: pytest.MonkeyPatch) -> Figures:
    """All series of a run, each with as many numbers as there are rounds."""

    def start(*_arguments: Any) -> Any:
        return nullcontext(Running())

    figures = Figures()
    with monkeypatch.context() as patch:
        patch.setattr(wrk, "measure", lambda *_arguments: Speed(1000.0, 1.0, 2.0))
        servers = tuple(replace(server, start=start) for server in SERVERS)
        patch.setattr(comparison, "SERVERS", servers)
        patch.setattr(comparison, "prepare", lambda _folder: Shapes())
        patch.setattr(scaling, "_filled", start)
        patch.setattr(bodies, "mock", start)
        patch.setattr(bodies, "body", lambda _name: b"")
        patch.setattr(bodies, "_beside", lambda *_: (100.0, [1.0, 3.0]))
        patch.setattr(bodies, "_left", lambda: 1.0)
        patch.setattr(workbooks, "mock", start)
        patch.setattr(workbooks, "workbook", lambda _rows: b"")
        patch.setattr(workbooks, "parser_alone", lambda _content: 1.0)
        patch.setattr(workbooks, "_measure", lambda *_: (2.0, [1.0], [1.0, 3.0]))
        patch.setattr(endurance, "mock", start)
        patch.setattr(endurance, "_round", lambda _server: 100.0)
        patch.setattr(endurance, "_failed_polls", lambda _server: 0.0)
        patch.setattr(endurance, "_delay", lambda _server: 3.0)
        comparison.compare(figures, Path(), rounds=ROUNDS, seconds=1, tell=_silent)
        scaling.scale(figures, rounds=ROUNDS, seconds=1, tell=_silent)
        workbooks.create(figures, rounds=ROUNDS, tell=_silent)
        bodies.withstand(figures, rounds=ROUNDS, tell=_silent)
        endurance.endure(figures, tell=_silent)
    return figures


def _silent(what: str) -> None:
    del what
