"""Decisions about repeating a request: to a busy server, or after a dropped connection."""

from __future__ import annotations

from datetime import UTC, datetime

import requests

from contract_tests.contract.headers import parse_http_date
from contract_tests.contract.statuses import BUSY_STATUSES
from contract_tests.target.requests_compat import is_connection_refused

BACKOFF_SECONDS = (0.5, 1.0, 2.0)
"""Seconds before each repeat to a busy server that sends no `Retry-After`."""
MAX_TOTAL_WAIT_SECONDS = 60.0
"""Total seconds that a run waits for a busy server."""
MAX_RETRIES = 10
"""Maximum repeats of one request, however short the delays that the server asks for."""
MIN_PAUSE_SECONDS = 0.05
"""Minimum delay before a repeat, in seconds."""


def is_dropped_connection(error: requests.RequestException) -> bool:
    """Return whether the connection ended before the response did, other than by a timeout.

    A body cut short and TLS without a closing alert count; a failing proxy does not.
    """
    # A repeat after a timeout would take as long again; a failing proxy is a setting of this
    # machine.
    is_other = isinstance(error, requests.Timeout | requests.exceptions.ProxyError)
    ends = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)
    return isinstance(error, ends) and not is_other


def may_have_arrived(error: requests.RequestException) -> bool:
    """Return whether an unanswered request may have arrived, since there was a connection."""
    return not is_connection_refused(error) and not isinstance(error, requests.ConnectTimeout)


def retry_delay(answer: requests.Response, repeat: int) -> float | None:
    """Return the seconds until a request to a busy server is repeated; None if it must not be.

    The delay is that of `Retry-After`, else the one in BACKOFF_SECONDS for this repeat, where 0 is
    the first.
    """
    if answer.status_code not in BUSY_STATUSES or repeat >= MAX_RETRIES:
        return None
    asked = _retry_after(answer)
    if asked is not None:
        return max(asked, MIN_PAUSE_SECONDS)
    return BACKOFF_SECONDS[repeat] if repeat < len(BACKOFF_SECONDS) else None


def _retry_after(answer: requests.Response) -> float | None:
    """Return the seconds in `Retry-After`, or until its date (RFC 9110, 10.2.3); else None.

    A date is compared with the `Date` of the response, since the server's clock may differ from
    ours.
    """
    text = answer.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        # float() of hundreds of digits is infinity; 20 are longer than any run.
        return float(text[:20])
    then, now = parse_http_date(text), parse_http_date(answer.headers.get("Date", ""))
    if then is None:
        return None
    # Without a Date only our own clock remains.
    return (then - (now or datetime.now(UTC))).total_seconds()  # noqa: TID251
