"""Parts of a multipart form as it is sent."""

from __future__ import annotations

import re

from requests import PreparedRequest

BOUNDARY_PATTERN = re.compile(r'boundary="?([^";]+)"?')
END_OF_HEAD = b"\r\n\r\n"


def parse_form_parts(request: PreparedRequest) -> list[tuple[bytes, bytes]]:
    """Return head and content of each part of a form, in order; empty for another body.

    A part without the end of a head is returned as content, so that nothing is overlooked.
    """
    given = request.headers.get("Content-Type") or ""
    found = BOUNDARY_PATTERN.search(given.decode("latin-1") if isinstance(given, bytes) else given)
    body = request.body.encode() if isinstance(request.body, str) else request.body
    if found is None or not isinstance(body, bytes):
        return []
    # Not an email parser: it drops malformed parts, and the safety policy has to see every byte.
    pieces = body.split(b"--" + found[1].encode())
    halves = (
        piece.partition(END_OF_HEAD) if END_OF_HEAD in piece else (b"", END_OF_HEAD, piece)
        for piece in pieces
    )
    return [(head, content.removesuffix(b"\r\n")) for head, _, content in halves]
