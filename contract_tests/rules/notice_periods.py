"""Probes of the period of a plan (L787-L788, L828-L829)."""

from __future__ import annotations

from collections.abc import Iterator

from contract_tests.rules.client import ApiClient, format_date, format_datetime
from contract_tests.rules.factories import LEAD_DAYS, new_group, new_plan, plan_body
from contract_tests.rules.notices import iter_plan_writes
from contract_tests.rules.outcome import ExpectedRefusal
from contract_tests.rules.probe_registry import ProbeRegistry
from contract_tests.rules.reading_dependent_requests import (
    PLAN_TIMES,
    is_accepted_or_observe_refusal,
)

probes = ProbeRegistry()
CREATE, UPDATE = "createMarketingNotice", "updateMarketingNotice"


@probes.accepted("MN-23", observes=(PLAN_TIMES,))
def accepts_plan_period_that_ends_after_its_start(api: ApiClient) -> None:
    """Send periods of two moments, of one, and a reversed one for a draft.

    Then, where a server takes dates and times of day, two dates, one date, and over midnight.
    """
    group = new_group(api)["id"]
    moments = [format_datetime(api.moment_at(LEAD_DAYS, 9, 0, second)) for second in (0, 1)]
    draft = release_plans_with_periods(api, group, *moments)
    dates = [format_date(api.moment_at(LEAD_DAYS + offset, 0)) for offset in (0, 1)]
    body = plan_body(api, group=group, startTime=dates[0], endTime=dates[1])
    answer = api.call(CREATE, body=body)
    if is_accepted_or_observe_refusal(api, PLAN_TIMES, answer, refused="full"):
        release_plans_with_periods(api, group, *dates)
        # Times of day are a daily window, which may pass midnight (M25).
        body = plan_body(api, "RELEASE", group, startTime="22:00", endTime="02:00")
        api.call_json(UPDATE, id=draft, body=body)
        api.observe(PLAN_TIMES, "documented", answer)


def release_plans_with_periods(api: ApiClient, group: int, first: str, second: str) -> int:
    """Release plans with both periods that two times allow; return a draft with a reversed one."""
    for end in (first, second):
        new_plan(api, "RELEASE", group, startTime=first, endTime=end)
    # A draft is not finished, so its period may still be wrong (M25).
    reversed_ = {"startTime": second, "endTime": first}
    draft = new_plan(api, "DRAFT", group, **reversed_)["id"]
    body = plan_body(api, "DRAFT", group, **reversed_)
    return int(api.call_json(UPDATE, id=draft, body=body)["id"])


@probes.refused("MN-23")
def refuses_released_plan_that_ends_before_its_start(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create and update a plan whose end is a day, and a second, before its start."""
    first, second = api.moment_at(LEAD_DAYS, 9), api.moment_at(LEAD_DAYS, 9, 0, 1)
    dates = (format_date(api.moment_at(LEAD_DAYS + 1, 0)), format_date(first))
    periods = [(format_datetime(second), format_datetime(first))]
    # A server may take no dates at all; the period of a draft may be reversed.
    if api.is_success(api.call(CREATE, body=plan_body(api, startTime=dates[0], endTime=dates[1]))):
        periods.append(dates)
    for operation, ids, group in iter_plan_writes(api):
        for start, end in periods:
            body = plan_body(api, "RELEASE", group, startTime=start, endTime=end)
            yield "/body/data/endTime", api.call(operation, body=body, **ids)
