"""The instructions of the member template agree with what is required."""

from __future__ import annotations

import io

import openpyxl
import pytest

from mock_server.domain.member_list_rules import IDENTIFICATIONS
from mock_server.member_files.template import write_template


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("memberId", "2. 每行必须填写会员ID (memberId)；同一位会员只能出现一次。"),
        (
            "userId-or-ciq",
            "2. 每行至少填写用户ID (userId)、ciq 中的一个；同一位会员只能出现一次。",
        ),
    ],
)
def test_the_instructions_name_the_columns_that_every_row_needs(answer: str, expected: str) -> None:
    """They follow the answer to member-identification (N2)."""
    book = openpyxl.load_workbook(io.BytesIO(write_template(IDENTIFICATIONS[answer])))
    assert expected in [cell.value for cell in book.worksheets[1]["A"]]
