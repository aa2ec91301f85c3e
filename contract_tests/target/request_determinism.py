"""Determinism of runs: requests depend on nothing but the seed and the responses."""

from __future__ import annotations

import re
from hashlib import sha256

import requests

from contract_tests.contract.schemathesis_compat import CASE_ID_HEADER

RANDOM_BOUNDARY_PATTERN = re.compile(rb"--([0-9a-f]{32})(?:--)?\r\n")
"""Start of a form whose boundary was drawn at random."""


def remove_randomness(request: requests.PreparedRequest) -> None:
    """Replace what differs in each run: the case id of schemathesis, the boundary of a form."""
    request.headers.pop(CASE_ID_HEADER, None)
    body = request.body
    drawn = RANDOM_BOUNDARY_PATTERN.match(body) if isinstance(body, bytes) else None
    if drawn and isinstance(body, bytes):
        # The boundary must not occur in the content, so it is derived from that.
        boundary = sha256(body.replace(drawn[1], b"")).hexdigest()[:32]
        request.body = body.replace(drawn[1], boundary.encode())
        content_type = request.headers.get("Content-Type")
        if isinstance(content_type, str):
            named = content_type.replace(drawn[1].decode(), boundary)
            request.headers["Content-Type"] = named
