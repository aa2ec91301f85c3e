"""Sessions over HTTP: create, list, read, remove; version; reset with size and instant."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.mock_server.control.admin_client import (
    ADMIN,
    AFTERNOON,
    MORNING,
    expect_ok,
    expect_refusal,
)
from tests.serving import FROZEN, RunningMock, run_mock

SESSIONS, RESET, HEALTH = f"{ADMIN}/sessions", f"{ADMIN}/reset", f"{ADMIN}/health"
NEW = {"name": "a"}
BEFORE_TIME, AFTER_TIME = "1970-12-31T23:59:59+08:00", "9000-01-01T00:00:01+08:00"
BEFORE_ALL_TIME = "0001-01-01T00:00:00+23:59"
"""Before the first instant that Python's `datetime` has in another zone."""
NEW_YEAR = "2025-12-31T23:59:00+08:00"
FROZEN_AT = {"frozen": True, "scale": 1}
DEFAULT_SESSION = {
    "name": "default",
    "path": "/__session/default",
    "scenario": "demo",
    "seed": 20250421,
    "instant": MORNING,
    "clock": {"now": MORNING, **FROZEN_AT},
}
NUMBERS = ("lastUsed", "requests", "records")
"""Fields of a session that its requests change."""


def without_numbers(session: dict[str, Any]) -> dict[str, Any]:
    """Return what a session began with, and its clock."""
    return {name: value for name, value in session.items() if name not in NUMBERS}


def names(mock: RunningMock) -> list[str]:
    """Return the names of all sessions."""
    return [each["name"] for each in expect_ok(mock.anonymous.get(SESSIONS))["sessions"]]


def test_a_new_mock_has_the_default_session(mock: RunningMock) -> None:
    """It can be read like any other."""
    [listed] = expect_ok(mock.anonymous.get(SESSIONS))["sessions"]
    read = expect_ok(mock.anonymous.get(f"{SESSIONS}/default"))
    assert without_numbers(listed) == without_numbers(read) == DEFAULT_SESSION


def test_a_session_is_listed_with_its_requests_records_and_last_use(mock: RunningMock) -> None:
    """Requests to the control plane are none of them; the time is that of the machine."""
    expect_ok(mock.anonymous.post(SESSIONS, json=NEW))
    [_, made] = expect_ok(mock.anonymous.get(SESSIONS))["sessions"]
    assert (made["requests"], "lastUsed" in made) == (0, False)
    assert made["records"] == expect_ok(mock.anonymous.get(HEALTH))["records"]
    mock.anonymous.get(f"{made['path']}/api/v1/notices")
    before = datetime.now(UTC)  # noqa: TID251 - the time of the machine
    [_, used] = expect_ok(mock.anonymous.get(SESSIONS))["sessions"]
    passed = before - datetime.fromisoformat(used["lastUsed"])
    assert (used["requests"], abs(passed.total_seconds()) < 60) == (1, True)


def test_a_session_is_created_with_its_own_beginning(mock: RunningMock) -> None:
    """Scenario, seed and instant; its reset goes back to them."""
    body = {"name": "ci-9", "scenario": "empty", "seed": 7, "instant": NEW_YEAR}
    made = expect_ok(mock.anonymous.post(SESSIONS, json=body))
    clock = {"now": NEW_YEAR, **FROZEN_AT}
    expected = {**body, "path": "/__session/ci-9", "clock": clock}
    assert without_numbers(made) == expected
    base = made["path"]
    expect_ok(mock.anonymous.post(f"{base}{ADMIN}/clock/advance", json={"seconds": 60}))
    read = expect_ok(mock.anonymous.get(f"{SESSIONS}/ci-9"))
    assert read == {**made, "clock": {"now": "2026-01-01T00:00:00+08:00", **FROZEN_AT}}
    for _ in range(2):
        health = expect_ok(mock.anonymous.get(base + HEALTH))
        assert (health["session"], health["scenario"], health["seed"]) == ("ci-9", "empty", 7)
        assert health["records"]["groups"] == 0
        assert expect_ok(mock.anonymous.post(base + RESET))["clock"] == clock
    assert expect_ok(mock.anonymous.get(HEALTH))["clock"]["now"] == MORNING


def test_the_least_recently_used_session_is_listed_first_and_removed_first() -> None:
    """After the default one; the control plane's own reads are no uses."""
    with run_mock(replace(FROZEN, max_sessions=3)) as mock:
        for name in ("a", "b", "c", "a"):
            expect_ok(mock.anonymous.get(HEALTH, headers={"X-Mock-Session": name}))
        expect_ok(mock.anonymous.get(f"{SESSIONS}/b"))
        assert names(mock) == ["default", "b", "c", "a"]
        expect_ok(mock.anonymous.post(SESSIONS, json={"name": "d"}))
        assert names(mock) == ["default", "c", "a", "d"]


