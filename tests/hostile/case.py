"""A row of the table: what is sent, and what the answer must say."""

from __future__ import annotations

from dataclasses import dataclass

from tests.hostile.exchange import SocketResponse

MAX_LISTED_ERRORS = 100
"""A refusal lists no more, however often a rule is broken."""


@dataclass(frozen=True)
class Case:
    """`sent` goes to the mock as it is; the one answer has `status` and then `closes`.

    pointer, rule: of the first violation, for a refusal; found: a part of what it says was found.
    error: of the token operation, `invalid_client` and so on.
    header, value: one that the answer has, as a whole.
    end: whether the client says that it has sent everything (it half-closes).
    """

    name: str
    sent: bytes
    status: int
    pointer: str = ""
    rule: str = ""
    found: str = ""
    error: str = ""
    header: str = ""
    value: str = ""
    end: bool = False


def no_http(
    name: str, sent: bytes, found: str, where: str = "/header", *, end: bool = False
) -> Case:
    """What is no HTTP request: refused before any operation, with a part of the parser's words."""
    return Case(name, sent, 400, where, "http", found, end=end)


def check_response(case: Case, answer: SocketResponse) -> None:
    """Fail unless the answer says what the case expects."""
    assert answer.status == case.status, answer
    if case.header:
        assert answer.headers.get(case.header) == case.value
    if not case.rule:
        return
    document = answer.document
    if case.error:
        assert document["error"] == case.error
        assert answer.headers["content-type"] == "application/json"
    else:
        assert document["status"] == case.status
        assert answer.headers["content-type"] == "application/problem+json"
    assert len(document["errors"]) <= MAX_LISTED_ERRORS
    first = document["errors"][0]
    assert (first["pointer"], first["rule"]) == (case.pointer, case.rule), document
    assert first["message"]
    assert case.found in first.get("found", "")
