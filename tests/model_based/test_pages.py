"""All lists of the demo data with every field, direction, filter and page."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from tests.model_based.caller import MockCaller
from tests.model_based.marketing import NOTICES
from tests.model_based.members import MEMBER_STATUSES
from tests.model_based.notifications import TASK_TYPES, TASKS
from tests.model_based.pages import check_record_page, check_sorted, check_spring_page
from tests.model_based.queries import SCENE_FIELDS

Row = dict[str, Any]
SORT_FIELDS_BY_PATH = {
    f"{NOTICES}/group": ("id", "createTime", "lastUpdateTime", "name"),
    f"{NOTICES}/scene": SCENE_FIELDS,
    f"{NOTICES}/305/task": ("id", "name", "status", "totalMember", "startDate", "startTime"),
    f"{NOTICES}/task/401/members": ("memberId", "memberName", "status", "lastContactTime"),
}
DIRECTIONS = (None, "ASC", "DESC")
NULL_HANDLINGS = (None, "NATIVE", "NULLS_FIRST", "NULLS_LAST")


@pytest.fixture(scope="module")
def caller(shared_caller: MockCaller) -> MockCaller:
    """A client of the demo data, which these tests do not change."""
    return shared_caller


@pytest.mark.parametrize("path", SORT_FIELDS_BY_PATH)
def test_a_list_is_sorted_by_any_of_its_fields(caller: MockCaller, path: str) -> None:
    """PG-04, PG-15: both directions work, with empty values first or last."""
    rows = caller.get(path).ok()["content"]
    for field, direction, nulls in product(SORT_FIELDS_BY_PATH[path], DIRECTIONS, NULL_HANDLINGS):
        query = {"orderBy": field, "orderDirection": direction, "orderNullHandling": nulls}
        ordered = caller.get(path, query).ok()["content"]
        check_sorted(ordered, rows, [field], direction or "ASC", nulls or "NATIVE")
    caller.get(path, {"orderBy": ["id", "nothing"]}).expect_refusal(400, "PG-04")


@pytest.mark.parametrize("path", SORT_FIELDS_BY_PATH)
def test_the_pages_of_a_list_are_its_parts(caller: MockCaller, path: str) -> None:
    """PG-03, PG-05, PG-10, PG-11: pages of any size, the last one and one beyond it are right."""
    rows = caller.get(path).ok()["content"]
    assert len(rows) > 1
    for size in (None, 1, 2, len(rows) - 1, len(rows), len(rows) + 1):
        check_spring_page(caller.get(path, {"size": size}).ok(), rows)
        for current in range(len(rows) // (size or 20) + 2):
            paging = {"current": current, "size": size}
            check_spring_page(caller.get(path, paging).ok(), rows, **paging)


def test_a_status_filter_keeps_exactly_its_rows(caller: MockCaller) -> None:
    """NT-12, MN-10, MT-06: each status selects its rows and no others."""
    for kind in TASK_TYPES:
        rows = caller.get(TASKS, {"taskType": kind}).ok()["records"]
        for status in ("PENDING", "EXECUTING", "COMPLETED", "TERMINATED"):
            wanted = [row for row in rows if row["status"] == status]
            check_record_page(
                caller.get(TASKS, {"taskType": kind, "status": status}).ok(), wanted, 0, 20
            )
    for task in (401, 405, 406, 407):
        path = f"{NOTICES}/task/{task}/members"
        rows = caller.get(path).ok()["content"]
        for status in MEMBER_STATUSES:
            wanted = [row for row in rows if row["status"] == status]
            check_spring_page(caller.get(path, {"status": status}).ok(), wanted)
    plans = [plan for group in caller.get(NOTICES).ok()["records"] for plan in group["plan"]]
    for status in ("DRAFT", "EXECUTION", "TERMINATION", "COMPLETE"):
        groups = caller.get(NOTICES, {"status": status}).ok()["records"]
        assert all(group["plan"] for group in groups)
        found = [plan for group in groups for plan in group["plan"]]
        assert found == [plan for plan in plans if plan["status"] == status] != []


@pytest.mark.parametrize("path", SORT_FIELDS_BY_PATH)
def test_a_keyword_keeps_the_names_that_contain_it(caller: MockCaller, path: str) -> None:
    """PG-07: a keyword is any part of a name, ignoring case, without wildcards."""
    rows = caller.get(path).ok()["content"]
    field = "memberName" if "memberName" in rows[0] else "name"
    parts = {row[field][:2] for row in rows} | {"ZOË", "zoë", "%", "_", ".*", "没有这个词"}
    for part in sorted(parts):
        wanted = [row for row in rows if part.casefold() in row[field].casefold()]
        check_spring_page(caller.get(path, {"keyWord": part}).ok(), wanted)
    for part in ("CAFÉ", "“520”", "护理", "没有这个词"):
        groups = caller.get(NOTICES, {"keyWord": part}).ok()["records"]
        found = [plan["name"] for group in groups for plan in group["plan"]]
        plans = [p["name"] for g in caller.get(NOTICES).ok()["records"] for p in g["plan"]]
        assert found == [name for name in plans if part.casefold() in name.casefold()]


def test_reads_change_nothing(caller: MockCaller) -> None:
    """At the same instant, a read returns the same whatever was read before it."""
    paths = (
        *(
            *SORT_FIELDS_BY_PATH,
            NOTICES,
            f"{NOTICES}/301",
            f"{NOTICES}/301/report",
            f"{NOTICES}/task/407",
        ),
        *(f"{NOTICES}/task/407/report", f"{TASKS}/501", f"{TASKS}/501/executions"),
        *(f"{TASKS}?taskType={TASK_TYPES[0]}", "/api/v1/members/1001/daily-reports"),
    )
    first = [caller.get(path).ok() for path in paths]
    assert [caller.get(path).ok() for path in reversed(paths)] == first[::-1]
