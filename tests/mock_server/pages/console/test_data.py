"""The data browser: lists, filters, pages, relations, statuses over time, raw JSON."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from urllib.parse import urljoin, urlsplit

import pytest

from mock_server.pages.console.data import RELATED, STATUSES
from mock_server.pages.console.data_texts import KIND_TEXTS
from mock_server.world.world import FIRST_IDS
from tests.mock_server.control.admin_client import ADMIN
from tests.mock_server.pages.console.person import CONSOLE, Person, person_at, texts_of
from tests.mock_server.pages.html_page import HtmlPage
from tests.serving import RunningMock

RECORD = re.compile(rf"{CONSOLE}/data/\w+/\d+$")


def document_of(person: Person, path: str) -> object:
    """Return the JSON that the page of a record shows."""
    return json.loads(HtmlPage(person.open(path).text).text_of("document-text"))


def test_every_kind_of_the_world_is_shown() -> None:
    """A new kind of records needs a name in both languages."""
    assert len(KIND_TEXTS) == len(FIRST_IDS)
    assert {*STATUSES, *RELATED.values()} <= KIND_TEXTS.keys()


def test_every_record_is_reached_by_links_alone(shared_mock: RunningMock) -> None:
    """From the overview on: lists, records, and the records to which these are related."""
    health = shared_mock.anonymous.get(f"{ADMIN}/health").json()
    seen: set[str] = set()
    with person_at(shared_mock) as person:
        waiting = [f"{CONSOLE}/"]
        while waiting:
            place = waiting.pop()
            answer = person.browser.get(place)
            assert answer.status_code == 200, place
            for link in HtmlPage(answer.text).links:
                target = urlsplit(urljoin(place, link))
                if target.path.startswith(f"{CONSOLE}/data") and target.path not in seen:
                    seen.add(target.path)
                    waiting.append(target.path)
    assert len([path for path in seen if RECORD.match(path)]) == sum(health["records"].values())


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", KIND_TEXTS)
def test_a_list_shows_name_and_status_of_each_record(
    shared_mock: RunningMock, kind: str, lang: str
) -> None:
    """They are those of the control plane."""
    records = shared_mock.anonymous.get(f"{ADMIN}/records/{kind}").json()["records"]
    with person_at(shared_mock, lang=lang) as person:
        shown = texts_of(person.open(f"/data/{kind}"))
    for record in records:
        # The name comes twice: the title of the link has all of it.
        row = f"{record['id']} {record['name']} {record['name']} {record.get('status', '')}"
        assert row.strip() in shown


def test_the_json_is_what_the_api_returns(shared_mock: RunningMock) -> None:
    """Character by character, after parsing."""
    with person_at(shared_mock) as person:
        found = document_of(person, "/data/notices/301")
    assert found == shared_mock.client.get("/api/v1/marketing-notice/301").json()


def test_one_follows_plan_task_member_and_back(shared_mock: RunningMock) -> None:
    """Each page has a link to the next one."""
    path = [
        "/data/groups/101",
        "/data/notices?groupId=101",
        "/data/notices/301",
        "/data/noticeTasks?noticeId=301",
        "/data/noticeTasks/401",
        "/data/members/1001",
        "/data/noticeTasks?memberId=1001",
        "/data/noticeTasks/401",
        "/data/groups/101",
    ]
    with person_at(shared_mock) as person:
        for here, there in pairwise(path):
            assert CONSOLE + there in HtmlPage(person.open(here).text).links, here


def test_filters_stay_while_one_pages(mock: RunningMock) -> None:
    """Pages of a filtered list, with the number of all records that meet the filter."""
    body = {"scenario": "large", "size": 200}
    mock.anonymous.post(f"{ADMIN}/reset", json=body).raise_for_status()
    with person_at(mock) as person:
        first = person.open("/data/notificationTasks?status=COMPLETED")
        [following] = [link for link in HtmlPage(first.text).links if "page=2" in link]
        second = person.browser.get(following)
        nothing = person.open("/data/notificationTasks?search=no-such-task&page=7")
    assert "status=COMPLETED" in following
    assert "51 to " in texts_of(second)
    assert "PENDING" not in second.text.partition("<table")[2]
    assert "No record meets the criteria." in texts_of(nothing)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/data/nothing", 400),
        ("/data/notices/999", 404),
        ("/data/notices/0", 400),
        ("/data/notices/x", 404),
        ("/data/groups?status=DRAFT", 400),
        ("/data/notices?groupId=x", 400),
        ("/data/notices?page=x", 200),
        ("/data/notices?page=9999999999999", 200),
        ("/data/notices/99999999999999999999", 400),
    ],
)
def test_a_wrong_address_is_explained(shared_mock: RunningMock, path: str, status: int) -> None:
    """The page says why, in the words of the control plane."""
    with person_at(shared_mock) as person:
        answer = person.open(path)
    assert answer.status_code == status
    assert texts_of(answer)


def test_a_person_advances_the_clock_to_the_end_of_a_task(mock: RunningMock) -> None:
    """The page of the task names the instant, and a button leads there."""
    with person_at(mock) as person:
        page = person.open("/data/noticeTasks/401")
        [target] = re.findall(r'name="to" value="([^"]+)"', page.text)
        after = person.submit("/data/noticeTasks/401/advance", "/data/noticeTasks/401", to=target)
        assert after.url.path == f"{CONSOLE}/data/noticeTasks/401"
        assert f"The clock is now at {target[:19].replace('T', ' ')}." in texts_of(after)
        assert document_of(person, "/data/noticeTasks/401")["status"] == "COMPLETE"  # type: ignore[index]
        past = person.submit("/data/noticeTasks/401/advance", "/", to="2025-04-21T08:00:00+08:00")
    assert past.status_code == 409
    assert "CP-04" in texts_of(past)


def test_a_long_document_is_left_out(mock: RunningMock) -> None:
    """The page stays short, whatever the number of members that were sent."""
    members = [{"userId": f"U{row:07}", "nickname": "n" * 40} for row in range(9_000)]
    body = {
        "taskName": "Many",
        "taskType": "APPOINTMENT_REMINDER",
        "scheduledStartTime": "2025-04-21 15:00:00",
        "contents": [{"contentType": "TEXT", "contentValue": "x"}],
        "members": members,
    }
    task = mock.client.post("/api/v1/notification-tasks", json=body).json()["id"]
    with person_at(mock) as person:
        page = person.open(f"/data/notificationTasks/{task}")
    assert "The record is larger than 512 KiB." in texts_of(page)
    assert "1 to 50 of 9,000" in texts_of(page)
    assert len(page.content) < 100_000
