"""Words for violations: the sentences that are made of their fields.

Nothing reads these texts again; programs go by the kind and the fields.
"""

from __future__ import annotations

from string import Formatter

from contract_tests.contract.operations import rules
from contract_tests.reporting.violation_titles import title_of
from contract_tests.results.record import Remainder
from contract_tests.results.violation_groups import Cause
from contract_tests.results.violation_kinds import Kind
from contract_tests.results.violations import Excerpt, Violation

Parts = tuple[tuple[str, str], ...]
"""Labels and what stands behind each, with the fields of a violation in braces."""

OF_TOOL: Parts = (("", "{detail}"),)
PLAIN: Parts = (("Expected", "{expected}"), ("Got", "{actual}"))
AFTER: Parts = (("Expected", "{expected}, after {after}"), ("Got", "{actual}"))
BUSY: Parts = (
    ("Expected", "an answer after retries; a run waits {expected} s in all"),
    ("Got", "{status}, Retry-After: {actual}"),
)
BY_SCHEMA: Parts = (("", "At {at}: {actual}"),)
SUCCESS: Parts = (("Expected", "a success, at least once"), ("Got", "{actual}"))
OTHERWISE: Parts = (*OF_TOOL, ("Got", "{status}"))
OF_RULE: Parts = (("Rule", "{sentence}"), ("Tried", "{tried}"), ("Got", "{detail}"))
"""Of whatever the probe of a rule has found."""
PARTS: dict[Kind, Parts] = {
    Kind.REDIRECTED: (
        ("Expected", "an answer without a redirect"),
        ("Got", "{status}, Location: {actual}"),
    ),
    Kind.RATE_LIMITED: BUSY,
    Kind.UNAVAILABLE: BUSY,
    Kind.NO_ANSWER: (("Expected", "an answer"), ("Got", "{actual}")),
    Kind.SCHEMA: BY_SCHEMA,
    Kind.HEADER_SCHEMA: BY_SCHEMA,
    Kind.IMPOSSIBLE_MOMENT: (
        ("Expected", "yyyy-MM-dd HH:mm:ss, a moment that exists"),
        ("Got", "{actual}"),
    ),
    Kind.AMBIGUOUS_JSON: (("Expected", "JSON by RFC 8259, each member once"), ("Got", "{actual}")),
    Kind.VALID_REFUSED: (
        ("Expected", "a success, or a refusal by rules that schemas cannot state ({expected})"),
        ("Got", "{status}, by {actual}"),
    ),
    Kind.INVALID_REFUSED_OTHERWISE: OTHERWISE,
    Kind.INVALID_ANSWERED_OTHERWISE: OTHERWISE,
    Kind.NO_CHALLENGE: (("Expected", "WWW-Authenticate on a 401"), ("Got", "none")),
    Kind.PROBLEM_STATUS: (
        ("Expected", "status {expected} in the problem, as in the answer"),
        ("Got", "{actual}"),
    ),
    Kind.PROBLEM_WITHOUT_ERRORS: (
        ("Expected", "what is wrong with the request, in errors"),
        ("Got", "none"),
    ),
    Kind.PROBLEM_MEDIA_TYPE: (
        ("Expected", "a problem document by its name, {expected}"),
        ("Got", "{actual}"),
    ),
    Kind.REFUSAL_POINTER: (
        ("Expected", "a pointer into body, query, path or header"),
        ("Got", "{actual}"),
    ),
    Kind.REFUSAL_RULE: (("Expected", "a rule of {operation}"), ("Got", "{actual}")),
    Kind.ODD_LOGIN: (("", "{place} of the answer to the login"), *PLAIN),
    Kind.LINK_NOT_FOUND: (("Expected", "{expected} finds it"), ("Got", "{status}")),
    Kind.NOT_FOUND: (("Expected", "{expected}, after {after}"), ("Got", "{status}")),
    Kind.STILL_THERE: (("Expected", "404 for {expected}, after {after}"), ("Got", "{status}")),
    Kind.STILL_LISTED: (("Expected", "no {expected}, after {after}"), ("Got", "it is listed")),
    Kind.DIFFERS: AFTER,
    Kind.MISCOUNTED: AFTER,
    Kind.ID_TWICE: (("Expected", "a new id"), ("Got", "that of {actual}")),
    Kind.NOT_LISTED: (
        ("Expected", "{expected} in the list, after {after}"),
        ("Got", "it is missing"),
    ),
    Kind.NOT_FILTERED: (
        ("Expected", "no {expected} in this list, after {after}"),
        ("Got", "it is listed"),
    ),
    Kind.TOTAL_TOO_SMALL: (
        ("Expected", "a total of {expected} at least, so many were made"),
        ("Got", "{actual}"),
    ),
    Kind.EVERY_ANSWER_401: SUCCESS,
    Kind.NEVER_SUCCEEDED: SUCCESS,
    Kind.STATUS_NOT_SEEN: (
        ("Expected", "{expected} at least once, as the contract documents it"),
        ("Got", "never"),
    ),
    Kind.LINK_NOT_FOLLOWED: (
        ("Expected", "{expected} is followed"),
        ("Got", "no answer named what it leads to"),
    ),
    Kind.RUN_BROKE: (*OF_TOOL, ("", "pytest ended with {actual}")),
    Kind.BASELINE_EXPIRED: (
        ("Expected", "it is repaired, or the entry renewed"),
        ("Got", "{entry} (of {actual}, until {expected})"),
    ),
    Kind.BASELINE_HEALED: (
        ("Expected", "the entry is taken out"),
        ("Got", "{entry} (of {actual}, until {expected})"),
    ),
}
TOLD_BY_TOOL = frozenset(
    {
        Kind.SERVER_ERROR,
        Kind.MEDIA_TYPE_SERVER_ERROR,
        Kind.SLOW,
        Kind.UNDOCUMENTED_STATUS,
        Kind.UNDOCUMENTED_CONTENT_TYPE,
        Kind.MISSING_CONTENT_TYPE,
        Kind.MALFORMED_CONTENT_TYPE,
        Kind.MISSING_HEADERS,
        Kind.MALFORMED_JSON,
        Kind.MALFORMED_CONTENT,
        Kind.UNKNOWN_DISCRIMINATOR,
        Kind.VALID_REJECTED,
        Kind.INVALID_ACCEPTED,
        Kind.MISSING_HEADER_ACCEPTED,
        Kind.UNDECLARED_METHOD,
        Kind.ALLOW_MISMATCH,
        Kind.IGNORED_CREDENTIALS,
        Kind.FOREIGN_OBJECT,
        Kind.USE_AFTER_DELETION,
        Kind.NOT_AVAILABLE,
        Kind.CHECK_BROKE,
        Kind.OTHER,
    }
)
"""Those that a tool below us puts into words."""


