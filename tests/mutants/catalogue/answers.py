"""Faults of answers as such: schema, status."""

from __future__ import annotations

from tests.mutants.mutant import Mutant, Wire, mutant
from tests.mutants.wire import leaves_out, put, status
from tests.wire_faults import Exchange, changes, each


def finds_nobody(exchange: Exchange) -> None:
    """An empty page where there is nothing to have pages."""
    if exchange.operation == "listNotificationTaskExecutions" and exchange.status == 404:
        exchange.answer(200, {"page": {"current": 0, "size": 20, "total": 0}, "records": []})


SCHEMA = (
    mutant(
        "schema/required-field-missing",
        "A group is read without its name.",
        "getGroup 200: name is required",
        Wire(changes("getGroup", leaves_out("name"))),
    ),
    mutant(
        "schema/null-where-none-is-allowed",
        "A scene that was read has null for its last update.",
        "getScene 200: lastUpdateTime is not nullable",
        Wire(changes("getScene", put("lastUpdateTime", lambda _: None))),
    ),
    mutant(
        "schema/ids-as-text",
        "The ids of listed groups are texts, as for JavaScript's sake.",
        "listGroups 200: id is an integer",
        Wire(changes("listGroups", each("content", put("id", str)))),
    ),
    mutant(
        "schema/unknown-status",
        "A notification task that waits is WAITING, not PENDING.",
        "getNotificationTask 200: status is an enum",
        Wire(
            changes(
                "getNotificationTask",
                put("status", lambda found: "WAITING" if found == "PENDING" else found),
            )
        ),
    ),
    mutant(
        "schema/list-renamed",
        "Daily reports come under `reports`, not `records`.",
        "listMemberDailyReports 200: records is required",
        Wire(changes("listMemberDailyReports", lambda found: {"reports": found["records"]})),
    ),
    mutant(
        "schema/rate-as-percent",
        "A report's contact rate is a text with a percent sign.",
        "getMarketingNoticeReport 200: contactSuccessRate is a number",
        Wire(
            changes(
                "getMarketingNoticeReport", put("contactSuccessRate", lambda r: f"{100 * r:.0f}%")
            )
        ),
    ),
)
STATUS = (
    mutant(
        "status/created",
        "A group that was created answers 201.",
        "createGroup 200",
        Wire(status("createGroup", (200,), 201)),
    ),
    mutant(
        "status/no-content",
        "A group that was deleted answers 204 without a body.",
        "deleteGroup 200",
        Wire(status("deleteGroup", (200,), 204, b"")),
    ),
    mutant(
        "status/accepted",
        "The termination of a plan's task answers 202.",
        "terminateMarketingNoticeTask 200",
        Wire(status("terminateMarketingNoticeTask", (200,), 202)),
    ),
    mutant(
        "status/unprocessable",
        "A notification task that breaks a rule is refused with 422.",
        "createNotificationTask 400",
        Wire(status("createNotificationTask", (400,), 422)),
    ),
    mutant(
        "status/missing-is-a-failure",
        "A scene that does not exist is a 500.",
        "ID-02",
        Wire(status("getScene", (404,), 500)),
    ),
    mutant(
        "status/missing-is-empty",
        "A task that does not exist has an empty page of executions.",
        "ID-02",
        Wire(finds_nobody),
    ),
    mutant(
        "status/forbidden",
        "Who has no token for the scenes is told 403.",
        "AU-01",
        Wire(status("listScenes", (401,), 403)),
    ),
)
MUTANTS: tuple[Mutant, ...] = (*SCHEMA, *STATUS)
