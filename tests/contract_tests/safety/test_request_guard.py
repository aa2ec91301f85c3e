"""Requests that the guard allows and forbids, each checked before it is sent."""

from __future__ import annotations

import io
from typing import Any

import pytest
import requests

from contract_tests.rules.member_workbook import write_member_list
from contract_tests.safety.policy import SafetyPolicy
from contract_tests.safety.request_guard import (
    EARLY_START_REASON,
    FOREIGN_RECORD_REASON,
    OTHER_CREDENTIALS_REASON,
    RELEASE_REASON,
    UNKNOWN_OPERATION_REASON,
    UNLISTED_MEMBER_REASON,
    UNREADABLE_BODY_REASON,
    RequestGuard,
)
from contract_tests.target.target import Target
from contract_tests.target.transport import UnsafeRequestError, open_session
from tests.contract_tests.safety.staging import (
    API,
    CREDENTIALS,
    GRANT,
    LI,
    NOTICES,
    OUTSIDER,
    PLAN,
    PLAN_TASK,
    TASK,
    TASKS,
    URL,
    ZHANG,
    Staging,
    file_form,
)

ALLOWED: list[tuple[str, str, dict[str, Any]]] = [
    ("GET", f"{NOTICES}/group/77", {}),
    ("HEAD", TASKS, {}),
    ("POST", TASKS, {"json": TASK | {"members": [ZHANG, {**LI, "nickname": "李"}]}}),
    ("POST", TASKS, {"json": TASK | {"members": [{"memberId": "7"}]}}),
    ("POST", TASKS, {"json": TASK | {"members": [{"nickname": "王", "userId": ""}]}}),
    ("POST", TASKS, {"json": {"taskName": "nobody"}}),
    ("POST", TASKS, {}),
    ("POST", f"{NOTICES}/3/task", {"json": PLAN_TASK}),
    ("POST", f"{NOTICES}/3/task", {"json": PLAN_TASK | {"fileIds": [2**62]}}),
    ("POST", f"{NOTICES}/3/task", {"json": PLAN_TASK | {"startTime": "2027-02-31 10:00"}}),
    ("POST", f"{API}/file", file_form(write_member_list([ZHANG | LI]))),
    ("POST", f"{API}/file", file_form(write_member_list([{"memberId": "王", "nickname": "王"}]))),
    ("POST", f"{API}/file", file_form("nickname,userId\n张,U1\n".encode("gb18030"), "a.csv")),
    ("POST", f"{API}/file", file_form(bytes(range(256)))),
    ("PUT", f"{NOTICES}/group/1", {"json": {"name": "n"}}),
    ("DELETE", f"{NOTICES}/group/{2**62}", {}),
    ("DELETE", f"{NOTICES}/group/-1", {}),
    ("DELETE", f"{NOTICES}/group/abc", {}),
    ("PUT", f"{NOTICES}/3", {"json": PLAN}),
    ("PATCH", f"{NOTICES}/0/enable", {}),
    ("PATCH", f"{NOTICES}/task/4/enable", {}),
    ("PUT", f"{TASKS}/5/termination", {"json": {}}),
    ("POST", f"{URL}/oauth/token", {"json": GRANT, "auth": ("client", "secret")}),
    ("POST", f"{URL}/__admin/clock/advance", {"json": {"seconds": 1}}),
    ("PUT", f"{URL}/__admin/clock", {"json": {"frozen": True}}),
]


@pytest.mark.parametrize(("method", "url", "body"), ALLOWED)
def test_requests_that_reach_nobody_else_are_sent(
    staging: Staging, method: str, url: str, body: dict[str, Any]
) -> None:
    """Reads, tasks of test members far ahead, records of the run, and ids that no record has."""
    staging.session.request(method, url, **body)
    assert staging.delivered == [f"{method} {url}"]


