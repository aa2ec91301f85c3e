"""Reader for values separated by comma, semicolon or tab: UTF-8, or GB18030 as Excel saves it."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator

from mock_server.member_files.sheets import Sheet, SheetError, a1_notation

SEPARATORS = ",;\t"
# UTF-8 first, because almost any bytes are valid GB18030. Excel begins "CSV UTF-8" with a BOM.
ENCODINGS = ("utf-8-sig", "gb18030")
QUOTE = '"'
# Cells that are too long are reported by member_reader, which names the cell; csv does not.
csv.field_size_limit(sys.maxsize)


def open_delimited_text(content: bytes) -> Sheet:
    """Return the rows of a file. Raises SheetError, also while the rows are iterated."""
    decoded = _decode(content)
    return Sheet("", 0, _read_rows(decoded, _detect_separator(decoded)))


def _decode(content: bytes) -> str:
    """Return the text, decoded by the first encoding that fits all bytes. Raises SheetError."""
    failed: list[UnicodeDecodeError] = []
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
            # "CSV (Macintosh)" of Excel ends lines with a carriage return.
            return text if "\n" in text else text.replace("\r", "\n")
        except UnicodeDecodeError as error:
            failed.append(error)
    # The encoding that fits the longest part is the likelier one, so its error is reported.
    nearest = max(failed, key=lambda error: error.start)
    row = nearest.object[: nearest.start].count(b"\n") + 1
    raise SheetError("UTF-8, GB18030", f"0x{nearest.object[nearest.start]:02X}", f"{row}:{row}")


def _detect_separator(decoded: str) -> str:
    """Return the separator in the header, outside of quotes. Raises SheetError for several."""
    unquoted = "".join(decoded[: _header_length(decoded)].split(QUOTE)[::2])
    found = [separator for separator in SEPARATORS if separator in unquoted]
    if len(found) > 1:
        raise SheetError(" | ".join(map(repr, SEPARATORS)), " ".join(map(repr, found)), "1:1")
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
    checked = "\0" in decoded
    number, width = 0, None
    while True:
        try:
            row = next(lines)
        except StopIteration:
            return
        except csv.Error as error:
            raise SheetError("RFC 4180", str(error), f"{number + 1}:{number + 1}") from error
        number += 1
        width = len(row) if width is None else width
        if checked:
            _reject_nul(row, number)
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


def _reject_nul(row: list[str], number: int) -> None:
    for column, cell in enumerate(row):
        if "\0" in cell:
            raise SheetError("text", "NUL", a1_notation(number, column))
