"""Memory over resets: the memory of a world is free for the next one."""

from __future__ import annotations

import httpx
import pytest

from mock_server.runtime import memory
from tests.mock_server.control.admin_client import ADMIN
from tests.mock_server.uploads import FILES, MODULE
from tests.processes import mock_process
from tests.serving import log_in

SIZE, FILES_A_ROUND, ROUNDS = 8 * 2**20, 8, 5
ROOM = SIZE * FILES_A_ROUND + 2**20
"""Bytes: there is room for one round's files and for nothing like two."""


def test_uploads_and_resets_do_not_add_up() -> None:
    """Every round ends where the first one did, and has the whole `--max-storage` for itself."""
    full, empty = [], []
    with (
        mock_process("--max-storage", str(ROOM), "--scenario", "empty") as mock,
        httpx.Client(base_url=mock.address, timeout=30) as client,
    ):
        for _ in range(ROUNDS):
            client.headers["Authorization"] = f"Bearer {log_in(client)}"
            for number in range(FILES_A_ROUND):
                part = {"file": ("a.bin", bytes([number]) * SIZE)}
                client.post(FILES, files=part, data=MODULE).raise_for_status()
            assert client.post(FILES, files=part, data=MODULE).status_code == 413
            full.append(mock.memory())
            client.post(f"{ADMIN}/reset").raise_for_status()
            empty.append(mock.memory())
    assert full[-1] <= full[0] * 1.1
    assert empty[-1] <= empty[0] * 1.1
    assert empty[0] < full[0] - SIZE * FILES_A_ROUND * 0.9


def test_a_c_library_that_returns_nothing_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere than on Linux, and with another library than glibc."""
    monkeypatch.setattr("sys.platform", "darwin")
    memory.give_back()
    memory.keep_large_blocks_apart()
