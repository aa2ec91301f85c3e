"""What may leave for a server that is not ours alone: each request is looked at on its way out."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
import requests

from contract_tests.rules.workbook import XLSX_MEDIA_TYPE, write_member_list
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
from contract_tests.target.target import Credentials, Target
from contract_tests.target.transport import UnsafeRequestError, open_session

HOST = "staging.example.com"
URL = f"https://{HOST}"
API = f"{URL}/api/v1"
NOTICES = f"{API}/marketing-notice"
TASKS = f"{API}/notification-tasks"
ZHANG = {"userId": "U1", "ciq": "C1"}
LI = {"memberId": 7}
FAR = "2026-12-02 09:00:00"
"""A week and a second from the server's time."""
SERVER_TIME = "2026-11-25 08:59:59"
TASK: dict[str, Any] = {"taskName": "t", "scheduledStartTime": FAR, "members": [ZHANG]}
PLAN_TASK: dict[str, Any] = {"name": "b", "startTime": FAR[:-3], "fileIds": [6]}
PLAN: dict[str, Any] = {"options": "DRAFT", "data": {"name": "p", "groupId": 1}}
IDS = {"group": 1, "scene": 2, "plan": 3, "task": 4, "notification": 5, "file": 6}
CREDENTIALS = Credentials("client", "secret", "user@example.com", "password")
GRANT = {"grant_type": "password", "username": "user@example.com", "password": "password"}


class Staging:
    """A server that takes everything, and a session within a reach, which has made one of each."""

    def __init__(self, patch: pytest.MonkeyPatch, reach: SafetyPolicy) -> None:
        self.delivered: list[str] = []
        self.headers: dict[str, str] = {}
        self._next: dict[str, Any] = {}
        patch.setattr(requests.adapters.HTTPAdapter, "send", self._answer)
        self.bounds = RequestGuard(Target(URL, CREDENTIALS), reach)
        self.session = open_session(URL, admit=self.bounds.check_request, watch=self.bounds.learn)
        self._next = {"access_token": "t0ken"}
        self.session.post(f"{URL}/oauth/token", json=GRANT, auth=("client", "secret"))
        self.session.headers["Authorization"] = "Bearer t0ken"
        self.make(IDS["group"], "POST", f"{NOTICES}/group", json={"name": "g"})
        self.make(IDS["plan"], "POST", NOTICES, json=PLAN)
        scene = {"name": "s", "planId": IDS["plan"]}
        self.make(IDS["scene"], "POST", f"{NOTICES}/scene", json=scene)
        self.make(
            IDS["file"],
            "POST",
            f"{API}/file",
            files={"file": ("a.xlsx", write_member_list([ZHANG]))},
        )
        self.make(IDS["task"], "POST", f"{NOTICES}/3/task", json=PLAN_TASK)
        self.make(IDS["notification"], "POST", TASKS, json=TASK)
        self.delivered.clear()

    def make(self, number: int, method: str, url: str, **body: Any) -> None:
        """Send what makes a thing; the answer gives it this id, and the time."""
        self._next = {"id": number, "createTime": SERVER_TIME}
        self.session.request(method, url, **body)
        self._next = {}

    def _answer(self, request: requests.PreparedRequest, **_options: Any) -> requests.Response:
        self.delivered.append(f"{request.method} {request.url}")
        found = requests.Response()
        found.status_code, found.request, found.url = 200, request, str(request.url)
        found.headers.update(self.headers)
        found._content, found._content_consumed = json.dumps(self._next).encode(), True
        return found


@pytest.fixture
def staging(monkeypatch: pytest.MonkeyPatch) -> Staging:
    """With two test members, and nothing else allowed."""
    return Staging(monkeypatch, SafetyPolicy((ZHANG, LI)))


@pytest.fixture
def permissive(monkeypatch: pytest.MonkeyPatch) -> Staging:
    """With all that can be allowed."""
    return Staging(monkeypatch, SafetyPolicy((ZHANG, LI), release=True, token_probes=True))


def file_form(content: bytes, name: str = "list.xlsx") -> dict[str, Any]:
    """A form with a file, as `requests` takes it."""
    return {"files": {"file": (name, content, XLSX_MEDIA_TYPE)}, "data": {"moduleName": "probe"}}


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
def test_what_reaches_nobody_else_leaves(
    staging: Staging, method: str, url: str, body: dict[str, Any]
) -> None:
    """Reading; tasks of test members, far ahead; what the run has made; ids that nothing has."""
    staging.session.request(method, url, **body)
    assert staging.delivered == [f"{method} {url}"]


OUTSIDER = {"userId": "U2"}
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
    ("POST", NOTICES, {"json": PLAN | {"options": "RELEASE_REASON"}}, RELEASE_REASON),
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
def test_what_could_reach_somebody_raises_before_it_leaves(
    staging: Staging, method: str, url: str, body: dict[str, Any], why: str
) -> None:
    """Whoever makes it; the reason is what a rule that needs it is not checkable by."""
    with pytest.raises(UnsafeRequestError) as refused:
        staging.session.request(method, url, **body)
    assert (refused.value.why, staging.delivered) == (why, [])


