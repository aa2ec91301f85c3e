"""Titles of violations, by their kinds: what people read, and nothing reads again."""

from __future__ import annotations

from contract_tests.results.violation_kinds import Kind
from contract_tests.results.violations import Violation

UNEXPLAINED = "Refusal that does not explain itself"
UNCOUNTED = "What was made is not what is counted"
TITLES: dict[Kind, str] = {
    Kind.REDIRECTED: "Request was redirected",
    Kind.RATE_LIMITED: "Still rate limited after retries",
    Kind.UNAVAILABLE: "Still unavailable after retries",
    Kind.SERVER_ERROR: "Server error",
    Kind.MEDIA_TYPE_SERVER_ERROR: "Server error on undeclared request Content-Type",
    Kind.NO_ANSWER: "No answer",
    Kind.SLOW: "Response time limit exceeded",
    Kind.SCHEMA: "Response violates schema",
    Kind.HEADER_SCHEMA: "Response header does not conform to the schema",
    Kind.UNDOCUMENTED_STATUS: "Undocumented status code",
    Kind.UNDOCUMENTED_CONTENT_TYPE: "Undocumented Content-Type",
    Kind.MISSING_CONTENT_TYPE: "Missing Content-Type header",
    Kind.MALFORMED_CONTENT_TYPE: "Malformed media type",
    Kind.MISSING_HEADERS: "Missing required response headers",
    Kind.MALFORMED_JSON: "JSON deserialization error",
    Kind.MALFORMED_CONTENT: "Content deserialization error",
    Kind.AMBIGUOUS_JSON: "JSON that readers read differently",
    Kind.UNKNOWN_DISCRIMINATOR: "Unknown discriminator value",
    Kind.IMPOSSIBLE_MOMENT: "Date-time that is not in the calendar",
    Kind.VALID_REFUSED: "Valid data was refused",
    Kind.VALID_REJECTED: "Schema-valid request rejected",
    Kind.INVALID_ACCEPTED: "Schema-violating request accepted",
    Kind.INVALID_REFUSED_OTHERWISE: "Invalid data was refused with another status",
    Kind.INVALID_ANSWERED_OTHERWISE: "Invalid data was answered with another status",
    Kind.MISSING_HEADER_ACCEPTED: "Missing required header accepted",
    Kind.UNDECLARED_METHOD: "Wrong response to undeclared method",
    Kind.ALLOW_MISMATCH: "Allow header mismatch",
    Kind.NO_CHALLENGE: UNEXPLAINED,
    Kind.PROBLEM_STATUS: UNEXPLAINED,
    Kind.PROBLEM_WITHOUT_ERRORS: UNEXPLAINED,
    Kind.PROBLEM_MEDIA_TYPE: UNEXPLAINED,
    Kind.REFUSAL_POINTER: UNEXPLAINED,
    Kind.REFUSAL_RULE: UNEXPLAINED,
    Kind.MISSING_CREDENTIALS_ACCEPTED: "Missing credentials were accepted",
    Kind.MISSING_CREDENTIALS_REFUSED_OTHERWISE: (
        "Missing credentials were refused with another status"
    ),
    Kind.MISSING_CREDENTIALS_ANSWERED_OTHERWISE: (
        "Missing credentials were answered with another status"
    ),
    Kind.WRONG_CREDENTIALS_ACCEPTED: "Wrong credentials were accepted",
    Kind.WRONG_CREDENTIALS_REFUSED_OTHERWISE: "Wrong credentials were refused with another status",
    Kind.WRONG_CREDENTIALS_ANSWERED_OTHERWISE: (
        "Wrong credentials were answered with another status"
    ),
    Kind.IGNORED_CREDENTIALS: "API accepts requests without authentication",
    Kind.FOREIGN_OBJECT: "Object-level authorization bypass",
    Kind.ODD_LOGIN: "Login answer violates the contract",
    Kind.USE_AFTER_DELETION: "Deleted resource still available",
    Kind.NOT_AVAILABLE: "Created resource not found",
    Kind.LINK_NOT_FOUND: "What a link names is not found",
    Kind.NOT_FOUND: "What was made is not found",
    Kind.STILL_THERE: "What was deleted is still there",
    Kind.STILL_LISTED: "What was deleted is still there",
    Kind.DIFFERS: "What was written is not what is read",
    Kind.ID_TWICE: "An id was given twice",
    Kind.NOT_LISTED: "What was made is not in its list",
    Kind.NOT_FILTERED: "A list holds what does not pass its filters",
    Kind.MISCOUNTED: UNCOUNTED,
    Kind.TOTAL_TOO_SMALL: UNCOUNTED,
    Kind.RULE_NOT_KEPT: "The rule is not kept",
    Kind.RULE_NOT_PREPARED: "The rule's probe could not be prepared",
    Kind.RULE_BREACH_ACCEPTED: "Breaking the rule is accepted",
    Kind.RULE_BREACH_MISNAMED: "Breaking the rule is refused for another reason",
    Kind.RULE_BREACH_REFUSED_OTHERWISE: "Breaking the rule is refused with another status",
    Kind.RULE_BREACH_ANSWERED_OTHERWISE: "Breaking the rule is answered with another status",
    Kind.EVERY_ANSWER_401: "Every answer was 401",
    Kind.NEVER_SUCCEEDED: "It never succeeded",
    Kind.STATUS_NOT_SEEN: "A documented status was not seen",
    Kind.LINK_NOT_FOLLOWED: "A link was not followed",
    Kind.NOT_CHECKED: "It was not checked",
    Kind.CHECK_BROKE: "The check broke by {place}",
    Kind.RUN_BROKE: "It broke",
    Kind.BASELINE_EXPIRED: "An entry of the baseline has expired",
    Kind.BASELINE_HEALED: "An entry of the baseline does not fail any more",
    Kind.OTHER: "{place}",
}
FORMER: dict[str, Kind] = {"Undocumented HTTP status code": Kind.UNDOCUMENTED_STATUS}
"""Titles of earlier versions, which a baseline may still name."""


def title_of(violation: Violation) -> str:
    """What is wrong, in a few words."""
    return TITLES[violation.kind].format(place=violation.place)


def names_of(violation: Violation) -> set[str]:
    """Everything that an entry of a baseline may call a violation: titles of any version."""
    former = {title for title, kind in FORMER.items() if kind == violation.kind}
    return {title_of(violation), *former}
