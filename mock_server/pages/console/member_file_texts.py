"""Texts of the check of member files, in Chinese and English."""

from __future__ import annotations

from mock_server.pages.console.page import Texts

TEXTS: Texts = {
    "intro": (
        "查看一份会员名单用于新建任务时的结果：会员数、各列的用途、缺少的变量和全部错误。不会新建任务，也不会保存文件。",
        (
            "What the member list of a task would be: its members, the use of each column, missing "
            "variables and all errors. No task is created, and no file is stored."
        ),
    ),
    "from_here": ("检查本机的文件", "Check a file of this machine"),
    "from_mock": ("检查已上传的文件", "Check uploaded files"),
    "file": ("文件", "File"),
    "file_note": (
        ".xlsx、.xls、.csv 等，最大 16 MiB；不会保存到模拟服务。",
        ".xlsx, .xls, .csv and others, at most 16 MiB; it is not stored in the mock.",
    ),
    "file_ids": ("文件编号", "File IDs"),
    "file_ids_note": (
        "多个编号用逗号分隔，按顺序合并。",
        "Several IDs are separated by commas; the files are joined in order.",
    ),
    "kind": ("任务的种类", "Kind of task"),
    "notificationTasks": ("群通知任务", "Notification task"),
    "noticeTasks": ("计划任务", "Plan task"),
    "text": ("通知文本（可选）", "Text of the task (optional)"),
    "text_note": (
        "其中的 {{变量}} 在每位会员的行中都必须有值。仅用于群通知任务。",
        "Each member needs a value for every {{variable}} in it. For notification tasks only.",
    ),
    "variables": ("其他变量（可选）", "Other variables (optional)"),
    "variables_note": ("用逗号分隔", "Separated by commas"),
    "check_it": ("检查", "Check"),
    "result": ("结果", "Result"),
    "would_pass": ("可以使用，共 {} 位会员。", "The list is accepted: {} members."),
    "would_pass_one": ("可以使用，共 1 位会员。", "The list is accepted: 1 member."),
    "would_fail": ("不能使用，共 {} 处错误。", "The list is refused: {} errors."),
    "would_fail_one": ("不能使用，有 1 处错误。", "The list is refused: 1 error."),
    "some_shown": ("以下列出其中 {} 处。", "{} of them are listed."),
    "missing": ("缺少变量的列：", "Variables without a column: "),
    "errors": ("错误", "Errors"),
    "error_place": ("位置", "Place"),
    "place_row": ("第 {} 行", "row {}"),
    "message": ("说明", "What to do"),
    "columns_of": ("{} 的列", "Columns of {}"),
    "sheet_and_rows": ("工作表“{}”，{} 行。", "Sheet “{}”, {} rows."),
    "only_rows": ("{} 行。", "{} rows."),
    "column": ("列", "Column"),
    "header": ("列名", "Title"),
    "use": ("用途", "Use"),
    "use_variable": ("变量 {}", "variable {}"),
    "use_unused": ("未使用；可作为变量", "not used; could be a variable"),
    "no_columns": ("无法读取列。", "The columns could not be read."),
    "sample": ("前 {} 行", "The first {} rows"),
}
