"""Texts that clients have stored never become an element, an attribute or a script of a page."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import quote

import httpx
import pytest

from mock_server.pages.console.data_texts import KIND_TEXTS
from tests.mock_server.control.admin_client import ADMIN
from tests.mock_server.pages.console.person import CONSOLE, Person, person_at
from tests.serving import RunningMock

ATTACKS = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>",
    "' autofocus onfocus=alert(1) x='",
    "javascript:alert(1)",
    "</textarea></code></pre><svg onload=alert(1)>",
    "{{ 7*7 }}{% raw %}",
)
FORMS = {
    "/faults/add": ("operation", "status", "example", "delay", "times", "disconnect"),
    "/snapshots": ("name",),
    "/sessions": ("name", "scenario", "seed", "size", "instant"),
}
"""Fields of forms whose values are shown again when they are refused."""


class _Elements(HTMLParser):
    """Names of the elements of a page, and their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element."""
        self.names.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def check_harmless(answer: httpx.Response) -> None:
    """Check that a page has the elements of its template only."""
    found = _Elements(answer.text)
    assert found.names.count("script") == 1
    assert not {"img", "svg", "iframe", "object"} & {*found.names}
    for name, value in found.attributes:
        assert not name.startswith("on"), (name, value)
        if name in ("href", "action", "src"):
            assert not re.match(r"\s*javascript:", value, re.IGNORECASE), value
            assert not value.startswith("//"), value


def store(mock: RunningMock, text: str) -> list[str]:
    """Store a text in every field that the console shows; return the pages with it."""
    client = mock.client
    name = text[:50]

    def post(path: str, body: object) -> int:
        answer = client.post(path, json=body)
        assert answer.status_code == 200, answer.text
        return int(answer.json()["id"])

    group = post("/api/v1/marketing-notice/group", {"name": name})
    data = {"name": name, "groupId": group, "description": text, "prompt": text}
    notice = post("/api/v1/marketing-notice", {"options": "DRAFT", "data": data})
    sent = text.replace("{", "(")  # a placeholder would need a value
    task = post(
        "/api/v1/notification-tasks",
        {
            "taskName": name,
            "taskType": "APPOINTMENT_REMINDER",
            "scheduledStartTime": "2025-04-21 15:00:00",
            "contents": [{"contentType": "TEXT", "contentValue": sent}],
            "members": [{"userId": text, "nickname": text}],
        },
    )
    upload = {"file": (text.replace('"', "'")[:255], b"x", "text/html")}
    answer = client.post("/api/v1/file", files=upload, data={"moduleName": "notification"})
    assert answer.status_code == 200, answer.text
    [member] = mock.anonymous.get(
        f"{ADMIN}/records/members", params={"search": text[:200], "size": 1}
    ).json()["records"]
    return [
        f"/data/groups/{group}",
        f"/data/notices/{notice}",
        f"/data/notificationTasks/{task}",
        f"/data/members/{member['id']}",
        f"/data/files/{answer.json()['id']}",
    ]


@pytest.mark.parametrize("text", ATTACKS)
def test_stored_texts_are_shown_as_they_are(shared_mock: RunningMock, text: str) -> None:
    """In lists, on the page of the record, and in its JSON."""
    with person_at(shared_mock) as person:
        for page in store(shared_mock, text):
            check_harmless(person.open(page).raise_for_status())
        for kind in KIND_TEXTS:
            check_harmless(person.open(f"/data/{kind}").raise_for_status())
        check_harmless(person.open("/"))


@pytest.mark.parametrize("text", ATTACKS)
def test_what_is_sent_to_a_page_is_text_on_it(shared_mock: RunningMock, text: str) -> None:
    """Searches, filters, form fields, sessions and paths, also those that are refused."""

    def check(person: Person, path: str, **query: str) -> None:
        check_harmless(person.browser.get(CONSOLE + path, params=query))

    with person_at(shared_mock) as person:
        check(person, "/data/notices", search=text)
        check(person, "/data/notices", search="301", status=text, groupId=text)
        check(person, "/data/notices", page=text, lang=text)
        check(person, f"/data/{text.replace('/', '%2F')}")
        check(person, "/", session=text)
        check(person, "/", lang="en", x=text)
        check_harmless(person.submit("/reset", scenario=text, seed=text, size=text))
        check_harmless(person.submit("/advance", to=text))
        filters = dict.fromkeys(("operation", "status", "method", "text", "refused"), text)
        check(person, "/journal", **filters)
        check(person, f"/journal/{text.replace('/', '%2F')}")
        check(person, "/readings", text=text, changed=text)
        check_harmless(person.submit("/readings", answer=f"{text}={text}"))
        for path, fields in FORMS.items():
            check_harmless(person.submit(path, **dict.fromkeys(fields, text)))


def test_what_an_application_has_sent_is_text_in_the_journal(mock: RunningMock) -> None:
    """Path, query, header fields, names and values of a body, and what was found in it."""
    tasks = "/api/v1/notification-tasks"
    for text in ATTACKS:
        headers = {"X-Note": text, "Content-Type": "application/json", "User-Agent": text}
        sent = {"taskName": text, text: text, "taskType": text}
        mock.client.post(tasks, params={text: text}, json=sent, headers=headers)
        mock.client.get(f"/api/v1/{quote(text)}")
    with person_at(mock) as person:
        check_harmless(person.open("/journal").raise_for_status())
        for number in range(2, 2 + 2 * len(ATTACKS)):
            check_harmless(person.open(f"/journal/{number}").raise_for_status())


def test_a_long_text_is_on_one_line_of_a_list(shared_mock: RunningMock) -> None:
    """The whole text is its title; test_browser.py looks at the width of the page."""
    name = "很长的名称" * 10
    body = {"name": name}
    shared_mock.client.post("/api/v1/marketing-notice/group", json=body).raise_for_status()
    with person_at(shared_mock) as person:
        assert f'title="{name}"' in person.open("/data/groups").text
