"""Probes of whom a notification task addresses, and with which variables (L83-L105, L117-L118)."""

from __future__ import annotations

from collections.abc import Iterator

from contract_tests.rules.client import ABSENT, Api
from contract_tests.rules.factories import (
    new_file,
    new_list,
    new_notification,
    notification,
    says,
    without,
)
from contract_tests.rules.outcome import Attempt, expect_equal
from contract_tests.rules.registry import Probes
from contract_tests.rules.workbook import TITLES

probes = Probes()
CREATE = "createNotificationTask"


@probes.accepted("NT-04")
def members_alone_and_files_alone(api: Api) -> None:
    """Either one."""
    new_notification(api)
    new_notification(api, fileIds=[new_list(api, api.people(1, nickname="张丽"))])


@probes.refused("NT-04")
def members_with_files_or_neither(api: Api) -> Iterator[Attempt]:
    """Both, and none of them."""
    people = api.people(1, nickname="张丽")
    both = notification(api, members=people, fileIds=[new_list(api, people)])
    yield "/body", api.call(CREATE, body=both)
    yield "/body", api.call(CREATE, body=without(notification(api), "members"))


@probes.accepted("NT-05")
def members_with_an_id(api: Api) -> None:
    """All three ids, in the request and in a file."""
    new_notification(api, members=api.people(1, nickname="张丽"))
    new_notification(api, fileIds=[new_list(api, api.people(1, nickname="张丽"))])


@probes.refused("NT-05")
def a_member_without_an_id(api: Api) -> Iterator[Attempt]:
    """None, empty ones, and a row of a file without any."""
    known = api.people(1, nickname="张丽")
    for nobody in ({"nickname": "王芳"}, {"nickname": "王芳", "userId": "", "ciq": ""}):
        answer = api.call(CREATE, body=notification(api, members=[*known, nobody]))
        yield "/body/members/1", answer
    rows = [*known, {"memberId": "王", "nickname": "王芳"}]
    body = notification(api, fileIds=[new_list(api, rows)])
    yield "/body/fileIds/0", api.call(CREATE, body=body)


@probes.accepted("NT-06")
def dynamic_values_that_are_strings(api: Api) -> None:
    """Texts, empty ones and digits among them."""
    members = api.people(1, nickname="张丽", gift="", count="2")
    new_notification(api, members=members)


@probes.refused("NT-06")
def dynamic_values_that_are_none(api: Api) -> Iterator[Attempt]:
    """A number, a truth value, null, a list, an object."""
    for value in (2, True, None, ["a"], {"a": "b"}):
        members = [{**api.people(1, nickname="张丽")[0], "gift": value}]
        answer = api.call(CREATE, body=notification(api, members=members))
        yield "/body/members/0/gift", answer


@probes.accepted("NT-07")
def every_variable_is_given(api: Api) -> None:
    """By the fields of a member and by the columns of a file; blanks around a name do not count."""
    contents = says("{{nickname}},{{ gift }}")
    people = api.people(1, nickname="张丽", gift="面膜")
    new_notification(api, contents=contents, members=people)
    new_notification(api, contents=contents, fileIds=[new_list(api, people)])


@probes.refused("NT-07")
def a_variable_that_is_not(api: Api) -> Iterator[Attempt]:
    """A member without the field, a file without the column, a row with a blank cell."""
    contents = says("{{nickname}},{{gift}}")
    plain, other = api.people(2, nickname="张丽")
    body = notification(api, contents=contents, members=[plain])
    yield "/body/members/0/gift", api.call(CREATE, body=body)
    for rows in ([plain], [{**other, "gift": "面膜"}, plain]):
        body = notification(api, contents=contents, fileIds=[new_list(api, rows)])
        yield "/body/fileIds/0", api.call(CREATE, body=body)


@probes.accepted("NT-10")
def files_that_are_member_lists(api: Api) -> None:
    """One, and two that are joined, of which the second has Chinese titles."""
    named, titled = api.people(2, nickname="张丽")
    row = {title: titled[name] for title, name in TITLES.items() if name in titled}
    row |= without(titled, *TITLES.values())
    ids = [new_list(api, [one]) for one in (named, row)]
    for given in (ids[:1], ids):
        created = new_notification(api, fileIds=given)
        expect_equal(created["totalMembers"], len(given), "totalMembers")
    if "memberId" in named and "memberId" in titled:
        listed = api.ok("listNotificationTaskExecutions", taskId=created["id"])["records"]
        expected = [named["memberId"], titled["memberId"]]
        expect_equal([member["memberId"] for member in listed], expected, "the members")


@probes.refused("NT-10")
def files_that_are_none(api: Api) -> Iterator[Attempt]:
    """An id that nothing has, a text, a workbook without rows; the second of two."""
    other = int(new_file(api, api.name().encode(), "list.xlsx")["id"])
    empty = new_list(api, [], ["userId", "nickname"])
    for wrong in (ABSENT, other, empty):
        yield "/body/fileIds/0", api.call(CREATE, body=notification(api, fileIds=[wrong]))
    good = new_list(api, api.people(1, nickname="张丽"))
    yield "/body/fileIds/1", api.call(CREATE, body=notification(api, fileIds=[good, other]))


@probes.accepted("NT-30")
def lists_of_different_people(api: Api) -> None:
    """Two of one file, and one of another."""
    people = api.people(3, nickname="张丽")
    new_notification(api, fileIds=[new_list(api, people[:2]), new_list(api, people[2:])])


@probes.refused("NT-30")
def somebody_who_is_in_them_twice(api: Api) -> Iterator[Attempt]:
    """By each of the ids, in one file; in two files; a file that is named twice."""
    people = api.people(2, nickname="张丽")
    for name in ("memberId", "userId", "ciq"):
        twice = new_list(api, [people[0], people[1] | {name: people[0][name]}])
        yield "/body/fileIds/0", api.call(CREATE, body=notification(api, fileIds=[twice]))
    first, second = new_list(api, people), new_list(api, people[1:])
    for given in ([first, second], [first, first]):
        yield "/body/fileIds/1", api.call(CREATE, body=notification(api, fileIds=given))


@probes.accepted("NT-23")
def one_member_is_enough(api: Api) -> None:
    """In the request, and in a file."""
    new_notification(api, members=api.people(1, nickname="张丽"))
    new_notification(api, fileIds=[new_list(api, api.people(1, nickname="张丽"))])


@probes.refused("NT-23")
def an_empty_list_of_members(api: Api) -> Iterator[Attempt]:
    """No members, and no files."""
    yield "/body/members", api.call(CREATE, body=notification(api, members=[]))
    yield "/body/fileIds", api.call(CREATE, body=notification(api, fileIds=[]))
