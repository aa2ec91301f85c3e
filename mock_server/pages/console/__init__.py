"""The console: pages that show and change what the mock has, for a person.

A Flask application at `/__console`, which is built for its first request. Its pages run on threads
and never touch a world: they send requests in process to the control plane, on the event loop
(`control_plane.py`). A page is a view module, a template, and a line of `navigation.py`.

The path is not below `/__admin`, because paths there are operations of the control plane's
contract, and because the cookie with the token should be sent to none of them.
"""

from __future__ import annotations

from asyncio import Semaphore, to_thread
from typing import Any, cast
from urllib.parse import quote

from mock_server.errors import ClientDisconnected
from mock_server.http.address import forwarded_prefix
from mock_server.http.delays import DISCONNECT
from mock_server.http.recorded_exchange import UNLOGGED_KEY
from mock_server.http.session_selection import SESSION_PREFIX_KEY
from mock_server.pages.a2wsgi_compat import WSGIApp, WSGIMiddleware, shut_down_threads
from mock_server.pages.console.control_plane import InProcess
from mock_server.pages.console.flask_app import (
    MAX_FORM_SIZE,
    ConsoleSettings,
    build_console,
    max_form_size,
)
from mock_server.sessions.session import session_of
from mock_server.settings import CONSOLE_PATH

__all__ = ["Console"]
MAX_UPLOADS = 2
"""Forms with a file that are received and served at a time, because they are kept in memory."""
THREADS = 4
"""A page of a slow request, such as a reset with many records, occupies one for seconds."""


class Console:
    """The console of one mock, as an ASGI application."""

    def __init__(self, application: Any, key: bytes, *, secured: bool) -> None:
        """Send requests of the pages to `application`, the whole mock.

        key: what cookies are signed with; secured: whether the control plane requires a token, and
        the console a login.
        """
        self._application = application
        self._settings = ConsoleSettings(secured, key)
        self._asgi: WSGIMiddleware | None = None
        self._uploads = Semaphore(MAX_UPLOADS)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve a page."""
        scope[UNLOGGED_KEY] = True
        if SESSION_PREFIX_KEY in scope:
            await _redirect_to_parameter(scope, send)
            return
        if scope["method"] == "POST":
            limit = max_form_size(scope["path"].removeprefix(CONSOLE_PATH))
            if limit > MAX_FORM_SIZE:
                async with self._uploads:
                    await self._serve(scope, await _receive_form(receive, limit), send)
                return
            receive = await _receive_form(receive, limit)
        await self._serve(scope, receive, send)

    async def _serve(self, scope: Any, receive: Any, send: Any) -> None:
        if self._asgi is None:
            await to_thread(self._build)
        assert self._asgi is not None  # noqa: S101 - built above
        base = forwarded_prefix(scope) + CONSOLE_PATH
        told: Any = {
            **scope,
            "root_path": base,
            "path": base + scope["path"].removeprefix(CONSOLE_PATH),
            # a2wsgi decodes it as ASCII.
            "query_string": quote(scope["query_string"], safe="%=&+;/?:@!$'()*,~").encode(),
            InProcess.SCOPE_KEY: InProcess.of(self._application, scope),
        }
        await self._asgi(told, receive, send)

    def _build(self) -> None:
        flask = build_console(self._settings)
        built = WSGIMiddleware(cast("WSGIApp", flask.wsgi_app), workers=THREADS)
        self._asgi = self._asgi or built

    def close(self) -> None:
        """Shut down the worker threads."""
        if self._asgi:
            shut_down_threads(self._asgi)


async def _receive_form(receive: Any, limit: int) -> Any:
    """Return a `receive` that has a whole form, so that a slow client occupies no thread.

    limit: maximum size in bytes; of a larger form, which the page refuses, only the beginning is
    received. Raises ClientDisconnected.
    """
    form, more = bytearray(), True
    while more and len(form) <= limit:
        message = await receive()
        if message["type"] == DISCONNECT:
            raise ClientDisconnected
        form += message.get("body", b"")
        more = message.get("more_body", False)
    unread = [{"type": "http.request", "body": bytes(form), "more_body": False}]

    async def receive_form() -> Any:
        return unread.pop() if unread else await receive()

    return receive_form


async def _redirect_to_parameter(scope: Any, send: Any) -> None:
    """Redirect `/__session/NAME/__console/…` to the page's own path with `?session=NAME`."""
    # The pages have one path for all sessions, to which their cookies are limited.
    path = quote(scope["path"].removeprefix(CONSOLE_PATH))
    query = scope["query_string"].decode("latin-1")
    name = session_of(scope).name
    where = f"{forwarded_prefix(scope)}{CONSOLE_PATH}{path or '/'}?session={name}"
    if query:
        where += f"&{quote(query, safe='%=&+;/?:@')}"
    headers = [(b"location", where.encode()), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 307, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
