"""No promise is empty: a server that breaks it in one place is found out."""

from __future__ import annotations

from typing import Any

import pytest

import openapi
from contract_tests.rules.registry import registry
from tests.contract_tests.rules.probe_contexts import Site, with_fault
from tests.contract_tests.rules.rule_faults import drops, pretends, refuses
from tests.wire_faults import Change, Exchange, Fault, changes, each, header

RULES: dict[str, Any] = openapi.load()["x-rules"]


def put(*path: str | int, value: Any) -> Change:
    """A change that puts a value where the path leads."""

    def change(document: Any) -> None:
        for step in path[:-1]:
            document = document[step] if document else {}
        if document:
            document[path[-1]] = value

    return change


def add(*path: str | int, by: float = 1) -> Change:
    """A change that makes a number larger."""

    def change(document: Any) -> None:
        for step in path[:-1]:
            document = document[step]
        document[path[-1]] += by

    return change


def swap(name: str, old: Any, new: Any) -> Change:
    """A change of a field that has a certain value."""

    def change(document: Any) -> None:
        if document.get(name) == old:
            document[name] = new

    return change


def turn(rows: str) -> Change:
    """A change that turns the rows round."""

    def change(document: Any) -> None:
        document[rows].reverse()

    return change


def later(document: Any) -> None:
    """The default end, an hour late."""
    document["scheduledEndTime"] = document["scheduledEndTime"].replace(" 22:", " 23:")


def doubled(document: Any) -> None:
    """Each row a second time."""
    document["records"] *= 2


def status(operation: str, sent: int) -> Fault:
    """A server that answers an operation with another success."""

    def fault(exchange: Exchange) -> None:
        if exchange.operation == operation and 200 <= exchange.status < 400:
            exchange.status = sent

    return fault


def garbles(operation: str) -> Fault:
    """A server whose bytes are not of the type that it names."""

    def fault(exchange: Exchange) -> None:
        if exchange.operation == operation and exchange.status:
            exchange.content = b"no workbook"

    return fault


