"""JSON as RFC 8259 defines it, within limits that are checked before it is parsed."""

from __future__ import annotations

import math
from typing import Any

import jiter

from mock_server.errors import ContentTooLarge, ErrorDetail, InvalidRequest

LARGE_TEXT_BYTES = 2**18
"""From this many bytes on, to parse and check a hostile text takes tens of milliseconds."""
LARGE_TEXT_VALUES = 20_000
"""From this many values on, so does a shorter text."""
BLOCK_BYTES = 2**20
DIGITS_TO_ZERO = bytes.maketrans(b"123456789E", b"000000000e")
LONG_NUMBER, OVERFLOWING_NUMBER = b"0" * 30, b"0" * 300
"""The longer is seldom looked for: to prepare for that takes longer than to find the shorter."""


def read_json(raw: bytes) -> Any:
    """Decode JSON as RFC 8259 means it; no NaN, no duplicate key, no lone surrogate.

    Raises InvalidRequest with what is wrong and where in the text.
    """
    try:
        value = jiter.from_json(raw, catch_duplicate_keys=True, allow_inf_nan=False)
    except ValueError as error:
        raise InvalidRequest(
            ErrorDetail("/body", "json", "application/json", str(error)[:120])
        ) from None
    if _may_overflow(raw.translate(DIGITS_TO_ZERO)) and not _is_finite(value):
        raise InvalidRequest(
            ErrorDetail("/body", "json", "application/json", "number out of range")
        )
    return value


def is_large_text(raw: bytes) -> bool:
    """Return whether this text may take too long where others wait."""
    return len(raw) > LARGE_TEXT_BYTES or _max_value_count(raw) > LARGE_TEXT_VALUES


def check_value_count(raw: bytes, limit: int) -> None:
    """Count the values of a text without parsing it; raises ContentTooLarge when there are more.

    A value is an object, an array, a text, a number, true, false or null. Names of fields are none.
    """
    if _max_value_count(raw) <= limit:
        return
    found, within = 1, False
    plain = raw.replace(b"\\\\", b"").replace(b'\\"', b"")
    for start in range(0, len(plain), BLOCK_BYTES):
        pieces = plain[start : start + BLOCK_BYTES].split(b'"')
        outside = b'"'.join(pieces[within::2]).translate(None, b" \t\r\n")
        found += _max_value_count(outside) - 1 - outside.count(b"[]") - outside.count(b"{}")
        within ^= len(pieces) % 2 == 0
        if found > limit:
            accepted = f"maxJsonValues {limit}"
            raise ContentTooLarge(ErrorDetail("/body", "maxJsonValues", accepted, f"> {limit}"))


def _max_value_count(raw: bytes) -> int:
    """Values that a text has at most: each but the first follows a comma or an opening bracket."""
    return 1 + raw.count(b",") + raw.count(b"[") + raw.count(b"{")


def _may_overflow(digits: bytes) -> bool:
    """Return whether a number may be too large for a float, which jiter reads as infinity."""
    return (
        b"0e000" in digits
        or b"0e+000" in digits
        or (LONG_NUMBER in digits and OVERFLOWING_NUMBER in digits)
    )


def _is_finite(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, dict):
        return all(map(_is_finite, value.values()))
    return not isinstance(value, list) or all(map(_is_finite, value))
