"""What can be chosen about a mock, in one place."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from mock_server.seed import DEFAULT_TASK_COUNT, Scenario
from mock_server.world.world import DEFAULT_MAX_STORAGE_BYTES

CONTROL_PLANE = "/__admin"
"""The path below which the control plane is served."""
SWAGGER_PATH = "/docs/swagger"
"""The path of Swagger UI with the contract."""
MIB = 1024 * 1024
DEFAULT_SEED = 20250421


@dataclass(frozen=True, slots=True)
class Settings:
    """Choices of one mock.

    seed: what everything random comes from; size: notification tasks of the scenario `large`;
    frozen: where time stands still (None: it runs from now); time_scale: simulated seconds in a
    real one, while time runs; max_body_size: bytes, of JSON max_json_size, with at most
    max_json_values values; max_storage: bytes of all that is stored;
    contract: an openapi.yaml other than the project's own; host: where the mock listens, which
    the control plane knows it by; admin_hosts: other names for that, in lower case; admin_token:
    what the control plane asks for (None: nothing); root_path: where a proxy serves the mock.
    """

    seed: int = DEFAULT_SEED
    scenario: Scenario = "demo"
    size: int = DEFAULT_TASK_COUNT
    frozen: datetime | None = None
    time_scale: float = 1
    cors: bool = True
    max_body_size: int = 64 * MIB
    max_json_size: int = 32 * MIB
    max_json_values: int = 1_000_000
    max_storage: int = DEFAULT_MAX_STORAGE_BYTES
    contract: Path | None = None
    host: str = "127.0.0.1"
    root_path: str = ""
    admin_hosts: tuple[str, ...] = ()
    admin_token: str | None = field(default=None, repr=False)
