"""The other side of the bench: Starlette that reads the body and returns bytes it was given."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def main() -> None:
    """Serve the bytes of the file named on the command line, for the three loads' paths."""
    content = Path(sys.argv[1]).read_bytes()

    async def answer(request: Request) -> Response:
        await request.body()
        return Response(content, media_type="application/json")

    routes = [
        Route("/api/v1/notification-tasks", answer, methods=["GET", "POST"]),
        Route("/api/v1/notification-tasks/{taskId:int}", answer),
    ]
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    config = uvicorn.Config(
        Starlette(routes=routes), log_level="warning", access_log=False, ws="none"
    )
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
