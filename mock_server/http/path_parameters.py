"""Position of a parameter in the path of its operation."""

from __future__ import annotations

import re

from mock_server.http.schema_translation import UnsupportedSchemaError


def locate_in_path(path: str, name: str) -> tuple[int, re.Pattern[str] | None]:
    """Return the segment of a path parameter, or a pattern if it is a part (`/a/{b}.json`).

    Raises UnsupportedSchemaError if it is not in the path.
    """
    placeholder = "{" + name + "}"
    segments = path.split("/")
    if placeholder in segments:
        return segments.index(placeholder), None
    before, found, after = path.partition(placeholder)
    if not found:
        raise UnsupportedSchemaError(f"the path parameter {name} is not in the path")
    shape = re.compile(f"{_template_pattern(before)}([^/]+){_template_pattern(after)}")
    return 0, shape


def _template_pattern(template: str) -> str:
    return "[^/]+".join(map(re.escape, re.split(r"\{[^{}/]+\}", template)))
