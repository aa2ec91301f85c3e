"""Changes of the contract that break a reader."""

from __future__ import annotations

from openapi.changes.change import BOTH, CLIENT, SERVER
from openapi.pointer import resolve_pointer
from tests.openapi.changes.seeded_changes import (
    GROUPS,
    SCHEMAS,
    TASKS,
    JsonObject,
    SeededChange,
    appending,
    merging,
    removing,
    renaming,
)


def _rename_enum_values(contract: JsonObject) -> None:
    contract["components"]["schemas"]["SceneType"]["x-enum-varnames"] = ["BUILT_IN", "OWN"]


BREAKING = (
    SeededChange(
        "a required field is added to a request",
        appending(f"{SCHEMAS}/NotificationTaskInput/required", "scheduledEndTime"),
        BOTH,
        "major",
        "/components/schemas/NotificationTaskInput",
    ),
    SeededChange(
        "a value of an enum in requests and responses is removed",
        removing(f"{SCHEMAS}/NotificationTaskType/enum", "CUSTOMER_RESOURCE_REMINDER"),
        BOTH,
        "major",
        "createNotificationTask",
    ),
    SeededChange(
        "a value is added to an enum in responses",
        appending(f"{SCHEMAS}/ConversationalTaskStatus/enum", "PAUSED"),
        CLIENT,
        "major",
        "getMarketingNoticeTask",
    ),
    SeededChange(
        "the maximum length of a field in requests becomes smaller",
        merging(f"{SCHEMAS}/NotificationTaskInput/properties/taskName", maxLength=60),
        BOTH,
        "major",
        "/components/schemas/NotificationTaskInput/properties/taskName",
    ),
    SeededChange(
        "the type of a field in responses becomes wider",
        merging(f"{SCHEMAS}/UploadedFile/properties/fileSize", type="number", format=None),
        CLIENT,
        "major",
        "uploadFile",
    ),
    SeededChange(
        "the format of a field in responses goes from int32 to int64",
        merging(f"{SCHEMAS}/TokenResponse/properties/expires_in", format="int64"),
        CLIENT,
        "major",
        "createToken",
    ),
    SeededChange(
        "the pattern of a field in requests changes",
        merging(
            f"{SCHEMAS}/NotificationTaskInput/properties/scheduledStartTime",
            pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$",
        ),
        BOTH,
        "major",
        "createNotificationTask",
    ),
    SeededChange(
        "a field of responses is removed",
        removing(f"{SCHEMAS}/UploadedFile/properties", "createTime"),
        CLIENT,
        "major",
        "/components/schemas/UploadedFile/properties/createTime",
    ),
    SeededChange(
        "a required field of responses becomes optional",
        removing(f"{SCHEMAS}/UploadedFile/required", "signature"),
        CLIENT,
        "major",
        "uploadFile",
    ),
    SeededChange(
        "a field of responses becomes nullable",
        merging(f"{SCHEMAS}/UploadedFile/properties/fileName", nullable=True),
        CLIENT,
        "major",
        "/components/schemas/UploadedFile/properties/fileName",
    ),
    SeededChange(
        "a field of responses becomes required",
        appending(f"{SCHEMAS}/TokenResponse/required", "scope"),
        SERVER,
        "major",
        "createToken",
    ),
    SeededChange(
        "an operation is removed",
        removing(f"{GROUPS}~1{{id}}", "delete"),
        CLIENT,
        "major",
        "deleteGroup",
    ),
    SeededChange(
        "a parameter is removed",
        lambda contract: resolve_pointer(contract, f"{TASKS}/get/parameters").pop(1),
        CLIENT,
        "major",
        "listNotificationTasks",
    ),
    SeededChange(
        "an optional parameter becomes required",
        merging(f"{TASKS}/get/parameters/1", required=True),
        BOTH,
        "major",
        "listNotificationTasks",
    ),
    SeededChange(
        "the status of a success changes",
        renaming(f"{TASKS}/post/responses", "200", "201"),
        BOTH,
        "major",
        "createNotificationTask",
    ),
    SeededChange(
        "the media type of a request is replaced",
        renaming(
            f"{TASKS}/post/requestBody/content",
            "application/json",
            "application/x-www-form-urlencoded",
        ),
        BOTH,
        "major",
        "createNotificationTask",
    ),
    SeededChange(
        "an operation that needed no token needs one",
        merging("/paths/~1api~1v1~1file~1{id}/get", security=None),
        BOTH,
        "major",
        "getFile",
    ),
    SeededChange(
        "a path is renamed",
        renaming("/paths", "/api/v1/file/{id}", "/api/v1/files/{id}"),
        BOTH,
        "major",
        "getFile",
    ),
    SeededChange(
        "an operationId is renamed",
        merging(f"{GROUPS}/post", operationId="addGroup"),
        CLIENT,
        "major",
        "addGroup",
    ),
    SeededChange(
        "the default of a parameter changes",
        merging(f"{TASKS}~1{{taskId}}~1executions/get/parameters/1/schema", default=50),
        BOTH,
        "major",
        "listNotificationTaskExecutions",
    ),
    SeededChange(
        "a server is replaced",
        lambda contract: contract["servers"][0].update(url="https://{tenant}.example.com"),
        CLIENT,
        "major",
        "/servers",
    ),
    SeededChange(
        "an operation is moved to another server",
        removing("/paths/~1oauth~1token", "servers"),
        CLIENT,
        "major",
        "createToken",
    ),
    SeededChange(
        "a value of an enum has another name in generated clients",
        _rename_enum_values,
        CLIENT,
        "major",
        "/components/schemas/SceneType/x-enum-varnames",
    ),
    SeededChange(
        "values of an enum lose their names in generated clients",
        removing(f"{SCHEMAS}/SceneType", "x-enum-varnames"),
        CLIENT,
        "major",
        "/components/schemas/SceneType/x-enum-varnames",
    ),
    SeededChange(
        "a rule that refuses requests is added",
        lambda contract: contract["x-rules"].update(
            {
                "GR-99": {
                    "kind": "refusal",
                    "zh": "分组名称不得重复。",
                    "en": "The name of a group must be unique.",
                    "operations": ["createGroup"],
                }
            }
        ),
        BOTH,
        "major",
        "/x-rules/GR-99",
    ),
    SeededChange(
        "a number in the sentence of a rule changes",
        lambda contract: contract["x-rules"]["NT-01"].update(
            {
                language: contract["x-rules"]["NT-01"][language].replace("120", "60")
                for language in ("zh", "en")
            }
        ),
        BOTH,
        "major",
        "/x-rules/NT-01",
    ),
    SeededChange(
        "a promise is withdrawn",
        lambda contract: contract["x-rules"].pop("AU-06"),
        CLIENT,
        "major",
        "/x-rules/AU-06",
    ),
    SeededChange(
        "the default answer to an open question changes",
        lambda contract: contract["x-questions"]["empty-names"].update(default="accepted"),
        BOTH,
        "major",
        "/x-questions/empty-names",
    ),
)
"""Changes that break a reader, each of which the comparison has to find."""
