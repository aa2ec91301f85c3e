"""The model of the API: what each operation does, in one table.

Only what the contract cannot say stands here. Methods, paths and their ids, parameters and the
fields of bodies and answers are the contract's; `api_lookup.py` finds in it what the rest needs.
Within a tag, operations stand in an order in which all succeed, one after another, on one record.
"""

from __future__ import annotations

from collections.abc import Mapping

from contract_tests.contract.api_entry import UNJUDGED, Entry, Grouping, Kind, Statuses

NOTIFIED: Statuses = frozenset({"PENDING", "EXECUTING", "COMPLETED"})
RUNNING: Statuses = frozenset({"NOT_STARTED", "EXECUTION", "COMPLETE", "IGNORE"})
ENDED: Statuses = frozenset({"TERMINATING", "TERMINATION"})
ENDED_WITH_PLAN = ENDED | {"COMPLETE", "IGNORE"}
"""Possible statuses of a task after its plan was terminated; an ended task keeps its own."""
DRAFTED: Statuses = frozenset({"DRAFT", "COMPLETE"})
RELEASED: Statuses = frozenset({"EXECUTION", "COMPLETE"})
BY_OPTIONS = {"DRAFT": DRAFTED, "RELEASE": RELEASED}

REFERENCES: Mapping[str, Kind] = {
    "groupId": "group",
    "planId": "plan",
    "sceneId": "scene",
    "sceneIds": "scene",
    "fileIds": "file",
}
"""Fields of bodies that name a record that is there already, and its kind."""

MODEL: Mapping[str, Entry] = {
    # auth: a token is no record
    "createToken": Entry(),
    # notification-tasks
    "createNotificationTask": Entry(
        creates="notification",
        status=NOTIFIED,
        reaches_people=True,
        starts_at="scheduledStartTime",
        undone_by=("terminateNotificationTask",),
        stays="terminated notification task",
    ),
    "getNotificationTask": Entry(
        shows="notification", counts={"totalMembers": "statistics/totalMembers"}
    ),
    "listNotificationTasks": Entry(
        lists="notification",
        filters={
            "taskType": ("equals", "notification.taskType"),
            "status": UNJUDGED,
            "startTime": ("from", "notification.scheduledStartTime"),
            "endTime": ("until", "notification.scheduledStartTime"),
        },
        always_paged=True,
    ),
    "listNotificationTaskExecutions": Entry(
        concerns="notification", counts={"totalMembers": "page/total"}
    ),
    "terminateNotificationTask": Entry(acts_on="notification", status=frozenset({"TERMINATED"})),
    # files
    "uploadFile": Entry(creates="file", stays="file"),
    "getFile": Entry(shows="file"),
    # notice-groups
    "createGroup": Entry(creates="group", undone_by=("deleteGroup",)),
    "getGroup": Entry(shows="group"),
    "listGroups": Entry(
        lists="group",
        filters={"keyWord": ("contains", "group.name"), "ids": ("among", "group.id")},
    ),
    "updateGroup": Entry(changes="group"),
    "deleteGroup": Entry(deletes="group"),
    # notice-scenes
    "createScene": Entry(creates="scene", stays="scene"),
    "getScene": Entry(shows="scene"),
    "listScenes": Entry(
        lists="scene",
        filters={
            "keyWord": ("contains", "scene.name"),
            "externalId": ("equals", "scene.externalId"),
            "planId": ("of", "plan.sceneIds"),
        },
    ),
    "updateScene": Entry(changes="scene"),
    "unbindSceneExternalId": Entry(changes="scene", sets={"externalId": None}),
    # notices
    "createMarketingNotice": Entry(
        creates="plan",
        status_by_options=BY_OPTIONS,
        reaches_people=True,
        releases=True,
        undone_by=("terminateMarketingNotice", "deleteMarketingNotice"),
    ),
    "getMarketingNotice": Entry(shows="plan"),
    "listMarketingNotices": Entry(
        lists="plan",
        filters={
            "keyWord": ("contains", "plan.name"),
            "groupIds": ("among", "group.id", "plan.groupId"),
            "status": UNJUDGED,
        },
        grouped=Grouping("group", {"id": "groupId", "name": "groupName"}, "plan"),
    ),
    "updateMarketingNotice": Entry(
        replaces="plan", status_by_options=BY_OPTIONS, reaches_people=True, releases=True
    ),
    "terminateMarketingNotice": Entry(
        acts_on="plan",
        status=frozenset({"TERMINATION", "COMPLETE"}),
        ends={"task": ENDED_WITH_PLAN},
    ),
    "enableMarketingNotice": Entry(
        acts_on="plan", status=RELEASED, reaches_people=True, releases=True
    ),
    "getMarketingNoticeReport": Entry(
        concerns="plan", counts={"memberNumber": "plannedNumberOfPeopl"}
    ),
    "deleteMarketingNotice": Entry(deletes="plan", ends={"task": frozenset()}),
    # notice-tasks
    "getMemberTemplate": Entry(),
    "createMarketingNoticeTask": Entry(
        creates="task",
        within="plan",
        status=RUNNING,
        reformats=("startTime",),  # M26
        reaches_people=True,
        starts_at="startTime",
        undone_by=("terminateMarketingNoticeTask",),
    ),
    "listMarketingNoticeTasks": Entry(
        lists="task",
        within="plan",
        counts={"taskCount": "totalElements"},
        filters={"keyWord": ("contains", "task.name")},
    ),
    "getMarketingNoticeTaskSchema": Entry(concerns="plan"),
    "getMarketingNoticeTask": Entry(shows="task"),
    "listMarketingNoticeTaskMembers": Entry(
        concerns="task", counts={"totalMember": "totalElements"}
    ),
    "getMarketingNoticeTaskReport": Entry(
        concerns="task", counts={"totalMember": "plannedNumberOfPeopl"}
    ),
    "terminateMarketingNoticeTask": Entry(acts_on="task", status=ENDED),
    "enableMarketingNoticeTask": Entry(acts_on="task", status=RUNNING, reaches_people=True),
    # members
    "listMemberDailyReports": Entry(concerns="member"),
}
"""An entry for each operation of the contract, by its operationId."""
