"""The snapshots page: save, restore, delete."""

from __future__ import annotations

import html

import pytest

from tests.mock_server.control.admin_client import ADMIN
from tests.mock_server.pages.console.person import person_at, texts_of
from tests.serving import RunningMock


def test_a_snapshot_is_saved_restored_and_deleted(mock: RunningMock) -> None:
    """The clock goes back to the saved instant."""
    with person_at(mock) as person:
        assert "There are no snapshots yet." in texts_of(person.open("/snapshots"))
        saved = texts_of(person.submit("/snapshots", "/snapshots", name="clean"))
        assert "Snapshot clean was saved." in saved
        person.submit("/advance", step="hour")
        restored = texts_of(person.submit("/snapshots/clean/restore", "/snapshots"))
        assert "Snapshot clean was restored; the clock is at 2025-04-21 09:00:00." in restored
        deleted = texts_of(person.submit("/snapshots/clean/delete", "/snapshots"))
        assert "There are no snapshots yet." in deleted
        assert person.submit("/snapshots/clean/restore", "/snapshots").status_code == 404


@pytest.mark.parametrize("name", ["", "..", "a/b", "../../reset", "<b>x</b>", "快照", "x" * 65])
def test_a_name_that_no_snapshot_can_have_is_refused(shared_mock: RunningMock, name: str) -> None:
    """CP-28 stands beside the field, which keeps the name."""
    with person_at(shared_mock) as person:
        refused = person.submit("/snapshots", "/snapshots", name=name)
    assert refused.status_code == 400
    assert "CP-28" in texts_of(refused)
    assert f'value="{html.escape(name)}"' in refused.text
    assert not shared_mock.anonymous.get(f"{ADMIN}/snapshots").json()["snapshots"]
