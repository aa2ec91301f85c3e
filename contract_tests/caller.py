"""Who calls the target: logged in, by one session that reaches nothing else."""

from __future__ import annotations

import re
import time
from collections.abc import Collection
from typing import Any
from urllib.parse import SplitResult, urlsplit

import requests
from requests.adapters import HTTPAdapter

from contract_tests.sameness import settle
from contract_tests.secrecy import Secrets, basic
from contract_tests.target import Target, Token

TOKEN = re.compile(r'"(?:access|refresh)_token"\s*:\s*"([^"\\]+)"')


class LeftTarget(AssertionError):
    """A request was about to go to another server than the target."""


class Caller:
    """A session with the target and the credentials for each operation.

    `secrets` knows all of them, to keep them out of what is printed.
    """

    def __init__(self, target: Target) -> None:
        """Log in; raises Unfit saying why that is not possible."""
        self.session = open_session(target.url)
        self.secrets = Secrets()
        known = target.credentials
        self._client = basic(known.client_id, known.client_secret)
        self.secrets.learn(known.client_secret, known.password, self._client)
        self._target = target
        try:
            self._token = self._log_in()
        except BaseException:
            self.close()
            raise

    def credentials(self, schemes: Collection[str]) -> dict[str, str]:
        """The headers that these security schemes ask for; raises Unfit when a login fails."""
        if "bearerAuth" in schemes:
            if time.monotonic() >= self._renewal:
                self._token = self._log_in()
            return {"Authorization": f"Bearer {self._token.value}"}
        return {"Authorization": self._client} if "clientBasic" in schemes else {}

    def learn_tokens(self, content: bytes) -> None:
        """Keep secret the tokens that an answer of the token operation holds."""
        for token in TOKEN.findall(content.decode(errors="replace")):
            self.secrets.learn(token)

    def close(self) -> None:
        """Let go of the connections."""
        self.session.close()

    def _log_in(self) -> Token:
        token = self._target.log_in(self.session)
        self.secrets.learn(token.value)
        # Half a life, so that no token expires on its way and a 401 is never our own fault.
        self._renewal = time.monotonic() + token.expires_in / 2
        return token


def open_session(url: str) -> requests.Session:
    """A session that reaches this target alone, whatever proxies or netrc the machine has."""
    session = requests.Session()
    session.trust_env = False
    session.headers["User-Agent"] = "hypers-check"
    guard = _Guard(url)
    session.mount("http://", guard)
    session.mount("https://", guard)
    return session


class _Guard(HTTPAdapter):
    """Sends to one origin, since the contract itself names the provider's hosts."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._origin = _origin(urlsplit(url))

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> Any:
        """Send the request; raises LeftTarget when it would go elsewhere."""
        if _origin(urlsplit(request.url or "")) != self._origin:
            raise LeftTarget(f"{request.method} {request.url} would leave the target")
        settle(request)
        return super().send(request, *args, **options)


def _origin(parts: SplitResult) -> tuple[str, str | None, int]:
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}[parts.scheme]
