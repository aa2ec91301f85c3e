"""Comparison of a response with the one in a document, where `…` stands for varying parts."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.docs.markdown import CodeBlock

WILDCARD = "…"


def describe_difference(shown: CodeBlock, answered: str) -> str:
    """Return the place of the first difference, or an empty text.

    JSON is compared as JSON, and the text "…" is any text; in plain text … is any characters.
    """
    if shown.language == "json":
        return _json_difference(json.loads(shown.text), json.loads(answered), "")
    pattern = re.escape(shown.text.rstrip()).replace(WILDCARD, ".*")
    if re.fullmatch(pattern, answered.rstrip(), re.DOTALL):
        return ""
    return f"shown:\n{shown.text}\nanswered:\n{answered}"


def _json_difference(shown: Any, answered: Any, pointer: str) -> str:
    if isinstance(shown, dict) and isinstance(answered, dict) and shown.keys() == answered.keys():
        parts = [_json_difference(shown[key], answered[key], f"{pointer}/{key}") for key in shown]
    elif isinstance(shown, list) and isinstance(answered, list) and len(shown) == len(answered):
        pairs = enumerate(zip(shown, answered, strict=True))
        parts = [
            _json_difference(left, right, f"{pointer}/{index}") for index, (left, right) in pairs
        ]
    elif shown == WILDCARD and isinstance(answered, str):
        return ""
    else:
        same = shown == answered and type(shown) is type(answered)
        return "" if same else f"{pointer or '/'}: shown {shown!r}, answered {answered!r}"
    return "\n".join(filter(None, parts))
