"""Single records, reports, files and refusals show readings."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract_tests.checks.exchanges import new_exchange, values_shown

SPRING_ERROR = {"timestamp": "2025-04-10T09:30:00", "status": 404, "error": "x", "path": "/"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize(
    ("status", "media_type", "document", "values"),
    [
        (400, "application/problem+json", {"title": "Bad Request", "status": 400}, ["problem"]),
        (404, "application/json", SPRING_ERROR, ["spring"]),
        (404, "application/json", {"status": 404, "error": "x"}, []),
        (404, "text/html", SPRING_ERROR, []),
        (404, "application/json", [], []),
        (200, "application/json", SPRING_ERROR, []),
        (500, "application/json", SPRING_ERROR | {"message": ""}, ["spring"]),
    ],
)
def test_the_format_of_an_error_response_is_a_reading(
    status: int, media_type: str, document: Any, values: list[str]
) -> None:
    """A problem document or Spring's default; a gateway's own format shows nothing."""
    seen = new_exchange("getGroup", document, status=status, media_type=media_type)
    assert values_shown("refusal-body", seen) == values


def test_refused_logins_have_a_format_of_their_own() -> None:
    """The token operation follows OAuth 2.0."""
    assert values_shown("refusal-body", new_exchange("createToken", SPRING_ERROR, status=400)) == []


@pytest.mark.parametrize(
    ("name", "how", "values"),
    [
        ("getGroup", {"path_value": "abc", "status": 400}, ["400"]),
        ("getGroup", {"path_value": "abc", "status": 404}, ["404"]),
        ("deleteGroup", {"path_value": "no-number", "status": 404}, ["404"]),
        ("getGroup", {"path_value": "abc", "status": 401}, []),
        ("getGroup", {"path_value": "12", "status": 404}, []),
        ("getGroup", {"path_value": "-1", "status": 400}, []),
        ("getGroup", {"path_value": "1.5", "status": 400}, []),
        ("getGroup", {"path_value": "a%2Fb", "status": 404}, []),
        ("getGroup", {"path_value": "..", "status": 404}, []),
        ("getGroup", {"path_value": "abc", "status": 400, "query": "x=1"}, []),
        ("updateGroup", {"path_value": "abc", "status": 400, "sent": b"{}"}, []),
        ("getFile", {"path_value": "abc", "status": 404}, []),
        ("listMemberDailyReports", {"path_value": "abc", "status": 404}, []),
        ("listGroups", {"status": 404}, []),
    ],
)
def test_the_status_for_a_word_as_an_id_is_a_reading(
    name: str, how: dict[str, Any], values: list[str]
) -> None:
    """Only where neither the rest of the request nor the path of the operation can be wrong."""
    assert values_shown("path-id-type", new_exchange(name, {}, **how)) == values


@pytest.mark.parametrize(
    ("content", "values"),
    [
        ({"contentType": "TEXT", "contentValue": "x"}, ["contentType"]),
        ({"type": "TEXT", "value": "x"}, ["type"]),
        ({"contentType": None, "contentValue": None, "type": "TEXT", "value": "x"}, ["type"]),
        ({"contentType": "TEXT", "value": "x"}, ["contentType", "type"]),
        ({}, []),
        (None, []),
    ],
)
def test_the_names_of_a_content_are_a_reading(content: Any, values: list[str]) -> None:
    """In the details of a task; its list has the same names in all of the documents (N1)."""
    task = {"contents": [content]}
    assert values_shown("content-names", new_exchange("getNotificationTask", task)) == values
    listed = new_exchange("listNotificationTasks", {"records": [{}, task]})
    assert values_shown("content-names", listed) == []


@pytest.mark.parametrize(
    ("rate", "count", "planned", "values"),
    [
        (0.75, 9, 12, ["fraction"]),
        (75, 9, 12, ["percent"]),
        (1, 9, 9, ["fraction"]),
        (1.5, 1, 66, ["percent"]),
        # 0.5 may be a half of 2 contacted members, or half a percent of 200.
        (0.5, 1, 200, []),
        (1, 1, 100, []),
        (0, 0, 12, []),
        (0.75, None, 12, []),
        ("75", 9, 12, []),
        (True, 9, 12, []),
    ],
)
def test_the_unit_of_rates_is_a_reading(
    rate: Any, count: Any, planned: Any, values: list[str]
) -> None:
    """A rate above 1 is a percentage; one up to 1 is a fraction if the counts exclude the other."""
    report = {
        "contactSuccessRate": rate,
        "contactSuccessOfPeopl": count,
        "plannedNumberOfPeopl": planned,
    }
    for name in ("getMarketingNoticeReport", "getMarketingNoticeTaskReport"):
        assert values_shown("rates", new_exchange(name, report)) == values


@pytest.mark.parametrize(
    ("document", "values"),
    [
        ({"id": 1, "externalId": None}, ["null"]),
        ({"id": 1, "externalId": ""}, ["empty"]),
        ({"id": 1}, ["omitted"]),
        ({"id": 1, "externalId": "still there"}, []),
        ({}, []),
    ],
)
def test_the_external_id_after_unbinding_is_a_reading(document: Any, values: list[str]) -> None:
    """Only the response to the unbinding shows it."""
    seen = new_exchange("unbindSceneExternalId", document)
    assert values_shown("external-id-after-unbinding", seen) == values
    assert values_shown("external-id-after-unbinding", new_exchange("getScene", document)) == []


def test_the_id_of_an_updated_plan_is_a_reading() -> None:
    """It is compared with the one in the path."""
    for number, values in ((7, ["kept"]), (8, ["new"]), (None, [])):
        seen = new_exchange("updateMarketingNotice", {"id": number})
        assert values_shown("plan-id-after-update", seen) == values


@pytest.mark.parametrize(
    ("sent", "status", "values"),
    [
        (b"", 200, ["optional"]),
        (b"{}", 200, ["optional"]),
        (b'{"reason": null}', 200, ["optional"]),
        (b'{"reason": "x"}', 200, []),
        (b"[]", 200, []),
        (b"{}", 400, []),
    ],
)
def test_a_termination_without_a_reason_shows_that_it_is_optional(
    sent: bytes, status: int, values: list[str]
) -> None:
    """A refusal may have other causes and shows nothing."""
    seen = new_exchange("terminateNotificationTask", {}, sent=sent, status=status)
    assert values_shown("termination-reason", seen) == values


@pytest.mark.parametrize(
    ("media_type", "document", "values"),
    [
        (XLSX, None, ["workbook"]),
        ("application/octet-stream", None, ["workbook"]),
        ("application/json", {}, ["object"]),
        ("application/json", [], []),
        ("text/html", None, []),
    ],
)
def test_the_member_template_is_a_reading(
    media_type: str, document: Any, values: list[str]
) -> None:
    """A file, or the empty object of the documents."""
    seen = new_exchange("getMemberTemplate", document, media_type=media_type)
    assert values_shown("member-template", seen) == values
