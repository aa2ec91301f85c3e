"""The model of the API: the effects of each operation, in one table.

It holds only facts that the contract cannot state. Methods, paths and their ids, parameters and the
fields of bodies and responses come from the contract, through `api_lookup.py`. Operations of a tag
are listed in an order in which all of them succeed, one after another, on one record.
"""

from __future__ import annotations

from collections.abc import Mapping

from contract_tests.contract.api_entry import (
    UNPREDICTABLE_FILTER,
    OperationEffects,
    RecordKind,
    RowGrouping,
    Statuses,
)

NEW_NOTIFICATION_STATUSES: Statuses = frozenset({"PENDING", "EXECUTING", "COMPLETED"})
ENABLED_TASK_STATUSES: Statuses = frozenset({"NOT_STARTED", "EXECUTION", "COMPLETE", "IGNORE"})
TERMINATED_TASK_STATUSES: Statuses = frozenset({"TERMINATING", "TERMINATION"})
TASK_STATUSES_AFTER_PLAN = TERMINATED_TASK_STATUSES | {"COMPLETE", "IGNORE"}
"""Possible statuses of a task after its plan was terminated; an ended task keeps its own."""
DRAFT_PLAN_STATUSES: Statuses = frozenset({"DRAFT", "COMPLETE"})
RELEASED_PLAN_STATUSES: Statuses = frozenset({"EXECUTION", "COMPLETE"})
PLAN_STATUSES_BY_OPTIONS = {"DRAFT": DRAFT_PLAN_STATUSES, "RELEASE": RELEASED_PLAN_STATUSES}

BY_TIME = frozenset(
    {
        ("PENDING", "EXECUTING"),
        ("PENDING", "COMPLETED"),
        ("EXECUTING", "COMPLETED"),
        ("NOT_STARTED", "EXECUTION"),
        ("NOT_STARTED", "IGNORE"),
        ("EXECUTION", "COMPLETE"),
        ("TERMINATING", "TERMINATION"),
    }
)
"""Statuses of tasks and plans that follow each other while time passes, without a request."""

REFERENCE_FIELDS: Mapping[str, RecordKind] = {
    "groupId": "group",
    "planId": "plan",
    "sceneId": "scene",
    "sceneIds": "scene",
    "fileIds": "file",
}
"""Fields of bodies that refer to an existing record, and its kind."""

