"""What may leave for a server that is not ours alone: request by request, before it is sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit

import requests

from contract_tests.contract.api_entry import Kind
from contract_tests.contract.api_lookup import entry_of
from contract_tests.contract.formats import CST, MOMENT
from contract_tests.contract.headers import http_date
from contract_tests.contract.multipart import parts_of
from contract_tests.contract.operations import Operation, operations
from contract_tests.safety.named_members import Opaque, members_in, members_of, names_nothing
from contract_tests.safety.policy import DAYS, Reach
from contract_tests.safety.request_inspection import (
    earliest,
    hides_members,
    references,
    releases,
    start_of,
)
from contract_tests.target.admin_clock import CLOCK
from contract_tests.target.redaction import basic
from contract_tests.target.target import TOKEN_OPERATION, Target
from contract_tests.target.transport import READING, Unsafe

STRANGER = "would address somebody who is no --test-member"
FOREIGN = "would use or change what this run did not make"
SOON = f"would start a task less than {DAYS} days ahead"
RELEASE = "would release a plan, which needs --allow-release"
LOGIN = "would try other credentials than those given, which needs --allow-token-probes"
UNKNOWN = "would write, and is no operation that the limits know"
UNSEEN = "would send what cannot be looked into"


class Bounds:
    """Keeps one session within a reach: `admit` before a request, `learn` after its answer.

    It remembers what the session has made, since nothing else may be changed or named; and the
    server's time, by which a task is far enough ahead.
    """

    def __init__(self, target: Target, reach: Reach) -> None:
        """Nothing was made yet, and nobody is logged in."""
        self._target = target
        self._reach = reach
        self._people = {one for member in reach.members or () for one in members_in(member)}
        self._made: dict[Kind | None, set[int]] = {}
        self._tokens = {target.token} - {""}
        self._told: datetime | None = None
        self._dated: datetime | None = None

    def admit(self, request: requests.PreparedRequest) -> None:
        """Let a request pass; raises Unsafe saying why it may not be sent."""
        if not self._reach.token_probes:
            self._admit_credentials(request)
        if request.method in READING or self._reach.members is None:
            return
        clock = f"{self._target.url}{CLOCK}"
        known = {("POST", self._target.token_url), ("POST", f"{clock}/advance"), ("PUT", clock)}
        if (request.method, request.url) in known:
            return
        operation, number = self._operation(request)
        if operation is None or not entry_of(operation.name).written:
            raise _unsafe(request, UNKNOWN)
        if why := self._why_not(operation.name, number, request):
            raise _unsafe(request, why)

    def learn(self, request: requests.PreparedRequest, answer: requests.Response) -> None:
        """Remember what an answer says: tokens, what was made, the time."""
        if date := answer.headers.get("Date"):
            self._dated = _local(date) or self._dated
        if not 200 <= answer.status_code < 300 or request.method in READING:
            return
        found = _json(answer.content)
        if not isinstance(found, dict):
            return
        if request.url == self._target.token_url:
            self._tokens.add(str(found.get("access_token")))
        elif request.url == f"{self._target.url}{CLOCK}/advance":
            self._told = _iso(found.get("now")) or self._told
        elif operation := self._operation(request)[0]:
            told = (self._told, _moment(found.get("createTime")))
            self._told = max((one for one in told if one), default=None)
            self._note(operation.name, request, found.get("id"))

    def _note(self, operation: str, request: requests.PreparedRequest, number: Any) -> None:
        makes = entry_of(operation).creates
        if not makes or not isinstance(number, int):
            return
        if makes == "file":  # one into which nobody could look is no list to be named
            try:
                [*self._in_form(request)]
            except Opaque:
                return
        self._made.setdefault(makes, set()).add(number)

    def _admit_credentials(self, request: requests.PreparedRequest) -> None:
        given = request.headers.get("Authorization")
        known = self._target.credentials
        client = basic(known.client_id, known.client_secret) if known else ""
        if request.url != self._target.token_url or request.method in READING:
            good = {f"Bearer {token}" for token in self._tokens}
            if given is not None and _text(given) not in good:
                raise _unsafe(request, LOGIN)
            return
        grant = known and {
            "grant_type": "password",
            "username": known.username,
            "password": known.password,
        }
        if not grant or _json(request.body) != grant or _text(given) != client:
            raise _unsafe(request, LOGIN)

    def _why_not(self, name: str, number: str, request: requests.PreparedRequest) -> str:
        """Why a write may not be sent; empty when it may."""
        if number and not self._is_ours(entry_of(name).named, number):
            return FOREIGN
        if not isinstance(request.body, bytes | str | None):
            return UNSEEN
        if entry_of(name).creates == "file":
            return self._why_no_file(request)
        body = _json(request.body) if request.body else None
        if body is ...:
            return UNSEEN
        is_nowhere = bool(number) and names_nothing(number)
        if releases(name, body) and not (is_nowhere or self._reach.release):
            return RELEASE
        return self._why_no_body(name, body)

    def _why_no_file(self, request: requests.PreparedRequest) -> str:
        try:
            return STRANGER if {*self._in_form(request)} - self._people else ""
        except Opaque:
            return ""  # no task can name it afterwards

    def _why_no_body(self, name: str, body: Any) -> str:
        if {*members_in(body)} - self._people or hides_members(body):
            return STRANGER
        if not all(self._is_ours(kind, one) for kind, one in references(body)):
            return FOREIGN
        start = start_of(name, body)
        return "" if start is None or self._is_far(start) else SOON

    def _is_ours(self, kind: Kind | None, number: object) -> bool:
        """Whether this session made it, or nobody did."""
        if names_nothing(number):
            return True
        return str(number).isdecimal() and int(str(number)) in self._made.get(kind, ())

    def _is_far(self, start: str) -> bool:
        """Whether a start is far enough ahead, by the server's own time."""
        known = [one for one in (self._told, self._dated) if one]
        if len(known) > 1 and abs(known[0] - known[1]) > timedelta(days=1):
            known = known[:1]  # a time of its own, of which the Date of its answers knows nothing
        moment = earliest(start)
        return bool(known and moment and moment >= max(known) + timedelta(days=DAYS))

    def _operation(self, request: requests.PreparedRequest) -> tuple[Operation | None, str]:
        """The operation that a request is for, and the id in its path, as it is decoded."""
        base = urlsplit(self._target.url).path
        path = urlsplit(str(request.url)).path.removeprefix(base)
        for method, pattern, operation in _routes():
            if method == request.method and (found := pattern.fullmatch(path)):
                return operation, unquote("".join(found.groups()))
        return None, ""

    def _in_form(self, request: requests.PreparedRequest) -> Iterator[tuple[str, str]]:
        """Whom the parts of a form name; of another body, whom it names as a whole."""
        for _, content in parts_of(request) or [(b"", _bytes(request.body))]:
            yield from members_of(content)


