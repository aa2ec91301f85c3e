"""Changes of the contract that break nobody."""

from __future__ import annotations

from openapi.changes.change import NEITHER
from openapi.pointer import resolve_pointer
from tests.openapi.changes.seeded_changes import (
    GROUPS,
    SCHEMAS,
    TASKS,
    JsonObject,
    SeededChange,
    appending,
    merging,
)


def _move_to_component(contract: JsonObject) -> None:
    content = resolve_pointer(contract, f"{SCHEMAS}/MarketingNoticeGroupInput/properties")
    contract["components"]["schemas"]["GroupName"] = content["name"]
    content["name"] = {"$ref": "#/components/schemas/GroupName"}


def _reorder(contract: JsonObject) -> None:
    contract["paths"] = dict(reversed(contract["paths"].items()))
    contract["components"]["schemas"]["NotificationTaskInput"]["required"].reverse()
    members = contract["components"]["schemas"]["NotificationTaskMember"]
    members["properties"] = dict(reversed(members["properties"].items()))


def _add_operation(contract: JsonObject) -> None:
    operation = {**resolve_pointer(contract, f"{GROUPS}/get"), "operationId": "countGroups"}
    contract["paths"]["/api/v1/marketing-notice/group/count"] = {"get": operation}


HARMLESS = (
    SeededChange("an operation is added", _add_operation, NEITHER, "minor", "countGroups"),
    SeededChange(
        "an optional parameter is added",
        appending(
            f"{TASKS}/get/parameters",
            {"name": "keyword", "in": "query", "schema": {"type": "string"}},
        ),
        NEITHER,
        "minor",
        "listNotificationTasks",
    ),
    SeededChange(
        "an optional field is added to a request",
        lambda contract: contract["components"]["schemas"]["NotificationTaskInput"][
            "properties"
        ].update(remark={"type": "string"}),
        NEITHER,
        "minor",
        "/components/schemas/NotificationTaskInput/properties/remark",
    ),
    SeededChange(
        "an optional field is added to a response",
        lambda contract: contract["components"]["schemas"]["UploadedFile"]["properties"].update(
            mediaType={"type": "string"}
        ),
        NEITHER,
        "minor",
        "/components/schemas/UploadedFile/properties/mediaType",
    ),
    SeededChange(
        "the maximum length of a field in requests becomes larger",
        merging(f"{SCHEMAS}/NotificationTaskInput/properties/taskName", maxLength=200),
        NEITHER,
        "minor",
        "createNotificationTask",
    ),
    SeededChange(
        "a value is added to an enum in requests",
        appending(f"{SCHEMAS}/GroupSortField/enum", "updateTime"),
        NEITHER,
        "minor",
        "listGroups",
    ),
    SeededChange(
        "a status of an error is added",
        lambda contract: resolve_pointer(contract, f"{GROUPS}/post/responses").update(
            {"409": {"description": "名称重复。"}}
        ),
        NEITHER,
        "minor",
        "createGroup",
    ),
    SeededChange(
        "a schema is moved to a component of its own",
        _move_to_component,
        NEITHER,
        "minor",
        "/components/schemas/GroupName",
    ),
    SeededChange(
        "descriptions, summaries and examples are edited",
        lambda contract: (
            contract["info"].update(description="改过的说明。"),
            resolve_pointer(contract, f"{GROUPS}/post").update(summary="新建一个分组"),
            merging(f"{SCHEMAS}/UploadedFile/properties/fileName", example="名单.csv")(contract),
        )[0],
        NEITHER,
        "patch",
        "/info/description",
    ),
    SeededChange(
        "paths, fields and names of required fields stand in another order",
        _reorder,
        NEITHER,
        "none",
        "",
    ),
    SeededChange(
        "the default style of a parameter is written out",
        merging(f"{TASKS}/get/parameters/1", style="form", explode=True, allowReserved=False),
        NEITHER,
        "none",
        "",
    ),
    SeededChange(
        "an operation is marked as deprecated",
        merging(f"{GROUPS}/get", deprecated=True),
        NEITHER,
        "minor",
        "listGroups",
    ),
    SeededChange(
        "the sentence of a rule is put in other words",
        lambda contract: contract["x-rules"]["AU-03"].update(
            zh="登录邮箱与密码必须匹配。", en="Login email address and password must match."
        ),
        NEITHER,
        "patch",
        "/x-rules/AU-03",
    ),
)
"""Changes that break nobody; the comparison must not call any of them breaking."""
