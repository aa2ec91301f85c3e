"""The socket's side of HTTP: one packet an answer, bounded patience, refusals in words.

What uvicorn leaves open, settled here for every connection:

- It writes head and body of an answer one after the other; each write wakes the reader at the other
  end, which costs more than most operations here do (a third of all requests a second, measured on
  loopback). What is written in one turn of the event loop leaves in one packet.
- What never becomes a request (malformed, cut short, too large a head, too slow) is answered by the
  problem document that says why, after the answers to whatever came before it. The connection is
  then closed in a way that lets the answer arrive, even if the client is still sending.
- A client that has said all it wants to say (half-closed) still gets its answers.
- A request names its host once; otherwise two programs could take it for different ones.
- Trailers are not headers: they would come after the credentials were looked at, or just in time.
- A request that asks for another protocol is answered in this one, its body included. The parser
  would take the body for that other protocol, and so for a next request. Java's HttpClient asks.
- Nobody holds a connection for ever: see MAX_HEAD, KEEP_ALIVE_SECONDS and TIMEOUT_TICKS.
- There are no more connections than descriptors: the one that was idle for longest makes room.
"""

from __future__ import annotations

from math import ceil
from typing import Any

from httptools import HttpParserCallbackError, HttpParserError, HttpParserUpgrade, HttpRequestParser

from mock_server.errors import ApiError, ErrorDetail, HeadTooLarge, MalformedRequest, RequestTimeout
from mock_server.http.host_header import host_violation
from mock_server.http.malformed_requests import final_response
from mock_server.http.uvicorn_compat import HttpToolsProtocol
from mock_server.http.write_coalescing import LINGER_SECONDS, CoalescingTransport
from mock_server.runtime.file_descriptors import max_connections
from mock_server.runtime.worker_processes import shutdown_error

MAX_HEAD = 64 * 1024
"""Bytes of a request line with its headers, or of trailers; PARSE_CHUNK_BYTES more may pass."""
PARSE_CHUNK_BYTES = 16 * 1024
TICK = 10.0
"""Seconds between two looks at a connection, which is what patience is counted in."""
KEEP_ALIVE_SECONDS = 75
"""Seconds for which a connection may be idle before its first request and between two. Clients poll
every 5, 30 or 60 seconds, and those that reuse a connection without looking (Node) lose the request
that meets its end."""
TIMEOUT_TICKS = {"request": ceil(KEEP_ALIVE_SECONDS / TICK), "head": 3, "body": 30, "reader": 3}
"""Ticks: until a request begins, its head ends, its body ends, some of an answer is read."""
SHUTDOWN_LINGER_SECONDS = 0.5
"""Seconds for which a client may go on sending after its last answer, while the mock ends."""
NEW_CONNECTION_SECONDS = 1.0
"""Seconds that a new connection has for its first request before it may have to make room."""
PROBE_SECONDS = 0.5
"""Seconds from one look to the next at whether a client that sends no more still listens."""
CONTINUE_RESPONSE = b"HTTP/1.1 100 Continue\r\n\r\n"


class _DiscardingList(list[tuple[bytes, bytes]]):
    """The fields of trailers."""

    def append(self, _field: tuple[bytes, bytes]) -> None:
        pass


DISCARDED_TRAILERS = _DiscardingList()


