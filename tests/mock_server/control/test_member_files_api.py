"""The dry run of member files says what a task's member list would be, and changes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mock_server.control.admin_client import ADMIN, expect_ok, expect_refusal
from tests.mock_server.member_files.task_requests import (
    create_plan_task,
    create_task,
    upload_file,
)
from tests.mock_server.member_files.writers import Rows, csv_file, openpyxl_file
from tests.serving import RunningMock

CHECK = f"{ADMIN}/member-files/check"
LIST: Rows = [["会员ID (memberId)", "昵称", "礼品", "备注"], ["7301", "丽", "面膜", "老客"]]
GIFT = "{{ 昵称 }},您的{{礼品}}已备好"


def check(mock: RunningMock, *file_ids: int, **asked: Any) -> dict[str, Any]:
    """Return the check of uploaded files, in English."""
    body = {"fileIds": [*file_ids], **asked}
    answer = mock.anonymous.post(CHECK, json=body, headers={"Accept-Language": "en"})
    return dict(expect_ok(answer))


def check_upload(mock: RunningMock, name: str, content: bytes, **fields: str) -> dict[str, Any]:
    """Return the check of a file that is sent with the request, in English."""
    answer = mock.anonymous.post(
        CHECK, files={"file": (name, content)}, data=fields, headers={"Accept-Language": "en"}
    )
    return dict(expect_ok(answer))


def text_contents(text: str) -> list[dict[str, str]]:
    """Return contents with one text."""
    return [{"contentType": "TEXT", "contentValue": text}]


def test_a_list_is_described_with_its_columns_and_a_sample(shared_mock: RunningMock) -> None:
    """Columns are named by what they are read for; values by field or title."""
    file = upload_file(shared_mock, "名单.xlsx", openpyxl_file(LIST))
    assert check(shared_mock, file, contents=text_contents(GIFT)) == {
        "accepted": True,
        "members": 1,
        "files": [
            {
                "file": "名单.xlsx",
                "fileId": file,
                "sheet": "名单",
                "rows": 1,
                "columns": [
                    {"column": "A", "header": "会员ID (memberId)", "use": "memberId"},
                    {"column": "B", "header": "昵称", "use": "nickname", "variables": ["昵称"]},
                    {"column": "C", "header": "礼品", "use": "variable", "variables": ["礼品"]},
                    {"column": "D", "header": "备注", "use": "unused"},
                ],
            }
        ],
        "variables": ["昵称", "礼品"],
        "missingVariables": [],
        "errors": [],
        "total": 0,
        "sample": [{"memberId": "7301", "nickname": "丽", "礼品": "面膜", "备注": "老客"}],
    }


def test_a_file_that_is_sent_is_checked_like_an_uploaded_one(shared_mock: RunningMock) -> None:
    """It has no id, and its errors are at /body/file."""
    content = csv_file(LIST)
    file = upload_file(shared_mock, "名单.csv", content)
    stored = check(shared_mock, file, variables=["礼品", "城市"])
    sent = check_upload(shared_mock, "名单.csv", content, variables="礼品, 城市")
    assert stored["missingVariables"] == ["城市"]
    [error] = stored["errors"]
    assert (error["pointer"], error["rule"]) == ("/body/fileIds/0", "NT-07")
    for found in (stored["files"][0], error):
        assert found.pop("fileId") == file
    error["pointer"] = "/body/file"
    assert sent == stored


@pytest.mark.parametrize("kind", ["notificationTasks", "noticeTasks"])
def test_the_errors_are_those_of_the_task(shared_mock: RunningMock, kind: str) -> None:
    """The same rules, places and sentences, and the true total; the rows of the sample stay."""
    rows: Rows = [["memberId", "userId"], *([f"x{n}", f"U{n}"] for n in range(30))]
    file = upload_file(shared_mock, "错误.csv", csv_file(rows))
    create = create_task if kind == "notificationTasks" else create_plan_task
    refused = create(shared_mock, [file]).json()
    body = {"kind": kind, "fileIds": [file]}
    found = expect_ok(shared_mock.anonymous.post(CHECK, json=body))
    assert found["errors"] == refused["errors"]
    assert found["total"] == refused["total"] == 30
    assert (found["accepted"], found["members"], found["files"][0]["rows"]) == (False, 0, 30)
    assert found["sample"][0] == {"memberId": "x0", "userId": "U0"}
    assert len(found["sample"]) == 20


def test_unknown_files_and_files_that_are_no_lists_are_errors(shared_mock: RunningMock) -> None:
    """The check itself succeeds; what could not be read has no columns."""
    image = upload_file(shared_mock, "a.png", b"\x89PNG\r\n\x1a\n" + bytes(64))
    found = check(shared_mock, image, 999_999)
    assert [error["code"] for error in found["errors"]] == ["format-image", "file-unknown"]
    assert found["files"] == [{"file": "a.png", "fileId": image, "rows": 0, "columns": []}]
    assert not found["sample"]


def test_a_check_changes_nothing(mock: RunningMock) -> None:
    """No record, member or id is used, whether the list is accepted or not."""
    file = upload_file(mock, "名单.csv", csv_file(LIST))
    before = mock.anonymous.get(f"{ADMIN}/state").content
    check(mock, file)
    check(mock, file, variables=["城市"])
    check_upload(mock, "名单.csv", csv_file(LIST))
    assert mock.anonymous.get(f"{ADMIN}/state").content == before


def test_a_list_with_too_many_columns_is_not_described(shared_mock: RunningMock) -> None:
    """The error says how many there are; the letters of a column are never more than three."""
    rows: Rows = [["userId", *(f"c{n}" for n in range(20_000))], ["U1", *["x"] * 20_000]]
    found = check_upload(shared_mock, "a.csv", csv_file(rows))
    assert [error["code"] for error in found["errors"]] == ["columns-too-many"]
    assert len(found["files"][0]["columns"]) <= 500


def test_long_values_are_cut_and_blank_ones_left_out(shared_mock: RunningMock) -> None:
    """A sample has at most 200 characters of a value, which then ends in an ellipsis."""
    rows: Rows = [["userId", "a", "b", None], ["U1", "长" * 300, None, None]]
    found = check_upload(shared_mock, "a.xlsx", openpyxl_file(rows))
    assert found["sample"] == [{"userId": "U1", "a": "长" * 199 + "…"}]


@pytest.mark.parametrize(
    ("body", "pointer", "rule"),
    [
        ({"fileIds": []}, "/body/fileIds", "minItems"),
        ({"fileIds": [601], "kind": "members"}, "/body/kind", "enum"),
        ({"fileIds": [601], "kind": "noticeTasks", "variables": ["a"]}, "/body/variables", "CP-52"),
        ({"fileIds": [601], "colour": "red"}, "/body/colour", "additionalProperties"),
    ],
)
def test_a_wrong_question_is_refused(
    shared_mock: RunningMock, body: dict[str, Any], pointer: str, rule: str
) -> None:
    """It is the request that is wrong, and not a list."""
    error = expect_refusal(shared_mock.anonymous.post(CHECK, json=body))
    assert (error["pointer"], error["rule"]) == (pointer, rule)


def test_an_upload_to_check_obeys_the_rules_of_uploads(shared_mock: RunningMock) -> None:
    """FI-02 and the names of files (F14)."""
    answer = shared_mock.anonymous.post(CHECK, files={"file": ("a.csv", b"")})
    assert expect_refusal(answer)["rule"] == "FI-02"
    answer = shared_mock.anonymous.post(CHECK, files={"file": ("n" * 256, b"a")})
    assert expect_refusal(answer)["rule"] == "maxFileName"
    answer = shared_mock.anonymous.post(CHECK, data={"kind": "noticeTasks"}, files={"x": b""})
    assert answer.status_code == 400
