"""Lists over HTTP under the answers to open questions about pages and lists of values."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.serving import FROZEN, RunningMock, run_mock

pytestmark = pytest.mark.whole

PLANS = "/api/v1/marketing-notice"
GROUPS = f"{PLANS}/group"
MEMBERS = f"{PLANS}/task/401/members"
LISTS = (GROUPS, f"{PLANS}/scene", f"{PLANS}/301/task", MEMBERS)
"""The lists in Spring's format."""
SPRING_PAGES = {"page-sort": "object", "unpaged-pageable": "text", "page-total": "omitted"}
UNSORTED = {"sorted": False, "unsorted": True, "empty": True}
SORTED = {"sorted": True, "unsorted": False, "empty": False}


def get_json(mock: RunningMock, path: str, **query: Any) -> dict[str, Any]:
    """Return the JSON of a response with status 200."""
    answer = mock.client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("path", LISTS)
def test_pages_have_an_array_an_object_and_a_total_by_default(
    shared_mock: RunningMock, path: str
) -> None:
    """M3, M8, M9: as documented."""
    page = get_json(shared_mock, path)
    assert page["sort"] == page["pageable"]["sort"] == []
    assert page["pageable"]["unpaged"] is True
    assert page["total"] == page["totalElements"]


@pytest.mark.parametrize("absent", ["omitted", "null"])
def test_pages_are_those_of_spring(absent: str) -> None:
    """All three readings hold in every list, with and without paging and sorting."""
    readings = {**SPRING_PAGES, "absent-values": absent}
    with run_mock(replace(FROZEN, readings=readings)) as mock:
        for path in LISTS:
            unpaged = get_json(mock, path)
            assert unpaged["pageable"] == "INSTANCE"
            assert unpaged["sort"] == UNSORTED
            assert "total" not in unpaged
            assert unpaged["totalElements"] == len(unpaged["content"])
            field = "memberName" if path == MEMBERS else "name"
            paged = get_json(mock, path, current=0, size=2, orderBy=field)
            assert paged["pageable"] == {
                "paged": True, "unpaged": False, "pageNumber": 0, "pageSize": 2, "offset": 0,
                "sort": SORTED,
            }  # fmt: skip
            assert paged["sort"] == SORTED
            assert "total" not in paged


@pytest.mark.parametrize("key", [*SPRING_PAGES])
def test_readings_of_pages_are_independent(key: str) -> None:
    """One of them leaves the others as they are."""
    with run_mock(replace(FROZEN, readings={key: SPRING_PAGES[key]})) as mock:
        page = get_json(mock, GROUPS)
        assert (page["sort"] == UNSORTED) is (key == "page-sort")
        assert (page["pageable"] == "INSTANCE") is (key == "unpaged-pageable")
        assert ("total" not in page) is (key == "page-total")


def test_lists_with_records_keep_their_total() -> None:
    """page-total is about Spring's pages only (M7)."""
    with run_mock(replace(FROZEN, readings=SPRING_PAGES)) as mock:
        tasks = get_json(mock, "/api/v1/notification-tasks", taskType="APPOINTMENT_REMINDER")
        for found in (get_json(mock, PLANS), tasks):
            assert found["page"]["total"] > 0


def test_commas_separate_values_by_default(shared_mock: RunningMock) -> None:
    """M4: a row with any of the values is in the list."""
    found = get_json(shared_mock, GROUPS, ids="101,103")["content"]
    assert {row["id"] for row in found} == {101, 103}
    moods = get_json(shared_mock, MEMBERS, moodValue="一般,满意")["content"]
    assert {mood for row in moods for mood in row["moodValues"]} >= {"一般", "满意"}


@pytest.mark.parametrize(
    ("path", "name"), [(GROUPS, "ids"), (PLANS, "groupIds"), (MEMBERS, "sceneIds")]
)
def test_a_literal_comma_is_refused_in_ids(path: str, name: str) -> None:
    """PG-06: a single id passes, and the refusal says what would."""
    with run_mock(replace(FROZEN, readings={"comma-in-array-parameters": "literal"})) as mock:
        get_json(mock, path, **{name: "201"})
        answer = mock.client.get(path, params={name: "201,204"})
        assert answer.status_code == 400
        [error] = answer.json()["errors"]
        assert (error["pointer"], error["rule"]) == (f"/query/{name}", "PG-06")
        assert (error["accepted"], error["found"]) == ("101", "201,204")
        assert error["message"].startswith("只能提交一个编号")


def test_a_literal_comma_is_part_of_a_mood() -> None:
    """MT-06: the text is compared as a whole, so that no member has such a mood."""
    with run_mock(replace(FROZEN, readings={"comma-in-array-parameters": "literal"})) as mock:
        assert get_json(mock, MEMBERS, moodValue="满意")["totalElements"] > 0
        assert get_json(mock, MEMBERS, moodValue="一般,满意")["totalElements"] == 0
