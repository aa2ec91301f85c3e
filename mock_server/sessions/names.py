"""Names of sessions."""

from __future__ import annotations

import re

from mock_server.errors import ErrorDetail, display_text

DEFAULT_SESSION = "default"
"""Name of the session of all requests that name none."""
NAME_PATTERN = re.compile(r"(?!\.+\Z)[A-Za-z0-9._-]{1,64}")
"""A URL with a segment of dots alone may mean another path (RFC 3986, 5.2.4)."""
ACCEPTED_NAME = "[A-Za-z0-9._-]{1,64}, not only dots"


def is_session_name(text: str) -> bool:
    """Return whether a session may have this name."""
    return NAME_PATTERN.fullmatch(text) is not None


def name_violation(pointer: str, sent: str) -> ErrorDetail:
    """Return the violation of a text that is no name (CP-10)."""
    return ErrorDetail(pointer, "CP-10", ACCEPTED_NAME, display_text(sent))
