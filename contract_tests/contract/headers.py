"""Values of header fields, as HTTP writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from werkzeug.http import parse_options_header


def media_type(content_type: str) -> str:
    """Return the media type of a Content-Type in lower case, without parameters."""
    return parse_options_header(content_type)[0].lower()


def parse_http_date(text: str) -> datetime | None:
    """Return the instant of an HTTP-date (RFC 9110, 5.6.7); None for any other text."""
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, OverflowError, IndexError):
        return None
    # For the zone -0000, UTC without a known place, the standard library sets no tzinfo.
    return found if found.tzinfo else found.replace(tzinfo=UTC)
