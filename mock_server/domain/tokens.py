"""Access and refresh tokens: issue, validity, expiry, refresh (L1-L65)."""

from __future__ import annotations

import copy
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from mock_server.errors import ErrorDetail, Forbidden, InvalidGrant, Unauthorized

# Three hours: the tokens in the documents' examples have 10599 seconds left (A4).
ACCESS_TOKEN_LIFETIME = timedelta(seconds=10_800)
MAX_TOKENS = 10_000
MAX_ADOPTED_LIFETIME = 10 * 365 * 86_400
"""Maximum lifetime of a token of a real server, in seconds."""
BEARER_CHALLENGE = 'Bearer realm="hypers", error="invalid_token"'


@dataclass(frozen=True, slots=True)
class Credentials:
    """The clients and users of a world.

    clients, users: secrets by client id, passwords by user name;
    allowed: operationIds that a user may call, by user name; the other users may call all.
    """

    clients: Mapping[str, str] = field(repr=False)
    users: Mapping[str, str] = field(repr=False)
    allowed: Mapping[str, frozenset[str]] = field(default_factory=dict)


# Public; the credentials that the documents print are not repeated (A5).
DEMO_CREDENTIALS = Credentials(
    {"demo-client": "demo-secret"}, {"demo@example.com": "demo-password"}
)


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


class TokenEntries(NamedTuple):
    """All tokens of a store, each kind in order of issue.

    access: access tokens and their callers; refresh: the pairs whose refresh token is valid;
    latest: the pair that each user got last.
    """

    access: Sequence[tuple[str, Caller]]
    refresh: Sequence[TokenPair]
    latest: Sequence[TokenPair]


class TokenStore:
    """Tokens of a world."""

    def __init__(self, new_token: Callable[[], str]) -> None:
        """Create an empty store; `new_token` returns a new token, drawn from the world's seed."""
        self._new_token = new_token
        self.credentials = DEMO_CREDENTIALS
        self.lifetime = ACCESS_TOKEN_LIFETIME
        """Lifetime of the access tokens that are issued from now on."""
        self._access: dict[str, Caller] = {}
        self._refresh: dict[str, TokenPair] = {}
        self._latest: dict[str, TokenPair] = {}
        """The pair that was issued last, by user name."""

    def fork(self, new_token: Callable[[], str]) -> TokenStore:
        """Return a store with the same tokens; changes of one of the two leave the other."""
        made: TokenStore = copy.copy(self)
        made._new_token = new_token
        made._access, made._refresh = self._access.copy(), self._refresh.copy()
        made._latest = self._latest.copy()
        return made

    def entries(self) -> TokenEntries:
        """Return all tokens."""
        refresh, latest = self._refresh.values(), self._latest.values()
        return TokenEntries([*self._access.items()], [*refresh], [*latest])

    def load(self, entries: TokenEntries) -> None:
        """Add the tokens of another store to an empty one."""
        self._access.update(entries.access)
        self._refresh.update({pair.refresh_token: pair for pair in entries.refresh})
        self._latest.update({pair.username: pair for pair in entries.latest})

    def check_client(self, client_id: str, secret: str) -> bool:
        """Return whether these are the credentials of a client (AU-02)."""
        expected = self.credentials.clients.get(client_id, "")
        return bool(expected) and hmac.compare_digest(expected.encode(), secret.encode())

    def issue(
        self, username: str, password: str, now: datetime, second_login: str = "new-token"
    ) -> TokenPair:
        """Issue tokens for a password (L12-L24). Raises InvalidGrant (AU-03).

        second_login: the reading (A15). With same-token, the latest tokens are returned again as
        long as both are valid.
        """
        expected = self.credentials.users.get(username, "")
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

    def adopt(
        self,
        access_token: str,
        refresh_token: str,
        now: datetime,
        *,
        lifetime: int | None = None,
        username: str = "",
        used: str = "",
    ) -> None:
        """Accept an access token that a real server has issued (`--proxy`).

        lifetime: in seconds, at most MAX_ADOPTED_LIFETIME, by default that of our tokens; username:
        the user who logged in; used: the refresh token that was exchanged instead, whose user is
        taken. Without either, the token is one of the first user.
        """
        earlier = self._refresh.pop(used, None)
        name = username or (earlier.username if earlier else next(iter(self.credentials.users), ""))
        own = int(self.lifetime.total_seconds())
        seconds = min(own if lifetime is None else lifetime, MAX_ADOPTED_LIFETIME)
        self._access[access_token] = Caller(name, now + timedelta(seconds=seconds))
        if refresh_token:
            self._refresh[refresh_token] = TokenPair(access_token, refresh_token, seconds, name)
        self._forget_oldest()

    def authenticate(self, access_token: str, now: datetime) -> Caller:
        """Return the caller with this token. Raises Unauthorized (AU-01 unknown, AU-04 expired)."""
        caller = self._access.get(access_token)
        if caller is not None and now < caller.expires:
            return caller
        rule = "AU-01" if caller is None else "AU-04"
        violation = ErrorDetail("/header/Authorization", rule, "Bearer {access_token}")
        raise Unauthorized(violation, challenge=BEARER_CHALLENGE)

    def check_permission(self, username: str, operation_id: str) -> None:
        """Raise Forbidden (CP-30) unless the user may call the operation."""
        allowed = self.credentials.allowed.get(username)
        if allowed is not None and operation_id not in allowed:
            found = f"{username}: {operation_id}"
            accepted = ", ".join(sorted(allowed))
            raise Forbidden(ErrorDetail("/header/Authorization", "CP-30", accepted, found))

    def expire(self, access_token: str | None, now: datetime) -> int:
        """Let a valid access token expire now (None: all of them); return how many were valid."""
        valid = [
            token
            for token, caller in self._access.items()
            if access_token in (None, token) and caller.expires > now
        ]
        for token in valid:
            self._access[token] = replace(self._access[token], expires=now)
        return len(valid)

    def revoke(self, token: str | None) -> tuple[int, int]:
        """Forget an access or refresh token (None: all); return how many of both were known."""
        if token is not None:
            found = (self._access.pop(token, None), self._refresh.pop(token, None))
            return int(found[0] is not None), int(found[1] is not None)
        counts = len(self._access), len(self._refresh)
        self._access.clear()
        self._refresh.clear()
        return counts

    def _issue_pair(self, username: str, now: datetime) -> TokenPair:
        pair = TokenPair(
            self._new_token(),
            self._new_token(),
            int(self.lifetime.total_seconds()),
            username,
        )
        self._access[pair.access_token] = Caller(username, now + self.lifetime)
        self._refresh[pair.refresh_token] = self._latest[username] = pair
        self._forget_oldest()
        return pair

    def _forget_oldest(self) -> None:
        # The first key of a dict is the oldest token. Removing it limits the memory of a mock that
        # runs for weeks.
        if len(self._access) > MAX_TOKENS:
            del self._access[next(iter(self._access))]
        if len(self._refresh) > MAX_TOKENS:
            del self._refresh[next(iter(self._refresh))]
