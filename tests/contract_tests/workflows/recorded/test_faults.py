"""Faults of a server that a recording shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.contract_tests.workflows.recorded.recording_checks import violations_of
from tests.contract_tests.workflows.recorded.recording_edits import (
    FIRST_PAGE,
    NEW_GROUP,
    REPORT,
    SORTED,
    drop,
    drop_header,
    put,
    reverse,
    set_query,
    set_status,
    set_text,
)
from tests.contract_tests.workflows.recorded.recordings import (
    GROUPS,
    NOTIFICATIONS,
    Entry,
    Recording,
    edit_body,
)

BODY_FAULTS: list[tuple[str, str, Callable[[Any], None], set[tuple[str, str]]]] = [
    ("GET", FIRST_PAGE, put("x", "content", 0, "id"), {("listGroups", "schema")}),
    ("GET", FIRST_PAGE, drop("totalElements"), {("listGroups", "schema")}),
    ("GET", "&status=COMPLETED", put("2025-02-29 09:00:00", "records", 0, "scheduledStartTime"),
     {("listNotificationTasks", "impossible-moment")}),
    ("GET", FIRST_PAGE, put(9, "totalPages"), {("listGroups", "page-inconsistent")}),
    ("GET", FIRST_PAGE, reverse("content"), {("PG-13", "rule-not-kept")}),
    ("GET", SORTED, reverse("content"), {("PG-15", "rule-not-kept")}),
    ("GET", "ids=104", put(101, "content", 0, "id"),
     {("GR-05", "rule-not-kept"), ("listGroups", "not-listed")}),
    ("GET", "keyWord=%E4%B9%99&ids=&_=1745197200", put("丙", "content", 0, "name"),
     {("PG-07", "rule-not-kept"), ("listGroups", "differs")}),
    # What was written is read back.
    ("POST", GROUPS, put("丙", "name"), {("createGroup", "differs"), ("getGroup", "differs")}),
    ("GET", NEW_GROUP, put("丙", "name"), {("getGroup", "differs")}),
    ("GET", NEW_GROUP, put(102, "id"), {("getGroup", "differs")}),
    ("GET", "?status=EXECUTION", put("DRAFT", "records", 0, "plan", 0, "status"),
     {("MN-10", "rule-not-kept")}),
    ("GET", "?status=EXECUTION", put([], "records", 0, "plan"), {("MN-10", "rule-not-kept")}),
    ("GET", REPORT, put(0.9, "contactSuccessRate"), {("RP-01", "rule-not-kept")}),
    ("GET", REPORT, put(99, "completeServiceOfPeopl"),
     {("RP-05", "rule-not-kept"), ("RP-01", "rule-not-kept")}),
    ("GET", "&current=0&size=4", put("IN_SERVICE", "content", 0, "status"),
     {("MT-06", "rule-not-kept")}),
    ("GET", "&status=COMPLETED", put("PENDING", "records", 0, "status"),
     {("NT-12", "rule-not-kept")}),
    ("GET", "/executions", put(None, "records", 0, "executeTime"), {("NT-29", "rule-not-kept")}),
    ("GET", "?startDate=2025-04-10", put("2025-04-09", "records", 0, "reportDate"),
     {("ME-01", "rule-not-kept"), ("ME-02", "rule-not-kept")}),
    # The refusal of a list without its type.
    ("GET", NOTIFICATIONS, put(404, "status"), {("listNotificationTasks", "problem-status")}),
    ("GET", NOTIFICATIONS, put("/color", "errors", 0, "pointer"),
     {("listNotificationTasks", "refusal-pointer"), ("listNotificationTasks", "schema")}),
    ("GET", NOTIFICATIONS, put("GR-01", "errors", 0, "rule"),
     {("listNotificationTasks", "refusal-rule")}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "end", "change", "expected"),
    BODY_FAULTS,
    ids=[f"{i}-{method} {end}" for i, (method, end, _, _) in enumerate(BODY_FAULTS)],
)
def test_a_wrong_body_is_found(
    visit: Recording,
    tmp_path: Path,
    method: str,
    end: str,
    change: Callable[[Any], None],
    expected: set[tuple[str, str]],
) -> None:
    """Exactly the violations that the fault causes are reported."""
    recording = visit.copy()
    edit_body(recording.find(method, end), change)
    assert violations_of(recording, tmp_path) == expected


ENTRY_FAULTS: list[tuple[str, str, Callable[[Entry], None], set[tuple[str, str]]]] = [
    ("GET", FIRST_PAGE, set_status(418),
     {("listGroups", "undocumented-status"), ("listGroups", "valid-data-refused")}),
    ("GET", FIRST_PAGE, set_status(500),
     {("listGroups", "server-error")}),
    ("GET", FIRST_PAGE, drop_header("response", "content-type"),
     {("listGroups", "missing-content-type")}),
    ("GET", FIRST_PAGE, set_text('{"a": NaN}'), {("listGroups", "schema")}),
    ("GET", FIRST_PAGE, set_text("<html>"), {("listGroups", "malformed-json")}),
    # A request that had to be refused, and one that had to be accepted.
    ("GET", FIRST_PAGE, set_query("?current=-1&size=2"), {("listGroups", "invalid-data-accepted")}),
    ("GET", NOTIFICATIONS, set_query("?taskType=APPOINTMENT_REMINDER"),
     {("listNotificationTasks", "valid-data-refused")}),
    ("GET", FIRST_PAGE, drop_header("request", "authorization"),
     {("listGroups", "missing-credentials-accepted")}),
    # The deletion was not carried out, or the record vanished.
    ("GET", NEW_GROUP, set_status(404), {("getGroup", "not-found")}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "end", "change", "expected"),
    ENTRY_FAULTS,
    ids=[f"{i}-{method} {end}" for i, (method, end, _, _) in enumerate(ENTRY_FAULTS)],
)
def test_a_wrong_exchange_is_found(
    visit: Recording,
    tmp_path: Path,
    method: str,
    end: str,
    change: Callable[[Entry], None],
    expected: set[tuple[str, str]],
) -> None:
    """Exactly the violations that the fault causes are reported."""
    recording = visit.copy()
    change(recording.find(method, end))
    assert violations_of(recording, tmp_path) >= expected
