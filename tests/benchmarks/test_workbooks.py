"""The workbook of the benchmark."""

from __future__ import annotations

import io

from openpyxl import load_workbook

from benchmarks.loads import NEW_TASK
from benchmarks.workbooks import COLUMNS, build_workbook
from mock_server.domain.notification_contents import template_variables


def test_the_workbook_names_each_member_once_and_has_every_variable() -> None:
    """Otherwise the task created from it would be refused."""
    head, *rows = (
        load_workbook(io.BytesIO(build_workbook(3))).worksheets[0].iter_rows(values_only=True)
    )
    assert head == COLUMNS
    assert [row[0] for row in rows] == ["U000000", "U000001", "U000002"]
    assert {*template_variables(NEW_TASK["contents"])} <= {*COLUMNS}
