"""Values of cells: texts without invisible characters, and ids that are not damaged (N5).

The reader process imports this module only if a value may need it, because its patterns take
milliseconds to compile.
"""

from __future__ import annotations

import re
from typing import Any

from mock_server.member_files.cell_texts import ID_NUMBER_LIMIT, JOINERS, ZERO_WIDTH, cell_text

ZERO_WIDTH_PATTERN = re.compile(f"[{ZERO_WIDTH}]")
ID_ZERO_WIDTH_PATTERN = re.compile(f"[{ZERO_WIDTH}{JOINERS}]")
FORMULA_TEXT = re.compile('="((?:[^"]|"")*)"')
"""A text as a formula, such as `="001"`, by which exports keep leading zeros."""
ERROR_VALUE = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!)")
SCIENTIFIC = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?[Ee][+-][0-9]+|[+-]?[0-9]\.[0-9]+[Ee][0-9]+")
PLACEHOLDER = re.compile(r"(?i:null|\(null\)|nan|none|n/a|undefined)|\\N|无|暂无")
"""A text that programs and databases write for a missing value."""
DECIMAL = re.compile(r"[+-]?[0-9]+\.[0-9]+")
BOOLEANS = ("TRUE", "FALSE")
ISO_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z?")
"""A date cell as some programs write it, which calamine returns as a text."""
DAMAGED_TEXTS = (
    ("id-error", ERROR_VALUE),
    ("id-scientific", SCIENTIFIC),
    ("id-decimal", DECIMAL),
    ("id-placeholder", PLACEHOLDER),
    ("id-date", ISO_MOMENT),
)
"""Codes of texts that are no ids."""
_FOOTER_WORDS = (
    "合计|总计|小计|共计|汇总|总数|总人数|制表人?|制单人?|审核人?|复核人?|审批人?|填表人?|经办人?|填报人?"
    "|制表日期|填表日期|制表时间"
)
FOOTER = re.compile(
    rf"(?:{_FOOTER_WORDS})[ \u3000]*(?:[:：].*|[0-9]+[ ]?[人位条名]?)?"
    r"|共[ ]?[0-9]+[ ]?[人位条名个行].*|以上共.*"
    r"|(?i:(?:grand |sub)?total(?: records| rows| count)?)[ ]?(?:[:：].*)?"
    r"|\(?[0-9]+ rows?(?: selected| in set)?\)?\.?"
    r"|[-—=*]{2,20}[ ]?[^-—=*\n]{1,40}[-—=*]{2,20}",
    re.DOTALL,
)
"""First text of a row with totals, signatures, or the end of an export."""
TOTAL = re.compile("合计|总计|小计|共计|汇总|总数|总人数|(?i:(?:grand |sub)?total)")
"""First text of a row with totals, whatever follows in the row."""
NOTE = re.compile("(?:注|备注|说明|注意|提示|[Nn]otes?)[ ]?[:：].*", re.DOTALL)
"""First text of a row with a note."""
SUSPICIOUS_ROWS = re.compile(f"^(?:{FOOTER.pattern}$|{NOTE.pattern})", re.MULTILINE)
"""Finds such texts among those of a column, one a line."""
SUSPICIOUS_IDS = re.compile(
    rf"""[{ZERO_WIDTH}{JOINERS}]|^(?:'|="|{ERROR_VALUE.pattern}$|(?:{SCIENTIFIC.pattern})$"""
    rf"|{DECIMAL.pattern}$|{ISO_MOMENT.pattern}$|(?:TRUE|FALSE)$|(?:{PLACEHOLDER.pattern})$)",
    re.MULTILINE,
)
"""Finds the values among ids, one a line, that `clean_id` changes or `id_mistake` refuses."""
SUSPICIOUS_VALUES = re.compile(f'[{ZERO_WIDTH}]|^="|^{ERROR_VALUE.pattern}$', re.MULTILINE)
"""Finds the values among others, one a line, that `clean_text` changes or that are errors."""


def clean_text(cell: Any) -> str:
    """Return the text of a cell without zero-width characters and without `="..."` around it."""
    text = cell_text(cell)
    if not text.isascii():
        text = ZERO_WIDTH_PATTERN.sub("", text).strip()
    if formula := FORMULA_TEXT.fullmatch(text):
        text = formula[1].replace('""', '"').strip()
    return text


def clean_id(cell: Any) -> str:
    """Return the text of an id: that of `clean_text` without `'` before it, and without joiners."""
    text = clean_text(cell)
    if not text.isascii():
        text = ID_ZERO_WIDTH_PATTERN.sub("", text).strip()
    return text[1:].strip() if text.startswith("'") else text


def clean_title(text: str) -> str:
    """Return the title of a column without zero-width characters and without `="..."`."""
    return ID_ZERO_WIDTH_PATTERN.sub("", clean_text(text)).strip()


def id_mistake(cell: Any, text: str) -> str:
    """Return the code of the mistake if an id is not what somebody entered; empty if it is.

    cell: the stored value; text: what `clean_id` returns for it.
    """
    if isinstance(cell, bool) or text in BOOLEANS:
        return "id-boolean"
    if isinstance(cell, int | float):
        if abs(cell) >= ID_NUMBER_LIMIT:
            return "id-long-number"
        return "id-decimal" if cell % 1 else ""  # NaN too, which is no error value of a sheet
    if not isinstance(cell, str):
        return "id-date"
    return next((code for code, pattern in DAMAGED_TEXTS if pattern.fullmatch(text)), "")
