"""Parsing of `application/x-www-form-urlencoded` (reading `token-request-form`, decision A3)."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import unquote_to_bytes

from mock_server.errors import ContentTooLarge, ErrorDetail
from openapi import escape_token

URLENCODED_FORM = "application/x-www-form-urlencoded"
MAX_FORM_BYTES = 2**16
"""Maximum size of a form; a longer one of nothing but escapes would take tens of milliseconds."""
MAX_FIELDS = 100


def read_fields(chunks: Sequence[bytes], violations: list[ErrorDetail]) -> dict[str, str]:
    """Return the texts of a form by name; repeated and undecodable ones go to `violations`.

    A field without a value counts as absent (RFC 6749, appendix B and 3.2). Raises ContentTooLarge.
    """
    raw = b"".join(chunks)
    if len(raw) > MAX_FORM_BYTES:
        accepted = f"maxFormText {MAX_FORM_BYTES}"
        raise ContentTooLarge(ErrorDetail("/body", "maxFormText", accepted, str(len(raw))))
    pairs = [pair for pair in raw.split(b"&") if pair]
    if len(pairs) > MAX_FIELDS:
        violations.append(
            ErrorDetail("/body", "maxItems", f"maxItems {MAX_FIELDS}", str(len(pairs)))
        )
        return {}
    found: dict[str, str] = {}
    for pair in pairs:
        name, _, value = pair.partition(b"=")
        try:
            key, text = _decode(name), _decode(value)
        except UnicodeDecodeError:
            where = name.decode("ascii", "replace")[:80]
            violations.append(ErrorDetail(f"/body/{escape_token(where)}", "utf8", "UTF-8"))
            continue
        if key in found:
            violations.append(ErrorDetail(f"/body/{escape_token(key[:80])}", "repeated", "1"))
        elif text:
            found[key] = text
    return found


def _decode(raw: bytes) -> str:
    return unquote_to_bytes(raw.replace(b"+", b" ")).decode("utf-8")
