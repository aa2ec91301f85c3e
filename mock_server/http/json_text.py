"""JSON as RFC 8259 defines it, within limits that are checked before it is parsed."""

from __future__ import annotations

import math
from typing import Any

import jiter

from mock_server.errors import Invalid, TooLarge, Violation

MANY_BYTES = 2**18
"""From this many bytes on, to parse and check a hostile text takes tens of milliseconds."""
MANY_VALUES = 20_000
"""From this many values on, so does a shorter text."""
BLOCK = 2**20
ALIKE = bytes.maketrans(b"123456789E", b"000000000e")
MANY_DIGITS, TOO_MANY_DIGITS = b"0" * 30, b"0" * 300
"""The longer is seldom looked for: to prepare for that takes longer than to find the shorter."""


def read_json(raw: bytes) -> Any:
    """Decode JSON as RFC 8259 means it; no NaN, no duplicate key, no lone surrogate.

    Raises Invalid with what is wrong and where in the text.
    """
    try:
        value = jiter.from_json(raw, catch_duplicate_keys=True, allow_inf_nan=False)
    except ValueError as error:
        raise Invalid(Violation("/body", "json", "application/json", str(error)[:120])) from None
    if _may_overflow(raw.translate(ALIKE)) and not _finite(value):
        raise Invalid(Violation("/body", "json", "application/json", "number out of range"))
    return value


def is_large(raw: bytes) -> bool:
    """Return whether this text may take too long where others wait."""
    return len(raw) > MANY_BYTES or _at_most(raw) > MANY_VALUES


def check_values(raw: bytes, limit: int) -> None:
    """Count the values of a text without parsing it; raises TooLarge when there are more.

    A value is an object, an array, a text, a number, true, false or null. Names of fields are none.
    """
    if _at_most(raw) <= limit:
        return
    found, within = 1, False
    plain = raw.replace(b"\\\\", b"").replace(b'\\"', b"")
    for start in range(0, len(plain), BLOCK):
        pieces = plain[start : start + BLOCK].split(b'"')
        outside = b'"'.join(pieces[within::2]).translate(None, b" \t\r\n")
        found += _at_most(outside) - 1 - outside.count(b"[]") - outside.count(b"{}")
        within ^= len(pieces) % 2 == 0
        if found > limit:
            accepted = f"maxJsonValues {limit}"
            raise TooLarge(Violation("/body", "maxJsonValues", accepted, f"> {limit}"))


def _at_most(raw: bytes) -> int:
    """Values that a text has at most: each but the first follows a comma or an opening bracket."""
    return 1 + raw.count(b",") + raw.count(b"[") + raw.count(b"{")


def _may_overflow(digits: bytes) -> bool:
    """Return whether a number may be too large for a float, which jiter reads as infinity."""
    return (
        b"0e000" in digits
        or b"0e+000" in digits
        or (MANY_DIGITS in digits and TOO_MANY_DIGITS in digits)
    )


def _finite(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, dict):
        return all(map(_finite, value.values()))
    return not isinstance(value, list) or all(map(_finite, value))
