"""What an uploaded file is, where its media type may only be what its name says."""

from __future__ import annotations

import io
import zipfile

OFFICE = "application/vnd.openxmlformats-officedocument"
XLSX = f"{OFFICE}.spreadsheetml.sheet"
CSV = "text/csv"
ENCRYPTED = "encrypted"
ZIP = b"PK\x03\x04"
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
PARTS = (
    ("xl/workbook.xml", XLSX),
    ("xl/workbook.bin", "application/vnd.ms-excel.sheet.binary.macroenabled.12"),
    ("word/document.xml", f"{OFFICE}.wordprocessingml.document"),
    ("ppt/presentation.xml", f"{OFFICE}.presentationml.presentation"),
)
"""The part of a zip archive that tells what document it is."""


def media_type_of(written: str) -> str:
    """Return a media type without its parameters, in lower case."""
    return written.partition(";")[0].strip().lower()


def kind_of(content: bytes, media_type: str) -> str:
    """XLSX, CSV, ENCRYPTED, or in a few words what else: a media type, or what zipfile objects to.

    media_type: of the stored file, by its content, its name and its upload.
    """
    if content.startswith(ZIP):
        return _archive(content)
    if content.startswith(OLE2):
        return _compound(content)
    if content.startswith(UTF_16):
        return "UTF-16"
    plain = media_type_of(media_type)
    if plain != XLSX:
        return plain
    return "application/octet-stream" if b"\0" in content else "text/plain"


def _archive(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if "mimetype" in names:  # OpenDocument
                with archive.open("mimetype") as part:
                    return part.read(100).decode("ascii", "replace")
    except Exception as error:  # noqa: BLE001 - zipfile raises whatever its decompressors raise
        return f"{error}"[:100] or type(error).__name__
    if any(entry.flag_bits & 1 for entry in entries):
        return ENCRYPTED
    return next((kind for part, kind in PARTS if part in names), "application/zip")


def _compound(content: bytes) -> str:
    """OLE2 holds Excel before 2007, and every workbook with a password."""
    if _stream("EncryptedPackage") in content:
        return ENCRYPTED
    if _stream("Workbook") in content or _stream("Book") in content:
        return "application/vnd.ms-excel"
    return "application/x-ole-storage"


def _stream(name: str) -> bytes:
    return name.encode("utf-16-le")
