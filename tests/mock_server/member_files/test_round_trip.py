"""Whatever a list says of names comes back from the executions, in order."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.mock_server.member_files.task_requests import members_of, notified, uploaded
from tests.mock_server.member_files.writers import Rows, as_csv, by_openpyxl, by_xlsxwriter
from tests.serving import Mock

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="=_"),
    min_size=1,
    max_size=20,
)
"""Without control characters and blanks at the ends, which no cell keeps. A leading `=` would be a
formula, and `_x0041_` is how a workbook writes an `A`."""
WRITERS: dict[str, Callable[[Rows], bytes]] = {
    "openpyxl.xlsx": by_openpyxl,
    "xlsxwriter.xlsx": lambda rows: by_xlsxwriter(rows, strings_to_urls=False),
    "utf-8.csv": as_csv,
    "gb18030.csv": lambda rows: as_csv(rows, "gb18030"),
}
people = st.lists(st.tuples(st.integers(1, 2**53), WORDS, WORDS), min_size=1, max_size=30,
                  unique_by=lambda person: person[0])  # fmt: skip


@pytest.mark.parametrize("name", WRITERS)
@given(rows=people)
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_names_come_back_in_order(
    shared_mock: Mock, name: str, rows: list[tuple[int, str, str]]
) -> None:
    """N25, NT-15: for any names, through any writer, among variables with any value."""
    listed = [["memberId", "礼品", "nickname"], *([f"{number}", *words] for number, *words in rows)]
    file = uploaded(shared_mock, name, WRITERS[name](listed))
    found = members_of(shared_mock, notified(shared_mock, [file], "{{礼品}}"))
    assert found == [(number, nickname) for number, _, nickname in rows]
