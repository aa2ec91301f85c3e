"""Settings of a mock."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from mock_server.domain.tokens import ACCESS_TOKEN_LIFETIME
from mock_server.seed import DEFAULT_TASK_COUNT, AnyScenario
from mock_server.world.world import DEFAULT_MAX_STORAGE_BYTES

CONTROL_PLANE = "/__admin"
"""The path below which the control plane is served."""
CONSOLE_PATH = "/__console"
"""The path below which the console is served."""
OWN_PATHS = (CONTROL_PLANE, CONSOLE_PATH)
"""Paths below which there is no CORS, and Host and Origin are checked."""
SWAGGER_PATH = "/docs/swagger"
"""The path of Swagger UI with the contract."""
CONTROL_SWAGGER_PATH = f"{CONTROL_PLANE}/docs"
"""The path of Swagger UI with the contract of the control plane."""
CONSOLE_KEY_BYTES = 32
MIB = 1024 * 1024
MAX_STATE_SIZE = 128 * MIB
"""Maximum size of a state that is exported or imported, in bytes: twice that of 100,000 tasks."""
DEFAULT_MAX_JOURNAL_ENTRIES = 1_000
DEFAULT_MAX_JOURNAL_BYTES = 32 * MIB
DEFAULT_SEED = 20250421
DEFAULT_MAX_SESSIONS = 1_000
DEFAULT_PROXY_TIMEOUT = 30.0
"""Seconds; a server that wakes from sleep needs 10 to 15 for its first response."""
DEFAULT_TOKEN_LIFETIME = int(ACCESS_TOKEN_LIFETIME.total_seconds())


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of one mock.

    seed: seed of all random data;
    scenario: the initial data, which may be those of a file;
    size: number of notification tasks in the scenario `large`;
    frozen: instant at which the clock is frozen (None: it runs);
    begins: instant from which a clock that is not frozen runs (None: the present);
    time_scale: simulated seconds per real second, while the clock runs;
    token_lifetime: simulated seconds for which access tokens are valid;
    cors: whether the API sends CORS headers;
    max_body_size, max_json_size: maximum size of any body and of a JSON body, in bytes;
    max_json_values: maximum number of values in a large JSON body;
    max_storage: maximum total size of stored files and records, in bytes;
    max_sessions: maximum number of sessions besides the default one;
    max_journal_entries: maximum number of requests in the journal of a session;
    max_journal_bytes: maximum memory of the journals of all sessions, in bytes;
    strict: whether fields and query parameters that the contract does not have are refused;
    readings: answers to the open questions that differ from the default ones;
    contract: root file of another OpenAPI document to serve (None: the project's own);
    host: address on which the mock listens, which the control plane accepts as Host;
    root_path: path under which a reverse proxy serves the mock;
    admin_hosts: other host names that the control plane accepts, in lower case;
    admin_origins: origins of other pages that may use the control plane, as browsers write them;
    admin_token: token of the control plane (None: no token is required);
    console_key: what the console signs its cookies with; a reload (`--watch`) ends no login;
    proxy: base URL of a real server to which operations are forwarded (empty: none);
    proxy_auth_url: that of the server of the token operation, if it is another one;
    proxy_operations: operationIds, tags or `*`, for what is forwarded;
    proxy_hosts: hosts beyond loopback to which requests may be forwarded, in lower case;
    proxy_ca: file or directory of trusted certificates (empty: those of the system);
    proxy_timeout: seconds until a real server's response begins, and between its parts.
    """

    seed: int = DEFAULT_SEED
    scenario: AnyScenario = "demo"
    size: int = DEFAULT_TASK_COUNT
    frozen: datetime | None = None
    begins: datetime | None = None
    time_scale: float = 1
    token_lifetime: int = DEFAULT_TOKEN_LIFETIME
    cors: bool = True
    max_body_size: int = 64 * MIB
    max_json_size: int = 32 * MIB
    max_json_values: int = 1_000_000
    max_storage: int = DEFAULT_MAX_STORAGE_BYTES
    max_sessions: int = DEFAULT_MAX_SESSIONS
    max_journal_entries: int = DEFAULT_MAX_JOURNAL_ENTRIES
    max_journal_bytes: int = DEFAULT_MAX_JOURNAL_BYTES
    strict: bool = False
    readings: Mapping[str, str] = field(default_factory=dict)
    contract: Path | None = None
    host: str = "127.0.0.1"
    root_path: str = ""
    admin_hosts: tuple[str, ...] = ()
    admin_origins: tuple[str, ...] = ()
    admin_token: str | None = field(default=None, repr=False)
    console_key: bytes = field(
        default_factory=lambda: os.urandom(CONSOLE_KEY_BYTES), repr=False, compare=False
    )
    proxy: str = ""
    proxy_auth_url: str = ""
    proxy_operations: tuple[str, ...] = ()
    proxy_hosts: tuple[str, ...] = ()
    proxy_ca: str = ""
    proxy_timeout: float = DEFAULT_PROXY_TIMEOUT
