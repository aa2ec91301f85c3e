"""Messages of violations, made from their fields.

Programs use the kind and the fields; nothing parses these texts.
"""

from __future__ import annotations

from string import Formatter

from contract_tests.contract.operations import rules
from contract_tests.contract.readings import readings
from contract_tests.reporting.violation_titles import title_of
from contract_tests.results.record import Leftover
from contract_tests.results.violation_groups import Cause
from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.results.violations import Evidence, ResponseExcerpt, Violation

MessageParts = tuple[tuple[str, str], ...]
"""Labels and their texts, with fields of a violation in braces."""

TOOL_PARTS: MessageParts = (("", "{detail}"),)
PLAIN_PARTS: MessageParts = (("Expected", "{expected}"), ("Got", "{actual}"))
AFTER_PARTS: MessageParts = (("Expected", "{expected}, after {after}"), ("Got", "{actual}"))
BUSY_PARTS: MessageParts = (
    ("Expected", "a response after retries (the run waits {expected} s in total)"),
    ("Got", "{status}, Retry-After: {actual}"),
)
SCHEMA_PARTS: MessageParts = (("", "At {at}: {actual}"),)
SUCCESS_PARTS: MessageParts = (("Expected", "at least one success"), ("Got", "{actual}"))
OTHER_STATUS_PARTS: MessageParts = (*TOOL_PARTS, ("Got", "{status}"))
RULE_PARTS: MessageParts = (("Rule", "{sentence}"), ("Tried", "{tried}"), ("Got", "{detail}"))
"""Parts for every violation found by the probe of a rule."""
PARTS_BY_KIND: dict[ViolationKind, MessageParts] = {
    ViolationKind.REDIRECTED: (
        ("Expected", "a response without a redirect"),
        ("Got", "{status}, Location: {actual}"),
    ),
    ViolationKind.RATE_LIMITED: BUSY_PARTS,
    ViolationKind.UNAVAILABLE: BUSY_PARTS,
    ViolationKind.NO_ANSWER: (("Expected", "a response"), ("Got", "{actual}")),
    ViolationKind.SCHEMA: SCHEMA_PARTS,
    ViolationKind.HEADER_SCHEMA: SCHEMA_PARTS,
    ViolationKind.IMPOSSIBLE_MOMENT: (
        ("Expected", "an existing date and time (yyyy-MM-dd HH:mm:ss)"),
        ("Got", "{actual}"),
    ),
    ViolationKind.AMBIGUOUS_JSON: (
        ("Expected", "JSON according to RFC 8259, without duplicate members"),
        ("Got", "{actual}"),
    ),
    ViolationKind.VALID_REFUSED: (
        ("Expected", "a success, or a refusal by a rule that schemas cannot state ({expected})"),
        ("Got", "{status}, naming {actual}"),
    ),
    ViolationKind.INVALID_REFUSED_OTHERWISE: OTHER_STATUS_PARTS,
    ViolationKind.INVALID_ANSWERED_OTHERWISE: OTHER_STATUS_PARTS,
    ViolationKind.NO_CHALLENGE: (("Expected", "WWW-Authenticate on a 401"), ("Got", "none")),
    ViolationKind.PROBLEM_STATUS: (
        ("Expected", "status {expected} in the problem document, as in the response"),
        ("Got", "{actual}"),
    ),
    ViolationKind.PROBLEM_WITHOUT_ERRORS: (
        ("Expected", "the faults of the request in errors"),
        ("Got", "none"),
    ),
    ViolationKind.PROBLEM_MEDIA_TYPE: (
        ("Expected", "the media type of a problem document, {expected}"),
        ("Got", "{actual}"),
    ),
    ViolationKind.REFUSAL_POINTER: (
        ("Expected", "a pointer into body, query, path or header"),
        ("Got", "{actual}"),
    ),
    ViolationKind.REFUSAL_RULE: (("Expected", "a rule of {operation}"), ("Got", "{actual}")),
    ViolationKind.ODD_LOGIN: (("", "{place} in the response to the login"), *PLAIN_PARTS),
    ViolationKind.LINK_NOT_FOUND: (
        ("Expected", "{expected} finds the record"),
        ("Got", "{status}"),
    ),
    ViolationKind.NOT_FOUND: (("Expected", "{expected}, after {after}"), ("Got", "{status}")),
    ViolationKind.STILL_THERE: (
        ("Expected", "404 for {expected}, after {after}"),
        ("Got", "{status}"),
    ),
    ViolationKind.STILL_LISTED: (
        ("Expected", "no {expected}, after {after}"),
        ("Got", "it is listed"),
    ),
    ViolationKind.DIFFERS: AFTER_PARTS,
    ViolationKind.MISCOUNTED: AFTER_PARTS,
    ViolationKind.ID_TWICE: (("Expected", "a new id"), ("Got", "the id of {actual}")),
    ViolationKind.NOT_LISTED: (
        ("Expected", "{expected} in the list, after {after}"),
        ("Got", "it is missing"),
    ),
    ViolationKind.NOT_FILTERED: (
        ("Expected", "no {expected} in this list, after {after}"),
        ("Got", "it is listed"),
    ),
    ViolationKind.TOTAL_TOO_SMALL: (
        ("Expected", "a total of at least {expected}, the number of created records"),
        ("Got", "{actual}"),
    ),
    ViolationKind.READINGS_MIXED: (
        ("Question", "{question}"),
        ("Expected", "{place} {expected} in every response, as in {first}"),
        ("Got", "{place} {actual}"),
    ),
    ViolationKind.READING_DIFFERS: (
        ("Question", "{question}"),
        ("Expected", "{place} {expected}, as demanded"),
        ("Got", "{place} {actual}"),
    ),
    ViolationKind.EVERY_ANSWER_401: SUCCESS_PARTS,
    ViolationKind.NEVER_SUCCEEDED: SUCCESS_PARTS,
    ViolationKind.STATUS_NOT_SEEN: (
        ("Expected", "{expected} at least once, as documented"),
        ("Got", "never"),
    ),
    ViolationKind.LINK_NOT_FOLLOWED: (
        ("Expected", "{expected} is followed at least once"),
        ("Got", "no response provided its values"),
    ),
    ViolationKind.RUN_BROKE: (*TOOL_PARTS, ("", "pytest exited with code {actual}")),
    ViolationKind.BASELINE_EXPIRED: (
        ("Expected", "the violation is fixed, or the entry renewed"),
        ("Got", "{entry} (owner {actual}, until {expected})"),
    ),
    ViolationKind.BASELINE_HEALED: (
        ("Expected", "the entry is removed"),
        ("Got", "{entry} (owner {actual}, until {expected})"),
    ),
}
KINDS_WORDED_BY_TOOL = frozenset(
    {
        ViolationKind.SERVER_ERROR,
        ViolationKind.MEDIA_TYPE_SERVER_ERROR,
        ViolationKind.SLOW,
        ViolationKind.UNDOCUMENTED_STATUS,
        ViolationKind.UNDOCUMENTED_CONTENT_TYPE,
        ViolationKind.MISSING_CONTENT_TYPE,
        ViolationKind.MALFORMED_CONTENT_TYPE,
        ViolationKind.MISSING_HEADERS,
        ViolationKind.MALFORMED_JSON,
        ViolationKind.MALFORMED_CONTENT,
        ViolationKind.UNKNOWN_DISCRIMINATOR,
        ViolationKind.VALID_REJECTED,
        ViolationKind.INVALID_ACCEPTED,
        ViolationKind.MISSING_HEADER_ACCEPTED,
        ViolationKind.UNDECLARED_METHOD,
        ViolationKind.ALLOW_MISMATCH,
        ViolationKind.IGNORED_CREDENTIALS,
        ViolationKind.FOREIGN_OBJECT,
        ViolationKind.USE_AFTER_DELETION,
        ViolationKind.NOT_AVAILABLE,
        ViolationKind.CHECK_BROKE,
        ViolationKind.OTHER,
    }
)
"""Kinds whose message comes from an underlying tool."""


