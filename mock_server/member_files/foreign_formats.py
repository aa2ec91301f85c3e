"""Formats that are no member lists, recognized by their first bytes (N5).

The reader process imports this module only for a file that does not begin like a plain text.
"""

from __future__ import annotations

import codecs
import re

from mock_server.member_files.encodings import ACCEPTED_ENCODINGS, detect_wide_encoding
from mock_server.member_files.findings import Finding, SheetError

WIDE_BOMS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
EXAMINED_BYTES = 4_096
END_OF_ARCHIVE = b"PK\x05\x06"
SIGNATURES = (
    (b"%PDF-", "format-pdf"),
    (b"{\\rtf", "format-document"),
    (b"\x89PNG\r\n\x1a\n", "format-image"),
    (b"\xff\xd8\xff", "format-image"),
    (b"GIF8", "format-image"),
    (b"II*\0", "format-image"),
    (b"MM\0*", "format-image"),
    (b"Rar!\x1a\x07", "format-archive"),
    (b"7z\xbc\xaf\x27\x1c", "format-archive"),
    (b"\x1f\x8b\x08", "format-archive"),
    (b"BZh", "format-archive"),
    (b"\xfd7zXZ\0", "format-archive"),
    (END_OF_ARCHIVE, "format-archive"),
    (b"\x09\x00\x04\x00", "format-xls-old"),
    (b"\x09\x02\x06\x00", "format-xls-old"),
    (b"\x09\x04\x06\x00", "format-xls-old"),
    (b"\x09\x08\x08\x00\x00\x05", "format-xls-old"),
)
"""First bytes of formats that are not read, with the code of the mistake."""
PICTURE = re.compile(rb"BM.{4}\0{4}|RIFF.{4}WEBP|.{4}ftyp(?:heic|heix|mif1|avif)", re.DOTALL)
MARKUP = re.compile(rb"\s*<[!?A-Za-z]")
MIME_PAGE = re.compile(rb"mime-version:", re.IGNORECASE)
"""A web page with all its parts, as browsers and Excel save it."""
MARKUP_CODES = (
    (re.compile(rb"urn:schemas-microsoft-com:office:spreadsheet|<office:document"), "format-xml"),
    (re.compile(rb"<svg\b", re.IGNORECASE), "format-image"),
    (re.compile(rb"(?i)<(?:!doctype html|html|head|body|meta|table|tr|div)\b"), "format-html"),
)
JSON = re.compile(rb'\s*(?:\[\s*[\[{]|\{\s*")')
PLAIN_SHEET = re.compile(rb"ID;P[^\r\n]*\r?\n[A-Z]{1,2};|TABLE\r?\n0,1\r?\n|socialcalc:version:")
"""A sheet as SYLK, DIF or SocialCalc."""
TEXT_CODES = ((MIME_PAGE, "format-html"), (JSON, "format-json"), (PLAIN_SHEET, "format-unknown"))
TAR_PLACE, TAR_MARK = 257, b"ustar"
MAX_CONTROL_SHARE = 0.05
"""Share of control bytes from which content is no text; a few may be damage in a text."""
CONTROL_BYTES = bytes([*range(9), 11, *range(14, 26), *range(27, 32), 127])
"""Bytes that no text has, without Ctrl-Z at its end."""


def foreign_format_code(content: bytes) -> str:
    """Return the code of a format that is not read; empty for a text. Raises SheetError."""
    for signature, code in SIGNATURES:
        if content.startswith(signature):
            return code
    if PICTURE.match(content):
        return "format-image"
    if content.startswith(TAR_MARK, TAR_PLACE):
        return "format-archive"
    if content.startswith(WIDE_BOMS):
        raise SheetError(Finding("encoding-unreadable", ACCEPTED_ENCODINGS, "UTF-32", 1))
    return _code_of_text(_readable_head(content))


def _code_of_text(head: bytes) -> str:
    """Return the code of a format that is written as text; empty for separated values."""
    if MARKUP.match(head):
        found = (code for pattern, code in MARKUP_CODES if pattern.search(head))
        return next(found, "format-xml")
    for pattern, code in TEXT_CODES:
        if pattern.match(head):
            return code
    controls = len(head) - len(head.translate(None, CONTROL_BYTES))
    return "format-unknown" if controls > MAX_CONTROL_SHARE * len(head) else ""


def _readable_head(content: bytes) -> bytes:
    """Return the first bytes without a BOM; those of UTF-16 as UTF-8."""
    head = content[:EXAMINED_BYTES]
    if head.startswith(codecs.BOM_UTF8):
        return head[len(codecs.BOM_UTF8) :]
    wide = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}.get(head[:2], "")
    if wide or (wide := detect_wide_encoding(content)):
        return head.decode(wide, "replace").lstrip("\ufeff").encode()
    return head