REFUSED: list[tuple[str, str, dict[str, Any], str]] = [
    ("POST", TASKS, {"json": TASK | {"members": [ZHANG, OUTSIDER]}}, UNLISTED_MEMBER_REASON),
    (
        "POST",
        TASKS,
        {"json": TASK | {"members": [ZHANG | {"memberId": 8}]}},
        UNLISTED_MEMBER_REASON,
    ),
    ("POST", TASKS, {"json": TASK | {"members": [{"user_id": "U2"}]}}, UNLISTED_MEMBER_REASON),
    ("POST", TASKS, {"json": TASK | {"members": ["U2"]}}, UNLISTED_MEMBER_REASON),
    ("POST", TASKS, {"json": TASK | {"members": {"a": ZHANG}}}, UNLISTED_MEMBER_REASON),
    ("POST", TASKS, {"json": TASK | {"extra": [{"deep": OUTSIDER}]}}, UNLISTED_MEMBER_REASON),
    ("POST", TASKS, {"json": TASK | {"members": [], "fileIds": [66]}}, FOREIGN_RECORD_REASON),
    (
        "POST",
        f"{NOTICES}/3/task",
        {"json": PLAN_TASK | {"fileIds": [6, 66]}},
        FOREIGN_RECORD_REASON,
    ),
    ("POST", f"{NOTICES}/33/task", {"json": PLAN_TASK}, FOREIGN_RECORD_REASON),
    (
        "POST",
        TASKS,
        {"json": TASK | {"scheduledStartTime": "2026-12-02 08:59:58"}},
        EARLY_START_REASON,
    ),
    (
        "POST",
        TASKS,
        {"json": TASK | {"scheduledStartTime": "2026-12-01T23:00:00"}},
        EARLY_START_REASON,
    ),
    ("POST", TASKS, {"json": {**TASK, "scheduledStartTime": None}}, EARLY_START_REASON),
    ("POST", TASKS, {"json": {"taskName": "t", "members": [ZHANG]}}, EARLY_START_REASON),
    ("POST", f"{NOTICES}/3/task", {"json": PLAN_TASK | {"startTime": "10:30"}}, EARLY_START_REASON),
    ("POST", f"{NOTICES}/3/task", {"json": PLAN_TASK | {"startTime": "明天"}}, EARLY_START_REASON),
    ("POST", f"{NOTICES}/3/task", {"json": {"name": "b", "fileIds": [6]}}, EARLY_START_REASON),
    (
        "POST",
        f"{API}/file",
        file_form(write_member_list([ZHANG, OUTSIDER])),
        UNLISTED_MEMBER_REASON,
    ),
    (
        "POST",
        f"{API}/file",
        file_form(b"nickname;UserID\nLi;U2\n", "a.csv"),
        UNLISTED_MEMBER_REASON,
    ),
    (
        "POST",
        f"{API}/file",
        file_form(write_member_list([{"userId": "=CONCAT(1)"}])),
        UNLISTED_MEMBER_REASON,
    ),
    ("PUT", f"{NOTICES}/group/77", {"json": {"name": "n"}}, FOREIGN_RECORD_REASON),
    ("DELETE", f"{NOTICES}/group/77", {}, FOREIGN_RECORD_REASON),
    ("DELETE", f"{NOTICES}/group/%EF%BC%97", {}, FOREIGN_RECORD_REASON),
    ("DELETE", f"{NOTICES}/1", {}, FOREIGN_RECORD_REASON),
    ("PATCH", f"{NOTICES}/task/3/enable", {}, FOREIGN_RECORD_REASON),
    ("POST", f"{NOTICES}/scene", {"json": {"name": "s", "planId": 33}}, FOREIGN_RECORD_REASON),
    (
        "POST",
        NOTICES,
        {"json": {**PLAN, "data": {"name": "p", "groupId": 11}}},
        FOREIGN_RECORD_REASON,
    ),
    (
        "POST",
        NOTICES,
        {"json": {**PLAN, "data": {"groupId": 1, "sceneIds": [2, 22]}}},
        FOREIGN_RECORD_REASON,
    ),
    ("POST", NOTICES, {"json": PLAN | {"options": "RELEASE"}}, RELEASE_REASON),
    ("POST", NOTICES, {"json": {"data": PLAN["data"]}}, RELEASE_REASON),
    ("PUT", f"{NOTICES}/3", {"json": PLAN | {"options": "draft"}}, RELEASE_REASON),
    ("PATCH", f"{NOTICES}/3/enable", {}, RELEASE_REASON),
    ("POST", TASKS, {"data": b"<xml/>"}, UNREADABLE_BODY_REASON),
    ("POST", f"{API}/members", {"json": {}}, UNKNOWN_OPERATION_REASON),
    ("PATCH", f"{NOTICES}/group/1", {"json": {}}, UNKNOWN_OPERATION_REASON),
    ("GET", TASKS, {"headers": {"Authorization": "Bearer wrong"}}, OTHER_CREDENTIALS_REASON),
    (
        "POST",
        f"{URL}/oauth/token",
        {"json": GRANT, "auth": ("client", "wrong")},
        OTHER_CREDENTIALS_REASON,
    ),
    (
        "POST",
        f"{URL}/oauth/token",
        {
            "json": {"grant_type": "refresh_token", "refresh_token": "r"},
            "auth": ("client", "secret"),
        },
        OTHER_CREDENTIALS_REASON,
    ),
]


