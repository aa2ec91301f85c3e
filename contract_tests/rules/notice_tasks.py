"""Probes of the tasks of a plan: what they may be, the template, the list (L1176-L1369)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from contract_tests.rules.client import ABSENT, Api, day
from contract_tests.rules.factories import (
    LEAD,
    batch,
    new_batch,
    new_file,
    new_list,
    new_plan,
    without,
)
from contract_tests.rules.notice_states import task_status
from contract_tests.rules.outcome import Attempt, NotCheckable, expect, expect_equal
from contract_tests.rules.registry import Probes
from contract_tests.rules.workbook import MEDIA_TYPE, filled_in

probes = Probes()
CREATE = "createMarketingNoticeTask"
TERMINATE, ENABLE = "terminateMarketingNoticeTask", "enableMarketingNoticeTask"
MEMBERS = "listMarketingNoticeTaskMembers"
STATUSES = (
    "NOT_REACHED",
    "IN_SERVICE",
    "TERMINATE_SERVICE",
    "CUSTOMER_SERVICE_INTERVENES",
    "COMPLETE_SERVICE",
    "IGNORE",
    "TIMEOUT_COMPLETE_SERVICE",
)


@probes.accepted("MT-01")
def a_task_with_its_three_fields(api: Api) -> None:
    """A name, a start and a file."""
    new_batch(api, new_plan(api)["id"], members=1)


@probes.refused("MT-01")
def a_task_without_one_of_them(api: Api) -> Iterator[Attempt]:
    """Each left out, and no file at all."""
    plan = new_plan(api)["id"]
    body = batch(api, members=1)
    for name in body:
        yield f"/body/{name}", api.call(CREATE, id=plan, body=without(body, name))
    yield "/body/fileIds", api.call(CREATE, id=plan, body=body | {"fileIds": []})


@probes.accepted("MT-02")
def every_form_of_a_start(api: Api) -> None:
    """With minutes, with seconds, and a time of day."""
    plan = new_plan(api)["id"]
    body = batch(api, members=1)
    date = day(api.at(LEAD, 0))
    for start in (f"{date} 10:30", f"{date} 10:30:00", "10:30"):
        made = api.ok(CREATE, id=plan, body=body | {"startTime": start})
        expect_equal(made["startTime"], "10:30", f"the time of {start}")
        if start != "10:30":
            expect_equal(made["startDate"], date, f"the date of {start}")
    now = api.now()
    for hour in ("00:00", "23:59"):  # one of them is over, unless a day is just beginning
        made = api.ok(CREATE, id=plan, body=body | {"startTime": hour})
        over = now.strftime("%H:%M") > hour
        next_day = day(now + timedelta(days=1)) if over else day(now)
        expect_equal(made["startDate"], next_day, f"the date of {hour} at {now:%H:%M}")


@probes.refused("MT-02")
def another_form(api: Api) -> Iterator[Attempt]:
    """A date alone, one that no calendar has, other signs, no time at all."""
    plan = new_plan(api)["id"]
    body = batch(api, members=1)
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
def a_file_that_is_a_member_list(api: Api) -> None:
    """One row."""
    new_batch(api, new_plan(api)["id"], members=1)


@probes.refused("MT-03")
def files_that_are_none(api: Api) -> Iterator[Attempt]:
    """An id that nothing has, a text, a workbook without rows; the second of two."""
    plan = new_plan(api)["id"]
    body = batch(api, members=1)
    other = int(new_file(api, api.name().encode(), "list.xlsx")["id"])
    empty = new_list(api, [], ["userId", "nickname"])
    for wrong in (ABSENT, other, empty):
        answer = api.call(CREATE, id=plan, body=body | {"fileIds": [wrong]})
        yield "/body/fileIds/0", answer
    answer = api.call(CREATE, id=plan, body=body | {"fileIds": [*body["fileIds"], other]})
    yield "/body/fileIds/1", answer


@probes.accepted("MT-04")
def a_task_that_has_not_started_can_be_terminated(api: Api) -> None:
    """It is in TERMINATION at once, and the other tasks of its plan are not."""
    plan = new_plan(api)["id"]
    older, task, newer = (new_batch(api, plan, members=1)["id"] for _ in range(3))
    before = [task_status(api, other) for other in (older, newer)]
    api.ok(TERMINATE, taskId=task)
    expect_equal(task_status(api, task), "TERMINATION", "the status")
    after = [task_status(api, other) for other in (older, newer)]
    expect_equal(after, before, "the status of the others")


@probes.refused("MT-04")
def a_terminated_task_cannot(api: Api) -> Iterator[Attempt]:
    """The second termination."""
    task = new_batch(api, new_plan(api)["id"])["id"]
    api.ok(TERMINATE, taskId=task)
    yield "/path/taskId", api.call(TERMINATE, taskId=task)


@probes.accepted("MT-05")
def a_terminated_task_can_be_enabled(api: Api) -> None:
    """And terminated again."""
    task = new_batch(api, new_plan(api)["id"])["id"]
    for operation in (TERMINATE, ENABLE, TERMINATE):
        api.ok(operation, taskId=task)


@probes.refused("MT-05")
def a_task_that_is_not_terminated_cannot(api: Api) -> Iterator[Attempt]:
    """One that has not started."""
    yield "/path/taskId", api.call(ENABLE, taskId=new_batch(api, new_plan(api)["id"])["id"])


@probes.accepted("MT-07")
def the_schema_describes_every_key(api: Api) -> None:
    """Of each row of the task list."""
    plan = new_plan(api)["id"]
    for _ in range(2):
        new_batch(api, plan, members=1)
    columns = {one["key"] for one in api.ok("getMarketingNoticeTaskSchema", id=plan)}
    rows = api.ok("listMarketingNoticeTasks", id=plan)["content"]
    expect_equal(len(rows), 2, "the number of rows")
    for row in rows:
        expect_equal({*row} - columns, set(), "keys that the schema does not describe")


@probes.accepted("MT-08")
def rows_with_an_id(api: Api) -> None:
    """One of the three is enough."""
    plan = new_plan(api)["id"]
    whole = api.people(1)[0]
    for name, value in whole.items():
        file = new_list(api, [{name: value, "nickname": "李娜"}])
        new_batch(api, plan, file_id=file)


@probes.refused("MT-08")
def a_row_without_one(api: Api) -> Iterator[Attempt]:
    """Only a name, a memberId that is no number, and zero."""
    plan = new_plan(api)["id"]
    known = api.people(1, nickname="李娜")
    for nobody in ({}, {"memberId": "王芳"}, {"memberId": 0}):
        file = new_list(api, [*known, {**nobody, "nickname": "王芳"}])
        body = batch(api, file_id=file)
        yield "/body/fileIds/0", api.call(CREATE, id=plan, body=body)


@probes.accepted("MT-09")
def the_template_can_be_filled_in(api: Api) -> None:
    """Downloaded, given a member and uploaded, it makes a task of one."""
    answer = api.succeed("getMemberTemplate")
    if answer.media_type == "application/json":
        raise NotCheckable("the template is JSON here, which M15 leaves open")
    expect_equal(answer.media_type, MEDIA_TYPE, "the type of the template")
    columns, content = filled_in(answer.content, api.people(1, nickname="李娜")[0])
    expect({"memberId", "userId", "ciq"} & {*columns}, f"its columns name no id: {columns}")
    file = new_file(api, content, "template.xlsx", MEDIA_TYPE)["id"]
    made = new_batch(api, new_plan(api)["id"], file_id=file)
    expect_equal(made["totalMember"], 1, "totalMember")


@probes.accepted("MT-10")
def all_seven_statuses_filter(api: Api) -> None:
    """Before the start, every member is NOT_REACHED."""
    task = new_batch(api, new_plan(api)["id"])["id"]
    for status in STATUSES:
        page = api.ok(MEMBERS, taskId=task, query={"status": status})
        expected = 3 if status == "NOT_REACHED" else 0
        expect_equal(page["totalElements"], expected, f"the members in {status}")


@probes.refused("MT-10")
def another_status(api: Api) -> Iterator[Attempt]:
    """A word that is none, and one in lower case."""
    task = new_batch(api, new_plan(api)["id"], members=1)["id"]
    for status in ("REACHED", "ignore"):
        yield "/query/status", api.call(MEMBERS, taskId=task, query={"status": status})


@probes.accepted("MT-13")
def an_enabled_task_is_where_the_clock_says(api: Api) -> None:
    """Before its start: NOT_STARTED."""
    task = new_batch(api, new_plan(api)["id"])["id"]
    api.ok(TERMINATE, taskId=task)
    api.ok(ENABLE, taskId=task)
    found = api.ok("getMarketingNoticeTask", taskId=task)["status"]
    expect_equal(found, "NOT_STARTED", "the status")


@probes.accepted("MT-15")
def files_are_joined_and_the_start_is_split(api: Api) -> None:
    """Two files, of two people and of one; a start in the afternoon."""
    plan = new_plan(api)["id"]
    people = api.people(3, nickname="李娜")
    first, second = new_list(api, people[:2]), new_list(api, people[2:])
    start = api.at(LEAD, 14, 30)
    body = batch(api, start, file_id=first) | {"fileIds": [first, second]}
    made = api.ok(CREATE, id=plan, body=body)
    expect_equal(made["totalMember"], 3, "totalMember")
    expect_equal((made["startDate"], made["startTime"]), (day(start), "14:30"), "the start")
    expect_equal(api.ok(MEMBERS, taskId=made["id"])["totalElements"], 3, "the members")


@probes.accepted("MT-16")
def lists_of_different_people(api: Api) -> None:
    """Two of one file, and one of another."""
    people = api.people(3, nickname="李娜")
    body = batch(api, members=1) | {
        "fileIds": [new_list(api, people[:2]), new_list(api, people[2:])]
    }
    api.ok(CREATE, id=new_plan(api)["id"], body=body)


@probes.refused("MT-16")
def somebody_who_is_in_them_twice(api: Api) -> Iterator[Attempt]:
    """By each of the ids, in one file; in two files; a file that is named twice."""
    plan, body = new_plan(api)["id"], batch(api, members=1)
    people = api.people(2, nickname="李娜")
    for name in ("memberId", "userId", "ciq"):
        twice = new_list(api, [people[0], people[1] | {name: people[0][name]}])
        yield "/body/fileIds/0", api.call(CREATE, id=plan, body=body | {"fileIds": [twice]})
    first, second = new_list(api, people), new_list(api, people[1:])
    for given in ([first, second], [first, first]):
        answer = api.call(CREATE, id=plan, body=body | {"fileIds": given})
        yield "/body/fileIds/1", answer
