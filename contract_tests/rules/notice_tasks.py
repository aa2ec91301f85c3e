"""Probes of the tasks of a plan: fields, template, list (L1176-L1369)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from contract_tests.rules.client import NONEXISTENT_ID, ApiClient, format_date
from contract_tests.rules.factories import (
    LEAD_DAYS,
    new_plan,
    new_plan_task,
    plan_task_body,
    upload_image_as_workbook,
    upload_member_list,
    without_fields,
)
from contract_tests.rules.notice_states import get_plan_task_status
from contract_tests.rules.outcome import ExpectedRefusal, expect_equal
from contract_tests.rules.probe_registry import ProbeRegistry
from contract_tests.rules.reading_dependent_requests import (
    EMPTY_NAMES,
    PLAN_TIMES,
    UNKNOWN_IDS,
    is_accepted_or_observe_refusal,
    observe_empty_name_or_yield_refusal,
)

probes = ProbeRegistry()
CREATE = "createMarketingNoticeTask"
TERMINATE, ENABLE = "terminateMarketingNoticeTask", "enableMarketingNoticeTask"
LIST_MEMBERS = "listMarketingNoticeTaskMembers"
MEMBER_STATUSES = (
    "NOT_REACHED",
    "IN_SERVICE",
    "TERMINATE_SERVICE",
    "CUSTOMER_SERVICE_INTERVENES",
    "COMPLETE_SERVICE",
    "IGNORE",
    "TIMEOUT_COMPLETE_SERVICE",
)


@probes.accepted("MT-01")
def accepts_plan_task_with_required_fields(api: ApiClient) -> None:
    """Create a task with a name, a start and a file."""
    new_plan_task(api, new_plan(api)["id"], members=1)


@probes.refused("MT-01")
def refuses_plan_task_without_a_required_field(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create a task without each required field, and with an empty list of files."""
    plan = new_plan(api)["id"]
    body = plan_task_body(api, members=1)
    for name in body:
        yield f"/body/{name}", api.call(CREATE, id=plan, body=without_fields(body, name))
    yield "/body/fileIds", api.call(CREATE, id=plan, body=body | {"fileIds": []})


@probes.accepted("MT-02", observes=(PLAN_TIMES,))
def accepts_plan_task_start_in_every_format(api: ApiClient) -> None:
    """Create tasks whose start has seconds, has minutes, or is only a time of day.

    A server may refuse all forms but the first.
    """
    plan = new_plan(api)["id"]
    body = plan_task_body(api, members=1)
    date = format_date(api.moment_at(LEAD_DAYS, 0))
    made = api.call_json(CREATE, id=plan, body=body | {"startTime": f"{date} 10:30:00"})
    expect_equal((made["startDate"], made["startTime"]), (date, "10:30"), "the start with seconds")
    taken = []
    for start in (f"{date} 10:30", "10:30"):
        answer = api.call(CREATE, id=plan, body=body | {"startTime": start})
        if is_accepted_or_observe_refusal(api, PLAN_TIMES, answer, refused="full"):
            expect_equal(answer.json["startTime"], "10:30", f"the time of {start}")
            api.observe(PLAN_TIMES, "documented", answer)
            taken.append(answer.json["startDate"])
    if not taken:
        return
    expect_equal(taken[0], date, f"the date of {date} 10:30")
    now = api.now()
    # One of them has passed today, except in the first and the last minute of a day.
    for hour in ("00:00", "23:59"):
        made = api.call_json(CREATE, id=plan, body=body | {"startTime": hour})
        over = now.strftime("%H:%M") > hour
        next_day = format_date(now + timedelta(days=1)) if over else format_date(now)
        expect_equal(made["startDate"], next_day, f"the date of {hour} at {now:%H:%M}")


