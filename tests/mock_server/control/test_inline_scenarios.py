"""Scenarios in the body of a reset and of a new session."""

from __future__ import annotations

import time
from typing import Any

import pytest

from mock_server.settings import Settings
from tests.mock_server.control.admin_client import ADMIN, expect_ok, expect_refusal
from tests.mock_server.seed.scenarios import notification_task
from tests.serving import CLIENT_CREDENTIALS, RunningMock, run_mock

GROUPS = "/api/v1/marketing-notice/group"
GUEST = {"username": "guest@example.com", "password": "guest", "may": ["listGroups"]}


def reset(mock: RunningMock, scenario: Any, **more: Any) -> Any:
    """Reset the world to an inline scenario."""
    return expect_ok(mock.anonymous.post(f"{ADMIN}/reset", json={"scenario": scenario, **more}))


def log_in(mock: RunningMock, headers: dict[str, str] | None = None) -> str:
    """Return the value of Authorization for the guest."""
    body = {"grant_type": "password", "username": GUEST["username"], "password": "guest"}
    answer = mock.anonymous.post(
        "/oauth/token", json=body, auth=CLIENT_CREDENTIALS, headers=headers
    )
    return f"Bearer {answer.raise_for_status().json()['access_token']}"


def test_a_reset_takes_an_inline_scenario(mock: RunningMock) -> None:
    """Its name is `inline`; a 403 is real."""
    health = reset(mock, {"base": "empty", "users": [GUEST], "groups": [{"name": "组"}]})
    assert (health["scenario"], health["records"]["groups"]) == ("inline", 1)
    headers = {"Authorization": log_in(mock)}
    found = mock.anonymous.get(GROUPS, headers=headers)
    assert [group["name"] for group in expect_ok(found)["content"]] == ["组"]
    answer = mock.anonymous.post(GROUPS, headers=headers, json={"name": "x"})
    assert expect_refusal(answer, 403)["rule"] == "CP-30"


def test_a_reset_without_a_body_leaves_the_inline_scenario(mock: RunningMock) -> None:
    """It restores the beginning of the session."""
    reset(mock, {"base": "empty"})
    health = expect_ok(mock.anonymous.post(f"{ADMIN}/reset"))
    assert (health["scenario"], health["records"]["groups"]) == ("demo", 3)


def test_a_scenario_sets_seed_and_instant_unless_the_request_does(mock: RunningMock) -> None:
    """The clock begins there."""
    scenario = {"seed": 7, "now": "2025-05-01 12:00:00"}
    health = reset(mock, scenario)
    assert (health["seed"], health["clock"]["now"]) == (7, "2025-05-01T12:00:00+08:00")
    health = reset(mock, scenario, seed=8, instant="2025-06-01T12:00:00+08:00")
    assert (health["seed"], health["clock"]["now"]) == (8, "2025-06-01T12:00:00+08:00")


def test_a_scenario_can_freeze_a_running_clock() -> None:
    """Until the next reset to another scenario."""
    with run_mock(Settings()) as mock:
        frozen = {"now": "2025-05-01 12:00:00", "frozen": True}
        assert reset(mock, frozen)["clock"]["frozen"] is True
        assert reset(mock, {})["clock"]["frozen"] is False
        reset(mock, frozen)
        health = expect_ok(mock.anonymous.post(f"{ADMIN}/reset", json={"scenario": "empty"}))
        assert health["clock"]["frozen"] is False


def test_a_session_has_a_scenario_of_its_own(mock: RunningMock) -> None:
    """The others keep theirs; a reset of the session restores it."""
    body = {"name": "ci-7", "scenario": {"base": "empty", "users": [GUEST]}}
    made = expect_ok(mock.anonymous.post(f"{ADMIN}/sessions", json=body))
    assert made["scenario"] == "inline"
    headers = {"X-Mock-Session": "ci-7"}
    headers["Authorization"] = log_in(mock, headers)
    assert expect_ok(mock.anonymous.get(GROUPS, headers=headers))["content"] == []
    assert len(expect_ok(mock.client.get(GROUPS))["content"]) == 3
    again = mock.anonymous.post(f"{ADMIN}/reset", headers={"X-Mock-Session": "ci-7"})
    assert expect_ok(again)["scenario"] == "inline"


def test_sessions_of_the_same_inline_scenario_share_their_first_world(mock: RunningMock) -> None:
    """It is built once; changes of one do not show in the other."""
    scenario = {"base": "empty", "groups": [{"name": "组"}], "users": [GUEST]}
    for name in ("one", "two"):
        body = {"name": name, "scenario": scenario}
        expect_ok(mock.anonymous.post(f"{ADMIN}/sessions", json=body))
    found = expect_ok(mock.anonymous.get(f"{ADMIN}/scenario", headers={"X-Mock-Session": "two"}))
    assert found["groups"][0]["name"] == "组"


