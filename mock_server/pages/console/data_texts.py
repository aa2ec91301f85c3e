"""Texts of the data browser, in Chinese and English."""

from __future__ import annotations

from mock_server.pages.console.page import Texts

KIND_TEXTS: Texts = {
    "groups": ("分组", "Groups"),
    "notices": ("计划", "Plans"),
    "noticeTasks": ("计划任务", "Plan tasks"),
    "scenes": ("场景", "Scenes"),
    "notificationTasks": ("群通知任务", "Notification tasks"),
    "members": ("会员", "Members"),
    "files": ("文件", "Files"),
}
"""Names of the kinds of records."""

RECORD_TEXTS: Texts = {
    "groups": ("分组", "Group"),
    "notices": ("计划", "Plan"),
    "noticeTasks": ("计划任务", "Plan task"),
    "scenes": ("场景", "Scene"),
    "notificationTasks": ("群通知任务", "Notification task"),
    "members": ("会员", "Member"),
    "files": ("文件", "File"),
}
"""Names of one record of each kind."""

TEXTS: Texts = {
    "id": ("编号", "Id"),
    "name": ("名称", "Name"),
    "status": ("状态", "Status"),
    "type": ("类型", "Type"),
    "starts": ("开始时间", "Starts"),
    "members": ("会员数", "Members"),
    "tasks": ("任务数", "Tasks"),
    "bytes": ("字节数", "Bytes"),
    "userId": ("userId", "userId"),
    "ciq": ("ciq", "ciq"),
    "created": ("创建时间", "Created"),
    "kinds": ("记录的种类", "Kinds of records"),
    "search": ("名称或编号", "Name or id"),
    "any_status": ("全部状态", "Any status"),
    "filter": ("筛选", "Filter"),
    "all_records": ("清除筛选", "Clear filters"),
    "none_found": ("没有符合条件的记录。", "No record meets the criteria."),
    "no_records": ("没有这类记录。", "There are no records of this kind."),
    "range": ("第 {} 至 {} 条，共 {} 条", "{} to {} of {}"),
    "pages_of_list": ("分页", "Pages of the list"),
    "previous": ("上一页", "Previous"),
    "next": ("下一页", "Next"),
    "page_of": ("第 {} / {} 页", "Page {} of {}"),
    "only_of": ("只显示属于它的记录：", "Only records that belong to"),
    "related": ("相关记录", "Related records"),
    "over_time": ("状态随时间的变化", "Status over time"),
    "over_time_note": (
        "假设没有人再修改这条记录。时间为中国标准时间。",
        "This assumes that the record is not changed. Times are in China Standard Time.",
    ),
    "now_here": ("现在", "now"),
    "advance_here": ("把时钟推进到这里", "Advance the clock to here"),
    "clock_advanced": ("时钟已前进到 {}。", "The clock is now at {}."),
    "json": ("JSON", "JSON"),
    "json_of": ("API 的 {} 返回的内容", "As returned by {} of the API"),
    "json_stored": (
        "API 只在列表中显示这类记录；这里是保存的内容。",
        "The API shows records of this kind in lists only; this is what is stored.",
    ),
    "json_large": (
        "内容超过 512 KiB，请直接调用 API 查看。",
        "The record is larger than 512 KiB. Call the API to see it.",
    ),
    "rows_of": ("API 的 {} 返回的列表", "The list returned by {} of the API"),
    "no_rows": ("列表是空的。", "The list is empty."),
    "download": ("下载文件", "Download the file"),
    "check_members": ("作为会员名单检查", "Check it as a member list"),
}
