"""A document whose records do not fit together is refused with the place and the reason."""

from __future__ import annotations

import pytest

from tests.mock_server.sessions.document_changes import (
    Change,
    change_at,
    check_refusal,
    repeat_first,
    without,
)

REFUSED: dict[str, tuple[Change, str, str]] = {
    "a repeated id": (repeat_first("groups"), "/groups/3/id", "CP-27"),
    "a repeated member": (repeat_first("members"), "/members/24/id", "CP-27"),
    "an id that is still to come": (change_at("/groups/0/id", 900), "/groups/0/id", "CP-27"),
    "a record of the future": (
        change_at("/groups/0/updated", "2025-04-21 09:00:01"),
        "/groups/0/updated",
        "CP-27",
    ),
    "a record from before all data": (
        change_at("/groups/0/created", "1900-01-01 00:00:00"),
        "/groups/0/created",
        "CP-27",
    ),
    "a missing system scene": (without("/scenes/0"), "/scenes", "CP-27"),
    "a plan of no group": (change_at("/notices/0/groupId", 999), "/notices/0/groupId", "CP-27"),
    "a plan without phases": (change_at("/notices/0/phases", []), "/notices/0/phases", "CP-27"),
    "a plan with an unknown status": (
        change_at("/notices/0/phases/0/status", "NEW"),
        "/notices/0/phases/0/status",
        "CP-27",
    ),
    "scenes in the wrong order": (
        lambda document: document["notices"][0]["sceneSets"].reverse(),
        "/notices/0/sceneSets/1/since",
        "CP-27",
    ),
    "an unknown scene": (
        change_at("/notices/0/sceneSets/0/ids", [999]),
        "/notices/0/sceneSets/0/ids/0",
        "CP-27",
    ),
    "two plans with the same first id": (
        change_at("/notices/1/firstId", 301),
        "/notices",
        "CP-27",
    ),
    "a task of no plan": (
        change_at("/noticeTasks/0/noticeId", 999),
        "/noticeTasks/0/noticeId",
        "CP-27",
    ),
    "a task of an unknown member": (
        change_at("/noticeTasks/0/members", [9]),
        "/noticeTasks/0/members/0",
        "CP-27",
    ),
    "a window without an end": (
        change_at("/noticeTasks/0/window", {"opens": 5, "closes": 5}),
        "/noticeTasks/0/window",
        "CP-27",
    ),
    "a pause of the future": (
        change_at(
            "/noticeTasks/0/pauses",
            [{"since": "2025-04-21 08:00:00", "until": "2025-04-21 10:00:00", "planRan": True}],
        ),
        "/noticeTasks/0/pauses/0",
        "CP-27",
    ),
    "an outcome of no row": (
        change_at("/noticeTasks/0/outcomes", {"99": "IGNORE"}),
        "/noticeTasks/0/outcomes/99",
        "CP-27",
    ),
    "an unknown outcome": (
        change_at("/notificationTasks/0/outcomes", {"0": {"status": "LOST"}}),
        "/notificationTasks/0/outcomes/0",
        "CP-27",
    ),
    "a task for nobody": (
        change_at("/notificationTasks/0/recipients", []),
        "/notificationTasks/0/recipients",
        "CP-27",
    ),
    "a size that is not that of the members": (
        change_at("/notificationTasks/0/sentSize", 9),
        "/notificationTasks/0/sentSize",
        "CP-27",
    ),
    "another signature than that of the content": (
        change_at("/files/0/signature", "0" * 64),
        "/files/0/signature",
        "CP-27",
    ),
}


@pytest.mark.parametrize(("change", "pointer", "rule"), REFUSED.values(), ids=REFUSED)
def test_a_document_whose_records_do_not_fit_together_is_refused_at_its_place(
    change: Change, pointer: str, rule: str
) -> None:
    """CP-27: the first violation names the place."""
    check_refusal(change, pointer, rule)