@pytest.mark.parametrize("path", ["reset", "sessions"])
def test_all_violations_of_an_inline_scenario_are_reported(mock: RunningMock, path: str) -> None:
    """With pointers into the body; nothing changes."""
    more = {"name": "ci-7"} if path == "sessions" else {}

    def refusals(scenario: Any) -> list[tuple[str, str]]:
        answer = mock.anonymous.post(f"{ADMIN}/{path}", json={"scenario": scenario, **more})
        assert answer.status_code == 400, answer.text
        return sorted((each["pointer"], each["rule"]) for each in answer.json()["errors"])

    assert refusals({"grups": [], "plans": [{}]}) == [
        ("/body/scenario/grups", "additionalProperties"),
        ("/body/scenario/plans/0/groupId", "required"),
        ("/body/scenario/plans/0/name", "required"),
    ]
    task = notification_task(outcomes=[{"memberId": 9, "status": "FAILED"}])
    plan = {"groupId": 9, "name": "x", "createTime": "2025-02-31 00:00:00"}
    assert refusals({"plans": [plan], "notificationTasks": [task]}) == [
        ("/body/scenario/notificationTasks/0/outcomes/0/memberId", "CP-32"),
        ("/body/scenario/plans/0/createTime", "CP-33"),
        ("/body/scenario/plans/0/groupId", "CP-32"),
    ]
    user = {"username": "a", "password": "b", "may": ["listGroup"]}
    file = {"moduleName": "m", "path": "/etc/passwd"}
    assert refusals({"users": [user], "files": [file]}) == [
        ("/body/scenario/files/0/path", "CP-34"),
        ("/body/scenario/users/0/may/0", "CP-31"),
    ]
    assert expect_ok(mock.anonymous.get(f"{ADMIN}/health"))["scenario"] == "demo"
    assert len(expect_ok(mock.anonymous.get(f"{ADMIN}/sessions"))["sessions"]) == 1


@pytest.mark.parametrize("scenario", ["other", 7, None, [], True])
def test_a_scenario_of_another_type_is_refused(mock: RunningMock, scenario: Any) -> None:
    """It is a name or an object."""
    answer = mock.anonymous.post(f"{ADMIN}/reset", json={"scenario": scenario})
    assert expect_refusal(answer)["pointer"] == "/body/scenario"


LONG_LIST = "\n".join(map(str, range(100_000, 160_000)))
TASK_OF_LIST = {k: v for k, v in notification_task(fileIds=[700]).items() if k != "members"}
HOSTILE: dict[str, Any] = {
    "many wrong entries": {"members": [{}] * 150_000},
    "many wrong entries in a task": {
        "notificationTasks": [notification_task(members=[{}] * 150_000)]
    },
    "many unknown fields": {f"a{number}": 0 for number in range(60_000)},
    "many unknown permissions": {"users": [GUEST | {"may": [f"x{n}" for n in range(90_000)]}]},
    "many unknown ids": {
        "plans": [{"groupId": 101, "name": "x", "sceneIds": [9_000_000 + n for n in range(90_000)]}]
    },
    "outcomes of strangers": {
        "notificationTasks": [
            notification_task(
                members=[{"memberId": 2_000 + n} for n in range(20_000)],
                outcomes=[{"memberId": 9, "status": "FAILED"}] * 12_000,
            )
        ]
    },
    "one list in many tasks": {
        "files": [
            {"id": 700, "fileName": "a.csv", "moduleName": "m", "text": "memberId\n" + LONG_LIST}
        ],
        "notificationTasks": [TASK_OF_LIST] * 1_000,
    },
    "many outcomes": {
        "notificationTasks": [
            notification_task(
                members=[{"memberId": 2_000}] * 20_000,
                outcomes=[{"memberId": 2_000, "status": "FAILED"}] * 12_000,
            )
        ]
    },
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_scenario_is_answered_soon(mock: RunningMock, case: str) -> None:
    """A body of 1 MiB has a limited number of violations, and takes about a second of CPU time."""
    begun = time.perf_counter()
    body = {"scenario": HOSTILE[case]}
    answer = mock.anonymous.post(f"{ADMIN}/reset", json=body, timeout=60)
    assert answer.status_code in (200, 400), answer.text[:300]
    assert len(answer.json().get("errors", ())) <= 100
    assert time.perf_counter() - begun < 30


def test_only_operations_of_the_api_can_be_permitted(mock: RunningMock) -> None:
    """The control plane has no users."""
    scenario = {"users": [GUEST | {"may": ["getHealth"]}]}
    answer = mock.anonymous.post(f"{ADMIN}/reset", json={"scenario": scenario})
    assert expect_refusal(answer)["rule"] == "CP-31"
