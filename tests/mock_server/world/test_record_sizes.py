"""Everything that is stored counts: above `--max-storage` requests are refused, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from mock_server.domain.notices import Notice
from mock_server.world import record_sizes
from tests.mock_server.control.admin_client import ADMIN, ok, refused
from tests.mock_server.sessions.test_session import NEW_TASK, PLANS, TASKS, plan
from tests.mock_server.uploads import send, upload
from tests.serving import FROZEN, Mock, log_in, running

ROOM = 200_000
TEXT = "文" * 10_000
"""Of 30,000 bytes."""
SCENE = {"name": TEXT, "prompt": "p", "planId": 301, "statisticalMethod": "ONLY"}
MEMBERS = [{"userId": f"U{number}", "nickname": "n" * 300} for number in range(100)]
STORING: dict[str, tuple[str, str, dict[str, Any]]] = {
    "a group": ("POST", f"{PLANS}/group", {"name": TEXT}),
    "a renamed group": ("PUT", f"{PLANS}/group/101", {"name": TEXT * 6}),
    "a scene": ("POST", f"{PLANS}/scene", SCENE),
    "a plan": ("POST", PLANS, plan(TEXT)),
    "a task": ("POST", TASKS, {**NEW_TASK, "members": MEMBERS}),
}


@pytest.fixture
def small() -> Iterator[Mock]:
    """A mock of the demo world in which there is room for ROOM bytes beside its files."""
    with running() as mock:
        mock.world.files.room = mock.world.files.used + ROOM
        yield mock


@pytest.mark.parametrize("what", STORING)
def test_whatever_is_stored_counts_until_there_is_no_room(small: Mock, what: str) -> None:
    """Refused with a documented 413 that says what to do, and nothing of it is kept."""
    method, path, body = STORING[what]
    statuses: list[int] = []
    answer = httpx.Response(200)
    while answer.status_code == 200 and len(statuses) < 20:
        before = small.world.counts(), small.world.used()
        answer = small.client.request(method, path, json=body, headers={"Accept-Language": "en"})
        statuses.append(answer.status_code)
    if what == "a renamed group":  # the new name takes the old one's place
        answer = small.client.put(path, json={"name": TEXT * 7}, headers={"Accept-Language": "en"})
        before = small.world.counts(), small.world.used()
    error = refused(answer, 413)
    assert error["pointer"] == "/body"
    assert error["rule"] == "maxStorage"
    assert "--max-storage" in error["message"]
    assert (small.world.counts(), small.world.used()) == before
    assert small.world.used() <= small.world.files.room


@pytest.mark.parametrize("length", [0, 1, 999, 1000, 1001, 2500])
def test_a_list_measured_in_blocks_is_as_long_as_in_one(length: int) -> None:
    """To the byte: as JSON, with its brackets and commas."""
    rows = [{"number": number} for number in range(length)]
    assert record_sizes.of_rows(rows) == record_sizes.size(rows)


def test_members_are_measured_once(small: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    """A task of many weighs the same when it ends, without a look at its members."""
    made = ok(small.client.post(TASKS, json={**NEW_TASK, "members": MEMBERS}))["id"]
    used = small.world.used()
    monkeypatch.setattr(record_sizes, "of_rows", None)
    ok(small.client.put(f"{TASKS}/{made}/termination"))
    assert small.world.used() == used > record_sizes.size(MEMBERS)


def test_files_and_records_share_the_room(small: Mock) -> None:
    """Neither takes what the other has."""
    upload(small, bytes(ROOM - 10_000))
    assert small.client.post(f"{PLANS}/group", json={"name": TEXT}).status_code == 413
    ok(small.client.post(f"{PLANS}/group", json={"name": "组"}))
    assert send(small, bytes(10_000)).status_code == 413


def test_what_is_removed_gives_its_room_back(small: Mock) -> None:
    """A group, and a plan with it; a reset gives all of it back."""
    used = small.world.used()
    group = ok(small.client.post(f"{PLANS}/group", json={"name": TEXT}))["id"]
    body = plan(TEXT)
    body["options"], body["data"]["groupId"] = "DRAFT", group
    made = ok(small.client.post(PLANS, json=body))["id"]
    assert small.world.used() > used + 60_000
    ok(small.client.delete(f"{PLANS}/{made}"))
    ok(small.client.delete(f"{PLANS}/group/{group}"))
    assert small.world.used() == used


def test_a_reset_empties_the_room() -> None:
    """The new world has all of it for itself."""
    with running(replace(FROZEN, scenario="empty", max_storage=100_000)) as mock:
        for _ in range(3):
            mock.client.headers["Authorization"] = f"Bearer {log_in(mock.anonymous)}"
            for _ in range(3):
                ok(mock.client.post(f"{PLANS}/group", json={"name": TEXT}))
            assert mock.client.post(f"{PLANS}/group", json={"name": TEXT}).status_code == 413
            ok(mock.anonymous.post(f"{ADMIN}/reset"))


def test_a_history_has_an_entry_a_second(mock: Mock) -> None:
    """A plan that is ended and enabled again and again does not grow while time stands."""
    for _ in range(5):
        ok(mock.client.patch(f"{PLANS}/301/termination"))
        ok(mock.client.patch(f"{PLANS}/301/enable"))
        ok(mock.client.post(f"{PLANS}/scene", json={**SCENE, "name": "s"}))
    found: Notice = mock.world.notices[301]
    now = mock.world.now()
    assert [phase.since for phase in found.phases].count(now) == 1
    assert [scenes.since for scenes in found.scene_sets].count(now) == 1
    assert len(found.scene_ids) > 5
