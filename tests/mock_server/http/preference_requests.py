"""Requests with preferences for their response."""

from __future__ import annotations

import httpx

from tests.serving import RunningMock

GROUPS = "/api/v1/marketing-notice/group"


def prefer(mock: RunningMock, preferences: str, path: str = GROUPS) -> httpx.Response:
    """Send a GET without credentials, with preferences."""
    return mock.anonymous.get(path, headers={"Prefer": preferences, "Accept-Language": "en"})
