"""Number formats of a workbook by which a cell shows something else than its stored value (N5).

They are read from the XML, because calamine does not return them.
"""

from __future__ import annotations

import re
import zipfile
from xml.etree import ElementTree as ET

BUILT_IN_FORMATS = {
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    37: "#,##0 ;(#,##0)",
    38: "#,##0 ;[Red](#,##0)",
    39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;[Red](#,##0.00)",
    44: '_("$"* #,##0.00_)',
    48: "##0.0E+0",
}
"""Formats by the ids that every spreadsheet program knows, without those of dates."""
PLAIN_FORMATS = ("General", "0", "#", "@")
"""Formats in which an integer has all digits of its stored value, and no others."""
DECORATION = re.compile(r"_.|\\.|\[[^\]]*\]|;.*")
"""Parts of a format that change no digits: padding, escapes, colors; and its other sections."""
PLAIN_IDS = (0, 1, 49)


def deceptive_styles(archive: zipfile.ZipFile) -> dict[int, str]:
    """Return the formats that change digits, by the index of the style that a cell refers to."""
    name = next((name for name in archive.namelist() if name.endswith("styles.xml")), "")
    if not name:
        return {}
    custom: dict[int, str] = {}
    found: dict[int, str] = {}
    root = ET.fromstring(archive.read(name))  # noqa: S314 - expat bounds entities, the process memory
    for element in root:
        kind = element.tag.rpartition("}")[2]
        if kind == "numFmts":
            custom = {int(each.get("numFmtId", 0)): each.get("formatCode", "") for each in element}
        elif kind == "cellXfs":
            for index, each in enumerate(element):
                number = int(each.get("numFmtId", 0))
                code = custom.get(number) or BUILT_IN_FORMATS.get(number, "")
                if number not in PLAIN_IDS and code and not _is_plain(code):
                    found[index] = code
    return found


def _is_plain(code: str) -> bool:
    return DECORATION.sub("", code).strip().replace('""', "") in PLAIN_FORMATS
