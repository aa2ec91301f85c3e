"""Reader for values separated by comma, semicolon or tab, as spreadsheets save them."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator

from mock_server.member_files.encodings import decode_text
from mock_server.member_files.findings import Finding, SheetError
from mock_server.member_files.limits import (
    MAX_CELLS,
    MAX_COLUMNS,
    too_many_cells,
    too_many_columns,
)
from mock_server.member_files.sheets import Sheet, a1_notation

SEPARATORS = ",;\t"
# Patterns are compiled when they are needed, which is seldom: that takes a millisecond.
SEPARATOR_LINE = r'(?i)"?sep=([,;|\t])"?\r?\n'
"""A first line that names the separator, as Excel reads and some exports write it."""
TABS_AT_VALUES = r"^\t+|(?<=[,;])\t+|\t+(?=[,;]|\s*$)"
"""Tabs around values, by which exports keep a spreadsheet from reading them as numbers."""
QUOTE = '"'
# Cells that are too long are reported by sheet_reading, which names the cell; csv does not.
csv.field_size_limit(sys.maxsize)


def open_delimited_text(content: bytes) -> Sheet:
    """Return the rows of a file. Raises SheetError, also while the rows are iterated."""
    decoded = decode_text(content)
    is_named = "sep=" in decoded[:5].lower()
    if is_named and (named := re.match(SEPARATOR_LINE, decoded)):
        return Sheet("", 0, _read_rows(decoded[named.end() :], named[1]))
    return Sheet("", 0, _read_rows(decoded, _detect_separator(decoded)))


def _detect_separator(decoded: str) -> str:
    """Return the separator in the header, outside of quotes. Raises SheetError for several."""
    unquoted = "".join(decoded[: _header_length(decoded)].split(QUOTE)[::2])
    found = [separator for separator in SEPARATORS if separator in unquoted]
    if len(found) > 1:
        # They may only stand around values, which are stripped.
        unquoted = re.sub(TABS_AT_VALUES, "", unquoted)
        found = [separator for separator in SEPARATORS if separator in unquoted]
    if len(found) > 1:
        accepted, shown = " | ".join(map(repr, SEPARATORS)), " ".join(map(repr, found))
        raise SheetError(Finding("separator-mixed", accepted, shown, 1))
    return found[0] if found else SEPARATORS[0]


def _header_length(decoded: str) -> int:
    """Return the number of characters up to the first line break that is not within quotes."""
    length, quotes = 0, 0
    for line in _split_lines(decoded):
        length += len(line)
        quotes += line.count(QUOTE)
        if quotes % 2 == 0:
            break
    return length


def _read_rows(decoded: str, separator: str) -> Iterator[list[str]]:
    lines = csv.reader(_split_lines(decoded), delimiter=separator, strict=True)
    number, width, cells = 0, None, 0
    while True:
        try:
            row = next(lines)
        except StopIteration:
            return
        except csv.Error as error:
            # csv has no other errors in this mode than these two.
            code = "quote-unclosed" if "end of data" in str(error) else "quote-misplaced"
            raise SheetError(Finding(code, "RFC 4180", row=number + 1)) from error
        number += 1
        if len(row) > MAX_COLUMNS:
            if any(row[MAX_COLUMNS:]):
                raise SheetError(too_many_columns("", number, len(row)))
            del row[MAX_COLUMNS:]
        width = len(row) if width is None else width
        # A blank line has no values, but takes as long as a row of them.
        cells += max(len(row), width)
        if cells > MAX_CELLS:
            raise SheetError(
                too_many_cells("", a1_notation(number, max(len(row), width) - 1), cells)
            )
        # Some spreadsheets leave out the separators at the end of a row whose last cells are blank.
        yield row if len(row) >= width else row + [""] * (width - len(row))


def _split_lines(decoded: str) -> Iterator[str]:
    """Yield lines with their line breaks; csv joins those that break within quotes."""
    # Not splitlines(), which also splits at characters that occur in names, such as U+2028, and
    # which holds all lines in memory at once.
    start = 0
    while start < len(decoded):
        end = decoded.find("\n", start) + 1 or len(decoded)
        yield decoded[start:end]
        start = end
