"""Requests that a server takes or refuses, depending on its answer to an open question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from contract_tests.rules.client import ApiClient
from contract_tests.rules.outcome import ExpectedRefusal, RuleViolationError, expect
from contract_tests.rules.response import ApiResponse

COMMAS = "comma-in-array-parameters"
EMPTY_NAMES = "empty-names"
MEMBER_IDS = "member-identification"
PLAN_TIMES = "plan-time-format"
UNKNOWN_INPUT = "unknown-input"
REPEATED_MEMBERS = "repeated-members"
UNKNOWN_IDS = "unknown-id-in-body"
ID_FIELDS_BY_VALUE: Mapping[str, frozenset[str]] = {
    "one-of-three": frozenset({"memberId", "userId", "ciq"}),
    "memberId": frozenset({"memberId"}),
    "userId-or-ciq": frozenset({"userId", "ciq"}),
}
"""Fields of which one alone identifies a member, by the value of `member-identification`."""
COUNTS_BY_VALUE: Mapping[str, int] = {"merged": 1, "repeated": 2}
"""Number of members of a list that names one twice, by the value of `repeated-members`."""
REFUSALS = frozenset({400, 409, 415, 422})
"""Statuses with which a server refuses the form or the data of a request."""


def is_accepted_or_observe_refusal(
    api: ApiClient, reading: str, answer: ApiResponse, refused: str = "refused"
) -> bool:
    """Return whether a request succeeded that a server may refuse by a reading.

    A refusal is observed as the value `refused`; what a success shows is left to the caller. The
    same request without the part in question has to succeed before, so that nothing else is
    refused. Raises RuleViolationError for any other response.
    """
    if api.is_success(answer):
        return True
    if answer.status not in REFUSALS:
        message = f"neither a success nor a refusal: {answer}"
        raise RuleViolationError(message, answer, expected="200 or 400", actual=str(answer.status))
    api.observe(reading, refused, answer)
    return False


def observe_success_or_yield_refusal(
    api: ApiClient,
    reading: str,
    attempt: ExpectedRefusal,
    taken: str,
    *,
    is_kept: bool,
    refused: str = "refused",
) -> Iterator[ExpectedRefusal]:
    """Observe the value `taken` if a request succeeded, else yield it and observe `refused`.

    is_kept: whether the response to a success shows that the request was carried out as it was
    sent; a success that shows something else breaks the rule.
    """
    _, answer = attempt
    if api.is_success(answer) and is_kept:
        api.observe(reading, taken, answer)
        return
    yield attempt
    api.observe(reading, refused, answer)


def shown_field(answer: ApiResponse, name: str) -> object:
    """Return a field of the JSON object in a response; None without it."""
    return answer.json.get(name) if isinstance(answer.json, dict) else None


def observe_empty_name_or_yield_refusal(
    api: ApiClient, pointer: str, answer: ApiResponse, name: str = "name"
) -> Iterator[ExpectedRefusal]:
    """Yield the response to a write with an empty name, unless the name was accepted (N6)."""
    is_kept = shown_field(answer, name) == ""
    yield from observe_success_or_yield_refusal(
        api, EMPTY_NAMES, (pointer, answer), "accepted", is_kept=is_kept
    )


def observe_repetition_or_yield_refusal(
    api: ApiClient, attempt: ExpectedRefusal, count: str
) -> Iterator[ExpectedRefusal]:
    """Yield the response to a list that names one member twice, unless it was accepted (N33).

    count: the field of the response with the number of members.
    """
    found = shown_field(attempt[1], count)
    value = next((each for each, number in COUNTS_BY_VALUE.items() if number == found), "")
    yield from observe_success_or_yield_refusal(
        api, REPEATED_MEMBERS, attempt, value, is_kept=bool(value)
    )


def observe_member_ids(api: ApiClient, answers: Mapping[str, ApiResponse]) -> None:
    """Observe which id identifies a member; `answers` by the field that was sent alone.

    A member with all three ids has to be accepted before. Raises RuleViolationError unless the
    accepted fields are those of one reading.
    """
    taken = {name for name, answer in answers.items() if api.is_success(answer)}
    value = next((each for each, names in ID_FIELDS_BY_VALUE.items() if names == taken), "")
    others = [answer for name, answer in answers.items() if name not in taken]
    expect(value, f"a member with only one id is accepted with {sorted(taken)}")
    for answer in others:
        expect(answer.status in REFUSALS, f"neither a success nor a refusal: {answer}")
    api.observe(MEMBER_IDS, value, others[0] if others else None)
