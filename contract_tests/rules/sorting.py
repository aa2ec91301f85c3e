"""Probes shared by the lists of marketing notices: order, keyword, ids (PG rules)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.rules.client import NONEXISTENT_ID, ApiClient
from contract_tests.rules.factories import (
    new_plan,
    new_plan_task,
    new_scene,
    plan_task_body,
    upload_member_list,
)
from contract_tests.rules.members import DAILY_REPORTS_ID, LIST_REPORTS, daily_reports_id
from contract_tests.rules.outcome import ExpectedRefusal, expect, expect_equal
from contract_tests.rules.prepared_lists import (
    PreparedList,
    new_group_list,
    new_plan_list,
    new_spring_lists,
    new_spring_lists_without_rows,
    new_task_member_list,
)
from contract_tests.rules.probe_registry import ProbeRegistry
from contract_tests.rules.reading_dependent_requests import COMMAS, is_accepted_or_observe_refusal

probes = ProbeRegistry()
ROW_COUNT = 3
NULL_HANDLINGS = ("NATIVE", "NULLS_FIRST", "NULLS_LAST")
TEXT_PARAMETERS = {
    "listGroups": ("keyWord", "ids", "orderBy"),
    "listScenes": ("keyWord", "externalId", "orderBy"),
    "listMarketingNotices": ("keyWord", "groupIds", "orderBy"),
    "listMarketingNoticeTasks": ("keyWord", "orderBy"),
    "listMarketingNoticeTaskMembers": ("keyWord", "sceneIds", "moodValue", "orderBy"),
    "listMemberDailyReports": ("keyword",),
}
"""Query parameters of each operation that take text."""


@probes.accepted("PG-04")
def accepts_sorting_by_each_field_of_the_rows(api: ApiClient) -> None:
    """Sort each list by a field of its rows."""
    for rows in new_spring_lists(api, 1):
        expect_equal(rows.get_keys(api, orderBy=rows.sort), rows.keys, rows.operation)


@probes.refused("PG-04")
def refuses_sorting_by_unknown_field(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Sort each list by an unknown field, alone and after a known one."""
    # An unknown field is refused whether there is something to sort or not.
    for rows in new_spring_lists_without_rows(api):
        yield "/query/orderBy/0", rows.call(api, orderBy="color")
        yield "/query/orderBy/1", rows.call(api, orderBy=[rows.sort, "color"])


def lists_with_id_filters(api: ApiClient) -> Iterator[tuple[PreparedList, str]]:
    """Yield the lists that filter by several ids, each with the parameter."""
    yield new_group_list(api, 1), "ids"
    yield new_plan_list(api, 1), "groupIds"
    yield new_task_member_list(api, 1), "sceneIds"


@probes.accepted("PG-06", observes=(COMMAS,))
def lists_filter_by_ids_separated_by_commas(api: ApiClient) -> None:
    """Filter by one id and by several, existing or not; a server may take only one."""
    for rows, name in lists_with_id_filters(api):
        rows.get_page(api, **{name: "1"})
        answer = rows.call(api, **{name: f"1,{NONEXISTENT_ID},{2**63 - 1}"})
        if is_accepted_or_observe_refusal(api, COMMAS, answer, refused="literal"):
            api.observe(COMMAS, "split", answer)


