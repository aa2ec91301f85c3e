"""Workflows read what they have written: servers that forget or mix up records are found."""

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
from tests.contract_tests.run_check import CheckResult, run_check
from tests.serving import FROZEN, serve_app

pytestmark = pytest.mark.whole

GROUP_OPERATIONS = "createGroup,getGroup,listGroups,updateGroup,deleteGroup"
PLAN_OPERATIONS = (
    f"{GROUP_OPERATIONS},createMarketingNotice,getMarketingNotice,listMarketingNotices"
)
TASK_OPERATIONS = (
    "createMarketingNoticeTask,getMarketingNoticeTask,listMarketingNoticeTasks,"
    "getMarketingNotice,terminateMarketingNotice,terminateMarketingNoticeTask"
)
LINKS_ONLY, CHAINS_ONLY = ("--shard", "1/2"), ("--shard", "2/2")
"""The first shard follows the links, the last one generates chains; neither judges gaps."""

AskMock = Callable[[bytes], Awaitable[tuple[int, bytes]]]
"""Asks the mock with this body; its status and content."""
FaultHandler = Callable[[str, str, bytes, AskMock], Awaitable[tuple[int, bytes]]]
"""Answers a request of this method, path and body."""


class FaultHandlerApp:
    """ASGI application that passes requests to the mock, and its responses back."""

    def __init__(self, app: Any, fault: FaultHandler) -> None:
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


def store_other_name(spoiled: str) -> FaultHandler:
    """The response has the name that was sent, but another one is stored."""

    async def fault(method: str, path: str, body: bytes, ask: AskMock) -> tuple[int, bytes]:
        if method != spoiled or "/group" not in path or not body.startswith(b'{"name": "'):
            return await ask(body)
        name = json.loads(body)["name"]
        status, content = await ask(b'{"name": "another"}')
        if status != 200:
            return status, content
        return status, json.dumps({**json.loads(content), "name": name}).encode()

    return fault


update_forgotten, another_name_stored = store_other_name("PUT"), store_other_name("POST")


async def forget_deletion(method: str, _path: str, body: bytes, ask: AskMock) -> tuple[int, bytes]:
    """Respond to a deletion as usual, without deleting anything."""
    return (200, b"{}") if method == "DELETE" else await ask(body)


async def lose_row(method: str, path: str, body: bytes, ask: AskMock) -> tuple[int, bytes]:
    """The group list has all groups but the newest."""
    status, content = await ask(body)
    if method != "GET" or not path.endswith("/group") or status != 200 or not content:
        return status, content
    page = json.loads(content)
    rows = sorted(page["content"], key=lambda row: row["id"])[:-1]
    return status, json.dumps({**page, "content": rows}).encode()


async def list_plans_of_other_groups(
    method: str, path: str, body: bytes, ask: AskMock
) -> tuple[int, bytes]:
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


async def return_other_file_content(
    method: str, path: str, body: bytes, ask: AskMock
) -> tuple[int, bytes]:
    """Every file has the three bytes 1.5."""
    status, content = await ask(body)
    is_file = method == "GET" and re.fullmatch(r"/api/v1/file/\d+", path)
    return (status, b"1.5") if is_file and status == 200 else (status, content)


async def reopen_terminated_task(
    method: str, path: str, body: bytes, ask: AskMock
) -> tuple[int, bytes]:
    """A task that was terminated reads as if it had not begun."""
    status, content = await ask(body)
    if method == "GET" and re.fullmatch(r".*/task/\d+", path) and status == 200 and content:
        return status, json.dumps({**json.loads(content), "status": "NOT_STARTED"}).encode()
    return status, content


async def refuse_but_delete(method: str, path: str, body: bytes, ask: AskMock) -> tuple[int, bytes]:
    """Delete a group, and respond that it cannot be deleted."""
    status, content = await ask(body)
    is_group = method == "DELETE" and "/group/" in path
    return (400, b"{}") if is_group and status == 200 else (status, content)


@contextmanager
def run_faulty_mock(*faults: FaultHandler) -> Iterator[str]:
    """Run a mock with these faults, and yield its URL."""
    app: Any = create_app(FROZEN)
    for fault in faults:
        app = FaultHandlerApp(app, fault)
    with serve_app(app) as address:
        yield address


