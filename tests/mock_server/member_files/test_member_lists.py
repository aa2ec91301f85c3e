"""Valid lists: of different programs, in different encodings, with any columns."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime, time

import openpyxl
import pytest
from openpyxl.chartsheet import Chartsheet

from tests.mock_server.member_files.task_requests import (
    create_plan_task,
    create_task,
    task_members,
    upload_file,
    violations_of,
)
from tests.mock_server.member_files.writers import (
    Rows,
    csv_file,
    openpyxl_file,
    sheet_xml,
    unzip_parts,
    with_parts,
    workbook_bytes,
    xlsxwriter_file,
)
from tests.serving import RunningMock

TEXT = "{{nickname}},您的{{礼品}}和 {{ 到店 时间 }} 的预约已备好。"
COLUMN_NAMES = ("userId", "ciq", "nickname", "礼品", "到店 时间")
PEOPLE = (
    ("U7001", "C7001", "赵敏", "面膜", "10:30"),
    ("U7002", "C7002", "周芷若 🌸", "精华", "14:00"),
)
MEMBER_LIST: Rows = (COLUMN_NAMES, *PEOPLE)
MEMBER_NAMES = ["赵敏", "周芷若 🌸"]


def without_cell_references(content: bytes) -> bytes:
    """Return the workbook without references of cells, as some programs write it."""
    rows = ["".join(f'<c t="str"><v>{value}</v></c>' for value in row) for row in MEMBER_LIST]
    return with_parts(content, sheet=sheet_xml("".join(f"<row>{row}</row>" for row in rows)))


FILE_WRITERS: dict[str, Callable[[], bytes]] = {
    "openpyxl.xlsx": lambda: openpyxl_file(MEMBER_LIST),
    "xlsxwriter.xlsx": lambda: xlsxwriter_file(MEMBER_LIST),
    "inline.xlsx": lambda: xlsxwriter_file(MEMBER_LIST, constant_memory=True),
    "by-hand.xlsx": lambda: without_cell_references(openpyxl_file(MEMBER_LIST)),
    "workbook.csv": lambda: openpyxl_file(MEMBER_LIST),
    "utf-8.csv": lambda: csv_file(MEMBER_LIST),
    "bom.csv": lambda: csv_file(MEMBER_LIST, "utf-8-sig"),
    "gb18030.csv": lambda: csv_file(MEMBER_LIST, "gb18030"),
    "semicolon.csv": lambda: csv_file(MEMBER_LIST, separator=";"),
    "tab.CSV": lambda: csv_file(MEMBER_LIST, "gb18030", "\t"),
    "mac.csv": lambda: csv_file(MEMBER_LIST).replace(b"\r\n", b"\r"),
    "unix.csv": lambda: csv_file(MEMBER_LIST).replace(b"\r\n", b"\n"),
}


@pytest.mark.parametrize("name", FILE_WRITERS)
def test_a_list_is_read_whoever_wrote_it(shared_mock: RunningMock, name: str) -> None:
    """NT-10, NT-07: Chinese columns are variables; names are returned unchanged and in order."""
    file = upload_file(shared_mock, name, FILE_WRITERS[name]())
    found = task_members(shared_mock, create_task(shared_mock, [file], TEXT))
    assert [member for _, member in found] == MEMBER_NAMES
    assert create_plan_task(shared_mock, [file]).json()["totalMember"] == 2


def test_the_same_people_are_the_same_members_in_every_file(shared_mock: RunningMock) -> None:
    """N2: members of the first file are found again by userId or ciq alone."""
    first = upload_file(shared_mock, "一.xlsx", openpyxl_file(MEMBER_LIST))
    by_user = upload_file(shared_mock, "二.csv", csv_file([["userId"], ["U7001"]]))
    by_ciq = upload_file(shared_mock, "三.csv", csv_file([["ciq", "name"], ["C7002", "小周"]]))
    (zhao, _), (zhou, _) = task_members(shared_mock, create_task(shared_mock, [first]))
    found = task_members(shared_mock, create_task(shared_mock, [by_user, by_ciq]))
    assert found == [(zhao, "赵敏"), (zhou, "小周")]


def test_several_files_are_joined_in_order(shared_mock: RunningMock) -> None:
    """M46, MT-15: a workbook and a .csv with different columns."""
    rows: Rows = [["memberId", "name"], [8001, "甲"], [8002, "乙"]]
    second = upload_file(shared_mock, "二.xlsx", openpyxl_file(rows))
    first = upload_file(shared_mock, "一.csv", csv_file([["nickname", "memberId"], ["丙", "8003"]]))
    found = task_members(shared_mock, create_task(shared_mock, [first, second]))
    assert found == [(8003, "丙"), (8001, "甲"), (8002, "乙")]


def test_an_upload_declared_as_csv_is_one_without_its_ending(shared_mock: RunningMock) -> None:
    """N5: neither bytes nor name determine the type."""
    file = upload_file(shared_mock, "名单", csv_file(MEMBER_LIST), "text/csv")
    assert create_task(shared_mock, [file], TEXT).status_code == 200


def test_quoted_values_keep_separators_and_line_breaks(shared_mock: RunningMock) -> None:
    """RFC 4180: a row may have several lines."""
    rows = [["userId", "nickname", "礼,品"], ["U1", '张 "小" 丽', "a\nb;c\td"], ["", "b", "c"]]
    file = upload_file(shared_mock, "引号.csv", csv_file(rows))
    assert [words[3] for words in violations_of(create_task(shared_mock, [file]))] == [
        "引号.csv A3"
    ]
    good = upload_file(shared_mock, "引号.csv", csv_file(rows[:2]))
    (found,) = task_members(shared_mock, create_task(shared_mock, [good], "{{礼,品}}"))
    assert found[1] == '张 "小" 丽'


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1001, "1001"),
        (1001.0, "1001"),
        (2**53, "9007199254740992"),
        (0.1 + 0.2, "0.3"),
        (1e20, "1E+20"),
        (1e-7, "0.0000001"),
        (1.25e-12, "0.00000000000125"),
        (1e-16, "1E-16"),
        (True, "TRUE"),
        (False, "FALSE"),
        (date(2025, 5, 5), "2025-05-05"),
        (datetime(2025, 5, 5, 10, 30), "2025-05-05 10:30:00"),  # noqa: DTZ001 - as a sheet has it
        (time(10, 30), "10:30:00"),
        ("  张丽 ", "张丽"),
        ("0012", "0012"),
    ],
)
def test_a_cell_reads_as_a_spreadsheet_shows_it(
    shared_mock: RunningMock, value: object, shown: str
) -> None:
    """N5: shown by the member's name."""
    file = upload_file(
        shared_mock, "值.xlsx", openpyxl_file([["memberId", "nickname"], [8101, value]])
    )
    assert task_members(shared_mock, create_task(shared_mock, [file])) == [(8101, shown)]


