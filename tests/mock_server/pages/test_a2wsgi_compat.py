"""Undocumented behavior of a2wsgi that the mock relies on: its thread pool."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from mock_server.pages.a2wsgi_compat import WSGIMiddleware, shut_down_threads


def _wsgi_app(environ: Any, start_response: Any) -> Iterable[bytes]:
    del environ, start_response
    return ()


def test_the_pool_is_the_executor_of_the_middleware() -> None:
    """After its shutdown it accepts no call."""
    made = WSGIMiddleware(_wsgi_app, workers=2)
    shut_down_threads(made)
    with pytest.raises(RuntimeError, match="after shutdown"):
        made.executor.submit(print)


def test_without_the_attribute_the_threads_are_left_to_the_end_of_the_process() -> None:
    """Nothing else depends on it."""
    made = WSGIMiddleware(_wsgi_app, workers=2)
    executor = made.executor
    del made.executor
    shut_down_threads(made)
    executor.shutdown()
