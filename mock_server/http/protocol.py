"""HTTP/1.1 on uvicorn's protocol, with limits, timeouts and error documents.

Differences from uvicorn:

- Uvicorn writes head and body of a response separately, and each write wakes the client, which
  costs a third of the requests per second on loopback. Here, the writes of one iteration of the
  event loop are sent in one packet.
- Malformed, incomplete, oversized and slow requests get a problem document, after the responses to
  earlier requests. The connection is closed so that the response arrives even if the client is
  still sending.
- A client that has closed its sending direction still gets its responses.
- Host is required exactly once; otherwise a proxy and the mock could understand different hosts.
- Trailers are not added to the headers, where they could replace headers that were checked.
- A request with `Upgrade` (Java's HttpClient sends `h2c`) is served as HTTP/1.1. The parser would
  take its body for the other protocol, and so for the next request.
- Every connection has limits: MAX_HEAD, KEEP_ALIVE_SECONDS and TIMEOUT_TICKS.
- If descriptors run out, the connection that has been idle longest is closed.
"""

from __future__ import annotations

from math import ceil
from typing import Any

from httptools import HttpParserCallbackError, HttpParserError, HttpParserUpgrade, HttpRequestParser

from mock_server.errors import ApiError, ErrorDetail, HeadTooLarge, MalformedRequest, RequestTimeout
from mock_server.http.discarded_trailers import DISCARDED_TRAILERS
from mock_server.http.dropped_connections import TRANSPORT_KEY
from mock_server.http.host_header import host_violation
from mock_server.http.malformed_requests import closing_response
from mock_server.http.uvicorn_compat import HttpToolsProtocol
from mock_server.http.write_coalescing import LINGER_SECONDS, CoalescingTransport
from mock_server.runtime.file_descriptors import max_connections
from mock_server.runtime.worker_processes import shutdown_error

MAX_HEAD = 64 * 1024
"""Maximum size of request line and headers, or of trailers; PARSE_CHUNK_BYTES more may pass."""
PARSE_CHUNK_BYTES = 16 * 1024
TICK = 10.0
"""Seconds between two checks of a connection, and the unit of TIMEOUT_TICKS."""
KEEP_ALIVE_SECONDS = 75
"""Seconds for which a connection may be idle. Clients poll every 5, 30 or 60 seconds, and one that
reuses a connection without checking it (Node) loses a request that meets its end."""
TIMEOUT_TICKS = {"request": ceil(KEEP_ALIVE_SECONDS / TICK), "head": 3, "body": 30, "reader": 3}
"""Ticks until a request begins, its head ends, its body ends, the client reads on."""
SHUTDOWN_LINGER_SECONDS = 0.5
"""Seconds for which a client may continue to send after its last response, during the shutdown."""
NEW_CONNECTION_SECONDS = 1.0
"""Age in seconds from which a connection without a request may be closed to make room."""
PROBE_SECONDS = 0.5
"""Seconds between two tests of whether a client that has stopped sending still reads."""
CONTINUE_RESPONSE = b"HTTP/1.1 100 Continue\r\n\r\n"


