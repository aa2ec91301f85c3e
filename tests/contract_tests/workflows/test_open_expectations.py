"""The model expects nothing that an open question decides, unless the answer is demanded."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.contract.strictness import CURATED
from contract_tests.workflows.record_changes import RecordKey
from contract_tests.workflows.recorded_call import RecordedCall
from contract_tests.workflows.reference_substitution import rename_path, rename_references
from tests.contract_tests.workflows.test_model_checks import (
    COUNTED,
    DIFFERS,
    FILTERED,
    GROUP_CREATED,
    MISSING,
    PLAN,
    PLAN_CREATED,
    TASK_CREATED,
    make_call,
    model_after,
    titles_of,
)

TASK = {"id": 5, "taskName": "a", "scheduledEndTime": "2025-04-21 19:00:00", "status": "PENDING"}
TASK_MADE = make_call("createNotificationTask", TASK, body={"taskName": "a"})
SCENE = {"id": 4, "name": "a", "externalId": "E-1"}
SCENE_MADE = make_call("createScene", SCENE, body={"name": "a", "externalId": "E-1"})
UNBOUND = make_call("unbindSceneExternalId", {**SCENE, "externalId": ""}, path={"id": 4})
FILE = {"id": 3, "fileName": "a"}
UPLOADED = make_call("uploadFile", FILE, body={"content": "3 bytes, SHA-256 abc"})
OTHER_FILE = make_call("uploadFile", FILE, body={"content": "3 bytes, SHA-256 def"})
UPDATED = make_call(
    "updateMarketingNotice",
    {**PLAN, "id": 10},
    path={"id": 9},
    body={"options": "DRAFT", "data": {"name": "Visit", "groupId": 7}},
)
GROUP_GONE = make_call("deleteGroup", {}, path={"id": 7})
NO_GROUPS = make_call("listMarketingNotices", {"records": [], "page": {"total": 0}})
PENDING_TASK_CHANGED = make_call(
    "getNotificationTask", {**TASK, "scheduledEndTime": "x"}, path={"taskId": 5}
)
ID_TWICE = "Id was assigned twice"


def ended_task(end: str) -> RecordedCall:
    """Return a read of the task after its end."""
    said = {**TASK, "status": "COMPLETED", "scheduledEndTime": end}
    return make_call("getNotificationTask", said, path={"taskId": 5})


def scenes(*rows: dict[str, Any], **query: str) -> RecordedCall:
    """Return the list of scenes."""
    return make_call("listScenes", {"content": [*rows], "totalElements": len(rows)}, query=query)


@pytest.mark.parametrize(
    ("made", "seen", "reading", "assumed", "title"),
    [
        ([TASK_MADE], ended_task("2025-04-21 18:30:00"), "end-time-adjusted", "kept", DIFFERS),
        ([SCENE_MADE], UNBOUND, "external-id-after-unbinding", "null", DIFFERS),
        ([UPLOADED], UPLOADED, "same-file-twice", "new-id", ID_TWICE),
        ([GROUP_CREATED, PLAN_CREATED], UPDATED, "plan-id-after-update", "kept", DIFFERS),
        (
            [SCENE_MADE],
            scenes(SCENE, externalId="P-1"),
            "scene-filter-external-id",
            "scene",
            FILTERED,
        ),
        (
            [GROUP_CREATED, PLAN_CREATED, GROUP_GONE],
            NO_GROUPS,
            "group-with-plans",
            "refused",
            "Created resource missing from its list",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_an_open_question_is_not_expected_to_have_one_answer(
    made: list[RecordedCall], seen: RecordedCall, reading: str, assumed: str, title: str
) -> None:
    """The same response is a violation if another answer is demanded."""
    assert not titles_of(model_after(*made), seen)
    demanding = model_after(*made, strictness=CURATED.demanding({reading: assumed}))
    assert title in (titles_of(demanding, seen) or [])


def test_a_plan_is_followed_to_the_id_that_its_update_has_given_it() -> None:
    """The old id is as one that was deleted, and its tasks belong to the new one (M22)."""
    model = model_after(GROUP_CREATED, PLAN_CREATED, TASK_CREATED, UPDATED)
    assert model.renamed == {("plan", 9): ("plan", 10)}
    assert model.is_known_deleted(("plan", 9))
    assert not titles_of(model, make_call("getMarketingNotice", status=404, path={"id": 9}))
    [task] = model.existing_records("task")
    assert task.within == ("plan", 10)
    listed = make_call(
        "listMarketingNoticeTasks", {"content": [], "totalElements": 0}, path={"id": 10}
    )
    assert titles_of(model, listed) == [MISSING, COUNTED]


def test_requests_name_a_plan_by_its_latest_id() -> None:
    """In the path and in the body; ids of other records stay."""
    renamed: dict[RecordKey, RecordKey] = {("plan", 9): ("plan", 10), ("plan", 10): ("plan", 11)}
    assert rename_path("getMarketingNotice", {"id": 9}, renamed) == {"id": 11}
    assert rename_path("getMarketingNotice", {"id": "10"}, renamed) == {"id": 11}
    assert rename_path("getGroup", {"id": 9}, renamed) == {"id": 9}
    assert rename_path("listGroups", {}, renamed) == {}
    body = {"planId": 9, "groupId": 9, "data": {"planId": 8, "sceneIds": [9]}}
    assert rename_references(body, renamed) == {**body, "planId": 11}


@pytest.mark.parametrize(
    ("made", "seen"),
    [
        ([TASK_MADE], PENDING_TASK_CHANGED),
        ([UPLOADED], OTHER_FILE),
        ([SCENE_MADE], make_call("getScene", {**SCENE, "externalId": ""}, path={"id": 4})),
    ],
)
def test_what_no_answer_allows_is_a_mismatch(made: list[RecordedCall], seen: RecordedCall) -> None:
    """The end of a pending task, one id for two files, and an id that nobody unbound."""
    assert titles_of(model_after(*made), seen)
