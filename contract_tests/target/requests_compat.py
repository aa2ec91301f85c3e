"""What is taken of requests beside its documentation, and of how it reports urllib3's errors.

- `Response._content` is what `Response.content` returns once the body was read.
- `HTTPAdapter.poolmanager` keeps the open connections, and can be cleared.
- `get_environ_proxies` and `select_proxy` say which proxy it takes from the environment.
- The first argument of a ConnectionError is urllib3's MaxRetryError, whose `reason` says why there
  was no connection.

Without one of them nothing can be sent safely; the check says so when it is started.
"""

from __future__ import annotations

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import NewConnectionError

from openapi import reporting_missing_internals, require_members

with reporting_missing_internals("requests"):
    from requests.utils import get_environ_proxies, select_proxy

__all__ = [
    "close_connections",
    "get_environ_proxies",
    "is_connection_refused",
    "select_proxy",
    "set_content",
]

require_members("requests", requests.Response, ("_content",))
require_members("requests", HTTPAdapter, ("poolmanager",))


def set_content(answer: requests.Response, content: bytes) -> None:
    """Give an answer that was read piece by piece the body that it had."""
    answer._content = content


def close_connections(adapter: HTTPAdapter) -> None:
    """Close the connections that are kept open, so that the next request opens another one."""
    adapter.poolmanager.clear()


def is_connection_refused(error: requests.RequestException) -> bool:
    """Return whether there was no connection at all."""
    first = error.args[0] if error.args else None
    return isinstance(getattr(first, "reason", None), NewConnectionError)
