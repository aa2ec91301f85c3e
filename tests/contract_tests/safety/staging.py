"""A fake server with a guarded session, for tests of the request guard."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests

from contract_tests.rules.member_workbook import XLSX_MEDIA_TYPE, write_member_list
from contract_tests.safety.policy import SafetyPolicy
from contract_tests.safety.request_guard import RequestGuard
from contract_tests.target.target import Credentials, Target
from contract_tests.target.transport import open_session

HOST = "staging.example.com"
URL = f"https://{HOST}"
API = f"{URL}/api/v1"
NOTICES = f"{API}/marketing-notice"
TASKS = f"{API}/notification-tasks"
ZHANG = {"userId": "U1", "ciq": "C1"}
LI = {"memberId": 7}
OUTSIDER = {"userId": "U2"}
"""A member who is no test member."""
FAR = "2026-12-02 09:00:00"
"""A week and a second after the server's time."""
SERVER_TIME = "2026-11-25 08:59:59"
TASK: dict[str, Any] = {"taskName": "t", "scheduledStartTime": FAR, "members": [ZHANG]}
PLAN_TASK: dict[str, Any] = {"name": "b", "startTime": FAR[:-3], "fileIds": [6]}
PLAN: dict[str, Any] = {"options": "DRAFT", "data": {"name": "p", "groupId": 1}}
IDS = {"group": 1, "scene": 2, "plan": 3, "task": 4, "notification": 5, "file": 6}
CREDENTIALS = Credentials("client", "secret", "user@example.com", "password")
GRANT = {"grant_type": "password", "username": "user@example.com", "password": "password"}


class Staging:
    """A server that accepts everything, and a guarded session with one record of each kind."""

    def __init__(self, patch: pytest.MonkeyPatch, policy: SafetyPolicy) -> None:
        self.delivered: list[str] = []
        self.headers: dict[str, str] = {}
        self.next_json: dict[str, Any] = {}
        patch.setattr(requests.adapters.HTTPAdapter, "send", self._answer)
        self.guard = RequestGuard(Target(URL, CREDENTIALS), policy)
        self.session = open_session(
            URL, before_request=self.guard.check_request, on_response=self.guard.note_response
        )
        self.next_json = {"access_token": "t0ken"}
        self.session.post(f"{URL}/oauth/token", json=GRANT, auth=("client", "secret"))
        self.session.headers["Authorization"] = "Bearer t0ken"
        self.create(IDS["group"], "POST", f"{NOTICES}/group", json={"name": "g"})
        self.create(IDS["plan"], "POST", NOTICES, json=PLAN)
        scene = {"name": "s", "planId": IDS["plan"]}
        self.create(IDS["scene"], "POST", f"{NOTICES}/scene", json=scene)
        self.create(
            IDS["file"],
            "POST",
            f"{API}/file",
            files={"file": ("a.xlsx", write_member_list([ZHANG]))},
        )
        self.create(IDS["task"], "POST", f"{NOTICES}/3/task", json=PLAN_TASK)
        self.create(IDS["notification"], "POST", TASKS, json=TASK)
        self.delivered.clear()

    def create(self, number: int, method: str, url: str, **body: Any) -> None:
        """Send a request that creates a record; the response has this id, and the server's time."""
        self.next_json = {"id": number, "createTime": SERVER_TIME}
        self.session.request(method, url, **body)
        self.next_json = {}

    def _answer(self, request: requests.PreparedRequest, **_options: Any) -> requests.Response:
        self.delivered.append(f"{request.method} {request.url}")
        found = requests.Response()
        found.status_code, found.request, found.url = 200, request, str(request.url)
        found.headers.update(self.headers)
        found._content, found._content_consumed = json.dumps(self.next_json).encode(), True
        return found


def file_form(content: bytes, name: str = "list.xlsx") -> dict[str, Any]:
    """A form with a file, as `requests` takes it."""
    return {"files": {"file": (name, content, XLSX_MEDIA_TYPE)}, "data": {"moduleName": "probe"}}