PERMITTED = [
    ("POST", NOTICES, {"json": PLAN | {"options": "RELEASE_REASON"}}),
    ("PATCH", f"{NOTICES}/3/enable", {}),
    ("GET", TASKS, {"headers": {"Authorization": "Bearer wrong"}}),
    ("POST", f"{URL}/oauth/token", {"json": GRANT, "auth": ("client", "wrong")}),
]


@pytest.mark.parametrize(("method", "url", "body"), PERMITTED)
def test_options_let_plans_be_released_and_logins_tried(
    permissive: Staging, method: str, url: str, body: dict[str, Any]
) -> None:
    """Those two things, and no other: a stranger stays one."""
    permissive.session.request(method, url, **body)
    assert permissive.delivered == [f"{method} {url}"]
    with pytest.raises(UnsafeRequestError, match=UNLISTED_MEMBER_REASON):
        permissive.session.post(TASKS, json=TASK | {"members": [OUTSIDER]})


def test_where_only_logins_are_elsewhere_only_they_are_limited(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On this machine, with tokens of another server: anybody may be addressed, no login tried."""
    here = Staging(monkeypatch, SafetyPolicy(None))
    here.session.post(TASKS, json=TASK | {"members": [OUTSIDER]})
    here.session.delete(f"{NOTICES}/group/77")
    assert len(here.delivered) == 2
    with pytest.raises(UnsafeRequestError, match=OTHER_CREDENTIALS_REASON):
        here.session.post(f"{URL}/oauth/token", json=GRANT | {"password": "wrong"})


def test_a_server_below_a_path_has_the_same_limits(staging: Staging) -> None:
    """Its operations are those below that path."""
    bounds = RequestGuard(Target(f"{URL}/base", CREDENTIALS, token="t"), SafetyPolicy((ZHANG,)))
    for method, path, why in (
        ("PATCH", "/base/api/v1/marketing-notice/0/enable", ""),
        ("DELETE", "/base/api/v1/marketing-notice/group/1", FOREIGN_RECORD_REASON),
        ("POST", "/base/base/api/v1/file", UNKNOWN_OPERATION_REASON),
    ):
        request = requests.Request(method, URL + path).prepare()
        if why:
            with pytest.raises(UnsafeRequestError, match=why):
                bounds.check_request(request)
        else:
            bounds.check_request(request)
    assert staging.delivered == []


def test_nothing_is_written_elsewhere_without_limits(staging: Staging) -> None:
    """Whoever opens the session, and forgets them: reading and logging in is all it can do."""
    token_url = f"{URL}/oauth/token"
    with open_session(URL, token_url=token_url) as session:
        session.get(TASKS)
        session.post(token_url)
        with pytest.raises(UnsafeRequestError, match="is not this machine, without limits"):
            session.post(f"{NOTICES}/group", json={"name": "g"})
    assert staging.delivered == [f"GET {TASKS}", f"POST {token_url}"]


def test_a_file_that_cannot_be_looked_into_is_no_list(staging: Staging) -> None:
    """It may be uploaded; a task that names it is not sent, for nobody knows whom it addresses."""
    for content in (b"PK\x03\x04 broken", "userId\nU2\n".encode("utf-16")):
        staging.make(60, "POST", f"{API}/file", **file_form(content))
        with pytest.raises(UnsafeRequestError, match=FOREIGN_RECORD_REASON):
            staging.session.post(f"{NOTICES}/3/task", json=PLAN_TASK | {"fileIds": [60]})


def test_a_week_ahead_is_by_the_time_of_the_server(staging: Staging) -> None:
    """Its clock was moved: what was far enough ahead is not any more."""
    staging._next = {"now": "2026-11-25T09:00:01+08:00"}
    staging.session.post(f"{URL}/__admin/clock/advance", json={"seconds": 2})
    with pytest.raises(UnsafeRequestError, match=EARLY_START_REASON):
        staging.session.post(TASKS, json=TASK)


@pytest.mark.parametrize(
    ("date", "is_far"),
    [
        ("Wed, 25 Nov 2026 00:59:59 GMT", True),  # 08:59:59 in China
        ("Wed, 25 Nov 2026 01:00:01 GMT", False),
        ("Fri, 25 Nov 2033 01:00:01 GMT", True),
    ],
)
def test_the_later_time_counts_unless_they_have_nothing_to_do_with_each_other(
    staging: Staging, date: str, is_far: bool
) -> None:
    """Times in another zone than was thought are made up for; a simulated one stands alone."""
    staging.headers = {"Date": date}
    staging.session.get(TASKS)
    if is_far:
        staging.session.post(TASKS, json=TASK)
    else:
        with pytest.raises(UnsafeRequestError, match=EARLY_START_REASON):
            staging.session.post(TASKS, json=TASK)


def test_a_body_that_is_read_while_it_is_sent_is_not(staging: Staging) -> None:
    """Nobody can look at it before."""
    with pytest.raises(UnsafeRequestError, match=UNREADABLE_BODY_REASON):
        staging.session.post(f"{API}/file", data=io.BytesIO(b"userId\nU2\n"))
