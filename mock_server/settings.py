"""Settings of a mock."""

from __future__ import annotations

from collections.abc import Mapping
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
    """Settings of one mock.

    seed: seed of all random data;
    scenario: the initial data;
    size: number of notification tasks in the scenario `large`;
    frozen: instant at which the clock is frozen (None: it runs from the present);
    time_scale: simulated seconds per real second, while the clock runs;
    cors: whether the API sends CORS headers;
    max_body_size, max_json_size: maximum size of any body and of a JSON body, in bytes;
    max_json_values: maximum number of values in a large JSON body;
    max_storage: maximum total size of stored files and records, in bytes;
    readings: answers to the open questions that differ from the default ones;
    contract: root file of another OpenAPI document to serve (None: the project's own);
    host: address on which the mock listens, which the control plane accepts as Host;
    root_path: path under which a reverse proxy serves the mock;
    admin_hosts: other host names that the control plane accepts, in lower case;
    admin_token: token of the control plane (None: no token is required).
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
    readings: Mapping[str, str] = field(default_factory=dict)
    contract: Path | None = None
    host: str = "127.0.0.1"
    root_path: str = ""
    admin_hosts: tuple[str, ...] = ()
    admin_token: str | None = field(default=None, repr=False)
