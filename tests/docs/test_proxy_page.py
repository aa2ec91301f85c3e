"""The commands of docs/proxy.md do what the page says."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.mock_server.http.real_servers import LIST_PATH, RealServer, replies, run_real_server
from tests.mock_server.test_cli import start_mock
from tests.programs import require_program

PAGE = (Path(__file__).parents[2] / "docs" / "proxy.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
REAL, MOCK = "http://127.0.0.1:8080", "http://127.0.0.1:4010"


@pytest.fixture
def server() -> Iterator[RealServer]:
    """A real server without groups and files."""
    with run_real_server(replies(404, {})) as running:
        yield running


@pytest.mark.whole
def test_a_reader_who_pastes_the_commands_gets_what_the_page_says(server: RealServer) -> None:
    """The options forward the login and files; then the control plane changes and ends this."""
    curl = require_program("curl")
    start, changes = BLOCKS
    options = shlex.split(shlex.split(start)[2].removeprefix("ARGS=").replace(REAL, server.url))
    with start_mock("--port", "0", *options) as (address, _):
        assert source_of(address, "/api/v1/file/1") == "proxy"
        assert source_of(address, LIST_PATH) is None
        commands = changes.replace(REAL, server.url).replace(MOCK, address)
        outputs = [
            subprocess.run(
                [curl, "-sS", *shlex.split(command)],
                check=True,
                capture_output=True,
                text=True,
                timeout=60,
            ).stdout
            for command in commands.replace("\\\n", "").split("curl ")[1:]
        ]
        assert '"notice-groups"' in outputs[0]
        assert (outputs[1], outputs[2]) == (outputs[0], "")
        assert source_of(address, "/api/v1/file/1") is None
    assert [request.target for request in server.requests] == ["/api/v1/file/1"]


def source_of(address: str, path: str) -> str | None:
    """Return the `X-Mock-Source` of a response."""
    found: str | None = httpx.get(address + path).headers.get("X-Mock-Source")
    return found
