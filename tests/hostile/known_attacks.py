"""Checks that the tests of known attacks share."""

from __future__ import annotations

import httpx

from tests.mock_server.control.admin_client import ADMIN
from tests.serving import RunningMock


def check_responsive(mock: RunningMock) -> None:
    """Check that the mock responds, and that its frozen clock was not moved."""
    clock = mock.anonymous.get(f"{ADMIN}/clock").json()
    assert clock == {"now": "2025-04-21T09:00:00+08:00", "frozen": True, "scale": 1}


def refused_rule(answer: httpx.Response) -> str:
    """Return the rule of a refusal."""
    assert 400 <= answer.status_code < 500, (answer.status_code, answer.text[:200])
    return str(answer.json()["errors"][0]["rule"])
