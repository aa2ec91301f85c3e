"""Long work in a thread leaves the interpreter to the event loop between its pieces."""

from __future__ import annotations

import asyncio

import pytest

from mock_server import offload
from mock_server.domain.members import BLOCK, Directory, Member, MemberRow, drafted


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were made, without their time."""
    made: list[float] = []
    monkeypatch.setattr("mock_server.offload.time.sleep", made.append)
    return made


def enrolled(rows: int) -> int:
    """How many members a list of new ones gives."""
    people = [MemberRow(None, f"U{row}", None, None) for row in range(rows)]
    _, found = asyncio.run(drafted(Directory(1), people, Member))
    return len(found)


def test_a_long_list_gives_way_after_each_block(pauses: list[float]) -> None:
    """Else requests queue up behind the thread for as long as it takes."""
    assert enrolled(20 * BLOCK) == 20 * BLOCK
    assert pauses == [offload.GIVEN] * 20


def test_a_short_list_on_the_loop_never_pauses(pauses: list[float]) -> None:
    """There it would hold up the requests that it is meant to let pass."""
    assert enrolled(5 * BLOCK) == 5 * BLOCK
    assert not pauses
