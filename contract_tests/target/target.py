"""The server under check: its URL, its login, and errors when it cannot be checked."""

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
"""Assumed lifetime of a token given by the user, in seconds."""
UNTRUSTED_CERTIFICATE_CODES = frozenset({18, 19, 20, 21})
"""OpenSSL's codes for a certificate whose issuer is not trusted."""
CA_OPTION_HINT = "; for a private CA give its certificate with --ca FILE"


class CannotCheckError(CheckError):
    """The target cannot be checked; the message gives the reason in one line."""


class TargetUnreachableError(CannotCheckError):
    """A server that is not ready, or not reachable."""


class NoResponseError(TargetUnreachableError):
    """A server that sends no response at all."""


@dataclass(frozen=True)
class Credentials:
    """Credentials for the password grant (L9-L18)."""

    client_id: str
    client_secret: str
    username: str
    password: str


@dataclass(frozen=True)
class Token:
    """An access token, its lifetime in seconds (L18-L26), and the violations in its response."""

    value: str
    expires_in: float
    oddities: tuple[LoginFinding, ...] = ()
    answer: requests.Response | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Target:
    """A server and the credentials to log in there; URLs have no trailing slash.

    credentials: None if only an access token, `token`, is given. auth_url: base URL of the token
    operation, if it is not `url`.
    """

    url: str
    credentials: Credentials | None
    auth_url: str = ""
    token: str = field(default="", repr=False)

    @property
    def token_url(self) -> str:
        """URL of the token operation."""
        return (self.auth_url or self.url) + TOKEN_PATH

    def base_url(self, operation: str) -> str:
        """Return the URL to which an operation's path is appended."""
        return self.auth_url or self.url if operation == TOKEN_OPERATION else self.url

    def is_reachable(self, session: requests.Session) -> bool:
        """Return whether the server sends any response at all."""
        try:
            session.get(f"{self.url}/", allow_redirects=False)
        except requests.RequestException:
            return False
        return True

    def log_in(self, session: requests.Session) -> Token:
        """Return a new token by the password grant.

        Raises CannotCheckError with the reason if it fails.
        """
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
        return self._read_token(answer)

    def _read_token(self, answer: requests.Response) -> Token:
        asked = self.token_url
        status = answer.status_code
        if answer.is_redirect:
            raise CannotCheckError(
                f"{asked} redirects to {answer.headers['Location']}: give the final URL"
            )
        # OAuth uses 400 and 401 (RFC 6749, 5.2), gateways 403; `--wait` must not try those again.
        if status in (400, 401, 403):
            raise CannotCheckError(
                f"{asked} refused the credentials ({status}): {_response_excerpt(answer)}"
            )
        if not is_success(status):
            # A 5xx may be a server that is still starting, which `--wait` asks again.
            unfit = TargetUnreachableError if status >= 500 else CannotCheckError
            raise unfit(f"{asked} returned {status} and no token: {_response_excerpt(answer)}")
        found = parse_token_response(answer)
        if found is None:
            kind = answer.headers.get("Content-Type", "no Content-Type")
            raise CannotCheckError(
                f"{asked} returned no token ({kind}): {_response_excerpt(answer)}"
            )
        return Token(found.value, found.seconds, found.oddities, answer)


def parse_target_url(text: str) -> str:
    """Return a target's URL in its sent form: host in lower case, no trailing slash.

    Raises CannotCheckError for an invalid URL.
    """
    url = ""
    try:
        parts = urlsplit(text)
        # `port` raises ValueError above 65535; 0 is no port to connect to.
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        if usable:
            # As requests writes it, since each request is compared with it before it is sent.
            url = str(requests.Request("GET", text).prepare().url)
    except ValueError:
        usable = None
    if not usable:
        raise CannotCheckError("the target is not a URL such as http://127.0.0.1:4010")
    if parts.query or parts.fragment or parts.username is not None:
        # The URL is not repeated in the message: its surplus part may be a password.
        raise CannotCheckError("the target's URL may have only scheme, host, port and path")
    return url.rstrip("/")


def failure_reason(error: requests.RequestException) -> str:
    """Return why there was no response, in one line."""
    cause = _root_cause(error)
    text = getattr(cause, "strerror", None) or str(cause)
    if isinstance(error, requests.exceptions.SSLError):
        is_untrusted = getattr(cause, "verify_code", 0) in UNTRUSTED_CERTIFICATE_CODES
        return f"TLS failed: {text}{CA_OPTION_HINT if is_untrusted else ''}"
    if isinstance(error, requests.exceptions.ProxyError):
        return f"the proxy of the environment failed: {text}"
    return str(error) if isinstance(error, requests.Timeout) else text


def _response_excerpt(answer: requests.Response) -> str:
    # Only the beginning, decoded as UTF-8: guessing the encoding of a long response takes minutes.
    beginning = answer.content[:2000].decode(errors="replace")
    text = " ".join(redact_fields(beginning).split())
    return text if len(text) <= 200 else text[:200] + " ..."


def _root_cause(error: BaseException) -> BaseException:
    """Return the error below the layers of the HTTP client, with the operating system's message."""
    first = error.args[0] if error.args else None
    inner = first if isinstance(first, ssl.SSLError) else getattr(first, "reason", None)
    cause = inner or error.__cause__ or error.__context__
    return _root_cause(cause) if isinstance(cause, BaseException) and cause is not error else error
