"""Titles of violations, by their kinds: what people read, and nothing reads again."""

from __future__ import annotations

from contract_tests.results.violation_kinds import Kind
from contract_tests.results.violations import Violation

INCOMPLETE_ERROR = "Error response lacks required details"
WRONG_TOTAL = "Total does not match what was created"
TITLES: dict[Kind, str] = {
    Kind.REDIRECTED: "Request was redirected",
    Kind.RATE_LIMITED: "Still rate limited after retries",
    Kind.UNAVAILABLE: "Still unavailable after retries",
    Kind.SERVER_ERROR: "Server error",
    Kind.MEDIA_TYPE_SERVER_ERROR: "Server error on undeclared request Content-Type",
    Kind.NO_ANSWER: "No response",
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
    Kind.AMBIGUOUS_JSON: "Ambiguous JSON",
    Kind.UNKNOWN_DISCRIMINATOR: "Unknown discriminator value",
    Kind.IMPOSSIBLE_MOMENT: "Date-time that does not exist",
    Kind.VALID_REFUSED: "Valid data was rejected",
    Kind.VALID_REJECTED: "Schema-valid request rejected",
    Kind.INVALID_ACCEPTED: "Schema-violating request accepted",
    Kind.INVALID_REFUSED_OTHERWISE: "Invalid data was rejected with an unexpected status",
    Kind.INVALID_ANSWERED_OTHERWISE: "Invalid data was answered with an unexpected status",
    Kind.MISSING_HEADER_ACCEPTED: "Missing required header accepted",
    Kind.UNDECLARED_METHOD: "Wrong response to undeclared method",
    Kind.ALLOW_MISMATCH: "Allow header mismatch",
    Kind.NO_CHALLENGE: INCOMPLETE_ERROR,
    Kind.PROBLEM_STATUS: INCOMPLETE_ERROR,
    Kind.PROBLEM_WITHOUT_ERRORS: INCOMPLETE_ERROR,
    Kind.PROBLEM_MEDIA_TYPE: INCOMPLETE_ERROR,
    Kind.REFUSAL_POINTER: INCOMPLETE_ERROR,
    Kind.REFUSAL_RULE: INCOMPLETE_ERROR,
    Kind.MISSING_CREDENTIALS_ACCEPTED: "Missing credentials were accepted",
    Kind.MISSING_CREDENTIALS_REFUSED_OTHERWISE: (
        "Missing credentials were rejected with an unexpected status"
    ),
    Kind.MISSING_CREDENTIALS_ANSWERED_OTHERWISE: (
        "Missing credentials were answered with an unexpected status"
    ),
    Kind.WRONG_CREDENTIALS_ACCEPTED: "Wrong credentials were accepted",
    Kind.WRONG_CREDENTIALS_REFUSED_OTHERWISE: (
        "Wrong credentials were rejected with an unexpected status"
    ),
    Kind.WRONG_CREDENTIALS_ANSWERED_OTHERWISE: (
        "Wrong credentials were answered with an unexpected status"
    ),
    Kind.IGNORED_CREDENTIALS: "API accepts requests without authentication",
    Kind.FOREIGN_OBJECT: "Object-level authorization bypass",
    Kind.ODD_LOGIN: "Token response violates the contract",
    Kind.USE_AFTER_DELETION: "Deleted resource still available",
    Kind.NOT_AVAILABLE: "Created resource not found",
    Kind.LINK_NOT_FOUND: "Linked resource not found",
    Kind.NOT_FOUND: "Created resource not found",
    Kind.STILL_THERE: "Deleted resource still available",
    Kind.STILL_LISTED: "Deleted resource still listed",
    Kind.DIFFERS: "Read-back differs from what was written",
    Kind.ID_TWICE: "Id was assigned twice",
    Kind.NOT_LISTED: "Created resource missing from its list",
    Kind.NOT_FILTERED: "List contains records that its filters exclude",
    Kind.MISCOUNTED: WRONG_TOTAL,
    Kind.TOTAL_TOO_SMALL: WRONG_TOTAL,
    Kind.RULE_NOT_KEPT: "Rule violated",
    Kind.RULE_NOT_PREPARED: "Rule could not be tested",
    Kind.RULE_BREACH_ACCEPTED: "Rule-breaking request accepted",
    Kind.RULE_BREACH_MISNAMED: "Rule-breaking request rejected for another reason",
    Kind.RULE_BREACH_REFUSED_OTHERWISE: "Rule-breaking request rejected with an unexpected status",
    Kind.RULE_BREACH_ANSWERED_OTHERWISE: "Rule-breaking request answered with an unexpected status",
    Kind.EVERY_ANSWER_401: "Every response was 401",
    Kind.NEVER_SUCCEEDED: "No request succeeded",
    Kind.STATUS_NOT_SEEN: "Documented status was never returned",
    Kind.LINK_NOT_FOLLOWED: "Link was never followed",
    Kind.NOT_CHECKED: "Not checked",
    Kind.CHECK_BROKE: "Internal error in hypers-check: {place}",
    Kind.RUN_BROKE: "Internal error in hypers-check",
    Kind.BASELINE_EXPIRED: "Baseline entry has expired",
    Kind.BASELINE_HEALED: "Baseline entry no longer fails",
    Kind.OTHER: "{place}",
}
FORMER: dict[str, tuple[Kind, ...]] = {
    "Undocumented HTTP status code": (Kind.UNDOCUMENTED_STATUS,),
    "No answer": (Kind.NO_ANSWER,),
    "JSON that readers read differently": (Kind.AMBIGUOUS_JSON,),
    "Date-time that is not in the calendar": (Kind.IMPOSSIBLE_MOMENT,),
    "Valid data was refused": (Kind.VALID_REFUSED,),
    "Invalid data was refused with another status": (Kind.INVALID_REFUSED_OTHERWISE,),
    "Invalid data was answered with another status": (Kind.INVALID_ANSWERED_OTHERWISE,),
    "Refusal that does not explain itself": (
        Kind.NO_CHALLENGE,
        Kind.PROBLEM_STATUS,
        Kind.PROBLEM_WITHOUT_ERRORS,
        Kind.PROBLEM_MEDIA_TYPE,
        Kind.REFUSAL_POINTER,
        Kind.REFUSAL_RULE,
    ),
    "Missing credentials were refused with another status": (
        Kind.MISSING_CREDENTIALS_REFUSED_OTHERWISE,
    ),
    "Missing credentials were answered with another status": (
        Kind.MISSING_CREDENTIALS_ANSWERED_OTHERWISE,
    ),
    "Wrong credentials were refused with another status": (
        Kind.WRONG_CREDENTIALS_REFUSED_OTHERWISE,
    ),
    "Wrong credentials were answered with another status": (
        Kind.WRONG_CREDENTIALS_ANSWERED_OTHERWISE,
    ),
    "Login answer violates the contract": (Kind.ODD_LOGIN,),
    "What a link names is not found": (Kind.LINK_NOT_FOUND,),
    "What was made is not found": (Kind.NOT_FOUND,),
    "What was deleted is still there": (
        Kind.STILL_THERE,
        Kind.STILL_LISTED,
    ),
    "What was written is not what is read": (Kind.DIFFERS,),
    "An id was given twice": (Kind.ID_TWICE,),
    "What was made is not in its list": (Kind.NOT_LISTED,),
    "A list holds what does not pass its filters": (Kind.NOT_FILTERED,),
    "What was made is not what is counted": (
        Kind.MISCOUNTED,
        Kind.TOTAL_TOO_SMALL,
    ),
    "The rule is not kept": (Kind.RULE_NOT_KEPT,),
    "The rule's probe could not be prepared": (Kind.RULE_NOT_PREPARED,),
    "Breaking the rule is accepted": (Kind.RULE_BREACH_ACCEPTED,),
    "Breaking the rule is refused for another reason": (Kind.RULE_BREACH_MISNAMED,),
    "Breaking the rule is refused with another status": (Kind.RULE_BREACH_REFUSED_OTHERWISE,),
    "Breaking the rule is answered with another status": (Kind.RULE_BREACH_ANSWERED_OTHERWISE,),
    "Every answer was 401": (Kind.EVERY_ANSWER_401,),
    "It never succeeded": (Kind.NEVER_SUCCEEDED,),
    "A documented status was not seen": (Kind.STATUS_NOT_SEEN,),
    "A link was not followed": (Kind.LINK_NOT_FOLLOWED,),
    "It was not checked": (Kind.NOT_CHECKED,),
    "It broke": (Kind.RUN_BROKE,),
    "An entry of the baseline has expired": (Kind.BASELINE_EXPIRED,),
    "An entry of the baseline does not fail any more": (Kind.BASELINE_HEALED,),
}
"""Titles of earlier versions, which a baseline may still name."""


def title_of(violation: Violation) -> str:
    """Return what is wrong in a few words."""
    return TITLES[violation.kind].format(place=violation.place)


def names_of(violation: Violation) -> set[str]:
    """Return everything that a baseline entry may call a violation: titles of any version."""
    former = {title for title, kinds in FORMER.items() if violation.kind in kinds}
    return {title_of(violation), *former}


def current_titles(former: str) -> list[str]:
    """Return the titles that replaced one of an earlier version; none if it is not such a title."""
    found = [TITLES[kind] for kind in FORMER.get(former, ())]
    return [title for title in dict.fromkeys(found) if title != former]
