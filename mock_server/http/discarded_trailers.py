"""Trailers of a request, which are parsed and not kept."""

from __future__ import annotations


class _DiscardingList(list[tuple[bytes, bytes]]):
    """A list of trailers that stays empty."""

    def append(self, _field: tuple[bytes, bytes]) -> None:
        pass


DISCARDED_TRAILERS = _DiscardingList()
"""Takes the place of a request's header fields while its trailers are parsed."""