@probes.refused("PG-06")
def refuses_malformed_id_lists_as_filters(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Filter by words, zero, a negative number, other separators, and empty items."""
    for rows, name in lists_with_id_filters(api):
        # The last one is a full-width digit, which many number parsers accept.
        for ids in ("abc", "1,x", "0", "-1", "1;2", "1,,2", "1,", "1.5", "１"):
            yield f"/query/{name}", rows.call(api, **{name: ids})


@probes.accepted("PG-07")
def keyword_matches_part_of_the_name(api: ApiClient) -> None:
    """Filter by the beginning, middle and end of a name in any case, and by a word not in it."""
    word = api.unique_name("Word")
    name = f"前{word}后"
    group = api.call_json("createGroup", body={"name": name})["id"]
    plan = new_plan(api, group=group, name=name)["id"]
    new_scene(api, plan, name=name)
    other = {"nickname": api.unique_name()}
    people = api.new_members(2)
    rows = [{**people[0], "nickname": name}, {**people[1], **other}]
    body = plan_task_body(api, file_id=upload_member_list(api, rows)) | {"name": name}
    task = api.call_json("createMarketingNoticeTask", id=plan, body=body)["id"]
    new_plan_task(api, plan, members=1)
    new_scene(api, plan)
    lists = [
        PreparedList("listGroups", [name]),
        PreparedList("listScenes", [name]),
        PreparedList("listMarketingNotices", [group]),
        PreparedList("listMarketingNoticeTasks", [name], ids={"id": plan}),
        PreparedList("listMarketingNoticeTaskMembers", [name], ids={"taskId": task}),
    ]
    for found in lists:
        for part in (word, word.upper(), word.lower(), f"前{word}"[:-1], f"{word}后"):
            page = found.get_page(api, keyWord=part)
            expect_equal(found.total_of(page), 1, f"the total of {found.operation} for {part}")
        page = found.get_page(api, keyWord=f"{word}前")
        expect_equal(
            found.total_of(page), 0, f"the total of {found.operation} for a text in no name"
        )


@probes.accepted("PG-13")
def lists_are_newest_first_without_order_by(api: ApiClient) -> None:
    """List rows created one second apart, and members of a file."""
    for rows in new_spring_lists(api, ROW_COUNT, apart=True):
        expect_equal(rows.get_keys(api), rows.keys, f"the order of {rows.operation}")


@probes.accepted("PG-14")
def accepts_every_sort_direction_and_null_handling(api: ApiClient) -> None:
    """Sort by all six combinations of direction and null handling."""
    for rows in new_spring_lists(api, 1):
        for direction in ("ASC", "DESC"):
            for nulls in NULL_HANDLINGS:
                how = {"orderDirection": direction, "orderNullHandling": nulls}
                rows.get_page(api, orderBy=rows.sort, **how)


@probes.refused("PG-14")
def refuses_unknown_sort_direction_or_null_handling(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Sort with an unknown direction or null handling, and with lower case."""
    for rows in new_spring_lists_without_rows(api):
        for name, value in (
            ("orderDirection", "asc"),
            ("orderDirection", "UP"),
            ("orderNullHandling", "FIRST"),
            ("orderNullHandling", "native"),
        ):
            yield f"/query/{name}", rows.call(api, orderBy=rows.sort, **{name: value})


@probes.accepted("PG-15")
def lists_sort_in_both_directions(api: ApiClient) -> None:
    """Sort in the default direction and in both others."""
    for rows in new_spring_lists(api, ROW_COUNT):
        # Names are numbered, so those of later records sort last; members have ascending ids.
        newest_last = rows.keys if rows.sort == "memberId" else rows.keys[::-1]
        for query, expected in (
            ({}, newest_last),
            ({"orderDirection": "ASC"}, newest_last),
            ({"orderDirection": "DESC"}, newest_last[::-1]),
        ):
            found = rows.get_keys(api, orderBy=rows.sort, **query)
            expect_equal(found, expected, f"{rows.operation} by {rows.sort} with {query}")


@probes.accepted("PG-15")
def lists_sort_numbers_by_their_size(api: ApiClient) -> None:
    """Sort a task of 2 members and one of 10 by the number of members."""
    plan = new_plan(api)["id"]
    few, many = (new_plan_task(api, plan, members=count)["id"] for count in (2, 10))
    # As texts, "10" would come before "2".
    rows = PreparedList("listMarketingNoticeTasks", [], ids={"id": plan})
    expect_equal(rows.get_keys(api, orderBy="totalMember"), [few, many], "tasks by totalMember")


@probes.accepted("PG-13")
def members_keep_the_order_of_their_file(api: ApiClient) -> None:
    """List members of a file that is sorted neither by name nor by id."""
    names = ("丙", "甲", "乙")
    people = [
        {**one, "nickname": name + api.unique_name()}
        for one, name in zip(api.new_members(3)[::-1], names, strict=True)
    ]
    task = new_plan_task(api, new_plan(api)["id"], file_id=upload_member_list(api, people))["id"]
    rows = PreparedList("listMarketingNoticeTaskMembers", [], ids={"taskId": task})
    expect_equal(
        rows.get_keys(api), [one["memberId"] for one in people], "the order of the members"
    )


@probes.accepted("PG-15")
def lists_sort_by_several_fields_and_null_values(api: ApiClient) -> None:
    """Sort scenes with and without an external id, by that and by two fields."""
    plan = new_plan(api)["id"]
    a, b = api.unique_name("a"), api.unique_name("b")
    first = new_scene(api, plan, externalId=b, statisticalMethod="ONLY")["id"]
    second = new_scene(api, plan, statisticalMethod="GRAND_TOTAL")["id"]
    third = new_scene(api, plan, externalId=a, statisticalMethod="GRAND_TOTAL")["id"]
    rows = PreparedList("listScenes", [], {"planId": plan})
    expect(a < b, "the two external ids are in the wrong order")
    cases: list[tuple[dict[str, Any], list[int]]] = [
        ({"orderBy": "externalId"}, [third, first, second]),
        ({"orderBy": "externalId", "orderDirection": "DESC"}, [first, third, second]),
        ({"orderBy": "externalId", "orderNullHandling": "NULLS_LAST"}, [third, first, second]),
        ({"orderBy": "externalId", "orderNullHandling": "NULLS_FIRST"}, [second, third, first]),
        (
            {
                "orderBy": "externalId",
                "orderNullHandling": "NULLS_FIRST",
                "orderDirection": "DESC",
            },
            [second, first, third],
        ),
        # Two fields are sent by repeating the parameter (M2).
        ({"orderBy": ["statisticalMethod", "externalId"]}, [third, second, first]),
        ({"orderBy": ["statisticalMethod", "id"]}, [second, third, first]),
    ]
    for query, expected in cases:
        expect_equal(rows.get_keys(api, **query), expected, f"scenes by {query}")


@probes.accepted("PG-16", observes=(DAILY_REPORTS_ID,))
def accepts_every_character_but_nul_as_parameter(api: ApiClient) -> None:
    """Filter by control characters, quotes, wildcards and an emoji."""
    for operation, ids in operations_with_text_parameters(api):
        for name in {"keyWord", "keyword"}.intersection(TEXT_PARAMETERS[operation]):
            # Wildcards and quotes of SQL, and a character outside the first 65,536.
            for value in ("\x01\x1f\x7f", "\t%_*'\"\\", "😀"):
                api.call_json(operation, query={name: value}, **ids)


@probes.refused("PG-16", observes=(DAILY_REPORTS_ID,))
def refuses_nul_character_as_parameter(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Send NUL alone, at the end and in the middle, in every text parameter."""
    for operation, ids in operations_with_text_parameters(api):
        for name in TEXT_PARAMETERS[operation]:
            for value in ("\0", "1\0", "a\0b"):
                yield f"/query/{name}", api.call(operation, query={name: value}, **ids)


def operations_with_text_parameters(api: ApiClient) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each operation with a text parameter, and the ids for its path."""
    for rows in new_spring_lists(api, 1):
        yield rows.operation, rows.ids
        if rows.operation == "listMarketingNoticeTaskMembers":
            yield LIST_REPORTS, {"id": daily_reports_id(api, api.new_members(1)[0])}
