"""Fault rules are set, read and removed, and wrong ones are refused with their reason."""

from __future__ import annotations

from typing import Any

import pytest

from mock_server.control.contract import load_control_contract
from mock_server.http.preferences import MAX_DELAY_MS
from mock_server.sessions.faults import MAX_RULES
from tests.mock_server.control.admin_client import ADMIN, expect_ok, expect_refusal
from tests.serving import RunningMock

FAULTS = f"{ADMIN}/faults"
GROUPS = "/api/v1/marketing-notice/group"


def test_rules_are_added_read_and_removed(mock: RunningMock) -> None:
    """Each has an id and counts its hits; fields that were not set are left out."""
    rule = {"operation": "listGroups", "status": 503, "retryAfter": 3, "times": 2}
    added = expect_ok(mock.anonymous.post(FAULTS, json=rule))
    assert added == {**rule, "id": "1", "hits": 0}
    second = expect_ok(mock.anonymous.post(FAULTS, json={"operation": "*", "delay": 1}))
    assert mock.client.get(GROUPS).status_code == 503
    assert expect_ok(mock.anonymous.get(f"{FAULTS}/1")) == {**added, "hits": 1}
    assert expect_ok(mock.anonymous.get(FAULTS)) == [{**added, "hits": 1}, second]
    assert mock.anonymous.delete(f"{FAULTS}/1").status_code == 204
    assert expect_ok(mock.anonymous.get(FAULTS)) == [second]
    assert mock.client.get(GROUPS).status_code == 200
    assert mock.anonymous.delete(FAULTS).status_code == 204
    assert expect_ok(mock.anonymous.get(FAULTS)) == []
    assert "X-Mock-Fault" not in mock.client.get(GROUPS).headers


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("id_", ["9", "99999999"])
def test_a_rule_that_does_not_exist_is_404(mock: RunningMock, method: str, id_: str) -> None:
    """The error names those that exist."""
    expect_ok(mock.anonymous.post(FAULTS, json={"operation": "*", "delay": 1}))
    error = expect_refusal(mock.anonymous.request(method, f"{FAULTS}/{id_}"), 404)
    assert (error["pointer"], error["accepted"], error["found"]) == ("/path/id", "1", id_)


def test_new_rules_replace_all_old_ones_and_a_reset_removes_them(mock: RunningMock) -> None:
    """Ids begin again, so that chance is the same for the same rules."""
    for _ in range(2):
        rules = [{"operation": "*", "status": 500}, {"operation": "auth", "delay": 1}]
        assert [each["id"] for each in expect_ok(mock.anonymous.put(FAULTS, json=rules))] == [
            "1",
            "2",
        ]
    expect_ok(mock.anonymous.post(f"{ADMIN}/reset"))
    assert expect_ok(mock.anonymous.get(FAULTS)) == []
    expect_ok(mock.anonymous.put(FAULTS, json=[{"operation": "*", "status": 500}]))
    assert expect_ok(mock.anonymous.put(FAULTS, json=[])) == []


@pytest.mark.parametrize(
    ("rule", "field", "broken", "accepted"),
    [
        ({"operation": "listGrops", "status": 503}, "/operation", "CP-14", "listGroups"),
        ({"operation": "zzzz", "status": 503}, "/operation", "CP-14", "notice-groups"),
        ({"operation": "listGroups", "status": 404}, "/status", "CP-15", "503"),
        ({"operation": "*", "status": 418}, "/status", "CP-15", "503"),
        ({"operation": "notice-groups", "example": "no"}, "/example", "CP-16", "expiredToken"),
        ({"operation": "*", "status": 401, "example": "empty"}, "/example", "CP-16", "wrongClient"),
        ({"operation": "*"}, "", "CP-17", "status, example, delay, disconnect"),
        ({"operation": "*", "times": 1}, "", "CP-17", "status, example, delay, disconnect"),
        ({"operation": "*", "delay": 5, "maxDelay": 4}, "/maxDelay", "CP-18", ">= 5"),
        ({"operation": "*", "status": 500, "maxDelay": 4}, "/maxDelay", "CP-18", "delay"),
        (
            {"operation": "*", "status": 500, "disconnect": "before"},
            "/status",
            "CP-18",
            "disconnect: body",
        ),
        ({"operation": "*", "delay": 1, "retryAfter": 1}, "/retryAfter", "CP-18", "status"),
        ({"operation": "*", "delay": 1, "undocumented": True}, "/undocumented", "CP-18", "status"),
        ({"operation": "*", "status": 199}, "/status", "minimum", "minimum 200"),
        ({"operation": "*", "delay": MAX_DELAY_MS + 1}, "/delay", "maximum", f"{MAX_DELAY_MS}"),
        ({"operation": "*", "probability": 0}, "/probability", "minimum", ""),
        ({"operation": "*", "delay": 1, "delayMs": 1}, "/delayMs", "additionalProperties", ""),
    ],
)
def test_a_rule_that_cannot_work_is_refused(
    shared_mock: RunningMock, rule: dict[str, Any], field: str, broken: str, accepted: str
) -> None:
    """The error names the field and what is possible, in a list as well as alone."""
    for answer, pointer in (
        (shared_mock.anonymous.post(FAULTS, json=rule), "/body"),
        (shared_mock.anonymous.put(FAULTS, json=[{"operation": "*", "delay": 1}, rule]), "/body/1"),
    ):
        error = expect_refusal(answer)
        assert (error["pointer"], error["rule"]) == (f"{pointer}{field}", broken)
        assert accepted in error.get("accepted", "")
    assert expect_ok(shared_mock.anonymous.get(FAULTS)) == []


def test_an_undocumented_status_must_be_asked_for(mock: RunningMock) -> None:
    """With `undocumented`, any status of every operation is possible."""
    rule = {"operation": "*", "status": 418, "undocumented": True}
    expect_ok(mock.anonymous.put(FAULTS, json=[rule]))
    answer = mock.client.get(GROUPS)
    assert (answer.status_code, answer.json()["status"]) == (418, 418)


def test_the_number_of_rules_is_limited(mock: RunningMock) -> None:
    """The limit is that of the contract, in a list and one by one."""
    rule = {"operation": "*", "delay": 1}
    put = load_control_contract(secured=False)["paths"]["/faults"]["put"]
    schema = put["requestBody"]["content"]["application/json"]["schema"]
    assert schema["maxItems"] == MAX_RULES
    too_many = mock.anonymous.put(FAULTS, json=[rule] * (MAX_RULES + 1))
    assert expect_refusal(too_many)["rule"] == "maxItems"
    expect_ok(mock.anonymous.put(FAULTS, json=[rule] * MAX_RULES))
    assert expect_refusal(mock.anonymous.post(FAULTS, json=rule), 409)["rule"] == "maxItems"
    assert len(expect_ok(mock.anonymous.get(FAULTS))) == MAX_RULES
