"""Plans over HTTP: the period of a released plan."""

from __future__ import annotations

from typing import Any

import pytest

from tests.serving import RunningMock

PLANS = "/api/v1/marketing-notice"


def notice_body(options: str, start: str, end: str) -> dict[str, Any]:
    """A plan with this period."""
    data = {"name": "计划", "groupId": 101, "startTime": start, "endTime": end}
    return {"options": options, "data": data}


@pytest.mark.parametrize(
    ("start", "end", "refused"),
    [
        ("2025-05-02", "2025-05-01", True),
        ("2025-05-01 09:00:01", "2025-05-01 09:00:00", True),
        ("2025-05-01 09:00", "2025-04-30", True),
        ("2025-05-01", "2025-05-01", False),
        ("2025-05-01 09:00", "2025-05-01 09:00:00", False),
        ("22:00", "02:00", False),
        ("2025-05-01", "02:00", False),
        ("五月", "四月", False),
    ],
)
def test_a_plan_is_not_released_with_an_end_before_its_start(
    shared_mock: RunningMock, start: str, end: str, refused: bool
) -> None:
    """MN-23 (M25): neither created nor changed; a draft may have such a period."""
    client = shared_mock.client
    draft = client.post(PLANS, json=notice_body("DRAFT", start, end))
    assert draft.status_code == 200, draft.text
    release = notice_body("RELEASE", start, end)
    for answer in (
        client.post(PLANS, json=release),
        client.put(f"{PLANS}/{draft.json()['id']}", json=release),
    ):
        assert answer.status_code == (400 if refused else 200), answer.text
        if refused:
            [error] = answer.json()["errors"]
            assert (error["pointer"], error["rule"]) == ("/body/data/endTime", "MN-23")
            assert (error["accepted"], error["found"]) == (f">= {start}", end)


@pytest.mark.parametrize(
    ("path", "sent", "pointer", "rule"),
    [
        ("/group", {"name": ""}, "/body/name", "GR-06"),
        (
            "",
            {"options": "DRAFT", "data": {"name": "", "groupId": 101}},
            "/body/data/name",
            "MN-22",
        ),
        (
            "/scene",
            {"name": "", "prompt": "顾客询问", "statisticalMethod": "ONLY", "planId": 301},
            "/body/name",
            "SC-09",
        ),
        (
            "/301/task",
            {"name": "", "startTime": "2025-05-01 09:00", "fileIds": [601]},
            "/body/name",
            "MT-17",
        ),
    ],
)
def test_an_empty_name_is_refused_in_every_chapter(
    shared_mock: RunningMock, path: str, sent: dict[str, Any], pointer: str, rule: str
) -> None:
    """N6: as the name of a notification task is."""
    answer = shared_mock.client.post(f"{PLANS}{path}", json=sent)
    assert answer.status_code == 400, answer.text
    assert [(one["pointer"], one["rule"]) for one in answer.json()["errors"]] == [(pointer, rule)]


def test_a_complete_plan_stays_complete(mock: RunningMock) -> None:
    """MT-05 (M41): none of its tasks is enabled again."""
    ends = {"endTime": "2025-04-21 10:00"}
    data = {"name": "计划", "groupId": 101} | ends
    plan = mock.client.post(PLANS, json={"options": "RELEASE", "data": data}).json()["id"]
    sent = {"name": "名单", "startTime": "2025-04-21 09:30", "fileIds": [601]}
    task = mock.client.post(f"{PLANS}/{plan}/task", json=sent).json()["id"]
    assert mock.client.patch(f"{PLANS}/task/{task}/termination").status_code == 200
    mock.client.post("/__admin/clock/advance", json={"seconds": 3601})
    assert mock.client.get(f"{PLANS}/{plan}").json()["status"] == "COMPLETE"
    answer = mock.client.patch(f"{PLANS}/task/{task}/enable")
    assert [one["rule"] for one in answer.json()["errors"]] == ["MT-05"]
    assert mock.client.get(f"{PLANS}/{plan}").json()["status"] == "COMPLETE"
