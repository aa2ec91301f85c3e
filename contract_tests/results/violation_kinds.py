"""Kinds of violations with stable identifiers, for programs to match and reports to title."""

from __future__ import annotations

from enum import StrEnum


class ViolationKind(StrEnum):
    """Kind of a violation, independent of its title in reports. Identifiers do not change."""

    # Responses that neither accept nor refuse.
    REDIRECTED = "redirected"
    RATE_LIMITED = "rate-limited"
    UNAVAILABLE = "unavailable"
    SERVER_ERROR = "server-error"
    MEDIA_TYPE_SERVER_ERROR = "media-type-server-error"
    NO_ANSWER = "no-answer"
    SLOW = "slow"

    # The form of a response.
    SCHEMA = "schema"
    HEADER_SCHEMA = "header-schema"
    UNDOCUMENTED_STATUS = "undocumented-status"
    UNDOCUMENTED_CONTENT_TYPE = "undocumented-content-type"
    MISSING_CONTENT_TYPE = "missing-content-type"
    MALFORMED_CONTENT_TYPE = "malformed-content-type"
    MISSING_HEADERS = "missing-headers"
    MALFORMED_JSON = "malformed-json"
    MALFORMED_CONTENT = "malformed-content"
    AMBIGUOUS_JSON = "ambiguous-json"
    UNKNOWN_DISCRIMINATOR = "unknown-discriminator"
    IMPOSSIBLE_MOMENT = "impossible-moment"

    # Acceptance of requests.
    VALID_REFUSED = "valid-data-refused"
    VALID_REJECTED = "valid-request-rejected"
    INVALID_ACCEPTED = "invalid-data-accepted"
    INVALID_REFUSED_OTHERWISE = "invalid-data-refused-otherwise"
    INVALID_ANSWERED_OTHERWISE = "invalid-data-answered-otherwise"
    MISSING_HEADER_ACCEPTED = "missing-header-accepted"
    UNDECLARED_METHOD = "undeclared-method"
    ALLOW_MISMATCH = "allow-mismatch"

    # Content of error responses.
    NO_CHALLENGE = "no-challenge"
    PROBLEM_STATUS = "problem-status"
    PROBLEM_WITHOUT_ERRORS = "problem-without-errors"
    PROBLEM_MEDIA_TYPE = "problem-media-type"
    REFUSAL_POINTER = "refusal-pointer"
    REFUSAL_RULE = "refusal-rule"

    # Credentials.
    MISSING_CREDENTIALS_ACCEPTED = "missing-credentials-accepted"
    MISSING_CREDENTIALS_REFUSED_OTHERWISE = "missing-credentials-refused-otherwise"
    MISSING_CREDENTIALS_ANSWERED_OTHERWISE = "missing-credentials-answered-otherwise"
    WRONG_CREDENTIALS_ACCEPTED = "wrong-credentials-accepted"
    WRONG_CREDENTIALS_REFUSED_OTHERWISE = "wrong-credentials-refused-otherwise"
    WRONG_CREDENTIALS_ANSWERED_OTHERWISE = "wrong-credentials-answered-otherwise"
    IGNORED_CREDENTIALS = "ignored-credentials"
    FOREIGN_OBJECT = "foreign-object"
    ODD_LOGIN = "odd-login"

    # Records that were written, and what is read back.
    USE_AFTER_DELETION = "use-after-deletion"
    NOT_AVAILABLE = "not-available"
    LINK_NOT_FOUND = "link-not-found"
    NOT_FOUND = "not-found"
    STILL_THERE = "still-there"
    STILL_LISTED = "still-listed"
    DIFFERS = "differs"
    ID_TWICE = "id-twice"
    NOT_LISTED = "not-listed"
    NOT_FILTERED = "not-filtered"
    MISCOUNTED = "miscounted"
    TOTAL_TOO_SMALL = "total-too-small"
    PAGE_INCONSISTENT = "page-inconsistent"
    REFUSED_BUT_DONE = "refused-but-done"

    # Rules.
    RULE_NOT_KEPT = "rule-not-kept"
    RULE_NOT_PREPARED = "rule-not-prepared"
    RULE_BREACH_ACCEPTED = "rule-breach-accepted"
    RULE_BREACH_MISNAMED = "rule-breach-misnamed"
    RULE_BREACH_REFUSED_OTHERWISE = "rule-breach-refused-otherwise"
    RULE_BREACH_ANSWERED_OTHERWISE = "rule-breach-answered-otherwise"

    # Open questions.
    READINGS_MIXED = "readings-mixed"
    READING_DIFFERS = "reading-differs"

    # The run as a whole.
    EVERY_ANSWER_401 = "every-answer-401"
    NEVER_SUCCEEDED = "never-succeeded"
    STATUS_NOT_SEEN = "status-not-seen"
    LINK_NOT_FOLLOWED = "link-not-followed"
    NOT_CHECKED = "not-checked"
    CHECK_BROKE = "check-broke"
    RUN_BROKE = "run-broke"
    BASELINE_EXPIRED = "baseline-expired"
    BASELINE_HEALED = "baseline-healed"
    OTHER = "other"
