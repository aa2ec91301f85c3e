"""Responses of the server under check."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import requests

from contract_tests.contract.headers import media_type
from contract_tests.contract.statuses import REDIRECT_STATUSES

MAX_SUMMARY_CHARS = 160
"""Maximum length of a body quoted in a message."""


@dataclass(frozen=True)
class ApiResponse:
    """A response to an operation of the contract; `raw` is that of `requests`."""

    operation: str
    raw: requests.Response

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.raw.status_code

    @property
    def content(self) -> bytes:
        """Body as bytes."""
        return self.raw.content

    @property
    def media_type(self) -> str:
        """Media type of the body, without parameters."""
        return media_type(self.header("Content-Type"))

    def header(self, name: str) -> str:
        """Return the value of a header; empty if it is missing."""
        return str(self.raw.headers.get(name, ""))

    @cached_property
    def json(self) -> Any:
        """Body parsed as JSON; None if it is invalid."""
        try:
            return self.raw.json()
        except ValueError:
            return None

    @property
    def errors(self) -> list[dict[str, Any]]:
        """The `errors` of an error response in this contract's form; empty for other bodies."""
        found = self.json.get("errors") if isinstance(self.json, dict) else None
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    def __str__(self) -> str:
        request = self.raw.request
        # JSON alone: guessing the encoding of a large file takes minutes.
        text = " ".join(self.raw.text.split()) if self.media_type.endswith("json") else ""
        if self.status in REDIRECT_STATUSES:
            text = f"Location: {self.header('Location') or 'none'}"
        shown = text[:MAX_SUMMARY_CHARS]
        return f"{request.method} {request.path_url} -> {self.status} {shown}".rstrip()
