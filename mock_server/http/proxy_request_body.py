"""Body of a forwarded request, sent on as fast as the real server receives it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mock_server.errors import ClientDisconnected, ContentTooLarge, ErrorDetail
from mock_server.http.proxy_headers import Headers


class RequestBody:
    """The parts of a body, as an asynchronous iterator; they are not stored."""

    def __init__(
        self,
        headers: Headers,
        receive: Any,
        limit: int,
        observe: Callable[[bytes], None] | None = None,
    ) -> None:
        """Read from ASGI's `receive`; `observe` is called with each part.

        limit: maximum number of bytes. Raises ContentTooLarge if a larger body is announced.
        """
        self._receive = receive
        self._limit = limit
        self._observe = observe
        self._size = 0
        self._ended = False
        for name, value in headers:
            # HTTP allows any number of leading zeros; `int` refuses more than 4,300 digits.
            if name == b"content-length" and (digits := value.lstrip(b"0")).isdigit():
                self._check_size(int(digits), digits.decode("ascii"))

    def __aiter__(self) -> RequestBody:
        return self

    async def __anext__(self) -> bytes:
        """Return the next part; raises ContentTooLarge and ClientDisconnected."""
        while not self._ended:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnected
            self._ended = not message.get("more_body")
            chunk: bytes = message.get("body", b"")
            self._size += len(chunk)
            self._check_size(self._size)
            if chunk:
                if self._observe:
                    self._observe(chunk)
                return chunk
        raise StopAsyncIteration

    def _check_size(self, size: int, announced: str = "") -> None:
        if size > self._limit:
            accepted, found = f"maxBodySize {self._limit}", announced or f"> {self._limit}"
            said = ErrorDetail("/body", "maxBodySize", accepted, found)
            # The rest of the body is not read, so no further request can follow.
            raise ContentTooLarge(said, headers={"Connection": "close"})
