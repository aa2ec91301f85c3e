"""Requests for tasks under each answer to the open questions about members, files and starts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from tests.mock_server.uploads import send_upload
from tests.serving import RunningMock, mock_with

pytestmark = pytest.mark.whole

TASKS, PLAN_TASKS = "/api/v1/notification-tasks", "/api/v1/marketing-notice/301/task"
EXECUTING = 501
BODY: dict[str, Any] = {
    "taskName": "到店提醒",
    "taskType": "APPOINTMENT_REMINDER",
    "scheduledStartTime": "2025-04-21 10:00:00",
    "contents": [{"contentType": "TEXT", "contentValue": "您好"}],
}
PLAN_TASK = {"name": "名单", "startTime": "2025-04-21 10:00"}
MEMBERS: list[dict[str, Any]] = [
    {"memberId": 9001, "userId": "A", "nickname": "甲"},
    {"userId": "B", "nickname": "乙"},
    {"memberId": 9002, "userId": "A", "ciq": "C", "nickname": "丙"},
    {"ciq": "C", "nickname": "丁"},
    {"userId": " B ", "nickname": "戊"},
    {"memberId": 9003, "nickname": "己"},
]
"""The third has the first's userId, the fourth the third's ciq, the fifth the second's userId."""
MERGED = ["甲", "乙", "己"]
ALL_NAMES = [member["nickname"] for member in MEMBERS]
Rows = Sequence[dict[str, Any]]


def upload(mock: RunningMock, members: Rows, columns: Sequence[str] = ()) -> int:
    """Upload a list of members; return its id."""
    columns = columns or ("memberId", "userId", "ciq", "nickname")
    lines = [",".join(str(member.get(name, "")) for name in columns) for member in members]
    content = "\n".join([",".join(columns), *lines]).encode()
    found: int = send_upload(mock, content, "a.csv").raise_for_status().json()["id"]
    return found


def create(mock: RunningMock, **more: Any) -> httpx.Response:
    """Create a notification task."""
    return mock.client.post(TASKS, json=BODY | more)


def create_in_plan(mock: RunningMock, *files: int, **more: Any) -> httpx.Response:
    """Create a plan task."""
    return mock.client.post(PLAN_TASKS, json=PLAN_TASK | {"fileIds": files} | more)


def names_of(mock: RunningMock, response: httpx.Response) -> list[str]:
    """Return the names in the executions of a new task, whose counts have to agree."""
    made = response.raise_for_status().json()
    path = f"{TASKS}/{made['id']}"
    page = mock.client.get(f"{path}/executions").raise_for_status().json()
    details = mock.client.get(path).raise_for_status().json()
    counts = {
        made["totalMembers"],
        page["page"]["total"],
        details["statistics"]["totalMembers"],
        len(page["records"]),
    }
    assert len(counts) == 1
    return [row["memberName"] for row in page["records"]]


def plan_names_of(mock: RunningMock, response: httpx.Response) -> list[str]:
    """Return the names in the members of a new plan task, whose count has to agree."""
    made = response.raise_for_status().json()
    path = f"/api/v1/marketing-notice/task/{made['id']}/members"
    page = mock.client.get(path).raise_for_status().json()
    assert made["totalMember"] == page["totalElements"]
    return [row["memberName"] for row in page["content"]]


def rules_of(response: httpx.Response, status: int = 400) -> list[tuple[str, str]]:
    """Return pointers and rules of a refusal."""
    assert response.status_code == status, response.text
    return [(error["pointer"], error["rule"]) for error in response.json()["errors"]]


def test_repeated_members_are_refused() -> None:
    """N33: by default, each id that occurs again, in a request and in a file."""
    with mock_with(repeated_members="refused") as mock:
        expected = [("/body/members/2/userId"), ("/body/members/3/ciq"), ("/body/members/4/userId")]
        assert rules_of(create(mock, members=MEMBERS)) == [(at, "NT-30") for at in expected]
        file = upload(mock, MEMBERS)
        assert rules_of(create(mock, fileIds=[file])) == [("/body/fileIds/0", "NT-30")] * 3
        assert rules_of(create_in_plan(mock, file)) == [("/body/fileIds/0", "MT-16")] * 3


@pytest.mark.parametrize(("reading", "names"), [("merged", MERGED), ("repeated", ALL_NAMES)])
def test_repeated_members_are_merged_or_notified_each_time(reading: str, names: list[str]) -> None:
    """N33: by any of the ids, also by those of a row that is left out; details stay as sent."""
    with mock_with(repeated_members=reading) as mock:
        made = create(mock, members=MEMBERS)
        assert names_of(mock, made) == names
        assert mock.client.get(f"{TASKS}/{made.json()['id']}").json()["members"] == MEMBERS
    # In a world that does not have the members yet: the third names two of those that it then has.
    with mock_with(repeated_members=reading) as mock:
        assert names_of(mock, create(mock, fileIds=[upload(mock, MEMBERS)])) == names
    with mock_with(repeated_members=reading) as mock:
        assert plan_names_of(mock, create_in_plan(mock, upload(mock, MEMBERS))) == names


