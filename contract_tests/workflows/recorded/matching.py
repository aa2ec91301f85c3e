"""Operations of recorded requests, found by method and path, whatever host and prefix."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from contract_tests.contract.operations import Operation

PARAMETER = re.compile(r"\\{(\w+)\\}")
"""A parameter in a path template that was escaped for a regular expression."""
ROOT_SEGMENTS = 2
"""Segments of a path that all paths of an API share: `/api/v1`."""


@dataclass(frozen=True)
class OperationMatch:
    """The operation of a request, and its URL up to the path of the contract.

    base: `https://example.com/gw/hypers`, without a trailing slash. path: the parameters as texts.
    """

    operation: Operation
    base: str
    path: Mapping[str, str]


class OperationMatcher:
    """Finder of the operations of recorded requests.

    bases: base URLs of the API; if there are none, an operation is found on any host, below any
    prefix, such as that of a reverse proxy or of a session of the mock.
    """

    def __init__(self, every: Iterable[Operation], bases: Iterable[str] = ()) -> None:
        """Compile the paths of these operations."""
        # A literal segment wins over a parameter, as in OpenAPI.
        ordered = sorted(every, key=lambda each: each.path.count("{"))
        self._patterns = [(each, _path_pattern(each.path)) for each in ordered]
        self._bases = frozenset(base.rstrip("/") for base in bases)
        roots = {"/".join(each.path.split("/")[: ROOT_SEGMENTS + 1]) for each in ordered}
        self._root = re.compile(
            f"(?P<base>.*?)(?:{'|'.join(map(re.escape, sorted(roots)))})(?:/|$)"
        )

    def match(self, method: str, url: str) -> OperationMatch | None:
        """Return the operation of a request; None if it has none."""
        parts = _split(url)
        if parts is None:
            return None
        for operation, pattern in self._patterns:
            if operation.method.upper() != method:
                continue
            found = pattern.fullmatch(parts.path)
            if found and self._is_base(base := _base_url(parts, found["base"])):
                named = {name: unquote(text) for name, text in found.groupdict().items()}
                del named["base"]
                return OperationMatch(operation, base, named)
        return None

    def api_base(self, url: str) -> str | None:
        """Return the base URL of a request under the paths of the API, whatever its operation."""
        parts = _split(url)
        found = self._root.match(parts.path) if parts else None
        if parts is None or found is None:
            return None
        base = _base_url(parts, found["base"])
        return base if self._is_base(base) else None

    def _is_base(self, base: str) -> bool:
        return not self._bases or base in self._bases


def _path_pattern(path: str) -> re.Pattern[str]:
    template = PARAMETER.sub(r"(?P<\1>[^/]+)", re.escape(path))
    return re.compile(f"(?P<base>.*?){template}")


def _split(url: str) -> SplitResult | None:
    """Return the parts of a URL; None for one of another kind, such as `data:`."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts if parts.scheme in ("http", "https") else None


def _base_url(parts: SplitResult, prefix: str) -> str:
    # Without a user and a password, which a recorded URL can contain.
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{prefix}"
