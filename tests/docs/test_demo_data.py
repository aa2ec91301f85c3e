"""The READMEs' table of the demo data agrees with what a mock started with `--frozen` returns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote

import httpx
import pytest

from tests.docs.markdown import MarkdownFile
from tests.serving import RunningMock, run_mock

TYPE_NAMES = {
    "README.md": (
        "Group",
        "Plan",
        "Scene",
        "Plan task",
        "Notification task",
        "File",
        "Members",
    ),
    "README.zh.md": ("分组", "计划", "场景", "计划任务", "群通知任务", "文件", "会员"),
}
NOTICES = "/api/v1/marketing-notice"


class DemoDataRow(NamedTuple):
    """A row of the table; `parent` is the group or plan that the record belongs to."""

    kind: str
    ids: list[int]
    name: str
    state: str
    parent: str


def demo_data_rows(name: str) -> list[DemoDataRow]:
    """Return the rows of a README's table, under the English names of the types."""
    english = dict(zip(TYPE_NAMES[name], TYPE_NAMES["README.md"], strict=True))
    (table,) = (t for t in MarkdownFile(name).tables() if t[0][1] in ("Id", "ID"))
    return [
        DemoDataRow(
            english[kind],
            [int(number) for number in re.findall(r"`([0-9]+)`", ids)],
            title,
            state.strip("`"),
            parent.strip("`"),
        )
        for kind, ids, title, state, parent, *_ in table[1:]
    ]


@pytest.fixture(scope="module")
def mock() -> Iterator[RunningMock]:
    """A mock started with `--frozen`."""
    with run_mock() as frozen:
        yield frozen


def get_json(client: httpx.Client, path: str) -> Any:
    """Return the JSON of a successful GET."""
    return client.get(path).raise_for_status().json()


def group_details(client: httpx.Client, number: int) -> tuple[str, str, str]:
    """Return name, number of plans, and no parent."""
    plans = {each["groupId"]: each["plan"] for each in get_json(client, NOTICES)["records"]}
    return get_json(client, f"{NOTICES}/group/{number}")["name"], str(len(plans[number])), ""


def plan_details(client: httpx.Client, number: int) -> tuple[str, str, str]:
    """Return name, status and group."""
    found = get_json(client, f"{NOTICES}/{number}")
    return found["name"], found["status"], str(found["groupId"])


def scene_details(client: httpx.Client, number: int) -> tuple[str, str, str]:
    """Return name, scene type and plan."""
    found = get_json(client, f"{NOTICES}/scene/{number}")
    listed = {each["id"]: each for each in get_json(client, f"{NOTICES}/scene")["content"]}
    return found["name"], found["sceneType"], str(listed[number].get("planId", ""))


def plan_task_details(client: httpx.Client, number: int) -> tuple[str, str, str]:
    """Return name, status, and the plan that lists it."""
    found = get_json(client, f"{NOTICES}/task/{number}")
    plans = [each["id"] for one in get_json(client, NOTICES)["records"] for each in one["plan"]]
    (parent,) = (
        each
        for each in plans
        if number in [task["id"] for task in get_json(client, f"{NOTICES}/{each}/task")["content"]]
    )
    return found["name"], found["status"], str(parent)


def notification_task_details(client: httpx.Client, number: int) -> tuple[str, str, str]:
    """Return name, status, and no parent."""
    found = get_json(client, f"/api/v1/notification-tasks/{number}")
    return found["taskName"], found["status"], ""


def file_details(client: httpx.Client, number: int) -> tuple[str, str, str]:
    """Return file name, media type, and no parent."""
    headers = client.get(f"/api/v1/file/{number}").raise_for_status().headers
    disposition = headers["content-disposition"]
    encoded = re.search(r"filename\*=UTF-8''(\S+)", disposition)
    plain = re.search(r'filename="([^"]+)"', disposition)
    name = unquote(encoded[1]) if encoded else plain and plain[1]
    return name or "", headers["content-type"], ""


DETAIL_READERS: dict[str, Callable[[httpx.Client, int], tuple[str, str, str]]] = {
    "Group": group_details,
    "Plan": plan_details,
    "Scene": scene_details,
    "Plan task": plan_task_details,
    "Notification task": notification_task_details,
    "File": file_details,
}
HEALTH_COUNT_NAMES = {
    "Group": "groups",
    "Plan": "notices",
    "Scene": "scenes",
    "Plan task": "noticeTasks",
    "Notification task": "notificationTasks",
    "File": "files",
    "Members": "members",
}
"""Name of the number of records of a type in `GET /__admin/health`."""


@pytest.mark.parametrize("name", TYPE_NAMES)
def test_each_row_is_what_the_frozen_demo_mock_returns(name: str, mock: RunningMock) -> None:
    """Name, state and parent of each record; a group's state is its number of plans."""
    for row in demo_data_rows(name):
        if row.kind == "Members":
            continue
        [number] = row.ids
        state = re.sub(r"(?<=[0-9]) .*", "", row.state)
        assert (row.name, state, row.parent) == DETAIL_READERS[row.kind](mock.client, number), (
            number
        )


@pytest.mark.parametrize("name", TYPE_NAMES)
def test_the_members_of_the_table_are_those_of_the_mock(name: str, mock: RunningMock) -> None:
    """First and last id, their number, the names that are shown, and the other keys."""
    [members] = [row for row in demo_data_rows(name) if row.kind == "Members"]
    first, last = members.ids
    count = re.match("[0-9]+", members.state)
    assert count
    assert int(count[0]) == last - first + 1
    for number, status in ((first - 1, 404), (first, 200), (last, 200), (last + 1, 404)):
        answer = mock.client.get(f"/api/v1/members/{number}/daily-reports")
        assert answer.status_code == status
    known = [mock.world.members.get(number) for number in range(first, last + 1)]
    shown = [part for part in re.split("[,、] ?", members.name) if part != "…"]
    assert [member.name for member in known if member][: len(shown)] == shown
    assert known[0]
    assert (known[0].user_id, known[0].ciq) == (f"U{first}", f"C{first}")


@pytest.mark.parametrize("name", TYPE_NAMES)
def test_the_table_has_every_record_of_the_demo_data(name: str, mock: RunningMock) -> None:
    """The number of each type is that of `GET /__admin/health`, without duplicates."""
    counts = get_json(mock.anonymous, "/__admin/health")["records"]
    for kind, field in HEALTH_COUNT_NAMES.items():
        ids = [number for row in demo_data_rows(name) if row.kind == kind for number in row.ids]
        shown = ids[1] - ids[0] + 1 if kind == "Members" else len(set(ids))
        assert shown == counts[field], kind
