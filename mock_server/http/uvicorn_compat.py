"""All use of uvicorn by the mock; no other module imports it.

`Config` and `Server.serve` are documented. The mock also relies on these internals, and does not
start without them:

- `HttpToolsProtocol`: the state of a connection and the callbacks of the parser, which
  `http/protocol.py` reads, sets and overrides (PROTOCOL_MEMBERS);
- `RequestResponseCycle`: the progress of a request and its response, and the part of its body that
  has arrived and was not read (CYCLE_MEMBERS);
- `STATUS_LINE`: the first line of a response by status;
- `Server.startup`, `shutdown` and `handle_exit`, which `cli.py` overrides, and flags
  (SERVER_MEMBERS);
- `Config.get_loop_factory`: the event loop that uvicorn would select.
"""

from __future__ import annotations

from typing import Any

from openapi import reporting_missing_internals, require_members

with reporting_missing_internals("uvicorn"):
    from uvicorn import Config, Server
    from uvicorn.protocols.http.httptools_impl import (
        STATUS_LINE,
        HttpToolsProtocol,
        RequestResponseCycle,
    )

__all__ = ["STATUS_LINE", "Config", "HttpToolsProtocol", "Server"]

PROTOCOL_MEMBERS = (
    # State of the connection.
    *("connections", "flow", "loop", "parser", "pipeline", "server_state", "timeout_keep_alive"),
    *("timeout_keep_alive_task", "transport", "_unset_keepalive_if_required"),
    # State of the request that is read.
    *("cycle", "headers", "scope", "url", "_should_upgrade"),
    # Called by the event loop and the server.
    *("connection_made", "connection_lost", "data_received", "eof_received", "shutdown"),
    # Called by the parser, and at the end of an answer.
    *("on_body", "on_headers_complete", "on_response_complete"),
)
CYCLE_MEMBERS = (
    *("body", "disconnected", "keep_alive", "message_event", "more_body"),
    *("response_complete", "response_started", "scope"),
)
SERVER_MEMBERS = (
    *("force_exit", "handle_exit", "serve", "should_exit", "shutdown", "started", "startup"),
)

require_members("uvicorn", HttpToolsProtocol, PROTOCOL_MEMBERS)
require_members("uvicorn", RequestResponseCycle, CYCLE_MEMBERS)
require_members("uvicorn", Server, SERVER_MEMBERS)
require_members("uvicorn", Config, ("get_loop_factory",))


def unread_body(receive: Any) -> bytes:
    """Return what has arrived of a body and was not read with `receive`."""
    cycle = getattr(receive, "__self__", None)
    return bytes(cycle.body) if isinstance(cycle, RequestResponseCycle) else b""
