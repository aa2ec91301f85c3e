"""Secrets in recorded exchanges, collected from all of them before any of them is shown."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from contract_tests.contract.json_body import parse_json_body
from contract_tests.target.redaction import REDACTED, Secrets
from contract_tests.workflows.recorded.exchange import HeaderFields, RecordedExchange

SECRET_NAME = re.compile(r"(token|password|passwd|pwd|secret|authorization)$", re.IGNORECASE)
"""Names of fields, parameters and header fields whose values are secrets, however short."""
PROBABLE_SECRET_NAME = re.compile(
    r"(credentials?|(api|access)[-_]?key|jwt|session|session[-_]?id|csrf|xsrf)$", re.IGNORECASE
)
"""Names whose values are secrets unless they are short, such as the number of a session."""
COOKIE_FIELDS = ("cookie", "set-cookie")
JSON_WEB_TOKEN = re.compile(r"eyJ[\w-]{8,}\.[\w-]+\.[\w-]*")
"""A JSON Web Token (RFC 7519), wherever it stands."""
MIN_PROBABLE_LENGTH = 8
"""Length from which a cookie or a value of a probable name counts as secret: `lang=zh` does not."""
MIN_PREFIXED_LENGTH = 24
"""Length of a secret from which its beginning alone is removed, too."""
PREFIX_LENGTH = 16
"""Characters by which a secret is recognized that was cut off."""
TOKEN_CHARACTERS = r"[\w.~+/=%-]*"  # noqa: S105 - a pattern


class RecordedSecrets(Secrets):
    """Secrets of recordings; long ones are recognized by their beginning as well.

    Messages quote long values in part, and what they leave of a token is secret, too.
    """

    def __init__(self) -> None:
        """Begin without secrets."""
        super().__init__()
        self._beginnings: set[str] = set()

    def register(self, *values: str) -> None:
        """Redact these values from now on."""
        super().register(*values)
        self._beginnings.update(
            value[:PREFIX_LENGTH] for value in values if len(value) >= MIN_PREFIXED_LENGTH
        )

    def redact(self, text: str) -> str:
        """Return the text with every secret, and every long secret that was cut off, replaced."""
        text = super().redact(text)
        for beginning in self._beginnings:
            if beginning in text:
                text = re.sub(re.escape(beginning) + TOKEN_CHARACTERS, REDACTED, text)
        return text


def collect_secrets(exchanges: Iterable[RecordedExchange]) -> RecordedSecrets:
    """Return the secrets in all exchanges, those of other servers included."""
    found = RecordedSecrets()
    for exchange in exchanges:
        found.register(*_secrets_in(exchange))
    return found


def _secrets_in(exchange: RecordedExchange) -> Iterator[str]:
    yield from _secrets_in_url(exchange.request.url)
    for side in (exchange.request, exchange.response):
        yield from _secrets_in_headers(side.headers)
        text = (side.body or b"").decode(errors="replace")
        yield from JSON_WEB_TOKEN.findall(text)
        yield from _secrets_in_body(text)


def _secrets_in_url(url: str) -> Iterator[str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return
    if "@" in parts.netloc:
        user = parts.netloc.rpartition("@")[0]
        yield from (user, user.partition(":")[2])
    for text in (parts.query, parts.fragment):
        yield from _named_values(parse_qsl(text))
    yield from JSON_WEB_TOKEN.findall(url)


def _secrets_in_headers(headers: HeaderFields) -> Iterator[str]:
    for name, value in headers:
        yield from JSON_WEB_TOKEN.findall(value)
        if name.lower() in COOKIE_FIELDS:
            yield from _secrets_in_cookies(value)
        elif name.lower() == "location":
            yield from _secrets_in_url(value)
        elif _is_secret(name, value):
            yield value
            yield from _credentials(value)


def _secrets_in_cookies(value: str) -> Iterator[str]:
    for pair in value.split(";"):
        name, _, text = pair.strip().partition("=")
        # The attributes of Set-Cookie are no secrets.
        if name.lower() in ("path", "domain", "expires", "max-age", "samesite"):
            continue
        if len(text) >= MIN_PROBABLE_LENGTH or SECRET_NAME.search(name):
            yield text.strip('"')


def _credentials(authorization: str) -> Iterator[str]:
    """Yield the token in the value of an `Authorization` field, or the secret of a client."""
    scheme, _, value = authorization.strip().partition(" ")
    yield value
    if scheme.lower() != "basic":
        return
    try:
        pair = base64.b64decode(value).decode(errors="replace")
    except (binascii.Error, ValueError):
        return
    yield from (pair, pair.partition(":")[2])


def _secrets_in_body(text: str) -> Iterator[str]:
    document = parse_json_body(text, invalid=...)
    if document is not ...:
        yield from _secrets_in_json(document)
    elif "=" in text:
        yield from _named_values(parse_qsl(text))


def _secrets_in_json(document: Any) -> Iterator[str]:
    # Without recursion: a document may be nested as deeply as the parser takes it.
    stack = [document]
    while stack:
        value = stack.pop()
        if isinstance(value, list):
            stack += value
        elif isinstance(value, dict):
            stack += value.values()
            yield from _named_values(
                (name, str(each))
                for name, each in value.items()
                if isinstance(each, str | int) and not isinstance(each, bool)
            )


def _named_values(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield from (value for name, value in pairs if _is_secret(name, value))


def _is_secret(name: str, value: str) -> bool:
    is_long = len(value) >= MIN_PROBABLE_LENGTH
    return bool(SECRET_NAME.search(name) or (is_long and PROBABLE_SECRET_NAME.search(name)))
