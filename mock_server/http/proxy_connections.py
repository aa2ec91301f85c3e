"""Connections to real servers.

They are made with `httpcore` and without httpx's client, which would follow redirects, keep
cookies, and use the proxies and the .netrc of the environment.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import AsyncGenerator, AsyncIterable, Iterator
from contextlib import contextmanager

import httpcore

from mock_server.errors import ApiError, BadGateway, ErrorDetail, GatewayTimeout, display_text
from mock_server.http.proxy_headers import Headers
from mock_server.http.proxy_tls import create_tls_context
from mock_server.sessions.proxy_rules import RealServer

CONNECT_SECONDS = 5.0
"""Seconds until a connection is made, and for which a request waits for a free one."""
MAX_CONNECTIONS = 100
MAX_IDLE_CONNECTIONS = 20
KEEP_ALIVE_SECONDS = 4.0
"""Seconds for which an idle connection is kept; Node, for one, closes them after five."""
FAILURE_HEADERS = {"X-Mock-Source": "proxy-failure"}
"""Header of the responses that the mock gives in place of the real server."""

logging.getLogger("httpcore").setLevel(logging.WARNING)  # its debug lines show credentials


class ServerConnections:
    """A pool of connections to real servers, each used for one request at a time."""

    def __init__(self, ca: str, timeout: float) -> None:
        """Create an empty pool.

        ca: path of the certificates of trusted authorities, empty for those of the system;
        timeout: seconds until a response begins, and between its parts. Reads files.
        """
        self._timeout = {
            "connect": CONNECT_SECONDS,
            "pool": CONNECT_SECONDS,
            "read": timeout,
            "write": timeout,
        }
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=create_tls_context(ca),
            max_connections=MAX_CONNECTIONS,
            max_keepalive_connections=MAX_IDLE_CONNECTIONS,
            keepalive_expiry=KEEP_ALIVE_SECONDS,
        )

    async def send(
        self,
        server: RealServer,
        method: str,
        target: bytes,
        headers: Headers,
        body: AsyncIterable[bytes] | None,
    ) -> ServerResponse:
        """Send a request, and return the response, whose body is still to be read.

        Raises BadGateway and GatewayTimeout, with the reason.
        """
        url = httpcore.URL(
            scheme=server.scheme,
            host=server.host,
            port=server.port,
            target=target,
        )
        request = httpcore.Request(
            method, url, headers=headers, content=body, extensions={"timeout": self._timeout}
        )
        with _naming_failures(server):
            return ServerResponse(await self._pool.handle_async_request(request), server)

    async def close(self) -> None:
        """Close all connections."""
        await self._pool.aclose()


class ServerResponse:
    """A response of a real server, whose body is read while it arrives."""

    def __init__(self, response: httpcore.Response, server: RealServer) -> None:
        """Take a response of `httpcore`."""
        self.status: int = response.status
        self.headers: Headers = response.headers
        self._response = response
        self._server = server

    async def parts(self) -> AsyncGenerator[bytes]:
        """Yield the parts of the body as they were sent; raises BadGateway and GatewayTimeout."""
        with _naming_failures(self._server):
            async for part in self._response.aiter_stream():
                yield part

    async def close(self) -> None:
        """Release the connection, which is closed if the body has not been read completely."""
        await self._response.aclose()


@contextmanager
def _naming_failures(server: RealServer) -> Iterator[None]:
    """Within the context, turn errors of connections into BadGateway and GatewayTimeout."""
    try:
        yield
    except httpcore.TimeoutException as error:
        raise _failure(GatewayTimeout, "proxyTimeout", server, type(error).__name__) from None
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        cause = _root_cause(error)
        rule = "proxyHttp"
        if isinstance(cause, ssl.SSLError):
            rule = "proxyTls"
        elif isinstance(error, httpcore.ConnectError):
            rule = "proxyConnect"
        reason = getattr(cause, "verify_message", "") or getattr(cause, "strerror", "")
        raise _failure(BadGateway, rule, server, str(reason or cause)) from None


def _failure(kind: type[ApiError], rule: str, server: RealServer, reason: str) -> ApiError:
    return kind(
        ErrorDetail("/header", rule, server.url, display_text(reason)), headers=FAILURE_HEADERS
    )


def _root_cause(error: BaseException) -> BaseException:
    """Return the error of the system behind one of httpcore's."""
    while True:
        if isinstance(error, BaseExceptionGroup):
            below: BaseException | None = error.exceptions[-1]
        else:
            below = error.__cause__ or error.__context__
        if below is None:
            return error
        error = below