def test_the_first_visible_worksheet_is_read(shared_mock: RunningMock) -> None:
    """N5: neither a chart or a hidden sheet before it, nor a sheet after it."""
    book = openpyxl.Workbook()
    book.worksheets[0].sheet_state = "hidden"
    book.worksheets[0].append(["说明"])
    book._add_sheet(Chartsheet(title="图", parent=book))  # type: ignore[attr-defined]
    for title, name in (("名单", "甲"), ("其他", "乙")):
        sheet = book.create_sheet(title)
        sheet.append(["userId", "nickname"])
        sheet.append(["U8201", name])
    file = upload_file(shared_mock, "多表.xlsx", workbook_bytes(book))
    assert [name for _, name in task_members(shared_mock, create_task(shared_mock, [file]))] == [
        "甲"
    ]


def test_rows_without_values_and_columns_without_use_do_not_matter(
    shared_mock: RunningMock,
) -> None:
    """N5: blank rows are skipped, and the table may begin beyond column A."""
    rows: Rows = [
        [None, "userId", None, "备注"],
        [],
        [None, "U1", None, "x" * 100],
        [None, " "],
        [None, "U2"],
    ]
    file = upload_file(shared_mock, "空行.xlsx", openpyxl_file(rows))
    assert create_task(shared_mock, [file]).json()["totalMembers"] == 2


def test_a_column_that_no_text_uses_may_hold_anything(shared_mock: RunningMock) -> None:
    """NT-07 applies to the variables of this task; other columns are not checked."""
    rows: Rows = [["userId", "链接"], ["U1", "=HYPERLINK(A1)"], ["U2", None]]
    file = upload_file(shared_mock, "其他列.xlsx", openpyxl_file(rows))
    assert create_task(shared_mock, [file]).status_code == 200


