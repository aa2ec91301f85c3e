"""`mock.tokens`, `mock.readings` and `mock.proxy`: how a session answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mock_server.testing.documents import (
    Proxy,
    Readings,
    TokenCounts,
    read_document,
    write_document,
)
from mock_server.testing.transport import Transport


@dataclass(frozen=True)
class Tokens:
    """The access and refresh tokens that a session has issued."""

    _transport: Transport
    _forget_token: Callable[[], None]

    def expire(self, token: str | None = None) -> TokenCounts:
        """Make an access token expire now, or all; refresh tokens stay valid."""
        return self._end("expire", token)

    def revoke(self, token: str | None = None) -> TokenCounts:
        """Make an access or refresh token invalid, or all."""
        return self._end("revoke", token)

    def _end(self, how: str, token: str | None) -> TokenCounts:
        body = write_document({"token": token})
        self._forget_token()
        return read_document(TokenCounts, self._transport.call("POST", f"/tokens/{how}", body))


@dataclass(frozen=True)
class ReadingsControl:
    """The answers of a session to the open questions of the contract."""

    _transport: Transport

    def read(self) -> Readings:
        """Return all answers, and those that are not the default."""
        return read_document(Readings, self._transport.call("GET", "/readings"))

    def set(
        self,
        readings: Mapping[str, str | None] | None = None,
        /,
        *,
        reset: bool = False,
        **by_key: str | None,
    ) -> Readings:
        """Change answers; None is the default answer, and the data stays.

        readings, by_key: answers by the key of their question, with underscores for hyphens in
        keywords (`absent_values="null"`);
        reset: give all other questions their default answer.
        """
        chosen = dict(readings or {})
        chosen |= {key.replace("_", "-"): value for key, value in by_key.items()}
        body = {"readings": chosen, "reset": reset}
        return read_document(Readings, self._transport.call("PUT", "/readings", body))


@dataclass(frozen=True)
class ProxyControl:
    """The forwarding of operations of a session to a real server."""

    _transport: Transport

    def read(self) -> Proxy:
        """Return what is forwarded, and where."""
        return read_document(Proxy, self._transport.call("GET", "/proxy"))

    def set(self, url: str, *operations: str, auth_url: str | None = None) -> Proxy:
        """Forward operations, named by operationId, tag or `*`, to the server at a URL."""
        body = write_document({"url": url, "operations": [*operations], "auth_url": auth_url})
        return read_document(Proxy, self._transport.call("PUT", "/proxy", body))

    def stop(self) -> None:
        """Forward nothing."""
        self._transport.call("DELETE", "/proxy")
