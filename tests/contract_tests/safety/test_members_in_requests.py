"""Members named in requests are found in any form."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import Workbook

from contract_tests.safety.members_in_requests import (
    UnreadableMemberListError,
    is_unused_id,
    members_in_file,
    members_in_json,
)
from mock_server.clock import DEFAULT_INSTANT
from mock_server.domain.files import StoredFile
from mock_server.domain.notification_contents import FILE_RULES
from mock_server.member_files.member_lists import read_member_lists


def build_workbook(*sheets: list[list[Any]], hidden: bool = False) -> bytes:
    """Return an .xlsx with these sheets, the last one hidden on request."""
    book = Workbook()
    for number, rows in enumerate(sheets):
        sheet = book.worksheets[0] if number == 0 else book.create_sheet()
        for row in rows:
            sheet.append(row)
    if hidden:
        book.worksheets[-1].sheet_state = "hidden"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


MEMBER_ROWS: list[list[Any]] = [
    ["nickname", "userId", "memberId"],
    ["张", "U1", 7],
    ["王", None, 8.0],
    ["李", " ", "无"],
]
NAMED_MEMBERS = {("userId", "U1"), ("memberId", "7"), ("memberId", "8")}
NOTE_ROWS: list[list[Any]] = [["How to fill this in"]]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (build_workbook(MEMBER_ROWS), NAMED_MEMBERS),
        (build_workbook(NOTE_ROWS, MEMBER_ROWS, hidden=True), NAMED_MEMBERS),
        (build_workbook([*NOTE_ROWS, *MEMBER_ROWS]), NAMED_MEMBERS),
        (build_workbook([["User ID", "ciq"], ["U1", "userId"]]), {("userId", "U1")}),
        (build_workbook([["memberId"], ["=1+6"]]), {("memberId", "=1+6")}),
        (build_workbook(NOTE_ROWS), set()),
        ("nickname,userId\n张,U1\n".encode(), {("userId", "U1")}),
        ("\ufeffuserId\r\nU1\r\n".encode(), {("userId", "U1")}),
        ("昵称;member_id\n张;7\n".encode("gb18030"), {("memberId", "7")}),
        (b'"userId"\t"ciq"\nU1\tC1\n', {("userId", "U1"), ("ciq", "C1")}),
        (b"userId", set()),
        (b"\xff\xd8\xff\xe0 no text", None),
        (b"\0\1\2", None),
        (b"PK\3\4 no workbook", None),
        ("userId\nU1\n".encode("utf-16"), None),
        (b"", set()),
    ],
)
def test_a_file_names_whom_its_columns_name(content: bytes, expected: set[Any] | None) -> None:
    """Members are found in every sheet and with every separator; unreadable files raise."""
    if expected is None:
        with pytest.raises(UnreadableMemberListError):
            members_in_file(content)
    else:
        assert members_in_file(content) == expected


def test_json_names_members_wherever_they_stand() -> None:
    """Members are found at any depth and in any case; an empty id is none."""
    data = {"a": [{"USERID": "U1"}, {"x": {"member_id": 7}}], "ciq": "", "memberId": None}
    assert {*members_in_json(data)} == {("userId", "U1"), ("memberId", "7")}
    assert {*members_in_json([{"userId": ["U1", "U2"]}])} == {("userId", "['U1', 'U2']")}


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        *((one, True) for one in (0, -1, -(2**63), 2**62, 2**63, 2**64 - 1, "abc", "", None)),
        *((one, False) for one in (1, "7", "007", 2**62 - 1, 2**64 + 7, -(2**64) + 7)),
        *((one, False) for one in ("７", "+7", "7.0", " 7", "1e3", "Ⅶ", "七")),
    ],
)
def test_an_id_that_no_record_has(number: object, expected: bool) -> None:
    """The number must also not wrap around to an existing id."""
    assert is_unused_id(number) == expected


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_list_that_the_mock_reads_is_read_with_the_same_separator(separator: str) -> None:
    """Otherwise the members of such a list would be sent without being checked."""
    content = f"nickname{separator}userId\nLi Lei{separator}U1\n".encode()
    file = StoredFile(1, "a.csv", "text/csv", content, "", "", DEFAULT_INSTANT)
    taken = read_member_lists([1], {1: file}, FILE_RULES)
    assert [row.user_id for row in taken.rows] == ["U1"]
    assert members_in_file(content) == {("userId", "U1")}
