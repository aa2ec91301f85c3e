"""A reset frees the old world at once, without a garbage collection."""

from __future__ import annotations

import asyncio
import gc
import io
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import httpx
import pytest
from openpyxl import Workbook

from mock_server.app import create_app
from mock_server.clock import CST
from mock_server.domain.notice_groups import NoticeGroup
from mock_server.errors import Conflict, ErrorDetail
from mock_server.handlers import notification_tasks as handlers
from mock_server.http.application import Application
from mock_server.sessions.session import Session
from mock_server.world.world import World
from openapi import default_readings
from tests.mock_server.control.admin_client import ADMIN
from tests.mock_server.test_cli import becomes_true
from tests.mock_server.uploads import FILES, MODULE
from tests.processes import start_mock_process
from tests.serving import CLIENT_CREDENTIALS, FROZEN, PASSWORD_GRANT, fetch_token, serve_app

PLANS, TASKS = "/api/v1/marketing-notice", "/api/v1/notification-tasks"
MEMBER = {"userId": "U1001", "nickname": "张丽"}
NEW_TASK: dict[str, Any] = {
    "taskName": "提醒",
    "taskType": "APPOINTMENT_REMINDER",
    "scheduledStartTime": "2025-04-21 15:00:00",
    "contents": [{"contentType": "TEXT", "contentValue": "{{nickname}},您好。"}],
}
FAILING_TASK, INVALID_TASK, UNDOCUMENTED_ERROR_TASK = BROKEN_TASKS = 502, 503, 504
CREATED = datetime(2025, 4, 21, tzinfo=CST)
JSON = {"Content-Type": "application/json"}
real_get_task = handlers.get_notification_task
ClientAction = Callable[[httpx.Client], object]


