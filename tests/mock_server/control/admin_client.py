"""Asking the control plane over HTTP."""

from __future__ import annotations

from typing import Any

import httpx

from tests.serving import Mock

ADMIN = "/__admin"
MORNING, AFTERNOON = "2025-04-21T09:00:00+08:00", "2025-04-21T15:00:00+08:00"


def ok(answer: httpx.Response) -> Any:
    """The body of a 200."""
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(answer: httpx.Response, status: int = 400) -> dict[str, Any]:
    """The only violation of a refusal."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    [error] = answer.json()["errors"]
    return dict(error)


def advance(mock: Mock, **how: Any) -> Any:
    """POST /clock/advance."""
    return ok(mock.anonymous.post(f"{ADMIN}/clock/advance", json=how))


def clock(mock: Mock, **change: Any) -> Any:
    """PUT /clock, or GET without a change."""
    path = f"{ADMIN}/clock"
    return ok(mock.anonymous.put(path, json=change) if change else mock.anonymous.get(path))
