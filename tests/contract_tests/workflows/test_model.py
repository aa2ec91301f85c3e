"""What workflows have made is what they read: a server that forgets, keeps or mixes is found."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest

from contract_tests.runner import pytest_plugin
from mock_server.app import create_app
from tests.contract_tests.run_check import Outcome, check
from tests.serving import FROZEN, listening

GROUPS = "createGroup,getGroup,listGroups,updateGroup,deleteGroup"
PLANS = f"{GROUPS},createMarketingNotice,getMarketingNotice,listMarketingNotices"
TASKS = (
    "createMarketingNoticeTask,getMarketingNoticeTask,listMarketingNoticeTasks,"
    "getMarketingNotice,terminateMarketingNotice,terminateMarketingNoticeTask"
)
LINKS, CHAINS = ("--shard", "1/2"), ("--shard", "2/2")
"""The first shard follows the links, the last one generates chains; neither judges gaps."""

Ask = Callable[[bytes], Awaitable[tuple[int, bytes]]]
"""Asks the mock with this body; its status and content."""
Fault = Callable[[str, str, bytes, Ask], Awaitable[tuple[int, bytes]]]
"""Answers a request of this method, path and body."""


class Door:
    """An ASGI application through which requests pass to the mock, and answers back."""

    def __init__(self, app: Any, fault: Fault) -> None:
        self._app = app
        self._fault = fault

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body, message = b"", {"more_body": True}
        while message.get("more_body"):
            message = await receive()
            body += message.get("body", b"")
        heads = {b"content-type": b"application/json"}

        async def ask(changed: bytes) -> tuple[int, bytes]:
            kept: list[Any] = []

            unread = [{"type": "http.request", "body": changed}]

            async def read() -> Any:
                # Nothing comes after the body, for nobody hangs up.
                return unread.pop() if unread else await asyncio.Event().wait()

            async def keep(answer: Any) -> None:
                kept.append(answer)

            length = (b"content-length", str(len(changed)).encode())
            others = [pair for pair in scope["headers"] if pair[0] != length[0]]
            pairs = [*others, length] if changed else others
            await self._app({**scope, "headers": pairs}, read, keep)
            heads.clear()
            heads.update(kept[0]["headers"])
            return kept[0]["status"], b"".join(each.get("body", b"") for each in kept[1:])

        status, content = await self._fault(scope["method"], scope["path"], body, ask)
        heads[b"content-length"] = str(len(content)).encode()
        await send({"type": "http.response.start", "status": status, "headers": [*heads.items()]})
        await send({"type": "http.response.body", "body": content})


def renaming(spoiled: str) -> Fault:
    """Requests of a method answer the name that was sent, and store another one."""

    async def fault(method: str, path: str, body: bytes, ask: Ask) -> tuple[int, bytes]:
        if method != spoiled or "/group" not in path or not body.startswith(b'{"name": "'):
            return await ask(body)
        name = json.loads(body)["name"]
        status, content = await ask(b'{"name": "another"}')
        if status != 200:
            return status, content
        return status, json.dumps({**json.loads(content), "name": name}).encode()

    return fault


update_forgotten, another_name_stored = renaming("PUT"), renaming("POST")


async def deletion_forgotten(method: str, _path: str, body: bytes, ask: Ask) -> tuple[int, bytes]:
    """A deletion is answered, and deletes nothing."""
    return (200, b"{}") if method == "DELETE" else await ask(body)


async def row_lost(method: str, path: str, body: bytes, ask: Ask) -> tuple[int, bytes]:
    """The group list has all groups but the newest."""
    status, content = await ask(body)
    if method != "GET" or not path.endswith("/group") or status != 200 or not content:
        return status, content
    page = json.loads(content)
    rows = sorted(page["content"], key=lambda row: row["id"])[:-1]
    return status, json.dumps({**page, "content": rows}).encode()


async def rows_of_others(method: str, path: str, body: bytes, ask: Ask) -> tuple[int, bytes]:
    """Each group has the plans of all groups."""
    status, content = await ask(body)
    if method != "GET" or not path.endswith("/marketing-notice") or status != 200 or not content:
        return status, content
    page = json.loads(content)
    plans = [plan for row in page["records"] for plan in row["plan"]] or [{}]
    other = {"id": 1, "name": "of another group", "status": "DRAFT"}
    for row in page["records"]:
        row["plan"] = [*row["plan"], {**plans[0], **other}]
    return status, json.dumps(page).encode()


async def other_bytes(method: str, path: str, body: bytes, ask: Ask) -> tuple[int, bytes]:
    """Every file has the three bytes 1.5."""
    status, content = await ask(body)
    is_file = method == "GET" and re.fullmatch(r"/api/v1/file/\d+", path)
    return (status, b"1.5") if is_file and status == 200 else (status, content)


async def ended_is_open(method: str, path: str, body: bytes, ask: Ask) -> tuple[int, bytes]:
    """A task that was terminated reads as if it had not begun."""
    status, content = await ask(body)
    if method == "GET" and re.fullmatch(r".*/task/\d+", path) and status == 200 and content:
        return status, json.dumps({**json.loads(content), "status": "NOT_STARTED"}).encode()
    return status, content


async def refused_and_done(method: str, path: str, body: bytes, ask: Ask) -> tuple[int, bytes]:
    """A group is deleted, and the answer is that it cannot be."""
    status, content = await ask(body)
    is_group = method == "DELETE" and "/group/" in path
    return (400, b"{}") if is_group and status == 200 else (status, content)


@contextmanager
def faulty(*faults: Fault) -> Iterator[str]:
    """A mock behind doors with these faults: its address."""
    app: Any = create_app(FROZEN)
    for fault in faults:
        app = Door(app, fault)
    with listening(app) as address:
        yield address


@pytest.fixture(autouse=True)
def _workflows_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pytest_plugin, "TESTS", {"test_workflows": ("full", "safe", "smoke")})


def walked(address: str, only: str, *how: str) -> tuple[Outcome, set[tuple[str, str]]]:
    """What the workflows of these operations find, and the whole outcome."""
    outcome = check("--target", address, "--only", only, "--max-examples", "3", *how)
    unchecked = "Not checked"  # all other tests were left out
    return outcome, {each for each in outcome.violations if each[1] != unchecked}


READ = "Read-back differs from what was written"
THERE = "Deleted resource still available"
COUNTED = "Total does not match what was created"
SERVERS: dict[str, tuple[str, tuple[Fault, ...]]] = {
    "forgets": (
        f"{GROUPS},uploadFile,getFile,{TASKS}",
        (update_forgotten, other_bytes, ended_is_open, refused_and_done),
    ),
    "keeps": (GROUPS, (another_name_stored, deletion_forgotten)),
    "lists": (PLANS, (row_lost, rows_of_others)),
}
"""Servers with faults that do not meet, and the operations that show them."""
FAULTS = {
    "an update is forgotten": (
        "forgets",
        "getGroup",
        READ,
        r'group \d+ with name "check-.*", after updateGroup',
    ),
    "a download has other bytes": (
        "forgets",
        "getFile",
        READ,
        r'file \d+ with content "\d+ bytes, SHA-256 [0-9a-f]{64}", after uploadFile',
    ),
    "what was ended goes on": (
        "forgets",
        "getMarketingNoticeTask",
        READ,
        r'task \d+ with status ".*TERMINATION", after terminateMarketingNoticeTask',
    ),
    "another name is stored": (
        "keeps",
        "getGroup",
        READ,
        r'group \d+ with name "check-.*", after createGroup',
    ),
    "a deletion is forgotten": (
        "keeps",
        "getGroup",
        THERE,
        r"404 for group \d+, after deleteGroup",
    ),
    "what was deleted is listed": (
        "keeps",
        "listGroups",
        THERE,
        r"no group \d+, after deleteGroup",
    ),
    "a list loses a row": (
        "lists",
        "listGroups",
        "Created resource missing from its list",
        r"group \d+ in the list, after createGroup",
    ),
    "what was refused is done": (
        "forgets",
        "getGroup",
        "Created resource not found",
        r"group \d+, after (create|update)Group",
    ),
    "a list has rows of others": (
        "lists",
        "listMarketingNotices",
        COUNTED,
        r"group \d+ with number of plans \d, after (create|update)Group",
    ),
}


@cache
def shown_by(server: str) -> Outcome:
    """What the links alone find on a faulty server."""
    only, faults = SERVERS[server]
    with faulty(*faults) as address:
        return walked(address, only, *LINKS)[0]


@pytest.mark.parametrize("name", FAULTS)
def test_a_server_that_forgets_is_found(name: str) -> None:
    """By the links alone: what was expected and why, what was got, and the requests that say so."""
    server, operation, title, expected = FAULTS[name]
    outcome = shown_by(server)
    assert (operation, title) in outcome.violations, outcome.out
    block = outcome.out[outcome.out.index(f"{operation}: {title}") :].split("\n\n")[0]
    assert re.search(rf"Expected: {expected}\n +Got: ", block), block
    assert block.count("curl ") >= 2, block


def test_chains_find_it_too() -> None:
    """They read back what each step has made."""
    with faulty(update_forgotten) as address:
        outcome, found = walked(address, GROUPS, *CHAINS)
    assert ("getGroup", READ) in found, outcome.out


def test_a_file_that_reads_as_json_is_a_file() -> None:
    """Its bytes are other ones than were uploaded, and that is all that is wrong with it."""
    found = [title for name, title in shown_by("forgets").violations if name == "getFile"]
    assert {*found} - {"Not checked"} == {READ}


def test_a_sound_server_is_as_its_shadow() -> None:
    """All that the links made was read back, and nothing was found."""
    with faulty() as address:
        outcome, found = walked(address, f"{PLANS},uploadFile,getFile,{TASKS}", *LINKS)
    assert found == set(), outcome.out
    assert outcome.progress["links"][1] > 40
