"""All stored data counts; above `--max-storage`, requests are refused with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from mock_server.domain.notices import Notice
from mock_server.world import record_sizes
from tests.mock_server.control.admin_client import ADMIN, expect_ok, expect_refusal
from tests.mock_server.sessions.test_session import NEW_TASK, PLANS, TASKS, plan_body
from tests.mock_server.uploads import send_upload, upload_file
from tests.serving import FROZEN, RunningMock, fetch_token, run_mock

FREE_BYTES = 200_000
LONG_TEXT = "文" * 10_000
"""A text of 30,000 bytes."""
SCENE_BODY = {"name": LONG_TEXT, "prompt": "p", "planId": 301, "statisticalMethod": "ONLY"}
MEMBERS = [{"userId": f"U{number}", "nickname": "n" * 300} for number in range(100)]
STORING_REQUESTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "a group": ("POST", f"{PLANS}/group", {"name": LONG_TEXT}),
    "a renamed group": ("PUT", f"{PLANS}/group/101", {"name": LONG_TEXT * 6}),
    "a scene": ("POST", f"{PLANS}/scene", SCENE_BODY),
    "a plan": ("POST", PLANS, plan_body(LONG_TEXT)),
    "a task": ("POST", TASKS, {**NEW_TASK, "members": MEMBERS}),
}


@pytest.fixture
def nearly_full_mock() -> Iterator[RunningMock]:
    """A mock of the demo world with FREE_BYTES of free space."""
    with run_mock() as mock:
        mock.world.files.room = mock.world.files.used_bytes + FREE_BYTES
        yield mock


@pytest.mark.parametrize("what", STORING_REQUESTS)
def test_whatever_is_stored_counts_until_there_is_no_room(
    nearly_full_mock: RunningMock, what: str
) -> None:
    """The request is refused with a documented 413, and nothing of it is stored."""
    method, path, body = STORING_REQUESTS[what]
    statuses: list[int] = []
    answer = httpx.Response(200)
    while answer.status_code == 200 and len(statuses) < 20:
        before = nearly_full_mock.world.count_records(), nearly_full_mock.world.used_bytes()
        answer = nearly_full_mock.client.request(
            method, path, json=body, headers={"Accept-Language": "en"}
        )
        statuses.append(answer.status_code)
    if what == "a renamed group":  # the new name replaces the old one
        answer = nearly_full_mock.client.put(
            path, json={"name": LONG_TEXT * 7}, headers={"Accept-Language": "en"}
        )
        before = nearly_full_mock.world.count_records(), nearly_full_mock.world.used_bytes()
    error = expect_refusal(answer, 413)
    assert error["pointer"] == "/body"
    assert error["rule"] == "maxStorage"
    assert "delete records" in error["message"]
    assert (nearly_full_mock.world.count_records(), nearly_full_mock.world.used_bytes()) == before
    assert nearly_full_mock.world.used_bytes() <= nearly_full_mock.world.files.room


@pytest.mark.parametrize("length", [0, 1, 999, 1000, 1001, 2500])
def test_a_list_measured_in_blocks_is_as_long_as_in_one(length: int) -> None:
    """The size is exact: JSON with brackets and commas."""
    rows = [{"number": number} for number in range(length)]
    assert record_sizes.rows_json_size(rows) == record_sizes.json_size(rows)


def test_a_task_takes_the_same_room_when_it_has_ended(nearly_full_mock: RunningMock) -> None:
    """Its members count once, with their texts."""
    made = expect_ok(nearly_full_mock.client.post(TASKS, json={**NEW_TASK, "members": MEMBERS}))[
        "id"
    ]
    used = nearly_full_mock.world.used_bytes()
    expect_ok(nearly_full_mock.client.put(f"{TASKS}/{made}/termination"))
    assert nearly_full_mock.world.used_bytes() == used > record_sizes.json_size(MEMBERS)


def test_files_and_records_share_the_room(nearly_full_mock: RunningMock) -> None:
    """Both count against the same limit."""
    upload_file(nearly_full_mock, bytes(FREE_BYTES - 10_000))
    assert (
        nearly_full_mock.client.post(f"{PLANS}/group", json={"name": LONG_TEXT}).status_code == 413
    )
    expect_ok(nearly_full_mock.client.post(f"{PLANS}/group", json={"name": "组"}))
    assert send_upload(nearly_full_mock, bytes(10_000)).status_code == 413


def test_what_is_removed_gives_its_room_back(nearly_full_mock: RunningMock) -> None:
    """Deleting a group or a plan frees its space, and a reset all of it."""
    used = nearly_full_mock.world.used_bytes()
    group = expect_ok(nearly_full_mock.client.post(f"{PLANS}/group", json={"name": LONG_TEXT}))[
        "id"
    ]
    body = plan_body(LONG_TEXT)
    body["options"], body["data"]["groupId"] = "DRAFT", group
    made = expect_ok(nearly_full_mock.client.post(PLANS, json=body))["id"]
    assert nearly_full_mock.world.used_bytes() > used + 60_000
    expect_ok(nearly_full_mock.client.delete(f"{PLANS}/{made}"))
    expect_ok(nearly_full_mock.client.delete(f"{PLANS}/group/{group}"))
    assert nearly_full_mock.world.used_bytes() == used


def test_a_reset_empties_the_room() -> None:
    """The new world has the whole space."""
    with run_mock(replace(FROZEN, scenario="empty", max_storage=100_000)) as mock:
        for _ in range(3):
            mock.client.headers["Authorization"] = f"Bearer {fetch_token(mock.anonymous)}"
            for _ in range(3):
                expect_ok(mock.client.post(f"{PLANS}/group", json={"name": LONG_TEXT}))
            assert mock.client.post(f"{PLANS}/group", json={"name": LONG_TEXT}).status_code == 413
            expect_ok(mock.anonymous.post(f"{ADMIN}/reset"))


def test_a_history_has_an_entry_a_second(mock: RunningMock) -> None:
    """A plan that is repeatedly terminated and enabled does not grow while the clock stands."""
    for _ in range(5):
        expect_ok(mock.client.patch(f"{PLANS}/301/termination"))
        expect_ok(mock.client.patch(f"{PLANS}/301/enable"))
        expect_ok(mock.client.post(f"{PLANS}/scene", json={**SCENE_BODY, "name": "s"}))
    found: Notice = mock.world.notices[301]
    now = mock.world.now()
    assert [phase.since for phase in found.phases].count(now) == 1
    assert [scenes.since for scenes in found.scene_sets].count(now) == 1
    assert len(found.scene_ids) > 5
