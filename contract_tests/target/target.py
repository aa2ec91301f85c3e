"""The server under check: where it is, who logs in there, and why it could not be checked."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import requests

from contract_tests.contract.errors import CheckError
from contract_tests.contract.statuses import is_success
from contract_tests.target.redaction import basic_authorization, redact_fields
from contract_tests.target.token_response import LoginFinding, parse_token_response

TOKEN_PATH = "/oauth/token"  # noqa: S105 - a path
TOKEN_OPERATION = "createToken"  # noqa: S105 - an operationId
GIVEN_TOKEN_SECONDS = 10**9
"""Seconds that a token lives which was given, as far as is known."""
UNTRUSTED_CERTIFICATE_CODES = frozenset({18, 19, 20, 21})
"""OpenSSL's codes for a certificate whose issuer is not trusted."""
CA_OPTION_HINT = "; for a private CA give its certificate with --ca FILE"


class CannotCheckError(CheckError):
    """The target cannot be checked; one line says why."""


class TargetUnreachableError(CannotCheckError):
    """Nobody answers as a server that is ready, or not yet."""


class NoResponseError(TargetUnreachableError):
    """Nobody answers at all."""


@dataclass(frozen=True)
class Credentials:
    """What the password grant takes (L9-L18)."""

    client_id: str
    client_secret: str
    username: str
    password: str


@dataclass(frozen=True)
class Token:
    """An access token, its lifetime in seconds (L18-L26), and the deviations of its answer."""

    value: str
    expires_in: float
    oddities: tuple[LoginFinding, ...] = ()
    answer: requests.Response | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Target:
    """A server and the credentials to log in there; URLs carry no trailing slash.

    credentials: None when only `token`, an access token, is known. auth_url: where the token
    operation is, if not at `url`.
    """

    url: str
    credentials: Credentials | None
    auth_url: str = ""
    token: str = field(default="", repr=False)

    @property
    def token_url(self) -> str:
        """Where a token is asked for."""
        return (self.auth_url or self.url) + TOKEN_PATH

    def base_url(self, operation: str) -> str:
        """The URL below which an operation has its path."""
        return self.auth_url or self.url if operation == TOKEN_OPERATION else self.url

    def is_reachable(self, session: requests.Session) -> bool:
        """Whether it answers anything at all."""
        try:
            session.get(f"{self.url}/", allow_redirects=False)
        except requests.RequestException:
            return False
        return True

    def log_in(self, session: requests.Session) -> Token:
        """A fresh token by the password grant; raises CannotCheckError saying why there is none."""
        known = self.credentials
        if known is None:
            return Token(self.token, GIVEN_TOKEN_SECONDS)
        grant = {
            "grant_type": "password",
            "username": known.username,
            "password": known.password,
        }
        try:
            answer = session.post(
                self.token_url,
                json=grant,
                headers={
                    "Authorization": basic_authorization(known.client_id, known.client_secret)
                },
                allow_redirects=False,
            )
        except requests.RequestException as error:
            where = self.auth_url or self.url
            raise NoResponseError(f"{where} cannot be reached: {failure_reason(error)}") from None
        return self._token(answer)

    def _token(self, answer: requests.Response) -> Token:
        asked = self.token_url
        status = answer.status_code
        if answer.is_redirect:
            raise CannotCheckError(
                f"{asked} redirects to {answer.headers['Location']}: give the final URL"
            )
        if status in (400, 401, 403):
            raise CannotCheckError(
                f"{asked} refused the credentials ({status}): {_response_excerpt(answer)}"
            )
        if not is_success(status):
            unfit = TargetUnreachableError if status >= 500 else CannotCheckError
            raise unfit(f"{asked} answered {status}, no token: {_response_excerpt(answer)}")
        found = parse_token_response(answer)
        if found is None:
            kind = answer.headers.get("Content-Type", "no Content-Type")
            raise CannotCheckError(
                f"{asked} answered no token ({kind}): {_response_excerpt(answer)}"
            )
        return Token(found.value, found.seconds, found.oddities, answer)


def parse_target_url(text: str) -> str:
    """A target's URL as it is sent, in small letters and without trailing slash.

    Raises CannotCheckError for one that cannot be used.
    """
    url = ""
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        if usable:
            url = str(requests.Request("GET", text).prepare().url)
    except ValueError:
        usable = None
    if not usable:
        raise CannotCheckError("the target is not a URL such as http://127.0.0.1:4010")
    if parts.query or parts.fragment or parts.username is not None:
        # Not repeated here: what does not belong there may be a password.
        raise CannotCheckError("the target's URL has more than scheme, host, port and path")
    return url.rstrip("/")


def failure_reason(error: requests.RequestException) -> str:
    """Why there was no answer, in a line."""
    cause = _root_cause(error)
    text = getattr(cause, "strerror", None) or str(cause)
    if isinstance(error, requests.exceptions.SSLError):
        is_untrusted = getattr(cause, "verify_code", 0) in UNTRUSTED_CERTIFICATE_CODES
        return f"TLS failed: {text}{CA_OPTION_HINT if is_untrusted else ''}"
    if isinstance(error, requests.exceptions.ProxyError):
        return f"the proxy of the environment failed: {text}"
    return str(error) if isinstance(error, requests.Timeout) else text


def _response_excerpt(answer: requests.Response) -> str:
    # Its beginning alone: of a long answer, to guess the encoding takes minutes.
    beginning = answer.content[:2000].decode(errors="replace")
    text = " ".join(redact_fields(beginning).split())
    return text if len(text) <= 200 else text[:200] + " ..."


def _root_cause(error: BaseException) -> BaseException:
    """Return the error below the layers of the HTTP client, in the operating system's words."""
    first = error.args[0] if error.args else None
    inner = first if isinstance(first, ssl.SSLError) else getattr(first, "reason", None)
    cause = inner or error.__cause__ or error.__context__
    return _root_cause(cause) if isinstance(cause, BaseException) and cause is not error else error
