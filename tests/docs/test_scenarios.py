"""The example of docs/scenarios.md is served as the page says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mock_server.app import create_app
from mock_server.options import build_parser, build_settings
from tests.mock_server.test_cli import startup_errors
from tests.serving import client_for, serve_app

PAGE = (Path(__file__).parents[2] / "docs/scenarios.md").read_text(encoding="utf-8")
EXAMPLE_FILE = Path(__file__).parents[2] / "docs/scenario.yaml"
API = "/api/v1"


def test_the_example_is_the_file_that_the_page_names() -> None:
    """A reader can start it."""
    assert example("yaml") == EXAMPLE_FILE.read_text(encoding="utf-8")


def example(kind: str) -> str:
    """Return the first block of the page in a language."""
    found = re.search(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found[1]


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    """A client of a mock that was started with the example."""
    options = build_parser().parse_args(["--scenario", str(EXAMPLE_FILE)])
    settings = build_settings(options, "127.0.0.1")
    with serve_app(create_app(settings)) as address, client_for(address) as client:
        yield client


def log_in(client: httpx.Client, name: str) -> dict[str, str]:
    """Return the headers of a user of the example."""
    body = {"grant_type": "password", "username": f"{name}@example.com", "password": name}
    answer = client.post("/oauth/token", json=body, auth=("my-app", "my-secret"))
    return {"Authorization": f"Bearer {answer.raise_for_status().json()['access_token']}"}


def get(client: httpx.Client, path: str) -> Any:
    """Return the body of a response to the user who may call everything."""
    return client.get(API + path, headers=log_in(client, "boss")).raise_for_status().json()


def test_the_users_of_the_example_may_call_what_it_says(client: httpx.Client) -> None:
    """The guest gets a 403 for all but the notification tasks and the plans."""
    guest = log_in(client, "guest")
    tasks = "/notification-tasks?taskType=APPOINTMENT_REMINDER"

    def status(method: str, path: str) -> int:
        return client.request(method, API + path, headers=guest).status_code

    assert [status("GET", tasks), status("GET", "/marketing-notice/301")] == [200, 200]
    assert status("GET", "/marketing-notice/group") == 403
    assert status("DELETE", "/marketing-notice/302") == 403


def test_the_demo_user_cannot_log_in(client: httpx.Client) -> None:
    """Its client does not exist."""
    answer = client.post("/oauth/token", json={}, auth=("demo-client", "demo-secret"))
    assert answer.status_code == 401


def test_the_task_of_the_example_has_failed_in_part(client: httpx.Client) -> None:
    """One member failed with the reason of the example, one was never reached."""
    rows = get(client, "/notification-tasks/501/executions")["records"]
    assert [(row["status"], row.get("failureReason")) for row in rows][::2] == [
        ("FAILED", "会员已退订通知。"),
        ("PENDING", None),
    ]
    assert get(client, "/notification-tasks/501")["status"] == "COMPLETED"


def test_the_other_records_of_the_example_are_listed(client: httpx.Client) -> None:
    """Plans with their statuses, a task from a file, a scene, conversations."""
    [group] = get(client, "/marketing-notice")["records"]
    plans = {plan["id"]: plan["status"] for plan in group["plan"]}
    assert plans == {301: "EXECUTION", 302: "DRAFT"}
    assert get(client, "/notification-tasks/502")["statistics"]["totalMembers"] == 2
    members = get(client, "/marketing-notice/task/401/members")["content"]
    assert members[0]["status"] == "NOT_REACHED"


def test_the_errors_of_the_page_are_those_of_the_mock(tmp_path: Path) -> None:
    """With the lines of the example."""
    text = example("yaml").replace("[listNotificationTasks,", "[listNotificationTask,")
    path = tmp_path / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    shown = example("text").splitlines()
    assert startup_errors("--port", "0", "--scenario", str(path)) == shown[:1]
    wrong = example("yaml").replace("    groupId: 101\n", "    groupId: 101\n    groupID: 101\n", 1)
    path.write_text(wrong, encoding="utf-8")
    assert startup_errors("--port", "0", "--scenario", str(path)) == shown[1:]