SCENES, GROUPS, PLANS = "listScenes", "listGroups", "listMarketingNotices"
TASKS, MEMBERS = "listMarketingNoticeTasks", "listMarketingNoticeTaskMembers"
NOTIFICATIONS, EXECUTIONS = "listNotificationTasks", "listNotificationTaskExecutions"
TASK, PLAN = "getMarketingNoticeTask", "getMarketingNotice"
CREATE_TASK, UPDATE_PLAN = "createMarketingNoticeTask", "updateMarketingNotice"
REPORT, TASK_REPORT = "getMarketingNoticeReport", "getMarketingNoticeTaskReport"
REPORTS = "listMemberDailyReports"
RATE = "contactSuccessRate"
SUCCESS = (200, 206)
EARLY = "2020-01-01 00:00:00"
FAULTS: list[tuple[str, Fault]] = [
    ("AU-05", changes("createToken", put("refresh_token", value="always-the-same"))),
    ("AU-06", changes("createToken", put("token_type", value="Bearer"))),
    ("AU-06", changes("createToken", put("expires_in", value=0))),
    ("NT-08", changes("createNotificationTask", later)),
    ("NT-12", drops(NOTIFICATIONS, "status")),
    ("NT-13", drops(NOTIFICATIONS, "startTime")),
    ("NT-13", drops(NOTIFICATIONS, "endTime")),
    ("NT-14", changes("getNotificationTask", swap("status", "COMPLETED", "EXECUTING"))),
    ("NT-15", changes(NOTIFICATIONS, turn("records"))),
    ("NT-15", changes(EXECUTIONS, turn("records"))),
    ("NT-17", changes("getNotificationTask", add("statistics", "successCount"))),
    ("NT-17", changes("createNotificationTask", add("totalMembers"))),
    ("NT-24", changes("getNotificationTask", swap("status", "PENDING", "EXECUTING"))),
    ("NT-24", changes(NOTIFICATIONS, each("records", put("status", value="PENDING")))),
    ("NT-25", changes("getNotificationTask", put("contents", value=[]))),
    ("NT-25", changes("getNotificationTask", put("members", 0, "gift", value="x"))),
    ("NT-26", changes("terminateNotificationTask", put("previousStatus", value="EXECUTING"))),
    ("NT-27", pretends("terminateNotificationTask")),
    ("NT-28", drops(EXECUTIONS, "orderBy")),
    ("NT-28", drops(EXECUTIONS, "orderDirection")),
    ("NT-29", changes(EXECUTIONS, each("records", put("memberName", value="")))),
    ("NT-29", changes(EXECUTIONS, each("records", swap("status", "SUCCESS", "PENDING")))),
    ("FI-04", changes("uploadFile", put("signature", value="0" * 64))),
    ("FI-04", changes("uploadFile", put("id", value=601))),
    ("FI-05", header("getFile", SUCCESS, "last-modified", "Thu, 01 Jan 1970 00:00:00 GMT")),
    ("FI-05", header("getFile", SUCCESS, "content-disposition", "inline")),
    ("FI-06", refuses({"getFile"})),
    ("FI-08", refuses({"uploadFile"})),
    ("FI-09", changes("uploadFile", put("fileName", value="report"))),
    ("FI-10", header("getFile", SUCCESS, "content-type", "application/octet-stream")),
    ("FI-11", header("getFile", SUCCESS, "cache-control", "no-store")),
    (
        "FI-11",
        header("getFile", SUCCESS, "content-disposition", 'attachment; filename="report.pdf"'),
    ),
    ("FI-12", status("getFile", 200)),
    ("FI-14", changes("uploadFile", add("fileSize", by=-1))),
    ("GR-03", pretends("deleteGroup")),
    ("GR-04", changes("updateGroup", put("createTime", value=EARLY))),
    ("GR-05", drops(GROUPS, "ids")),
    ("SC-03", changes("updateScene", put("sceneType", value="SYSTEM"))),
    ("SC-03", changes("updateScene", put("statisticalMethod", value="GRAND_TOTAL"))),
    ("SC-04", changes("unbindSceneExternalId", put("externalId", value="EXT"))),
    ("SC-04", changes("getScene", put("externalId", value="EXT"))),
    ("SC-05", drops(SCENES, "keyWord")),
    ("SC-05", drops(SCENES, "externalId")),
    ("SC-05", drops(SCENES, "planId")),
    ("SC-07", changes("createScene", put("sceneType", value="SYSTEM"))),
    ("SC-07", changes(SCENES, put("content", value=[]))),
    ("SC-08", changes("updateScene", put("externalId", value=None))),
    ("MN-04", changes("createMarketingNotice", put("status", value="DRAFT"))),
    ("MN-05", pretends("terminateMarketingNotice")),
    ("MN-06", pretends("enableMarketingNotice")),
    ("MN-09", pretends("deleteMarketingNotice")),
    ("MN-10", drops(PLANS, "keyWord")),
    ("MN-10", drops(PLANS, "groupIds")),
    ("MN-10", drops(PLANS, "status")),
    ("MN-11", pretends(UPDATE_PLAN)),
    ("MN-18", changes(TASK, swap("status", "TERMINATION", "NOT_STARTED"))),
    ("MN-19", changes(UPDATE_PLAN, put("prompt", value="你是品牌的护肤顾问。"))),
    ("MN-20", changes(PLAN, put("sceneIds", value=[]))),
    ("MN-20", changes(UPDATE_PLAN, add("id"))),
    ("MN-21", changes(PLAN, swap("status", "COMPLETE", "EXECUTION"))),
    ("MN-21", changes(PLAN, swap("status", "DRAFT", "COMPLETE"))),
    ("MT-06", drops(MEMBERS, "keyWord")),
    ("MT-06", drops(MEMBERS, "status")),
    ("MT-07", changes(TASKS, each("content", put("surprise", value=1)))),
    ("MT-09", garbles("getMemberTemplate")),
    ("MT-09", header("getMemberTemplate", SUCCESS, "content-type", "text/html")),
    ("MT-11", changes(TASK, swap("status", "EXECUTION", "NOT_STARTED"))),
    ("MT-11", changes(TASK, swap("status", "COMPLETE", "EXECUTION"))),
    ("MT-12", pretends("terminateMarketingNoticeTask")),
    ("MT-13", pretends("enableMarketingNoticeTask")),
    ("MT-14", changes(TASK, swap("status", "IGNORE", "EXECUTION"))),
    ("MT-15", changes(CREATE_TASK, add("totalMember"))),
    ("MT-15", changes(CREATE_TASK, put("startTime", value="00:00"))),
    ("RP-01", changes(REPORT, add(RATE, by=0.1))),
    ("RP-01", changes(TASK_REPORT, add(RATE, by=0.00002))),
    ("RP-02", changes(REPORT, add("completeServiceOfPeopl"))),
    ("RP-03", changes(PLANS, each("records", add("plan", 0, "taskCount")))),
    ("RP-03", changes(PLANS, each("records", add("plan", 0, "contactSuccessOfPeopl")))),
    ("RP-04", changes(TASK_REPORT, each("sceneStatistics", add("number")))),
    ("RP-04", changes(REPORT, put("sceneStatistics", value=[]))),
    ("RP-05", changes(REPORT, add("plannedNumberOfPeopl"))),
    ("RP-05", changes(TASK_REPORT, add("invitationSuccessfulOfPeopl", by=99))),
    ("RP-06", changes(PLANS, each("records", put("plan", 0, "lastTriggerTime", value=EARLY)))),
    ("PG-01", drops(GROUPS, "current")),
    ("PG-02", drops(EXECUTIONS, "size")),
    ("PG-03", changes(SCENES, put("content", value=[]))),
    ("PG-05", changes(TASKS, add("totalPages"))),
    ("PG-05", changes(MEMBERS, put("last", value=True))),
    ("PG-05", changes(GROUPS, add("pageable", "offset"))),
    ("PG-09", changes(NOTIFICATIONS, put("page", "size", value=10))),
    ("PG-10", changes(PLANS, put("page", "size", value=10))),
    ("PG-11", changes(SCENES, put("totalElements", value=0))),
    ("PG-11", drops(TASKS, "current")),
    ("PG-12", changes(PLANS, add("page", "total"))),
    ("PG-12", changes(EXECUTIONS, add("page", "current"))),
    ("PG-13", changes(GROUPS, turn("content"))),
    ("PG-13", changes(MEMBERS, turn("content"))),
    ("PG-15", drops(SCENES, "orderBy")),
    ("PG-15", drops(SCENES, "orderNullHandling")),
    ("PG-15", drops(PLANS, "orderDirection")),
    ("PG-07", drops(TASKS, "keyWord")),
    ("ME-01", drops(REPORTS, "startDate")),
    ("ME-01", drops(REPORTS, "endDate")),
    ("ME-01", drops(REPORTS, "keyword")),
    ("ME-02", changes(REPORTS, turn("records"))),
    ("ME-04", changes(REPORTS, doubled)),
]


@pytest.mark.parametrize(
    ("rule", "fault"), FAULTS, ids=[f"{rule}-{number}" for number, (rule, _) in enumerate(FAULTS)]
)
def test_a_server_that_breaks_a_promise_is_found_out(
    faulty_site: Site, rule: str, fault: Fault
) -> None:
    """One mistake in what it answers, or one parameter that it does not look at."""
    probes = [probe for probe in registry() if (probe.rule, probe.kind) == (rule, "accepted")]
    with with_fault(faulty_site, fault) as site:
        assert "broken" in {site.ground.judge(probe).outcome for probe in probes}


def test_every_promise_has_been_broken() -> None:
    """No promise without a fault above; a new one needs its own."""
    promises = {rule for rule, declared in RULES.items() if declared["kind"] == "promise"}
    assert promises <= {rule for rule, _ in FAULTS}
