"""State that the guard learns from responses: created files, and the server's time."""

from __future__ import annotations

import pytest

from contract_tests.safety.request_guard import (
    EARLY_START_REASON,
    FOREIGN_RECORD_REASON,
)
from contract_tests.target.transport import UnsafeRequestError
from tests.contract_tests.safety.staging import (
    API,
    IDS,
    NOTICES,
    PLAN,
    PLAN_TASK,
    TASK,
    TASKS,
    URL,
    Staging,
    file_form,
)


def test_a_file_that_cannot_be_parsed_is_no_member_list(staging: Staging) -> None:
    """It may be uploaded, but not used in a task, since its members are unknown."""
    for content in (b"PK\x03\x04 broken", "userId\nU2\n".encode("utf-16")):
        staging.create(60, "POST", f"{API}/file", **file_form(content))
        with pytest.raises(UnsafeRequestError, match=FOREIGN_RECORD_REASON):
            staging.session.post(f"{NOTICES}/3/task", json=PLAN_TASK | {"fileIds": [60]})


def test_a_plan_is_still_our_own_under_the_id_that_its_update_returns(staging: Staging) -> None:
    """An update may give it another one; the id of anything else stays foreign."""
    with pytest.raises(UnsafeRequestError, match=FOREIGN_RECORD_REASON):
        staging.session.delete(f"{NOTICES}/70")
    staging.create(70, "PUT", f"{NOTICES}/{IDS['plan']}", json=PLAN)
    staging.session.delete(f"{NOTICES}/70")
    staging.create(71, "PUT", f"{NOTICES}/group/{IDS['group']}", json={"name": "g"})
    with pytest.raises(UnsafeRequestError, match=FOREIGN_RECORD_REASON):
        staging.session.delete(f"{NOTICES}/group/71")


def test_a_week_ahead_is_by_the_time_of_the_server(staging: Staging) -> None:
    """A start that was far enough ahead no longer is once the clock has been advanced."""
    staging.next_json = {"now": "2026-11-25T09:00:01+08:00"}
    staging.session.post(f"{URL}/__admin/clock/advance", json={"seconds": 2})
    with pytest.raises(UnsafeRequestError, match=EARLY_START_REASON):
        staging.session.post(TASKS, json=TASK)


@pytest.mark.parametrize(
    ("date", "is_far"),
    [
        ("Wed, 25 Nov 2026 00:59:59 GMT", True),  # 08:59:59 in China
        ("Wed, 25 Nov 2026 01:00:01 GMT", False),
        ("Fri, 25 Nov 2033 01:00:01 GMT", True),
    ],
)
def test_the_later_of_clock_and_date_counts_unless_they_are_far_apart(
    staging: Staging, date: str, is_far: bool
) -> None:
    """The Date corrects a time in another zone, unless the server runs on a simulated clock."""
    staging.headers = {"Date": date}
    staging.session.get(TASKS)
    if is_far:
        staging.session.post(TASKS, json=TASK)
    else:
        with pytest.raises(UnsafeRequestError, match=EARLY_START_REASON):
            staging.session.post(TASKS, json=TASK)
