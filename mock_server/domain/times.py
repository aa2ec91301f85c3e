"""Date-times as the API writes them: `yyyy-MM-dd HH:mm:ss` in China Standard Time (G13, N9)."""

from __future__ import annotations

from datetime import datetime

from mock_server.clock import CST

DATE_TIME = "%Y-%m-%d %H:%M:%S"


def text(instant: datetime) -> str:
    """Write an instant as `yyyy-MM-dd HH:mm:ss`."""
    return f"{instant:%Y-%m-%d %H:%M:%S}"


def parse(written: str) -> datetime:
    """Read `yyyy-MM-dd HH:mm:ss`; raises ValueError on anything else, 31 February included."""
    return datetime.strptime(written, DATE_TIME).replace(tzinfo=CST)


def epoch_ms(instant: datetime) -> int:
    """Milliseconds since 1970-01-01T00:00:00Z (file times only: F6)."""
    return int(instant.timestamp() * 1000)
