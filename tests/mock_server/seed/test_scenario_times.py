"""Times of a scenario, absolute and relative."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from mock_server.clock import DEFAULT_INSTANT
from mock_server.domain.datetime_text import format_datetime
from mock_server.seed.scenario_times import ACCEPTED_TIMES, resolve_time
from mock_server.seed.scenario_validation import scenario_schema

TIMES = {
    "now": "2025-04-21 09:00:00",
    "-2h": "2025-04-21 07:00:00",
    "+1d": "2025-04-22 09:00:00",
    "+1d12h30m5s": "2025-04-22 21:30:05",
    "today 10:00": "2025-04-21 10:00:00",
    "-1d 09:30": "2025-04-20 09:30:00",
    "+1d 23:59:59": "2025-04-22 23:59:59",
    "2025-05-01 00:00:00": "2025-05-01 00:00:00",
}


@pytest.mark.parametrize(("written", "expected"), TIMES.items())
def test_a_time_is_counted_from_the_instant_of_the_world(written: str, expected: str) -> None:
    """Also a time of a day, which does not depend on the time of the world."""
    assert format_datetime(resolve_time(written, DEFAULT_INSTANT)) == expected
    midnight = DEFAULT_INSTANT + timedelta(hours=15)
    absolute = written[:1].isdigit()
    assert (resolve_time(written, midnight) == resolve_time(written, DEFAULT_INSTANT)) is absolute


@pytest.mark.parametrize(
    "written",
    ["", "2h", "+2", "tomorrow", "2025-02-31 00:00:00", "+1d 25:00", "-999999d", "+999999999d"],
)
def test_a_text_that_is_no_time_is_refused(written: str) -> None:
    """Also one that is beyond the years of the clock."""
    with pytest.raises(ValueError, match=r"beyond|yyyy|day|hour|Invalid"):
        resolve_time(written, DEFAULT_INSTANT)


def test_the_examples_of_the_schema_are_the_accepted_times() -> None:
    """The form in the schema admits each of them, and an error names them."""
    time = scenario_schema()["$defs"]["time"]
    assert ", ".join(time["examples"]) == ACCEPTED_TIMES
    for written in (*time["examples"], *TIMES):
        assert re.fullmatch(time["pattern"], written)
        resolve_time(written, DEFAULT_INSTANT)