@pytest.mark.parametrize("reading", ["merged", "repeated"])
def test_repeated_members_are_found_across_files(reading: str) -> None:
    """N33: and a file that is listed twice is one file, or two."""
    expected = MERGED if reading == "merged" else [*ALL_NAMES, *ALL_NAMES[:3]]
    with mock_with(repeated_members=reading) as mock:
        one, other = upload(mock, MEMBERS[:3]), upload(mock, MEMBERS[3:])
        assert names_of(mock, create(mock, fileIds=[one, other, one])) == expected
    with mock_with(repeated_members=reading) as mock:
        one, other = upload(mock, MEMBERS[:3]), upload(mock, MEMBERS[3:])
        assert plan_names_of(mock, create_in_plan(mock, one, other, one)) == expected


@pytest.mark.parametrize(("reading", "count"), [("merged", 1500), ("repeated", 3000)])
def test_repeated_members_of_long_lists(reading: str, count: int) -> None:
    """N33: in more rows than are read and registered at once; one member has one id."""
    rows = [{"userId": f"L{n % 1500}", "nickname": f"会员{n % 1500}"} for n in range(3000)]
    with mock_with(repeated_members=reading) as mock:
        file = upload(mock, rows, ("userId", "nickname"))
        for sent in ({"fileIds": [file]}, {"members": rows}):
            made = create(mock, **sent).raise_for_status().json()
            assert made["totalMembers"] == count
            path = f"{TASKS}/{made['id']}/executions"
            pages = [
                mock.client.get(path, params={"size": 100, "current": at}).json()["records"]
                for at in range(count // 100)
            ]
            members = [(row["memberId"], row["memberName"]) for page in pages for row in page]
            assert len(members) == count
            assert len({*members}) == 1500


def test_other_mistakes_in_repeated_rows_are_refused() -> None:
    """NT-07: a row that would be left out is still checked."""
    contents = [{"contentType": "TEXT", "contentValue": "{{gift}}"}]
    rows = [{"userId": "A", "gift": "面膜"}, {"userId": "A"}]
    with mock_with(repeated_members="merged") as mock:
        response = create(mock, members=rows, contents=contents)
        assert rules_of(response) == [("/body/members/1/gift", "NT-07")]
        file = upload(mock, rows, ("userId", "gift"))
        response = create(mock, fileIds=[file], contents=contents)
        assert rules_of(response) == [("/body/fileIds/0", "NT-07")]


IDENTIFIED = {
    "one-of-three": {"memberId", "userId", "ciq"},
    "memberId": {"memberId"},
    "userId-or-ciq": {"userId", "ciq"},
}
IDS = {"memberId": 9001, "userId": "U9", "ciq": "C9"}


@pytest.mark.parametrize("name", IDS)
@pytest.mark.parametrize("reading", IDENTIFIED)
def test_a_member_needs_the_ids_of_the_reading(reading: str, name: str) -> None:
    """N2: in a request, in a column of a file, and in its rows (NT-05, MT-08)."""
    row = {name: IDS[name], "nickname": "甲"}
    accepted = IDENTIFIED[reading]
    with mock_with(member_identification=reading) as mock:
        file = upload(mock, [row], (name, "nickname"))
        direct = create(mock, members=[row])
        by_file = create(mock, fileIds=[file])
        plan = create_in_plan(mock, file)
    if name in accepted:
        assert [each.status_code for each in (direct, by_file, plan)] == [200, 200, 200]
        return
    at = "/body/members/0" + ("/memberId" if reading == "memberId" else "")
    assert rules_of(direct) == [(at, "NT-05")]
    assert rules_of(by_file) == [("/body/fileIds/0", "NT-05")]
    assert rules_of(plan) == [("/body/fileIds/0", "MT-08")]


@pytest.mark.parametrize(
    ("reading", "found", "accepted"),
    [
        ("one-of-three", "a.csv A4", "memberId | userId | ciq"),
        ("memberId", "a.csv A3", "memberId"),
        ("userId-or-ciq", "a.csv B2", "userId | ciq"),
    ],
)
def test_a_row_without_the_ids_of_the_reading_is_named(
    reading: str, found: str, accepted: str
) -> None:
    """N2: the refusal names these ids, and the first of the cells that one is missing in."""
    rows: Rows = [{"memberId": 9001, "nickname": "甲"}, {"userId": "B", "nickname": "乙"}]
    if reading == "one-of-three":
        rows = [*rows, {"nickname": "丙"}]
    with mock_with(member_identification=reading) as mock:
        response = create(mock, fileIds=[upload(mock, rows)])
    assert rules_of(response) == [("/body/fileIds/0", "NT-05")]
    [error] = response.json()["errors"]
    assert (error["found"], error["accepted"]) == (found, accepted)


def test_a_long_file_needs_the_ids_of_the_reading() -> None:
    """N2: where rows are checked in blocks, too; a blank memberId is none."""
    rows = [{"memberId": 10_000 + n, "userId": f"L{n}"} for n in range(2500)]
    rows[2400] = {"userId": "L2400"}
    statuses = {}
    for reading in IDENTIFIED:
        with mock_with(member_identification=reading) as mock:
            file = upload(mock, rows, ("memberId", "userId"))
            statuses[reading] = create(mock, fileIds=[file]).status_code
    assert statuses == {"one-of-three": 200, "memberId": 400, "userId-or-ciq": 200}


@pytest.mark.parametrize("reading", ["accepted", "refused"])
def test_a_start_in_the_past_is_accepted_or_refused(reading: str) -> None:
    """X1: a second before the present; the present itself, and a time of day, are not past."""
    past, present = "2025-04-21 08:59:59", "2025-04-21 09:00:00"
    with mock_with(start_in_the_past=reading) as mock:
        file = upload(mock, MEMBERS[:1])
        early = create(mock, members=MEMBERS[:1], scheduledStartTime=past)
        early_in_plan = create_in_plan(mock, file, startTime=past)
        for each in (
            create(mock, members=MEMBERS[:1], scheduledStartTime=present),
            create_in_plan(mock, file, startTime=present),
            create_in_plan(mock, file, startTime="08:00"),
        ):
            each.raise_for_status()
    if reading == "accepted":
        assert early.json()["status"] == "EXECUTING"
        assert early_in_plan.json()["startTime"] == "08:59"
    else:
        assert rules_of(early) == [("/body/scheduledStartTime", "NT-24")]
        assert rules_of(early_in_plan) == [("/body/startTime", "MT-11")]
        assert early.json()["errors"][0]["accepted"] == f">= {present}"
        assert "不得早于" in early.json()["detail"]


@pytest.mark.parametrize("status", [400, 404])
def test_an_unknown_file_has_the_status_of_the_reading(status: int) -> None:
    """X1: if nothing else is wrong; otherwise 400, with all that is wrong."""
    with mock_with(unknown_id_in_body=str(status)) as mock:
        file, poster = upload(mock, MEMBERS[:1]), 602
        one, two = ("/body/fileIds/0", "NT-10"), ("/body/fileIds/1", "NT-10")
        assert rules_of(create(mock, fileIds=[9999]), status) == [one]
        assert rules_of(create(mock, fileIds=[file, 9999]), status) == [two]
        assert rules_of(create_in_plan(mock, 9999), status) == [("/body/fileIds/0", "MT-03")]
        assert rules_of(create(mock, fileIds=[poster]), 400) == [one]
        assert rules_of(create(mock, fileIds=[poster, 9999]), 400) == [one, two]
        wrong = create(mock, fileIds=[9999], scheduledEndTime="2025-04-21 09:00:00")
        assert rules_of(wrong, 400) == [("/body/scheduledEndTime", "NT-09"), one]
        many = create(mock, fileIds=[*range(9000, 9030)], scheduledEndTime="2025-04-21 09:00:00")
        assert len(rules_of(many, 400)) == 20
        assert len(rules_of(create(mock, fileIds=[*range(9000, 9030)]), status)) == 20


@pytest.mark.parametrize("repeated", ["refused", "merged", "repeated"])
def test_an_unknown_file_that_is_listed_twice(repeated: str) -> None:
    """X1, N33: to list it twice is a mistake of its own, unless repeated members are allowed."""
    with mock_with(unknown_id_in_body="404", repeated_members=repeated) as mock:
        response = create(mock, fileIds=[9999, 9999])
    rules = ["NT-10", "NT-30" if repeated == "refused" else "NT-10"]
    found = rules_of(response, 400 if repeated == "refused" else 404)
    assert [rule for _, rule in found] == rules


@pytest.mark.parametrize("reading", ["optional", "required"])
def test_a_termination_needs_a_reason_under_one_reading(reading: str) -> None:
    """N26: without a body, with an empty one, and with a reason."""
    path = f"{TASKS}/{EXECUTING}/termination"
    requests: list[dict[str, Any]] = [{}, {"json": {}}, {"json": {"reason": "停业"}}]
    for arguments in requests:
        with mock_with(termination_reason=reading) as mock:
            response = mock.client.put(path, **arguments)
            status = mock.client.get(f"{TASKS}/{EXECUTING}").json()["status"]
        if reading == "optional" or "reason" in arguments.get("json", {}):
            assert (response.status_code, status) == (200, "TERMINATED"), response.text
        else:
            assert (response.status_code, status) == (400, "EXECUTING"), response.text
    assert reading == "optional" or response.status_code == 200


def test_a_missing_reason_is_refused_by_its_rule() -> None:
    """NT-26: the refusal has the sentence of the reading."""
    with mock_with(termination_reason="required") as mock:
        response = mock.client.put(f"{TASKS}/{EXECUTING}/termination", json={})
    assert rules_of(response) == [("/body/reason", "NT-26")]
    assert "必须提供 reason" in response.json()["detail"]
