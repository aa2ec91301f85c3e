"""How a download may be asked for (RFC 9110): only when it has changed, only a part of it.

If-Match and If-Unmodified-Since are not looked at: a file never changes, and the contract has no
answer for a caller who thinks that it has (412).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from werkzeug.http import http_date, parse_date, parse_etags

from mock_server.domain.files import StoredFile
from mock_server.errors import ErrorDetail, RangeNotSatisfiable, display_text

RANGE_SPEC = re.compile("([0-9]*)-([0-9]*)")
HUGE_NUMBER = 10**20
"""Stands for every number of more digits; no file is nearly as large."""


def etag(file: StoredFile) -> str:
    """The file's ETag, a strong one."""
    return f'"{file.signature}"'


def is_not_modified(file: StoredFile, headers: Mapping[str, str]) -> bool:
    """Whether the caller's copy is current; If-None-Match outranks If-Modified-Since."""
    if tags := headers.get("if-none-match"):
        return parse_etags(tags).contains_weak(file.signature)
    try:
        since = parse_date(headers.get("if-modified-since"))
    except OverflowError:  # an offset from UTC that no time zone has
        return False
    return since is not None and file.created <= since


def requested_range(file: StoredFile, headers: Mapping[str, str]) -> range | None:
    """The places of the one range asked for; None is the whole file.

    Several ranges are answered with the whole file too, and so is a part of another version
    (If-Range, where a weak tag never matches). Raises RangeNotSatisfiable (FI-13).
    """
    size = len(file.content)
    asked = headers.get("range", "")
    found = _parse_range(asked, size)
    if found is None or headers.get("if-range", etag(file)) not in _validators(file):
        return None
    if not found:
        raise RangeNotSatisfiable(
            ErrorDetail("/header/Range", "FI-13", f"bytes 0-{size - 1}", display_text(asked)),
            headers={"Content-Range": f"bytes */{size}"},
        )
    return found


def content_disposition(name: str) -> str:
    """`inline` with the original name: ASCII for old clients, RFC 5987 when it is not ASCII."""
    plain = "".join(c if " " <= c <= "~" and c not in '"\\%' else "_" for c in name)
    extended = "" if plain == name else f"; filename*=UTF-8''{quote(name, safe='')}"
    return f'inline; filename="{plain}"{extended}'


def _validators(file: StoredFile) -> tuple[str, str]:
    return etag(file), http_date(file.created)


def _parse_range(asked: str, size: int) -> range | None:
    """The places of a Range header's only range; None when there is no valid one, or several."""
    unit, _, listed = asked.partition("=")
    specs = [spec for text in listed.split(",") if (spec := text.strip(" \t"))]
    match = RANGE_SPEC.fullmatch(specs[0]) if len(specs) == 1 else None
    if unit.lower() != "bytes" or match is None:
        return None
    first, last = (_parse_number(digits) for digits in match.groups())
    if first is None:
        return None if last is None else range(max(0, size - last), size)
    if last is None:
        return range(first, size)
    return range(first, min(last + 1, size)) if first <= last else None


def _parse_number(digits: str) -> int | None:
    if not digits:
        return None
    digits = digits.lstrip("0") or "0"
    return int(digits) if len(digits) <= 20 else HUGE_NUMBER
