"""The journal: what its list and its requests show, its filters, and replay."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator

import pytest

from mock_server.pages.console.journal import in_lines
from tests.mock_server.control.journal_requests import MISTAKEN_TASK, TASK_LIST, TASKS
from tests.mock_server.pages.console.person import CONSOLE, Person, person_at, texts_of
from tests.mock_server.pages.html_page import HtmlPage
from tests.serving import FROZEN, RunningMock, run_mock

ATTACK = "<script>alert(1)</script>"
REFUSED_TASK = {"taskName": ATTACK, "taskType": "NONE"}


@pytest.fixture(scope="module")
def journal_mock() -> Iterator[RunningMock]:
    """A mock with four requests: a login, an accepted one, a refused one, an unknown path."""
    with run_mock(FROZEN) as mock:
        mock.client.get(f"{TASK_LIST}&staus=DRAFT").raise_for_status()
        mock.client.post(TASKS, json=REFUSED_TASK)
        mock.client.get("/api/v1/notification-task")
        yield mock


@pytest.fixture
def person(journal_mock: RunningMock) -> Iterator[Person]:
    """A person at the mock."""
    with person_at(journal_mock) as found:
        yield found


def listed(person: Person, filters: str = "") -> list[str]:
    """The ids of the requests in the list."""
    links = HtmlPage(person.open(f"/journal{filters}").text).links
    paths = [re.fullmatch(rf"{CONSOLE}/journal/([0-9]+)(\?.*)?", each) for each in links]
    return [each[1] for each in paths if each]


def test_the_list_has_method_operation_status_and_verdict(person: Person) -> None:
    """The newest request is the first."""
    shown = texts_of(person.open("/journal"))
    assert listed(person) == ["4", "3", "2", "1"]
    assert "The newest 4 of 4 requests." in shown
    assert "/api/v1/notification-tasks createNotificationTask 400" in shown
    assert "accepted 1 unrecognized" in shown
    assert "/api/v1/notification-task – 404" in shown


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ("?operation=createToken", ["1"]),
        ("?status=4xx", ["4", "3"]),
        ("?status=400", ["3"]),
        ("?method=GET", ["4", "2"]),
        ("?refused=1", ["4", "3"]),
        ("?text=alert(1)", ["3"]),
        ("?text=staus", ["2"]),
        ("?text=nowhere", []),
        ("?method=GET&status=2xx&text=staus", ["2"]),
    ],
)
def test_the_list_is_filtered(person: Person, filters: str, expected: list[str]) -> None:
    """All filters have to match; a request leads back to the list with them."""
    assert listed(person, filters) == expected
    for number in expected[:1]:
        back = HtmlPage(person.open(f"/journal/{number}{filters}").text).links
        assert any(link.startswith(f"{CONSOLE}/journal?") for link in back)


@pytest.mark.parametrize(
    ("filters", "rule"),
    [
        ("?operation=none", "CP-20"),
        ("?status=9xx", "maximum"),
        ("?status=x", "type"),
        (f"?status={'9' * 25}", "type"),
        (f"?status={'9' * 5_000}", "type"),
    ],
)
def test_a_filter_without_meaning_is_refused_beside_it(
    person: Person, filters: str, rule: str
) -> None:
    """The filters stay as they were entered."""
    answer = person.open(f"/journal{filters}")
    assert answer.status_code == 400
    assert rule in texts_of(answer)
    assert f'value="{filters.partition("=")[2]}"' in answer.text


def test_a_refused_request_says_why_and_what_to_do(
    journal_mock: RunningMock, person: Person
) -> None:
    """The field, the rule with its sentence, what it accepts, and a link to all its rules."""
    answer = person.open("/journal/3")
    shown = texts_of(answer)
    assert "/body/taskType NT-19 taskType must be APPOINTMENT_REMINDER or" in shown
    assert "Change /body/taskType; accepted: APPOINTMENT_REMINDER" in shown
    links = [each for each in HtmlPage(answer.text).links if "#/" in each]
    assert links
    place = "#/notification-tasks/createNotificationTask"
    assert {*links} == {f"{CONSOLE}/../docs/swagger/?lang=en{place}"}
    with person_at(journal_mock, lang="zh") as chinese:
        assert "taskType 必须是" in texts_of(chinese.open("/journal/3"))


def test_a_request_shows_request_and_response_without_secrets(person: Person) -> None:
    """Header fields and bodies, and the curl command with placeholders."""
    shown = texts_of(person.open("/journal/1"))
    assert "[Filtered]" in shown
    assert "demo-password" not in shown
    assert '-u "$CLIENT"' in shown
    assert '"token_type": "bearer"' in shown
    assert "HTTP/1.1" in shown


def test_unrecognized_names_and_similar_operations_are_shown(person: Person) -> None:
    """With the names that were probably meant."""
    assert "/query/staus Nearest name: status" in texts_of(person.open("/journal/2"))
    shown = texts_of(person.open("/journal/4"))
    assert "You may have meant GET /api/v1/notification-tasks." in shown


def test_a_stored_script_is_text(person: Person) -> None:
    """In the list, in the request, and in the filters."""
    for path in ("/journal", "/journal/3", f"/journal?text={ATTACK}"):
        page = person.open(path).text
        assert ATTACK not in page
    assert html.escape(ATTACK) in person.open("/journal/3").text


def test_a_request_that_is_not_in_the_journal_is_a_404(person: Person) -> None:
    """The page names those that are."""
    answer = person.open("/journal/99")
    assert answer.status_code == 404
    assert "CP-21" in texts_of(answer)
    assert person.open("/journal/x").status_code == 400
    assert person.open("/journal/..%2Freset").status_code == 404


def test_a_request_is_replayed(mock: RunningMock) -> None:
    """The new request is shown, and says which one it replays."""
    mock.client.post(TASKS, json=MISTAKEN_TASK).raise_for_status()
    before = len(mock.world.notification_tasks)
    with person_at(mock) as person:
        shown = person.submit("/journal/2/replay", "/journal/2")
        assert shown.url.path == f"{CONSOLE}/journal/3"
        assert "Request #2 was replayed as #3." in texts_of(shown)
        assert "replay of #2" in texts_of(shown)
    assert len(mock.world.notification_tasks) == before + 1


def test_a_replay_that_is_refused_is_explained_on_the_page(mock: RunningMock) -> None:
    """A body that the journal has in part (CP-45)."""
    mock.client.post(TASKS, content=b"[" + b" " * 70_000 + b"]")
    with person_at(mock) as person:
        refused = person.submit("/journal/2/replay", "/journal/2")
        assert refused.status_code == 409
        assert "CP-45" in texts_of(refused)
        assert "The journal keeps only its beginning." in texts_of(refused)


def version_of_page(person: Person) -> str:
    """The version of the journal that a page shows."""
    found = re.search(r'data-version="([^"]+)"', person.open("/journal").text)
    assert found
    return found[1]


def poll(person: Person, version: str) -> int:
    """The status of the response to a page with this version."""
    answer = person.browser.get(f"{CONSOLE}/journal", headers={"X-Console-Version": version})
    return answer.status_code


def test_a_page_that_polls_gets_no_content_until_the_journal_changes(mock: RunningMock) -> None:
    """A new request changes it, and so does emptying it."""
    with person_at(mock) as person:
        shown = version_of_page(person)
        assert poll(person, shown) == 204
        for change in (lambda: mock.client.get(TASK_LIST), mock.sessions.default.journal.clear):
            change()
            assert poll(person, shown) == 200
            shown = version_of_page(person)
            assert poll(person, shown) == 204


@pytest.mark.whole
def test_requests_with_many_violations_are_listed(mock: RunningMock) -> None:
    """The control plane's list of them is megabytes long."""
    content = {"contentType": "W" * 200, "contentValue": "x"}
    body = {"taskName": "x", "contents": [content] * 100}
    for _ in range(50):
        mock.client.post(TASKS, json=body)
    with person_at(mock) as person:
        answer = person.open("/journal").raise_for_status()
    assert "The newest 50 of 51 requests. Show more" in texts_of(answer)


