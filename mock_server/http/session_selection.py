"""The session that a request names, in its header or at the beginning of its path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mock_server.errors import ApiError, ErrorDetail, InvalidRequest, display_text
from mock_server.sessions.names import DEFAULT_SESSION, is_session_name, name_violation
from mock_server.sessions.registry import SessionRegistry
from mock_server.sessions.session import SESSION_KEY

SESSION_HEADER = "X-Mock-Session"
SESSION_PREFIX = "/__session/"
SESSION_PREFIX_KEY = "mock_server.session_prefix"
"""Key of a scope with the part of the requested path that names the session."""
SESSION_ERROR_KEY = "mock_server.session_error"
"""Key of a scope with the ApiError of a request whose session cannot be selected."""
_FIELD = SESSION_HEADER.lower().encode()
HEADER_POINTER = f"/header/{SESSION_HEADER}"
PATH_POINTER = "/path"


def select_session(scope: Any, sessions: SessionRegistry) -> Any:
    """Return the scope of a request with its session, and with its path inside that session.

    Raises InvalidRequest (CP-10, CP-41); the scope then has the default session.
    """
    scope[SESSION_KEY] = sessions.default
    in_path = scope["path"].startswith(SESSION_PREFIX)
    # A plain loop, because most requests have no such field, and all requests pass here.
    for name, _ in scope["headers"]:
        if name == _FIELD:
            named: str | None = _name_in_header(scope["headers"])
            break
    else:
        if not in_path:
            return scope
        named = None
    if in_path:
        in_header = named
        named, scope = _split_path(scope)
        if in_header is not None and in_header != named:
            raise InvalidRequest(ErrorDetail(HEADER_POINTER, "CP-41", named, in_header))
    scope[SESSION_KEY] = sessions.use(named or DEFAULT_SESSION)
    return scope


def session_prefix(scope: Mapping[str, Any]) -> str:
    """Return the beginning of the paths that lead to the session of a request, or ""."""
    if SESSION_PREFIX_KEY in scope:
        return str(scope[SESSION_PREFIX_KEY])
    session = scope.get(SESSION_KEY)
    if session is None or session.name == DEFAULT_SESSION:
        return ""
    return f"{SESSION_PREFIX}{session.name}"


def _name_in_header(headers: list[tuple[bytes, bytes]]) -> str:
    texts = [value.decode("latin-1") for name, value in headers if name == _FIELD]
    if len(texts) > 1:
        found = display_text(", ".join(texts))
        raise InvalidRequest(ErrorDetail(HEADER_POINTER, "repeated", "1", found))
    return _checked_name(HEADER_POINTER, texts[0])


def _split_path(scope: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the session's name, and a scope with the path below it."""
    name, slash, rest = scope["path"][len(SESSION_PREFIX) :].partition("/")
    prefix = SESSION_PREFIX + _checked_name(PATH_POINTER, name)
    raw = scope.get("raw_path") or b""
    # A name needs no escapes. With one, such as `%2F`, the two forms of the path would differ in
    # more than their escapes.
    if raw and not raw.startswith(prefix.encode() + slash.encode()):
        raise InvalidRequest(name_violation(PATH_POINTER, raw.decode("latin-1")[:200]))
    inside = {**scope, SESSION_PREFIX_KEY: prefix, "path": slash + rest}
    inside["raw_path"] = raw[len(prefix) :]
    return name, inside


def _checked_name(pointer: str, name: str) -> str:
    if not is_session_name(name):
        raise InvalidRequest(name_violation(pointer, name))
    return name


async def raise_session_error(scope: Any, _receive: Any, _send: Any) -> None:
    """Raise the error of a request whose session cannot be selected, as an ASGI application."""
    error: ApiError = scope[SESSION_ERROR_KEY]
    raise error
