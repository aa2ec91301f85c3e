"""Texts of daily reports."""

from __future__ import annotations

from mock_server.domain.daily_reports import INVITATION_ACCEPTED, SUMMARY_BY_STATUS
from tests.serving import RunningMock


def test_no_report_has_one_pair_of_quotation_marks_in_another(shared_mock: RunningMock) -> None:
    """The name of a plan may contain quotation marks, as that of 305 does."""
    name = shared_mock.client.get("/api/v1/marketing-notice/305").json()["name"]
    assert "“" in name
    found = 0
    for member in range(1001, 1025):
        path = f"/api/v1/members/{member}/daily-reports"
        for report in shared_mock.client.get(path).json()["records"]:
            content = report.get("content", "")
            assert content.count("“") == content.count("“520”"), content
            found += name in content
    assert found > 10


def test_a_report_does_not_use_the_name_of_a_plan_as_that_of_an_offer() -> None:
    """The name precedes the sentence about the member."""
    for sentence in (INVITATION_ACCEPTED, *SUMMARY_BY_STATUS.values()):
        assert sentence.startswith("{plan}：会员")
        assert sentence.count("{plan}") == 1
