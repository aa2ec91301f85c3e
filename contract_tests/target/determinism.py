"""What makes two runs the same: nothing that is sent depends on more than seed and answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

import requests
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

BOUNDARY = re.compile(rb"--([0-9a-f]{32})(?:--)?\r\n")
"""How a form begins whose boundary was drawn at random."""


def settle(request: requests.PreparedRequest) -> None:
    """Take out what is different each time: schemathesis' case id, the boundary of a form."""
    request.headers.pop("X-Schemathesis-TestCaseId", None)
    body = request.body
    drawn = BOUNDARY.match(body) if isinstance(body, bytes) else None
    if drawn and isinstance(body, bytes):
        boundary = sha256(body.replace(drawn[1], b"")).hexdigest()[:32]
        request.body = body.replace(drawn[1], boundary.encode())
        content_type = request.headers.get("Content-Type")
        if isinstance(content_type, str):
            named = content_type.replace(drawn[1].decode(), boundary)
            request.headers["Content-Type"] = named


@contextmanager
def without_local_constants() -> Iterator[None]:
    """Keep Hypothesis from drawing constants out of the source of modules that are loaded.

    It takes those outside site-packages: so a checkout would send other requests than what is
    installed from it, and an edit of ours would change them. There is no setting for this.
    """
    none = Constants()
    before = providers._get_local_constants  # noqa: SLF001 - see above
    providers._get_local_constants = lambda: none  # noqa: SLF001
    providers.CONSTANTS_CACHE.cache.clear()
    try:
        yield
    finally:
        providers._get_local_constants = before  # noqa: SLF001
        providers.CONSTANTS_CACHE.cache.clear()
