"""Long lists are read in a thread and encoded in blocks, with the same rows as short ones."""

from __future__ import annotations

import json
import select
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from mock_server.clock import LATEST_INSTANT
from mock_server.domain import paging
from mock_server.domain.notice_tasks import TaskMember
from mock_server.world.world import World
from tests.mock_server.test_determinism import READ_PATHS
from tests.serving import RunningMock, run_mock

PLANS = "/api/v1/marketing-notice"
COPY_COUNT, LARGE_TASK = 6_000, 999_999
HOST = {"Host": "mock.localhost"}
"""The addresses of images contain it."""
COPIED = "~"
"""Begins the names of the copies, which sort behind all others."""
PATHS = (
    *READ_PATHS,
    f"{PLANS}/group?orderBy=name&orderDirection=DESC",
    f"{PLANS}/group?keyWord=%E6%98%A5",
    f"{PLANS}/scene?planId=301&orderBy=planId&orderBy=name&orderNullHandling=NULLS_FIRST",
    f"{PLANS}/scene?orderBy=name&orderDirection=ASC",
    f"{PLANS}?status=EXECUTION&orderBy=groupName",
    f"{PLANS}?orderBy=groupName&orderDirection=DESC",
    f"{PLANS}/301/task?orderBy=name&orderDirection=DESC",
    f"{PLANS}/301/task?orderBy=status",
    f"{PLANS}/task/404/members?orderBy=nothing",
    f"{PLANS}/group?orderBy=nothing",
    f"{PLANS}/task/404/report",
    f"{PLANS}/task/1/members",
    f"{PLANS}/9/report",
    "/api/v1/members/9/daily-reports",
    "/api/v1/notification-tasks/503/executions?orderBy=status&orderDirection=DESC",
)


def add_copies(world: World) -> None:
    """Add many copies of a group, a scene and a task of a plan, older than all other records.

    The tasks have no members, and start when the clock ends, so that they change no report.
    """
    empty = {"members": (), "start": LATEST_INSTANT}
    for table, id_, changes in (
        (world.groups, 101, {}),
        (world.scenes, 204, {}),
        (world.notice_tasks, 401, empty),
    ):
        original: Any = table[id_]
        created = original.created.replace(year=2001)
        for number in range(COPY_COUNT):
            name = f"{COPIED}{number}"
            copied = replace(original, id=10**6 + number, name=name, created=created, **changes)
            table[copied.id] = copied
    members = tuple(TaskMember(10**6 + number, COPIED) for number in range(COPY_COUNT))
    large = replace(world.notice_tasks[401], id=LARGE_TASK, notice_id=302, members=members)
    world.notice_tasks[LARGE_TASK] = large


@pytest.fixture(scope="module")
def large_mock() -> Iterator[RunningMock]:
    """A mock with the demo records and many copies."""
    with run_mock() as mock:
        add_copies(mock.world)
        yield mock


def get_response(mock: RunningMock, path: str) -> tuple[int, dict[str, str], Any]:
    """Return status, headers and body, without what copies change: rows and their numbers."""
    answer = mock.client.get(path, headers=HOST)
    headers = {n: v for n, v in answer.headers.items() if n not in ("date", "content-length")}
    if not answer.headers["Content-Type"].endswith("json"):
        return answer.status_code, headers, answer.content
    return answer.status_code, headers, without_copies(answer.json())


