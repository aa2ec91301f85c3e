"""Long lists: read in a thread, checked and encoded in blocks, and the same to the last byte."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mock_server.app import create_app
from mock_server.domain import paging
from mock_server.domain.notice_groups import Group
from mock_server.handlers import notice_groups
from mock_server.http import operation
from mock_server.runtime.memory_budget import Holding
from mock_server.world import threaded_reads
from tests.mock_server.test_determinism import READS
from tests.serving import FROZEN, Mock, log_in, running

PLANS = "/api/v1/marketing-notice"
LISTS = (
    *READS,
    f"{PLANS}/group?orderBy=name&orderDirection=DESC",
    f"{PLANS}/group?keyWord=%E6%98%A5",
    f"{PLANS}/scene?planId=301&orderBy=planId&orderBy=name&orderNullHandling=NULLS_FIRST",
    f"{PLANS}?status=EXECUTION&orderBy=groupName",
    f"{PLANS}/301/task?orderBy=status&orderDirection=DESC",
    f"{PLANS}/task/404/members",
    f"{PLANS}/task/404/members?orderBy=lastContactTime&orderNullHandling=NULLS_FIRST",
    f"{PLANS}/task/404/members?status=COMPLETE_SERVICE&orderBy=memberName&orderDirection=DESC",
    f"{PLANS}/task/404/members?current=1&size=3&orderBy=status",
    f"{PLANS}/task/404/members?orderBy=nothing",
    f"{PLANS}/task/404/report",
    f"{PLANS}/task/1/members",
    f"{PLANS}/9/report",
    "/api/v1/members/9/daily-reports",
    "/api/v1/notification-tasks/503/executions?orderBy=status&orderDirection=DESC",
)


@pytest.fixture(scope="module")
def lengthy() -> Iterator[Mock]:
    """A mock to which two rows are many."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name in (
            (threaded_reads, "MANY"),
            (paging, "LONG"),
            (paging, "RUN"),
            (operation, "ROWS"),
        ):
            patch.setattr(module, name, 2)
        with running() as mock:
            yield mock


def asked(mock: Mock, path: str) -> list[tuple[int, dict[str, str], bytes]]:
    """The answers to GET and HEAD."""
    answers: list[httpx.Response] = [mock.client.get(path), mock.client.head(path)]
    return [
        (a.status_code, {n: v for n, v in a.headers.items() if n != "date"}, a.content)
        for a in answers
    ]


def test_a_long_list_is_answered_as_a_short_one(lengthy: Mock) -> None:
    """Status, headers and bytes of each list, filtered, sorted and refused, with GET and HEAD."""
    long = {path: asked(lengthy, path) for path in LISTS}
    with pytest.MonkeyPatch.context() as patch:
        for module, name in ((threaded_reads, "MANY"), (paging, "LONG"), (paging, "RUN")):
            patch.setattr(module, name, 1_000)
        short = {path: asked(lengthy, path) for path in LISTS}
    assert long == short
    assert {status for answers in short.values() for status, _, _ in answers} == {200, 400, 404}


def test_what_is_wrong_with_a_row_has_its_place_in_the_whole_list(
    lengthy: Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each answer is held against the contract, block by block."""
    rendered = notice_groups._rendered
    last = lengthy.world.groups.newest()[-1].id
    for number in range(3):
        lengthy.client.post(f"{PLANS}/group", json={"name": f"组{number}"}).raise_for_status()

    def broken(group: Group) -> dict[str, object]:
        return rendered(group) | ({"name": 7} if group.id == last else {})

    monkeypatch.setattr(notice_groups, "_rendered", broken)
    answer = lengthy.client.get(f"{PLANS}/group")
    assert answer.status_code == 500
    place = len(lengthy.world.groups) - 1
    assert f"/content/{place}/name breaks type string" in answer.json()["detail"]


def test_few_long_lists_are_held_for_clients_that_do_not_take_them(
    lengthy: Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are made when there is room again; then everybody gets the whole list."""
    app = create_app(FROZEN)
    app.session.capacity.answers = Holding(1)
    token = log_in(lengthy.anonymous)
    monkeypatch.setattr(app.session.world, "tokens", lengthy.world.tokens)
    scope = {
        "type": "http", "http_version": "1.1", "method": "GET", "path": f"{PLANS}/group",
        "raw_path": f"{PLANS}/group".encode(), "query_string": b"", "root_path": "",
        "scheme": "http", "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1),
        "headers": [(b"host", b"127.0.0.1"), (b"authorization", f"Bearer {token}".encode())],
    }  # fmt: skip
    begun: list[int] = []
    bodies: list[bytes] = []

    async def asked_by(taken: asyncio.Event) -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                begun.append(message["status"])
                await taken.wait()
            else:
                bodies.append(message["body"])

        await app({**scope}, receive, send)

    async def crowd() -> None:
        taken = asyncio.Event()
        clients = [asyncio.ensure_future(asked_by(taken)) for _ in range(5)]
        await asyncio.sleep(0.5)
        early = [*begun]
        taken.set()
        await asyncio.wait_for(asyncio.gather(*clients), 20)
        assert early == [200]

    asyncio.run(crowd())
    assert begun == [200] * 5
    assert len(set(bodies)) == 1
    assert bodies[0].startswith(b'{"content":[{')


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
def test_many_rows_are_sorted_as_few_are(direction: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In runs that are merged: equal rows stay in their order, in both directions."""
    rows = [(number * 7 % 5, number) for number in range(1000)]
    keys: paging.Keys[tuple[int, int]] = {"first": lambda row: row[0] or None}
    at_once = paging.sorted_rows(rows, keys, ["first"], direction)
    monkeypatch.setattr(paging, "RUN", 7)
    assert paging.sorted_rows(rows, keys, ["first"], direction) == at_once


def test_a_snapshot_stays_as_it_was(mock: Mock) -> None:
    """A thread reads it while requests go on."""
    seen = mock.world.snapshot()
    before = [group.name for group in seen.groups.newest()], seen.now()
    mock.client.post(f"{PLANS}/group", json={"name": "后来"}).raise_for_status()
    mock.client.delete(f"{PLANS}/group/102")
    mock.advance(60)
    assert ([group.name for group in seen.groups.newest()], seen.now()) == before
    assert len(mock.world.groups) != len(seen.groups) or mock.world.groups.get(102) is None
