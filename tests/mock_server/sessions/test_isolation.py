"""Changes in one session do not show in another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.mock_server.control.admin_client import ADMIN, expect_ok
from tests.mock_server.uploads import FILES, MODULE
from tests.serving import CLIENT_CREDENTIALS, FROZEN, PASSWORD_GRANT, RunningMock, run_mock

PLANS, TASKS = "/api/v1/marketing-notice", "/api/v1/notification-tasks"
NEW_TASK = {
    "taskName": "提醒",
    "taskType": "APPOINTMENT_REMINDER",
    "scheduledStartTime": "2025-04-21 15:00:00",
    "contents": [{"contentType": "TEXT", "contentValue": "您好。"}],
    "members": [{"userId": "U1001", "nickname": "张丽"}, {"userId": "new", "nickname": "新"}],
}
NAMES = ("a", "b", "c")
Request = Callable[..., httpx.Response]
Action = Callable[[Request], httpx.Response]
ACTIONS: dict[str, Action] = {
    "log in": lambda send: send("POST", "/oauth/token", json=PASSWORD_GRANT, login=True),
    "new group": lambda send: send("POST", f"{PLANS}/group", json={"name": "组"}),
    "delete group": lambda send: send("DELETE", f"{PLANS}/group/103"),
    "end plan": lambda send: send("PATCH", f"{PLANS}/301/termination"),
    "new task": lambda send: send("POST", TASKS, json=NEW_TASK),
    "end task": lambda send: send("PUT", f"{TASKS}/501/termination", json={"reason": "r"}),
    "upload": lambda send: send("POST", FILES, files={"file": ("a.txt", b"a")}, data=MODULE),
    "new file": lambda send: send("GET", f"{FILES}/605"),
    "groups": lambda send: send("GET", f"{PLANS}/group"),
    "plan": lambda send: send("GET", f"{PLANS}/301"),
    "tasks": lambda send: send("GET", f"{TASKS}?taskType=APPOINTMENT_REMINDER"),
    "executions": lambda send: send("GET", f"{TASKS}/501/executions"),
    "health": lambda send: send("GET", f"{ADMIN}/health"),
    "an hour later": lambda send: send("POST", f"{ADMIN}/clock/advance", json={"seconds": 3600}),
    "a day later": lambda send: send("POST", f"{ADMIN}/clock/advance", json={"seconds": 86_400}),
    "four times as fast": lambda send: send("PUT", f"{ADMIN}/clock", json={"scale": 4}),
    "reset": lambda send: send("POST", f"{ADMIN}/reset"),
    "empty": lambda send: send("POST", f"{ADMIN}/reset", json={"scenario": "empty", "seed": 7}),
}
ENDS_TOKENS = ("reset", "empty", "a day later")
LAST_READS = ("health", "new file", "groups", "plan", "tasks")
STEPS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(sorted(ACTIONS))), max_size=30)


class Caller:
    """A client of one session, which remembers its token and each response."""

    def __init__(self, client: httpx.Client, base: str) -> None:
        """Send all requests below `base`."""
        self._client, self._base = client, base
        self._token = "none"
        self.answers: list[tuple[int, str]] = []
        self.do("log in")

    def do(self, action: str) -> None:
        """Perform an action, and keep its response without the session's address."""
        answer = ACTIONS[action](self._send)
        address = f"{str(self._client.base_url).rstrip('/')}{self._base}"
        text = answer.text.replace(address, "").replace(self._base or "\0", "")
        self.answers.append((answer.status_code, text.replace(self._base.rsplit("/")[-1], "")))
        if answer.status_code == 200 and "access_token" in answer.text:
            self._token = answer.json()["access_token"]
        if action in ENDS_TOKENS:
            self.do("log in")

    def _send(
        self, method: str, path: str, *, login: bool = False, **content: Any
    ) -> httpx.Response:
        auth: Any = CLIENT_CREDENTIALS if login else None
        headers = {} if login else {"Authorization": f"Bearer {self._token}"}
        return self._client.request(
            method, self._base + path, auth=auth, headers=headers, **content
        )


@pytest.fixture(scope="module")
def two_mocks() -> Iterator[tuple[RunningMock, RunningMock]]:
    """A mock for several sessions, and one for the same requests of a single session."""
    with run_mock(FROZEN) as shared, run_mock(FROZEN) as alone:
        yield shared, alone


@pytest.mark.whole
@given(steps=STEPS)
@settings(
    max_examples=25,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_session_answers_as_if_it_were_alone(
    two_mocks: tuple[RunningMock, RunningMock], steps: list[tuple[str, str]]
) -> None:
    """Whatever is done in the others meanwhile: records, tokens, ids, clock and resets are its own.

    The responses of each session are those of another process that gets its requests only.
    """
    shared, alone = two_mocks
    callers = {}
    for name in NAMES:
        shared.anonymous.delete(f"{ADMIN}/sessions/session-{name}")
        callers[name] = Caller(shared.anonymous, f"/__session/session-{name}")
    # At the end each session is read, because the last step may have changed another one.
    steps = [*steps, *((name, action) for name in NAMES for action in LAST_READS)]
    for name, action in steps:
        callers[name].do(action)
    for name in NAMES:
        expect_ok(alone.anonymous.post(f"{ADMIN}/reset"))
        single = Caller(alone.anonymous, "")
        for other, action in steps:
            if other == name:
                single.do(action)
        assert without_name(callers[name].answers) == without_name(single.answers)


def without_name(answers: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return responses without the name of the session, which health reports."""
    return [
        (status, text.replace('"session":"default"', '"session":""')) for status, text in answers
    ]


def test_readings_of_a_session_are_its_own(two_mocks: tuple[RunningMock, RunningMock]) -> None:
    """Also those that are compiled into the contract; new sessions have those of the start."""
    shared, _ = two_mocks
    client = shared.anonymous
    change = {"readings": {"rates": "percent", "refusal-body": "spring"}}
    expect_ok(client.put(f"/__session/r{ADMIN}/readings", json=change, timeout=60))
    changed = {name: expect_ok(client.get(f"{base}{ADMIN}/readings"))["changed"] for name, base in (
        ("r", "/__session/r"), ("default", ""), ("new", "/__session/new"))}  # fmt: skip
    assert changed == {"r": change["readings"], "default": {}, "new": {}}
    spring, ours = (client.get(f"{base}{TASKS}").json() for base in ("/__session/r", ""))
    assert ("timestamp" in spring, "errors" in ours) == (True, True)
    served = {
        base: client.get(f"{base}/openapi.json", timeout=60).json() for base in ("/__session/r", "")
    }
    assert served["/__session/r"]["x-readings"]["rates"] == "percent"
    assert served[""]["x-readings"]["rates"] != "percent"
