"""The faults page: rules, their hits, the form, and why it was refused."""

from __future__ import annotations

import html

import pytest

from tests.mock_server.pages.console.person import person_at, texts_of
from tests.serving import RunningMock

GROUPS = "/api/v1/marketing-notice/group"


def test_a_rule_is_added_and_its_hits_are_counted(mock: RunningMock) -> None:
    """With every field of the form."""
    fields = {
        "operation": "listGroups",
        "status": "503",
        "delay": "1",
        "maxDelay": "2",
        "disconnect": "",
        "retryAfter": "7",
        "times": "2",
        "probability": "1",
        "example": "",
    }
    with person_at(mock) as person:
        added = texts_of(person.submit("/faults/add", "/faults", **fields))
        assert "Rule 1 was added." in added
        assert "status 503 · delay 1–2 ms · Retry-After: 7 · at most 2 times 0 hits" in added
        answer = mock.client.get(GROUPS)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")
        assert "1 hits" in texts_of(person.open("/faults"))
        mock.client.get(GROUPS)
        assert "used up" in texts_of(person.open("/faults"))


@pytest.mark.parametrize(
    ("fields", "rule", "field"),
    [
        ({"operation": "listGroup", "status": "503"}, "CP-14", "operation"),
        ({"operation": "listGroups", "status": "418"}, "CP-15", "status"),
        ({"operation": "listGroups", "status": "many"}, "type", "status"),
        ({"operation": "listGroups", "example": "<b>none</b>"}, "CP-16", "example"),
        ({"operation": "*", "delay": "5", "maxDelay": "1"}, "CP-18", "maxDelay"),
        ({"operation": "*", "delay": "1", "probability": "2"}, "maximum", "probability"),
        ({"operation": "*", "disconnect": "before", "retryAfter": "5"}, "CP-18", "retryAfter"),
    ],
)
def test_an_error_stands_beside_its_field(
    shared_mock: RunningMock, fields: dict[str, str], rule: str, field: str
) -> None:
    """Nothing that was entered is lost, and no rule is added."""
    with person_at(shared_mock) as person:
        refused = person.submit("/faults/add", "/faults", **fields)
    assert refused.status_code == 400
    label = refused.text.partition(f'name="{field}"')[2].partition("</label>")[0]
    assert rule in label
    assert 'aria-invalid="true"' in label
    for value in fields.values():
        assert html.escape(value) in refused.text
    assert not shared_mock.sessions.default.faults.rules()


def test_a_rule_without_effect_is_refused_above_the_fields(shared_mock: RunningMock) -> None:
    """CP-17 concerns no single field."""
    with person_at(shared_mock) as person:
        assert "CP-17" in texts_of(person.submit("/faults/add", "/faults", operation="*"))


def test_an_undocumented_status_needs_its_box(mock: RunningMock) -> None:
    """It then is served."""
    fields = {"operation": "listGroups", "status": "418", "undocumented": "1"}
    with person_at(mock) as person:
        person.submit("/faults/add", "/faults", **fields)
    assert mock.client.get(GROUPS).status_code == 418


def test_one_rule_or_all_are_deleted(mock: RunningMock) -> None:
    """The others keep their order."""
    with person_at(mock) as person:
        for delay in "123":
            person.submit("/faults/add", "/faults", operation="*", delay=delay)
        shown = texts_of(person.submit("/faults/2/delete", "/faults"))
        assert "Rule 2 was deleted." in shown
        assert [rule.id for rule in mock.sessions.default.faults.rules()] == ["1", "3"]
        assert person.submit("/faults/2/delete", "/faults").status_code == 404
        assert "All rules were deleted." in texts_of(person.submit("/faults/delete", "/faults"))
    assert not mock.sessions.default.faults.rules()


def test_the_form_suggests_what_the_contract_has(shared_mock: RunningMock) -> None:
    """Operations, tags, statuses and examples."""
    with person_at(shared_mock) as person:
        page = person.open("/faults").text
    for value in ("*", "notification-tasks", "createToken", "503"):
        assert f"<option>{value}</option>" in page
