"""Header fields of a request as a handler gets them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def joined_headers(scope: Mapping[str, Any]) -> dict[str, str]:
    """Return the header fields by name, with repeated ones joined (RFC 9110, 5.3)."""
    found: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        found[name] = f"{found[name]}, {value}" if name in found else value
    if scope["method"] != "GET":  # Range is defined for GET only (RFC 9110, 14.2)
        found.pop("range", None)
    return found
