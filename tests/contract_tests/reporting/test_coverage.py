"""The table of what a run has reached."""

from __future__ import annotations

import csv
import io

from contract_tests.contract.operations import operations
from contract_tests.reporting.coverage import list_coverage_lines, to_csv
from tests.contract_tests.reporting.samples import faulty_record, record_with_text


def test_the_coverage_table_says_reached_excused_or_not() -> None:
    """Every documented status, parameter and link has a state, and so have undocumented ones."""
    lines = {(line.operation, line.name): line for line in list_coverage_lines(faulty_record())}
    assert lines["createNotificationTask", "200"].state == "reached"
    assert lines["createNotificationTask", "200"].times == 3
    assert lines["createNotificationTask", "401"].state == "not reached"
    assert lines["createNotificationTask", "403"].state == "excused"
    assert lines["createNotificationTask", "403"].reason == "no permission is ever missing"
    assert lines["createNotificationTask", "body/fileIds"].state == "not reached"
    assert lines["listNotificationTasks", "query/size"].state == "reached"
    assert lines["listGroups", "299"].state == "undocumented"
    assert lines["createNotificationTask", "body/members 200"].times == 2
    assert lines["createNotificationTask", "body/members 401"].state == "not reached"
    assert lines["createNotificationTask", "body/members 500"].state == "excused"
    links = [line for line in lines.values() if line.name.startswith("POST /api/v1/file -> ")]
    assert links
    assert {(link.operation, link.kind, link.state) for link in links} == {
        ("uploadFile", "link", "reached")
    }
    for name, operation in operations().items():
        for status in operation.raw["responses"]:
            assert (name, status) in lines


def test_the_csv_is_the_coverage_table() -> None:
    """The CSV has the same lines; text that looks like a formula stays text."""
    rows = list(csv.DictReader(io.StringIO(to_csv(list_coverage_lines(faulty_record())))))
    assert len(rows) == len(list_coverage_lines(faulty_record()))
    assert {row["kind"] for row in rows} == {"status", "parameter", "crossing", "link"}
    assert "\n'=1" not in to_csv(list_coverage_lines(faulty_record()))
    hostile = to_csv(list_coverage_lines(record_with_text("=1+1")))
    assert ",'=1+1," in hostile
    assert ",=1+1," not in hostile
