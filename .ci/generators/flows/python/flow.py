"""The common parts of the flows of all Python clients: addresses, credentials, bodies, result."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

AUTH_URL = os.environ["AUTH_URL"]
"""Base URL; empty: the client's own one, which is production."""
BUSINESS_URL = os.environ["BUSINESS_URL"]
AUTH_BASE = AUTH_URL or "https://oauth.hypers.com.cn"
"""The same for clients that have no base URL of their own."""
BUSINESS_BASE = BUSINESS_URL or "https://szhl-phiskin.hypers.com.cn"
CREDENTIALS = ("demo-client", "demo-secret")
USER = {"username": "demo@example.com", "password": "demo-password"}
MEMBERS = Path(os.environ["MEMBERS_FILE"])
MODULE = "notification"
TASK: dict[str, Any] = {
    "taskName": "May Day gifts",
    "taskType": "CUSTOMER_RESOURCE_REMINDER",
    "scheduledStartTime": "2025-04-21 15:00:00",
    "contents": [{"contentType": "TEXT", "contentValue": "{{nickname}}, your gift is ready."}],
}
PLAN: dict[str, Any] = {"name": "Skin check", "greetings": [{"type": "TEXT", "text": "Hello!"}]}
SCENE: dict[str, Any] = {
    "name": "Gifts",
    "statisticalMethod": "GRAND_TOTAL",
    "prompt": "The customer asks about gifts.",
}
PLAN_TASK: dict[str, Any] = {"name": "First batch", "startTime": "2025-04-23 10:00"}
KEYS = {
    *("refreshed", "members", "executions", "group", "plan", "scene", "planTask", "planned"),
    *("bytes", "refusal", "status"),
}
"""The parts of a result; the expected values are in tests/generators/flows.py."""


def report(**result: object) -> None:
    """Print the result of a flow."""
    assert result.keys() == KEYS, result.keys() ^ KEYS
    sys.stdout.write(json.dumps(result) + "\n")
