"""`mock.clock`: the clock of a session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from mock_server.testing.documents import Clock, instant_text, read_document, write_document
from mock_server.testing.transport import Transport


@dataclass(frozen=True)
class ClockControl:
    """The clock of a session, which can be frozen, moved forward and scaled, but not moved back."""

    _transport: Transport

    @property
    def now(self) -> datetime:
        """The present instant, in China Standard Time."""
        return self.read().now

    def read(self) -> Clock:
        """Return instant, `frozen` and `scale`."""
        return read_document(Clock, self._transport.call("GET", "/clock"))

    def advance(
        self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0
    ) -> Clock:
        """Move the clock forward, by whole seconds in total.

        Raises ValueError for a number that is not a duration, such as NaN.
        """
        try:
            by = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        except (OverflowError, ValueError) as error:
            given = f"{days=}, {hours=}, {minutes=}, {seconds=}"
            raise ValueError(f"the clock cannot be advanced by {given}: {error}") from error
        return self._advance({"seconds": round(by.total_seconds())})

    def advance_to(self, instant: datetime | str) -> Clock:
        """Move the clock forward to an instant."""
        return self._advance({"to": instant_text(instant)})

    def freeze(self, at: datetime | str | None = None) -> Clock:
        """Stop the clock, now or at a later instant."""
        return self._change(frozen=True, now=at)

    def run(self, scale: float | None = None) -> Clock:
        """Let the clock run, at `scale` simulated seconds per real second."""
        return self._change(frozen=False, scale=scale)

    def _advance(self, body: dict[str, int | str]) -> Clock:
        return read_document(Clock, self._transport.call("POST", "/clock/advance", body))

    def _change(
        self, *, frozen: bool, now: datetime | str | None = None, scale: float | None = None
    ) -> Clock:
        body = write_document(
            {"frozen": frozen, "now": None if now is None else instant_text(now), "scale": scale}
        )
        return read_document(Clock, self._transport.call("PUT", "/clock", body))
