"""Names in a list are returned unchanged by the executions, in order."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.mock_server.member_files.task_requests import create_task, task_members, upload_file
from tests.mock_server.member_files.writers import Rows, csv_file, openpyxl_file, xlsxwriter_file
from tests.serving import RunningMock

CELL_TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="=_"),
    min_size=1,
    max_size=20,
)
"""Without control characters and blanks at the ends, which no cell keeps. A leading `=` would be a
formula, and `_x0041_` is how a workbook writes an `A`."""
FILE_WRITERS: dict[str, Callable[[Rows], bytes]] = {
    "openpyxl.xlsx": openpyxl_file,
    "xlsxwriter.xlsx": lambda rows: xlsxwriter_file(rows, strings_to_urls=False),
    "utf-8.csv": csv_file,
    "gb18030.csv": lambda rows: csv_file(rows, "gb18030"),
}
MEMBER_LISTS = st.lists(st.tuples(st.integers(1, 2**53), CELL_TEXTS, CELL_TEXTS), min_size=1,
     max_size=30,
                  unique_by=lambda person: person[0])  # fmt: skip


@pytest.mark.parametrize("name", FILE_WRITERS)
@given(rows=MEMBER_LISTS)
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_names_come_back_in_order(
    shared_mock: RunningMock, name: str, rows: list[tuple[int, str, str]]
) -> None:
    """N25, NT-15: any names are kept, by any program and beside any variables."""
    listed = [["memberId", "礼品", "nickname"], *([f"{number}", *words] for number, *words in rows)]
    file = upload_file(shared_mock, name, FILE_WRITERS[name](listed))
    found = task_members(shared_mock, create_task(shared_mock, [file], "{{礼品}}"))
    assert found == [(number, nickname) for number, _, nickname in rows]
