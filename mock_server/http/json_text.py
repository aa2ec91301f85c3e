"""Parsing of JSON (RFC 8259) within limits that are checked before."""

from __future__ import annotations

import math
from typing import Any

import jiter

from mock_server.errors import ContentTooLarge, ErrorDetail, InvalidRequest

LARGE_TEXT_BYTES = 2**18
"""Size from which parsing and validating a hostile text may take tens of milliseconds."""
LARGE_TEXT_VALUES = 20_000
"""Number of values from which a shorter text may take as long."""
BLOCK_BYTES = 2**20
"""Bytes that are examined in one step, to limit the memory for their copies."""
DIGITS_TO_ZERO = bytes.maketrans(b"123456789E", b"000000000e")
"""Table that turns all digits to 0, so that a search finds any number of a given form."""
OUTSIDE_NUMBERS = bytes(set(range(256)).difference(b'0123456789eE+"\\,:'))
"""Bytes that are left out before the search: neither parts of a number nor what separates two."""
LONG_NUMBER, OVERFLOWING_NUMBER = b"0" * 30, b"0" * 210
"""Digits of a long number, and of one that may exceed a float, if `e99` follows. The search for the
second is slow to prepare, so it is done only if the first was found."""


def read_json(raw: bytes) -> Any:
    """Return the value of a JSON text without NaN, duplicate keys and lone surrogates.

    Raises InvalidRequest with the reason and its place in the text.
    """
    try:
        # Not orjson: it accepts duplicate keys, and services disagree about which one counts.
        value = jiter.from_json(raw, catch_duplicate_keys=True, allow_inf_nan=False)
    except ValueError as error:
        raise InvalidRequest(
            ErrorDetail("/body", "json", "application/json", str(error)[:120])
        ) from None
    if _may_overflow(raw.translate(DIGITS_TO_ZERO, OUTSIDE_NUMBERS)) and not _is_finite(value):
        raise InvalidRequest(
            ErrorDetail("/body", "json", "application/json", "number out of range")
        )
    return value


def is_slow_to_parse(raw: bytes) -> bool:
    """Return whether a text may take too long to parse on the event loop."""
    if len(raw) < LARGE_TEXT_VALUES:  # a value has at least one byte
        return False
    return len(raw) > LARGE_TEXT_BYTES or _max_value_count(raw) > LARGE_TEXT_VALUES


def check_value_count(raw: bytes, limit: int) -> None:
    """Raise ContentTooLarge if a text has more than `limit` values, without parsing it.

    A value is an object, an array, a string, a number, true, false or null; names of fields do not
    count.
    """
    # The upper bound is quick and enough for most texts. It also counts commas and brackets in
    # strings, which the exact count below leaves out.
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
    """Return an upper bound of the number of values in a text."""
    # Each value but the first follows a comma or an opening bracket.
    return 1 + raw.count(b",") + raw.count(b"[") + raw.count(b"{")


def _may_overflow(digits: bytes) -> bool:
    """Return whether a number may be too large for a float, which jiter reads as infinity.

    `digits` is the text after DIGITS_TO_ZERO. It may seem so where texts have digits and an "e".
    """
    if b"0e" in digits and (b"0e000" in digits or b"0e+000" in digits):
        return True
    # The length first, because texts full of digits, such as dates, slow these searches down.
    is_long = len(digits) >= len(OVERFLOWING_NUMBER)
    return is_long and LONG_NUMBER in digits and OVERFLOWING_NUMBER in digits


def _is_finite(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, dict):
        return all(map(_is_finite, value.values()))
    return not isinstance(value, list) or all(map(_is_finite, value))