@pytest.fixture(autouse=True)
def _only_workflows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        pytest_plugin, "TEST_MODULE_PROFILES", {"test_workflows": ("full", "safe", "smoke")}
    )


def check_workflows(address: str, only: str, *how: str) -> tuple[CheckResult, set[tuple[str, str]]]:
    """Return the violations that the workflows of these operations find, and the whole result."""
    outcome = run_check("--target", address, "--only", only, "--max-examples", "3", *how)
    unchecked = "Not checked"  # all other tests were left out
    return outcome, {each for each in outcome.violations if each[1] != unchecked}


DIFFERS = "Read-back differs from what was written"
NOT_DELETED = "Deleted resource still available"
COUNTED = "Total does not match what was created"
FAULTY_SERVERS: dict[str, tuple[str, tuple[FaultHandler, ...]]] = {
    "forgets": (
        f"{GROUP_OPERATIONS},uploadFile,getFile,{TASK_OPERATIONS}",
        (update_forgotten, return_other_file_content, reopen_terminated_task, refuse_but_delete),
    ),
    "keeps": (GROUP_OPERATIONS, (another_name_stored, forget_deletion)),
    "lists": (PLAN_OPERATIONS, (lose_row, list_plans_of_other_groups)),
}
"""Servers with faults that do not meet, and the operations that show them."""
FAULTS = {
    "an update is forgotten": (
        "forgets",
        "getGroup",
        DIFFERS,
        r'group \d+ with name "check-.*", after updateGroup',
    ),
    "a download has other bytes": (
        "forgets",
        "getFile",
        DIFFERS,
        r'file \d+ with content "\d+ bytes, SHA-256 [0-9a-f]{64}", after uploadFile',
    ),
    "what was ended goes on": (
        "forgets",
        "getMarketingNoticeTask",
        DIFFERS,
        r'task \d+ with status ".*TERMINATION", after terminateMarketingNoticeTask',
    ),
    "another name is stored": (
        "keeps",
        "getGroup",
        DIFFERS,
        r'group \d+ with name "check-.*", after createGroup',
    ),
    "a deletion is forgotten": (
        "keeps",
        "getGroup",
        NOT_DELETED,
        r"404 for group \d+, after deleteGroup",
    ),
    "what was deleted is listed": (
        "keeps",
        "listGroups",
        "Deleted resource still listed",
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
def check_links(server: str) -> CheckResult:
    """Return the result of following the links on a faulty server."""
    only, faults = FAULTY_SERVERS[server]
    with run_faulty_mock(*faults) as address:
        return check_workflows(address, only, *LINKS_ONLY)[0]


@pytest.mark.parametrize("name", FAULTS)
def test_a_server_that_forgets_is_found(name: str) -> None:
    """Links alone find it: expected and actual value, reason, and the requests are reported."""
    server, operation, title, expected = FAULTS[name]
    outcome = check_links(server)
    assert (operation, title) in outcome.violations, outcome.out
    block = outcome.out[outcome.out.index(f"{operation}: {title}") :].split("\n\n")[0]
    assert re.search(rf"Expected: {expected}\n +Got: ", block), block
    assert block.count("curl ") >= 2, block


def test_chains_find_it_too() -> None:
    """Chains read back what each step has written."""
    with run_faulty_mock(update_forgotten) as address:
        outcome, found = check_workflows(address, GROUP_OPERATIONS, *CHAINS_ONLY)
    assert ("getGroup", DIFFERS) in found, outcome.out


def test_a_file_that_reads_as_json_is_a_file() -> None:
    """Its bytes differ from the uploaded ones, and there is no other violation."""
    found = [title for name, title in check_links("forgets").violations if name == "getFile"]
    assert {*found} - {"Not checked"} == {DIFFERS}


def test_a_correct_server_matches_the_model() -> None:
    """Everything that the links created was read back without a violation."""
    with run_faulty_mock() as address:
        outcome, found = check_workflows(
            address, f"{PLAN_OPERATIONS},uploadFile,getFile,{TASK_OPERATIONS}", *LINKS_ONLY
        )
    assert found == set(), outcome.out
    assert outcome.progress["links"][1] > 40
