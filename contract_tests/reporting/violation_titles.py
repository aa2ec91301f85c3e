"""Titles of violations by their kinds, for people; programs use the kinds."""

from __future__ import annotations

from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.results.violations import Violation

INCOMPLETE_ERROR = "Error response lacks required details"
WRONG_TOTAL = "Total does not match what was created"
TITLES: dict[ViolationKind, str] = {
    ViolationKind.REDIRECTED: "Request was redirected",
    ViolationKind.RATE_LIMITED: "Still rate limited after retries",
    ViolationKind.UNAVAILABLE: "Still unavailable after retries",
    ViolationKind.SERVER_ERROR: "Server error",
    ViolationKind.MEDIA_TYPE_SERVER_ERROR: "Server error on undeclared request Content-Type",
    ViolationKind.NO_ANSWER: "No response",
    ViolationKind.SLOW: "Response time limit exceeded",
    ViolationKind.SCHEMA: "Response violates schema",
    ViolationKind.HEADER_SCHEMA: "Response header does not conform to the schema",
    ViolationKind.UNDOCUMENTED_STATUS: "Undocumented status code",
    ViolationKind.UNDOCUMENTED_CONTENT_TYPE: "Undocumented Content-Type",
    ViolationKind.MISSING_CONTENT_TYPE: "Missing Content-Type header",
    ViolationKind.MALFORMED_CONTENT_TYPE: "Malformed media type",
    ViolationKind.MISSING_HEADERS: "Missing required response headers",
    ViolationKind.MALFORMED_JSON: "JSON deserialization error",
    ViolationKind.MALFORMED_CONTENT: "Content deserialization error",
    ViolationKind.AMBIGUOUS_JSON: "Ambiguous JSON",
    ViolationKind.UNKNOWN_DISCRIMINATOR: "Unknown discriminator value",
    ViolationKind.IMPOSSIBLE_MOMENT: "Date-time that does not exist",
    ViolationKind.VALID_REFUSED: "Valid data was rejected",
    ViolationKind.VALID_REJECTED: "Schema-valid request rejected",
    ViolationKind.INVALID_ACCEPTED: "Schema-violating request accepted",
    ViolationKind.INVALID_REFUSED_OTHERWISE: "Invalid data was rejected with an unexpected status",
    ViolationKind.INVALID_ANSWERED_OTHERWISE: "Invalid data was answered with an unexpected status",
    ViolationKind.MISSING_HEADER_ACCEPTED: "Missing required header accepted",
    ViolationKind.UNDECLARED_METHOD: "Wrong response to undeclared method",
    ViolationKind.ALLOW_MISMATCH: "Allow header mismatch",
    ViolationKind.NO_CHALLENGE: INCOMPLETE_ERROR,
    ViolationKind.PROBLEM_STATUS: INCOMPLETE_ERROR,
    ViolationKind.PROBLEM_WITHOUT_ERRORS: INCOMPLETE_ERROR,
    ViolationKind.PROBLEM_MEDIA_TYPE: INCOMPLETE_ERROR,
    ViolationKind.REFUSAL_POINTER: INCOMPLETE_ERROR,
    ViolationKind.REFUSAL_RULE: INCOMPLETE_ERROR,
    ViolationKind.MISSING_CREDENTIALS_ACCEPTED: "Missing credentials were accepted",
    ViolationKind.MISSING_CREDENTIALS_REFUSED_OTHERWISE: (
        "Missing credentials were rejected with an unexpected status"
    ),
    ViolationKind.MISSING_CREDENTIALS_ANSWERED_OTHERWISE: (
        "Missing credentials were answered with an unexpected status"
    ),
    ViolationKind.WRONG_CREDENTIALS_ACCEPTED: "Wrong credentials were accepted",
    ViolationKind.WRONG_CREDENTIALS_REFUSED_OTHERWISE: (
        "Wrong credentials were rejected with an unexpected status"
    ),
    ViolationKind.WRONG_CREDENTIALS_ANSWERED_OTHERWISE: (
        "Wrong credentials were answered with an unexpected status"
    ),
    ViolationKind.IGNORED_CREDENTIALS: "API accepts requests without authentication",
    ViolationKind.FOREIGN_OBJECT: "Object-level authorization bypass",
    ViolationKind.ODD_LOGIN: "Token response violates the contract",
    ViolationKind.USE_AFTER_DELETION: "Deleted resource still available",
    ViolationKind.NOT_AVAILABLE: "Created resource not found",
    ViolationKind.LINK_NOT_FOUND: "Linked resource not found",
    ViolationKind.NOT_FOUND: "Created resource not found",
    ViolationKind.STILL_THERE: "Deleted resource still available",
    ViolationKind.STILL_LISTED: "Deleted resource still listed",
    ViolationKind.DIFFERS: "Read-back differs from what was written",
    ViolationKind.ID_TWICE: "Id was assigned twice",
    ViolationKind.NOT_LISTED: "Created resource missing from its list",
    ViolationKind.NOT_FILTERED: "List contains records that its filters exclude",
    ViolationKind.MISCOUNTED: WRONG_TOTAL,
    ViolationKind.TOTAL_TOO_SMALL: WRONG_TOTAL,
    ViolationKind.PAGE_INCONSISTENT: "Page does not match its query",
    ViolationKind.REFUSED_BUT_DONE: "Rejected request had an effect",
    ViolationKind.RULE_NOT_KEPT: "Rule violated",
    ViolationKind.RULE_NOT_PREPARED: "Rule could not be tested",
    ViolationKind.RULE_BREACH_ACCEPTED: "Rule-breaking request accepted",
    ViolationKind.RULE_BREACH_MISNAMED: "Rule-breaking request rejected for another reason",
    ViolationKind.RULE_BREACH_REFUSED_OTHERWISE: (
        "Rule-breaking request rejected with an unexpected status"
    ),
    ViolationKind.RULE_BREACH_ANSWERED_OTHERWISE: (
        "Rule-breaking request answered with an unexpected status"
    ),
    ViolationKind.READINGS_MIXED: "Answers follow two readings",
    ViolationKind.READING_DIFFERS: "Reading differs from the demanded one",
    ViolationKind.EVERY_ANSWER_401: "Every response was 401",
    ViolationKind.NEVER_SUCCEEDED: "No request succeeded",
    ViolationKind.STATUS_NOT_SEEN: "Documented status was never returned",
    ViolationKind.LINK_NOT_FOLLOWED: "Link was never followed",
    ViolationKind.NOT_CHECKED: "Not checked",
    ViolationKind.CHECK_BROKE: "Internal error in hypers-check: {place}",
    ViolationKind.RUN_BROKE: "Internal error in hypers-check",
    ViolationKind.BASELINE_EXPIRED: "Baseline entry has expired",
    ViolationKind.BASELINE_HEALED: "Baseline entry no longer fails",
    ViolationKind.OTHER: "{place}",
}
FORMER_TITLES: dict[str, tuple[ViolationKind, ...]] = {
    "Undocumented HTTP status code": (ViolationKind.UNDOCUMENTED_STATUS,),
    "No answer": (ViolationKind.NO_ANSWER,),
    "JSON that readers read differently": (ViolationKind.AMBIGUOUS_JSON,),
    "Date-time that is not in the calendar": (ViolationKind.IMPOSSIBLE_MOMENT,),
    "Valid data was refused": (ViolationKind.VALID_REFUSED,),
    "Invalid data was refused with another status": (ViolationKind.INVALID_REFUSED_OTHERWISE,),
    "Invalid data was answered with another status": (ViolationKind.INVALID_ANSWERED_OTHERWISE,),
    "Refusal that does not explain itself": (
        ViolationKind.NO_CHALLENGE,
        ViolationKind.PROBLEM_STATUS,
        ViolationKind.PROBLEM_WITHOUT_ERRORS,
        ViolationKind.PROBLEM_MEDIA_TYPE,
        ViolationKind.REFUSAL_POINTER,
        ViolationKind.REFUSAL_RULE,
    ),
    "Missing credentials were refused with another status": (
        ViolationKind.MISSING_CREDENTIALS_REFUSED_OTHERWISE,
    ),
    "Missing credentials were answered with another status": (
        ViolationKind.MISSING_CREDENTIALS_ANSWERED_OTHERWISE,
    ),
    "Wrong credentials were refused with another status": (
        ViolationKind.WRONG_CREDENTIALS_REFUSED_OTHERWISE,
    ),
    "Wrong credentials were answered with another status": (
        ViolationKind.WRONG_CREDENTIALS_ANSWERED_OTHERWISE,
    ),
    "Login answer violates the contract": (ViolationKind.ODD_LOGIN,),
    "What a link names is not found": (ViolationKind.LINK_NOT_FOUND,),
    "What was made is not found": (ViolationKind.NOT_FOUND,),
    "What was deleted is still there": (
        ViolationKind.STILL_THERE,
        ViolationKind.STILL_LISTED,
    ),
    "What was written is not what is read": (ViolationKind.DIFFERS,),
    "An id was given twice": (ViolationKind.ID_TWICE,),
    "What was made is not in its list": (ViolationKind.NOT_LISTED,),
    "A list holds what does not pass its filters": (ViolationKind.NOT_FILTERED,),
    "What was made is not what is counted": (
        ViolationKind.MISCOUNTED,
        ViolationKind.TOTAL_TOO_SMALL,
    ),
    "The rule is not kept": (ViolationKind.RULE_NOT_KEPT,),
    "The rule's probe could not be prepared": (ViolationKind.RULE_NOT_PREPARED,),
    "Breaking the rule is accepted": (ViolationKind.RULE_BREACH_ACCEPTED,),
    "Breaking the rule is refused for another reason": (ViolationKind.RULE_BREACH_MISNAMED,),
    "Breaking the rule is refused with another status": (
        ViolationKind.RULE_BREACH_REFUSED_OTHERWISE,
    ),
    "Breaking the rule is answered with another status": (
        ViolationKind.RULE_BREACH_ANSWERED_OTHERWISE,
    ),
    "Every answer was 401": (ViolationKind.EVERY_ANSWER_401,),
    "It never succeeded": (ViolationKind.NEVER_SUCCEEDED,),
    "A documented status was not seen": (ViolationKind.STATUS_NOT_SEEN,),
    "A link was not followed": (ViolationKind.LINK_NOT_FOLLOWED,),
    "It was not checked": (ViolationKind.NOT_CHECKED,),
    "It broke": (ViolationKind.RUN_BROKE,),
    "An entry of the baseline has expired": (ViolationKind.BASELINE_EXPIRED,),
    "An entry of the baseline does not fail any more": (ViolationKind.BASELINE_HEALED,),
}
"""Titles of earlier versions, which a baseline may still name."""


def title_of(violation: Violation) -> str:
    """Return the title of a violation."""
    return TITLES[violation.kind].format(place=violation.place)


def all_titles_of(violation: Violation) -> set[str]:
    """Return every title, of any version, by which a baseline entry may name a violation."""
    former = {title for title, kinds in FORMER_TITLES.items() if violation.kind in kinds}
    return {title_of(violation), *former}


def current_titles(former: str) -> list[str]:
    """Return the titles that replaced one of an earlier version; empty for other titles."""
    found = [TITLES[kind] for kind in FORMER_TITLES.get(former, ())]
    return [title for title in dict.fromkeys(found) if title != former]
