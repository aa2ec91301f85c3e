"""Reader for workbooks, by calamine.

calamine is native code that allocates memory for the whole rectangle around the values of a sheet:
a file of 5 kB with a cell at XFD1048576 ends its process. It is used only in the reader process.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from python_calamine import (
    CalamineError,
    CalamineSheet,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from mock_server.domain.file_kind_detection import ENCRYPTED
from mock_server.member_files.sheets import Sheet, SheetError

MAX_UNPACKED_BYTES = 200 * 2**20
"""Unpacked size of all entries, as given in the directory of the archive."""
ACCEPTED_FORMATS = ".xlsx, .csv"
MAX_ERROR_LENGTH = 100
"""Characters of the parser's message in an error."""


def open_worksheet(content: bytes) -> Sheet:
    """Return the first visible worksheet (N5). Raises SheetError."""
    # A zip bomb is refused before calamine unpacks it.
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > MAX_UNPACKED_BYTES:
        raise SheetError(f"unpacked <= {MAX_UNPACKED_BYTES}", str(unpacked))
    sheet = _first_visible_sheet(content)
    if sheet.start is None:
        return Sheet(sheet.name, 0, iter(()))
    return Sheet(sheet.name, sheet.start[1], iter(sheet.iter_rows()))


def _first_visible_sheet(content: bytes) -> CalamineSheet:
    with _translate_errors():
        book = load_workbook(io.BytesIO(content))
        sheets = book.sheets_metadata
    for sheet in sheets:
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible:
            with _translate_errors(f"{sheet.name}: "):
                return book.get_sheet_by_name(sheet.name)
    raise SheetError("worksheets >= 1", "0")


@contextmanager
def _translate_errors(where: str = "") -> Iterator[None]:
    """Raise SheetError with the message of any error of calamine."""
    try:
        yield
    except PasswordError as error:
        raise SheetError(ACCEPTED_FORMATS, ENCRYPTED) from error
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    # A panic in Rust is a PanicException, which is not an Exception.
    except BaseException as error:
        kind = "" if type(error) is CalamineError else f"{type(error).__name__}: "
        words = " ".join(str(error).split())[:MAX_ERROR_LENGTH]
        raise SheetError(ACCEPTED_FORMATS, f"{where}{kind}{words}") from error
