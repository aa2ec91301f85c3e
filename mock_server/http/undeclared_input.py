"""Names of fields and parameters that the contract does not have, with the nearest that it has."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote

from mock_server.errors import ErrorDetail
from mock_server.http.preferences import PREFERENCE_PARAMETERS
from openapi import escape_token

MAX_NAME_LENGTH = 40
"""Longest name that is compared; the time of a comparison grows with its square."""
MAX_UNDECLARED = 20
"""Maximum number of undeclared names that are noted for a request."""
IGNORED_HEADER = b"x-mock-ignored"
READABLE_CHARACTERS = "/~[]@:!$'()*+"
"""Characters of a pointer that stay readable in the header; commas and semicolons separate."""


class UndeclaredName(NamedTuple):
    """A field or query parameter of a request that the contract does not have.

    pointer: its place, such as `/query/staus`; name: as it was sent, cut after one character more
    than is compared; declared: the names that the contract has there.
    """

    pointer: str
    name: str
    declared: frozenset[str]

    @classmethod
    def at(cls, place: str, name: str, declared: frozenset[str]) -> UndeclaredName:
        """Return a name below `place`; the journal keeps it, so no more of a long one is kept."""
        pointer = f"{place}/{escape_token(name[:MAX_NAME_LENGTH])}"
        return cls(pointer, name[: MAX_NAME_LENGTH + 1], declared)

    @property
    def nearest(self) -> str:
        """Return the declared name that is nearest, or an empty string if none is similar."""
        return nearest_name(self.name, self.declared)

    def violation(self) -> ErrorDetail:
        """Return the violation that this is with `--strict`."""
        in_query = self.pointer.startswith("/query")
        rule = "undeclaredParameter" if in_query else "undeclaredField"
        accepted = self.nearest or ", ".join(sorted(self.declared))
        return ErrorDetail(self.pointer, rule, accepted, self.name[:MAX_NAME_LENGTH])


def query_keys(components: Mapping[str, Any]) -> Iterable[str]:
    """Return the query parameters that the security schemes of a contract have (API keys)."""
    schemes = components.get("securitySchemes", {})
    for scheme in schemes.values() if isinstance(schemes, Mapping) else ():
        if isinstance(scheme, Mapping) and scheme.get("in") == "query":
            yield str(scheme.get("name"))


def undeclared_parameters(query: Collection[str], declared: frozenset[str]) -> list[UndeclaredName]:
    """Return the first MAX_UNDECLARED names of a query that the contract does not have."""
    if declared.issuperset(query):
        return []
    return [
        UndeclaredName.at("/query", name, declared)
        for name in query
        if name not in declared and name not in PREFERENCE_PARAMETERS
    ][:MAX_UNDECLARED]


def suggest_names(sent: str, declared: Collection[str]) -> str:
    """Return the declared name that is nearest to `sent`, or all of them if none is similar."""
    return nearest_name(sent, frozenset(declared)) or ", ".join(declared)


def nearest_name(sent: str, declared: frozenset[str]) -> str:
    """Return the declared name that is nearest to `sent`, or an empty string if none is similar."""
    # Not cached: the cache would keep long names.
    return _nearest_name(sent, declared) if 0 < len(sent) <= MAX_NAME_LENGTH else ""


@lru_cache(1024)  # an application sends the same wrong name again and again
def _nearest_name(sent: str, declared: frozenset[str]) -> str:
    by_lower = {name.lower(): name for name in sorted(declared)}
    close = get_close_matches(sent.lower(), by_lower, n=1)
    return by_lower[close[0]] if close else ""


def ignored_header(names: Sequence[UndeclaredName]) -> tuple[bytes, bytes]:
    """Return the header field of a response that lists what was ignored in its request.

    It is a list of pointers, each with the nearest declared name: `/query/staus;nearest=status`.
    """
    return IGNORED_HEADER, ", ".join(_header_items(names)).encode("ascii")


def _header_items(names: Iterable[UndeclaredName]) -> Iterable[str]:
    for each in names:
        nearest = each.nearest
        yield _escape(each.pointer) + (f";nearest={_escape(nearest)}" if nearest else "")


def _escape(text: str) -> str:
    return quote(text, safe=READABLE_CHARACTERS, errors="replace")
