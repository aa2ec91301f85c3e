"""Recordings for tests: made of requests to a mock, or written by hand, and edited."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from tests.serving import CLIENT_CREDENTIALS, PASSWORD_GRANT

Entry = dict[str, Any]
FIRST = datetime(2025, 4, 21, 1, tzinfo=UTC)
"""Start of the first request of a recording; the others follow each second."""
GROUPS = "/api/v1/marketing-notice/group"
PLANS = "/api/v1/marketing-notice"
NOTIFICATIONS = "/api/v1/notification-tasks"


@dataclass
class Recording:
    """Entries of a HAR file."""

    entries: list[Entry] = field(default_factory=list)

    def write(self, folder: Path, name: str = "traffic.har") -> Path:
        """Write the file and return its path."""
        log = {"version": "1.2", "creator": {"name": "tests", "version": "1"}}
        document = {"log": {**log, "entries": self.entries}}
        path = folder / name
        path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        return path

    def find(self, method: str, path_end: str) -> Entry:
        """Return the first entry with this method, and this end of its URL."""
        return next(
            each
            for each in self.entries
            if each["request"]["method"] == method and each["request"]["url"].endswith(path_end)
        )

    def copy(self) -> Recording:
        """Return a copy to edit."""
        return copy.deepcopy(self)


@dataclass
class Recorder:
    """Recorder of the requests of a client, in the form of a browser's HAR."""

    client: httpx.Client
    recording: Recording = field(default_factory=Recording)

    def send(self, method: str, path: str, **options: Any) -> Any:
        """Send a request, record the exchange, and return the JSON of the response."""
        answer = self.client.request(method, path, **options)
        begun = FIRST + timedelta(seconds=len(self.recording.entries))
        self.recording.entries.append(entry_of(answer, begun, 10))
        return answer.json() if answer.content else None


def entry_of(answer: httpx.Response, begun: datetime, lasted: float) -> Entry:
    """Return the HAR entry of an exchange; lasted: in milliseconds."""
    sent = answer.request
    request: Entry = {
        "method": sent.method,
        "url": str(sent.url),
        "httpVersion": "HTTP/1.1",
        "headers": [{"name": name, "value": value} for name, value in sent.headers.items()],
        "bodySize": len(sent.content),
    }
    if sent.content:
        text = sent.content.decode()
        request["postData"] = {"mimeType": sent.headers["content-type"], "text": text}
    content = {
        "size": len(answer.content),
        "mimeType": answer.headers.get("content-type", ""),
        "text": answer.text,
    }
    response = {
        "status": answer.status_code,
        "headers": [{"name": name, "value": value} for name, value in answer.headers.items()],
        "content": content,
    }
    return {
        "startedDateTime": begun.isoformat(),
        "time": lasted,
        "request": request,
        "response": response,
    }


def record_visit(client: httpx.Client) -> Recording:
    """Return the recording of a client that logs in, lists, and makes, changes and deletes."""
    recorder = Recorder(client)
    send = recorder.send
    send("POST", "/oauth/token", json=PASSWORD_GRANT, auth=CLIENT_CREDENTIALS)
    send("GET", f"{GROUPS}?current=0&size=2")
    send("GET", f"{GROUPS}?orderBy=createTime&orderDirection=ASC")
    group = send("POST", GROUPS, json={"name": "甲"})["id"]
    send("GET", f"{GROUPS}/{group}")
    send("PUT", f"{GROUPS}/{group}", json={"name": "乙"})
    send("GET", f"{GROUPS}?ids={group}")
    # As a frontend sends it: an empty filter, and a number against caches.
    send("GET", f"{GROUPS}?keyWord=乙&ids=&_=1745197200")
    send("DELETE", f"{GROUPS}/{group}")
    send("GET", f"{GROUPS}/{group}")
    send("GET", f"{PLANS}?status=EXECUTION")
    send("GET", f"{PLANS}/301/report")
    send("GET", f"{PLANS}/task/401/members?status=COMPLETE_SERVICE&current=0&size=4")
    send("GET", f"{NOTIFICATIONS}?taskType=APPOINTMENT_REMINDER&status=COMPLETED")
    send("GET", NOTIFICATIONS)
    send("GET", f"{NOTIFICATIONS}/501/executions")
    send("GET", "/api/v1/members/1001/daily-reports?startDate=2025-04-10")
    return recorder.recording


def edit_body(entry: Entry, change: Callable[[Any], None]) -> None:
    """Change the JSON of a recorded response."""
    content = entry["response"]["content"]
    document = json.loads(content["text"])
    change(document)
    content["text"] = json.dumps(document, ensure_ascii=False)
    content["size"] = len(content["text"].encode())


def hand_made_entry(
    method: str = "GET",
    url: str = f"https://example.com{GROUPS}",
    *,
    status: int = 200,
    body: Any = None,
    headers: Sequence[tuple[str, str]] = (("content-type", "application/json"),),
    **more: Any,
) -> Entry:
    """Return an entry; `more` are members of it, beside `request` and `response`."""
    content: Entry = {"size": 0, "mimeType": "application/json"}
    if body is not None:
        text = json.dumps(body)
        content |= {"size": len(text), "text": text}
    return {
        "startedDateTime": "2025-04-21T01:00:00.000Z",
        "time": 5,
        "request": {"method": method, "url": url, "headers": []},
        "response": {
            "status": status,
            "headers": [{"name": name, "value": value} for name, value in headers],
            "content": content,
        },
        **more,
    }
