"""Invalid files are refused with all mistakes and their places."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.mock_server.member_files.broken_files import (
    BROKEN_CELL_CASES,
    BROKEN_FILE_CASES,
    BROKEN_HEADER_CASES,
    TEXT,
    VALID,
    Case,
    with_rows,
)
from tests.mock_server.member_files.task_requests import (
    ReportedViolation,
    create_plan_task,
    create_task,
    upload_file,
    violations_of,
)
from tests.mock_server.member_files.writers import (
    csv_file,
    openpyxl_file,
)
from tests.serving import RunningMock


def violations_of_case(index: int, says: list[tuple[str, str, str]]) -> list[ReportedViolation]:
    """Return the expected violations for a file at this index of `fileIds`."""
    return [(f"/body/fileIds/{index}", *words) for words in says]


@pytest.mark.parametrize(
    "case", [*BROKEN_FILE_CASES, *BROKEN_HEADER_CASES, *BROKEN_CELL_CASES], ids=str
)
def test_a_broken_file_is_refused_by_name_sheet_and_cell(
    shared_mock: RunningMock, case: Case
) -> None:
    """NT-05, NT-07, NT-10, NT-30 (N5): exactly the mistakes are reported, and all of them."""
    file = upload_file(shared_mock, case.name, case.content())
    assert violations_of(create_task(shared_mock, [file], TEXT)) == violations_of_case(
        0, case.expected_violations
    )


@pytest.mark.parametrize(("broken", "rule"), [(with_rows(), "MT-03"), (with_rows([None, "a"]),
"MT-08"),
                                              (with_rows(["U1"], ["U1"]), "MT-16")])  # fmt: skip
def test_a_task_of_a_plan_names_its_own_rules(
    shared_mock: RunningMock, broken: Callable[[], bytes], rule: str
) -> None:
    """MT-03, MT-08, MT-16: the reader is the same, and there are no variables."""
    file = upload_file(shared_mock, "名单.xlsx", broken())
    assert [words[:2] for words in violations_of(create_plan_task(shared_mock, [file]))] == [
        ("/body/fileIds/0", rule)
    ]


def test_all_files_are_told_of_at_once(shared_mock: RunningMock) -> None:
    """X2: violations have the indexes of their files, including missing and repeated files."""
    picture = upload_file(shared_mock, "图.png", b"\x89PNG\r\n\x1a\n" + bytes(64))
    good = upload_file(shared_mock, "一.xlsx", openpyxl_file(VALID))
    blank = upload_file(shared_mock, "二.csv", csv_file([VALID[0], ["U9", "", "a"]]))
    answer = create_task(shared_mock, [picture, good, 9999, blank, good], TEXT)
    assert violations_of(answer) == [
        ("/body/fileIds/0", "NT-10", "format-image", "图.png"),
        ("/body/fileIds/2", "NT-10", "file-unknown", "9999"),
        ("/body/fileIds/3", "NT-07", "variable-missing", "二.csv B2"),
        ("/body/fileIds/4", "NT-30", "file-repeated", str(good)),
    ]


def test_somebody_in_two_files_is_told_with_both(shared_mock: RunningMock) -> None:
    """NT-30 (N33): the violation is that of the second file, and names the first one, too."""
    first = upload_file(shared_mock, "一.xlsx", openpyxl_file(VALID))
    second = upload_file(
        shared_mock, "二.csv", csv_file([VALID[0], ["U3", "a", "b"], ["U2", "c", "d"]])
    )
    assert violations_of(create_task(shared_mock, [first, second], TEXT)) == [
        ("/body/fileIds/1", "NT-30", "id-repeated", "二.csv A3 = 一.xlsx 名单!A3: U2")
    ]


def test_a_list_with_a_thousand_mistakes_tells_twenty(shared_mock: RunningMock) -> None:
    """The first twenty mistakes are reported, each with its cell, and all are counted."""
    rows = [["U0", "a", "b"], *([f"U{number}", "", "a"] for number in range(1, 1_001))]
    file = upload_file(shared_mock, "空.csv", csv_file([VALID[0], *rows]))
    answer = create_task(shared_mock, [file], TEXT)
    found = violations_of(answer)
    assert (len(found), found[0][3]) == (20, "空.csv B3")
    assert answer.json()["total"] == 1_000
    assert answer.json()["detail"] == "请求有 1000 处不符合要求，列出了其中 20 处。"


def test_every_file_has_its_turn_among_the_mistakes_shown(shared_mock: RunningMock) -> None:
    """A file with many mistakes leaves room for the others."""
    bad = csv_file([["userId"], ["U"], *[["U"]] * 40])
    files = [upload_file(shared_mock, f"{n}.csv", bad.replace(b"U", b"%d" % n)) for n in range(2)]
    files.append(upload_file(shared_mock, "空.csv", b"userId\n"))
    answer = create_task(shared_mock, files)
    pointers = [pointer for pointer, *_ in violations_of(answer)]
    assert [pointers.count(f"/body/fileIds/{index}") for index in range(3)] == [10, 9, 1]
    assert answer.json()["total"] == 81


def test_one_mistake_in_a_long_list_is_found(shared_mock: RunningMock) -> None:
    """A block of rows with a mistake is read row by row."""
    rows = [[f"U{number}", "a", "b"] for number in range(5_000)]
    rows[4_321] = ["U7", "a", ""]
    file = upload_file(shared_mock, "长.xlsx", openpyxl_file([VALID[0], *rows]))
    assert violations_of(create_task(shared_mock, [file], TEXT)) == violations_of_case(0, [
        ("NT-30", "id-repeated", "长.xlsx 名单!A4323 = A9: U7"),
        ("NT-07", "variable-missing", "长.xlsx 名单!C4323"),
    ])  # fmt: skip


def test_a_list_has_at_most_100_000_members(shared_mock: RunningMock) -> None:
    """The error names the first row above the limit."""
    rows = ([f"U{number}"] for number in range(100_001))
    file = upload_file(shared_mock, "大.csv", csv_file([["userId"], *rows]))
    assert violations_of(create_plan_task(shared_mock, [file])) == [
        ("/body/fileIds/0", "MT-03", "rows-too-many", "大.csv A100002")
    ]


def test_a_broken_file_that_is_read_leaves_the_mock_as_it_was(mock: RunningMock) -> None:
    """None of its members is registered, even if it ends the reader process."""
    before = mock.world.count_records()
    end = next(case for case in BROKEN_FILE_CASES if case.name == "无边.xlsx")
    for content in (end.content(), openpyxl_file([VALID[0], ["U77", "a", "b"], ["U77", "a", "b"]])):
        violations_of(create_task(mock, [upload_file(mock, "名单.xlsx", content)]))
    assert mock.world.count_records() == {**before, "files": before["files"] + 2}
