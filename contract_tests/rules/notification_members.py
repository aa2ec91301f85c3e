"""Probes of the members of a notification task and their variables (L83-L105, L117-L118)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.rules.client import NONEXISTENT_ID, ApiClient
from contract_tests.rules.factories import (
    new_notification,
    notification_body,
    notification_contents,
    upload_image_as_workbook,
    upload_member_list,
    without_fields,
)
from contract_tests.rules.member_workbook import FIELD_BY_CHINESE_TITLE
from contract_tests.rules.notification_executions import list_executions
from contract_tests.rules.outcome import ExpectedRefusal, expect_equal
from contract_tests.rules.probe_registry import ProbeRegistry
from contract_tests.rules.reading_dependent_requests import (
    MEMBER_IDS,
    REPEATED_MEMBERS,
    UNKNOWN_IDS,
    observe_member_ids,
    observe_repetition_or_yield_refusal,
    observe_success_or_yield_refusal,
)

probes = ProbeRegistry()
CREATE = "createNotificationTask"


@probes.accepted("NT-04")
def accepts_notification_with_members_or_files(api: ApiClient) -> None:
    """Create a task with members, and one with files."""
    new_notification(api)
    new_notification(api, fileIds=[upload_member_list(api, api.new_members(1, nickname="张丽"))])


@probes.refused("NT-04")
def refuses_notification_with_members_and_files_or_neither(
    api: ApiClient,
) -> Iterator[ExpectedRefusal]:
    """Create a task with both members and files, and with neither."""
    people = api.new_members(1, nickname="张丽")
    both = notification_body(api, members=people, fileIds=[upload_member_list(api, people)])
    yield "/body", api.call(CREATE, body=both)
    yield "/body", api.call(CREATE, body=without_fields(notification_body(api), "members"))


@probes.accepted("NT-05", observes=(MEMBER_IDS,))
def accepts_notification_members_with_an_id(api: ApiClient) -> None:
    """Create tasks whose members have all three ids, in the request and in a file, then only one.

    A server may require one in particular.
    """
    new_notification(api, members=api.new_members(1, nickname="张丽"))
    new_notification(api, fileIds=[upload_member_list(api, api.new_members(1, nickname="张丽"))])
    answers = {}
    for name, value in api.new_members(1)[0].items():
        members = [{name: value, "nickname": "张丽"}]
        answers[name] = api.call(CREATE, body=notification_body(api, members=members))
    observe_member_ids(api, answers)


@probes.refused("NT-05")
def refuses_notification_member_without_id(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create tasks with a member without ids, with empty ones, and with such a row in a file."""
    known = api.new_members(1, nickname="张丽")
    # Where the memberId is required, a refusal is about that field.
    others = notification_body(api, members=[without_fields(known[0], "memberId")])
    pointer = "/body/members/1" + (
        "" if api.is_success(api.call(CREATE, body=others)) else "/memberId"
    )
    for nobody in ({"nickname": "王芳"}, {"nickname": "王芳", "userId": "", "ciq": ""}):
        answer = api.call(CREATE, body=notification_body(api, members=[*known, nobody]))
        yield pointer, answer
    rows = [*known, {"memberId": "王", "nickname": "王芳"}]
    body = notification_body(api, fileIds=[upload_member_list(api, rows)])
    yield "/body/fileIds/0", api.call(CREATE, body=body)


@probes.accepted("NT-06")
def accepts_dynamic_values_that_are_strings(api: ApiClient) -> None:
    """Create a task with dynamic values that are text, empty, and digits."""
    members = api.new_members(1, nickname="张丽", gift="", count="2")
    new_notification(api, members=members)


