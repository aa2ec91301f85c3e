"""The server under check: where it is, who logs in there, and why it could not be checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

from contract_tests.secrecy import basic, hide_fields

PROVIDER = "hypers.com.cn"
TOKEN_PATH = "/oauth/token"  # noqa: S105 - a path
TIMEOUT = 10.0
"""Seconds the target may take to answer one request."""


class Unfit(Exception):
    """The target cannot be checked; one line says why."""


@dataclass(frozen=True)
class Credentials:
    """What the password grant takes (L9-L18)."""

    client_id: str
    client_secret: str
    username: str
    password: str


@dataclass(frozen=True)
class Token:
    """An access token and the seconds it lives (L18-L26)."""

    value: str
    expires_in: int


@dataclass(frozen=True)
class Target:
    """A server and the credentials to log in there; `url` carries no trailing slash."""

    url: str
    credentials: Credentials

    def log_in(self, session: requests.Session) -> Token:
        """A fresh token by the password grant; raises Unfit saying why there is none."""
        known = self.credentials
        grant = {
            "grant_type": "password",
            "username": known.username,
            "password": known.password,
        }
        try:
            answer = session.post(
                self.url + TOKEN_PATH,
                json=grant,
                headers={"Authorization": basic(known.client_id, known.client_secret)},
                allow_redirects=False,
                timeout=TIMEOUT,
            )
        except requests.RequestException as error:
            raise Unfit(f"{self.url} cannot be reached: {reason(error)}") from None
        return self._token(answer)

    def _token(self, answer: requests.Response) -> Token:
        asked = f"{self.url}{TOKEN_PATH}"
        status = answer.status_code
        if answer.is_redirect:
            raise Unfit(f"{asked} redirects to {answer.headers['Location']}: give the final URL")
        if status in (400, 401, 403):
            raise Unfit(f"{asked} refused the credentials ({status}): {_excerpt(answer)}")
        if status != 200:
            raise Unfit(f"{asked} answered {status}, no token: {_excerpt(answer)}")
        found = _json_object(answer)
        value, expires_in = found.get("access_token"), found.get("expires_in")
        if not isinstance(value, str) or not isinstance(expires_in, int):
            kind = answer.headers.get("Content-Type", "no Content-Type")
            raise Unfit(f"{asked} answered no token ({kind}): {_excerpt(answer)}")
        return Token(value, expires_in)


def read_url(text: str) -> str:
    """A target's URL without trailing slash; raises Unfit for one that cannot or may not be used.

    The provider's own hosts are refused before anything is looked up: what the check sends
    creates, changes and deletes.
    """
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = None
    if not usable:
        raise Unfit("the target is not a URL such as http://127.0.0.1:4010")
    if parts.query or parts.fragment or parts.username is not None:
        # Not repeated here: what does not belong there may be a password.
        raise Unfit("the target's URL has more than scheme, host, port and path")
    host = str(parts.hostname).rstrip(".")
    if host == PROVIDER or host.endswith("." + PROVIDER):
        raise Unfit(f"{host} is the provider's: the check creates and deletes, it goes elsewhere")
    return text.rstrip("/")


def reason(error: requests.RequestException) -> str:
    """Why there was no answer, in a line."""
    if isinstance(error, requests.exceptions.SSLError):
        return f"TLS failed: {_deepest(error)}"
    if isinstance(error, requests.Timeout):
        return f"no answer within {TIMEOUT:.0f} s"
    return _deepest(error)


def _json_object(answer: requests.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except requests.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _excerpt(answer: requests.Response) -> str:
    text = " ".join(hide_fields(answer.text).split())
    return text if len(text) <= 200 else text[:200] + " ..."


def _deepest(error: BaseException) -> str:
    """The operating system's own words, from below the layers of the HTTP client."""
    inner = getattr(error.args[0], "reason", None) if error.args else None
    cause = inner or error.__cause__ or error.__context__
    if isinstance(cause, BaseException) and cause is not error:
        return _deepest(cause)
    return getattr(error, "strerror", None) or str(error)
