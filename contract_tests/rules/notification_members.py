"""Probes of whom a notification task addresses, and with which variables (L83-L105, L117-L118)."""

from __future__ import annotations

from collections.abc import Iterator

from contract_tests.rules.client import NONEXISTENT_ID, ApiClient
from contract_tests.rules.factories import (
    new_notification,
    notification_body,
    notification_contents,
    upload_file,
    upload_member_list,
    without_fields,
)
from contract_tests.rules.outcome import ExpectedRefusal, expect_equal
from contract_tests.rules.registry import ProbeRegistry
from contract_tests.rules.workbook import FIELD_BY_CHINESE_TITLE

probes = ProbeRegistry()
CREATE = "createNotificationTask"


@probes.accepted("NT-04")
def members_alone_and_files_alone(api: ApiClient) -> None:
    """Either one."""
    new_notification(api)
    new_notification(api, fileIds=[upload_member_list(api, api.new_members(1, nickname="张丽"))])


@probes.refused("NT-04")
def members_with_files_or_neither(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Both, and none of them."""
    people = api.new_members(1, nickname="张丽")
    both = notification_body(api, members=people, fileIds=[upload_member_list(api, people)])
    yield "/body", api.call(CREATE, body=both)
    yield "/body", api.call(CREATE, body=without_fields(notification_body(api), "members"))


@probes.accepted("NT-05")
def members_with_an_id(api: ApiClient) -> None:
    """All three ids, in the request and in a file."""
    new_notification(api, members=api.new_members(1, nickname="张丽"))
    new_notification(api, fileIds=[upload_member_list(api, api.new_members(1, nickname="张丽"))])


@probes.refused("NT-05")
def a_member_without_an_id(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """None, empty ones, and a row of a file without any."""
    known = api.new_members(1, nickname="张丽")
    for nobody in ({"nickname": "王芳"}, {"nickname": "王芳", "userId": "", "ciq": ""}):
        answer = api.call(CREATE, body=notification_body(api, members=[*known, nobody]))
        yield "/body/members/1", answer
    rows = [*known, {"memberId": "王", "nickname": "王芳"}]
    body = notification_body(api, fileIds=[upload_member_list(api, rows)])
    yield "/body/fileIds/0", api.call(CREATE, body=body)


@probes.accepted("NT-06")
def dynamic_values_that_are_strings(api: ApiClient) -> None:
    """Texts, empty ones and digits among them."""
    members = api.new_members(1, nickname="张丽", gift="", count="2")
    new_notification(api, members=members)


@probes.refused("NT-06")
def dynamic_values_that_are_not_strings(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """A number, a truth value, null, a list, an object."""
    for value in (2, True, None, ["a"], {"a": "b"}):
        members = [{**api.new_members(1, nickname="张丽")[0], "gift": value}]
        answer = api.call(CREATE, body=notification_body(api, members=members))
        yield "/body/members/0/gift", answer


@probes.accepted("NT-07")
def every_variable_has_a_value(api: ApiClient) -> None:
    """By the fields of a member and by the columns of a file; blanks around a name do not count."""
    contents = notification_contents("{{nickname}},{{ gift }}")
    people = api.new_members(1, nickname="张丽", gift="面膜")
    new_notification(api, contents=contents, members=people)
    new_notification(api, contents=contents, fileIds=[upload_member_list(api, people)])


@probes.refused("NT-07")
def a_variable_without_a_value(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """A member without the field, a file without the column, a row with a blank cell."""
    contents = notification_contents("{{nickname}},{{gift}}")
    plain, other = api.new_members(2, nickname="张丽")
    body = notification_body(api, contents=contents, members=[plain])
    yield "/body/members/0/gift", api.call(CREATE, body=body)
    for rows in ([plain], [{**other, "gift": "面膜"}, plain]):
        body = notification_body(api, contents=contents, fileIds=[upload_member_list(api, rows)])
        yield "/body/fileIds/0", api.call(CREATE, body=body)


@probes.accepted("NT-10")
def files_that_are_member_lists(api: ApiClient) -> None:
    """One, and two that are joined, of which the second has Chinese titles."""
    named, titled = api.new_members(2, nickname="张丽")
    row = {title: titled[name] for title, name in FIELD_BY_CHINESE_TITLE.items() if name in titled}
    row |= without_fields(titled, *FIELD_BY_CHINESE_TITLE.values())
    ids = [upload_member_list(api, [one]) for one in (named, row)]
    for given in (ids[:1], ids):
        created = new_notification(api, fileIds=given)
        expect_equal(created["totalMembers"], len(given), "totalMembers")
    if "memberId" in named and "memberId" in titled:
        listed = api.call_json("listNotificationTaskExecutions", taskId=created["id"])["records"]
        expected = [named["memberId"], titled["memberId"]]
        expect_equal([member["memberId"] for member in listed], expected, "the members")


@probes.refused("NT-10")
def files_that_are_not_member_lists(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """An id that nothing has, a text, a workbook without rows; the second of two."""
    other = int(upload_file(api, api.unique_name().encode(), "list.xlsx")["id"])
    empty = upload_member_list(api, [], ["userId", "nickname"])
    for wrong in (NONEXISTENT_ID, other, empty):
        yield "/body/fileIds/0", api.call(CREATE, body=notification_body(api, fileIds=[wrong]))
    good = upload_member_list(api, api.new_members(1, nickname="张丽"))
    yield "/body/fileIds/1", api.call(CREATE, body=notification_body(api, fileIds=[good, other]))


@probes.accepted("NT-30")
def members_without_duplicates(api: ApiClient) -> None:
    """Two of one file, and one of another."""
    people = api.new_members(3, nickname="张丽")
    new_notification(
        api, fileIds=[upload_member_list(api, people[:2]), upload_member_list(api, people[2:])]
    )


@probes.refused("NT-30")
def members_with_a_duplicate(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """By each of the ids, in one file; in two files; a file that is named twice."""
    people = api.new_members(2, nickname="张丽")
    for name in ("memberId", "userId", "ciq"):
        twice = upload_member_list(api, [people[0], people[1] | {name: people[0][name]}])
        yield "/body/fileIds/0", api.call(CREATE, body=notification_body(api, fileIds=[twice]))
    first, second = upload_member_list(api, people), upload_member_list(api, people[1:])
    for given in ([first, second], [first, first]):
        yield "/body/fileIds/1", api.call(CREATE, body=notification_body(api, fileIds=given))


@probes.accepted("NT-23")
def one_member_is_enough(api: ApiClient) -> None:
    """In the request, and in a file."""
    new_notification(api, members=api.new_members(1, nickname="张丽"))
    new_notification(api, fileIds=[upload_member_list(api, api.new_members(1, nickname="张丽"))])


@probes.refused("NT-23")
def an_empty_list_of_members(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """No members, and no files."""
    yield "/body/members", api.call(CREATE, body=notification_body(api, members=[]))
    yield "/body/fileIds", api.call(CREATE, body=notification_body(api, fileIds=[]))
