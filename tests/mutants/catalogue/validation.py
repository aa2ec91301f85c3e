"""Faults in what is accepted."""

from __future__ import annotations

from tests.mutants.mutant import Clause, Code, Mutant, Wire, mutant
from tests.mutants.wire import supplies

TASK = ("components", "schemas", "NotificationTaskInput", "properties")
CONTENT = ("components", "schemas", "NotificationContentInput", "properties")
MODULE = ("components", "schemas", "FileUploadInput", "properties", "moduleName")
MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "validation/name-of-121",
        "A task name may have 121 characters.",
        "NT-01",
        Clause((*TASK, "taskName", "maxLength"), 121),
    ),
    mutant(
        "validation/no-contents",
        "A notification task without contents is created.",
        "NT-02",
        Clause((*TASK, "contents", "minItems")),
    ),
    mutant(
        "validation/content-of-1025",
        "A content may have 1025 characters.",
        "NT-03",
        Clause((*CONTENT, "contentValue", "maxLength"), 1025),
    ),
    mutant(
        "validation/members-and-files",
        "Members and member files may be given together; the files are not read.",
        "NT-04",
        Code(
            "domain/notification_contents.py",
            'if ("members" in body) != ("fileIds" in body):',
            'if "members" in body or "fileIds" in body:',
        ),
    ),
    mutant(
        "validation/number-as-parameter",
        "A member's dynamic parameter may be a number.",
        "NT-06",
        Code(
            "domain/notification_contents.py",
            "not isinstance(value, str) and",
            "not isinstance(value, str | int | float) and",
        ),
    ),
    mutant(
        "validation/variable-missing",
        "A variable of a text that a member does not give stays in its message.",
        "NT-07",
        Code(
            "domain/notification_contents.py",
            "if name not in row:",
            "if name not in row and not name:",
        ),
    ),
    mutant(
        "validation/module-with-dash",
        "moduleName may have dashes.",
        "FI-03",
        Clause((*MODULE, "pattern"), "^[A-Za-z0-9_-]+$"),
    ),
    mutant(
        "validation/empty-file",
        "A file without bytes can be uploaded.",
        "FI-02",
        Code("domain/files.py", "if not content:", "if content is None:"),
    ),
    mutant(
        "validation/no-task-type",
        "The task list without taskType is the one of appointments.",
        "NT-12",
        Wire(supplies("listNotificationTasks", "taskType", "APPOINTMENT_REMINDER")),
    ),
    mutant(
        "validation/unknown-group",
        "A plan can be created in a group that does not exist.",
        "MN-02",
        Code(
            "domain/notices.py",
            '*unknown_ids(groups, [("/body/data/groupId", data["groupId"])], "MN-02"),',
            "",
        ),
    ),
)
