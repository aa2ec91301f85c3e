"""Probes of what a notification task may be (L66-L118)."""

from __future__ import annotations

from collections.abc import Iterator

from contract_tests.rules.client import Api, text
from contract_tests.rules.factories import (
    DEFAULT_END,
    LEAD,
    new_notification,
    notification,
    says,
    without,
)
from contract_tests.rules.outcome import Attempt, expect_equal
from contract_tests.rules.registry import Probes

probes = Probes()
CREATE = "createNotificationTask"
LIST = "listNotificationTasks"
TYPES = ("APPOINTMENT_REMINDER", "CUSTOMER_RESOURCE_REMINDER")
REQUIRED = ("taskName", "taskType", "scheduledStartTime", "contents")
IMPOSSIBLE = (
    "2030-02-31 09:00:00",
    "2030-04-21 24:00:00",
    "2030-04-21",
    "2030/04/21 09:00:00",
    "2030-04-21T09:00:00",
)


@probes.accepted("NT-01")
def names_of_1_and_of_120_characters(api: Api) -> None:
    """Both ends of the range."""
    for name in ("提", "提" * 120):
        new_notification(api, taskName=name)


@probes.refused("NT-01")
def a_name_of_121_characters_or_none(api: Api) -> Iterator[Attempt]:
    """One beyond each end of the range."""
    for name in ("提" * 121, ""):
        yield "/body/taskName", api.call(CREATE, body=notification(api, taskName=name))


@probes.accepted("NT-02")
def one_content_and_several(api: Api) -> None:
    """A text, and a text with two images."""
    new_notification(api, contents=says("您的预约已确认。"))
    image = says("https://example.com/a.png", "IMAGE")
    new_notification(api, contents=says("您的预约已确认。") + image + image)


@probes.refused("NT-02")
def no_content(api: Api) -> Iterator[Attempt]:
    """An empty list."""
    yield "/body/contents", api.call(CREATE, body=notification(api, contents=[]))


@probes.accepted("NT-03")
def contents_of_1_and_of_1024_characters(api: Api) -> None:
    """Texts, and an image URL of the greatest length."""
    url = "https://example.com/".ljust(1024, "a")
    new_notification(api, contents=says("好") + says("好" * 1024) + says(url, "IMAGE"))


@probes.refused("NT-03")
def a_content_of_1025_characters_or_none(api: Api) -> Iterator[Attempt]:
    """One beyond each end of the range, for texts and URLs."""
    url = "https://example.com/".ljust(1025, "a")
    for contents in (says("好" * 1025), says(""), says(url, "IMAGE")):
        answer = api.call(CREATE, body=notification(api, contents=contents))
        yield "/body/contents/0/contentValue", answer


@probes.accepted("NT-08")
def the_end_is_on_the_same_day(api: Api) -> None:
    """The last second of the day, and 22:00:00 when none is given."""
    last = text(api.at(LEAD, 23, 59, 59))
    created = new_notification(api, scheduledEndTime=last)
    expect_equal(created["scheduledEndTime"], last, "scheduledEndTime")
    body = without(notification(api), "scheduledEndTime")
    created = api.ok(CREATE, body=body)
    expect_equal(created["scheduledEndTime"], text(api.at(LEAD, DEFAULT_END)), "the default end")


@probes.refused("NT-08")
def the_end_is_on_the_next_day(api: Api) -> Iterator[Attempt]:
    """The first second of the day after."""
    end = text(api.at(LEAD + 1, 0))
    yield "/body/scheduledEndTime", api.call(CREATE, body=notification(api, scheduledEndTime=end))


@probes.accepted("NT-09")
def the_end_is_a_second_later(api: Api) -> None:
    """The shortest window, also before the default end."""
    new_notification(api, scheduledEndTime=text(api.at(LEAD, 9, 0, 1)))
    last = notification(api, scheduledStartTime=text(api.at(LEAD, 21, 59, 59)))
    api.ok(CREATE, body=without(last, "scheduledEndTime"))


@probes.refused("NT-09")
def the_end_is_not_later(api: Api) -> Iterator[Attempt]:
    """The same second, one before, and a start at or after the default end."""
    for end in (text(api.at(LEAD, 9)), text(api.at(LEAD, 8, 59, 59))):
        answer = api.call(CREATE, body=notification(api, scheduledEndTime=end))
        yield "/body/scheduledEndTime", answer
    for start in (text(api.at(LEAD, DEFAULT_END)), text(api.at(LEAD, DEFAULT_END + 1))):
        late = without(notification(api, scheduledStartTime=start), "scheduledEndTime")
        yield "/body/scheduledEndTime", api.call(CREATE, body=late)


@probes.accepted("NT-18")
def a_task_with_just_the_required_fields(api: Api) -> None:
    """And the members, without whom there is nobody to notify."""
    whole = notification(api)
    api.ok(CREATE, body={name: whole[name] for name in (*REQUIRED, "members")})


@probes.refused("NT-18")
def a_task_without_one_of_them(api: Api) -> Iterator[Attempt]:
    """Each required field left out, those of a content too."""
    for name in REQUIRED:
        yield f"/body/{name}", api.call(CREATE, body=without(notification(api), name))
    for name in ("contentType", "contentValue"):
        contents = [without(says("您好")[0], name)]
        answer = api.call(CREATE, body=notification(api, contents=contents))
        yield f"/body/contents/0/{name}", answer


@probes.accepted("NT-19")
def both_types_of_task(api: Api) -> None:
    """In the request and as a filter."""
    for task_type in TYPES:
        expect_equal(new_notification(api, taskType=task_type)["taskType"], task_type, "taskType")
        api.ok(LIST, query={"taskType": task_type})


@probes.refused("NT-19")
def another_type_of_task(api: Api) -> Iterator[Attempt]:
    """A word that is none, and one in lower case."""
    for task_type in ("BIRTHDAY_REMINDER", TYPES[0].lower()):
        yield "/body/taskType", api.call(CREATE, body=notification(api, taskType=task_type))
        yield "/query/taskType", api.call(LIST, query={"taskType": task_type})


@probes.accepted("NT-20")
def texts_and_images(api: Api) -> None:
    """Both types of content."""
    new_notification(api, contents=says("您好") + says("https://example.com/a.png", "IMAGE"))


@probes.refused("NT-20")
def another_type_of_content(api: Api) -> Iterator[Attempt]:
    """A word that is none, and one in lower case."""
    for kind in ("VIDEO", "text"):
        answer = api.call(CREATE, body=notification(api, contents=says("您好", kind)))
        yield "/body/contents/0/contentType", answer


@probes.accepted("NT-22")
def times_that_exist(api: Api) -> None:
    """In the request and as filters; what was sent is what comes back."""
    start = text(api.at(LEAD, 9))
    created = new_notification(api, scheduledStartTime=start)
    expect_equal(created["scheduledStartTime"], start, "scheduledStartTime")
    leap = {"startTime": "2028-02-29 00:00:00", "endTime": "2028-02-29 23:59:59"}
    api.ok(LIST, query={"taskType": TYPES[0], **leap})


@probes.refused("NT-22")
def times_that_do_not(api: Api) -> Iterator[Attempt]:
    """A day and an hour that no calendar has, a date alone, slashes, and a T."""
    for wrong in IMPOSSIBLE:
        for name in ("scheduledStartTime", "scheduledEndTime"):
            yield f"/body/{name}", api.call(CREATE, body=notification(api, **{name: wrong}))
        for name in ("startTime", "endTime"):
            answer = api.call(LIST, query={"taskType": TYPES[0], name: wrong})
            yield f"/query/{name}", answer
