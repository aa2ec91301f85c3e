"""Strategies for the contract's own string formats, so that what is generated is valid."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import schemathesis
from hypothesis import strategies as st

DATE_TIME = "date-time-local"
DATE_TIME_FORMAT = "%Y-%m-%d %H:%M:%S"
CST_OFFSET = timedelta(hours=8)
"""China Standard Time, in which the contract's moments are."""
SAMPLE_DATES = tuple(date(2025, 4, day) for day in range(19, 24))
"""A few days that meet often, so that rules about two times on one day are tried on both sides."""


def is_date_time(text: str) -> bool:
    """Whether a text is a moment that the calendar knows, as `yyyy-MM-dd HH:mm:ss`."""
    try:
        moment = datetime.strptime(text, DATE_TIME_FORMAT)  # noqa: DTZ007 - the contract has no zone
    except ValueError:
        return False
    return moment.isoformat(" ") == text


def register_formats() -> None:
    """Teach schemathesis the contract's own formats."""
    days = st.sampled_from(SAMPLE_DATES) | st.dates()
    moments = st.builds(datetime.combine, days, st.times().map(_without_microseconds))
    texts = moments.map(lambda moment: moment.isoformat(" "))
    schemathesis.openapi.format(DATE_TIME, texts)


def _without_microseconds(moment: time) -> time:
    return moment.replace(microsecond=0)
