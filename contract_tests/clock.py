"""The target's clock, if it offers one: `/__admin/clock`, as our own mock does."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Self

import requests

from contract_tests.target import TIMEOUT, Unfit, reason

CLOCK = "/__admin/clock"
TOKEN = "X-Mock-Admin-Token"  # noqa: S105 - a header's name


@dataclass(frozen=True)
class AdminClock:
    """A server's time, moved over HTTP by a session that reaches it."""

    url: str
    session: requests.Session = field(repr=False)
    token: str = field(default="", repr=False)

    @classmethod
    def offered(cls, url: str, session: requests.Session, token: str = "") -> Self | None:
        """The clock of the server at this URL; None when it has none, or none for us."""
        clock = cls(url, session, token)
        try:
            answer = session.get(
                url + CLOCK, headers=clock._headers, allow_redirects=False, timeout=TIMEOUT
            )
            found = answer.json() if answer.status_code == 200 else None
        except (requests.RequestException, ValueError):
            return None
        return clock if isinstance(found, dict) and {"now", "scale"} <= found.keys() else None

    def advance(self, seconds: float) -> None:
        """Move it forward; raises Unfit when it does not move."""
        body = {"seconds": math.ceil(seconds)}  # whole ones, as it takes
        try:
            answer = self.session.post(
                f"{self.url}{CLOCK}/advance",
                json=body,
                headers=self._headers,
                allow_redirects=False,
                timeout=TIMEOUT,
            )
        except requests.RequestException as error:
            raise Unfit(f"the clock cannot be moved: {reason(error)}") from None
        if answer.status_code != 200:
            raise Unfit(f"the clock cannot be moved: {answer.status_code} {answer.text[:160]}")

    @property
    def _headers(self) -> dict[str, str]:
        return {TOKEN: self.token} if self.token else {}
