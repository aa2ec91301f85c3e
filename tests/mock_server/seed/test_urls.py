"""Every URL in the initial data leads to the mock itself, under any host name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

import openapi
from tests.serving import FROZEN, RunningMock, run_mock

URL = re.compile(r"[a-z][a-z0-9+.-]*://[^\s\"'<>]*", re.IGNORECASE)
HOST = re.compile(r"\b(?:[a-z0-9-]+\.)+(?:com|cn|net|org|io|example)\b", re.IGNORECASE)
READ_PATHS = [path for path, item in openapi.load()["paths"].items() if "get" in item]
LIST_PATHS = [path for path in READ_PATHS if "{" not in path]
TASK_WITH_IMAGE = 501
TASK_TYPES = ("APPOINTMENT_REMINDER", "CUSTOMER_RESOURCE_REMINDER")


def crawl_documents(mock: RunningMock, step: int) -> Iterator[tuple[str, Any]]:
    """Yield every JSON response of the reading operations, for ids in earlier responses.

    Only one id in `step` is used, and always that of the task with an image.
    """
    seen: set[int] = set()
    waiting = [*LIST_PATHS, f"/api/v1/notification-tasks/{TASK_WITH_IMAGE}"]
    while waiting:
        ids: set[int] = set()
        for path in waiting:
            for document in read_documents(mock, path):
                yield path, document
                ids |= {i for i in ids_in(document) if i % step == TASK_WITH_IMAGE % step} - seen
        seen |= ids
        waiting = [
            re.sub(r"\{\w+\}", str(i), p) for i in ids for p in READ_PATHS if p not in LIST_PATHS
        ]


def read_documents(mock: RunningMock, path: str) -> Iterator[Any]:
    """Yield the JSON response of a path, if there is any."""
    kinds = TASK_TYPES if path.endswith("notification-tasks") else ("",)
    for kind in kinds:
        answer = mock.client.get(path, params={"taskType": kind, "size": "100"} if kind else None)
        if answer.status_code == 200 and "json" in answer.headers["Content-Type"]:
            yield answer.json()


def ids_in(node: Any) -> Iterator[int]:
    """Yield the ids in a response."""
    if isinstance(node, dict):
        yield from (v for k, v in node.items() if k.lower().endswith("id") and isinstance(v, int))
        node = [*node.values()]
    for child in node if isinstance(node, list) else ():
        yield from ids_in(child)


def texts_in(node: Any) -> Iterator[str]:
    """Yield every string of a response, including keys."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from texts_in(value)
    elif isinstance(node, list):
        for item in node:
            yield from texts_in(item)


@pytest.mark.parametrize("scenario", ["demo", "empty", "large"])
def test_no_text_of_a_first_world_names_another_host(scenario: Any) -> None:
    """No list or record of the API contains one, and all URLs can be fetched."""
    urls, answers = set(), 0
    with run_mock(replace(FROZEN, scenario=scenario, size=100)) as mock:
        for path, document in crawl_documents(mock, 11 if scenario == "large" else 1):
            answers += 1
            for text in texts_in(document):
                found = URL.findall(text)
                assert all(url.startswith(f"{mock.address}/") for url in found), (path, text)
                urls |= set(found)
                assert found or not HOST.search(text), (path, text)
        for url in urls:
            assert httpx.get(url).status_code == 200, url
    assert bool(urls) is (scenario != "empty")
    assert answers > {"demo": 50, "empty": 5, "large": 25}[scenario]


def test_the_picture_of_task_501_is_there_by_whatever_name_it_is_asked_for(
    shared_mock: RunningMock,
) -> None:
    """The task and the list have its URL; it is a PNG and needs no token."""
    for host in ("127.0.0.1:4010", "mock.test:8080"):
        named_so = {"Host": host}
        task = shared_mock.client.get("/api/v1/notification-tasks/501", headers=named_so).json()
        (image,) = (c for c in task["contents"] if c["contentType"] == "IMAGE")
        assert image["contentValue"] == f"http://{host}/api/v1/file/602"
        query = {"taskType": "APPOINTMENT_REMINDER"}
        rows = shared_mock.client.get(
            "/api/v1/notification-tasks", params=query, headers=named_so
        ).json()["records"]
        (row,) = (row for row in rows if row["id"] == 501)
        assert row["contents"] == task["contents"]
    picture = shared_mock.anonymous.get("/api/v1/file/602")
    assert picture.headers["Content-Type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")


def test_a_url_that_a_caller_sends_stays_as_it_is(mock: RunningMock) -> None:
    """The mock returns any URL that it was sent."""
    sent = [
        {"contentType": "IMAGE", "contentValue": value}
        for value in ("https://example.com/a.png", "/api/v1/file/602")
    ]
    body = {
        "taskName": "Pictures",
        "taskType": "APPOINTMENT_REMINDER",
        "scheduledStartTime": "2025-04-21 15:00:00",
        "contents": sent,
        "members": [{"userId": "U1"}],
    }
    made = mock.client.post("/api/v1/notification-tasks", json=body).raise_for_status().json()
    task = mock.client.get(f"/api/v1/notification-tasks/{made['id']}").json()
    assert task["contents"] == sent
