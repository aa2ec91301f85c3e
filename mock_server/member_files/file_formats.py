"""Detection of the formats of member files by their bytes alone, and refusal of others (N5).

Part of the reader process, whose start delays a request; so this module imports very little.
"""

from __future__ import annotations

import codecs
import io
import zipfile
from collections.abc import Collection

from mock_server.domain.ole2_directory import (
    OLE2_SIGNATURE,
    lacks_directory,
    read_stream_names,
)
from mock_server.member_files import delimited_text, workbook_reader
from mock_server.member_files.findings import ACCEPTED_FORMATS, Finding, SheetError
from mock_server.member_files.sheets import Sheet

ODS = "application/vnd.oasis.opendocument.spreadsheet"
END_OF_ARCHIVE = b"PK\x05\x06"
EXAMINED_BYTES = 4_096
CONTROL_BYTES_OF_BINARIES = frozenset((*range(9), *range(14, 27), *range(28, 32)))
OTHER_STARTS = (b"<", b"[", b"{", b"%", b"ID;P", b"TABLE", b"socialcalc:")
"""First bytes of texts in other formats: markup, JSON, PDF, and sheets as plain text."""
STREAM_CODES = {
    "EncryptedPackage": "file-password",
    "WordDocument": "format-document",
    "PowerPoint Document": "format-document",
    "__properties_version1.0": "format-document",
    "VisioDocument": "format-document",
}
"""Codes by the name of a stream in an OLE2 file."""
PART_CODES = (
    ("xl/workbook.bin", "format-xlsb"),
    ("xl/", ""),
    (("word/", "ppt/", "visio/"), "format-document"),
    (("Index/", "Index.zip"), "format-numbers"),
    ("[Content_Types].xml", "file-damaged"),
    ("", "format-archive"),
)
"""Codes of archives by the beginning of an entry's name; the first that any entry has counts."""
MAX_MANIFEST_BYTES = 2**20
BIFF8_START = b"\x09\x08\x10\x00\x00\x06\x05\x00"
"""Beginning of the first record of an .xls."""
PASSWORD_RECORD = 0x2F
RECORDS_BEFORE_PASSWORD = 3


def open_member_sheet(content: bytes) -> Sheet:
    """Return the sheet with the list. Raises SheetError."""
    if content.startswith(b"PK\x03\x04"):
        return _open_archive(content)
    if content.startswith(OLE2_SIGNATURE):
        return _open_ole2(content)
    if not _is_plain_text(content[:EXAMINED_BYTES]):
        from mock_server.member_files import foreign_formats  # noqa: PLC0415 - seldom, and slow to import

        if code := foreign_formats.foreign_format_code(content):
            raise _foreign_format(code)
    return delimited_text.open_delimited_text(content)


def _is_plain_text(head: bytes) -> bool:
    """Return whether first bytes are those of no other format; not all such texts are found."""
    if CONTROL_BYTES_OF_BINARIES.intersection(head.rstrip(b"\x1a")) or head[:4].lower() == b"mime":
        return False
    return not head.removeprefix(codecs.BOM_UTF8).lstrip().startswith(OTHER_STARTS)


def _foreign_format(code: str) -> SheetError:
    return SheetError(Finding(code, ACCEPTED_FORMATS))


def _open_ole2(content: bytes) -> Sheet:
    streams = read_stream_names(content)
    for name, code in STREAM_CODES.items():
        if name in streams:
            raise _foreign_format(code)
    if not streams:
        raise _foreign_format("file-truncated" if lacks_directory(content) else "file-damaged")
    if "Workbook" in streams:
        if _has_xls_password(content):
            raise _foreign_format("file-password")
        return workbook_reader.open_worksheet(content, is_xlsx=False)
    raise _foreign_format("format-xls-old" if "Book" in streams else "format-unknown")


def _has_xls_password(content: bytes) -> bool:
    """Return whether one of the first records of an .xls says that the others are encrypted."""
    at = content.find(BIFF8_START)
    for _ in range(RECORDS_BEFORE_PASSWORD + 1):
        if at < 0 or int.from_bytes(content[at : at + 2], "little") == PASSWORD_RECORD:
            return at >= 0
        at += 4 + int.from_bytes(content[at + 2 : at + 4], "little")
    return False


def _open_archive(content: bytes) -> Sheet:
    # Its directory is at the end.
    if END_OF_ARCHIVE not in content[-(2**16 + 22) :]:
        raise SheetError(Finding("file-truncated"))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            code, is_ods = _examine_archive(archive)
    except Exception as error:
        raise SheetError(Finding("file-damaged")) from error
    if code:
        raise _foreign_format(code)
    return workbook_reader.open_worksheet(content, is_xlsx=not is_ods)


def _examine_archive(archive: zipfile.ZipFile) -> tuple[str, bool]:
    """Return the code of a mistake, empty for a workbook, and whether the file is an .ods."""
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if "mimetype" in names:
        return _open_document_code(archive, names), True
    code = next(
        (code for start, code in PART_CODES if any(name.startswith(start) for name in names)),
        "format-archive",
    )
    if not code and any(entry.flag_bits & 1 for entry in entries):
        return "file-password", False
    return code, False


def _open_document_code(archive: zipfile.ZipFile, names: Collection[str]) -> str:
    """Return the code of a mistake in an OpenDocument file or an e-book; empty for an .ods."""
    with archive.open("mimetype") as part:
        kind = part.read(100).decode("ascii", "replace").strip()
    if not kind.startswith(ODS):
        return "format-document"
    if "META-INF/manifest.xml" not in names:
        return ""
    with archive.open("META-INF/manifest.xml") as part:
        return "file-password" if b"encryption-data" in part.read(MAX_MANIFEST_BYTES) else ""