@pytest.fixture(scope="module")
def served_app() -> Iterator[tuple[Application, str]]:
    """A mock for all tests of this module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(handlers, "get_notification_task", broken_get_task)
        app = create_app(FROZEN)
    with serve_app(app) as address:
        yield app, address


async def broken_get_task(world: World, task_id: int, *, address: str) -> object:
    """Handle a request; for one task, return an invalid response; for another, fail."""
    if task_id == FAILING_TASK:
        raise RuntimeError(f"on purpose, {world.seed}")
    if task_id == UNDOCUMENTED_ERROR_TASK:
        raise Conflict(ErrorDetail("/path/taskId", "NT-11"))
    if task_id == INVALID_TASK:
        return {"seed": world.seed}
    return await real_get_task(world, task_id, address=address)


@pytest.fixture(autouse=True)
def _no_garbage_collection() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


def upload_file(client: httpx.Client, content: bytes, name: str = "a.bin") -> int:
    """Upload a file; return its id."""
    answer = client.post(FILES, files={"file": (name, content)}, data=MODULE)
    return int(answer.raise_for_status().json()["id"])


def upload_member_list(client: httpx.Client) -> list[int]:
    """Upload a list of one member; return its id."""
    book, written = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(["userId", "nickname"])
    sheet.append(["U9001", "李雷"])
    book.save(written)
    return [upload_file(client, written.getvalue(), "members.xlsx")]


def create_plan_task(client: httpx.Client) -> int:
    """Create a task of a plan with a file; return its id."""
    body = {"name": "批次", "startTime": "10:00", "fileIds": upload_member_list(client)}
    answer = client.post(f"{PLANS}/301/task", json=body)
    return int(answer.raise_for_status().json()["id"])


def plan_body(name: str) -> dict[str, Any]:
    """Return a body that creates a plan."""
    data = {"name": name, "groupId": 101, "prompt": "问候。", "greetings": [{"type": "TEXT"}]}
    return {"options": "RELEASE", "data": data}


def download_in_all_ways(client: httpx.Client) -> None:
    """Download a file in each of the ways."""
    path = f"{FILES}/{upload_file(client, bytes(2_000_000))}"
    whole = client.get(path)
    client.get(path, headers={"Range": "bytes=5-"})
    client.get(path, headers={"Range": "bytes=9000000-"})
    client.get(path, headers={"If-None-Match": whole.headers["ETag"]})


def abort_download(client: httpx.Client) -> None:
    """Disconnect in the middle of a response."""
    with client.stream("GET", f"{FILES}/{upload_file(client, bytes(8_000_000))}") as answer:
        next(answer.iter_bytes(1024))


CLIENT_ACTIONS: dict[str, ClientAction] = {
    "nothing but a login": lambda _: None,
    "tokens": lambda c: [
        c.post("/oauth/token", auth=CLIENT_CREDENTIALS, json=PASSWORD_GRANT),
        c.post("/oauth/token", auth=("a", "b"), json=PASSWORD_GRANT),
    ],
    "an upload": lambda c: upload_file(c, b"a"),
    "a large upload": lambda c: upload_file(c, bytes(3_000_000)),
    "a refused upload": lambda c: c.post(FILES, files={"file": ("", b"")}, data=MODULE),
    "downloads": download_in_all_ways,
    "half a download": abort_download,
    "a group": lambda c: c.post(f"{PLANS}/group", json={"name": "组"}),
    "groups": lambda c: c.get(f"{PLANS}/group?keyWord=a&orderBy=name"),
    "a scene": lambda c: c.post(
        f"{PLANS}/scene",
        json={"name": "s", "prompt": "p", "planId": 301, "statisticalMethod": "ONLY"},
    ),
    "scenes": lambda c: c.get(f"{PLANS}/scene?planId=301&orderBy=planId"),
    "a plan": lambda c: c.post(PLANS, json=plan_body("计划")),
    "plans": lambda c: c.get(f"{PLANS}?keyWord=a&status=EXECUTION"),
    "an ended plan": lambda c: c.patch(f"{PLANS}/301/termination"),
    "a deleted plan": lambda c: [c.patch(f"{PLANS}/301/termination"), c.delete(f"{PLANS}/301")],
    "a report": lambda c: c.get(f"{PLANS}/301/report"),
    "a task of a plan": create_plan_task,
    "tasks of a plan": lambda c: c.get(f"{PLANS}/301/task?orderBy=status"),
    "members of a task": lambda c: c.get(f"{PLANS}/task/404/members?orderBy=status"),
    "a report of a task": lambda c: c.get(f"{PLANS}/task/404/report"),
    "daily reports": lambda c: c.get("/api/v1/members/1001/daily-reports"),
    "a template": lambda c: c.get(f"{PLANS}/members/template"),
    "a task": lambda c: c.post(TASKS, json={**NEW_TASK, "members": [MEMBER]}),
    "a task out of a file": lambda c: c.post(
        TASKS, json={**NEW_TASK, "fileIds": upload_member_list(c)}
    ),
    "a task for many": lambda c: c.post(
        TASKS,
        json={**NEW_TASK, "members": [{"userId": f"V{n}", "nickname": "n"} for n in range(12_000)]},
    ),
    "tasks": lambda c: c.get(f"{TASKS}?taskType=APPOINTMENT_REMINDER&status=PENDING"),
    "executions": lambda c: c.get(f"{TASKS}/501/executions?orderBy=executeTime"),
    "a terminated task": lambda c: c.put(f"{TASKS}/501/termination", json={"reason": "r"}),
    "a large form cut short": lambda c: c.post(
        FILES,
        content=bytes(2_000_000),
        headers={"Content-Type": "multipart/form-data; boundary=b"},
    ),
    "refusals of a schema": lambda c: c.post(TASKS, json={"members": [1]}),
    "refusals of rules": lambda c: c.post(TASKS, json={**NEW_TASK, "fileIds": [999]}),
    "broken JSON": lambda c: c.post(
        TASKS, content=b"{", headers={"Content-Type": "application/json"}
    ),
    "what is not there": lambda c: [c.get(f"{TASKS}/1"), c.get("/nowhere"), c.put(TASKS)],
    "without a token": lambda c: c.get(TASKS, headers={"Authorization": ""}),
    "pages": lambda c: [c.get("/"), c.get("/openapi.json"), c.get("/docs/swagger/")],
    "a failure of the mock": lambda c: [
        c.get(f"{TASKS}/{n}") for n in (FAILING_TASK, INVALID_TASK, UNDOCUMENTED_ERROR_TASK)
    ],
    "heads": lambda c: [c.head(f"{TASKS}/501"), c.head(f"{PLANS}/group"), c.options(TASKS)],
    "the control plane": lambda c: [
        c.get(f"{ADMIN}/health"),
        c.post(f"{ADMIN}/clock/advance", json={"seconds": 60}),
        c.put(f"{ADMIN}/clock", json={"now": "2001-01-01T00:00:00+08:00"}),
    ],
}


@pytest.mark.parametrize("asked", CLIENT_ACTIONS)
def test_after_a_reset_nothing_holds_the_old_world(
    served_app: tuple[Application, str], asked: str
) -> None:
    """After requests of every kind, no reference to it is left."""
    app, address = served_app
    with httpx.Client(base_url=address) as client:
        client.post(f"{ADMIN}/reset")
        client.headers["Authorization"] = f"Bearer {fetch_token(client)}"
        old = weakref.ref(app.world)
        CLIENT_ACTIONS[asked](client)
        client.post(f"{ADMIN}/reset")
        client.get(f"{ADMIN}/health")  # by now the server has released the request before
        assert old() is None, referrers(old)


def test_the_old_world_is_freed_in_a_thread() -> None:
    """Freeing 500,000 records takes a second, in which no request may be delayed."""
    freed: list[threading.Thread] = []

    class Name(str):
        """The name of a group, which records the thread in which it is freed."""

        def __del__(self) -> None:
            freed.append(threading.current_thread())

    session = Session(FROZEN, default_readings())
    for number in range(10_000, 12_001):
        session.world.groups[number] = NoticeGroup(number, Name("组"), CREATED, CREATED)
    asyncio.run(session.begin(session.beginning))
    assert len(freed) == 2_001
    assert threading.main_thread() not in freed


def test_a_world_in_use_is_freed_when_the_last_request_has_ended() -> None:
    """In a thread, too."""
    freed: list[threading.Thread] = []

    class Name(str):
        def __del__(self) -> None:
            freed.append(threading.current_thread())

    async def reset() -> None:
        session = Session(FROZEN, default_readings())
        used: Any = session.world
        used.groups[10_000] = NoticeGroup(10_000, Name("组"), CREATED, CREATED)
        await session.begin(session.beginning)
        assert not freed
        del used
        await asyncio.to_thread(becomes_true, lambda: freed)

    asyncio.run(reset())
    assert len(freed) == 1
    assert threading.main_thread() not in freed


def test_a_world_in_use_until_the_mock_has_ended_is_freed_without_a_word(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """There is no thread for it any more, and perhaps no event loop."""
    used: list[World] = []

    def use_for_a_while() -> None:
        time.sleep(0.2)
        used.pop()

    async def reset_twice() -> None:
        session = Session(FROZEN, default_readings())
        for _ in range(2):
            used.append(session.world)
            await session.begin(session.beginning)
        asyncio.get_running_loop().run_in_executor(None, use_for_a_while)

    asyncio.run(reset_twice())  # waits for its threads
    assert len(used) == 1
    used.clear()
    assert not caplog.records
    assert capfd.readouterr() == ("", "")


@pytest.mark.whole
def test_a_reset_returns_memory_of_the_old_world_to_the_system() -> None:
    """Two fifths at least: a few values that are kept of it would hold nearly all."""
    with start_mock_process() as mock, httpx.Client(base_url=mock.address, timeout=60) as client:

        def memory_after_reset() -> int:
            client.post(f"{ADMIN}/reset", json={"scenario": "empty"}).raise_for_status()
            time.sleep(0.5)  # a thread frees the world after the response
            return mock.memory()

        memory_after_reset()
        before = memory_after_reset()
        client.headers["Authorization"] = f"Bearer {fetch_token(client)}"
        for second in range(4):
            names = [f"V{second}-{number}" for number in range(12_000)]
            members = [{"userId": name, "nickname": name} for name in names]
            start = f"2025-04-21 15:00:{second:02}"
            body = {**NEW_TASK, "scheduledStartTime": start, "members": members}
            task = client.post(TASKS, json=body).raise_for_status().json()["id"]
            for page in range(10):
                client.get(f"{TASKS}/{task}/executions?current={page}&size=100")
        taken = mock.memory() - before
        assert memory_after_reset() - before < 0.6 * taken


def referrers(world: weakref.ref[World]) -> list[str]:
    """Return the objects that refer to a world, for diagnosis."""
    return [str(type(one)) + repr(one)[:200] for one in gc.get_referrers(world())]
