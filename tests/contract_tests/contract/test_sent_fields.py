"""The fields of a body that responses repeat."""

from __future__ import annotations

from contract_tests.contract.sent_fields import normalize_for_comparison, record_data, sent_fields


def test_the_fields_of_a_plan_are_in_its_data() -> None:
    """`options` is none of them, and sceneIds are not repeated (M21)."""
    body = {"options": "DRAFT", "data": {"name": "a", "groupId": 1, "sceneIds": [2]}}
    assert record_data(body) == body["data"]
    assert sent_fields("createMarketingNotice", body) == {"name": "a", "groupId": 1}


def test_a_field_in_another_form_is_not_compared() -> None:
    """A task's startTime is sent with a date and returned without one (M26)."""
    body = {"name": "a", "startTime": "2025-04-21 09:00", "fileIds": [1]}
    assert sent_fields("createMarketingNoticeTask", body) == {"name": "a"}


def test_a_body_of_another_form_has_no_fields() -> None:
    """Nor has a read."""
    malformed: tuple[object, ...] = (None, [], "a", {"data": 1})
    for body in malformed:
        assert sent_fields("createMarketingNotice", body) == {}
    assert sent_fields("getGroup", {"name": "a"}) == {}


def test_members_are_not_compared_if_one_is_named_twice() -> None:
    """A server may merge them (N33)."""
    for again, is_repeated in (({"userId": "U1", "ciq": "C2"}, True), ({"userId": "U2"}, False)):
        body = {"taskName": "a", "members": [{"userId": "U1", "ciq": None}, again]}
        fields = sent_fields("createNotificationTask", body)
        assert ("members" not in fields) is is_repeated
        assert fields["taskName"] == "a"


def test_contents_are_compared_in_one_spelling() -> None:
    """`type` and `value` are contentType and contentValue (N1); other fields are as they are."""
    short = [{"type": "TEXT", "value": " a"}]
    assert normalize_for_comparison("contents", short) == [
        {"contentType": "TEXT", "contentValue": " a"}
    ]
    assert normalize_for_comparison("contents", ["a"]) == ["a"]
    assert normalize_for_comparison("name", short) == short


def test_a_null_is_compared_as_a_field_that_is_left_out() -> None:
    """A server may return either (X4), at any depth; an item of a list is kept."""
    member = {"userId": "U1", "ciq": None}
    assert normalize_for_comparison("members", [member, None]) == [{"userId": "U1"}, None]
    plan = {"a": {"b": None, "c": [{"d": None}]}}
    assert normalize_for_comparison("plan", plan) == {"a": {"c": [{}]}}
    assert normalize_for_comparison("name", None) is None
