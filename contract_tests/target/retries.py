"""Decisions about repeating a request: to a busy server, or after a dropped connection."""

from __future__ import annotations

from datetime import UTC, datetime

import requests

from contract_tests.contract.headers import http_date
from contract_tests.contract.statuses import BUSY_STATUSES
from contract_tests.target.requests_compat import is_connection_refused

BACKOFF_SECONDS = (0.5, 1.0, 2.0)
"""Seconds before each repeat for a busy server that does not say when to come again."""
MAX_TOTAL_WAIT_SECONDS = 60.0
"""Seconds that a run waits, all in all, for a server that is busy."""
MAX_RETRIES = 10
"""Repeats of one request at most, however short the pauses are that the server asks for."""
MIN_PAUSE_SECONDS = 0.05
"""Seconds of a pause at least."""


def is_dropped_connection(error: requests.RequestException) -> bool:
    """Return whether the connection ended before the answer did; a timeout is no such end.

    A body that is cut short and TLS without a closing alert are; a failing proxy is not.
    """
    is_other = isinstance(error, requests.Timeout | requests.exceptions.ProxyError)
    ends = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)
    return isinstance(error, ends) and not is_other


def may_have_arrived(error: requests.RequestException) -> bool:
    """Return whether an unanswered request may have arrived: there was a connection."""
    return not is_connection_refused(error) and not isinstance(error, requests.ConnectTimeout)


def retry_delay(answer: requests.Response, repeat: int) -> float | None:
    """Return the seconds until a busy server is asked again; None when it must not be.

    They are what `Retry-After` says, else those of BACKOFF_SECONDS for this repeat, 0 being the
    first.
    """
    if answer.status_code not in BUSY_STATUSES or repeat >= MAX_RETRIES:
        return None
    asked = _retry_after(answer)
    if asked is not None:
        return max(asked, MIN_PAUSE_SECONDS)
    return BACKOFF_SECONDS[repeat] if repeat < len(BACKOFF_SECONDS) else None


def _retry_after(answer: requests.Response) -> float | None:
    """Return the seconds in `Retry-After`, or until its date (RFC 9110, 10.2.3); else None.

    A date is compared with the `Date` of the answer: the server's clock need not be ours.
    """
    text = answer.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:20])
    then, now = http_date(text), http_date(answer.headers.get("Date", ""))
    if then is None:
        return None
    # Without a Date there is but our own time.
    return (then - (now or datetime.now(UTC))).total_seconds()  # noqa: TID251
