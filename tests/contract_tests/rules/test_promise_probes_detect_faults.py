"""Each promise of the contract is tested: a server that breaks it in one place is found."""

from __future__ import annotations

from typing import Any

import pytest

import openapi
from contract_tests.rules.probe_registry import all_probes
from tests.contract_tests.rules.document_edits import (
    add_page_without_rows,
    cap_page_size,
    delay_default_end,
    double_rows,
    garble_content,
    increase_field,
    is_whole_list,
    replace_status,
    replace_value,
    reverse_rows,
    rotate_rows,
    round_member_id,
    set_field,
)
from tests.contract_tests.rules.probe_contexts import ProbeMock, with_fault
from tests.contract_tests.rules.rule_faults import (
    apply_refused_changes,
    ignore_one_of,
    ignore_parameter,
    list_refused_creations,
    pretend_success,
    refuse_head,
    refuse_operations,
    repeat_first_answer,
)
from tests.mutants.wire import cache_for_each_token, cache_for_seconds, rewrite_field
from tests.wire_faults import (
    WireFault,
    edit_each_row,
    edit_response,
    replace_header,
)

RULES: dict[str, Any] = openapi.load()["x-rules"]


LIST_SCENES, LIST_GROUPS, LIST_PLANS = "listScenes", "listGroups", "listMarketingNotices"
LIST_TASKS, LIST_TASK_MEMBERS = "listMarketingNoticeTasks", "listMarketingNoticeTaskMembers"
LIST_NOTIFICATIONS, LIST_EXECUTIONS = "listNotificationTasks", "listNotificationTaskExecutions"
GET_TASK, GET_PLAN = "getMarketingNoticeTask", "getMarketingNotice"
CREATE_TASK, UPDATE_PLAN = "createMarketingNoticeTask", "updateMarketingNotice"
GET_PLAN_REPORT, GET_TASK_REPORT = "getMarketingNoticeReport", "getMarketingNoticeTaskReport"
LIST_DAILY_REPORTS = "listMemberDailyReports"
CONTACT_RATE = "contactSuccessRate"
SUCCESS_STATUSES = (200, 206)
EARLY_TIME = "2020-01-01 00:00:00"
FAULTS: list[tuple[str, WireFault]] = [
    ("AU-05", edit_response("createToken", set_field("refresh_token", value="always-the-same"))),
    ("AU-06", edit_response("createToken", set_field("token_type", value="Bearer"))),
    ("AU-06", edit_response("createToken", set_field("expires_in", value=0))),
    ("NT-08", edit_response("createNotificationTask", delay_default_end)),
    ("NT-12", ignore_parameter(LIST_NOTIFICATIONS, "status")),
    ("NT-13", ignore_parameter(LIST_NOTIFICATIONS, "startTime")),
    ("NT-13", ignore_parameter(LIST_NOTIFICATIONS, "endTime")),
    (
        "NT-14",
        edit_response("getNotificationTask", replace_value("status", "COMPLETED", "EXECUTING")),
    ),
    ("NT-15", edit_response(LIST_NOTIFICATIONS, reverse_rows("records"))),
    ("NT-15", edit_response(LIST_EXECUTIONS, reverse_rows("records"))),
    ("NT-17", edit_response("getNotificationTask", increase_field("statistics", "successCount"))),
    ("NT-17", edit_response("createNotificationTask", increase_field("totalMembers"))),
    (
        "NT-24",
        edit_response("getNotificationTask", replace_value("status", "PENDING", "EXECUTING")),
    ),
    (
        "NT-24",
        edit_response(
            LIST_NOTIFICATIONS, edit_each_row("records", set_field("status", value="PENDING"))
        ),
    ),
    ("NT-25", edit_response("getNotificationTask", set_field("contents", value=[]))),
    ("NT-25", edit_response("getNotificationTask", set_field("members", 0, "gift", value="x"))),
    (
        "NT-26",
        edit_response("terminateNotificationTask", set_field("previousStatus", value="EXECUTING")),
    ),
    ("NT-27", pretend_success("terminateNotificationTask")),
    ("NT-28", ignore_parameter(LIST_EXECUTIONS, "orderBy")),
    ("NT-28", ignore_parameter(LIST_EXECUTIONS, "orderDirection")),
    (
        "NT-29",
        edit_response(LIST_EXECUTIONS, edit_each_row("records", set_field("memberName", value=""))),
    ),
    (
        "NT-29",
        edit_response(
            LIST_EXECUTIONS, edit_each_row("records", replace_value("status", "SUCCESS", "PENDING"))
        ),
    ),
    ("FI-04", edit_response("uploadFile", set_field("signature", value="0" * 64))),
    ("FI-04", edit_response("uploadFile", set_field("id", value=601))),
    (
        "FI-05",
        replace_header(
            "getFile", SUCCESS_STATUSES, "last-modified", "Thu, 01 Jan 1970 00:00:00 GMT"
        ),
    ),
    ("FI-05", replace_header("getFile", SUCCESS_STATUSES, "content-disposition", "inline")),
    ("FI-06", refuse_operations({"getFile"})),
    ("FI-08", refuse_operations({"uploadFile"})),
    ("FI-09", edit_response("uploadFile", set_field("fileName", value="report"))),
    (
        "FI-10",
        replace_header("getFile", SUCCESS_STATUSES, "content-type", "application/octet-stream"),
    ),
    ("FI-11", replace_header("getFile", SUCCESS_STATUSES, "cache-control", "no-store")),
    (
        "FI-11",
        replace_header(
            "getFile", SUCCESS_STATUSES, "content-disposition", 'attachment; filename="report.pdf"'
        ),
    ),
    ("FI-12", replace_status("getFile", 200)),
    ("FI-14", edit_response("uploadFile", increase_field("fileSize", by=-1))),
    ("GR-03", pretend_success("deleteGroup")),
    ("GR-04", edit_response("updateGroup", set_field("createTime", value=EARLY_TIME))),
    ("GR-05", ignore_parameter(LIST_GROUPS, "ids")),
    ("SC-03", edit_response("updateScene", set_field("sceneType", value="SYSTEM"))),
    ("SC-03", edit_response("updateScene", set_field("statisticalMethod", value="GRAND_TOTAL"))),
    ("SC-04", edit_response("unbindSceneExternalId", set_field("externalId", value="EXT"))),
    ("SC-04", edit_response("getScene", set_field("externalId", value="EXT"))),
    ("SC-05", ignore_parameter(LIST_SCENES, "keyWord")),
    ("SC-05", ignore_parameter(LIST_SCENES, "externalId")),
    ("SC-05", ignore_parameter(LIST_SCENES, "planId")),
    ("SC-07", edit_response("createScene", set_field("sceneType", value="SYSTEM"))),
    ("SC-07", edit_response(LIST_SCENES, set_field("content", value=[]))),
    ("SC-08", edit_response("updateScene", set_field("externalId", value=None))),
    ("MN-04", edit_response("createMarketingNotice", set_field("status", value="DRAFT"))),
    ("MN-05", pretend_success("terminateMarketingNotice")),
    ("MN-06", pretend_success("enableMarketingNotice")),
    ("MN-09", pretend_success("deleteMarketingNotice")),
    ("MN-10", ignore_parameter(LIST_PLANS, "keyWord")),
    ("MN-10", ignore_parameter(LIST_PLANS, "groupIds")),
    ("MN-10", ignore_parameter(LIST_PLANS, "status")),
    ("MN-11", pretend_success(UPDATE_PLAN)),
    ("MN-18", edit_response(GET_TASK, replace_value("status", "TERMINATION", "NOT_STARTED"))),
    ("MN-19", edit_response(UPDATE_PLAN, set_field("prompt", value="你是品牌的护肤顾问。"))),
    ("MN-20", edit_response(GET_PLAN, set_field("sceneIds", value=[]))),
    ("MN-20", edit_response(UPDATE_PLAN, increase_field("id"))),
    ("MN-21", edit_response(GET_PLAN, replace_value("status", "COMPLETE", "EXECUTION"))),
    ("MN-21", edit_response(GET_PLAN, replace_value("status", "DRAFT", "COMPLETE"))),
    ("MT-06", ignore_parameter(LIST_TASK_MEMBERS, "keyWord")),
    ("MT-06", ignore_parameter(LIST_TASK_MEMBERS, "status")),
    ("MT-07", edit_response(LIST_TASKS, edit_each_row("content", set_field("surprise", value=1)))),
    ("MT-09", garble_content("getMemberTemplate")),
    ("MT-09", replace_header("getMemberTemplate", SUCCESS_STATUSES, "content-type", "text/html")),
    ("MT-11", edit_response(GET_TASK, replace_value("status", "EXECUTION", "NOT_STARTED"))),
    ("MT-11", edit_response(GET_TASK, replace_value("status", "COMPLETE", "EXECUTION"))),
    ("MT-12", pretend_success("terminateMarketingNoticeTask")),
    ("MT-13", pretend_success("enableMarketingNoticeTask")),
    ("MT-14", edit_response(GET_TASK, replace_value("status", "IGNORE", "EXECUTION"))),
    ("MT-15", edit_response(CREATE_TASK, increase_field("totalMember"))),
    ("MT-15", edit_response(CREATE_TASK, set_field("startTime", value="00:00"))),
    ("MT-18", pretend_success("enableMarketingNoticeTask")),
    ("MT-18", edit_response(GET_PLAN_REPORT, increase_field("contactSuccessOfPeopl"))),
    ("RP-01", edit_response(GET_PLAN_REPORT, increase_field(CONTACT_RATE, by=0.1))),
    ("RP-01", edit_response(GET_TASK_REPORT, increase_field(CONTACT_RATE, by=0.00002))),
    ("RP-02", edit_response(GET_PLAN_REPORT, increase_field("completeServiceOfPeopl"))),
    (
        "RP-03",
        edit_response(LIST_PLANS, edit_each_row("records", increase_field("plan", 0, "taskCount"))),
    ),
    (
        "RP-03",
        edit_response(
            LIST_PLANS, edit_each_row("records", increase_field("plan", 0, "contactSuccessOfPeopl"))
        ),
    ),
    (
        "RP-04",
        edit_response(GET_TASK_REPORT, edit_each_row("sceneStatistics", increase_field("number"))),
    ),
    ("RP-04", edit_response(GET_PLAN_REPORT, set_field("sceneStatistics", value=[]))),
    ("RP-05", edit_response(GET_PLAN_REPORT, increase_field("plannedNumberOfPeopl"))),
    ("RP-05", edit_response(GET_TASK_REPORT, increase_field("invitationSuccessfulOfPeopl", by=99))),
    (
        "RP-06",
        edit_response(
            LIST_PLANS,
            edit_each_row("records", set_field("plan", 0, "lastTriggerTime", value=EARLY_TIME)),
        ),
    ),
    ("PG-01", ignore_parameter(LIST_GROUPS, "current")),
    ("PG-02", ignore_parameter(LIST_EXECUTIONS, "size")),
    ("PG-03", edit_response(LIST_SCENES, set_field("content", value=[]))),
    ("PG-05", edit_response(LIST_TASKS, increase_field("totalPages"))),
    ("PG-05", edit_response(LIST_TASK_MEMBERS, set_field("last", value=True))),
    ("PG-05", edit_response(LIST_GROUPS, increase_field("pageable", "offset"))),
    ("PG-09", edit_response(LIST_NOTIFICATIONS, set_field("page", "size", value=10))),
    ("PG-10", edit_response(LIST_PLANS, set_field("page", "size", value=10))),
    ("PG-11", edit_response(LIST_SCENES, set_field("totalElements", value=0))),
    ("PG-11", ignore_parameter(LIST_TASKS, "current")),
    ("PG-12", edit_response(LIST_PLANS, increase_field("page", "total"))),
    ("PG-12", edit_response(LIST_EXECUTIONS, increase_field("page", "current"))),
    ("PG-13", edit_response(LIST_GROUPS, reverse_rows("content"))),
    ("PG-13", edit_response(LIST_TASK_MEMBERS, reverse_rows("content"))),
    ("PG-15", ignore_parameter(LIST_SCENES, "orderBy")),
    ("PG-15", ignore_parameter(LIST_SCENES, "orderNullHandling")),
    ("PG-15", ignore_parameter(LIST_PLANS, "orderDirection")),
    ("PG-07", ignore_parameter(LIST_TASKS, "keyWord")),
    ("GE-04", repeat_first_answer("createScene")),
    ("GE-04", pretend_success("unbindSceneExternalId")),
    ("GE-04", pretend_success("terminateMarketingNoticeTask")),
    ("GE-05", cache_for_each_token("getGroup", ["createGroup", "updateGroup", "deleteGroup"])),
    ("GE-05", cache_for_each_token(LIST_TASKS, ["createMarketingNoticeTask"])),
    ("GE-05", cache_for_seconds("getScene", 5)),
    ("PG-18", ignore_one_of(LIST_GROUPS, "keyWord", "ids")),
    ("PG-18", ignore_one_of(LIST_SCENES, "externalId", "keyWord")),
    ("PG-18", ignore_one_of(LIST_PLANS, "groupIds", "status")),
    ("PG-18", ignore_one_of(LIST_NOTIFICATIONS, "status", "endTime")),
    ("PG-18", ignore_one_of(LIST_TASK_MEMBERS, "moodValue", "status")),
    ("PG-18", ignore_one_of(LIST_DAILY_REPORTS, "startDate", "keyword")),
    (
        "PG-17",
        edit_response(
            LIST_GROUPS, lambda page: page["content"].reverse() if is_whole_list(page) else None
        ),
    ),
    (
        "PG-17",
        edit_response(LIST_EXECUTIONS, lambda page: page["records"].__delitem__(slice(50, None))),
    ),
    ("PG-17", edit_response(LIST_PLANS, cap_page_size)),
    ("PG-17", edit_response(LIST_TASKS, add_page_without_rows)),
    ("ID-03", edit_response(LIST_EXECUTIONS, edit_each_row("records", round_member_id))),
    ("ID-03", edit_response(LIST_TASK_MEMBERS, edit_each_row("content", round_member_id))),
    ("GE-01", rewrite_field("createScene", "externalId", str.lower)),
    ("GE-01", rewrite_field("createNotificationTask", "nickname", str.strip)),
    ("GE-02", apply_refused_changes("updateScene", "getScene")),
    ("GE-02", list_refused_creations("createGroup", LIST_GROUPS)),
    ("GE-03", refuse_head(GET_PLAN)),
    ("ME-01", ignore_parameter(LIST_DAILY_REPORTS, "startDate")),
    ("ME-01", ignore_parameter(LIST_DAILY_REPORTS, "endDate")),
    ("ME-01", ignore_parameter(LIST_DAILY_REPORTS, "keyword")),
    # Reversed, they would be the other answer of an open question (D7).
    ("ME-02", edit_response(LIST_DAILY_REPORTS, rotate_rows("records"))),
    ("ME-04", edit_response(LIST_DAILY_REPORTS, double_rows)),
]


@pytest.mark.parametrize(
    ("rule", "fault"), FAULTS, ids=[f"{rule}-{number}" for number, (rule, _) in enumerate(FAULTS)]
)
def test_a_server_that_breaks_a_promise_is_found_out(
    faulty_probe_mock: ProbeMock, rule: str, fault: WireFault
) -> None:
    """The server has one wrong value, or ignores one parameter."""
    probes = [probe for probe in all_probes() if (probe.rule, probe.kind) == (rule, "accepted")]
    with with_fault(faulty_probe_mock, fault) as site:
        assert "broken" in {site.context.run_probe(probe).outcome for probe in probes}


def test_every_promise_has_been_broken() -> None:
    """A new promise needs a fault of its own."""
    promises = {rule for rule, declared in RULES.items() if declared["kind"] == "promise"}
    assert promises <= {rule for rule, _ in FAULTS}
