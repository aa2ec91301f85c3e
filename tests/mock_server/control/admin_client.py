"""Helpers for requests to the control plane."""

from __future__ import annotations

from typing import Any

import httpx

from tests.serving import RunningMock

ADMIN = "/__admin"
MORNING, AFTERNOON = "2025-04-21T09:00:00+08:00", "2025-04-21T15:00:00+08:00"


def expect_ok(answer: httpx.Response) -> Any:
    """Return the body of a 200 response."""
    assert answer.status_code == 200, answer.text
    return answer.json()


def expect_refusal(answer: httpx.Response, status: int = 400) -> dict[str, Any]:
    """Return the only violation of an error response."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    [error] = answer.json()["errors"]
    return dict(error)


def advance_clock(mock: RunningMock, **how: Any) -> Any:
    """Send POST /clock/advance."""
    return expect_ok(mock.anonymous.post(f"{ADMIN}/clock/advance", json=how))


def request_clock(mock: RunningMock, **change: Any) -> Any:
    """Send PUT /clock, or GET without a change."""
    path = f"{ADMIN}/clock"
    return expect_ok(mock.anonymous.put(path, json=change) if change else mock.anonymous.get(path))
