"""Faults in what is accepted."""

from __future__ import annotations

from tests.mutants.mutant import CodeEdit, ContractEdit, Mutant, WireEdit, make_mutant
from tests.mutants.wire import add_query_default

TASK_PROPERTIES = ("components", "schemas", "NotificationTaskInput", "properties")
CONTENT_PROPERTIES = ("components", "schemas", "NotificationContentInput", "properties")
DYNAMIC_PARAMETERS = ("components", "schemas", "NotificationTaskMember", "additionalProperties")
MODULE_PROPERTY = ("components", "schemas", "FileUploadInput", "properties", "moduleName")
MUTANTS: tuple[Mutant, ...] = (
    make_mutant(
        "validation/name-of-121",
        "A task name may have 121 characters.",
        "NT-01",
        ContractEdit((*TASK_PROPERTIES, "taskName", "maxLength"), 121),
    ),
    make_mutant(
        "validation/no-contents",
        "A notification task without contents is created.",
        "NT-02",
        ContractEdit((*TASK_PROPERTIES, "contents", "minItems")),
    ),
    make_mutant(
        "validation/content-of-1025",
        "A content may have 1025 characters.",
        "NT-03",
        ContractEdit((*CONTENT_PROPERTIES, "contentValue", "maxLength"), 1025),
    ),
    make_mutant(
        "validation/members-and-files",
        "Members and member files may be given together; the files are not read.",
        "NT-04",
        CodeEdit(
            "domain/notification_contents.py",
            'if bool(body.get("members")) != bool(body.get("fileIds")):',
            'if body.get("members") or body.get("fileIds"):',
        ),
    ),
    make_mutant(
        "validation/number-as-parameter",
        "A member's dynamic parameter may be a number, and stays one.",
        "NT-06",
        # With some readings, the schema has the rule, and numbers become texts.
        ContractEdit(DYNAMIC_PARAMETERS, {}),
        CodeEdit(
            "domain/notification_contents.py",
            "not isinstance(value, str) and",
            "not isinstance(value, str | int | float) and",
        ),
    ),
    make_mutant(
        "validation/variable-missing",
        "A variable of a text that a member does not give stays in its message.",
        "NT-07",
        CodeEdit(
            "domain/notification_contents.py",
            "if is_blank(row.get(name)):",
            "if name in row and is_blank(row[name]):",
        ),
    ),
    make_mutant(
        "validation/variable-blank",
        "A variable of a text may have a blank value.",
        "NT-07",
        CodeEdit(
            "domain/notification_contents.py",
            "if is_blank(row.get(name)):",
            "if name not in row:",
        ),
    ),
    make_mutant(
        "validation/member-twice",
        "A member may be in the request's own list twice.",
        "NT-30",
        CodeEdit("domain/notification_contents.py", "index)) != index:", "index)) > index:"),
    ),
    make_mutant(
        "validation/empty-list-refused",
        "An empty list beside the list that is used is refused.",
        "NT-23",
        CodeEdit(
            "domain/notification_contents.py",
            'if bool(body.get("members")) != bool(body.get("fileIds")):',
            'if ("members" in body) != ("fileIds" in body):',
        ),
    ),
    make_mutant(
        "validation/release-ends-before-start",
        "A plan can be released with an end before its start.",
        "MN-23",
        CodeEdit("domain/notices.py", "if bounds.opens <= bounds.closes:", "if bounds.opens:"),
    ),
    make_mutant(
        "validation/module-with-dash",
        "moduleName may have dashes.",
        "FI-03",
        ContractEdit((*MODULE_PROPERTY, "pattern"), "^[A-Za-z0-9_-]+$"),
    ),
    make_mutant(
        "validation/empty-file",
        "A file without bytes can be uploaded.",
        "FI-02",
        CodeEdit("domain/files.py", "if not content:", "if content is None:"),
    ),
    make_mutant(
        "validation/no-task-type",
        "The task list without taskType is the one of appointments.",
        "NT-12",
        WireEdit(add_query_default("listNotificationTasks", "taskType", "APPOINTMENT_REMINDER")),
    ),
    make_mutant(
        "validation/unknown-group",
        "A plan can be created in a group that does not exist.",
        "MN-02",
        CodeEdit(
            "domain/notices.py",
            '*unknown_id_violations(groups, [("/body/data/groupId", data["groupId"])], "MN-02"),',
            "",
        ),
    ),
)
