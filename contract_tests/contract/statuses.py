"""Meaning of a status: acceptance, refusal, or neither."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

REDIRECTS = frozenset({300, 301, 302, 303, 305, 307, 308})
"""Not 304, which is an answer of its own."""
BUSY = frozenset({429, 503})
"""The server asks to be called later (RFC 6585, 4; RFC 9110, 15.6.4)."""
PATIENCE = 60.0
"""Seconds that a run waits, all in all, for a server that is busy."""
REDIRECTED = "Request was redirected"
TITLES = {429: "Still rate limited after retries", 503: "Still unavailable after retries"}
FAILED = "Server error"


class Finding(NamedTuple):
    """Title of a violation, with what was expected and what was received."""

    title: str
    text: str


def neither(status: int, headers: Mapping[str, str]) -> Finding | None:
    """Return the finding for an answer that neither accepts nor refuses a request; else None.

    A redirect is never followed, since the request carries credentials. A busy server has
    already been asked again as often as the run allows. `headers` are those of the answer; their
    names may be in any case.
    """
    if status in REDIRECTS:
        where = headers.get("location") or "none"
        text = f"Expected: an answer without a redirect\nGot: {status}, Location: {where}"
        return Finding(REDIRECTED, text)
    if status in BUSY:
        asked = headers.get("retry-after") or "none"
        text = (
            f"Expected: an answer after retries; a run waits {PATIENCE:.0f} s in all\n"
            f"Got: {status}, Retry-After: {asked}"
        )
        return Finding(TITLES[status], text)
    if status >= 500:
        return Finding(FAILED, f"Expected: no server error\nGot: {status}")
    return None


def is_success(status: int) -> bool:
    """Return whether a status accepts a request."""
    return 200 <= status < 300


def answered(status: int) -> str:
    """Return what an unexpected status did to a request: `accepted`, or `refused with ...`.

    A status such as 304 or 101 does neither.
    """
    if is_success(status):
        return "accepted"
    verb = "refused" if status >= 400 else "answered"
    return f"{verb} with another status"
