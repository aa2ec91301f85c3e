"""Requests for the state and the snapshots of a session."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import httpx

from tests.mock_server.control.admin_client import ADMIN, expect_ok

STATE, SNAPSHOTS = f"{ADMIN}/state", f"{ADMIN}/snapshots"
JSON = {"Content-Type": "application/json"}
PLANS, TASKS = "/api/v1/marketing-notice", "/api/v1/notification-tasks"
LOGIN = {"grant_type": "password", "username": "demo@example.com", "password": "demo-password"}
NEW_TASK = {
    "taskName": "任务",
    "taskType": "APPOINTMENT_REMINDER",
    "contents": [{"contentType": "TEXT", "contentValue": "您好"}],
    "scheduledStartTime": "2025-04-22 10:00:00",
}


def export(client: httpx.Client) -> bytes:
    """Return the exported state."""
    answer = client.get(STATE)
    assert answer.status_code == 200, answer.text
    return answer.content


def put_state(client: httpx.Client, state: bytes) -> httpx.Response:
    """Import a state."""
    return client.put(STATE, content=state, headers=JSON)


def save(client: httpx.Client, name: str) -> Any:
    """Save a snapshot; return the response."""
    return expect_ok(client.put(f"{SNAPSHOTS}/{name}"))


def restore(client: httpx.Client, name: str) -> Any:
    """Restore a snapshot; return the response."""
    return expect_ok(client.post(f"{SNAPSHOTS}/{name}/restore"))


def add_group(client: httpx.Client, draw: random.Random) -> httpx.Response:
    """Create a group."""
    return client.post(f"{PLANS}/group", json={"name": f"组{draw.random()}"})


def add_plan(client: httpx.Client, draw: random.Random) -> httpx.Response:
    """Create a plan."""
    data = {"name": "计划", "groupId": 101, "sceneIds": [draw.choice((204, 205))]}
    options = draw.choice(("DRAFT", "RELEASE"))
    return client.post(PLANS, json={"options": options, "data": data})


def update_plan(client: httpx.Client, draw: random.Random) -> httpx.Response:
    """Replace a plan that no request deletes."""
    data = {"name": f"改{draw.random()}", "groupId": 101, "x": 2**70}
    return client.put(
        f"{PLANS}/304", json={"options": draw.choice(("DRAFT", "RELEASE")), "data": data}
    )


def end_plan(client: httpx.Client, draw: random.Random) -> httpx.Response:
    """Terminate, enable or delete a plan."""
    method, path = draw.choice((("PATCH", "/termination"), ("PATCH", "/enable"), ("DELETE", "")))
    return client.request(method, f"{PLANS}/{draw.choice((301, 302, 303, 305))}{path}")


def end_task(client: httpx.Client, draw: random.Random) -> httpx.Response:
    """Terminate or enable a task of a plan."""
    how = draw.choice(("termination", "enable"))
    return client.patch(f"{PLANS}/task/{draw.randrange(401, 409)}/{how}")


def add_scene(client: httpx.Client, draw: random.Random) -> httpx.Response:
    """Create a scene, or unbind one."""
    if draw.random() < 0.3:
        return client.patch(f"{PLANS}/scene/204/unbundled-externalId")
    body = {"name": "场景", "statisticalMethod": "ONLY", "prompt": "p", "planId": 301}
    return client.post(f"{PLANS}/scene", json=body)


def add_task(client: httpx.Client, draw: random.Random) -> httpx.Response:
    """Create a notification task with new members."""
    count = draw.choice((1, 3, 150))
    members = [{"userId": f"N{draw.random()}", "nickname": "新", "vip": "A"} for _ in range(count)]
    return client.post(TASKS, json={**NEW_TASK, "members": members})


def stop_task(client: httpx.Client, draw: random.Random) -> httpx.Response:
    """Terminate a notification task."""
    return client.put(f"{TASKS}/{draw.randrange(501, 506)}/termination", json={})


def upload(client: httpx.Client, draw: random.Random) -> httpx.Response:
    """Upload a file."""
    files = {"file": ("a.bin", draw.randbytes(draw.choice((1, 60_000))))}
    return client.post("/api/v1/file", data={"moduleName": "m"}, files=files)


def log_in(client: httpx.Client, _draw: random.Random) -> httpx.Response:
    """Get another token."""
    return client.post("/oauth/token", json=LOGIN, auth=("demo-client", "demo-secret"))


def advance(client: httpx.Client, draw: random.Random) -> httpx.Response:
    """Move the clock."""
    return client.post(f"{ADMIN}/clock/advance", json={"seconds": draw.choice((1, 300))})


def change_scale(client: httpx.Client, draw: random.Random) -> httpx.Response:
    """Change the scale of the frozen clock."""
    return client.put(f"{ADMIN}/clock", json={"scale": draw.choice((1, 60, 0.5))})


CHANGES: tuple[Callable[[httpx.Client, random.Random], httpx.Response], ...] = (
    *(add_group, add_plan, update_plan, end_plan, end_task, add_scene, add_task, stop_task),
    *(upload, log_in, advance, change_scale),
)


def change_randomly(client: httpx.Client, seed: int, count: int) -> set[str]:
    """Send random requests; return the names of those that were carried out."""
    draw, done = random.Random(seed), set()
    for _ in range(count):
        change = draw.choice(CHANGES)
        answer = change(client, draw)
        assert answer.status_code < 500, answer.text
        if answer.status_code == 200:
            done.add(change.__name__)
    return done
