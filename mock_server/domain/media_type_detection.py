"""What an uploaded file is (L241: judged from the file), by its content and its name (F9)."""

from __future__ import annotations

import mimetypes
import re
from codecs import getincrementaldecoder

import filetype

from mock_server.domain.file_signatures import XLSX, media_type_of

UNKNOWN = "application/octet-stream"
DECLARED = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,100}/[A-Za-z0-9!#$&^_.+-]{1,100}")
HEAD = 8192
"""Bytes that are looked at."""
CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
"""What no text has, by the WHATWG's MIME Sniffing Standard (a "binary data byte")."""
TEXTUAL = ("application/pdf", "application/rtf")
"""Formats that can begin without such a byte. All others' signatures are too short to be believed
in a text: "BM" begins a bitmap, and a list of BMW drivers."""
ZIPPED = re.compile(r"application/(vnd\..+|.+\+zip)")
"""Formats that are zip archives, which their first bytes may not tell."""
COMPRESSED = {
    "gzip": "application/gzip",
    "bzip2": "application/x-bzip2",
    "xz": "application/x-xz",
    "compress": "application/x-compress",
    "br": "application/x-brotli",
}

_NAMES = mimetypes.MimeTypes()
"""The standard library's own table, without the machine's: the same answer everywhere."""
for _extension, _type in (
    (".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (".md", "text/markdown"),
    (".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    (".webp", "image/webp"),
    (".xlsx", XLSX),
):
    _NAMES.add_type(_type, _extension)


def media_type(name: str, declared: str, content: bytes) -> str:
    """The media type to serve a file with.

    The first that says something: a signature in the first bytes, the extension of the name, the
    Content-Type declared at the upload. Of a zip archive the extension may say more than the
    signature. A text in UTF-8 says so, since browsers would take it for something else.
    """
    head = content[:HEAD]
    seen, named = _by_signature(head), _by_name(name)
    if seen == "application/zip" and ZIPPED.fullmatch(named):
        seen = named
    found = next(kind for kind in (seen, named, _declared(declared), UNKNOWN) if kind)
    if found.startswith("text/") and _is_utf_8(head, whole=len(content) <= HEAD):
        return f"{found}; charset=utf-8"
    return found


def _by_signature(head: bytes) -> str:
    kind = filetype.guess(head)
    if kind is None or kind.mime == UNKNOWN:
        return ""
    return str(kind.mime) if kind.mime in TEXTUAL or CONTROLS.search(head) else ""


def _by_name(name: str) -> str:
    named, compression = _NAMES.guess_type(f"./{name}")  # not a URL, whatever it looks like
    if compression:
        return COMPRESSED.get(compression, "")
    return named if named and named != UNKNOWN else ""


def _declared(sent: str) -> str:
    kind = media_type_of(sent)
    return kind if DECLARED.fullmatch(kind) and kind != UNKNOWN else ""


def _is_utf_8(head: bytes, *, whole: bool) -> bool:
    try:
        getincrementaldecoder("utf-8")().decode(head, final=whole)
    except UnicodeDecodeError:
        return False
    return True
