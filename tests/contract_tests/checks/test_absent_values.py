"""Optional response fields without a value are left out, or null."""

from __future__ import annotations

import json
from typing import Any

from contract_tests.checks.absent_values import (
    AbsentValueObserver,
    operations_with_default_readings,
    response_shape,
)
from contract_tests.contract.operations import operations
from tests.contract_tests.checks.exchanges import new_exchange

PLAN = {"id": 1, "groupId": 2, "name": "a", "status": "DRAFT"}


def observed(*documents: Any, name: str = "getMarketingNotice", known: str = "") -> list[str]:
    """Return what these responses of an operation show one after the other."""
    absent_values = AbsentValueObserver(lambda value: value == known)
    seen = (new_exchange(name, document) for document in documents)
    return list(dict.fromkeys(value for each in seen for value in absent_values.observe(each)))


def test_a_null_in_an_optional_field_shows_the_reading() -> None:
    """In a record, in rows, and in objects within."""
    assert observed(PLAN | {"description": None}) == ["null"]
    assert observed(
        {"records": [{"plan": [{"lastTriggerTime": None}]}]}, name="listMarketingNotices"
    ) == ["null"]
    assert observed({"content": [{"planId": None}]}, name="listScenes") == ["null"]


def test_a_missing_field_shows_the_reading_once_the_server_has_sent_it() -> None:
    """A server need not have every optional field."""
    assert observed(PLAN, PLAN) == []
    assert observed(PLAN | {"description": "x"}, PLAN) == ["omitted"]
    assert observed(PLAN | {"description": "x"}, PLAN | {"prompt": "y"}) == ["omitted"]
    rows = {"content": [{"planId": 1}, {"name": "without"}]}
    assert observed(rows, name="listScenes") == ["omitted"]


def test_a_server_that_mixes_both_shows_both() -> None:
    """Also when one of them is known already."""
    full, missing, null = PLAN | {"description": "x"}, PLAN, PLAN | {"description": None}
    assert observed(full, missing, null) == ["omitted", "null"]
    assert observed(full, missing, null, known="omitted") == ["null"]
    assert observed(full, null, missing, known="null") == ["null", "omitted"]


def test_fields_that_the_contract_makes_null_itself_show_nothing() -> None:
    """executeTime, failureReason and externalId are null in every reading."""
    rows = {"records": [{"executeTime": None, "notificationTime": None, "failureReason": None}]}
    assert observed(rows, name="listNotificationTaskExecutions") == []
    assert observed({"externalId": None}, name="getScene") == []


def test_maps_errors_and_other_content_show_nothing() -> None:
    """The keys of an open object are data; an error response has no optional field."""
    members = {"members": [{"userId": "u", "memberId": None}]}
    assert observed(members, name="getNotificationTask") == []
    assert observed({"content": [{"totalMember": None}]}, name="listMarketingNoticeTasks") == []
    absent_values = AbsentValueObserver(lambda _: False)
    document = PLAN | {"description": None}
    for how in ({"status": 400}, {"media_type": "text/plain"}):
        assert [*absent_values.observe(new_exchange("getMarketingNotice", document, **how))] == []
    assert observed([], "text", None) == []


def test_a_response_that_shows_only_what_is_known_is_not_parsed() -> None:
    """The usual response of a server that omits absent values costs no time."""
    absent_values = AbsentValueObserver(lambda value: value == "omitted")
    for document, is_parsed in ((PLAN, False), (PLAN | {"description": None}, True)):
        seen = new_exchange("getMarketingNotice", document)
        assert [*absent_values.observe(seen)] == (["null"] if is_parsed else [])
        assert ("body" in vars(seen)) is is_parsed


def test_the_examples_of_the_contract_show_that_values_are_omitted() -> None:
    """No example has null in a field of this reading, and some leave out a field."""
    absent_values, found = AbsentValueObserver(lambda _: False), set[str]()
    for name, operation in operations().items():
        content = operation.declared_response(200).get("content", {}).get("application/json", {})
        for example in content.get("examples", {}).values():
            found.update(absent_values.observe(new_exchange(name, example["value"])))
            assert json.dumps(example["value"])
    assert found <= {"omitted"}


def test_every_list_and_most_records_have_a_shape() -> None:
    """A response without a shape shows nothing of this reading."""
    without = {
        name
        for name, operation in operations_with_default_readings().items()
        if not response_shape(operation)
    }
    assert without <= {
        "listNotificationTaskExecutions",
        "createToken", "getFile", "getMemberTemplate", "uploadFile", "terminateNotificationTask",
        "deleteGroup", "deleteMarketingNotice", "terminateMarketingNotice",
        "enableMarketingNotice", "enableMarketingNoticeTask", "terminateMarketingNoticeTask",
    }, without  # fmt: skip
