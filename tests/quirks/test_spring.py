"""A server that has decided the open questions as Spring does keeps the contract."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from contract_tests.reporting.json_report import from_json
from mock_server.app import create_app
from tests.contract_tests.run_check import run_check
from tests.quirks.proxy import run_proxy
from tests.quirks.spring import READINGS, SpringPlatform
from tests.serving import FROZEN, serve_app

GROUPS = "/api/v1/marketing-notice/group"
PLANS = "/api/v1/marketing-notice"


@pytest.fixture(scope="module")
def spring() -> Iterator[str]:
    """The address of a mock behind the proxy."""
    with (
        serve_app(create_app(FROZEN)) as behind,
        run_proxy(behind, SpringPlatform()) as address,
    ):
        yield address


@pytest.fixture(scope="module")
def session(spring: str) -> Iterator[requests.Session]:
    """A session that is logged in."""
    login = {"grant_type": "password", "username": "demo@example.com", "password": "demo-password"}
    with requests.Session() as found:
        client = ("demo-client", "demo-secret")
        token = found.post(f"{spring}/oauth/token", json=login, auth=client, timeout=9).json()
        found.headers["Authorization"] = f"Bearer {token['access_token']}"
        yield found


def test_pages_are_those_of_spring_data(spring: str, session: requests.Session) -> None:
    """`sort` is an object, `total` is missing, and INSTANCE stands for no paging."""
    whole = session.get(f"{spring}{GROUPS}", timeout=9).json()
    assert whole["pageable"] == "INSTANCE"
    assert "total" not in whole
    query: dict[str, Any] = {
        "current": 0,
        "size": 1,
        "orderBy": "",
        "keyWord": "",
        "orderDirection": "",
    }
    page = session.get(f"{spring}{GROUPS}", params=query, timeout=9)
    assert page.status_code == 200, page.text
    assert page.json()["sort"].keys() == {"sorted", "unsorted", "empty"}
    head = session.head(f"{spring}{GROUPS}", params=query, timeout=9)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == str(len(page.content))


def test_bodies_are_read_and_written_by_jackson(spring: str, session: requests.Session) -> None:
    """Numbers as texts and nulls are accepted; what has no value is null in responses."""
    group = session.post(f"{spring}{GROUPS}", json={"name": 42}, timeout=9).json()
    assert group["name"] == "42"
    data = {"name": "a", "groupId": str(group["id"]), "prompt": None, "replyDelay": "15"}
    made = session.post(f"{spring}{PLANS}", json={"options": "DRAFT", "data": data}, timeout=9)
    plan = made.json()
    assert (plan["groupId"], plan["replyDelay"]) == (group["id"], 15)
    assert plan["prompt"] is None
    assert plan["endTime"] is None


def test_refusals_have_the_default_body(spring: str, session: requests.Session) -> None:
    """Neither pointers nor ids of rules; an emoji counts as two units of a limit."""
    task = {"taskName": "\U0001f600" * 61}
    for answer in (
        session.post(f"{spring}{GROUPS}", json={}, timeout=9),
        session.post(f"{spring}/api/v1/notification-tasks", json=task, timeout=9),
    ):
        assert answer.status_code == 400
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.json().keys() == {"timestamp", "status", "error", "path"}


@pytest.mark.whole
@pytest.mark.parametrize("strictness", ["curated", "documented"])
def test_the_platform_keeps_the_contract(strictness: str, tmp_path: Path) -> None:
    """It is checked in both strictnesses, and observed as it answers."""
    options = ("--strictness", strictness, "--max-examples", "5", "--report", str(tmp_path))
    with (
        serve_app(create_app(FROZEN)) as behind,
        run_proxy(behind, SpringPlatform()) as address,
    ):
        outcome = run_check("--target", address, *options)
    assert (outcome.code, outcome.violations) == (0, []), outcome.out
    record = from_json((tmp_path / "report.json").read_text())
    observed = {each.reading: each.value for each in record.readings}
    assert {key: observed[key] for key in READINGS} == READINGS
