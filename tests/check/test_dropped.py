"""Connections that end before the answer: asked again once, then "no answer"; all cleaned up."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
import requests

from contract_tests.transport import Ledger, open_session
from mock_server.app import create_app
from tests.check.checking import QUICK, check
from tests.check.faulty import Exchange, spoiled
from tests.check.test_broken_servers import GROUP, GROUPS
from tests.serving import FROZEN, listening

pytestmark = pytest.mark.xdist_group("check")


class Dropping:
    """An ASGI application that does what it is asked, and cuts some answers short."""

    def __init__(self, app: Any, drops: Callable[[Any, int], bool]) -> None:
        """Cut those that `drops` says, by scope and number of the request of that kind."""
        self._app = app
        self._drops = drops
        self.seen: list[tuple[str, str]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        kind = scope["method"], scope["path"]
        self.seen.append(kind)
        if not self._drops(scope, self.seen.count(kind)):
            await self._app(scope, receive, send)
            return

        async def drop(message: Any) -> None:
            del message

        await self._app(scope, receive, drop)
        headers = [(b"content-length", b"99")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{", "more_body": False})


async def plain(scope: Any, _receive: Any, send: Any) -> None:
    """Answer 409 to whatever it is."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 409, "headers": []})
        await send({"type": "http.response.body", "body": b""})


@pytest.mark.parametrize(
    ("method", "drops", "requests_", "answer"),
    [("GET", 1, 2, 409), ("GET", 9, 2, None), ("POST", 1, 2, None), ("POST", 0, 1, 409)],
)
def test_a_dropped_request_is_repeated_once(
    method: str, drops: int, requests_: int, answer: int | None
) -> None:
    """A write that is refused the second time may have been done the first: nobody has answered."""
    ledger = Ledger()
    app = Dropping(plain, lambda _scope, number: number <= drops)
    with listening(app) as address, open_session(address, ledger=ledger) as session:
        got = None
        with suppress(requests.exceptions.ChunkedEncodingError):
            got = session.request(method, f"{address}/x").status_code
    assert (got, len(app.seen)) == (answer, requests_)
    posts = min(drops, 2) if method == "POST" else 0
    assert [each.method for each in ledger.doubtful] == ["POST"] * posts


def test_connections_that_drop_now_and_then_are_no_fault() -> None:
    """The first request of each kind is cut short; what may have been made twice is listed."""
    app = Dropping(create_app(FROZEN), lambda scope, n: "group" in scope["path"] and n == 1)
    with listening(app) as address:
        outcome = check("--target", address, "--only", "createGroup,getGroup", *QUICK)
    assert (outcome.code, outcome.violations) == (0, []), outcome.out
    assert ", id unknown: it may have been created, even twice" in outcome.out


def test_a_probe_without_an_answer_breaks_no_rule() -> None:
    """It is "No answer", and the rule is not checkable."""
    drops = GROUPS.__eq__
    app = Dropping(create_app(FROZEN), lambda s, _: s["method"] == "POST" and drops(s["path"]))
    with listening(app) as address:
        outcome = check("--target", address, "--only", "GR-01", *QUICK)
    assert outcome.code == 1
    assert {*outcome.violations} == {("GR-01", "No answer")}, outcome.out
    assert "1 not checkable" in outcome.out


def test_clean_up_goes_on_after_a_failure_and_lists_what_is_left() -> None:
    """Every other deletion fails; each leftover has its operation, id, name and reason."""

    def odd(answer: Exchange) -> None:
        if int(answer.path.rpartition("/")[2]) % 2:
            answer.status, answer.body = 500, b""

    with spoiled("DELETE", GROUP, odd) as address:
        outcome = check("--target", address, "--only", "createGroup,getGroup", *QUICK)
    left = re.findall(r'^  createGroup (\d+) "(.*)": (.*)$', outcome.out, re.MULTILINE)
    assert left, outcome.out
    assert {int(number) % 2 for number, _, _ in left} == {1}
    assert {why for _, _, why in left} == {"deleteGroup answered 500"}
    statuses = re.search(r"^ok   clean-up .* 200x(\d+)", outcome.out, re.MULTILINE)
    assert statuses
    assert int(statuses[1]) > 1
