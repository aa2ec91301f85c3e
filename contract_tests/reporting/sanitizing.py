"""Sanitizing of texts from servers and generators: secrets, control characters, length."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

from contract_tests.target.redaction import REDACTED, WRONG_CREDENTIALS, redact_fields

Sanitized = TypeVar("Sanitized")
MADE_UP_CREDENTIALS = {value.lower() for value in WRONG_CREDENTIALS.values()}
MAX_TEXT_CHARS = 4_000
"""Maximum displayed length of a text; report.json has all of it."""
MAX_COMMAND_CHARS = 10_000
"""Maximum displayed length of a command, which works only as a whole."""
CONTROL_CHARACTERS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)
"""Characters that move the cursor, ring the bell or reverse a line; tab and newline are kept."""
NON_XML_CHARACTERS = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot contain, not even escaped."""
AUTHORIZATION_HEADER = re.compile(
    r"(authorization[\"']?\s*:\s*[\"']?)((?:basic|bearer)\s+[\w.~+/=-]+)", re.IGNORECASE
)
SECRET_FORM_FIELD = re.compile(
    r"(?<![\w-])([\w-]*(?:token|password|secret)=)(?!\$)[^&\s\"'\\]+", re.ASCII | re.IGNORECASE
)
URL_USERINFO = re.compile(r"(\bhttps?://)[^\s/@\"']+@", re.IGNORECASE)
ESCAPED_JSON_SECRET = re.compile(
    r'(\\"[\w-]*(?:token|password|secret)\\"\s*:\s*\\")(?:(?!\\?").)*', re.ASCII | re.IGNORECASE
)


def redact_secrets(text: str) -> str:
    """Return the text without anything that looks like a password, a client secret or a token.

    Known secrets have been redacted before; this is for unknown ones.
    """
    text = ESCAPED_JSON_SECRET.sub(rf"\1{REDACTED}", redact_fields(text))
    text = SECRET_FORM_FIELD.sub(rf"\1{REDACTED}", AUTHORIZATION_HEADER.sub(_redact_header, text))
    return URL_USERINFO.sub(rf"\1{REDACTED}@", text)


def map_strings(data: Any, change: Callable[[str], str]) -> Any:
    """Return plain data (dataclasses, lists, tuples, dicts) with every text and key changed."""
    # Our own identifiers; changing one would make it a plain text.
    if isinstance(data, StrEnum):
        return data
    if isinstance(data, str):
        return change(data)
    if is_dataclass(data) and not isinstance(data, type):
        values = {each.name: map_strings(getattr(data, each.name), change) for each in fields(data)}
        return replace(data, **values)
    if isinstance(data, dict):
        return {map_strings(k, change): map_strings(v, change) for k, v in data.items()}
    if isinstance(data, list | tuple):
        return type(data)([map_strings(each, change) for each in data])
    return data


def escape_control_characters(text: str) -> str:
    r"""Return the text with control characters and lone surrogates escaped (`\x1b`, `\ud800`)."""
    text = CONTROL_CHARACTERS.sub(lambda found: _escape_character(found[0]), text)
    return text.encode("utf-8", "backslashreplace").decode()


def sanitize(found: Sanitized, limit: int = MAX_COMMAND_CHARS) -> Sanitized:
    """Return a record, or a part, printable, without secrets, with long texts cut."""

    def present(text: str) -> str:
        # Cut first, since the patterns are slow on megabytes; far beyond the limit, since redaction
        # can shorten the text.
        head = text[: 4 * limit]
        return truncate(escape_control_characters(redact_secrets(head)), limit, len(text))

    shown: Sanitized = map_strings(found, present)
    return shown


def remove_non_xml_characters(text: str) -> str:
    """Return the printable text without characters that XML cannot contain."""
    return NON_XML_CHARACTERS.sub("", escape_control_characters(text))


def truncate(text: str, limit: int = MAX_TEXT_CHARS, whole: int = 0) -> str:
    """Return the text, or its beginning and length; `whole` is the length before earlier cuts."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]} … ({max(whole, len(text)):,} characters; report.json has them all)"


def _redact_header(found: re.Match[str]) -> str:
    value = " ".join(found[2].lower().split())
    # Without these credentials, the command would not reproduce the violation.
    return found[0] if value in MADE_UP_CREDENTIALS else found[1] + REDACTED


def _escape_character(sign: str) -> str:
    code = ord(sign)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
