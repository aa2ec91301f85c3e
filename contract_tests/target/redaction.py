"""What must not be printed: passwords, client secrets and tokens."""

from __future__ import annotations

import base64
import json
import re
from urllib.parse import quote, quote_plus

REDACTED = "[Filtered]"
SECRET_FIELD_PATTERN = re.compile(
    r'("[\w-]*(?:token|password|secret)"\s*:\s*")(?:[^"\\]|\\.)*', re.ASCII | re.IGNORECASE
)


class Secrets:
    """The secrets that a run knows, in the spellings in which a request or an answer holds them."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._longest_first: list[str] = []

    def learn(self, *values: str) -> None:
        """Hide these values from now on."""
        for value in filter(None, values):
            as_json = json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]
            self._known.update((value, *as_json, quote(value, safe=""), quote_plus(value)))
        self._longest_first = []

    def redact(self, text: str) -> str:
        """The text without any of them."""
        if not self._longest_first:
            self._longest_first = sorted(self._known, key=len, reverse=True)
        # One after the other: tokens are learned by the hundred, and texts are few and short.
        for secret in self._longest_first:
            text = text.replace(secret, REDACTED)
        return text


def redact_fields(text: str) -> str:
    """JSON text without the values of members whose names say that they are secret."""
    return SECRET_FIELD_PATTERN.sub(rf"\1{REDACTED}", text)


def basic_authorization(client_id: str, client_secret: str) -> str:
    """Client credentials as the value of an `Authorization` header (RFC 7617, in UTF-8)."""
    return "Basic " + base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()


WRONG_CREDENTIALS = {
    "bearerAuth": "Bearer wrong",
    "clientBasic": basic_authorization("wrong", "wrong"),
}
"""Credentials that the check makes up, by security scheme: no secret, the point of a command."""
