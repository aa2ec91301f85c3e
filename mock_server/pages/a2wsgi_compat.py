"""What is taken of a2wsgi beside its documentation: the threads that a WSGI application runs on.

`WSGIMiddleware.executor` is their pool, which a2wsgi never shuts down. Without that attribute they
are left to the end of the process, which waits for a page that is being made.
"""

from __future__ import annotations

from concurrent.futures import Executor

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi_typing import WSGIApp

__all__ = ["WSGIApp", "WSGIMiddleware", "shut_down_threads"]


def shut_down_threads(middleware: WSGIMiddleware) -> None:
    """Begin no other call of the application; those under way come to their end."""
    executor = getattr(middleware, "executor", None)
    if isinstance(executor, Executor):
        executor.shutdown(wait=False)
