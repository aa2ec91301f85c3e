"""Scenes over HTTP under the answers to open questions."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.serving import RunningMock, mock_with

pytestmark = pytest.mark.whole

PLANS = "/api/v1/marketing-notice"
SCENES = f"{PLANS}/scene"
UNBINDING = "unbundled-externalId"


def update_scene(mock: RunningMock, number: int, **changes: Any) -> httpx.Response:
    """Send an update of a scene that repeats what is not changed."""
    scene = mock.client.get(f"{SCENES}/{number}").json()
    sent = {name: scene[name] for name in ("name", "prompt")}
    return mock.client.put(f"{SCENES}/{number}", json=sent | changes)


def listed_ids(mock: RunningMock, **query: Any) -> list[int]:
    """Return the ids of a list of scenes."""
    answer = mock.client.get(SCENES, params=query)
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()["content"]]


@pytest.mark.parametrize(
    ("changes", "pointer", "accepted", "found"),
    [
        ({}, "/path/id", "CUSTOM", "SYSTEM"),
        ({"name": "别的"}, "/body/name", "邀约成功", "别的"),
        ({"externalId": "EXT-1"}, "/body/externalId", None, "EXT-1"),
    ],
)
def test_a_system_scene_is_not_changed_at_all(
    changes: dict[str, Any], pointer: str, accepted: str | None, found: str
) -> None:
    """SC-10 with `none`: not by an update, whatever it has; the error names what would change."""
    with mock_with(system_scenes="none") as mock:
        before = mock.client.get(f"{SCENES}/201").json()
        answer = update_scene(mock, 201, **changes)
        assert answer.status_code == 400
        [error] = answer.json()["errors"]
        assert (error["pointer"], error["rule"]) == (pointer, "SC-10")
        assert (error.get("accepted"), error["found"]) == (accepted, found)
        assert mock.client.get(f"{SCENES}/201").json() == before


def test_the_external_id_of_a_system_scene_is_not_unbound() -> None:
    """SC-10 with `none`; a CUSTOM scene is changed and unbound as always."""
    with mock_with(system_scenes="none") as mock:
        answer = mock.client.patch(f"{SCENES}/201/{UNBINDING}")
        assert answer.status_code == 400
        [error] = answer.json()["errors"]
        assert (error["pointer"], error["rule"]) == ("/path/id", "SC-10")
        assert update_scene(mock, 204, name="别的").status_code == 200
        assert mock.client.patch(f"{SCENES}/204/{UNBINDING}").status_code == 200


def test_a_system_scene_is_changed_like_any_other() -> None:
    """SC-10 with `all` is dropped; reports show the new name."""
    with mock_with(system_scenes="all") as mock:
        changed = update_scene(mock, 201, name="预约成功", prompt="顾客预约。", externalId="EXT-1")
        assert changed.status_code == 200, changed.text
        assert mock.client.get(f"{SCENES}/201").json()["prompt"] == "顾客预约。"
        report = mock.client.get(f"{PLANS}/301/report").json()
        assert report["sceneStatistics"][0]["name"] == "预约成功"


@pytest.mark.parametrize(
    ("value", "expected"),
    [("null", {"externalId": None}), ("empty", {"externalId": ""}), ("omitted", {})],
)
def test_the_external_id_after_unbinding(value: str, expected: dict[str, Any]) -> None:
    """SC-04: in the answer, when it is read and in the list; a scene without any has none."""
    with mock_with(external_id_after_unbinding=value) as mock:
        unbound = mock.client.patch(f"{SCENES}/204/{UNBINDING}").json()
        rows = mock.client.get(SCENES).json()["content"]
        listed = next(row for row in rows if row["id"] == 204)
        for scene in (unbound, mock.client.get(f"{SCENES}/204").json(), listed):
            assert {k: v for k, v in scene.items() if k == "externalId"} == expected
        assert "externalId" not in mock.client.get(f"{SCENES}/205").json()
        assert listed_ids(mock, externalId="EXT-204") == []
        again = update_scene(mock, 204, externalId="EXT-9").json()
        assert again["externalId"] == "EXT-9"
        assert listed_ids(mock, externalId="EXT-9") == [204]


@pytest.mark.parametrize(("value", "expected"), [("null", None), ("empty", "")])
def test_absent_values_are_null_after_unbinding(value: str, expected: str | None) -> None:
    """With `absent-values: null`, null is null, and an empty text stays one."""
    with mock_with(external_id_after_unbinding=value, absent_values="null") as mock:
        assert mock.client.patch(f"{SCENES}/204/{UNBINDING}").json()["externalId"] == expected
        assert mock.client.get(f"{SCENES}/205").json()["externalId"] is None


def test_an_empty_external_id_sorts_as_a_value() -> None:
    """M40: it comes first in ascending order, before the scenes without any."""
    with mock_with(external_id_after_unbinding="empty") as mock:
        mock.client.patch(f"{SCENES}/204/{UNBINDING}")
        update_scene(mock, 205, externalId="EXT-1")
        assert listed_ids(mock, orderBy="externalId")[:2] == [204, 205]


def test_the_filter_takes_the_external_id_of_a_scene_by_default(shared_mock: RunningMock) -> None:
    """M39: that of a plan finds nothing."""
    assert listed_ids(shared_mock, externalId="EXT-204") == [204]
    assert listed_ids(shared_mock, externalId="PLAN-301") == []


def test_the_filter_takes_the_external_id_of_a_plan() -> None:
    """SC-05: the scenes that are related to it, together with the other filters."""
    with mock_with(scene_filter_external_id="plan", plan_id_after_update="new") as mock:
        assert listed_ids(mock, externalId="EXT-204") == []
        assert listed_ids(mock, externalId="PLAN-301") == [205, 204]
        assert listed_ids(mock, externalId="PLAN-301", keyWord="价格") == [205]
        assert listed_ids(mock, externalId="PLAN-301", planId=302) == []
        assert listed_ids(mock, externalId="PLAN-302", planId=302) == [205]
        # It belongs to the plan and not to one of its versions.
        body = {"options": "RELEASE", "data": {"name": "计划", "groupId": 101, "sceneIds": [204]}}
        renewed = mock.client.put(f"{PLANS}/301", json=body).json()["id"]
        assert listed_ids(mock, externalId="PLAN-301", planId=renewed) == [204]


@pytest.mark.parametrize("status", ["400", "404"])
def test_an_unknown_plan_of_a_new_scene(status: str) -> None:
    """SC-02 (X1): the status is that of the reading, and the pointer leads into the body."""
    scene = {"name": "场景", "prompt": "", "statisticalMethod": "ONLY", "planId": 9999}
    with mock_with(unknown_id_in_body=status) as mock:
        answer = mock.client.post(SCENES, json=scene)
        assert answer.status_code == int(status)
        [error] = answer.json()["errors"]
        assert (error["pointer"], error["rule"]) == ("/body/planId", "SC-02")
        assert mock.client.post(SCENES, json=scene | {"planId": 301}).status_code == 200
