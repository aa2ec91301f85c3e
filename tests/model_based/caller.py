"""Fast client for a mock: one connection, and a new token once the old one has expired."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from http.client import HTTPConnection
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode

from tests.serving import CLIENT_CREDENTIALS, PASSWORD_GRANT

BOUNDARY = "tests-platform"
EARLIEST_TIME = datetime.fromisoformat("0001-01-01")


class CallerResponse(NamedTuple):
    """Status and JSON of a response."""

    status: int
    body: Any

    def ok(self) -> Any:
        """Return the body of a 200 response."""
        assert self.status == 200, self.body
        return self.body

    def expect_refusal(self, status: int, *rules: str) -> None:
        """Check that this is an error with this status and all of these rules."""
        assert self.status == status, (rules, self.body)
        named = {error["rule"] for error in self.body["errors"]}
        assert set(rules) <= named, (rules, self.body)


class MockCaller:
    """A client of one mock.

    now: the mock's time, without a zone (China Standard Time).
    """

    def __init__(self, address: str) -> None:
        """Create a client; begin with `reset_world` or `read_clock`."""
        self.now = self._token_expires = EARLIEST_TIME
        self._connection = HTTPConnection(address.removeprefix("http://"))
        self._token = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def reset_world(self, scenario: str, seed: int) -> None:
        """Replace the world by a new one."""
        health = self._send("POST", "/__admin/reset", {"scenario": scenario, "seed": seed}).ok()
        self.now = _parse_instant(health["clock"]["now"])
        self._token_expires = self.now  # the new world does not have the tokens of the old one

    def read_clock(self) -> None:
        """Read the clock."""
        self.now = _parse_instant(self._send("GET", "/__admin/clock").ok()["now"])

    def advance(self, seconds: int) -> None:
        """Advance the mock's clock."""
        moved = self._send("POST", "/__admin/clock/advance", {"seconds": seconds}).ok()
        self.now = _parse_instant(moved["now"])

    def get(self, path: str, query: Mapping[str, Any] | None = None) -> CallerResponse:
        """Send GET; query values that are None are left out, lists are repeated."""
        asked = {name: value for name, value in (query or {}).items() if value is not None}
        return self.send("GET", f"{path}?{urlencode(asked, doseq=True)}" if asked else path)

    def send(self, method: str, path: str, body: object = None) -> CallerResponse:
        """Send a request with a valid token and, if there is a body, JSON."""
        self._log_in()
        return self._send(method, path, body, {"Authorization": f"Bearer {self._token}"})

    def upload(self, name: str, content: bytes) -> int:
        """Upload a file; return its id."""
        self._log_in()
        disposition = f'form-data; name="file"; filename="{name}"'
        parts = (
            (disposition, "application/octet-stream", content),
            ('form-data; name="moduleName"', "text/plain", b"platform"),
        )
        form = b"".join(
            f"--{BOUNDARY}\r\nContent-Disposition: {what}\r\nContent-Type: {kind}\r\n\r\n".encode()
            + part
            + b"\r\n"
            for what, kind, part in parts
        )
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        }
        form += f"--{BOUNDARY}--\r\n".encode()
        return int(self._exchange("POST", "/api/v1/file", form, headers).ok()["id"])

    def _log_in(self) -> None:
        if self.now < self._token_expires:
            return
        basic = b64encode(":".join(CLIENT_CREDENTIALS).encode()).decode()
        given = self._send(
            "POST", "/oauth/token", PASSWORD_GRANT, {"Authorization": f"Basic {basic}"}
        ).ok()
        self._token = given["access_token"]
        self._token_expires = self.now + timedelta(seconds=given["expires_in"])

    def _send(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> CallerResponse:
        if body is None:
            return self._exchange(method, path, None, headers or {})
        sent = {"Content-Type": "application/json", **(headers or {})}
        return self._exchange(method, path, json.dumps(body).encode(), sent)

    def _exchange(
        self, method: str, path: str, content: bytes | None, headers: Mapping[str, str]
    ) -> CallerResponse:
        try:
            self._connection.request(method, path, content, dict(headers))
            answer = self._connection.getresponse()
            return CallerResponse(answer.status, json.loads(answer.read()))
        except BaseException:
            self._connection.close()  # the rest of a response must not be read as the next one
            raise


def _parse_instant(written: str) -> datetime:
    """Return an RFC 3339 instant without its zone, which is that of the API."""
    return datetime.fromisoformat(written).replace(tzinfo=None)