class HttpProtocol(HttpToolsProtocol):
    """Uvicorn's HTTP/1.1, over a joining transport."""

    tick = TICK
    linger = LINGER_SECONDS

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Take what uvicorn gives."""
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
        """Begin to serve a connection."""
        super().connection_made(CoalescingTransport(transport, self))  # type: ignore[arg-type]  # it is one by duck typing
        self._idle_since = self.loop.time()
        if len(self.connections) > max_connections():
            self._close_idlest_connection()
        self._next_progress_check = self.loop.call_later(self.tick, self._check_progress)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._next_progress_check.cancel()
        super().connection_lost(exc)

    def eof_received(self) -> bool:  # type: ignore[override]  # uvicorn lets the loop close
        """The client will send no more: answer what is complete, refuse what is not, then close."""
        self._ended = True
        if self.transport.is_closing():
            return False
        if self._last_bytes is None:
            if self._is_partial():
                self._refuse(
                    MalformedRequest(self._detail("http", "HTTP/1.1", "the request was cut short"))
                )
            else:
                self._last_bytes = b""
                if self._is_busy():
                    self.loop.call_later(PROBE_SECONDS, self._probe_client)
                else:
                    self._send_and_close(self._last_bytes)
        return True

    def stop_listening(self) -> bool:
        """Drop whatever the client still sends; whether it may be sending."""
        sending = not self._ended and (self._ignores_input or self._is_partial())
        self._ignores_input = True
        self.flow.resume_reading()
        return sending

    def _close_idlest_connection(self) -> None:
        """Close the connection that has been idle for longest; this one when all are in use."""
        before = self.loop.time() - NEW_CONNECTION_SECONDS
        idle = [
            one for one in self.connections if isinstance(one, HttpProtocol) and one.is_idle(before)
        ]
        min(idle, key=HttpProtocol.idle_since, default=self).transport.close()

    def is_idle(self, before: float) -> bool:
        """Return whether it was there before this time of the loop and no request is under way."""
        if self.timeout_keep_alive_task is not None:
            return True
        return self._awaited_step() == ("request", id(self.scope)) and self._idle_since < before

    def idle_since(self) -> float:
        """Loop time of its last complete answer, or of the connection's start."""
        task = self.timeout_keep_alive_task
        return task.when() - self.timeout_keep_alive if task else self._idle_since

    def _probe_client(self) -> None:
        """Send an interim answer: a client that is gone, not half-closed, resets the connection."""
        cycle = self.cycle
        idle = self._is_busy() and not self.pipeline and not cycle.response_started
        if idle and cycle.scope["http_version"] == "1.1" and not self.transport.is_closing():
            self.transport.write(CONTINUE_RESPONSE)
            self.loop.call_later(PROBE_SECONDS, self._probe_client)

    def data_received(self, data: bytes | memoryview) -> None:
        """Parse what arrived, in pieces so that an overlong head is noticed in time."""
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
                wrong = self._wrong_host or self._detail("http", "HTTP/1.1", _error_text(error))
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
            self._refuse(HeadTooLarge(self._detail("maxHeadSize", f"maxHeadSize {MAX_HEAD}")))

    def on_headers_complete(self) -> None:
        """Begin a request, if it names its host."""
        self._wrong_host = host_violation(self.headers, self.parser.get_http_version())
        if self._wrong_host:
            self.scope["path"] = self.url.partition(b"?")[0].decode("latin-1")
            raise ValueError(self._wrong_host)  # ends the parser's work
        super().on_headers_complete()

    def _should_upgrade(self) -> bool:
        """Uvicorn asks when a request would upgrade, and then leaves it to us."""
        return bool(self.parser.get_method() != b"CONNECT")

    def _without_upgrade(self, rest: bytes) -> bytes:
        """What to read next: the head again, without `Upgrade`, and what came after it."""
        if not self._should_upgrade():  # CONNECT: what comes after it is for somebody else
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
        """From the first chunk on, a field is one of the trailers."""
        self.headers = DISCARDED_TRAILERS

    def on_body(self, body: bytes) -> None:
        """Take a part of a body."""
        self._fields = 0
        super().on_body(body)

    def shutdown(self) -> None:
        """Let go of the client; a request that is not complete by now is refused."""
        self.linger = SHUTDOWN_LINGER_SECONDS
        if self._is_partial() and not self._is_busy() and not self._ignores_input:
            self._refuse(shutdown_error())
        else:
            super().shutdown()

    def on_response_complete(self) -> None:
        """Go on to the next request, or leave."""
        last = not self.pipeline
        super().on_response_complete()
        if last and self._last_bytes is not None:
            self._send_and_close(self._last_bytes)

    def _refuse(self, refusal: ApiError) -> None:
        """Say why no more is read, once everything before has been answered, and close."""
        self._ignores_input = True
        self._last_bytes = final_response(refusal, self.scope, self.server_state.default_headers)
        cycle, busy = self.cycle, self._is_busy()
        if cycle is not None and cycle.scope is self.scope and cycle.more_body:
            # It is the body of the newest request that is wrong.
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

    def _detail(self, rule: str, accepted: str, found: str = "") -> ErrorDetail:
        """A violation where reading has come to: in the head of a request, or in its body."""
        cycle = self.cycle
        in_body = cycle is not None and cycle.scope is self.scope and cycle.more_body
        return ErrorDetail("/body" if in_body else "/header", rule, accepted, found)

    def _is_busy(self) -> bool:
        """Whether a complete request still waits for its answer."""
        cycle = self.cycle  # the newest; where others wait, one before them is being answered
        if self.pipeline or cycle is None:
            return bool(self.pipeline)
        return not cycle.response_complete and not cycle.more_body

    def _is_partial(self) -> bool:
        """Whether a request has begun that is not complete."""
        cycle = self.cycle
        begun = self.scope is not None
        return begun and (cycle is None or cycle.scope is not self.scope or cycle.more_body)

    def _check_progress(self) -> None:
        """See whether the client gets on; one that has not for too long is let go."""
        awaited = self._awaited_step()
        self._ticks = self._ticks + 1 if awaited == self._seen else 0
        self._seen = awaited
        if awaited is None or self._ticks < TIMEOUT_TICKS[awaited[0]]:
            self._next_progress_check = self.loop.call_later(self.tick, self._check_progress)
        elif awaited[0] == "reader":
            self.transport.abort()
        elif awaited[0] == "request":
            self.transport.close()
        else:
            seconds = f"{TIMEOUT_TICKS[awaited[0]] * self.tick:g} s"
            self._refuse(RequestTimeout(self._detail("slow", seconds)))

    def _awaited_step(self) -> tuple[str, int] | None:
        """What the client has to do next, and how far it is; None when it waits for us."""
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
    """What the parser says; the one thing that a callback of ours may not like is the target."""
    return "request target" if isinstance(error, HttpParserCallbackError) else str(error)