# Cleanup, the safety policy, the workflow model and the link tour read this table. With a table of
# their own each, a new operation was a write to one of them and unknown to another.
API_MODEL: Mapping[str, OperationEffects] = {
    # auth: a token is no record, so issuing one leaves nothing to clean up
    "createToken": OperationEffects(),
    # notification-tasks
    "createNotificationTask": OperationEffects(
        creates="notification",
        status=NEW_NOTIFICATION_STATUSES,
        reaches_people=True,
        starts_at="scheduledStartTime",
        undone_by=("terminateNotificationTask",),
        stays="terminated notification task",
    ),
    "getNotificationTask": OperationEffects(
        shows="notification",
        counts={"totalMembers": "statistics/totalMembers"},
        readings=("content-names",),
    ),
    "listNotificationTasks": OperationEffects(
        lists="notification",
        filters={
            "taskType": ("equals", "notification.taskType"),
            # A status follows the clock, which may move on between the list and the read.
            "status": UNPREDICTABLE_FILTER,
            "startTime": ("from", "notification.scheduledStartTime"),
            "endTime": ("until", "notification.scheduledStartTime"),
        },
        always_paged=True,
    ),
    "listNotificationTaskExecutions": OperationEffects(
        concerns="notification",
        counts={"totalMembers": "page/total"},
        always_paged=True,
        readings=("executions-envelope", "execution-success-word", "null-order"),
    ),
    "terminateNotificationTask": OperationEffects(
        acts_on="notification",
        status=frozenset({"TERMINATED"}),
        readings=("termination-reason",),
    ),
    # files
    # The API has no operation that deletes a file, a scene or a notification task.
    "uploadFile": OperationEffects(creates="file", stays="file"),
    "getFile": OperationEffects(shows="file"),
    # notice-groups
    "createGroup": OperationEffects(creates="group", undone_by=("deleteGroup",)),
    "getGroup": OperationEffects(shows="group"),
    "listGroups": OperationEffects(
        lists="group",
        filters={"keyWord": ("contains", "group.name"), "ids": ("among", "group.id")},
    ),
    "updateGroup": OperationEffects(changes="group"),
    "deleteGroup": OperationEffects(deletes="group"),
    # notice-scenes
    "createScene": OperationEffects(creates="scene", stays="scene"),
    "getScene": OperationEffects(shows="scene"),
    "listScenes": OperationEffects(
        lists="scene",
        filters={
            "keyWord": ("contains", "scene.name"),
            "externalId": ("equals", "scene.externalId"),
            "planId": ("of", "plan.sceneIds"),
        },
    ),
    "updateScene": OperationEffects(changes="scene"),
    "unbindSceneExternalId": OperationEffects(
        changes="scene", sets={"externalId": None}, readings=("external-id-after-unbinding",)
    ),
    # notices
    "createMarketingNotice": OperationEffects(
        creates="plan",
        status_by_options=PLAN_STATUSES_BY_OPTIONS,
        reaches_people=True,
        releases=True,
        # A running plan cannot be deleted (MN-08).
        undone_by=("terminateMarketingNotice", "deleteMarketingNotice"),
    ),
    "getMarketingNotice": OperationEffects(shows="plan"),
    "listMarketingNotices": OperationEffects(
        lists="plan",
        filters={
            "keyWord": ("contains", "plan.name"),
            "groupIds": ("among", "group.id", "plan.groupId"),
            "status": UNPREDICTABLE_FILTER,
        },
        grouped=RowGrouping("group", {"id": "groupId", "name": "groupName"}, "plan"),
    ),
    "updateMarketingNotice": OperationEffects(
        replaces="plan",
        status_by_options=PLAN_STATUSES_BY_OPTIONS,
        reaches_people=True,
        releases=True,
        readings=("plan-id-after-update",),
    ),
    "terminateMarketingNotice": OperationEffects(
        acts_on="plan",
        status=frozenset({"TERMINATION", "COMPLETE"}),
        ends={"task": TASK_STATUSES_AFTER_PLAN},
    ),
    "enableMarketingNotice": OperationEffects(
        acts_on="plan", status=RELEASED_PLAN_STATUSES, reaches_people=True, releases=True
    ),
    "getMarketingNoticeReport": OperationEffects(
        concerns="plan", counts={"memberNumber": "plannedNumberOfPeopl"}, readings=("rates",)
    ),
    "deleteMarketingNotice": OperationEffects(deletes="plan", ends={"task": frozenset()}),
    # notice-tasks
    "getMemberTemplate": OperationEffects(readings=("member-template",)),
    "createMarketingNoticeTask": OperationEffects(
        creates="task",
        within="plan",
        status=ENABLED_TASK_STATUSES,
        reformats=("startTime",),  # M26
        reaches_people=True,
        starts_at="startTime",
        # It is deleted with its plan (MN-09); until then it must reach nobody.
        undone_by=("terminateMarketingNoticeTask",),
    ),
    "listMarketingNoticeTasks": OperationEffects(
        lists="task",
        within="plan",
        counts={"taskCount": "totalElements"},
        filters={"keyWord": ("contains", "task.name")},
    ),
    "getMarketingNoticeTaskSchema": OperationEffects(concerns="plan"),
    "getMarketingNoticeTask": OperationEffects(shows="task"),
    "listMarketingNoticeTaskMembers": OperationEffects(
        concerns="task", counts={"totalMember": "totalElements"}
    ),
    "getMarketingNoticeTaskReport": OperationEffects(
        concerns="task", counts={"totalMember": "plannedNumberOfPeopl"}, readings=("rates",)
    ),
    "terminateMarketingNoticeTask": OperationEffects(
        acts_on="task", status=TERMINATED_TASK_STATUSES
    ),
    "enableMarketingNoticeTask": OperationEffects(
        acts_on="task", status=ENABLED_TASK_STATUSES, reaches_people=True
    ),
    # members
    "listMemberDailyReports": OperationEffects(
        concerns="member", readings=("daily-reports-order",)
    ),
}
"""An entry for each operation of the contract, by its operationId."""
