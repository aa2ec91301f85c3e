"""The model of a run: what it stores, what it expects, and where it is silent."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from contract_tests.contract.api_lookup import operation_effects
from contract_tests.contract.strictness import CURATED, DOCUMENTED, Strictness
from contract_tests.reporting.violation_titles import TITLES
from contract_tests.workflows.model import ServerModel
from contract_tests.workflows.model_checks import find_mismatches
from contract_tests.workflows.recorded_call import RecordedCall

GROUP = {"id": 7, "name": "Spring", "createTime": "2025-04-21 09:00:00"}
PLAN = {"id": 9, "name": "Visit", "groupId": 7, "status": "DRAFT"}
TASK = {"id": 5, "name": "Batch", "status": "NOT_STARTED", "totalMember": 3}
NOTIFICATION_BODY = {
    "taskName": "Gift",
    "taskType": "APPOINTMENT_REMINDER",
    "scheduledStartTime": "2025-04-21 15:00:00",
    "contents": [{"contentType": "TEXT", "contentValue": "Hello."}],
}
REQUEST = requests.Request("GET", "http://127.0.0.1/").prepare()


def make_call(name: str, said: Any = None, *, status: int = 200, **how: Any) -> RecordedCall:
    """Return a call with `path`, `query` and `body`, and its response."""
    path, query, body = (how.get(each, {}) for each in ("path", "query", "body"))
    return RecordedCall(
        name, operation_effects(name), path, query, body, REQUEST, status, said, True
    )


def model_after(*steps: RecordedCall, strictness: Strictness = CURATED) -> ServerModel:
    """Return the model after these steps, none of which it objects to."""
    model = ServerModel(strictness)
    for step in steps:
        assert not find_mismatches(model, step), step
        model.apply_call(step)
    return model


def titles_of(model: ServerModel, step: RecordedCall) -> list[str] | None:
    """Return the titles of the mismatches in a response."""
    found = find_mismatches(model, step)
    return None if found is None else [TITLES[one.finding.kind] for one in found]


GROUP_CREATED = make_call("createGroup", GROUP, body={"name": "Spring"})
PLAN_CREATED = make_call(
    "createMarketingNotice",
    PLAN,
    body={"options": "DRAFT", "data": {"name": "Visit", "groupId": 7}},
)
TASK_CREATED = make_call("createMarketingNoticeTask", TASK, path={"id": 9}, body={"name": "Batch"})


def read_group(name: str) -> RecordedCall:
    """Return a read of the group with this name."""
    return make_call("getGroup", {**GROUP, "name": name}, path={"id": 7})


def group_page(*rows: dict[str, Any], total: int | None = None, **query: Any) -> RecordedCall:
    """Return a page of the group list."""
    said = {"content": [*rows], "totalElements": len(rows) if total is None else total}
    return make_call("listGroups", said, query=query)


DIFFERS = "Read-back differs from what was written"
MISSING = "Created resource missing from its list"
COUNTED = "Total does not match what was created"
FILTERED = "List contains records that its filters exclude"
NOT_DELETED = "Deleted resource still available"
STILL_LISTED = "Deleted resource still listed"


def test_what_others_made_is_not_judged() -> None:
    """Records of others may be in any state."""
    other = {**GROUP, "id": 1}
    model = model_after(make_call("updateGroup", other, path={"id": 1}, body={"name": "Spring"}))
    assert titles_of(model, make_call("getGroup", {**other, "name": "x"}, path={"id": 1})) is None
    assert titles_of(model, make_call("getGroup", None, status=404, path={"id": 1})) is None


def test_a_refused_write_changes_nothing() -> None:
    """A refused write changes nothing, an accepted one only its own fields."""
    refused = make_call("updateGroup", status=400, path={"id": 7}, body={"name": "Autumn"})
    model = model_after(GROUP_CREATED, refused)
    assert titles_of(model, read_group("Autumn")) == [DIFFERS]
    assert titles_of(model, read_group("Spring")) == []
    changed = make_call(
        "updateGroup", {**GROUP, "name": "Autumn"}, path={"id": 7}, body=refused.body
    )
    model = model_after(GROUP_CREATED, changed)
    assert titles_of(model, read_group("Autumn")) == []
    other = {**GROUP, "name": "Autumn", "createTime": "2025-04-22 09:00:00"}
    assert titles_of(model, make_call("getGroup", other, path={"id": 7})) == [DIFFERS]
    assert titles_of(model, make_call("getGroup", {"id": 7}, path={"id": 7})) == [DIFFERS]


@pytest.mark.parametrize("status", [0, 500, 503])
def test_a_write_that_failed_leaves_a_doubt(status: int) -> None:
    """A failed write may have been carried out; its records are no longer judged."""
    failed = make_call("updateGroup", status=status, path={"id": 7}, body={"name": "x"})
    model = model_after(GROUP_CREATED, PLAN_CREATED, failed)
    assert titles_of(model, read_group("x")) is None
    assert titles_of(model, make_call("getMarketingNotice", PLAN, path={"id": 9})) is None
    making = make_call("createMarketingNotice", status=status, body={"data": {"groupId": 7}})
    row = {"groupId": 7, "groupName": "Spring", "plan": [PLAN, {**PLAN, "id": 10}]}
    listed = make_call("listMarketingNotices", {"records": [row], "page": {"total": 1}})
    assert titles_of(model_after(GROUP_CREATED, PLAN_CREATED), listed) == [COUNTED]
    assert titles_of(model_after(GROUP_CREATED, making), listed) is None


def test_what_was_deleted_is_gone_and_what_was_in_it() -> None:
    """Deleting a plan deletes its tasks (MN-09), whoever created it."""
    gone = make_call("deleteMarketingNotice", {}, path={"id": 9})
    for model in (
        model_after(GROUP_CREATED, PLAN_CREATED, TASK_CREATED, gone),
        model_after(TASK_CREATED, gone),
    ):
        assert titles_of(model, make_call("getMarketingNoticeTask", TASK, path={"taskId": 5})) == [
            NOT_DELETED
        ]
    assert (
        titles_of(
            model_after(TASK_CREATED), make_call("getMarketingNoticeTask", TASK, path={"taskId": 5})
        )
        == []
    )
    model = model_after(GROUP_CREATED, make_call("deleteGroup", {}, path={"id": 7}))
    assert titles_of(model, make_call("getGroup", None, status=404, path={"id": 7})) == []
    assert titles_of(model, group_page(GROUP)) == [STILL_LISTED]
    assert titles_of(model, group_page()) == []


def test_a_list_has_what_passes_its_filters() -> None:
    """Only complete pages are judged, and only filters whose effect is certain."""
    model = model_after(GROUP_CREATED)
    assert titles_of(model, group_page(GROUP)) == []
    assert titles_of(model, group_page()) == [MISSING, COUNTED]
    assert titles_of(model, group_page(total=1)) == [MISSING]
    assert titles_of(model, group_page(total=30, current="1", size="10")) == []
    assert titles_of(model, group_page(total=1, current="0", size="10")) == [MISSING]
    assert titles_of(model, group_page({**GROUP, "id": 8}, total=2, current="0", size="1")) == []
    assert titles_of(model, group_page(ids="8,9")) == []
    assert titles_of(model, group_page(ids="8,7")) == [MISSING, COUNTED]
    assert titles_of(model, group_page(GROUP, ids="8")) == [FILTERED]
    assert titles_of(model, group_page(GROUP, keyWord="Autumn")) == [FILTERED]
    assert titles_of(model, group_page(keyWord="SPRING")) == []
    assert titles_of(model, group_page(unheard="of")) == []
    assert titles_of(model, group_page({**GROUP, "name": "x"})) == [DIFFERS]


def test_parts_are_counted_in_what_was_made_here() -> None:
    """The run has created group, plan and task, so nobody else can have added any."""
    model = model_after(GROUP_CREATED, PLAN_CREATED, TASK_CREATED)
    tasks = {"content": [TASK, {**TASK, "id": 6}], "totalElements": 2}
    assert titles_of(model, make_call("listMarketingNoticeTasks", tasks, path={"id": 9})) == [
        COUNTED
    ]
    report = {"plannedNumberOfPeopl": 4}
    assert titles_of(model, make_call("getMarketingNoticeReport", report, path={"id": 9})) == [
        COUNTED
    ]
    members = {"content": [], "totalElements": 4}
    asked = {"taskId": 5}
    listed = make_call("listMarketingNoticeTaskMembers", members, path=asked)
    assert titles_of(model, listed) == [COUNTED]
    filtered = make_call(
        "listMarketingNoticeTaskMembers", members, path=asked, query={"status": "x"}
    )
    assert titles_of(model, filtered) == []


def test_states_are_those_that_a_write_leads_to() -> None:
    """A task may progress by itself, but only a write ends it or its plan."""
    model = model_after(GROUP_CREATED, PLAN_CREATED, TASK_CREATED)

    def task(status: str) -> RecordedCall:
        return make_call("getMarketingNoticeTask", {**TASK, "status": status}, path={"taskId": 5})

    assert titles_of(model, task("EXECUTION")) == []
    assert titles_of(model, task("TERMINATION")) == [DIFFERS]
    model.apply_call(make_call("terminateMarketingNotice", {}, path={"id": 9}))
    assert titles_of(model, task("TERMINATION")) == []
    assert titles_of(model, task("EXECUTION")) == [DIFFERS]


def test_where_only_documents_count_less_is_asked() -> None:
    """Statuses, counts and cascades are not expected; written fields are."""
    ended = make_call("terminateMarketingNotice", {}, path={"id": 9})
    model = model_after(GROUP_CREATED, PLAN_CREATED, ended, strictness=DOCUMENTED)
    plan = make_call("getMarketingNotice", {**PLAN, "status": "EXECUTION"}, path={"id": 9})
    assert titles_of(model, plan) == []
    assert titles_of(model, group_page({**GROUP, "id": 8}, total=30)) == []
    tasks = {"content": [], "totalElements": 2}
    assert titles_of(model, make_call("listMarketingNoticeTasks", tasks, path={"id": 9})) == []
    gone = make_call("deleteMarketingNotice", {}, path={"id": 9})
    model = model_after(GROUP_CREATED, PLAN_CREATED, TASK_CREATED, gone, strictness=DOCUMENTED)
    assert titles_of(model, make_call("getMarketingNoticeTask", TASK, path={"taskId": 5})) is None
    assert titles_of(model, plan) == [NOT_DELETED]
    assert titles_of(model, read_group("x")) == [DIFFERS]


def test_contents_are_told_in_either_spelling() -> None:
    """Both `contentType` and `contentValue`, and `type` and `value`, are accepted (N1)."""
    created = make_call(
        "createNotificationTask", {"id": 4, "taskName": "Gift"}, body=NOTIFICATION_BODY
    )
    model = model_after(created)
    task = NOTIFICATION_BODY | {"id": 4, "status": "PENDING"}
    other = task | {"contents": [{"type": "TEXT", "value": "Hello."}]}
    wrong = task | {"contents": [{"type": "TEXT", "value": "Goodbye."}]}
    for said, expected in ((task, []), (other, []), (wrong, [DIFFERS])):
        assert (
            titles_of(model, make_call("getNotificationTask", said, path={"taskId": 4})) == expected
        )


def test_scenes_are_those_of_their_plan() -> None:
    """A plan has the scenes created for it, until an update names others (MN-11)."""
    scene = {"id": 3, "name": "Gift?", "prompt": "Asks.", "sceneType": "CUSTOM"}
    created = make_call(
        "createScene", scene, body={"name": "Gift?", "prompt": "Asks.", "planId": 9}
    )
    model = model_after(GROUP_CREATED, PLAN_CREATED, created)
    none = {"content": [], "totalElements": 0}
    asked = make_call("listScenes", none, query={"planId": "9"})
    assert titles_of(model, asked) == [MISSING, COUNTED]
    assert titles_of(model, make_call("listScenes", none, query={"planId": "8"})) == []
    model.apply_call(
        make_call("updateMarketingNotice", PLAN, path={"id": 9}, body=PLAN_CREATED.body)
    )
    assert titles_of(model, asked) == []
    listed = {"content": [scene], "totalElements": 1}
    assert titles_of(model, make_call("listScenes", listed, query={"planId": "9"})) == [FILTERED]


def test_an_id_is_given_once() -> None:
    """An id may be assigned again once its record is gone."""
    assert titles_of(model_after(GROUP_CREATED), GROUP_CREATED) == ["Id was assigned twice"]
    assert (
        titles_of(
            model_after(GROUP_CREATED, make_call("deleteGroup", {}, path={"id": 7})), GROUP_CREATED
        )
        == []
    )


def test_malformed_answers_tell_nothing() -> None:
    """Malformed responses are left to other checks."""
    model = model_after(GROUP_CREATED)
    empty, wrong = {"content": None}, {"content": [1, {"id": "x"}]}
    malformed: list[Any] = [None, [], "x", empty, wrong, {"id": True}]
    for said in malformed:
        for name in ("createGroup", "listMarketingNotices"):
            assert NOT_DELETED not in (titles_of(model, make_call(name, said)) or [])
    assert titles_of(model, make_call("getGroup", None, path={"id": 7})) == []
    assert titles_of(model, make_call("getGroup", {"id": "7"}, path={"id": 7})) == [DIFFERS]


def test_an_id_does_not_change() -> None:
    """A read and an update return the id that was requested (GR-04, M22)."""
    model = model_after(GROUP_CREATED, PLAN_CREATED)
    assert titles_of(model, make_call("getGroup", {**GROUP, "id": 8}, path={"id": 7})) == [DIFFERS]
    wrong = make_call("updateGroup", {**GROUP, "id": 8}, path={"id": 7}, body={"name": "Spring"})
    assert titles_of(model, wrong) == [DIFFERS]
    other = {**PLAN, "id": 10}
    update = make_call("updateMarketingNotice", other, path={"id": 9}, body=PLAN_CREATED.body)
    kept = CURATED.demanding({"plan-id-after-update": "kept"})
    assert titles_of(model_after(GROUP_CREATED, PLAN_CREATED, strictness=kept), update) == [DIFFERS]
    model = model_after(GROUP_CREATED, PLAN_CREATED, update, strictness=DOCUMENTED)
    assert titles_of(model, make_call("getMarketingNotice", other, path={"id": 9})) is None
