"""The sessions page: list, create, open, delete."""

from __future__ import annotations

import pytest

from tests.mock_server.pages.console.person import CONSOLE, person_at, texts_of
from tests.mock_server.pages.html_page import HtmlPage
from tests.serving import RunningMock

NEW_YEAR = {"name": "ci-9", "scenario": "empty", "seed": "7", "instant": "2025-12-31T23:59"}


def test_a_session_is_created_opened_and_deleted(mock: RunningMock) -> None:
    """With scenario, seed and instant; the list has its counts and its use."""
    with person_at(mock) as person:
        created = person.submit("/sessions", "/sessions", **NEW_YEAR)
        shown = texts_of(created)
        assert "Session ci-9 was created." in shown
        assert "/__session/ci-9 not used 2025-12-31 23:59:00 frozen empty 7 3 0" in shown
        assert f"{CONSOLE}/?session=ci-9" in HtmlPage(created.text).links
        mock.anonymous.get("/__session/ci-9/api/v1/notices")
        assert "not used 2025-12-31" not in texts_of(person.open("/sessions"))
        deleted = texts_of(person.submit("/sessions/ci-9/delete", "/sessions"))
        assert "Session ci-9 was deleted." in deleted
    assert mock.sessions.find("ci-9") is None


def test_after_its_deletion_the_default_session_is_shown(mock: RunningMock) -> None:
    """Otherwise the page would create it again."""
    with person_at(mock, "session=tea") as person:
        person.open("/sessions")
        after = person.submit("/sessions/tea/delete", "/sessions")
        assert "session" not in after.url.params
    assert mock.sessions.find("tea") is None


@pytest.mark.parametrize("path", ["/", "/journal", "/sessions", "/data/notices"])
def test_a_page_that_is_still_open_does_not_create_its_session_again(
    mock: RunningMock, path: str
) -> None:
    """Its script polls with a header, and says that the session is gone."""
    polling = {"X-Console-Version": ""}
    with person_at(mock, "session=tea") as person:
        opened = person.open(path)
        assert "no longer exists" in HtmlPage(opened.text).text_of("gone")
        assert person.browser.get(opened.url, headers=polling).status_code == 200
        mock.anonymous.delete("/__admin/sessions/tea").raise_for_status()
        assert person.browser.get(opened.url, headers=polling).status_code == 404
    assert mock.sessions.find("tea") is None


@pytest.mark.parametrize(
    ("fields", "status", "field", "rule"),
    [
        ({"name": ""}, 400, "name", "CP-10"),
        ({"name": "a/b"}, 400, "name", "CP-10"),
        ({"name": "default"}, 409, "name", "CP-11"),
        ({"name": "a", "seed": "many"}, 400, "seed", "type"),
        ({"name": "a", "scenario": "demo", "size": "500"}, 400, "size", "CP-42"),
        ({"name": "a", "instant": "1970-01-01T00:00"}, 400, "instant", "CP-12"),
    ],
)
def test_an_error_stands_beside_its_field(
    shared_mock: RunningMock, fields: dict[str, str], status: int, field: str, rule: str
) -> None:
    """Nothing that was entered is lost."""
    with person_at(shared_mock) as person:
        refused = person.submit("/sessions", "/sessions", **fields)
    assert refused.status_code == status
    label = refused.text.partition(f'name="{field}"')[2].partition("</label>")[0]
    assert rule in label
    for name, value in fields.items():
        if name != "scenario":
            assert f'name="{name}" value="{value}"' in refused.text


def test_the_default_session_cannot_be_deleted(shared_mock: RunningMock) -> None:
    """CP-43; its row has no button for it."""
    with person_at(shared_mock) as person:
        assert "/sessions/default/delete" not in person.open("/sessions").text
        refused = person.submit("/sessions/default/delete", "/sessions")
    assert refused.status_code == 409
    assert "CP-43" in texts_of(refused)
