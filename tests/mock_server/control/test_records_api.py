"""Records of all kinds: lists with filters and pages, one record, its relations and statuses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mock_server.app import create_app
from mock_server.control.record_kinds import KINDS
from tests.mock_server.control.admin_client import ADMIN, advance_clock, expect_ok, expect_refusal
from tests.mock_server.pages.test_landing import PETS_CONTRACT
from tests.serving import FROZEN, RunningMock, client_for, mock_with, run_mock, serve_app

RECORDS = f"{ADMIN}/records"
API_PATHS = {
    "groups": "/api/v1/marketing-notice/group/{}",
    "scenes": "/api/v1/marketing-notice/scene/{}",
    "notices": "/api/v1/marketing-notice/{}",
    "noticeTasks": "/api/v1/marketing-notice/task/{}",
    "notificationTasks": "/api/v1/notification-tasks/{}",
}


def read(mock: RunningMock, path: str, **query: Any) -> Any:
    """Return the body of GET /records/…."""
    return expect_ok(mock.anonymous.get(f"{RECORDS}/{path}", params=query))


def ids(mock: RunningMock, kind: str, **query: Any) -> list[int]:
    """Return the ids of a list."""
    return [each["id"] for each in read(mock, kind, **query)["records"]]


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_has_every_record_once(shared_mock: RunningMock, kind: str) -> None:
    """The pages together have as many records as the health says, with different ids."""
    count = expect_ok(shared_mock.anonymous.get(f"{ADMIN}/health"))["records"][kind]
    pages = [read(shared_mock, kind, current=at, size=3) for at in range(count // 3 + 2)]
    found = [each["id"] for page in pages for each in page["records"]]
    assert len(found) == len(set(found)) == count
    assert {page["page"]["total"] for page in pages} == {count}
    assert not pages[-1]["records"]


@pytest.mark.parametrize("kind", API_PATHS)
def test_the_document_is_what_the_api_returns(shared_mock: RunningMock, kind: str) -> None:
    """Of every record, without a login."""
    for id_ in ids(shared_mock, kind):
        found = read(shared_mock, f"{kind}/{id_}")
        answer = shared_mock.client.get(API_PATHS[kind].format(id_))
        assert found["document"] == expect_ok(answer)
        assert found["summary"]["id"] == id_


def test_the_document_follows_the_readings_of_the_session() -> None:
    """As the response does, for example where the API completes nulls."""
    with mock_with(absent_values="null") as mock:
        found = read(mock, "notices/304")["document"]
        assert found == expect_ok(mock.client.get("/api/v1/marketing-notice/304"))
        assert None in found.values()


def test_relations_lead_from_each_record_to_another_and_back(shared_mock: RunningMock) -> None:
    """Group, plan, task and member; each count is that of the list to which it leads."""
    followed = 0
    for kind in KINDS:
        for id_ in ids(shared_mock, kind):
            for relation in read(shared_mock, f"{kind}/{id_}")["relations"]:
                if "id" in relation:
                    there = read(shared_mock, f"{relation['kind']}/{relation['id']}")
                    assert there["summary"]["name"] == relation["name"]
                else:
                    listed = read(shared_mock, relation["kind"], **{relation["filter"]: id_})
                    assert listed["page"]["total"] == relation.get("count", len(listed["records"]))
                followed += 1
    assert followed > 50
    [member] = read(shared_mock, "noticeTasks/401/rows", size=1)["rows"]
    assert 401 in ids(shared_mock, "noticeTasks", memberId=member["memberId"])


@pytest.mark.parametrize(
    ("kind", "query", "found"),
    [
        ("notices", {"search": "305"}, [305]),
        ("notices", {"groupId": 102}, [305, 303]),
        ("notices", {"status": "DRAFT"}, [304]),
        ("notices", {"groupId": 102, "status": "COMPLETE"}, [303]),
        ("notices", {"groupId": 999}, []),
        ("scenes", {"noticeId": 301}, [205, 204]),
        ("files", {"search": ".PNG"}, [602]),
    ],
)
def test_filters_must_all_be_met(
    shared_mock: RunningMock, kind: str, query: dict[str, Any], found: list[int]
) -> None:
    """The total is that of the filtered list."""
    assert ids(shared_mock, kind, **query) == found
    assert read(shared_mock, kind, **query)["page"]["total"] == len(found)


@pytest.mark.parametrize("status", ["PENDING", "EXECUTING", "COMPLETED", "TERMINATED"])
def test_a_status_is_the_present_one(shared_mock: RunningMock, status: str) -> None:
    """A filter by status finds those whose row and whose document have it."""
    for id_ in ids(shared_mock, "notificationTasks", status=status):
        found = read(shared_mock, f"notificationTasks/{id_}")
        assert found["summary"]["status"] == found["document"]["status"] == status


@pytest.mark.parametrize(
    ("kind", "query"),
    [("groups", {"status": "DRAFT"}), ("files", {"memberId": 1001}), ("notices", {"fileId": 601})],
)
def test_a_criterion_of_another_kind_is_refused(
    shared_mock: RunningMock, kind: str, query: dict[str, Any]
) -> None:
    """CP-50 names the criteria of the kind."""
    error = expect_refusal(shared_mock.anonymous.get(f"{RECORDS}/{kind}", params=query))
    assert error["rule"] == "CP-50"
    assert error["pointer"] == f"/query/{next(iter(query))}"


@pytest.mark.parametrize("path", ["notices/999", "members/1", "notificationTasks/999/rows"])
def test_an_unknown_record_is_not_found(shared_mock: RunningMock, path: str) -> None:
    """CP-51."""
    error = expect_refusal(shared_mock.anonymous.get(f"{RECORDS}/{path}"), 404)
    assert (error["pointer"], error["rule"]) == ("/path/id", "CP-51")


@pytest.mark.parametrize(
    ("path", "key", "api"),
    [
        ("noticeTasks/401", "content", "/api/v1/marketing-notice/task/401/members"),
        ("notificationTasks/501", "records", "/api/v1/notification-tasks/501/executions"),
        ("members/1001", "records", "/api/v1/members/1001/daily-reports"),
    ],
)
def test_rows_are_those_of_the_api(shared_mock: RunningMock, path: str, key: str, api: str) -> None:
    """Page by page."""
    whole = expect_ok(shared_mock.client.get(api, params={"size": 100}))[key]
    first = read(shared_mock, f"{path}/rows", size=1)
    assert first["rows"] == whole[:1]
    assert first["page"]["total"] == len(whole)
    assert read(shared_mock, f"{path}/rows", size=1, current=1)["rows"] == whole[1:2]


@pytest.mark.parametrize(
    "path", ["notificationTasks/501", "notificationTasks/502", "noticeTasks/401", "notices/301"]
)
def test_the_status_changes_when_it_says(mock: RunningMock, path: str) -> None:
    """At each later instant of the list, the record has its status, and not a second before."""
    before = read(mock, path)
    now = mock.world.clock.now().isoformat()
    later = [change for change in before["changes"] if change["at"] > now]
    status = before["summary"]["status"]
    for change in later:
        advance_clock(mock, to=change["at"])
        found = read(mock, path)
        assert found["summary"]["status"] == found["document"]["status"] == change["status"]
        assert found["summary"]["status"] != status
        assert found["changes"] == before["changes"]
        status = change["status"]
    assert later or path == "notificationTasks/502"


def test_a_terminated_task_has_its_termination(mock: RunningMock) -> None:
    """The statuses that it would have had without it are not known any more."""
    path = "/api/v1/notification-tasks/501/termination"
    expect_ok(mock.client.put(path))
    [change] = read(mock, "notificationTasks/501")["changes"]
    assert change == {"at": "2025-04-21T09:00:00+08:00", "status": "TERMINATED"}


def test_reading_records_is_not_in_the_journal(mock: RunningMock) -> None:
    """No request of the application has been sent."""
    read(mock, "notices/301")
    found = expect_ok(mock.anonymous.get(f"{ADMIN}/requests"))["requests"]
    assert [each["operationId"] for each in found] == ["createToken"]


def test_another_contract_has_lists_without_documents() -> None:
    """The records are there, but no operation renders them."""
    app = create_app(replace(FROZEN, contract=PETS_CONTRACT))
    with serve_app(app) as address, client_for(address) as client:
        assert expect_ok(client.get(f"{RECORDS}/notices/301"))["document"] == {}
        assert expect_ok(client.get(f"{RECORDS}/noticeTasks/401/rows"))["rows"] == []


def test_many_records_are_filtered_in_a_thread() -> None:
    """With the same result as a short list, and with pages to the end."""
    with run_mock(FROZEN) as mock:
        body = {"scenario": "large", "size": 2_000}
        mock.anonymous.post(f"{ADMIN}/reset", json=body).raise_for_status()
        total = read(mock, "notificationTasks")["page"]["total"]
        by_status = {
            status: read(mock, "notificationTasks", status=status)["page"]["total"]
            for status in ("PENDING", "EXECUTING", "COMPLETED", "TERMINATED")
        }
        assert sum(by_status.values()) == total >= 2_000
        last = read(mock, "notificationTasks", current=(total - 1) // 100, size=100)
        assert last["records"]