@pytest.mark.parametrize(("method", "url", "body", "why"), REFUSED)
def test_requests_that_could_reach_somebody_are_not_sent(
    staging: Staging, method: str, url: str, body: dict[str, Any], why: str
) -> None:
    """A forbidden request raises before it is sent, with the reason that reports show."""
    with pytest.raises(UnsafeRequestError) as refused:
        staging.session.request(method, url, **body)
    assert (refused.value.why, staging.delivered) == (why, [])


PERMITTED = [
    ("POST", NOTICES, {"json": PLAN | {"options": "RELEASE"}}),
    ("PATCH", f"{NOTICES}/3/enable", {}),
    ("GET", TASKS, {"headers": {"Authorization": "Bearer wrong"}}),
    ("POST", f"{URL}/oauth/token", {"json": GRANT, "auth": ("client", "wrong")}),
]


@pytest.mark.parametrize(("method", "url", "body"), PERMITTED)
def test_options_let_plans_be_released_and_logins_tried(
    permissive: Staging, method: str, url: str, body: dict[str, Any]
) -> None:
    """The options permit releases and logins only; other members stay out of bounds."""
    permissive.session.request(method, url, **body)
    assert permissive.delivered == [f"{method} {url}"]
    with pytest.raises(UnsafeRequestError, match=UNLISTED_MEMBER_REASON):
        permissive.session.post(TASKS, json=TASK | {"members": [OUTSIDER]})


def test_where_only_logins_are_elsewhere_only_they_are_limited(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """For a target on this machine with foreign tokens, only wrong logins are forbidden."""
    here = Staging(monkeypatch, SafetyPolicy(None))
    here.session.post(TASKS, json=TASK | {"members": [OUTSIDER]})
    here.session.delete(f"{NOTICES}/group/77")
    assert len(here.delivered) == 2
    with pytest.raises(UnsafeRequestError, match=OTHER_CREDENTIALS_REASON):
        here.session.post(f"{URL}/oauth/token", json=GRANT | {"password": "wrong"})


def test_a_server_below_a_path_has_the_same_limits(staging: Staging) -> None:
    """Operations are recognized below the path of the target."""
    guard = RequestGuard(Target(f"{URL}/base", CREDENTIALS, token="t"), SafetyPolicy((ZHANG,)))
    for method, path, why in (
        ("PATCH", "/base/api/v1/marketing-notice/0/enable", ""),
        ("DELETE", "/base/api/v1/marketing-notice/group/1", FOREIGN_RECORD_REASON),
        ("POST", "/base/base/api/v1/file", UNKNOWN_OPERATION_REASON),
    ):
        request = requests.Request(method, URL + path).prepare()
        if why:
            with pytest.raises(UnsafeRequestError, match=why):
                guard.check_request(request)
        else:
            guard.check_request(request)
    assert staging.delivered == []


def test_nothing_is_written_elsewhere_without_a_guard(staging: Staging) -> None:
    """A session without a guard can only read and log in on another machine."""
    token_url = f"{URL}/oauth/token"
    with open_session(URL, token_url=token_url) as session:
        session.get(TASKS)
        session.post(token_url)
        with pytest.raises(UnsafeRequestError, match="to another machine without a safety policy"):
            session.post(f"{NOTICES}/group", json={"name": "g"})
    assert staging.delivered == [f"GET {TASKS}", f"POST {token_url}"]


def test_a_streamed_body_is_not_sent(staging: Staging) -> None:
    """A streamed body cannot be inspected, so it is not sent."""
    with pytest.raises(UnsafeRequestError, match=UNREADABLE_BODY_REASON):
        staging.session.post(f"{API}/file", data=io.BytesIO(b"userId\nU2\n"))
