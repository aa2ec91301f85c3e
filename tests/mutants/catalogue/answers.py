"""Faults of responses: schema, status."""

from __future__ import annotations

from tests.mutants.mutant import Mutant, WireEdit, make_mutant
from tests.mutants.wire import remove_field, replace_field, replace_status
from tests.wire_faults import OperationExchange, edit_each_row, edit_response


def empty_page_for_404(exchange: OperationExchange) -> None:
    """An empty page instead of a 404."""
    if exchange.operation == "listNotificationTaskExecutions" and exchange.status == 404:
        exchange.respond(200, {"page": {"current": 0, "size": 20, "total": 0}, "records": []})


SCHEMA_MUTANTS = (
    make_mutant(
        "schema/required-field-missing",
        "A group is read without its name.",
        "getGroup 200: name is required",
        WireEdit(edit_response("getGroup", remove_field("name"))),
    ),
    make_mutant(
        "schema/null-where-none-is-allowed",
        "A scene that was read has null for its last update.",
        "getScene 200: lastUpdateTime is not nullable",
        WireEdit(edit_response("getScene", replace_field("lastUpdateTime", lambda _: None))),
    ),
    make_mutant(
        "schema/ids-as-text",
        "The ids of listed groups are texts, as for JavaScript's sake.",
        "listGroups 200: id is an integer",
        WireEdit(edit_response("listGroups", edit_each_row("content", replace_field("id", str)))),
    ),
    make_mutant(
        "schema/unknown-status",
        "A notification task that waits is WAITING, not PENDING.",
        "getNotificationTask 200: status is an enum",
        WireEdit(
            edit_response(
                "getNotificationTask",
                replace_field("status", lambda found: "WAITING" if found == "PENDING" else found),
            )
        ),
    ),
    make_mutant(
        "schema/list-renamed",
        "Daily reports come under `reports`, not `records`.",
        "listMemberDailyReports 200: records is required",
        WireEdit(
            edit_response("listMemberDailyReports", lambda found: {"reports": found["records"]})
        ),
    ),
    make_mutant(
        "schema/rate-as-percent",
        "A report's contact rate is a text with a percent sign.",
        "getMarketingNoticeReport 200: contactSuccessRate is a number",
        WireEdit(
            edit_response(
                "getMarketingNoticeReport",
                replace_field("contactSuccessRate", lambda r: f"{100 * r:.0f}%"),
            )
        ),
    ),
)
STATUS_MUTANTS = (
    make_mutant(
        "status/created",
        "A group that was created answers 201.",
        "createGroup 200",
        WireEdit(replace_status("createGroup", (200,), 201)),
    ),
    make_mutant(
        "status/no-content",
        "A group that was deleted answers 204 without a body.",
        "deleteGroup 200",
        WireEdit(replace_status("deleteGroup", (200,), 204, b"")),
    ),
    make_mutant(
        "status/accepted",
        "The termination of a plan's task answers 202.",
        "terminateMarketingNoticeTask 200",
        WireEdit(replace_status("terminateMarketingNoticeTask", (200,), 202)),
    ),
    make_mutant(
        "status/unprocessable",
        "A notification task that breaks a rule is refused with 422.",
        "createNotificationTask 400",
        WireEdit(replace_status("createNotificationTask", (400,), 422)),
    ),
    make_mutant(
        "status/missing-is-a-failure",
        "A scene that does not exist is a 500.",
        "ID-02",
        WireEdit(replace_status("getScene", (404,), 500)),
    ),
    make_mutant(
        "status/missing-is-empty",
        "A task that does not exist has an empty page of executions.",
        "ID-02",
        WireEdit(empty_page_for_404),
    ),
    make_mutant(
        "status/forbidden",
        "Who has no token for the scenes is told 403.",
        "AU-01",
        WireEdit(replace_status("listScenes", (401,), 403)),
    ),
)
MUTANTS: tuple[Mutant, ...] = (*SCHEMA_MUTANTS, *STATUS_MUTANTS)
