"""An operation compiled once from the contract: parameters, body, handler, response check.

Per request nothing is compiled, looked up in YAML or inspected. The order is fixed: security
(before this module), parameters and body with all their violations at once, handler, response
check, bytes.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import replace
from functools import partial
from typing import Any

from mock_server.domain.paging import LongAnswer
from mock_server.errors import Broken, Disconnected, Invalid, Refusal, Unavailable, Violation
from mock_server.http.address import address, path
from mock_server.http.body import BodyReader, Limits, refuse_repeated
from mock_server.http.documented_responses import Documented
from mock_server.http.parameters import ParameterReader
from mock_server.http.problem import Problems, encode, language
from mock_server.http.response import Answer
from mock_server.http.schemas import Checker, Schemas, UnsupportedSchema
from mock_server.runtime.threads import offload
from mock_server.runtime.worker_processes import Capacity

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Handler = Callable[..., Any]
Subject = Callable[[Scope], Any]
"""What a handler works on, its first argument, for a request: of the API, a world."""
JSON = "application/json"
PROBLEM = "application/problem+json"
NO_BODY = frozenset({204, 304})
Content = bytes | memoryview
Answered = tuple[int, Content, list[tuple[bytes, bytes]]]
"""Status, bytes and headers."""
ROWS = 500
"""Rows of a long list that are checked and encoded in one go: a few milliseconds."""
ANYTHING = Checker({}, {})
EXTRA = frozenset({"headers", "address"})
"""What a handler may ask for beside the contract's arguments: header fields, the mock's address."""
PIECE = 2**18
"""Bytes of a body that are handed on at once."""


class ContractMismatch(Exception):
    """Contract and handlers do not fit together; the mock does not start."""


class Operation:
    """One operation of the contract, alive: an ASGI application."""

    def __init__(
        self,
        path: str,
        declared: Mapping[str, Any],
        schemas: Schemas,
        handler: Handler,
        *,
        subject: Subject,
        problems: Problems,
        limits: Limits,
        capacity: Capacity,
        strict: bool = True,
    ) -> None:
        """Compile an operation of the bundled contract.

        `declared` is the operation object with its path's parameters already joined in; `limits`
        are those of its body, and `capacity` is what all operations share to read one. Raises
        ContractMismatch when `handler` does not take what the contract declares, or the contract
        uses a schema that is not understood.
        """
        self.operation_id: str = declared["operationId"]
        self._handler = handler
        self._subject = subject
        self._problems = problems
        self._capacity = capacity
        try:
            self._parameters = ParameterReader(path, declared.get("parameters", ()), schemas)
            body = declared.get("requestBody")
            self._body = BodyReader(body, schemas, limits, capacity) if body else None
            self._answers = Documented(declared.get("responses", {}), schemas)
        except UnsupportedSchema as error:
            raise ContractMismatch(f"{self.operation_id}: {error}") from error
        self._strict = strict
        self._success = self._answers.of(200).get(JSON)
        refusals = self._answers.of(400).keys() | self._answers.of(401).keys()
        self.oauth = strict and PROBLEM not in refusals
        self._waits = inspect.iscoroutinefunction(handler)
        extra = self._check_signature()
        self._wants_headers, self._wants_address = "headers" in extra, "address" in extra

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; refusals and failures become documents here too."""
        try:
            await self._answer(scope, receive, send)
        finally:
            self._capacity.answers.release(id(scope))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        try:
            result = await self._result(scope, headers, receive)
            if isinstance(result, LongAnswer):
                status, content, sent = await self._listed(result, scope)
            else:
                status, content, sent = self._checked(result)
        except Refusal as refusal:
            status, content, sent = self.refused(refusal, scope, headers)
        except Disconnected:
            return
        await write(scope, send, status, content, sent)

    async def _result(self, scope: Scope, headers: dict[bytes, bytes], receive: Receive) -> Any:
        # Before the body is awaited: what security has looked at is what the handler gets.
        subject = self._subject(scope)
        violations: list[Violation] = []
        arguments = self._parameters.read(scope, violations)
        if self._body is not None:
            if len(headers) < len(scope["headers"]):
                refuse_repeated(scope["headers"])
            arguments["body"] = await self._body.read(headers, receive, violations)
        if violations:
            raise Invalid(*violations)
        if self._wants_headers:
            arguments["headers"] = _readable(scope)
        if self._wants_address:
            arguments["address"] = address(scope)
        result = self._handler(subject, **arguments)
        return await result if self._waits else result

    def _checked(self, result: Any) -> Answered:
        """Status, bytes and headers of an answer; raises Broken when it breaks the contract."""
        if isinstance(result, Answer):
            self._check_answer(result)
            extra = fields(result.headers)
            if result.status not in NO_BODY and result.media_type:
                extra.append((b"content-type", result.media_type.encode("latin-1")))
            return result.status, result.content, extra
        checker = self._success
        if checker is None or not checker.accepts(result):
            violations = checker.violations(result, "") if checker else []
            raise Broken(self.operation_id, [_lie(v) for v in violations] or ["no JSON answer"])
        return 200, encode(result), [(b"content-type", b"application/json")]

    async def _listed(self, answer: LongAnswer, scope: Scope) -> Answered:
        """A long list, once clients have taken enough of those before it."""
        async with self._capacity.turn:
            await self._capacity.answers.take(id(scope), 1)
            answered = await offload(True, partial(self._in_blocks, answer))
            self._capacity.answers.note(id(scope), len(answered[1]))
        return answered

    def _in_blocks(self, answer: LongAnswer) -> Answered:
        """Encode a long list block by block, for a thread.

        Memory is taken by the bytes alone. Raises Broken with the place of what is wrong.
        """
        checker = self._answers.of(200)[JSON]
        pieces: list[bytes] = []
        for start in range(0, len(answer.rows), ROWS):
            block = [answer.render(row) for row in answer.rows[start : start + ROWS]]
            part = {**answer.document, answer.key: block}
            if not checker.accepts(part):
                wrong = (_moved(v, answer.key, start) for v in checker.violations(part, ""))
                raise Broken(self.operation_id, [_lie(violation) for violation in wrong])
            pieces.append(encode(block)[1:-1])
        fields = {name: encode(value) for name, value in answer.document.items()}
        fields[answer.key] = b"[%b]" % b",".join(pieces)
        whole = b",".join(b"%b:%b" % (encode(name), value) for name, value in fields.items())
        return 200, b"{%b}" % whole, [(b"content-type", b"application/json")]

    def _check_answer(self, answer: Answer) -> None:
        if not self._strict:  # it is what the contract says
            return
        documented = self._answers.of(answer.status)
        if not self._answers.has(answer.status):
            raise Broken(self.operation_id, [f"the status {answer.status} is not documented"])
        if answer.status not in NO_BODY and not {answer.media_type, "*/*"} & documented.keys():
            raise Broken(self.operation_id, [f"{answer.media_type} is not documented"])

    def refused(self, refusal: Refusal, scope: Scope, headers: Mapping[bytes, bytes]) -> Answered:
        """A refusal of this operation as status, bytes and headers.

        Raises Broken when the contract does not document it, unless that was written by others.
        """
        lang = language(headers)
        media_type = JSON if self.oauth else PROBLEM
        if self.oauth:
            document = self._problems.oauth(refusal, lang)
        else:
            document = self._problems.document(refusal, path(scope), lang)
        checker = self._answers.of(refusal.status).get(media_type)
        if checker is None and refusal.status == Unavailable.status:
            checker = self._answers.of(400).get(media_type)  # a proxy's 503 is in none either
        if not self._strict:
            checker = ANYTHING
        if checker is None:
            raise Broken(self.operation_id, [f"a refusal with {refusal.status} is undocumented"])
        if not checker.accepts(document):
            raise Broken(self.operation_id, [_lie(v) for v in checker.violations(document, "")])
        sent = [*fields(refusal.headers), (b"content-type", media_type.encode())]
        return refusal.status, encode(document), sent

    def _check_signature(self) -> frozenset[str]:
        """Return which of EXTRA the handler takes."""
        parameters = inspect.signature(self._handler).parameters
        if any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
            return frozenset()
        takes = list(parameters)[1:]
        gives = [*self._parameters.keywords, *(["body"] if self._body else [])]
        missing = sorted(set(gives) - set(takes))
        surplus = sorted(set(takes) - set(gives) - EXTRA)
        if missing or surplus:
            raise ContractMismatch(
                f"{self.operation_id}: the handler does not take {missing or 'nothing'} of the "
                f"contract and takes {surplus or 'nothing'} that is not in it"
            )
        return EXTRA.intersection(takes)


