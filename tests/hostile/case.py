"""A row of a table: a request, and the expected response."""

from __future__ import annotations

from dataclasses import dataclass

from tests.hostile.exchange import SocketResponse

MAX_LISTED_ERRORS = 100
"""Maximum number of errors in a response."""


@dataclass(frozen=True)
class Case:
    """`sent` is sent unchanged; the only response has `status` and then `closes` the connection.

    pointer, rule: of the first violation, for an error; found: a part of its found value. error:
    code of the token operation, such as `invalid_client`. header, value: a complete header of the
    response. end: whether the client half-closes the connection after the request.
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
    """Return a case that is not HTTP, with a part of the parser's message."""
    return Case(name, sent, 400, where, "http", found, end=end)


def check_response(case: Case, answer: SocketResponse) -> None:
    """Fail unless the response is as expected."""
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
