"""The fixture `hypers_mock` gives each test a session, and each worker a mock."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from mock_server.pytest_plugin import session_name
from mock_server.testing import connect
from tests.serving import RunningMock

CHECKOUT = Path(__file__).parents[2]
PLUGIN = "mock_server.pytest_plugin"
TESTS = """
import pytest

@pytest.fixture(scope="module")
def shared(hypers_mock_server):
    return hypers_mock_server.session("shared")

def test_first(hypers_mock, shared):
    assert shared.session_name == "shared"
    assert hypers_mock.health().scenario == "demo"
    assert hypers_mock.clock.now.hour == 9
    hypers_mock.clock.advance(hours=1)

def test_second(hypers_mock):
    assert hypers_mock.clock.now.hour == 9

@pytest.mark.hypers_mock(scenario="empty", seed=7, instant="2025-05-01 10:00:00")
class TestEmpty:
    def test_of_a_class(self, hypers_mock):
        assert (hypers_mock.health().scenario, hypers_mock.health().seed) == ("empty", 7)
        assert hypers_mock.clock.now.day == 1

    @pytest.mark.hypers_mock(scenario="demo")
    def test_with_a_marker_of_its_own(self, hypers_mock):
        assert (hypers_mock.health().scenario, hypers_mock.health().seed) == ("demo", 7)
"""


def run_pytest(folder: Path, tests: str, *options: str, settings: str = "") -> str:
    """Run tests in an empty folder and return what pytest prints."""
    (folder / "test_app.py").write_text(tests, encoding="utf-8")
    (folder / "pytest.ini").write_text(f"[pytest]\n{settings}", encoding="utf-8")
    loaded = ("-p", "no:cacheprovider", "-p", PLUGIN, "--strict-markers", "-q")
    return subprocess.run(
        [sys.executable, "-m", "pytest", *loaded, *options],
        cwd=folder,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    ).stdout


def test_each_test_has_a_session_of_its_own(tmp_path: Path, shared_mock: RunningMock) -> None:
    """Its beginning is that of its marker; afterwards it is removed."""
    printed = run_pytest(tmp_path, TESTS, f"--hypers-mock-url={shared_mock.address}")
    assert "4 passed" in printed, printed
    assert [each.name for each in connect(shared_mock.address).sessions()] == ["default"]


def test_a_failed_test_shows_the_requests_to_the_mock(
    tmp_path: Path, shared_mock: RunningMock
) -> None:
    """With the reasons for refusals."""
    tests = """
def test_login(hypers_mock):
    hypers_mock.login("nobody@example.com")
"""
    settings = f"hypers_mock_url = {shared_mock.address}"
    printed = run_pytest(tmp_path, tests, settings=settings)
    assert "1 failed" in printed, printed
    assert re.search(
        r"- Requests to hypers-mock -+\nThe last requests to \S+/test_login-\w+:\n"
        r"  1\. POST /oauth/token 4\d\d",
        printed,
    ), printed


@pytest.mark.whole
def test_a_wrong_argument_of_the_marker_is_reported(
    tmp_path: Path, shared_mock: RunningMock
) -> None:
    """In one line, without a traceback; so is an option for a mock that is already running."""
    tests = """
import pytest

@pytest.mark.hypers_mock(scenaro="empty")
def test_login(hypers_mock):
    pass
"""
    url = f"--hypers-mock-url={shared_mock.address}"
    printed = run_pytest(tmp_path, tests, url)
    assert "@pytest.mark.hypers_mock has no argument scenaro; it has scenario, seed" in printed
    assert "Traceback" not in printed
    printed = run_pytest(tmp_path, TESTS, url, settings="hypers_mock_options = --strict")
    assert f"does not apply to the mock that is running at {shared_mock.address}" in printed


@pytest.mark.whole
def test_each_worker_has_a_mock_of_its_own(tmp_path: Path) -> None:
    """It starts with the options of the setting, and all of them end."""
    tests = """
import pytest

@pytest.mark.parametrize("number", range(4))
def test_url(hypers_mock, number):
    with open("urls", "a") as file:
        print(hypers_mock.url, hypers_mock.health().seed, file=file)
"""
    printed = run_pytest(
        tmp_path,
        tests,
        *("-p", "xdist.plugin", "-n", "2", "--dist", "each"),
        settings="hypers_mock_options = --seed 7",
    )
    assert "8 passed" in printed, printed
    lines = (tmp_path / "urls").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 8
    assert len(set(lines)) == 2
    assert all(line.endswith(" 7") for line in lines)


def test_the_plugin_imports_nothing_before_a_test_uses_the_fixture() -> None:
    """Pytest imports it in each run. The client then imports nothing of the server."""
    script = """
import sys, pytest
before = {*sys.modules}
import mock_server.pytest_plugin
print(*sys.modules.keys() - before)
import mock_server.testing
print(*(name for name in sys.modules if name.startswith(("mock_server.", "openapi", "http."))))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    plugin, client = (set(line.split()) for line in done.stdout.splitlines())
    assert plugin == {"mock_server", "mock_server.pytest_plugin"}
    assert all(name.startswith("mock_server.testing") for name in client - plugin)


def test_an_installation_registers_the_plugin() -> None:
    """Pytest finds it by its entry point."""
    text = (CHECKOUT / "pyproject.toml").read_text(encoding="utf-8")
    points = tomllib.loads(text)["project"]["entry-points"]["pytest11"]
    assert points == {"hypers-mock": PLUGIN}


@pytest.mark.parametrize(
    ("test", "name"),
    [
        ("test_a", "test_a"),
        ("test_a[x/y z]", "test_a-x-y-z"),
        ("测试", "test"),
        ("..", "test"),
        ("a" * 70, "a" * 64),
    ],
)
def test_a_session_has_the_name_of_its_test(test: str, name: str) -> None:
    """With the characters and the length that a session's name may have."""
    assert session_name(test) == name
    assert len(session_name(test, "-0123")) <= 64
