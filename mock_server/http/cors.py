"""CORS, so that browser applications of any origin can call the API."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from starlette.responses import Response

from mock_server.http.starlette_compat import CORSMiddleware

EXPOSED_HEADERS = (
    "Accept-Ranges",
    "Content-Disposition",
    "Content-Length",
    "Content-Range",
    "Date",
    "ETag",
    "Preference-Applied",
    "Retry-After",
    "WWW-Authenticate",
    "X-Mock-Fault",
    "X-Mock-Ignored",
    "X-Mock-Session",
    "X-Mock-Source",
)
"""Response headers that scripts may read; listed, because `*` has no effect with credentials."""


class Cors(CORSMiddleware):
    """CORS for any origin, with credentials; the response to a preflight is a 204."""

    def __init__(self, app: Any) -> None:
        """Wrap the application."""
        super().__init__(
            app,
            # A regex makes Starlette repeat the origin; browsers refuse `*` with credentials.
            allow_origin_regex=".*",
            allow_methods=("GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS"),
            allow_credentials=True,
            # Chromium requires it if a public page calls a private address.
            allow_private_network=True,
            expose_headers=EXPOSED_HEADERS,
        )
        self.allow_all_headers = True

    def __call__(  # type: ignore[override]  # any awaitable will do
        self, scope: Any, receive: Any, send: Any
    ) -> Awaitable[None]:
        """Serve a request; a response to one without an Origin only gets `Vary: Origin`.

        Without `Vary`, a cache could return that response to a browser.
        """
        # Neither this nor `send_with_vary` is `async`: every request would pay for more coroutines.
        served: Awaitable[None]
        if scope["type"] != "http" or _has_origin(scope["headers"]):
            served = super().__call__(scope, receive, send)
            return served

        def send_with_vary(message: Any) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                message["headers"].append((b"vary", b"Origin"))
            sent: Awaitable[None] = send(message)
            return sent

        served = self.app(scope, receive, send_with_vary)
        return served

    def preflight_response(self, request_headers: Any) -> Response:
        """Return Starlette's response as a 204 without a body."""
        answer = super().preflight_response(request_headers)
        if answer.status_code != 200:
            return answer
        kept = {n: v for n, v in answer.headers.items() if not n.startswith("content-")}
        return Response(status_code=204, headers=kept)


def _has_origin(headers: list[tuple[bytes, bytes]]) -> bool:
    for name, _ in headers:  # noqa: SIM110 - `any()` takes twice as long, for every request
        if name == b"origin":
            return True
    return False
