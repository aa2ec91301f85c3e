"""Recorded exchanges as plain data, whatever the format of the recording."""

from __future__ import annotations

from dataclasses import dataclass

HeaderFields = tuple[tuple[str, str], ...]
"""Names and values of header fields, as they were recorded."""


@dataclass(frozen=True)
class RecordedRequest:
    """A request that a client has sent.

    body: empty if it has none, None if it has one that was not recorded.
    """

    method: str
    url: str
    headers: HeaderFields = ()
    body: bytes | None = b""


@dataclass(frozen=True)
class RecordedResponse:
    """The response to a recorded request; `status` is 0 if there was none.

    headers: empty if they were not recorded. media_type: what the recorder says about the body.
    body: after decoding, empty if there is none, None if it was not recorded in full.
    """

    status: int
    headers: HeaderFields = ()
    media_type: str = ""
    body: bytes | None = b""


@dataclass(frozen=True)
class RecordedExchange:
    """A request and its response.

    file, number: where it was recorded; the first entry of a file is 0. started, ended: seconds
    since 1970. is_from_cache: whether the client had the response already, so that it shows what
    the server sent at another time.
    """

    file: str
    number: int
    started: float
    ended: float
    request: RecordedRequest
    response: RecordedResponse
    is_from_cache: bool = False

    def __str__(self) -> str:
        """Return the place of the exchange, such as `traffic.har, entry 3`."""
        return f"{self.file}, entry {self.number}"

    @property
    def is_answered(self) -> bool:
        """True if there was a response; an aborted request has none."""
        return self.response.status > 0

    def overlaps(self, other: RecordedExchange) -> bool:
        """Return whether both were under way at one time, so that either may have come first."""
        return self.started < other.ended and other.started < self.ended
