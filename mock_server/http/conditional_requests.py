"""Conditional and range requests of downloads (RFC 9110).

If-Match and If-Unmodified-Since are ignored: a file never changes, and the contract documents no
412.
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
"""Replacement for numbers of more digits, which `int` may refuse; larger than any file."""


def etag(file: StoredFile) -> str:
    """Return the file's strong ETag."""
    return f'"{file.signature}"'


def is_not_modified(file: StoredFile, headers: Mapping[str, str]) -> bool:
    """Return whether the client's copy is current.

    If-None-Match takes precedence over If-Modified-Since (RFC 9110, 13.2.2).
    """
    if tags := headers.get("if-none-match"):
        return parse_etags(tags).contains_weak(file.signature)  # weak comparison (13.1.2)
    try:
        since = parse_date(headers.get("if-modified-since"))
    except OverflowError:  # an offset from UTC that `datetime` cannot represent
        return False
    return since is not None and file.created <= since


def requested_range(file: StoredFile, headers: Mapping[str, str]) -> range | None:
    """Return the byte positions of the requested range, or None for the whole file.

    The whole file is also sent for several ranges, an invalid Range header, and an If-Range that
    does not match. Raises RangeNotSatisfiable (FI-13).
    """
    # RFC 9110, 14.2: a server may ignore Range. Several ranges would need multipart/byteranges,
    # which the contract does not document.
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
    """Return a Content-Disposition `inline` with the file's name.

    A name that is not ASCII is given twice (RFC 6266): replaced by `_` for old clients, and encoded
    in `filename*`.
    """
    plain = "".join(c if " " <= c <= "~" and c not in '"\\%' else "_" for c in name)
    extended = "" if plain == name else f"; filename*=UTF-8''{quote(name, safe='')}"
    return f'inline; filename="{plain}"{extended}'


def _validators(file: StoredFile) -> tuple[str, str]:
    # If-Range has to equal one of them (13.1.5): a weak tag or an earlier date never matches.
    return etag(file), http_date(file.created)


def _parse_range(asked: str, size: int) -> range | None:
    """Return the positions of a Range header's only range; None if it is invalid or has several."""
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
