"""The target's clock, if it offers one: `/__admin/clock`, as our own mock does."""

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
    """A server's time, moved over HTTP by a session that reaches it."""

    url: str
    session: requests.Session = field(repr=False)
    token: str = field(default="", repr=False)

    @classmethod
    def discover(cls, url: str, session: requests.Session, token: str = "") -> Self | None:
        """The clock of the server at this URL; None when it has none, or none for us."""
        clock = cls(url, session, token)
        return clock if {"now", "scale"} <= clock.read_state().keys() else None

    def read_state(self) -> dict[str, Any]:
        """What it is asked for: `now`, `scale`, `frozen`; nothing when it does not answer."""
        try:
            answer = self._send("GET", "")
            found = answer.json() if answer.status_code == 200 else None
        except (requests.RequestException, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def now(self) -> datetime:
        """Its time; raises KeyError, TypeError or ValueError when it says none."""
        return datetime.fromisoformat(self.read_state()["now"])

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Let it stand meanwhile if it runs: what a probe has moved it to would be over at once."""
        runs = self.read_state().get("frozen") is False
        if runs:
            self._try_to_set(frozen=True)
        try:
            yield
        finally:
            if runs:
                self._try_to_set(frozen=False)

    def advance(self, seconds: float) -> None:
        """Move it forward; raises CannotCheckError when it does not move."""
        try:
            # Whole ones, as it takes.
            answer = self._send("POST", "/advance", {"seconds": math.ceil(seconds)})
        except requests.RequestException as error:
            raise CannotCheckError(f"the clock cannot be moved: {failure_reason(error)}") from None
        if answer.status_code != 200:
            raise CannotCheckError(
                f"the clock cannot be moved: {answer.status_code} {answer.text[:160]}"
            )

    def _try_to_set(self, **state: bool) -> None:
        with suppress(requests.RequestException):  # one that is gone is noticed by the next probe
            self._send("PUT", "", state)

    def _send(
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> requests.Response:
        return self.session.request(
            method,
            f"{self.url}{CLOCK_PATH}{path}",
            json=body,
            headers={ADMIN_TOKEN_HEADER: self.token} if self.token else {},
            allow_redirects=False,
        )
