"""Names of uploaded files: the header of a part, read as Spring reads it (F14).

Spring's `ContentDisposition` accepts three forms, which all occur in practice:

    filename="名单.xlsx"                              browsers, curl (UTF-8)
    filename*=UTF-8''%E5%90%8D%E5%8D%95.xlsx          RFC 5987, preferred to the first
    filename="=?UTF-8?B?5ZCN5Y2VLnhsc3g=?="           RFC 2047, .NET and mail libraries
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from mock_server.errors import display_text

ENCODED_WORD = re.compile(rb"=\?([0-9A-Za-z_-]+)(?:\*[0-9A-Za-z-]*)?\?([BbQq])\?([!->@-~]*)\?=")
"""An encoded word: charset, optional language (RFC 2231), encoding, text."""
EXTENDED_VALUE = re.compile(rb"(?:([^']*)'[^']*')?((?:[0-9A-Za-z!#$&+.^_`|~-]|%[0-9A-Fa-f]{2})*)")
EXTENDED_CHARSETS = {"": "ascii", "utf-8": "utf-8", "iso-8859-1": "latin-1"}
"""Charsets of `filename*`; Spring refuses any other."""
WORD_CHARSETS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "iso-8859-1": "latin-1",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5",
}
"""Charsets of encoded words. Python's list of codecs would include some that are no charsets."""
SPLITTING_MARK = re.compile(rb'\\["\\]|[;"]')
"""A semicolon, a quote, or an escaped quote or backslash, which is neither."""
QUOTED_PAIR = re.compile(rb'\\(["\\])')
ESCAPES_OF_BROWSERS = {b"%22": b'"', b"%0D": b"\r", b"%0A": b"\n"}
"""Characters that browsers escape in a name (HTML, 4.10.22.8), and nothing else, not even `%`."""
EXTENDED_EXAMPLE = "filename*=UTF-8''%E5%90%8D%E5%8D%95.xlsx"


class FileNameError(ValueError):
    """A file name cannot be decoded: the broken rule, what is accepted, what was found."""

    def __init__(self, rule: str, accepted: str, found: bytes) -> None:
        super().__init__(rule)
        self.rule = rule
        self.accepted = accepted
        self.found = _show(found)


def read_part_name(header: bytes) -> bytes | None:
    """Return the name of a part by its Content-Disposition, or None if there is none."""
    name = None
    for attribute, value in _parameters(header):
        if attribute == b"name":
            name = _unquote(value)
    return name


def read_file_name(header: bytes) -> str | None:
    """Return the file name in a Content-Disposition, without directories; None if there is none.

    Raises FileNameError for a name in another charset than UTF-8, or one that cannot be decoded.
    """
    plain = extended = None
    for attribute, value in _parameters(header):
        if attribute == b"filename*":
            extended = value
        elif attribute == b"filename" and plain is None:
            plain = value
    if extended is not None:
        return without_directories(_decode_extended(extended))
    return None if plain is None else without_directories(_decode_plain(_unquote(plain)))


def without_directories(name: str) -> str:
    r"""Return what follows the last `/` or `\` of a name (RFC 7578, 4.2)."""
    return name.replace("\\", "/").rpartition("/")[2]


def _parameters(header: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the lower-case attributes and the values of a header, still quoted."""
    for text in _split_at_semicolons(header)[1:]:
        attribute, separator, value = text.partition(b"=")
        if separator:
            yield attribute.strip().lower(), value.strip()


def _split_at_semicolons(header: bytes) -> list[bytes]:
    """Return the parts of a header between semicolons that are not quoted."""
    parts, start, is_quoted = [], 0, False
    for mark in SPLITTING_MARK.finditer(header):
        if mark[0] == b'"':
            is_quoted = not is_quoted
        elif mark[0] == b";" and not is_quoted:
            parts.append(header[start : mark.start()])
            start = mark.end()
    return [*parts, header[start:]]


def _unquote(value: bytes) -> bytes:
    if not (len(value) > 1 and value.startswith(b'"') and value.endswith(b'"')):
        return value
    value = QUOTED_PAIR.sub(rb"\1", value[1:-1])
    for escape, character in ESCAPES_OF_BROWSERS.items():
        value = value.replace(escape, character)
    return value


def _decode_plain(value: bytes) -> str:
    if value.startswith(b"=?") and ENCODED_WORD.search(value):
        return _decode_words(value)
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        raise FileNameError("fileNameCharset", "UTF-8", value) from None


def _decode_extended(value: bytes) -> str:
    """Return the text of a `filename*` (RFC 5987)."""
    value = value[1:-1] if value.startswith(b'"') and value.endswith(b'"') else value
    written = EXTENDED_VALUE.fullmatch(value)
    charset = (
        EXTENDED_CHARSETS.get((written[1] or b"").decode("latin-1").lower()) if written else ""
    )
    if written is None or not charset:
        raise FileNameError("fileNameExtended", EXTENDED_EXAMPLE, value)
    try:
        return unquote_to_bytes(written[2]).decode(charset)
    except UnicodeDecodeError:
        raise FileNameError("fileNameExtended", EXTENDED_EXAMPLE, value) from None


def _decode_words(value: bytes) -> str:
    """Return a text with encoded words (RFC 2047); spaces between two of them do not count."""
    # The bytes of words that follow each other are joined first: mail libraries divide a long name
    # within a character.
    runs: list[tuple[str, bytes]] = []
    try:
        end = 0
        for word in ENCODED_WORD.finditer(value):
            if between := value[end : word.start()].strip():
                runs.append(("utf-8", between))
            charset = WORD_CHARSETS[word[1].decode("ascii").lower()]
            runs.append((charset, _decode_word(word)))
            end = word.end()
        runs.append(("utf-8", value[end:]))
        return "".join(content.decode(charset) for charset, content in _join_runs(runs))
    except (KeyError, UnicodeDecodeError, binascii.Error):
        raise FileNameError("fileNameWord", "=?UTF-8?B?…?=", value) from None


def _decode_word(word: re.Match[bytes]) -> bytes:
    if word[2] in b"Bb":
        return base64.b64decode(word[3] + b"=" * (-len(word[3]) % 4), validate=True)
    return quopri.decodestring(word[3], header=True)


def _join_runs(runs: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """Return the runs, each joined with those of the same charset that follow it."""
    joined: list[tuple[str, bytes]] = []
    for charset, content in runs:
        if joined and joined[-1][0] == charset:
            joined[-1] = (charset, joined[-1][1] + content)
        else:
            joined.append((charset, content))
    return joined


def _show(value: bytes) -> str:
    """Return a name that is not UTF-8 for an error: as GBK, if it can be, else with its bytes."""
    if value.isascii():
        return display_text(value.decode("ascii"))
    try:
        return f"{display_text(value.decode('gbk'))} (GBK)"
    except UnicodeDecodeError:
        return display_text(value.decode("ascii", "backslashreplace"))
