"""The response of a real server: sent on to the client, and compared with the contract."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Any

from mock_server.errors import ApiError, BadGateway, ErrorDetail
from mock_server.http.proxy_connections import FAILURE_HEADERS, ServerResponse
from mock_server.http.proxy_headers import Headers, response_headers
from mock_server.http.proxy_tokens import TokenKeeper
from mock_server.http.proxy_verdict import (
    MAX_CHECKED_BYTES,
    NOT_CHECKED,
    ResponseVerdict,
    check_body,
    too_large,
)
from mock_server.http.recorded_exchange import VERDICT_KEY
from mock_server.http.schemas import SchemaChecker
from mock_server.runtime.worker_processes import WAIT_FOR_DISCONNECT, WorkerPool
from mock_server.sessions.proxy_rules import RealServer

log = logging.getLogger("mock_server")
MAX_LOGGED_VIOLATIONS = 5
MAX_KEPT_BYTES = 32 * 2**20
"""Maximum total size of bodies that are kept at the same time; further ones are not compared."""


class KeptBodies:
    """The number of bytes of JSON bodies that are kept for comparison, of all responses."""

    def __init__(self, limit: int = MAX_KEPT_BYTES) -> None:
        """Keep at most `limit` bytes in total."""
        self._room = limit

    def reserve(self, size: int) -> bool:
        """Return whether so many bytes more can be kept; they are then reserved."""
        if fits := size <= self._room:
            self._room -= size
        return fits

    def release(self, size: int) -> None:
        """Return reserved bytes."""
        self._room += size


class ProxyExchange:
    """One response of a real server on its way to the client.

    A JSON body is kept until its last part has arrived, up to MAX_CHECKED_BYTES, so that the
    verdict is known before the client can ask for it. Everything else is sent on part by part, as
    fast as the client receives it.
    """

    def __init__(
        self,
        scope: Any,
        server: RealServer,
        operation: str,
        response: ServerResponse,
        verdict: ResponseVerdict | None,
        workers: WorkerPool,
        bodies: KeptBodies,
    ) -> None:
        """Take a response whose body is still to be read; `verdict` is None if there is none."""
        self._scope = scope
        self._name = operation
        self._response = response
        self._headers = response_headers(response.headers, scope, server)
        self._workers = workers
        self._bodies = bodies
        self._kept: list[bytes] = []
        self._size = 0
        self._found: list[ErrorDetail] = []
        self._checker: SchemaChecker | None = None
        if verdict:
            self._found += verdict.head_violations(response.status, self._headers)
            self._checker, wrong = verdict.body_checker(
                response.status, _field(self._headers, b"content-type")
            )
            self._found += wrong
        if scope["method"] == "HEAD":
            self._checker = None
        scope[VERDICT_KEY] = self._found

    async def answer(self, receive: Any, send: Any, keeper: TokenKeeper | None) -> None:
        """Send the response; a body that breaks off ends the client's connection.

        Raises BadGateway and GatewayTimeout if it breaks off before anything was sent.
        """
        client = _Client(send, self._response.status, self._headers)
        gone = asyncio.ensure_future(_wait_for_disconnect(receive))
        WAIT_FOR_DISCONNECT.set(lambda: asyncio.shield(gone))
        try:
            await self._send_on(client, gone, keeper)
        except ApiError as failure:
            self._found += failure.violations
            if not client.has_started:
                raise
            reason = failure.violations[0].found
            log.warning("%s: the response of the real server broke off: %s", self._name, reason)
        else:
            self._log_violations()
        finally:
            gone.cancel()
            self._bodies.release(self._size)
            await self._response.close()

    async def _send_on(
        self, client: _Client, gone: asyncio.Future[None], keeper: TokenKeeper | None
    ) -> None:
        if not 200 <= self._response.status <= 599:
            found = str(self._response.status)
            detail = ErrorDetail("/header", "proxyHttp", "200-599", found)
            raise BadGateway(detail, headers=FAILURE_HEADERS)
        async with aclosing(self._response.parts()) as parts:
            async for part in parts:
                if gone.done():
                    return
                if self._checker is not None and not self._keep(part):
                    self._found.append(too_large(self._size + len(part)))
                    self._checker = None
                    await self._send_kept(client)
                if self._checker is None:
                    await client.send_part(part)
        if self._checker is not None:
            await self._check(self._checker, keeper)
        await client.send_last(b"".join(self._kept))

    def _keep(self, part: bytes) -> bool:
        """Keep a part, and return whether there is room for it."""
        size = self._size + len(part)
        if size > MAX_CHECKED_BYTES or not self._bodies.reserve(len(part)):
            return False
        self._size = size
        self._kept.append(part)
        return True

    async def _send_kept(self, client: _Client) -> None:
        for part in self._kept:
            await client.send_part(part)
        self._kept.clear()
        self._bodies.release(self._size)  # now, since the rest may take minutes
        self._size = 0

    async def _check(self, checker: SchemaChecker, keeper: TokenKeeper | None) -> None:
        coding = _field(self._headers, b"content-encoding")
        value, wrong = await check_body(checker, self._kept, coding, self._workers)
        self._found += wrong
        if keeper and self._response.status == 200:
            keeper.adopt(value)

    def _log_violations(self) -> None:
        # Without the values of the response, which may be about people.
        broken = [each for each in self._found if each.rule != NOT_CHECKED]
        if broken:
            texts = [f"{v.pointer} {v.rule} ({v.accepted})" for v in broken[:MAX_LOGGED_VIOLATIONS]]
            more = len(broken) - len(texts)
            log.warning(
                "%s: the response of the real server breaks the contract: %s%s",
                self._name,
                "; ".join(texts),
                f" (and {more} more)" if more else "",
            )


class _Client:
    """The client's side of an exchange; the head is sent together with the first part."""

    def __init__(
        self, send: Callable[[Any], Awaitable[None]], status: int, headers: Headers
    ) -> None:
        self._send = send
        self._start = {"type": "http.response.start", "status": status, "headers": headers}
        self.has_started = False

    async def send_part(self, part: bytes) -> None:
        await self._ensure_started()
        await self._send({"type": "http.response.body", "body": part, "more_body": True})

    async def send_last(self, part: bytes) -> None:
        await self._ensure_started()
        await self._send({"type": "http.response.body", "body": part})

    async def _ensure_started(self) -> None:
        if not self.has_started:
            self.has_started = True
            await self._send(self._start)


async def _wait_for_disconnect(receive: Any) -> None:
    # A body that the real server did not wait for is discarded.
    while (await receive())["type"] != "http.disconnect":
        pass


def _field(headers: Headers, name: bytes) -> str:
    """Return the value of a field, or an empty string; names are in lower case."""
    return next((value.decode("latin-1") for sent, value in headers if sent == name), "")
