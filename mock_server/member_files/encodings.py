"""Encodings of text files: UTF-8, UTF-16 and GB18030, detected by their bytes (N5).

Part of the reader process, whose start delays a request; so this module imports very little.
"""

from __future__ import annotations

import codecs

from mock_server.member_files.findings import Finding, SheetError

ACCEPTED_ENCODINGS = "UTF-8, UTF-16, GB18030"
BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"))  # fmt: skip
EXAMINED_BYTES = 1_000
EURO_BYTE = 0x80
"""The euro sign in the form of GBK that Windows uses; GB18030 has no character there."""
END_OF_FILE = "\x1a"
"""Ctrl-Z, which programs of DOS and CP/M times write at the end of a text."""


def decode_text(content: bytes) -> str:
    """Return the text of a file, whose lines end with LF or CR LF. Raises SheetError.

    A BOM settles the encoding. Without one, it is the first of UTF-16, UTF-8 and GB18030 that fits
    all bytes.
    """
    for bom, encoding in BOMS:
        if content.startswith(bom):
            text = _decode(content[len(bom) :], (encoding,))
            break
    else:
        wide = detect_wide_encoding(content)
        # UTF-8 first, because almost any bytes are valid GB18030.
        text = _decode(content, (wide,) if wide else ("utf-8", "gb18030"))
    text = text.rstrip(END_OF_FILE)
    # "CSV (Macintosh)" of Excel ends lines with a carriage return, and scripts mix line ends.
    if text.count("\r") != text.count("\r\n"):
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def detect_wide_encoding(content: bytes) -> str:
    """Return the form of UTF-16 that a text without a BOM has; empty if it has none."""
    head = content[:EXAMINED_BYTES]
    high, low = head[::2], head[1::2]
    if not head or len(content) % 2:
        return ""
    # Column names, separators and line breaks are ASCII, whose other byte is zero.
    if low.count(0) * 4 > len(low) and not high.count(0):
        return "utf-16-le"
    return "utf-16-be" if high.count(0) * 4 > len(high) and not low.count(0) else ""


def _replace_euro(error: UnicodeError) -> tuple[str, int]:
    """Return the euro sign for its byte. Raises the error for any other."""
    if isinstance(error, UnicodeDecodeError) and error.object[error.start] == EURO_BYTE:
        return "€", error.start + 1
    raise error


codecs.register_error("euro", _replace_euro)


def _decode(content: bytes, encodings: tuple[str, ...]) -> str:
    failed: list[UnicodeDecodeError] = []
    for encoding in encodings:
        try:
            return content.decode(encoding, "euro" if encoding == "gb18030" else "strict")
        except UnicodeDecodeError as error:
            failed.append(error)
    # The encoding that fits the longest part is the likelier one, so its error is reported.
    nearest = max(failed, key=lambda error: error.start)
    row = content[: nearest.start].count(b"\n") + 1
    value = f"0x{content[nearest.start]:02X}"
    raise SheetError(Finding("encoding-unreadable", ACCEPTED_ENCODINGS, value, row))