def message_parts(violation: Violation) -> list[tuple[str, str]]:
    """Return the message of a violation as labels (`Expected`, or none) and texts."""
    values = _template_values(violation)
    found = []
    for label, template in _parts_template(violation):
        named = [name for _, name, _, _ in Formatter().parse(template) if name]
        # A tool that reports no expected or actual value would leave a label without a text.
        if not named or any(values[name] for name in named):
            found.append((label, template.format(**values)))
    return found


def message_text(violation: Violation) -> str:
    """Return the message of a violation as lines such as `Expected: 401`."""
    return "\n".join(
        f"{label}: {text}" if label else text for label, text in message_parts(violation)
    )


def actual_value_line(violation: Violation) -> str:
    """Return the line with the actual value; empty if there is none."""
    lines = [f"{label}: {text}" for label, text in message_parts(violation) if label == "Got"]
    return next((line.splitlines()[0] for line in lines), "")


def response_summary(excerpt: ResponseExcerpt) -> str:
    """Return a text such as `200 application/json {...}`; empty if there is no response."""
    if not excerpt.status:
        return ""
    media_type = excerpt.media_type or "no Content-Type"
    return f"{excerpt.status} {media_type} {excerpt.text}".rstrip()


def reproducing_commands(violation: Violation) -> list[str]:
    """Return the commands that reproduce a violation, with those that prepare it first."""
    return [each for each in (*violation.before, violation.request) if each]


