"""Preferences for the response to one request: `Prefer` (RFC 7240), or parameters of its query.

`Prefer: code=503`, `example=NAME` and `delay=800` may be combined with `,` or `;`. Callers that
cannot set headers send `__code`, `__example` and `__delay` in the query. Other preferences, such as
`return=minimal`, are ignored, as RFC 7240 requires; those of this module are refused if they have
no valid value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus

from mock_server.errors import ErrorDetail, InvalidRequest, display_text

HEADER_POINTER = "/header/Prefer"
QUERY_PREFIX = "__"
MAX_DELAY_MS = 600_000
"""Longest delay of a response, in milliseconds."""
STATUS_PATTERN = re.compile(r"[2-5][0-9][0-9]")
DELAY_PATTERN = re.compile(r"[0-9]{1,6}")
# Linear in the length of the text: no character can be matched in two ways.
ITEM_PATTERN = re.compile(r'(?:[^,;"]|"(?:[^"\\]|\\.)*"?)+', re.DOTALL)
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
NAMES = ("code", "example", "delay")
PREFERENCE_PARAMETERS = frozenset(QUERY_PREFIX + name for name in NAMES)
"""Query parameters of every operation that stand for a preference, as those of Prism."""
UNDOCUMENTED = "undocumented"
ACCEPTED = {
    "code": "code=200..599",
    "example": "example=NAME",
    "delay": f"delay=0..{MAX_DELAY_MS}",
}


@dataclass(frozen=True, slots=True)
class Preferences:
    """Preferences of one request.

    code: the status; example: the name of an example in the contract; delay: in milliseconds;
    undocumented: whether the status need not be documented; pointers: where each was asked for.
    """

    code: int | None = None
    example: str | None = None
    delay: int | None = None
    undocumented: bool = False
    pointers: Mapping[str, str] = field(default_factory=dict)

    def applied(self) -> str:
        """Return the value of `Preference-Applied`."""
        found = [f"{name}={value}" for name in NAMES if (value := getattr(self, name)) is not None]
        if self.undocumented and self.code is not None:
            found.insert(1, UNDOCUMENTED)
        return ", ".join(found)


def may_have_preferences(scope: Mapping[str, Any]) -> bool:
    """Return whether a request has a header `Prefer`, or `__` in its query; at little cost."""
    for name, _ in scope["headers"]:  # half the time of `any` with a generator
        if name == b"prefer":
            return True
    query: bytes = scope["query_string"]
    return bool(query) and query.find(b"__") >= 0  # half the time of `in`


def read_preferences(scope: Mapping[str, Any]) -> Preferences | None:
    """Return the preferences of a request, or None if it has none.

    The first of several values counts (RFC 7240, 2), and the header comes before the query. Raises
    InvalidRequest with every value that is not valid.
    """
    found: dict[str, str] = {}
    pointers: dict[str, str] = {}
    for name, value, pointer in [*_header_items(scope), *_query_items(scope)]:
        if name not in found:
            found[name], pointers[name] = value, pointer
    if not any(name in found for name in NAMES):
        return None
    violations = [
        ErrorDetail(pointers[name], "preference", ACCEPTED[name], f"{name}={display_text(value)}")
        for name, value in found.items()
        if not _is_valid(name, value)
    ]
    if violations:
        raise InvalidRequest(*violations)
    return Preferences(
        int(found["code"]) if "code" in found else None,
        found.get("example"),
        int(found["delay"]) if "delay" in found else None,
        UNDOCUMENTED in found,
        pointers,
    )


def without_preferences(query: bytes) -> bytes:
    """Return a query string without the parameters that are preferences."""
    kept = [part for part in query.split(b"&") if not _preference_of_parameter(part)]
    return b"&".join(kept)


def has_preference(value: bytes) -> bool:
    """Return whether a value of `Prefer` has a preference of this module."""
    return bool(_parse_items(value.decode("latin-1")))


def _is_valid(name: str, value: str) -> bool:
    if name == "code":
        return STATUS_PATTERN.fullmatch(value) is not None
    if name == "delay":
        return DELAY_PATTERN.fullmatch(value) is not None and int(value) <= MAX_DELAY_MS
    # An example's name is sent back in `Preference-Applied`, in which a line may not end.
    return name != "example" or (bool(value) and value.isprintable() and value.isascii())


def _header_items(scope: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return name, value and pointer of the preferences in all headers `Prefer`."""
    return [
        (name, value, HEADER_POINTER)
        for sent, text in scope["headers"]
        if sent == b"prefer"
        for name, value in _parse_items(text.decode("latin-1"))
    ]


def _query_items(scope: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return name, value and pointer of the preferences in the query.

    `__code=502;undocumented` is possible, too, so a value is parsed like that of the header.
    """
    found = []
    for part in scope["query_string"].split(b"&"):
        if name := _preference_of_parameter(part):
            text = unquote_plus(part.partition(b"=")[2].decode("latin-1"))
            items = _parse_items(f"{name}={text}") if name == "code" else [(name, text)]
            found += [(item, value, f"/query/{QUERY_PREFIX}{name}") for item, value in items]
    return found


def _preference_of_parameter(part: bytes) -> str:
    """Return the preference that a parameter of a query stands for, or an empty text."""
    sent = unquote_plus(part.partition(b"=")[0].decode("latin-1"))
    return sent.removeprefix(QUERY_PREFIX) if sent in PREFERENCE_PARAMETERS else ""


def _parse_items(text: str) -> list[tuple[str, str]]:
    """Return the preferences and their parameters, with names in lower case."""
    found = []
    for item in ITEM_PATTERN.findall(text):
        name, _, value = item.partition("=")
        name, value = name.strip().lower(), value.strip()
        if name in NAMES or name == UNDOCUMENTED:
            found.append((name, _unquote(value)))
    return found


def _unquote(value: str) -> str:
    """Return the text of a quoted string, or the value itself (RFC 9110, 5.6.4)."""
    if len(value) < 2 or value[0] != '"' or value[-1] != '"':
        return value
    return ESCAPED.sub(r"\1", value[1:-1])
