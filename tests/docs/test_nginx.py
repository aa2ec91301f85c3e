"""The nginx of docs/nginx.conf distributes sessions over two mocks, one of which is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from benchmarks.processes import free_port
from tests.docs.markdown import ROOT
from tests.nginx import serve_with_nginx
from tests.processes import MOCK_ADDRESS
from tests.serving import client_for, fetch_token

GROUPS = "/api/v1/marketing-notice/group"
NAMES = [f"ci-{number}" for number in range(12)]


@contextmanager
def start_mock_to_kill(port: int) -> Iterator[subprocess.Popen[str]]:
    """Start a mock on a port, which may be killed within the context."""
    command = [sys.executable, "-m", "mock_server", "--port", str(port), "--frozen"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            assert any(MOCK_ADDRESS.search(line) for line in process.stdout)
            yield process
        finally:
            process.kill()


def write_configuration(folder: Path, ports: dict[str, int]) -> Path:
    """Write the documented file with other ports."""
    text = (ROOT / "docs/nginx.conf").read_text(encoding="utf-8")
    for documented, port in ports.items():
        assert text.count(f"127.0.0.1:{documented}") == 1
        text = text.replace(f"127.0.0.1:{documented}", f"127.0.0.1:{port}")
    file = folder / "nginx.conf"
    file.write_text(text, encoding="utf-8")
    return file


def group_names(client: httpx.Client, **headers: str) -> set[str]:
    """Log in to a session, and return the names of its groups."""
    base = str(client.base_url).rstrip("/")
    with client_for(base) as caller:
        caller.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
        caller.headers["Authorization"] = f"Bearer {fetch_token(caller)}"
        rows = caller.get(GROUPS).raise_for_status().json()
    return {row["name"] for row in (rows["content"] if isinstance(rows, dict) else rows)}


def add_group(client: httpx.Client, name: str) -> None:
    """Create a group in the session of the client, which is named by its header."""
    client.headers["Authorization"] = f"Bearer {fetch_token(client)}"
    client.post(GROUPS, json={"name": name}).raise_for_status()


def sessions_of(port: int) -> set[str]:
    """Return the names of a mock's sessions."""
    listed = httpx.get(f"http://127.0.0.1:{port}/__admin/sessions").raise_for_status().json()
    return {session["name"] for session in listed["sessions"]}


@pytest.mark.whole
def test_each_session_stays_on_one_mock_and_survives_the_end_of_the_other(tmp_path: Path) -> None:
    """By header and by path; the sessions of the killed mock begin anew on the other one."""
    ports = {documented: free_port() for documented in ("4010", "4011", "4012")}
    front = f"http://127.0.0.1:{ports['4010']}"
    with (
        start_mock_to_kill(ports["4011"]) as first,
        start_mock_to_kill(ports["4012"]),
        serve_with_nginx(write_configuration(tmp_path, ports), ports["4010"]),
        client_for(front) as client,
    ):
        for name in NAMES:
            client.headers["X-Mock-Session"] = name
            add_group(client, f"组 {name}")
        del client.headers["X-Mock-Session"]
        killed, kept = (sessions_of(ports[port]) - {"default"} for port in ("4011", "4012"))
        assert killed | kept == set(NAMES)
        assert killed
        assert kept
        assert not killed & kept
        for name in NAMES:
            with client_for(f"{front}/__session/{name}") as inside:
                assert f"组 {name}" in group_names(inside)
        os.kill(first.pid, signal.SIGKILL)
        first.wait(10)
        for name in NAMES:
            found = group_names(client, X_Mock_Session=name)
            assert (f"组 {name}" in found) == (name in kept)
            with client_for(f"{front}/__session/{name}") as inside:
                assert group_names(inside) == found
        assert sessions_of(ports["4012"]) == {"default", *NAMES}
