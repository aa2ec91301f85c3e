"""A client that hands files of the corpus to a running mock, each in a session of its own."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from tests.serving import fetch_token

SESSION_HEADER = "X-Mock-Session"
TASKS = "/api/v1/notification-tasks"
CHECK = "/__admin/member-files/check"
PAGE_SIZE = 100
TIMEOUT_SECONDS = 70
"""Longer than a mock reads the files of a task."""


@dataclass(frozen=True)
class Outcome:
    """The responses of the mock to a file.

    refused: the problem document, in Chinese and in English, if no task was created; members: id
    and name of each member of the task; check: the response of a dry run.
    """

    status: int
    refused: tuple[dict[str, Any], ...] = ()
    total: int = 0
    members: tuple[tuple[int, str], ...] = ()
    check: dict[str, Any] | None = None


class CorpusClient:
    """A client of one mock. A member that one file names is not known to the next."""

    def __init__(self, address: str) -> None:
        self._client = httpx.Client(
            base_url=address,
            verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            timeout=TIMEOUT_SECONDS,
        )
        self._sessions = 0

    def begin_session(self) -> None:
        """Use a new session from now on, with the demo data, logged in."""
        self._sessions += 1
        self._client.headers.pop("Authorization", None)
        self._client.headers[SESSION_HEADER] = f"corpus-{self._sessions}"
        self._client.headers["Authorization"] = f"Bearer {fetch_token(self._client)}"

    def upload(self, name: str, content: bytes) -> httpx.Response:
        """Return the response to an upload."""
        part = {"file": (name, content, None, {"Content-Type": ""})}
        return self._client.post("/api/v1/file", data={"moduleName": "corpus"}, files=part)

    def create_task(
        self, file_id: int, variables: Sequence[str] = (), language: str = "zh"
    ) -> httpx.Response:
        """Return the response to a task whose texts have these variables."""
        body = {
            "taskName": "名单",
            "taskType": "APPOINTMENT_REMINDER",
            "scheduledStartTime": "2025-04-21 10:00:00",
            "contents": [
                {
                    "contentType": "TEXT",
                    "contentValue": "您好" + "".join(f"{{{{{name}}}}}" for name in variables),
                }
            ],
            "fileIds": [file_id],
        }
        return self._client.post(TASKS, json=body, headers={"Accept-Language": language})

    def observe(self, name: str, content: bytes, variables: Sequence[str]) -> Outcome:
        """Return the responses to an upload, a dry run and a task, in a new session."""
        self.begin_session()
        uploaded = self.upload(name, content)
        if uploaded.status_code != 200:
            return Outcome(uploaded.status_code, (uploaded.json(),))
        file_id = uploaded.json()["id"]
        asked = {"fileIds": [file_id], "variables": list(variables)}
        checked = self._client.post(CHECK, json=asked)
        check = checked.json() if checked.status_code == 200 else None
        created = self.create_task(file_id, variables)
        if created.status_code != 200:
            english = self.create_task(file_id, variables, "en").json()
            return Outcome(created.status_code, (created.json(), english), check=check)
        task = created.json()
        return Outcome(200, (), task["totalMembers"], self._members(task["id"]), check)

    def _members(self, task: int) -> tuple[tuple[int, str], ...]:
        """Return the first members of a task."""
        query = {"current": 0, "size": PAGE_SIZE}
        page = self._client.get(f"{TASKS}/{task}/executions", params=query).raise_for_status()
        return tuple((row["memberId"], row["memberName"]) for row in page.json()["records"])

    def get(self, path: str) -> httpx.Response:
        """Return the response to a request in this session."""
        return self._client.get(path)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
