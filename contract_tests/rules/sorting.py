"""Probes of what the marketing notices' lists have in common: order, keyword, ids (PG rules)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.rules.client import ABSENT, Api
from contract_tests.rules.factories import batch, new_batch, new_list, new_plan, new_scene
from contract_tests.rules.lists import Rows, groups, plans, spring_lists, task_members
from contract_tests.rules.outcome import Attempt, expect, expect_equal
from contract_tests.rules.registry import Probes

probes = Probes()
ROWS = 3
NULLS = ("NATIVE", "NULLS_FIRST", "NULLS_LAST")
TEXTS = {
    "listGroups": ("keyWord", "ids", "orderBy"),
    "listScenes": ("keyWord", "externalId", "orderBy"),
    "listMarketingNotices": ("keyWord", "groupIds", "orderBy"),
    "listMarketingNoticeTasks": ("keyWord", "orderBy"),
    "listMarketingNoticeTaskMembers": ("keyWord", "sceneIds", "moodValue", "orderBy"),
    "listMemberDailyReports": ("keyword",),
}
"""The query parameters of each operation that take a text."""


@probes.accepted("PG-04")
def a_field_of_the_rows_sorts(api: Api) -> None:
    """One that each list has."""
    for rows in spring_lists(api, 1):
        expect_equal(rows.found(api, orderBy=rows.sort), rows.keys, rows.operation)


@probes.refused("PG-04")
def no_field_of_the_rows_does_not(api: Api) -> Iterator[Attempt]:
    """A word that is none, alone and after one that is."""
    for rows in spring_lists(api, 1):
        yield "/query/orderBy/0", rows.call(api, orderBy="color")
        yield "/query/orderBy/1", rows.call(api, orderBy=[rows.sort, "color"])


def id_lists(api: Api) -> Iterator[tuple[Rows, str]]:
    """The lists that filter by several ids, and the parameter."""
    yield groups(api, 1), "ids"
    yield plans(api, 1), "groupIds"
    yield task_members(api, 1), "sceneIds"


@probes.accepted("PG-06")
def ids_are_joined_by_commas(api: Api) -> None:
    """One, and several, whether anything has them or not."""
    for rows, name in id_lists(api):
        for ids in ("1", f"1,{ABSENT},{2**63 - 1}"):
            rows.page(api, **{name: ids})


@probes.refused("PG-06")
def ids_that_are_none(api: Api) -> Iterator[Attempt]:
    """Words, zero, a negative number, other separators, a gap, a comma at the end."""
    for rows, name in id_lists(api):
        for ids in ("abc", "1,x", "0", "-1", "1;2", "1,,2", "1,", "1.5", "１"):
            yield f"/query/{name}", rows.call(api, **{name: ids})


@probes.accepted("PG-07")
def a_keyword_is_part_of_the_name(api: Api) -> None:
    """Its beginning, middle and end, in any case; a word that is not in it finds nothing."""
    word = api.name("Word")
    name = f"前{word}后"
    group = api.ok("createGroup", body={"name": name})["id"]
    plan = new_plan(api, group=group, name=name)["id"]
    new_scene(api, plan, name=name)
    other = {"nickname": api.name()}
    people = api.people(2)
    rows = [{**people[0], "nickname": name}, {**people[1], **other}]
    body = batch(api, file_id=new_list(api, rows)) | {"name": name}
    task = api.ok("createMarketingNoticeTask", id=plan, body=body)["id"]
    new_batch(api, plan, members=1)
    new_scene(api, plan)
    lists = [
        Rows("listGroups", [name]),
        Rows("listScenes", [name]),
        Rows("listMarketingNotices", [group]),
        Rows("listMarketingNoticeTasks", [name], ids={"id": plan}),
        Rows("listMarketingNoticeTaskMembers", [name], ids={"taskId": task}),
    ]
    for found in lists:
        for part in (word, word.upper(), word.lower(), f"前{word}"[:-1], f"{word}后"):
            page = found.page(api, keyWord=part)
            expect_equal(found.total(page), 1, f"what {part} finds in {found.operation}")
        page = found.page(api, keyWord=f"{word}前")
        expect_equal(found.total(page), 0, f"what no name holds in {found.operation}")


@probes.accepted("PG-13")
def without_order_by_the_newest_is_first(api: Api) -> None:
    """Rows made a second apart; members in the order of their file."""
    for rows in spring_lists(api, ROWS, apart=True):
        expect_equal(rows.found(api), rows.keys, f"the order of {rows.operation}")


@probes.accepted("PG-14")
def every_direction_and_place_of_nulls(api: Api) -> None:
    """All six pairs."""
    for rows in spring_lists(api, 1):
        for direction in ("ASC", "DESC"):
            for nulls in NULLS:
                how = {"orderDirection": direction, "orderNullHandling": nulls}
                rows.page(api, orderBy=rows.sort, **how)


@probes.refused("PG-14")
def another_direction_or_place(api: Api) -> Iterator[Attempt]:
    """Words that are none, and lower case."""
    for rows in spring_lists(api, 1):
        for name, value in (
            ("orderDirection", "asc"),
            ("orderDirection", "UP"),
            ("orderNullHandling", "FIRST"),
            ("orderNullHandling", "native"),
        ):
            yield f"/query/{name}", rows.call(api, orderBy=rows.sort, **{name: value})


@probes.accepted("PG-15")
def sorting_goes_both_ways(api: Api) -> None:
    """Ascending by default; the newest row has the greatest name, number and id."""
    for rows in spring_lists(api, ROWS):
        newest_last = rows.keys if rows.sort == "memberId" else rows.keys[::-1]
        for query, expected in (
            ({}, newest_last),
            ({"orderDirection": "ASC"}, newest_last),
            ({"orderDirection": "DESC"}, newest_last[::-1]),
        ):
            found = rows.found(api, orderBy=rows.sort, **query)
            expect_equal(found, expected, f"{rows.operation} by {rows.sort} with {query}")


@probes.accepted("PG-15")
def numbers_sort_by_their_size(api: Api) -> None:
    """Tasks of 2 and of 10 members."""
    plan = new_plan(api)["id"]
    few, many = (new_batch(api, plan, members=count)["id"] for count in (2, 10))
    rows = Rows("listMarketingNoticeTasks", [], ids={"id": plan})
    expect_equal(rows.found(api, orderBy="totalMember"), [few, many], "tasks by totalMember")


@probes.accepted("PG-13")
def members_come_as_in_their_file(api: Api) -> None:
    """Neither by name nor by id."""
    names = ("丙", "甲", "乙")
    people = [
        {**one, "nickname": name + api.name()}
        for one, name in zip(api.people(3)[::-1], names, strict=True)
    ]
    task = new_batch(api, new_plan(api)["id"], file_id=new_list(api, people))["id"]
    rows = Rows("listMarketingNoticeTaskMembers", [], ids={"taskId": task})
    expect_equal(rows.found(api), [one["memberId"] for one in people], "the order of the members")


@probes.accepted("PG-15")
def several_fields_and_empty_values(api: Api) -> None:
    """Scenes with and without an external id, by that and by their method first."""
    plan = new_plan(api)["id"]
    a, b = api.name("a"), api.name("b")
    first = new_scene(api, plan, externalId=b, statisticalMethod="ONLY")["id"]
    second = new_scene(api, plan, statisticalMethod="GRAND_TOTAL")["id"]
    third = new_scene(api, plan, externalId=a, statisticalMethod="GRAND_TOTAL")["id"]
    rows = Rows("listScenes", [], {"planId": plan})
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
        ({"orderBy": ["statisticalMethod", "externalId"]}, [third, second, first]),
        ({"orderBy": ["statisticalMethod", "id"]}, [second, third, first]),
    ]
    for query, expected in cases:
        expect_equal(rows.found(api, **query), expected, f"scenes by {query}")


@probes.accepted("PG-16")
def any_other_character_is_a_text(api: Api) -> None:
    """What no name contains: control characters, quotes, wildcards, an emoji."""
    for operation, ids in text_queries(api):
        for name in {"keyWord", "keyword"}.intersection(TEXTS[operation]):
            for value in ("\x01\x1f\x7f", "\t%_*'\"\\", "😀"):
                api.ok(operation, query={name: value}, **ids)


@probes.refused("PG-16")
def nul_is_in_no_text(api: Api) -> Iterator[Attempt]:
    """Alone, at the end and in the middle; in every parameter that takes a text."""
    for operation, ids in text_queries(api):
        for name in TEXTS[operation]:
            for value in ("\0", "1\0", "a\0b"):
                yield f"/query/{name}", api.call(operation, query={name: value}, **ids)


def text_queries(api: Api) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each operation that takes a text, with ids for its path."""
    for rows in spring_lists(api, 1):
        yield rows.operation, rows.ids
        if rows.operation == "listMarketingNoticeTaskMembers":
            yield "listMemberDailyReports", {"id": rows.keys[0]}
