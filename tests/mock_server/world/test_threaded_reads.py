"""Long lists are read in a thread and encoded in blocks, with the same bytes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mock_server.app import create_app
from mock_server.domain import paging
from mock_server.domain.notice_groups import NoticeGroup
from mock_server.handlers import notice_groups
from mock_server.http import operation
from mock_server.runtime.memory_budget import MemoryBudget
from mock_server.world import threaded_reads
from tests.mock_server.test_determinism import READ_PATHS
from tests.serving import FROZEN, RunningMock, fetch_token, run_mock

PLANS = "/api/v1/marketing-notice"
LIST_PATHS = (
    *READ_PATHS,
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
def threading_mock() -> Iterator[RunningMock]:
    """A mock that treats two rows as a long list."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name in (
            (threaded_reads, "MAX_LOOP_STEPS"),
            (paging, "LONG_LIST_ROWS"),
            (paging, "ROWS_PER_SORT_RUN"),
            (operation, "BLOCK_ROWS"),
        ):
            patch.setattr(module, name, 2)
        with run_mock() as mock:
            yield mock


def get_and_head(mock: RunningMock, path: str) -> list[tuple[int, dict[str, str], bytes]]:
    """Return the responses to GET and HEAD."""
    answers: list[httpx.Response] = [mock.client.get(path), mock.client.head(path)]
    return [
        (a.status_code, {n: v for n, v in a.headers.items() if n != "date"}, a.content)
        for a in answers
    ]


def test_a_long_list_is_answered_as_a_short_one(threading_mock: RunningMock) -> None:
    """Status, headers and bytes are the same, for GET and HEAD of any list."""
    long = {path: get_and_head(threading_mock, path) for path in LIST_PATHS}
    with pytest.MonkeyPatch.context() as patch:
        for module, name in (
            (threaded_reads, "MAX_LOOP_STEPS"),
            (paging, "LONG_LIST_ROWS"),
            (paging, "ROWS_PER_SORT_RUN"),
        ):
            patch.setattr(module, name, 1_000)
        short = {path: get_and_head(threading_mock, path) for path in LIST_PATHS}
    assert long == short
    assert {status for answers in short.values() for status, _, _ in answers} == {200, 400, 404}


def test_what_is_wrong_with_a_row_has_its_place_in_the_whole_list(
    threading_mock: RunningMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blocks are validated, and pointers refer to the whole list."""
    rendered = notice_groups._render_group
    last = threading_mock.world.groups.newest()[-1].id
    for number in range(3):
        threading_mock.client.post(
            f"{PLANS}/group", json={"name": f"组{number}"}
        ).raise_for_status()

    def broken(group: NoticeGroup) -> dict[str, object]:
        return rendered(group) | ({"name": 7} if group.id == last else {})

    monkeypatch.setattr(notice_groups, "_render_group", broken)
    answer = threading_mock.client.get(f"{PLANS}/group")
    assert answer.status_code == 500
    place = len(threading_mock.world.groups) - 1
    assert f"/content/{place}/name breaks type string" in answer.json()["detail"]


def test_few_long_lists_are_held_for_clients_that_do_not_take_them(
    threading_mock: RunningMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Further lists are rendered once there is room, and every client gets the whole list."""
    app = create_app(FROZEN)
    app.session.capacity.answers = MemoryBudget(1)
    token = fetch_token(threading_mock.anonymous)
    monkeypatch.setattr(app.session.world, "tokens", threading_mock.world.tokens)
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
def test_many_rows_are_sorted_as_few_are(direction: str) -> None:
    """Merging keeps equal rows in their order, in both directions."""
    rows = [(number * 7 % 5, number) for number in range(20_001)]
    keys: paging.SortKeys[tuple[int, int]] = {"first": lambda row: row[0] or None}
    present = [row for row in rows if row[0]]
    absent = [row for row in rows if not row[0]]
    at_once = sorted(present, key=lambda row: row[0], reverse=direction == "DESC")
    assert paging.sort_rows(rows, keys, ["first"], direction) == at_once + absent


def test_a_snapshot_stays_as_it_was(mock: RunningMock) -> None:
    """A thread reads it while requests change the world."""
    seen = mock.world.snapshot()
    before = [group.name for group in seen.groups.newest()], seen.now()
    mock.client.post(f"{PLANS}/group", json={"name": "后来"}).raise_for_status()
    mock.client.delete(f"{PLANS}/group/102")
    mock.advance(60)
    assert ([group.name for group in seen.groups.newest()], seen.now()) == before
    assert len(mock.world.groups) != len(seen.groups) or mock.world.groups.get(102) is None
