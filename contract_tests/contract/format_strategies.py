"""Strategies for the contract's own string formats, so that generated values are valid."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import schemathesis
from hypothesis import strategies as st

DATE_TIME = "date-time-local"
DATE_TIME_FORMAT = "%Y-%m-%d %H:%M:%S"
CST_OFFSET = timedelta(hours=8)
"""Offset of China Standard Time, the zone of the contract's date-times."""
SAMPLE_DATES = tuple(date(2025, 4, day) for day in range(19, 24))
"""A few dates that are drawn often, so that two times often fall on one day or on neighbours."""


def is_date_time(text: str) -> bool:
    """Return whether a text is an existing date and time written as `yyyy-MM-dd HH:mm:ss`."""
    try:
        moment = datetime.strptime(text, DATE_TIME_FORMAT)  # noqa: DTZ007 - the contract has no zone
    except ValueError:
        return False
    # strptime accepts "2025-4-1 9:00:00" too; the contract requires two digits.
    return moment.isoformat(" ") == text


def register_formats() -> None:
    """Register strategies for the contract's own formats with schemathesis."""
    # Dates drawn from all of st.dates() are almost never equal or adjacent.
    days = st.sampled_from(SAMPLE_DATES) | st.dates()
    moments = st.builds(datetime.combine, days, st.times().map(_without_microseconds))
    texts = moments.map(lambda moment: moment.isoformat(" "))
    schemathesis.openapi.format(DATE_TIME, texts)


def _without_microseconds(moment: time) -> time:
    return moment.replace(microsecond=0)
