"""Requests of the pages to the mock, in process: from a page's thread, on the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote, urlencode

import orjson

from mock_server.http.address import ADDRESS_HEADERS
from mock_server.http.recorded_exchange import UNLOGGED_KEY
from mock_server.http.session_selection import SESSION_HEADER
from mock_server.settings import CONTROL_PLANE
from mock_server.testing.forms import encode_form

MAX_SECONDS = 30.0
"""Longest wait of a page for a response; a reset with 100,000 tasks takes less."""
MAX_MESSAGE_SIZE = 8 * 1024 * 1024
"""Maximum size of a response that a page reads, in bytes; 100 requests of the journal, each with
100 violations, may take most of it."""


class NoResponseError(Exception):
    """The mock did not respond in time, or its response is too large for a page."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request that the mock refused, to be shown beside the form that sent it.

    errors: as in a problem document, with `pointer`, `rule`, `message`, and maybe `accepted` and
    `found`.
    """

    status: int
    title: str
    detail: str
    errors: tuple[Mapping[str, str], ...] = ()


class RefusedError(Exception):
    """A request was refused whose response the page needs."""

    def __init__(self, refusal: Refusal) -> None:
        """Keep the refusal."""
        super().__init__(refusal.detail)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Reply:
    """A response of the mock; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes = field(repr=False)

    @property
    def body(self) -> Any:
        """Return the JSON document, or None if the response has none."""
        return orjson.loads(self.content) if "json" in self._media_type else None

    @property
    def text(self) -> str:
        """Return the body as text."""
        return self.content.decode(errors="replace")

    @property
    def refusal(self) -> Refusal | None:
        """Return why the request was refused; None if it was not."""
        if self.status < 400:
            return None
        document = self.body
        found = document if isinstance(document, dict) else {}
        return Refusal(
            self.status,
            str(found.get("title", self.status)),
            str(found.get("detail", "")),
            tuple(found.get("errors", ())),
        )

    @property
    def _media_type(self) -> str:
        return self.headers.get("content-type", "")


@dataclass(frozen=True, slots=True)
class InProcess:
    """A whole mock as an ASGI application, and the event loop on which it runs.

    scheme, address_headers: of the request for the page, so that URLs in responses are those that
    its browser can use.
    """

    SCOPE_KEY = "mock_server.in_process"

    application: Any
    loop: asyncio.AbstractEventLoop
    scheme: str
    address_headers: Sequence[tuple[bytes, bytes]]

    @classmethod
    def of(cls, application: Any, scope: Mapping[str, Any]) -> InProcess:
        """Return the mock for the pages of a request, whose event loop runs at present."""
        found = [field for field in scope["headers"] if field[0] in ADDRESS_HEADERS]
        return cls(application, asyncio.get_running_loop(), scope["scheme"], found)

    def send(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str],
        content: bytes = b"",
        seconds: float = MAX_SECONDS,
        *,
        logged: bool = False,
    ) -> Reply:
        """Send a request from another thread and return its response.

        target: path and query, percent-encoded. Raises NoResponseError.
        """
        path, _, query = target.partition("?")
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": self.scheme,
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [
                *self.address_headers,
                *((name.lower().encode(), value.encode()) for name, value in headers.items()),
                (b"content-length", str(len(content)).encode()),
            ],
            "client": None,
            "server": None,
            "state": {},
        }
        if not logged:
            scope[UNLOGGED_KEY] = True
        answer = asyncio.run_coroutine_threadsafe(
            _exchange(self.application, scope, content), self.loop
        )
        try:
            return answer.result(seconds)
        except (TimeoutError, CancelledError):
            answer.cancel()
            raise NoResponseError(f"no response within {seconds:g} s") from None


async def _exchange(application: Any, scope: dict[str, Any], content: bytes) -> Reply:
    """Return the response of an ASGI application; raises NoResponseError if it is too large."""
    unsent = [{"type": "http.request", "body": content, "more_body": False}]
    status, headers, parts, size = 0, {}, [], 0

    async def receive() -> Any:
        if unsent:
            return unsent.pop()
        # The client of this request stays until it has its response.
        return await asyncio.get_running_loop().create_future()

    async def send(message: Any) -> None:
        nonlocal status, headers, size
        if message["type"] == "http.response.start":
            status = message["status"]
            headers = {
                name.decode("latin-1").lower(): value.decode("latin-1")
                for name, value in message.get("headers", ())
            }
            return
        size += len(message.get("body", b""))
        if size <= MAX_MESSAGE_SIZE:
            parts.append(bytes(message.get("body", b"")))

    await application(scope, receive, send)
    if size > MAX_MESSAGE_SIZE:
        raise NoResponseError(f"the response has more than {MAX_MESSAGE_SIZE} bytes")
    return Reply(status, headers, b"".join(parts))


@dataclass(frozen=True, slots=True)
class ControlPlane:
    """The control plane, for one request of a page.

    session: the session that the page shows; lang: the language of refusals; token: the admin
    token, or "" if none is required.
    """

    mock: InProcess
    session: str
    lang: str
    token: str = field(default="", repr=False)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
    ) -> Reply:
        """Send a request below `/__admin` and return its response, which may be a refusal.

        path: unescaped; use `path_of` for a path with names that people chose; body: JSON; query:
        parameters, of which those that are None or "" are left out. Raises NoResponseError.
        """
        headers, content = self._headers(), b""
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = orjson.dumps(body)
        sent = {name: value for name, value in (query or {}).items() if value not in (None, "")}
        target = CONTROL_PLANE + path + (f"?{urlencode(sent, doseq=True)}" if sent else "")
        return self.mock.send(method, target, headers, content)

    def upload(self, path: str, fields: Mapping[str, str], name: str, content: bytes) -> Reply:
        """Send a form with a file below `/__admin`; raises NoResponseError.

        fields: the other fields; name: that of the file.
        """
        media_type, form = encode_form(fields, name, content)
        headers = {**self._headers(), "Content-Type": media_type}
        return self.mock.send("POST", CONTROL_PLANE + path, headers, form)

    def _headers(self) -> dict[str, str]:
        headers = {SESSION_HEADER: self.session, "Accept-Language": self.lang}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return headers

    def read(self, path: str, query: Mapping[str, Any] | None = None) -> Any:
        """Return the JSON of a GET; raises RefusedError and NoResponseError."""
        reply = self.ask("GET", path, query=query)
        if reply.refusal:
            raise RefusedError(reply.refusal)
        return reply.body


def path_of(*segments: str) -> str:
    """Return a path of these segments, whose characters are escaped where necessary."""
    return "".join(f"/{quote(segment, safe='')}" for segment in segments)
