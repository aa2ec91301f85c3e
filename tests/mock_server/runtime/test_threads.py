"""Long work in a thread does not block the event loop."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence

import pytest

from mock_server import cli
from mock_server.domain.members import (
    ROWS_PER_BLOCK,
    Member,
    MemberDirectory,
    MemberRow,
    register_in_draft,
)
from mock_server.runtime.threads import SWITCH_INTERVAL_SECONDS


def test_no_thread_keeps_the_interpreter_for_longer_than_a_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With Python's switch interval of 5 ms, requests would queue up beside a thread."""
    turns: list[float] = []

    async def served(*_: object) -> None:
        pass

    monkeypatch.setattr(sys, "setswitchinterval", turns.append)
    monkeypatch.setattr(cli, "tune_garbage_collection", lambda: None)
    monkeypatch.setattr(cli, "_run_server", served)
    assert cli.main(["--port", "0"]) == 0
    assert turns == [SWITCH_INTERVAL_SECONDS]
    assert SWITCH_INTERVAL_SECONDS < 0.005


def test_a_long_list_is_enrolled_block_by_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """A single call into C for the whole list would delay all requests."""
    sizes: list[int] = []
    meet = MemberDirectory.register_all_new

    def measured(directory: MemberDirectory, rows: Sequence[MemberRow]) -> list[Member]:
        sizes.append(len(rows))
        return meet(directory, rows)

    monkeypatch.setattr(MemberDirectory, "register_all_new", measured)
    people = [MemberRow(None, f"U{row}", None, None) for row in range(20 * ROWS_PER_BLOCK)]
    _, found = asyncio.run(register_in_draft(MemberDirectory(1), people, Member))
    assert sizes == [ROWS_PER_BLOCK] * 20
    assert len(found) == 20 * ROWS_PER_BLOCK