@probes.refused("MT-02")
def refuses_plan_task_start_in_invalid_format(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create tasks whose start has no time, does not exist, or has another format."""
    plan = new_plan(api)["id"]
    body = plan_task_body(api, members=1)
    for start in (
        "2030-04-21",
        "2030-02-31 10:00",
        "2030-04-21T10:00",
        "2030/04/21 10:00",
        "9:5",
        "24:00",
        "明天",
        "",
    ):
        answer = api.call(CREATE, id=plan, body=body | {"startTime": start})
        yield "/body/startTime", answer


@probes.accepted("MT-03")
def accepts_plan_task_with_member_list(api: ApiClient) -> None:
    """Create a task with a list of one member."""
    new_plan_task(api, new_plan(api)["id"], members=1)


@probes.refused("MT-03")
def refuses_plan_task_file_without_member_list(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create a task with a file that is an image or has no rows, also as second file."""
    plan = new_plan(api)["id"]
    body = plan_task_body(api, members=1)
    other = upload_image_as_workbook(api)
    empty = upload_member_list(api, [], [*api.new_members(1)[0], "nickname"])
    for wrong in (other, empty):
        answer = api.call(CREATE, id=plan, body=body | {"fileIds": [wrong]})
        yield "/body/fileIds/0", answer
    answer = api.call(CREATE, id=plan, body=body | {"fileIds": [*body["fileIds"], other]})
    yield "/body/fileIds/1", answer


@probes.refused("MT-03", status_reading=UNKNOWN_IDS)
def refuses_plan_task_with_nonexistent_file(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create a task with a file that does not exist."""
    body = plan_task_body(api, members=1) | {"fileIds": [NONEXISTENT_ID]}
    yield "/body/fileIds/0", api.call(CREATE, id=new_plan(api)["id"], body=body)


@probes.accepted("MT-04")
def terminates_plan_task_before_its_start(api: ApiClient) -> None:
    """Terminate one of three tasks and read the status of all."""
    plan = new_plan(api)["id"]
    # One before and one after it in the list, which an operation on the wrong row would hit.
    older, task, newer = (new_plan_task(api, plan, members=1)["id"] for _ in range(3))
    before = [get_plan_task_status(api, other) for other in (older, newer)]
    api.call_json(TERMINATE, taskId=task)
    expect_equal(get_plan_task_status(api, task), "TERMINATION", "the status")
    after = [get_plan_task_status(api, other) for other in (older, newer)]
    expect_equal(after, before, "the status of the others")


@probes.refused("MT-04")
def refuses_second_termination_of_plan_task(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Terminate a task twice."""
    task = new_plan_task(api, new_plan(api)["id"])["id"]
    api.call_json(TERMINATE, taskId=task)
    yield "/path/taskId", api.call(TERMINATE, taskId=task)


@probes.accepted("MT-05")
def enables_terminated_plan_task(api: ApiClient) -> None:
    """Terminate a task, enable it, and terminate it again."""
    task = new_plan_task(api, new_plan(api)["id"])["id"]
    for operation in (TERMINATE, ENABLE, TERMINATE):
        api.call_json(operation, taskId=task)


@probes.refused("MT-05")
def refuses_enabling_of_unterminated_plan_task(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Enable a task that has not started."""
    yield "/path/taskId", api.call(ENABLE, taskId=new_plan_task(api, new_plan(api)["id"])["id"])


@probes.accepted("MT-17")
def keeps_name_of_new_plan_task(api: ApiClient) -> None:
    """Create a task and compare its name."""
    body = plan_task_body(api, members=1)
    made = api.call_json(CREATE, id=new_plan(api)["id"], body=body)
    expect_equal(made["name"], body["name"], "name")


@probes.refused("MT-17", observes=(EMPTY_NAMES,))
def refuses_plan_task_with_empty_name(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create a task with an empty name; a server may also accept it."""
    body = plan_task_body(api, members=1) | {"name": ""}
    answer = api.call(CREATE, id=new_plan(api)["id"], body=body)
    yield from observe_empty_name_or_yield_refusal(api, "/body/name", answer)


@probes.accepted("MT-07")
def task_schema_describes_every_key_of_plan_tasks(api: ApiClient) -> None:
    """Compare the rows of the task list with the keys of the schema."""
    plan = new_plan(api)["id"]
    for _ in range(2):
        new_plan_task(api, plan, members=1)
    columns = {one["key"] for one in api.call_json("getMarketingNoticeTaskSchema", id=plan)}
    rows = api.call_json("listMarketingNoticeTasks", id=plan)["content"]
    expect_equal(len(rows), 2, "the number of rows")
    for row in rows:
        expect_equal({*row} - columns, set(), "keys that the schema does not describe")


@probes.accepted("MT-10")
def plan_task_members_filter_by_every_status(api: ApiClient) -> None:
    """Filter members by each status before the start."""
    task = new_plan_task(api, new_plan(api)["id"])["id"]
    for status in MEMBER_STATUSES:
        page = api.call_json(LIST_MEMBERS, taskId=task, query={"status": status})
        expected = 3 if status == "NOT_REACHED" else 0
        expect_equal(page["totalElements"], expected, f"the members in {status}")


@probes.refused("MT-10")
def refuses_unknown_status_as_member_filter(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Filter members by an unknown status, and by one in lower case."""
    task = new_plan_task(api, new_plan(api)["id"], members=1)["id"]
    for status in ("REACHED", "ignore"):
        yield "/query/status", api.call(LIST_MEMBERS, taskId=task, query={"status": status})


@probes.accepted("MT-13")
def plan_task_enabled_before_its_start_has_not_started(api: ApiClient) -> None:
    """Terminate and enable a task before its start."""
    task = new_plan_task(api, new_plan(api)["id"])["id"]
    api.call_json(TERMINATE, taskId=task)
    api.call_json(ENABLE, taskId=task)
    found = api.call_json("getMarketingNoticeTask", taskId=task)["status"]
    expect_equal(found, "NOT_STARTED", "the status")