def cause_subject(cause: Cause) -> str:
    """Return the operation or rule that has a cause, or how many have it."""
    names = (*cause.operations, *cause.rules)
    if len(names) == 1:
        return names[0]
    counts = ((len(cause.operations), "operation"), (len(cause.rules), "rule"))
    return " and ".join(f"{n} {noun}{'s' * (n > 1)}" for n, noun in counts if n)


def cause_heading(cause: Cause) -> str:
    """Return a heading such as `getGroup: Server error` or `26 operations: Server error`."""
    return f"{cause_subject(cause)}: {title_of(cause.example)}"


def leftover_text(left: Leftover) -> str:
    """Return a text such as `12 scenes` or `createGroup 103 "x": deleteGroup answered 500`."""
    if left.kind:
        return f"{left.count} {left.kind}{'' if left.count == 1 else 's'}"
    if left.id:
        return f'{left.operation} {left.id} "{left.name}": {left.reason}'
    return (
        f'{left.operation} "{left.name}", id unknown: it may have been created, even twice,'
        " because the connection was dropped before the response"
    )


def _evidence_text(evidence: Evidence) -> str:
    return f"{evidence.operation}: {response_summary(evidence.response)}"


def _parts_template(violation: Violation) -> MessageParts:
    if violation.tried:
        return RULE_PARTS
    return PARTS_BY_KIND.get(
        violation.kind, TOOL_PARTS if violation.kind in KINDS_WORDED_BY_TOOL else PLAIN_PARTS
    )


def _template_values(violation: Violation) -> dict[str, object]:
    rule = rules().get(violation.rule, {})
    question = readings().get(violation.place)
    return {
        "status": violation.status,
        "operation": violation.operation,
        "place": violation.place,
        "at": violation.pointer or "the root",
        "expected": violation.expected,
        "actual": violation.actual,
        "after": violation.after,
        "tried": violation.tried,
        "detail": violation.detail,
        "sentence": rule.get("en", ""),
        "question": question.question["en"] if question else "",
        "first": _evidence_text(violation.evidence[0]) if violation.evidence else "",
        "entry": ": ".join(filter(None, (violation.operation, violation.place))),
    }
