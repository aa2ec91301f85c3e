"""The contract's examples moved from spring 2025 to the target's present.

A task of that time would be over on a server of today, and could not be terminated.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any

import requests

from contract_tests.runner.check_run import CheckRun

EXAMPLES_START = datetime(2025, 4, 21, 9, tzinfo=timezone(timedelta(hours=8)))
"""Time of the examples: records that they start begin later, running ones began before."""
DATE_TIME_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d")
DATE_TIME_PATTERN = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}(:[0-9]{2})?)?", re.ASCII
)
ONE_DAY = timedelta(days=1)


def days_since_examples(run: CheckRun) -> int:
    """Return how many days the target's time is after that of the examples, rounded up.

    The time is that of its clock, or else of the Date of a response; 0 if there is none.
    """
    clock = run.probe_runner.clock
    try:
        now = clock.now() if clock else _fetch_server_date(run)
        # Rounded up: what starts after the examples' time must also start after the target's.
        return -((EXAMPLES_START - now) // ONE_DAY)
    except (requests.RequestException, LookupError, TypeError, ValueError, OverflowError):
        return 0


def shift_dates(node: Any, days: int) -> Any:
    """Return the data with each date and time moved by this many days; the input is unchanged."""
    if isinstance(node, dict):
        return {name: shift_dates(value, days) for name, value in node.items()}
    if isinstance(node, list):
        return [shift_dates(value, days) for value in node]
    if isinstance(node, str) and DATE_TIME_PATTERN.fullmatch(node):
        return _shift_date(node, days)
    return node


def _fetch_server_date(run: CheckRun) -> datetime:
    answer = run.caller.session.get(f"{run.target.url}/", allow_redirects=False)
    return parsedate_to_datetime(answer.headers["Date"])


def _shift_date(text: str, days: int) -> str:
    for form in DATE_TIME_FORMATS:
        try:
            moment = datetime.strptime(text, form)  # noqa: DTZ007 - the contract has no zone
            return (moment + days * ONE_DAY).strftime(form)
        except ValueError:
            continue
    return text  # a date that does not exist
