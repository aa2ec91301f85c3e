"""Redaction of passwords, client secrets and tokens."""

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
    """Known secrets of a run, in every encoding in which a request or response can contain them."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._longest_first: list[str] = []

    def register(self, *values: str) -> None:
        """Redact these values from now on."""
        for value in filter(None, values):
            # A secret with quotes, umlauts or slashes occurs escaped in bodies and URLs.
            as_json = json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]
            self._known.update((value, *as_json, quote(value, safe=""), quote_plus(value)))
        self._longest_first = []

    def redact(self, text: str) -> str:
        """Return the text with every secret replaced."""
        if not self._longest_first:
            # Longest first: a secret can be a part of another one, whose rest would stay visible.
            self._longest_first = sorted(self._known, key=len, reverse=True)
        # One by one and not as one pattern: tokens are learned by the hundred, and each would
        # recompile it.
        for secret in self._longest_first:
            text = text.replace(secret, REDACTED)
        return text


def redact_fields(text: str) -> str:
    """Return JSON text without the values of members with the names of secrets."""
    return SECRET_FIELD_PATTERN.sub(rf"\1{REDACTED}", text)


def basic_authorization(client_id: str, client_secret: str) -> str:
    """Return client credentials as the value of an `Authorization` header (RFC 7617, in UTF-8)."""
    return "Basic " + base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()


WRONG_CREDENTIALS = {
    "bearerAuth": "Bearer wrong",
    "clientBasic": basic_authorization("wrong", "wrong"),
}
"""Invalid credentials by security scheme; commands show them, since they are no secret."""
