"""A request without a response is repeated once, then reported; all records are cleaned up."""

from __future__ import annotations

import re
import ssl
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
import requests
import trustme

from contract_tests.rules.client import ApiClient
from contract_tests.target.network import NetworkSettings
from contract_tests.target.target import Credentials, Target
from contract_tests.target.transport import RequestLog, open_session
from mock_server.app import create_app
from tests.contract_tests.checks.test_custom_checks import GROUP, GROUPS
from tests.contract_tests.faulty_server import MockExchange, run_faulty_mock
from tests.contract_tests.run_check import QUICK, run_check
from tests.quirks.exchange import ExchangeChange, ProxyExchange
from tests.quirks.proxy import run_proxy
from tests.serving import FROZEN, serve_app

pytestmark = pytest.mark.whole


class TruncatingApp:
    """ASGI application that carries out each request, and cuts some responses short."""

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


async def conflict_app(scope: Any, _receive: Any, send: Any) -> None:
    """Answer 409 to whatever it is."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 409, "headers": []})
        await send({"type": "http.response.body", "body": b""})


@pytest.mark.parametrize(
    ("method", "drops", "requests_", "answer"),
    [("GET", 1, 2, 409), ("GET", 9, 2, None), ("POST", 1, 2, 409), ("POST", 0, 1, 409)],
)
def test_a_dropped_request_is_repeated_once(
    method: str, drops: int, requests_: int, answer: int | None
) -> None:
    """The response to a repeated write is marked, since it may have been carried out twice."""
    request_log = RequestLog()
    app = TruncatingApp(conflict_app, lambda _scope, number: number <= drops)
    with serve_app(app) as address, open_session(address, request_log=request_log) as session:
        got = None
        with suppress(requests.exceptions.ChunkedEncodingError):
            got = session.request(method, f"{address}/x").status_code
    assert (got, len(app.seen)) == (answer, requests_)
    assert request_log.repeated == (method == "POST" and drops == 1)
    posts = min(drops, 2) if method == "POST" else 0
    assert [each.method for each in request_log.doubtful] == ["POST"] * posts


@contextmanager
def run_server_cutting_once(cut: ExchangeChange, tls: bool) -> Iterator[tuple[str, str]]:
    """Yield the address of a server that cuts one response, and its CA file, if any."""
    own, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.issue_cert("127.0.0.1").configure_cert(context)

    def change(exchange: ProxyExchange) -> None:
        if exchange.number == 1 and exchange.is_answered:
            cut(exchange)

    with (
        serve_app(conflict_app) as behind,
        run_proxy(behind, change, tls=context if tls else None) as address,
        own.cert_pem.tempfile() as pem,
    ):
        yield address, pem if tls else ""


def drop_connection(exchange: ProxyExchange) -> None:
    """End the connection without a response and, with TLS, without a closing alert."""
    exchange.dropped = True


def truncate_body(exchange: ProxyExchange) -> None:
    """End the connection after five of the bytes that were announced."""
    exchange.content, exchange.max_bytes_sent = b"0123456789", 5


def omit_last_chunk(exchange: ProxyExchange) -> None:
    """End the connection before the last chunk."""
    truncate_body(exchange)
    exchange.framing = "chunked"


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize("cut", [drop_connection, truncate_body, omit_last_chunk])
def test_an_answer_that_is_cut_in_any_way_is_asked_for_again(
    cut: ExchangeChange, tls: bool
) -> None:
    """Responses cut before, within and at the end of the body are repeated, also within TLS."""
    request_log = RequestLog()
    with (
        run_server_cutting_once(cut, tls) as (address, ca),
        open_session(address, request_log=request_log, network=NetworkSettings(ca)) as session,
    ):
        assert session.get(f"{address}/x").status_code == 409
    assert [sent.status for sent in request_log.entries] == [0, 409]


def test_connections_that_drop_now_and_then_are_no_fault() -> None:
    """The first request of each kind is dropped; records created twice are found and removed."""
    app = TruncatingApp(
        create_app(FROZEN), lambda scope, n: "group" in scope["path"] and n % 3 == 1
    )
    with serve_app(app) as address:
        outcome = run_check("--target", address, "--only", "createGroup,getGroup", *QUICK)
        assert (outcome.code, outcome.violations) == (0, []), outcome.out
        assert not re.search(r'^  createGroup (\d+ )?"check-', outcome.out, re.MULTILINE)
        assert not [name for name in created_group_names(address) if name.startswith("check-")]


def test_what_may_have_been_made_twice_is_listed_where_it_cannot_be_looked_up() -> None:
    """The list of groups fails, so that each possibly created group is listed."""

    def drops(scope: Any, number: int) -> bool:
        return str(scope["method"]) == "POST" and "group" in scope["path"] and number % 3 == 0

    app = TruncatingApp(create_app(FROZEN), drops)

    async def without_lists(scope: Any, receive: Any, send: Any) -> None:
        is_list = scope["type"] == "http" and scope["query_string"].startswith(b"keyWord=check-")
        await (conflict_app if is_list else app)(scope, receive, send)

    with serve_app(without_lists) as address:
        outcome = run_check("--target", address, "--only", "createGroup", *QUICK)
    assert re.search(r'createGroup "check-[0-9a-f]{6}-.*", id unknown: it may', outcome.out)


def created_group_names(address: str) -> list[str]:
    """Return the groups that are not in the seed."""
    target = Target(
        address, Credentials("demo-client", "demo-secret", "demo@example.com", "demo-password")
    )
    with open_session(address) as session, ApiClient(target, session, "look") as api:
        for _ in range(2):  # its first answer may be cut short
            rows = api.call_json("listGroups")["content"]
    return [row["name"] for row in rows if row["id"] > 103]


def test_a_refusal_on_a_second_connection_proves_a_rule() -> None:
    """A record is 404 when its second deletion is dropped and repeated."""
    app = TruncatingApp(create_app(FROZEN), lambda s, n: s["method"] == "DELETE" and n == 2)
    with serve_app(app) as address:
        outcome = run_check("--target", address, "--only", "GR-03", *QUICK)
    assert (outcome.code, outcome.violations) == (0, []), outcome.out
    assert max(Counter(app.seen).values()) > 2


def test_a_refusal_for_which_it_is_enough_to_be_sent_twice_is_not_judged() -> None:
    """A deletion that was carried out and dropped is rightly 404 when it is repeated."""
    seen: list[str] = []

    def drops(scope: Any, _number: int) -> bool:
        number = re.fullmatch(r".*/group/(\d{3})", scope["path"])
        if scope["method"] != "DELETE" or not number or int(number[1]) < 104:
            return False
        seen.append(scope["path"])
        return len(seen) == 2

    with serve_app(TruncatingApp(create_app(FROZEN), drops)) as address:
        outcome = run_check("--target", address, "--only", "createGroup,deleteGroup", *QUICK)
    assert (outcome.code, outcome.violations) == (0, []), outcome.out
    assert len(seen) > 2


def test_a_probe_without_an_answer_breaks_no_rule() -> None:
    """The violation is "No response", and the rule is not checkable."""
    drops = GROUPS.__eq__
    app = TruncatingApp(create_app(FROZEN), lambda s, _: s["method"] == "POST" and drops(s["path"]))
    with serve_app(app) as address:
        outcome = run_check("--target", address, "--only", "GR-01", *QUICK)
    assert outcome.code == 1
    assert {*outcome.violations} == {("GR-01", "No response")}, outcome.out
    assert "1 not checkable" in outcome.out


def test_clean_up_goes_on_after_a_failure_and_lists_what_is_left() -> None:
    """Every other deletion fails; each leftover has operation, id, name and reason."""

    def odd(answer: MockExchange) -> None:
        if int(answer.path.rpartition("/")[2]) % 2:
            answer.status, answer.body = 500, b""

    with run_faulty_mock("DELETE", GROUP, odd) as address:
        outcome = run_check("--target", address, "--only", "createGroup,getGroup", *QUICK)
    left = re.findall(r'^  createGroup (\d+) "(.*)": (.*)$', outcome.out, re.MULTILINE)
    assert left, outcome.out
    assert {int(number) % 2 for number, _, _ in left} == {1}
    assert {why for _, _, why in left} == {"deleteGroup answered 500"}
    statuses = re.search(r"^ok   clean-up .* 200x(\d+)", outcome.out, re.MULTILINE)
    assert statuses
    assert int(statuses[1]) > 1
