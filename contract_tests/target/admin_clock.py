"""The target's clock, if it has the endpoint `/__admin/clock`, as our own mock does."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

import requests

from contract_tests.target.target import CannotCheckError, failure_reason

CLOCK_PATH = "/__admin/clock"
ADMIN_TOKEN_HEADER = "X-Mock-Admin-Token"  # noqa: S105 - a header's name


@dataclass(frozen=True)
class AdminClock:
    """A server's clock, controlled over HTTP."""

    url: str
    session: requests.Session = field(repr=False)
    token: str = field(default="", repr=False)

    @classmethod
    def discover(cls, url: str, session: requests.Session, token: str = "") -> Self | None:
        """Return the clock of the server at this URL; None if it has none or refuses access."""
        clock = cls(url, session, token)
        # Another server may answer any path with 200 and JSON; both members make it a clock.
        return clock if {"now", "scale"} <= clock.read_state().keys() else None

    def read_state(self) -> dict[str, Any]:
        """Return the state of the clock: `now`, `scale`, `frozen`; empty without a valid answer."""
        try:
            answer = self._send("GET", "")
            found = answer.json() if answer.status_code == 200 else None
        except (requests.RequestException, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def now(self) -> datetime:
        """Return the server's time; raises KeyError, TypeError or ValueError if it is invalid."""
        return datetime.fromisoformat(self.read_state()["now"])

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Freeze a running clock within the context.

        Otherwise a moment that a probe has advanced to would pass at once.
        """
        runs = self.read_state().get("frozen") is False
        if runs:
            self._set_if_reachable(frozen=True)
        try:
            yield
        finally:
            if runs:
                self._set_if_reachable(frozen=False)

    def advance(self, seconds: float) -> None:
        """Advance the clock; raises CannotCheckError if it does not move."""
        try:
            # The endpoint takes whole seconds; rounded up, since a moment too early is still before
            # the event.
            answer = self._send("POST", "/advance", {"seconds": math.ceil(seconds)})
        except requests.RequestException as error:
            raise CannotCheckError(f"the clock cannot be moved: {failure_reason(error)}") from None
        if answer.status_code != 200:
            raise CannotCheckError(
                f"the clock cannot be moved: {answer.status_code} {answer.text[:160]}"
            )

    def _set_if_reachable(self, **state: bool) -> None:
        with suppress(requests.RequestException):  # the next probe reports a server that is gone
            self._send("PUT", "", state)

    def _send(
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> requests.Response:
        return self.session.request(
            method,
            f"{self.url}{CLOCK_PATH}{path}",
            json=body,
            headers={ADMIN_TOKEN_HEADER: self.token} if self.token else {},
            # The admin token must not follow a redirect to another server.
            allow_redirects=False,
        )
