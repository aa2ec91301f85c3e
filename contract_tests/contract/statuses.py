"""Meaning of a status: acceptance, refusal, or neither."""

from __future__ import annotations

from typing import Literal

REDIRECT_STATUSES = frozenset({300, 301, 302, 303, 305, 307, 308})
"""Redirects; 304 is not one of them."""
BUSY_STATUSES = frozenset({429, 503})
"""Statuses that ask the client to come back later (RFC 6585, 4; RFC 9110, 15.6.4)."""
StatusMeaning = Literal["accepted", "refused", "answered"]


def is_success(status: int) -> bool:
    """Return whether a status means that the request was accepted."""
    return 200 <= status < 300


def status_meaning(status: int) -> StatusMeaning:
    """Return the meaning of a status: 304 or 101 neither accept nor refuse a request."""
    if is_success(status):
        return "accepted"
    # A 5xx is reported as a server error before anybody asks for its meaning.
    return "refused" if status >= 400 else "answered"
