"""Queries of lists with filters, sorting and pages, compared with the unfiltered list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from tests.model_based.caller import MockCaller
from tests.model_based.marketing import NOTICES
from tests.model_based.members import MEMBER_STATUSES
from tests.model_based.model import PlatformModel
from tests.model_based.notifications import TASK_TYPES, TASKS
from tests.model_based.pages import check_record_page, check_sorted, check_spring_page, page_slice
from tests.model_based.strategies import (
    KEYWORDS,
    RECORD_INDEX,
    UNKNOWN_ID,
    DrawFunction,
    draw_record,
)

Row = dict[str, Any]
ModelOperation = Callable[[MockCaller, PlatformModel, DrawFunction], None]
DIRECTIONS = st.sampled_from([None, "ASC", "DESC"])
NULL_HANDLINGS = st.sampled_from([None, "NATIVE", "NULLS_FIRST", "NULLS_LAST"])
PAGE_NUMBERS = st.sampled_from([None, None, 0, 0, 1, 2, 7])
PAGE_SIZES = st.sampled_from([None, 1, 2, 3, 50])
SCENE_FIELDS = (
    *("id", "createTime", "lastUpdateTime", "name", "statisticalMethod", "prompt"),
    *("externalId", "sceneType", "planId"),
)


def matches_keyword(keyword: str | None, name: str) -> bool:
    """PG-07: return whether the name contains the keyword, ignoring case."""
    return not keyword or keyword.casefold() in name.casefold()


def draw_id_list(draw: DrawFunction, known: Sequence[int]) -> str | None:
    """Return ids separated by commas (M4), or None."""
    ids = draw(st.lists(st.sampled_from([UNKNOWN_ID, *known]), max_size=3))
    return ",".join(map(str, ids)) or None


def check_spring_query(
    caller: MockCaller,
    draw: DrawFunction,
    path: str,
    wanted: list[Row],
    query: Row,
    fields: Sequence[str],
) -> None:
    """Send filters, order and page; compare the result with the wanted rows, sorted and cut."""
    order = draw(st.lists(st.sampled_from([*fields, *fields, "nothing"]), max_size=2))
    direction, nulls = draw(DIRECTIONS), draw(NULL_HANDLINGS)
    paging = {"current": draw(PAGE_NUMBERS), "size": draw(PAGE_SIZES)}
    asked = query | {
        "orderBy": order or None,
        "orderDirection": direction,
        "orderNullHandling": nulls,
    }
    answer = caller.get(path, asked | paging)
    if "nothing" in order:
        answer.expect_refusal(400, "PG-04")
        return
    whole = caller.get(path, asked).ok()["content"]
    if order:
        check_sorted(whole, wanted, order, direction or "ASC", nulls or "NATIVE")
    else:
        assert whole == wanted
    check_spring_page(answer.ok(), whole, **paging)
    assert [one["property"] for one in answer.ok()["sort"]] == order


def query_groups(caller: MockCaller, model: PlatformModel, draw: DrawFunction) -> None:
    """Query groups by keyword and ids (GR-05)."""
    base = caller.get(f"{NOTICES}/group").ok()["content"]
    keyword, ids = draw(KEYWORDS), draw_id_list(draw, list(model.groups))
    wanted = [
        row
        for row in base
        if matches_keyword(keyword, row["name"])
        and (ids is None or str(row["id"]) in ids.split(","))
    ]
    fields = ("id", "createTime", "lastUpdateTime", "name")
    check_spring_query(
        caller, draw, f"{NOTICES}/group", wanted, {"keyWord": keyword, "ids": ids}, fields
    )


def query_scenes(caller: MockCaller, model: PlatformModel, draw: DrawFunction) -> None:
    """Query scenes by keyword, external id and plan (SC-05, M12)."""
    rows = caller.get(f"{NOTICES}/scene").ok()["content"]
    keyword = draw(KEYWORDS)
    external = draw(st.sampled_from([None, None, "EXT-1", "EXT-2", "EXT-3"]))
    plan = draw(st.sampled_from([None, None, UNKNOWN_ID, *model.plans]))
    if plan is not None:
        own = model.plans[plan].scenes if plan in model.plans else []
        rows = [row | {"planId": plan} for row in rows if row["id"] in own]
    wanted = [
        row
        for row in rows
        if matches_keyword(keyword, row["name"]) and external in (None, row.get("externalId"))
    ]
    query = {"keyWord": keyword, "externalId": external, "planId": plan}
    check_spring_query(caller, draw, f"{NOTICES}/scene", wanted, query, SCENE_FIELDS)


def query_tasks(caller: MockCaller, model: PlatformModel, draw: DrawFunction) -> None:
    """Query tasks by keyword, sorted by any column of the schema."""
    if not model.plans:
        return
    path = f"{NOTICES}/{draw_record(draw, model.plans).id}/task"
    columns = [column["key"] for column in caller.get(f"{path}/schema").ok()]
    keyword = draw(KEYWORDS)
    wanted = [
        row for row in caller.get(path).ok()["content"] if matches_keyword(keyword, row["name"])
    ]
    check_spring_query(caller, draw, path, wanted, {"keyWord": keyword}, columns)


def query_members(caller: MockCaller, model: PlatformModel, draw: DrawFunction) -> None:
    """Query members by keyword, status, scenes and moods together (MT-06)."""
    if not model.tasks:
        return
    task = draw_record(draw, model.tasks)
    keyword, ids = draw(KEYWORDS), draw_id_list(draw, list(model.scenes))
    status = draw(st.sampled_from([None, None, *MEMBER_STATUSES]))
    moods = draw(st.sampled_from([None, None, "满意", "一般,不满意", "没有"]))
    names = {model.scenes[i].name for i in model.scenes if str(i) in (ids or "").split(",")}
    wanted = [
        row
        for row in task.rows
        if matches_keyword(keyword, row["memberName"])
        and status in (None, row["status"])
        and (ids is None or names & set(row["scenes"]))
        and (moods is None or set(moods.split(",")) & set(row["moodValues"]))
    ]
    query = {"keyWord": keyword, "status": status, "sceneIds": ids, "moodValue": moods}
    fields = ("memberId", "memberName", "status", "lastContactTime")
    check_spring_query(caller, draw, f"{NOTICES}/task/{task.id}/members", wanted, query, fields)


def query_plans(caller: MockCaller, model: PlatformModel, draw: DrawFunction) -> None:
    """Query groups with matching plans (MN-10); pages consist of groups (M7)."""
    base = caller.get(NOTICES).ok()["records"]
    keyword, ids = draw(KEYWORDS), draw_id_list(draw, list(model.groups))
    status = draw(st.sampled_from([None, None, "DRAFT", "EXECUTION", "TERMINATION", "COMPLETE"]))
    wanted = []
    for group in base:
        own = [
            plan
            for plan in group["plan"]
            if matches_keyword(keyword, plan["name"]) and status in (None, plan["status"])
        ]
        if (ids is None or str(group["groupId"]) in ids.split(",")) and (
            own or not (keyword or status)
        ):
            wanted.append(group | {"plan": own})
    order, direction = draw(st.sampled_from([None, "groupId", "groupName"])), draw(DIRECTIONS)
    asked = {"keyWord": keyword, "groupIds": ids, "status": status}
    asked |= {"orderBy": order, "orderDirection": direction}
    whole = caller.get(NOTICES, asked).ok()["records"]
    if order:
        check_sorted(whole, wanted, [order], direction or "ASC")
    else:
        assert whole == wanted
    current, size = draw(st.integers(0, 2)), draw(PAGE_SIZES)
    page = caller.get(NOTICES, asked | {"current": current, "size": size}).ok()
    assert page["records"] == page_slice(whole, current, size)
    assert page["page"] == {"current": current, "size": size or 20, "total": len(whole)}


def query_notifications(caller: MockCaller, _model: PlatformModel, draw: DrawFunction) -> None:
    """Query tasks by type, status and period of starts, inclusive (NT-12, NT-13)."""
    kind = draw(st.sampled_from(TASK_TYPES))
    base = caller.get(TASKS, {"taskType": kind, "size": 1000}).ok()["records"]
    status = draw(st.sampled_from([None, None, "PENDING", "EXECUTING", "COMPLETED", "TERMINATED"]))
    starts = [row["scheduledStartTime"] for row in base]
    since, until = (draw(st.sampled_from([None, *starts])) for _ in range(2))
    wanted = [
        row
        for row in base
        if status in (None, row["status"])
        and (since or "") <= row["scheduledStartTime"] <= (until or "9")
    ]
    query = {"taskType": kind, "status": status, "startTime": since, "endTime": until}
    current, size = draw(st.integers(0, 2)), draw(st.integers(1, 4))
    page = caller.get(TASKS, query | {"current": current, "size": size}).ok()
    check_record_page(page, wanted, current, size)


def query_executions(caller: MockCaller, model: PlatformModel, draw: DrawFunction) -> None:
    """Query executions by time, those without one last, or status (NT-28); at most 100 (PG-02)."""
    if not model.notifications:
        return
    task = draw_record(draw, model.notifications)
    path = f"{TASKS}/{task.id}/executions"
    order = draw(st.sampled_from([None, "executeTime", "status", "memberName"]))
    asked = {"orderBy": order, "orderDirection": draw(DIRECTIONS)}
    answer = caller.get(path, asked | {"size": 100})
    if order == "memberName":
        answer.expect_refusal(400, "NT-16")
        return
    whole = answer.ok()["records"]
    if order:
        check_sorted(whole, task.rows, [order], asked["orderDirection"] or "ASC")
    else:
        assert whole == task.rows
    current, size = draw(st.integers(0, 2)), draw(st.integers(1, 4))
    page = caller.get(path, asked | {"current": current, "size": size}).ok()
    check_record_page(page, whole, current, size)
    caller.get(path, asked | {"size": 101}).expect_refusal(400, "PG-02")


def query_daily_reports(caller: MockCaller, model: PlatformModel, draw: DrawFunction) -> None:
    """Query reports by period, inclusive, and a keyword in the content (ME-01)."""
    if not model.members:
        return
    known = list(model.members.values())
    path = f"/api/v1/members/{known[draw(RECORD_INDEX) % len(known)]}/daily-reports"
    base = caller.get(path).ok()["records"]
    dates = [row["reportDate"] for row in base]
    first, last = (draw(st.sampled_from([None, *dates])) for _ in range(2))
    keyword = draw(st.sampled_from([None, None, "会员", "人工", "ABC"]))
    wanted = [
        row
        for row in base
        if (first or "") <= row["reportDate"] <= (last or "9")
        and matches_keyword(keyword, row.get("content", ""))
    ]
    query = {"startDate": first, "endDate": last, "keyword": keyword}
    assert caller.get(path, query).ok()["records"] == wanted


def request_unknown_id(caller: MockCaller, _model: PlatformModel, draw: DrawFunction) -> None:
    """Every operation with an unknown id in the path is 404 (ID-02)."""
    method, path, body = draw(st.sampled_from(UNKNOWN_ID_REQUESTS))
    caller.send(method, path.format(UNKNOWN_ID), body).expect_refusal(404, "ID-02")


UNKNOWN_ID_REQUESTS: Sequence[tuple[str, str, Row | None]] = (
    ("GET", TASKS + "/{}", None),
    ("GET", TASKS + "/{}/executions", None),
    ("PUT", TASKS + "/{}/termination", {}),
    ("GET", NOTICES + "/group/{}", None),
    ("PUT", NOTICES + "/group/{}", {"name": "组"}),
    ("DELETE", NOTICES + "/group/{}", None),
    ("GET", NOTICES + "/scene/{}", None),
    ("PUT", NOTICES + "/scene/{}", {"name": "景", "prompt": "词"}),
    ("PATCH", NOTICES + "/scene/{}/unbundled-externalId", None),
    ("GET", NOTICES + "/{}", None),
    ("DELETE", NOTICES + "/{}", None),
    ("GET", NOTICES + "/{}/report", None),
    ("GET", NOTICES + "/{}/task", None),
    ("GET", NOTICES + "/{}/task/schema", None),
    ("POST", NOTICES + "/{}/task", {"name": "批", "startTime": "10:00", "fileIds": [UNKNOWN_ID]}),
    ("PATCH", NOTICES + "/{}/termination", None),
    ("PATCH", NOTICES + "/{}/enable", None),
    ("GET", NOTICES + "/task/{}", None),
    ("GET", NOTICES + "/task/{}/members", None),
    ("GET", NOTICES + "/task/{}/report", None),
    ("PATCH", NOTICES + "/task/{}/termination", None),
    ("PATCH", NOTICES + "/task/{}/enable", None),
    ("GET", "/api/v1/members/{}/daily-reports", None),
    ("GET", "/api/v1/file/{}", None),
)
QUERIES: Sequence[ModelOperation] = (
    *(
        query_groups,
        query_scenes,
        query_tasks,
        query_members,
        query_plans,
        query_notifications,
        query_executions,
        query_daily_reports,
        request_unknown_id,
    ),
)
