"""Internals of requests that the check relies on, and the errors that it takes from urllib3.

- `Response._content` is what `Response.content` returns once the body was read.
- `HTTPAdapter.poolmanager` holds the open connections and can be cleared.
- `get_environ_proxies` and `select_proxy` find the proxy in the environment.
- The first argument of a ConnectionError is urllib3's MaxRetryError, whose `reason` is the cause
  of the failed connection.

If one of them is missing, nothing can be sent safely, and the check refuses to start.
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
    """Set the body of a response that was read in pieces."""
    answer._content = content


def close_connections(adapter: HTTPAdapter) -> None:
    """Close the idle connections, so that the next request opens a new one."""
    adapter.poolmanager.clear()


def is_connection_refused(error: requests.RequestException) -> bool:
    """Return whether no connection was made."""
    first = error.args[0] if error.args else None
    return isinstance(getattr(first, "reason", None), NewConnectionError)
