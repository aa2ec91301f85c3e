"""Probes of the fields of a notification task (L66-L118)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from contract_tests.rules.client import ApiClient, format_datetime
from contract_tests.rules.factories import (
    DEFAULT_END_HOUR,
    LEAD_DAYS,
    TASK_TYPES,
    new_notification,
    notification_body,
    notification_contents,
    without_fields,
)
from contract_tests.rules.outcome import ExpectedRefusal, expect_equal
from contract_tests.rules.probe_registry import ProbeRegistry
from contract_tests.rules.reading_dependent_requests import (
    EMPTY_NAMES,
    is_accepted_or_observe_refusal,
    observe_empty_name_or_yield_refusal,
)

probes = ProbeRegistry()
CREATE = "createNotificationTask"
LIST = "listNotificationTasks"
REQUIRED_FIELDS = ("taskName", "taskType", "scheduledStartTime", "contents")
INVALID_DATETIMES: Mapping[str, str] = {
    "2030-02-31 09:00:00": "2030-02-28 08:00:00",
    "2030-04-21 24:00:00": "2030-04-21 08:00:00",
    "2030-04-21": "2030-04-21 08:00:00",
    "2030/04/21 09:00:00": "2030-04-21 08:00:00",
    "2030-04-21T09:00:00": "2030-04-21 08:00:00",
}
"""Times that do not exist or have another format, each with an earlier time of that day."""


@probes.accepted("NT-01")
def accepts_notification_names_of_1_and_120_characters(api: ApiClient) -> None:
    """Create tasks with names of 1 and 120 characters."""
    # Three bytes each in UTF-8, so that a server which counts bytes is noticed.
    for name in ("提", "提" * 120):
        new_notification(api, taskName=name)


@probes.accepted("NT-01", observes=("text-length",))
def observes_how_emoji_count_in_notification_names(api: ApiClient) -> None:
    """Create tasks whose names end with emoji, each of which may count as two characters."""
    begin = api.unique_name()
    new_notification(api, taskName=begin + "😀" * ((120 - len(begin)) // 2))
    name = begin.ljust(120, "😀")
    answer = api.call(CREATE, body=notification_body(api, taskName=name))
    if is_accepted_or_observe_refusal(api, "text-length", answer, refused="utf16-units"):
        read = api.call_json("getNotificationTask", taskId=answer.json["id"])
        expect_equal(read["taskName"], name, "taskName")
        api.observe("text-length", "characters", answer)


@probes.refused("NT-01", observes=(EMPTY_NAMES,))
def refuses_notification_names_of_0_and_121_characters(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create tasks with names of 121 and of 0 characters; a server may accept the second one."""
    body = notification_body(api, taskName="提" * 121)
    yield "/body/taskName", api.call(CREATE, body=body)
    answer = api.call(CREATE, body=notification_body(api, taskName=""))
    yield from observe_empty_name_or_yield_refusal(api, "/body/taskName", answer, "taskName")


@probes.accepted("NT-02")
def accepts_notification_with_one_or_several_contents(api: ApiClient) -> None:
    """Create a task with a text, and one with a text and two images."""
    new_notification(api, contents=notification_contents("您的预约已确认。"))
    image = notification_contents("https://example.com/a.png", "IMAGE")
    new_notification(api, contents=notification_contents("您的预约已确认。") + image + image)