def parts_of(violation: Violation) -> list[tuple[str, str]]:
    """What is said of a violation beside its title: labels (`Expected`, or none) and texts."""
    values = _values(violation)
    found = []
    for label, template in _layout(violation):
        named = [name for _, name, _, _ in Formatter().parse(template) if name]
        if not named or any(values[name] for name in named):
            found.append((label, template.format(**values)))
    return found


def text_of(violation: Violation) -> str:
    """The same, as lines: `Expected: 401`."""
    return "\n".join(f"{label}: {text}" if label else text for label, text in parts_of(violation))


def got(violation: Violation) -> str:
    """The line that says what was got; empty without one."""
    lines = [f"{label}: {text}" for label, text in parts_of(violation) if label == "Got"]
    return next((line.splitlines()[0] for line in lines), "")


def answer_of(excerpt: Excerpt) -> str:
    """`200 application/json {...}`; empty when there is no answer."""
    if not excerpt.status:
        return ""
    media_type = excerpt.media_type or "no Content-Type"
    return f"{excerpt.status} {media_type} {excerpt.text}".rstrip()


def commands_of(violation: Violation) -> list[str]:
    """What led to a violation, and the request that shows it."""
    return [each for each in (*violation.before, violation.request) if each]


def owner_of(cause: Cause) -> str:
    """Whose a cause is: the operation's or the rule's name, or how many of them have it."""
    names = (*cause.operations, *cause.rules)
    if len(names) == 1:
        return names[0]
    counts = ((len(cause.operations), "operation"), (len(cause.rules), "rule"))
    return " and ".join(f"{n} {noun}{'s' * (n > 1)}" for n, noun in counts if n)


def heading_of(cause: Cause) -> str:
    """`getGroup: Server error`, or `26 operations: Server error`."""
    return f"{owner_of(cause)}: {title_of(cause.example)}"


def remainder(left: Remainder) -> str:
    """`12 scenes`, or `createGroup 103 "x": deleteGroup answered 500`."""
    if left.kind:
        return f"{left.count} {left.kind}{'' if left.count == 1 else 's'}"
    if left.id:
        return f'{left.operation} {left.id} "{left.name}": {left.reason}'
    return (
        f'{left.operation} "{left.name}", id unknown: it may have been created, even twice,'
        " because the connection was dropped before the answer"
    )


def _layout(violation: Violation) -> Parts:
    if violation.tried:
        return OF_RULE
    return PARTS.get(violation.kind, OF_TOOL if violation.kind in TOLD_BY_TOOL else PLAIN)


def _values(violation: Violation) -> dict[str, object]:
    rule = rules().get(violation.rule, {})
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
        "entry": ": ".join(filter(None, (violation.operation, violation.place))),
    }
