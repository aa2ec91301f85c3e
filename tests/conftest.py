"""Fixtures every test may use, and the guard that keeps all of them on loopback."""

from __future__ import annotations

import gc
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpcore
import pytest

import openapi
from tests.serving import RunningMock, run_mock

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TESTS_FOLDER = Path(__file__).parent
SLOWEST_FILES = (
    "contract_tests/test_conftest.py",
    "contract_tests/test_mock_conforms.py",
    "contract_tests/rules/test_probes.py",
    "contract_tests/target/test_curl.py",
    "contract_tests/workflows/recorded/test_check.py",
    "contract_tests/workflows/recorded/test_chromium.py",
    "contract_tests/workflows/test_model.py",
    "docs/test_commands.py",
    "examples/test_frontend.py",
    "hostile/test_json_bodies.py",
    "mock_server/test_options.py",
    "mock_server/pages/console/test_browser.py",
    "mock_server/pages/test_browser.py",
    "mock_server/pages/test_proxies.py",
    "mock_server/test_cli.py",
    "model_based/test_machine.py",
    "mutants/test_sample.py",
    "openapi/test_command_runner.py",
    "quirks/test_sample.py",
)
"""Files of more than ten seconds; a file runs in one process, so that its mocks start once."""
LOOPBACK_HOSTS = ("127.0.0.1", "::1", "localhost")


def pytest_configure() -> None:
    """Let tests interrupt what they start: a shell's background jobs inherit SIGINT as ignored."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, else one process waits for the other at the end."""
    items.sort(key=lambda item: item.path.relative_to(TESTS_FOLDER).as_posix() not in SLOWEST_FILES)


def pytest_collection_finish() -> None:
    """Imported and collected objects stay, so a search for garbage among them is useless."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


class NonLoopbackError(AssertionError):
    """A test tried to send something to another host."""


@pytest.fixture(autouse=True, scope="session")
def _block_other_hosts() -> Iterator[None]:
    """Fail tests that connect to another host, or look up its name."""
    patch = pytest.MonkeyPatch()
    real_connect, real_lookup = socket.socket.connect, socket.getaddrinfo
    real_connect_tcp = httpcore.AnyIOBackend.connect_tcp

    def connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in LOOPBACK_HOSTS:
            raise NonLoopbackError(f"a test connects to {address}")
        real_connect(self, address)

    def lookup(host: Any, *arguments: Any, **options: Any) -> Any:
        if host is not None and host not in LOOPBACK_HOSTS:
            raise NonLoopbackError(f"a test looks up {host}")
        return real_lookup(host, *arguments, **options)

    async def connect_tcp(self: Any, host: str, *arguments: Any, **options: Any) -> Any:
        if host not in LOOPBACK_HOSTS:
            raise NonLoopbackError(f"a test connects to {host}")
        return await real_connect_tcp(self, host, *arguments, **options)

    # The mock forwards requests with it, on an event loop that does not use Python's sockets.
    patch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect_tcp)
    patch.setattr(socket.socket, "connect", connect)
    patch.setattr(socket, "getaddrinfo", lookup)
    yield
    patch.undo()


@pytest.fixture
def mock() -> Iterator[RunningMock]:
    """A mock of the demo world, time standing at 2025-04-21 09:00:00, for this test alone."""
    with run_mock() as started:
        yield started


@pytest.fixture(scope="module")
def shared_mock() -> Iterator[RunningMock]:
    """One such mock for all tests of a module: for those that change nothing they rely on."""
    with run_mock() as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium for all tests of a module, which use a new profile each; skips without it."""
    # Imported here, because most processes of the tests start no browser. Not for a whole session:
    # while it runs, Playwright keeps `asyncio.run` from working in its thread.
    from tests.mock_server.pages.console.browser import running_chromium  # noqa: PLC0415

    with running_chromium() as started:
        yield started


@pytest.fixture(scope="session")
def contract() -> dict[str, Any]:
    """The bundled contract, in Chinese."""
    return openapi.load()
