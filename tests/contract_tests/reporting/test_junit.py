"""The report for continuous integration."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from contract_tests.contract.operations import operations, rules
from contract_tests.reporting.junit import to_junit
from tests.contract_tests.reporting.samples import faulty_record, record_with_text


def test_junit_has_a_case_for_each_operation_and_each_rule() -> None:
    """Violations are failures; rules that are not checkable are skips with the reason."""
    root = ET.fromstring(to_junit(faulty_record()))
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert cases.keys() == {*operations(), *rules()}
    failures = {name for name, case in cases.items() if case.find("failure") is not None}
    assert failures == {"createNotificationTask", "NT-11"}
    failure = cases["createNotificationTask"].find("failure")
    assert failure is not None
    assert "N14" in (failure.text or "")
    assert "curl -X POST" in (failure.text or "")
    skipped = {name for name, case in cases.items() if case.find("skipped") is not None}
    assert skipped == {"listMemberDailyReports", "AU-04", "AU-07"}
    assert "Li Lei" in (cases["listGroups"].findtext("system-out") or "")
    assert (root.get("tests"), root.get("failures"), root.get("skipped")) == (
        str(len(cases)),
        "2",
        "3",
    )


def test_junit_tells_what_is_neither_an_operation_nor_a_rule() -> None:
    """Internal errors and the early end of a run are cases, too."""
    record = record_with_text("chains")
    names = {case.get("name") for case in ET.fromstring(to_junit(record)).iter("testcase")}
    assert {"chains", "end"} <= names