@lru_cache(1)
def _routes() -> list[tuple[str, re.Pattern[str], Operation]]:
    """Method and path of each operation; those with an id after those that match literally."""
    every = sorted(operations().values(), key=lambda each: each.path.count("{"))
    return [
        (each.method.upper(), re.compile(re.sub(r"\{\w+\}", "([^/]+)", each.path)), each)
        for each in every
        if each.name != TOKEN_OPERATION
    ]


def _moment(text: object) -> datetime | None:
    try:
        return datetime.strptime(str(text), MOMENT)  # noqa: DTZ007 - the contract has no zone
    except ValueError:
        return None


def _iso(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text)).replace(tzinfo=None)
    except ValueError:
        return None


def _local(text: str) -> datetime | None:
    sent = http_date(text)
    return sent.replace(tzinfo=None) + CST if sent else None


def _json(body: Any) -> Any:
    """JSON data; an ellipsis for what is none."""
    try:
        return json.loads(_bytes(body))
    except (ValueError, RecursionError):
        return ...


def _bytes(body: Any) -> bytes:
    return body if isinstance(body, bytes) else str(body or "").encode("utf-8", "surrogatepass")


def _text(header: Any) -> str:
    return header.decode("latin-1") if isinstance(header, bytes) else str(header or "")


def _unsafe(request: requests.PreparedRequest, why: str) -> Unsafe:
    return Unsafe(f"{request.method} {urlsplit(str(request.url)).path}", why)
