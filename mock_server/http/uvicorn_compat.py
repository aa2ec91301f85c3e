"""What the mock takes of uvicorn; imported here alone.

Documented are `Config` and `Server.serve`. Not documented, and relied upon:

- `HttpToolsProtocol`: a connection's state (PROTOCOL) and what the parser calls, for
  `http/protocol.py`, which overrides some of it and reads and sets the rest;
- `RequestResponseCycle`: how far a request and its answer are (CYCLE);
- `STATUS_LINE`: the first line of an answer, by its status;
- `Server.startup`, `shutdown` and `handle_exit`, which `cli.py` overrides, and flags (SERVER);
- `Config.get_loop_factory`: the event loop that uvicorn would run itself on.

Without one of them the mock cannot serve; it says so when it is started.
"""

from __future__ import annotations

from openapi import internals_of, require_members

with internals_of("uvicorn"):
    from uvicorn import Config, Server
    from uvicorn.protocols.http.httptools_impl import (
        STATUS_LINE,
        HttpToolsProtocol,
        RequestResponseCycle,
    )

__all__ = ["STATUS_LINE", "Config", "HttpToolsProtocol", "Server"]

PROTOCOL = (
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
CYCLE = (
    *("disconnected", "keep_alive", "message_event", "more_body"),
    *("response_complete", "response_started", "scope"),
)
SERVER = (*("force_exit", "handle_exit", "serve", "should_exit", "shutdown", "started", "startup"),)

require_members("uvicorn", HttpToolsProtocol, PROTOCOL)
require_members("uvicorn", RequestResponseCycle, CYCLE)
require_members("uvicorn", Server, SERVER)
require_members("uvicorn", Config, ("get_loop_factory",))