def test_the_journal_is_emptied(mock: RunningMock) -> None:
    """The page then says so."""
    mock.client.get(TASK_LIST)
    with person_at(mock) as person:
        emptied = texts_of(person.submit("/journal/clear", "/journal"))
    assert "The journal is empty." in emptied
    assert "There are no requests yet." in emptied


def test_the_journal_is_that_of_the_session(mock: RunningMock) -> None:
    """The default session's requests are not in it."""
    with person_at(mock, "session=tea") as person:
        assert listed(person) == []
        mock.anonymous.get(f"/__session/tea{TASK_LIST}")
        assert listed(person) == ["1"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"a":[1,"x y"]}', '{\n  "a": [\n    1,\n    "x y"\n  ]\n}'),
        ('{"a":1e999}', '{"a":1e999}'),
        ('{"a":1,"a":2}', '{"a":1,"a":2}'),
        ('{"a":"\\u4f60"}', '{"a":"\\u4f60"}'),
        ('{"a":', '{"a":'),
        ("plain", "plain"),
    ],
)
def test_json_is_shown_in_lines_if_nothing_else_changes(text: str, shown: str) -> None:
    """Otherwise it is shown as it was sent."""
    assert in_lines(text) == shown


def test_indentation_does_not_multiply_the_size_of_a_page() -> None:
    """A body of 64 KiB with deep lists would become 57 MB; it is shown as it was sent."""
    deep = "[" + ",".join(["[" * 880 + "]" * 880] * 37) + "]"
    assert in_lines(deep) == deep
    flat = json.dumps(list(range(10_000)))
    assert in_lines(flat).count("\n") == 10_001