def rows_of(page: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of a page; none if it has no list of rows."""
    rows: Any = page.get("content", page.get("records"))
    return rows if isinstance(rows, list) else []


def without_copies(value: Any) -> Any:
    """Return fields and rows of a page, without copies and in order; any other value as it is."""
    if not isinstance(value, dict) or not rows_of(value):
        return value
    for row in rows_of(value):
        for plan in row.get("plan", ()):
            del plan["taskCount"], plan["memberNumber"]
    names = ("name", "groupName")
    rows = [
        row
        for row in rows_of(value)
        if not any(str(row.get(name)).startswith(COPIED) for name in names)
    ]
    return [*value], json.dumps(rows)


@pytest.mark.parametrize("path", PATHS)
def test_a_long_list_has_the_rows_of_a_short_one(
    large_mock: RunningMock, shared_mock: RunningMock, path: str
) -> None:
    """In the same order and with the same fields; headers and refusals are the same, too."""
    long, short = get_response(large_mock, path), get_response(shared_mock, path)
    assert long == short
    got, head = (large_mock.client.request(m, path, headers=HOST) for m in ("GET", "HEAD"))
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers["Content-Length"] == str(len(got.content))


@pytest.mark.parametrize(
    ("path", "field", "reverse"),
    [
        (f"{PLANS}/group?orderBy=name&orderDirection=DESC", "name", True),
        (f"{PLANS}/scene?orderBy=name", "name", False),
        (f"{PLANS}/301/task?orderBy=name&orderDirection=DESC", "name", True),
        (f"{PLANS}/task/{LARGE_TASK}/members?orderBy=memberId", "memberId", False),
    ],
)
def test_a_long_list_is_sorted_as_a_whole(
    large_mock: RunningMock, path: str, field: str, reverse: bool
) -> None:
    """Its pages, joined, are the same bytes."""
    rows = rows_of(large_mock.client.get(path).json())
    names = [row[field] for row in rows]
    assert len(names) >= COPY_COUNT
    assert names == sorted(names, reverse=reverse)
    joined: list[dict[str, Any]] = []
    for number in range(-(-len(rows) // 2_500)):
        part = large_mock.client.get(f"{path}&current={number}&size=2500")
        joined += rows_of(part.json())
    assert json.dumps(joined) == json.dumps(rows)


def test_what_is_wrong_with_a_row_has_its_place_in_the_whole_list() -> None:
    """Blocks are validated, and pointers refer to the whole list."""
    with run_mock() as mock:
        add_copies(mock.world)
        newest: list[Any] = [*mock.world.groups.newest()]
        place = len(newest) - 3
        mock.world.groups[newest[place].id] = replace(newest[place], name=7)
        answer = mock.client.get(f"{PLANS}/group")
        assert answer.status_code == 500
        assert f"/content/{place}/name breaks type string" in answer.json()["detail"]


@pytest.mark.whole
def test_few_long_lists_are_held_for_clients_that_do_not_take_them() -> None:
    """Further lists are rendered once there is room, and every client gets the whole list."""
    with run_mock() as mock:
        for number in range(COPY_COUNT):
            group = replace(mock.world.groups[101], id=10**6 + number, name="x" * 5_000)
            mock.world.groups[group.id] = group
        host, port = str(urlsplit(mock.address).hostname), urlsplit(mock.address).port
        request = (
            f"GET {PLANS}/group HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n"
            f"Authorization: {mock.client.headers['Authorization']}\r\n\r\n"
        )
        clients = [socket.create_connection((host, port), timeout=30) for _ in range(5)]
        for client in clients:
            client.sendall(request.encode())
        deadline, begun, settled = time.monotonic() + 20, 0, 0
        while settled < 5 and time.monotonic() < deadline:  # until no further one begins
            time.sleep(0.1)
            ready = len(select.select(clients, [], [], 0)[0])
            settled = settled + 1 if ready == begun and ready else 0
            begun = ready
        bodies = read_all(clients)
    assert 1 <= begun < len(clients)
    assert len(set(bodies)) == 1
    head, _, body = bodies[0].partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    assert body.startswith(b'{"content":[{')
    assert len(body) > COPY_COUNT * 5_000


def read_all(clients: list[socket.socket]) -> list[bytes]:
    """Read from each connection as it has something, until all are closed; without the Date."""
    found: dict[socket.socket, list[bytes]] = {client: [] for client in clients}
    open_ones = [*clients]
    while open_ones:
        for client in select.select(open_ones, [], [], 30)[0]:
            if data := client.recv(2**20):
                found[client].append(data)
            else:
                open_ones.remove(client)
                client.close()
    lines = (b"".join(found[client]).split(b"\r\n") for client in clients)
    return [
        b"\r\n".join(line for line in each if not line.lower().startswith(b"date:"))
        for each in lines
    ]


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
