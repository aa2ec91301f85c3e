"""Bare Starlette as the upper limit of speed: it reads the body and returns fixed bytes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def main() -> None:
    """Serve responses from a JSON file; the arguments are the port and the file.

    The file contains bodies by method and path template: `{"GET /tasks/{id}": "..."}`.
    """
    port, file = sys.argv[1:]
    bodies: dict[str, str] = json.loads(Path(file).read_text(encoding="utf-8"))
    app = Starlette(routes=[_make_route(key, body) for key, body in bodies.items()])
    uvicorn.run(
        app,
        port=int(port),
        log_level="warning",
        access_log=False,
        ws="none",
        server_header=False,
    )


def _make_route(key: str, body: str) -> Route:
    method, path = key.split(" ")
    content = body.encode()

    async def answer(request: Request) -> Response:
        await request.body()  # as every other server does
        return Response(content, media_type="application/json")

    return Route(path, answer, methods=[method])


if __name__ == "__main__":
    main()