@probes.refused("NT-02")
def refuses_notification_without_contents(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create a task with an empty list of contents."""
    yield "/body/contents", api.call(CREATE, body=notification_body(api, contents=[]))


@probes.accepted("NT-03")
def accepts_contents_of_1_and_1024_characters(api: ApiClient) -> None:
    """Create a task with texts of 1 and 1024 characters, and an image URL of 1024."""
    # L101 can be read as a limit for the URL alone; the contract applies it to both (N7).
    url = "https://example.com/".ljust(1024, "a")
    new_notification(
        api,
        contents=notification_contents("好")
        + notification_contents("好" * 1024)
        + notification_contents(url, "IMAGE"),
    )


@probes.refused("NT-03")
def refuses_contents_of_0_and_1025_characters(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create tasks with texts of 0 and 1025 characters, and an image URL of 1025."""
    url = "https://example.com/".ljust(1025, "a")
    for contents in (
        notification_contents("好" * 1025),
        notification_contents(""),
        notification_contents(url, "IMAGE"),
    ):
        answer = api.call(CREATE, body=notification_body(api, contents=contents))
        yield "/body/contents/0/contentValue", answer


@probes.accepted("NT-08")
def accepts_notification_that_ends_on_the_same_day(api: ApiClient) -> None:
    """Create a task that ends in the last second of its day, and one without an end."""
    last = format_datetime(api.moment_at(LEAD_DAYS, 23, 59, 59))
    created = new_notification(api, scheduledEndTime=last)
    expect_equal(created["scheduledEndTime"], last, "scheduledEndTime")
    body = without_fields(notification_body(api), "scheduledEndTime")
    created = api.call_json(CREATE, body=body)
    expect_equal(
        created["scheduledEndTime"],
        format_datetime(api.moment_at(LEAD_DAYS, DEFAULT_END_HOUR)),
        "the default end",
    )


@probes.refused("NT-08")
def refuses_notification_that_ends_on_the_next_day(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create a task that ends in the first second of the next day."""
    end = format_datetime(api.moment_at(LEAD_DAYS + 1, 0))
    yield (
        "/body/scheduledEndTime",
        api.call(CREATE, body=notification_body(api, scheduledEndTime=end)),
    )


@probes.accepted("NT-09")
def accepts_notification_of_one_second(api: ApiClient) -> None:
    """Create a task of one second, also just before the default end."""
    new_notification(api, scheduledEndTime=format_datetime(api.moment_at(LEAD_DAYS, 9, 0, 1)))
    last = notification_body(
        api, scheduledStartTime=format_datetime(api.moment_at(LEAD_DAYS, 21, 59, 59))
    )
    api.call_json(CREATE, body=without_fields(last, "scheduledEndTime"))


@probes.refused("NT-09")
def refuses_notification_end_that_is_not_after_its_start(
    api: ApiClient,
) -> Iterator[ExpectedRefusal]:
    """Create tasks that end at or before their start, or start at or after the default end."""
    for end in (
        format_datetime(api.moment_at(LEAD_DAYS, 9)),
        format_datetime(api.moment_at(LEAD_DAYS, 8, 59, 59)),
    ):
        answer = api.call(CREATE, body=notification_body(api, scheduledEndTime=end))
        yield "/body/scheduledEndTime", answer
    for start in (
        format_datetime(api.moment_at(LEAD_DAYS, DEFAULT_END_HOUR)),
        format_datetime(api.moment_at(LEAD_DAYS, DEFAULT_END_HOUR + 1)),
    ):
        late = without_fields(notification_body(api, scheduledStartTime=start), "scheduledEndTime")
        yield "/body/scheduledEndTime", api.call(CREATE, body=late)


@probes.accepted("NT-18")
def accepts_notification_with_required_fields(api: ApiClient) -> None:
    """Create a task with its required fields and a member."""
    whole = notification_body(api)
    api.call_json(CREATE, body={name: whole[name] for name in (*REQUIRED_FIELDS, "members")})


@probes.refused("NT-18")
def refuses_notification_without_required_field(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create tasks without each required field, also of a content."""
    for name in REQUIRED_FIELDS:
        yield f"/body/{name}", api.call(CREATE, body=without_fields(notification_body(api), name))
    for name in ("contentType", "contentValue"):
        contents = [without_fields(notification_contents("您好")[0], name)]
        answer = api.call(CREATE, body=notification_body(api, contents=contents))
        yield f"/body/contents/0/{name}", answer


@probes.accepted("NT-19")
def accepts_notifications_of_both_types(api: ApiClient) -> None:
    """Create and list tasks of each type."""
    for task_type in TASK_TYPES:
        expect_equal(new_notification(api, taskType=task_type)["taskType"], task_type, "taskType")
        api.call_json(LIST, query={"taskType": task_type})


@probes.refused("NT-19")
def refuses_unknown_notification_type(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create and list tasks with an unknown type, and with one in lower case."""
    for task_type in ("BIRTHDAY_REMINDER", TASK_TYPES[0].lower()):
        yield "/body/taskType", api.call(CREATE, body=notification_body(api, taskType=task_type))
        yield "/query/taskType", api.call(LIST, query={"taskType": task_type})


@probes.accepted("NT-20")
def accepts_text_and_image_contents(api: ApiClient) -> None:
    """Create a task with a text and an image."""
    new_notification(
        api,
        contents=notification_contents("您好")
        + notification_contents("https://example.com/a.png", "IMAGE"),
    )


@probes.refused("NT-20")
def refuses_unknown_type_of_content(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create tasks with an unknown type of content, and with one in lower case."""
    for kind in ("VIDEO", "text"):
        answer = api.call(
            CREATE, body=notification_body(api, contents=notification_contents("您好", kind))
        )
        yield "/body/contents/0/contentType", answer


@probes.accepted("NT-22")
def accepts_existing_times_of_notifications(api: ApiClient) -> None:
    """Create and list tasks with times that exist, a leap day among them."""
    start = format_datetime(api.moment_at(LEAD_DAYS, 9))
    created = new_notification(api, scheduledStartTime=start)
    expect_equal(created["scheduledStartTime"], start, "scheduledStartTime")
    leap = {"startTime": "2028-02-29 00:00:00", "endTime": "2028-02-29 23:59:59"}
    api.call_json(LIST, query={"taskType": TASK_TYPES[0], **leap})


@probes.refused("NT-22")
def refuses_nonexistent_times_of_notifications(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create and list tasks with times that do not exist or have another format."""
    for wrong, before in INVALID_DATETIMES.items():
        # A server that reads the time all the same finds nothing else to refuse: neither an end on
        # another day nor one before the start.
        start = without_fields(notification_body(api, scheduledStartTime=wrong), "scheduledEndTime")
        end = notification_body(api, scheduledStartTime=before, scheduledEndTime=wrong)
        for name, body in (("scheduledStartTime", start), ("scheduledEndTime", end)):
            yield f"/body/{name}", api.call(CREATE, body=body)
        for name in ("startTime", "endTime"):
            answer = api.call(LIST, query={"taskType": TASK_TYPES[0], name: wrong})
            yield f"/query/{name}", answer
