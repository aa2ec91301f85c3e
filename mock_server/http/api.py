"""Compiled contracts mounted on connexion: the first one's paths, the current one's operations."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from mock_server.http.compiled_contract import CompiledContract
from mock_server.http.connexion_compat import (
    ConnexionMiddleware,
    RoutedAPI,
    SwaggerUIMiddleware,
    SwaggerUIOptions,
)
from mock_server.http.direct_dispatch import DirectDispatch
from mock_server.http.recorded_exchange import PAGE_KEY

READS = ("GET", "HEAD")
SWAGGER_FILES = ("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png")
"""Files of the installed Swagger UI that its pages load."""
GetContract = Callable[[Mapping[str, Any]], CompiledContract]
"""Returns the contract that serves a request, from its ASGI scope."""


class MountedApi:
    """A contract below the path `base`, whose readings may change between two requests."""

    def __init__(self, first: CompiledContract, current: GetContract, base: str = "") -> None:
        """Mount the operations of `first`; requests are served by those of `current`."""
        self.base = base
        self.current = current
        self._first = first

    def mount(self, app: ConnexionMiddleware, security: Mapping[str, Any], swagger: str) -> None:
        """Add the contract to `app`, with connexion's `security_map` and the path of Swagger UI."""
        app.add_api(
            self._first.skeleton,
            resolver=lambda _operation_id: None,  # our handlers are bound already
            security_map=security,
            swagger_ui_options=SwaggerUIOptions(
                serve_spec=False,  # the pages serve it, with the mock as its only server
                swagger_ui_path=swagger,
            ),
            current=self.current,
            first=self._first,
        )


class MockSwaggerMiddleware(SwaggerUIMiddleware):  # type: ignore[misc]  # connexion has no types
    """Files of connexion's Swagger UI; the pages that load them are in `pages/swagger.py`."""

    def __init__(self, app: Any, pages: tuple[str, ...]) -> None:
        """Wrap the next application; `pages` are the paths of Swagger UI, without a slash."""
        super().__init__(app)
        self._pages = pages
        # No others: its `oauth2-redirect.html` and demo page would be pages of the mock's origin.
        self._files = frozenset(f"{page}/{name}" for page in pages for name in SWAGGER_FILES)

    def __call__(self, scope: Any, receive: Any, send: Any) -> Awaitable[None]:
        """Serve a file of Swagger UI, or pass the request on."""
        # Not `async`: requests to the API would pay for one more coroutine.
        served: Awaitable[None]
        if scope["type"] != "http" or not scope["path"].startswith(self._pages):
            served = self.app(scope, receive, send)
        elif scope["path"] in self._pages and scope["method"] in READS:
            scope[PAGE_KEY] = True
            served = redirect(scope["path"].rpartition("/")[2] + "/", send)
        elif scope["path"] in self._files:
            scope[PAGE_KEY] = True
            served = super().__call__(scope, receive, hold_start_until_body(send))
        else:
            served = self.app(scope, receive, send)
        return served


def hold_start_until_body(send: Any) -> Any:
    """Return a `send` that delays the start of a response until its body begins."""
    # Starlette opens a file after the start; if this fails, a 503 can still be sent.
    start: list[Any] = []

    async def send_both(message: Any) -> None:
        if message["type"] == "http.response.start":
            start.append(message)
            return
        while start:
            await send(start.pop())
        await send(message)

    return send_both


async def redirect(where: str, send: Any) -> None:
    """Send a 308 to `where`, which may be relative."""
    headers = [(b"location", where.encode()), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 308, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


class _CurrentOperation:
    """An operation as an ASGI application: that of the contract in force."""

    def __init__(self, name: str, first: CompiledContract, current: GetContract) -> None:
        self._name = name
        self._current = current
        self._first = first.operations[name]

    def __call__(self, scope: Any, receive: Any, send: Any) -> Any:
        # While a changed contract is loaded (`--watch`), the session has the new one already.
        operation = self._current(scope).operations.get(self._name, self._first)
        return operation(scope, receive, send)


class _OperationsAPI(RoutedAPI):  # type: ignore[misc]  # connexion has no types
    def __init__(
        self, *args: Any, first: CompiledContract, current: GetContract, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self._first, self._current = first, current
        self.add_paths()

    def make_operation(self, operation: Any) -> _CurrentOperation:
        return _CurrentOperation(operation.operation_id, self._first, self._current)


class OperationsMiddleware(DirectDispatch):
    """The last application, which passes each request to its compiled operation."""

    api_cls = _OperationsAPI
