"""Matching of the media types of a contract, which may have parameters or be ranges."""

from __future__ import annotations

from collections.abc import Container
from functools import lru_cache

from mock_server.domain.media_type_detection import normalize_media_type


@lru_cache(256)  # clients send the same few types
def is_json(media_type: str) -> bool:
    """Return whether a media type is JSON, or a range that includes JSON."""
    plain = normalize_media_type(media_type)
    return plain.endswith(("/json", "+json")) or plain in ("*/*", "application/*")


def match_media_type(media_type: str, declared: Container[str]) -> str | None:
    """Return the most specific declared media type or range that matches, or None."""
    if media_type in declared:
        return media_type
    ranges = (f"{media_type.partition('/')[0]}/*", "*/*")
    return next((found for found in ranges if found in declared), None)
