"""Probes of the members of a plan task and their lists (L1176-L1182, L1969)."""

from __future__ import annotations

from collections.abc import Iterator

from contract_tests.rules.client import ApiClient, format_date
from contract_tests.rules.factories import (
    LEAD_DAYS,
    new_plan,
    new_plan_task,
    plan_task_body,
    upload_file,
    upload_member_list,
)
from contract_tests.rules.member_workbook import XLSX_MEDIA_TYPE, fill_in_template
from contract_tests.rules.outcome import ExpectedRefusal, NotCheckableError, expect, expect_equal
from contract_tests.rules.probe_registry import ProbeRegistry
from contract_tests.rules.reading_dependent_requests import (
    MEMBER_IDS,
    REPEATED_MEMBERS,
    observe_member_ids,
    observe_repetition_or_yield_refusal,
)

probes = ProbeRegistry()
CREATE, LIST_MEMBERS = "createMarketingNoticeTask", "listMarketingNoticeTaskMembers"


@probes.accepted("MT-08", observes=(MEMBER_IDS,))
def accepts_member_list_whose_rows_have_an_id(api: ApiClient) -> None:
    """Upload lists whose members have all three ids, then only one of them.

    A server may require one in particular.
    """
    plan = new_plan(api)["id"]
    new_plan_task(api, plan, members=1)
    answers = {}
    for name, value in api.new_members(1)[0].items():
        file = upload_member_list(api, [{name: value, "nickname": "李娜"}])
        answers[name] = api.call(CREATE, id=plan, body=plan_task_body(api, file_id=file))
    observe_member_ids(api, answers)


@probes.refused("MT-08")
def refuses_member_list_with_row_without_id(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Upload lists with a member without id, with a memberId that is no number, and with zero."""
    plan = new_plan(api)["id"]
    known = api.new_members(1, nickname="李娜")
    # Ids begin with 1 (G15), so 0 names nobody.
    for nobody in ({}, {"memberId": "王芳"}, {"memberId": 0}):
        file = upload_member_list(api, [*known, {**nobody, "nickname": "王芳"}])
        body = plan_task_body(api, file_id=file)
        yield "/body/fileIds/0", api.call(CREATE, id=plan, body=body)


@probes.accepted("MT-09")
def accepts_filled_in_member_template(api: ApiClient) -> None:
    """Download the template, add a member, upload it, and create a task with it."""
    answer = api.call_ok("getMemberTemplate")
    if isinstance(answer.json, dict):
        raise NotCheckableError("the template is a JSON object, which nobody can fill in (M15)")
    expect_equal(answer.media_type, XLSX_MEDIA_TYPE, "the type of the template")
    columns, content = fill_in_template(answer.content, api.new_members(1, nickname="李娜")[0])
    expect({"memberId", "userId", "ciq"} & {*columns}, f"its columns name no id: {columns}")
    file = upload_file(api, content, "template.xlsx", XLSX_MEDIA_TYPE)["id"]
    made = new_plan_task(api, new_plan(api)["id"], file_id=file)
    expect_equal(made["totalMember"], 1, "totalMember")


@probes.accepted("MT-15")
def plan_task_joins_member_lists_and_splits_start(api: ApiClient) -> None:
    """Create a task with two files and a start in the afternoon."""
    plan = new_plan(api)["id"]
    people = api.new_members(3, nickname="李娜")
    first, second = upload_member_list(api, people[:2]), upload_member_list(api, people[2:])
    # In the afternoon, which a 12-hour clock would return as 02:30.
    start = api.moment_at(LEAD_DAYS, 14, 30)
    body = plan_task_body(api, start, file_id=first) | {"fileIds": [first, second]}
    made = api.call_json(CREATE, id=plan, body=body)
    expect_equal(made["totalMember"], 3, "totalMember")
    expect_equal((made["startDate"], made["startTime"]), (format_date(start), "14:30"), "the start")
    expect_equal(api.call_json(LIST_MEMBERS, taskId=made["id"])["totalElements"], 3, "the members")


@probes.accepted("MT-16")
def accepts_member_lists_without_duplicates(api: ApiClient) -> None:
    """Create a task with two files without common members."""
    people = api.new_members(3, nickname="李娜")
    body = plan_task_body(api, members=1) | {
        "fileIds": [upload_member_list(api, people[:2]), upload_member_list(api, people[2:])]
    }
    api.call_json(CREATE, id=new_plan(api)["id"], body=body)


@probes.refused("MT-16", observes=(REPEATED_MEMBERS,))
def refuses_member_lists_with_a_duplicate(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create tasks with a member or one id twice in a file, in two files, and with one file twice.

    A server may also take a member twice, who then counts once or twice.
    """
    plan, body = new_plan(api)["id"], plan_task_body(api, members=1)
    people = api.new_members(2, nickname="李娜")
    same = upload_member_list(api, [people[0], people[0]])
    answer = api.call(CREATE, id=plan, body=body | {"fileIds": [same]})
    yield from observe_repetition_or_yield_refusal(api, ("/body/fileIds/0", answer), "totalMember")
    if api.is_success(answer):
        return
    for name in ("memberId", "userId", "ciq"):
        twice = upload_member_list(api, [people[0], people[1] | {name: people[0][name]}])
        yield "/body/fileIds/0", api.call(CREATE, id=plan, body=body | {"fileIds": [twice]})
    first, second = upload_member_list(api, people), upload_member_list(api, people[1:])
    for given in ([first, second], [first, first]):
        answer = api.call(CREATE, id=plan, body=body | {"fileIds": given})
        yield "/body/fileIds/1", answer
