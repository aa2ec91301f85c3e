"""Undocumented part of a2wsgi: the threads of a WSGI application.

`WSGIMiddleware.executor` is their pool, which a2wsgi never shuts down. Without this attribute, the
threads are ended by Python's exit, which waits for a page that is being rendered.
"""

from __future__ import annotations

from concurrent.futures import Executor

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi_typing import WSGIApp

__all__ = ["WSGIApp", "WSGIMiddleware", "shut_down_threads"]


def shut_down_threads(middleware: WSGIMiddleware) -> None:
    """Start no further calls of the application; those that are running end normally."""
    executor = getattr(middleware, "executor", None)
    if isinstance(executor, Executor):
        executor.shutdown(wait=False)
