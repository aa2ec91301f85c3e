"""Rows of member files are compared with the members that are known."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.mock_server.member_files.task_requests import (
    create_plan_task,
    create_task,
    mistakes_of,
    task_body,
    upload_file,
)
from tests.mock_server.member_files.writers import Rows, csv_file, openpyxl_file
from tests.serving import RunningMock, run_mock

FIRST, SECOND = (
    {"memberId": 9901, "userId": "U9901", "ciq": "C9901", "nickname": "赵敏"},
    {"memberId": 9902, "userId": "U9902", "ciq": "C9902", "nickname": "周芷若"},
)


@pytest.fixture(scope="module")
def known_mock() -> Iterator[RunningMock]:
    """A mock that knows these two members."""
    with run_mock() as mock:
        body = {**task_body([]), "members": [FIRST, SECOND]}
        del body["fileIds"]
        mock.client.post("/api/v1/notification-tasks", json=body).raise_for_status()
        yield mock


def test_a_row_that_names_two_known_members_is_refused(known_mock: RunningMock) -> None:
    """NT-05, MT-08: neither of the two ids is ignored silently."""
    rows = [["ciq", "userId"], [], ["C5", "U5"], ["", ""], ["C9901", "U9902"]]
    file = upload_file(known_mock, "名单.xlsx", openpyxl_file(rows))
    expected = {
        "code": "id-conflict", "file": "名单.xlsx", "fileId": file, "sheet": "名单", "row": 5,
        "column": "B", "header": "userId", "value": "U9902",
    }  # fmt: skip
    answer = create_task(known_mock, [file])
    assert mistakes_of(answer) == [expected]
    assert "9901, 9902" in answer.json()["errors"][0]["message"]
    assert answer.json()["errors"][0]["rule"] == "NT-05"
    assert create_plan_task(known_mock, [file]).json()["errors"][0]["rule"] == "MT-08"


def test_a_member_by_different_ids_in_two_files_is_refused_with_both_places(
    known_mock: RunningMock,
) -> None:
    """NT-30, MT-16 (N33): the directory shows that the ids belong to one member."""
    first = upload_file(known_mock, "一.csv", csv_file([["userId", "a"], ["U9901", "x"]]))
    second = upload_file(known_mock, "二.csv", csv_file([["ciq"], ["C9903"], ["C9901"]]))
    answer = create_task(known_mock, [first, second])
    assert mistakes_of(answer) == [{
        "code": "member-repeated", "file": "二.csv", "fileId": second, "row": 3, "column": "A",
        "header": "ciq", "value": "C9901",
    }]  # fmt: skip
    [error] = answer.json()["errors"]
    assert (error["pointer"], error["rule"]) == ("/body/fileIds/1", "NT-30")
    assert error["found"] == "二.csv A3 = 一.csv A2: C9901"


def test_known_members_with_all_their_ids_are_no_conflict(known_mock: RunningMock) -> None:
    """The same list can be used for another task."""
    names = ("memberId", "userId", "ciq")
    rows: Rows = [names, *([each[name] for name in names] for each in (FIRST, SECOND))]
    file = upload_file(known_mock, "名单.xlsx", openpyxl_file(rows))
    assert create_task(known_mock, [file]).json()["totalMembers"] == 2
