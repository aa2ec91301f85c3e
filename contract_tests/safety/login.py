"""Session with the target, logged in and limited to that server."""

from __future__ import annotations

import re
import time
from collections.abc import Collection

import requests

from contract_tests.safety.policy import SafetyPolicy
from contract_tests.safety.request_guard import RequestGuard
from contract_tests.target.curl import format_curl
from contract_tests.target.network import NetworkSettings
from contract_tests.target.redaction import Secrets, basic_authorization
from contract_tests.target.target import CannotCheckError, Target, Token
from contract_tests.target.transport import (
    DEFAULT_NETWORK,
    NO_LIMITS,
    RequestLog,
    ResponseHook,
    SendLimits,
    open_session,
)

REFRESH_GRANT = "refresh_token"
"""Grant type, and the field that only this grant sends."""
TOKEN_PATTERN = re.compile(r'"(?:access|refresh)_token"\s*:\s*"([^"\\]+)"')


class AuthenticatedSession:
    """A session with the target, and the credentials for each operation.

    secrets: all credentials, which redaction removes from output; request_log: the log of requests.
    """

    def __init__(
        self,
        target: Target,
        limits: SendLimits = NO_LIMITS,
        policy: SafetyPolicy | None = None,
        network: NetworkSettings = DEFAULT_NETWORK,
    ) -> None:
        """Log in.

        policy: limits what is sent. Raises CannotCheckError with the reason if the login fails.
        """
        self._guard = RequestGuard(target, policy) if policy else None
        self.request_log = RequestLog()
        self.secrets = Secrets()
        self.session = open_session(
            target.url,
            auth_url=target.auth_url,
            token_url=target.token_url,
            limits=limits,
            network=network,
            request_log=self.request_log,
            on_response=self._on_response,
            before_request=self._guard.check_request if self._guard else None,
        )
        self.secrets.register(target.token)
        known = target.credentials
        self._client = basic_authorization(known.client_id, known.client_secret) if known else ""
        if known:
            self.secrets.register(known.client_secret, known.password, self._client)
        self._renewal = 0.0
        self.on_exchange: ResponseHook | None = None
        """Called with every response after the first login."""
        self._target = target
        self._limits = limits
        self._network = network
        self.logins: list[Token] = []
        """Logins whose response violates the contract, one for each combination of violations."""
        try:
            self._token = self._log_in()
        # BaseException, since Ctrl-C during a slow login must not leave the session open.
        except BaseException:
            self.close()
            raise

    def credential_headers(self, schemes: Collection[str]) -> dict[str, str]:
        """Return the headers for these security schemes.

        Raises CannotCheckError if a login fails.
        """
        if "bearerAuth" in schemes:
            return {"Authorization": f"Bearer {self.valid_token()}"}
        return {"Authorization": self._client} if "clientBasic" in schemes else {}

    def valid_token(self) -> str:
        """Return an access token that is not about to expire.

        Raises CannotCheckError if a login fails.
        """
        if time.monotonic() >= self._renewal:
            # A second POST would not pass the session's own limit either, but with a less helpful
            # message.
            if self._limits.safe:
                raise CannotCheckError(
                    "the access token has expired, and a safe check requests only one"
                )
            self._token = self._log_in()
        return self._token.value

    def renew_login(self) -> None:
        """Log in again before the next request, because the target's clock was moved."""
        self._renewal = 0.0

    def curl_command(self, request: requests.PreparedRequest) -> str:
        """Return a request as a curl command, without secrets."""
        return format_curl(request, self.secrets, [*self._network.curl_options(str(request.url))])

    def close(self) -> None:
        """Close the connections."""
        self.session.close()

    def _on_response(self, request: requests.PreparedRequest, answer: requests.Response) -> None:
        """Pass a response to the guard, and register the tokens in it as secrets."""
        if self._guard:
            self._guard.note_response(request, answer)
        if request.url == self._target.token_url:
            for token in TOKEN_PATTERN.findall(answer.content.decode(errors="replace")):
                self.secrets.register(token)
            # A server with one token for each user may have voided ours (A15).
            if answer.status_code < 300 and REFRESH_GRANT in _sent_text(request):
                self.renew_login()
        # Last, when all secrets in the response are known.
        if self.on_exchange:
            self.on_exchange(request, answer)

    def _log_in(self) -> Token:
        token = self._target.log_in(self.session)
        self.secrets.register(token.value)
        if token.oddities and token.oddities not in [each.oddities for each in self.logins]:
            self.logins.append(token)
        # Renewed after half its life, so that no token expires on its way and a 401 is never our
        # fault. A safe check has only one and uses all of it.
        life = token.expires_in if self._limits.safe else token.expires_in / 2
        self._renewal = time.monotonic() + life
        return token


def _sent_text(request: requests.PreparedRequest) -> str:
    body = request.body
    return body.decode(errors="replace") if isinstance(body, bytes) else str(body or "")
