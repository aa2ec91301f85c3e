"""After a reset, the memory of the old world is available again."""

from __future__ import annotations

import httpx
import pytest

from mock_server.runtime import memory_release
from tests.mock_server.control.admin_client import ADMIN
from tests.mock_server.uploads import FILES, MODULE
from tests.processes import start_mock_process
from tests.serving import fetch_token, run_mock

FILE_SIZE, FILES_PER_ROUND, ROUNDS = 8 * 2**20, 8, 5
MAX_STORAGE = FILE_SIZE * FILES_PER_ROUND + 2**20
"""Bytes: enough for the files of one round, and not for two."""


@pytest.mark.whole
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


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_a_mock_without_glibc_is_reset_and_serves(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, platform: str
) -> None:
    """Another C library cannot be asked to return memory; nothing fails or is logged for that."""
    glibc_function = memory_release._glibc_function.__wrapped__  # without what it has cached
    with run_mock() as mock:
        monkeypatch.setattr("ctypes.CDLL", lambda _: object())
        monkeypatch.setattr(memory_release, "_glibc_function", glibc_function)
        monkeypatch.setattr("sys.platform", platform)
        memory_release.set_mmap_threshold()
        assert mock.anonymous.post(f"{ADMIN}/reset").status_code == 200
        memory_release.trim_memory()
        assert mock.anonymous.get(f"{ADMIN}/health").status_code == 200
    assert not caplog.records
