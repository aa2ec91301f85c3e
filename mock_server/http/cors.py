"""CORS: browser applications of other origins may call the API."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from mock_server.http.starlette_compat import CORSMiddleware

EXPOSED_HEADERS = (
    "Accept-Ranges",
    "Content-Disposition",
    "Content-Length",
    "Content-Range",
    "ETag",
    "Preference-Applied",
    "WWW-Authenticate",
    "X-Mock-Source",
)
"""Response headers a browser may read, by name: `*` does not count with credentials."""


class Cors(CORSMiddleware):
    """CORS for browsers: any origin, with credentials; a preflight is 204."""

    def __init__(self, app: Any) -> None:
        """Wrap the application."""
        super().__init__(
            app,
            allow_origin_regex=".*",
            allow_methods=("GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS"),
            allow_credentials=True,
            allow_private_network=True,  # Chromium asks, when a public page calls this machine
            expose_headers=EXPOSED_HEADERS,
        )
        self.allow_all_headers = True

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve a request; one without an Origin, from no browser, only gets `Vary: Origin`."""
        if scope["type"] != "http" or any(name == b"origin" for name, _ in scope["headers"]):
            await super().__call__(scope, receive, send)
            return

        async def send_with_vary(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"].append((b"vary", b"Origin"))
            await send(message)

        await self.app(scope, receive, send_with_vary)

    def preflight_response(self, request_headers: Any) -> Response:
        """Starlette's answer, as 204 without a body."""
        answer = super().preflight_response(request_headers)
        if answer.status_code != 200:
            return answer
        kept = {n: v for n, v in answer.headers.items() if not n.startswith("content-")}
        return Response(status_code=204, headers=kept)
