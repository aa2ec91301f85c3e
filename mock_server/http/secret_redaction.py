"""Redaction of secrets in what is shown of requests and responses: headers, queries and bodies.

A body may be cut or invalid, so it is never parsed as a whole: what is not a secret stays as it was
sent, byte for byte.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from urllib.parse import unquote_plus

from mock_server.sessions.journal import JournalEntry

REDACTED = "[Filtered]"
SECRET_NAME = re.compile(
    r"(token|passw(or)?d|pwd|secret|authorization|api[-_]?key|credentials?|jwt|cookie)\Z",
    re.IGNORECASE,
)
"""Names of fields, parameters and header fields whose values are secrets."""
AUTHORIZATION_FIELDS = ("authorization", "proxy-authorization")
AUTHORIZATION_SCHEMES = ("basic", "bearer", "digest")
ADDRESS_FIELDS = ("content-location", "location", "referer")
"""Header fields that contain a URL."""
STRING = r'"[^"\\]*(?:\\.[^"\\]*)*"?'
JSON_NAME = re.compile(rf"({STRING})(\s*:\s*)?", re.DOTALL)
"""A string of a JSON text, possibly cut; followed by a colon, it is the name of a member."""
JSON_SCALAR = re.compile(rf"{STRING}|[^\s,\]}}\[{{]+", re.DOTALL)
JSON_SIGN = re.compile(rf"{STRING}|[\[\]{{}}]", re.DOTALL)
FORM_PAIR = re.compile(r"(?<![^?&#\s])([^?&#=\s]+)=([^&#\s]*)")
FORM_PART = re.compile(
    r'^((?>[^\r\n]*?\bname="?)([^"\r\n;]*+)[^\r\n]*+\r?\n(?:[^\r\n]++\r?\n){0,9}+\r?\n)'
    r"(.*?)(?=\r?\n--|\Z)",
    re.DOTALL | re.MULTILINE,
)
"""A part of a multipart form, from the line with the name of its field to the next boundary.

Its groups never give back what they took: otherwise a line with many `name=` would take hours."""
Field = tuple[str, str]


def is_secret_name(name: str) -> bool:
    """Return whether a value of this name is a secret."""
    return SECRET_NAME.search(name) is not None


def redact_header(name: str, value: str) -> str:
    """Return the value of a header field without secrets; of Authorization, the scheme stays."""
    key = name.lower()
    if key in AUTHORIZATION_FIELDS:
        scheme, _, rest = value.partition(" ")
        # A single word may be the credentials themselves, sent without a scheme.
        known = rest and scheme.lower() in AUTHORIZATION_SCHEMES
        return f"{scheme} {REDACTED}" if known else REDACTED
    if is_secret_name(key):
        return REDACTED
    return redact_form(value) if key in ADDRESS_FIELDS else value


def redact_headers(fields: Iterable[tuple[bytes, bytes]]) -> list[Field]:
    """Return the header fields of ASGI as texts without secrets."""
    texts = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in fields)
    return [(name, redact_header(name, value)) for name, value in texts]


def redact_target(entry: JournalEntry) -> str:
    """Return path and query of a recorded request as they were sent, without secrets."""
    path = entry.target.decode("latin-1") or entry.path
    query = redact_form(entry.query.decode("latin-1"))
    return f"{path}?{query}" if query else path


def redact_form(text: str) -> str:
    """Return a query string, the URL of one, or a urlencoded form without secrets."""

    def redact(pair: re.Match[str]) -> str:
        secret = pair[2] and is_secret_name(unquote_plus(pair[1]).removesuffix("[]"))
        return f"{pair[1]}={REDACTED}" if secret else pair[0]

    return FORM_PAIR.sub(redact, text)


def redact_body(text: str, media_type: str) -> str:
    """Return a body without secrets; `media_type` is its Content-Type, which need not be true."""
    if media_type.lower().startswith("multipart/"):
        return FORM_PART.sub(
            lambda part: part[1] + (REDACTED if is_secret_name(part[2]) else part[3]), text
        )
    if text.lstrip()[:1] in ("{", "[", '"'):
        return redact_json(text)
    return redact_form(redact_json(text))


def redact_json(text: str) -> str:
    """Return a JSON text, or the beginning of one, without secrets; null is not one."""
    pieces: list[str] = []
    done = position = 0
    while name := JSON_NAME.search(text, position):
        position = name.end()
        if name[2] is None or not is_secret_name(_decode_string(name[1])):
            continue
        end = _value_end(text, position)
        if text[position:end] not in ("", "null"):
            pieces += (text[done:position], f'"{REDACTED}"')
            done = position = end
    return "".join([*pieces, text[done:]])


def _decode_string(token: str) -> str:
    """Return the text of a JSON string, whose characters may be escaped."""
    if "\\" not in token:
        return token.strip('"')
    try:
        return str(json.loads(token, strict=False))
    except ValueError:
        return token.strip('"')


def _value_end(text: str, start: int) -> int:
    """Return where a JSON value ends: an object or a list where its last bracket is closed."""
    if text[start : start + 1] not in ("{", "["):
        scalar = JSON_SCALAR.match(text, start)
        return scalar.end() if scalar else start
    depth = 0
    for sign in JSON_SIGN.finditer(text, start):
        depth += 1 if sign[0] in "{[" else -1 if sign[0] in "}]" else 0
        if depth == 0:
            return sign.end()
    return len(text)
