"""Sentences of mistakes in the values of a member file, by code, in Chinese and English (N5).

`member_file_texts` says what stands in braces.
"""

from __future__ import annotations

ID_SENTENCES = {
    "id-column-missing": (
        "首行没有会员标识列；请将标识列的列名写成 {name}。",
        "The first row has no column with member IDs; name that column {name}.",
    ),
    "id-column-misnamed": (
        "{column}1 的列名“{header}”不是标识列；如果这一列是会员标识，请将列名改为 {name}。",
        (
            "{column}1 has the name “{header}”, which is not that of an ID column; if it contains "
            "member IDs, rename it to {name}."
        ),
    ),
    "id-column-empty": (
        "标识列“{header}”没有任何值；请填写每位会员的标识。",
        "The ID column “{header}” has no values; enter the ID of each member.",
    ),
    "id-missing": (
        "第 {row} 行没有会员标识；请填写标识（{name}），或删除该行。",
        "Row {row} has no member ID; enter one ({name}), or delete the row.",
    ),
    "id-invalid": (
        (
            "{column}{row}（{value}）不是会员 ID；memberId 必须是 1 到 9223372036854775807 的整数，"
            "请更正。"
        ),
        (
            "{column}{row} ({value}) is not a member ID; correct it: memberId must be an integer "
            "from 1 to 9223372036854775807."
        ),
    ),
    "id-long-number": (
        "{column}{row} 是超过 15 位的数字，末尾的数字已丢失；请将该列设为文本格式，再重新输入。",
        (
            "{column}{row} is a number of more than 15 digits, whose last digits are lost; format "
            "the column as text and enter it again."
        ),
    ),
    "id-number-format": (
        (
            "{column}{row} 是带数字格式（{other}）的数字，显示的内容与存储的值（{value}）可能不同；"
            "请将该列设为文本格式，再重新输入。"
        ),
        (
            "{column}{row} is a number with the format {other}, so that what is shown may differ "
            "from its stored value ({value}); format the column as text and enter it again."
        ),
    ),
    "id-scientific": (
        (
            "{column}{row}（{value}）是科学记数法，原来的数字已丢失；请将该列设为文本格式，再重新输"
            "入。"
        ),
        (
            "{column}{row} ({value}) is in scientific notation, and the original digits are lost; "
            "format the column as text and enter it again."
        ),
    ),
    "id-decimal": (
        "{column}{row}（{value}）是小数；请将该列设为文本格式，再重新输入。",
        (
            "{column}{row} ({value}) is a decimal number; format the column as text and enter it "
            "again."
        ),
    ),
    "id-placeholder": (
        "{column}{row}（{value}）表示空值，不是会员标识；请清空该单元格，或填写标识。",
        "{column}{row} ({value}) stands for a missing value; clear the cell, or enter the ID.",
    ),
    "id-date": (
        "{column}{row}（{value}）是日期或时间；请将该列设为文本格式，再重新输入。",
        (
            "{column}{row} ({value}) is a date or a time; format the column as text and enter it "
            "again."
        ),
    ),
    "id-boolean": (
        "{column}{row}（{value}）是逻辑值；请将该列设为文本格式，再重新输入。",
        "{column}{row} ({value}) is a boolean; format the column as text and enter it again.",
    ),
    "id-error": (
        "{column}{row} 是错误值 {value}；请将该列设为文本格式，再重新输入。",
        "{column}{row} is the error {value}; format the column as text and enter it again.",
    ),
    "id-formula": (
        (
            "{column}{row} 的公式（{value}）没有保存结果；请在 Excel 或 WPS 中打开并重新保存，或粘"
            "贴为值。"
        ),
        (
            "The result of the formula in {column}{row} ({value}) was not saved; open the file in "
            "a spreadsheet program and save it again, or paste the values."
        ),
    ),
    "id-conflict": (
        "第 {row} 行的 {name} 分别属于两位会员（{other}）；请更正其中一个，或只保留一个。",
        (
            "The {name} of row {row} belong to two different members ({other}); correct one of "
            "them, or keep only one."
        ),
    ),
    "id-repeated": (
        "{column}{row} 的 {name}（{value}）与 {other} 重复；请删除其中一行。",
        "The {name} in {column}{row} ({value}) is also in {other}; delete one of the two rows.",
    ),
    "member-repeated": (
        "第 {row} 行与 {other} 是同一位会员（标识不同）；请删除其中一行。",
        "Row {row} and {other} name the same member by different IDs; delete one of the two rows.",
    ),
}
"""Mistakes in the ids of members."""
VARIABLE_SENTENCES = {
    "variable-column-missing": (
        "首行没有变量 {header} 的列；请添加该列，或从文本中删除该变量。",
        (
            "The first row has no column for the variable {header}; add the column, or remove the "
            "variable from the texts."
        ),
    ),
    "variable-column-misnamed": (
        "变量 {name} 没有对应的列，{column}1 的列名“{header}”与它相近；请将列名改为 {name}。",
        (
            "There is no column for the variable {name}, but {column}1 has the similar name “"
            "{header}”; rename it to {name}."
        ),
    ),
    "variable-column-empty": (
        "变量 {header} 的列没有任何值；请填写每位会员的值，或从文本中删除该变量。",
        (
            "The column of the variable {header} has no values; enter the value of each member, or "
            "remove the variable from the texts."
        ),
    ),
    "variable-missing": (
        "{column}{row} 没有变量 {header} 的值；请填写。",
        "{column}{row} has no value for the variable {header}; enter it.",
    ),
    "variable-error": (
        "{column}{row}（变量 {header}）是错误值 {value}；请更正公式，或输入值。",
        (
            "{column}{row} (variable {header}) is the error {value}; correct the formula, or enter "
            "the value."
        ),
    ),
    "variable-formula": (
        (
            "{column}{row}（变量 {header}）的公式（{value}）没有保存结果；请在 Excel 或 WPS 中打开"
            "并重新保存，或粘贴为值。"
        ),
        (
            "The result of the formula in {column}{row} ({value}, variable {header}) was not "
            "saved; open the file in a spreadsheet program and save it again, or paste the values."
        ),
    ),
}
"""Mistakes in the values of variables."""
