"""Parsing of a JSON body that may be anything."""

from __future__ import annotations

import json
from typing import Any


def parse_json_body(body: Any, invalid: Any = None) -> Any:
    """Return the value of a JSON body; `invalid` if it is not JSON, is not text, or is missing."""
    # Generated bodies may also be nested too deeply for the parser.
    try:
        return json.loads(body if isinstance(body, str | bytes) else "")
    except (ValueError, RecursionError):
        return invalid