def _readable(scope: Scope) -> dict[str, str]:
    """Header fields as a handler reads them: those given twice joined (RFC 9110, 5.3).

    Without Range where the method is not GET, the only one that has a part (14.2).
    """
    found: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        found[name] = f"{found[name]}, {value}" if name in found else value
    if scope["method"] != "GET":
        found.pop("range", None)
    return found


def fields(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Header fields as ASGI wants them."""
    return [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]


def _moved(violation: Violation, key: str, start: int) -> Violation:
    """Return a violation of a row in a block, with its place in the whole list."""
    _, name, *rest = violation.pointer.split("/")
    if name != key or not rest:
        return violation
    place = "/".join(["", name, str(int(rest[0]) + start), *rest[1:]])
    return replace(violation, pointer=place)


def _lie(violation: Violation) -> str:
    return f"{violation.pointer or '/'} breaks {violation.accepted} (found {violation.found})"


async def write(
    scope: Scope, send: Send, status: int, content: Content, headers: list[tuple[bytes, bytes]]
) -> None:
    """Send one whole response. HEAD gets the headers of GET, Content-Length included.

    A large one goes in pieces, as fast as the client takes them.
    """
    if status not in NO_BODY and not any(name == b"content-length" for name, _ in headers):
        headers.append((b"content-length", str(len(content)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    body = b"" if scope["method"] == "HEAD" else content
    if len(body) > PIECE:
        body = memoryview(body)
        while len(body) > PIECE:
            piece = bytes(body[:PIECE])
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            await asyncio.sleep(0)  # what is sent in one turn of the loop would leave together
            body = body[PIECE:]
    await send({"type": "http.response.body", "body": bytes(body)})
