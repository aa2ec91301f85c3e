"""Detection of a file's kind by its content; a media type may come from its name alone."""

from __future__ import annotations

import io
import zipfile

OPENXML_PREFIX = "application/vnd.openxmlformats-officedocument"
XLSX = f"{OPENXML_PREFIX}.spreadsheetml.sheet"
CSV = "text/csv"
ENCRYPTED = "encrypted"
ZIP_SIGNATURE = b"PK\x03\x04"
OLE2_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UTF_16_BOMS = (b"\xff\xfe", b"\xfe\xff")
DOCUMENT_PARTS = (
    ("xl/workbook.xml", XLSX),
    ("xl/workbook.bin", "application/vnd.ms-excel.sheet.binary.macroenabled.12"),
    ("word/document.xml", f"{OPENXML_PREFIX}.wordprocessingml.document"),
    ("ppt/presentation.xml", f"{OPENXML_PREFIX}.presentationml.presentation"),
)
"""Entries of a zip archive by which a document is recognized, with its media type."""


def normalize_media_type(written: str) -> str:
    """Return a media type without its parameters, in lower case."""
    return written.partition(";")[0].strip().lower()


def detect_file_kind(content: bytes, media_type: str) -> str:
    """Return XLSX, CSV, ENCRYPTED, or a short description: a media type or an error of zipfile.

    media_type: that of the stored file, detected from its content, its name and its upload.
    """
    if content.startswith(ZIP_SIGNATURE):
        return _zip_kind(content)
    if content.startswith(OLE2_SIGNATURE):
        return _ole2_kind(content)
    if content.startswith(UTF_16_BOMS):
        # Excel saves "Unicode text" like this. The reader takes UTF-8 and GB18030 only (N5), and an
        # error that names the encoding is more helpful than one about a separator.
        return "UTF-16"
    plain = normalize_media_type(media_type)
    if plain != XLSX:
        return plain
    return "application/octet-stream" if b"\0" in content else "text/plain"


def _zip_kind(content: bytes) -> str:
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
    return next((kind for part, kind in DOCUMENT_PARTS if part in names), "application/zip")


def _ole2_kind(content: bytes) -> str:
    """Return the kind of an OLE2 file: a workbook from before 2007, or one with a password."""
    # The directory of an OLE2 file lists its streams by name, in UTF-16. To find a name anywhere in
    # the file is enough for the text of an error.
    if _ole2_stream_name("EncryptedPackage") in content:
        return ENCRYPTED
    if _ole2_stream_name("Workbook") in content or _ole2_stream_name("Book") in content:
        return "application/vnd.ms-excel"
    return "application/x-ole-storage"


def _ole2_stream_name(name: str) -> bytes:
    return name.encode("utf-16-le")
