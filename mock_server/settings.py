"""What can be chosen about a mock, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mock_server.seed import Scenario

MIB = 1024 * 1024
DEFAULT_SEED = 20250421


@dataclass(frozen=True, slots=True)
class Settings:
    """Choices of one mock.

    seed: what everything random comes from; frozen: where time stands still (None: it runs from
    now); max_body_size: bytes; contract: an openapi.yaml other than the project's own.
    """

    seed: int = DEFAULT_SEED
    scenario: Scenario = "demo"
    frozen: datetime | None = None
    cors: bool = True
    max_body_size: int = 64 * MIB
    contract: Path | None = None
