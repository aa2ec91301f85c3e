"""Probes of ids that floating-point numbers cannot hold (ID-03)."""

from __future__ import annotations

from typing import Any
from zlib import crc32

from contract_tests.rules.client import ApiClient
from contract_tests.rules.factories import (
    new_notification,
    new_plan,
    new_plan_task,
    upload_member_list,
)
from contract_tests.rules.members import DAILY_REPORTS_ID, daily_reports_id
from contract_tests.rules.notification_executions import list_executions
from contract_tests.rules.outcome import NotCheckableError, expect_equal
from contract_tests.rules.probe_registry import ProbeRegistry

probes = ProbeRegistry()
EXACT = 2**53
"""Above it, a double cannot represent every integer."""


def large_member_id(api: ApiClient) -> int:
    """Return an unused memberId above 2^53 that a double represents exactly.

    The next id is rounded to it. Raises NotCheckableError if members may not be invented.
    """
    if not api.may_name_anybody:
        raise NotCheckableError("needs members that may be invented")
    # Between 2^53 and 2^54 doubles are 2 apart, and a tie is rounded to the multiple of 4.
    return EXACT + 8 * crc32(api.unique_name().encode())


def members_with_ids(api: ApiClient, *ids: Any) -> list[dict[str, Any]]:
    """Return members with these memberIds."""
    people = api.new_members(len(ids), nickname="李娜")
    return [{**each, "memberId": number} for each, number in zip(people, ids, strict=True)]


@probes.accepted("ID-03")
def keeps_large_member_ids_of_request_exact(api: ApiClient) -> None:
    """Send two neighboring memberIds; read them in the details of the task and its executions."""
    first = large_member_id(api)
    ids = [first, first + 1]
    task = new_notification(api, members=members_with_ids(api, *ids))["id"]
    told = api.call_json("getNotificationTask", taskId=task)["members"]
    expect_equal([each["memberId"] for each in told], ids, "the memberIds of a task")
    rows = list_executions(api, task)
    expect_equal([row["memberId"] for row in rows], ids, "the memberIds of executions")


@probes.accepted("ID-03", observes=(DAILY_REPORTS_ID,))
def keeps_large_member_id_of_file_exact(api: ApiClient) -> None:
    """Read the reports of a member of a plan task; the neighboring ids must have none.

    Where reports are found by userId, only the members of the task are compared.
    """
    # Odd, so that a double would turn it into one of the neighbors that are looked up below.
    number = large_member_id(api) + 3
    # As text: a numeric cell of a workbook is itself a double.
    [member] = members_with_ids(api, str(number))
    file = upload_member_list(api, [member])
    task = new_plan_task(api, new_plan(api)["id"], file_id=file)["id"]
    rows = api.call_json("listMarketingNoticeTaskMembers", taskId=task)["content"]
    expect_equal([row["memberId"] for row in rows], [number], "the memberIds of a plan task")
    if daily_reports_id(api, member) != str(number):
        return
    for neighbor in (number - 1, number + 1):
        answer = api.call("listMemberDailyReports", id=neighbor)
        expect_equal(
            answer.status,
            404,
            f"the status of the reports of {neighbor} (only {number} exists)",
        )
