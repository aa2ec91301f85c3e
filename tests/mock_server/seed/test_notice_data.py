"""Demo data of the marketing notices."""

from __future__ import annotations

from tests.serving import RunningMock

PLAN_IDS = (301, 302, 303, 305)


def test_a_greeting_of_the_demo_says_something(shared_mock: RunningMock) -> None:
    """M18: each text greeting has a `text`, each image greeting an `image` of the mock itself."""
    for plan_id in PLAN_IDS:
        plan = shared_mock.client.get(f"/api/v1/marketing-notice/{plan_id}").json()
        assert plan["greetings"], plan_id
        for greeting in plan["greetings"]:
            assert set(greeting) == {"type", greeting["type"].lower()}, plan_id
    image = shared_mock.client.get("/api/v1/marketing-notice/301").json()["greetings"][1]["image"]
    assert image.startswith(shared_mock.address)
    assert shared_mock.client.get(image).headers["Content-Type"].startswith("image/")