class HttpProtocol(HttpToolsProtocol):
    """Uvicorn's HTTP/1.1 protocol on a CoalescingTransport."""

    tick = TICK
    linger = LINGER_SECONDS

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Take the arguments of uvicorn's class."""
        super().__init__(*arguments, **options)
        self.timeout_keep_alive = KEEP_ALIVE_SECONDS
        self._fields = 0
        self._ignores_input = False
        self._ended = False
        self._last_bytes: bytes | None = None
        self._wrong_host: ErrorDetail | None = None
        self._seen: tuple[str, int] | None = None
        self._ticks = 0
        self._idle_since = 0.0

    def connection_made(self, transport: Any) -> None:
        """Start to serve a connection."""
        super().connection_made(CoalescingTransport(transport, self))  # type: ignore[arg-type]  # it is one by duck typing
        self._idle_since = self.loop.time()
        if len(self.connections) > max_connections():
            self._close_idlest_connection()
        self._next_progress_check = self.loop.call_later(self.tick, self._check_progress)

    def connection_lost(self, exc: Exception | None) -> None:
        """Clean up after the connection."""
        self._next_progress_check.cancel()
        self._unset_keepalive_if_required()  # its handle would keep the connection for a minute
        super().connection_lost(exc)
        if isinstance(self.transport, CoalescingTransport):
            self.transport.forget_protocol()

    def eof_received(self) -> bool:  # type: ignore[override]  # uvicorn lets the loop close
        """Answer the complete requests of a client that stops sending, and close."""
        self._ended = True
        if self.transport.is_closing():
            return False
        if self._last_bytes is None:
            if self._is_partial():
                cut = self._violation("http", "HTTP/1.1", "the request was cut short")
                self._refuse(MalformedRequest(cut))
            else:
                self._last_bytes = b""
                if self._is_busy():
                    self.loop.call_later(PROBE_SECONDS, self._probe_client)
                else:
                    self._send_and_close(self._last_bytes)
        return True

    def discard_input(self) -> bool:
        """Discard further input, and return whether the client may still be sending."""
        sending = not self._ended and (self._ignores_input or self._is_partial())
        self._ignores_input = True
        self.flow.resume_reading()
        return sending

    def _close_idlest_connection(self) -> None:
        """Close the connection that has been idle longest, or this one if none is idle."""
        before = self.loop.time() - NEW_CONNECTION_SECONDS
        idle = [
            one for one in self.connections if isinstance(one, HttpProtocol) and one.is_idle(before)
        ]
        min(idle, key=HttpProtocol.idle_since, default=self).transport.close()

    def is_idle(self, before: float) -> bool:
        """Return whether no request is in progress; `before` is loop time, for new connections."""
        if self.timeout_keep_alive_task is not None:
            return True
        return self._awaited_step() == ("request", id(self.scope)) and self._idle_since < before

    def idle_since(self) -> float:
        """Return the loop time of the last complete response, or of the connection's start."""
        task = self.timeout_keep_alive_task
        return task.when() - self.timeout_keep_alive if task else self._idle_since

    def _probe_client(self) -> None:
        """Send a 100 Continue, to which the system of a vanished client replies with a reset."""
        cycle = self.cycle
        idle = self._is_busy() and not self.pipeline and not cycle.response_started
        if idle and cycle.scope["http_version"] == "1.1" and not self.transport.is_closing():
            self.transport.write(CONTINUE_RESPONSE)
            self.loop.call_later(PROBE_SECONDS, self._probe_client)

    def data_received(self, data: bytes | memoryview) -> None:
        """Parse input in pieces, so that an oversized head is noticed early."""
        if len(data) > PARSE_CHUNK_BYTES:
            view = memoryview(data)
            for start in range(0, len(data), PARSE_CHUNK_BYTES):
                self.data_received(view[start : start + PARSE_CHUNK_BYTES])
            return
        if self._ignores_input:
            return
        self._unset_keepalive_if_required()
        while True:
            try:
                self.parser.feed_data(data)
            except HttpParserUpgrade as end:
                data = self._without_upgrade(bytes(data[end.args[0] :]))
            except HttpParserError as error:
                wrong = self._wrong_host or self._violation("http", "HTTP/1.1", _error_text(error))
                self._refuse(MalformedRequest(wrong))
                return
            else:
                break
        cycle = self.cycle
        if cycle is not None and cycle.scope is self.scope and not cycle.more_body:
            self._fields = 0
            return
        self._fields += len(data)
        if self._fields > MAX_HEAD:
            self._refuse(HeadTooLarge(self._violation("maxHeadSize", f"maxHeadSize {MAX_HEAD}")))

    def on_headers_complete(self) -> None:
        """Start a request if its Host is valid."""
        self._wrong_host = host_violation(self.headers, self.parser.get_http_version())
        if self._wrong_host:
            self.scope["path"] = self.url.partition(b"?")[0].decode("latin-1")
            raise ValueError(self._wrong_host)  # stops the parser
        self.scope[TRANSPORT_KEY] = self.transport  # type: ignore[literal-required]  # ours
        super().on_headers_complete()

    def _should_upgrade(self) -> bool:
        """Return whether uvicorn leaves a request with `Upgrade` to `data_received`."""
        return bool(self.parser.get_method() != b"CONNECT")

    def _without_upgrade(self, rest: bytes) -> bytes:
        """Return the head without `Upgrade`, followed by the rest, as new input."""
        if not self._should_upgrade():  # after CONNECT, the input is meant for another server
            self._ignores_input = True
            self.cycle.keep_alive = False
            return b""
        version = self.parser.get_http_version().encode()
        lines = [b"%b %b HTTP/%b" % (self.parser.get_method(), self.url, version)]
        lines += [b"%b: %b" % field for field in self.headers if field[0] != b"upgrade"]
        self.parser = HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        return b"\r\n".join([*lines, b"", rest])

    def on_chunk_header(self) -> None:
        """Discard fields from the first chunk on, because they are trailers."""
        self.headers = DISCARDED_TRAILERS

    def on_body(self, body: bytes) -> None:
        """Receive a part of a body."""
        self._fields = 0
        super().on_body(body)

    def shutdown(self) -> None:
        """End the connection; an incomplete request gets a 503."""
        self.linger = SHUTDOWN_LINGER_SECONDS
        if self._is_partial() and not self._is_busy() and not self._ignores_input:
            self._refuse(shutdown_error())
        else:
            super().shutdown()

    def on_response_complete(self) -> None:
        """Continue with the next request, or close."""
        last = not self.pipeline
        super().on_response_complete()
        if last and self._last_bytes is not None:
            self._send_and_close(self._last_bytes)

    def _refuse(self, refusal: ApiError) -> None:
        """Send an error after the responses to earlier requests, and close."""
        self._ignores_input = True
        self._last_bytes = closing_response(refusal, self.scope, self.server_state.default_headers)
        cycle, busy = self.cycle, self._is_busy()
        if cycle is not None and cycle.scope is self.scope and cycle.more_body:
            # The error is in the body of the newest request, so it replaces that one's response.
            if cycle.response_started:
                self._last_bytes = b""
            elif self.pipeline:
                self.pipeline.popleft()
            else:
                cycle.disconnected = True
                cycle.message_event.set()
        if not busy:
            self._send_and_close(self._last_bytes)

    def _send_and_close(self, final_response: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(final_response)
            self.transport.close()

    def _violation(self, rule: str, accepted: str, found: str = "") -> ErrorDetail:
        """Return a violation at the parser's position: in a request's head or in its body."""
        cycle = self.cycle
        in_body = cycle is not None and cycle.scope is self.scope and cycle.more_body
        return ErrorDetail("/body" if in_body else "/header", rule, accepted, found)

    def _is_busy(self) -> bool:
        """Return whether a complete request waits for its response."""
        cycle = self.cycle  # the newest request; if others are in the pipeline, an older one runs
        if self.pipeline or cycle is None:
            return bool(self.pipeline)
        return not cycle.response_complete and not cycle.more_body

    def _is_partial(self) -> bool:
        """Return whether a request has begun and is incomplete."""
        cycle = self.cycle
        begun = self.scope is not None
        return begun and (cycle is None or cycle.scope is not self.scope or cycle.more_body)

    def _check_progress(self) -> None:
        """End the connection if the client has made no progress for too long."""
        awaited = self._awaited_step()
        self._ticks = self._ticks + 1 if awaited == self._seen else 0
        self._seen = awaited
        if awaited is None or self._ticks < TIMEOUT_TICKS[awaited[0]]:
            self._next_progress_check = self.loop.call_later(self.tick, self._check_progress)
        elif awaited[0] == "reader":  # `close` would wait until the response has been sent
            self.transport.abort()
        elif awaited[0] == "request":
            self.transport.close()
        else:
            seconds = f"{TIMEOUT_TICKS[awaited[0]] * self.tick:g} s"
            self._refuse(RequestTimeout(self._violation("slow", seconds)))

    def _awaited_step(self) -> tuple[str, int] | None:
        """Return the client's next step and its progress; None if the client waits for us."""
        if unread := self.transport.get_write_buffer_size():
            return "reader", unread
        if self._is_busy():
            return None
        cycle = self.cycle
        if cycle is not None and not cycle.response_complete:
            return "body", id(cycle)
        if self.scope is not None and (cycle is None or cycle.scope is not self.scope):
            return "head", id(self.scope)
        return "request", id(self.scope)


def _error_text(error: HttpParserError) -> str:
    """Return the parser's message; a callback of uvicorn fails only for the request target."""
    return "request target" if isinstance(error, HttpParserCallbackError) else str(error)
