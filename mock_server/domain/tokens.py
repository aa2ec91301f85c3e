"""Access and refresh tokens: issue, validity, expiry, refresh (L1-L65)."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mock_server.errors import ErrorDetail, InvalidGrant, Unauthorized

# Public demo credentials; those printed in the documents are not repeated (A5).
CLIENTS = {"demo-client": "demo-secret"}
USERS = {"demo@example.com": "demo-password"}
# Three hours: the tokens in the documents' examples have 10599 seconds left (A4).
ACCESS_TOKEN_LIFETIME = timedelta(seconds=10_800)
MAX_TOKENS = 10_000
BEARER_CHALLENGE = 'Bearer realm="hypers", error="invalid_token"'


@dataclass(frozen=True, slots=True)
class Caller:
    """The user of an access token, and the instant at which the token expires."""

    username: str
    expires: datetime


@dataclass(frozen=True, slots=True)
class TokenPair:
    """Tokens issued by both grants.

    lifetime: of the access token, in seconds, from the response on; username: their user.
    """

    access_token: str
    refresh_token: str
    lifetime: int
    username: str


class TokenStore:
    """Tokens of a world."""

    def __init__(self, new_token: Callable[[], str]) -> None:
        """Create an empty store; `new_token` returns a new token, drawn from the world's seed."""
        self._new_token = new_token
        self._access: dict[str, Caller] = {}
        self._refresh: dict[str, TokenPair] = {}
        self._latest: dict[str, TokenPair] = {}
        """The pair that was issued last, by user name."""

    @staticmethod
    def check_client(client_id: str, secret: str) -> bool:
        """Return whether these are the credentials of a client (AU-02)."""
        expected = CLIENTS.get(client_id, "")
        return bool(expected) and hmac.compare_digest(expected.encode(), secret.encode())

    def issue(
        self, username: str, password: str, now: datetime, second_login: str = "new-token"
    ) -> TokenPair:
        """Issue tokens for a password (L12-L24). Raises InvalidGrant (AU-03).

        second_login: the reading (A15). With same-token, the latest tokens are returned again as
        long as both are valid.
        """
        expected = USERS.get(username, "")
        # Encoded, because compare_digest raises TypeError for text that is not ASCII.
        if not expected or not hmac.compare_digest(expected.encode(), password.encode()):
            raise InvalidGrant(ErrorDetail("/body/password", "AU-03"))
        latest = self._latest.get(username) if second_login == "same-token" else None
        if latest and latest.refresh_token in self._refresh:
            caller = self._access.get(latest.access_token)
            if caller and now < caller.expires:
                return replace(latest, lifetime=int((caller.expires - now).total_seconds()))
        return self._issue_pair(username, now)

    def refresh(self, refresh_token: str, now: datetime, after_refresh: str = "valid") -> TokenPair:
        """Issue tokens for a refresh token, which becomes invalid (L53-L54).

        after_refresh: the reading old-access-token-after-refresh (A15). With void, the access
        token that was issued together with the refresh token becomes invalid, too. Raises
        InvalidGrant (AU-05).
        """
        used = self._refresh.pop(refresh_token, None)
        if used is None:
            raise InvalidGrant(ErrorDetail("/body/refresh_token", "AU-05"))
        if after_refresh == "void":
            self._access.pop(used.access_token, None)
        return self._issue_pair(used.username, now)

    def authenticate(self, access_token: str, now: datetime) -> Caller:
        """Return the caller with this token. Raises Unauthorized (AU-01 unknown, AU-04 expired)."""
        caller = self._access.get(access_token)
        if caller is not None and now < caller.expires:
            return caller
        rule = "AU-01" if caller is None else "AU-04"
        violation = ErrorDetail("/header/Authorization", rule, "Bearer {access_token}")
        raise Unauthorized(violation, challenge=BEARER_CHALLENGE)

    def _issue_pair(self, username: str, now: datetime) -> TokenPair:
        pair = TokenPair(
            self._new_token(),
            self._new_token(),
            int(ACCESS_TOKEN_LIFETIME.total_seconds()),
            username,
        )
        self._access[pair.access_token] = Caller(username, now + ACCESS_TOKEN_LIFETIME)
        self._refresh[pair.refresh_token] = self._latest[username] = pair
        # The first key of a dict is the oldest token. Removing it limits the memory of a mock that
        # runs for weeks.
        if len(self._access) > MAX_TOKENS:
            del self._access[next(iter(self._access))]
        if len(self._refresh) > MAX_TOKENS:
            del self._refresh[next(iter(self._refresh))]
        return pair
