"""The overview: what it shows, and what its buttons do."""

from __future__ import annotations

import re

import pytest

from tests.mock_server.pages.console.person import person_at, texts_of
from tests.serving import RunningMock


def test_it_shows_session_clock_scenario_and_counts(shared_mock: RunningMock) -> None:
    """All values are those of `GET /__admin/health`."""
    with person_at(shared_mock) as person:
        shown = texts_of(person.open())
    health = shared_mock.anonymous.get("/__admin/health").json()
    assert "2025-04-21 09:00:00" in shown
    assert "frozen" in shown
    for value in (health["session"], health["scenario"], health["seed"], health["version"]):
        assert str(value) in shown
    assert f"Plan tasks {health['records']['noticeTasks']} " in shown


@pytest.mark.parametrize(
    ("step", "now"), [("hour", "2025-04-21 10:00:00"), ("day", "2025-04-22 09:00:00")]
)
def test_a_button_advances_the_clock(mock: RunningMock, step: str, now: str) -> None:
    """The page that follows is shown by GET and says so; a reload sends nothing again."""
    with person_at(mock) as person:
        after = person.submit("/advance", step=step)
        assert after.request.method == "GET"
        assert after.history[0].status_code == 303
        assert f"The clock is now at {now}." in texts_of(after)
        assert "The clock is now" not in texts_of(person.open())


def test_the_clock_advances_to_an_instant(mock: RunningMock) -> None:
    """In China Standard Time; an earlier instant is refused beside the form."""
    with person_at(mock) as person:
        person.submit("/advance", to="2025-04-21T15:30")
        assert "2025-04-21 15:30:00" in texts_of(person.open())
        refused = person.submit("/advance", to="2025-04-21T15:29:59")
    assert refused.status_code == 409
    assert "CP-04" in texts_of(refused)
    assert 'value="2025-04-21T15:29:59"' in refused.text


def test_the_clock_is_frozen_and_runs(mock: RunningMock) -> None:
    """One button freezes a running clock and lets a frozen one run."""
    with person_at(mock) as person:
        assert "The clock is running." in texts_of(person.submit("/freeze", frozen="false"))
        assert not mock.world.clock.frozen
        assert "The clock is frozen." in texts_of(person.submit("/freeze", frozen="true"))
        assert mock.world.clock.frozen


def test_a_reset_has_scenario_seed_and_size(mock: RunningMock) -> None:
    """Empty fields keep what the session began with."""
    with person_at(mock) as person:
        person.submit("/reset", scenario="large", seed="7", size="100")
        assert mock.sessions.default.world.seed == 7
        assert len(mock.sessions.default.world.notification_tasks) == 100
        assert "The data was reset." in texts_of(person.submit("/reset"))
    assert mock.sessions.default.world.seed == 20250421


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"scenario": "demo", "size": "500"}, "CP-42"),
        ({"seed": "many"}, "type"),
        ({"seed": "9" * 40}, "type"),
        ({"scenario": "<b>none</b>"}, "enum"),
    ],
)
def test_a_refused_reset_is_explained_beside_its_form(
    shared_mock: RunningMock, fields: dict[str, str], rule: str
) -> None:
    """Nothing is changed, and the form has what was sent."""
    before = shared_mock.sessions.default.world
    with person_at(shared_mock) as person:
        refused = person.submit("/reset", **fields)
    assert refused.status_code == 400
    assert rule in texts_of(refused)
    if "seed" in fields:
        assert f'value="{fields["seed"]}"' in refused.text
    assert shared_mock.sessions.default.world is before


def test_another_session_has_its_own_clock(mock: RunningMock) -> None:
    """The page of a session changes that session alone."""
    with person_at(mock, "session=tea") as person:
        assert "2025-04-21 10:00:00" in texts_of(person.submit("/advance", step="hour"))
        assert re.search("<option selected>tea</option>", person.open().text)
    with person_at(mock) as person:
        assert "2025-04-21 09:00:00" in texts_of(person.open())
