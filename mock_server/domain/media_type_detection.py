"""Detection of the media type of an uploaded file by its content and its name (L241, F9)."""

from __future__ import annotations

import mimetypes
import re
from codecs import getincrementaldecoder

from mock_server.domain.document_types import OPENXML_BY_EXTENSION, detect_document_type

OCTET_STREAM = "application/octet-stream"
MEDIA_TYPE_PATTERN = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,100}/[A-Za-z0-9!#$&^_.+-]{1,100}")
SNIFFED_BYTES = 8192
"""Number of bytes that are examined."""
BINARY_BYTES = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
"""Bytes that no text contains ("binary data bytes" of the WHATWG's MIME Sniffing Standard)."""
TEXT_LIKE_FORMATS = ("application/pdf", "application/rtf")
"""Formats that can begin without such a byte. The signatures of other formats are too short to be
relied upon in a text: "BM" begins a bitmap, but also a list of BMW drivers."""
ZIP_BASED_FORMATS = re.compile(r"application/(vnd\..+|.+\+zip)")
"""Formats that are zip archives; their first bytes may not differ from those of any other."""
COMPRESSION_MEDIA_TYPES = {
    "gzip": "application/gzip",
    "bzip2": "application/x-bzip2",
    "xz": "application/x-xz",
    "compress": "application/x-compress",
    "br": "application/x-brotli",
}

_MIME_TYPES = mimetypes.MimeTypes()
"""The standard library's own table, without the machine's: the result is the same everywhere."""
for _extension, _type in (
    *((f".{extension}", media_type) for extension, media_type in OPENXML_BY_EXTENSION.items()),
    (".ics", "text/calendar"),
    (".ini", "text/plain"),
    (".js", "text/javascript"),
    (".jsonl", "application/jsonl"),
    (".log", "text/plain"),
    (".md", "text/markdown"),
    (".mjs", "text/javascript"),
    (".ods", "application/vnd.oasis.opendocument.spreadsheet"),
    (".odt", "application/vnd.oasis.opendocument.text"),
    (".rtf", "application/rtf"),
    (".sql", "application/sql"),
    (".toml", "application/toml"),
    (".vcf", "text/vcard"),
    (".webp", "image/webp"),
    (".yaml", "application/yaml"),
    (".yml", "application/yaml"),
):
    # Versions of Python differ in these, or have none.
    _MIME_TYPES.add_type(_type, _extension)


def normalize_media_type(written: str) -> str:
    """Return a media type without its parameters, in lower case."""
    return written.partition(";")[0].strip().lower()


def detect_media_type(name: str, declared: str, content: bytes) -> str:
    """Return the media type with which a file is served.

    It comes from the parts of an office document or the signature in the first bytes, else from the
    extension of the name, else from the Content-Type declared at the upload. For a zip archive, an
    extension may be more specific than the signature. A text in UTF-8 gets a charset, because
    browsers assume another encoding.
    """
    head = content[:SNIFFED_BYTES]
    named = _detect_by_name(name)
    seen = detect_document_type(name, content) or _detect_by_signature(head)
    if seen == "application/zip" and ZIP_BASED_FORMATS.fullmatch(named):
        seen = named
    found = next(
        kind for kind in (seen, named, _detect_by_content_type(declared), OCTET_STREAM) if kind
    )
    if found.startswith("text/") and _is_utf_8(head, whole=len(content) <= SNIFFED_BYTES):
        return f"{found}; charset=utf-8"
    return found


def _detect_by_signature(head: bytes) -> str:
    # Not before the first upload: its modules would take a fiftieth of the start.
    import filetype  # noqa: PLC0415 - see above

    kind = filetype.guess(head)
    if kind is None or kind.mime == OCTET_STREAM:
        return ""
    return str(kind.mime) if kind.mime in TEXT_LIKE_FORMATS or BINARY_BYTES.search(head) else ""


def _detect_by_name(name: str) -> str:
    named, compression = _MIME_TYPES.guess_type(f"./{name}")  # not a URL, whatever it looks like
    if compression:
        return COMPRESSION_MEDIA_TYPES.get(compression, "")
    return named if named and named != OCTET_STREAM else ""


def _detect_by_content_type(sent: str) -> str:
    kind = normalize_media_type(sent)
    return kind if MEDIA_TYPE_PATTERN.fullmatch(kind) and kind != OCTET_STREAM else ""


def _is_utf_8(head: bytes, *, whole: bool) -> bool:
    try:
        # Incremental: the last character of the examined bytes may be cut in the middle.
        getincrementaldecoder("utf-8")().decode(head, final=whole)
    except UnicodeDecodeError:
        return False
    return True
