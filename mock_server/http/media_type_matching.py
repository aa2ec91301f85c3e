"""Media types as a contract writes them: with parameters, in any case, as ranges."""

from __future__ import annotations

from collections.abc import Container

from mock_server.domain.file_signatures import normalize_media_type


def is_json(media_type: str) -> bool:
    """Return whether what has this media type is JSON; `*/*` can be."""
    plain = normalize_media_type(media_type)
    return plain.endswith(("/json", "+json")) or plain in ("*/*", "application/*")


def match_media_type(media_type: str, declared: Container[str]) -> str | None:
    """Return the declared media type or range that matches a media type."""
    ranges = (media_type, f"{media_type.partition('/')[0]}/*", "*/*")
    return next((found for found in ranges if found in declared), None)
