"""Parsing of Content-Type, stricter than that of frameworks."""

from __future__ import annotations

import re
from functools import lru_cache

import multipart

HTTP_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
MEDIA_TYPE_PATTERN = re.compile(rf"({HTTP_WORD}/{HTTP_WORD})[ \t]*")
BOUNDARY = r"[0-9A-Za-z'()+_,./:=?-]+"
"""A boundary (RFC 2046, 5.1.1) without spaces. Many clients do not quote it, though RFC 9110
requires it for some of these characters: `----=_Part_7_1.2` is what JavaMail sends."""
PARAMETER_PATTERN = re.compile(
    rf";[ \t]*(?:((?i:boundary))=({BOUNDARY})(?=[ \t]*(?:;|$))"
    rf'|({HTTP_WORD})=({HTTP_WORD}|"(?:[^"\\]|\\.)*"))?[ \t]*'
)
"""One parameter of a Content-Type (RFC 9110, 5.6.6); that of an unquoted boundary comes first.

Parameters are matched one at a time, so that no input causes backtracking. Possessive quantifiers
would prevent that, too, but are broken in Python 3.11.2, which Debian 12 has. Werkzeug's
`parse_options_header` ignores malformed and repeated parameters, which are refused here.
"""
UTF_8_NAMES = ("utf-8", "utf8")


@lru_cache(64)  # clients repeat the same few values
def parse_content_type(sent: bytes) -> tuple[str, str, str]:
    """Return media type, charset and boundary of a Content-Type; all empty if it is malformed."""
    text = sent.decode("latin-1")
    written = MEDIA_TYPE_PATTERN.match(text)
    parameters = _parse_parameters(text, written.end()) if written else None
    if written is None or parameters is None:
        return "", "", ""
    charset = parameters.get("charset", UTF_8_NAMES[0]).lower()
    return written[1].lower(), charset, parameters.get("boundary", "")


def _parse_parameters(text: str, start: int) -> dict[str, str] | None:
    """Return the parameters from `start`, or None if one is malformed or repeated."""
    found: dict[str, str] = {}
    while start < len(text):
        written = PARAMETER_PATTERN.match(text, start)
        if written is None:
            return None
        name, value = (written[1] or written[3] or "").lower(), written[2] or written[4]
        if name in found:
            return None
        if name:
            found[name] = multipart.header_unquote(value)
        start = written.end()
    return found