def test_the_template_filled_in_makes_tasks_of_both_kinds(shared_mock: RunningMock) -> None:
    """MT-09, filled in by openpyxl: input stays as typed; a column may be added (N5)."""
    path = "/api/v1/marketing-notice/members/template"
    template = shared_mock.client.get(path).raise_for_status().content
    book = openpyxl.load_workbook(io.BytesIO(template))
    sheet = book.worksheets[0]
    columns = [str(cell.value) for cell in sheet[1]]
    assert columns == ["会员ID (memberId)", "用户ID (userId)", "ciq", "昵称 (nickname)"]
    formats = {(d.min, d.max): d.number_format for d in sheet.column_dimensions.values()}
    assert formats == {(1, 2): "@", (3, 16384): "@"}
    sheet["E1"] = "礼品"
    sheet.append(["8301", "0012345678901234567890", None, "钱多多", "精华"])
    sheet.append(["8302", None, "C8302", "周芷若", "面膜"])
    file = upload_file(shared_mock, "member-template.xlsx", workbook_bytes(book))
    task = create_task(shared_mock, [file], "{{昵称}} {{nickname}} {{礼品}}")
    assert task_members(shared_mock, task) == [(8301, "钱多多"), (8302, "周芷若")]
    assert create_plan_task(shared_mock, [file]).json()["totalMember"] == 2
    assert shared_mock.world.members.get(8301).user_id == "0012345678901234567890"  # type: ignore[union-attr]


def test_the_sample_of_the_template_cannot_become_a_member(shared_mock: RunningMock) -> None:
    """M15: it is on the second sheet; the template as it is has no member, and is refused."""
    path = "/api/v1/marketing-notice/members/template"
    template = shared_mock.client.get(path).raise_for_status().content
    book = openpyxl.load_workbook(io.BytesIO(template))
    assert book.sheetnames == ["会员名单", "填写说明"]
    assert book.worksheets[0].max_row == 1
    samples = {str(row[2].value) for row in book.worksheets[1].iter_rows()}
    assert {"1001", "U1001", "C1001", "张丽"} <= samples
    file = upload_file(shared_mock, "未填写.xlsx", template)
    assert create_plan_task(shared_mock, [file]).status_code == 400


CHINESE_TITLE_ROWS: Rows = (("会员ID", "昵称"), ("7101", "周芷若"), ("7102", "赵敏"))


@pytest.mark.parametrize("text", ["{{nickname}},您好", "{{昵称}},您好"])
@pytest.mark.parametrize("name", ["titles.xlsx", "titles.csv"])
def test_the_chinese_titles_of_the_template_stand_for_the_names_on_the_wire(
    shared_mock: RunningMock, name: str, text: str
) -> None:
    """N5: `会员ID` is `memberId` and `昵称` is `nickname`; a text may use either name."""
    content = (
        openpyxl_file(CHINESE_TITLE_ROWS) if name.endswith("xlsx") else csv_file(CHINESE_TITLE_ROWS)
    )
    file = upload_file(shared_mock, name, content)
    found = task_members(shared_mock, create_task(shared_mock, [file], text))
    assert found == [(7101, "周芷若"), (7102, "赵敏")]
    assert create_plan_task(shared_mock, [file]).json()["totalMember"] == 2


@pytest.mark.parametrize("header", [("memberId", "会员ID"), ("会员ID", "memberId")])
def test_a_title_beside_the_name_it_stands_for_is_a_repeated_column(
    shared_mock: RunningMock, header: tuple[str, str]
) -> None:
    """NT-10, MT-03: two columns with one meaning could contradict each other."""
    file = upload_file(shared_mock, "两列.csv", csv_file([header, ("7101", "7102")]))
    found = "两列.csv B1"
    for rule, answer in (
        ("NT-10", create_task(shared_mock, [file])),
        ("MT-03", create_plan_task(shared_mock, [file])),
    ):
        assert violations_of(answer) == [("/body/fileIds/0", rule, "header-duplicate", found)]


def test_a_title_is_wrong_in_the_same_cells_as_a_name(shared_mock: RunningMock) -> None:
    """NT-05: the error names the cell below the title."""
    file = upload_file(shared_mock, "编号.csv", csv_file([("会员ID",), ("0",)]))
    expected = ("/body/fileIds/0", "NT-05", "id-invalid", "编号.csv A2: 0")
    assert violations_of(create_task(shared_mock, [file])) == [expected]


def test_the_template_is_the_same_bytes_whenever_it_is_asked_for(shared_mock: RunningMock) -> None:
    """Its content does not depend on the time of the request."""
    path = "/api/v1/marketing-notice/members/template"
    first, second = (shared_mock.client.get(path).content for _ in range(2))
    assert first == second
    assert "2025-01-01T00:00:00Z" in str(unzip_parts(first)["docProps/core.xml"])
