"""Lengths of texts in UTF-16 units, under the reading `text-length` (decision X7)."""

from __future__ import annotations

from typing import Any

UTF16_KEYWORDS = {"minLength": "minUtf16Length", "maxLength": "maxUtf16Length"}
"""Keywords of a translated schema that count UTF-16 units, by the ones that count characters."""
LAST_OF_ONE_UNIT = "\uffff"


def count_utf16_units(text: str) -> int:
    """Return the number of UTF-16 units of a text; an emoji is one character and two units."""
    if text.isascii():
        return len(text)
    return len(text) + sum(character > LAST_OF_ONE_UNIT for character in text)


class _MaxUtf16Length:
    """The keyword `maxUtf16Length`, as jsonschema-rs calls it."""

    def __init__(self, _schema: Any, limit: int, _path: Any) -> None:
        self._limit = limit

    def validate(self, value: Any) -> None:
        # Most texts are short enough for any characters, which are not counted then.
        if (
            isinstance(value, str)
            and len(value) * 2 > self._limit
            and count_utf16_units(value) > self._limit
        ):
            raise ValueError


class _MinUtf16Length:
    """The keyword `minUtf16Length`."""

    def __init__(self, _schema: Any, limit: int, _path: Any) -> None:
        self._limit = limit

    def validate(self, value: Any) -> None:
        if isinstance(value, str) and count_utf16_units(value) < self._limit:
            raise ValueError


LENGTH_KEYWORDS: dict[str, Any] = {
    "minUtf16Length": _MinUtf16Length,
    "maxUtf16Length": _MaxUtf16Length,
}
"""Keywords of our own for jsonschema-rs, which takes no others."""