def test_a_removed_session_begins_anew(mock: RunningMock) -> None:
    """Its token is unknown then."""
    base = "/__session/a"
    expect_ok(mock.anonymous.post(f"{base}{ADMIN}/clock/advance", json={"seconds": 60}))
    assert mock.anonymous.delete(f"{SESSIONS}/a").status_code == 204
    assert names(mock) == ["default"]
    assert expect_ok(mock.anonymous.get(base + HEALTH))["clock"]["now"] == MORNING


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "pointer", "rule"),
    [
        ("POST", "", {}, 400, "/body/name", "required"),
        ("POST", "", {"name": "a b"}, 400, "/body/name", "CP-10"),
        ("POST", "", {"name": ".."}, 400, "/body/name", "CP-10"),
        ("POST", "", {"name": "a" * 65}, 400, "/body/name", "CP-10"),
        ("POST", "", {"name": "default"}, 409, "/body/name", "CP-11"),
        ("POST", "", {"name": "used"}, 409, "/body/name", "CP-11"),
        ("POST", "", {**NEW, "instant": BEFORE_TIME}, 400, "/body/instant", "CP-12"),
        ("POST", "", {**NEW, "instant": AFTER_TIME}, 400, "/body/instant", "CP-12"),
        ("POST", "", {**NEW, "instant": BEFORE_ALL_TIME}, 400, "/body/instant", "CP-12"),
        ("POST", "", {"name": "a", "size": 1000}, 400, "/body/size", "CP-42"),
        ("POST", "", {"name": "a", "scenario": "large", "size": 1}, 400, "/body/size", "minimum"),
        ("GET", "/none", None, 404, "/path/name", "CP-13"),
        ("GET", "/a%20b", None, 400, "/path/name", "CP-10"),
        ("DELETE", "/none", None, 404, "/path/name", "CP-13"),
        ("DELETE", "/default", None, 409, "/path/name", "CP-43"),
    ],
)  # fmt: skip
def test_a_refusal_names_its_rule(
    mock: RunningMock, method: str, path: str, body: Any, status: int, pointer: str, rule: str
) -> None:
    """And creates or removes nothing."""
    expect_ok(mock.anonymous.post(SESSIONS, json={"name": "used"}))
    answer = mock.anonymous.request(method, SESSIONS + path, json=body)
    error = expect_refusal(answer, status)
    assert (error["pointer"], error["rule"]) == (pointer, rule)
    assert names(mock) == ["default", "used"]


def test_an_instant_has_any_offset_and_no_fraction(mock: RunningMock) -> None:
    """Responses use China Standard Time."""
    for sent in ("2025-04-21T07:00:00.9Z", "2025-04-20T23:00:00-08:00"):
        reset = expect_ok(mock.anonymous.post(RESET, json={"instant": sent}))
        assert reset["clock"]["now"] == AFTERNOON


def test_a_reset_takes_a_size_and_an_instant(mock: RunningMock) -> None:
    """The size of the scenario large only; the next reset has the usual ones again."""
    large = {"scenario": "large", "size": 200, "instant": NEW_YEAR}
    answer = expect_ok(mock.anonymous.post(RESET, json=large, timeout=60))
    assert (answer["records"]["notificationTasks"], answer["clock"]["now"]) == (200, NEW_YEAR)
    assert answer["uptime"] == 0
    again = expect_ok(mock.anonymous.post(RESET))
    assert (again["scenario"], again["clock"]["now"]) == ("demo", MORNING)
    for body in ({"size": 200}, {"scenario": "empty", "size": 200}):
        assert expect_refusal(mock.anonymous.post(RESET, json=body))["rule"] == "CP-42"


def test_two_requests_cannot_create_the_same_session(mock: RunningMock) -> None:
    """Even if the first one is still waiting for its records."""
    body = {"name": "a", "scenario": "large", "size": 3000}
    answers: list[httpx.Response] = []

    async def create_twice() -> None:
        async with httpx.AsyncClient(base_url=mock.address, timeout=60) as client:
            answers.extend(await asyncio.gather(*(client.post(SESSIONS, json=body) for _ in "12")))

    asyncio.run(create_twice())
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert names(mock) == ["default", "a"]


def test_version_names_the_versions_and_needs_the_token(shared_mock: RunningMock) -> None:
    """They are those of health."""
    health = expect_ok(shared_mock.anonymous.get(HEALTH))
    version = expect_ok(shared_mock.anonymous.get(f"{ADMIN}/version"))
    assert version == {name: health[name] for name in ("version", "contractVersion")}
    with run_mock(replace(FROZEN, admin_token="secret")) as secured:
        answer = secured.anonymous.get(f"{ADMIN}/version")
        assert expect_refusal(answer, 401)["rule"] == "CP-03"


def test_sessions_have_at_most_16_different_readings() -> None:
    """CP-40; a contract for each takes a few MiB. A choice that is in use already is allowed."""
    with run_mock() as mock:
        registry = mock.sessions
        for number in range(15):
            session = registry.use(f"s{number}")
            session.use_readings({**session.readings, "number": str(number)}, session.contract)
        change = {"readings": {"rates": "percent"}, "reset": True}
        url = f"{ADMIN}/readings"
        refused = mock.anonymous.put(f"/__session/more{url}", json=change, timeout=60)
        assert expect_refusal(refused, 409)["rule"] == "CP-40"
        assert expect_ok(mock.anonymous.put(f"/__session/s1{url}", json=change, timeout=60))
        assert expect_ok(mock.anonymous.put(f"/__session/more{url}", json=change, timeout=60))
