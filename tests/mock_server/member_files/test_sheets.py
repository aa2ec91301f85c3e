"""Places in member files: file, sheet and cells."""

from __future__ import annotations

import pytest

from mock_server.member_files.id_index import describe_place
from mock_server.member_files.sheets import a1_notation


@pytest.mark.parametrize(
    ("row", "column", "name"),
    [(1, 0, "A1"), (7, 25, "Z7"), (7, 26, "AA7"), (2, 701, "ZZ2"), (2**20, 16_383, "XFD1048576")],
)
def test_cells_are_named_as_in_a_spreadsheet(row: int, column: int, name: str) -> None:
    """Column A is 0, and the header is row 1."""
    assert a1_notation(row, column) == name


def test_a_place_names_file_sheet_and_cells() -> None:
    """The name of a sheet with blanks is quoted; a file without sheets has none."""
    assert describe_place("名单.xlsx", "工作表1", "C7") == "名单.xlsx 工作表1!C7"
    assert describe_place("名单.xlsx", "第 1 页", "D1") == "名单.xlsx '第 1 页'!D1"
    assert describe_place("名单.csv", "", "A3,B3") == "名单.csv A3,B3"
    assert describe_place("名单.csv", "", "") == "名单.csv"