@probes.refused("NT-06", observes=("number-as-text", "null-in-requests"))
def refuses_dynamic_values_that_are_not_strings(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create tasks with a dynamic value that is a list, an object, a number, a boolean or null.

    A server may also convert numbers and booleans, and take null as no value.
    """
    taken: dict[Any, tuple[str, str, str | None]] = {
        2: ("number-as-text", "coerced", "2"),
        True: ("number-as-text", "coerced", "true"),
        None: ("null-in-requests", "absent", None),
    }
    for value in (["a"], {"a": "b"}, *taken):
        members = [{**api.new_members(1, nickname="张丽")[0], "gift": value}]
        answer = api.call(CREATE, body=notification_body(api, members=members))
        attempt = "/body/members/0/gift", answer
        if isinstance(value, list | dict):
            yield attempt
            continue
        reading, taken_as, expected = taken[value]
        is_kept = api.is_success(answer) and _read_gift(api, answer.json) == expected
        if value is None and not is_kept:
            # A refusal says nothing about fields that the contract lists.
            yield attempt
            continue
        yield from observe_success_or_yield_refusal(
            api, reading, attempt, taken_as, is_kept=is_kept
        )


def _read_gift(api: ApiClient, task: Any) -> object:
    """Return the dynamic value of the only member of a task."""
    number = task.get("id") if isinstance(task, dict) else None
    if number is None:
        return ...
    found = api.call_json("getNotificationTask", taskId=number)
    return found["members"][0].get("gift")


@probes.accepted("NT-07")
def accepts_notification_whose_variables_have_values(api: ApiClient) -> None:
    """Create tasks whose variables are fields of a member, and columns of a file."""
    # White space inside the braces does not count (N3).
    contents = notification_contents("{{nickname}},{{ gift }}")
    people = api.new_members(1, nickname="张丽", gift="面膜")
    new_notification(api, contents=contents, members=people)
    new_notification(api, contents=contents, fileIds=[upload_member_list(api, people)])


@probes.refused("NT-07")
def refuses_notification_variable_without_value(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create tasks with a variable that a member, a file, or one row of a file lacks."""
    contents = notification_contents("{{nickname}},{{ gift }}")
    plain, other = api.new_members(2, nickname="张丽")
    # An empty or blank value would leave a gap in the text, so it counts as missing (N31).
    for member in (plain, {**plain, "gift": ""}, {**plain, "gift": " "}):
        body = notification_body(api, contents=contents, members=[member])
        yield "/body/members/0/gift", api.call(CREATE, body=body)
    for rows in ([plain], [{**other, "gift": "面膜"}, plain]):
        body = notification_body(api, contents=contents, fileIds=[upload_member_list(api, rows)])
        yield "/body/fileIds/0", api.call(CREATE, body=body)


@probes.accepted("NT-10")
def accepts_notification_files_with_member_lists(api: ApiClient) -> None:
    """Create tasks with one file, and with two, the second with Chinese column titles."""
    named, titled = api.new_members(2, nickname="张丽")
    row = {title: titled[name] for title, name in FIELD_BY_CHINESE_TITLE.items() if name in titled}
    row |= without_fields(titled, *FIELD_BY_CHINESE_TITLE.values())
    ids = [upload_member_list(api, [one]) for one in (named, row)]
    for given in (ids[:1], ids):
        created = new_notification(api, fileIds=given)
        expect_equal(created["totalMembers"], len(given), "totalMembers")
    if "memberId" in named and "memberId" in titled:
        listed = list_executions(api, created["id"])
        expected = [named["memberId"], titled["memberId"]]
        expect_equal([member["memberId"] for member in listed], expected, "the members")


@probes.refused("NT-10")
def refuses_notification_file_without_member_list(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create a task with a file that is an image or has no rows, also as second file."""
    other = upload_image_as_workbook(api)
    empty = upload_member_list(api, [], [*api.new_members(1)[0], "nickname"])
    for wrong in (other, empty):
        yield "/body/fileIds/0", api.call(CREATE, body=notification_body(api, fileIds=[wrong]))
    good = upload_member_list(api, api.new_members(1, nickname="张丽"))
    yield "/body/fileIds/1", api.call(CREATE, body=notification_body(api, fileIds=[good, other]))


@probes.refused("NT-10", status_reading=UNKNOWN_IDS)
def refuses_notification_with_nonexistent_file(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create a task with a file that does not exist."""
    body = notification_body(api, fileIds=[NONEXISTENT_ID])
    yield "/body/fileIds/0", api.call(CREATE, body=body)


@probes.accepted("NT-30")
def accepts_notification_without_duplicate_members(api: ApiClient) -> None:
    """Create tasks without common members: one with three members, one with two files."""
    people = api.new_members(3, nickname="张丽")
    new_notification(api, members=people)
    new_notification(
        api, fileIds=[upload_member_list(api, people[:2]), upload_member_list(api, people[2:])]
    )


@probes.refused("NT-30", observes=(REPEATED_MEMBERS,))
def refuses_notification_with_duplicate_members(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create tasks with a member or one id twice, also in a file, in two files, one file twice.

    A server may also take a member twice, who then counts once or twice.
    """
    people = api.new_members(2, nickname="张丽")
    body = notification_body(api, members=[people[0], people[0]])
    answer = api.call(CREATE, body=body)
    yield from observe_repetition_or_yield_refusal(
        api, ("/body/members/1/memberId", answer), "totalMembers"
    )
    if api.is_success(answer):
        return
    for name in ("memberId", "userId", "ciq"):
        # One equal id is enough, whatever the other two are (N33).
        twice = [people[0], people[1] | {name: people[0][name]}]
        pointer = f"/body/members/1/{name}"
        yield pointer, api.call(CREATE, body=notification_body(api, members=twice))
        file = upload_member_list(api, twice)
        yield "/body/fileIds/0", api.call(CREATE, body=notification_body(api, fileIds=[file]))
    first, second = upload_member_list(api, people), upload_member_list(api, people[1:])
    for given in ([first, second], [first, first]):
        yield "/body/fileIds/1", api.call(CREATE, body=notification_body(api, fileIds=given))


@probes.accepted("NT-23")
def accepts_notification_with_one_member(api: ApiClient) -> None:
    """Create tasks with one member, in the request and in a file; the other list is empty."""
    people = api.new_members(1, nickname="张丽")
    for sent in (
        {"members": people, "fileIds": []},
        {"members": [], "fileIds": [upload_member_list(api, people)]},
    ):
        made = new_notification(api, **sent)
        expect_equal(made["totalMembers"], 1, "totalMembers")


@probes.refused("NT-23")
def refuses_notification_with_empty_member_list(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create tasks with an empty list of members, of files, and of both."""
    yield "/body/members", api.call(CREATE, body=notification_body(api, members=[]))
    yield "/body/fileIds", api.call(CREATE, body=notification_body(api, fileIds=[]))
    # An empty array counts as not given (N4), so nobody would be notified.
    both = notification_body(api, members=[], fileIds=[])
    yield "/body/members", api.call(CREATE, body=both)
