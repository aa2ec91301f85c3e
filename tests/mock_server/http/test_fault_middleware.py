"""A request gets the response that it prefers, or that a fault rule of its session has for it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mock_server.control.admin_client import ADMIN, expect_ok
from tests.mock_server.http.preference_requests import GROUPS, prefer
from tests.serving import RunningMock, fetch_token, mock_with


def set_rules(mock: RunningMock, *rules: dict[str, Any]) -> list[dict[str, Any]]:
    """Send PUT /faults."""
    found: list[dict[str, Any]] = expect_ok(mock.anonymous.put(f"{ADMIN}/faults", json=rules))
    return found


@pytest.mark.parametrize(
    ("preferences", "rule", "accepted"),
    [
        ("code=418", "preferredStatus", "503"),
        ("code=200, example=nothing", "preferredExample", "empty"),
        ("example=nothing", "preferredExample", "expiredToken"),
        ("code=502; undocumented, example=empty", "preferredExample", ""),
        ("code=x", "preference", "code=200..599"),
    ],
)
def test_a_preference_that_cannot_be_met_is_refused(
    shared_mock: RunningMock, preferences: str, rule: str, accepted: str
) -> None:
    """The error names the place and what would be accepted, and nothing is applied."""
    answer = prefer(shared_mock, preferences)
    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert (error["pointer"], error["rule"]) == ("/header/Prefer", rule)
    assert accepted in error.get("accepted", "")
    assert "Preference-Applied" not in answer.headers


def test_the_query_is_as_good_as_the_header(shared_mock: RunningMock) -> None:
    """The operation does not see these parameters, and others stay as they are."""
    answer = shared_mock.anonymous.get(f"{GROUPS}?__code=503&current=1")
    assert answer.status_code == 503
    assert answer.headers["Preference-Applied"] == "code=503"
    wrong = shared_mock.anonymous.get(f"{GROUPS}?__code=418")
    assert wrong.json()["errors"][0]["pointer"] == "/query/__code"
    with mock_with(unknown_input="refused") as strict:
        late = strict.client.get(f"{GROUPS}?__delay=1")
        assert late.status_code == 200
        assert late.headers["Preference-Applied"] == "delay=1"


def test_a_delayed_request_is_otherwise_as_usual(shared_mock: RunningMock) -> None:
    """Also if it is refused."""
    for client, status in ((shared_mock.client, 200), (shared_mock.anonymous, 401)):
        answer = client.get(GROUPS, headers={"Prefer": "delay=60"})
        assert answer.status_code == status
        assert answer.headers["Preference-Applied"] == "delay=60"
        assert answer.elapsed.total_seconds() >= 0.06


def test_pages_preflights_unknown_paths_and_the_control_plane_are_not_subject_to_faults(
    mock: RunningMock,
) -> None:
    """Otherwise a rule for everything could not be removed."""
    set_rules(mock, {"operation": "*", "status": 503})
    sent = {"Prefer": "code=500"}
    assert mock.anonymous.get("/", headers=sent).status_code == 200
    assert mock.anonymous.get("/nothing", headers=sent).status_code == 404
    assert mock.anonymous.put("/oauth/token", headers=sent).status_code == 405
    assert mock.anonymous.options(GROUPS, headers=sent).status_code == 204
    assert mock.anonymous.get(f"{ADMIN}/faults", headers=sent).status_code == 200
    assert mock.anonymous.get(GROUPS).status_code == 503


def test_a_rule_decides_the_requests_of_an_operation_a_tag_or_all(mock: RunningMock) -> None:
    """The first that matches, as often as it may; each response names its rule."""
    set_rules(
        mock,
        {"operation": "listGroups", "status": 503, "retryAfter": 7, "times": 1},
        {"operation": "notice-groups", "status": 429},
        {"operation": "*", "example": "expiredToken"},
    )
    seen = [mock.client.get(path) for path in (GROUPS, GROUPS, f"{GROUPS}/101", "/api/v1/file/601")]
    marks = [(each.status_code, each.headers.get("X-Mock-Fault")) for each in seen]
    # The download needs no token, so that the contract has no such example there.
    assert marks == [(503, "1"), (429, "2"), (429, "2"), (200, None)]
    assert seen[0].headers["Retry-After"] == "7"
    scenes = mock.client.get("/api/v1/marketing-notice/scene")
    assert (scenes.status_code, scenes.headers["X-Mock-Fault"]) == (401, "3")
    hits = [rule["hits"] for rule in expect_ok(mock.anonymous.get(f"{ADMIN}/faults"))]
    assert hits == [1, 2, 1]


def test_preferences_of_a_request_come_before_the_rules(mock: RunningMock) -> None:
    """The rule is not hit."""
    set_rules(mock, {"operation": "*", "status": 503})
    answer = mock.client.get(GROUPS, headers={"Prefer": "code=200"})
    assert (answer.status_code, answer.headers.get("X-Mock-Fault")) == (200, None)
    assert expect_ok(mock.anonymous.get(f"{ADMIN}/faults"))[0]["hits"] == 0


def test_a_forced_write_has_no_effect(mock: RunningMock) -> None:
    """The operation is not called."""
    before = mock.client.get(GROUPS).json()
    answer = mock.client.post(GROUPS, json={"name": "new"}, headers={"Prefer": "code=500"})
    assert answer.status_code == 500
    assert mock.client.get(GROUPS).json() == before


def test_scripts_of_any_origin_can_read_what_was_forced(shared_mock: RunningMock) -> None:
    """`Retry-After`, `Preference-Applied`, `X-Mock-Fault` and `Date` are exposed."""
    headers = {"Origin": "https://app.example", "Prefer": "code=503"}
    answer = shared_mock.anonymous.get(GROUPS, headers=headers)
    exposed = {each.strip() for each in answer.headers["Access-Control-Expose-Headers"].split(",")}
    assert {"Retry-After", "Preference-Applied", "X-Mock-Fault", "Date"} <= exposed
    assert answer.headers["Access-Control-Allow-Origin"] == "https://app.example"


def test_head_has_the_headers_of_the_forced_response(shared_mock: RunningMock) -> None:
    """And no body."""
    answer = shared_mock.anonymous.head(GROUPS, headers={"Prefer": "code=503"})
    assert (answer.status_code, answer.content) == (503, b"")
    assert int(answer.headers["Content-Length"]) > 0


def test_tokens_are_not_needed_for_a_forced_response(shared_mock: RunningMock) -> None:
    """A broken backend does not check them, and a valid one changes nothing."""
    token = fetch_token(shared_mock.anonymous)
    headers = {"Prefer": "code=503", "Authorization": f"Bearer {token}"}
    assert shared_mock.anonymous.get(GROUPS, headers=headers).status_code == 503
    assert prefer(shared_mock, "code=503").status_code == 503


def test_the_journal_says_what_was_forced(mock: RunningMock) -> None:
    """With the query as it was sent."""
    set_rules(mock, {"operation": "listGroups", "status": 503, "delay": 1})
    mock.client.get(GROUPS)
    mock.client.get(f"{GROUPS}?__code=500")
    mock.client.get(f"{GROUPS}?__delay=1&size=2")
    entries = expect_ok(mock.anonymous.get(f"{ADMIN}/requests"))["requests"]
    found = {each["path"]: each["faults"] for each in entries if each["faults"]}
    assert found == {
        GROUPS: [{"rule": "1", "status": 503, "delay": 1}],
        f"{GROUPS}?__code=500": [{"preference": "code=500", "status": 500}],
        f"{GROUPS}?__delay=1&size=2": [{"preference": "delay=1", "delay": 1}],
    }
