"""Calls of the control plane of one session by HTTP."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from mock_server.testing.documents import Violation, read_document
from mock_server.testing.errors import MockConnectionError, MockRefusal, NoMatchInTimeError

DEFAULT_SESSION = "default"
TOKEN = re.compile("[!-~]+")
SESSION_PATH = re.compile(r"(?P<before>.*?)/__session/(?P<name>[^/]+)/*")


@dataclass(frozen=True)
class Transport:
    """Access to one session of a mock by HTTP.

    url: the address of the mock, without a slash at its end;
    session: the name of the session;
    admin_token: the token of the control plane, if it requires one;
    timeout: seconds until a response has to begin.
    """

    url: str
    session: str = DEFAULT_SESSION
    admin_token: str | None = field(default=None, repr=False)
    timeout: float = 30

    @staticmethod
    def from_url(url: str, admin_token: str | None) -> Transport:
        """Return the access to a mock at a URL, which may be that of a session (`/__session/NAME`).

        Raises ValueError if it is not an HTTP URL, or if no header field could have the token.
        """
        if not _is_address(url):
            raise ValueError(f"not the URL of a mock, such as http://127.0.0.1:4010: {url!r}")
        if admin_token is not None and not TOKEN.fullmatch(admin_token):
            raise ValueError(
                "not an admin token: it consists of visible ASCII characters, without spaces"
            )
        found = SESSION_PATH.fullmatch(url)
        if found:
            return Transport(found["before"], found["name"], admin_token)
        return Transport(url.rstrip("/"), admin_token=admin_token)

    @property
    def base_url(self) -> str:
        """The base URL of the session."""
        if self.session == DEFAULT_SESSION:
            return self.url
        return f"{self.url}/__session/{quote(self.session, safe='')}"

    def call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, **query: Any
    ) -> Any:
        """Call an operation of the control plane and return its JSON or text; None if empty.

        `path` begins after `/__admin`; arguments of the query that are None are left out. Raises
        MockRefusal and MockConnectionError.
        """
        given = {name: value for name, value in query.items() if value is not None}
        target = f"/__admin{path}" + (f"?{urlencode(given)}" if given else "")
        return self._checked(method, target, self.send(method, target, self._headers(), body))

    def call_with(self, method: str, path: str, content: bytes, media_type: str) -> Any:
        """Call an operation of the control plane with a body of another type than JSON.

        Raises MockRefusal and MockConnectionError.
        """
        target, headers = f"/__admin{path}", {**self._headers(), "Content-Type": media_type}
        return self._checked(method, target, self._exchange(method, target, headers, content))

    def _headers(self) -> dict[str, str]:
        headers = {"Accept": "*/*", "Accept-Language": "en"}
        if self.admin_token:
            headers["X-Mock-Admin-Token"] = self.admin_token
        return headers

    @staticmethod
    def _checked(method: str, target: str, answer: tuple[int, Any]) -> Any:
        """Return the content of a response; raises MockRefusal."""
        status, content = answer
        if status >= 300:  # a mock redirects no call
            raise _refusal(f"{method} {target}", status, content)
        return content

    def send(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: Mapping[str, Any] | None = None,
    ) -> tuple[int, Any]:
        """Send a request to the session and return status and content.

        A body that is not None is sent as JSON. Raises MockConnectionError, and ValueError if JSON
        has no such value.
        """
        if body is None:
            return self._exchange(method, target, headers, None)
        sent = {**headers, "Content-Type": "application/json"}
        return self._exchange(method, target, sent, _encode(body))

    def _exchange(
        self, method: str, target: str, headers: Mapping[str, str], content: bytes | None
    ) -> tuple[int, Any]:
        """Send a request and return status and content; raises MockConnectionError."""
        # Imported here, because pytest loads the plugin in runs that do not use it, too.
        from http.client import (  # noqa: PLC0415
            HTTPConnection,
            HTTPException,
            HTTPSConnection,
        )

        parts = urlsplit(self.base_url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        # No urllib: it would use the proxy of the environment. A connection of its own for each
        # call, so that threads may share a mock.
        connection = kind(parts.hostname or "", parts.port, timeout=self.timeout)
        try:
            connection.request(method, parts.path + target, content, dict(headers))
            response = connection.getresponse()
            return response.status, _content(response.read(), response.getheader("Content-Type"))
        except (OSError, HTTPException, ValueError) as error:
            raise MockConnectionError(
                f"{method} {self.base_url}{target}: {error or type(error).__name__}; "
                "is a mock running there?"
            ) from error
        finally:
            connection.close()


def _is_address(url: str) -> bool:
    """Return whether a URL has a scheme, a host, and maybe a port and a path, and nothing else."""
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and bool(parts.hostname)
        others = parts.username is not None or parts.query or parts.fragment or parts.port == 0
    except ValueError:  # of the port, or of an address in brackets
        return False
    return known and not others and not re.search(r"[\s\x00-\x1f\x7f]", url)


def _encode(body: Mapping[str, Any]) -> bytes:
    """Return a body as JSON; raises ValueError with the name of a field that has none."""
    try:
        return _to_json(body)
    except (TypeError, ValueError, RecursionError):
        for name, value in body.items():
            try:
                _to_json(value)
            except (TypeError, ValueError, RecursionError) as error:
                raise ValueError(f"{name} cannot be sent as JSON: {error}") from error
        raise


def _to_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()


def _content(content: bytes, media_type: str | None) -> Any:
    if not content:
        return None
    kind = (media_type or "").partition(";")[0].strip()
    if kind == "application/json" or kind.endswith("+json"):
        return json.loads(content)
    return content.decode()


def _refusal(call: str, status: int, content: Any) -> MockRefusal:
    """Return the error of a refused call, made of its problem document if it has one."""
    document = content if isinstance(content, dict) else {}
    try:
        errors = [read_document(Violation, each) for each in document.get("errors", ())]
    except TypeError:  # those of another server
        errors = []
    detail = document.get("detail") or "is not a response of a mock's control plane."
    kind = NoMatchInTimeError if any(each.rule == "CP-22" for each in errors) else MockRefusal
    return kind(call, status, detail, errors)
