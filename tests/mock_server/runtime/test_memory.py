"""After a reset, the memory of the old world is available again."""

from __future__ import annotations

import httpx
import pytest

from mock_server.runtime import memory
from tests.mock_server.control.admin_client import ADMIN
from tests.mock_server.uploads import FILES, MODULE
from tests.processes import start_mock_process
from tests.serving import fetch_token

FILE_SIZE, FILES_PER_ROUND, ROUNDS = 8 * 2**20, 8, 5
MAX_STORAGE = FILE_SIZE * FILES_PER_ROUND + 2**20
"""Bytes: enough for the files of one round, and not for two."""


def test_uploads_and_resets_do_not_add_up() -> None:
    """Memory after each round is that of the first, and `--max-storage` is free again."""
    full, empty = [], []
    with (
        start_mock_process("--max-storage", str(MAX_STORAGE), "--scenario", "empty") as mock,
        httpx.Client(base_url=mock.address, timeout=30) as client,
    ):
        for _ in range(ROUNDS):
            client.headers["Authorization"] = f"Bearer {fetch_token(client)}"
            for number in range(FILES_PER_ROUND):
                part = {"file": ("a.bin", bytes([number]) * FILE_SIZE)}
                client.post(FILES, files=part, data=MODULE).raise_for_status()
            assert client.post(FILES, files=part, data=MODULE).status_code == 413
            full.append(mock.memory())
            client.post(f"{ADMIN}/reset").raise_for_status()
            empty.append(mock.memory())
    assert full[-1] <= full[0] * 1.1
    assert empty[-1] <= empty[0] * 1.1
    assert empty[0] < full[0] - FILE_SIZE * FILES_PER_ROUND * 0.9


def test_a_c_library_that_returns_nothing_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """On other systems than Linux, and with another library than glibc."""
    monkeypatch.setattr("sys.platform", "darwin")
    memory.trim_memory()
    memory.set_mmap_threshold()
