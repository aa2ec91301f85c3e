"""The shadow of a run: what it remembers, what it asks of an answer, and where it says nothing."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from contract_tests.contract.api_lookup import entry_of
from contract_tests.contract.operations import operations
from contract_tests.reporting.violation_titles import TITLES
from contract_tests.runner.tally import parameters_of
from contract_tests.workflows.filters import contains, fits
from contract_tests.workflows.model import Shadow
from contract_tests.workflows.model_checks import disagreements
from contract_tests.workflows.record_changes import content_of
from contract_tests.workflows.recorded_call import Seen

GROUP = {"id": 7, "name": "Spring", "createTime": "2025-04-21 09:00:00"}
PLAN = {"id": 9, "name": "Visit", "groupId": 7, "status": "DRAFT"}
TASK = {"id": 5, "name": "Batch", "status": "NOT_STARTED", "totalMember": 3}
NOTIFIED = {
    "taskName": "Gift",
    "taskType": "APPOINTMENT_REMINDER",
    "scheduledStartTime": "2025-04-21 15:00:00",
    "contents": [{"contentType": "TEXT", "contentValue": "Hello."}],
}
REQUEST = requests.Request("GET", "http://127.0.0.1/").prepare()


def seen(name: str, said: Any = None, *, status: int = 200, **how: Any) -> Seen:
    """A request and its answer: `path`, `query`, `body`, and what it `said`."""
    path, query, body = (how.get(each, {}) for each in ("path", "query", "body"))
    return Seen(name, entry_of(name), path, query, body, REQUEST, status, said, True)


def after(*steps: Seen, documented: bool = False) -> Shadow:
    """The shadow of these steps, none of which it disagrees with."""
    shadow = Shadow(documented=documented)
    for step in steps:
        assert not disagreements(shadow, step), step
        shadow.learn(step)
    return shadow


def titles(shadow: Shadow, step: Seen) -> list[str] | None:
    """What is wrong with an answer."""
    found = disagreements(shadow, step)
    return None if found is None else [TITLES[one.fault.kind] for one in found]


MADE = seen("createGroup", GROUP, body={"name": "Spring"})
PLANNED = seen(
    "createMarketingNotice",
    PLAN,
    body={"options": "DRAFT", "data": {"name": "Visit", "groupId": 7}},
)
BATCHED = seen("createMarketingNoticeTask", TASK, path={"id": 9}, body={"name": "Batch"})


def named(name: str) -> Seen:
    """A reading of the group, by this name."""
    return seen("getGroup", {**GROUP, "name": name}, path={"id": 7})


def page(*rows: dict[str, Any], total: int | None = None, **query: Any) -> Seen:
    """A page of the group list."""
    said = {"content": [*rows], "totalElements": len(rows) if total is None else total}
    return seen("listGroups", said, query=query)


DIFFERS = "Read-back differs from what was written"
MISSING = "Created resource missing from its list"
COUNTED = "Total does not match what was created"
FILTERED = "List contains records that its filters exclude"
THERE = "Deleted resource still available"


def test_what_others_made_is_not_judged() -> None:
    """It may be anything, at any time."""
    other = {**GROUP, "id": 1}
    shadow = after(seen("updateGroup", other, path={"id": 1}, body={"name": "Spring"}))
    assert titles(shadow, seen("getGroup", {**other, "name": "x"}, path={"id": 1})) is None
    assert titles(shadow, seen("getGroup", None, status=404, path={"id": 1})) is None


def test_a_refused_write_changes_nothing() -> None:
    """An accepted one does, and keeps the rest."""
    refused = seen("updateGroup", status=400, path={"id": 7}, body={"name": "Autumn"})
    shadow = after(MADE, refused)
    assert titles(shadow, named("Autumn")) == [DIFFERS]
    assert titles(shadow, named("Spring")) == []
    changed = seen("updateGroup", {**GROUP, "name": "Autumn"}, path={"id": 7}, body=refused.body)
    shadow = after(MADE, changed)
    assert titles(shadow, named("Autumn")) == []
    other = {**GROUP, "name": "Autumn", "createTime": "2025-04-22 09:00:00"}
    assert titles(shadow, seen("getGroup", other, path={"id": 7})) == [DIFFERS]
    assert titles(shadow, seen("getGroup", {"id": 7}, path={"id": 7})) == [DIFFERS]


@pytest.mark.parametrize("status", [0, 500, 503])
def test_a_write_that_failed_leaves_a_doubt(status: int) -> None:
    """It may have been done; what it was about is not judged any more, nor what is in it."""
    failed = seen("updateGroup", status=status, path={"id": 7}, body={"name": "x"})
    shadow = after(MADE, PLANNED, failed)
    assert titles(shadow, named("x")) is None
    assert titles(shadow, seen("getMarketingNotice", PLAN, path={"id": 9})) is None
    making = seen("createMarketingNotice", status=status, body={"data": {"groupId": 7}})
    row = {"groupId": 7, "groupName": "Spring", "plan": [PLAN, {**PLAN, "id": 10}]}
    listed = seen("listMarketingNotices", {"records": [row], "page": {"total": 1}})
    assert titles(after(MADE, PLANNED), listed) == [COUNTED]
    assert titles(after(MADE, making), listed) is None


def test_what_was_deleted_is_gone_and_what_was_in_it() -> None:
    """A plan takes its tasks along (MN-09), whoever made it."""
    gone = seen("deleteMarketingNotice", {}, path={"id": 9})
    for shadow in (after(MADE, PLANNED, BATCHED, gone), after(BATCHED, gone)):
        assert titles(shadow, seen("getMarketingNoticeTask", TASK, path={"taskId": 5})) == [THERE]
    assert titles(after(BATCHED), seen("getMarketingNoticeTask", TASK, path={"taskId": 5})) == []
    shadow = after(MADE, seen("deleteGroup", {}, path={"id": 7}))
    assert titles(shadow, seen("getGroup", None, status=404, path={"id": 7})) == []
    assert titles(shadow, page(GROUP)) == [THERE]
    assert titles(shadow, page()) == []


def test_a_list_has_what_passes_its_filters() -> None:
    """Where all of it is on the page, and the filters are beyond doubt."""
    shadow = after(MADE)
    assert titles(shadow, page(GROUP)) == []
    assert titles(shadow, page()) == [MISSING, COUNTED]
    assert titles(shadow, page(total=1)) == [MISSING]
    assert titles(shadow, page(total=30, current="1", size="10")) == []
    assert titles(shadow, page(total=1, current="0", size="10")) == [MISSING]
    assert titles(shadow, page({**GROUP, "id": 8}, total=2, current="0", size="1")) == []
    assert titles(shadow, page(ids="8,9")) == []
    assert titles(shadow, page(ids="8,7")) == [MISSING, COUNTED]
    assert titles(shadow, page(GROUP, ids="8")) == [FILTERED]
    assert titles(shadow, page(GROUP, keyWord="Autumn")) == [FILTERED]
    assert titles(shadow, page(keyWord="SPRING")) == []
    assert titles(shadow, page(unheard="of")) == []
    assert titles(shadow, page({**GROUP, "name": "x"})) == [DIFFERS]


def test_parts_are_counted_in_what_was_made_here() -> None:
    """Nobody else puts a plan into this group, a task into this plan, a member into this task."""
    shadow = after(MADE, PLANNED, BATCHED)
    tasks = {"content": [TASK, {**TASK, "id": 6}], "totalElements": 2}
    assert titles(shadow, seen("listMarketingNoticeTasks", tasks, path={"id": 9})) == [COUNTED]
    report = {"plannedNumberOfPeopl": 4}
    assert titles(shadow, seen("getMarketingNoticeReport", report, path={"id": 9})) == [COUNTED]
    members = {"content": [], "totalElements": 4}
    asked = {"taskId": 5}
    listed = seen("listMarketingNoticeTaskMembers", members, path=asked)
    assert titles(shadow, listed) == [COUNTED]
    filtered = seen("listMarketingNoticeTaskMembers", members, path=asked, query={"status": "x"})
    assert titles(shadow, filtered) == []


def test_states_are_those_that_a_write_leads_to() -> None:
    """By itself a task goes on; only who ends it has ended it, or ends its plan."""
    shadow = after(MADE, PLANNED, BATCHED)

    def task(status: str) -> Seen:
        return seen("getMarketingNoticeTask", {**TASK, "status": status}, path={"taskId": 5})

    assert titles(shadow, task("EXECUTION")) == []
    assert titles(shadow, task("TERMINATION")) == [DIFFERS]
    shadow.learn(seen("terminateMarketingNotice", {}, path={"id": 9}))
    assert titles(shadow, task("TERMINATION")) == []
    assert titles(shadow, task("EXECUTION")) == [DIFFERS]


def test_where_only_documents_count_less_is_asked() -> None:
    """Neither states nor counts nor what goes along; what was written is asked all the same."""
    ended = seen("terminateMarketingNotice", {}, path={"id": 9})
    shadow = after(MADE, PLANNED, ended, documented=True)
    plan = seen("getMarketingNotice", {**PLAN, "status": "EXECUTION"}, path={"id": 9})
    assert titles(shadow, plan) == []
    assert titles(shadow, page({**GROUP, "id": 8}, total=30)) == []
    tasks = {"content": [], "totalElements": 2}
    assert titles(shadow, seen("listMarketingNoticeTasks", tasks, path={"id": 9})) == []
    gone = seen("deleteMarketingNotice", {}, path={"id": 9})
    shadow = after(MADE, PLANNED, BATCHED, gone, documented=True)
    assert titles(shadow, seen("getMarketingNoticeTask", TASK, path={"taskId": 5})) is None
    assert titles(shadow, plan) == [THERE]
    assert titles(shadow, named("x")) == [DIFFERS]


def test_contents_are_told_in_either_spelling() -> None:
    """`contentType` and `contentValue`, or `type` and `value` (N1)."""
    created = seen("createNotificationTask", {"id": 4, "taskName": "Gift"}, body=NOTIFIED)
    shadow = after(created)
    task = NOTIFIED | {"id": 4, "status": "PENDING"}
    other = task | {"contents": [{"type": "TEXT", "value": "Hello."}]}
    wrong = task | {"contents": [{"type": "TEXT", "value": "Goodbye."}]}
    for said, expected in ((task, []), (other, []), (wrong, [DIFFERS])):
        assert titles(shadow, seen("getNotificationTask", said, path={"taskId": 4})) == expected


def test_scenes_are_those_of_their_plan() -> None:
    """Those that were created for it, until an update of it says which it has (MN-11)."""
    scene = {"id": 3, "name": "Gift?", "prompt": "Asks.", "sceneType": "CUSTOM"}
    created = seen("createScene", scene, body={"name": "Gift?", "prompt": "Asks.", "planId": 9})
    shadow = after(MADE, PLANNED, created)
    none = {"content": [], "totalElements": 0}
    asked = seen("listScenes", none, query={"planId": "9"})
    assert titles(shadow, asked) == [MISSING, COUNTED]
    assert titles(shadow, seen("listScenes", none, query={"planId": "8"})) == []
    shadow.learn(seen("updateMarketingNotice", PLAN, path={"id": 9}, body=PLANNED.body))
    assert titles(shadow, asked) == []
    listed = {"content": [scene], "totalElements": 1}
    assert titles(shadow, seen("listScenes", listed, query={"planId": "9"})) == [FILTERED]


def test_an_id_is_given_once() -> None:
    """And can be given again when what had it is gone."""
    assert titles(after(MADE), MADE) == ["Id was assigned twice"]
    assert titles(after(MADE, seen("deleteGroup", {}, path={"id": 7})), MADE) == []


def test_malformed_answers_tell_nothing() -> None:
    """That they are malformed others say."""
    shadow = after(MADE)
    empty, wrong = {"content": None}, {"content": [1, {"id": "x"}]}
    malformed: list[Any] = [None, [], "x", empty, wrong, {"id": True}]
    for said in malformed:
        for name in ("createGroup", "listMarketingNotices"):
            assert THERE not in (titles(shadow, seen(name, said)) or [])
    assert titles(shadow, seen("getGroup", None, path={"id": 7})) == []
    assert titles(shadow, seen("getGroup", {"id": "7"}, path={"id": 7})) == [DIFFERS]


def test_an_id_does_not_change() -> None:
    """A reading and a change answer the id that was asked for (GR-04, M22)."""
    shadow = after(MADE, PLANNED)
    assert titles(shadow, seen("getGroup", {**GROUP, "id": 8}, path={"id": 7})) == [DIFFERS]
    wrong = seen("updateGroup", {**GROUP, "id": 8}, path={"id": 7}, body={"name": "Spring"})
    assert titles(shadow, wrong) == [DIFFERS]
    other = {**PLAN, "id": 10}
    update = seen("updateMarketingNotice", other, path={"id": 9}, body=PLANNED.body)
    assert titles(shadow, update) == [DIFFERS]
    shadow = after(MADE, PLANNED, update, documented=True)
    assert titles(shadow, seen("getMarketingNotice", other, path={"id": 9})) is None


def test_alphabets_may_differ_on_case() -> None:
    """Then nobody says whether a name contains a word."""
    assert contains("Spring", "Spr") is True
    assert contains("Spring", "xyz") is False
    assert contains("Straße", "STRASSE") is None
    assert contains(None, "x") is None
    assert fits("listGroups", "group", {"id": 7, "name": "Spring"}, {"keyWord": ""}) is None


def test_what_a_form_has_uploaded_is_known() -> None:
    """The bytes of its one file; of two nobody knows which."""
    url = "http://127.0.0.1/api/v1/file"
    file = ("file", ("file", b"a\r\nb"))
    one = requests.Request("POST", url, files=[file], data={"moduleName": "x"}).prepare()
    two = requests.Request("POST", url, files=[file, file]).prepare()
    assert str(content_of(one)).startswith("4 bytes, SHA-256 ")
    assert content_of(two) is None
    assert content_of(REQUEST) is None
    assert [*parameters_of(operations()["uploadFile"], one)] == ["body/file", "body/moduleName"]


def test_parameters_are_those_that_were_sent() -> None:
    """Each once, of those that the contract declares; of a body the names at its root."""
    listing, renaming = operations()["listGroups"], operations()["updateGroup"]
    url = "http://127.0.0.1/group?size=1&size=2&keyWord=&x=1"
    sent = requests.Request("GET", url).prepare()
    assert [*parameters_of(listing, sent)] == ["query/keyWord", "query/size"]
    for body, names in ((b'{"name": 1, "x": 2}', ["body/name"]), (b"[1]", []), (b"\xff", [])):
        sent = requests.Request("PUT", "http://127.0.0.1/group/7", data=body).prepare()
        assert [*parameters_of(renaming, sent)] == [*names, "path/id"]
