"""Sentences of mistakes in a member file as such, by code, in Chinese and English (N5).

A sentence says what is wrong in the file and what to do. Names in braces are fields of the error
(`sheet`, `row`, `column`, `header`, `value`), or words that only the sentence has (`name`, `other`,
`limit`). A code with `+other` has the sentence for a mistake with that word.
"""

from __future__ import annotations

FILE_SENTENCES = {
    "file-unknown": (
        "没有编号为 {value} 的文件；请先上传文件，再使用响应中的 id。",
        (
            "There is no file with the ID {value}; upload the file first and use the id of the "
            "response."
        ),
    ),
    "file-repeated": (
        "同一个文件在 fileIds 中只能出现一次；请删除重复的编号。",
        "A file may be listed only once in fileIds; remove the repeated ID.",
    ),
    "file-password": (
        "文件设有打开密码；请在 Excel 或 WPS 中取消密码，重新保存后再上传。",
        (
            "The file is protected by a password; remove the password, save the file and upload it "
            "again."
        ),
    ),
    "file-truncated": (
        "文件不完整，末尾的内容缺失；请重新导出并完整上传。",
        "The end of the file is missing; export the file again and upload all of it.",
    ),
    "file-damaged": (
        "工作簿已损坏；请在 Excel 或 WPS 中打开，另存为 .xlsx 后再上传。",
        (
            "The workbook is damaged; open it in a spreadsheet program, save it as .xlsx and "
            "upload that."
        ),
    ),
    "format-xls-old": (
        "文件是 Excel 95 或更早的格式；请另存为 .xlsx 后再上传。",
        "The file has the format of Excel 95 or earlier; save it as .xlsx and upload that.",
    ),
    "format-xlsb": (
        "不支持二进制工作簿（.xlsb）；请另存为 .xlsx 后再上传。",
        "Binary workbooks (.xlsb) are not supported; save the file as .xlsx and upload that.",
    ),
    "format-numbers": (
        "不支持 Apple Numbers 文件；请导出为 .xlsx 后再上传。",
        "Files of Apple Numbers are not supported; export the file as .xlsx and upload that.",
    ),
    "format-html": (
        "文件的内容是网页（HTML），不是工作簿；请在 Excel 或 WPS 中打开，另存为 .xlsx 后再上传。",
        (
            "The file contains a web page (HTML), not a workbook; open it in a spreadsheet "
            "program, save it as .xlsx and upload that."
        ),
    ),
    "format-xml": (
        "文件的内容是 XML 表格，不是工作簿；请在 Excel 或 WPS 中打开，另存为 .xlsx 后再上传。",
        (
            "The file contains an XML table, not a workbook; open it in a spreadsheet program, "
            "save it as .xlsx and upload that."
        ),
    ),
    "format-json": (
        "文件的内容是 JSON，不是表格；请转换为 .xlsx 或 .csv 后再上传。",
        "The file contains JSON, not a table; convert it to .xlsx or .csv and upload that.",
    ),
    "format-pdf": (
        "文件是 PDF，不是表格；请上传名单的 .xlsx 或 .csv 文件。",
        "The file is a PDF, not a table; upload the list as .xlsx or .csv.",
    ),
    "format-image": (
        "文件是图片，不是表格；请上传名单的 .xlsx 或 .csv 文件。",
        "The file is an image, not a table; upload the list as .xlsx or .csv.",
    ),
    "format-document": (
        "文件是文档或演示文稿，不是表格；请将名单保存为 .xlsx 或 .csv 后再上传。",
        (
            "The file is a document or a presentation, not a table; save the list as .xlsx or .csv "
            "and upload that."
        ),
    ),
    "format-archive": (
        "文件是压缩包；请解压后上传其中的名单文件。",
        "The file is an archive; unpack it and upload the list in it.",
    ),
    "format-unknown": (
        "无法识别文件的格式；请将名单保存为 .xlsx 或 .csv 后再上传。",
        "The format of the file is not known; save the list as .xlsx or .csv and upload that.",
    ),
    "separator-mixed": (
        (
            "首行中有多种分隔符（{value}），无法确定用哪一种分列；请只用一种分隔符，含有分隔符的列"
            "名用英文双引号括起来。"
        ),
        (
            "The first row contains several separators ({value}); use only one, and put column "
            "names that contain one in double quotes."
        ),
    ),
    "separator-wrong": (
        "首行用 {value} 分列；请改用英文逗号、英文分号或制表符。",
        "The columns of the first row are separated by {value}; use a comma, a semicolon or a tab.",
    ),
    "encoding-unreadable": (
        (
            "第 {row} 行的字节（{value}）无法解码；请将文件保存为 UTF-8、UTF-16 或 GB18030（GBK）编"
            "码后再上传。"
        ),
        (
            "The bytes in row {row} ({value}) cannot be decoded; save the file as UTF-8, UTF-16 or "
            "GB18030 (GBK) and upload it again."
        ),
    ),
    "quote-unclosed": (
        "从第 {row} 行开始的英文双引号没有结束；请补上结束的双引号，值中的双引号写成两个。",
        (
            "A double quote that begins in row {row} has no end; add the closing quote, and double "
            "the quotes within values."
        ),
    ),
    "quote-misplaced": (
        "第 {row} 行中，结束的双引号之后还有其他字符；请将值中的双引号写成两个。",
        "In row {row}, characters follow a closing double quote; double the quotes within values.",
    ),
    "rows-too-many": (
        "一个任务最多 {limit} 位会员，第 {row} 行已超出；请拆分为多个任务。",
        (
            "A task may have at most {limit} members, and row {row} exceeds this; split the list "
            "into several tasks."
        ),
    ),
    "columns-too-many": (
        "表格有 {value} 列，最多 {limit} 列；请删除不用的列。",
        (
            "The table has {value} columns, and at most {limit} are allowed; delete those that are "
            "not used."
        ),
    ),
    "cells-too-many": (
        (
            "表格一直延伸到 {other}，共 {value} 个单元格，最多 {limit} 个；请删除表格以外的内容和格"
            "式。"
        ),
        (
            "The table extends to {other} and has {value} cells, and at most {limit} are allowed; "
            "delete contents and formats outside of the list."
        ),
    ),
    "unpacked-too-large": (
        "文件解压后有 {value} 字节，最多 {limit} 字节；请删除图片和多余的工作表，或拆分名单。",
        (
            "The file has {value} bytes when unpacked, and at most {limit} are allowed; delete "
            "images and other sheets, or split the list."
        ),
    ),
    "reading-limit": (
        "读取文件所需的内存或时间超过上限（{limit}）；请删除多余的内容，或拆分名单。",
        (
            "Reading the file takes too much memory or time ({limit}); delete what is not needed, "
            "or split the list."
        ),
    ),
}
"""Mistakes of a file as a whole."""
SHEET_SENTENCES = {
    "workbook-without-sheet": (
        "工作簿中没有可见的工作表；请取消隐藏名单所在的工作表。",
        "The workbook has no visible worksheet; unhide the sheet with the list.",
    ),
    "sheet-damaged": (
        "工作表“{sheet}”已损坏；请在 Excel 或 WPS 中打开文件，另存为 .xlsx 后再上传。",
        (
            "The sheet “{sheet}” is damaged; open the file in a spreadsheet program, save it as "
            ".xlsx and upload that."
        ),
    ),
    "sheet-empty": (
        "表格中没有内容；请在首行填写列名，从第 2 行起填写会员。",
        (
            "The table is empty; enter the column names in the first row, and the members from row "
            "2 on."
        ),
    ),
    "sheet-empty+other": (
        (
            "第一个可见的工作表“{sheet}”没有内容，只读取这个工作表；如果名单在其他工作表（{other}）"
            "中，请将其移到最前面。"
        ),
        (
            "The first visible sheet, “{sheet}”, is empty, and only that one is read; if the list "
            "is in another sheet ({other}), move it to the front."
        ),
    ),
    "sheet-not-first": (
        "第一个可见的工作表“{sheet}”不是名单，“{other}”像是名单；请将“{other}”移到最前面。",
        (
            "The first visible sheet, “{sheet}”, is not a list, but “{other}” looks like one; move "
            "“{other}” to the front."
        ),
    ),
    "header-only": (
        "只有列名，没有会员；请从第 2 行起填写会员。",
        "The table has column names but no members; add the members from row 2 on.",
    ),
    "row-too-long": (
        (
            "第 {row} 行的值比列名多（{column}{row}：{value}）；"
            "含有分隔符的值请用英文双引号括起来，或删除多余的值。"
        ),
        (
            "Row {row} has more values than there are column names ({column}{row}: {value}); put "
            "values that contain the separator in double quotes, or delete what is too many."
        ),
    ),
    "header-not-first": (
        "首行不是列名，第 {row} 行像是列名；请删除第 {row} 行以上的各行。",
        (
            "The first row does not have the column names; row {row} looks like the header. Delete "
            "the rows above it."
        ),
    ),
    "header-missing": (
        (
            "首行是会员的数据（{value}），没有列名；请在最上方插入一行列名，如 memberId、userId、"
            "ciq、nickname。"
        ),
        (
            "The first row contains data ({value}) instead of column names; insert a row of column "
            "names at the top, such as memberId, userId, ciq, nickname."
        ),
    ),
    "header-duplicate": (
        "列名“{header}”在 {other} 和 {column}1 中重复；请删除或改名其中一列。",
        (
            "The column name “{header}” occurs in {other} and in {column}1; delete or rename one "
            "of the two columns."
        ),
    ),
    "header-empty": (
        "{column} 列有值（如 {column}{row}：{value}），但没有列名；请填写列名，或删除该列。",
        (
            "Column {column} has values (such as {column}{row}: {value}) but no name; name the "
            "column, or delete it."
        ),
    ),
    "note-beside": (
        (
            "表格右侧或没有列名的 {column} 列中有备注（{column}{row}：{value}）；请删除，或移到其他"
            "工作表。"
        ),
        (
            "There is a note beside the table ({column}{row}: {value}); delete it, or move it to "
            "another sheet."
        ),
    ),
    "note-below": (
        "第 {row} 行不是会员，而是表格下方的备注（{value}）；请删除该行，或移到其他工作表。",
        (
            "Row {row} is not a member but a note below the table ({value}); delete the row, or "
            "move it to another sheet."
        ),
    ),
    "footer-row": (
        "第 {row} 行不是会员，而是合计或落款（{value}）；请删除该行。",
        "Row {row} is not a member but a total or a signature ({value}); delete the row.",
    ),
    "cell-too-long": (
        "{column}{row} 的长度为 {value} 个字符，最多 {limit} 个；请缩短内容。",
        "{column}{row} has {value} characters, and at most {limit} are allowed; shorten the text.",
    ),
    "cell-nul": (
        "{column}{row} 含有 NUL 字符；请重新输入该单元格。",
        "{column}{row} contains a NUL character; enter the cell again.",
    ),
}
"""Mistakes in the layout of a sheet, or in any of its cells."""
