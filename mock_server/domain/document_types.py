"""Media types of office documents, by what is inside them and by the extension of their name (F9).

Inside, a document is a zip archive (OPC: from Office 2007 on) or an OLE2 file (before that, or with
a password). Their parts say whether it is a workbook, a text or a presentation; the extension
distinguishes templates and files with macros, which have types of their own.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from mock_server.domain.ole2_directory import OLE2_SIGNATURE, read_stream_names

OPENXML_PREFIX = "application/vnd.openxmlformats-officedocument"
XLSX = f"{OPENXML_PREFIX}.spreadsheetml.sheet"
OLE_STORAGE = "application/x-ole-storage"
ZIP_SIGNATURE = b"PK\x03\x04"
MAX_ENTRIES = 1000
"""Entries of an archive that are examined."""


class DocumentFamily(NamedTuple):
    """Documents with the same parts: their usual type, and others by extension."""

    usual: str
    by_extension: dict[str, str]


def _openxml(kind: str, usual: str, macro: str, **templates: str) -> DocumentFamily:
    """Return a family of OPC documents; `macro`: types with macros by extension."""
    named = dict(pair.split("=") for pair in macro.split())
    return DocumentFamily(
        f"{OPENXML_PREFIX}.{kind}.{usual}",
        {extension: f"{OPENXML_PREFIX}.{kind}.{name}" for extension, name in templates.items()}
        | {
            extension: f"application/vnd.ms-{name}.macroenabled.12"
            for extension, name in named.items()
        },
    )


OPC_FAMILIES = {
    b"xl/": _openxml(
        "spreadsheetml",
        "sheet",
        "xlsm=excel.sheet xltm=excel.template xlam=excel.addin xlsb=excel.sheet.binary",
        xltx="template",
    ),
    b"word/": _openxml(
        "wordprocessingml", "document", "docm=word.document dotm=word.template", dotx="template"
    ),
    b"ppt/": _openxml(
        "presentationml",
        "presentation",
        "pptm=powerpoint.presentation potm=powerpoint.template ppsm=powerpoint.slideshow",
        potx="template",
        ppsx="slideshow",
    ),
    b"visio/": DocumentFamily("application/vnd.ms-visio.drawing.main+xml", {}),
}
"""Families by the folder that their archive has."""
OLE2_TYPES = {
    "WordDocument": "application/msword",
    "Workbook": "application/vnd.ms-excel",
    "Book": "application/vnd.ms-excel",
    "PowerPoint Document": "application/vnd.ms-powerpoint",
    "VisioDocument": "application/vnd.visio",
    "__properties_version1.0": "application/vnd.ms-outlook",
}
"""Types by the stream that their file has."""
OPENXML_BY_EXTENSION = {
    "xlsx": OPC_FAMILIES[b"xl/"].usual,
    "docx": OPC_FAMILIES[b"word/"].usual,
    "pptx": OPC_FAMILIES[b"ppt/"].usual,
} | {e: kind for family in OPC_FAMILIES.values() for e, kind in family.by_extension.items()}


def detect_document_type(name: str, content: bytes) -> str:
    """Return the media type of an office document, or an empty string for any other file."""
    extension = name.rpartition(".")[2].lower()
    if content.startswith(OLE2_SIGNATURE):
        return _ole2_type(extension, content)
    if content.startswith(ZIP_SIGNATURE):
        return _opc_type(extension, content)
    return ""


def _ole2_type(extension: str, content: bytes) -> str:
    streams = read_stream_names(content)
    if "EncryptedPackage" in streams:
        # What is encrypted cannot be seen; only the name says it.
        return OPENXML_BY_EXTENSION.get(extension, OLE_STORAGE)
    return next((kind for stream, kind in OLE2_TYPES.items() if stream in streams), OLE_STORAGE)


def _opc_type(extension: str, content: bytes) -> str:
    entries = list(_entry_names(content))
    if b"[Content_Types].xml" not in entries:
        return ""
    for folder, family in OPC_FAMILIES.items():
        if any(entry.startswith(folder) for entry in entries):
            return family.by_extension.get(extension, family.usual)
    return ""


def _entry_names(content: bytes) -> Iterator[bytes]:
    """Yield the names in the central directory of a zip archive, none if it is damaged."""
    end = content.rfind(b"PK\x05\x06", max(0, len(content) - 2**16 - 22))
    if end < 0 or end + 22 > len(content):
        return
    count, size = struct.unpack_from("<HI", content, end + 10)
    at = end - size
    for _ in range(min(count, MAX_ENTRIES)):
        if at < 0 or content[at : at + 4] != b"PK\x01\x02" or at + 46 > end:
            return
        name, extra, comment = struct.unpack_from("<HHH", content, at + 28)
        yield content[at + 46 : at + 46 + name]
        at += 46 + name + extra + comment
