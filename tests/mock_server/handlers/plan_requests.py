"""Requests for plans, for tests of readings."""

from __future__ import annotations

from typing import Any

from tests.serving import RunningMock

PLANS = "/api/v1/marketing-notice"


def plan_body(options: str = "RELEASE", **data: Any) -> dict[str, Any]:
    """Return the body of a plan in group 101."""
    return {"options": options, "data": {"name": "计划", "groupId": 101, **data}}


def get_json(mock: RunningMock, path: str, **query: Any) -> Any:
    """Return the JSON of a response with status 200."""
    answer = mock.client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def put_plan(mock: RunningMock, number: int, body: dict[str, Any]) -> dict[str, Any]:
    """Return the plan after an update."""
    answer = mock.client.put(f"{PLANS}/{number}", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def scene_ids(mock: RunningMock, plan: int) -> set[int]:
    """Return the scenes that are related to a plan."""
    return {row["id"] for row in get_json(mock, f"{PLANS}/scene", planId=plan)["content"]}


def listed_plans(mock: RunningMock) -> dict[int, int]:
    """Return the group of each plan in the list."""
    records = get_json(mock, PLANS)["records"]
    return {plan["id"]: group["groupId"] for group in records for plan in group["plan"]}
