"""Scenes over HTTP: what stays as it is."""

from __future__ import annotations

import pytest

from tests.serving import RunningMock

SCENE = "/api/v1/marketing-notice/scene/201"


@pytest.mark.parametrize("field", ["name", "prompt"])
def test_name_and_prompt_of_a_system_scene_do_not_change(
    shared_mock: RunningMock, field: str
) -> None:
    """SC-10 (M50): all plans share it, and their reports rest on it."""
    before = shared_mock.client.get(SCENE).json()
    body = {"name": before["name"], "prompt": before["prompt"], field: "别的"}
    answer = shared_mock.client.put(SCENE, json=body)
    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert (error["pointer"], error["rule"]) == (f"/body/{field}", "SC-10")
    assert (error["accepted"], error["found"]) == (before[field], "别的")
    assert shared_mock.client.get(SCENE).json() == before


def test_the_external_id_of_a_system_scene_can_be_bound_and_unbound(mock: RunningMock) -> None:
    """SC-10 (M50): it belongs to the caller's system."""
    before = mock.client.get(SCENE).json()
    body = {"name": before["name"], "prompt": before["prompt"], "externalId": "EXT-1"}
    assert mock.client.put(SCENE, json=body).json()["externalId"] == "EXT-1"
    assert mock.client.patch(f"{SCENE}/unbundled-externalId").json()["externalId"] is None
